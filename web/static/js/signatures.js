// Kiểm tra chữ ký: files are sent one after the other; what happens to each comes back as lines of JSON. Nothing is kept, here or there:
// the report is part of the answer, and is offered as a download from the memory of this page.
import { onDrop } from './drop.js';
import { onKeys, press } from './keys.js';

const drop = document.getElementById('drop');
const input = document.getElementById('files');
const list = document.getElementById('judged');
const count = document.getElementById('count');
const stages = document.getElementById('stages').content;
const queue = [];
let busy = false;

const say = (stage, ahead) => stages.querySelector(`[data-stage="${stage}"]`).textContent.replace('{n}', ahead ?? '');
const fresh = (template) => document.getElementById(template).content.firstElementChild.cloneNode(true);

function add(files) {
  document.getElementById('nothing')?.remove();
  for (const file of files) {
    const card = fresh('pending');
    card.querySelector('h2').textContent = file.name;
    card.querySelector('[data-stage]').textContent = say('queued');
    list.append(card);
    const item = { file, card };
    card.querySelector('[data-stop]').addEventListener('click', () => stop(item));
    queue.push(item);
  }
  next();
}

function stop(item) {
  const place = queue.indexOf(item);
  if (place >= 0) queue.splice(place, 1);
  item.request?.abort();
  item.card.remove();
  if (item.request) done();
}

function next() {
  if (busy || !queue.length) return;
  busy = true;
  const item = queue.shift();
  if (item.file.size > Number(drop.dataset.limit)) fail(item, drop.dataset.large);
  else if (!item.file.size) fail(item, drop.dataset.empty);
  else send(item);
}

function done() {
  busy = false;
  next();
}

function replace(item, card) {
  const focused = item.card.contains(document.activeElement);
  item.card.replaceWith(card);
  item.card = card;
  if (focused) card.focus();
}

function fail(item, said) {
  const card = fresh('failed');
  card.querySelector('h2').textContent = item.file.name;
  card.querySelector('[data-said]').textContent = said;
  card.querySelector('[data-again]').addEventListener('click', () => { card.remove(); add([item.file]); });
  replace(item, card);
  done();
}

function send(item) {
  const request = new XMLHttpRequest();
  const stage = item.card.querySelector('[data-stage]');
  const bar = item.card.querySelector('progress');
  let read = 0;
  let answered = false;
  item.request = request;
  const listen = () => {
    const text = request.responseText;
    for (let end = text.indexOf('\n', read); end >= 0; end = text.indexOf('\n', read)) {
      const said = JSON.parse(text.slice(read, end));
      read = end + 1;
      if (said.stage === 'done') { answered = true; show(item, said); }
      else if (said.stage === 'error') { answered = true; fail(item, said.said); }
      else { bar.removeAttribute('value'); stage.textContent = say(said.stage, said.ahead); }
    }
  };
  request.upload.addEventListener('progress', (event) => {
    if (event.loaded < event.total) { stage.textContent = say('sending'); bar.value = 100 * event.loaded / event.total; }
  });
  request.addEventListener('progress', () => { if (request.status === 200) listen(); });
  request.addEventListener('load', () => {
    if (request.status === 200) listen();
    if (answered) return;
    fail(item, request.status === 401 ? drop.dataset.ended : refusal(request) || drop.dataset.away);
  });
  request.addEventListener('error', () => fail(item, drop.dataset.away));
  request.open('POST', '/signatures');
  request.setRequestHeader('Content-Type', 'application/pdf');
  request.setRequestHeader('X-CSRF-Token', document.body.dataset.csrf);
  request.setRequestHeader('X-File-Name', encodeURIComponent(item.file.name));
  request.setRequestHeader('HX-Request', 'true');
  stage.textContent = say('sending');
  request.send(item.file);
}

function refusal(request) {
  const page = new DOMParser().parseFromString(request.responseText, 'text/html');
  return page.body.textContent.trim();
}

function show(item, said) {
  const card = new DOMParser().parseFromString(said.html, 'text/html').querySelector('article');
  const stem = item.file.name.replace(/\.pdf$/i, '');
  const bytes = Uint8Array.from(atob(said.pdf), (sign) => sign.charCodeAt(0));
  const reports = { pdf: new Blob([bytes], { type: 'application/pdf' }), json: new Blob([said.json], { type: 'application/json' }) };
  for (const link of card.querySelectorAll('[data-report]')) {
    link.href = URL.createObjectURL(reports[link.dataset.report]);
    link.download = `${stem}-kiem-tra.${link.dataset.report}`;
  }
  replace(item, card);
  count.textContent = `${item.file.name}: ${card.querySelector('.verdict').textContent.trim()}`;
  done();
}

document.getElementById('choose').addEventListener('click', () => input.click());
input.addEventListener('change', () => { add(input.files); input.value = ''; });
onDrop(drop, (files) => { if (files.length) add(files); });

function move(step) {
  const cards = [...list.querySelectorAll('article')];
  const here = cards.findIndex((card) => card.contains(document.activeElement));
  const there = cards[here < 0 ? (step > 0 ? 0 : cards.length - 1) : here + step];
  if (!there) return false;
  there.focus();
  there.scrollIntoView({ block: 'start' });
  return true;
}

function fold() {
  const card = document.activeElement.closest?.('article') ?? list.querySelector('article');
  const folds = [...(card?.querySelectorAll('details') ?? [])];
  const open = folds.some((one) => !one.open);
  for (const one of folds) one.open = open;
  return folds.length > 0;
}

onKeys({ o: press('#choose'), j: () => move(1), k: () => move(-1), e: fold });
document.getElementById('choose').focus({ preventScroll: true });
