// The trace as the page works with it.
//
// A node is {index, operation, args, value, partials, gradient, site, name, frames, uses}: `operation` is null for an
// input; an argument is {node} or {constant}; a use is {user, slot}. `frames` are what the node is drawn in, from the
// outside in, each {loop, number}. Such a group is of one of these kinds:
//
//     loop    one run of a loop of the source; `number` is the iteration
//     call    one call of another function
//     chain   a long chain of equal operations of one expression, such as a sum
//     array   an argument of many numbers
//
// Groups other than loops have the number 0 for all their nodes.

/** A chain of fewer operations, and an argument of fewer numbers, is drawn box by box. */
const SHORTEST_CHAIN = 8,
  SHORTEST_ARRAY = 9;

function readTrace(data) {
  const operations = Object.fromEntries(
    Object.entries(data.operations).map(([name, row]) => [name, operationOf(name, row)]),
  );
  const sites = data.sites.map(([source, start, end, operands, name, line, column, last]) => ({
    source,
    start,
    end,
    operands,
    name,
    line,
    column,
    last,
    text: data.sources[source].text.slice(start, end),
  }));
  const { scopes, loops, calls } = readScopes(data, sites);
  const argument = given => (Array.isArray(given) ? { constant: Number(given[0]) } : { node: given });
  const nodes = data.nodes.map(([operation, args, value, partials, gradient, site, name, scope], index) => ({
    index,
    operation: operations[operation] ?? null,
    args: args.map(argument),
    value: Number(value),
    partials: partials.map(Number),
    gradient: Number(gradient),
    site: typeof site === 'number' ? sites[site] : null,
    place: typeof site === 'string' ? site : null,
    name,
    scope,
    frames: scopes[scope].frames,
    uses: [],
  }));
  for (const node of nodes) {
    node.args.forEach(
      ({ node: used }, slot) => used !== undefined && nodes[used].uses.push({ user: node.index, slot }),
    );
    node.name ??= node.operation && node.site ? node.site.name : null;
  }
  const inputs = data.inputs.map(([name, indices, parts]) => ({ name, nodes: indices, parts }));
  for (const { name, nodes: indices } of inputs) {
    indices.forEach((index, k) => (nodes[index].name ??= indices.length > 1 ? `${name}[${k}]` : name));
  }
  for (const [path, numbers] of inputs.flatMap(({ parts }) => parts))
    for (const [, index] of numbers) nodes[index].path = path;
  const arrays = groupArrays(nodes, inputs),
    chains = groupChains(nodes);
  const guards = data.decisions.guards.map(([site, comparison, left, right, outcome, after]) => ({
    site: sites[site],
    comparison,
    left: argument(left),
    right: argument(right),
    outcome,
    after,
  }));
  const cuts = data.decisions.cuts.map(([site, reason, node, after]) => ({ site: sites[site], reason, node, after }));
  const branches = data.decisions.branches.map(([site, taken]) => ({ site: sites[site], taken }));
  return {
    function: data.function,
    sources: data.sources,
    operations,
    sites,
    nodes,
    inputs,
    loops,
    calls,
    groups: [...loops, ...calls, ...arrays, ...chains],
    guards,
    cuts,
    branches,
    dead: new Map(data.dead),
    outputs: data.outputs.map(argument),
    seeds: data.seeds.map(Number),
    scopes,
  };
}

/** The iterations and calls around each scope. Scope 0 is the function. */
function readScopes({ scopes: rows, calls: called, sources }, sites) {
  const scopes = [{ parent: null, kind: 'function', frames: [], source: 0 }],
    loops = [],
    calls = [],
    known = new Map(),
    results = new Map(called.map(([scope, nodes, name]) => [scope, { results: nodes, name }]));
  for (const [parent, kind, site, number, more] of rows) {
    const scope = { parent, kind, site: sites[site], number, frames: scopes[parent].frames };
    if (kind === 'loop') {
      const key = `${parent} ${site}`;
      if (!known.has(key)) {
        const index = loops.length;
        known.set(key, { key: `loop${index}`, kind, site: sites[site], iterations: 0, turns: 0 });
        loops.push(known.get(key));
      }
      const loop = known.get(key);
      // Only those with nodes are in the table. The last condition of a `while` belongs to no iteration.
      loop.turns = Math.max(loop.turns, number + 1);
      if (more) loop.iterations = Math.max(loop.iterations, number + 1);
      scope.frames = [...scope.frames, { loop, number }];
    } else if (kind === 'call') {
      const { results: nodes, name } = results.get(scopes.length) ?? { results: [], name: null };
      const call = {
        key: `call${calls.length}`,
        kind,
        site: sites[site],
        iterations: 1,
        turns: 1,
        callee: sources[more].function,
        results: nodes,
        name,
        // Where the call stands: the result is a value of the function that calls.
        around: { frames: scope.frames, scope: parent },
      };
      calls.push(call);
      scope.call = call;
      scope.frames = [...scope.frames, { loop: call, number: 0 }];
    }
    scopes.push(scope);
  }
  for (const loop of loops) loop.iterations ||= loop.turns;
  return { scopes, loops, calls };
}

/** Long arguments become groups. */
function groupArrays(nodes, inputs) {
  const arrays = [];
  for (const { name, nodes: indices } of inputs) {
    if (indices.length < SHORTEST_ARRAY) continue;
    const array = {
      key: `array${arrays.length}`,
      kind: 'array',
      site: null,
      iterations: 1,
      turns: 1,
      title: name,
      members: indices,
    };
    indices.forEach(index => (nodes[index].frames = [{ loop: array, number: 0 }]));
    arrays.push(array);
  }
  return arrays;
}

/** Long chains of one operation, each the operand of the next and of nothing else, become groups. */
function groupChains(nodes) {
  const chains = [],
    chainOf = new Map();
  for (const node of nodes) {
    if (!node.operation || !node.site) continue;
    const before = node.args
      .map(({ node: used }) => nodes[used])
      .find(
        used =>
          used?.site === node.site &&
          used.scope === node.scope &&
          used.operation === node.operation &&
          used.uses.length === 1,
      );
    const members = before ? chainOf.get(before.index) : [];
    members.push(node.index);
    chainOf.set(node.index, members);
  }
  for (const members of new Set(chainOf.values())) {
    if (members.length < SHORTEST_CHAIN) continue;
    const first = nodes[members[0]];
    const chain = { key: `chain${chains.length}`, kind: 'chain', site: first.site, iterations: 1, turns: 1, members };
    members.forEach(index => (nodes[index].frames = [...nodes[index].frames, { loop: chain, number: 0 }]));
    chains.push(chain);
  }
  return chains;
}

/** The iterations around a node, without the calls. */
function iterationsOf(node) {
  return node.frames.filter(({ loop }) => loop.kind === 'loop');
}

/** The calls that lead to a node, from the outside in: {site, …} each. */
function callsOf(model, node) {
  const calls = [];
  for (let scope = model.scopes[node.scope]; scope.parent !== null; scope = model.scopes[scope.parent]) {
    if (scope.kind === 'call') calls.unshift(scope);
  }
  return calls;
}

/** Whether a use is drawn as a small box of its own: that of a node which is used all over the picture. */
function isHub(model, index) {
  const node = model.nodes[index];
  if (node.uses.length > (node.operation ? LAYOUT.usesOfOperation : LAYOUT.usesOfInput)) return true;
  const inner = node.uses.map(({ user }) => iterationsOf(model.nodes[user])[iterationsOf(node).length]);
  const iterations = inner.filter(Boolean).map(({ loop, number }) => `${loop.key} ${number}`);
  return !node.operation && new Set(iterations).size > 1;
}
