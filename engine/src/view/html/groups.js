// What of the graph is shown, and where: iterations of loops become frames with a layout of their own, and those that are
// closed a stack. Frames and stacks have ports for the values that come in and go out.

const FRAME = { side: 16, head: 44, foot: 14 };
/** A larger graph with loops starts with them closed. */
const MOST_EXPANDED = 60;

function columnsOf(text) {
  let columns = 0;
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  return columns;
}

const TITLE_COLUMNS = 18;

/** Width and height of a node's box. The numbers on it may change; there is room for them, and for a second gradient. */
function boxSize(node, { wide }) {
  const symbol = node.operation ? Math.max(34, LAYOUT.advance * columnsOf(node.operation.symbol) + 18) : 0;
  const text = Math.max(wide ? 20 : 11, columnsOf(shorten(titleOf(node), TITLE_COLUMNS)));
  return { width: Math.round(symbol + LAYOUT.advance * text + 26), height: LAYOUT.boxHeight };
}

function chipSize(text, withGradient) {
  const columns = Math.min(columnsOf(text), TITLE_COLUMNS) + (withGradient ? 12 : 0);
  return { width: Math.round(Math.max(36, LAYOUT.advance * columns + 22)), height: LAYOUT.chipHeight };
}

/**
 * The picture: {boxes, frames, stacks, edges, width, height, down}, all coordinates absolute. A box is {x, y, width,
 * height, node, chip} around its centre, where chip is null, {user, slot} or {user, slot, constant}; an edge is {route,
 * value, uses, whole}, where `uses` are those through which gradient flows along it.
 */
function arrange(model, view, down) {
  const picture = { boxes: [], frames: [], stacks: [], edges: [], down };
  const all = model.nodes.map(node => node.index);
  const group = layGroup(model, view, { nodes: all, depth: 0, imports: [], exports: [], down });
  if (!group) return null;
  emit(picture, group, 0, 0);
  const [width, height] = down ? [group.breadth, group.length] : [group.length, group.breadth];
  return { ...picture, width, height };
}

/** The node boxes, frames and stacks of a group, with what goes in and out of each. */
function entitiesOf(model, view, { nodes, depth, exports }) {
  const entities = [],
    entityOf = new Map(),
    known = new Map();
  for (const index of nodes) {
    const frame = view.flat ? undefined : model.nodes[index].frames[depth];
    let key = `node ${index}`,
      made = { kind: 'node', node: index };
    if (frame) {
      const { loop, number } = frame,
        open = view.open(loop);
      const side = Math.sign(number - open);
      made =
        view.expanded || side === 0
          ? { kind: 'frame', loop, number, nodes: [], imports: [], exports: [] }
          : { kind: 'stack', loop, side, first: number, last: number, nodes: [], imports: [], exports: [] };
      key = `${loop.index} ${view.expanded ? number : side}`;
    }
    if (!known.has(key)) {
      known.set(key, made);
      entities.push(made);
    }
    const entity = known.get(key);
    entityOf.set(index, entity);
    if (entity.kind === 'node') continue;
    entity.nodes.push(index);
    if (entity.kind === 'stack') {
      entity.first = Math.min(entity.first, frame.number);
      entity.last = Math.max(entity.last, frame.number);
    }
  }
  const note = (list, index) => list.includes(index) || list.push(index);
  const leaves = index => {
    const entity = entityOf.get(index);
    if (entity && entity.kind !== 'node') note(entity.exports, index);
  };
  for (const index of nodes) {
    const entity = entityOf.get(index);
    for (const { node: used } of model.nodes[index].args) {
      if (used === undefined || view.hubs.has(used) || entityOf.get(used) === entity) continue;
      if (entity.kind !== 'node') note(entity.imports, used);
      leaves(used);
    }
  }
  exports.forEach(leaves);
  for (const { imports, exports: out } of entities) {
    [imports, out].forEach(list => list?.sort((a, b) => byTitle(model.nodes[a], model.nodes[b])));
  }
  return { entities, entityOf };
}

/** Ports keep one order from iteration to iteration. */
function byTitle(a, b) {
  const [left, right] = [titleOf(a), titleOf(b)];
  return left < right ? -1 : left > right ? 1 : a.index - b.index;
}

/** Lays out the nodes of a group; null where iterations depend on each other in a circle and cannot be framed. */
function layGroup(model, view, group) {
  const { down, imports, exports } = group;
  const { entities, entityOf } = entitiesOf(model, view, group);
  const items = [],
    links = [],
    portOf = new Map(),
    inside = new Set(group.nodes);
  const add = (width, height, item) => {
    items.push({ length: down ? height : width, breadth: down ? width : height, width, height, ...item });
    return items.length - 1;
  };
  imports.forEach((index, order) => {
    portOf.set(
      index,
      add(...(down ? [64, 10] : [10, 22]), {
        pin: 'first',
        order,
        port: index,
        incoming: true,
        uses: model.nodes[index].uses.filter(({ user }) => inside.has(user)),
      }),
    );
  });
  for (const entity of entities) {
    if (entity.kind === 'node') {
      const { width, height } = boxSize(model.nodes[entity.node], view);
      entity.item = add(width, height, { entity });
    } else if (!addLoop(model, view, group, entity, add)) {
      return null;
    }
  }
  const from = index => {
    const entity = entityOf.get(index);
    if (!entity) return { item: portOf.get(index), out: 0 };
    return { item: entity.item, out: entity.kind === 'node' ? 0 : entity.outgoing(index) };
  };
  const link = (index, to, into, uses, whole) => {
    const { item, out } = from(index);
    links.push({ from: item, to, out, into, value: index, uses, whole });
  };
  for (const entity of entities) {
    if (entity.kind === 'node') {
      linkOperands(model, view, { entity, items, links, add, link, down });
      continue;
    }
    const members = new Set(entity.nodes);
    for (const index of entity.imports) {
      const uses = model.nodes[index].uses.filter(({ user }) => members.has(user));
      link(index, entity.item, entity.incoming(index), uses, true);
    }
  }
  exports.forEach((index, order) => {
    const uses = model.nodes[index].uses.filter(({ user }) => !inside.has(user));
    const port = add(...(down ? [64, 10] : [10, 22]), { pin: 'last', order, port: index, incoming: false, uses });
    link(index, port, 0, uses, true);
  });
  cutLongLinks(model, items, links, add);
  pinLone(items, links);
  const layout = layered(items, links, down ? LAYOUT.layerGapDown : LAYOUT.layerGapRight);
  if (!layout) return null;
  // Arrows that end at a frame go on to its port.
  links.forEach(({ from, to, value }, number) => {
    const route = layout.routes[number],
      reach = items[from].entity?.reach,
      into = items[to].entity?.reach;
    if (reach) route[0] = [route[0][0] - reach(value, false), route[0][1]];
    if (into) route[route.length - 1] = [route[route.length - 1][0] + into(value, true), route[route.length - 1][1]];
  });
  return { ...layout, items, links, down };
}

/** An arrow that would pass through many layers becomes a small box at its end. */
function cutLongLinks(model, items, links, add) {
  const ranks = ranksOf(items, links) ?? [];
  for (const link of links) {
    if (link.whole || items[link.from].entity?.kind !== 'node' || !(ranks[link.to] - ranks[link.from] > LAYOUT.reach))
      continue;
    const title = titleOf(model.nodes[link.value]),
      { width, height } = chipSize(title, true);
    link.from = add(width, height, { entity: { kind: 'chip', node: link.value, chip: link.uses[0], title } });
    link.out = 0;
  }
}

/** Nodes without arrows stand before a loop, not beside it. */
function pinLone(items, links) {
  const tied = new Set(links.flatMap(({ from, to }) => [from, to])),
    targets = new Set(links.map(({ to }) => to));
  if (!items.some(({ entity }, item) => entity?.nodes && !targets.has(item))) return;
  items.forEach((item, index) => {
    if (!tied.has(index) && item.entity?.kind === 'node') item.pin = 'first';
  });
}

/** The arrows into a node, and the small boxes of constants and of hubs. */
function linkOperands(model, view, { entity, items, links, add, link, down }) {
  const { index, args } = model.nodes[entity.node],
    { breadth } = items[entity.item];
  args.forEach(({ node: used, constant }, slot) => {
    const into = breadth * ((slot + 1) / (args.length + 1) - 0.5);
    if (used !== undefined && !view.hubs.has(used)) {
      link(used, entity.item, into, [{ user: index, slot }], false);
      return;
    }
    const title = used === undefined ? constantTitle(model, model.nodes[index], slot) : titleOf(model.nodes[used]);
    const { width, height } = chipSize(title, used !== undefined);
    const chip = { user: index, slot, constant: used === undefined ? constant : undefined };
    const from = add(width, height, { entity: { kind: 'chip', node: used ?? null, chip, title } });
    links.push({
      from,
      to: entity.item,
      out: 0,
      into,
      value: used ?? null,
      uses: used === undefined ? [] : [{ user: index, slot }],
      whole: false,
    });
  });
}

/** A constant's number; before it its name in the source, if it has one. */
function constantTitle(model, node, slot) {
  const { constant } = node.args[slot],
    text = operandText(model, node, slot);
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && [...text].length <= 10
    ? `${text} = ${format(constant)}`
    : format(constant);
}

/** An iteration that is open, or a stack of those that are closed. */
function addLoop(model, view, { depth, down }, entity, add) {
  const [side, head, foot] = [FRAME.side, FRAME.head, FRAME.foot];
  if (entity.kind === 'stack') {
    const ports = Math.max(entity.imports.length, entity.exports.length, 1);
    const [width, height] = down ? [Math.max(168, ports * 64 + 20), 56] : [136, Math.max(80, ports * 26 + 30)];
    const spread = list => index => (list.indexOf(index) - (list.length - 1) / 2) * (down ? 64 : 26);
    entity.item = add(width, height, { entity });
    [entity.incoming, entity.outgoing] = [spread(entity.imports), spread(entity.exports)];
    return true;
  }
  const inner = layGroup(model, view, { ...entity, depth: depth + 1, down });
  if (!inner) return false;
  const [width, height] = down ? [inner.breadth, inner.length] : [inner.length, inner.breadth];
  const frame = { width: Math.max(width + 2 * side, 250), height: height + head + foot };
  entity.inner = inner;
  entity.offset = [(frame.width - width) / 2, head];
  entity.item = add(frame.width, frame.height, { entity });
  const centre = (index, incoming) =>
    inner.centres[inner.items.findIndex(({ port, incoming: direction }) => port === index && direction === incoming)];
  // How far inside the frame a port is.
  entity.reach = (index, incoming) => {
    const along = centre(index, incoming)[0] + entity.offset[down ? 1 : 0];
    return incoming ? along : (down ? frame.height : frame.width) - along;
  };
  const port = (index, incoming) => {
    const across = centre(index, incoming)[1];
    return down ? across + entity.offset[0] - frame.width / 2 : across + head - frame.height / 2;
  };
  entity.incoming = index => port(index, true);
  entity.outgoing = index => port(index, false);
  return true;
}

/** Puts a group's items into the picture, its corner at (x, y); its ports belong to the frame around it. */
function emit(picture, group, x, y, around = null) {
  const { down } = group,
    position = ([along, across]) => (down ? [x + across, y + along] : [x + along, y + across]);
  const shift = down ? [y, x] : [x, y];
  for (const [number, { from, to, value, uses, whole }] of group.links.entries()) {
    const route = group.routes[number].map(([along, across]) => [along + shift[0], across + shift[1]]);
    // The head of an arrow belongs where a value is used, not where it passes a border.
    const head = group.items[to].entity?.kind === 'node' || group.items[to].entity?.kind === 'stack';
    picture.edges.push({ route, value, uses, whole, head, from: group.items[from].entity ?? null });
  }
  group.items.forEach((item, number) => {
    const [cx, cy] = position(group.centres[number]),
      { width, height, entity } = item;
    const place = { x: cx, y: cy, width, height };
    if (item.port !== undefined)
      around.ports.push({ ...place, value: item.port, incoming: item.incoming, uses: item.uses });
    else if (entity.kind === 'node') picture.boxes.push({ ...place, node: entity.node, chip: null });
    else if (entity.kind === 'chip')
      picture.boxes.push({ ...place, node: entity.node, chip: entity.chip, title: entity.title });
    else if (entity.kind === 'stack') picture.stacks.push({ ...place, ...entity });
    else {
      const frame = { ...place, loop: entity.loop, number: entity.number, nodes: entity.nodes, ports: [] };
      picture.frames.push(frame);
      emit(picture, entity.inner, cx - width / 2 + entity.offset[0], cy - height / 2 + entity.offset[1], frame);
    }
  });
}

/** The picture in the direction in which it is shown larger in a pane of this size. */
function arrangeToFit(model, view, paneWidth, paneHeight) {
  const choices = view.direction ? [view.direction === 'down'] : [false, true];
  const pictures = choices.map(down => arrange(model, view, down) ?? arrange(model, { ...view, flat: true }, down));
  const scale = ({ width, height }) => Math.min(paneWidth / width, paneHeight / height, 1.25);
  return pictures.reduce((best, other) => (scale(other) > scale(best) * 1.03 ? other : best));
}
