//! Ways to leave: `?`, `return`, `let … else`, closures, loops and labels.

use super::harness::close;
use gradus::differentiable;
use std::cell::Cell;

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

/// Guards first.
#[differentiable]
fn checked(mass: f64, speed: f64) -> Option<f64> {
    if mass <= 0.0 {
        return None;
    }
    if !speed.is_finite() {
        return None;
    }
    let energy = 0.5 * mass * speed * speed;
    Some(energy)
}

#[differentiable]
fn else_left(x: f64, y: f64) -> Option<f64> {
    let Some(a) = root(x) else { return None };
    let Some(b) = root(y) else {
        return Some(a);
    };
    Some(a * b)
}

#[differentiable]
fn if_left(x: f64, y: f64) -> f64 {
    let a = if let Some(a) = root(x) { a } else { return 7.0 * y };
    let b = match root(y) {
        Some(b) => b,
        None => return 3.0 * a,
    };
    a * b
}

#[test]
fn guards_and_else() {
    let (mass, speed) = given!(checked, checked_grad; 2.0, 3.0);
    assert_eq!((mass, speed), (4.5, 6.0));
    assert_eq!([checked_grad(0.0, 1.0), checked_grad(1.0, f64::NAN)], [None; 2]);
    given!(else_left, else_left_grad; 4.0, 9.0);
    assert_eq!(else_left_grad(4.0, -9.0), Some((2.0, (0.25, 0.0))));
    assert_eq!(else_left_grad(-4.0, 9.0), None);
    assert_eq!(if_left_grad(4.0, 9.0), (6.0, (0.75, 1.0 / 3.0)));
    assert_eq!(if_left_grad(4.0, -9.0), (6.0, (0.75, 0.0)));
    assert_eq!(if_left_grad(-4.0, 9.0), (63.0, (0.0, 7.0)));
}

/// `?` everywhere an expression stands.
#[differentiable]
fn everywhere(x: f64, y: f64) -> Option<f64> {
    let both = [root(x)?, root(y)?];
    let pair = (root(x + y)?, x);
    let mut sum = root(both[0] - 0.5)? * pair.0;
    sum += both.iter().sum::<f64>() * root(x * y)?.max(root(x)?);
    if root(y)? > 1.0 {
        sum -= {
            let less = y - 1.0;
            root(less)?
        };
    }
    for part in [root(x)?, y] {
        sum += part * part;
    }
    while sum > root(x)? + 30.0 {
        sum *= 0.5;
    }
    Some(sum.powi(2))
}

#[test]
fn the_mark_stands_anywhere() {
    given!(everywhere, everywhere_grad; 4.0, 9.0);
    given!(everywhere, everywhere_grad; 2.0, 0.7);
    assert_eq!(
        [everywhere_grad(-4.0, 9.0), everywhere_grad(4.0, -1.0), everywhere_grad(0.01, 1.0)],
        [None; 3]
    );
}

/// What is there is not used.
#[differentiable]
fn looked_at(x: f64, y: f64) -> Option<f64> {
    root(x)?;
    let _ = root(y)?;
    { root(x + y) }?;
    Some(x * y)
}

#[test]
fn the_mark_stands_alone() {
    assert_eq!(looked_at_grad(4.0, 9.0), Some((36.0, (9.0, 4.0))));
    assert_eq!([looked_at_grad(-4.0, 9.0), looked_at_grad(4.0, -1.0)], [None; 2]);
}

/// Closures leave themselves, not the function.
#[differentiable]
fn closures(x: f64, y: f64) -> f64 {
    let product = |a: f64, b: f64| -> Option<f64> { Some(root(a)? * root(b)?) };
    let twice = || -> Option<f64> {
        let found = root(y)?;
        Some(found + found)
    };
    product(x, y).unwrap_or(x) + twice().unwrap_or(-1.0)
}

#[differentiable]
fn parsed(x: f64, text: &str) -> f64 {
    let parse = || -> Option<f64> { Some(text.parse::<f64>().ok()? + 1.0) };
    x * parse().unwrap_or(1.0)
}

#[test]
fn a_closure_leaves_itself() {
    let (value, (x, y)) = closures_grad(4.0, 9.0);
    assert_eq!(value, 12.0);
    assert!(close(x, 0.75) && close(y, 1.0 / 3.0 + 1.0 / 3.0));
    assert_eq!(closures_grad(-4.0, 9.0), (2.0, (1.0, 1.0 / 3.0)));
    assert_eq!(closures_grad(4.0, -9.0), (3.0, (1.0, 0.0)));
    assert_eq!(parsed_grad(2.0, "3"), (8.0, 4.0));
    assert_eq!(parsed_grad(2.0, "three"), (2.0, 1.0));
}

/// Out of loops in loops.
#[differentiable]
fn searched(rows: &[Vec<f64>], limit: f64) -> Result<f64, (usize, usize)> {
    let mut sum = 0.0;
    'rows: for (i, row) in rows.iter().enumerate() {
        for (j, x) in row.iter().enumerate() {
            if *x > limit {
                continue 'rows;
            }
            sum += x * root(*x).ok_or((i, j))?;
        }
        if sum > 100.0 {
            break;
        }
    }
    if sum == 0.0 { Err((rows.len(), 0)) } else { Ok(sum * limit) }
}

#[test]
fn out_of_loops() {
    let rows = vec![vec![4.0, 1.0], vec![9.0, 25.0, -1.0], vec![2.0]];
    given!(searched, searched_grad; &rows, 10.0);
    assert_eq!(searched_grad(&rows, 30.0), Err((1, 2)));
    assert_eq!(searched_grad(&[], 30.0), Err((0, 0)));
}

/// A function that calls itself.
#[differentiable]
fn power(x: f64, n: i32) -> Result<f64, i32> {
    if n < 0 {
        return Err(n);
    }
    if n == 0 { Ok(1.0) } else { Ok(x * power(x, n - 1)?) }
}

/// A change before the failure has happened.
#[differentiable]
fn counted(xs: &[f64], #[constant] count: &Cell<usize>) -> Option<f64> {
    let mut sum = 0.0;
    for x in xs {
        count.set(count.get() + 1);
        sum += root(*x)?;
    }
    Some(sum)
}

#[test]
fn recursion_and_effects() {
    assert_eq!(power_grad(2.0, 5), Ok((32.0, 80.0)));
    assert_eq!(power_grad(2.0, -1), Err(-1));
    let count = Cell::new(0);
    assert_eq!(counted_grad(&[4.0, -1.0, 9.0], &count), None);
    assert_eq!(count.replace(0), 2);
    assert_eq!(counted_grad(&[4.0, 9.0], &count), Some((5.0, vec![0.25, 1.0 / 6.0])));
    assert_eq!(count.get(), 2);
}

/// The state of a loop may be missing.
#[differentiable]
fn accumulated(xs: &[f64]) -> Option<f64> {
    let mut last: Option<f64> = None;
    for &x in xs {
        last = match last {
            None => Some(x),
            Some(before) if x > 0.0 => Some(0.5 * before + x),
            Some(before) => root(before),
        };
    }
    let mut total = last?;
    total *= xs.first()?;
    Some(total)
}

#[test]
fn a_state_that_may_be_missing() {
    given!(accumulated, accumulated_grad; &[4.0, 1.0, -2.0, 3.0]);
    assert_eq!(accumulated_grad(&[]), None);
}

#[differentiable]
fn scaled<const N: usize>(xs: [f64; N], k: f64) -> Option<[f64; N]> {
    let norm = root(xs.iter().map(|x| x * x).sum::<f64>() - 1.0)?;
    Some(std::array::from_fn(|i| xs[i] * k / norm))
}

#[differentiable]
fn first_scaled(a: f64, b: f64) -> Option<f64> {
    let [first, _, _] = scaled([a, b, 1.0], 2.0)?;
    let four = scaled::<4>([a, b, a, b], 0.5)?;
    Some(first + four[3])
}

#[test]
fn arrays_of_any_length() {
    given!(first_scaled, first_scaled_grad; 1.5, 0.5);
    assert_eq!(first_scaled_grad(0.1, 0.1), None.or(first_scaled(0.1, 0.1).map(|_| unreachable!())));
    assert_eq!(scaled_jacobian([0.1, 0.2], 1.0), None);
    assert_eq!(scaled_jacobian([3.0, 2.0], 1.0).unwrap().1.len(), 2);
}

#[test]
fn gradients_are_compiled() {
    compiled!(
        root,
        checked,
        else_left,
        if_left,
        everywhere,
        looked_at,
        parsed,
        searched,
        power,
        counted,
        scaled,
        first_scaled
    );
}
