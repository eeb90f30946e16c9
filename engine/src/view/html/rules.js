// The engine's table of operations, in the page. The rules arrive as the table states them, in Rust; here they are read
// and evaluated. Nothing in this file knows a derivative.

/** What the table calls that is no operator: methods and functions of Rust's standard library, as IEEE 754 has them. */
const RUST = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atan2: Math.atan2,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp_m1: Math.expm1,
  floor: Math.floor,
  ln: Math.log,
  ln_1p: Math.log1p,
  log10: Math.log10,
  log2: Math.log2,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
  exp2: a => Math.pow(2, a),
  hypot: (a, b) => Math.hypot(a, b),
  // In Rust a power of 1, and a 0th power, is 1 even where the other number is NaN.
  powf: (a, b) => (a === 1 || b === 0 ? 1 : Math.abs(a) === 1 && Math.abs(b) === Infinity ? 1 : Math.pow(a, b)),
  powi: (a, n) => (n === 0 ? 1 : Math.pow(a, n)),
  mul_add: fusedMultiplyAdd,
  to_degrees: a => a * (180 / Math.PI),
  to_radians: a => a * (Math.PI / 180),
  fract: a => a - Math.trunc(a),
  round: a => (Number.isFinite(a) ? Math.sign(a) * roundUp(Math.abs(a)) || a * 0 : a),
  round_ties_even: a => {
    if (!Number.isFinite(a)) return a;
    const down = Math.floor(a),
      rest = a - down;
    if (rest === 0.5) return down % 2 === 0 ? down || a * 0 : down + 1 || a * 0;
    return (rest > 0.5 ? down + 1 : down) || a * 0;
  },
  signum: a => (Number.isNaN(a) ? a : isNegative(a) ? -1 : 1),
  copysign: (a, b) => (isNegative(a) === isNegative(b) ? a : -a),
  div_euclid: (a, b) => {
    const quotient = Math.trunc(a / b);
    return a % b < 0 ? (b > 0 ? quotient - 1 : quotient + 1) : quotient;
  },
  rem_euclid: (a, b) => (a % b < 0 ? (a % b) + Math.abs(b) : a % b),
  max: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  min: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b)),
  clamp: (a, b, c) => (a < b ? b : a > c ? c : a),
  is_nan: Number.isNaN,
  is_infinite: a => Math.abs(a) === Infinity,
  // The table's own helpers, which stand in numeric.rs.
  one_if: chosen => (chosen ? 1 : 0),
  sign: a => (a === 0 ? 0 : Math.sign(a)),
  integer: b => b,
  one_power_less: (a, n) => RUST.powi(a, n - 1),
  two_powers_less: (a, n) => RUST.powi(a, n - 2),
  mixed_power: (a, b) => {
    if (a > 0) {
      const power = RUST.powf(a, b - 1);
      return power === 0 ? 0 : power * (1 + b * Math.log(a));
    }
    return a === 0 && b > 1 ? 0 : a === 0 && b > 0 ? -Infinity : NaN;
  },
  square_over: (a, b, y) => (y === 0 || Math.abs(y) === Infinity ? 0 : ((a / y) * (b / y)) / y),
  over_squared_norm: (x, a, b) => {
    const norm = Math.hypot(a, b);
    if (norm === 0) return 0;
    if (norm !== Infinity) return x / norm / norm;
    if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
    if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return 0;
    const quarter = Math.hypot(0.25 * a, 0.25 * b);
    return ((0.25 * x) / quarter / quarter) * 0.25;
  },
  times_power_less: (b, a, y) => {
    const product = b * y,
      quotient = product / a;
    return [y, product, quotient].every(isNormal) ? quotient : timesPowerInHalves(b, a);
  },
  logistic: a => {
    const e = Math.exp(-Math.abs(a)),
      rest = e / (1 + e);
    return a >= 0 ? 1 - rest : rest;
  },
  gelu_inner: a => RUST_CONSTANTS.SQRT_8_OVER_PI * (a + RUST_CONSTANTS.GELU_CUBIC * a * a * a),
};

const RUST_CONSTANTS = {
  PI: Math.PI,
  LN_2: Math.LN2,
  LOG2_E: Math.LOG2E,
  LOG10_E: Math.LOG10E,
  'f64::NAN': NaN,
  SQRT_8_OVER_PI: Math.sqrt(8 / Math.PI),
  GELU_CUBIC: 0.044715,
  true: true,
  false: false,
};

function isNormal(a) {
  return Math.abs(a) >= 2 ** -1022 && Math.abs(a) < Infinity;
}

function timesPowerInHalves(b, a) {
  const power = RUST.powf(a, b - 1);
  if (power === 0 && Math.abs(b) === Infinity) return 0;
  if (isNormal(power) || Number.isNaN(power)) return b * power;
  const root = RUST.powf(Math.abs(a), 0.5 * (b - 1));
  return RUST.copysign(b * root * root, b * power);
}

function isNegative(a) {
  return a < 0 || Object.is(a, -0);
}

/** Halves go up; 0.49999999999999994 + 0.5 would round to 1. */
function roundUp(a) {
  const down = Math.floor(a);
  return a - down >= 0.5 ? down + 1 : down;
}

/** a × b + c with a single rounding, but for the last bit: product and sum each with their exact error (Dekker 1971). */
function fusedMultiplyAdd(a, b, c) {
  const product = a * b,
    sum = product + c;
  if (![a, b, c].every(Number.isFinite)) return Number.isFinite(a) && Number.isFinite(b) ? c : sum;
  if (Math.abs(a) < Math.abs(b)) return fusedMultiplyAdd(b, a, c);
  // Powers of two move out of the way of overflow, exactly.
  if (!Number.isFinite(product) || !Number.isFinite(sum))
    return fusedMultiplyAdd(a * 2 ** -600, b, c * 2 ** -600) * 2 ** 600;
  if (Math.abs(a) > 1e290) return fusedMultiplyAdd(a * 2 ** -300, b * 2 ** 300, c);
  const split = x => {
    const high = x * 134217729 - (x * 134217729 - x);
    return [high, x - high];
  };
  const [a1, a2] = split(a),
    [b1, b2] = split(b);
  const lost = a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2;
  const virtual = sum - product;
  return sum + (lost + (product - (sum - virtual) + (c - virtual)));
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────
//
//     expression = comparison (("&&" | "||") comparison)*      by precedence
//     unary      = ("-" | "!") unary | postfix
//     postfix    = primary ("." name "(" arguments ")")*
//     primary    = number | name | name "(" arguments ")" | "(" expression ")" | block | "if" expression block "else" …
//     block      = "{" ("let" pattern "=" expression ";")* expression "}"
//     pattern    = name | "(" name ("," name)* ")", of which the expression is a tuple

const PRECEDENCE = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
};

function tokensOf(text) {
  const pattern = /\s*(?:([A-Za-z_]\w*(?:::\w+)*)|(\d+(?:\.\d+)?(?:_f64)?)|(&&|\|\||[=!<>]=|[-+*/%!<>=(){},;.]))/y;
  const tokens = [];
  while (pattern.lastIndex < text.trimEnd().length) {
    const start = pattern.lastIndex,
      found = pattern.exec(text);
    if (!found) throw new Error(`no rule: ${text.slice(start)}`);
    tokens.push(found[1] ? { name: found[1] } : found[2] ? { number: parseFloat(found[2]) } : { sign: found[3] });
  }
  return tokens;
}

/** Reads the text of a rule into a tree of arrays: ['number', 1], ['name', 'a'], ['call', 'exp', [tree]], … */
function readRule(text) {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = sign => tokens[next]?.sign === sign;
  const word = name => tokens[next]?.name === name;
  const expect = sign => {
    if (!peek(sign)) throw new Error(`expected ${sign} in the rule: ${text}`);
    next += 1;
  };
  const args = () => {
    const list = [];
    expect('(');
    while (!peek(')')) {
      list.push(expression(0));
      if (!peek(')')) expect(',');
    }
    expect(')');
    return list;
  };
  const block = () => {
    expect('{');
    if (word('let')) {
      next += 1;
      const isTuple = peek('('),
        names = isTuple ? args().map(([, name]) => name) : [tokens[next++].name];
      expect('=');
      const values = isTuple ? args() : [expression(0)];
      expect(';');
      next -= 1;
      tokens[next] = { sign: '{' }; // the rest is a block again
      return names.reduceRight((rest, name, k) => ['let', name, values[k], rest], block());
    }
    const value = expression(0);
    expect('}');
    return value;
  };
  const primary = () => {
    const token = tokens[next];
    if (word('if')) {
      next += 1;
      const condition = expression(0),
        yes = block();
      next += 1; // else
      return ['if', condition, yes, word('if') ? primary() : block()];
    }
    if (token.sign === '{') return block();
    next += 1;
    if (token.number !== undefined) return ['number', token.number];
    if (token.name) return peek('(') ? ['call', token.name, args()] : ['name', token.name];
    const inner = expression(0); // after "("
    expect(')');
    return inner;
  };
  const unary = () => {
    for (const sign of ['-', '!']) {
      if (peek(sign)) {
        next += 1;
        return ['unary', sign, unary()];
      }
    }
    let value = primary();
    while (peek('.')) {
      const name = tokens[next + 1].name;
      next += 2;
      value = ['call', name, [value, ...args()]];
    }
    return value;
  };
  const expression = least => {
    let left = unary();
    for (;;) {
      const sign = tokens[next]?.sign,
        precedence = PRECEDENCE[sign] ?? 0;
      if (precedence <= least) return left;
      next += 1;
      left = ['binary', sign, left, expression(precedence)];
    }
  };
  const tree = expression(0);
  if (next !== tokens.length) throw new Error(`more than a rule: ${text}`);
  return tree;
}

// ── Evaluating ───────────────────────────────────────────────────────────────────────────────────

const BINARY = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '&&': (a, b) => a && b,
  '||': (a, b) => a || b,
};

/** The tree as a function of {a, b, c, y, both}. (The page's security policy knows no `eval`, and needs none.) */
function compileRule(tree) {
  const [kind, first, second, third] = tree;
  switch (kind) {
    case 'number':
      return () => first;
    case 'name': {
      const constant = RUST_CONSTANTS[first];
      return constant === undefined ? scope => scope[first] : () => constant;
    }
    case 'unary': {
      const value = compileRule(second);
      return first === '-' ? scope => -value(scope) : scope => !value(scope);
    }
    case 'binary': {
      const [left, right] = [compileRule(second), compileRule(third)],
        operation = BINARY[first];
      return scope => operation(left(scope), right(scope));
    }
    case 'call': {
      const called = RUST[first],
        values = second.map(compileRule);
      if (!called) throw new Error(`no function ${first}`);
      return scope => called(...values.map(value => value(scope)));
    }
    case 'if': {
      const [condition, yes, no] = [first, second, third].map(compileRule);
      return scope => (condition(scope) ? yes(scope) : no(scope));
    }
    default: {
      // let
      const [value, rest] = [compileRule(second), compileRule(third)];
      return scope => rest({ ...scope, [first]: value(scope) });
    }
  }
}

/**
 * An operation from its row of the table: [symbol, kind, rule in words, convention, value, partials, second
 * partials]. One that is written
 * in Rust by the user, and not in the table, has no value here: it is opaque, and only its recorded numbers are known.
 */
function operationOf(name, [symbol, kind, rule, convention, value, partials, seconds]) {
  if (value === null) return { name, symbol, rule, convention, trees: [], smooth: true, opaque: true };
  const trees = partials.map(text => (text === null ? null : readRule(text)));
  const [compute, derivatives] = [compileRule(readRule(value)), trees.map(tree => tree && compileRule(tree))],
    curved = seconds.map(([k, j, text]) => [k, j, compileRule(readRule(text))]);
  return {
    name,
    symbol,
    rule,
    convention,
    trees,
    smooth: kind === 'smooth',
    opaque: false,
    value: ([a, b, c]) => compute({ a, b, c }),
    /** The partials for the operands that are `active`; 0 for the others. */
    partials: ([a, b, c], y, active) => {
      const scope = { a, b, c, y, both: active[0] && active[1] };
      return derivatives.map((derivative, k) => (derivative && active[k] ? derivative(scope) : 0));
    },
    /** The second partials that are not 0 everywhere: [operand, operand, number] each. */
    seconds: ([a, b, c], y) => curved.map(([k, j, second]) => [k, j, second({ a, b, c, y })]),
  };
}

/** What an operation passes on: nothing along a way that it did not take, be the gradient infinite. */
function passedOn(operation, partial, gradient) {
  return partial === 0 && !operation.smooth ? 0 : partial * gradient;
}

// ── Printing ─────────────────────────────────────────────────────────────────────────────────────

const SIGNS = { '+': '+', '-': '−', '*': '×', '/': '÷' };

/** The rule with names for a, b, c, y, as a textbook prints it; null where it is too long to be read at a glance. */
function printRule(tree, names, around = 0) {
  const [kind, first, second, third] = tree;
  if (kind === 'number') return String(first).replace('-', '−');
  if (kind === 'name')
    return names[first] ?? { LN_2: 'ln 2', LOG2_E: 'log₂ e', LOG10_E: 'log₁₀ e', PI: 'π' }[first] ?? null;
  if (kind === 'unary' && first === '-') {
    const inner = printRule(second, names, 5);
    return inner === null ? null : bracket(`−${inner}`, around > 4);
  }
  if (kind === 'binary' && SIGNS[first]) {
    const precedence = PRECEDENCE[first];
    const left = printRule(second, names, precedence - 1),
      right = printRule(third, names, precedence);
    return left === null || right === null ? null : bracket(`${left} ${SIGNS[first]} ${right}`, precedence <= around);
  }
  if (kind === 'call' && ['cos', 'sin', 'cosh', 'sinh', 'exp', 'ln', 'logistic'].includes(first)) {
    const inner = printRule(second[0], names);
    return inner === null ? null : first === 'logistic' ? `sigmoid(${inner})` : `${first}(${inner})`;
  }
  return null;
}

function bracket(text, needed) {
  return needed ? `(${text})` : text;
}
