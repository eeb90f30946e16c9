//! The methods of `Option` and `Result`, and iterators of what may fail.

use super::harness::close;
use gradus::differentiable;

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable]
fn logarithm(x: f64) -> Result<f64, String> {
    if x <= 0.0 { Err(format!("{x} has no logarithm")) } else { Ok(x.ln()) }
}

#[differentiable]
fn unwrapped(x: f64) -> f64 {
    root(x).unwrap() + root(x + 1.0).expect("x + 1 is not negative") + logarithm(x).unwrap()
}

#[test]
fn unwrap_and_expect() {
    let gradient = given_plain(unwrapped_grad, unwrapped, 4.0);
    assert!(close(gradient, 0.25 + 0.5 / 5.0_f64.sqrt() + 0.25));
    let message = panic_of(|| unwrapped(-1.0));
    assert_eq!(panic_of(|| unwrapped_grad(-1.0).0), message);
    assert_eq!(panic_of(|| unwrapped_graph(-1.0).value()), message);
}

fn given_plain(gradient: fn(f64) -> (f64, f64), f: fn(f64) -> f64, x: f64) -> f64 {
    let (value, derivative) = gradient(x);
    assert_eq!(value.to_bits(), f(x).to_bits());
    derivative
}

fn panic_of(f: impl FnOnce() -> f64 + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(f).expect_err("it panics");
    payload
        .downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_string())
}

#[differentiable]
fn alternatives(x: f64, y: f64) -> f64 {
    root(x).unwrap_or(2.0 * y)
        + 10.0 * root(x).unwrap_or_else(|| y * y)
        + 100.0 * root(x).or(root(y)).unwrap_or(0.0)
        + 1000.0 * root(x).or_else(|| root(4.0 * y)).unwrap_or_default()
        + logarithm(x).unwrap_or_else(|error| y * error.len() as f64)
        + root(x).map_or(3.0 * y, |root| root * y)
        + root(x).map_or_else(|| 5.0 * y, |root| root * y)
}

#[test]
fn alternatives_of_what_is_missing() {
    let (value, (x, y)) = alternatives_grad(4.0, 9.0);
    assert_eq!(value.to_bits(), alternatives(4.0, 9.0).to_bits());
    assert!(close(x, 1111.0 * 0.25 + 0.25 + 2.0 * 9.0 * 0.25) && close(y, 4.0));
    let (value, (x, y)) = alternatives_grad(-4.0, 9.0);
    assert_eq!(value.to_bits(), alternatives(-4.0, 9.0).to_bits());
    // "-4 has no logarithm" has 19 bytes.
    assert!(close(x, 0.0) && close(y, 2.0 + 180.0 + 100.0 / 6.0 + 1000.0 / 3.0 + 19.0 + 3.0 + 5.0));
}

#[differentiable]
fn chained(x: f64) -> Option<f64> {
    root(x).map(|root| root - 1.0).and_then(root).filter(|root| *root > 0.5).map(|root| root * root * root)
}

#[differentiable]
fn chained_result(x: f64) -> Result<f64, String> {
    logarithm(x).map(|l| 2.0 * l).and_then(logarithm).map_err(|error| format!("at {x}: {error}"))
}

#[differentiable]
fn converted(x: f64) -> Result<f64, String> {
    let root = root(x).ok_or("no root")?;
    let other = self::root(x - 1.0).ok_or_else(|| format!("{} is below 1", x))?;
    let logarithm = logarithm(root).ok().ok_or(String::from("no logarithm"))?;
    Ok(logarithm * other)
}

#[test]
fn one_after_the_other() {
    // (√x − 1)^(3/2)
    assert!(close(given!(chained, chained_grad; 9.0), 1.5 * 2.0_f64.sqrt() / 6.0));
    assert_eq!([chained_grad(-1.0), chained_grad(0.25), chained_grad(1.1)], [None; 3]);
    assert!(close(given!(chained_result, chained_result_grad; 5.0), 1.0 / (5.0_f64.ln() * 5.0)));
    assert_eq!(chained_result_grad(-1.0).unwrap_err(), "at -1: -1 has no logarithm");
    assert_eq!(chained_result_grad(0.5), chained_result(0.5).map(|_| unreachable!()));
    given!(converted, converted_grad; 5.0);
    assert_eq!(converted_grad(-1.0).unwrap_err(), "no root");
    assert_eq!(converted_grad(0.25).unwrap_err(), "0.25 is below 1");
}

/// `map` alone, where only what is done with its result tells that it is no array's.
#[differentiable]
fn mapped(x: f64) -> Result<f64, String> {
    let half = logarithm(x).map(|l| 0.5 * l).map_err(|error| error + "!")?;
    let third = logarithm(x).map(|l| l / 3.0)?;
    if let Ok(square) = logarithm(x).map(|l| l * l) {
        return logarithm(x).map(|l| l * half * third + square);
    }
    logarithm(x).map(|l| l)
}

#[test]
fn results_are_mapped() {
    given!(mapped, mapped_grad; 2.5);
    assert_eq!(mapped_grad(-1.0).unwrap_err(), "-1 has no logarithm!");
}

/// `Some`, `Ok` and `Err` as functions.
#[differentiable]
fn named(x: f64) -> Result<f64, String> {
    let sum: f64 = [x, 2.0 * x].into_iter().map(Some).flatten().sum();
    logarithm(sum).or_else(Err).and_then(Ok).map(Ok).unwrap_or_else(Err)
}

#[differentiable]
fn negative(x: f64) -> Result<f64, f64> {
    let negative = Some(x).filter(|x| *x < 0.0);
    negative.map_or(Ok(x.sqrt()), |x| Err(x))
}

#[test]
fn variants_as_functions() {
    assert!(close(given!(named, named_grad; 2.0), 0.5));
    assert_eq!(named_grad(-2.0).unwrap_err(), "-6 has no logarithm");
    assert_eq!(negative_grad(4.0), Ok((2.0, 0.25)));
    assert_eq!(negative_grad(-4.0), Err(-4.0));
}

#[differentiable]
fn zipped(x: f64, y: f64) -> Option<f64> {
    let (a, b) = root(x).zip(root(y))?;
    Some(a * b)
}

#[differentiable]
fn looked_at(x: f64) -> f64 {
    let found = root(x);
    let mut sum = if found.is_some() { x } else { -x };
    if let Some(root) = found {
        sum += root;
    }
    if logarithm(x).is_err() {
        sum *= 3.0;
    }
    if root(x).is_some_and(|root| root > 1.0) { sum * x } else { sum }
}

#[test]
fn questions() {
    let (x, y) = given!(zipped, zipped_grad; 4.0, 9.0);
    assert!(close(x, 0.75) && close(y, 1.0 / 3.0));
    assert_eq!(zipped_grad(4.0, -9.0), None);
    assert_eq!(looked_at_grad(4.0), (24.0, 4.0 * 1.25 + 6.0));
    assert_eq!(looked_at_grad(0.25), (0.75, 2.0));
    assert_eq!(looked_at_grad(-2.0), (6.0, -3.0));
}

// --- many

#[differentiable]
fn all(xs: &[f64]) -> Option<Vec<f64>> {
    xs.iter().map(|x| root(*x)).collect()
}

#[differentiable]
fn all_or_error(xs: &[f64]) -> Result<Vec<f64>, String> {
    xs.iter().copied().map(logarithm).collect()
}

#[differentiable]
fn those(xs: &[f64]) -> f64 {
    xs.iter().filter_map(|x| root(*x)).sum::<f64>()
        + xs.iter().flat_map(|x| root(*x)).map(|r| r * r).sum::<f64>()
}

#[differentiable]
fn those_flattened(xs: &[f64]) -> f64 {
    xs.iter().map(|x| root(*x)).flatten().sum::<f64>()
        + xs.iter().flat_map(|x| logarithm(*x)).product::<f64>()
}

#[differentiable]
fn until(xs: &[f64]) -> f64 {
    xs.iter().map_while(|x| root(*x)).sum()
}

#[differentiable]
fn first(xs: &[f64]) -> Option<f64> {
    xs.iter().find_map(|x| root(*x))
}

#[differentiable]
fn standard(xs: &[f64], at: usize) -> Option<f64> {
    let (first, last) = (xs.first()?, xs.last()?);
    let some = xs.get(at)?;
    let most = xs.iter().copied().reduce(f64::max)?;
    let position = xs.iter().position(|x| *x < 0.0)?;
    Some(first * last + some * xs[position] * most)
}

#[differentiable]
fn folded(xs: &[f64]) -> Option<f64> {
    let mut product = 1.0;
    for x in xs {
        product *= root(*x)?;
    }
    Some(product)
}

#[differentiable]
fn folded_by_method(xs: &[f64]) -> Option<f64> {
    xs.iter().try_fold(1.0, |product, x| Some(product * root(*x)?))
}

#[differentiable]
fn summed(xs: &[f64]) -> Option<f64> {
    xs.iter().map(|x| root(*x)).sum()
}

#[differentiable]
fn multiplied(xs: &[f64]) -> Result<f64, String> {
    let product: f64 = xs.iter().map(|x| logarithm(*x)).product::<Result<f64, String>>()?;
    Ok(product)
}

#[test]
fn many_that_may_fail() {
    let xs = [4.0, 9.0, 2.0];
    given!(all, all_jacobian; &xs);
    given!(all_or_error, all_or_error_jacobian; &xs);
    assert_eq!(all_jacobian(&[4.0, -1.0]), None);
    assert_eq!(all_or_error_jacobian(&[4.0, -1.0]).unwrap_err(), "-1 has no logarithm");
    assert_eq!(all_jacobian(&[]), Some((vec![], vec![])));
    let some = [4.0, -1.0, 9.0];
    assert_eq!(those_grad(&some), (18.0, vec![1.25, 0.0, 1.0 / 6.0 + 1.0]));
    let (value, gradient) = those_flattened_grad(&some);
    assert_eq!(value.to_bits(), those_flattened(&some).to_bits());
    assert!(close(gradient[0], 0.25 + 9.0_f64.ln() / 4.0) && gradient[1] == 0.0);
    assert_eq!(until_grad(&some), (2.0, vec![0.25, 0.0, 0.0]));
    assert_eq!(first_grad(&[-2.0, 4.0, 9.0]), Some((2.0, vec![0.0, 0.25, 0.0])));
    assert_eq!(first_grad(&[-2.0]), None);
    given!(standard, standard_grad; &[3.0, -2.0, 5.0, 4.0], 3);
    assert_eq!(
        [standard_grad(&[], 0), standard_grad(&[1.0], 1), standard_grad(&[1.0], 0)],
        [None, None, None]
    );
    let folded_gradient = given!(folded, folded_grad; &xs);
    assert_eq!(folded_gradient, given!(folded_by_method, folded_by_method_grad; &xs));
    assert_eq!([folded_grad(&some), folded_by_method_grad(&some), summed_grad(&some)], [None, None, None]);
    given!(summed, summed_grad; &xs);
    given!(multiplied, multiplied_grad; &xs);
    assert_eq!(multiplied_grad(&some).unwrap_err(), "-1 has no logarithm");
}

#[test]
fn gradients_are_compiled() {
    compiled!(root, logarithm, unwrapped, converted, looked_at, those_flattened, standard, folded);
}
