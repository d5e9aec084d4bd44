// The Library tab: files come and go, the index follows, and the table is searched and sorted.
import { call, post } from './calls.js';
import { closeEditor, keepEditor, openEditor } from './editing.js';
import { people } from './people.js';
import { reports } from './reports.js';
import { endingOf, upload } from './uploads.js';
import { announce, el, language, number, say, sureButton } from './words.js';

const folder = () => document.querySelector('#documents');
let shelf, list, status, find;
let mayChange = false;
let maySeePeople = false;
let why = 'read_only';
let removed = [];
let formats = [];
let mostMb = Infinity;
let mostFiles = Infinity;
let polling = false;
let more = false;
let sorted = { column: null, down: false };

const tell = (text, ...more) => { status.replaceChildren(text, ...more); announce(text); };
const failed = (error) => tell(say('action_failed', { message: error.message }));

const add = (files, replacing = null) => {
  if (files.length > mostFiles) tell(say('too_many_files', { limit: number(mostFiles) }));
  else upload(files, { list, formats, mostMb, replacing, stored: rebuild });
};

const shown = (job) => {
  if (job.state === 'running') {
    const left = job.left_s == null ? '' : ` · ${say('time_left', { seconds: number(job.left_s) })}`;
    status.replaceChildren(
      say('reading_files', { done: number(job.done), total: number(job.total) }) + left,
      el('progress', { max: job.total || 1, value: job.done, 'aria-label': say('rebuild') }),
      el('button', { type: 'button', onclick: () => post('library/cancel').catch(failed) }, say('cancel')),
    );
  } else if (job.state === 'done') {
    const counts = Object.fromEntries(['added', 'changed', 'removed', 'failed']
      .map((name) => [name, number(job[name].length)]));
    tell(say('index_changed', counts));
  } else if (job.state === 'stopped') tell(say('index_stopped'));
  else if (job.state === 'failed') tell(say('index_failed', { message: job.message }));
};

const look = async () => {
  const job = await call('library/job');
  shown(job);
  return job.state === 'running';
};

// What begins while this looks is followed too.
const follow = async () => {
  more = true;
  if (polling) return;
  polling = true;
  try {
    while (more) {
      more = false;
      while (await look()) await new Promise((resume) => { setTimeout(resume, 400); });
      document.querySelector('#redraw').click();
      await refresh();
    }
  } catch (error) { failed(error); } finally { polling = false; }
};

// It is asked for also when the page goes.
const rebuild = () => call('library/build', { method: 'POST', keepalive: true }).then(follow).catch(failed);
const change = (path, document) => post(path, { document }).then(follow).catch(failed);

const only = (words) => { find.value = words; filter(); find.focus(); };

const sentence = (text) => (/^\S*\.\S/.test(text) ? text : text[0].toLocaleUpperCase(language) + text.slice(1));

// What stands between backticks is typed at a terminal.
const withCommands = (text) => text.split('`').map((part, at) => (at % 2 ? el('code', {}, part) : part));

// A finding's own button, where the page can do what it names.
const repair = (finding) => {
  const button = (key, act) => el('button', { type: 'button', onclick: act }, say(key));
  if (finding.check === 'documents' && finding.repair) return button('show', () => only(say('unread')));
  return finding.remedy === 'run_index' ? button('rebuild', rebuild) : null;
};

const check = async () => {
  try {
    const found = await call(`library/findings?lang=${language}`);
    status.replaceChildren(el('ul', { class: 'findings', 'aria-label': say('findings') },
      ...found.map((finding) => el('li', { class: finding.ok ? 'well' : 'ill' }, el('span', {}, sentence(finding.detail)),
        finding.repair ? el('span', { class: 'line' }, ...withCommands(sentence(finding.repair))) : null,
        repair(finding)))));
    announce(found.map((finding) => sentence(finding.detail)).join('. '));
  } catch (error) { failed(error); }
};

const choose = (multiple, endings, then) => {
  const field = el('input', { type: 'file', multiple, accept: endings.join(',') });
  field.addEventListener('change', () => then(field.files));
  field.click();
};

const actions = (row) => {
  const { document: path } = row.dataset;
  const remove = sureButton(say('remove'), () => change('library/remove', path),
    say('remove_sure', { document: path }), { 'aria-label': `${say('remove')}: ${path}` });
  return el('td', { class: 'actions' }, el('button', {
    type: 'button', class: 'edit', 'aria-label': `${say('edit')}: ${path}`,
    onclick: () => openEditor(row, follow, failed),
  }, say('edit')),
    el('button', {
      type: 'button', 'aria-label': `${say('replace')}: ${path}`,
      onclick: () => choose(false, [endingOf(path)], (files) => add(files, path)),
    }, say('replace')), remove);
};

const value = (row, column) => {
  const { className } = folder().querySelector('thead tr').cells[column];
  const cell = row.querySelector(className === 'title' ? 'th' : `.${className}`);
  return cell?.querySelector('time')?.dateTime || cell?.textContent.trim() || '';
};

const arrange = () => {
  const { column, down } = sorted;
  if (column === null) return;
  const body = folder().querySelector('tbody');
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  const rows = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)));
  body.append(...(down ? rows.reverse() : rows));
  [...folder().querySelector('thead tr').cells].forEach((cell, at) => {
    if (at === column) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  });
};

const sort = (column) => {
  sorted = { column, down: sorted.column === column && !sorted.down };
  closeEditor();
  arrange();
};

const filter = () => {
  const words = find.value.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of folder().querySelectorAll('tbody tr:not(.editing)')) {
    const text = row.textContent.toLocaleLowerCase(language);
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) left += 1;
  }
  const none = folder().querySelector('.none') || el('p', { class: 'none line' }, say('none_found'));
  none.hidden = left > 0;
  folder().querySelector('.documents')?.append(none);
};

// The server draws the table anew after each change; what the page adds is added again.
const dress = () => {
  const head = folder()?.querySelector('thead tr:not([data-dressed])');
  if (!head) return;
  head.dataset.dressed = 'true';
  [...head.cells].forEach((cell, column) => {
    const name = cell.textContent;
    cell.replaceChildren(el('button', {
      type: 'button', 'aria-label': say('sort_by', { name }), onclick: () => sort(column),
    }, name));
  });
  if (mayChange) {
    head.append(el('th', { scope: 'col' }, el('span', { class: 'unseen' }, say('actions'))));
    folder().querySelectorAll('tbody tr').forEach((row) => row.append(
      'packed' in row.dataset ? el('td') : actions(row),
    ));
  }
  arrange();
  keepEditor();
  filter();
};

// The framework may draw the whole tab anew: the shelf comes back as it was left.
const place = () => {
  const holder = document.querySelector('#librarian');
  if (holder && shelf && !holder.contains(shelf)) holder.replaceChildren(shelf);
};

const draw = () => {
  find = el('input', { type: 'search', 'aria-label': say('find_documents'), placeholder: say('find_documents'), oninput: filter });
  list = el('ul', { class: 'uploads' });
  status = el('div', { class: 'job' });
  const button = (key, act) => el('button', { type: 'button', class: key, onclick: act }, say(key));
  shelf?.remove();
  shelf = el('div', { class: 'shelf' },
    mayChange ? el('button', { type: 'button', class: 'drop', onclick: () => choose(true, formats, (files) => add(files)) },
      el('b', {}, say('add_files')), el('span', {}, say('drop_files'))) : el('p', { class: 'line' }, say(why)),
    list, status,
    el('div', { class: 'row' }, find,
      ...(mayChange ? [button('rebuild', rebuild), button('check', check)] : [])),
    el('div', { class: 'reports' }, el('div', { class: 'removed' }),
      ...(mayChange ? reports() : []), ...(maySeePeople ? people() : [])));
  place();
};

const drawRemoved = () => {
  const holder = shelf.querySelector('.removed');
  const open = holder.querySelector('details')?.open;
  holder.replaceChildren(...(removed.length ? [el('details', { open }, el('summary', {}, `${say('removed_documents')}: ${number(removed.length)}`),
    el('ul', {}, ...removed.map((item) => el('li', {}, item.document,
      el('button', {
        type: 'button', 'aria-label': `${say('restore')}: ${item.document}`,
        onclick: () => change('library/restore', item.document),
      }, say('restore'))))))] : []));
};

const refresh = async () => {
  const state = await call('library');
  const same = JSON.stringify(state.removed) === JSON.stringify(removed);
  ({ removed, formats, file_max_mb: mostMb, upload_max_files: mostFiles } = state);
  if (state.may_change !== mayChange || !shelf) {
    mayChange = state.may_change;
    maySeePeople = state.may_see_people;
    why = state.why || why;
    draw();
  } else if (same) return;
  drawRemoved();
};

const dropping = () => {
  const zone = document.querySelector('#tabs');
  const has = (event) => mayChange && [...(event.dataTransfer?.types || [])].includes('Files');
  zone.addEventListener('dragover', (event) => {
    if (!has(event)) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  zone.addEventListener('dragleave', () => document.body.classList.remove('dropping'));
  zone.addEventListener('drop', (event) => {
    if (!has(event)) return;
    event.preventDefault();
    event.stopPropagation();
    document.body.classList.remove('dropping');
    document.querySelector('[data-tab-id="library"]').click();
    add(event.dataTransfer.files);
  }, true);
};

export const startLibrary = async () => {
  const opened = () => document.querySelector('#librarian') && folder();
  const start = async () => {
    const known = await refresh().then(() => true, () => { draw(); return false; });
    new MutationObserver(() => { place(); dress(); })
      .observe(document.querySelector('#tabs'), { childList: true, subtree: true });
    dress();
    // The table has just been drawn; it is drawn anew where something is going on.
    if (!known || await look().catch(failed)) follow();
  };
  dropping();
  if (opened()) { start(); return; }
  // The framework draws a tab when it is first opened.
  const wait = new MutationObserver(() => { if (opened()) { wait.disconnect(); start(); } });
  wait.observe(document.querySelector('#tabs'), { childList: true, subtree: true });
};
