// Numbers, names and formulas, as they are read.

/** Numbers that are printed with four digits: a step prints those of every box again. */
const printed = new Map();

/** In at most `digits` significant digits, as the static pictures and the listing print numbers. */
function format(value, digits = 4) {
  if (digits !== 4) return formatted(value, digits);
  let text = printed.get(value);
  if (text === undefined) {
    if (printed.size > 20000) printed.clear();
    printed.set(value, (text = formatted(value, 4)));
  }
  return text;
}

function formatted(value, digits) {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 ? '−' : '';
  if (!Number.isFinite(value)) return `${sign}∞`;
  if (value === 0) return '0';
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e')
    .map(Number);
  if (exponent < -4 || exponent >= 6) return `${sign}${mantissa}e${exponent < 0 ? '−' : ''}${Math.abs(exponent)}`;
  return sign + String(Number(Math.abs(value).toFixed(Math.max(0, digits - 1 - exponent))));
}

/** A number within a formula. */
function factor(value, digits = 4) {
  return value < 0 ? `(${format(value, digits)})` : format(value, digits);
}

function subscript(number) {
  return String(number).replace(/\d/g, digit => '₀₁₂₃₄₅₆₇₈₉'[digit]);
}

/** Text on one line, with what could act rather than show written out (as the listing does). */
function oneLine(text) {
  return visible(text.replace(/\s+/g, ' ').trim());
}

function visible(text) {
  const acts =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\u{e0000}-\u{e007f}]/gu;
  return text.replace(acts, found => `\\u{${found.codePointAt(0).toString(16)}}`);
}

/** A text of at most that many columns: what does not fit is left out in the middle. */
function shorten(text, columns) {
  if (text.length <= columns) return text;
  const characters = [...text];
  if (characters.length <= columns) return text;
  const tail = Math.floor((columns - 1) / 2);
  return `${characters
    .slice(0, columns - 1 - tail)
    .join('')
    .trimEnd()}…${tail > 0 ? characters.slice(-tail).join('').trimStart() : ''}`;
}

/** The title of a node in so many columns. Of an operation that does not fit the operator stays, and its operands are cut. */
function shortTitle(model, node, columns) {
  if (!shortTitles.has(node)) shortTitles.set(node, new Map());
  const known = shortTitles.get(node);
  if (!known.has(columns)) known.set(columns, shortened(model, node, columns));
  return known.get(columns);
}

/** What has been worked out for nodes: a layout asks for the same titles again and again. */
const titles = new WeakMap(),
  shortTitles = new WeakMap();

/** Of a longer text the middle is never shown. */
const LONG_TEXT = 400;

function shortened(model, node, columns) {
  const title = titleOf(node),
    spans = node.site?.operands ?? [];
  if (columnsOf(title) <= columns || node.name || spans.length !== node.args.length) return shorten(title, columns);
  const { text } = model.sources[node.site.source];
  const part = (from, to) =>
    oneLine(
      to - from <= LONG_TEXT
        ? text.slice(from, to)
        : `${text.slice(from, from + LONG_TEXT / 2)}…${text.slice(to - LONG_TEXT / 2, to)}`,
    );
  const first = spans[0],
    last = spans[spans.length - 1];
  // What stands before, between and after the operands.
  const fixed = [
    part(node.site.start, first[0]),
    ...spans.slice(1).map((span, k) => part(spans[k][1], span[0])),
    part(last[1], node.site.end),
  ];
  const space = spans.length - 1;
  const free =
    columns -
    fixed.reduce((sum, piece) => sum + columnsOf(piece), 0) -
    (INFIX[node.operation.name] ? 2 * space : space);
  if (free < 2 * spans.length) return shorten(title, columns);
  const operands = spans.map(([from, to]) => part(from, to));
  // Short operands leave their room to the others.
  const rooms = operands.map(() => 0);
  let rest = free;
  operands
    .map((_, k) => k)
    .sort((a, b) => columnsOf(operands[a]) - columnsOf(operands[b]))
    .forEach((k, done) => {
      rooms[k] = Math.min(columnsOf(operands[k]), Math.floor(rest / (operands.length - done)));
      rest -= rooms[k];
    });
  const joined = operands.map((operand, k) => {
    const between = fixed[k + 1];
    const gap = k < space ? (INFIX[node.operation.name] ? ` ${between} ` : `${between} `) : between;
    return shorten(operand, rooms[k]) + gap;
  });
  return shorten(fixed[0] + joined.join(''), columns);
}

/** What is written on a node's box: its name, else its source text, else its number. */
function titleOf(node) {
  if (!titles.has(node)) titles.set(node, oneLine(node.name ?? node.site?.text ?? `#${node.index}`));
  return titles.get(node);
}

/** The title of a number that stands in a struct: what it stands in, `body.velocity.`, and its name there. */
function nameInStruct(node, columns) {
  const title = titleOf(node);
  if (!node.path || !title.startsWith(node.path)) return ['', shorten(title, columns)];
  const path = title.slice(0, node.path.length + (title[node.path.length] === '.' ? 1 : 0)),
    key = shorten(title.slice(path.length), columns - 3);
  return [shorten(path, columns - columnsOf(key)), key];
}

/** What a node is called in a formula; of a name that loops bind again, which one: x₃. */
function labelOf(model, node) {
  const title = shortTitle(model, node, 26);
  const inner = iterationsOf(node).at(-1);
  return node.name && inner && node.operation ? title + subscript(inner.number + 1) : title;
}

/** The same with `.grad`. */
function gradOf(model, node) {
  const label = labelOf(model, node);
  return /^[\p{L}\p{N}_[\]₀-₉.]+$/u.test(label) ? `${label}.grad` : `(${label}).grad`;
}

/** How operand `slot` of a node is called where it is used: by the source, which may use another name. */
function operandText(model, node, slot) {
  const { node: used, constant } = node.args[slot];
  // Sites of functions such as `f64::max`, and of sums, do not name the operands one by one.
  const { operands } = node.site ?? { operands: [] },
    named =
      operands.length === node.args.length &&
      !operands.some(([from, to]) => from === node.site.start && to === node.site.end);
  const span = named ? operands[slot] : undefined;
  const isShort = span && span[1] - span[0] <= LONG_TEXT;
  const text = isShort ? oneLine(model.sources[node.site.source].text.slice(span[0], span[1])) : '';
  if (text !== '' && [...text].length <= 30) return text;
  return used === undefined ? format(constant) : labelOf(model, model.nodes[used]);
}

/** An operand within a formula, in brackets where it is more than a name or a number. */
function operandTerm(model, node, slot) {
  const text = operandText(model, node, slot);
  return /^[\p{L}\p{N}_.[\]()]+$/u.test(text) || /^\(.*\)$/.test(text) ? text : `(${text})`;
}

/** An operand within its own operation, in brackets where the source must have had some. */
function operandOf(model, node, slot) {
  const text = operandText(model, node, slot),
    { name } = node.operation;
  const outside = text.replace(/\([^()]*\)|\[[^\]]*\]/g, match => '_'.repeat(match.length));
  const nested = /\([^()]*\(/.test(text); // too deep for a glance
  const sum = /[^eE(]\s*[+-]\s*\S/.test(outside),
    product = /[*\/%]/.test(outside),
    negative = outside.startsWith('-');
  const loose =
    {
      add: slot === 1 && (sum || negative),
      sub: slot === 1 && (sum || negative),
      neg: sum || product,
      mul: sum || (slot === 1 && (product || negative)),
      div: sum || (slot === 1 && (product || negative)),
      rem: sum || (slot === 1 && (product || negative)),
    }[name] ?? false;
  return bracket(text, loose || (nested && INFIX[name] !== undefined && (sum || product)));
}

const INFIX = { add: '+', sub: '−', mul: '×', div: '÷', rem: '%' };

/** An operation with these texts as operands. */
function formula({ name, symbol }, operands) {
  if (INFIX[name]) return operands.join(` ${INFIX[name]} `);
  if (name === 'neg') return `−${operands[0]}`;
  return `${symbol}(${operands.join(', ').replace(/\(([^()]*)\)/g, operands.length === 1 ? '$1' : '($1)')})`;
}

/** The partial derivative for operand `slot` with names in it; null where it is too long for a line. */
function partialText(model, node, slot) {
  const tree = node.operation.trees[slot];
  if (!tree) return null;
  const names = { y: labelOf(model, node) };
  if (/[^\p{L}\p{N}_₀-₉]/u.test(names.y)) names.y = `(${names.y})`;
  node.args.forEach((_, k) => (names['abc'[k]] = operandTerm(model, node, k)));
  const text = printRule(tree, names, 4);
  return text !== null && [...text].length <= 48 ? text : null;
}

/** Where a node stands: `line 7:13`, with the function if the page shows several, and the iterations. */
function placeOf(model, node) {
  if (!node.site) return node.place ?? '';
  const { source, line, column } = node.site;
  const where = [`line ${line}:${column}`];
  if (source !== 0 && callsOf(model, node).length === 0) where.push(`in ${model.sources[source].function}`);
  where.push(...pathOf(model, node));
  return where.join(', ');
}

/** The calls and iterations around a node, from the inside out; equal calls of a recursion together. */
function pathOf(model, node) {
  const words = [];
  for (let scope = model.scopes[node.scope]; scope.parent !== null; scope = model.scopes[scope.parent]) {
    if (scope.kind === 'call') words.push(`in ${scope.call.callee}, called from line ${scope.site.line}`);
    else if (scope.kind === 'loop') {
      const { loop, number } = scope.frames[scope.frames.length - 1];
      words.push(`${iterationTitle(loop, number)} (line ${loop.site.line})`);
    }
  }
  const merged = [];
  for (const step of words) {
    const last = merged[merged.length - 1];
    if (last?.step === step) last.count += 1;
    else merged.push({ step, count: 1 });
  }
  return merged.map(({ step, count }) => (count > 1 ? `${step} (${count} deep)` : step));
}

/** `iteration 3 of 5`, or what stands for the condition that ended the loop. */
function iterationTitle(loop, number) {
  return number >= loop.iterations
    ? `condition after ${loop.iterations} iteration${loop.iterations === 1 ? '' : 's'}`
    : `iteration ${number + 1} of ${loop.iterations}`;
}

/** The two lines in the head of a frame. */
function frameTitle(model, { loop, number }) {
  const where = loop.site ? `line ${loop.site.line}` : '';
  if (loop.kind === 'loop') return [iterationTitle(loop, number), where];
  return [groupTitle(model, loop), loop.kind === 'array' ? `${loop.members.length} numbers` : where];
}

/** What a call, a chain or an array is called. */
function groupTitle(model, group) {
  if (group.kind === 'array') return oneLine(group.title);
  if (group.kind === 'call') {
    const call = shorten(oneLine(group.site.text), 28);
    return group.name ? `${shorten(visible(group.name), 12)} = ${call}` : call;
  }
  const { name } = model.nodes[group.members.at(-1)];
  return name ? shorten(oneLine(name), 28) : shorten(oneLine(group.site.text), 28);
}

/** The two lines on a stack of which nothing changes from step to step. */
function stackTitle(model, { loop, first, last }) {
  if (loop.kind === 'deep') return [`${loop.count} calls of ${shorten(visible(loop.callee), 16)}`, ''];
  if (loop.kind !== 'loop')
    return [groupTitle(model, loop), loop.kind === 'array' ? `${loop.members.length} numbers` : ''];
  const end = Math.min(last, loop.iterations - 1);
  if (first > end) return [`condition`, ''];
  return [end > first ? `iter ${first + 1}–${end + 1}` : `iter ${first + 1}`, ''];
}
