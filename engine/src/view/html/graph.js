// The pane of the graph. `drawGraph` makes the elements of a picture, `paintGraph` sets what changes from step to step:
// elements stay, so that the focus does.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: attributes, `on…` listeners, children that are elements or text. Text never becomes markup. */
function make(namespace, name, attributes, children) {
  const element = namespace ? document.createElementNS(namespace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}
const svg = (name, attributes = {}, ...children) => make(SVG, name, attributes, children);
const html = (name, attributes = {}, ...children) => make(null, name, attributes, children);
const byId = id => document.getElementById(id);

const drawn = { boxes: [], edges: [], stacks: [], scale: 1 };
const STRIPES = 7, MARGIN = 16, SCALE = { narrowest: 0.66, least: 0.8, most: 1.25 };

/** Sets a class or text only where it differs: a step touches few elements. */
function setClass(element, name) {
  if (element.shownClass !== name) element.setAttribute('class', (element.shownClass = name));
}
function setText(element, text) {
  if (element.shownText !== text) element.textContent = element.shownText = text;
}
function setAria(element, label, pressed) {
  if (element.label !== label) element.setAttribute('aria-label', (element.label = label));
  if (element.pressed !== pressed) element.setAttribute('aria-pressed', (element.pressed = pressed));
}
function signOf(value) {
  return value > 0 ? 'plus' : value < 0 ? 'minus' : Number.isNaN(value) ? 'nan' : 'none';
}

function drawGraph(model, act) {
  const pane = byId('graph-scroll'), { picture } = derived, focus = document.activeElement?.dataset?.key;
  const scale = Math.min((pane.clientWidth - 8) / (picture.width + 2 * MARGIN), (pane.clientHeight - 8) / (picture.height + 2 * MARGIN));
  // What does not fit is scrolled downwards, if possible not sideways.
  const narrow = Math.max(SCALE.narrowest, Math.min(SCALE.least, (pane.clientWidth - 8) / (picture.width + 2 * MARGIN)));
  drawn.scale = Math.max(narrow === SCALE.narrowest ? SCALE.least : narrow, Math.min(SCALE.most, scale));
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN];
  const root = svg('svg', {
    width: Math.round(width * drawn.scale), height: Math.round(height * drawn.scale),
    viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, role: 'group', 'aria-label': 'computation graph',
  });
  picture.frames.forEach(({ x, y, width, height }) => root.append(svg('rect', {
    class: 'ground', x: tenth(x - width / 2), y: tenth(y - height / 2), width: tenth(width), height: tenth(height), rx: 12,
  })));
  drawn.edges = picture.edges.map(edge => drawEdge(picture, edge));
  root.append(...drawn.edges.map(({ element }) => element));
  picture.frames.forEach(frame => root.append(
    drawFrameHead(frame, act), ...frame.ports.map(port => drawPort(model, port, picture.down))));
  drawn.stacks = picture.stacks.map(stack => drawStack(stack, act));
  root.append(...drawn.stacks.map(({ element }) => element));
  drawn.boxes = picture.boxes.map(box => (box.chip ? drawChip(model, box, act) : drawBox(model, box, act)));
  root.append(...drawn.boxes.map(({ element }) => element));
  drawn.labels = svg('g', { class: 'labels', 'aria-hidden': 'true' });
  root.append(drawn.labels);
  pane.replaceChildren(root);
  if (focus) root.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

function drawFrameHead({ x, y, width, height, loop, number }, act) {
  const [left, top] = [x - width / 2, y - height / 2];
  const button = (offset, text, label, target) => {
    const disabled = target < 0 || target >= loop.iterations;
    return svg('g', {
      class: `button${disabled ? ' disabled' : ''}`, role: 'button', tabindex: disabled ? null : 0, 'aria-disabled': disabled,
      'aria-label': label, 'data-key': `loop ${loop.index} ${text}`,
      transform: `translate(${tenth(left + width - offset)} ${tenth(top + 9)})`,
      onclick: () => disabled || act.iteration(loop, target),
    }, svg('rect', { width: 28, height: 24, rx: 6 }), svg('text', { x: 14, y: 17, class: 'middle' }, text));
  };
  return svg('g', { class: 'frame-head' },
    svg('text', { class: 'title', x: tenth(left + 14), y: tenth(top + 20) }, `iteration ${number + 1} of ${loop.iterations}`),
    svg('text', { class: 'small', x: tenth(left + 14), y: tenth(top + 34) }, `line ${loop.site.line}`),
    state.expanded ? null : [
      button(74, '‹', 'previous iteration', number - 1), button(42, '›', 'next iteration', number + 1)]);
}

/** A port is called as the value is where it is used; else by the value's name. */
function portTitle(model, value, uses) {
  const isName = text => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && [...text].length <= 8;
  const called = uses.map(({ user, slot }) => operandText(model, model.nodes[user], slot)).find(isName);
  return called ?? (model.nodes[value].name ? shorten(titleOf(model.nodes[value]), 8) : '');
}

function drawPort(model, { x, y, value, incoming, uses }, down) {
  const text = down ? { x: x + 8, y: y + 4 } : { x: incoming ? x - 2 : x + 2, y: y - 7, class: 'small middle' };
  return svg('g', { class: 'port' },
    svg('circle', { cx: tenth(x), cy: tenth(y), r: 3.5 }),
    svg('text', { class: 'small', ...text, x: tenth(text.x), y: tenth(text.y) }, portTitle(model, value, uses)));
}

function drawStack({ x, y, width, height, loop, side, first, last, nodes }, act) {
  const open = side > 0 ? first : last, count = last - first + 1;
  const cards = count > 2 ? [8, 4, 0] : count > 1 ? [4, 0] : [0];
  const note = svg('text', { class: 'small middle', x: tenth(x), y: tenth(y + 15) });
  const element = svg('g', {
    class: 'stack', role: 'button', tabindex: 0, 'data-key': `stack ${loop.index} ${side}`,
    'aria-label': `open iterations ${first + 1} to ${last + 1}`, onclick: () => act.iteration(loop, open),
  },
  cards.map(shift => svg('rect', {
    x: tenth(x - width / 2 + shift), y: tenth(y - height / 2 - shift), width, height, rx: 10,
  })),
  svg('text', { class: 'title middle', x: tenth(x), y: tenth(y - 2) }, count > 1 ? `iter ${first + 1}–${last + 1}` : `iter ${first + 1}`),
  note);
  return { element, note, members: new Set(nodes), count: nodes.length };
}

function drawEdge({ down }, edge) {
  const [x, y] = edge.route[edge.route.length - 1];
  const end = down ? `${tenth(y)} ${tenth(x)}` : `${tenth(x)} ${tenth(y)}`;
  const line = svg('path', { class: 'line', d: curve(edge.route, down) });
  const head = edge.head ? svg('path', { class: 'head', d: down ? `M${end}l-4.5 -8h9z` : `M${end}l-8 -4.5v9z` }) : null;
  return { edge, line, element: svg('g', { class: 'edge' }, line, head) };
}

/** What all boxes answer to. */
function boxListeners(index, act) {
  return {
    onpointerenter: () => act.hover([index]), onpointerleave: () => act.hover([]), onfocus: () => act.hover([index]),
    onblur: () => act.hover([]), onclick: () => act.select(index),
  };
}

function drawBox(model, { x, y, width, height, node: index }, act) {
  const node = model.nodes[index], symbol = node.operation?.symbol;
  const symbolWidth = node.operation ? Math.max(34, ADVANCE * columnsOf(symbol) + 18) : 4;
  const left = symbolWidth + 8, line = model.stripes.get(lineKey(node));
  const title = svg('text', { class: node.name ? 'name' : 'expression', x: left, y: 18 }, shorten(titleOf(node), TITLE_COLUMNS));
  const [value, gradient] = [svg('text', { class: 'value', x: left, y: 34 }), svg('text', { x: left, y: 50 })];
  const number = svg('text', { class: 'small end', x: width - 5, y: 12 });
  const element = svg('g', {
    'data-key': `node ${index}`, 'data-node': index, role: 'button', tabindex: 0,
    transform: `translate(${tenth(x - width / 2)} ${tenth(y - height / 2)})`, ...boxListeners(index, act),
  },
  svg('rect', { class: 'body', width, height, rx: 9 }),
  line === undefined || !node.operation ? null : svg('path', {
    class: `stripe stripe${line}`, d: `M8 .8h-.5a7 7 0 0 0 -6.8 7v${height - 15.6}a7 7 0 0 0 6.8 7h.5z`,
  }),
  symbol ? svg('text', { class: `symbol middle${symbol.length > 1 ? ' word' : ''}`, x: (symbolWidth + 8) / 2, y: 35 }, symbol) : null,
  title, value, gradient, number);
  return { element, index, value, gradient, number, chip: null };
}

function drawChip(model, { x, y, width, height, node: index, chip, title }, act) {
  const isConstant = index === null;
  const text = svg('text', { class: isConstant ? 'constant' : 'name', x: isConstant ? width / 2 : 11, y: 17 }, shorten(title, TITLE_COLUMNS));
  const gradient = svg('text', { class: 'end', x: width - 10, y: 17 });
  const element = svg('g', {
    'data-key': isConstant ? null : `use ${chip.user} ${chip.slot}`, 'data-node': index, role: isConstant ? null : 'button',
    tabindex: isConstant ? null : 0, transform: `translate(${tenth(x - width / 2)} ${tenth(y - height / 2)})`,
    ...(isConstant ? {} : boxListeners(index, act)),
  },
  svg('rect', { class: 'body', width, height, rx: 13 }), text, isConstant ? null : gradient);
  if (isConstant) text.classList.add('middle');
  return { element, index, value: null, gradient, chip };
}

// ── Painting ─────────────────────────────────────────────────────────────────────────────────────

function isKnown(model, index) {
  return !model.nodes[index].operation || model.order[index] < derived.at.known;
}

/** A node's gradient as it is shown now: {text, sign, settled}. */
function shownGradient(model, index) {
  const { at, right, timeline } = derived;
  if (!at.gradients) return { text: '', sign: 'none', settled: true };
  const settled = model.nodes[index].uses.every(({ user }) => at.done[user] || !right.reached[user]);
  if (isHidden(index)) return { text: '∂ ?', sign: 'none', settled };
  const value = at.gradients[index], ideal = right.gradients[index];
  const finished = state.mistake && state.step === timeline.steps.length - 1;
  if (finished && Math.abs(value - ideal) > 1e-9 * Math.max(1, Math.abs(ideal))) {
    return { text: `∂ ${format(value)} ≠ ${format(ideal)}`, sign: 'wrong', settled };
  }
  return { text: `∂ ${format(value)}`, sign: signOf(value), settled };
}

function paintGraph(model) {
  const { at } = derived, marked = new Set([...state.hovered, ...(state.selected === null ? [] : [state.selected])]);
  const near = new Set([...marked].flatMap(index => model.nodes[index].args.map(({ node }) => node)));
  for (const box of drawn.boxes) paintBox(model, box, marked, near);
  // Measured by the whole pass, so that an arrow keeps its width once it has one.
  const largest = Math.max(1e-300, ...(at.gradients ? derived.right.gradients : []).filter(Number.isFinite).map(Math.abs));
  drawn.labels.replaceChildren();
  drawn.labelled = [];
  for (const item of drawn.edges) paintEdge(model, item, marked, largest);
  for (const { element, note, members, count } of drawn.stacks) {
    const here = [...marked].filter(index => members.has(index)).length;
    setClass(element, `stack${here > 0 ? ' marked' : ''}`);
    setText(note, here > 0 ? `${count} operations, ${here} here` : `${count} operations`);
  }
  byId('graph-scroll').classList.toggle('with-marks', marked.size > 0);
}

function paintBox(model, { element, index, value, gradient, number, chip }, marked, near) {
  const { at } = derived;
  if (index === null) return setClass(element, 'box chip passive');
  const names = ['box'], node = model.nodes[index], known = isKnown(model, index), current = at.node === index && !chip;
  if (chip) names.push('chip');
  else if (!node.operation) names.push('input');
  if (!known) names.push('waiting');
  if (marked.has(index)) names.push('marked');
  if (near.has(index)) names.push('near');
  if (state.selected === index) names.push('pinned');
  if (current) names.push('current');
  if (chip) {
    const share = at.shares?.[chip.user]?.[chip.slot] ?? null;
    const hidden = share !== null && isHidden(index);
    setText(gradient, share === null ? format(derived.run.values[index]) : hidden ? '∂ ?' : `∂ ${share < 0 ? '' : '+'}${format(share)}`);
    setClass(gradient, `end ${share === null || hidden ? 'none' : signOf(share)}`);
  } else {
    const shown = shownGradient(model, index);
    setText(value, known ? format(derived.run.values[index]) : '?');
    setText(gradient, shown.text);
    setClass(gradient, `gradient ${shown.sign}${shown.settled ? '' : ' growing'}`);
    setText(number, state.numbers && node.operation ? String(model.order[index] + 1) : '');
    setAria(element, ariaOf(model, node, known, shown), state.selected === index);
  }
  setClass(element, names.join(' '));
}

function ariaOf(model, node, known, { text }) {
  const value = known ? format(derived.run.values[node.index]) : 'not computed yet';
  const how = node.operation ? `${node.operation.name}, ` : 'input, ';
  return `${labelOf(model, node)}, ${how}${value}${text ? `, gradient ${text.slice(2)}` : ''}`;
}

function paintEdge(model, { edge, line, element }, marked, largest) {
  const { at } = derived, names = ['edge'];
  let share = null;
  if (at.shares) {
    for (const { user, slot } of edge.uses) {
      const one = at.shares[user]?.[slot] ?? null;
      if (one !== null) share = (share ?? 0) + one;
    }
    if (edge.value !== null && isHidden(edge.value)) share = null;
  }
  let width = 1.5;
  if (share !== null && share !== 0) {
    names.push(signOf(share));
    width = 1.6 + 3 * Math.sqrt(Math.min(1, Math.abs(share) / largest));
  }
  const active = edge.uses.some(({ user }) => user === at.node) && !edge.whole;
  if (active && at.kind !== 'seed') names.push('active');
  const touches = edge.uses.some(({ user }) => marked.has(user)) || (edge.value !== null && marked.has(edge.value));
  if (touches) names.push('marked');
  setClass(element, names.join(' '));
  if (line.width !== width) line.setAttribute('stroke-width', tenth(line.width = width));
  if (active && at.kind === 'backward' && edge.value !== null) labelEdge(edge);
}

/** The local derivative, on the arrow along which the gradient flows in this step; labels keep clear of each other. */
function labelEdge({ route, uses: [{ user, slot }] }) {
  const text = `×${format(derived.run.partials[user][slot])}`, width = ADVANCE * text.length + 12;
  const [from, to] = [route[route.length - 3], route[route.length - 2]];
  const [along, across] = [from[0] + 0.55 * (to[0] - from[0]), from[1] + 0.6 * (to[1] - from[1])], { down } = derived.picture;
  let [x, y] = down ? [across, along] : [along, across];
  for (const other of drawn.labelled) {
    if (Math.abs(x - other.x) >= (width + other.width) / 2 + 3 || Math.abs(y - other.y) >= 22) continue;
    if (down) x = other.x + (x < other.x ? -1 : 1) * ((width + other.width) / 2 + 3);
    else y = other.y + (y < other.y ? -22 : 22);
  }
  drawn.labelled.push({ x, y, width });
  drawn.labels.append(svg('g', { transform: `translate(${tenth(x)} ${tenth(y)})` },
    svg('rect', { x: -width / 2, y: -10, width, height: 20, rx: 5 }), svg('text', { class: 'middle', y: 4 }, text)));
}

/** Scrolls a box into view, if it is not. */
function showBox(index) {
  const element = drawn.boxes.find(box => box.index === index && !box.chip)?.element, pane = byId('graph-scroll');
  if (!element) return;
  const [box, around] = [element.getBoundingClientRect(), pane.getBoundingClientRect()];
  // Out of sight or close to the border: to the middle.
  const outside = (low, high, from, to) => (low < from + 24 || high > to - 24 ? (low + high - from - to) / 2 : 0);
  const left = outside(box.left, box.right, around.left, around.right), top = outside(box.top, box.bottom, around.top, around.bottom);
  if (left !== 0 || top !== 0) pane.scrollBy(left, top);
}
