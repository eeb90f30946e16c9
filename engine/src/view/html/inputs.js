// The pane of the inputs: sliders and numbers that recompute both passes, and what is wrong if they cannot.

const fields = { rows: [], ranges: [] };
/** More numbers than these get no slider each: the pane would be all sliders. */
const MOST_INPUTS = 200;
/** So much of a name is written beside its slider. */
const NAME_COLUMNS = 20;

function drawInputs(model, act) {
  if (hooks.inputs) return hooks.inputs(model, act);
  fields.rows = [];
  const parts = model.inputs.map(input => {
    const left = MOST_INPUTS - fields.rows.length,
      matrix = matrixOf(model, input);
    if (matrix && input.nodes.length <= left) return drawMatrix(model, input, matrix, act);
    const starts = new Set(input.parts.map(([, [[, first]]]) => first));
    const rows = input.nodes.slice(0, left).map(index => drawInput(model, index, act, starts.has(index)));
    if (input.nodes.length < SHORTEST_ARRAY) return rows;
    const range = html('span', { class: 'words range' });
    fields.ranges.push({ range, nodes: input.nodes });
    return html(
      'details',
      { class: 'array' },
      html('summary', {}, html('b', {}, shorten(oneLine(input.name), 12)), ` ${input.nodes.length} numbers `, range),
      rows,
    );
  });
  const count = model.inputs.flatMap(({ nodes }) => nodes).length;
  const names = fields.rows.map(({ index }) => columnsOf(nameInStruct(model.nodes[index], NAME_COLUMNS).join('')));
  byId('inputs-list').style.setProperty('--name', `${Math.max(3, ...names)}ch`);
  const rest = count > MOST_INPUTS ? html('p', { class: 'words' }, `and ${count - MOST_INPUTS} more`) : null;
  byId('inputs-list').replaceChildren(...parts.flat(), ...(rest ? [rest] : []));
  return model.outputs.length > 1 ? drawOutputs(model, act) : undefined;
}

function numberField(title, index, act) {
  const change = event => {
    const value = event.target.valueAsNumber;
    if (Number.isFinite(value)) act.change(index, value);
  };
  return {
    change,
    number: html('input', { type: 'number', step: 'any', 'aria-label': title, 'data-number': index, oninput: change }),
  };
}

function drawInput(model, index, act, startsPart) {
  const node = model.nodes[index],
    title = titleOf(node),
    [path, key] = nameInStruct(node, NAME_COLUMNS);
  const reach = niceAbove(Math.max(2, 2 * Math.abs(Number.isFinite(node.value) ? node.value : 0)));
  const { change, number } = numberField(title, index, act);
  const slider = html('input', {
    type: 'range',
    min: -reach,
    max: reach,
    step: 'any',
    'aria-label': `${title}, slider`,
    'data-input': index,
    oninput: change,
  });
  const gradient = html('span', { class: 'gradient' });
  const row = html(
    'div',
    {
      class: startsPart ? 'input first' : 'input',
      onpointerenter: () => act.hover([index]),
      onpointerleave: () => act.hover([]),
    },
    html('b', { title }, path ? html('span', { class: 'path' }, path) : null, key),
    slider,
    number,
    gradient,
  );
  fields.rows.push({ index, slider, number, gradient, row });
  return row;
}

/** The rows of an argument whose numbers are `w[0][0]`, `w[0][1]`, … in equally long rows; null if they are not. */
function matrixOf(model, { nodes }) {
  const rows = [];
  for (const index of nodes) {
    const found = /\[(\d+)\]\[(\d+)\]$/.exec(model.nodes[index].name ?? '');
    if (!found) return null;
    (rows[Number(found[1])] ??= [])[Number(found[2])] = index;
  }
  return rows.length > 1 && rows.every(row => row?.length === rows[0].length) ? rows : null;
}

/** A matrix is shown as one: a field for each number, its gradient below. */
function drawMatrix(model, { name }, rows, act) {
  const cell = index => {
    const { number } = numberField(titleOf(model.nodes[index]), index, act),
      gradient = html('span', { class: 'gradient' });
    fields.rows.push({ index, slider: null, number, gradient, row: null });
    return html(
      'td',
      { onpointerenter: () => act.hover([index]), onpointerleave: () => act.hover([]) },
      number,
      gradient,
    );
  };
  const table = html(
    'table',
    {},
    html(
      'tbody',
      {},
      rows.map(row => html('tr', {}, row.map(cell))),
    ),
  );
  return html(
    'div',
    { class: 'matrix' },
    html('b', {}, shorten(oneLine(name), 12)),
    html('span', { class: 'words' }, ` ${rows.length} × ${rows[0].length}`),
    table,
  );
}

/** The next of 1, 2, 5, 10, 20, … */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * 0.999999);
}

/** Of a function with several results the sum of them is differentiated, or one of them. */
function drawOutputs(model, act) {
  const count = model.outputs.length;
  const options = model.outputs.flatMap(({ node }, k) =>
    node === undefined ? [] : [html('option', { value: k }, `result ${k + 1} of ${count}`)],
  );
  const weighted = model.seeds.some(seed => seed !== 1);
  const choice = html(
    'select',
    {
      'aria-label': 'result to differentiate',
      onchange: ({ target: { value } }) => act.output(value === 'all' ? 'all' : Number(value)),
    },
    html('option', { value: 'all' }, `the sum of the ${count} results${weighted ? ', weighted' : ''}`),
    ...options,
  );
  fields.output = choice;
  byId('inputs-list').prepend(html('label', { class: 'output' }, 'gradient of ', choice));
}

function paintInputs(model) {
  for (const { index, slider, number, gradient } of fields.rows) {
    const value = derived.run.values[index];
    for (const field of [slider, number]) {
      if (!field) continue;
      if (field !== document.activeElement || field.valueAsNumber !== value) field.value = value;
    }
    const { text, sign } = shownGradient(model, index);
    setText(gradient, text);
    setClass(gradient, `gradient ${sign}`);
  }
  for (const { range, nodes } of fields.ranges) setText(range, rangeOf(nodes.map(index => derived.run.values[index])));
  if (fields.output) fields.output.value = state.output;
  byId('inputs-list').classList.toggle('wide', state.mistake !== null);
  byId('reset').hidden = state.changed.size === 0;
  const { broken } = derived.run,
    warning = byId('warning'),
    assertions = broken ? [] : assertionsAt(model);
  warning.hidden = !broken && assertions.length === 0;
  setText(warning, broken ? warningOf(model, broken) : assertions.length > 0 ? noteOf(assertions) : '');
  warning.classList.toggle('note', !broken);
}

/** The assertions whose numbers have changed: they may fail, which this page cannot tell. */
function assertionsAt(model) {
  const { values } = derived.run;
  return model.cuts.filter(
    ({ node, reason }) => reason === 'assertion' && !Object.is(values[node], model.nodes[node].value),
  );
}

function noteOf(assertions) {
  const lines = [...new Set(assertions.map(({ site }) => site.line))].slice(0, 5).join(', ');
  return `This page does not check assertions (line ${lines}): with these inputs the function may panic.`;
}

const CUT_BECAUSE = {
  stop: 'stop_gradient turned its number into plain data, which this page cannot compute anew',
  question: 'a question was asked about its number, and the answer may be another one now',
  pattern: 'a match looked at its number, and may take another arm now',
  comparison: 'collections were compared there, and may compare otherwise now',
};

/** Why the recorded graph is not what the function would compute with these inputs. */
function warningOf(model, broken) {
  const inputs = [...state.changed].map(([index, value]) => `${titleOf(model.nodes[index])} = ${format(value)}`);
  const text = broken.site ? oneLine(broken.site.text) : visible(broken.title);
  const where = `\`${shorten(text, 40)}\`${broken.site ? ` (line ${broken.site.line})` : ''}`;
  const lead = `With ${shorten(inputs.join(', '), 80)}, `;
  const why = broken.comparison
    ? `${where} is ${!broken.outcome}, where it was ${broken.outcome} when this graph was recorded: the function takes another path`
    : broken.reason === 'custom'
      ? `${where} has other operands: an operation of your own, written in Rust, which this page cannot compute anew`
      : `the value at ${where} changes: ${CUT_BECAUSE[broken.reason]}`;
  return `${lead}${why}. What comes after it is not shown; run the program with these inputs for their graph.`;
}
