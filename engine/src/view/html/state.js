// What the reader has chosen, and how the address tells it.

const state = {
  step: 0,
  selected: null,
  hovered: [],
  span: null,
  changed: new Map(),
  open: new Map(),
  expanded: false,
  direction: null,
  theme: null,
  predict: false,
  mistake: null,
  numbers: false,
  output: undefined,
  revealed: new Map(),
  playing: null,
};

/** What follows from the state: computed by `recompute`, drawn by `relayout` and `repaint`. */
const derived = { run: null, right: null, timeline: null, at: null, view: null, picture: null };

/** Bring everything up to date after inputs, output or mistake have changed. */
function recompute(model) {
  derived.run = compute(model, state.changed);
  derived.right = gradientsOf(model, derived.run, state.output);
  derived.timeline = timelineOf(model, state.output, derived.right.reached, state.mistake);
  state.step = Math.max(0, Math.min(state.step, derived.timeline.steps.length - 1));
}

function viewOf(model) {
  return {
    expanded: state.expanded,
    direction: state.direction,
    wide: state.mistake !== null,
    flat: false,
    open: loop => Math.min(state.open.get(loop.index) ?? 0, loop.iterations - 1),
    hubs: (derived.hubs ??= new Set(model.nodes.filter(node => isHub(model, node.index)).map(node => node.index))),
  };
}

/** Opens the iterations around a node; whether anything had to be opened. */
function openAround(model, index) {
  let opened = false;
  for (const { loop, number } of model.nodes[index].frames) {
    if (state.expanded || viewOf(model).open(loop) === number) continue;
    state.open.set(loop.index, number);
    opened = true;
  }
  return opened;
}

/** Whether the iterations around a node are open. */
function isShown(model, node) {
  const { open } = viewOf(model);
  return state.expanded || node.frames.every(({ loop, number }) => open(loop) === number);
}

/** Whether predict mode still hides a node's gradient. */
function isHidden(index) {
  const { at } = derived;
  if (!state.predict || !at.gradients || at.done[index]) return false;
  const current = at.kind === 'backward' && at.node === index;
  return !current && at.touched[index] >= 0 && (state.revealed.get(index) ?? -1) < at.touched[index];
}

// ── The address ──────────────────────────────────────────────────────────────────────────────────

const FLAGS = ['expanded', 'predict', 'numbers'];

/** `step=8&select=3&x=2.5`: what differs from how the page opens. */
function fragmentOf(model) {
  const parts = [`step=${state.step}`];
  if (state.selected !== null) parts.push(`select=${state.selected}`);
  for (const [loop, number] of state.open) parts.push(`loop${loop}=${number + 1}`);
  for (const name of FLAGS) if (state[name] !== INITIAL[name]) parts.push(`${name}=${state[name] ? 1 : 0}`);
  for (const name of ['direction', 'theme', 'mistake']) if (state[name]) parts.push(`${name}=${state[name]}`);
  if (state.output !== INITIAL.output) parts.push(`output=${state.output}`);
  for (const [index, value] of state.changed) parts.push(`node${index}=${value}`);
  return `#${parts.join('&')}`;
}

const INITIAL = {};

function readFragment(model, fragment) {
  const given = new Map(
    fragment
      .replace(/^#/, '')
      .split('&')
      .map(part => part.split('='))
      .filter(([, value]) => value),
  );
  const count = (name, most) => {
    const number = Number(given.get(name));
    return given.has(name) && Number.isInteger(number) && number >= 0 && number < most ? number : null;
  };
  const choice = (name, choices) => (choices.includes(given.get(name)) ? given.get(name) : null);
  const inputs = model.inputs.flatMap(({ nodes }) => nodes);
  Object.assign(state, INITIAL, { changed: new Map(), open: new Map(), revealed: new Map() });
  state.selected = count('select', model.nodes.length);
  state.direction = choice('direction', ['right', 'down']);
  state.theme = choice('theme', ['light', 'dark']);
  state.mistake = choice('mistake', Object.keys(MISTAKES));
  const outputs = model.outputs.map(({ node }) => node).filter(node => node !== undefined);
  const output = count('output', model.nodes.length);
  if (outputs.includes(output)) state.output = output;
  for (const name of FLAGS) state[name] = given.has(name) ? given.get(name) === '1' : INITIAL[name];
  for (const { index, iterations } of model.loops) {
    const number = count(`loop${index}`, iterations + 1);
    if (number) state.open.set(index, number - 1);
  }
  for (const index of inputs) {
    const value = given.has(`node${index}`) ? Number(given.get(`node${index}`)) : NaN;
    if (Number.isFinite(value) && value !== model.nodes[index].value) state.changed.set(index, value);
  }
  state.step = count('step', Infinity) ?? 0;
}
