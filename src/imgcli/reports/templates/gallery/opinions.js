// What people say of pictures: written where the page is served, and else only collected, for a command to copy.

/** Of a page on a disk: the pictures of which something was said here, by what was said. */
const local = { picked: new Set(), rejected: new Set(), stars: new Set() };
const isLocal = () => Object.values(local).some((said) => said.size);

async function ask(path, options = {}) {
  const headers = { 'X-Imgcli-Token': facts.token, ...(options.body ? { 'Content-Type': 'application/json' } : {}) };
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** One change: `{mark, on}`, `{stars}` or `{tag, on}`. */
async function say(item, change) {
  if (!isServed) {
    apply(item, change);
    (local[change.mark] ?? local.stars).add(item.attempt);
    changed(item);
    return;
  }
  try {
    const told = await ask('api/opinion', { method: 'POST', body: JSON.stringify({ attempt: item.attempt, ...change }) });
    Object.assign(item, { marks: told.marks, stars: told.stars, added: told.tags });
    changed(item);
  } catch (error) {
    if (change.mark !== 'opened') tell(`Not saved (${error.message}); is imgcli still running?`);
  }
}

function apply(item, change) {
  if ('stars' in change) item.stars = change.stars;
  else if ('mark' in change) item.marks = change.on ? [...new Set([...item.marks, change.mark])] : item.marks.filter((each) => each !== change.mark);
}

async function judge(item, mark) {
  const other = mark === 'picked' ? 'rejected' : 'picked';
  const on = !item.marks.includes(mark);
  if (on && item.marks.includes(other)) await say(item, { mark: other, on: false });
  await say(item, { mark, on });
}

const rate = (item, stars) => say(item, { stars: item.stars === stars ? 0 : stars });

/** Keys that judge a picture, in the grid and in the viewer alike. */
function judgeKey(event, item) {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.key === 'p') judge(item, 'picked');
  else if (event.key === 'x') judge(item, 'rejected');
  else if (/^[0-5]$/.test(event.key)) say(item, { stars: Number(event.key) });
  else if (event.key === 'c') copy(item.typed, 'Prompt');
  else return false;
  return true;
}

function changed(item) {
  forget(item);
  refresh(item);
  showTray();
  if (viewer.item === item) drawJudging();
  if (dialogOpen('compare')) drawCompareJudging();
  updateCounts();
}

/** Buttons for picking, rejecting and stars; `redraw` is called after a change. */
function judging(item) {
  const toggle = (mark, label, name) => {
    const on = item.marks.includes(mark);
    return make('button', { type: 'button', class: `with-text ${mark}`, 'aria-pressed': String(on), title: `${label} (${mark === 'picked' ? 'p' : 'x'})`,
      'data-mark': mark, on: { click: () => judge(item, mark) } }, icon(name), make('span', { text: label }));
  };
  const stars = [1, 2, 3, 4, 5].map((count) =>
    make('button', { type: 'button', class: count <= item.stars ? 'star on' : 'star', 'aria-label': many(count, 'star'), title: `${many(count, 'star')} (${count})`,
      'aria-pressed': String(item.stars === count), on: { click: () => rate(item, count) } }, icon('star')));
  return [toggle('picked', 'Pick', 'check'), toggle('rejected', 'Reject', 'close'),
    make('span', { class: 'stars', role: 'group', 'aria-label': 'Stars' }, stars)];
}

const chosenLocally = (mark) => [...local[mark]].map((id) => byAttempt.get(id)).filter((item) => item?.marks.includes(mark));

/** The line at the foot of the page: what is selected, and what was said and is not saved. */
function showTray() {
  const tray = $('tray');
  const parts = [];
  if (selected.size) {
    const fits = selected.size >= 2 && selected.size <= 4;
    const compare = make('button', { type: 'button', class: 'with-text strong', disabled: !fits, on: { click: () => openCompare([...selected].map((id) => byAttempt.get(id))) } },
      make('span', { text: fits ? `Compare ${selected.size}` : 'Compare 2 to 4' }));
    parts.push(make('div', { class: 'tray-part' }, make('span', { text: `${selected.size} selected` }), compare,
      make('button', { type: 'button', class: 'with-text', on: { click: dropSelection } }, make('span', { text: 'Clear' }))));
  }
  if (!isServed && isLocal()) {
    const said = [['picked', 'imgcli pick'], ['rejected', 'imgcli pick --reject']].map(([mark, command]) => ({ mark, command, list: chosenLocally(mark), text: markCommand }));
    const rated = [...local.stars].map((id) => byAttempt.get(id)).filter(Boolean);
    if (rated.length) said.push({ mark: 'rated', command: 'imgcli history tag --stars', list: rated, text: starCommands });
    parts.push(make('div', { class: 'tray-part' },
      make('span', {}, `${said.map(({ mark, list }) => `${list.length} ${mark}`).join(', ')} on this page. `, make('strong', { text: 'Not saved.' })),
      said.filter(({ list }) => list.length).map(({ command, list, text }) => make('button', { type: 'button', class: 'with-text', 'data-command': command,
        on: { click: () => copy(text(command, list), 'Command') } }, icon('copy'), make('span', { text: `${command} …` })))));
  }
  tray.replaceChildren(...parts);
  tray.hidden = !parts.length;
}

/** The terminal is where it is saved. */
const markCommand = (command, list) => `${command} ${list.map((item) => quoted(item.attempt)).join(' ')}`;

/** A line for each number of stars, as a terminal takes them; none takes stars away. */
const starCommands = (command, list) => [5, 4, 3, 2, 1, 0].map((count) => [count, list.filter((item) => item.stars === count)])
  .filter(([, rated]) => rated.length).map(([count, rated]) => markCommand(`${command} ${count}`, rated)).join('\n');

function dropSelection() {
  const was = [...selected].map((id) => byAttempt.get(id));
  selected.clear();
  choosing(false);
  was.forEach((item) => select(item, false));
  $('rows').querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
}
