// Before the first question: questions that the library answers, and three first steps.
import { el, kept, language, say } from './words.js';

const STEPS = ['tour_ask', 'tour_check', 'tour_keep'];
let questions = null;

const tour = (holder, step = 0) => {
  const end = () => { kept.set('toured', true); holder.replaceChildren(); };
  const last = step === STEPS.length - 1;
  holder.replaceChildren(el('section', { class: 'steps', 'aria-label': say('tour') },
    el('h2', {}, `${say('tour')} · ${say('step_of', { step: step + 1, steps: STEPS.length })}`),
    el('p', {}, say(STEPS[step])),
    el('button', { type: 'button', class: 'on', onclick: () => {
      if (last) end();
      else { tour(holder, step + 1); holder.querySelector('.on').focus(); }
    } }, say(last ? 'done' : 'next')),
    last ? null : el('button', { type: 'button', class: 'skip', onclick: end }, say('skip'))));
};

const suggest = (holder) => {
  if (!questions?.length) return;
  holder.replaceChildren(el('h2', {}, say('try')), el('ul', {}, ...questions.map((question) =>
    el('li', {}, el('a', {
      href: `?${new URLSearchParams({ q: question })}`, 'data-question': true, dir: 'auto',
    }, question)))));
};

export const startTour = () => {
  const answers = document.querySelector('#answers');
  const fill = () => {
    const first = answers.querySelector('.welcome .tour:empty');
    if (first && !kept.get('toured', false)) tour(first);
    const place = answers.querySelector('.welcome .suggestions:empty');
    if (place) suggest(place);
  };
  new MutationObserver(fill).observe(answers, { childList: true, subtree: true });
  fetch(`/folio/suggestions?lang=${language}`).then((answer) => answer.json())
    .then((found) => { questions = found; fill(); }).catch(() => {});
  fill();
};
