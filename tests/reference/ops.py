"""Writes ops.csv: partial derivatives of the engine's operations, and the values of its own functions, by mpmath.

Each line: operation; operands; value, where the function is the engine's own; partials. A partial that the engine has no
rule for is `-`. Every number is the double nearest to the exact one.
"""

from fractions import Fraction
import math

import mpmath
from mpmath import mpf

mpmath.mp.prec = 2400
LARGEST = mpf(1700)  # an exponent of e beyond any double


def double(x):
    """The double nearest to an mpf, subnormal ones and infinity included."""
    if mpmath.isinf(x) or mpmath.isnan(x):
        return float(x)
    sign, man, exponent, bits = mpf(x)._mpf_
    if man == 0:
        return 0.0
    size = exponent + bits
    if size > 1100:
        return -math.inf if sign else math.inf
    if size < -1200:
        return -0.0 if sign else 0.0
    fraction = Fraction(int(man)) * (Fraction(2) ** exponent)
    try:
        number = fraction.numerator / fraction.denominator
    except OverflowError:
        number = math.inf
    return -number if sign else number


def exp(x):
    if x > LARGEST:
        return mpf("inf")
    return mpf(0) if x < -LARGEST else mpmath.exp(x)


def power(a, b):
    """a to the b for a > 0."""
    return exp(b * mpmath.log(a))


def logistic(a):
    return 1 / (1 + exp(-a)) if a >= 0 else exp(a) / (1 + exp(a))


CUBIC = mpf("0.044715")


def gelu(a):
    slope = mpmath.sqrt(8 / mpmath.pi)
    inner = slope * (a + CUBIC * a**3)
    s, rest = logistic(inner), logistic(-inner)
    return a * s, s + a * s * rest * slope * (1 + 3 * CUBIC * a * a)


def rounded_quotient(a, b, euclid):
    quotient = mpmath.mpf(a) / b
    whole = mpmath.floor(quotient) if quotient >= 0 else mpmath.ceil(quotient)
    if euclid and a - b * whole < 0:
        whole += -1 if b > 0 else 1
    return whole


def norm2(a, b):
    return a * a + b * b


# ── The rules: of exact operands the partials, and the value if the function is the engine's own ──

ONE, ZERO = mpf(1), mpf(0)


def of(partials, value=None):
    return partials, value


RULES = {
    "add": lambda a, b: of([ONE, ONE]),
    "sub": lambda a, b: of([ONE, -ONE]),
    "mul": lambda a, b: of([b, a]),
    "div": lambda a, b: of([1 / b, -a / (b * b)]),
    "rem": lambda a, b: of([ONE, -rounded_quotient(a, b, False)]),
    "neg": lambda a: of([-ONE]),
    "mul_add": lambda a, b, c: of([b, a, ONE]),
    "powi": lambda a, b: of([ZERO if b == 0 else b * a ** int(b - 1), None]),
    "powf": lambda a, b: of([ZERO if b == 0 else b * power(a, b - 1), power(a, b) * mpmath.log(a)]),
    "sqrt": lambda a: of([1 / (2 * mpmath.sqrt(a))]),
    "cbrt": lambda a: of([1 / (3 * power(abs(a), mpf(2) / 3))]),
    "hypot": lambda a, b: of([a / mpmath.sqrt(norm2(a, b)), b / mpmath.sqrt(norm2(a, b))]),
    "exp": lambda a: of([exp(a)]),
    "exp2": lambda a: of([exp(a * mpmath.log(2)) * mpmath.log(2)]),
    "exp_m1": lambda a: of([exp(a)]),
    "ln": lambda a: of([1 / a]),
    "ln_1p": lambda a: of([1 / (1 + a)]),
    "log2": lambda a: of([1 / (a * mpmath.log(2))]),
    "log10": lambda a: of([1 / (a * mpmath.log(10))]),
    "sin": lambda a: of([mpmath.cos(a)]),
    "cos": lambda a: of([-mpmath.sin(a)]),
    "tan": lambda a: of([mpmath.sec(a) ** 2]),
    "asin": lambda a: of([1 / mpmath.sqrt(1 - a * a)]),
    "acos": lambda a: of([-1 / mpmath.sqrt(1 - a * a)]),
    "atan": lambda a: of([1 / (1 + a * a)]),
    "atan2": lambda a, b: of([b / norm2(a, b), -a / norm2(a, b)]),
    "to_degrees": lambda a: of([180 / mpmath.pi]),
    "to_radians": lambda a: of([mpmath.pi / 180]),
    "sinh": lambda a: of([(exp(a) + exp(-a)) / 2]),
    "cosh": lambda a: of([(exp(a) - exp(-a)) / 2]),
    "tanh": lambda a: of([4 * exp(-2 * abs(a)) / (1 + exp(-2 * abs(a))) ** 2]),
    "asinh": lambda a: of([1 / mpmath.sqrt(a * a + 1)]),
    "acosh": lambda a: of([1 / mpmath.sqrt(a * a - 1)]),
    "atanh": lambda a: of([1 / (1 - a * a)]),
    "abs": lambda a: of([mpmath.sign(a)]),
    "copysign": lambda a, b: of([mpmath.sign(a) * mpmath.sign(b), None]),
    "max": lambda a, b: of([ONE if a > b else ZERO, ONE if b > a else ZERO]),
    "min": lambda a, b: of([ONE if a < b else ZERO, ONE if b < a else ZERO]),
    "clamp": lambda a, b, c: of([mpf(b <= a <= c), mpf(a < b), mpf(a > c)]),
    "relu": lambda a: of([mpf(a > 0)], max(a, ZERO)),
    "leaky_relu": lambda a, b: of([ONE if a > 0 else b, ZERO if a > 0 else a], a if a > 0 else a * b),
    "fract": lambda a: of([ONE]),
    "rem_euclid": lambda a, b: of([ONE, -rounded_quotient(a, b, True)]),
    "sigmoid": lambda a: of([exp(-abs(a)) / (1 + exp(-abs(a))) ** 2], logistic(a)),
    "softplus": lambda a: of([logistic(a)], max(a, ZERO) + mpmath.log1p(exp(-abs(a)))),
    "silu": lambda a: of([logistic(a) + a * logistic(a) * logistic(-a)], a * logistic(a)),
    "gelu": lambda a: (lambda value, partial: of([partial], value))(*gelu(a)),
}

# ── The operands ──────────────────────────────────────────────────────────────────────────────────


def signed(sizes):
    return [x for size in sizes for x in (size, -size)]


def steps(low, high, count):
    """Logarithmic steps with digits that are not round."""
    ratio = (math.log(high) - math.log(low)) / (count - 1)
    return [math.exp(math.log(low) + ratio * k) for k in range(count)]


EVERY_SIZE = [5e-324, 3.3e-320, 7.1e-312] + steps(2.3e-308, 1.7e308, 24)
ORDINARY = steps(1.3e-4, 37.0, 14)
ALL = signed(EVERY_SIZE + ORDINARY)
POSITIVE = EVERY_SIZE + ORDINARY
EXPONENTS = signed(steps(1.1e-3, 708.0, 22) + [18.4, 36.7, 37.5, 709.7, 744.9, 1e5])
BELOW_ONE = [1 - 2.0**-k for k in (1, 2, 3, 5, 8, 13, 21, 34, 47, 53)]
# The doubles nearest to odd multiples of π/2.
POLES = [math.pi / 2 * k for k in (1, 3, 5, 101, 1000001)]
SMALL = [x for x in EVERY_SIZE if x < 0.7]
AROUND_ONE = [1 + s * 2.0**-k for k in (4, 15, 30, 51) for s in (1, -1)]

FEW = [1e-310, 2.7e-9, 0.3, 1.7, 41.0, 8.3e12, 1.1e300]
PAIRS = [(a, b) for a in signed(FEW) for b in signed(FEW)]
NEAR = [(1e308 * 1.5, 1e308 * 1.5), (3e-160, 4e-160), (1.1e-320, 2.2e-320), (1e200, 1e-200), (3.0, 4.0), (1e154, -1e154)]
BASES = [3e-310, 1e-200, 2.7e-9, 0.3, 0.999999, 1.0000001, 1.7, 41.0, 8.3e12, 1.1e300]
POWERS = [1e-310, 1e-5, 0.01, 0.3, 0.5, 0.9999999, 1.0, 1.5, 2.0, 2.7, 17.25, 300.7, 1e5]
DIVISORS = [(a, b) for a in signed([0.3, 5.0, 1e6 + 0.3, 8.3e12, 1.1e300]) for b in signed([0.1, 3.0, 7.7e5, 1e-3])]
TRIPLES = [(a, b, c) for a in (0.3, -2.7e-9, 8.3e12) for b in (-1.7, 41.0) for c in (43.0, 1.1e300)]

UNARY = {
    "neg": [1.7, -1e300], "sqrt": POSITIVE, "cbrt": ALL, "exp": EXPONENTS, "exp2": EXPONENTS + [1000.3, -1060.5],
    "exp_m1": EXPONENTS + signed(SMALL), "ln": POSITIVE + AROUND_ONE, "log2": POSITIVE + AROUND_ONE,
    "log10": POSITIVE + AROUND_ONE,
    "ln_1p": POSITIVE + [-x for x in BELOW_ONE + SMALL], "sin": ALL + POLES, "cos": ALL + POLES,
    "tan": ALL + signed(POLES), "asin": signed(BELOW_ONE + SMALL), "acos": signed(BELOW_ONE + SMALL),
    "atan": ALL, "to_degrees": [1.7], "to_radians": [1.7], "sinh": EXPONENTS + signed(SMALL),
    "cosh": EXPONENTS + signed(SMALL), "tanh": EXPONENTS + ALL, "asinh": ALL,
    "acosh": [1 + 2.0**-k for k in (52, 40, 20, 3)] + steps(1.01, 1.7e308, 24), "atanh": signed(BELOW_ONE + SMALL),
    "abs": ALL, "relu": ALL, "fract": [0.3, -41.7],
    "sigmoid": EXPONENTS + ALL, "softplus": EXPONENTS + ALL, "silu": EXPONENTS + ALL + [-1.2784645, -1.27846454276107],
    "gelu": EXPONENTS + ALL + signed([2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 21.0, 22.0]) + [-0.7524614],
}
BINARY = {
    "add": PAIRS[:9], "sub": PAIRS[:9], "mul": PAIRS[::7], "div": PAIRS + NEAR, "rem": DIVISORS, "rem_euclid": DIVISORS,
    "powi": [(s * a, float(n)) for a in (1e-9, 0.3, 0.99, 1.7, 41.0) for s in (1, -1)
             for n in (-300, -41, -2, -1, 0, 1, 2, 3, 7, 20, 190)],
    "powf": [(a, b) for a in BASES for b in signed(POWERS)], "hypot": PAIRS + NEAR[1:], "atan2": PAIRS + NEAR,
    "copysign": PAIRS[::5], "max": [p for p in PAIRS[::5] if p[0] != p[1]], "min": [p for p in PAIRS[::5] if p[0] != p[1]],
    "leaky_relu": PAIRS[::5],
}
TERNARY = {"mul_add": TRIPLES, "clamp": TRIPLES}


def line(name, operands):
    partials, value = RULES[name](*map(mpf, operands))
    show = lambda x: "-" if x is None else repr(double(x)).removesuffix(".0")
    numbers = " ".join(repr(x).removesuffix(".0") for x in operands)
    return f"{name},{numbers},{'' if value is None else show(value)},{' '.join(map(show, partials))}"


with open("ops.csv", "w") as out:
    print(f"# mpmath {mpmath.__version__}: operation, operands, value, partials", file=out)
    for name in RULES:
        points = [(x,) for x in UNARY.get(name, [])] + BINARY.get(name, []) + TERNARY.get(name, [])
        assert points, name
        for operands in points:
            print(line(name, operands), file=out)
