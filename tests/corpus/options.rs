//! `Option` where the standard library hands one out: methods, patterns, variables of that type.

use gradus::differentiable;

#[differentiable(second)]
fn with_a_default(xs: &[f64], k: f64) -> f64 {
    let first = xs.first().copied().unwrap_or(0.0);
    let second = xs.get(1).unwrap_or(&k);
    let far = xs.get(99).unwrap_or(&2.0);
    let last = xs.last().map_or(1.0, |x| x * k);
    let third = xs.get(2).copied().unwrap_or_default();
    let fourth = xs.get(3).map_or_else(|| k, |x| x + k);
    let fifth = xs.get(4).copied().unwrap_or_else(|| 2.0 * k);
    first * second + far * last + third * fourth * fifth
}

case! {
    with_a_default, with_a_default_grad, with_a_default_grad_add, with_a_default_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![2.0], 0.5), (vec![], 3.0);
}

#[differentiable(second)]
fn combined(xs: &[f64], k: f64) -> f64 {
    let positive = xs.first().filter(|x| **x > 0.0).unwrap_or(&1.0);
    let product = xs.first().and_then(|x| xs.get(1).map(|y| x * y)).unwrap_or(0.0);
    let either = xs.get(7).or(xs.get(1)).copied().or(Some(k)).unwrap();
    let ends = xs.first().zip(xs.last()).map(|(a, b)| a - b).unwrap_or(k);
    let large = xs.last().is_some_and(|x| *x > 2.0);
    let chosen = (ends > 0.0).then(|| ends * k).or_else(|| Some(1.0)).expect("one of them");
    let half = large.then_some(0.5).unwrap_or(k);
    positive * product + either * chosen + half
}

case! {
    combined, combined_grad, combined_grad_add, combined_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![-2.0, 5.0], 0.5), (vec![], 3.0);
}

/// Numbers that carry no gradient stand in for values, and values for such numbers.
#[differentiable(second)]
fn data_or_value(#[constant] table: &[f64], x: f64, at: usize) -> f64 {
    let entry = table.get(at).copied().unwrap_or(x);
    let other = Some(x).filter(|x| *x > 1.0).unwrap_or(table[0]);
    entry * other
}

case! {
    data_or_value, data_or_value_grad, data_or_value_grad_add, data_or_value_graph;
    for at in [0, 5];
    with |x: f64| (&[3.0, 4.0], x, at);
    at 0.5, 2.0;
    gradient match (at, x > 1.0) {
        (0, true) => 3.0,
        (0, false) => 0.0,
        (_, true) => 2.0 * x,
        (_, false) => 3.0,
    };
}

/// A variable that is `None` until there is something to remember.
#[differentiable(second)]
fn remembered(xs: &[f64], k: f64) -> f64 {
    let mut best: Option<f64> = None;
    let mut before = None;
    let mut roughness = 0.0;
    for &x in xs {
        best = match best {
            None => Some(x * k),
            Some(b) => Some(b.max(x * k)),
        };
        if let Some(y) = before {
            let step: f64 = x - y;
            roughness += step * step;
        }
        before = Some(x);
    }
    best.unwrap_or(0.0) + roughness
}

case! {
    remembered, remembered_grad, remembered_grad_add, remembered_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![1.0, 2.0, 4.0], -0.5), (vec![], 3.0);
}

#[differentiable(second)]
fn changed_in_place(x: f64, y: f64) -> f64 {
    let mut slot = Some(x);
    let taken = slot.take().unwrap();
    let empty = slot.unwrap_or(y);
    let mut cache = Some(1.0);
    if let Some(inside) = cache.as_mut() {
        *inside *= y;
    }
    let old = cache.replace(taken * y).unwrap();
    let mut late = None;
    *late.get_or_insert(2.0) += x;
    let (a, b) = Some((x, y)).unzip();
    taken * empty + old + cache.unwrap() + late.unwrap() * a.unwrap() * b.unwrap()
}

case! {
    changed_in_place, changed_in_place_grad, changed_in_place_grad_add, changed_in_place_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (2.0 * y + (2.0 + 2.0 * x) * y, 2.0 * x + 1.0 + (2.0 + x) * x);
}

#[differentiable(second)]
fn let_else(xs: &[f64], k: f64) -> f64 {
    let Some(first) = xs.first() else {
        return k;
    };
    let [a, rest @ ..] = xs else { unreachable!() };
    let Some(&last) = rest.last() else {
        return first * k;
    };
    let [.., z] = rest else { panic!("there is a last one") };
    first * last + a * k + z * k * k
}

case! {
    let_else, let_else_grad, let_else_grad_add, let_else_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![2.0], -0.5), (vec![], 3.0);
    gradient match xs.as_slice() {
        [] => (vec![], 1.0),
        [x] => (vec![k], *x),
        [a, .., z] => {
            let mut g = vec![0.0; xs.len()];
            g[0] = z + k;
            g[xs.len() - 1] = a + k * k;
            (g, a + 2.0 * z * k)
        }
    };
}

#[differentiable(second)]
fn matched(xs: &[f64], x: f64) -> f64 {
    let at = match xs.iter().position(|&v| v < 0.0) {
        Some(0) => x,
        Some(i) => xs[i] * x,
        None => 1.0,
    };
    let order = match x.partial_cmp(&at) {
        Some(std::cmp::Ordering::Less) => x,
        Some(std::cmp::Ordering::Greater) => at,
        _ => 0.0,
    };
    let extreme = match (xs.iter().copied().reduce(f64::min), xs.iter().max_by(|a, b| a.total_cmp(b))) {
        (Some(low), Some(high)) if low < *high => low * high,
        (Some(only), _) => only,
        _ => x,
    };
    let kind = match x {
        v if v < -1.0 => -v * at,
        ..0.0 => v_or(x, 2.0),
        0.0..1.0 => x * x,
        large => large.ln(),
    };
    at + order + extreme + kind
}

#[differentiable(second)]
fn v_or(v: f64, k: f64) -> f64 {
    v * k
}

case! {
    matched, matched_grad, matched_grad_add, matched_graph;
    with |xs: Vec<f64>, x: f64| (&xs, x);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![-2.0, 1.0], -0.5), (vec![3.0], 3.0), (vec![], -2.0);
}

/// Asked whether a value has a shape, without taking it apart.
#[differentiable(second)]
fn matching(xs: &[f64], k: f64) -> f64 {
    let head = if matches!(xs.first(), Some(x) if *x > 1.0) { k * k } else { k };
    let few = if matches!(xs.len(), 0..=2) { 1.0 } else { head };
    if matches!(xs, [a, b, ..] if a < b) { few * xs[1] } else { head + few }
}

case! {
    matching, matching_grad, matching_grad_add, matching_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, 2.0, 0.5], 0.7), (vec![2.0, 1.0], -0.5), (vec![0.5, 3.0], 3.0), (vec![], 2.0);
    gradient {
        let mut g = vec![0.0; xs.len()];
        let large = xs.first().is_some_and(|x| *x > 1.0);
        let (head, slope) = if large { (k * k, 2.0 * k) } else { (k, 1.0) };
        let (few, few_slope) = if xs.len() <= 2 { (1.0, 0.0) } else { (head, slope) };
        if xs.len() >= 2 && xs[0] < xs[1] {
            g[1] = few;
            (g, few_slope * xs[1])
        } else {
            (g, slope + few_slope)
        }
    };
}
