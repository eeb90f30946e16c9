//! Data that changes: methods called for their effect, short circuits that change variables, and borrows of what changes.

use gradus::differentiable;
use std::collections::{BTreeMap, HashMap, VecDeque};

#[differentiable(compiled)]
fn iterator_advanced(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut it = d.iter();
    it.next();
    it.nth(0);
    let a = it.next().unwrap();
    let mut r = 0..9;
    r.next();
    r.by_ref().take(2).count();
    r.next_back();
    let mut s = x * a;
    for i in r {
        s = s * 0.5 + x * i as f64;
    }
    s
}

case! {
    iterator_advanced, iterator_advanced_grad, iterator_advanced_grad_add, iterator_advanced_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn split_off(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut v = d.to_vec();
    v.split_off(3);
    let t = v.split_off(1);
    v.append(&mut t.clone());
    v.extend(&t);
    v.resize(7, 0.25);
    v.rotate_left(2);
    v[1] = 0.5;
    v.insert(1, 3.0);
    let mut s = x;
    for w in &v {
        s += w * x;
    }
    s * v.len() as f64 + t[1] * x
}

case! {
    split_off, split_off_grad, split_off_grad_add, split_off_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn slice_methods(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut v = d.to_vec();
    v[1..].reverse();
    v[..2].copy_from_slice(&d[2..]);
    v.iter_mut().for_each(|w| *w += 1.0);
    for w in v.iter_mut() {
        *w *= 2.0;
    }
    for w in &mut v[1..] {
        *w -= 0.5;
    }
    if let Some(w) = v.first_mut() {
        *w = 7.5;
    }
    *v.last_mut().unwrap() += 0.25;
    v[2..].fill(0.75);
    let mut s = 0.0;
    for w in &v {
        s += w * x;
    }
    s * x
}

case! {
    slice_methods, slice_methods_grad, slice_methods_grad_add, slice_methods_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn taken_and_replaced(x: f64) -> f64 {
    let mut a = Some(2.5);
    let b = a.take();
    let c = a.replace(1.5);
    a.insert(4.5);
    let d = a.get_or_insert(9.0);
    *d += 1.0;
    let mut n = 3u8;
    let old = std::mem::replace(&mut n, 250);
    let mut m = 7u8;
    std::mem::swap(&mut n, &mut m);
    let mut v = vec![1.5];
    let w = std::mem::take(&mut v);
    v.push(0.5);
    x * b.unwrap()
        + a.unwrap() * x * x
        + if c.is_none() { x } else { 0.0 }
        + x * (old as f64 + n as f64 - m as f64)
        + w[0] * v[0] * x
}

case! {
    taken_and_replaced, taken_and_replaced_grad, taken_and_replaced_grad_add, taken_and_replaced_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn changed_through_references(x: f64) -> f64 {
    let mut n = 250u8;
    {
        let r = &mut n;
        *r = r.wrapping_add(10);
        let q = &mut *r;
        *q += 1;
    }
    let mut w = [0.5, 1.5];
    {
        let [a, b] = &mut w;
        *a += 1.0;
        std::mem::swap(a, b);
    }
    let mut t = (1u8, 2.5);
    let (ref mut k, _) = t;
    *k = k.wrapping_sub(3);
    let p = &mut t.1;
    *p *= 2.0;
    bump(&mut n);
    x * n as f64 + w[0] * x * x + w[1] + t.0 as f64 * t.1 * x
}
fn bump(n: &mut u8) {
    *n = n.wrapping_mul(30);
}

case! {
    changed_through_references, changed_through_references_grad, changed_through_references_grad_add, changed_through_references_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn changed_by_plain_functions(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut v = d.to_vec();
    scale(&mut v, 2.0);
    scale(&mut v[1..], 0.5);
    let mut n = 0;
    let k = count(&v, &mut n);
    count(&v, &mut n);
    let mut text = String::new();
    write_to(&mut text);
    let mut s = 0.0;
    for w in &v {
        s += w * x;
    }
    s * n as f64 + k as f64 * x + text.len() as f64 * x * x
}
fn scale(v: &mut [f64], by: f64) {
    for w in v {
        *w *= by;
    }
}
fn count(v: &[f64], n: &mut usize) -> usize {
    *n += v.len();
    *n * 2
}
fn write_to(s: &mut String) {
    s.push_str("abc");
}

case! {
    changed_by_plain_functions, changed_by_plain_functions_grad, changed_by_plain_functions_grad_add, changed_by_plain_functions_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn ref_patterns(x: f64) -> f64 {
    let pair = (0.5, vec![1.5, 2.5]);
    let (ref a, ref v) = pair;
    let mut arr = [1u8, 2, 250];
    let [_, ref mut p, ref q] = arr;
    *p = q.wrapping_add(10);
    let Some(ref w) = Some(3.5) else { return x };
    let n = arr[1];
    match pair {
        (ref b, ref u) if u.len() > 1 => x * b * u[1] + x * a * v[0] * n as f64 * w,
        _ => x,
    }
}

case! {
    ref_patterns, ref_patterns_grad, ref_patterns_grad_add, ref_patterns_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn ref_mut_becomes_active(x: f64, y: f64) -> f64 {
    let mut arr = [1.0, 2.0];
    let [ref mut p, _] = arr;
    *p = x;
    arr[0] * y + arr[1] * x
}

case! {
    ref_mut_becomes_active, ref_mut_becomes_active_grad, ref_mut_becomes_active_grad_add, ref_mut_becomes_active_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
    gradient (y + 2.0, x);
}

#[differentiable]
fn ref_mut_in_a_tuple(x: f64, y: f64) -> f64 {
    let mut t = (1.0, (2.0, 3.0));
    let (ref mut a, (_, ref mut b)) = t;
    *a *= x;
    *b += y;
    let (ref c, (ref d, _)) = t;
    t.0 * t.1.1 + c * d
}

case! {
    ref_mut_in_a_tuple, ref_mut_in_a_tuple_grad, ref_mut_in_a_tuple_grad_add, ref_mut_in_a_tuple_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
    gradient (3.0 + y + 2.0, x);
}

#[differentiable(compiled)]
fn ref_mut_in_a_loop(v: &[f64]) -> f64 {
    let mut rows = [[1.0, 2.0], [3.0, 4.0]];
    for [a, b] in rows.iter_mut() {
        *a += v[0] * *b;
        *b *= v[1];
    }
    let [[ref mut p, _], [_, ref q]] = rows;
    *p = *p * q;
    rows[0][0] * rows[1][1] + rows[0][1] + rows[1][0]
}

case! {
    ref_mut_in_a_loop, ref_mut_in_a_loop_grad, ref_mut_in_a_loop_grad_add, ref_mut_in_a_loop_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5];
}

#[differentiable]
fn ref_mut_of_data_then_active(x: f64) -> f64 {
    let mut w = [0.5, 1.5, 2.5];
    if let [first, .., last] = &mut w {
        *first = 2.0;
        *last *= x;
    }
    match w {
        [ref mut a, _, _] if *a > 1.0 => {
            *a += x;
        }
        _ => {}
    }
    w[0] * w[1] * w[2]
}

case! {
    ref_mut_of_data_then_active, ref_mut_of_data_then_active_grad, ref_mut_of_data_then_active_grad_add, ref_mut_of_data_then_active_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn binding_ref_mut(x: f64) -> f64 {
    let mut s = 2.0;
    let ref mut r = s;
    *r *= x;
    *r += 1.0;
    let ref q = s;
    let mut n = 250u8;
    let ref mut m = n;
    *m = m.wrapping_add(9);
    s * q + n as f64 * x
}

case! {
    binding_ref_mut, binding_ref_mut_grad, binding_ref_mut_grad_add, binding_ref_mut_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn short_circuit(v: &[f64], k: f64) -> f64 {
    let mut n = 0;
    let b = k > 0.5 && {
        n += 1;
        v[n] > 0.9
    };
    if b { v[n] * k } else { k + v[n] }
}

case! {
    short_circuit, short_circuit_grad, short_circuit_grad_add, short_circuit_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, 1.5], 0.7), (vec![0.5, 0.6], 0.7), (vec![0.5, 1.5], 0.2);
}

#[differentiable(compiled)]
fn short_circuit_or(x: f64, n: usize) -> f64 {
    let mut c = 250u8;
    let mut w = 0.5;
    let b = n > 2
        || {
            c = c.wrapping_add(10);
            w *= 3.0;
            x > 0.5
        }
        || {
            c += 1;
            false
        };
    let d = !b && {
        w += 1.0;
        true
    };
    if b && !d { x * c as f64 * w } else { x * x * c as f64 + w * x }
}

case! {
    short_circuit_or, short_circuit_or_grad, short_circuit_or_grad_add, short_circuit_or_graph;
    for n in [1, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn short_circuit_in_conditions(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut i = 0;
    let mut s = x;
    while i < d.len() && {
        i += 1;
        d[i - 1] < 1.8
    } {
        s = s * 0.5 + d[i - 1] * x;
    }
    if i > 2 && {
        i -= 2;
        s > 0.0
    } || {
        i += 5;
        i > 7
    } {
        s *= x;
    }
    s * i as f64
}

case! {
    short_circuit_in_conditions, short_circuit_in_conditions_grad, short_circuit_in_conditions_grad_add, short_circuit_in_conditions_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0, 0.1]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn short_circuit_active(x: f64, y: f64) -> f64 {
    let mut s = x;
    let b = y > 0.5 && {
        s *= y;
        s > 0.2
    };
    let c = b || {
        s += x;
        s > 3.0
    };
    if c { s * x } else { s + y }
}

case! {
    short_circuit_active, short_circuit_active_grad, short_circuit_active_grad_add, short_circuit_active_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53), (0.83, 0.1), (0.1, 0.7), (4.0, 0.1);
}

#[differentiable(compiled)]
fn short_circuit_with_calls(x: f64) -> f64 {
    let mut q = vec![3u8, 200, 7];
    let b = q.pop().is_some() && q.pop() == Some(200) && {
        q.push(9);
        q.len() == 2
    };
    let c = q.is_empty() || q.pop().is_none() || q.len() > 3;
    if b && !c { x * q.len() as f64 + q[0] as f64 } else { x * x }
}

case! {
    short_circuit_with_calls, short_circuit_with_calls_grad, short_circuit_with_calls_grad_add, short_circuit_with_calls_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 1.0;
}

#[differentiable(compiled)]
fn short_circuit_with_let(x: f64, #[constant] o: Option<u8>) -> f64 {
    let mut n = 0;
    if let Some(k) = o
        && {
            n += 1;
            k.wrapping_add(10) > 3
        }
        && x > 0.0
    {
        x * k as f64 * n as f64
    } else {
        x + n as f64 * x
    }
}

case! {
    short_circuit_with_let, short_circuit_with_let_grad, short_circuit_with_let_grad_add, short_circuit_with_let_graph;
    for o in [None, Some(5), Some(250)];
    with |x: f64| (x, o);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn conditions_that_change(x: f64) -> f64 {
    let mut n = 0;
    let mut s = x;
    if {
        n += 1;
        n > 0
    } {
        s *= 2.0;
    }
    while {
        n += 1;
        n < 5
    } {
        s += x * n as f64;
    }
    match {
        n *= 2;
        n
    } {
        10 => s * x,
        _ => s,
    }
}

case! {
    conditions_that_change, conditions_that_change_grad, conditions_that_change_grad_add, conditions_that_change_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn indices_that_change(v: &[f64]) -> f64 {
    let mut n = 0;
    let a = v[{
        n += 1;
        n
    }] * v[{
        n += 1;
        n
    }];
    let mut w = v.to_vec();
    w[{
        n -= 2;
        n
    }] += a;
    w[0] * n as f64
        + w[0] * a
        + v[n].powi({
            n += 3;
            n as i32
        })
}

case! {
    indices_that_change, indices_that_change_grad, indices_that_change_grad_add, indices_that_change_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable]
fn order_of_arguments(x: f64) -> f64 {
    let mut n = 1;
    let a = pair_of(
        {
            n += 1;
            n
        },
        {
            n *= 10;
            n
        },
    );
    let t = [
        {
            n += 1;
            n
        },
        {
            n += 1;
            n
        },
    ];
    let u = (
        x * {
            n += 1;
            n as f64
        },
        {
            n += 1;
            n
        },
    );
    a as f64 * x + t[0] as f64 * x * x + t[1] as f64 + u.0 * u.1 as f64
}
fn pair_of(a: i32, b: i32) -> i32 {
    a * 100 + b
}

case! {
    order_of_arguments, order_of_arguments_grad, order_of_arguments_grad_add, order_of_arguments_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn entries(x: f64, words: &[&str]) -> f64 {
    let mut count = HashMap::new();
    for w in words {
        *count.entry(*w).or_insert(0) += 1;
    }
    let mut groups: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (i, w) in words.iter().enumerate() {
        groups.entry(w.len()).or_default().push(i as f64);
    }
    let mut s = x;
    for (k, g) in &groups {
        for v in g {
            s = s * 0.5 + v * x * *k as f64;
        }
    }
    s * count["a"] as f64 + count.get("zz").copied().unwrap_or(3) as f64 * x
}

case! {
    entries, entries_grad, entries_grad_add, entries_graph;
    with |x: f64| (x, &["a", "bc", "a", "d"]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn fields_of_tuples(x: f64) -> f64 {
    let mut t = (1u8, (0.5, [2.0, 3.0]), vec![4.0]);
    t.0 = t.0.wrapping_sub(2);
    t.1.0 += 1.0;
    t.1.1[1] *= 2.0;
    t.2.push(5.0);
    t.2[0] = 0.25;
    let mut all = vec![t.clone(), t];
    all[0].1.0 = 9.0;
    all[1].2.clear();
    let mut s = x;
    for (n, (w, [_, b]), v) in &all {
        s += x * w * b + *n as f64 + v.len() as f64 * x;
    }
    s
}

case! {
    fields_of_tuples, fields_of_tuples_grad, fields_of_tuples_grad_add, fields_of_tuples_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn own_struct_changed(x: f64) -> f64 {
    let mut r = Rng { state: 12345, calls: 0 };
    let mut s = x;
    for _ in 0..4 {
        let u = r.next();
        if r.below(3) == 1 {
            s *= u + x;
        } else {
            s += u * x;
        }
    }
    r.state = 7;
    let k = r.below(5);
    s * r.calls as f64 + k as f64 * x
}
struct Rng {
    state: u64,
    calls: u8,
}
impl Rng {
    fn next(&mut self) -> f64 {
        self.calls += 1;
        self.state = self.state.wrapping_mul(6364136223846793005).wrapping_add(1);
        (self.state >> 40) as f64 / (1u64 << 24) as f64
    }
    fn below(&mut self, n: u64) -> u64 {
        self.calls = self.calls.wrapping_add(100);
        (self.state >> 33) % n
    }
}

case! {
    own_struct_changed, own_struct_changed_grad, own_struct_changed_grad_add, own_struct_changed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn own_struct_as_a_loop_counter(x: f64, n: usize) -> f64 {
    let mut r = Rng { state: 99, calls: 0 };
    let samples: Vec<f64> = (0..n).map(|_| r.next()).collect();
    let mut s = 0.0;
    for z in &samples {
        s += (x * z).sin();
    }
    let mut picks = vec![];
    while picks.len() < 3 {
        picks.push(r.below(10));
        r.next();
    }
    for p in picks {
        s += x * p as f64;
    }
    s * r.calls as f64
}

case! {
    own_struct_as_a_loop_counter, own_struct_as_a_loop_counter_grad, own_struct_as_a_loop_counter_grad_add, own_struct_as_a_loop_counter_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn drained(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut v = d.to_vec();
    v.drain(..1);
    let t: Vec<f64> = v.drain(1..).collect();
    x * v[0] + t[0] * x * x + v.len() as f64
}

case! {
    drained, drained_grad, drained_grad_add, drained_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}

/// A literal that a closure or a reference changes has its first value only at the declaration: the reverse half of a function
/// with several results does not compute it again.
#[differentiable(compiled)]
fn literals_changed_before_several_results(x: f64) -> [f64; 4] {
    let mut scale: f64 = 1.0;
    let mut lower = || scale -= 1.5;
    lower();
    let first = x * scale;
    let (mut power, factor) = (1.0, 2.0);
    {
        let there = &mut power;
        *there += 2.0;
    }
    let mut turned = x;
    for _ in 0..2 {
        let mut slope: f64 = 1.0;
        let mut lower = || slope -= 1.5;
        lower();
        turned *= slope;
    }
    let mut chosen = false;
    {
        let there = &mut chosen;
        *there = true;
    }
    [first, x * power * factor, turned, if chosen { x * x } else { x }]
}

#[test]
fn the_last_value_of_a_literal_is_the_one_that_counts() {
    let x = 0.83;
    let jacobian = vec![-0.5, 6.0, 0.25, 2.0 * x];
    assert_eq!(literals_changed_before_several_results_jacobian(x).1, jacobian);
    let (_, gradient) = literals_changed_before_several_results_vjp(x, [1.0, 10.0, 100.0, 1000.0]);
    assert_eq!(gradient, -0.5 + 60.0 + 25.0 + 2000.0 * x);
}
