// Where the server takes no request, the framework's or the page's own: what the page does then.
import { keepTyped } from './conversations.js';
import { el, say } from './words.js';

const JOIN = /\/gradio_api\/queue\/join\b/;

// Beside the question, which stays in its box.
const told = () => document.querySelector('#refused');
const tell = (...words) =>
  told()?.replaceChildren(...words.map((text) => el('p', { class: 'failure', role: 'alert' }, text)));

// The framework's own messages are in English, and are not shown.
const watchMessages = () => new MutationObserver((changes) => {
  const came = changes.some((change) => [...change.addedNodes].some((node) =>
    node.matches?.('.toast-item') || node.querySelector?.('.toast-item')));
  if (came && !told()?.textContent.trim()) tell(say('unreachable'));
}).observe(document.querySelector('gradio-app') || document.body, { childList: true, subtree: true });

// A login that has ended: to the page for it and back, where what was typed stands in its box.
const logIn = () => {
  keepTyped();
  location.assign(`/folio/login?${new URLSearchParams({ next: `/${location.search}` })}`);
};

export const startRefusals = () => {
  watchMessages();
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    const asks = JOIN.test(request[0]?.url ?? request[0]);
    let answer;
    try {
      answer = await fetched(...request);
    } catch (error) {
      if (asks) tell(say('unreachable'));
      throw error;
    }
    if (answer.status === 401 && document.documentElement.dataset.account) logIn();
    if (asks && answer.status === 503) tell(say('busy'));
    else if (asks) tell();
    return answer;
  };
};
