// The limits of a search: chips under the question, each of which a click removes.
import { el, language, say } from './words.js';

const names = new Intl.DisplayNames([language], { type: 'language' });
let fields, list;
let choices = { documents: [], kinds: [], languages: [] };
let limits = { documents: [], kinds: [], languages: [], since: '', until: '' };

export const chosen = () => limits;

const title = (path) => choices.documents.find(([document]) => document === path)?.[1] || path;
const shown = {
  documents: title,
  kinds: (kind) => say(kind),
  languages: (code) => names.of(code) || code,
};

const chip = (name, remove) => el('li', {}, el('button', {
  type: 'button', class: 'chip', 'aria-label': say('remove_limit', { name }),
  onclick: () => { remove(); drawChips(); fields.closest('details').querySelector('summary').focus(); },
}, name, el('span', { 'aria-hidden': 'true' }, '×')));

const chips = () => {
  const made = [];
  for (const field of ['documents', 'kinds', 'languages']) {
    for (const value of limits[field]) {
      made.push(chip(shown[field](value), () => {
        limits[field] = limits[field].filter((other) => other !== value);
      }));
    }
  }
  for (const field of ['since', 'until']) {
    if (limits[field]) {
      made.push(chip(`${say(field)} ${limits[field]}`, () => {
        limits[field] = '';
        fields.querySelector(`[name="${field}"]`).value = '';
      }));
    }
  }
  return made;
};

// The fields stay as they are: somebody may be typing in one.
const drawChips = () => list.replaceChildren(...chips());

// Keys that open a list, where a choice is one at once; with Alt an arrow is another.
const OPENING = ['Enter', ' ', 'F4'];

const pick = (field, label, options) => {
  // An arrow changes a closed list at each press: what is wanted stands there on Enter, or on leaving.
  let passing = false;
  const take = () => {
    passing = false;
    if (!select.value) return;
    if (!limits[field].includes(select.value)) limits[field].push(select.value);
    select.value = '';
    drawChips();
  };
  const select = el('select', {
    'aria-label': label,
    onpointerdown: () => { passing = false; },
    onkeydown: (event) => {
      passing = !(event.altKey || OPENING.includes(event.key));
      if (event.key !== 'Enter' || !select.value) return;
      event.preventDefault();
      take();
    },
    onchange: () => { if (!passing) take(); },
    onblur: take,
  }, el('option', { value: '' }, label), ...options.map(([value, name]) => el('option', { value }, name)));
  return select;
};

// While a year is typed it is one of the first centuries, which no document is from.
const date = (field) => el('label', {}, say(field), el('input', {
  type: 'date', name: field, min: '1000-01-01', max: '9999-12-31',
  onchange: ({ target }) => {
    if (!target.validity.valid) return;
    limits[field] = target.value;
    drawChips();
  },
  // What isn't a whole date doesn't hold, and doesn't look as if it did.
  onblur: ({ target }) => { if (!target.validity.valid) target.value = limits[field]; },
}));

const drawLists = () => {
  const sorted = (field) => choices[field].map((value) => [value, shown[field](value)])
    .sort((a, b) => a[1].localeCompare(b[1], language));
  fields.prepend(
    pick('documents', say('document'), choices.documents.toSorted((a, b) => a[1].localeCompare(b[1], language))),
    pick('kinds', say('kind'), sorted('kinds')),
    pick('languages', say('language'), sorted('languages')));
};

export const startLimits = async (holder) => {
  fields = el('div', { class: 'choices' }, date('since'), date('until'));
  list = el('ul', { class: 'chips' });
  holder.replaceChildren(el('div', { class: 'limits' },
    el('details', {}, el('summary', {}, say('limit_to')), fields), list));
  holder.addEventListener('toggle', async (event) => {
    if (!event.target.open || choices.documents.length) return;
    let found;
    try {
      found = await (await fetch('/folio/limits')).json();
    } catch { return; }
    if (choices.documents.length || !found.documents.length) return;
    choices = found;
    drawLists();
  }, true);
};
