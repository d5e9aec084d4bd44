// What the librarian looks up: what changed last, what was taken out, what people think of answers.
import { call } from './calls.js';
import { disclosure } from './disclosures.js';
import { el, moment, number, say } from './words.js';

const day = (iso) => moment(Date.parse(iso));

const changes = async () => {
  const last = await call('library/changes');
  if (!last.generation) return [];
  const parts = [el('p', { class: 'line' },
    say('generation_of', { number: number(last.generation), date: day(last.at) }))];
  for (const what of ['added', 'changed', 'removed']) {
    if (!last[what].length) continue;
    parts.push(el('h3', {}, say(`were_${what}`, { count: number(last[what].length) })),
      el('ul', {}, ...last[what].map((path) => el('li', {}, what === 'removed' ? path
        : el('a', { href: `?${new URLSearchParams({ document: path })}` }, path)))));
  }
  return parts;
};

const REASON = /^(wrong_quote|incomplete|should_answer)(?:: )?/;
const judged = (item) => {
  const code = REASON.exec(item.reason);
  const words = code ? item.reason.slice(code[0].length) : item.reason;
  return [say(item.helpful ? 'useful' : 'not_useful'), code ? say(code[1]) : '', words && `“${words}”`,
    day(item.given_at), item.given_by].filter(Boolean).join(' · ');
};
const feedback = async () => {
  const all = await call('library/feedback');
  return all.length ? [el('ul', {}, ...all.map((item) => el('li', {},
    el('a', { href: `?${new URLSearchParams({ q: item.question })}`, 'data-question': true, dir: 'auto' }, item.question),
    el('span', { class: 'line' }, judged(item)))))] : [];
};

export const reports = () => [disclosure('last_change', changes), disclosure('feedback', feedback)];
