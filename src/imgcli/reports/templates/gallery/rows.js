// Justified rows, of which only those near the screen are in the document. All sizes are known before a picture is there.

const STEPS = [110, 150, 210, 290, 400];
const AHEAD = 700;
const NARROWEST = 0.45;
const WIDEST = 3.2;

const grid = { rows: [], rowOf: [], live: new Map(), step: 2, current: 0, above: 0, isHasty: false, settle: 0 };
const selected = new Set();

const aspect = (item) => (item.w && item.h ? Math.min(WIDEST, Math.max(NARROWEST, item.w / item.h)) : 1);

function layOut() {
  const width = $('rows').clientWidth;
  const phone = width < 560;
  const gap = phone ? 4 : 10;
  const wanted = STEPS[grid.step] * (phone ? 0.72 : 1);
  const rows = [];
  const rowOf = new Array(shown.length);
  let top = 0;
  let at = 0;
  while (at < shown.length) {
    const row = nextRow(at, width, gap, wanted);
    row.top = top;
    for (let i = at; i < row.end; i += 1) rowOf[i] = rows.length;
    rows.push(row);
    top += row.height + gap;
    at = row.end;
  }
  Object.assign(grid, { rows, rowOf, gap });
  $('rows').style.height = `${Math.max(0, top - gap)}px`;
  for (const drawn of grid.live.values()) drawn.remove();
  grid.live.clear();
  draw();
}

/** As many pictures as come nearest to the wanted height when they fill the width. */
function nextRow(start, width, gap, wanted) {
  let sum = 0;
  let end = start;
  let height = Infinity;
  while (end < shown.length) {
    const wider = sum + aspect(shown[end]);
    const lower = (width - gap * (end - start)) / wider;
    if (lower <= wanted) {
      const takes = end === start || wanted - lower <= height - wanted;
      if (takes) { sum = wider; end += 1; height = lower; }
      return { start, end, height: Math.max(24, height), top: 0 };
    }
    sum = wider;
    height = lower;
    end += 1;
  }
  return { start, end, height: Math.min(height, wanted), top: 0 };
}

/** The first row that reaches below `y`. */
function rowAt(y) {
  let low = 0;
  let high = grid.rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (grid.rows[middle].top + grid.rows[middle].height < y) low = middle + 1; else high = middle;
  }
  return low;
}

function draw() {
  const above = -$('rows').getBoundingClientRect().top;
  hurry(above);
  const first = rowAt(above - AHEAD);
  const end = above + innerHeight + AHEAD;
  const wanted = new Set();
  for (let at = first; at < grid.rows.length && grid.rows[at].top < end; at += 1) wanted.add(at);
  // Whoever is in a row by keyboard is not thrown out of it by scrolling.
  const held = document.activeElement?.closest('.row');
  for (const [at, drawn] of grid.live) {
    if (!wanted.has(at) && drawn !== held) { drawn.remove(); grid.live.delete(at); }
  }
  for (const at of wanted) if (!grid.live.has(at)) place(at, drawRow(at));
}

/** Pictures that fly past are not read: they come once the page is calmer. */
function hurry(above) {
  grid.isHasty = Math.abs(above - grid.above) > innerHeight / 3;
  grid.above = above;
  if (!grid.isHasty) return;
  clearTimeout(grid.settle);
  grid.settle = setTimeout(() => {
    for (const image of $('rows').querySelectorAll('img[data-src]')) { image.src = image.dataset.src; image.removeAttribute('data-src'); }
  }, 60);
}

function place(at, drawn) {
  grid.live.set(at, drawn);
  // Tab goes through the document in its order.
  let after = null;
  for (const other of $('rows').children) if (Number(other.dataset.row) > at) { after = other; break; }
  $('rows').insertBefore(drawn, after);
}

function drawRow(at) {
  const row = grid.rows[at];
  const drawn = make('div', { class: 'row', role: 'presentation', 'data-row': at });
  drawn.style.transform = `translateY(${row.top}px)`;
  drawn.style.height = `${row.height}px`;
  drawn.style.gap = `${grid.gap}px`;
  for (let i = row.start; i < row.end; i += 1) drawn.append(drawCell(i, row.height));
  return drawn;
}

function drawCell(at, height) {
  const item = shown[at];
  const src = smallOf(item);
  const tab = at === grid.current ? '0' : '-1';
  const small = src
    ? make('img', { [grid.isHasty ? 'data-src' : 'src']: src, alt: '', decoding: 'async', draggable: 'false', on: { error: (event) => quiet(event.target, item) } })
    : quietTile(item);
  const tile = make('button', { type: 'button', class: 'tile', tabindex: tab, 'aria-label': spoken(item), 'data-at': at }, small,
    make('span', { class: 'words', dir: 'auto', 'aria-hidden': 'true' }, make('span', { text: short(titleOf(item), 220) })));
  const cell = make('div', { class: 'cell', role: 'listitem', 'aria-setsize': shown.length, 'aria-posinset': at + 1 }, tile, badges(item));
  if (tab === '0' || selected.has(item.attempt) || isChoosing()) addCheck(cell, at);
  cell.classList.toggle('clear', item.clear);
  cell.classList.toggle('out', item.marks.includes('rejected'));
  cell.style.width = `${aspect(item) * height}px`;
  return cell;
}

/** The button that selects: made where it is wanted, as most pictures are only looked at. */
function addCheck(cell, at) {
  if (!cell || cell.querySelector('.check')) return;
  cell.querySelector('.tile').after(make('button', { type: 'button', class: 'check', tabindex: at === grid.current ? '0' : '-1',
    'aria-pressed': String(selected.has(shown[at].attempt)), 'aria-label': 'Select to compare', title: 'Select to compare (s)', 'data-check': at }, icon('check')));
}

const quietTile = (item) => make('span', { class: 'quiet', dir: 'auto', text: short(item.name, 60) });
const quiet = (image, item) => image.replaceWith(quietTile(item));

function badges(item) {
  const told = [];
  if (item.marks.includes('picked')) told.push(make('span', { class: 'badge picked' }, icon('check')));
  if (item.stars) told.push(make('span', { class: 'badge', text: `${item.stars} ★` }));
  if (item.kind !== 'plain') told.push(make('span', { class: 'badge', text: item.kind }));
  return told.length ? make('span', { class: 'badges', 'aria-hidden': 'true' }, told) : null;
}

/** Draws a picture anew where it is shown. */
function refresh(item) {
  const at = shown.indexOf(item);
  const drawn = at < 0 ? null : grid.live.get(grid.rowOf[at]);
  if (!drawn) return;
  const old = drawn.children[at - grid.rows[grid.rowOf[at]].start];
  const isHeld = old.contains(document.activeElement);
  const made = drawCell(at, grid.rows[grid.rowOf[at]].height);
  old.replaceWith(made);
  if (isHeld) made.querySelector('.tile').focus({ preventScroll: true });
}

/** Puts the keyboard on a picture and brings it to the screen. */
function goTo(at, focus = true) {
  if (!shown.length) return;
  const next = Math.min(shown.length - 1, Math.max(0, at));
  setCurrent(next);
  const row = grid.rows[grid.rowOf[next]];
  const top = $('rows').getBoundingClientRect().top + row.top;
  const bar = $('bar').offsetHeight + 12;
  if (top < bar) scrollBy(0, top - bar);
  else if (top + row.height > innerHeight - 12) scrollBy(0, Math.min(top - bar, top + row.height - innerHeight + 12));
  draw();
  if (focus) tileAt(next)?.focus({ preventScroll: true });
}

const tileAt = (at) => grid.live.get(grid.rowOf[at])?.querySelector(`[data-at="${at}"]`);

function setCurrent(at) {
  for (const each of $('rows').querySelectorAll('[tabindex="0"]')) each.setAttribute('tabindex', '-1');
  grid.current = at;
  const cell = tileAt(at)?.parentElement;
  addCheck(cell, at);
  for (const each of cell?.querySelectorAll('button') ?? []) each.setAttribute('tabindex', '0');
}

/** The picture over or under another one, nearest to its middle. */
function beside(at, step) {
  const from = grid.rows[grid.rowOf[at]];
  const to = grid.rows[grid.rowOf[at] + step];
  if (!to) return at;
  const middles = (row) => {
    let left = 0;
    const found = [];
    for (let i = row.start; i < row.end; i += 1) {
      const width = aspect(shown[i]) * row.height;
      found.push(left + width / 2);
      left += width + grid.gap;
    }
    return found;
  };
  const middle = middles(from)[at - from.start];
  const others = middles(to);
  let best = 0;
  for (let i = 1; i < others.length; i += 1) if (Math.abs(others[i] - middle) < Math.abs(others[best] - middle)) best = i;
  return to.start + best;
}

function rowsKey(event) {
  const at = grid.current;
  const page = Math.max(1, Math.floor(innerHeight / (STEPS[grid.step] + 10)));
  const moves = {
    ArrowRight: () => at + 1, ArrowLeft: () => at - 1, ArrowDown: () => beside(at, 1), ArrowUp: () => beside(at, -1),
    Home: () => 0, End: () => shown.length - 1,
    PageDown: () => grid.rows[Math.min(grid.rows.length - 1, grid.rowOf[at] + page)].start,
    PageUp: () => grid.rows[Math.max(0, grid.rowOf[at] - page)].start,
  };
  const move = moves[event.key];
  if (move && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    goTo(move());
  } else if (shown[at] && !judgeKey(event, shown[at]) && event.key === 's') {
    select(shown[at]);
  }
}

function select(item, on = !selected.has(item.attempt)) {
  if (on) selected.add(item.attempt); else selected.delete(item.attempt);
  const at = shown.indexOf(item);
  addCheck(tileAt(at)?.parentElement, at);
  const check = grid.live.get(grid.rowOf[at])?.querySelector(`[data-check="${at}"]`);
  check?.setAttribute('aria-pressed', String(on));
  showTray();
}
