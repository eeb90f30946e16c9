// The page begins here: the trace is read, the panes are drawn, and every action ends in one of three refreshments.

const model = readTrace(JSON.parse(byId('trace').textContent));

/** Ties everything that differs with the inputs, the picture, or the step. */
const refresh = {
  /** The step has changed, or what is marked. */
  paint() {
    derived.at = replay(model, derived.run, derived.timeline, state.step, state.mistake);
    const {
      at,
      run: { broken },
    } = derived;
    if (broken) {
      at.known = Math.min(at.known, knownBefore(broken.after));
      if (at.kind !== 'forward') at.node = undefined;
    }
    paintGraph(model);
    paintSource(model);
    paintInputs(model);
    paintCard(model);
    paintNode(model);
    paintControls(model);
  },
  /** What is marked has changed, and nothing else. */
  marks() {
    paintGraph(model);
    paintSource(model);
    paintNode(model);
  },
  /** Other iterations are open, or the window has another size. */
  layout() {
    const pane = byId('graph-scroll');
    derived.size = sizeOfPane();
    derived.picture = arrangeToFit(
      model,
      viewOf(model),
      pane.clientWidth - 8 - 2 * MARGIN,
      pane.clientHeight - 8 - 2 * MARGIN,
    );
    drawGraph(model, actions);
    refresh.paint();
  },
  /** The inputs are others, or the output, or the mistake. */
  values() {
    recompute(model);
    refresh.paint();
  },
};

function sizeOfPane() {
  const { clientWidth, clientHeight } = byId('graph-scroll');
  return `${clientWidth} ${clientHeight}`;
}

/** How many operations stand before a node. */
function knownBefore(index) {
  return model.nodes.filter(node => node.operation && node.index < index).length;
}

/** Writes the state into the address; rarely, since browsers object to addresses that change with every frame. */
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, '', fragmentOf(model)), 300);
}
let remembering;

const actions = {
  go(step) {
    const last = derived.timeline.steps.length - 1;
    state.step = Math.max(0, Math.min(step, last));
    const { node } = derived.timeline.steps[state.step];
    if (node !== undefined && openAround(model, node)) refresh.layout();
    else refresh.paint();
    if (node !== undefined) showBox(node);
    if (state.step === last) actions.pause();
    remember();
  },
  play() {
    if (state.playing !== null) {
      actions.pause();
      return;
    }
    if (state.step === derived.timeline.steps.length - 1) actions.go(0);
    state.playing = setInterval(() => actions.go(state.step + 1), 900);
    refresh.paint();
  },
  pause() {
    if (state.playing === null) return;
    clearInterval(state.playing);
    state.playing = null;
    paintControls(model);
  },
  hover(nodes, span = null) {
    state.hovered = nodes;
    state.span = span;
    refresh.marks();
  },
  select(index) {
    state.selected = state.selected === index ? null : index;
    refresh.marks();
    remember();
  },
  /** Selects the next or previous node, and opens what hides it. */
  browse(direction) {
    const count = model.nodes.length,
      from = state.selected ?? (direction > 0 ? -1 : count);
    state.selected = (from + direction + count) % count;
    if (openAround(model, state.selected)) refresh.layout();
    else refresh.marks();
    showBox(state.selected);
    remember();
  },
  escape() {
    state.selected = null;
    state.hovered = [];
    state.span = null;
    refresh.marks();
    remember();
  },
  iteration(loop, number) {
    state.open.set(loop.index, Math.max(0, Math.min(number, loop.iterations - 1)));
    refresh.layout();
    remember();
  },
  /** The iteration before or after, of the innermost loop that is in sight. */
  turn(direction) {
    const current = derived.at.node ?? state.selected,
      around = current === undefined || current === null ? [] : model.nodes[current].frames;
    const loop = around.at(-1)?.loop ?? derived.picture.frames.at(-1)?.loop;
    if (loop && !state.expanded) actions.iteration(loop, viewOf(model).open(loop) + direction);
  },
  toggle(flag) {
    if (flag === 'expanded' && model.loops.length === 0) return;
    state[flag] = !state[flag];
    if (flag === 'predict') state.revealed.clear();
    if (flag === 'expanded') refresh.layout();
    else refresh.paint();
    remember();
  },
  direction() {
    state.direction = derived.picture.down ? 'right' : 'down';
    refresh.layout();
    remember();
  },
  theme() {
    const dark = state.theme ? state.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    state.theme = dark ? 'light' : 'dark';
    refresh.paint();
    remember();
  },
  mistake(mistake) {
    state.mistake = mistake;
    recompute(model);
    if (mistake) state.step = derived.timeline.steps.length - 1;
    refresh.layout();
    remember();
  },
  nextMistake() {
    const choices = [null, ...Object.keys(MISTAKES)];
    actions.mistake(choices[(choices.indexOf(state.mistake) + 1) % choices.length]);
  },
  change(index, value) {
    if (Object.is(value, model.nodes[index].value)) state.changed.delete(index);
    else state.changed.set(index, value);
    refresh.values();
    remember();
  },
  reset() {
    state.changed.clear();
    refresh.values();
    remember();
  },
  output(node) {
    state.output = node;
    recompute(model);
    state.step = derived.timeline.steps.length - 1;
    refresh.paint();
    remember();
  },
  reveal(index, verdict) {
    state.revealed.set(index, derived.at.touched[index]);
    state.verdict = { ...verdict, step: state.step };
    refresh.paint();
  },
};

function begin() {
  const { nodes, sources, outputs, loops } = model;
  // Stripes follow the lines, so that neighbours differ; an operation's number is its place in the topological order.
  const lines = [...new Set(nodes.filter(node => node.operation && node.site).map(lineKey))];
  lines.sort((a, b) => a.split(' ')[0] - b.split(' ')[0] || a.split(' ')[1] - b.split(' ')[1]);
  model.stripes = new Map(lines.map((line, index) => [line, index % STRIPES]));
  model.order = new Int32Array(nodes.length);
  nodes.filter(node => node.operation).forEach((node, order) => (model.order[node.index] = order));
  Object.assign(INITIAL, {
    output: outputs.find(({ node }) => node !== undefined)?.node,
    predict: false,
    numbers: false,
    expanded: loops.length > 0 && nodes.length <= MOST_EXPANDED,
  });
  const { file, line } = sources[0];
  byId('function').textContent = visible(model.function);
  byId('file').textContent = `${visible(file)}:${line} · ${nodes.length} nodes`;
  readFragment(model, location.hash);
  drawSource(model, actions);
  drawInputs(model, actions);
  drawHelp();
  listenToButtons();
  listenToKeys();
  show();
  addEventListener('hashchange', () => {
    readFragment(model, location.hash);
    show();
  });
  let waiting = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => sizeOfPane() === derived.size || refresh.layout());
  }).observe(byId('graph-scroll'));
}

/** Shows what the state says; without a step in the address, the end of both passes. */
function show() {
  recompute(model);
  if (!/[#&]step=/.test(location.hash)) state.step = derived.timeline.steps.length - 1;
  const { node } = derived.timeline.steps[state.step];
  const asked = [...state.open.keys()].length > 0;
  for (const index of [node, state.selected])
    if (index !== undefined && index !== null && !asked) openAround(model, index);
  derived.at = replay(model, derived.run, derived.timeline, state.step, state.mistake);
  refresh.layout();
  if (node !== undefined) showBox(node);
}

begin();
