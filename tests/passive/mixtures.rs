//! Data and active values in turns: copied, filled, chosen, accumulated, and one changed into the other.

use gradus::differentiable;
const K: [f64; 3] = [-1.0, 0.5, 2.0];
fn weight(n: usize) -> f64 {
    n as f64 * 0.5 + 1.0
}
fn row(n: usize) -> [f64; 2] {
    [n as f64, 1.5]
}
fn vector(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64 + 0.5).collect()
}
struct Net {
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
    act: Vec<Act>,
    dims: [usize; 2],
}
#[derive(Clone, Copy)]
enum Act {
    Tanh,
    Relu,
    Leaky(f64),
    Poly { c: [f64; 2], n: u8 },
}
fn net() -> Net {
    Net {
        w: vec![vec![0.5, -0.3], vec![0.2, 0.9]],
        b: vec![0.1, -0.2],
        act: vec![Act::Leaky(0.1), Act::Poly { c: [0.5, 0.25], n: 2 }],
        dims: [2, 2],
    }
}

#[differentiable(compiled)]
fn small_network(x: &[f64], #[constant] net: &Net) -> f64 {
    let mut h = x.to_vec();
    for (l, act) in net.act.iter().enumerate() {
        let mut out = net.b.clone();
        for i in 0..net.dims[0] {
            for (j, w) in net.w[i].iter().enumerate() {
                out[i] += w * h[j];
            }
        }
        for o in out.iter_mut() {
            *o = match act {
                Act::Tanh => o.tanh(),
                Act::Relu => o.max(0.0),
                Act::Leaky(k) => {
                    if *o > 0.0 {
                        *o
                    } else {
                        *o * k
                    }
                }
                Act::Poly { c: [a, b], n } => a * *o + b * o.powi(*n as i32),
            };
        }
        h = out;
        if l > 5 {
            break;
        }
    }
    h.iter().sum()
}

case! {
    small_network, small_network_grad, small_network_grad_add, small_network_graph;
    with |x: Vec<f64>| (&x, &net());
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn weights_of_a_network(x: f64, #[constant] net: &Net) -> f64 {
    let Net { w, b, dims: [n, m], .. } = net;
    let mut s = x;
    for i in 0..*n {
        for j in 0..*m {
            s += w[i][j] * x * b[j];
        }
    }
    for (r, c) in w.iter().zip(b) {
        s += r.iter().map(|v| v * c * x).sum::<f64>();
    }
    s
}

case! {
    weights_of_a_network, weights_of_a_network_grad, weights_of_a_network_grad_add, weights_of_a_network_graph;
    with |x: f64| (x, &net());
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn filled_then_changed(x: f64, n: usize) -> f64 {
    let mut v = vec![0.0; n];
    for i in 0..n {
        v[i] = weight(i);
    }
    let mut w = v.clone();
    w[0] = x;
    let mut m = [[0.0; 2]; 2];
    m[0] = row(3);
    m[1][0] = x;
    m[1][1] = weight(1);
    let z = [row(1), [x, 2.0]];
    v[1] * w[0] * m[0][0] * m[1][0] + z[0][0] * z[1][0] * m[1][1]
}

case! {
    filled_then_changed, filled_then_changed_grad, filled_then_changed_grad_add, filled_then_changed_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn mapped_or_plain(x: f64, n: usize) -> f64 {
    let v = vector(n);
    let s = &v[1..];
    let t = s.iter().map(|w| w * x).collect::<Vec<_>>();
    let u = if n > 2 { &t } else { &v };
    u.iter().sum::<f64>() + t.len() as f64 * x
}

case! {
    mapped_or_plain, mapped_or_plain_grad, mapped_or_plain_grad_add, mapped_or_plain_graph;
    for n in [2, 4];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn best_of_data(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    let mut best = (0, f64::MIN);
    for i in 0..n {
        let c = weight(i) * (i as f64).sin();
        if c > best.1 {
            best = (i, c);
        }
        total += c;
    }
    let (i, c) = best;
    x.powi(i as i32) * c + total * x
}

case! {
    best_of_data, best_of_data_grad, best_of_data_grad_add, best_of_data_graph;
    with |x: f64| (x, 6);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn accumulated_then_changed(x: f64, n: usize) -> f64 {
    let mut acc = weight(0);
    for i in 1..n {
        acc = acc * 0.5 + weight(i);
    }
    let mut y = acc;
    y = y * x;
    let mut z = acc;
    if n > 2 {
        z += x;
    }
    let w = if n > 3 { acc } else { y };
    y * z * w
}

case! {
    accumulated_then_changed, accumulated_then_changed_grad, accumulated_then_changed_grad_add, accumulated_then_changed_graph;
    for n in [1, 3, 5];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn closures_that_mix(x: f64, n: usize) -> f64 {
    let f = |i: usize| weight(i);
    let g = |i: usize| [f(i), x];
    let h = |i: usize| (f(i), x * f(i + 1));
    let k = |i: usize| vec![f(i), x];
    let a = g(n);
    let (b, c) = h(n);
    let d = k(n);
    a[0] * a[1] + b * c + d[0] * d[1] + [f(1), x].iter().product::<f64>()
}

case! {
    closures_that_mix, closures_that_mix_grad, closures_that_mix_grad_add, closures_that_mix_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn collected_with_branches(x: f64, n: usize) -> f64 {
    let v: Vec<f64> = (0..n).map(|i| if i == 1 { x } else { weight(i) }).collect();
    let w: Vec<f64> = (0..n)
        .map(|i| match i {
            0 => weight(0),
            1 => {
                let k = weight(1);
                k
            }
            _ => x * x,
        })
        .collect();
    let t: Vec<(f64, f64)> = (0..n).map(|i| (weight(i), x)).collect();
    v.iter().zip(&w).map(|(a, b)| a * b).sum::<f64>() + t.iter().map(|(a, b)| a * b).sum::<f64>()
}

case! {
    collected_with_branches, collected_with_branches_grad, collected_with_branches_grad_add, collected_with_branches_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn chains_of_calls(x: f64, n: usize) -> f64 {
    let a = std::iter::repeat(weight(n)).take(2).chain([x]).product::<f64>();
    let b = (0..n).map(weight).chain(std::iter::once(x)).sum::<f64>();
    let c = [weight(1), 2.0].into_iter().chain([x, x]).fold(1.0, |p, q| p * q);
    let d = vector(2).iter().rev().chain(&[x]).map(|v| v * v).sum::<f64>();
    a + b * c + d
}

case! {
    chains_of_calls, chains_of_calls_grad, chains_of_calls_grad_add, chains_of_calls_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn folds_of_calls(x: f64, n: usize) -> f64 {
    (0..n).fold(weight(n), |s, i| s * weight(i) + x)
        + (0..n).map(|i| weight(i)).fold(x, |s, w| s * w)
        + (0..n).map(weight).map(|w| w * x).sum::<f64>()
        + vector(n).into_iter().map(|w| w * x).fold(0.0, f64::max)
}

case! {
    folds_of_calls, folds_of_calls_grad, folds_of_calls_grad_add, folds_of_calls_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn options_of_data(x: f64, n: usize) -> f64 {
    let o = (n > 2).then(|| weight(n));
    let p = (n > 1).then_some(x);
    let q = K.iter().position(|k| *k > 1.0).map(weight);
    let a = o.unwrap_or(1.0);
    let b = p.unwrap_or(weight(3));
    let c = q.unwrap_or_default();
    let d = o.or(Some(weight(1))).unwrap();
    let e = o.and_then(|w| if w > 2.0 { Some(w * 2.0) } else { None }).unwrap_or(0.25);
    let f = o.is_some_and(|w| w > 1.0);
    a * x + b * b + c * d * x + e * x + if f { x } else { 0.0 }
}

case! {
    options_of_data, options_of_data_grad, options_of_data_grad_add, options_of_data_graph;
    for n in [1, 2, 4];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn results_of_data(x: f64, n: usize) -> f64 {
    let r: Result<f64, String> = if n > 2 { Ok(weight(n)) } else { Err("no".into()) };
    let a = r.clone().unwrap_or(0.5);
    let b = r.as_ref().map(|w| w * 2.0).unwrap_or(1.5);
    let c = match r {
        Ok(w) if w > 2.0 => x * w,
        Ok(_) => x,
        Err(e) => e.len() as f64 * x,
    };
    a * b * c
}

case! {
    results_of_data, results_of_data_grad, results_of_data_grad_add, results_of_data_graph;
    for n in [1, 3, 4];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn items_inside(x: f64, n: usize) -> f64 {
    fn local(n: usize) -> f64 {
        n as f64 * 0.25
    }
    const C: f64 = 1.5;
    const T: [(f64, f64); 2] = [(0.5, 1.0), (2.0, 3.0)];
    struct L {
        a: f64,
    }
    let l = L { a: local(n) };
    let mut s = local(n);
    s += x;
    for &(a, b) in &T {
        s += a * x * b;
    }
    s * C + l.a * x
}

case! {
    items_inside, items_inside_grad, items_inside_grad_add, items_inside_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn copies_of_slices(v: &[f64], n: usize) -> f64 {
    let (a, b) = v.split_at(n);
    let k = [weight(1), a[0]];
    let mut w = a.to_vec();
    w.extend_from_slice(&[weight(2), b[0]]);
    w.insert(1, weight(3));
    w.push(weight(4));
    w[0] = weight(0);
    let r = w.remove(2);
    w.truncate(4);
    w.iter().sum::<f64>() * k[0] * k[1] + r
}

case! {
    copies_of_slices, copies_of_slices_grad, copies_of_slices_grad_add, copies_of_slices_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn cached(x: f64, n: usize) -> f64 {
    let mut cache = [None; 4];
    let mut s = x;
    for i in 0..n {
        let w = match cache[i % 4] {
            Some(w) => w,
            None => {
                let w = weight(i);
                cache[i % 4] = Some(w);
                w
            }
        };
        s = s * 0.5 + w * x;
    }
    s
}

case! {
    cached, cached_grad, cached_grad_add, cached_graph;
    with |x: f64| (x, 7);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn refutable_patterns(x: f64, n: usize) -> f64 {
    let s = if let 0..=2 = n {
        weight(n)
    } else if let [a, ..] = row(n) {
        a * x
    } else {
        0.0
    };
    let [a, b] = row(n) else { return x };
    let (Some(c), d) = (Some(weight(1)), x) else { return 1.0 };
    s * a + b * c * d
}

case! {
    refutable_patterns, refutable_patterns_grad, refutable_patterns_grad_add, refutable_patterns_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn pairs_or_pairs(x: f64, y: f64, n: usize) -> f64 {
    let p = (x, weight(n));
    let q = (weight(1), y);
    let r = if n > 2 { p } else { q };
    let (a, b) = match n {
        1 => (x, weight(2)),
        2 => (weight(3), y),
        _ => r,
    };
    let t = [p, q, (weight(0), weight(1))];
    a * b + r.0 * r.1 + t.iter().map(|(u, v)| u * v).sum::<f64>()
}

case! {
    pairs_or_pairs, pairs_or_pairs_grad, pairs_or_pairs_grad_add, pairs_or_pairs_graph;
    for n in [1, 2, 4];
    with |x: f64, y: f64| (x, y, n);
    at (0.83, 0.53);
}

#[differentiable]
fn tuples_that_change(x: f64, n: usize) -> f64 {
    let mut s = (weight(n), 0usize);
    for i in 0..n {
        s = (s.0 * x + weight(i), s.1 + i);
    }
    let mut t = [weight(0); 3];
    t[n % 3] *= x;
    t.swap(0, 1);
    let mut u = (1.0, vec![weight(1)]);
    u.1.push(x);
    u.0 += x;
    s.0 * s.1 as f64 + t[0] * t[1] + u.0 * u.1[0] * u.1[1]
}

case! {
    tuples_that_change, tuples_that_change_grad, tuples_that_change_grad_add, tuples_that_change_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}
