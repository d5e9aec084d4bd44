// The limits of a search: chips under the question, each of which a click removes.
import { el, language, say } from './words.js';

const names = new Intl.DisplayNames([language], { type: 'language' });
let holder;
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
  onclick: () => { remove(); draw(); holder.querySelector('summary').focus(); },
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
    if (limits[field]) made.push(chip(`${say(field)} ${limits[field]}`, () => { limits[field] = ''; }));
  }
  return made;
};

const pick = (field, label, options) => {
  const select = el('select', { 'aria-label': label, onchange: () => {
    if (select.value && !limits[field].includes(select.value)) limits[field].push(select.value);
    draw(true);
  } }, el('option', { value: '' }, label), ...options.map(([value, name]) => el('option', { value }, name)));
  return select;
};

const date = (field) => el('label', {}, say(field), el('input', {
  type: 'date', value: limits[field], onchange: (event) => { limits[field] = event.target.value; draw(true); },
}));

const draw = (open = false) => {
  const sorted = (field) => choices[field].map((value) => [value, shown[field](value)])
    .sort((a, b) => a[1].localeCompare(b[1], language));
  holder.replaceChildren(el('div', { class: 'limits' },
    el('details', { open },
      el('summary', {}, say('limit_to')),
      el('div', { class: 'choices' },
        pick('documents', say('document'), choices.documents.toSorted((a, b) => a[1].localeCompare(b[1], language))),
        pick('kinds', say('kind'), sorted('kinds')),
        pick('languages', say('language'), sorted('languages')),
        date('since'), date('until'))),
    el('ul', { class: 'chips' }, ...chips())));
};

export const startLimits = async (element) => {
  holder = element;
  draw();
  holder.addEventListener('toggle', async (event) => {
    if (!event.target.open || choices.documents.length) return;
    try {
      choices = await (await fetch('/folio/limits')).json();
    } catch { return; }
    draw(true);
  }, true);
};
