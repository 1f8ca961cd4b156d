// The page viewer: fits the page to the stage, zooms, and brings a place on a page into view.
const stage = document.querySelector('.stage');
let zoom = 1;

export function zoomBy(factor) {
  zoom = Math.min(4, Math.max(0.4, zoom * factor));
  stage.style.setProperty('--zoom', zoom);
  const shown = document.querySelector('[data-zoom-shown]');
  if (shown) shown.textContent = `${Math.round(zoom * 100)}%`;
}

export function reveal(element) {
  if (!element) return;
  const place = element.getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  if (place.top < frame.top + 20 || place.bottom > frame.bottom - 40) {
    stage.scrollBy({ top: place.top - frame.top - frame.height / 3 });
  }
  if (place.left < frame.left || place.right > frame.right) stage.scrollBy({ left: place.left - frame.left - 40 });
}

export function toPage(number) {
  document.querySelector(`.page[data-page="${number}"]`)?.scrollIntoView({ block: 'start' });
}

// Which page fills most of the stage now.
export function pageInView() {
  const frame = stage.getBoundingClientRect();
  const middle = frame.top + frame.height / 2;
  const pages = [...stage.querySelectorAll('.page')];
  const page = pages.find((one) => one.getBoundingClientRect().bottom >= middle) ?? pages[pages.length - 1];
  return page ? Number(page.dataset.page) : 0;
}

if (stage) {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-zoom]');
    if (button) zoomBy(Number(button.dataset.zoom));
    const jump = event.target.closest('[data-to-page]');
    if (jump) toPage(jump.dataset.toPage);
  });
  stage.addEventListener('scroll', () => {
    const now = pageInView();
    document.querySelectorAll('[data-to-page]').forEach((one) => {
      if (Number(one.dataset.toPage) === now) one.setAttribute('aria-current', 'true');
      else one.removeAttribute('aria-current');
    });
    const shown = document.querySelector('[data-page-shown]');
    if (shown && now) shown.textContent = now;
  }, { passive: true });
}
