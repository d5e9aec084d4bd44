// Whether an answer was useful, and if not, why: written down for the librarian.
import { announce, el, say } from './words.js';

const REASONS = { answered: ['wrong_quote', 'incomplete'], abstained: ['should_answer'] };
let forms = 0;

const post = (kept, helpful, reason) => fetch(
  `/folio/judgement?${new URLSearchParams({ helpful: String(helpful), reason })}`,
  { method: 'POST', headers: { 'content-type': 'application/json', 'x-folio': '1' }, body: kept },
);

// Two buttons, and below them the question why. What was typed stays until it has been taken.
export const judging = (turn) => {
  const { kept } = turn.dataset;
  const made = el('div', { class: 'judging' });
  const problem = el('span', { class: 'said', role: 'alert' });

  const send = async (helpful, reason) => {
    try {
      const answer = await post(kept, helpful, reason);
      if (!answer.ok) throw new Error((await answer.json()).message);
      const said = el('p', { class: 'said', tabindex: '-1' }, say('thanks'));
      made.replaceChildren(said);
      said.focus({ preventScroll: true });
      announce(say('thanks'));
    } catch (error) {
      problem.textContent = error instanceof TypeError ? say('unreachable')
        : say('action_failed', { message: error.message });
      made.append(problem);
    }
  };

  const ask = () => {
    forms += 1;
    const words = el('input', { type: 'text', maxlength: 400, 'aria-label': say('own_words'), placeholder: say('own_words') });
    const choice = (reason) => el('label', {},
      el('input', { type: 'radio', name: `reason-${forms}`, value: reason }), say(reason));
    const form = el('form', {}, el('fieldset', {},
      el('legend', {}, say('what_was_wrong')),
      ...REASONS[JSON.parse(kept).status].map(choice), words,
      el('button', { type: 'submit' }, say('send')),
      el('button', { type: 'button', onclick: () => { made.replaceChildren(...buttons); buttons[1].focus(); } }, say('cancel'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = form.querySelector('input:checked')?.value;
      send(false, [chosen, words.value.trim()].filter(Boolean).join(': '));
    });
    made.replaceChildren(form);
    form.querySelector('input').focus();
  };

  const buttons = [
    el('button', { type: 'button', onclick: () => send(true, '') }, say('useful')),
    el('button', { type: 'button', onclick: ask }, say('not_useful')),
  ];
  made.append(...buttons);
  return made;
};
