// The forward and the backward pass: computed as a whole, and step by step.

/**
 * Values and partials of all nodes where some have other values than recorded (a Map from index to value). What does not
 * depend on these keeps the recorded numbers to the last bit. `broken` is the first guard, cut or opaque operation at which
 * the function would not do what was recorded, if any.
 */
function compute(model, changed) {
  const values = model.nodes.map(node => node.value),
    partials = model.nodes.map(node => node.partials);
  if (changed.size === 0) return { values, partials, broken: null };
  const moved = new Uint8Array(model.nodes.length);
  let opaque = null;
  for (const { index, operation, args, site } of model.nodes) {
    if (changed.has(index)) {
      values[index] = changed.get(index);
      moved[index] = 1;
    }
    if (!operation || !args.some(({ node }) => node !== undefined && moved[node])) continue;
    moved[index] = 1;
    if (operation.opaque) {
      opaque ??= { site, title: operation.symbol, reason: 'custom', after: index };
      continue;
    }
    const operands = args.map(({ node, constant }) => (node === undefined ? constant : values[node]));
    if (!changed.has(index)) values[index] = operation.value(operands);
    partials[index] = operation.partials(
      operands,
      values[index],
      args.map(({ node }) => node !== undefined),
    );
  }
  return { values, partials, broken: brokenBy(model, values, opaque) };
}

const COMPARISONS = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function brokenBy(model, values, opaque) {
  const read = ({ node, constant }) => (node === undefined ? constant : values[node]);
  const guard = model.guards.find(
    ({ comparison, left, right, outcome }) => COMPARISONS[comparison](read(left), read(right)) !== outcome,
  );
  const differs = index => !Object.is(values[index], model.nodes[index].value);
  // Where collections were compared, no node is named: any change may matter. An assertion changes no number.
  const cut = model.cuts.find(
    ({ node, reason }) =>
      reason !== 'assertion' && (node === null ? values.some((_, index) => differs(index)) : differs(node)),
  );
  const all = [guard, cut, opaque].filter(one => one !== undefined && one !== null);
  return all.reduce((first, one) => (first === null || one.after < first.after ? one : first), null);
}

/** What is differentiated: the result of this number, or the sum of all as the trace weights them. {node, weight} each. */
function rootsOf(model, output) {
  const weights = new Map();
  model.outputs.forEach(({ node }, k) => {
    const weight = output === 'all' ? model.seeds[k] : Number(k === output);
    if (node !== undefined && weight !== 0) weights.set(node, (weights.get(node) ?? 0) + weight);
  });
  return [...weights].map(([node, weight]) => ({ node, weight }));
}

/** What is differentiated, in words: the name of the one result, or `the sum of the results`. */
function resultName(model, roots) {
  return roots.length === 1 && roots[0].weight === 1
    ? labelOf(model, model.nodes[roots[0].node])
    : 'the sum of the results';
}

/** The gradients of the roots for all nodes, and which nodes the reverse pass reaches. */
function gradientsOf(model, { partials }, roots) {
  const gradients = new Float64Array(model.nodes.length),
    reached = new Uint8Array(model.nodes.length);
  for (const { node, weight } of roots) {
    gradients[node] = weight;
    reached[node] = 1;
  }
  for (let index = model.nodes.length - 1; index >= 0; index -= 1) {
    const { operation, args } = model.nodes[index];
    if (!reached[index] || !operation) continue;
    args.forEach(({ node }, slot) => {
      if (node === undefined) return;
      gradients[node] += passedOn(operation, partials[index][slot], gradients[index]);
      reached[node] = 1;
    });
  }
  return { gradients, reached };
}

const MISTAKES = {
  assign: {
    title: '= instead of +=',
    text: 'Each use overwrites what the others left: of a shared node\u2019s uses only the last one counts.',
  },
  twice: {
    title: 'no zeroing before the second backward',
    text: 'The second pass starts on top of the first one\u2019s gradients, and passes these on as well.',
  },
  recursion: {
    title: 'recursion instead of topological order',
    text: 'Each node propagates its gradient as soon as it receives a share; a shared node propagates the same share again and again.',
  },
};
/** Recursion visits a node once for every path to it; where the paths are too many, only so many steps are taken. */
const MOST_VISITS = 4000;

/** All steps: {kind: 'start'}, then 'forward', 'seed' and 'backward' steps, each with its node. */
function timelineOf(model, roots, reached, mistake) {
  const operations = model.nodes.filter(node => node.operation).map(node => node.index);
  const steps = [{ kind: 'start' }, ...operations.map(node => ({ kind: 'forward', node }))];
  const forward = steps.length - 1;
  if (roots.length === 0) return { steps, forward, visits: null };
  const seeds = roots.map(root => ({ kind: 'seed', ...root }));
  const backward = operations
    .filter(index => reached[index])
    .reverse()
    .map(node => ({ kind: 'backward', node }));
  steps.push(...seeds);
  let visits = null;
  if (mistake === 'recursion') {
    const waiting = roots.map(({ node }) => node).reverse();
    while (waiting.length > 0) {
      if (steps.length >= forward + MOST_VISITS) {
        visits = visitsOf(model, roots);
        break;
      }
      const node = model.nodes[waiting.pop()];
      if (!node.operation) continue;
      steps.push({ kind: 'backward', node: node.index });
      waiting.push(
        ...node.args
          .map(({ node: used }) => used)
          .filter(used => used !== undefined)
          .reverse(),
      );
    }
  } else {
    steps.push(...backward);
    if (mistake === 'twice') steps.push(...seeds.map(seed => ({ ...seed, again: true })), ...backward);
  }
  return { steps, forward, seeds: seeds.length, visits };
}

/** How often recursion would visit operations in all: a number of paths, which grows exponentially. */
function visitsOf(model, roots) {
  const paths = new Float64Array(model.nodes.length);
  let visits = 0;
  for (const { node } of roots) paths[node] = 1;
  for (let index = model.nodes.length - 1; index >= 0; index -= 1) {
    const { operation, args } = model.nodes[index];
    if (!operation) continue;
    visits += paths[index];
    for (const { node } of args) if (node !== undefined) paths[node] += paths[index];
  }
  return visits;
}

/**
 * Where things stand after `step` steps: how many operations are computed, the gradients so far (null before the seed),
 * the contribution of every use, which nodes have handed on, and of the step itself the gradients before and after.
 */
function replay(model, { partials, broken }, { steps, forward }, step, mistake) {
  const known = Math.min(step, forward),
    count = model.nodes.length;
  const at = { ...steps[step], known, gradients: null, shares: null, done: null, changes: [], touched: null };
  if (step <= forward || broken) return at;
  const gradients = new Float64Array(count),
    done = new Uint8Array(count),
    touched = new Int32Array(count).fill(-1);
  const shares = model.nodes.map(() => null);
  for (let number = forward + 1; number <= step; number += 1) {
    const { kind, node: index, weight } = steps[number];
    const last = number === step;
    if (kind === 'seed') {
      gradients[index] = weight;
      continue;
    }
    const { operation, args } = model.nodes[index];
    shares[index] = args.map(({ node }, slot) => {
      if (node === undefined) return null;
      const share = passedOn(operation, partials[index][slot], gradients[index]),
        before = gradients[node];
      gradients[node] = mistake === 'assign' ? share : before + share;
      touched[node] = number;
      if (last) at.changes.push({ slot, node, share, before, after: gradients[node] });
      return share;
    });
    done[index] = 1;
  }
  return { ...at, gradients, shares, done, touched };
}
