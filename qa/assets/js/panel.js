// The source panel: a document at the place that a link names, as text or as its page.
import { questionBox } from './box.js';
import { announce, el, language, say } from './words.js';

let panel, box, closer;
let asked = 0;       // a slow earlier answer must not replace a later one
let opener = null;   // { element, href }, where the focus goes back to

const reveal = (mark, holder) => {
  const place = () => {
    holder.scrollTop += mark.getBoundingClientRect().top - holder.getBoundingClientRect().top
      - Math.min(holder.clientHeight / 3, 160);
  };
  place();
  requestAnimationFrame(place);   // the parts in sight have been laid out by then
};

const revealText = () => {
  const mark = box.querySelector('mark');
  if (mark) reveal(mark, box.querySelector('.source-text'));
  (mark || box.querySelector('.source-text') || closer).focus({ preventScroll: true });
};

// A page of a PDF: its boxes are of one page, and the others are drawn without.
const startSheet = () => {
  const sheet = box.querySelector('.source-page');
  if (!sheet) return;
  const { page, pages, address, sure } = sheet.dataset;
  const text = box.querySelector('.source-text');
  const toggle = box.querySelector('.tools .view');
  const image = sheet.querySelector('img');
  let current = Number(page);
  const turn = (to) => {
    current = Math.min(Math.max(to, 1), Number(pages));
    image.src = address + current;
    image.alt = say('page_of', { page: current, pages });
    sheet.querySelector('.page-number').textContent = image.alt;
    sheet.querySelector('.sheet').classList.toggle('elsewhere', current !== Number(page));
    sheet.querySelector('.previous').disabled = current === 1;
    sheet.querySelector('.next').disabled = current === Number(pages);
    announce(image.alt);
  };
  const show = (asPage) => {
    sheet.hidden = !asPage;
    text.hidden = asPage;
    toggle.textContent = say(asPage ? 'as_text' : 'as_page');
    if (!asPage) { revealText(); return; }
    const first = sheet.querySelector('.box');
    if (first) reveal(first, sheet);
    sheet.focus({ preventScroll: true });
  };
  toggle.addEventListener('click', () => show(sheet.hidden));
  sheet.querySelector('.previous').addEventListener('click', () => turn(current - 1));
  sheet.querySelector('.next').addEventListener('click', () => turn(current + 1));
  sheet.querySelector('.previous').disabled = current === 1;
  sheet.querySelector('.next').disabled = current === Number(pages);
  image.addEventListener('error', () => { show(false); toggle.hidden = true; });
  show(sure === 'true');
};

// Says whether it did. Over plain http another machine's page has no clipboard of its own.
const toClipboard = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = el('textarea', { class: 'unseen', readonly: true }, text);
  const before = document.activeElement;
  panel.append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  before.focus({ preventScroll: true });
  return done;
};

const startTools = () => {
  const address = (button) => new URL(button.dataset.href, location.origin).href;
  const copy = async (button, text) => {
    if (!await toClipboard(text)) return;
    const said = button.textContent;
    button.textContent = say('copied');
    announce(say('copied'));
    setTimeout(() => { button.textContent = said; }, 1600);
  };
  const quote = box.querySelector('.tools .copy');
  quote?.addEventListener('click', () => {
    const words = box.querySelector('mark').textContent;
    copy(quote, `“${words}”\n${quote.dataset.reference}\n${address(quote)}`);
  });
  const link = box.querySelector('.tools .copy-link');
  link?.addEventListener('click', () => copy(link, address(link)));
};

export const openFrom = async (query, from) => {
  const turn = ++asked;
  opener = from && { element: from, href: from.getAttribute('href') };
  let html;
  try {
    const wanted = new URLSearchParams(query);
    wanted.set('lang', language);
    const answer = await fetch(`/folio/source?${wanted}`);
    if (!answer.ok) throw new Error(answer.status);
    html = await answer.text();
  } catch {
    html = '<p class="failure" role="alert"></p>';
  }
  if (turn !== asked) return;
  document.querySelectorAll('a[aria-expanded]').forEach((a) => a.removeAttribute('aria-expanded'));
  from?.setAttribute('aria-expanded', 'true');
  box.innerHTML = html;           // the server has escaped all that isn't its own markup
  const failure = box.querySelector('.failure:empty');
  if (failure) failure.textContent = say('unreachable');
  panel.hidden = false;
  document.body.classList.add('reading');
  if (box.querySelector('.source-page')) startSheet();
  else revealText();
  startTools();
};

export const showAddress = (query) => openFrom(query, null);

export const closePanel = () => {
  if (panel.hidden) return false;
  asked++;
  panel.hidden = true;
  document.body.classList.remove('reading');
  document.querySelectorAll('a[aria-expanded]').forEach((a) => a.removeAttribute('aria-expanded'));
  // An answer that came in the meantime has drawn the links anew.
  const target = opener?.element.isConnected ? opener.element
    : opener && document.querySelector(`a[href="${CSS.escape(opener.href)}"]`);
  (target || questionBox())?.focus();
  opener = null;
  return true;
};

export const startPanel = (element) => {
  panel = element.querySelector('.reader');
  box = panel.querySelector('.reader-box');
  closer = panel.querySelector('.close');
  closer.textContent = say('close');
  element.querySelector('.hint').textContent = say('hint');
  panel.setAttribute('aria-label', say('source'));
  closer.addEventListener('click', closePanel);
};
