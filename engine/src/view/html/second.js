// Forward mode, and second derivatives: tangents travel with the values, and change the gradients.

/**
 * How fast each value changes when the input `along` changes with speed 1, and of every use what it contributes. The partials
 * are those of the run.
 */
function tangentsOf(model, { partials }, along) {
  const tangents = new Float64Array(model.nodes.length),
    shares = model.nodes.map(() => null);
  tangents[along] = 1;
  for (const { index, operation, args } of model.nodes) {
    if (!operation) continue;
    shares[index] = args.map(({ node }, slot) =>
      node === undefined ? null : passedOn(operation, partials[index][slot], tangents[node]),
    );
    tangents[index] = shares[index].reduce((sum, share) => sum + (share ?? 0), 0);
  }
  return { along, tangents, shares };
}

/**
 * How fast the gradient of each node changes when the input `along` changes with speed 1: the reverse pass over gradients with
 * tangents. null where that takes the second derivative of an operation that is not in the table.
 */
function secondOf(model, run, roots, along) {
  const { tangents } = tangentsOf(model, run, along),
    { gradients, reached } = gradientsOf(model, run, roots),
    moves = new Float64Array(model.nodes.length);
  for (let index = model.nodes.length - 1; index >= 0; index -= 1) {
    const { operation, args } = model.nodes[index];
    if (!reached[index] || !operation) continue;
    const speeds = args.map(({ node }) => (node === undefined ? 0 : tangents[node]));
    const changes = speeds.some(speed => speed !== 0);
    if (changes && operation.opaque) return null;
    const operands = args.map(({ node, constant }) => (node === undefined ? constant : run.values[node]));
    const seconds = changes ? operation.seconds(operands, run.values[index]) : [];
    args.forEach(({ node }, slot) => {
      if (node === undefined) return;
      moves[node] += passedOn(operation, run.partials[index][slot], moves[index]);
      for (const [k, j, second] of seconds)
        if (k === slot && speeds[j] !== 0) moves[node] += passedOn(operation, second, gradients[index] * speeds[j]);
    });
  }
  return moves;
}

/** The derivative of a node in forward mode, as it is shown: {text, sign, settled}. */
function shownTangent(model, index) {
  if (!isKnown(model, index)) return { text: '', sign: 'none', settled: true };
  const tangent = derived.tangents.tangents[index];
  return { text: `d ${format(tangent)}`, sign: signOf(tangent), settled: true };
}

/** The name of a tangent in a formula. */
function tangentName(model, node) {
  return `d(${labelOf(model, node)})`;
}

/** What forward mode does at an operation: `d(n) = … × d(s) + … × d(b)`, and the numbers. */
function tangentLines(model, node) {
  const { tangents, shares } = derived.tangents,
    slots = node.args.map((_, slot) => slot).filter(slot => node.args[slot].node !== undefined);
  const used = slot => model.nodes[node.args[slot].node];
  const symbol = slot => {
    const text = partialText(model, node, slot) ?? `∂${node.operation.symbol}`;
    return bracket(text, text.startsWith('−'));
  };
  const symbols = slots.map(slot => `${symbol(slot)} × ${tangentName(model, used(slot))}`);
  const numbers = slots.map(
    slot => `${factor(derived.run.partials[node.index][slot])} × ${factor(tangents[node.args[slot].node])}`,
  );
  const sum = slots.length > 1 ? ` = ${slots.map(slot => factor(shares[node.index][slot])).join(' + ')}` : '';
  return [
    paragraph('words', `rule: ${node.operation.rule}`),
    html(
      'div',
      { class: 'assignment' },
      paragraph('formula', html('span', { class: 'target' }, tangentName(model, node)), ` = ${symbols.join(' + ')}`),
      paragraph('formula', `\u2003= ${numbers.join(' + ')}${sum} = `, amount(tangents[node.index])),
    ),
  ];
}

/** What forward mode is, in the overview. */
function tangentWords(model) {
  const along = model.nodes[derived.tangents.along],
    name = titleOf(along);
  const results = model.outputs.flatMap(({ node }) => (node === undefined ? [] : [node]));
  return [
    paragraph(
      'words',
      `Forward mode: each value has a tangent d, which says how fast it changes when ${name} does. Tangents travel with the values, ` +
        `so one pass gives the derivatives of everything by ${name}.`,
    ),
    ...results
      .slice(0, 4)
      .map(node =>
        paragraph('formula', `d ${shortName(model, node)} / d ${name} = `, amount(derived.tangents.tangents[node])),
      ),
  ];
}

/** The name of a result, if it has one. */
function shortName(model, index) {
  return model.nodes[index].name ? labelOf(model, model.nodes[index]) : 'result';
}

// ── Curvature ────────────────────────────────────────────────────────────────────────────────────

/** Of a larger graph the gradient is not computed at so many places. */
const SMALL_GRAPH = 200,
  PLACES = 41;

/** How the gradient changes with an input: its curvature, what else it changes, and the gradient as a curve. */
function curvatureLines(model, node) {
  const { run, roots, right } = derived;
  if (node.operation || model.nodes.length > SMALL_GRAPH || roots.length === 0) return [];
  if (!shownGradient(model, node.index).settled) return [];
  const moves = secondOf(model, run, roots, node.index);
  if (!moves) return [];
  const name = titleOf(node),
    result = roots.length === 1 ? shortName(model, roots[0].node) : 'sum',
    curvature = moves[node.index];
  const others = model.inputs
    .flatMap(({ nodes }) => nodes)
    .filter(index => index !== node.index && moves[index] !== 0)
    .sort((a, b) => Math.abs(moves[b]) - Math.abs(moves[a]))
    .slice(0, 4);
  const rows = others.map(index =>
    html('tr', {}, html('td', {}, gradOf(model, model.nodes[index])), html('td', { class: signOf(moves[index]) }, format(moves[index]))),
  );
  return [
    html(
      'div',
      { class: 'curvature' },
      paragraph('formula', `curvature d²${result}/d${name}² = `, amount(curvature), ' ', gradientCurve(model, node)),
      paragraph(
        'words',
        curvature === 0
          ? `The gradient of ${name} does not change with ${name} here: along it the result is straight.`
          : `If ${name} were ${NUDGE} larger, its gradient ${format(right.gradients[node.index])} would change by about ${format(NUDGE * curvature)}.`,
      ),
      rows.length > 0 ? paragraph('words', `What other gradients change by, for each unit of ${name}:`) : null,
      rows.length > 0 ? html('table', { class: 'overview' }, html('tbody', {}, rows)) : null,
    ),
  ];
}

/** The gradient of an input at places around its value. Where the program takes another path there is none. */
function gradientCurve(model, node) {
  const here = derived.run.values[node.index],
    reach = Math.max(1, Math.abs(here));
  if (!Number.isFinite(here)) return null;
  const middle = (PLACES - 1) / 2;
  const gradients = Array.from({ length: PLACES }, (_, k) => {
    const run = compute(model, new Map([...state.changed, [node.index, here + (reach * (k - middle)) / middle]]));
    return run.broken ? NaN : gradientsOf(model, run, derived.roots).gradients[node.index];
  });
  return sparkline(gradients, middle, `${gradOf(model, node)} where ${titleOf(node)} is ${format(here - reach)} to ${format(here + reach)}`);
}
