// Under each answer: keep it as a file, print it, say whether it was useful.
import { judging } from './judging.js';
import { announce, el, language, say } from './words.js';

const save = (blob, name) => {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

const named = (answer) => {
  const found = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') || '');
  return found ? decodeURIComponent(found[1]) : 'folio';
};

const tell = (bar, text) => {
  bar.querySelector('.said')?.remove();
  bar.append(el('span', { class: 'said', role: 'status' }, text));
  announce(text);
};

const post = (address, body) => fetch(address, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body,
});

// The server holds every quote against its source again before it gives a file.
const keep = async (turn, bar, format) => {
  try {
    const answer = await post(`/folio/export?format=${format}&lang=${language}`, turn.dataset.kept);
    if (!answer.ok) { tell(bar, say('export_failed')); return false; }
    if (format === 'json' && bar.dataset.printing) return true;
    save(await answer.blob(), named(answer));
    return true;
  } catch {
    tell(bar, say('unreachable'));
    return false;
  }
};

const print = async (turn, bar) => {
  bar.dataset.printing = 'true';
  const holds = await keep(turn, bar, 'json');
  delete bar.dataset.printing;
  if (!holds) return;
  turn.classList.add('printed');
  document.body.classList.add('printing');
  window.print();
  turn.classList.remove('printed');
  document.body.classList.remove('printing');
};

const bar = (turn) => {
  const made = el('div', { class: 'keeping' });
  const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, onclick: act }, text);
  made.append(
    el('span', { class: 'label', 'aria-hidden': 'true' }, say('keep')),
    ...[['md', 'Markdown'], ['docx', 'Word'], ['json', 'JSON']].map(([format, name]) =>
      button(name, `${say('keep')}: ${name}`, () => keep(turn, made, format))),
    button(say('print'), `${say('keep')}: ${say('print')}`, () => print(made.closest('.turn'), made)),
    judging(turn),
  );
  return made;
};

export const startKeeping = () => {
  const answers = document.querySelector('#answers');
  // The framework draws all answers anew with each; what was said and typed under one stays.
  const bars = new Map();
  const fill = () => answers.querySelectorAll('.turn[data-kept]:not(:has(.keeping))')
    .forEach((turn) => {
      const known = bars.get(turn.dataset.kept);
      const under = known && !known.isConnected ? known : bar(turn);
      bars.set(turn.dataset.kept, under);
      turn.append(under);
    });
  new MutationObserver(fill).observe(answers, { childList: true, subtree: true });
  fill();
};
