// The form that renames a document and says what it is; what was typed outlives a table drawn anew.
import { call, post } from './calls.js';
import { el, language, say } from './words.js';

const KINDS = ['article', 'agreement', 'memorandum', 'minutes', 'report', 'other'];
const FIELDS = ['title', 'author', 'kind', 'language', 'date', 'signed'];
let open = null;   // { path, row }

const field = (name, row, said) => {
  const found = row.dataset[name] || '';
  const made = name === 'kind'
    ? el('select', { name }, el('option', { value: '' }, found ? `(${say(found)})` : ''),
      ...KINDS.map((kind) => el('option', { value: kind, selected: said.kind === kind }, say(kind))))
    : el('input', { type: 'text', name, value: said[name] || '', placeholder: said[name] ? '' : found, maxlength: 500 });
  return el('label', {}, el('span', {}, say(name)), made);
};

export const closeEditor = () => {
  if (!open) return;
  const { path, row } = open;
  row.remove();
  open = null;
  document.querySelector(`#documents tr[data-document="${CSS.escape(path)}"] .edit`)?.focus();
};

// Puts the form back under its row.
export const keepEditor = () => {
  if (!open || open.row.isConnected) return;
  document.querySelector(`#documents tr[data-document="${CSS.escape(open.path)}"]`)?.after(open.row);
};

export const openEditor = async (row, follow, failed) => {
  const path = row.dataset.document;
  closeEditor();
  let said;
  try {
    said = await call(`library/description?${new URLSearchParams({ document: path })}`);
  } catch (error) { failed(error); return; }
  const name = el('input', { type: 'text', name: 'path', value: path, maxlength: 200, required: true });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('form', {},
    el('label', { class: 'wide' }, el('span', {}, say('path')), name),
    ...FIELDS.map((each) => field(each, row, said)),
    el('p', { class: 'hint-line' }, say('edit_hint')), problem,
    el('p', { class: 'buttons' },
      el('button', { type: 'submit' }, say('save')),
      el('button', { type: 'button', onclick: closeEditor }, say('cancel'))));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(FIELDS.map((each) => [each, form.elements[each].value.trim()]));
    const changed = FIELDS.some((each) => values[each] !== (said[each] || ''));
    try {
      if (changed) {
        await call(`library/description?${new URLSearchParams({ document: path, lang: language })}`, {
          method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(values),
        });
        said = values;
      }
      const renamed = name.value.trim() !== path;
      if (renamed) await post('library/rename', { document: path, new: name.value.trim(), lang: language });
      closeEditor();
      if (changed || renamed) follow();
    } catch (error) {
      problem.textContent = say('action_failed', { message: error.message });
    }
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { event.stopPropagation(); closeEditor(); }
  });
  open = { path, row: el('tr', { class: 'editing' }, el('td', { colspan: 9 }, form)) };
  row.after(open.row);
  name.focus();
};
