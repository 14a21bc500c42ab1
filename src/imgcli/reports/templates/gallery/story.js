// The story of a picture: its words, how it was made, what it came from and what came of it.

function story(item) {
  return [
    make('div', { class: 'judging' }, judging(item)),
    isServed ? null : make('p', { class: 'note', text: 'Choices are kept on this page only, until it is closed.' }),
    prompts(item), marksOf(item), factsOf(item), lineage(item), commands(item),
  ].filter(Boolean);
}

function prompts(item) {
  const told = [['Prompt', item.typed], ['Sent to the model', item.directed], ['As the model put it', item.revised]];
  return make('section', {}, told.filter(([, text]) => text).map(([label, text], place) => {
    const id = `prompt-${place}`;
    return make('div', { class: 'prompt' },
      make('div', { class: 'line-up' }, make('h3', { text: label, id }),
        button('copy', `Copy: ${label.toLowerCase()}`, () => copy(text, 'Prompt'))),
      make('p', { class: place ? 'words-more' : 'words-first', dir: 'auto', text }));
  }), item.no.length ? make('p', { class: 'note', dir: 'auto', text: `Not in it: ${item.no.join(', ')}` }) : null);
}

/** Styles and tags; each one shows its others. */
function marksOf(item) {
  const chips = [...item.styles.map((value) => ['style', value, false]), ...tagsOf(item).map((value) => ['tag', value, item.added.includes(value)])];
  const made = chips.map(([key, value, own]) =>
    make('li', {}, make('button', { type: 'button', class: 'chip', dir: 'auto', title: `Show all with this ${key}`, on: { click: () => showOnly(key, value) } },
      make('span', { class: 'chip-kind', text: key }), make('span', { text: value })),
    own && isServed ? make('button', { type: 'button', class: 'chip-off', 'aria-label': `Take the tag ${value} off`, on: { click: () => tagged(item, value, false) } }, icon('close')) : null));
  const form = isServed ? tagForm(item) : null;
  return made.length || form ? make('section', {}, make('h3', { text: 'Styles and tags' }), make('ul', { class: 'chips' }, made), form) : null;
}

function tagForm(item) {
  const field = make('input', { type: 'text', maxlength: 100, 'aria-label': 'New tag', placeholder: 'Add a tag', autocomplete: 'off' });
  const add = () => { if (field.value.trim()) tagged(item, field.value.trim(), true); };
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') add(); });
  return make('div', { class: 'tag-form' }, field, make('button', { type: 'button', class: 'with-text', on: { click: add } }, make('span', { text: 'Add' })));
}

async function tagged(item, tag, on) {
  await say(item, { tag, on });
  drawStory();
}

function factsOf(item) {
  const rows = [
    ['Model', item.through ? `${item.model}, asked through ${item.through}` : item.model], ['Provider', item.provider],
    ['Size', item.w ? `${item.w} × ${item.h} px` : item.size], ['Quality', item.quality], ['Cost', usd(item.cost)],
    ['Made', day(item.date, true)], ['Seed', item.seed === null ? '' : String(item.seed)], ['Kind', SHOWN_AS[item.kind]],
    ['File', [item.name, item.bytes ? bytes(item.bytes) : ''].filter(Boolean).join(', ')], ['Entry', item.id], ['Attempt', item.attempt],
  ];
  const list = make('dl', {}, rows.filter(([, value]) => value).map(([name, value]) =>
    make('div', {}, make('dt', { text: name }), make('dd', { dir: 'auto', text: value }))));
  return make('section', {}, make('h3', { text: 'How it was made' }), list);
}

function lineage(item) {
  const parts = [];
  const from = item.inputs.map((source) => ({ source, known: bySha.get(source.sha) }));
  if (from.length) {
    parts.push(strip('Made from', from.map(({ known }) => known).filter(Boolean), from.filter(({ known }) => !known).map(({ source }) => source.name)));
  }
  const draft = byAttempt.get(item.draft);
  if (item.draft) parts.push(strip('Final of the draft', draft ? [draft] : [], draft ? [] : [item.draft]));
  if (item.origin) parts.push(strip('Copy of', byAttempt.has(item.origin) ? [byAttempt.get(item.origin)] : [], byAttempt.has(item.origin) ? [] : [item.origin]));
  const later = finals.get(item.attempt);
  if (later) parts.push(strip('Its final', later));
  const edits = items.filter((other) => other !== item && item.sha && other.inputs.some((source) => source.sha === item.sha));
  if (edits.length) parts.push(strip('Edits of it', edits));
  const same = relatives(item).filter((other) => other !== item);
  if (same.length) {
    parts.push(strip(same.length === 1 ? 'One more of this prompt' : `${number(same.length)} more of this prompt`, same.slice(0, 11)));
    parts.push(make('div', { class: 'line-up start' },
      make('button', { type: 'button', class: 'with-text', on: { click: () => openCompare([item, ...same].slice(0, 4)) } }, make('span', { text: `Compare ${Math.min(4, same.length + 1)}` })),
      make('button', { type: 'button', class: 'with-text', on: { click: () => showWords(`"${item.typed.replaceAll('"', ' ').trim().slice(0, 200)}"`) } }, make('span', { text: 'Show all' }))));
  }
  return parts.length ? make('section', {}, make('h3', { text: 'Where it belongs' }), parts) : null;
}

function strip(label, known, names = []) {
  return make('div', { class: 'strip' }, make('p', { class: 'note', text: label }),
    known.length ? make('ul', {}, known.map((each) => make('li', {},
      make('button', { type: 'button', class: each.clear ? 'mini clear' : 'mini', 'aria-label': `Show: ${spoken(each)}`, title: short(titleOf(each)), on: { click: () => show(each) } },
        smallOf(each) ? make('img', { src: smallOf(each), alt: '', loading: 'lazy' }) : quietTile(each))))) : null,
    names.map((name) => make('p', { class: 'name', dir: 'auto', text: name })));
}

function commands(item) {
  const told = make('code', { dir: 'ltr', text: commandOf(item) });
  return make('section', {}, make('div', { class: 'line-up' }, make('h3', { text: 'Make such a picture' }),
    button('copy', 'Copy the command', () => copy(commandOf(item), 'Command'))), make('pre', { tabindex: '0', 'aria-label': 'Command' }, told),
  canOpen(item) ? make('p', { class: 'note' }, make('a', { href: item.href, target: '_blank', rel: 'noopener', text: 'Open the picture itself' })) : null);
}
