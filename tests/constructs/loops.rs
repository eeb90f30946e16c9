//! Loops of every kind and the ways out of them.

use gradus::{differentiable, stop_gradient};

#[differentiable]
fn over_ranges(xs: &[f64]) -> f64 {
    let mut total = 1.0;
    for i in 0..xs.len() {
        total = total * xs[i] + 1.0;
    }
    total
}

#[differentiable]
fn over_other_ranges(x: f64, n: usize) -> f64 {
    let mut total = x;
    for i in (0..=n).rev() {
        total = total * x + i as f64;
    }
    for i in (1..n).step_by(2) {
        total += x.powi(i as i32);
    }
    total
}

#[differentiable]
fn over_sequences(xs: &[f64], array: [f64; 2], k: f64) -> f64 {
    let mut total = k;
    for x in xs {
        total *= x;
    }
    for x in array {
        total += x * k;
    }
    for &x in &array {
        total += x * x;
    }
    total
}

#[differentiable]
fn over_chains(xs: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for (i, (x, y)) in xs.iter().zip(&xs[1..]).enumerate() {
        total += x * y * k * i as f64;
    }
    total
}

#[differentiable]
fn over_iter_mut(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    for y in ys.iter_mut() {
        *y *= k;
    }
    for y in &mut ys {
        *y = *y * *y;
    }
    ys[0] + ys[1] * k
}

#[differentiable]
fn nested(rows: &[Vec<f64>], k: f64) -> f64 {
    let mut total = k;
    for row in rows {
        for x in row {
            total = (total * x).sin();
        }
    }
    total
}

#[differentiable]
fn while_loop(x: f64) -> f64 {
    let mut y = x;
    while y < 10.0 {
        y *= x;
    }
    y
}

#[differentiable]
fn while_let(xs: &[f64], k: f64) -> f64 {
    let mut stack = xs.to_vec();
    let mut total = k;
    while let Some(x) = stack.pop() {
        total = total * k + x;
    }
    total
}

#[differentiable]
fn loop_with_value(x: f64) -> f64 {
    let mut y = x;
    let root = loop {
        let next = 0.5 * (y + x / y);
        if (next - y).abs() < 1e-14 {
            break next;
        }
        y = next;
    };
    root * x
}

#[differentiable]
fn while_true(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while true {
        y = y.sin();
        i += 1;
        if i == n {
            break;
        }
    }
    y
}

#[differentiable]
fn break_and_continue(xs: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for (i, x) in xs.iter().enumerate() {
        if i == 1 {
            continue;
        }
        total += x * k;
        if total > 2.0 {
            break;
        }
    }
    total * k
}

#[differentiable]
fn labels(xs: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    'rows: for x in xs {
        for y in xs {
            if x * y < 0.0 {
                continue 'rows;
            }
            total += x * y * k;
            if total > 50.0 {
                break 'rows;
            }
        }
    }
    total
}

#[differentiable]
fn labelled_block(x: f64, y: f64) -> f64 {
    let z = 'found: {
        if x > y {
            break 'found x * x;
        }
        y
    };
    z * x
}

#[differentiable]
fn early_return(x: f64, y: f64) -> f64 {
    if x < y {
        return x * y;
    }
    let z = x - y;
    z * z
}

#[differentiable]
fn return_in_loop(xs: &[f64], limit: f64) -> f64 {
    let mut total = 0.0;
    for x in xs {
        total += x * x;
        if total > limit {
            return total.sqrt();
        }
    }
    total * limit
}

#[differentiable]
fn exit_within_expression(xs: &[f64], k: f64) -> f64 {
    let mut total = k;
    for x in xs {
        let factor = if *x < 0.0 { continue } else { *x };
        total *= factor;
    }
    total
}

#[differentiable]
fn counted_while(xs: &[f64], k: f64) -> f64 {
    let mut at = 0;
    let mut total = k;
    while at + 1 < xs.len() && xs[at] < 1.0 {
        total += xs[at] * xs[at + 1] * k;
        at += 1;
    }
    total
}

#[differentiable]
fn depends_on_stopped(xs: &[f64], x: f64) -> f64 {
    let cell = stop_gradient(x).floor() as usize;
    let t = x - cell as f64;
    xs[cell] * (1.0 - t) + xs[cell + 1] * t
}

#[differentiable]
fn vec_left_with(xs: &[f64], k: f64) -> f64 {
    let found = loop {
        if k > 0.0 {
            break xs.iter().map(|x| x * k).collect::<Vec<f64>>();
        }
        break vec![k];
    };
    found.iter().product()
}

constructs! {
    "`for` over `0..n`" => over_ranges(&[1.5, 0.3, 0.7]);
    "`for` over `0..=n`, `rev`, `step_by`" => over_other_ranges(1.5, 4);
    "`for` over slices, arrays, references" => over_sequences(&[1.5, 0.3], [0.7, 2.0], 0.4);
    "`for` over chains of iterators" => over_chains(&[1.5, 0.3, 0.7], 0.4);
    "`for` over `iter_mut` and `&mut`" => over_iter_mut(&[1.5, 0.3], 0.4);
    "loops within loops" => nested(&[vec![1.5, 0.3], vec![0.7]], 0.4);
    "`while`" => while_loop(1.5);
    "`while` over an index that moves" => counted_while(&[0.5, 0.3, 0.7], 0.4);
    "`while let`" => while_let(&[1.5, 0.3, 0.7], 0.4);
    "`loop` with `break value`" => loop_with_value(1.5);
    "`loop` with `break` of a `Vec`" => vec_left_with(&[1.5, 0.3], 0.4);
    "`while true` with `break`" => while_true(1.5, 3);
    "`break`, `continue`" => break_and_continue(&[1.5, 0.3, 0.7], 0.4);
    "labels" => labels(&[1.5, 0.3, -0.7], 0.4);
    "labelled blocks" => labelled_block(1.5, 0.3);
    "`return` before the end" => early_return(1.5, 0.3);
    "`return` within a loop" => return_in_loop(&[1.5, 0.3, 0.7], 2.3);
    "`let x = if … { continue } else { … }`" => exit_within_expression(&[1.5, -0.3, 0.7], 0.4);
    "`stop_gradient`, and an index from it" => depends_on_stopped(&[1.5, 0.3, 0.7], 1.3);
}
