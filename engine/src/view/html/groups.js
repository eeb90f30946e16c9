// What of the graph is shown, and where: iterations of loops, calls, chains and arrays become frames with a layout of their
// own, and those that are closed a stack. Frames and stacks have ports for the values that come in and go out.

const FRAME = { side: 16, head: 44, foot: 14 };
/** A larger graph with loops starts with them closed. */
const MOST_EXPANDED = 60;
/** A stack with more values on one side than this has one port for all of them. */
const MOST_PORTS = 6;

function columnsOf(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
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
function boxSize(model, node, { wide }) {
  const symbol = node.operation ? Math.max(34, LAYOUT.advance * columnsOf(node.operation.symbol) + 18) : 0;
  const text = Math.max(wide ? 20 : 11, columnsOf(shortTitle(model, node, TITLE_COLUMNS)));
  return { width: Math.round(symbol + LAYOUT.advance * text + 26), height: LAYOUT.boxHeight };
}

function chipSize(text, withGradient) {
  const columns = Math.min(columnsOf(text), TITLE_COLUMNS) + (withGradient ? 13 : 0);
  return { width: Math.round(Math.max(36, LAYOUT.advance * columns + 22)), height: LAYOUT.chipHeight };
}

/**
 * The picture: {boxes, frames, stacks, edges, width, height, down}, all coordinates absolute. A box is {x, y, width,
 * height, node, chip} around its centre, where chip is null, {user, slot} or {user, slot, constant}; an edge is {route,
 * value, uses, whole}, where `uses` are those through which gradient flows along it.
 */
function arrange(model, view, down) {
  const picture = { boxes: [], frames: [], stacks: [], edges: [], down, flattened: new Set() };
  view = { ...view, flattened: picture.flattened };
  const all = model.nodes.map(node => node.index);
  const group = layGroup(model, view, { nodes: all, depth: 0, imports: [], exports: [], down });
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
    const frame = groupAt(view, model.nodes[index], depth);
    let key = `node ${index}`,
      made = { kind: 'node', node: index };
    if (frame) {
      const { loop, number, at } = frame,
        open = view.open(loop),
        all = view.expanded && loop.kind === 'loop';
      const side = all ? 0 : Math.sign(number - open);
      const common = { loop, depth: at + 1, nodes: [], imports: [], exports: [] };
      made =
        side === 0
          ? { kind: 'frame', number, ...common }
          : { kind: 'stack', side, first: number, last: number, ...common };
      key = `${loop.key} ${all ? number : side}`;
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
  const [ins, outs] = [new Map(), new Map()];
  const note = (sets, entity, list, index) => {
    if (!sets.has(entity)) sets.set(entity, new Set());
    if (!sets.get(entity).has(index)) {
      sets.get(entity).add(index);
      list.push(index);
    }
  };
  const leaves = index => {
    const entity = entityOf.get(index);
    if (entity && entity.kind !== 'node') note(outs, entity, entity.exports, index);
  };
  for (const index of nodes) {
    const entity = entityOf.get(index);
    for (const { node } of model.nodes[index].args) {
      if (node === undefined || (view.hubs.has(node) && !isCarried(model, view, node, index, depth))) continue;
      const used = standsFor(model, view, node);
      if (entityOf.get(used) === entity) continue;
      if (entity.kind !== 'node') note(ins, entity, entity.imports, used);
      leaves(used);
    }
  }
  exports.forEach(leaves);
  for (const { imports, exports: out } of entities) {
    [imports, out].forEach(list => list?.sort((a, b) => byTitle(model.nodes[a], model.nodes[b])));
  }
  return { entities, entityOf };
}

const NATURALLY = new Intl.Collator('en', { numeric: true });

/** Ports keep one order from iteration to iteration; `x[2]` stands before `x[10]`. */
function byTitle(a, b) {
  return NATURALLY.compare(titleOf(a), titleOf(b)) || a.index - b.index;
}

/** Lays out the nodes of a group. Iterations that depend on each other in a circle cannot be framed: their boxes stand free. */
function layGroup(model, view, group) {
  const laid = tryGroup(model, view, group);
  if (laid) return laid;
  const loops = group.nodes.map(index => groupAt(view, model.nodes[index], group.depth)?.loop).filter(loop => loop);
  if (loops.length === 0) return null;
  if (loops.some(({ kind }) => kind === 'deep')) return layGroup(model, { ...view, deep: null }, group);
  const circling = loops.filter(({ kind }) => kind === 'loop');
  for (const loop of circling.length > 0 ? circling : loops) view.flattened.add(loop);
  return layGroup(model, view, group);
}

/** The same; null where iterations depend on each other in a circle. */
function tryGroup(model, view, group) {
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
        uses: usesOf(model, view, index).filter(({ user }) => inside.has(user)),
      }),
    );
  });
  for (const entity of entities) {
    if (entity.kind === 'node') {
      const { width, height } = boxSize(model, model.nodes[entity.node], view);
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
      const uses = usesOf(model, view, index).filter(({ user }) => members.has(user));
      link(index, entity.item, entity.incoming(index), uses, true);
    }
  }
  exports.forEach((index, order) => {
    const uses = usesOf(model, view, index).filter(({ user }) => !inside.has(user));
    const port = add(...(down ? [64, 10] : [10, 22]), { pin: 'last', order, port: index, incoming: false, uses });
    link(index, port, 0, uses, true);
  });
  bundle(items, links);
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

/** Many arrows from one item to another become one, where neither end is a frame that shows where each of them goes. */
function bundle(items, links) {
  const parallel = new Map(),
    gone = new Set();
  for (const link of links) {
    const ends = [items[link.from].entity, items[link.to].entity];
    if (!ends.some(entity => entity?.kind === 'stack') || ends.some(entity => !entity || entity.kind === 'frame'))
      continue;
    const key = `${link.from} ${link.to}`;
    if (!parallel.has(key)) parallel.set(key, []);
    parallel.get(key).push(link);
  }
  for (const same of parallel.values()) {
    if (same.length <= MOST_PORTS / 2) continue;
    const [first, ...others] = same;
    const middle = property => same.reduce((sum, link) => sum + link[property], 0) / same.length;
    Object.assign(first, {
      out: middle('out'),
      into: middle('into'),
      uses: same.flatMap(({ uses }) => uses),
      whole: true,
      values: same.map(({ value }) => value),
    });
    others.forEach(link => gone.add(link));
  }
  links.splice(0, links.length, ...links.filter(link => !gone.has(link)));
}

/** An arrow that would pass through many layers becomes a small box at its end. */
function cutLongLinks(model, items, links, add) {
  const ranks = ranksOf(items, links) ?? [];
  for (const link of links) {
    if (link.whole || items[link.from].entity?.kind !== 'node' || !(ranks[link.to] - ranks[link.from] > LAYOUT.reach))
      continue;
    const title = titleOf(operandNode(model, link.uses[0])),
      { width, height } = chipSize(title, true);
    link.from = add(width, height, {
      entity: { kind: 'chip', node: operandNode(model, link.uses[0]).index, chip: link.uses[0], title },
    });
    link.out = 0;
  }
}

/** Nodes without arrows stand before a loop, not beside it. */
function pinLone(items, links) {
  const tied = new Set(links.flatMap(({ from, to }) => [from, to])),
    targets = new Set(links.map(({ to }) => to));
  if (!items.some(({ entity }, item) => entity?.nodes && !targets.has(item))) return;
  items.forEach((item, index) => {
    if (!tied.has(index) && (item.entity?.kind === 'node' || item.entity?.loop?.kind === 'array')) item.pin = 'first';
  });
}

/** The arrows into a node, and the small boxes of constants and of hubs. */
function linkOperands(model, view, { entity, items, links, add, link, down }) {
  const { index, args } = model.nodes[entity.node],
    { breadth } = items[entity.item];
  args.forEach(({ node: used, constant }, slot) => {
    const into = breadth * ((slot + 1) / (args.length + 1) - 0.5);
    if (used !== undefined && !view.hubs.has(used)) {
      link(standsFor(model, view, used), entity.item, into, [{ user: index, slot }], false);
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
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)
    ? `${shorten(text, TITLE_COLUMNS - 3 - format(constant).length)} = ${format(constant)}`
    : format(constant);
}

/** A group that is open, or a stack of iterations and other groups that are closed. */
function addLoop(model, view, { down }, entity, add) {
  const [side, head, foot] = [FRAME.side, FRAME.head, FRAME.foot];
  if (entity.kind === 'stack') {
    const room = list => (list.length > MOST_PORTS ? 1 : list.length);
    const ports = Math.max(room(entity.imports), room(entity.exports), 1);
    const columns = Math.max(...stackTitle(model, entity).map(columnsOf));
    const text = Math.round(LAYOUT.advance * columns + 28);
    const [width, height] = down
      ? [Math.max(168, text, ports * 64 + 20), 70]
      : [Math.max(136, text), Math.max(80, ports * 26 + 30)];
    const spread = list => index =>
      list.length > MOST_PORTS ? 0 : (list.indexOf(index) - (list.length - 1) / 2) * (down ? 64 : 26);
    entity.item = add(width, height, { entity });
    [entity.incoming, entity.outgoing] = [spread(entity.imports), spread(entity.exports)];
    return true;
  }
  const inner = layGroup(model, view, { ...entity, down });
  if (!inner) return false;
  const [width, height] = down ? [inner.breadth, inner.length] : [inner.length, inner.breadth];
  const title = Math.round(LAYOUT.advance * Math.max(...frameTitle(model, entity).map(columnsOf)) + 110);
  const frame = { width: Math.max(width + 2 * side, title), height: height + head + foot };
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

function operandNode(model, { user, slot }) {
  return model.nodes[model.nodes[user].args[slot].node];
}

/** Puts a group's items into the picture, its corner at (x, y); its ports belong to the frame around it. */
function emit(picture, group, x, y, around = null) {
  const { down } = group,
    position = ([along, across]) => (down ? [x + across, y + along] : [x + along, y + across]);
  const shift = down ? [y, x] : [x, y];
  for (const [number, { from, to, value, values, uses, whole }] of group.links.entries()) {
    const route = group.routes[number].map(([along, across]) => [along + shift[0], across + shift[1]]);
    // The head of an arrow belongs where a value is used, not where it passes a border.
    const head = group.items[to].entity?.kind === 'node' || group.items[to].entity?.kind === 'stack';
    picture.edges.push({
      route,
      value,
      values: values ?? [value],
      uses,
      whole,
      head,
      from: group.items[from].entity ?? null,
    });
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
      const frame = {
        ...place,
        loop: entity.loop,
        number: entity.number,
        nodes: entity.nodes,
        ports: [],
      };
      picture.frames.push(frame);
      emit(picture, entity.inner, cx - width / 2 + entity.offset[0], cy - height / 2 + entity.offset[1], frame);
    }
  });
}

/** The picture in the direction in which it is shown larger in a pane of this size. */
function arrangeToFit(model, view, paneWidth, paneHeight) {
  const choices = view.direction ? [view.direction === 'down'] : [false, true];
  const pictures = choices.map(down => arrange(model, view, down));
  const scale = ({ width, height }) => Math.min(paneWidth / width, paneHeight / height, 1.25);
  return pictures.reduce((best, other) => (scale(other) > scale(best) * 1.03 ? other : best));
}
