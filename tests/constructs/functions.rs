//! Calls, closures, functions as values.

use gradus::differentiable;

#[differentiable]
fn squared(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiable]
fn scaled(xs: &[f64], k: f64) -> Vec<f64> {
    xs.iter().map(|x| k * x).collect()
}

#[differentiable]
fn turned(v: [f64; 2]) -> [f64; 2] {
    [-v[1], v[0]]
}

mod elsewhere {
    use gradus::differentiable;

    #[differentiable]
    pub fn cubed(x: f64) -> f64 {
        x * x * x
    }
}

use elsewhere::cubed as third_power;

/// A plain function: not differentiable, and called on data only.
fn binomial(n: usize, k: usize) -> usize {
    (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
}

#[differentiable]
fn calls(x: f64, y: f64) -> f64 {
    squared(x * y) + squared(y)
}

#[differentiable]
fn calls_elsewhere(x: f64) -> f64 {
    elsewhere::cubed(x) + third_power(2.0 * x)
}

#[differentiable]
fn helpers_with_tuples(x: f64, y: f64) -> f64 {
    let (radius, angle) = polar(x, y);
    radius * angle
}

#[differentiable]
fn helpers_with_arrays(v: [f64; 2]) -> f64 {
    let [a, b] = turned(v);
    a * b * b
}

#[differentiable]
fn helpers_with_vecs(xs: &[f64], k: f64) -> f64 {
    let ys = scaled(xs, k);
    ys[0] * ys[1]
}

#[differentiable]
fn recursion(x: f64, n: usize) -> f64 {
    if n == 0 { 1.0 } else { x * recursion(x, n - 1) + 1.0 }
}

#[differentiable]
fn mutual_recursion(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { odd_step(x.sin(), n - 1) }
}

#[differentiable]
fn odd_step(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { mutual_recursion(x * x, n - 1) }
}

#[differentiable]
fn plain_functions(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for k in 0..=n {
        total += binomial(n, k) as f64 * x.powi(k as i32);
    }
    total
}

#[differentiable]
fn closures(x: f64, y: f64) -> f64 {
    let weighted = |a: f64, b: f64| a * x + b * y;
    weighted(x, y) * weighted(1.0, 2.0)
}

#[differentiable]
fn move_closures(x: f64, y: f64) -> f64 {
    let slope = x * y;
    let line = move |t: f64| slope * t + 1.0;
    line(x) * line(2.0)
}

#[differentiable]
fn closures_that_assign(xs: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    let mut add = |x: f64| total += x * k;
    add(xs[0]);
    add(xs[1] * xs[1]);
    total * k
}

#[differentiable]
fn closures_that_branch(x: f64, y: f64) -> f64 {
    let clipped = |v: f64| {
        if v < 0.0 {
            return 0.1 * v;
        }
        v * v
    };
    clipped(x) + clipped(y)
}

#[differentiable]
fn closures_of_closures(x: f64) -> f64 {
    let square = |v: f64| v * v;
    let fourth = |v: f64| square(square(v));
    fourth(x) + square(x)
}

#[differentiable]
fn closures_returning_tuples(angle: f64, x: f64, y: f64) -> f64 {
    let rotate = |a: f64, b: f64| (a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos());
    let (u, v) = rotate(x, y);
    let (u, v) = rotate(u, v);
    u * v
}

#[differentiable]
fn functions_as_values(xs: &[f64]) -> f64 {
    xs.iter().copied().map(squared).map(f64::sin).sum()
}

#[differentiable]
fn folded_with_max(xs: &[f64]) -> f64 {
    xs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[differentiable]
fn call_forms(x: f64, y: f64) -> f64 {
    f64::sin(x) * f64::powf(x, y) + f64::max(x, y)
}

#[differentiable]
fn swapped(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x * x, y);
    std::mem::swap(&mut a, &mut b);
    a / b
}

#[differentiable]
fn replaced(x: f64, y: f64) -> f64 {
    let mut a = x * x;
    let before = std::mem::replace(&mut a, y * x);
    before * a
}

#[differentiable]
fn taken(x: f64, y: f64) -> f64 {
    let mut list = vec![x * x, y];
    let taken = std::mem::take(&mut list);
    taken[0] * taken[1]
}

#[differentiable]
fn from_fn(xs: &[f64], k: f64) -> f64 {
    let powers: [f64; 3] = std::array::from_fn(|i| k.powi(i as i32) * xs[i]);
    powers[0] + powers[1] * powers[2]
}

#[differentiable(partials = root_partials)]
fn root(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..60 {
        y -= (y * y * y + y - x) / (3.0 * y * y + 1.0);
    }
    y
}

fn root_partials(x: f64) -> f64 {
    1.0 / (3.0 * root(x).powi(2) + 1.0)
}

#[differentiable]
fn partials_by_hand(x: f64) -> f64 {
    root(x) * x
}

#[differentiable]
fn real_root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable]
fn logarithm(x: f64) -> Result<f64, String> {
    if x <= 0.0 {
        return Err(format!("{x} has no logarithm"));
    }
    Ok(x.ln())
}

#[differentiable]
fn question_marks(x: f64, y: f64) -> Option<f64> {
    Some(real_root(x)? * real_root(y)?)
}

#[differentiable]
fn converted_errors(x: f64) -> Result<f64, String> {
    let root = real_root(x).ok_or_else(|| format!("{x} is negative"))?;
    logarithm(root).map(|l| l * l).map_err(|error| error + "!")
}

#[differentiable]
fn failures_looked_at(x: f64, y: f64) -> f64 {
    let first = if let Some(root) = real_root(x) { root } else { y };
    let Some(second) = real_root(y) else { return first };
    match logarithm(y) {
        Ok(logarithm) => first * second * logarithm,
        Err(error) => first * error.len() as f64,
    }
}

#[differentiable]
fn failures_replaced(x: f64, y: f64) -> f64 {
    real_root(-x).unwrap_or(y) * logarithm(x).unwrap_or_else(|_| y) + real_root(y).map_or(x, |root| root * x)
}

#[differentiable]
fn collected_failures(xs: &[f64]) -> Result<f64, String> {
    let logarithms = xs.iter().map(|x| logarithm(*x)).collect::<Result<Vec<_>, _>>()?;
    Ok(logarithms[0] * logarithms[1])
}

#[differentiable]
fn summed_failures(xs: &[f64]) -> Option<f64> {
    xs.iter().map(|x| real_root(*x)).sum()
}

constructs! {
    "calls of differentiable functions" => calls(1.5, 0.3);
    "by path, by `use` under another name" => calls_elsewhere(1.5);
    "helpers that return tuples" => helpers_with_tuples(1.5, 0.3);
    "helpers that return arrays" => helpers_with_arrays([1.5, 0.3]);
    "helpers that return `Vec`s" => helpers_with_vecs(&[1.5, 0.3], 0.7);
    "recursion" => recursion(1.5, 4);
    "mutual recursion" => mutual_recursion(1.5, 4);
    "plain functions on data" => plain_functions(1.5, 4);
    "closures that capture by reference" => closures(1.5, 0.3);
    "`move` closures" => move_closures(1.5, 0.3);
    "closures that assign" => closures_that_assign(&[1.5, 0.3], 0.7);
    "closures with `return`" => closures_that_branch(1.5, -0.3);
    "closures that call closures" => closures_of_closures(1.5);
    "closures that return tuples" => closures_returning_tuples(0.7, 1.5, 0.3);
    "a differentiable function as a value: `.map(gelu)`" => functions_as_values(&[1.5, 0.3]);
    "`.fold(x0, f64::max)`" => folded_with_max(&[1.5, 0.3]);
    "`f64::sin(x)`" => call_forms(1.5, 0.3);
    "`mem::swap`" => swapped(1.5, 0.3);
    "`mem::replace`" => replaced(1.5, 0.3);
    "`mem::take`" => taken(1.5, 0.3);
    "`std::array::from_fn`" => from_fn(&[1.5, 0.3, 0.7], 0.4);
    "partial derivatives by hand" => partials_by_hand(1.5);
    "`Option` as a result" => real_root(1.5);
    "`Result` as a result; the error is data" => logarithm(1.5);
    "`?`" => question_marks(1.5, 0.3);
    "`ok_or_else`, `map_err`" => converted_errors(1.5);
    "`if let Some`, `let … else`, `match` on calls that may fail" => failures_looked_at(1.5, 0.3);
    "`unwrap_or`, `map_or` and the like on such calls" => failures_replaced(1.5, 0.3);
    "`collect` into a `Result` or an `Option`" => collected_failures(&[1.5, 0.3]);
    "sums and products of numbers that may be missing" => summed_failures(&[1.5, 0.3]);
}
