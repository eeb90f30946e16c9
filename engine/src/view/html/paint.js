// What changes on the graph from step to step. The elements stay, so that the focus does.

function isKnown(model, index) {
  return !model.nodes[index].operation || model.order[index] < derived.at.known;
}

/** A node's gradient as it is shown now: {text, sign, settled}. */
function shownGradient(model, index) {
  const { at, right, timeline } = derived;
  if (derived.tangents) return shownTangent(model, index);
  if (!at.gradients) return { text: '', sign: 'none', settled: true };
  const settled = model.nodes[index].uses.every(({ user }) => at.done[user] || !right.reached[user]);
  if (isHidden(index)) return { text: '∂ ?', sign: 'none', settled };
  const value = at.gradients[index],
    ideal = right.gradients[index];
  const finished = state.mistake && state.step === timeline.steps.length - 1;
  if (finished && Math.abs(value - ideal) > 1e-9 * Math.max(1, Math.abs(ideal))) {
    return { text: `∂ ${format(value)} ≠ ${format(ideal)}`, sign: 'wrong', settled };
  }
  return { text: `∂ ${format(value)}`, sign: signOf(value), settled };
}

/** Whether a finished pass has never come to a node: its 0 is no sum, but the absence of one. */
function isUnreached(index) {
  const { at, right, timeline, run } = derived;
  const finished = at.kind === 'overview' || state.step === timeline.steps.length - 1;
  return finished && !run.broken && !state.predict && Boolean(at.gradients) && !right.reached[index];
}

/** Paints what is drawn of the graph; or, of these items alone, what has just been drawn. */
function paintGraph(model, only = null) {
  const { at } = derived,
    marked = new Set([...state.hovered, ...(state.selected === null ? [] : [state.selected])]),
    near = new Set([...marked].flatMap(index => model.nodes[index].args.map(({ node }) => node))),
    shown = items => items.filter(item => item.isIn && (only === null || only.has(item)));
  for (const box of shown(drawn.boxes)) paintBox(model, box, marked, near);
  // Measured by the whole pass, so that an arrow keeps its width once it has one.
  const flowing = derived.tangents?.tangents ?? (at.gradients ? derived.right.gradients : null);
  const largest = flowing
    ? flowing.reduce((most, gradient) => (Number.isFinite(gradient) ? Math.max(most, Math.abs(gradient)) : most), 1e-300)
    : 1e-300;
  if (only === null) {
    drawn.labels.replaceChildren();
    drawn.labelled = [];
  }
  for (const item of shown(drawn.edges)) paintEdge(model, item, marked, largest);
  for (const stack of shown(drawn.stacks)) {
    paintStack(model, stack, marked);
    setAria(stack.element, `${writtenOn(stack.element)}: ${stack.does}`);
  }
  byId('graph-scroll').classList.toggle('with-marks', marked.size > 0);
}

/** A closed group: a call shows its result, an array its range. */
function paintStack(model, { element, value, gradient, note, more, loop, exports, nodes, members, count }, marked) {
  const here = [...marked].filter(index => members.has(index)).length,
    current = members.has(derived.at.node) && loop.kind !== 'loop';
  setClass(element, `stack${here > 0 ? ' marked' : ''}${current ? ' current' : ''}`);
  const operations = `${count} operation${count === 1 ? '' : 's'}`;
  if (loop.kind === 'loop' || loop.kind === 'deep')
    return setText(note, here > 0 ? `${operations}, ${here} here` : operations);
  const { values } = derived.run;
  let shown = { text: '', sign: 'none' };
  if (loop.kind === 'array') {
    setText(value, rangeOf(nodes.map(index => values[index])));
    const gradients = nodes.map(index => (derived.tangents?.tangents ?? derived.at.gradients)?.[index]);
    if (derived.tangents) shown = { text: `d ${rangeOf(gradients)}`, sign: 'none' };
    if (derived.at.gradients) shown = { text: nodes.some(isHidden) ? '∂ ?' : `∂ ${rangeOf(gradients)}`, sign: 'none' };
  } else {
    const results = loop.kind === 'call' ? loop.results : [nodes[nodes.length - 1]];
    const known = results.filter(index => isKnown(model, index));
    setText(
      value,
      results.length > 0 && known.length === results.length
        ? results.map(index => format(values[index])).join(', ')
        : results.length > 0
          ? '?'
          : '',
    );
    if (results.length === 1) shown = shownGradient(model, results[0]);
    else if (derived.at.gradients || derived.tangents)
      shown = { text: results.map(index => shownGradient(model, index).text).join(', '), sign: 'none' };
  }
  setText(gradient, shown.text);
  setClass(gradient, `gradient middle ${shown.sign}`);
  const place = nodes.indexOf(derived.at.node) + 1;
  const what = loop.kind === 'chain' ? `${count} times ${model.nodes[nodes[0]].operation.symbol}` : operations;
  return setText(note, loop.kind === 'array' ? more : place > 0 ? `${place} of ${what}` : what);
}

/** `−0.5 … 2`: the least and the greatest of numbers. */
function rangeOf(numbers) {
  const finite = numbers.filter(number => !Number.isNaN(number));
  if (finite.length === 0) return 'NaN';
  const [least, most] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
  const range = least === most ? format(least) : `${format(least, 3)} … ${format(most, 3)}`;
  return finite.length < numbers.length ? `${range}, NaN` : range;
}

function paintBox(model, { element, index, value, gradient, number, chip }, marked, near) {
  const { at } = derived;
  if (index === null) return setClass(element, 'box chip passive');
  const names = ['box'],
    node = model.nodes[index],
    known = isKnown(model, index),
    current = at.node === index && !chip;
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
    setText(
      gradient,
      share === null
        ? format(derived.run.values[index])
        : hidden
          ? '∂ ?'
          : `${derived.tangents ? 'd' : '∂'} ${share < 0 ? '' : '+'}${format(share)}`,
    );
    setClass(gradient, `end ${share === null || hidden ? 'none' : signOf(share)}`);
  } else {
    const shown = shownGradient(model, index);
    setText(value, known ? format(derived.run.values[index]) : '?');
    setText(gradient, shown.text);
    setClass(gradient, `gradient ${shown.sign}${shown.settled ? '' : ' growing'}`);
    setText(number, state.numbers && node.operation ? String(model.order[index] + 1) : '');
    const written = `${known} ${derived.run.values[index]} ${shown.text}`;
    if (element.written !== written) {
      element.written = written;
      setAria(element, ariaOf(model, element, node, shown), state.selected === index);
    } else setAria(element, element.label, state.selected === index);
  }
  setClass(element, names.join(' '));
}

/** What a box is called for those who do not see it: what is written on it, and what its form and place say. */
function ariaOf(model, element, node, { text }) {
  const how = node.operation ? node.operation.name : 'input',
    inner = iterationsOf(node).at(-1);
  const which = inner ? `, iteration ${inner.number + 1}` : '',
    unreached = text && isUnreached(node.index) ? ', never reached' : '';
  return `${writtenOn(element)}, ${how}${which}${unreached}`;
}

function writtenOn(element) {
  const texts = [...element.querySelectorAll('text')].map(({ textContent }) => textContent);
  return texts.filter(text => text !== '').join(' ');
}

function paintEdge(model, { edge, line, element }, marked, largest) {
  const { at } = derived,
    names = ['edge'];
  let share = null;
  if (at.shares) {
    for (const { user, slot } of edge.uses) {
      const one = at.shares[user]?.[slot] ?? null;
      if (one !== null) share = (share ?? 0) + one;
    }
    if (state.predict && edge.uses.some(use => isHidden(operandNode(model, use).index))) share = null;
  }
  let width = 1.5;
  if (share !== null && share !== 0) {
    names.push(signOf(share));
    width = 1.6 + 3 * Math.sqrt(Math.min(1, Math.abs(share) / largest));
  }
  const active = edge.uses.some(({ user }) => user === at.node) && !edge.whole;
  if (active && at.kind !== 'seed') names.push('active');
  const touches =
    marked.size > 0 && (edge.uses.some(({ user }) => marked.has(user)) || edge.values.some(value => marked.has(value)));
  if (touches) names.push('marked');
  setClass(element, names.join(' '));
  if (line.width !== width) line.setAttribute('stroke-width', tenth((line.width = width)));
  // In predict mode the factor is part of the answer.
  const passes = at.kind === 'backward' || (at.kind === 'forward' && derived.tangents);
  if (active && passes && edge.value !== null && !isHidden(operandNode(model, edge.uses[0]).index))
    labelEdge(edge);
}

/** The local derivative, on the arrow along which the gradient flows in this step; labels keep clear of each other. */
function labelEdge(edge) {
  // It has been out of sight, and keeps its label.
  if (drawn.labelled.some(other => other.edge === edge)) return;
  const {
    route,
    uses: [{ user, slot }],
  } = edge;
  const text = `×${format(derived.run.partials[user][slot])}`,
    width = LAYOUT.advance * text.length + 12;
  const [from, to] = [route[route.length - 3], route[route.length - 2]];
  const [along, across] = [from[0] + 0.55 * (to[0] - from[0]), from[1] + 0.6 * (to[1] - from[1])],
    { down } = derived.picture;
  let [x, y] = down ? [across, along] : [along, across];
  // Moved until it is clear of all others: two numbers that touch read as one.
  for (let moved = true, round = 0; moved && round < 20; round += 1) {
    moved = false;
    for (const other of drawn.labelled) {
      if (Math.abs(x - other.x) >= (width + other.width) / 2 + 3 || Math.abs(y - other.y) >= 22) continue;
      if (down) x = other.x + (x < other.x ? -1 : 1) * ((width + other.width) / 2 + 3.5);
      else y = other.y + (y < other.y ? -22.5 : 22.5);
      moved = true;
      if (round > 8) y = Math.max(...drawn.labelled.map(label => label.y)) + 23;
    }
  }
  drawn.labelled.push({ x, y, width, edge });
  drawn.labels.append(
    svg(
      'g',
      { transform: `translate(${tenth(x)} ${tenth(y)})` },
      svg('rect', { x: -width / 2, y: -10, width, height: 20, rx: 5 }),
      svg('text', { class: 'middle', y: 4 }, text),
    ),
  );
}

/** Scrolls a box into view, if it is not. */
function showBox(index) {
  const item = itemOf(index),
    pane = byId('graph-scroll'),
    root = pane.firstElementChild;
  if (!item) return;
  const [corner, around] = [root.getBoundingClientRect(), pane.getBoundingClientRect()];
  const [left, top, right, bottom] = item.reach.map(place => (place + MARGIN) * drawn.scale);
  // Out of sight or close to the border: to the middle.
  const outside = (low, high, from, to) => (low < from + 24 || high > to - 24 ? (low + high - from - to) / 2 : 0);
  const across = outside(corner.left + left, corner.left + right, around.left, around.right),
    along = outside(corner.top + top, corner.top + bottom, around.top, around.bottom);
  if (across === 0 && along === 0) return;
  pane.scrollBy(across, along);
  drawNear();
}
