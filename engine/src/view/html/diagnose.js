// What a reader asks of a gradient: where the first NaN appears, which inputs do not matter and why, and which paths
// contribute most. The engine answers the same for the recorded numbers; here they may have changed.

/** Where the first NaN or infinity appears, forward and then backward: {node, text}; null if all is finite. */
function firstNonFinite(model) {
  const { run, right } = derived;
  const what = number => (Number.isNaN(number) ? 'NaN' : 'infinity');
  const forward = model.nodes.find(({ index }) => !Number.isFinite(run.values[index]));
  if (forward) {
    const value = run.values[forward.index],
      first = `The first ${what(value)} appears in the forward pass`;
    if (!forward.operation)
      return { node: forward.index, text: `${first}: the input ${titleOf(forward)} is ${format(value)}` };
    const operands = forward.args.map(({ node, constant }) => factor(node === undefined ? constant : run.values[node]));
    return { node: forward.index, text: `${first}: ${formula(forward.operation, operands)} = ${format(value)}` };
  }
  if (run.broken) return null;
  for (let index = model.nodes.length - 1; index >= 0; index -= 1) {
    const node = model.nodes[index],
      gradient = right.gradients[index];
    if (!right.reached[index]) continue;
    if (!Number.isFinite(gradient))
      return {
        node: index,
        text: `The first ${what(gradient)} appears in the backward pass: ${gradOf(model, node)} = ${format(gradient)}`,
      };
    if (!node.operation) continue;
    for (const [slot, { node: used }] of node.args.entries()) {
      const share = used === undefined ? 0 : passedOn(node.operation, run.partials[index][slot], gradient);
      if (Number.isFinite(share)) continue;
      const sum = `${gradOf(model, model.nodes[used])} += ${factor(run.partials[index][slot])} × ${factor(gradient)} = ${format(share)}`;
      return { node: index, text: `The first ${what(share)} appears in the backward pass: ${sum}` };
    }
  }
  return null;
}

/** The inputs that the result does not depend on at this point: {node, text} each. */
function deadInputs(model) {
  const { run, roots } = derived,
    reaches = new Uint8Array(model.nodes.length);
  if (run.broken) return [];
  for (const { node } of roots) reaches[node] = 1;
  const ends = new Map();
  for (let index = model.nodes.length - 1; index >= 0; index -= 1) {
    const { operation, args } = model.nodes[index];
    if (!reaches[index] || !operation) continue;
    args.forEach(({ node }, slot) => {
      if (node === undefined) return;
      if (run.partials[index][slot] !== 0) reaches[node] = 1;
      else ends.set(node, index);
    });
  }
  const all = model.inputs.flatMap(({ nodes }) => nodes).filter(index => !reaches[index]);
  return all.map(node => {
    const recorded = state.changed.size === 0 && state.output === INITIAL.output ? model.dead.get(node) : undefined;
    const end = ends.get(node);
    const name = `\`${titleOf(model.nodes[node])}\``;
    if (recorded) return { node, text: recorded };
    if (end !== undefined)
      return { node, text: `${name}: the derivative of \`${shorten(titleOf(model.nodes[end]), 40)}\` is 0 here` };
    return {
      node,
      text:
        model.nodes[node].uses.length === 0
          ? `${name}: no operation uses it`
          : `${name}: no path to the result has a derivative other than 0`,
    };
  });
}

const MOST_PATHS = 5;

/** The paths from a node to the result that contribute most to its gradient: {paths: [{value, nodes}], magnitude}. */
function largestPaths(model, start) {
  const { run, roots } = derived,
    paths = model.nodes.map(() => null),
    magnitudes = new Float64Array(model.nodes.length);
  const weight = value => (Number.isNaN(value) ? Infinity : Math.abs(value));
  const keep = (index, path) => {
    if (path.value === 0) return;
    const list = (paths[index] ??= []);
    let at = list.findIndex(known => weight(known.value) < weight(path.value));
    if (at < 0) at = list.length;
    list.splice(at, 0, path);
    list.length = Math.min(list.length, MOST_PATHS);
  };
  for (const { node, weight: value } of roots) {
    keep(node, { value, next: null });
    magnitudes[node] += Math.abs(value);
  }
  for (let index = model.nodes.length - 1; index > start; index -= 1) {
    const { args } = model.nodes[index];
    if (!paths[index]) continue;
    args.forEach(({ node }, slot) => {
      const partial = run.partials[index][slot];
      if (node === undefined || node < start || partial === 0) return;
      magnitudes[node] += Math.abs(partial) * magnitudes[index];
      for (const next of paths[index]) keep(node, { value: partial * next.value, next, at: index });
    });
  }
  const found = (paths[start] ?? []).map(path => {
    const nodes = [start];
    for (let step = path; step.next; step = step.next) nodes.push(step.at);
    return { value: path.value, nodes };
  });
  return { paths: found, magnitude: magnitudes[start] };
}

/** The largest paths from a node, as lines of a card. */
function pathLines(model, index) {
  const { paths, magnitude } = largestPaths(model, index);
  if (paths.length < 2) return [];
  const line = ({ value, nodes }) => {
    const names = [];
    for (const node of nodes) {
      const name = shortTitle(model, model.nodes[node], 20);
      if (names.at(-1)?.name === name) names.at(-1).count += 1;
      else names.push({ name, count: 1 });
    }
    const shown = names.map(({ name, count }) => (count > 1 ? `${name} (${count}×)` : name));
    const most = 6;
    const text = shown.length > most ? [...shown.slice(0, most / 2), '…', ...shown.slice(-most / 2)] : shown;
    return html(
      'li',
      { onpointerenter: () => actions.mark(nodes), onpointerleave: () => actions.mark([]) },
      amount(value),
      html('span', { class: 'words' }, ` ${format((100 * Math.abs(value)) / magnitude, 3)} %  ${text.join(' → ')}`),
    );
  };
  return [
    paragraph('words', `The ${paths.length} paths that contribute most:`),
    html('ol', { class: 'paths' }, paths.map(line)),
  ];
}

/** All that is worth a warning, as lines of the overview. */
function diagnosisLines(model) {
  const bad = firstNonFinite(model),
    dead = deadInputs(model),
    lines = [];
  const point = node => ({
    onpointerenter: () => actions.hover([node]),
    onpointerleave: () => actions.hover([]),
    onclick: () => actions.find(node),
  });
  if (bad)
    lines.push(
      html(
        'button',
        { class: 'finding wrong', type: 'button', ...point(bad.node) },
        `${bad.text}${placeOf(model, model.nodes[bad.node]) ? ` (${placeOf(model, model.nodes[bad.node])})` : ''}`,
      ),
    );
  for (const { node, text } of dead.slice(0, 5))
    lines.push(html('button', { class: 'finding', type: 'button', ...point(node) }, `No effect: ${text}`));
  if (dead.length > 5) lines.push(paragraph('words', `and ${dead.length - 5} more inputs without effect`));
  return lines;
}

// ── All iterations of a variable ─────────────────────────────────────────────────────────────────

/** The nodes of the same expression in all iterations of the innermost loop around a node, in order. */
function courseOf(model, node) {
  const inner = node.frames.findLastIndex(({ loop }) => loop.kind === 'loop');
  if (inner < 0 || !node.site) return [];
  const { loop } = node.frames[inner];
  const same = other =>
    other.site === node.site &&
    other.operation === node.operation &&
    other.frames.length === node.frames.length &&
    other.frames[inner]?.loop === loop &&
    other.frames.every(
      ({ loop: group, number }, depth) =>
        depth === inner || depth > inner || (group === node.frames[depth].loop && number === node.frames[depth].number),
    );
  return model.nodes.filter(same);
}

/** A curve of numbers, the known ones, with a dot at one of them. */
function sparkline(numbers, here, name) {
  const width = 120,
    height = 26;
  const finite = numbers.filter(Number.isFinite);
  if (finite.length < 2) return null;
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const x = k => 3 + ((width - 6) * k) / Math.max(1, numbers.length - 1),
    y = value => (most === least ? height / 2 : height - 4 - ((height - 8) * (value - least)) / (most - least));
  const points = numbers.flatMap((value, k) => (Number.isFinite(value) ? [`${tenth(x(k))} ${tenth(y(value))}`] : []));
  return svg(
    'svg',
    {
      class: 'spark',
      width,
      height,
      role: 'img',
      'aria-label': `${name}: ${format(numbers[0])} to ${format(numbers.at(-1))}`,
    },
    svg('path', { d: `M${points.join('L')}` }),
    here >= 0 && Number.isFinite(numbers[here])
      ? svg('circle', { cx: tenth(x(here)), cy: tenth(y(numbers[here])), r: 3 })
      : null,
  );
}

const MOST_ROWS = 12;

/** A small table of a variable over the iterations: value, and gradient once it is known. */
function courseTable(model, node) {
  const course = courseOf(model, node);
  if (course.length < 2) return null;
  const here = course.indexOf(node);
  const numbers = course.map(({ index }) => (isKnown(model, index) ? derived.run.values[index] : NaN));
  // All of a short course; of a long one the ends, and what is around the present iteration.
  const near = k => course.length <= MOST_ROWS || k < 3 || k >= course.length - 3 || Math.abs(k - here) <= 2;
  const rows = [];
  course.forEach((one, k) => {
    if (!near(k)) {
      if (near(k - 1)) rows.push(html('tr', {}, html('td', {}, '⋮')));
      return;
    }
    const { loop, number } = one.frames.findLast(frame => frame.loop.kind === 'loop'),
      { text, sign } = shownGradient(model, one.index);
    rows.push(
      html(
        'tr',
        { class: k === here ? 'here' : null },
        html(
          'td',
          {},
          html(
            'button',
            { class: 'plain', type: 'button', onclick: () => actions.find(one.index) },
            number < loop.iterations ? String(number + 1) : 'end',
          ),
        ),
        html('td', {}, isKnown(model, one.index) ? format(derived.run.values[one.index]) : '?'),
        html('td', { class: sign }, text),
      ),
    );
  });
  return html(
    'div',
    { class: 'course' },
    paragraph(
      'words',
      `${shortTitle(model, node, 24)} in all ${course.length} iterations:`,
      ' ',
      sparkline(numbers, here, titleOf(node)),
    ),
    html('table', {}, html('tbody', {}, rows)),
  );
}

/** The variables that change in each loop, the last value of each first iteration on; one row each. */
function loopCourses(model) {
  const shown = new Set(),
    lines = [];
  for (const node of model.nodes) {
    const key = node.site && `${model.sites.indexOf(node.site)}`;
    if (!node.name || !node.operation || shown.has(key) || iterationsOf(node).length === 0) continue;
    shown.add(key);
    const course = courseOf(model, node);
    if (course.length < 2) continue;
    const values = course.map(({ index }) => derived.run.values[index]);
    lines.push(
      html(
        'button',
        { class: 'finding row', type: 'button', onclick: () => actions.find(course.at(-1).index) },
        html('b', {}, shorten(titleOf(node), 14)),
        html('span', {}, ` ${course.length}×: ${format(values[0])} … ${format(values.at(-1))} `),
        sparkline(values, -1, titleOf(node)),
      ),
    );
    if (lines.length >= 8) break;
  }
  return lines;
}

/** The start of the page: what the function computed, as a whole. */
function overviewCard(model) {
  const { forward, steps } = derived.timeline;
  const backward = steps.filter(({ kind }) => kind === 'backward').length;
  const results = model.outputs.map(({ node, constant }) => (node === undefined ? constant : derived.run.values[node]));
  const list = (texts, most = 6) =>
    texts.length > most ? `${texts.slice(0, most - 1).join(', ')}, …` : texts.join(', ');
  const call = `${visible(model.function)}(${list(
    model.inputs.map(({ name }) => shorten(oneLine(name), 12)),
    8,
  )})`;
  const value = derived.run.broken ? '?' : list(results.map(result => format(result)));
  const of =
    model.outputs.length > 1
      ? [
          paragraph(
            'words',
            `Gradients are those of ${state.output === 'all' ? `the sum of the ${model.outputs.length} results` : `result ${state.output + 1} of ${model.outputs.length}`}.`,
          ),
        ]
      : [];
  // A long argument is one row.
  const rows = model.inputs.flatMap(({ name, nodes, parts }) => {
    if (nodes.length < SHORTEST_ARRAY) return nodes.map(index => [nameInStruct(model.nodes[index], NAME_COLUMNS), [index]]);
    if (parts.length > 0)
      return parts.map(([path, numbers]) => [['', shorten(oneLine(path), NAME_COLUMNS)], numbers.map(([, node]) => node)]);
    return [[['', shorten(oneLine(name), NAME_COLUMNS)], nodes]];
  });
  const gradients = rows.slice(0, MOST_ROWS).map(([[path, title], indices]) => {
    const [index] = indices,
      single = indices.length === 1 ? shownGradient(model, index) : null,
      range = derived.tangents
        ? `d ${rangeOf(indices.map(each => derived.tangents.tangents[each]))}`
        : derived.at.gradients ? `∂ ${rangeOf(indices.map(each => derived.at.gradients[each]))}` : '';
    return html(
      'tr',
      { onpointerenter: () => actions.hover(indices), onpointerleave: () => actions.hover([]) },
      html('td', {}, path ? html('span', { class: 'path' }, path) : null, title),
      html('td', {}, rangeOf(indices.map(each => derived.run.values[each]))),
      html('td', { class: single?.sign ?? 'none' }, single?.text ?? range),
    );
  });
  const table = html('table', { class: 'overview' }, html('tbody', {}, gradients));
  const courses = loopCourses(model);
  return [
    paragraph('formula', `${call} = ${value}`),
    paragraph(
      'words',
      `${forward} operation${forward === 1 ? '' : 's'} forward${derived.tangents ? '' : `, ${backward} backward`}. Press `,
      html('kbd', {}, '→'),
      ' for the first step.',
    ),
    ...(derived.roots.length === 0
      ? [paragraph('words', 'The result is a constant: nothing flows back from it.')]
      : []),
    ...of,
    ...(derived.tangents ? tangentWords(model) : []),
    ...diagnosisLines(model),
    table,
    rows.length > MOST_ROWS ? paragraph('words', `and ${rows.length - MOST_ROWS} more inputs`) : null,
    ...(courses.length > 0 ? [paragraph('words', 'In the loops:'), ...courses] : []),
  ];
}
