// The page begins here: the trace is read, the panes are drawn, and every action ends in one of three refreshments.

/** The trace that is shown: another one if the program has run again. */
let model = null;

/** Ties everything that differs with the inputs, the picture, or the step. */
const refresh = {
  /** The step has changed, or what is marked. */
  paint() {
    derived.at = replay(model, derived.run, derived.timeline, state.step, state.mistake);
    const {
      at,
      run: { broken },
    } = derived;
    if (state.overview) Object.assign(at, { kind: 'overview', node: undefined, changes: [] });
    if (derived.tangents) at.shares = derived.tangents.shares.map((shares, index) => (isKnown(model, index) ? shares : null));
    if (broken) {
      at.known = Math.min(at.known, knownBefore(broken.after));
      if (at.kind !== 'forward') at.node = undefined;
    }
    paintGraph(model);
    paintSource(model);
    paintAdjoint(model);
    paintInputs(model);
    paintCard(model);
    paintNode(model);
    paintControls(model);
  },
  /** What is marked has changed, and nothing else. */
  marks() {
    paintGraph(model);
    paintSource(model);
    paintAdjoint(model);
    paintNode(model);
  },
  /** Other iterations are open, or the window has another size. */
  layout({ again = false } = {}) {
    const pane = byId('graph-scroll'),
      view = viewOf(model);
    // The picture keeps its direction while it is looked at; another size of the pane is another choice.
    if (derived.picture && !again && derived.size === sizeOfPane())
      view.direction ??= derived.picture.down ? 'down' : 'right';
    derived.size = sizeOfPane();
    derived.picture = arrangeToFit(model, view, pane.clientWidth - 8 - 2 * MARGIN, pane.clientHeight - 8 - 2 * MARGIN);
    drawGraph(model, actions);
    refresh.paint();
    drawMap();
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
  remembering = setTimeout(() => {
    try {
      const fragment = fragmentOf(model);
      history.replaceState(null, '', hooks.address ? hooks.address(fragment) : fragment);
    } catch {
      // A page in a `srcdoc` frame has no address of its own.
    }
  }, 300);
}
let remembering;

const actions = {
  go(step, anywhere = false) {
    const last = derived.timeline.steps.length - 1;
    let target = Math.max(0, Math.min(step, last));
    // In predict mode a step that asks must be answered, or its number shown, before the next.
    if (state.predict && !anywhere && target > state.step) target = upToQuestion(state.step, target);
    const asked = target < Math.min(step, last);
    state.overview = false;
    state.step = target;
    const { node } = derived.timeline.steps[state.step];
    derived.focus = node;
    const moved = node !== undefined && [closeBehind(model, node), openAround(model, node)].some(Boolean);
    if (moved) refresh.layout();
    else refresh.paint();
    if (node !== undefined) showBox(node);
    if (state.step === last || asked) actions.pause();
    if (asked) byId('step').querySelector('.prediction input')?.focus();
    remember();
  },
  next() {
    actions.go(state.overview ? Math.min(1, derived.timeline.steps.length - 1) : state.step + 1);
  },
  back() {
    actions.go(state.overview ? state.step : state.step - 1);
  },
  overview() {
    if (state.predict) return;
    actions.pause();
    state.overview = true;
    state.step = derived.timeline.steps.length - 1;
    derived.focus = undefined;
    if (closeAll()) refresh.layout();
    else refresh.paint();
    remember();
  },
  play() {
    if (state.playing !== null) {
      actions.pause();
      return;
    }
    if (state.overview || state.step === derived.timeline.steps.length - 1) actions.go(0);
    state.playing = setInterval(() => actions.next(), 900);
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
    state.row = null;
    refresh.marks();
  },
  /** Points at a statement of the adjoint. */
  point(nodes, row) {
    state.hovered = nodes;
    state.span = null;
    state.row = row;
    refresh.marks();
  },
  /** Marks a whole path. */
  mark(nodes) {
    state.hovered = nodes;
    state.span = null;
    paintGraph(model);
    paintSource(model);
  },
  /** Pins a node, opens what hides it, and scrolls to it. */
  find(index) {
    state.selected = index;
    derived.focus = index;
    // In a deep recursion the calls further in close, or all of them would be frames.
    const deep = deepAround(model, index) !== null && closeBehind(model, index);
    if (openAround(model, index) || deep) refresh.layout();
    else refresh.marks();
    showBox(index);
    remember();
  },
  zoom(scale, x, y) {
    zoomTo(scale, x, y);
    remember();
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
    state.open.set(loop.key, Math.max(loop.kind === 'loop' ? 0 : -1, Math.min(number, loop.turns - 1)));
    derived.opened.delete(loop);
    refresh.layout();
    remember();
  },
  /** The iteration before or after, of the innermost loop that is in sight. */
  turn(direction) {
    const current = derived.at.node ?? state.selected,
      around = current === undefined || current === null ? [] : iterationsOf(model.nodes[current]);
    const loop = around.at(-1)?.loop ?? derived.picture.frames.findLast(frame => frame.loop.kind === 'loop')?.loop;
    if (loop && !state.expanded) actions.iteration(loop, viewOf(model).open(loop) + direction);
  },
  toggle(flag) {
    if (flag === 'expanded' && model.loops.length === 0) return;
    state[flag] = !state[flag];
    if (flag === 'tangents') return actions.forwardMode();
    if (flag === 'predict') leaveForwardMode();
    if (flag === 'predict') {
      state.revealed.clear();
      predictions.clear();
      // What the end of the pass shows is what is to be predicted.
      const { forward, seeds, steps } = derived.timeline;
      if (state.predict && seeds && (state.overview || state.step === steps.length - 1)) state.step = forward + seeds;
      state.overview = false;
    }
    const { node } = state.overview ? {} : derived.timeline.steps[state.step];
    if (flag === 'expanded' && node !== undefined) openAround(model, node);
    if (flag === 'expanded') refresh.layout({ again: true });
    else if (flag === 'present' || flag === 'adjoint') {
      paintControls(model);
      refresh.layout();
    } else refresh.paint();
    if (flag === 'expanded' && node !== undefined) showBox(node);
    remember();
  },
  /** Forward mode has begun or ended: there are other steps, and neither questions nor mistakes. */
  forwardMode() {
    const { node } = state.overview ? {} : derived.timeline.steps[state.step];
    Object.assign(state, { predict: false, mistake: null });
    recompute(model);
    const { steps } = derived.timeline,
      step = steps.findIndex(one => one.node === node && node !== undefined);
    state.step = step < 0 ? steps.length - 1 : step;
    if (step < 0) state.overview = true;
    refresh.layout();
    remember();
  },
  /** The input that moves. */
  along(index) {
    state.along = index;
    refresh.values();
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
    if (mistake) state.tangents = false;
    recompute(model);
    if (mistake) {
      state.step = derived.timeline.steps.length - 1;
      state.overview = false;
    }
    refresh.layout();
    remember();
  },
  nextMistake() {
    const choices = [null, ...Object.keys(MISTAKES)];
    actions.mistake(choices[(choices.indexOf(state.mistake) + 1) % choices.length]);
  },
  change(index, value) {
    if (hooks.change) return hooks.change(index, value);
    if (Object.is(value, model.nodes[index].value)) state.changed.delete(index);
    else state.changed.set(index, value);
    refresh.values();
    return remember();
  },
  reset() {
    state.changed.clear();
    refresh.values();
    remember();
  },
  output(result) {
    state.output = result;
    recompute(model);
    state.step = derived.timeline.steps.length - 1;
    refresh.paint();
    remember();
  },
  /** A try, or a hint: the card shows what came of it. */
  asked(index) {
    paintCard(model);
    byId('step').querySelector(`[data-predict="${index}"]`)?.focus();
  },
  reveal(index, verdict) {
    state.revealed.set(index, derived.at.touched[index]);
    state.verdict = { ...verdict, step: state.step };
    refresh.paint();
  },
};

/** Predict mode asks for gradients. */
function leaveForwardMode() {
  if (!state.tangents) return;
  state.tangents = false;
  recompute(model);
  state.step = derived.timeline.steps.length - 1;
}

/** The step at which predict mode stops on the way to a later one. */
function upToQuestion(from, to) {
  const { steps } = derived.timeline;
  for (let step = from; step < to; step += 1) {
    if (steps[step].kind !== 'backward') continue;
    const asks = ({ node }) => node !== undefined && (state.revealed.get(node) ?? -1) < step;
    if (model.nodes[steps[step].node].args.some(asks)) return step;
  }
  return to;
}

/** Whether all iterations side by side can be read without scrolling. */
function fitsExpanded() {
  const pane = byId('graph-scroll');
  const { width, height } = arrangeToFit(
    model,
    { ...viewOf(model), expanded: true },
    pane.clientWidth,
    pane.clientHeight,
  );
  return width * SCALE.least <= pane.clientWidth && height * SCALE.least <= pane.clientHeight;
}

/** Shows a trace. What the reader has chosen is that of the address. */
function open(data, fragment) {
  model = readTrace(data);
  const { nodes, sources, outputs, loops } = model;
  derived.hubs = undefined;
  // Stripes follow the lines, so that neighbours differ; an operation's number is its place in the topological order.
  const lines = [...new Set(nodes.filter(node => node.operation && node.site).map(lineKey))];
  // In the order of the static pictures, so that a line has one colour everywhere.
  const placeOfLine = key => key.split(' ').map(Number);
  lines.sort((a, b) => {
    const [[one, line], [other, otherLine]] = [placeOfLine(a), placeOfLine(b)];
    const [file, otherFile] = [sources[one].file, sources[other].file];
    return file < otherFile ? -1 : file > otherFile ? 1 : line - otherLine;
  });
  model.stripes = new Map(lines.map((line, index) => [line, index % STRIPES]));
  model.order = new Int32Array(nodes.length);
  nodes.filter(node => node.operation).forEach((node, order) => (model.order[node.index] = order));
  Object.assign(INITIAL, {
    output: outputs.length === 1 ? 0 : 'all',
    predict: false,
    tangents: false,
    numbers: false,
    present: false,
    embed: false,
    adjoint: hooks.adjoint && !/[#&]present=1/.test(fragment),
    expanded: false,
  });
  derived.callsOpen = nodes.length <= MOST_EXPANDED;
  state.expanded = false;
  INITIAL.expanded = loops.length > 0 && nodes.length <= MOST_EXPANDED && fitsExpanded();
  const { file, line } = sources[0];
  byId('function').textContent = visible(model.function);
  byId('file').textContent = `${visible(file)}:${line} · ${nodes.length} nodes`;
  readFragment(model, fragment);
  drawSource(model, actions);
  drawInputs(model, actions);
}

/** Listens to the reader, once. */
function listen() {
  drawHelp();
  listenToButtons();
  listenToKeys();
  listenToSource();
  listenToPane();
  listenToSplitter();
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

/** Shows what the state says; without a step in the address, the overview. */
function show(fragment = location.hash) {
  recompute(model);
  if (!/[#&]step=/.test(fragment))
    state.step =
      state.predict && derived.timeline.seeds
        ? derived.timeline.forward + derived.timeline.seeds
        : derived.timeline.steps.length - 1;
  const { node } = state.overview ? {} : derived.timeline.steps[state.step];
  const asked = isGroupChosen();
  derived.focus = node ?? state.selected ?? undefined;
  for (const index of [node, state.selected])
    if (index !== undefined && index !== null && !asked) openAround(model, index);
  derived.at = replay(model, derived.run, derived.timeline, state.step, state.mistake);
  paintControls(model);
  refresh.layout({ again: true });
  // A warning that has appeared takes its room from the pane.
  if (sizeOfPane() !== derived.size) refresh.layout({ again: true });
  const { broken } = derived.run;
  // Where inputs lead elsewhere, the last that is computed is next to the reason.
  const last = broken && model.nodes.findLast(({ operation, index }) => operation && index < broken.after);
  if (last) openAround(model, last.index) && refresh.layout();
  if (last) showBox(last.index);
  else if (node !== undefined) showBox(node);
  else showStart();
}

