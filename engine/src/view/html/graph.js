// The pane of the graph: the elements of a picture. What changes from step to step on them is painted by `paint.js`.

const drawn = { boxes: [], edges: [], stacks: [], layers: null, scale: 1 };
const STRIPES = 7,
  MARGIN = 16,
  SCALE = { narrowest: 0.66, whole: 0.7, least: 0.8, most: 1.25 },
  /** In a presentation boxes are read from the last row, and a large picture is scrolled. */
  PRESENTED = { least: 1.15, most: 3 },
  ZOOM = { least: 0.005, most: 4, step: 1.2 };

/**
 * Puts the picture into its pane. Of a large one only what is near the window is drawn, by `drawNear`, since a page with
 * thousands of boxes is slow.
 */
function drawGraph(model, act) {
  const pane = byId('graph-scroll'),
    { picture } = derived,
    focus = document.activeElement?.dataset?.key;
  drawn.scale = state.zoom ?? usualScale();
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN];
  const list = (places, draw) => places.map(place => ({ place, reach: reachOf(place), element: null, isIn: false, draw }));
  const layer = items => ({ items, group: svg('g') });
  drawn.grounds = list(picture.frames, frame => ({ element: drawGround(frame) }));
  drawn.heads = list(picture.frames, frame => ({ element: drawFrame(model, frame, act, picture.down) }));
  drawn.edges = picture.edges.map(edge => ({ edge, reach: reachOfRoute(edge.route, picture.down), element: null, isIn: false, draw: () => drawEdge(picture, edge) }));
  drawn.stacks = list(picture.stacks, stack => drawStack(model, stack, act)).map(item => Object.assign(item, ofStack(item.place)));
  drawn.boxes = list(picture.boxes, box => (box.chip ? drawChip(model, box, act) : drawBox(model, box, act))).map(item =>
    Object.assign(item, { index: item.place.node, chip: item.place.chip }),
  );
  drawn.layers = [drawn.grounds, drawn.edges, drawn.heads, drawn.stacks, drawn.boxes].map(layer);
  drawn.count = drawn.layers.reduce((sum, { items }) => sum + items.length, 0);
  drawn.labels = svg('g', { class: 'labels', 'aria-hidden': 'true' });
  const root = svg(
    'svg',
    {
      width: Math.round(width * drawn.scale),
      height: Math.round(height * drawn.scale),
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      role: 'group',
      'aria-label': 'computation graph',
    },
    drawn.layers.map(({ group }) => group),
    drawn.labels,
  );
  const { scrollLeft, scrollTop } = pane;
  pane.replaceChildren(root);
  if (scrollLeft > 0 || scrollTop > 0) pane.scrollTo(scrollLeft, scrollTop);
  drawNear({ paints: false });
  if (focus) root.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

/** A picture of fewer boxes, arrows and frames is drawn as a whole. */
const FEW = 400;

/** Left, top, right and bottom of what is drawn at a place. */
function reachOf({ x, y, width, height }) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function reachOfRoute(route, down) {
  const reach = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [along, across] of route) {
    const [x, y] = down ? [across, along] : [along, across];
    reach[0] = Math.min(reach[0], x);
    reach[1] = Math.min(reach[1], y);
    reach[2] = Math.max(reach[2], x);
    reach[3] = Math.max(reach[3], y);
  }
  return reach;
}

/** Draws what is near the window, and takes away what is not. `whole` draws everything, as for a file or a printer. */
function drawNear({ whole = false, paints = true } = {}) {
  if (!drawn.layers) return;
  const added = [],
    [left, top, right, bottom] = whole || drawn.count <= FEW ? EVERYWHERE : windowOfPicture(),
    focused = itemWithFocus();
  for (const { items, group } of drawn.layers) {
    let next = group.firstChild;
    items.forEach((item, at) => {
      const { reach } = item;
      const near = reach[0] <= right && reach[2] >= left && reach[1] <= bottom && reach[3] >= top;
      // The Tab key goes on to the box after the one with the focus, and back to the one before.
      if (near || (items === focused?.items && Math.abs(at - focused.at) <= 1)) {
        if (item.isIn) next = item.element.nextSibling;
        else {
          if (!item.element) Object.assign(item, item.draw(item.place));
          group.insertBefore(item.element, next);
          item.isIn = true;
          added.push(item);
        }
      } else if (item.isIn) {
        if (next === item.element) next = next.nextSibling;
        item.element.remove();
        item.isIn = false;
      }
    });
  }
  if (paints && added.length > 0) paintGraph(model, new Set(added));
}

const EVERYWHERE = [-Infinity, -Infinity, Infinity, Infinity];

/** What of the picture is in the window, and as much again around it. */
function windowOfPicture() {
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = byId('graph-scroll'),
    { scale } = drawn;
  const [left, top] = [scrollLeft / scale - MARGIN, scrollTop / scale - MARGIN],
    [width, height] = [clientWidth / scale, clientHeight / scale];
  return [left - width / 2, top - height / 2, left + 1.5 * width, top + 1.5 * height];
}

/** Which item has the focus: its layer, and its place there. */
function itemWithFocus() {
  const { activeElement } = document;
  if (!activeElement?.closest?.('#graph-scroll g')) return null;
  for (const { items } of drawn.layers) {
    const at = items.findIndex(({ isIn, element }) => isIn && element.contains(activeElement));
    if (at >= 0) return { items, at };
  }
  return null;
}

/** The box of a node, or the stack that holds it. */
function itemOf(index) {
  return (
    drawn.boxes.find(box => box.index === index && !box.chip) ?? drawn.stacks.find(({ members }) => members.has(index))
  );
}

function drawGround({ x, y, width, height }) {
  return svg('rect', {
    class: 'ground',
    x: tenth(x - width / 2),
    y: tenth(y - height / 2),
    width: tenth(width),
    height: tenth(height),
    rx: 12,
  });
}

function drawFrame(model, frame, act, down) {
  return svg('g', {}, drawFrameHead(model, frame, act), ...frame.ports.map(port => drawPort(model, port, down)));
}

function drawFrameHead(model, { x, y, width, height, loop, number }, act) {
  const [left, top] = [x - width / 2, y - height / 2],
    [title, where] = frameTitle(model, { loop, number });
  const button = (offset, text, label, target) => {
    const disabled = loop.kind === 'loop' && (target < 0 || target >= loop.turns);
    return svg(
      'g',
      {
        class: `button${disabled ? ' disabled' : ''}`,
        role: 'button',
        tabindex: disabled ? null : 0,
        'aria-disabled': disabled,
        'aria-label': label,
        'data-key': `${loop.key} ${text}`,
        transform: `translate(${tenth(left + width - offset)} ${tenth(top + 9)})`,
        onclick: () => disabled || act.iteration(loop, target),
      },
      svg('rect', { width: 28, height: 24, rx: 6 }),
      svg('text', { x: 14, y: 17, class: 'middle' }, text),
    );
  };
  return svg(
    'g',
    { class: 'frame-head' },
    svg('text', { class: 'title', x: tenth(left + 14), y: tenth(top + 20) }, title),
    svg('text', { class: 'small', x: tenth(left + 14), y: tenth(top + 34) }, where),
    loop.kind !== 'loop'
      ? button(42, '−', `close ${title}`, -1)
      : state.expanded
        ? null
        : [button(74, '‹', 'previous iteration', number - 1), button(42, '›', 'next iteration', number + 1)],
  );
}

/** A port is called as the value is where it is used; else by the value's name. */
function portTitle(model, value, uses) {
  const { loop } = model.nodes[value].frames[0] ?? {};
  if (loop?.kind === 'array' && openOf(loop) !== 0) return shorten(oneLine(loop.title), 8);
  const isName = text => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && [...text].length <= 8;
  const called = uses.map(({ user, slot }) => operandText(model, model.nodes[user], slot)).find(isName);
  const { name, path } = model.nodes[value];
  // Of `body.velocity.x` what tells it from its neighbours.
  if (!called && path) return shorten(/[^.]*\.?[^.]*$/.exec(titleOf(model.nodes[value]))[0], 10);
  return called ?? (name ? shorten(titleOf(model.nodes[value]), 8) : '');
}

function drawPort(model, { x, y, value, incoming, uses }, down) {
  const text = down ? { x: x + 8, y: y + 4 } : { x: incoming ? x - 2 : x + 2, y: y - 7, class: 'small middle' };
  return svg(
    'g',
    { class: 'port' },
    svg('circle', { cx: tenth(x), cy: tenth(y), r: 3.5 }),
    svg('text', { class: 'small', ...text, x: tenth(text.x), y: tenth(text.y) }, portTitle(model, value, uses)),
  );
}

function drawStack(model, stack, act) {
  const { x, y, width, height, loop, side, first, last, nodes, exports } = stack;
  const isRow = loop.kind === 'loop' || loop.kind === 'deep';
  const open = loop.kind !== 'loop' ? 0 : side > 0 ? first : last,
    count = last - first + 1,
    [title, more] = stackTitle(model, stack);
  const cards = loop.kind === 'call' ? [0] : count > 2 || loop.kind !== 'loop' ? [8, 4, 0] : count > 1 ? [4, 0] : [0];
  const row = (at, name) => svg('text', { class: `${name} middle`, x: tenth(x), y: tenth(y + at) });
  const [value, gradient, note] = [row(5, 'value'), row(20, ''), row(isRow ? 15 : 32, 'small')];
  const heading = row(isRow ? -2 : -12, 'title');
  heading.textContent = title;
  const element = svg(
    'g',
    {
      class: 'stack',
      role: 'button',
      tabindex: 0,
      'data-key': `stack ${loop.key} ${side}`,
      onclick: () => (loop.kind === 'deep' ? act.find(side > 0 ? nodes[0] : nodes.at(-1)) : act.iteration(loop, open)),
      onpointerenter: () => exports.length > 0 && loop.kind !== 'loop' && act.hover(exports.slice(0, 1)),
      onpointerleave: () => act.hover([]),
    },
    cards.map(shift =>
      svg('rect', {
        x: tenth(x - width / 2 + shift),
        y: tenth(y - height / 2 - shift),
        width,
        height,
        rx: 10,
      }),
    ),
    ...apart(heading, value, gradient, note),
  );
  const does = loop.kind === 'loop' ? `open iterations ${first + 1} to ${last + 1}` : 'open';
  return { element, does, value, gradient, note, more };
}

/** What is known of a stack before it is drawn. */
function ofStack({ loop, exports, nodes }) {
  return { loop, exports, nodes, members: new Set(nodes), count: nodes.length };
}

function drawEdge({ down }, edge) {
  const [x, y] = edge.route[edge.route.length - 1];
  const end = down ? `${tenth(y)} ${tenth(x)}` : `${tenth(x)} ${tenth(y)}`;
  const line = svg('path', { class: 'line', d: curve(edge.route, down) });
  const head = edge.head ? svg('path', { class: 'head', d: down ? `M${end}l-4.5 -8h9z` : `M${end}l-8 -4.5v9z` }) : null;
  return { line, element: svg('g', { class: 'edge' }, line, head) };
}

/** What all boxes answer to. */
function boxListeners(index, act) {
  return {
    onpointerenter: () => act.hover([index]),
    onpointerleave: () => act.hover([]),
    onfocus: () => act.hover([index]),
    onblur: () => act.hover([]),
    onclick: () => act.select(index),
  };
}

function drawBox(model, { x, y, width, height, node: index }, act) {
  const node = model.nodes[index],
    symbol = node.operation?.symbol;
  const symbolWidth = node.operation ? Math.max(34, LAYOUT.advance * columnsOf(symbol) + 18) : 4;
  const left = symbolWidth + 8,
    line = model.stripes.get(lineKey(node));
  const title = svg(
    'text',
    { class: node.name ? 'name' : 'expression', x: left, y: 18 },
    node.path ? titleInStruct(node) : shortTitle(model, node, TITLE_COLUMNS),
  );
  const [value, gradient] = [svg('text', { class: 'value', x: left, y: 34 }), svg('text', { x: left, y: 50 })];
  const number = svg('text', { class: 'small end', x: width - 5, y: 12 });
  const element = svg(
    'g',
    {
      class: node.operation ? 'box' : 'box input',
      'data-key': `node ${index}`,
      'data-node': index,
      role: 'button',
      tabindex: 0,
      transform: `translate(${tenth(x - width / 2)} ${tenth(y - height / 2)})`,
      ...boxListeners(index, act),
    },
    columnsOf(titleOf(node)) > TITLE_COLUMNS ? svg('title', {}, titleOf(node)) : null,
    svg('rect', { class: 'body', width, height, rx: 9 }),
    line === undefined || !node.operation
      ? null
      : svg('path', {
          class: `stripe stripe${line}`,
          d: `M8 .8h-.5a7 7 0 0 0 -6.8 7v${height - 15.6}a7 7 0 0 0 6.8 7h.5z`,
        }),
    symbol
      ? svg(
          'text',
          { class: `symbol middle${symbol.length > 1 ? ' word' : ''}`, x: (symbolWidth + 8) / 2, y: 35 },
          symbol,
        )
      : null,
    ' ',
    ...apart(title, value, gradient, number),
  );
  return { element, value, gradient, number };
}

/** The title of a number in a struct: its own name stands out. */
function titleInStruct(node) {
  const [path, key] = nameInStruct(node, TITLE_COLUMNS);
  return [svg('tspan', { class: 'path' }, path), svg('tspan', {}, key)];
}

/** Texts that stand apart, and are read so. */
function apart(...texts) {
  return texts.flatMap(text => [text, ' ']);
}

function drawChip(model, { x, y, width, height, node: index, chip, title }, act) {
  const isConstant = index === null;
  const text = svg(
    'text',
    { class: isConstant ? 'constant' : 'name', x: isConstant ? width / 2 : 11, y: 17 },
    shorten(title, TITLE_COLUMNS),
  );
  const gradient = svg('text', { class: 'end', x: width - 10, y: 17 });
  const element = svg(
    'g',
    {
      class: isConstant ? 'box chip passive' : 'box chip',
      'data-key': isConstant ? null : `use ${chip.user} ${chip.slot}`,
      'data-node': index,
      role: isConstant ? null : 'button',
      tabindex: isConstant ? null : 0,
      transform: `translate(${tenth(x - width / 2)} ${tenth(y - height / 2)})`,
      ...(isConstant ? {} : boxListeners(index, act)),
    },
    svg('rect', { class: 'body', width, height, rx: 13 }),
    text,
    isConstant ? null : gradient,
  );
  if (isConstant) text.classList.add('middle');
  return { element, value: null, gradient };
}
