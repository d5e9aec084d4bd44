// What the page says, in its language, and how its language writes numbers and dates.
export const language = document.documentElement.dataset.language || 'en';
const words = JSON.parse(document.getElementById('folio-words').textContent);

export const say = (key, values = {}) =>
  words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

// English as it is written where the browser stands, say.
const locale = navigator.languages.find((each) => each.split('-')[0] === language) || language;

export const number = (value) => new Intl.NumberFormat(locale).format(value);
export const moment = (milliseconds) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);

// An element: el('button', { class: 'x', onclick: f }, 'text', other). Text never becomes markup.
export const el = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
};

// Says something to those who can't see that it changed.
export const announce = (text) => {
  let region = document.getElementById('folio-said');
  if (!region) {
    region = el('div', { id: 'folio-said', role: 'status', class: 'unseen' });
    document.body.append(region);
  }
  region.textContent = text;
};

// A button that asks once more before it does something; `warning` is said to those who can't see it.
export const sureButton = (text, act, warning, attributes = {}) => {
  const made = el('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', () => {
    if (made.classList.contains('sure')) { act(); return; }
    made.classList.add('sure');
    made.textContent = say('delete_sure');
    if (warning) announce(warning);
  });
  return made;
};

// What a browser keeps, or a tab; where it keeps nothing the page works all the same. Of several
// people who log in at one browser each has their own.
const account = document.documentElement.dataset.account;
const place = (name) => (account ? `folio.${account}/${name}` : `folio.${name}`);
const keeping = (storage) => ({
  get(name, otherwise = null) {
    try { return JSON.parse(storage().getItem(place(name))) ?? otherwise; } catch { return otherwise; }
  },
  set(name, value) {
    try { storage().setItem(place(name), JSON.stringify(value)); } catch { /* full, or forbidden */ }
  },
});
export const kept = keeping(() => localStorage);
export const keptByTab = keeping(() => sessionStorage);
