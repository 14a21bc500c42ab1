// What is shown: words, facets and the order, all of which stand in the address so that it can be sent to somebody.

const FACETS = [
  { key: 'style', label: 'Style', of: (item) => (item.styles.length ? item.styles : ['no style']) },
  { key: 'kind', label: 'Kind', of: (item) => [item.kind] },
  { key: 'tag', label: 'Tag', of: tagsOf },
  { key: 'model', label: 'Model', of: (item) => [item.model] },
  { key: 'quality', label: 'Quality', of: (item) => [item.quality] },
  { key: 'mark', label: 'Choice', of: (item) => chosenAs(item) },
];
const SHOWN_AS = { plain: 'made of words', draft: 'draft', final: 'final', edit: 'edit' };
const SORTS = { newest: 'Newest', oldest: 'Oldest', dearest: 'Dearest', cheapest: 'Cheapest', name: 'Name', stars: 'Stars' };

const wish = { q: '', sort: 'newest', least: null, most: null, stars: 0, sets: new Map(FACETS.map((f) => [f.key, new Set()])) };
let shown = [];

function chosenAs(item) {
  const said = ['picked', 'rejected'].filter((mark) => item.marks.includes(mark));
  return said.length ? said : ['undecided'];
}

/** The values of each facet; looked up again once something was said of the picture. */
const valuesKnown = new WeakMap();
function valuesOf(item) {
  let values = valuesKnown.get(item);
  if (!values) valuesKnown.set(item, values = FACETS.map((facet) => facet.of(item)));
  return values;
}

function forget(item) {
  valuesKnown.delete(item);
}

/** Lower case and without accents, so that `cafe` finds `Café`. */
const plain = (text) => (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')).toLowerCase();

const haystacks = new WeakMap();
function haystack(item) {
  let text = haystacks.get(item);
  if (text === undefined) {
    text = plain([item.typed, item.directed, item.revised, item.id, item.name].join('\n'));
    haystacks.set(item, text);
  }
  return text;
}

/** `red "old town" -night` as what must and what must not be there. */
function words(typed) {
  const found = { with: [], without: [] };
  for (const [, minus, phrase, bare] of plain(typed).matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)) {
    const word = (phrase ?? bare).trim();
    if (word) found[minus ? 'without' : 'with'].push(word);
  }
  return found;
}

/** The names of all wishes that `item` does not meet. */
function unmet(item, asked) {
  const missing = [];
  if (asked.with.length || asked.without.length) {
    const text = haystack(item);
    if (!asked.with.every((word) => text.includes(word)) || asked.without.some((word) => text.includes(word))) missing.push('q');
  }
  FACETS.forEach((facet, place) => {
    const wanted = wish.sets.get(facet.key);
    if (wanted.size && !valuesOf(item)[place].some((value) => wanted.has(value))) missing.push(facet.key);
  });
  const cost = item.cost === null ? null : item.cost / 1e9;
  if (wish.least !== null && !(cost !== null && cost >= wish.least - 1e-12)) missing.push('cost');
  else if (wish.most !== null && !(cost !== null && cost <= wish.most + 1e-12)) missing.push('cost');
  if (item.stars < wish.stars) missing.push('stars');
  return missing;
}

/** Finds what is shown. Each facet's counts are of what its other choices would show beside all other wishes. */
function find() {
  const asked = words(wish.q);
  const counts = new Map(FACETS.map((facet) => [facet.key, new Map()]));
  const found = [];
  for (const item of items) {
    const missing = unmet(item, asked);
    if (!missing.length) found.push(item);
    if (missing.length > 1) continue;
    const values = valuesOf(item);
    for (let place = 0; place < FACETS.length; place += 1) {
      const { key } = FACETS[place];
      if (missing.length && missing[0] !== key) continue;
      const count = counts.get(key);
      for (const value of values[place]) count.set(value, (count.get(value) || 0) + 1);
    }
  }
  sort(found);
  shown = found;
  return counts;
}

const ORDERS = {
  newest: (a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0),
  oldest: (a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0),
  dearest: (a, b) => (b.cost ?? -1) - (a.cost ?? -1),
  cheapest: (a, b) => (a.cost ?? Infinity) - (b.cost ?? Infinity) || 0,
  stars: (a, b) => b.stars - a.stars,
};

function sort(found) {
  const isOrdered = (order) => found.every((item, at) => !at || order(found[at - 1], item) <= 0);
  if (wish.sort === 'name') {
    const compare = new Intl.Collator('en', { numeric: true }).compare;
    found.sort((a, b) => compare(a.name, b.name));
  } else if (!isOrdered(ORDERS[wish.sort])) {
    found.sort(ORDERS[wish.sort]);
  }
}

const isNarrowed = () =>
  Boolean(wish.q.trim()) || wish.least !== null || wish.most !== null || wish.stars > 0 || [...wish.sets.values()].some((set) => set.size);

function clearWishes() {
  Object.assign(wish, { q: '', least: null, most: null, stars: 0 });
  for (const set of wish.sets.values()) set.clear();
}

function toHash(open = '') {
  const told = new URLSearchParams();
  if (wish.q.trim()) told.set('q', wish.q.trim());
  for (const [key, set] of wish.sets) for (const value of set) told.append(key, value);
  if (wish.least !== null) told.set('least', String(wish.least));
  if (wish.most !== null) told.set('most', String(wish.most));
  if (wish.stars) told.set('stars', String(wish.stars));
  if (wish.sort !== 'newest') told.set('sort', wish.sort);
  if (open) told.set('open', open);
  return `#${told}`;
}

/** Takes the wishes from the address; returns the attempt whose picture is to be open. */
function fromHash() {
  clearWishes();
  const told = new URLSearchParams(location.hash.slice(1));
  const amount = (name) => {
    const value = Number.parseFloat(told.get(name) ?? '');
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  wish.q = (told.get('q') ?? '').slice(0, 2000);
  for (const [key, set] of wish.sets) for (const value of told.getAll(key).slice(0, 200)) set.add(value);
  wish.least = amount('least');
  wish.most = amount('most');
  wish.stars = Math.min(5, Math.trunc(amount('stars') ?? 0));
  wish.sort = Object.hasOwn(SORTS, told.get('sort') ?? '') ? told.get('sort') : 'newest';
  return told.get('open') ?? '';
}

let addressTimer = 0;
let openInAddress = '';

/** Browsers take only so many changes of an address, so quick ones are one. */
function toAddress(open = '') {
  openInAddress = open;
  addressTimer ||= setTimeout(writeAddress, 200);
}

/** A step of its own, which the browser can go back from; false where it takes none. */
function pushAddress(open) {
  writeAddress();
  try { history.pushState({ view: true }, '', toHash(open)); return true; } catch { return false; }
}

function writeAddress() {
  clearTimeout(addressTimer);
  addressTimer = 0;
  try { history.replaceState(history.state, '', toHash(openInAddress)); } catch { /* too many even so: the next one tells */ }
}
