// The playground: what is typed goes to the compiler in a worker, and its answer becomes the trace that the page shows.

const play = {
  worker: null,
  program: null,
  /** The number of the last request, and the one that the worker is busy with. */
  last: 0,
  busy: null,
  watch: null,
  /** What is asked: the function by its name, and the arguments by the names of the parameters. */
  function: null,
  values: {},
  /** The last answer that had a trace, and the text that it is of. */
  shown: null,
  answer: null,
  text: '',
  /** The last text that the field took. */
  accepted: '',
  /** Whether a longer one was refused since, which stays said until the next key. */
  refused: false,
  drawnFor: '',
  rows: [],
};

/** How long a run may take. */
const PATIENCE = 5000;
/** The longest text that is given to the worker, and the longest that the field takes. */
const LONGEST_TEXT = 100000,
  LONGEST_FIELD = 1000000;

const GALLERY = JSON.parse(byId('gallery-data').textContent),
  REFUSALS = JSON.parse(byId('refusals-data').textContent);

// ── The worker ───────────────────────────────────────────────────────────────────────────────────

async function startEngine() {
  const packed = Uint8Array.from(atob(byId('engine').textContent.trim()), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  play.program = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  startWorker();
}

function startWorker() {
  const script = new Blob([byId('worker').textContent], { type: 'text/javascript' }),
    address = URL.createObjectURL(script);
  play.worker = new Worker(address);
  URL.revokeObjectURL(address);
  play.worker.onmessage = ({ data }) => {
    clearTimeout(play.watch);
    const [request, again] = [play.busy, play.busy.id !== play.last];
    play.busy = null;
    if (again) send();
    if (data.failure) failed(request, data.failure);
    else answered(request, data);
  };
  play.worker.postMessage({ program: play.program });
}

/** Asks for the text and the inputs as they are now; while the worker is busy, only the last question counts. */
function ask() {
  play.last += 1;
  if (play.program && !play.busy) send();
}

function send() {
  const text = editor.field.value;
  play.busy = { id: play.last, text };
  if (text.length > LONGEST_TEXT) {
    const request = play.busy;
    play.busy = null;
    failed(request, `the text has ${text.length} letters, and at most ${LONGEST_TEXT} are read here`);
    return;
  }
  const request = JSON.stringify({ source: text, function: play.function, values: play.values });
  play.worker.postMessage({ id: play.last, request });
  play.watch = setTimeout(() => {
    const request = play.busy;
    play.worker.terminate();
    play.busy = null;
    startWorker();
    failed(request, `the run takes more than ${PATIENCE / 1000} seconds, and was ended`);
    if (request.id !== play.last) send();
  }, PATIENCE);
}

function failed(request, message) {
  answered(request, { answer: { complaints: [{ message, help: null, refusal: null, start: 0, end: 0 }], trace: null } });
}

function answered(request, { answer, milliseconds }) {
  play.answer = answer;
  play.text = request.text;
  play.milliseconds = milliseconds;
  if (request.text === editor.field.value && !play.refused) drawComplaints(request.text, answer.complaints);
  // The worker is behind the keys: the next answer will fit.
  if (request.text !== editor.field.value) return;
  if (answer.parameters) drawArguments(answer);
  if (answer.functions) drawFunctions(answer);
  if (answer.trace) adopt(request, answer);
  else if (model === null || request.text !== play.shown?.text || answer.complaints.length > 0) {
    drawText(request.text, answer.complaints);
    setStale(true);
  }
  document.documentElement.dataset.answered = request.id;
}

/** What is shown is of another text or of other inputs. */
function setStale(stale) {
  document.documentElement.classList.toggle('stale', stale && model !== null);
  document.documentElement.classList.toggle('empty', stale && model === null);
}

/** Shows the trace of an answer. As long as the graph has the same nodes, the reader stays at the same step. */
function adopt({ text }, answer) {
  const first = model === null,
    before = play.shown;
  const same = before && before.text === text && before.nodes === answer.trace.nodes.length;
  play.shown = { text, offsets: answer.trace.sources.map(source => answer.offsets[source.function] ?? 0), nodes: answer.trace.nodes.length };
  // Of another program the reader keeps how the page looks, and not where in the passes it is.
  const kept = first ? location.hash : fragmentOf(model);
  const fragment = same || first ? kept : kept.replace(/[#&](step|select|loop\d+|call\d+|chain\d+|array\d+|zoom)=[^&]*/g, '');
  const { overview } = state;
  const focus = document.activeElement;
  open(answer.trace, fragment.replace(/^&?/, '#').replace(/^##/, '#'));
  if (!first && overview) state.overview = !state.predict && state.mistake === null;
  if (first) {
    listen();
    addEventListener('hashchange', readAddress);
  }
  setStale(false);
  show(state.overview ? '' : fragment);
  if (focus?.isConnected && focus !== document.activeElement) focus.focus({ preventScroll: true });
  byId('file').textContent = `${answer.trace.nodes.length} nodes · ${Math.max(1, Math.round(play.milliseconds))} ms`;
  remember();
}

hooks.text = () => play.shown;
hooks.change = (index, value) => {
  const row = play.rows.find(row => row.index === index);
  if (row) setValue(row.path, value);
};
hooks.inputs = () => play.answer && linkRows();

// ── The inputs ───────────────────────────────────────────────────────────────────────────────────

/** The value at a path such as `['xs', 2]`. */
function valueAt(path) {
  return path.reduce((value, step) => value?.[step], play.values);
}

function setValue(path, value) {
  const last = path.at(-1),
    around = valueAt(path.slice(0, -1));
  if (around === undefined || Object.is(around[last], value)) return;
  around[last] = value;
  ask();
}

/** A number as it is given to the worker: JSON has no infinities. */
function plainNumber(value) {
  return Number.isFinite(value) ? value : String(value);
}

/** Draws the inputs anew if there are others; else only their values may have changed. */
function drawArguments({ parameters }) {
  play.values = { ...play.values, ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])) };
  const shape = JSON.stringify(parameters.map(({ name, shape, value, differentiable }) => [name, shape, lengthsOf(value), differentiable]));
  if (shape !== play.drawnFor) {
    play.drawnFor = shape;
    play.rows = [];
    const parts = parameters.flatMap(parameter => drawPart([parameter.name], parameter.shape, parameter));
    const names = play.rows.map(({ title }) => columnsOf(title));
    byId('inputs-list').style.setProperty('--name', `${Math.max(3, ...names)}ch`);
    byId('inputs-list').replaceChildren(...parts);
    fields.output = null;
  }
  for (const row of play.rows) row.paint(valueAt(row.path));
}

function lengthsOf(value) {
  if (Array.isArray(value)) return value.map(lengthsOf);
  return value !== null && typeof value === 'object' ? Object.values(value).map(lengthsOf) : 0;
}

/** The fields for a part of an argument. */
function drawPart(path, shape, parameter) {
  const value = valueAt(path),
    title = titleOfPath(path);
  if (shape.kind === 'list') {
    const isFixed = shape.length !== null;
    const head = html(
      'div',
      { class: 'list-head' },
      html('b', {}, title),
      html('span', { class: 'words' }, ` ${value.length} element${value.length === 1 ? '' : 's'} `),
      isFixed ? null : html('button', { 'aria-label': `one element less in ${title}`, onclick: () => resize(path, shape, -1) }, '−'),
      isFixed ? null : html('button', { 'aria-label': `one element more in ${title}`, onclick: () => resize(path, shape, 1) }, '+'),
    );
    if (shape.element.kind === 'list' && shape.element.element.kind === 'number') return [head, drawRows(path, value, parameter)];
    const items = value.slice(0, MOST_INPUTS).flatMap((_, at) => drawPart([...path, at], shape.element, parameter));
    return [head, html('div', { class: 'list' }, ...items)];
  }
  if (shape.kind === 'tuple') return shape.parts.flatMap((part, at) => drawPart([...path, at], part, parameter));
  if (shape.kind === 'struct') {
    return shape.fields.flatMap(field => {
      const differentiable = parameter.differentiable && field.differentiable;
      return drawPart([...path, field.name], field.shape, { ...parameter, differentiable });
    });
  }
  return [drawLeaf(path, shape, parameter, title)];
}

/** `xs[2]`, `body.mass` */
function titleOfPath([name, ...steps]) {
  return shorten(name, 14) + steps.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** The name of a field stands out from what it is a field of. */
function pathAndKey(title) {
  const at = title.lastIndexOf('.') + 1;
  return at > 0 ? [html('span', { class: 'path' }, title.slice(0, at)), title.slice(at)] : [title];
}

/** A list of lists of numbers is a table. */
function drawRows(path, rows, parameter) {
  const cell = (_, at, row) => {
    const here = [...path, row, at],
      gradient = html('span', { class: 'gradient' });
    const number = numberInput(here, titleOfPath(here));
    pushRow(here, parameter, { title: '', gradient, paint: value => paintField(number, value) });
    return html('td', {}, number, gradient);
  };
  const body = rows.map((row, k) => html('tr', {}, row.map((value, at) => cell(value, at, k))));
  return html('div', { class: 'matrix' }, html('table', {}, html('tbody', {}, body)));
}

function numberInput(path, title) {
  const change = event => {
    const value = event.target.valueAsNumber;
    if (Number.isFinite(value)) setValue(path, value);
  };
  return html('input', { type: 'number', step: 'any', 'aria-label': title, oninput: change });
}

function paintField(field, value) {
  if (field !== document.activeElement || field.valueAsNumber !== value) field.value = value;
}

function pushRow(path, parameter, row) {
  play.rows.push({ path, differentiable: parameter.differentiable, index: undefined, ...row });
}

function drawLeaf(path, shape, parameter, title) {
  const value = valueAt(path),
    gradient = html('span', { class: 'gradient' });
  if (shape.kind === 'truth') {
    const box = html('input', { type: 'checkbox', 'aria-label': title, onchange: event => setValue(path, event.target.checked) });
    pushRow(path, parameter, { title, gradient, paint: truth => (box.checked = truth) });
    return html('div', { class: 'input' }, html('b', {}, title), box, html('span', { class: 'words' }, 'bool'), gradient);
  }
  const whole = shape.kind === 'integer';
  const reach = niceAbove(Math.max(whole ? 10 : 2, 2 * Math.abs(Number.isFinite(value) ? value : 0)));
  const least = whole ? Math.max(shape.least, -reach) : -reach,
    most = whole ? Math.min(shape.greatest, reach) : reach;
  const read = event => {
    const number = event.target.valueAsNumber;
    if (Number.isFinite(number)) setValue(path, whole ? Math.round(Math.max(shape.least, Math.min(shape.greatest, number))) : number);
  };
  const slider = html('input', { type: 'range', min: least, max: most, step: whole ? 1 : 'any', 'aria-label': `${title}, slider`, oninput: read });
  const number = html('input', { type: 'number', step: whole ? 1 : 'any', 'aria-label': title, oninput: read });
  const row = html(
    'div',
    { class: 'input' },
    html('b', { title }, ...pathAndKey(title)),
    slider,
    number,
    parameter.differentiable ? gradient : html('span', { class: 'words kind' }, whole ? shape.name : 'constant'),
  );
  const at = play.rows.length;
  row.addEventListener('pointerenter', () => model && play.rows[at]?.index !== undefined && actions.hover([play.rows[at].index]));
  row.addEventListener('pointerleave', () => model && actions.hover([]));
  pushRow(path, parameter, {
    title,
    gradient,
    paint: value => {
      paintField(slider, value);
      paintField(number, value);
    },
  });
  return row;
}

/** Another length of a list: what is new is like the last element. */
function resize(path, shape, by) {
  const list = valueAt(path);
  if (by < 0 && list.length > 0) list.pop();
  if (by > 0) list.push(structuredClone(list.at(-1) ?? blank(shape.element)));
  // Lists of one const generic are equally long: the first says how long.
  ask();
}

/** What a list without elements begins with; the compiler fills up what is missing in it. */
function blank(shape) {
  return { number: 1, integer: 1, truth: true, tuple: [], list: [], struct: {} }[shape.kind];
}

/** Which node each field has, in reading order; their gradients are painted as those of any page. */
function linkRows() {
  const nodes = Object.fromEntries(model.inputs.map(({ name, nodes }) => [name, [...nodes]]));
  fields.rows = [];
  fields.ranges = [];
  for (const row of play.rows) {
    const own = row.differentiable ? nodes[row.path[0]]?.shift() : undefined;
    row.index = own;
    if (own !== undefined) fields.rows.push({ index: own, slider: null, number: null, gradient: row.gradient });
  }
  byId('inputs-list').querySelector('label.output')?.remove();
  if (model.outputs.length > 1) drawOutputs(model, actions);
}

// ── Functions, gallery, address ──────────────────────────────────────────────────────────────────

function drawFunctions({ functions, function: chosen }) {
  const select = byId('which');
  select.hidden = functions.length < 2;
  select.replaceChildren(...functions.map(name => html('option', { value: name }, name)));
  select.value = chosen;
}

function load({ source, values = {}, name = null }) {
  editor.field.value = source;
  [play.values, play.function, play.drawnFor] = [structuredClone(values), name, ''];
  typed();
}

/** Draws the text without a trace. One that is too long for that is shown by the field itself. */
function drawText(text, complaints) {
  const isLong = text.length > LONGEST_TEXT;
  document.documentElement.classList.toggle('long', isLong);
  drawPlain(isLong ? '' : text, isLong ? [] : complaints);
}

function typed() {
  const text = editor.field.value;
  if (text.length > LONGEST_FIELD) {
    refuse(text.length);
    return;
  }
  play.accepted = text;
  play.refused = false;
  // At once, so that the letters are where they are typed.
  drawText(text, play.text === text ? (play.answer?.complaints ?? []) : []);
  setStale(true);
  ask();
}

/** A text that is too long even to be shown: the field keeps the one before it. */
function refuse(length) {
  if (editor.field.value !== play.accepted) editor.field.value = play.accepted;
  play.refused = true;
  const message = `a text of ${length} letters is not taken over; at most ${LONGEST_TEXT} are read here`;
  drawComplaints(play.accepted, [{ message, help: null, refusal: null, start: 0, end: 0 }]);
}

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = '';
  bytes.forEach(byte => (letters += String.fromCharCode(byte)));
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unpacked(text) {
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(letters, letter => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader(),
    parts = [];
  // A short address may stand for an endless text.
  for (let length = 0; length <= LONGEST_FIELD; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).text();
    parts.push(value);
    length += value.length;
  }
  await reader.cancel();
  throw new Error('the text of the address is too long');
}

/** Source and inputs in the address: `play=…`, before what the page says of itself. */
let packedState = '';
hooks.address = fragment => {
  const shared = JSON.stringify([editor.field.value, play.function, play.values]);
  if (shared !== packedState.shared) {
    packedState = { shared, text: packedState.text ?? '' };
    packed(shared).then(text => {
      if (packedState.shared !== shared) return;
      packedState.text = text;
      remember();
    });
  }
  return packedState.text ? `#play=${packedState.text}&${fragment.replace(/^#/, '')}` : fragment;
};

/** Loads what the address holds, if it is not what is shown; whether it held anything. */
async function readAddress() {
  const found = /[#&](play|open)=([^&]*)/.exec(location.hash);
  if (!found || found[2] === packedState.text) return false;
  if (found[1] === 'open') {
    const entry = GALLERY.flatMap(({ entries }) => entries).find(({ id }) => id === found[2]);
    if (entry) load(entry);
    return Boolean(entry);
  }
  try {
    const [source, name, values] = JSON.parse(await unpacked(found[2]));
    if (typeof source !== 'string') return false;
    load({ source, name, values: values ?? {} });
    return true;
  } catch {
    return false;
  }
}

async function copyLink() {
  const button = byId('share');
  remember();
  hooks.address('');
  packedState.text = await packed(packedState.shared);
  const address = `${location.href.split('#')[0]}${hooks.address(model ? fragmentOf(model) : '')}`;
  try {
    await navigator.clipboard.writeText(address);
    setText(button, 'Link copied');
  } catch {
    location.hash = address.split('#')[1];
    setText(button, 'Link in the address');
  }
  setTimeout(() => setText(button, 'Share'), 2000);
}

async function beginPlay() {
  makeEditor(typed);
  const gallery = byId('gallery');
  gallery.append(
    ...GALLERY.map(({ title, entries }) =>
      html('optgroup', { label: title }, ...entries.map(({ id, title }) => html('option', { value: id }, title))),
    ),
  );
  gallery.addEventListener('change', ({ target }) => {
    const entry = GALLERY.flatMap(({ entries }) => entries).find(({ id }) => id === target.value);
    target.value = '';
    if (entry) load(entry);
  });
  byId('which').addEventListener('change', ({ target }) => {
    play.function = target.value;
    ask();
  });
  byId('share').addEventListener('click', copyLink);
  hooks.adjoint = innerWidth >= 1200 && innerHeight >= 700;
  const fromAddress = await readAddress();
  if (!fromAddress) load(GALLERY[0].entries[0]);
  await startEngine();
  ask();
}

beginPlay();
