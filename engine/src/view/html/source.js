// The pane of the source: the text of every function that ran, its expressions linked to their nodes.

const listing = { spans: [], lines: [] };

const RUST_WORDS =
  /(\/\/.*|\/\*.*?\*\/)|("(?:[^"\\]|\\.)*")|\b(as|break|const|continue|else|false|fn|for|if|in|let|loop|match|mut|pub|ref|return|static|true|use|where|while|f64|usize|bool|i32|u32)\b|(#!?\[[^\]]*\])|(\b\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?:_?f64)?\b)/g;
const RUST_CLASSES = [null, 'comment', 'string', 'keyword', 'attribute', 'literal'];

/** Rust text as elements, by a glance at its words; the text is only ever text. */
function highlighted(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(RUST_WORDS)) {
    const kind = found.findIndex((group, index) => index > 0 && group !== undefined);
    parts.push(visible(text.slice(end, found.index)), html('span', { class: RUST_CLASSES[kind] }, visible(found[0])));
    end = found.index + found[0].length;
  }
  return [...parts, visible(text.slice(end))].filter(part => part !== '');
}

/** The expressions of a function that have nodes, and the branches that were not taken: outer before inner. */
function spansOf(model, source) {
  const spans = new Map();
  const span = (start, end) => {
    const key = `${start} ${end}`;
    if (!spans.has(key)) spans.set(key, { source, start, end, nodes: [], unused: false, elements: [] });
    return spans.get(key);
  };
  for (const node of model.nodes) {
    if (node.site?.source !== source) continue;
    span(node.site.start, node.site.end).nodes.push({ node: node.index, by: node.index });
    node.site.operands.forEach(([start, end], slot) => {
      const used = node.args[slot]?.node;
      if (used !== undefined) span(start, end).nodes.push({ node: used, by: node.index });
    });
  }
  // A call stands for its result. It has the iterations of the function that calls.
  for (const { site, results, around } of model.calls) {
    if (site.source !== source) continue;
    results.forEach(node => span(site.start, site.end).nodes.push({ node, by: node, around }));
  }
  for (const { site, taken } of model.branches) {
    if (site.source !== source) continue;
    taken.forEach((times, arm) => {
      if (times === 0 && site.operands[arm]) span(...site.operands[arm]).unused = true;
    });
  }
  return [...spans.values()].filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end);
}

function drawSource(model) {
  const pane = byId('source-text');
  pane.replaceChildren();
  [listing.spans, listing.lines] = [[], []];
  const sources = model.sources.map((source, index) => ({ ...source, index, spans: spansOf(model, index) }));
  for (const { spans } of sources) spans.forEach(span => (span.index = listing.spans.push(span) - 1));
  if (hooks.text) {
    // One file, in which each source has its place.
    const { text, offsets } = hooks.text();
    const spans = sources.flatMap(({ spans }, at) => spans.map(span => place(span, offsets[at])));
    const owner = line =>
      sources.find(source => line >= source.line && line < source.line + source.text.split('\n').length)?.index;
    drawLines(model, pane, { text, line: 1, column: 1, spans: spans.sort((a, b) => a.from - b.from || b.to - a.to), owner });
    return;
  }
  for (const source of sources) {
    if (sources.length > 1)
      pane.append(html('div', { class: 'file' }, `${source.function} — ${source.file}:${source.line}`));
    drawLines(model, pane, { ...source, spans: source.spans.map(span => place(span, 0)), owner: () => source.index });
  }
}

/** Where a span is drawn, in a text in which its source begins there. */
function place(span, offset) {
  [span.from, span.to] = [span.start + offset, span.end + offset];
  return span;
}

/** The lines of a text; `owner` says to which source a line belongs. */
function drawLines(model, pane, { text: whole, line: first, column, spans, owner }) {
  const lines = whole.split('\n'),
    indent = sharedIndent(lines, column);
  let start = 0;
  lines.forEach((text, offset) => {
    const from = start,
      end = start + text.replace(/\r$/, '').length,
      line = first + offset,
      source = owner(line);
    start += text.length + 1;
    const cut = offset === 0 ? 0 : Math.min(indent, text.length - text.trimStart().length);
    const code = html('span', { class: 'code' }, ...pieces(whole, spans, from + cut, end));
    const stripe = source === undefined ? undefined : model.stripes.get(`${source} ${line}`),
      ghost = html('span', { class: 'ghost' });
    const element = html(
      'div',
      { class: `line${stripe === undefined ? '' : ` stripe${stripe}`}` },
      html('span', { class: 'number' }, String(line)),
      code,
      ghost,
    );
    const nodes = source === undefined ? [] : nodesOfLine(model, source, line);
    listing.lines.push({ source, line, element, ghost, nodes, shown: '' });
    pane.append(element);
  });
}

/** What the pointer finds in the source is shown in the graph. */
function listenToSource() {
  const pane = byId('source-text'),
    act = actions;
  pane.addEventListener('pointerover', event => {
    const span = listing.spans[event.target.closest?.('.span')?.dataset.span];
    act.hover(span ? instancesOf(model, span.nodes) : [], span);
  });
  pane.addEventListener('pointerleave', () => act.hover([]));
  pane.addEventListener('click', event => {
    const span = listing.spans[event.target.closest?.('.span')?.dataset.span];
    if (span?.nodes.length > 0) act.select(instancesOf(model, span.nodes).at(-1));
  });
}

/** The columns before the function's own: lines of an inner function start there. */
function sharedIndent(lines, column) {
  const indents = lines
    .slice(1)
    .filter(line => line.trim() !== '')
    .map(line => line.length - line.trimStart().length);
  return Math.min(column - 1, ...indents);
}

/** The text from `from` to `end` with a nested element for every span in it; spans that go on beyond are clipped. */
function pieces(text, spans, from, end) {
  const inside = spans.filter(span => span.from < end && span.to > from);
  const fill = (start, stop, candidates) => {
    const parts = [];
    let at = start;
    while (candidates.length > 0) {
      const span = candidates.shift();
      const [first, last] = [Math.max(span.from, at), Math.min(span.to, stop)];
      const inner = [];
      while (candidates.length > 0 && candidates[0].from < last) inner.push(candidates.shift());
      if (first >= last) continue;
      parts.push(...highlighted(text.slice(at, first)));
      const element = html('span', { class: 'span', 'data-span': span.index }, ...fill(first, last, inner));
      span.elements.push(element);
      parts.push(element);
      at = last;
    }
    return [...parts, ...highlighted(text.slice(at, stop))];
  };
  return fill(from, end, [...inside]);
}

function lineKey(node) {
  return node.site ? `${node.site.source} ${node.site.last}` : '';
}

/** The nodes of a line, those of calls on it among them: {node, by} in the order of creation. */
function nodesOfLine(model, source, line) {
  const own = model.nodes
    .filter(node => node.operation && lineKey(node) === `${source} ${line}`)
    .map(node => ({ node: node.index, by: node.index }));
  const called = model.calls.filter(({ site }) => `${site.source} ${site.last}` === `${source} ${line}`);
  const results = called.flatMap(call => call.results.map(node => ({ node, by: node, call, around: call.around })));
  return [...own, ...results].sort((a, b) => a.node - b.node);
}

/** How many of the outermost groups are the same ones. */
function commonFrames(frames, others) {
  let depth = 0;
  while (depth < frames.length) {
    const [one, two] = [frames[depth], others[depth]];
    if (!two || one.loop !== two.loop || one.number !== two.number) break;
    depth += 1;
  }
  return depth;
}

/**
 * Of the instances {node, by} of an expression those in the iterations and calls that the reader looks at: those of the
 * present step, else those that are open, else the last. `by` is the node whose operation reads or makes the value, since a
 * variable's value may come from the iteration before.
 */
function instancesOf(model, instances) {
  if (instances.length === 0) return [];
  const current = derived.at.node === undefined ? null : model.nodes[derived.at.node];
  const around = ({ by, around }) => around ?? model.nodes[by];
  const shares = one => (current ? commonFrames(around(one).frames, current.frames) : 0);
  const most = instances.reduce((most, one) => Math.max(most, shares(one)), 0);
  let best = instances.filter(one => shares(one) === most);
  const narrow = test => {
    const left = best.filter(test);
    if (left.length > 0) best = left;
  };
  if (current) narrow(({ by }) => by === current.index);
  if (!state.expanded) narrow(one => isShown(around(one)));
  // Of several places that are equally near, the last that the pass has been to.
  if (current) narrow(({ by }) => by <= current.index);
  const { scope } = around(best.at(-1));
  return [...new Set(best.filter(one => around(one).scope === scope).map(({ node }) => node))];
}

function paintSource(model) {
  const { at } = derived,
    current = at.node === undefined ? null : model.nodes[at.node];
  const marked = [...state.hovered, ...(state.selected === null ? [] : [state.selected])].map(
    index => model.nodes[index],
  );
  const owns = (span, node) =>
    node.site && node.site.source === span.source && node.site.start === span.start && node.site.end === span.end;
  for (const span of listing.spans) {
    const names = ['span'];
    if (span.unused) names.push('unused');
    const defines = marked.some(node => owns(span, node));
    if (span === state.span) names.push('marked');
    else if (defines) names.push(state.span ? 'definition' : 'marked');
    if (current && owns(span, current)) names.push('current');
    const name = names.join(' ');
    span.elements.forEach(element => setClass(element, name));
  }
  for (const line of listing.lines) if (line.nodes.length > 0) paintLine(model, line, current);
}

/** The value and gradient at the end of a line: of the present or the open iteration, the last that is computed. */
function paintLine(model, { element, ghost, nodes, source, line }, current) {
  const now = current !== null && lineKey(current) === `${source} ${line}`;
  if (element.isNow !== now) element.classList.toggle('now', (element.isNow = now));
  const known = nodes.filter(({ node }) => isKnown(model, node));
  const index = instancesOf(model, known).at(-1);
  if (index === undefined) {
    if (ghost.shown !== null) ghost.replaceChildren();
    ghost.shown = null;
    return undefined;
  }
  const { call } = known.find(({ node }) => node === index);
  const node = model.nodes[index],
    { text, sign } = shownGradient(model, index);
  const value = format(derived.run.values[index]);
  // Of a call the iterations around it, not those inside.
  const frames = call ? call.around.frames : node.frames;
  const iteration = frames
    .filter(({ loop }) => loop.kind === 'loop')
    .map(({ loop, number }) => (number < loop.iterations ? number + 1 : 'end'))
    .join('.');
  const name = call ? call.name : node.name && titleOf(node);
  // A number that is only a part of the line says which.
  const isPart =
    !name && !call && nodes.some(one => one.node > index && (one.around ?? model.nodes[one.by]).scope === node.scope);
  const unreached = text !== '' && isUnreached(index) ? ' never reached' : '';
  const parts = [
    iteration ? `#${iteration} ` : '',
    name ? `${shorten(visible(name), 16)} = ` : isPart ? `${shortTitle(model, node, 16)} = ` : '= ',
    value,
    text,
    sign,
    unreached,
  ];
  const shown = parts.join('\u0000');
  if (ghost.shown === shown) return undefined;
  ghost.shown = shown;
  return ghost.replaceChildren(
    parts[0] + parts[1],
    html('b', {}, value),
    ' ',
    html('span', { class: `gradient ${sign}` }, text),
    unreached,
  );
}
