// What every screen shares: live events, the keys of the rail, the help on keys.
import { typing } from './keys.js';
import './live.js';

const help = document.getElementById('keys');

addEventListener('keydown', (event) => {
  if (event.altKey && /^[1-9]$/.test(event.key)) {
    const link = document.querySelector(`.rail a[data-key="${event.key}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '?' && help) { event.preventDefault(); help.showModal(); }
  if (event.key === '/') {
    const box = document.querySelector('[data-search]');
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
});

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest('[data-closes]');
  if (closer) closer.closest('dialog')?.close();
});

// A form is sent once: a second press while the answer is on its way does nothing. Who comes back to the page may send again.
const ON_ITS_WAY = 30_000; // ms; by then the page has gone, or the answer was a file
const sent = new Map();

addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return;
  if (performance.now() - (sent.get(event.target) ?? -ON_ITS_WAY) < ON_ITS_WAY) {
    event.preventDefault();
    event.stopPropagation();
  } else sent.set(event.target, performance.now());
}, true);
addEventListener('submit', (event) => { if (event.defaultPrevented) sent.delete(event.target); });
addEventListener('pageshow', () => sent.clear());

// Every deed that htmx sends carries the session's token.
document.body.addEventListener('htmx:configRequest', (event) => {
  event.detail.headers['X-CSRF-Token'] = document.body.dataset.csrf;
});

// An answer that is an error page is shown, not swallowed: it says what happened and what to do next.
document.body.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.status !== 401) {
    event.detail.shouldSwap = false;
    const place = document.getElementById('trouble');
    if (place) place.innerHTML = event.detail.xhr.responseText;
  }
});
