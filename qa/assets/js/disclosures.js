// A disclosure that is filled when it is opened, and again when what it shows has changed.
import { announce, el, say } from './words.js';

// `fill` gets a function that fills it anew and says what was done, or what went wrong.
export const disclosure = (key, fill) => {
  const body = el('div', { tabindex: '-1' });
  const draw = async () => {
    try {
      const parts = await fill(again);
      body.replaceChildren(...(parts.length ? parts : [el('p', { class: 'line' }, say('nothing_yet'))]));
    } catch (error) {
      body.replaceChildren(el('p', { class: 'line', role: 'alert' }, say('action_failed', { message: error.message })));
    }
  };
  const again = async (said, wrong = false) => {
    await draw();
    if (wrong) body.prepend(el('p', { class: 'problem' }, said));
    body.focus({ preventScroll: true });
    announce(said);
  };
  const made = el('details', { class: key }, el('summary', {}, say(key)), body);
  made.addEventListener('toggle', () => { if (made.open) draw(); });
  return made;
};
