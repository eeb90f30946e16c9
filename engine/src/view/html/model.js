// The trace as the page works with it.
//
// A node is {index, operation, args, value, partials, gradient, site, name, frames, uses}: `operation` is null for an
// input; an argument is {node} or {constant}; a use is {user, slot}. `frames` are the iterations around it, from the
// outside in, each {loop, number}; a loop is one run of a loop of the source.

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
  const { scopes, loops } = readScopes(data.scopes, sites);
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
  const inputs = data.inputs.map(([name, indices]) => ({ name, nodes: indices }));
  for (const { name, nodes: indices } of inputs) {
    indices.forEach((index, k) => (nodes[index].name ??= indices.length > 1 ? `${name}[${k}]` : name));
  }
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
    guards,
    cuts,
    branches,
    outputs: data.outputs.map(argument),
    scopes,
  };
}

/** The iterations around each scope. Scope 0 is the function. */
function readScopes(rows, sites) {
  const scopes = [{ parent: null, kind: 'function', frames: [] }],
    loops = [],
    known = new Map();
  for (const [parent, kind, site, number] of rows) {
    const scope = { parent, kind, site: sites[site], number, frames: scopes[parent].frames };
    if (kind === 'loop') {
      const key = `${parent} ${site}`;
      if (!known.has(key)) {
        known.set(key, { index: loops.length, site: sites[site], iterations: 0 });
        loops.push(known.get(key));
      }
      const loop = known.get(key);
      loop.iterations = Math.max(loop.iterations, number + 1); // only those with nodes are in the table
      scope.frames = [...scope.frames, { loop, number }];
    }
    scopes.push(scope);
  }
  return { scopes, loops };
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
  const inner = node.uses.map(({ user }) => model.nodes[user].frames[node.frames.length]);
  const iterations = inner.filter(Boolean).map(({ loop, number }) => `${loop.index} ${number}`);
  return !node.operation && new Set(iterations).size > 1;
}
