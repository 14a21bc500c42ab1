// One picture, as large as the screen or larger, and its story beside it.

const viewer = { item: null, zoom: 0, isSplit: false, hasStory: false, pushed: false, leaving: false, swipe: null };
const LEAST_ZOOM = 0.05;
const MOST_ZOOM = 8;
const dialogOpen = (id) => $(id).open;

function show(item) {
  if (dialogOpen('compare')) $('compare').close();
  viewer.item = item;
  viewer.zoom = 0;
  viewer.isSplit = false;
  const dialog = $('view');
  if (!dialog.open) {
    // The button of a phone that goes back closes the picture, not the page.
    if (!viewer.pushed) viewer.pushed = pushAddress(item.attempt);
    dialog.showModal();
  }
  toAddress(item.attempt);
  drawViewer();
  if (!item.marks.includes('opened') && isServed) say(item, { mark: 'opened', on: true });
}

function closeViewer() {
  if ($('view').open) $('view').close();
}

function viewerClosed() {
  const item = viewer.item;
  viewer.item = null;
  $('stage').replaceChildren();
  if (viewer.pushed) { viewer.pushed = false; viewer.leaving = true; history.back(); } else toAddress();
  const at = shown.indexOf(item);
  if (at >= 0) goTo(at);
}

function step(by) {
  const at = shown.indexOf(viewer.item);
  const next = shown[at < 0 ? 0 : at + by];
  if (next) show(next);
}

function drawViewer() {
  const item = viewer.item;
  const at = shown.indexOf(item);
  $('view-title').textContent = short(titleOf(item), 300);
  $('view-place').textContent = at < 0 ? '' : `${number(at + 1)} of ${number(shown.length)}`;
  $('view-back').disabled = at <= 0;
  $('view-next').disabled = at < 0 || at >= shown.length - 1;
  const before = beforeOf(item);
  $('view-split').hidden = !before;
  $('view-split').setAttribute('aria-pressed', String(viewer.isSplit && Boolean(before)));
  // The story first: the picture gets the room that is left.
  drawStory();
  drawStage();
  preload(shown[at + 1]);
  preload(shown[at - 1]);
}

function preload(item) {
  if (item?.href) new Image().src = item.href;
}

function drawStage() {
  const item = viewer.item;
  const before = beforeOf(item);
  const canvas = make('div', { class: 'canvas', id: 'canvas' });
  if (viewer.isSplit && before) {
    canvas.append(slider(before.href, item.href, [before.label, item.kind === 'final' ? 'Final' : 'After']));
  } else {
    canvas.append(...picture(item));
  }
  $('stage').replaceChildren(canvas);
  fit();
}

/** The small picture at once, and the whole one over it as soon as it is decoded. */
function picture(item, sized = fit) {
  const small = smallOf(item) ? make('img', { class: 'small', src: smallOf(item), alt: '', draggable: 'false' }) : null;
  if (!item.href) return [small ?? quietTile(item)];
  const whole = make('img', { class: 'whole', src: item.href, alt: short(titleOf(item), 300), draggable: 'false' });
  whole.addEventListener('load', () => {
    if (!item.w) { Object.assign(item, { w: whole.naturalWidth, h: whole.naturalHeight }); sized(); }
    // What lets something through would show the small one behind it.
    small?.remove();
  });
  whole.addEventListener('error', () => {
    whole.remove();
    if (!small) return;
    small.alt = `${short(titleOf(item), 300)} (small)`;
    tell('Only the small picture is here; the picture itself was moved or cannot be shown.');
  });
  return [small, whole].filter(Boolean);
}

function sides(item) {
  return item.w && item.h ? [item.w, item.h] : [800, 800];
}

function fitScale(item, box) {
  const [width, height] = sides(item);
  return Math.min(1, box.clientWidth / width, box.clientHeight / height);
}

function fit() {
  if (!viewer.item) return;
  const [width, height] = sides(viewer.item);
  // Before anything is measured: a stage that is zoomed has no margins.
  $('stage').classList.toggle('zoomed', Boolean(viewer.zoom));
  const scale = viewer.zoom || fitScale(viewer.item, $('stage'));
  const canvas = $('canvas');
  canvas.style.width = `${width * scale}px`;
  canvas.style.height = `${height * scale}px`;
  $('zoom-now').textContent = viewer.zoom ? `${Math.round(scale * 100)}%` : 'Fit';
  $('zoom-now').setAttribute('aria-label', viewer.zoom ? `${Math.round(scale * 100)}%, show all of it` : 'All of it, show at 100%');
}

function zoomTo(zoom) {
  const stage = $('stage');
  const middle = [(stage.scrollLeft + stage.clientWidth / 2) / Math.max(1, stage.scrollWidth), (stage.scrollTop + stage.clientHeight / 2) / Math.max(1, stage.scrollHeight)];
  viewer.zoom = zoom === 0 ? 0 : Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
  fit();
  stage.scrollLeft = middle[0] * stage.scrollWidth - stage.clientWidth / 2;
  stage.scrollTop = middle[1] * stage.scrollHeight - stage.clientHeight / 2;
}

const zoomBy = (factor) => zoomTo((viewer.zoom || fitScale(viewer.item, $('stage'))) * factor);
const toggleZoom = () => zoomTo(viewer.zoom ? 0 : 1);

function toggleSplit() {
  if (!beforeOf(viewer.item)) return;
  viewer.isSplit = !viewer.isSplit;
  $('view-split').setAttribute('aria-pressed', String(viewer.isSplit));
  drawStage();
  if (viewer.isSplit) $('stage').querySelector('input').focus();
}

function toggleStory() {
  viewer.hasStory = !viewer.hasStory;
  keep('story', viewer.hasStory ? 'on' : 'off');
  drawStory();
}

function drawStory() {
  if (!viewer.item) return;
  $('view').classList.toggle('with-story', viewer.hasStory);
  $('view-info').setAttribute('aria-expanded', String(viewer.hasStory));
  $('story').hidden = !viewer.hasStory;
  $('story').replaceChildren(...(viewer.hasStory ? story(viewer.item) : []));
  $('story').scrollTop = 0;
  $('view-judging').replaceChildren(...(viewer.hasStory ? [] : judging(viewer.item)));
}

/** Only the buttons, so that the keyboard stays where it is. */
function drawJudging() {
  const place = viewer.hasStory ? $('story').querySelector('.judging') : $('view-judging');
  const held = [...place.querySelectorAll('button')].indexOf(document.activeElement);
  place.replaceChildren(...judging(viewer.item));
  if (held >= 0) place.querySelectorAll('button')[held]?.focus();
}

function viewerKey(event) {
  const field = event.target.closest?.('input[type=text], textarea');
  const isSlider = event.target.matches?.('input[type=range]');
  if (field || event.altKey || event.ctrlKey || event.metaKey) return;
  const work = {
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: () => shown.length && show(shown[0]), End: () => shown.length && show(shown.at(-1)),
    '+': () => zoomBy(1.4), '=': () => zoomBy(1.4), '-': () => zoomBy(1 / 1.4), z: toggleZoom, i: toggleStory, b: toggleSplit, '?': openKeys,
  }[event.key];
  if (isSlider && /^(Arrow|Home|End)/.test(event.key)) return;
  if (work) { event.preventDefault(); work(); } else if (judgeKey(event, viewer.item)) event.preventDefault();
}

/** Fingers turn the pages while all of the picture is seen; a mouse moves a picture that is larger than the screen. */
function swiping() {
  const stage = $('stage');
  stage.addEventListener('pointerdown', (event) => {
    if (event.target.closest('.slider') || event.button || !event.isPrimary) return;
    viewer.swipe = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, touch: event.pointerType !== 'mouse' };
    if (!viewer.swipe.touch && viewer.zoom) stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    const from = viewer.swipe;
    if (!from || !event.isPrimary) return;
    if (viewer.zoom && !from.touch) stage.scrollTo(from.left - (event.clientX - from.x), from.top - (event.clientY - from.y));
    else if (!viewer.zoom && from.touch) $('canvas').style.transform = `translateX(${event.clientX - from.x}px)`;
  });
  const end = (event) => {
    const from = viewer.swipe;
    viewer.swipe = null;
    if (!from || !event.isPrimary) return;
    if ($('canvas')) $('canvas').style.transform = '';
    if (viewer.zoom || !from.touch || event.type === 'pointercancel') return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(dx) > 45 && Math.abs(dx) > 1.4 * Math.abs(dy)) step(dx < 0 ? 1 : -1);
    else if (dy > 90 && dy > 1.4 * Math.abs(dx)) closeViewer();
  };
  stage.addEventListener('pointerup', end);
  stage.addEventListener('pointercancel', end);
  stage.addEventListener('dblclick', (event) => { if (!event.target.closest('.slider')) toggleZoom(); });
  stage.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
}
