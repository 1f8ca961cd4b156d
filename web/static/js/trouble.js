// What went wrong is said where every screen says it, until the next thing is said there or `hush` is called.
const place = document.getElementById('trouble');

export function tell(said) {
  const toast = document.createElement('div');
  toast.className = 'toast';
  toast.setAttribute('role', 'alert');
  toast.append(Object.assign(document.createElement('span'), { textContent: said }));
  place.replaceChildren(toast);
}

// An answer that says itself what is wrong.
export function show(html) { place.innerHTML = html; }

export function hush() { place.replaceChildren(); }
