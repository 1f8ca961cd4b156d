// Lets a person see what they typed: tone marks slip into passwords when a Vietnamese keyboard is on.
const field = document.getElementById('password');
const button = document.getElementById('show');
button.hidden = false;
button.addEventListener('click', () => {
  const shown = field.type === 'text';
  field.type = shown ? 'password' : 'text';
  button.textContent = shown ? button.dataset.show : button.dataset.hide;
  button.setAttribute('aria-pressed', !shown);
});
const warning = document.getElementById('typing');
field.addEventListener('input', () => { warning.hidden = !/[^\x00-\x7f]/.test(field.value); });
