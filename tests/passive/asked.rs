//! How often iterators ask for an item: what `skip`, `step_by`, `take`, `rev` and `zip` leave out is asked for or not, as the
//! standard library has it, and so are closures called.

use super::effects::note;
use gradus::differentiable;

const V: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
const W: [f64; 2] = [0.5, 1.5];

#[differentiable(compiled)]
fn left_out_in_front(x: f64) -> f64 {
    let v = [x, 2.0 * x, x * x, 4.0];
    let a: f64 = v
        .iter()
        .map(|y| {
            note("a");
            y * x
        })
        .skip(1)
        .sum();
    let b: f64 = v
        .iter()
        .map(|y| {
            note("b");
            y * x
        })
        .zip(&W[..1])
        .map(|(y, w)| y * w)
        .skip(1)
        .sum();
    let c: f64 = v
        .iter()
        .map(|y| {
            note("c");
            y * x
        })
        .enumerate()
        .skip(3)
        .map(|(i, y)| y * i as f64)
        .sum();
    let mut s = 0.0;
    for y in v
        .iter()
        .map(|y| {
            note("d");
            y * x
        })
        .skip(2)
    {
        s += y;
    }
    let e = v
        .iter()
        .map(|y| {
            note("e");
            y * x
        })
        .skip(1)
        .nth(1)
        .unwrap_or(x);
    let f = v
        .iter()
        .map(|y| {
            note("f");
            y * x
        })
        .skip(1)
        .last()
        .unwrap_or(x);
    let g = v
        .iter()
        .map(|y| {
            note("g");
            y * x
        })
        .skip(4)
        .take(1)
        .reduce(|a, b| a * b)
        .unwrap_or(x);
    let h: f64 = v
        .iter()
        .map(|y| {
            note("h");
            y * x
        })
        .skip(4)
        .take(1)
        .sum();
    a + b + c + s + e + f + g + h
}

case! {
    left_out_in_front, left_out_in_front_grad, left_out_in_front_grad_add, left_out_in_front_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! {
    left_out_in_front, left_out_in_front_grad, left_out_in_front_grad_add, left_out_in_front_graph; 0.7; 4 + 1 + 4 + 4 + 3 + 4 + 4
}

#[differentiable(compiled)]
fn left_out_between(x: f64) -> f64 {
    let a: f64 = V
        .iter()
        .map(|y| {
            note("a");
            y * x
        })
        .step_by(3)
        .sum();
    let b = V
        .iter()
        .map(|y| {
            note("b");
            y * x
        })
        .step_by(2)
        .nth(1)
        .unwrap_or(x);
    let mut c = 0.0;
    for y in V
        .iter()
        .map(|y| {
            note("c");
            y * x
        })
        .step_by(2)
    {
        c += y;
    }
    let d: f64 = V
        .iter()
        .map(|y| {
            note("d");
            y * x
        })
        .zip(W.iter().rev())
        .map(|(y, w)| y * w)
        .step_by(2)
        .sum();
    let e: Vec<f64> = V
        .iter()
        .map(|y| {
            note("e");
            y * x
        })
        .step_by(2)
        .take(1)
        .collect();
    a + b + c + d + e[0]
}

case! {
    left_out_between, left_out_between_grad, left_out_between_grad_add, left_out_between_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! {
    left_out_between, left_out_between_grad, left_out_between_grad_add, left_out_between_graph; 0.7; 4 + 3 + 4 + 3 + 1
}

#[differentiable(compiled)]
fn backward(x: f64) -> f64 {
    let a: f64 = V
        .iter()
        .map(|y| {
            note("a");
            y * x
        })
        .skip(1)
        .rev()
        .sum();
    let b: f64 = V
        .iter()
        .enumerate()
        .map(|(i, y)| {
            note("b");
            y * x * i as f64
        })
        .rev()
        .skip(1)
        .sum();
    let c: f64 = V
        .iter()
        .map(|y| {
            note("c");
            y * x
        })
        .rev()
        .take(1)
        .sum();
    a + b + c
}

case! {
    backward, backward_grad, backward_grad_add, backward_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { backward, backward_grad, backward_grad_add, backward_graph; 0.7; 3 + 4 + 1 }

/// What `take` and `zip` leave out at the end is asked for by `rev`: the graph does as the plain function.
#[differentiable]
fn backward_with_rest(x: f64) -> f64 {
    let a: f64 = V
        .iter()
        .map(|y| {
            note("a");
            y * x
        })
        .take(2)
        .rev()
        .sum();
    let b: f64 = V
        .iter()
        .map(|y| {
            note("b");
            y * x
        })
        .zip(&W)
        .rev()
        .map(|(y, w)| y * w)
        .sum();
    a + b
}

case! {
    backward_with_rest, backward_with_rest_grad, backward_with_rest_grad_add, backward_with_rest_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { backward_with_rest, backward_with_rest_grad, backward_with_rest_grad_add, backward_with_rest_graph; 0.7; 4 + 4 }

/// A `zip` asks its first iterator for one item more than the second has, unless the standard library finds both by index, or
/// knows both lengths and is asked for all at once.
#[differentiable(compiled)]
fn one_more(x: f64) -> f64 {
    let mut s = 0.0;
    for (y, i) in V
        .iter()
        .map(|y| {
            note("a");
            y * x
        })
        .zip(0..2)
    {
        s += y * i as f64;
    }
    for (y, i) in V
        .iter()
        .map(|y| {
            note("b");
            y * x
        })
        .zip(0..=1)
    {
        s += y * i as f64;
    }
    for (y, i) in V
        .iter()
        .map(|y| {
            note("c");
            y * x
        })
        .zip((0..2).rev())
    {
        s += y * i as f64;
    }
    for (y, w) in V
        .iter()
        .map(|y| {
            note("d");
            y * x
        })
        .zip([x, 1.5])
    {
        s += y * w;
    }
    for (y, w) in V
        .iter()
        .map(|y| {
            note("e");
            y * x
        })
        .zip(W.iter().skip(1))
    {
        s += y * w;
    }
    let own = vec![x, 2.0 * x];
    for (y, w) in V
        .iter()
        .map(|y| {
            note("f");
            y * x
        })
        .zip(own)
    {
        s += y * w;
    }
    s += V
        .iter()
        .map(|y| {
            note("g");
            y * x
        })
        .zip(W.iter().rev())
        .map(|(y, w)| y * w)
        .sum::<f64>();
    s += V
        .iter()
        .map(|y| {
            note("h");
            y * x
        })
        .zip(W[..0].iter().rev())
        .map(|(y, w)| y * w)
        .sum::<f64>();
    s += V
        .iter()
        .map(|y| {
            note("i");
            y * x
        })
        .zip(W[..0].iter().rev())
        .map(|(y, w)| y * w)
        .reduce(|a, b| a + b)
        .unwrap_or(x);
    s += V
        .iter()
        .map(|y| {
            note("j");
            y * x
        })
        .zip(W.iter().rev())
        .map(|(y, w)| y * w)
        .reduce(|a, b| a + b)
        .unwrap_or(x);
    s += V
        .iter()
        .map(|y| {
            note("k");
            y * x
        })
        .zip(W.iter().rev())
        .map(|(y, w)| y * w)
        .skip(3)
        .sum::<f64>();
    s
}

case! {
    one_more, one_more_grad, one_more_grad_add, one_more_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! {
    one_more, one_more_grad, one_more_grad_add, one_more_graph; 0.7; 2 + 3 + 3 + 3 + 1 + 3 + 2 + 1 + 2 + 3
}

/// An item that is left out may panic.
#[differentiable(compiled)]
fn panics_in_front(x: f64, #[constant] at: &[usize]) -> f64 {
    let v = vec![x, 2.0 * x];
    at.iter().map(|i| v[*i] * x).skip(1).sum()
}

panics! {
    panics_in_front, panics_in_front_grad, panics_in_front_grad_add, panics_in_front_graph; 0.7, &[5, 1, 0];
    "index out of bounds: the len is 2 but the index is 5"
}
