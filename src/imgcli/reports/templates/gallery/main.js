// Everything put together: the first pictures at once, the others as soon as they are read, and what the user does.

/** Small things that are remembered, where the browser remembers anything. */
function keep(name, value) {
  try { localStorage.setItem(`imgcli-gallery-${name}`, value); } catch { /* private windows remember nothing */ }
}

function kept(name) {
  try { return localStorage.getItem(`imgcli-gallery-${name}`); } catch { return null; }
}

const THEMES = { auto: ['half', 'as the system is'], light: ['sun', 'light'], dark: ['moon', 'dark'] };
function theme(wanted) {
  const name = Object.hasOwn(THEMES, wanted ?? '') ? wanted : 'auto';
  document.documentElement.dataset.theme = name;
  $('theme').replaceChildren(icon(THEMES[name][0]));
  $('theme').setAttribute('aria-label', `Colours: ${THEMES[name][1]}`);
  $('theme').title = `Colours: ${THEMES[name][1]}`;
  return name;
}

let counted = new Map();

/** Finds and draws what is wished; whoever is somewhere in it stays there. */
function redraw() {
  const held = shown[grid.current];
  counted = find();
  grid.current = Math.max(0, shown.indexOf(held));
  drawFields();
  drawChips();
  drawCounts(counted);
  drawCount();
  layOut();
}

/** After a wish changed. */
function renew() {
  redraw();
  if (scrollY > $('bar').offsetTop) scrollTo(0, $('bar').offsetTop);
  toAddress(viewer.item?.attempt ?? '');
}

/** After something was said of a picture: counts change, what is shown stays until a wish changes. */
function updateCounts() {
  const now = shown;
  counted = find();
  shown = now;
  drawCounts(counted);
}

/** The pictures behind the first ones; then what can wait. */
async function readAll(opening) {
  for (const each of [...document.querySelectorAll('script.items')].slice(1)) {
    enter(JSON.parse(each.textContent));
    each.remove();
    await new Promise((done) => { setTimeout(done, 0); });
  }
  drawCostBounds();
  drawFacets();
  redraw();
  if (!dialogOpen('view')) openNamed(opening);
  prepare(0);
}

/** Words are made ready for searching while nobody waits. */
function prepare(from) {
  const end = Math.min(items.length, from + 250);
  for (let at = from; at < end; at += 1) haystack(items[at]);
  if (end < items.length) setTimeout(() => prepare(end), 0);
}

/** Another address was typed or gone back to. */
function wake() {
  const opening = fromHash();
  drawFacets();
  renew();
  openNamed(opening);
}

/** Opens the picture that an address names, if it is there. */
function openNamed(attempt) {
  const item = byAttempt.get(attempt);
  if (!item) return;
  viewer.pushed = false;
  show(item);
}

const waiting = [];
async function look(after) {
  let next = after;
  let pause = 1500;
  try {
    const told = await ask(`api/items?after=${encodeURIComponent(after)}`);
    next = told.next;
    const news = told.items.filter((each) => !byAttempt.has(each.attempt));
    enter(told.items.filter((each) => byAttempt.has(each.attempt)));
    waiting.unshift(...news.reverse());
    $('lost').hidden = true;
    arrive();
  } catch {
    pause = 5000;
    $('lost').hidden = false;
  }
  setTimeout(() => look(next), pause);
}

/** New pictures come in front; where that would move what one looks at, they wait until they are asked for. */
function arrive(asked = false) {
  const fits = $('rows').getBoundingClientRect().bottom <= innerHeight && !document.querySelector('dialog[open]');
  $('news').hidden = !waiting.length || fits || asked;
  $('news').textContent = `Show ${many(waiting.length, 'new picture')}`;
  if (!waiting.length || !(fits || asked)) return;
  enter(waiting.splice(0), true);
  drawFacets();
  drawCostBounds();
  redraw();
  if (asked) { scrollTo(0, 0); goTo(0); }
}

function openKeys() {
  $('keys').showModal();
}

function pageKey(event) {
  if (document.querySelector('dialog[open]') || event.altKey || event.ctrlKey || event.metaKey) return;
  const isTyping = event.target.matches?.('input:not([type=checkbox]):not([type=radio]), select, textarea');
  if (event.key === 'Escape' && (selected.size || isChoosing()) && !isTyping) dropSelection();
  else if (event.key === 'Escape' && !$('panel').hidden && $('panel').contains(event.target)) { showPanel(false); $('filter').focus(); }
  else if (event.key === '/' && !isTyping) { event.preventDefault(); $('q').focus(); $('q').select(); }
  else if (event.key === '?' && !isTyping) openKeys();
  else if (event.key === 'ArrowDown' && event.target === $('q')) { event.preventDefault(); goTo(grid.current); }
}

/** While pictures are selected, to touch one selects it. */
const isChoosing = () => $('app').classList.contains('choosing');
function choosing(on) {
  $('app').classList.toggle('choosing', on);
  $('choose').setAttribute('aria-pressed', String(on));
  if (on) for (const tile of $('rows').querySelectorAll('.tile')) addCheck(tile.parentElement, Number(tile.dataset.at));
}

function wire() {
  const on = (id, event, work) => $(id).addEventListener(event, work);
  let due = 0;
  on('q', 'input', () => { wish.q = $('q').value; cancelAnimationFrame(due); due = requestAnimationFrame(renew); });
  on('sort', 'change', () => { wish.sort = $('sort').value; renew(); });
  on('filter', 'click', () => showPanel($('panel').hidden));
  on('panel-close', 'click', () => { showPanel(false); $('filter').focus(); });
  on('choose', 'click', () => choosing(!isChoosing()));
  on('theme', 'click', () => {
    const names = Object.keys(THEMES);
    keep('theme', theme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]));
  });
  on('help', 'click', openKeys);
  on('none-clear', 'click', () => { clearWishes(); renew(); $('q').focus(); });
  on('size', 'input', () => { grid.step = Number($('size').value); keep('size', String(grid.step)); layOut(); });
  for (const name of ['least', 'most']) {
    on(name, 'input', () => { const value = Number.parseFloat($(name).value); wish[name] = Number.isFinite(value) && value >= 0 ? value : null; renew(); });
  }
  for (const each of document.getElementsByName('stars')) each.addEventListener('change', () => { wish.stars = Number(each.value); renew(); });
  on('rows', 'click', (event) => {
    const check = event.target.closest('[data-check]');
    const tile = event.target.closest('[data-at]');
    if (check) { setCurrent(Number(check.dataset.check)); select(shown[grid.current]); }
    else if (tile) { setCurrent(Number(tile.dataset.at)); if (isChoosing() || event.ctrlKey || event.metaKey || event.shiftKey) select(shown[grid.current]); else show(shown[grid.current]); }
  });
  on('rows', 'pointerover', (event) => { const tile = event.target.closest('.tile'); if (tile && event.pointerType === 'mouse') addCheck(tile.parentElement, Number(tile.dataset.at)); });
  on('rows', 'keydown', rowsKey);
  on('rows', 'focusin', (event) => { const at = event.target.dataset.at ?? event.target.dataset.check; if (at !== undefined && Number(at) !== grid.current) setCurrent(Number(at)); });
  on('news', 'click', () => arrive(true));
  wireViewer(on);
  addEventListener('keydown', pageKey);
  let isDue = false;
  addEventListener('scroll', () => { if (!isDue) { isDue = true; requestAnimationFrame(() => { isDue = false; draw(); }); } }, { passive: true });
  let width = 0;
  new ResizeObserver(() => { if ($('rows').clientWidth !== width) { width = $('rows').clientWidth; layOut(); } }).observe($('rows'));
  // Whatever changes the room of a picture: the window, the story beside it, the buttons below it.
  new ResizeObserver(fit).observe($('stage'));
  addEventListener('resize', () => { draw(); if (dialogOpen('compare')) fitPanes(); });
  addEventListener('popstate', moved);
  addEventListener('beforeprint', printed);
  addEventListener('afterprint', () => $('printed').replaceChildren());
}

/** The address was gone back from, or another was typed. */
function moved() {
  if (viewer.leaving) { viewer.leaving = false; toAddress(); }
  else if (viewer.pushed) { viewer.pushed = false; closeViewer(); }
  else if (!dialogOpen('view')) wake();
}

function wireViewer(on) {
  on('view', 'keydown', viewerKey);
  on('view', 'close', viewerClosed);
  on('view-close', 'click', closeViewer);
  on('view-back', 'click', () => step(-1));
  on('view-next', 'click', () => step(1));
  on('view-info', 'click', toggleStory);
  on('view-split', 'click', toggleSplit);
  on('zoom-in', 'click', () => zoomBy(1.4));
  on('zoom-out', 'click', () => zoomBy(1 / 1.4));
  on('zoom-now', 'click', toggleZoom);
  swiping();
  on('compare', 'close', compareClosed);
  on('compare-close', 'click', () => $('compare').close());
  on('compare-zoom', 'click', toggleCompareZoom);
  on('compare-split', 'click', () => { compare.isSplit = !compare.isSplit; drawCompare(); });
  on('keys-close', 'click', () => $('keys').close());
}

/** On paper there is nothing to scroll: the first pictures, each with its words. */
function printed() {
  $('printed').replaceChildren(...shown.slice(0, 120).map((item) =>
    make('li', {}, smallOf(item) ? make('img', { src: smallOf(item), alt: '' }) : quietTile(item), make('p', { dir: 'auto', text: short(titleOf(item), 160) }))));
}

function begin() {
  for (const each of document.querySelectorAll('[data-icon]')) each.prepend(icon(each.dataset.icon));
  theme(kept('theme'));
  grid.step = [0, 1, 2, 3, 4].includes(Number(kept('size') ?? 2)) ? Number(kept('size') ?? 2) : 2;
  $('size').value = String(grid.step);
  viewer.hasStory = (kept('story') ?? (matchMedia('(min-width: 64rem)').matches ? 'on' : 'off')) === 'on';
  for (const [value, label] of Object.entries(SORTS)) $('sort').append(make('option', { value, text: label }));
  $('app').hidden = false;
  const opening = fromHash();
  enter(JSON.parse(document.querySelector('script.items').textContent));
  counted = find();
  drawFields();
  layOut();
  wire();
  // The others stand behind this script, which the browser reads on meanwhile.
  const rest = async () => { await readAll(opening); if (facts.watch && isServed) look(facts.after); };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', rest, { once: true }); else rest();
}

begin();
