// The pane of the inputs: sliders and numbers that recompute both passes, and what is wrong if they cannot.

const fields = { rows: [] };
/** More numbers than these get no slider each: the pane would be all sliders. */
const MOST_INPUTS = 200;

function drawInputs(model, act) {
  const indices = model.inputs.flatMap(({ nodes }) => nodes).slice(0, MOST_INPUTS);
  fields.rows = indices.map(index => {
    const node = model.nodes[index],
      title = shorten(titleOf(node), 12);
    const reach = niceAbove(Math.max(2, 2 * Math.abs(Number.isFinite(node.value) ? node.value : 0)));
    const change = event => {
      const value = event.target.valueAsNumber;
      if (Number.isFinite(value)) act.change(index, value);
    };
    const slider = html('input', {
      type: 'range',
      min: -reach,
      max: reach,
      step: 'any',
      'aria-label': `${title}, slider`,
      'data-input': index,
      oninput: change,
    });
    const number = html('input', { type: 'number', step: 'any', 'aria-label': title, oninput: change });
    const gradient = html('span', { class: 'gradient' });
    const row = html(
      'div',
      { class: 'input', onpointerenter: () => act.hover([index]), onpointerleave: () => act.hover([]) },
      html('b', {}, title),
      slider,
      number,
      gradient,
    );
    return { index, slider, number, gradient, row };
  });
  const count = model.inputs.flatMap(({ nodes }) => nodes).length;
  const names = fields.rows.map(({ index }) => columnsOf(shorten(titleOf(model.nodes[index]), 12)));
  byId('inputs-list').style.setProperty('--name', `${Math.max(3, ...names)}ch`);
  const rest = count > MOST_INPUTS ? html('p', { class: 'words' }, `and ${count - MOST_INPUTS} more`) : null;
  byId('inputs-list').replaceChildren(...fields.rows.map(({ row }) => row), ...(rest ? [rest] : []));
  if (model.outputs.length > 1) drawOutputs(model, act);
}

/** The next of 1, 2, 5, 10, 20, … */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * 0.999999);
}

/** Of a function with several results one is differentiated at a time. */
function drawOutputs(model, act) {
  const options = model.outputs.flatMap(({ node }, k) =>
    node === undefined ? [] : [html('option', { value: node }, `result ${k + 1} of ${model.outputs.length}`)],
  );
  const choice = html(
    'select',
    { 'aria-label': 'result to differentiate', onchange: event => act.output(Number(event.target.value)) },
    ...options,
  );
  fields.output = choice;
  byId('inputs-list').prepend(html('label', { class: 'output' }, 'gradient of ', choice));
}

function paintInputs(model) {
  for (const { index, slider, number, gradient } of fields.rows) {
    const value = derived.run.values[index];
    for (const field of [slider, number]) {
      if (field !== document.activeElement || field.valueAsNumber !== value) field.value = value;
    }
    const { text, sign } = shownGradient(model, index);
    setText(gradient, text);
    setClass(gradient, `gradient ${sign}`);
  }
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
