//! Calls of plain functions beside active values, in every place where one value may stand.

use gradus::differentiable;

fn weight(n: usize) -> f64 {
    n as f64 * 0.5 + 1.0
}
fn vector(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64 + 0.5).collect()
}
fn row(n: usize) -> [f64; 2] {
    [n as f64, 1.5]
}
fn two(n: usize) -> (f64, usize) {
    (n as f64 + 0.5, n + 1)
}
fn maybe(n: usize) -> Option<f64> {
    if n > 2 { Some(n as f64 * 0.25) } else { None }
}
fn rows(n: usize) -> Vec<Vec<f64>> {
    (0..n).map(|i| vec![i as f64 + 1.0, 0.5]).collect()
}
struct Params {
    a: f64,
    w: Vec<f64>,
}
impl Params {
    fn get(&self) -> f64 {
        self.a
    }
    fn make() -> f64 {
        1.25
    }
    fn new() -> Self {
        Params { a: 0.75, w: vec![0.5, 2.0] }
    }
    fn at(&self, i: usize) -> f64 {
        self.w[i]
    }
}
const Q: Params = Params { a: 0.5, w: Vec::new() };

#[differentiable(compiled)]
fn wave(x: f64) -> f64 {
    x.sin() * x
}

case! {
    wave, wave_grad, wave_grad_add, wave_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn in_a_vec(x: f64, n: usize) -> f64 {
    let p = vec![weight(n), x];
    let q = vec![weight(n); 2];
    p[0] * p[1] + q[1] * x
}

case! {
    in_a_vec, in_a_vec_grad, in_a_vec_grad_add, in_a_vec_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn in_a_tuple(x: f64, n: usize) -> f64 {
    let p = (weight(n), x);
    let (a, (b, c)) = (x, (weight(2), x * x));
    p.0 * p.1 + a * b * c
}

case! {
    in_a_tuple, in_a_tuple_grad, in_a_tuple_grad_add, in_a_tuple_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn in_nested_arrays(x: f64, n: usize) -> f64 {
    let m = [[weight(n), x], row(n), [x, x]];
    let t = [(x, weight(1)), (weight(2), x), two_floats(n)];
    let v = vec![vec![x, weight(2)], vector(2)];
    m[0][0] * m[0][1] + m[1][0] * m[2][1] + t[0].0 * t[1].0 * t[2].1 + v[0][1] * v[1][1] * x
}
fn two_floats(n: usize) -> (f64, f64) {
    (n as f64, 0.5)
}

case! {
    in_nested_arrays, in_nested_arrays_grad, in_nested_arrays_grad_add, in_nested_arrays_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn from_a_block(x: f64, n: usize) -> f64 {
    let mut s = { weight(n) };
    s += x;
    let t = {
        let k = n + 1;
        weight(k)
    };
    let mut u = 'b: {
        if n > 2 {
            break 'b weight(1);
        }
        x
    };
    u *= x;
    s * s + t * u
}

case! {
    from_a_block, from_a_block_grad, from_a_block_grad_add, from_a_block_graph;
    for n in [1, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn then_assigned_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = weight(n);
    let mut r = row(n);
    let mut v = vector(3);
    for i in 0..n {
        s = s * x + weight(i);
        r[i % 2] += x * r[1];
        v[i] *= x;
    }
    s + r[0] * r[1] + v[0] * v[1] + v[2]
}

case! {
    then_assigned_in_a_loop, then_assigned_in_a_loop_grad, then_assigned_in_a_loop_grad_add, then_assigned_in_a_loop_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn if_arms(x: f64, n: usize) -> f64 {
    let a = if n > 2 { weight(n) } else { x };
    let b = if n > 2 { x * x } else { weight(n) };
    let c = if n == 1 {
        weight(1)
    } else if n == 3 {
        x
    } else {
        Params::make()
    };
    a * b * c + a
}

case! {
    if_arms, if_arms_grad, if_arms_grad_add, if_arms_graph;
    for n in [0, 1, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable]
fn if_arms_of_sequences(x: f64, n: usize) -> f64 {
    let a = if n > 2 { row(n) } else { [x, x * x] };
    let b = if n > 2 { vec![x, 1.0] } else { vector(2) };
    let (c, d) = if n > 2 { (weight(1), x) } else { (x, weight(2)) };
    a[0] * a[1] + b[0] * b[1] * x + c * d
}

case! {
    if_arms_of_sequences, if_arms_of_sequences_grad, if_arms_of_sequences_grad_add, if_arms_of_sequences_graph;
    for n in [0, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn match_arms(x: f64, n: usize) -> f64 {
    let a = match n {
        0 => weight(7),
        1 => x,
        2 => {
            let k = weight(2);
            k
        }
        _ if n > 5 => Params::new().at(1),
        _ => x.sin(),
    };
    match n % 3 {
        0 => weight(n),
        1 => a * x,
        _ => a,
    }
}

case! {
    match_arms, match_arms_grad, match_arms_grad_add, match_arms_graph;
    for n in [0, 1, 2, 3, 8];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn plain_vec_pushed(x: f64, n: usize) -> f64 {
    let mut v = vector(n);
    v.push(x);
    let mut w = vec![0.0; 2];
    w[0] = weight(n);
    w[1] = x;
    v[0] * v[n] + w[0] * w[1]
}

case! {
    plain_vec_pushed, plain_vec_pushed_grad, plain_vec_pushed_grad_add, plain_vec_pushed_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn chained(v: &[f64], n: usize) -> f64 {
    vector(n).into_iter().chain(v.iter().copied()).map(|y| y * y).sum::<f64>()
}

case! {
    chained, chained_grad, chained_grad_add, chained_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn chained_after(v: &[f64], n: usize) -> f64 {
    let w = vector(n);
    v.iter().chain(&w).map(|y| y + 2.0).product::<f64>()
}

case! {
    chained_after, chained_after_grad, chained_after_grad_add, chained_after_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn chained_once(v: &[f64], n: usize) -> f64 {
    v.iter().copied().chain(std::iter::once(weight(n))).map(|y| y + 2.0).product::<f64>()
        + v.iter().copied().chain([weight(1), v[0]]).sum::<f64>()
}

case! {
    chained_once, chained_once_grad, chained_once_grad_add, chained_once_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn zipped(v: &[f64], n: usize) -> f64 {
    v.iter().zip(vector(n)).map(|(a, b)| a * b).sum::<f64>()
        + vector(2).iter().zip(v).map(|(a, b)| a * b * b).sum::<f64>()
        + v.iter().zip(row(n).iter()).map(|(a, &b)| a.powf(b).max(b)).sum::<f64>()
}

case! {
    zipped, zipped_grad, zipped_grad_add, zipped_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, 1.5];
}

#[differentiable(compiled)]
fn fold_start(v: &[f64], n: usize) -> f64 {
    v.iter().fold(weight(n), |a, b| a * b + 1.0) + v.iter().fold(Params::make(), |a, b| a.max(*b))
}

case! {
    fold_start, fold_start_grad, fold_start_grad_add, fold_start_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, 1.5];
}

#[differentiable(compiled)]
fn unwrapped(x: f64, n: usize) -> f64 {
    let a = maybe(n).unwrap_or(weight(1));
    let b = maybe(n).unwrap_or_else(|| weight(2));
    let c = maybe(n + 3).unwrap();
    let d = maybe(n).map_or(weight(3), |w| w * 2.0);
    x * a * b + c * d * x * x * x
}

case! {
    unwrapped, unwrapped_grad, unwrapped_grad_add, unwrapped_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn active_or_plain(v: &[f64], n: usize) -> f64 {
    v.first().copied().unwrap_or(weight(n)) * v.get(5).copied().unwrap_or_else(|| weight(1))
        + v.iter().copied().reduce(f64::max).unwrap_or(weight(2)) * v.get(n).map_or(weight(3), |y| y * y)
}

case! {
    active_or_plain, active_or_plain_grad, active_or_plain_grad_add, active_or_plain_graph;
    with |v: Vec<f64>| (&v, 1);
    at vec![0.5, -1.5], vec![];
}

#[differentiable]
fn some_or_plain(x: f64, n: usize) -> f64 {
    let o = if n > 2 {
        Some(weight(n))
    } else if n == 1 {
        Some(x)
    } else {
        None
    };
    match o {
        Some(w) => w * x,
        None => x,
    }
}

case! {
    some_or_plain, some_or_plain_grad, some_or_plain_grad_add, some_or_plain_graph;
    for n in [0, 1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn closure_result(x: f64, n: usize) -> f64 {
    let pick = |i: usize| if i > 2 { weight(i) } else { x * i as f64 };
    let early = |i: usize| {
        if i == 0 {
            return weight(9);
        }
        x * x
    };
    pick(n) * pick(1) + early(0) * early(n)
}

case! {
    closure_result, closure_result_grad, closure_result_grad_add, closure_result_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn returned(x: f64, n: usize) -> f64 {
    if n == 0 {
        return weight(5);
    }
    let y = x * x;
    for i in 0..n {
        if i == 3 {
            return weight(i) * y;
        }
        if i == 5 {
            return Params::make();
        }
    }
    if n == 2 {
        return two(2).0;
    }
    y
}

case! {
    returned, returned_grad, returned_grad_add, returned_graph;
    for n in [0, 1, 2, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn plain_tail(x: f64, n: usize) -> f64 {
    if x > 0.5 && n > 2 {
        return x * x;
    }
    weight(n)
}

case! {
    plain_tail, plain_tail_grad, plain_tail_grad_add, plain_tail_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn broken_with(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let y = loop {
        if i == n {
            break weight(i);
        }
        if i == 2 {
            break x * x;
        }
        i += 1;
    };
    let z = loop {
        break weight(1);
    };
    y * x + z
}

case! {
    broken_with, broken_with_grad, broken_with_grad_add, broken_with_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable]
fn broken_with_sequences(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let y = loop {
        if i == n {
            break row(i);
        }
        if i == 2 {
            break [x, x * x];
        }
        i += 1;
    };
    let z = loop {
        if n > 2 {
            break vector(2);
        }
        break vec![x, 1.0];
    };
    y[0] * y[1] * x + z[0] * x
}

case! {
    broken_with_sequences, broken_with_sequences_grad, broken_with_sequences_grad_add, broken_with_sequences_graph;
    for n in [1, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn as_an_index(v: &[f64], n: usize) -> f64 {
    let i = two(n).1;
    v[i % v.len()] * v[two(0).1] * weight(i) + v[vector(2).len()]
}

case! {
    as_an_index, as_an_index_grad, as_an_index_grad_add, as_an_index_graph;
    with |v: Vec<f64>| (&v, 2);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn as_operands(x: f64, n: usize) -> f64 {
    weight(n) * x + x / weight(1) - (weight(2) - x) * -weight(3)
        + x.powf(weight(0)).max(weight(1))
        + x.mul_add(weight(1), weight(2))
        + weight(1).max(x)
        + weight(2).powf(x)
        + f64::max(weight(1), x)
}

case! {
    as_operands, as_operands_grad, as_operands_grad_add, as_operands_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7;
}

#[differentiable(compiled)]
fn blend(x: f64, y: f64) -> f64 {
    x * y + y.sin()
}
#[differentiable(compiled)]
fn summed(v: &[f64]) -> f64 {
    v.iter().map(|y| y * y).sum()
}
#[differentiable(compiled)]
fn couple((a, b): (f64, f64)) -> f64 {
    a * b * b
}
#[differentiable(compiled)]
fn owned(a: Vec<f64>, b: Vec<f64>) -> f64 {
    a[1] * b[0]
}

#[differentiable(compiled)]
fn differentiable_with_data(x: f64, #[constant] c: f64) -> f64 {
    let p = [wave(c), c, x];
    let mut s = wave(c);
    s += x;
    let t = if c > 0.0 { wave(2.0) } else { x };
    let v = vec![wave(0.5), x, blend(c, 2.0)];
    let mut w = summed(&[c, 1.0]);
    w *= x;
    p[0] * p[1] * p[2] + s * t + v[0] * v[1] * v[2] + w
}

case! {
    differentiable_with_data, differentiable_with_data_grad, differentiable_with_data_grad_add, differentiable_with_data_graph;
    with |x: f64| (x, 0.7);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn differentiable_with_data_in_arms(x: f64, #[constant] c: f64, n: usize) -> f64 {
    let y = match n {
        0 => wave(c),
        1 => x,
        _ => blend(c, c),
    };
    let z = loop {
        if n > 1 {
            break wave(c);
        }
        break x;
    };
    if n == 3 {
        return wave(c);
    }
    y * z + [1.0, x].iter().fold(wave(c), |a, b| a * b)
}

case! {
    differentiable_with_data_in_arms, differentiable_with_data_in_arms_grad, differentiable_with_data_in_arms_grad_add, differentiable_with_data_in_arms_graph;
    for n in [0, 1, 2, 3];
    with |x: f64| (x, 0.7, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn through_mut_references(x: f64, n: usize) -> f64 {
    let mut a = weight(n);
    {
        let r = &mut a;
        *r *= x;
    }
    let mut v = vector(3);
    for w in v.iter_mut() {
        *w *= x;
    }
    for w in &mut v {
        *w += 1.0;
    }
    let mut r = row(n);
    r[1] = x;
    let last = v.last_mut().unwrap();
    *last = x;
    a * v[0] * v[2] + r[0] * r[1]
}

case! {
    through_mut_references, through_mut_references_grad, through_mut_references_grad_add, through_mut_references_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn method_chains(x: f64, n: usize) -> f64 {
    let s: f64 = vector(n).iter().sum();
    let m = vector(n).iter().copied().fold(f64::MIN, f64::max);
    let p = vector(n)[1..].iter().product::<f64>();
    let q = rows(n).iter().map(|r| r[0]).sum::<f64>();
    let r = rows(n).concat();
    x * s + m * x * x + p + q * x * r[1] * r.len() as f64
}

case! {
    method_chains, method_chains_grad, method_chains_grad_add, method_chains_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowing_a_plain_call(x: f64, n: usize) -> f64 {
    let w = weight(n);
    let y = w * x;
    let w = w * x;
    let n = two(n).1;
    let w = w + weight(n);
    y * w
}

case! {
    shadowing_a_plain_call, shadowing_a_plain_call_grad, shadowing_a_plain_call_grad_add, shadowing_a_plain_call_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn index_of_a_call(x: f64, n: usize) -> f64 {
    vector(n)[1] * x + row(n)[0] * x * x + two(n).0 * wave(x) + squares(x)[0] * rows(2)[1][0]
}
#[differentiable(compiled)]
fn squares(x: f64) -> [f64; 2] {
    [x * x, x.sin()]
}
#[differentiable(compiled)]
fn index_of_a_call_as_tail(x: f64) -> f64 {
    squares(x)[0]
}
#[differentiable(compiled)]
fn index_of_a_call_in_arms(x: f64, n: usize) -> f64 {
    let g = |y: f64| squares(y)[1];
    if n > 1 { squares(x)[n % 2] } else { g(x) }
}

case! {
    index_of_a_call, index_of_a_call_grad, index_of_a_call_grad_add, index_of_a_call_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

case! {
    index_of_a_call_as_tail, index_of_a_call_as_tail_grad, index_of_a_call_as_tail_grad_add, index_of_a_call_as_tail_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 2.0 * x;
}

case! {
    index_of_a_call_in_arms, index_of_a_call_in_arms_grad, index_of_a_call_in_arms_grad_add, index_of_a_call_in_arms_graph;
    for n in [1, 2, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn best(v: &[f64]) -> (usize, f64) {
    let mut i = 0;
    for j in 0..v.len() {
        if v[j] > v[i] {
            i = j;
        }
    }
    (i, v[i])
}

#[differentiable(compiled)]
fn destructured(x: f64, n: usize) -> f64 {
    let (a, k) = two(n);
    let [b, c] = row(n);
    let (mut d, e) = two(k);
    let [mut f, _] = row(2);
    d *= x;
    f += d;
    let Params { a: g, w } = Params::new();
    a * x + b * c * x * x + d * e as f64 + f * g + w[1] * x
}

case! {
    destructured, destructured_grad, destructured_grad_add, destructured_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn as_arguments(x: f64, n: usize) -> f64 {
    blend(x, weight(n))
        + blend(weight(1), x)
        + blend(weight(2), weight(3)) * x
        + summed(&[x, weight(n)])
        + summed(&vector(2)) * x
        + summed(&row(n)) * x
        + couple((weight(1), x))
        + owned(vector(2), vec![x])
        + owned(vec![x, weight(1)], vector(1))
}

case! {
    as_arguments, as_arguments_grad, as_arguments_grad_add, as_arguments_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn swapped_and_replaced(x: f64, n: usize) -> f64 {
    let mut a = weight(n);
    let mut b = x;
    std::mem::swap(&mut a, &mut b);
    let old = std::mem::replace(&mut a, weight(1));
    let mut v = vector(2);
    let mut w = vec![x, x * x];
    std::mem::swap(&mut v, &mut w);
    let t = std::mem::take(&mut w);
    a * b * old + v[1] * t[0]
}

case! {
    swapped_and_replaced, swapped_and_replaced_grad, swapped_and_replaced_grad_add, swapped_and_replaced_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn pushed(x: f64, n: usize) -> f64 {
    let mut v = vec![x];
    v.push(weight(n));
    v.insert(0, weight(1));
    v.extend(vector(2));
    v.extend([weight(2), x]);
    v.extend_from_slice(&row(n));
    v.iter().enumerate().map(|(i, w)| w * x.powi(i as i32)).sum()
}

case! {
    pushed, pushed_grad, pushed_grad_add, pushed_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn unwrapped_or_active(x: f64, n: usize) -> f64 {
    maybe(n).unwrap_or(x) * maybe(n + 1).unwrap_or_else(|| x * x)
        + maybe(n).map_or(x, |w| w * x)
        + maybe(n).map(|w| w * x).unwrap_or(2.0)
}

case! {
    unwrapped_or_active, unwrapped_or_active_grad, unwrapped_or_active_grad_add, unwrapped_or_active_graph;
    for n in [1, 2, 4];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}
