// What the reader has chosen, and how the address tells it.

const state = {
  step: 0,
  overview: false,
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
  tangents: false,
  along: null,
  numbers: false,
  present: false,
  adjoint: false,
  row: null,
  output: 0,
  zoom: null,
  split: null,
  revealed: new Map(),
  playing: null,
};

/**
 * What a page with a program around it does differently: `text()` is the whole file with the place of each source in it,
 * `address` writes what else belongs into an address, `change` runs the program again, `inputs` draws its arguments, and `adjoint` says whether the
 * adjoint is open at first.
 */
const hooks = { text: null, address: null, change: null, inputs: null, adjoint: false };

/** What follows from the state: computed by `recompute`, drawn by `relayout` and `repaint`. */
const derived = { run: null, tangents: null, roots: [], right: null, timeline: null, at: null, view: null, picture: null };

/** Bring everything up to date after inputs, output or mistake have changed. */
function recompute(model) {
  derived.run = compute(model, state.changed);
  derived.roots = rootsOf(model, state.output);
  derived.right = gradientsOf(model, derived.run, derived.roots);
  derived.tangents = state.tangents && state.along !== null ? tangentsOf(model, derived.run, state.along) : null;
  // In forward mode there is no pass back.
  const roots = derived.tangents ? [] : derived.roots;
  derived.timeline = timelineOf(model, roots, derived.right.reached, state.mistake);
  state.step = Math.max(0, Math.min(state.step, derived.timeline.steps.length - 1));
}

function viewOf(model) {
  return {
    expanded: state.expanded,
    direction: state.direction,
    wide: state.mistake !== null,
    flattened: new Set(),
    deep: derived.focus === undefined ? null : deepAround(model, derived.focus),
    open: openOf,
    hubs: (derived.hubs ??= new Set(model.nodes.filter(node => isHub(model, node.index)).map(node => node.index))),
  };
}

/** The iteration of a loop that is open; of a call, a chain or an array 0 if it is open, else −1. */
function openOf(group) {
  if (group.kind === 'deep') return 0.5; // between what is before the inner calls and what is after
  const chosen =
    state.open.get(group.key) ?? (group.kind === 'loop' || (group.kind === 'call' && derived.callsOpen) ? 0 : -1);
  return Math.min(chosen, group.turns - 1);
}

/** Whether this part of a group is open. */
function isOpen({ loop, number }) {
  return (
    (state.expanded && loop.kind === 'loop') || openOf(loop) === number || derived.picture?.flattened.has(loop) === true
  );
}

/** Opens the iterations and calls around a node; whether anything had to be opened. Chains and arrays stay as they are. */
function openAround(model, index) {
  let opened = false;
  for (const frame of model.nodes[index].frames) {
    const { loop, number } = frame;
    if (isOpen(frame) || loop.kind === 'chain' || loop.kind === 'array') continue;
    state.open.set(loop.key, number);
    if (loop.kind === 'call') derived.opened.add(loop);
    opened = true;
  }
  return opened;
}

/** Closes the calls again that were opened on the way to earlier nodes; whether there were any. */
function closeBehind(model, index) {
  const around = new Set(model.nodes[index].frames.map(({ loop }) => loop)),
    left = [...derived.opened].filter(call => !around.has(call));
  for (const call of left) {
    state.open.delete(call.key);
    derived.opened.delete(call);
  }
  return left.length > 0;
}

/** Whether the groups around a node are open. */
function isShown(node) {
  return node.frames.every(isOpen);
}

/** Closes all calls that were opened on the way; whether there were any. */
function closeAll() {
  const any = derived.opened.size > 0;
  for (const call of derived.opened) state.open.delete(call.key);
  derived.opened.clear();
  return any;
}

/** Whether the reader has chosen which parts are open, by the address or by hand. */
function isGroupChosen() {
  return state.open.size > 0;
}

derived.opened = new Set();

/** Whether predict mode still hides a node's gradient. */
function isHidden(index) {
  const { at } = derived;
  if (!state.predict || !at.gradients || at.done[index]) return false;
  const current = at.kind === 'backward' && at.node === index;
  return !current && at.touched[index] >= 0 && (state.revealed.get(index) ?? -1) < at.touched[index];
}

// ── The address ──────────────────────────────────────────────────────────────────────────────────

const FLAGS = ['expanded', 'predict', 'tangents', 'numbers', 'present', 'embed', 'adjoint'];

/** `step=8&select=3&x=2.5`: what differs from how the page opens. */
function fragmentOf(model) {
  const parts = state.overview ? [] : [`step=${state.step}`];
  if (state.selected !== null) parts.push(`select=${state.selected}`);
  if (state.tangents && state.along !== firstInput(model)) parts.push(`along=${state.along}`);
  for (const [key, number] of state.open) parts.push(`${key}=${number + 1}`);
  for (const name of FLAGS) if (state[name] !== INITIAL[name]) parts.push(`${name}=${state[name] ? 1 : 0}`);
  for (const name of ['direction', 'theme', 'mistake']) if (state[name]) parts.push(`${name}=${state[name]}`);
  if (state.output !== INITIAL.output) parts.push(`output=${state.output === 'all' ? 'all' : state.output + 1}`);
  for (const name of ['zoom', 'split'])
    if (state[name] !== null) parts.push(`${name}=${Math.round(100 * state[name])}`);
  for (const [index, value] of state.changed) parts.push(`node${index}=${value}`);
  return `#${parts.join('&')}`;
}

const INITIAL = {};

/** The first number that is an argument; null if there is none. */
function firstInput(model) {
  return model.inputs.flatMap(({ nodes }) => nodes)[0] ?? null;
}

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
  Object.assign(state, INITIAL, { changed: new Map(), open: new Map(), revealed: new Map(), zoom: null, split: null });
  derived.opened.clear();
  state.selected = count('select', model.nodes.length);
  state.direction = choice('direction', ['right', 'down']);
  state.theme = choice('theme', ['light', 'dark']);
  state.mistake = choice('mistake', Object.keys(MISTAKES));
  const output = count('output', model.outputs.length + 1);
  if (given.get('output') === 'all') state.output = 'all';
  else if (output) state.output = output - 1;
  for (const [name, least, most] of [
    ['zoom', 1, 400],
    ['split', 15, 75],
  ]) {
    const percent = count(name, most + 1);
    if (percent !== null && percent >= least) state[name] = percent / 100;
  }
  for (const name of FLAGS) state[name] = given.has(name) ? given.get(name) === '1' : INITIAL[name];
  for (const { key, kind, turns } of model.groups) {
    const number = count(key, turns + 1);
    if (number || (number === 0 && kind !== 'loop')) state.open.set(key, number - 1);
  }
  for (const index of inputs) {
    const value = given.has(`node${index}`) ? Number(given.get(`node${index}`)) : NaN;
    if (Number.isFinite(value) && value !== model.nodes[index].value) state.changed.set(index, value);
  }
  const along = count('along', model.nodes.length);
  state.along = inputs.includes(along) ? along : firstInput(model);
  if (state.tangents) Object.assign(state, { predict: false, mistake: null });
  state.step = count('step', Infinity) ?? 0;
  state.overview = count('step', Infinity) === null && state.mistake === null && !state.predict;
}
