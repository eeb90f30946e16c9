//! Branches: `if`, `match`, guards, early returns. The taken one is differentiated.

use gradus::differentiable;

#[differentiable(second)]
fn huber(residual: f64, delta: f64) -> f64 {
    if residual.abs() <= delta { 0.5 * residual * residual } else { delta * (residual.abs() - 0.5 * delta) }
}

case! {
    huber, huber_grad, huber_grad_add, huber_graph;
    with |residual: f64, delta: f64| (residual, delta);
    at (0.3, 1.0), (2.0, 1.0), (-2.0, 0.5), (0.999, 1.0), (1.001, 1.0), (-1e4, 1.0);
    gradient if residual.abs() <= delta {
        (residual, 0.0)
    } else {
        (delta * residual.signum(), residual.abs() - delta)
    };
}

#[differentiable(second)]
fn branch_as_statement(x: f64, y: f64) -> f64 {
    let mut s = x * y;
    if x > y {
        s += x;
    }
    if s < 0.0 {
        s = -s * s;
    } else if s < 1.0 {
        s *= y;
    } else {
        s -= 1.0;
    }
    s
}

case! {
    branch_as_statement, branch_as_statement_grad, branch_as_statement_grad_add, branch_as_statement_graph;
    with |x: f64, y: f64| (x, y);
    at (-2.0, 1.0), (0.5, 1.2), (2.0, 3.0), (3.0, 2.0), (0.5, 0.4);
    gradient {
        let above = if x > y { 1.0 } else { 0.0 };
        let s = x * y + above * x;
        let (by_s, by_y) = if s < 0.0 { (-2.0 * s, 0.0) } else if s < 1.0 { (y, s) } else { (1.0, 0.0) };
        (by_s * (y + above), by_s * x + by_y)
    };
}

#[differentiable(second)]
fn nested_branches(x: f64, y: f64) -> f64 {
    let side = if x > 0.0 {
        if y > 0.0 { x * y } else { x - y }
    } else {
        let z = x * x;
        if y > 1.0 { z.sin() } else { z + if y > 0.0 { y } else { -2.0 * y } }
    };
    side * side
}

case! {
    nested_branches, nested_branches_grad, nested_branches_grad_add, nested_branches_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 2.0), (1.0, -2.0), (-1.0, 2.0), (-1.0, 0.5), (-1.0, -0.5), (1e-3, 1e-3);
}

#[differentiable(second)]
fn match_integer(x: f64, kind: u32) -> f64 {
    match kind {
        0 => x,
        1 | 2 => x * x,
        3..=5 => {
            let y = x.sin();
            y * f64::from(kind)
        }
        n if n % 2 == 0 => x.powi(n as i32),
        _ => 7.0,
    }
}

case! {
    match_integer, match_integer_grad, match_integer_grad_add, match_integer_graph;
    for kind in [0, 1, 2, 4, 6, 7];
    with |x: f64| (x, kind);
    at 0.9, -1.4;
    gradient match kind {
        0 => 1.0,
        1 | 2 => 2.0 * x,
        4 => 4.0 * x.cos(),
        6 => 6.0 * x.powi(5),
        _ => 0.0,
    };
}

#[differentiable(second)]
fn match_tuple(x: f64, y: f64, flags: (bool, i32)) -> f64 {
    let (a, b) = match flags {
        (true, 0) => (x, y),
        (true, n) if n > 0 => (x * f64::from(n), x),
        (false, -1) => return x / y,
        (_, n) => (y, f64::from(n)),
    };
    a * b
}

case! {
    match_tuple, match_tuple_grad, match_tuple_grad_add, match_tuple_graph;
    for flags in [(true, 0), (true, 3), (false, -1), (false, 5)];
    with |x: f64, y: f64| (x, y, flags);
    at (0.9, 2.0), (-1.4, 0.1);
    gradient match flags {
        (true, 0) => (y, x),
        (true, _) => (6.0 * x, 0.0),
        (false, -1) => (1.0 / y, -x / (y * y)),
        _ => (0.0, 5.0),
    };
}

#[differentiable(second)]
fn match_active_tuple(x: f64, y: f64) -> f64 {
    match (x, y * y) {
        (a, b) if a > b => a - b,
        (a, b) if a < 0.0 => a * a + b,
        (a, _) => y * a,
    }
}

case! {
    match_active_tuple, match_active_tuple_grad, match_active_tuple_grad_add, match_active_tuple_graph;
    with |x: f64, y: f64| (x, y);
    at (3.0, 1.0), (-3.0, 1.0), (1.0, 3.0);
    gradient if x > y * y { (1.0, -2.0 * y) } else if x < 0.0 { (2.0 * x, 2.0 * y) } else { (y, x) };
}

#[differentiable(second)]
fn activation(x: f64, name: &str) -> f64 {
    match name {
        "tanh" => x.tanh(),
        "relu" => x.max(0.0),
        "linear" => x,
        other => x * other.len() as f64,
    }
}

case! {
    activation, activation_grad, activation_grad_add, activation_graph;
    for name in ["tanh", "relu", "linear", "four"];
    with |x: f64| (x, name);
    at 0.5, -0.5, 1e-4;
    gradient match name {
        "tanh" => x.cosh().powi(-2),
        "relu" if x < 0.0 => 0.0,
        "four" => 4.0,
        _ => 1.0,
    };
}

#[differentiable(second)]
fn early_returns(xs: &[f64], limit: f64) -> f64 {
    if xs.is_empty() {
        return 0.5 * limit;
    }
    let mut total = 0.0;
    for (i, &x) in xs.iter().enumerate() {
        total += x * x;
        if total > limit {
            return total - limit * i as f64;
        }
    }
    total
}

case! {
    early_returns, early_returns_grad, early_returns_grad_add, early_returns_graph;
    with |xs: Vec<f64>, limit: f64| (&xs, limit);
    at (vec![], 2.0), (vec![0.5, 0.25], 2.0), (vec![1.0, 2.0, 9.0], 4.0), (vec![-3.0], 1.0);
    gradient {
        let mut total = 0.0;
        let stop = xs.iter().position(|x| { total += x * x; total > limit });
        let counted = stop.map_or(xs.len(), |i| i + 1);
        let by_xs = xs.iter().enumerate().map(|(i, x)| if i < counted { 2.0 * x } else { 0.0 }).collect();
        (by_xs, if xs.is_empty() { 0.5 } else { -(stop.unwrap_or(0) as f64) })
    };
}

#[differentiable(second)]
fn first_or_default(xs: &[f64], fallback: f64) -> f64 {
    if let Some(first) = xs.first() {
        let Some(last) = xs.last() else { return fallback };
        first * last
    } else {
        fallback * fallback
    }
}

case! {
    first_or_default, first_or_default_grad, first_or_default_grad_add, first_or_default_graph;
    with |xs: Vec<f64>, fallback: f64| (&xs, fallback);
    at (vec![], 2.0), (vec![0.5], 2.0), (vec![1.0, 2.0, 9.0], 4.0);
    gradient {
        let mut by_xs = vec![0.0; xs.len()];
        if let (Some(first), Some(last)) = (xs.first(), xs.last()) {
            by_xs[0] += last;
            by_xs[xs.len() - 1] += first;
        }
        (by_xs, if xs.is_empty() { 2.0 * fallback } else { 0.0 })
    };
}
