// The card of the current step, and of the node under the pointer.

const paragraph = (name, ...children) => html('p', { class: name }, ...children);
const amount = value => html('b', { class: signOf(value) }, format(value));

function paintCard(model) {
  const { at, timeline } = derived,
    { forward, steps } = timeline,
    backward = steps.length - forward - 1 - timeline.seeds;
  const titles = {
    overview: 'Overview',
    start: 'Start',
    forward: `Forward ${state.step} of ${forward}`,
    seed: at.again ? 'Second seed' : 'Seed',
    backward: `Backward ${state.step - forward - timeline.seeds} of ${backward}`,
  };
  setText(byId('step-title'), titles[at.kind]);
  const write = {
    overview: overviewCard,
    start: startCard,
    forward: forwardCard,
    seed: seedCard,
    backward: backwardCard,
  }[at.kind];
  const mistake =
    state.mistake && ['seed', 'backward'].includes(at.kind)
      ? paragraph(
          'mistake',
          html('b', {}, `Mistake: ${MISTAKES[state.mistake].title}. `),
          MISTAKES[state.mistake].text,
          timeline.visits
            ? ` Only the first ${MOST_VISITS} of ${format(timeline.visits, 3)} visits are shown here: the numbers are not the final ones.`
            : '',
        )
      : null;
  const content = broken() ?? write(model, at);
  const { verdict } = state,
    answer =
      verdict?.step === state.step ? paragraph(`verdict ${verdict.right ? 'right' : 'wrong'}`, verdict.text) : null;
  const focused = document.activeElement?.dataset?.predict;
  byId('step').replaceChildren(...[content, answer, mistake, scoreCard(model)].flat().filter(Boolean));
  if (focused !== undefined) byId('step').querySelector('[data-predict]')?.focus();
}

/** While inputs lead elsewhere there is nothing to show past that place. */
function broken() {
  const { at, run } = derived;
  if (!run.broken || (at.kind !== 'seed' && at.kind !== 'backward')) return null;
  return [paragraph('words', 'There is no backward pass to show: with these inputs the function takes another path.')];
}

function startCard(model) {
  const { forward, steps } = derived.timeline;
  const backward = steps.filter(({ kind }) => kind === 'backward').length;
  return [
    paragraph(
      'words',
      `${visible(model.function)} computes ${forward} operation${forward === 1 ? '' : 's'} forward, from the inputs to the result` +
        (derived.tangents ? '.' : `, and ${backward} backward, from the result to the inputs.`),
    ),
    derived.roots.length === 0 ? paragraph('words', 'The result is a constant: nothing flows back from it.') : null,
    ...(derived.tangents ? tangentWords(model) : []),
    paragraph('words', 'Press ', html('kbd', {}, '→'), ' for the first step.'),
  ];
}

function heading(model, node) {
  return paragraph(
    'heading',
    html('b', {}, labelOf(model, node)),
    ' ',
    html('span', { class: 'words' }, placeOf(model, node)),
  );
}

function forwardCard(model, { node: index }) {
  const node = model.nodes[index],
    { values } = derived.run;
  const texts = node.args.map((_, slot) => operandOf(model, node, slot));
  const numbers = node.args.map(({ node: used, constant }) => factor(used === undefined ? constant : values[used]));
  const lead = node.name ? `${labelOf(model, node)} = ` : '';
  if (!isKnown(model, index)) return [heading(model, node)];
  return [
    heading(model, node),
    paragraph('formula', lead + formula(node.operation, texts)),
    paragraph(
      'formula',
      `${lead ? '\u2003' : ''}= ${formula(node.operation, numbers)} = `,
      html('b', {}, format(values[index])),
    ),
    ...(derived.tangents ? tangentLines(model, node) : []),
  ];
}

function seedCard(model, { node: index, again, weight }) {
  const node = model.nodes[index];
  return [
    heading(model, node),
    paragraph('formula', html('span', { class: 'target' }, gradOf(model, node)), ' = ', amount(weight)),
    paragraph(
      'words',
      again
        ? 'Every other gradient still holds what the first pass left.'
        : derived.roots.length > 1
          ? 'Every result has its weight; every other gradient starts at 0.'
          : 'Every other gradient starts at 0.',
    ),
  ];
}

function backwardCard(model, { node: index, gradients, changes }) {
  const node = model.nodes[index],
    { rule, convention } = node.operation;
  const parts = [
    heading(model, node),
    paragraph('words', `rule: ${rule}${convention ? ` (${convention})` : ''}`),
    paragraph(
      'words',
      'arriving: ',
      html('span', { class: 'mono' }, `${gradOf(model, node)} = ${format(gradients[index])}`),
    ),
  ];
  const asked = new Set();
  node.args.forEach(({ node: used }, slot) => {
    if (asked.has(used)) return;
    if (used === undefined) {
      parts.push(paragraph('words', `${operandText(model, node, slot)} is a constant: nothing to pass on.`));
      return;
    }
    const change = changes.find(one => one.slot === slot);
    if (isHidden(used)) {
      asked.add(used);
      parts.push(question(model, used));
    } else {
      parts.push(assignment(model, node, change));
    }
  });
  return parts;
}

/** `w1.grad += x1 × p.grad`, the numbers, and what it was before. */
function assignment(model, node, { slot, node: used, share, before, after }) {
  const partial = derived.run.partials[node.index][slot],
    arriving = derived.at.gradients[node.index];
  const target = model.nodes[used],
    called = operandText(model, node, slot);
  const other = called !== labelOf(model, target) && target.name !== called && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(called);
  const symbol = partialText(model, node, slot) ?? `∂${node.operation.symbol}`;
  const sign = state.mistake === 'assign' ? '=' : '+=';
  return html(
    'div',
    { class: 'assignment' },
    paragraph(
      'formula',
      html('span', { class: 'target' }, gradOf(model, target)),
      other ? html('span', { class: 'words' }, ` (here called ${called})`) : null,
      ` ${sign} ${symbol} × ${gradOf(model, node)}`,
    ),
    paragraph(
      'formula',
      `\u2003= ${factor(partial)} × ${factor(arriving)} = `,
      amount(share),
      html('span', { class: 'words' }, ` (${format(before)} → ${format(after)})`),
    ),
  );
}

// ── A node ───────────────────────────────────────────────────────────────────────────────────────

const NUDGE = 0.01;

/** The node under the pointer, or else the one that is pinned. */
function paintNode(model) {
  const index = state.hovered.at(-1) ?? state.selected,
    pane = byId('node');
  pane.hidden = index === undefined || index === null;
  if (pane.hidden) return pane.replaceChildren();
  const node = model.nodes[index],
    { at, run } = derived,
    pinned = index === state.selected;
  const parts = [
    paragraph(
      'heading',
      html('b', {}, labelOf(model, node)),
      ' ',
      html(
        'span',
        { class: 'words' },
        [pinned ? 'pinned' : 'under the pointer', placeOf(model, node)].filter(Boolean).join(', '),
      ),
    ),
    paragraph('formula', isKnown(model, index) ? `value ${format(run.values[index], 6)}` : 'not computed yet'),
  ];
  if (at.gradients && !isHidden(index)) {
    parts.push(...sumOfUses(model, node), ...nudge(model, node));
    // The paths are those of the whole pass, and tell the gradients of nodes that predict mode still hides.
    if (pinned && !state.predict && !run.broken && !state.mistake)
      parts.push(...curvatureLines(model, node), ...pathLines(model, index));
  }
  if (derived.tangents && isKnown(model, index))
    parts.push(paragraph('formula', `${tangentName(model, node)} = `, amount(derived.tangents.tangents[index])));
  const course = courseTable(model, node);
  if (course) parts.push(course);
  return pane.replaceChildren(...parts);
}

const MOST_TERMS = 6;

/** The gradient as a sum, one term for every use. */
function sumOfUses(model, node) {
  const { at } = derived,
    total = at.gradients[node.index];
  // In the order in which they arrive: the last user is the first to hand on.
  const uses = [...node.uses].sort((a, b) => b.user - a.user || a.slot - b.slot);
  const terms = uses.map(({ user, slot }) => at.shares[user]?.[slot] ?? null).filter(term => term !== null);
  const grad = gradOf(model, node);
  if (terms.length === 0)
    return [
      paragraph('formula', `${grad} = `, amount(total)),
      isUnreached(node.index) ? paragraph('words', 'never reached: no path leads from it to the result') : null,
    ].filter(Boolean);
  const shown = terms.slice(-MOST_TERMS).map(term => factor(term));
  if (terms.length > MOST_TERMS) shown.unshift('…');
  const sum = terms.length > 1 ? `${shown.join(' + ')} = ` : '';
  const reached = node.uses.filter(({ user }) => derived.right.reached[user]).length,
    open = reached - terms.length;
  const note = [
    terms.length > 1 ? `used ${terms.length} times: one term for each use` : '',
    open > 0 ? `${open} use${open > 1 ? 's' : ''} still to come` : '',
  ]
    .filter(Boolean)
    .join('; ');
  return [paragraph('formula', `${grad} = ${sum}`, amount(total)), note ? paragraph('words', note) : null].filter(
    Boolean,
  );
}

/** What the gradient is good for, and how far it reaches. */
function nudge(model, node) {
  const { right, run, roots } = derived;
  if (!shownGradient(model, node.index).settled) return [];
  if (roots.length === 0 || roots.some(root => root.node === node.index) || run.broken) return [];
  const moved = compute(model, new Map([...state.changed, [node.index, run.values[node.index] + NUDGE]]));
  const expected = right.gradients[node.index] * NUDGE,
    sum = values => roots.reduce((total, root) => total + root.weight * values[root.node], 0),
    actual = sum(moved.values) - sum(run.values);
  const result = resultName(model, roots);
  const lead = `If ${labelOf(model, node)} were ${NUDGE} larger, ${result} would change by about ${format(expected)}. `;
  if (moved.broken)
    return [paragraph('words', `${lead}(That would take another path, so this page cannot tell exactly.)`)];
  const bends = Math.abs(actual - expected) > 1e-4 * Math.abs(expected) + 1e-12 * Math.abs(sum(run.values));
  return [paragraph('words', `${lead}Actually: ${format(actual)}${bends ? '; the curve bends.' : '.'}`)];
}
