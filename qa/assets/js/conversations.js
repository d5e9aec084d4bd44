// Conversations, kept in this browser as the addresses of their quotes: the server cuts them anew.
import { fillBox, questionBox } from './box.js';
import { chosen } from './limits.js';
import { el, kept, keptByTab, moment, say, sureButton } from './words.js';

const MOST = 50;
let current = null;      // the conversation's id, of this tab
let drawn = false;
let left = null;         // the turns on the page that belong to the conversation that was left

const all = () => kept.get('conversations', []);
const store = (list) => kept.set('conversations', list.slice(0, MOST));
const find = (id) => all().find((talk) => talk.id === id);
const remember = (id) => {
  current = id;
  keptByTab.set('conversation', id);
};

// What goes along with a question.
export const sent = () => JSON.stringify({ limits: chosen(), turns: find(current)?.turns ?? [] });

const onPage = () => [...document.querySelectorAll('#answers .turn[data-kept]')]
  .map((turn) => JSON.parse(turn.dataset.kept)).reverse();

const save = () => {
  if (document.querySelector('#answers .pending')) return;
  const turns = onPage();
  if (left !== null) {
    if (turns.length && JSON.stringify(turns) === left) return;
    left = null;
  }
  if (!turns.length) return;
  const list = all();
  let talk = list.find((other) => other.id === current);
  if (talk && JSON.stringify(talk.turns) === JSON.stringify(turns)) return;
  if (!talk) {
    talk = { id: crypto.randomUUID?.() || String(Date.now()), name: turns[0].question, turns: [] };
    remember(talk.id);
  }
  talk.turns = turns;
  talk.at = Date.now();
  store([talk, ...list.filter((other) => other.id !== talk.id)]);
  draw();
};

const show = (id) => {
  left = JSON.stringify(onPage());
  remember(id);
  document.querySelector('#recall').click();
  draw();
};

const entry = (talk) => {
  const item = el('li', talk.id === current ? { 'aria-current': 'true' } : {});
  const rename = () => {
    const field = el('input', { value: talk.name, maxlength: 200, 'aria-label': say('new_name') });
    const done = () => {
      const name = field.value.trim();
      if (name) store(all().map((other) => (other.id === talk.id ? { ...other, name } : other)));
      draw(true);
    };
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') done();
      if (event.key === 'Escape') { event.stopPropagation(); draw(true); }
    });
    item.replaceChildren(field, el('button', { type: 'button', onclick: done }, say('save')));
    field.select();
  };
  const remove = () => {
    store(all().filter((other) => other.id !== talk.id));
    if (talk.id === current) show(null);
    draw(true);
  };
  item.append(
    el('button', { type: 'button', class: 'open', dir: 'auto', onclick: () => show(talk.id) }, talk.name),
    el('time', {}, moment(talk.at)),
    el('button', { type: 'button', onclick: rename }, say('rename')),
    sureButton(say('delete'), remove),
  );
  return item;
};

const draw = (open = false) => {
  const list = all();
  document.querySelector('#talks').replaceChildren(el('div', { class: 'talks' },
    el('details', { open },
      el('summary', {}, say('conversations')),
      list.length ? el('ul', {}, ...list.map(entry)) : el('p', {}, say('no_conversations'))),
    el('button', { type: 'button', class: 'new', onclick: () => {
      show(null);
      questionBox().focus();
    } }, say('new_conversation'))));
};

// What has been asked leaves the box, and nothing that has been typed since.
let counted = 0;
const emptyBox = (answers) => {
  const shown = answers.querySelectorAll('.turn h2');
  const came = shown.length > counted;
  counted = shown.length;
  const typed = questionBox().value.split(/\s+/).filter(Boolean).join(' ');
  if (came && typed && typed === shown[0].textContent) fillBox('');
};

// What is typed, or asked and not answered, outlives the page: a server that was gone has it drawn anew.
const keepTyped = () => {
  const waiting = [...document.querySelectorAll('#answers .turn:has(.pending) h2')].reverse();
  const typed = [...waiting.map((asked) => asked.textContent), questionBox().value];
  keptByTab.set('typed', typed.filter(Boolean).join('\n'));
};
const restoreTyped = (asks) => {
  const before = keptByTab.get('typed', '');
  if (before && !asks && !questionBox().value) fillBox(before);
  questionBox().addEventListener('input', keepTyped);
};

// The framework draws the answers when it likes; what is kept follows what is shown.
const watch = () => {
  const answers = document.querySelector('#answers');
  new MutationObserver(() => {
    emptyBox(answers);
    keepTyped();
    document.body.classList.toggle('asking', !!answers.querySelector('.pending'));
    if (!drawn && answers.querySelector('.welcome, .turn')) {
      drawn = true;
      const asks = new URLSearchParams(location.search).has('q');
      if (current && find(current) && !asks) { show(current); return; }
    }
    save();
  }).observe(answers, { childList: true, subtree: true });
};

export const startConversations = () => {
  current = keptByTab.get('conversation');
  const asks = new URLSearchParams(location.search).has('q');
  if (asks) remember(null);
  restoreTyped(asks);
  draw();
  watch();
  // The answers may have been drawn before the scripts came.
  document.querySelector('#answers').append(document.createComment(''));
};
