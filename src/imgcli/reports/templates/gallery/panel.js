// The filters: facets with counts, cost and stars, and what is chosen of them as chips over the pictures.

const MOST_VALUES = 10;
const MOST_LISTED = 400;
const facetRows = new Map();

/** Builds the list of each facet's values; done anew when pictures came. */
function drawFacets() {
  const held = document.activeElement?.dataset?.facet;
  const parts = FACETS.map((facet, place) => {
    const totals = new Map();
    for (const item of items) for (const value of valuesOf(item)[place]) totals.set(value, (totals.get(value) || 0) + 1);
    if (facet.key === 'mark') for (const value of ['picked', 'rejected', 'undecided']) totals.set(value, totals.get(value) || 0);
    for (const value of wish.sets.get(facet.key)) if (!totals.has(value)) totals.set(value, 0);
    const values = [...totals].filter(([value]) => value).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_LISTED).map(([value]) => value);
    const rows = new Map(values.map((value) => [value, facetRow(facet, value)]));
    facetRows.set(facet.key, rows);
    if (values.length < 2 && !wish.sets.get(facet.key).size && facet.key !== 'mark') return null;
    const list = make('div', { class: 'values' }, [...rows.values()].map((row) => row.label));
    const more = values.length > MOST_VALUES
      ? make('button', { type: 'button', class: 'more', 'aria-expanded': 'false', text: `All ${values.length}` }) : null;
    list.classList.toggle('cut', Boolean(more));
    more?.addEventListener('click', () => {
      const isCut = list.classList.toggle('cut');
      more.textContent = isCut ? `All ${values.length}` : 'Fewer';
      more.setAttribute('aria-expanded', String(!isCut));
    });
    return make('fieldset', {}, make('legend', { text: facet.label }), list, more);
  });
  $('facets').replaceChildren(...parts.filter(Boolean));
  if (held) $('facets').querySelector(`[data-facet="${CSS.escape(held)}"]`)?.focus();
}

function facetRow(facet, value) {
  const set = wish.sets.get(facet.key);
  const box = make('input', { type: 'checkbox', 'data-facet': `${facet.key}:${value}` });
  box.addEventListener('change', () => { if (box.checked) set.add(value); else set.delete(value); renew(); });
  const count = make('span', { class: 'count' });
  const label = make('label', { class: 'value' }, box, make('span', { class: 'value-name', dir: 'auto', text: facet.key === 'kind' ? SHOWN_AS[value] ?? value : value }), count);
  return { box, count, label };
}

function drawCounts(counts) {
  for (const facet of FACETS) {
    for (const [value, row] of facetRows.get(facet.key) ?? []) {
      const count = counts.get(facet.key).get(value) || 0;
      row.box.checked = wish.sets.get(facet.key).has(value);
      row.count.textContent = number(count);
      row.label.classList.toggle('none', !count && !row.box.checked);
    }
  }
}

function drawCostBounds() {
  const costs = items.map((item) => item.cost).filter((cost) => cost !== null);
  if (!costs.length) return;
  const least = costs.reduce((a, b) => Math.min(a, b));
  const most = costs.reduce((a, b) => Math.max(a, b));
  $('least').placeholder = usd(least).replace('$', '');
  $('most').placeholder = usd(most).replace('$', '');
}

function drawFields() {
  if ($('q').value !== wish.q) $('q').value = wish.q;
  $('sort').value = wish.sort;
  for (const name of ['least', 'most']) if (document.activeElement !== $(name)) $(name).value = wish[name] === null ? '' : String(wish[name]);
  for (const each of document.getElementsByName('stars')) each.checked = Number(each.value) === wish.stars;
}

function drawChips() {
  const chips = [];
  const chip = (kind, value, drop) =>
    chips.push(make('li', {}, make('button', { type: 'button', class: 'chip', dir: 'auto', 'aria-label': `Without ${kind} ${value}`, on: { click: () => { drop(); renew(); $('q').focus(); } } },
      make('span', { class: 'chip-kind', text: kind }), make('span', { text: short(value, 60) }), icon('close'))));
  for (const facet of FACETS) {
    const set = wish.sets.get(facet.key);
    for (const value of set) chip(facet.label.toLowerCase(), facet.key === 'kind' ? SHOWN_AS[value] ?? value : value, () => set.delete(value));
  }
  if (wish.least !== null) chip('cost', `from $${wish.least}`, () => { wish.least = null; });
  if (wish.most !== null) chip('cost', `to $${wish.most}`, () => { wish.most = null; });
  if (wish.stars) chip('stars', `${wish.stars} or more`, () => { wish.stars = 0; });
  if (chips.length > 1) chips.push(make('li', {}, make('button', { type: 'button', class: 'more', text: 'Clear all', on: { click: () => { clearWishes(); renew(); $('q').focus(); } } })));
  $('chips').replaceChildren(...chips);
  $('chips').hidden = !chips.length;
  const active = chips.length;
  $('filter').classList.toggle('active', active > 0);
}

function drawCount() {
  const cost = shown.reduce((sum, item) => sum + (item.cost ?? 0), 0);
  const unknown = shown.some((item) => item.cost === null);
  const which = shown.length === items.length ? many(items.length, 'picture') : `${number(shown.length)} of ${many(items.length, 'picture')}`;
  $('count').textContent = `${which}, ${usd(cost)}${unknown ? ' and some of unknown cost' : ''}`;
  $('none').hidden = shown.length > 0;
  $('none-clear').hidden = !isNarrowed();
}

function showPanel(on) {
  $('panel').hidden = !on;
  $('app').classList.toggle('with-panel', on);
  $('filter').setAttribute('aria-expanded', String(on));
  if (on && matchMedia('(max-width: 52rem)').matches) $('panel-close').focus();
  layOut();
}

function showOnly(key, value) {
  clearWishes();
  wish.sets.get(key).add(value);
  closeViewer();
  drawFacets();
  renew();
}

function showWords(text) {
  clearWishes();
  wish.q = text;
  closeViewer();
  renew();
}
