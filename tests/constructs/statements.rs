//! Statements: bindings, assignments, branches, macros, items.

use gradus::differentiable;

const SCALE: f64 = 2.5;
static OFFSETS: [f64; 2] = [0.1, 0.2];

#[differentiable]
fn bindings(x: f64, y: f64) -> f64 {
    let product: f64 = x * y;
    let x = product + x;
    x * x
}

#[differentiable]
fn patterns(x: f64, y: f64) -> f64 {
    let (a, [b, c]) = (x * y, [x, y]);
    let &d = &a;
    d * b - c
}

#[differentiable]
fn late_initialisation(x: f64) -> f64 {
    let y;
    if x > 1.0 {
        y = x * x;
    } else {
        y = -x;
    }
    y * x
}

#[differentiable]
fn let_else(xs: &[f64]) -> f64 {
    let Some(first) = xs.first() else { return 0.0 };
    first * xs[1]
}

#[differentiable]
fn assignments(x: f64, y: f64) -> f64 {
    let mut z = x;
    z += y;
    z -= 0.5 * x;
    z *= y;
    z /= x;
    z %= 0.35;
    z = z * z;
    z
}

#[differentiable]
fn assigned_elements(x: f64, y: f64) -> f64 {
    let mut pair = (x, [y, 1.0]);
    pair.0 *= y;
    pair.1[1] = pair.0 + x;
    pair.1[0] -= 3.0 * x;
    pair.0 * pair.1[0] + pair.1[1]
}

#[differentiable]
fn destructuring_assignment(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b, a * b);
    a * a + b
}

#[differentiable]
fn array_destructuring_assignment(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    [a, b] = [b * a, a];
    a * a + b
}

#[differentiable]
fn destructuring_in_a_loop(n: usize, x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    for _ in 0..n {
        (a, b) = (b, a * b);
    }
    a + b
}

#[differentiable]
fn borrowed_locals(x: f64, y: f64) -> f64 {
    let mut total = x;
    let place = &mut total;
    *place *= y;
    *place += x;
    total * total
}

#[differentiable]
fn blocks(x: f64) -> f64 {
    let y = {
        let square = x * x;
        square + x
    };
    y * x
}

#[differentiable]
fn if_value(x: f64, y: f64) -> f64 {
    let larger = if x > y {
        x * x
    } else if x < 0.0 {
        -x
    } else {
        y
    };
    larger * y
}

#[differentiable]
fn if_statement(x: f64, y: f64) -> f64 {
    let mut z = x;
    if z < y && y > 0.0 {
        z *= y;
    }
    z + x
}

#[differentiable]
fn if_let(xs: &[f64]) -> f64 {
    let mut total = 1.0;
    if let Some(last) = xs.last() {
        total += last * last;
    }
    total * xs[0]
}

#[differentiable]
fn if_let_of_slices(xs: &[f64]) -> f64 {
    if let [a, .., b] = xs {
        return a * b;
    }
    xs[0]
}

#[differentiable]
fn let_chain(xs: &[f64]) -> f64 {
    if let Some(first) = xs.first()
        && *first > 0.0
    {
        first.ln()
    } else {
        xs[1]
    }
}

#[differentiable]
fn matched_integers(x: f64, kind: usize) -> f64 {
    match kind {
        0 => x,
        1 | 2 => x * x,
        3..=5 => x.sin(),
        n => x * n as f64,
    }
}

#[differentiable]
fn matched_guards(x: f64) -> f64 {
    match x {
        x if x < 0.0 => -x,
        x if x < 1.0 => x * x,
        x => x.sqrt(),
    }
}

#[differentiable]
fn matched_float_ranges(x: f64) -> f64 {
    match x {
        0.0..1.0 => x * x,
        1.0..=2.0 => x.exp(),
        _ => x,
    }
}

#[differentiable]
fn matches_macro(x: f64, kind: u8) -> f64 {
    if matches!(kind, 1 | 3) { x * x } else { x }
}

#[differentiable]
fn matched_tuples(x: f64, y: f64, n: usize) -> f64 {
    match (n % 2, x > y) {
        (0, true) => x * y,
        (0, false) => x / y,
        (_, above) => {
            if above {
                x
            } else {
                y
            }
        }
    }
}

#[differentiable]
fn matched_slices(xs: &[f64]) -> f64 {
    match xs {
        [] => 0.0,
        [x] => x * x,
        [first, rest @ ..] => first * rest[0],
    }
}

#[differentiable]
fn matched_options(xs: &[f64], at: usize) -> f64 {
    match xs.get(at) {
        Some(x) => x * x,
        None => xs[0],
    }
}

#[differentiable]
fn assertions(x: f64, n: usize) -> f64 {
    assert!(x > 0.0, "{x} is not positive");
    debug_assert!(x.is_finite());
    assert_eq!(n, 2);
    x.ln() * n as f64
}

#[differentiable]
fn printed(x: f64) -> f64 {
    let square = x * x;
    println!("{square} {:.3}", x);
    square * x
}

#[differentiable]
fn formatted(x: f64, n: usize) -> f64 {
    let name = format!("{n} steps");
    x * x * name.len() as f64
}

#[differentiable]
fn debugged(x: f64) -> f64 {
    dbg!(x * x) * x
}

#[differentiable]
fn panics(x: f64, kind: u8) -> f64 {
    match kind {
        0 => x * x,
        1 => panic!("no such kind at {x}"),
        _ => unreachable!(),
    }
}

#[differentiable]
fn constants_and_statics(x: f64) -> f64 {
    SCALE * x * x + OFFSETS[1] * x + std::f64::consts::PI
}

#[differentiable]
fn local_items(x: f64) -> f64 {
    const TWO: f64 = 2.0;
    fn half(n: usize) -> usize {
        n / 2
    }
    x.powi(half(6) as i32) * TWO
}

#[differentiable]
fn computed_indices(xs: &[f64], order: &[usize], k: f64) -> f64 {
    let middle = (xs.len() - 1) / 2;
    let at = order[middle].min(xs.len() - 1);
    xs[at] * k + xs[middle]
}

#[differentiable]
fn passive_floats(x: f64, n: usize) -> f64 {
    let step = 1.0 / n as f64;
    let weights = [step, 2.0 * step];
    x * weights[0] + x * x * weights[1]
}

#[differentiable]
fn options(xs: &[f64], k: f64) -> f64 {
    xs.get(7).copied().unwrap_or(k) * xs.first().unwrap() * xs.last().expect("numbers")
}

#[differentiable]
fn if_with_vecs(xs: &[f64], k: f64) -> f64 {
    let chosen = if k > 0.5 { xs.to_vec() } else { vec![k; 2] };
    chosen.iter().map(|x| x * x).sum()
}

#[differentiable]
fn let_else_of_slices(xs: &[f64], k: f64) -> f64 {
    let [first, rest @ ..] = xs else { return k };
    first * k + rest.iter().product::<f64>()
}

#[differentiable]
fn mapped_options(xs: &[f64], k: f64) -> f64 {
    let product = xs.first().and_then(|x| xs.get(1).map(|y| x * y)).unwrap_or_default();
    xs.last().filter(|x| **x > 0.0).map_or(k, |x| x * k) + product
}

constructs! {
    "`let` with a type, shadowing" => bindings(1.5, 0.3);
    "`let` with patterns of tuples, arrays, references" => patterns(1.5, 0.3);
    "late initialisation" => late_initialisation(1.5);
    "`let Some(x) = … else`" => let_else(&[1.5, 0.3]);
    "`=`, `+=`, `-=`, `*=`, `/=`, `%=` on variables" => assignments(1.5, 0.3);
    "the same on elements and tuple fields" => assigned_elements(1.5, 0.3);
    "`(a, b) = (b, a * b)`" => destructuring_assignment(1.5, 0.3);
    "`[a, b] = [b * a, a]`" => array_destructuring_assignment(1.5, 0.3);
    "`(a, b) = …` in a loop" => destructuring_in_a_loop(3, 1.5, 0.3);
    "`&mut` borrows of locals, `*v`" => borrowed_locals(1.5, 0.3);
    "blocks with values" => blocks(1.5);
    "`if` with a value, `else if`" => if_value(1.5, 0.3);
    "`if` with `Vec`s as its value" => if_with_vecs(&[1.5, 0.3], 0.7);
    "`if` as a statement" => if_statement(0.3, 1.5);
    "`if let Some(x) = …`" => if_let(&[1.5, 0.3, 0.7]);
    "`if let [a, .., b] = …`" => if_let_of_slices(&[1.5, 0.3, 0.7]);
    "`if let … && …`" => let_chain(&[1.5, 0.3]);
    "`let [a, rest @ ..] = … else`" => let_else_of_slices(&[1.5, 0.3, 0.7], 0.4);
    "`match` on integers, alternatives and ranges" => matched_integers(1.5, 4);
    "`match` on floats with guards" => matched_guards(0.3);
    "`match` on floats with ranges" => matched_float_ranges(0.3);
    "`match` on tuples of data" => matched_tuples(1.5, 0.3, 2);
    "`match` on slices" => matched_slices(&[1.5, 0.3]);
    "`match` on an `Option`" => matched_options(&[1.5, 0.3], 1);
    "`assert!`, `assert_eq!`, `debug_assert!`" => assertions(1.5, 2);
    "`println!` with inline values" => printed(1.5);
    "`matches!`" => matches_macro(1.5, 3);
    "`format!` of data" => formatted(1.5, 3);
    "`dbg!`" => debugged(1.5);
    "`panic!`, `unreachable!`" => panics(1.5, 0);
    "constants and statics of the surroundings" => constants_and_statics(1.5);
    "constants and functions inside the body" => local_items(1.5);
    "indices and lengths computed from data" => computed_indices(&[1.5, 0.3, 0.7], &[1, 2, 0], 0.4);
    "floats that carry no gradient" => passive_floats(1.5, 4);
    "`unwrap`, `expect`, `unwrap_or`" => options(&[1.5, 0.3], 0.7);
    "`map`, `and_then`, `filter`, `map_or` of an `Option`" => mapped_options(&[1.5, 0.3], 0.7);
}
