//! Callers that look at what a call gave, in every way.

use gradus::differentiable;

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable]
fn flattened(xs: &[f64]) -> f64 {
    let rs: Vec<_> = xs.iter().map(|x| root(*x)).collect();
    rs.iter().flatten().sum()
}

#[differentiable]
fn listed(xs: &[f64]) -> f64 {
    let rs: Vec<Option<f64>> = xs.iter().map(|x| root(*x)).collect();
    let mut s = 0.0;
    for r in &rs {
        if let Some(r) = r {
            s += r * r;
        }
    }
    s
}

#[differentiable]
fn gone_through(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for r in xs.iter().map(|x| root(*x)) {
        if let Some(r) = r {
            s += r;
        }
    }
    s
}

#[differentiable]
fn guarded(x: f64) -> f64 {
    let r = root(x);
    match r {
        Some(v) if v > 1.0 => v,
        Some(v) => v * v,
        _ => 0.0,
    }
}

#[differentiable]
fn through_closure(x: f64) -> f64 {
    let f = |y: f64| root(y);
    f(x).unwrap_or(x)
}

#[differentiable]
fn while_there_is_one(x: f64) -> f64 {
    while let Some(r) = root(x) {
        return r * 2.0;
    }
    x
}

#[differentiable]
fn both(x: f64, y: f64) -> f64 {
    if let (Some(a), Some(b)) = (root(x), root(y)) { a * b } else { x }
}

#[differentiable]
fn either(x: f64, y: f64) -> f64 {
    match (root(x), root(y)) {
        (Some(a), Some(b)) => a * b,
        (Some(a), None) => a,
        _ => y,
    }
}

#[differentiable]
fn those(xs: &[f64]) -> Vec<f64> {
    xs.iter().filter_map(|&x| root(x)).collect()
}

#[differentiable]
fn all_or_nothing(xs: &[f64]) -> f64 {
    let Some(rs) = xs.iter().map(|x| root(*x)).collect::<Option<Vec<f64>>>() else { return 0.0 };
    rs.iter().sum()
}

#[differentiable]
fn with_square(x: f64) -> Option<[f64; 2]> {
    let a = root(x)?;
    let v: [f64; 2] = [a, a * a];
    Some(v)
}

#[differentiable]
fn destructured(x: f64) -> f64 {
    with_square(x).map(|[a, b]| a + b).unwrap_or_default()
}

#[differentiable]
fn asked_first(x: f64) -> f64 {
    if root(x).is_none() {
        return x;
    }
    root(x).unwrap() * 2.0
}

#[test]
fn what_a_call_gave_is_looked_at() {
    for gradient in [flattened_grad, gone_through_grad] {
        assert_eq!(gradient(&[4.0, -1.0]), (2.0, vec![0.25, 0.0]));
    }
    assert_eq!(listed_grad(&[4.0, -1.0]), (4.0, vec![1.0, 0.0]));
    assert_eq!(all_or_nothing_grad(&[4.0, 1.0]), (3.0, vec![0.25, 0.5]));
    assert_eq!(all_or_nothing_grad(&[4.0, -1.0]), (0.0, vec![0.0, 0.0]));
    assert_eq!(
        [guarded_grad(4.0), guarded_grad(0.25), guarded_grad(-1.0)],
        [(2.0, 0.25), (0.25, 1.0), (0.0, 0.0)]
    );
    assert_eq!([through_closure_grad(4.0), through_closure_grad(-4.0)], [(2.0, 0.25), (-4.0, 1.0)]);
    assert_eq!([while_there_is_one_grad(4.0), while_there_is_one_grad(-4.0)], [(4.0, 0.5), (-4.0, 1.0)]);
    assert_eq!([asked_first_grad(4.0), asked_first_grad(-4.0)], [(4.0, 0.5), (-4.0, 1.0)]);
    assert_eq!([destructured_grad(4.0), destructured_grad(-4.0)], [(6.0, 1.25), (0.0, 0.0)]);
    assert_eq!(both_grad(4.0, 9.0), (6.0, (0.75, 1.0 / 3.0)));
    assert_eq!(both_grad(4.0, -9.0), (4.0, (1.0, 0.0)));
    assert_eq!(either_grad(4.0, 9.0), (6.0, (0.75, 1.0 / 3.0)));
    assert_eq!(either_grad(4.0, -9.0), (2.0, (0.25, 0.0)));
    assert_eq!(either_grad(-4.0, 9.0), (9.0, (0.0, 1.0)));
    assert_eq!(those_jacobian(&[4.0, -1.0]), (vec![2.0], vec![vec![0.25, 0.0]]));
}

#[test]
fn gradients_are_compiled() {
    compiled!(
        root,
        flattened,
        gone_through,
        guarded,
        through_closure,
        while_there_is_one,
        both,
        either,
        with_square,
        destructured,
        asked_first
    );
}
