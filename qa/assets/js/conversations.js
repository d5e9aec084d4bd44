// Conversations, kept in this browser as the addresses of their quotes: the server cuts them anew.
import { fillBox, questionBox } from './box.js';
import { chosen } from './limits.js';
import { el, kept, keptByTab, moment, say, sureButton } from './words.js';

const MOST = 50;
let current = null;      // the conversation's id, of this tab
let drawn = false;
let known = [];          // its turns as this tab last stored or opened them
let left = null;         // the turns on the page that belong to the conversation that was left

const all = () => kept.get('conversations', []);
const store = (list) => kept.set('conversations', list.slice(0, MOST));
const find = (id) => all().find((talk) => talk.id === id);
const remember = (id) => {
  current = id;
  known = find(id)?.turns ?? [];
  keptByTab.set('conversation', id);
};

// What goes along with a question.
export const sent = () => JSON.stringify({ limits: chosen(), turns: find(current)?.turns ?? [] });

const turnsShown = () => [...document.querySelectorAll('#answers .turn[data-kept]')].reverse();
const keptShown = () => turnsShown().map((turn) => turn.dataset.kept).join();
// Of an answer with a part that the library doesn't have now, all of it is kept: it may come back.
const whole = (turn) => known.find((other) =>
  ['question', 'generation', 'elapsed_ms'].every((each) => other[each] === turn[each])) ?? turn;
const onPage = () => turnsShown().map((turn) => {
  const own = JSON.parse(turn.dataset.kept);
  return 'part' in turn.dataset ? whole(own) : own;
});

const save = () => {
  if (document.querySelector('#answers .pending')) return;
  if (left !== null) {
    if (left && keptShown() === left) return;
    left = null;
  }
  const turns = onPage();
  if (!turns.length) return;
  const list = all();
  let talk = list.find((other) => other.id === current);
  const stored = JSON.stringify(talk?.turns);
  if (stored === JSON.stringify(turns)) { known = turns; return; }
  // Where another tab has gone on with it in the meantime, both are kept.
  if (!talk || stored !== JSON.stringify(known)) {
    talk = { id: crypto.randomUUID?.() || String(Date.now()), name: talk?.name ?? turns[0].question };
  }
  talk.turns = turns;
  talk.at = Date.now();
  store([talk, ...list.filter((other) => other.id !== talk.id)]);
  remember(talk.id);
  // A name that is being typed stays; the list is drawn when that is done.
  if (!document.querySelector('#talks input')) draw(!!document.querySelector('#talks details[open]'));
};

const show = (id) => {
  // What isn't answered yet goes back into the box: it would be an answer of the other conversation.
  if (document.querySelector('#answers .pending')) fillBox(waitingAndTyped());
  left = keptShown();
  remember(id);
  document.querySelector('#recall').click();
  draw();
};

const entry = (talk) => {
  const item = el('li', { 'data-talk': talk.id, 'aria-current': talk.id === current && 'true' });
  const rename = () => {
    const field = el('input', { value: talk.name, maxlength: 200, 'aria-label': say('new_name') });
    const done = () => {
      const name = field.value.trim();
      if (name) store(all().map((other) => (other.id === talk.id ? { ...other, name } : other)));
      draw(true);
    };
    field.addEventListener('keydown', (event) => {
      // What has the keyboard afterwards isn't pressed by it.
      if (event.key === 'Enter') { event.preventDefault(); done(); }
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

// Who stands in the list with the keyboard stays at the conversation they were at.
const focusAgain = (talks, held, open) => {
  const id = held.closest('li')?.dataset.talk;
  const its = open && id && talks.querySelector(`[data-talk="${CSS.escape(id)}"] .open`);
  const place = held.matches('.new') ? talks.querySelector('.new') : its;
  (place || talks.querySelector('summary')).focus();
};

const draw = (open = false) => {
  const list = all();
  const talks = document.querySelector('#talks');
  const held = talks.contains(document.activeElement) ? document.activeElement : null;
  talks.replaceChildren(el('div', { class: 'talks' },
    el('details', { open },
      el('summary', {}, say('conversations')),
      list.length ? el('ul', {}, ...list.map(entry)) : el('p', {}, say('no_conversations'))),
    el('button', { type: 'button', class: 'new', onclick: () => {
      show(null);
      questionBox().focus();
    } }, say('new_conversation'))));
  if (held) focusAgain(talks, held, open);
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
const waitingAndTyped = () => {
  const waiting = [...document.querySelectorAll('#answers .turn:has(.pending) h2')].reverse();
  const typed = [...waiting.map((asked) => asked.textContent), questionBox().value];
  return typed.filter(Boolean).join('\n');
};
export const keepTyped = () => keptByTab.set('typed', waitingAndTyped());
const restoreTyped = (asks) => {
  const before = keptByTab.get('typed', '');
  if (before && !asks && !questionBox().value) fillBox(before);
  questionBox().addEventListener('input', keepTyped);
};

const linkAsks = () => new URLSearchParams(location.search).has('q');
// A link's question is asked once; who loads the page anew goes on where they were.
const forgetLink = () => {
  if (!linkAsks()) return;
  const here = new URL(location);
  here.searchParams.delete('q');
  history.replaceState(history.state, '', here);
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
      const asks = answers.querySelector('.pending') || linkAsks();
      if (current && find(current) && !asks) { show(current); return; }
    }
    if (answers.querySelector('.turn')) forgetLink();
    save();
  }).observe(answers, { childList: true, subtree: true });
};

export const startConversations = () => {
  remember(keptByTab.get('conversation'));
  const asks = linkAsks();
  if (asks) remember(null);
  restoreTyped(asks);
  draw();
  watch();
  // The answers may have been drawn before the scripts came.
  document.querySelector('#answers').append(document.createComment(''));
};
