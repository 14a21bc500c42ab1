// Two pictures over each other, and a line between them that is moved: a real range input, so by keyboard as well.

/** A slider of two addresses; both are drawn as large as the box it stands in. */
function slider(before, after, labels = ['Before', 'After']) {
  const over = make('img', { class: 'over', src: before, alt: labels[0], draggable: 'false' });
  const under = make('img', { class: 'under', src: after, alt: labels[1], draggable: 'false' });
  const line = make('span', { class: 'line', 'aria-hidden': 'true' }, make('span', { class: 'grip' }, icon('split')));
  const range = make('input', { type: 'range', min: 0, max: 100, value: 50, step: 0.5, 'aria-label': `${labels[0]} and ${labels[1].toLowerCase()}` });
  const box = make('div', { class: 'slider' }, under, over,
    make('span', { class: 'tag left', text: labels[0] }), make('span', { class: 'tag right', text: labels[1] }), line, range);
  const move = () => {
    const part = Number(range.value);
    over.style.clipPath = `inset(0 ${100 - part}% 0 0)`;
    line.style.left = `${part}%`;
    range.setAttribute('aria-valuetext', `${Math.round(part)}% ${labels[0].toLowerCase()}`);
  };
  range.addEventListener('input', move);
  move();
  return box;
}

/** What a picture was made from, if it can be shown: its address and what it is. */
function beforeOf(item) {
  const source = item.inputs[0];
  if (source) {
    const known = bySha.get(source.sha);
    if (known && known !== item && known.href) return { href: known.href, label: 'Before', item: known };
    if (source.href) return { href: source.href, label: 'Before', item: null };
  }
  const draft = item.draft ? byAttempt.get(item.draft) : null;
  return draft?.href ? { href: draft.href, label: 'Draft', item: draft } : null;
}
