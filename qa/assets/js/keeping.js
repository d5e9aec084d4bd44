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

// The server holds every quote against its source again before it gives a file; null where it can't.
const exported = async (kept, bar, format) => {
  try {
    const answer = await post(`/folio/export?format=${format}&lang=${language}`, kept);
    if (answer.ok) return { name: named(answer), data: await answer.blob() };
    tell(bar, say('export_failed'));
  } catch {
    tell(bar, say('unreachable'));
  }
  return null;
};

const keep = async (kept, bar, format) => {
  const file = await exported(kept, bar, format);
  if (file) save(file.data, file.name);
};

// Only this answer goes on paper. What says so waits for no file, and marks the bar: the framework
// may draw the turn anew while the question to the server, or the dialog to print, is open.
const ALONE = '.turn:not(:has(> .keeping.printed)) { display: none !important; }';

const print = async (kept, bar) => {
  if (!await exported(kept, bar, 'json') || !bar.isConnected) return;
  const style = el('style', { media: 'print' }, ALONE);
  document.querySelectorAll('.keeping.printed').forEach((other) => other.classList.remove('printed'));
  bar.classList.add('printed');
  document.head.append(style);
  // Some browsers come back from print() before anything is on paper.
  window.addEventListener('afterprint', () => {
    style.remove();
    bar.classList.remove('printed');
  }, { once: true });
  window.print();
};

const bar = (turn) => {
  const { kept } = turn.dataset;
  const made = el('div', { class: 'keeping' });
  const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, onclick: act }, text);
  made.append(
    el('span', { class: 'label', 'aria-hidden': 'true' }, say('keep')),
    ...[['md', 'Markdown'], ['docx', 'Word'], ['json', 'JSON']].map(([format, name]) =>
      button(name, `${say('keep')}: ${name}`, () => keep(kept, made, format))),
    button(say('print'), `${say('keep')}: ${say('print')}`, () => print(kept, made)),
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
