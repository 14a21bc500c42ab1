// Two to four pictures side by side, moved and made larger together; what differs between them is told below.

const compare = { items: [], isWhole: true, isSplit: false };
const DIFFERS = [
  ['Prompt', (item) => item.typed], ['Style', (item) => item.styles.join(' + ') || 'none'], ['Model', (item) => item.model],
  ['Quality', (item) => item.quality], ['Size', (item) => (item.w ? `${item.w} × ${item.h}` : item.size)],
  ['Seed', (item) => (item.seed === null ? '' : String(item.seed))], ['Cost', (item) => usd(item.cost)], ['Kind', (item) => SHOWN_AS[item.kind]],
  ['Variant', (item) => String(item.n)], ['Made', (item) => day(item.date, true)],
];

function openCompare(list) {
  const wanted = [...new Set(list)].filter(Boolean).slice(0, 4);
  if (wanted.length < 2) return;
  if (dialogOpen('view')) closeViewer();
  Object.assign(compare, { items: wanted, isWhole: true, isSplit: false });
  if (!dialogOpen('compare')) $('compare').showModal();
  drawCompare();
}

function compareClosed() {
  $('panes').replaceChildren();
  compare.items = [];
  choosing(false);
  $('rows').querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
}

function drawCompare() {
  const { items: list, isSplit } = compare;
  $('compare-title').textContent = `Compare ${list.length}`;
  $('compare-split').hidden = list.length !== 2;
  $('compare-split').setAttribute('aria-pressed', String(isSplit));
  $('compare-zoom').hidden = isSplit;
  $('compare-zoom').setAttribute('aria-pressed', String(!compare.isWhole));
  $('panes').className = isSplit ? 'panes one' : `panes of-${list.length}`;
  const differing = DIFFERS.filter(([, of]) => new Set(list.map(of)).size > 1);
  if (isSplit) {
    const box = make('div', { class: 'pane-view' }, slider(list[0].href, list[1].href, ['First', 'Second']));
    $('panes').replaceChildren(make('figure', { class: 'pane' }, box));
  } else {
    $('panes').replaceChildren(...list.map((item) => pane(item, differing)));
  }
  fitPanes();
}

function pane(item, differing) {
  const view = make('div', { class: 'pane-view', tabindex: '0', 'aria-label': spoken(item), role: 'img' }, make('div', { class: 'canvas' }, picture(item, fitPanes)));
  view.addEventListener('scroll', () => follow(view));
  view.addEventListener('dblclick', toggleCompareZoom);
  const rows = differing.map(([name, of]) => make('div', {}, make('dt', { text: name }), make('dd', { dir: 'auto', text: short(of(item) || 'none', 160) })));
  return make('figure', { class: 'pane', 'data-attempt': item.attempt }, view,
    make('figcaption', {}, make('div', { class: 'judging' }, judging(item)),
      rows.length ? make('dl', {}, rows) : make('p', { class: 'note', dir: 'auto', text: short(titleOf(item)) }),
      make('button', { type: 'button', class: 'with-text', on: { click: () => { $('compare').close(); show(item); } } }, make('span', { text: 'Its story' }))));
}

function drawCompareJudging() {
  for (const each of $('panes').querySelectorAll('[data-attempt]')) {
    const place = each.querySelector('.judging');
    const held = [...place.querySelectorAll('button')].indexOf(document.activeElement);
    place.replaceChildren(...judging(byAttempt.get(each.dataset.attempt)));
    if (held >= 0) place.querySelectorAll('button')[held]?.focus();
  }
}

function fitPanes() {
  if (compare.isSplit) {
    const view = $('panes').querySelector('.pane-view');
    const [width, height] = sides(compare.items[1]);
    const scale = Math.min(1, view.clientWidth / width, view.clientHeight / height);
    Object.assign(view.firstElementChild.style, { width: `${width * scale}px`, height: `${height * scale}px` });
    return;
  }
  for (const each of $('panes').querySelectorAll('[data-attempt]')) {
    const item = byAttempt.get(each.dataset.attempt);
    const view = each.querySelector('.pane-view');
    const [width, height] = sides(item);
    const scale = compare.isWhole ? Math.min(1, view.clientWidth / width, view.clientHeight / height) : 1;
    Object.assign(view.querySelector('.canvas').style, { width: `${width * scale}px`, height: `${height * scale}px` });
  }
}

function toggleCompareZoom() {
  compare.isWhole = !compare.isWhole;
  $('compare-zoom').setAttribute('aria-pressed', String(!compare.isWhole));
  fitPanes();
}

let leader = null;
function follow(view) {
  if (leader && leader !== view) return;
  leader = view;
  const part = (along, all, seen) => (all > seen ? along / (all - seen) : 0);
  const x = part(view.scrollLeft, view.scrollWidth, view.clientWidth);
  const y = part(view.scrollTop, view.scrollHeight, view.clientHeight);
  for (const other of $('panes').querySelectorAll('.pane-view')) {
    if (other !== view) other.scrollTo(x * (other.scrollWidth - other.clientWidth), y * (other.scrollHeight - other.clientHeight));
  }
  requestAnimationFrame(() => requestAnimationFrame(() => { leader = null; }));
}
