// The pane of the adjoint: the compiled program of both sweeps, its statements linked to the expressions of the source.
//
// The text says above its statements which line of the source they come from. Within a line the operations of the forward
// sweep stand in the order in which they run, so each belongs to an expression; a statement of the reverse sweep reads the
// adjoints of the values that it propagates, by their names. Where that does not tell, a statement belongs to its line.

const adjoint = { rows: [], blocks: [], of: null, shown: null };

/** The rows of an adjoint's text: {text, sweep, line, statement}; null if it is no program but a reason. */
function readAdjoint({ adjoint: text, line: first, text: source }) {
  const last = first + source.split('\n').length - 1,
    texts = text.split('\n');
  if (!['// Forward sweep', '// Reverse sweep'].every(sweep => text.includes(sweep))) return null;
  let [sweep, begun, apart] = ['forward', false, false],
    headings = [];
  return texts.map(text => {
    const words = text.trim(),
      indent = text.length - text.trimStart().length;
    if (words === '') {
      apart = true;
      return { text, sweep, line: null, statement: false };
    }
    const number = Number(/^\/\/ (\d+) \| /.exec(words)?.[1] ?? NaN),
      heading = number >= first && number <= last;
    const endsOthers = apart || heading;
    apart = false;
    // A heading holds for what follows it at its own indentation and deeper.
    headings = headings.filter(one => one.indent < indent || (one.indent === indent && !endsOthers));
    if (heading) {
      headings.push({ indent, line: number });
      begun = true;
    } else if (words.startsWith('// Reverse sweep')) {
      [sweep, begun, headings] = ['reverse', false, []];
    }
    const statement = !words.startsWith('//');
    // What has no heading stands where a sweep begins or ends.
    const end = (sweep === 'reverse') !== begun ? last : first;
    return { text, sweep, statement, heading, line: heading ? number : statement ? (headings.at(-1)?.line ?? end) : null };
  });
}

const OPERATORS = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'rem' };

/** The operation that a statement of the forward sweep computes, by its name in the table; null if it is none. */
function operationIn(expression) {
  const call = /^f64::(\w+)\(/.exec(expression) ?? /^[\w.[\]]+\.(\w+)\(/.exec(expression);
  if (call) return call[1];
  const [, operator] = /^-?[\w.[\]():]+ ([-+*/%]) -?[\w.[\]():]+$/.exec(expression) ?? [];
  if (operator) return OPERATORS[operator];
  return /^-[\w.[\]]+$/.test(expression) ? 'neg' : null;
}

/** Links the statements to the nodes of their expressions. */
function linkStatements(model, index, rows) {
  const sites = new Map(),
    nodesOf = new Map(),
    owners = new Map();
  const own = (name, node) => {
    if (!owners.has(name)) owners.set(name, []);
    owners.get(name).push(node);
  };
  for (const node of model.nodes) {
    if (node.site?.source !== index) continue;
    if (!node.operation) {
      own(node.name.replace(/[[.].*$/, ''), node);
      continue;
    }
    if (!nodesOf.has(node.site)) {
      nodesOf.set(node.site, []);
      const { last } = node.site;
      sites.set(last, [...(sites.get(last) ?? []), { site: node.site, operation: node.operation.name, used: false }]);
    }
    nodesOf.get(node.site).push(node);
  }
  for (const row of rows) {
    if (!row.statement || row.sweep !== 'forward') continue;
    const [, name, expression] = /^(?:let (?:mut )?)?(\w+)(?:: [^=]+)? = (.*);$/.exec(row.text.trim()) ?? [];
    const operation = expression === undefined ? null : operationIn(expression);
    const found = operation && sites.get(row.line)?.find(one => !one.used && one.operation === operation);
    if (found) {
      found.used = true;
      row.nodes = nodesOf.get(found.site);
      owners.set(name, row.nodes);
    }
  }
  for (const row of rows) {
    if (!row.statement || row.sweep !== 'reverse') continue;
    const [, target, part, expression] = REVERSE.exec(row.text.trim()) ?? [];
    if (expression === undefined || !owners.has(target)) continue;
    // Of an array the statement does not say which element.
    row.target = part ? null : owners.get(target);
    const users = owners.get(target).flatMap(({ uses }) => uses.map(({ user }) => model.nodes[user]));
    const through = new Set(expression.split(/ [+-] /).flatMap(term => usersIn(model, term, users, owners)));
    // In the order of creation.
    const propagated = [...through].flatMap(site => nodesOf.get(site) ?? []);
    if (propagated.length > 0) row.nodes = propagated.sort((a, b) => a.index - b.index);
  }
}

/** `n_b`, `n_b += …`, `*n_gradient += …`, `n_b[i] += …`: the value whose adjoint it is, the element, and what goes there. */
const REVERSE = /^(?:let (?:mut )?|\*)?(\w+?)(?:_b|_carried|_gradient)(\[.*?\])?(?:: [^=]+)? \+?= (.*);$/;

/** The sites, among those that use a value, through which a term propagates: it reads their other operands or results. */
function usersIn(model, term, users, owners) {
  const words = new Set(term.match(/\b[a-z_]\w*/gi) ?? []);
  const isRead = node => [...words].some(word => owners.get(word)?.includes(node));
  const score = user =>
    user.args.filter(({ node }) => node !== undefined && isRead(model.nodes[node])).length + (isRead(user) ? 1 : 0);
  const best = Math.max(0, ...users.map(score));
  const sitesOf = found => [...new Set(found.map(({ site }) => site))];
  if (best > 0) return sitesOf(users.filter(user => score(user) === best));
  // Sums copy an adjoint, by its name or by that of the sum that it goes to.
  const adjoints = [...words].flatMap(word => owners.get(word.replace(/_(b|carried)$/, '')) ?? []);
  const direct = sitesOf(users.filter(user => adjoints.includes(user)));
  if (direct.length > 0) return direct;
  const all = sitesOf(users);
  return all.length === 1 ? all : sitesOf(users.filter(({ operation }) => ['add', 'sub'].includes(operation.name)));
}

/** Draws the text for a trace, once it is open. */
function drawAdjoint(model, act) {
  const pane = byId('adjoint-text');
  adjoint.blocks.forEach(blocks => blocks.end());
  Object.assign(adjoint, { rows: [], blocks: [], of: model, shown: null, rowsOfSite: new Map() });
  const parts = model.sources.flatMap((source, index) => {
    const name = model.sources.length > 1 ? [html('div', { class: 'file' }, source.function)] : [];
    const rows = readAdjoint(source);
    if (!rows) {
      const reason = source.adjoint.split('\n').map(line => line.replace(/^\/\/ ?/, ''));
      return [...name, ...reason.map(line => html('p', { class: 'words reason' }, visible(line)))];
    }
    linkStatements(model, index, rows);
    return [...name, ...drawSweeps(model, index, rows)];
  });
  pane.replaceChildren(...parts);
  for (const row of adjoint.rows) {
    for (const site of new Set(row.nodes?.map(({ site }) => site))) {
      if (!adjoint.rowsOfSite.has(site)) adjoint.rowsOfSite.set(site, []);
      adjoint.rowsOfSite.get(site).push(row);
    }
  }
  pane.onpointerover = event => {
    const row = adjoint.rows[event.target.closest?.('.row')?.dataset.row];
    act.point(row?.statement ? instancesOf(model, nodesOfRow(model, row)) : [], row ?? null);
  };
  pane.onpointerleave = () => act.point([], null);
  pane.onclick = event => {
    const row = adjoint.rows[event.target.closest?.('.row')?.dataset.row];
    const nodes = row?.statement ? nodesOfRow(model, row) : [];
    if (nodes.length > 0) act.select(instancesOf(model, nodes).at(-1));
  };
}

/** The signature, folded, and the sweeps side by side. */
function drawSweeps(model, index, rows) {
  const begins = sweep => rows.findIndex(({ text }) => text.trim().startsWith(`// ${sweep} sweep`));
  const [forward, reverse] = [begins('Forward'), begins('Reverse')];
  const signature = rows.slice(0, forward),
    first = signature[0].text.trim();
  const isWitness = ({ text }) => /^\s*let \w+ = Witness::default\(\);$/.test(text);
  const column = (title, rows) => {
    const shown = outdented(rows.filter(({ text }) => text !== '' && text !== '}'));
    const witnesses = shown.filter(isWitness);
    return html(
      'div',
      { class: 'sweep' },
      html('h3', {}, title),
      // They compute nothing.
      witnesses.length > 0
        ? html(
            'details',
            { class: 'signature' },
            html('summary', {}, `the types of ${witnesses.length} results of calls`),
            ...drawStatements(model, index, witnesses),
          )
        : null,
      ...drawStatements(model, index, shown.filter(row => !isWitness(row))),
    );
  };
  return [
    html(
      'details',
      { class: 'signature' },
      html('summary', {}, ...highlighted(`${first}${signature.length > 1 && first.endsWith('(') ? '…)' : ''}`)),
      ...drawStatements(model, index, signature),
    ),
    html(
      'div',
      { class: 'sweeps' },
      column('Forward sweep: the function, and what it records', rows.slice(forward + 1, reverse)),
      column('Reverse sweep: from the last statement to the first', rows.slice(reverse + 1)),
    ),
  ];
}

/** Rows without the indentation that all share. */
function outdented(rows) {
  const shared = Math.min(...rows.map(({ text }) => text.length - text.trimStart().length));
  return rows.map(row => Object.assign(row, { text: row.text.slice(shared) }));
}

/** Rows in blocks. */
function drawStatements(model, source, rows) {
  rows.forEach((row, place) => Object.assign(row, { source, place, element: null, ghost: null, index: adjoint.rows.push(row) - 1 }));
  const blocks = blocksOf(rows.length, {
    draw: k => drawRow(model, rows[k]),
    text: k => visible(rows[k].text),
    gone: k => Object.assign(rows[k], { element: null, ghost: null }),
    shown: () => paintAdjoint(model),
  });
  rows.forEach(row => (row.blocks = blocks));
  adjoint.blocks.push(blocks);
  return blocks.elements;
}

function drawRow(model, row) {
  const stripe = row.line === null ? undefined : model.stripes.get(`${row.source} ${row.line}`);
  row.ghost = html('span', { class: 'ghost' });
  row.element = html(
    'div',
    {
      class: `row line${row.heading ? ' heading-row' : ''}${stripe === undefined ? '' : ` stripe${stripe}`}`,
      'data-row': row.index,
    },
    html('span', { class: 'code' }, ...highlighted(row.text)),
    row.ghost,
  );
  return row.element;
}

/** The nodes that a statement computes or propagates, or else those of its line: {node, by} in the order of creation. */
function nodesOfRow(model, row) {
  if (row.nodes) return row.nodes.map(({ index }) => ({ node: index, by: index }));
  return row.line === null ? [] : nodesOfLine(model, row.source, row.line);
}

/** The instance of these nodes that belongs to the present step, if it is known. */
function instanceOf(model, nodes) {
  const known = nodes.filter(({ index }) => isKnown(model, index));
  return instancesOf(
    model,
    known.map(({ index }) => ({ node: index, by: index })),
  ).at(-1);
}

function paintAdjoint(model) {
  if (!state.adjoint) return;
  if (adjoint.of !== model) drawAdjoint(model, actions);
  const { at } = derived,
    current = at.node === undefined ? null : model.nodes[at.node];
  const marked = new Set([...state.hovered, ...(state.selected === null ? [] : [state.selected])]);
  const sweep = { forward: 'forward', backward: 'reverse' }[at.kind] ?? null;
  const atStep = rowsOf(current, row => row.sweep === sweep);
  // What propagates to an argument is marked with it; no statement computes it.
  const rowsAbout = node =>
    node.operation ? [...rowsOf(node, () => true)] : adjoint.rows.filter(row => row.target?.includes(node));
  const marks = new Set([...marked].flatMap(index => rowsAbout(model.nodes[index])));
  const first = adjoint.rows.find(row => atStep.has(row)) ?? null;
  if (first && first !== adjoint.shown) {
    adjoint.shown = first;
    if (!first.element) first.blocks.fill(first.place);
    first.element.scrollIntoView({ block: 'nearest' });
  }
  adjoint.shown = first;
  for (const row of adjoint.rows) {
    if (!row.element) continue;
    row.element.classList.toggle('now', atStep.has(row));
    row.element.classList.toggle('marked', row === state.row || marks.has(row));
    if (row.statement) paintRow(model, row);
  }
}

/** The rows of a node's expression. A site without a statement of its own is that of its line. */
function rowsOf(node, fits) {
  if (!node?.site) return new Set();
  const exact = (adjoint.rowsOfSite.get(node.site) ?? []).filter(row => row.statement && fits(row));
  const missing = ['forward', 'reverse'].filter(sweep => !exact.some(row => row.sweep === sweep));
  const ofLine = row =>
    row.statement && row.source === node.site.source && row.line === node.site.last && !row.nodes && missing.includes(row.sweep);
  return new Set([...exact, ...adjoint.rows.filter(row => ofLine(row) && fits(row))]);
}

/** The number at the end of a statement: a value of the forward sweep, an adjoint of the reverse sweep. */
function paintRow(model, { sweep, nodes, target, ghost }) {
  const { at } = derived;
  const of = sweep === 'forward' ? nodes : target;
  const index = of ? instanceOf(model, of) : undefined;
  let [text, sign] = ['', 'none'];
  if (index !== undefined && sweep === 'forward') text = format(derived.run.values[index]);
  else if (index !== undefined && at.gradients) ({ text, sign } = shownGradient(model, index));
  setText(ghost, text);
  setClass(ghost, `ghost gradient ${sign}`);
}
