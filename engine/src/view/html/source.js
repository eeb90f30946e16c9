// The pane of the source: the text of every function that ran, its expressions linked to their nodes.

const listing = { spans: [], lines: [], blocks: [] };

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
  const pane = byId('source-text'),
    seen = emptyListing();
  const sources = model.sources.map((source, index) => ({ ...source, index, spans: spansOf(model, index) }));
  for (const { spans } of sources) spans.forEach(span => (span.index = listing.spans.push(span) - 1));
  if (hooks.text) {
    // One file, in which each source has its place.
    const { text, offsets } = hooks.text();
    const spans = sources.flatMap(({ spans }, at) => spans.map(span => place(span, offsets[at])));
    const lasts = sources.map(({ line, text }) => line + text.split('\n').length - 1);
    const owner = line => sources.find((source, at) => line >= source.line && line <= lasts[at])?.index;
    const whole = { text, line: 1, column: 1, spans: spans.sort((a, b) => a.from - b.from || b.to - a.to), owner };
    pane.replaceChildren(...drawLines(model, whole, seen));
    return;
  }
  const parts = sources.flatMap(source => {
    const { function: name, file, line } = source,
      head = sources.length > 1 ? [html('div', { class: 'file' }, `${name} — ${file}:${line}`)] : [],
      spans = source.spans.map(span => place(span, 0));
    return [...head, ...drawLines(model, { ...source, spans, owner: () => source.index })];
  });
  pane.replaceChildren(...parts);
}

/** Forgets what was drawn; which blocks of it were in sight. */
function emptyListing() {
  const seen = listing.blocks[0]?.filled();
  listing.blocks.forEach(blocks => blocks.end());
  [listing.spans, listing.lines, listing.blocks] = [[], [], []];
  return seen;
}

/** Where a span is drawn, in a text in which its source begins there. */
function place(span, offset) {
  [span.from, span.to] = [span.start + offset, span.end + offset];
  return span;
}

/** The lines of a text, in blocks; `owner` says to which source a line belongs. */
function drawLines(model, { text: whole, line: first, column, spans, owner }, seen) {
  const texts = whole.split('\n'),
    indent = sharedIndent(texts, column);
  let start = 0;
  const lines = texts.map((text, offset) => {
    const line = first + offset,
      source = owner(line),
      cut = offset === 0 ? 0 : Math.min(indent, text.length - text.trimStart().length),
      nodes = source === undefined ? [] : nodesOfLine(model, source, line);
    const from = start + cut,
      end = start + text.replace(/\r$/, '').length;
    start += text.length + 1;
    return { source, line, from, end, element: null, ghost: null, nodes };
  });
  listing.lines.push(...lines);
  const blocks = blocksOf(
    lines.length,
    {
      draw: k => drawLine(model, lines[k], whole, spans),
      number: k => String(lines[k].line),
      text: k => visible(whole.slice(lines[k].from, lines[k].end)),
      gone: k => forgetLine(lines[k], spans),
      shown: () => paintSource(model),
    },
    seen,
  );
  listing.blocks.push(blocks);
  return blocks.elements;
}

function drawLine(model, line, whole, spans) {
  const stripe = line.source === undefined ? undefined : model.stripes.get(`${line.source} ${line.line}`);
  line.ghost = html('span', { class: 'ghost' });
  line.element = html(
    'div',
    { class: `line${stripe === undefined ? '' : ` stripe${stripe}`}` },
    html('span', { class: 'number' }, String(line.line)),
    html('span', { class: 'code' }, ...pieces(whole, spans, line.from, line.end)),
    line.ghost,
  );
  return line.element;
}

/** The line is folded, with the elements of the expressions in it. */
function forgetLine(line, spans) {
  for (const span of spans) {
    if (span.from < line.end && span.to > line.from)
      span.elements = span.elements.filter(element => element.isConnected);
  }
  [line.element, line.ghost] = [null, null];
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

/** Elements are nested no deeper; of the expressions further in only the innermost have elements. */
const DEEPEST = 24;

/** The text from `from` to `end` with a nested element for every span in it; spans that go on beyond are clipped. */
function pieces(text, spans, from, end) {
  const inside = spans.filter(span => span.from < end && span.to > from);
  const fill = (start, stop, candidates, depth) => {
    const parts = [];
    let at = start;
    for (let next = 0; next < candidates.length; ) {
      const span = candidates[next++];
      const [first, last] = [Math.max(span.from, at), Math.min(span.to, stop)];
      let inner = [];
      while (next < candidates.length && candidates[next].from < last) inner.push(candidates[next++]);
      if (first >= last) continue;
      if (depth === DEEPEST) inner = innermost(inner);
      parts.push(...highlighted(text.slice(at, first)));
      const element = html('span', { class: 'span', 'data-span': span.index }, ...fill(first, last, inner, depth + 1));
      span.elements.push(element);
      parts.push(element);
      at = last;
    }
    return [...parts, ...highlighted(text.slice(at, stop))];
  };
  return fill(from, end, inside, 0);
}

/** Those spans, in the order of their beginnings, with no other one in them. */
function innermost(spans) {
  return spans.filter((span, at) => !spans[at + 1] || spans[at + 1].from >= span.to);
}

function lineKey(node) {
  return node.site ? `${node.site.source} ${node.site.last}` : '';
}

/** The nodes of a line, those of calls on it among them: {node, by} in the order of creation. */
function nodesOfLine(model, source, line) {
  model.byLine ??= nodesByLine(model);
  return model.byLine.get(`${source} ${line}`) ?? [];
}

function nodesByLine(model) {
  const lines = new Map();
  const add = (key, one) => {
    if (!lines.has(key)) lines.set(key, []);
    lines.get(key).push(one);
  };
  for (const node of model.nodes) if (node.operation) add(lineKey(node), { node: node.index, by: node.index });
  for (const call of model.calls) {
    const { site, results, around } = call;
    for (const node of results) add(`${site.source} ${site.last}`, { node, by: node, call, around });
  }
  for (const nodes of lines.values()) nodes.sort((a, b) => a.node - b.node);
  return lines;
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
    if (span.elements.length === 0) continue;
    const names = ['span'];
    if (span.unused) names.push('unused');
    const defines = marked.some(node => owns(span, node));
    if (span === state.span) names.push('marked');
    else if (defines) names.push(state.span ? 'definition' : 'marked');
    if (current && owns(span, current)) names.push('current');
    const name = names.join(' ');
    span.elements.forEach(element => setClass(element, name));
  }
  for (const line of listing.lines) if (line.element && line.nodes.length > 0) paintLine(model, line, current);
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
