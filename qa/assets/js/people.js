// For admins: who may use the library, and which folders only some may read.
import { call } from './calls.js';
import { disclosure } from './disclosures.js';
import { el, language, number, say, sureButton } from './words.js';

const ROLES = ['reader', 'librarian', 'admin'];

const send = (change, values) => call(`people/${change}?lang=${language}`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(values),
});

const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, onclick: act }, text);

const sure = (text, label, act) =>
  sureButton(text, act, `${say('delete_sure')} ${label}`, { 'aria-label': label });

const roleField = (chosen) => el('label', {}, el('span', {}, say('role')),
  el('select', { name: 'role' }, ...ROLES.map((role) =>
    el('option', { value: role, selected: role === chosen }, say(`role_${role}`)))));

const passwordField = (name) => el('label', {}, el('span', {}, say(name)),
  el('input', { type: 'password', name: 'password', autocomplete: 'new-password', maxlength: 1024 }));

// A form that says what went wrong, and keeps what was typed.
const formOf = (parts, label, act, submit, cancel = null) => {
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('form', { 'aria-label': label }, ...parts, el('p', { class: 'buttons' },
    el('button', { type: 'submit' }, say(submit)),
    cancel && el('button', { type: 'button', onclick: cancel }, say('cancel'))), problem);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try { await act(form.elements); } catch (error) { problem.textContent = error.message; }
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !cancel) return;
    event.stopPropagation();
    cancel();
  });
  return form;
};

// A line of a list; `edit` gives the form that takes its buttons' place for a while.
const line = (words, buttons, edit) => {
  const item = el('li', {});
  const put = (...parts) => item.replaceChildren(...parts);
  const shown = [el('span', { class: 'who' }, ...words)];
  const opener = edit && button(say('edit'), `${say('edit')}: ${words[0].textContent}`, () => {
    put(shown[0], edit(() => { put(...shown); opener.focus(); }));
    item.querySelector('select, input').focus();
  });
  shown.push(...[opener, ...buttons].filter(Boolean));
  put(...shown);
  return item;
};

const userLine = (user, done) => {
  const { name } = user;
  const act = (change, values = {}) => send(change, { name, ...values });
  const press = (change) => () => act(change).then(() => done(name), (error) => done(error.message, true));
  const self = name === document.documentElement.dataset.account;
  const facts = [say(`role_${user.role}`), ...user.collections,
    user.sessions && say('sessions_open', { count: number(user.sessions) })].filter(Boolean);
  const edit = (cancel) => formOf([!self && roleField(user.role), passwordField('new_password')].filter(Boolean),
    `${say('edit')}: ${name}`, async (fields) => {
      if (fields.password.value) await act('password', { password: fields.password.value });
      if (!self && fields.role.value !== user.role) await act('role', { role: fields.role.value });
      done(name);
    }, 'save', cancel);
  return line([el('b', {}, name), el('span', { class: 'line' }, facts.join(' · '))], [
    user.sessions && button(say('end_sessions'), `${say('end_sessions')}: ${name}`, press('sessions')),
    !self && sure(say('remove'), `${say('remove')}: ${name}`, press('remove')),
  ], edit);
};

const adding = (done) => formOf([
  el('label', {}, el('span', {}, say('user_name')),
    el('input', { type: 'text', name: 'name', required: true, maxlength: 64, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' })),
  roleField('reader'), passwordField('password'),
], say('add_user'), async (fields) => {
  const values = { name: fields.name.value.trim(), role: fields.role.value, password: fields.password.value };
  await send('add', values);
  done(values.name);
}, 'add');

const readersField = (users, chosen) => el('fieldset', {}, el('legend', {}, say('readers')),
  ...users.filter((user) => user.role === 'reader' || chosen.includes(user.name)).map((user) => el('label', {},
    el('input', { type: 'checkbox', name: 'reader', value: user.name, checked: chosen.includes(user.name) }), user.name)));

const chosenIn = (form) => [...form.querySelectorAll('[name="reader"]:checked')].map((box) => box.value);

const collectionLine = ({ folder, readers }, users, done) => {
  const edit = (cancel) => {
    const form = formOf([readersField(users, readers)], `${say('edit')}: ${folder}`,
      () => send('close', { folder, readers: chosenIn(form) }).then(() => done(folder)), 'save', cancel);
    return form;
  };
  const open = () => send('open', { folder }).then(() => done(folder), (error) => done(error.message, true));
  return line([el('b', {}, folder), el('span', { class: 'line' }, readers.join(', ') || say('no_readers'))],
    [sure(say('open_folder'), `${say('open_folder')}: ${folder}`, open)],
    users.some((user) => user.role === 'reader') ? edit : null);
};

const closing = (folders, users, done) => {
  const form = formOf([
    el('label', {}, el('span', {}, say('folder')),
      el('select', { name: 'folder' }, ...folders.map((folder) => el('option', { value: folder }, folder)))),
    readersField(users, []),
  ], say('close_a_folder'), async (fields) => {
    await send('close', { folder: fields.folder.value, readers: chosenIn(form) });
    done(fields.folder.value);
  }, 'close_a_folder');
  return form;
};

const filled = (key, fill) => disclosure(key, async (again) => {
  const told = await call('people');
  return fill(told, again);
});

export const people = () => [
  filled('users', ({ users }, done) => [
    el('ul', {}, ...users.map((user) => userLine(user, done))),
    el('h3', {}, say('add_user')), adding(done)]),
  filled('collections', ({ users, collections, folders }, done) => {
    const closed = collections.map((each) => each.folder);
    const left = folders.filter((folder) => !closed.includes(folder));
    return [el('p', { class: 'line' }, say('collections_hint')),
      el('ul', {}, ...collections.map((each) => collectionLine(each, users, done))),
      ...(left.length ? [el('h3', {}, say('close_a_folder')), closing(left, users, done)] : [])];
  }),
];
