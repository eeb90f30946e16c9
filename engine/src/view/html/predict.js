// Predict mode: the reader says what a gradient is after the step, as often as needed. Nothing on the page shows it before.

/** The questions so far: {step, node, tries, hints, outcome} by `step node`; `outcome` is null, 'right' or 'shown'. */
const predictions = new Map();

function predictionOf(step, node) {
  const key = `${step} ${node}`;
  if (!predictions.has(key)) predictions.set(key, { step, node, tries: 0, hints: 0, outcome: null });
  return predictions.get(key);
}

/** A number as people write it: `-1.5`, `−1,5`, `1/2`, `2e-3`, `2 * 3`; NaN if it is none. */
function readNumber(text) {
  const plain = text
    .trim()
    .replaceAll('−', '-')
    .replaceAll('×', '*')
    .replaceAll('·', '*')
    .replaceAll('÷', '/')
    .replaceAll(',', '.');
  if (/^[-+]?(∞|inf|infinity)$/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  const parts = plain.split(/([*/])/);
  let value = NaN;
  for (let at = 0; at < parts.length; at += 2) {
    const part = parts[at].trim().replace(/^\((.*)\)$/, '$1');
    const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part) ? Number(part) : NaN;
    value = at === 0 ? number : parts[at - 1] === '*' ? value * number : value / number;
  }
  return value;
}

function isNear(guess, exact) {
  return Object.is(guess, exact) || Math.abs(guess - exact) <= 0.01 * Math.max(Math.abs(exact), 1e-3);
}

/** What a wrong number is, if it is that of a well known mistake; never the right one. */
function mistakeOf(model, used, guess) {
  const { at, run } = derived,
    changes = at.changes.filter(({ node }) => node === used),
    { node: index } = at;
  const after = at.gradients[used],
    arriving = at.gradients[index],
    before = changes[0].before,
    shares = changes.reduce((sum, { share }) => sum + share, 0);
  const partials = changes.map(({ slot }) => run.partials[index][slot]);
  const known = [
    [before, 'This is what it was before the step. The step adds to it.'],
    [-after, 'The sign is wrong.'],
    [shares, 'This is what the step adds. What was there before stays: += and not =.'],
    [changes.at(-1).share, 'This is the term of one use. It is used more than once in this operation.'],
    [
      partials.reduce((sum, partial) => sum + partial, 0),
      'This is the local derivative. Multiply it by the gradient that arrives.',
    ],
    [arriving, 'This is the gradient that arrives. Multiply it by the local derivative.'],
    [before + arriving, 'The gradient that arrives was added without the local derivative.'],
    ...at.changes
      .filter(({ node }) => node !== used)
      .map(({ after: other }) => [other, 'This is the gradient of the other operand.']),
    ...at.changes
      .filter(({ node }) => node !== used)
      .map(({ share }) => [before + share, 'This is the term of the other operand.']),
    [run.values[used], 'This is its value, not its gradient.'],
    [1 / after, 'This is the reciprocal.'],
  ];
  return (
    known.find(([number]) => Number.isFinite(number) && isNear(guess, number) && !isNear(number, after))?.[1] ?? null
  );
}

/** The hints of a question, from the rule to the numbers; the result is in none. */
function hintsFor(model, used) {
  const { at, run } = derived,
    node = model.nodes[at.node],
    target = gradOf(model, model.nodes[used]);
  const changes = at.changes.filter(one => one.node === used);
  const symbols = changes.map(
    ({ slot }) => `${partialText(model, node, slot) ?? `∂${node.operation.symbol}`} × ${gradOf(model, node)}`,
  );
  const numbers = changes.map(
    ({ slot }) => `${factor(run.partials[node.index][slot])} × ${factor(at.gradients[node.index])}`,
  );
  return [
    `The rule is ${node.operation.rule}. ${changes.length > 1 ? `The operation uses it ${changes.length} times.` : ''}`.trim(),
    `${target} += ${symbols.join(' + ')}`,
    `It was ${format(changes[0].before)}; add ${numbers.join(' + ')}.`,
  ];
}

/** The form for one gradient that the step changes. */
function question(model, used) {
  const asked = predictionOf(state.step, used),
    target = gradOf(model, model.nodes[used]);
  const field = html('input', {
    type: 'text',
    inputmode: 'text',
    size: 10,
    autocomplete: 'off',
    'aria-label': `your prediction of ${target}`,
    'data-predict': used,
  });
  const answer = event => {
    event.preventDefault();
    if (field.value.trim() === '') return;
    const guess = readNumber(field.value),
      exact = derived.at.gradients[used];
    if (Number.isNaN(guess) && !Number.isNaN(exact)) {
      asked.note = `${field.value.trim()} is not a number. 0.5, 1/2 and 2 * 3 are.`;
      actions.asked(used);
      return;
    }
    asked.tries += 1;
    if (isNear(guess, exact) || (Number.isNaN(guess) && Number.isNaN(exact) && /nan/i.test(field.value))) {
      asked.outcome = 'right';
      actions.reveal(used, { right: true, text: `✓ Right: ${target} is ${format(exact)}.` });
    } else {
      asked.note = `✗ Not ${field.value.trim()}. ${mistakeOf(model, used, guess) ?? 'Try again, or ask for a hint.'}`;
      actions.asked(used);
    }
  };
  const hints = hintsFor(model, used);
  const hint = () => {
    asked.hints = Math.min(hints.length, asked.hints + 1);
    actions.asked(used);
  };
  const show = () => {
    asked.outcome = 'shown';
    actions.reveal(used, { right: false, text: `${target} is ${format(derived.at.gradients[used])}.` });
  };
  return html(
    'form',
    { class: 'prediction', onsubmit: answer },
    html('label', {}, html('span', { class: 'target' }, target), ' after this step: ', field),
    html('button', { type: 'submit' }, 'Check'),
    asked.hints < hints.length
      ? html('button', { type: 'button', onclick: hint }, asked.hints > 0 ? 'Another hint' : 'Hint')
      : null,
    html('button', { type: 'button', onclick: show }, 'Show'),
    asked.note ? paragraph('verdict wrong', asked.note) : null,
    hints.slice(0, asked.hints).map(text => paragraph('hint', text)),
  );
}

/** The gradients of the present step that are still asked for. */
function openQuestions() {
  if (!state.predict || derived.at.kind !== 'backward') return [];
  return [...new Set(derived.at.changes.map(({ node }) => node))].filter(isHidden);
}

/** Two points for an answer at the first try without hints, one for another right answer. */
function scoreOf() {
  const all = [...predictions.values()].filter(({ outcome, tries, hints }) => outcome || tries > 0 || hints > 0);
  const right = all.filter(({ outcome }) => outcome === 'right'),
    first = right.filter(({ tries, hints }) => tries === 1 && hints === 0);
  return {
    points: right.length + first.length,
    most: 2 * all.length,
    first: first.length,
    later: right.length - first.length,
    shown: all.filter(({ outcome }) => outcome === 'shown').length,
    open: all.filter(({ outcome }) => outcome === null).length,
  };
}

function summaryText(model) {
  const { points, most, first, later, shown, open } = scoreOf();
  const inputs = model.inputs.flatMap(({ nodes }) => nodes).slice(0, 12);
  const lines = [
    `${visible(model.function)}(${inputs.map(index => `${titleOf(model.nodes[index])} = ${format(derived.run.values[index])}`).join(', ')})`,
    `${points} of ${most} points: ${first} right at the first try, ${later} with more tries or hints, ${shown} shown${open > 0 ? `, ${open} open` : ''}`,
  ];
  for (const { step, node, tries, hints, outcome } of predictions.values()) {
    if (!outcome && tries === 0 && hints === 0) continue;
    const number = step - derived.timeline.forward - derived.timeline.seeds;
    lines.push(
      `backward ${number}: ${gradOf(model, model.nodes[node])}: ${outcome ?? 'open'}, ${tries} tr${tries === 1 ? 'y' : 'ies'}, ${hints} hint${hints === 1 ? '' : 's'}`,
    );
  }
  return lines.join('\n');
}

/** The score, and a summary to copy. */
function scoreCard(model) {
  const score = scoreOf();
  if (!state.predict || score.most === 0) return null;
  const text = summaryText(model);
  const area = html('textarea', { readonly: '', rows: Math.min(6, text.split('\n').length), 'aria-label': 'summary' });
  area.value = text;
  const copy = event => {
    area.select();
    const done = () => (event.target.textContent = 'copied');
    // Files and frames may not have the clipboard: then the text is selected, for the reader to copy.
    (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      done,
      () => document.execCommand?.('copy') && done(),
    );
  };
  const details = html('details', { class: 'score', open: derived.scoreOpen ? '' : null });
  details.addEventListener('toggle', () => (derived.scoreOpen = details.open));
  details.append(
    html('summary', {}, `Score: ${score.points} of ${score.most}`),
    area,
    html('button', { type: 'button', onclick: copy }, 'Copy summary'),
  );
  return details;
}
