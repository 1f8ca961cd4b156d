// The chosen page beside the strip. A page that was turned has no picture until it is read again: until then the one it had is
// shown, turned.
const viewer = document.getElementById('sheet');
const page = viewer.querySelector('.page');
const kept = new Map(); // leaf → { picture, rotation, large, small }
const asked = new Map(); // leaf → degrees that are on their way to the server
let shown = {};

const turnOf = (thumb) => {
  const { leaf, rotation } = thumb.dataset;
  return (Number(rotation) - (kept.get(leaf)?.rotation ?? Number(rotation)) + (asked.get(leaf) ?? 0) + 720) % 360;
};

// Turns a picture in what it lies in. `frame` takes the picture's new proportions, where it may.
function turn(image, by, frame = null) {
  const ratio = image.naturalWidth / image.naturalHeight || 1 / 1.414;
  const across = by % 180 !== 0;
  image.classList.toggle('turned', by !== 0);
  image.style.transform = by ? `translate(-50%, -50%) rotate(${by}deg)` : '';
  image.style.width = !by ? '' : across ? `${100 * ratio}%` : '100%';
  image.style.height = by ? 'auto' : '';
  if (frame) frame.style.aspectRatio = by ? String(across ? 1 / ratio : ratio) : '';
}

function fresh({ image, title }) {
  const made = Object.assign(new Image(), { src: image, alt: title });
  made.addEventListener('load', () => { if (shown.element === made && shown.by) turn(made, shown.by, page); });
  return made;
}

function picture(thumb) {
  const { leaf, picture: now } = thumb.dataset;
  const old = kept.get(leaf);
  if (now && now !== old?.picture) {
    kept.delete(leaf);
    return shown.leaf === leaf && shown.picture === now ? shown.element : fresh(thumb.dataset);
  }
  return old?.large ?? null;
}

export function showSheet(thumb) {
  const { title, flags, leaf, picture: now } = thumb.dataset;
  viewer.querySelector('[data-title]').textContent = title;
  viewer.querySelector('[data-flags]').textContent = flags;
  viewer.querySelector('[data-flags]').hidden = !flags;
  const element = picture(thumb);
  shown = { leaf, element, picture: now || kept.get(leaf)?.picture, by: turnOf(thumb) };
  if (element && element.parentNode !== page) page.replaceChildren(element);
  if (element) turn(element, shown.by, page);
  else page.replaceChildren();
  page.hidden = !element;
  viewer.querySelector('.empty').hidden = Boolean(element);
}

// The small pictures of the strip, where they were turned.
export function paintStrip(thumbs) {
  thumbs.forEach((thumb) => {
    const { leaf, picture: now } = thumb.dataset;
    const frame = thumb.querySelector('.im');
    const small = kept.get(leaf)?.small;
    if (!now && small && !frame.querySelector('img')) {
      small.removeAttribute('id'); // it stays with its page, whatever the server's next strip calls it
      frame.replaceChildren(small);
    }
    const image = frame.querySelector('img');
    if (image) turn(image, now && now !== kept.get(leaf)?.picture ? 0 : turnOf(thumb));
  });
}

// The page turns before the server has heard of it; `settled` when it has, or has refused.
export function turnNow(thumb, by) {
  const { leaf, picture: now, rotation } = thumb.dataset;
  if (now && now !== kept.get(leaf)?.picture) {
    const small = thumb.querySelector('img');
    kept.set(leaf, { picture: now, rotation: Number(rotation), large: shown.leaf === leaf ? shown.element : null, small });
  }
  asked.set(leaf, (asked.get(leaf) ?? 0) + by);
  paintStrip([thumb]);
  if (thumb.hasAttribute('aria-current')) showSheet(thumb);
}

export function settled(leaf, by) {
  asked.set(leaf, (asked.get(leaf) ?? 0) - by);
}
