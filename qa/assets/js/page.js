// The page's scripts, started once the source panel is drawn.
import { fillBox, questionBox } from './box.js';
import { sent, startConversations } from './conversations.js';
import { startKeeping } from './keeping.js';
import { startLibrary } from './library.js';
import { startLimits } from './limits.js';
import { closePanel, openFrom, showAddress, startPanel } from './panel.js';
import { startRefusals } from './refusals.js';
import { startTour } from './tour.js';
import { language, say } from './words.js';

const page = document.documentElement;

// The framework names the browser's language, not the page's.
const nameLanguage = () => { if (page.lang !== language) page.lang = language; };

const ask = (question, button = '#send') => {
  fillBox(question);
  setTimeout(() => document.querySelector(button)?.click(), 50);
};

const title = () => {
  const library = document.querySelector('[data-tab-id="library"][aria-selected="true"]');
  const asked = document.querySelector('#answers .turn h2')?.textContent;
  const what = library ? say('library_tab') : asked;
  const wanted = what ? `${what} · Folio` : 'Folio';
  if (document.title !== wanted) document.title = wanted;
};

const clicked = (event) => {
  if (event.target.closest?.('#topic')) questionBox()?.focus();
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest?.('a[href^="?"]');
  if (!link) return;
  const query = new URLSearchParams(link.getAttribute('href'));
  if (query.has('passage') || query.has('document')) {
    openFrom(query, link);
  } else if (link.hasAttribute('data-question')) {
    document.querySelector('[data-tab-id="ask"]')?.click();
    ask(query.get('q'), link.hasAttribute('data-alone') ? '#alone' : '#send');
  } else if (query.has('lang')) {
    const here = new URL(location);
    here.searchParams.delete('q');   // it has been asked
    here.searchParams.set('lang', query.get('lang'));
    location.assign(here);
  } else return;
  event.preventDefault();
  event.stopPropagation();
};

const pressed = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (closePanel()) event.preventDefault();
    return;
  }
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  if (event.key === '/') {
    event.preventDefault();
    questionBox()?.focus();
  } else if (/^[1-9]$/.test(event.key)) {
    const numbers = document.querySelectorAll('#answers .turn:first-of-type .number');
    numbers[event.key - 1]?.click();
  }
};

// What is copied out of a quote or a source is its characters, without labels or added lines.
const copied = (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const exact = (node.nodeType === 1 ? node : node.parentElement)?.closest('.verbatim');
  if (!exact) return;
  event.clipboardData.setData('text/plain', range.cloneContents().textContent);
  event.preventDefault();
};

// The framework's own parts, named for those who don't see them.
const landmarks = () => {
  document.querySelector('#answers')?.setAttribute('aria-live', 'polite');
  const source = document.querySelector('#source');
  source?.setAttribute('role', 'complementary');
  source?.setAttribute('aria-label', say('source'));
};

// An installed page can then say that Folio isn't running. Without https browsers allow it only here.
const startWorker = () => navigator.serviceWorker
  ?.register(`/folio/js/worker.js?lang=${language}`, { scope: '/' }).catch(() => {});

let started;
const ready = new Promise((done) => { started = done; });

// What goes along with a question; who asks before the scripts have started waits for them.
export const whatIsSent = async () => {
  await ready;
  return sent();
};

export const start = (element) => {
  startRefusals();
  nameLanguage();
  new MutationObserver(nameLanguage).observe(page, { attributeFilter: ['lang'] });
  document.addEventListener('click', clicked, true);
  document.addEventListener('keydown', pressed);
  document.addEventListener('copy', copied);
  new MutationObserver(title).observe(document.querySelector('#desk'), {
    childList: true, subtree: true, attributeFilter: ['aria-selected'],
  });
  landmarks();
  startPanel(element);
  startLimits(document.querySelector('#limits'));
  startConversations();
  startKeeping();
  startTour(ask);
  startLibrary();
  startWorker();
  title();
  started();
  const here = new URLSearchParams(location.search);
  if (here.has('passage') || here.has('document')) showAddress(here);
};
