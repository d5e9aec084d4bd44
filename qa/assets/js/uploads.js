// Files on their way into the library: a line each, with a bar, the time left and a way to stop.
import { announce, el, language, number, say } from './words.js';

const SAID = { stored: 'file_stored', same: 'file_same' };
const REFUSED = { taken: 'name_taken', bad_name: 'bad_name', unread: 'format_unread', other_ending: 'other_ending' };

export const endingOf = (name) => name.slice(name.lastIndexOf('.'));

let underway = 0;   // batches, and single files that take another's place
let unread = null;  // reads the files that have come since it last did

const during = async (act) => {
  underway += 1;
  try { await act(); } finally { underway -= 1; }
  read();
};

const read = () => {
  unread?.();
  unread = null;
};

// What hasn't been sent would be lost with the page; what has come is read all the same.
addEventListener('beforeunload', (event) => { if (underway) event.preventDefault(); });
addEventListener('pagehide', read);

const timeLeft = (event, started) => {
  const spent = (performance.now() - started) / 1000;
  if (spent < 1 || !event.loaded) return '';
  return say('time_left', { seconds: number(Math.round((spent / event.loaded) * (event.total - event.loaded))) });
};

const send = (file, name, replace, line) => new Promise((done) => {
  const request = new XMLHttpRequest();
  const bar = el('progress', { max: 100, value: 0, 'aria-label': file.name });
  const left = el('span', {});
  const stop = el('button', { type: 'button', 'aria-label': `${say('cancel')}: ${file.name}`, onclick: () => request.abort() }, say('cancel'));
  const started = performance.now();
  line.replaceChildren(file.name, ' · ', say('file_sending'), bar, left, stop);
  request.upload.addEventListener('progress', (event) => {
    if (!event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    left.textContent = timeLeft(event, started);
  });
  request.addEventListener('load', () => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* the status tells */ }
    if (request.status === 200) done([said.result, '']);
    else done(['failed', say('action_failed', { message: said.message || said.detail || request.status })]);
  });
  request.addEventListener('error', () => done(['failed', say('unreachable')]));
  request.addEventListener('abort', () => done(['cancelled', '']));
  request.open('PUT', `/folio/library/file?${new URLSearchParams({ name, replace: String(replace), came_as: file.name, lang: language })}`);
  request.setRequestHeader('x-folio', '1');
  request.send(file);
});

// One after another. `stored` is called at the end, where something new lies in the library.
export const upload = async (files, { list, formats, mostMb, replacing = null, stored }) => {
  const lines = [...files].map((file) => [file, el('li', {}, `${file.name} · ${say('file_waiting')}`)]);
  // Lines that nobody waits for and that ask nothing make room.
  if (!underway) list.querySelectorAll('li:not(:has(button))').forEach((line) => line.remove());
  list.append(...lines.map(([, line]) => line));

  const one = async (file, line, name, replace) => {
    line.className = '';
    const [result, message] = file.size > mostMb * 2 ** 20
      ? ['failed', say('too_large', { limit: mostMb })]
      : await send(file, name, replace, line);
    const why = message || (REFUSED[result] ? say(REFUSED[result], { formats: formats.join(' '), ending: endingOf(name) }) : '');
    const key = SAID[result] || (result === 'cancelled' ? 'file_cancelled' : 'file_failed');
    line.className = key;
    line.replaceChildren(file.name, ' · ', say(key), why ? `: ${why}` : '');
    if (result === 'taken') {
      line.append(el('button', {
        type: 'button', 'aria-label': `${say('replace')}: ${file.name}`,
        onclick: () => during(() => one(file, line, name, true)),
      }, say('replace')));
    }
    if (result === 'stored') unread = stored;
  };

  await during(async () => {
    for (const [file, line] of lines) await one(file, line, replacing || file.name, !!replacing);
    announce(lines.map(([, line]) => line.textContent).join('. '));
  });
};
