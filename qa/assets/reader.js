// The source panel: one listener for every link to a passage or a document, wherever it stands.
// Runs once when the panel is drawn, as a function (element, trigger, props, server, upload, watch).
// WORDS is put in by the server: the panel's own strings, by language.
const page = document.documentElement;
const language = page.dataset.language in WORDS ? page.dataset.language : 'en';
const words = WORDS[language];
const panel = element.querySelector('.reader');
const box = panel.querySelector('.reader-box');
const closer = panel.querySelector('.close');
const body = document.body;
let asked = 0;       // a slow earlier answer must not replace a later one
let opener = null;   // { element, href }, where the focus goes back to

const reveal = (mark) => {
  const text = box.querySelector('.source-text');
  const place = () => {
    text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top
      - Math.min(text.clientHeight / 3, 160);
  };
  place();
  requestAnimationFrame(place);   // the parts in sight have been laid out by then
};

const show = async (query, from) => {
  const turn = ++asked;
  opener = from && { element: from, href: from.getAttribute('href') };
  const wanted = Object.fromEntries(['passage', 'start', 'end', 'document'].map((k) => [k, query.get(k)]));
  let html;
  try {
    html = await server.source({ ...wanted, lang: language });
  } catch {
    html = `<p class="failure" role="alert">${words.unreachable}</p>`;
  }
  if (turn !== asked) return;
  document.querySelectorAll('a[aria-expanded]').forEach((a) => a.removeAttribute('aria-expanded'));
  from?.setAttribute('aria-expanded', 'true');
  box.innerHTML = html;           // the server has escaped all that isn't its own markup
  panel.hidden = false;
  body.classList.add('reading');
  const mark = box.querySelector('mark');
  if (mark) reveal(mark);
  (mark || box.querySelector('.source-text') || closer).focus({ preventScroll: true });
};

const close = () => {
  if (panel.hidden) return;
  asked++;
  panel.hidden = true;
  body.classList.remove('reading');
  document.querySelectorAll('a[aria-expanded]').forEach((a) => a.removeAttribute('aria-expanded'));
  // An answer that came in the meantime has drawn the links anew.
  const target = opener?.element.isConnected ? opener.element
    : opener && document.querySelector(`a[href="${CSS.escape(opener.href)}"]`);
  (target || document.querySelector('#ask textarea'))?.focus();
  opener = null;
};

const ask = (question, button) => {
  const field = document.querySelector('#ask textarea');
  field.value = question;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  setTimeout(() => document.querySelector(button)?.click(), 50);
};

if (!window.folioListens) {
  window.folioListens = true;

  // The framework names the browser's language, not the page's.
  const name = () => { if (page.lang !== language) page.lang = language; };
  new MutationObserver(name).observe(page, { attributeFilter: ['lang'] });
  name();

  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest?.('a[href^="?"]');
    if (!link) return;
    const query = new URLSearchParams(link.getAttribute('href'));
    if (query.has('passage') || query.has('document')) {
      event.preventDefault();
      event.stopPropagation();
      show(query, link);
    } else if (link.hasAttribute('data-question')) {
      event.preventDefault();
      event.stopPropagation();
      ask(query.get('q'), link.hasAttribute('data-alone') ? '#alone' : '#send');
    } else if (query.has('lang')) {
      document.cookie = `folio_lang=${query.get('lang')}; path=/; max-age=31536000; SameSite=Lax`;
    }
  }, true);

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('#topic')) document.querySelector('#ask textarea')?.focus();
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) { event.preventDefault(); close(); }
  });

  // What is copied out of a quote or a source is its characters, without labels or added lines.
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const node = range.commonAncestorContainer;
    const exact = (node.nodeType === 1 ? node : node.parentElement)?.closest('.verbatim');
    if (!exact) return;
    event.clipboardData.setData('text/plain', range.cloneContents().textContent);
    event.preventDefault();
  });
}

closer.textContent = words.close;
element.querySelector('.hint').textContent = words.hint;
panel.setAttribute('aria-label', words.source);
closer.addEventListener('click', close);

const here = new URLSearchParams(location.search);
if (here.has('passage') || here.has('document')) show(here, null);
