//! Patterns of numbers: behind references, in `if let`, `while let` and `let … else`, on what has an alias as its type.

use gradus::differentiable;

mod shapes {
    pub type Real = f64;
    pub type Pair = (f64, f64);
}

#[differentiable(second)]
fn literals_behind_references(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for x in xs {
        s += match x {
            &0.0 => 1.0,
            &y if y > 1.0 => y * y * y,
            &y => y * y,
        };
        s += match x {
            y if *y > 1.0 => *y,
            &y => y * y,
        };
    }
    s
}

case! {
    literals_behind_references, literals_behind_references_grad, literals_behind_references_grad_add,
        literals_behind_references_graph;
    with |xs: Vec<f64>| (&xs);
    at (vec![0.25, -1.5, 2.0]);
}

#[differentiable(second)]
fn ranges_with_names(x: f64) -> f64 {
    let r = &x;
    let a = match r {
        &-2.5 => 1.0,
        0.0..=0.5 => x * 2.0,
        y => y * y,
    };
    let b = match x {
        mut y if y > 0.0 => {
            y *= 2.0;
            y * x
        }
        mut z => {
            z += 1.0;
            z
        }
    };
    a * b
}

case! {
    ranges_with_names, ranges_with_names_grad, ranges_with_names_grad_add, ranges_with_names_graph;
    with |x: f64| (x);
    at 0.4, -1.25, 2.0;
}

#[differentiable(second)]
fn if_let_of_a_range(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for x in xs {
        if let &(0.0..=1.0) = x {
            s += x * x;
        }
        if let y @ (-2.0..=-1.0 | 3.0..) = *x {
            s += y * y * x;
        } else if let 0.125 = x {
            s -= x;
        }
    }
    s
}

case! {
    if_let_of_a_range, if_let_of_a_range_grad, if_let_of_a_range_grad_add, if_let_of_a_range_graph;
    with |xs: Vec<f64>| (&xs);
    at (vec![0.25, -1.5, 2.0, 4.0]);
}

#[differentiable(second)]
fn while_let_and_let_else(x: f64, k: f64) -> f64 {
    let y @ -1.0..=8.0 = x else { return x * 3.0 * k };
    let mut z = y * k;
    while let w @ 0.5..=10.0 = z {
        z = w * 0.5 * k;
    }
    z * y
}

case! {
    while_let_and_let_else, while_let_and_let_else_grad, while_let_and_let_else_grad_add, while_let_and_let_else_graph;
    with |x: f64, k: f64| (x, k);
    at (6.0, 0.9), (-2.0, 1.5), (0.25, 1.1);
}

#[differentiable(second)]
fn aliases(p: shapes::Pair, q: [shapes::Real; 2]) -> f64 {
    let a = match p.1 {
        0.25..=0.75 => p.0,
        0.75.. => p.0 * p.1,
        _ => q[1] * p.0,
    };
    if let -1.0..=1.0 = q[0] { a * q[0] * q[1] } else { a * q[1] }
}

case! {
    aliases, aliases_grad, aliases_grad_add, aliases_graph;
    with |p: (f64, f64), q: [f64; 2]| (p, q);
    at ((1.5, 0.5), [0.5, 2.0]), ((1.5, 1.5), [1.5, 2.0]), ((1.5, -0.5), [0.25, 2.0]);
}
