// The pictures, and small things all parts use. Words of strangers come to the screen by textContent alone.

const $ = (id) => document.getElementById(id);

const EMPTY = {
  run: '', id: '', n: 1, thumb: '', w: 0, h: 0, clear: false, bytes: 0, format: '', sha: '', typed: '', directed: '',
  revised: '', no: [], styles: [], provider: '', model: '', through: '', size: '', quality: '', seed: null, cost: null,
  kind: 'plain', date: '', tags: [], draft: '', origin: '', inputs: [], marks: [], stars: 0, added: [],
};

const facts = JSON.parse($('facts').textContent);
const isServed = typeof facts.token === 'string';

const items = [];
const byAttempt = new Map();
const bySha = new Map();
const byPrompt = new Map();
const finals = new Map();

/** Takes pictures in; those that are there already are told anew. Returns how many are new. */
function enter(list, atFront = false) {
  const fresh = [];
  for (const told of list) {
    const item = Object.assign({}, EMPTY, told);
    const known = byAttempt.get(item.attempt);
    if (known) { Object.assign(known, item); forget(known); continue; }
    fresh.push(item);
    byAttempt.set(item.attempt, item);
    if (item.sha && !bySha.has(item.sha)) bySha.set(item.sha, item);
    push(byPrompt, promptKey(item), item);
    if (item.draft) push(finals, item.draft, item);
  }
  if (atFront) items.unshift(...fresh); else items.push(...fresh);
  return fresh.length;
}

function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value); else map.set(key, [value]);
}

const promptKey = (item) => item.typed.trim().toLowerCase();
const relatives = (item) => (item.typed ? byPrompt.get(promptKey(item)) : [item]);
const tagsOf = (item) => [...new Set([...item.tags, ...item.added])];

/** An element; `text` and strings inside are text, never markup. */
function make(tag, props = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') made.className = value;
    else if (name === 'text') made.textContent = value;
    else if (name === 'on') for (const [event, work] of Object.entries(value)) made.addEventListener(event, work);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...inside.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';
const DRAWN = {
  close: 'M5 5l14 14M19 5L5 19', back: 'M15 5l-7 7 7 7', next: 'M9 5l7 7-7 7', plus: 'M12 5v14M5 12h14', minus: 'M5 12h14',
  info: 'M12 11v6M12 7.2v.1M12 21a9 9 0 100-18 9 9 0 000 18z', check: 'M5 12.5l4.5 4.5L19 7.5',
  split: 'M12 4v16M9 9l-3.5 3L9 15M15 9l3.5 3L15 15', copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
  select: 'M5 5h14v14H5zM8.5 12l2.5 2.5L15.5 9.5', sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4',
  moon: 'M19.5 14.5A8 8 0 019.5 4.5a8 8 0 1010 10z', half: 'M12 20a8 8 0 100-16 8 8 0 000 16zM12 4v16M12 8h5M12 12h7M12 16h5',
  star: 'M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z', sort: 'M7 5v14M4 16l3 3 3-3M13 7h8M13 12h6M13 17h4',
  sliders: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM9 19.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z',
};

function icon(name) {
  const drawn = document.createElementNS(SVG, 'svg');
  drawn.setAttribute('viewBox', '0 0 24 24');
  drawn.setAttribute('aria-hidden', 'true');
  drawn.setAttribute('class', `icon icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', DRAWN[name]);
  drawn.append(path);
  return drawn;
}

const button = (name, label, work, shown = '') =>
  make('button', { type: 'button', class: shown ? 'with-text' : 'round', 'aria-label': shown ? null : label, title: label,
    on: { click: work } }, name ? icon(name) : null, shown ? make('span', { text: shown }) : null);

const number = (value) => value.toLocaleString('en');
const many = (count, one, more = `${one}s`) => `${number(count)} ${count === 1 ? one : more}`;

/** Nano-USD as dollars with two to four decimals. */
function usd(nano) {
  if (nano === null) return 'unknown';
  if (nano > 0 && nano < 50000) return '<$0.0001';
  const text = (Math.round(nano / 1e5) / 1e4).toFixed(4);
  return `$${text.endsWith('00') ? text.slice(0, -2) : text}`;
}

function bytes(count) {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

function day(date, withTime = false) {
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) return date;
  return at.toLocaleString('en-GB', withTime ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'medium' });
}

const short = (text, most = 140) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
const titleOf = (item) => item.typed || item.name;

/** What a screen reader says of a picture. */
const spoken = (item) =>
  [short(titleOf(item), 200), item.styles.join(' and '), item.kind === 'plain' ? '' : item.kind,
    item.marks.includes('picked') ? 'picked' : '', item.marks.includes('rejected') ? 'rejected' : '',
    item.stars ? many(item.stars, 'star') : ''].filter(Boolean).join(', ');

/** Where the small picture is; SVG is drawn by the browser, inside an <img>, where it can do nothing. */
const smallOf = (item) => item.thumb || (item.format === 'svg' ? item.href : '');
const canOpen = (item) => item.format !== 'svg' && Boolean(item.href);

let toastTimer = 0;
function tell(text) {
  $('toast').textContent = text;
  $('toast').classList.add('on');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $('toast').classList.remove('on'), 2400);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { class: 'off', 'aria-hidden': 'true' });
    area.value = text;
    (document.querySelector('dialog[open]') || document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  tell(`${what} copied`);
}

/** A word of a shell. What would move a terminal's cursor or end its paste is a blank. */
function quoted(word) {
  const plain = word.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\"'\"'")}'`;
}

/** What makes such a picture again, as far as a command line can say it. */
function commandOf(item) {
  const edits = item.kind === 'edit' && item.inputs.length > 0;
  const words = ['imgcli', edits ? 'edit' : 'gen'];
  const options = [...item.styles.flatMap((each) => ['--style', each]), ...item.no.flatMap((each) => ['--no', each]),
    '--provider', item.provider, '--model', item.model, '--size', item.size, '--quality', item.quality];
  if (item.seed !== null) options.push('--seed', String(item.seed));
  const said = [...(edits ? [item.inputs[0].name] : []), item.typed];
  const needsEnd = said.some((each) => each.startsWith('-'));
  const all = needsEnd ? [...words, ...options, '--', ...said] : [...words, ...said, ...options];
  return all.map(quoted).join(' ');
}
