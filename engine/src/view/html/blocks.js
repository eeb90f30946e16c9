// Long texts: lines in blocks, of which those in sight have an element for each line, and the others one for all. A page
// with elements for thousands of lines is slow.

/** The lines of a block, and how many lines a text may have that is drawn line by line as a whole. */
const BLOCK = 40,
  FEW_LINES = 120;

/**
 * The lines of a text in blocks: {elements, filled, fill, end}. `draw(k)` makes the element of a line, `number(k)` and `text(k)`
 * are what is written in it, `gone(k)` forgets its element, `shown()` paints what has been drawn anew. `filled` are the blocks that
 * were in sight before, if the text was drawn before.
 */
function blocksOf(count, { draw, number, text, gone = () => {}, shown = () => {} }, filled = new Set([0, 1, 2])) {
  const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, at) => ({
    lines: Array.from({ length: Math.min(BLOCK, count - at * BLOCK) }, (_, k) => at * BLOCK + k),
    element: html('div', { class: 'block' }),
    isFilled: false,
  }));
  const fill = block => {
    block.element.replaceChildren(...block.lines.map(draw));
    block.isFilled = true;
  };
  const fold = block => {
    const texts = block.lines.map(text),
      numbers = number && html('span', { class: 'number' }, block.lines.map(number).join('\n')),
      line = html('div', { class: 'line folded' }, numbers, html('span', { class: 'code' }, texts.join('\n')));
    // How large it is, for browsers that do not lay it out.
    line.style.setProperty('--lines', texts.length);
    line.style.setProperty('--columns', Math.max(...texts.map(({ length }) => length)));
    block.element.replaceChildren(line);
    if (block.isFilled) block.lines.forEach(gone);
    block.isFilled = false;
  };
  const isShort = count <= FEW_LINES;
  blocks.forEach((block, at) => (isShort || filled.has(at) ? fill(block) : fold(block)));
  const watcher = isShort ? null : watch(blocks, { fill, fold, shown });
  return {
    elements: blocks.map(({ element }) => element),
    filled: () => new Set(blocks.flatMap(({ isFilled }, at) => (isFilled ? [at] : []))),
    /** Draws the line of this number, or all lines, one by one. */
    fill(line) {
      const chosen = blocks.filter((block, at) => !block.isFilled && (line === undefined || at === Math.floor(line / BLOCK)));
      chosen.forEach(fill);
      if (chosen.length > 0) shown();
    },
    end: () => watcher?.disconnect(),
  };
}

/** Blocks that come into sight are filled, and those that leave it are folded. */
function watch(blocks, { fill, fold, shown }) {
  const blockOf = new Map(blocks.map(block => [block.element, block]));
  const watcher = new IntersectionObserver(entries => {
    // While all is printed nothing leaves.
    if (matchMedia('print').matches) return;
    let any = false;
    for (const { target, isIntersecting } of entries) {
      const block = blockOf.get(target);
      if (block.isFilled === isIntersecting) continue;
      if (isIntersecting) fill(block);
      else fold(block);
      any ||= isIntersecting;
    }
    if (any) shown();
  });
  for (const { element } of blocks) watcher.observe(element);
  return watcher;
}
