//! Closures called on the spot, closures over data that return data, and closures that are only ever called with data.

use gradus::{differentiable, stop_gradient};

const K: [f64; 3] = [1.0, 2.0, 3.0];

#[differentiable(compiled)]
fn called_on_the_spot(x: f64, y: f64) -> f64 {
    let z = (|| x * x)();
    z * 2.0 + y * x.powi(0)
}

case! {
    called_on_the_spot, called_on_the_spot_grad, called_on_the_spot_grad_add, called_on_the_spot_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
    gradient (4.0 * x, 1.0);
}

#[differentiable(compiled)]
fn with_passive_arguments(x: f64, n: usize) -> f64 {
    let a = (|b: f64| b * x)(2.0);
    let b = (|i: usize, w: f64| x.powi(i as i32) * w)(n, 0.5);
    let c = (|(p, q): (f64, u8)| p * x + (!q) as f64)((1.5, 250));
    a * b + c
}

case! {
    with_passive_arguments, with_passive_arguments_grad, with_passive_arguments_grad_add, with_passive_arguments_graph;
    for n in [0, 2];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn moved_element(v: &[f64]) -> f64 {
    let a = (move |n: usize| v[n])(1);
    let b = (move || v.len())();
    a * b as f64 + (|| v)()[0] * a
}

case! {
    moved_element, moved_element_grad, moved_element_grad_add, moved_element_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn inside_an_expression(x: f64) -> f64 {
    2.0 * (|| x.sin())()
        + (|| {
            let y = x * x;
            y + 1.0
        })() * (|k: f64| k)(3.0)
        - (|| -> f64 { x })()
}

case! {
    inside_an_expression, inside_an_expression_grad, inside_an_expression_grad_add, inside_an_expression_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 2.0 * x.cos() + 6.0 * x - 1.0;
}

#[differentiable(compiled)]
fn in_an_argument(x: f64) -> f64 {
    scaled((|| x * x)(), (|| 2.0)()) + [(|| x)(), (|| 1.5)(), x][(|| 1)()] * x
}

case! {
    in_an_argument, in_an_argument_grad, in_an_argument_grad_add, in_an_argument_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 4.0 * x + 1.5;
}

#[differentiable(compiled)]
fn scaled(x: f64, by: f64) -> f64 {
    x * by
}

#[differentiable(compiled)]
fn in_a_condition(x: f64) -> f64 {
    if (|| x > 0.5)() {
        (|| x * x)()
    } else if (|n: i32| n > 2)(3) {
        (|| -x)()
    } else {
        0.0
    }
}

case! {
    in_a_condition, in_a_condition_grad, in_a_condition_grad_add, in_a_condition_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s = (|| s * x)() + (|j: usize| (i + j) as f64 * x)(1);
        s += (|k: f64| k * s)(0.1);
    }
    s
}

case! {
    in_a_loop, in_a_loop_grad, in_a_loop_grad_add, in_a_loop_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn nested_on_the_spot(x: f64) -> f64 {
    (|| {
        let a = (|| x * x)();
        (|b: f64| a * b + x)((|| 0.5)())
    })()
}

case! {
    nested_on_the_spot, nested_on_the_spot_grad, nested_on_the_spot_grad_add, nested_on_the_spot_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient x + 1.0;
}

#[differentiable(compiled)]
fn with_a_return(x: f64) -> f64 {
    let y = (|| {
        if x > 2.0 {
            return 1.0;
        }
        x * x
    })();
    y * 2.0
}

case! {
    with_a_return, with_a_return_grad, with_a_return_grad_add, with_a_return_graph;
    with |x: f64| (x);
    at 0.83, 2.5, -0.6;
    gradient if x > 2.0 { 0.0 } else { 4.0 * x };
}

#[differentiable(compiled)]
fn with_returns_in_a_loop(x: f64, n: usize) -> f64 {
    let y = (|| {
        let mut s = 1.0;
        for i in 0..10 {
            if i == n {
                return s * x;
            }
            s *= x;
            if s.abs() < 0.2 {
                return x;
            }
        }
        s
    })();
    y * x
}

case! {
    with_returns_in_a_loop, with_returns_in_a_loop_grad, with_returns_in_a_loop_grad_add, with_returns_in_a_loop_graph;
    for n in [0, 3, 20];
    with |x: f64| (x, n);
    at 0.83, 0.3, -0.6;
}

#[differentiable(compiled)]
fn with_a_returned_match(x: f64, n: usize) -> f64 {
    let y = (|k: usize| match k {
        0 => return x,
        1 => x * x,
        2 | 3 => return 0.5,
        _ => {
            let z = x.sin();
            z * z
        }
    })(n);
    y * x
        + (|| {
            return x;
        })()
}

case! {
    with_a_returned_match, with_a_returned_match_grad, with_a_returned_match_grad_add, with_a_returned_match_graph;
    for n in [0, 1, 2, 7];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn passive_with_a_return(x: f64, n: usize) -> f64 {
    let k = (|| {
        for i in 1..n {
            if i * i > n {
                return i;
            }
        }
        7
    })();
    let w = (|| {
        if n > 3 {
            return 0.5;
        }
        1.5
    })();
    x.powi(k as i32) * w
}

case! {
    passive_with_a_return, passive_with_a_return_grad, passive_with_a_return_grad_add, passive_with_a_return_graph;
    for n in [1, 5, 20];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn captures_mut(x: f64) -> f64 {
    let mut s = x;
    (|| {
        s += x;
    })();
    (|k: f64| s *= k)(2.0);
    (|| s = s * s)();
    s
}

case! {
    captures_mut, captures_mut_grad, captures_mut_grad_add, captures_mut_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 32.0 * x;
}

#[differentiable(compiled)]
fn captures_mut_with_a_result(x: f64) -> f64 {
    let mut s = x;
    let t = (|| {
        s *= x;
        s + 1.0
    })();
    let u = (|| {
        s += t;
        2.0
    })();
    s * t * u
}

case! {
    captures_mut_with_a_result, captures_mut_with_a_result_grad, captures_mut_with_a_result_grad_add, captures_mut_with_a_result_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn captures_a_mut_counter(x: f64) -> f64 {
    let mut n = 250u8;
    let mut s = x;
    (|| {
        n = n.wrapping_add(10);
    })();
    let m = (|| {
        n += 1;
        n
    })();
    s *= n as f64 + m as f64;
    (|| {
        if n > 3 {
            s += x;
        }
    })();
    s
}

case! {
    captures_a_mut_counter, captures_a_mut_counter_grad, captures_a_mut_counter_grad_add, captures_a_mut_counter_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 11.0;
}

#[differentiable(compiled)]
fn captures_a_mut_array(v: &[f64]) -> f64 {
    let mut a = [1.0, 2.0, 3.0];
    (|| {
        a[1] = v[0];
        a[2] *= v[1];
    })();
    (|i: usize| a[i] += v[i])(0);
    a[0] * a[1] * a[2]
}

case! {
    captures_a_mut_array, captures_a_mut_array_grad, captures_a_mut_array_grad_add, captures_a_mut_array_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn tuple_from_the_spot(x: f64) -> f64 {
    let (a, n) = (|| (x * x, 3u8))();
    let (b, [c, d]) = (|k: f64| (k, [x, k * x]))(2.0);
    a * n as f64 + b * c * d
}

case! {
    tuple_from_the_spot, tuple_from_the_spot_grad, tuple_from_the_spot_grad_add, tuple_from_the_spot_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn statement_closures(v: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut push = || {
        s += v[0];
    };
    push();
    push();
    let mut add = |i: usize| {
        s += v[i] * v[i];
    };
    for i in 0..2 {
        add(i);
    }
    add(1);
    let mut scale = |k: f64| s *= k;
    scale(2.0);
    s
}

case! {
    statement_closures, statement_closures_grad, statement_closures_grad_add, statement_closures_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
    gradient vec![4.0 + 4.0 * v[0], 8.0 * v[1], 0.0];
}

#[differentiable(compiled)]
fn swapping_closure(v: &[f64]) -> f64 {
    let mut w = v.to_vec();
    let mut swap = |i: usize, j: usize| {
        let t = w[i];
        w[i] = w[j] * 2.0;
        w[j] = t;
    };
    swap(0, 1);
    swap(1, 2);
    w[0] * w[1] + w[2]
}

case! {
    swapping_closure, swapping_closure_grad, swapping_closure_grad_add, swapping_closure_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn called_in_a_closure(v: &[f64], k: f64) -> f64 {
    let mut c = 1.0;
    let mut a = |i: usize| {
        c *= v[i];
    };
    (0..3).for_each(|i| a(i));
    c * k
}

case! {
    called_in_a_closure, called_in_a_closure_grad, called_in_a_closure_grad_add, called_in_a_closure_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5, 2.0], 0.7);
}

#[differentiable(compiled)]
fn called_in_two_closures(v: &[f64], k: f64) -> f64 {
    let mut n = 1;
    let mut bump = |i: usize| {
        n += i;
        n
    };
    let mut twice = |i: usize| bump(i) + bump(i);
    let a = twice(1);
    let b = twice(2);
    v[a % 3] * k + b as f64 * v[0]
}

case! {
    called_in_two_closures, called_in_two_closures_grad, called_in_two_closures_grad_add, called_in_two_closures_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5, 2.0], 0.7);
}

#[differentiable(compiled)]
fn stopped_value(x: f64, y: f64, #[constant] m: f64) -> f64 {
    let g = |e: f64| e * stop_gradient(x);
    let s: f64 = g(m);
    s * y + g(2.0) * x
}

case! {
    stopped_value, stopped_value_grad, stopped_value_grad_add, stopped_value_graph;
    with |x: f64, y: f64| (x, y, 1.5);
    at (0.83, 0.53);
    without differences;
    gradient (2.0 * x, 1.5 * x);
}

#[differentiable(compiled)]
fn index_closure(v: &[f64], y: f64) -> f64 {
    let at = |i: usize, j: usize| (i + j) % v.len();
    let k = at(1, 2);
    v[k] * y + v[at(k, 1)] * v[at(2, 2)]
}

case! {
    index_closure, index_closure_grad, index_closure_grad_add, index_closure_graph;
    with |v: Vec<f64>, y: f64| (&v, y);
    at (vec![0.5, -1.5, 2.0], 0.7);
}

#[differentiable(compiled)]
fn closure_in_a_block(x: f64, m: usize) -> f64 {
    let n = m + 1;
    {
        let g = |b: f64| b * n as f64;
        x * g(2.0)
    }
}

case! {
    closure_in_a_block, closure_in_a_block_grad, closure_in_a_block_grad_add, closure_in_a_block_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
    gradient 8.0;
}

#[differentiable(compiled)]
fn closure_over_a_table(x: f64, m: usize) -> f64 {
    let n = m % 3;
    let y = {
        let g = |b: f64| K[n] * b;
        x * g(2.0)
    };
    y * y
}

case! {
    closure_over_a_table, closure_over_a_table_grad, closure_over_a_table_grad_add, closure_over_a_table_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_in_a_map(x: f64, n: usize) -> f64 {
    (0..n)
        .map(|i| {
            let w = |j: usize| (i + j) as f64;
            x * w(1)
        })
        .sum::<f64>()
}

case! {
    closure_in_a_map, closure_in_a_map_grad, closure_in_a_map_grad_add, closure_in_a_map_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
    gradient 10.0;
}

#[differentiable(compiled)]
fn closure_in_arms(x: f64, n: usize) -> f64 {
    let k = 2.5;
    match n {
        0 => {
            let g = |i: usize| i as f64 + k;
            x * g(n)
        }
        1 => {
            let g = |b: f64| b * k;
            g(2.0) * x * x
        }
        _ => {
            let g = move |b: u8| b.wrapping_mul(3);
            if g(100) > 20 { x.sin() * g(7) as f64 } else { x }
        }
    }
}

case! {
    closure_in_arms, closure_in_arms_grad, closure_in_arms_grad_add, closure_in_arms_graph;
    for n in [0, 1, 2];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn closure_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        let base = i * 3;
        let g = |j: usize| base + j;
        let w = |t: f64| t * base as f64;
        if g(1) % 2 == 0 {
            s *= x;
        }
        s += w(0.5) * x + g(i) as f64;
    }
    s
}

case! {
    closure_in_a_loop, closure_in_a_loop_grad, closure_in_a_loop_grad_add, closure_in_a_loop_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_of_closures(x: f64, #[constant] v: &[f64]) -> f64 {
    let g = |i: usize| v[i % v.len()];
    let h = |i: usize| g(i) + g(i + 1);
    let twice = |f: f64| h(0) * f;
    let mut s = 0.0;
    for i in 0..4 {
        s += x * h(i);
    }
    s * twice(1.5)
}

case! {
    closure_of_closures, closure_of_closures_grad, closure_of_closures_grad_add, closure_of_closures_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_returning_a_vec(x: f64, n: usize) -> f64 {
    let basis = |k: usize| (0..k).map(|i| i as f64 * 0.5).collect::<Vec<_>>();
    let row = |k: usize| [k as f64, 1.0];
    let mut s = x;
    for w in basis(n) {
        s = s * w + x;
    }
    for w in &basis(2) {
        s += w * x;
    }
    s * row(n)[0] + row(2)[1] * x + basis(3)[2] * x * x
}

case! {
    closure_returning_a_vec, closure_returning_a_vec_grad, closure_returning_a_vec_grad_add, closure_returning_a_vec_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_returning_a_tuple(x: f64, n: usize) -> f64 {
    let split = |k: usize| (k / 2, k as f64 * 0.5, k % 2 == 0);
    let (a, b, even) = split(n);
    let (c, ..) = split(a + 9);
    if even { x.powi(a as i32) * b } else { x * c as f64 }
}

case! {
    closure_returning_a_tuple, closure_returning_a_tuple_grad, closure_returning_a_tuple_grad_add, closure_returning_a_tuple_graph;
    for n in [2, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn closure_returning_an_option(x: f64, #[constant] v: &[f64]) -> f64 {
    let find = |t: f64| v.iter().position(|w| *w > t);
    let at = |i: usize| v.get(i).copied();
    let mut s = x;
    if let Some(i) = find(1.0) {
        s *= v[i];
    }
    if let Some(w) = at(9) {
        s += w;
    }
    match at(0) {
        Some(w) if w > 0.0 => s + w * x,
        Some(_) => s,
        None => x,
    }
}

case! {
    closure_returning_an_option, closure_returning_an_option_grad, closure_returning_an_option_grad_add, closure_returning_an_option_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_returning_a_slice(x: f64, #[constant] v: &[f64]) -> f64 {
    let part = |i: usize| &v[i..i + 2];
    let mut s = x;
    for w in part(1) {
        s += w * x;
    }
    s * part(0)[1] + part(0).iter().sum::<f64>() * x
}

case! {
    closure_returning_a_slice, closure_returning_a_slice_grad, closure_returning_a_slice_grad_add, closure_returning_a_slice_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_returning_text(x: f64, name: &str) -> f64 {
    let upper = |s: &str| s.to_uppercase();
    let n = upper(name).len();
    let first = |s: &str| s.chars().next();
    if first(name) == Some('s') { x.sin() * n as f64 } else { x }
}

case! {
    closure_returning_text, closure_returning_text_grad, closure_returning_text_grad_add, closure_returning_text_graph;
    with |x: f64| (x, "sin");
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_with_a_match(x: f64, #[constant] v: &[f64]) -> f64 {
    let weight = |i: usize| match i {
        0 => 1.0,
        k if k % 2 == 1 => v[k % v.len()],
        _ => {
            if v.len() > 2 {
                return 2.0;
            }
            0.25
        }
    };
    (0..5).map(|i| weight(i) * x.powi(i as i32)).sum()
}

case! {
    closure_with_a_match, closure_with_a_match_grad, closure_with_a_match_grad_add, closure_with_a_match_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_with_a_loop(x: f64, n: u64) -> f64 {
    let factorial = |k: u64| {
        let mut p = 1u64;
        for i in 2..=k {
            p *= i;
        }
        p
    };
    let gcd = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (0..n).map(|k| x.powi(k as i32) / factorial(k) as f64).sum::<f64>() * gcd(12, n * 2) as f64
}

case! {
    closure_with_a_loop, closure_with_a_loop_grad, closure_with_a_loop_grad_add, closure_with_a_loop_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_that_counts(x: f64, n: usize) -> f64 {
    let mut c = 0;
    let mut bump = |k: usize| {
        c += k;
        c
    };
    let a = bump(2);
    let b = bump(3);
    x * (a * b + n) as f64
}

case! {
    closure_that_counts, closure_that_counts_grad, closure_that_counts_grad_add, closure_that_counts_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
    gradient 13.0;
}

#[differentiable(compiled)]
fn closure_that_counts_in_a_loop(x: f64) -> f64 {
    let mut c = 0u8;
    let mut next = || {
        c = c.wrapping_mul(5).wrapping_add(57);
        c as f64 / 256.0
    };
    let mut s = x;
    for _ in 0..5 {
        s = s * next() + x;
    }
    s * next()
}

case! {
    closure_that_counts_in_a_loop, closure_that_counts_in_a_loop_grad, closure_that_counts_in_a_loop_grad_add, closure_that_counts_in_a_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_with_typed_locals(x: f64) -> f64 {
    let hash = |n: u32| -> u32 {
        let mut h = n ^ 0x9e37;
        h ^= h << 13;
        h ^= h >> 17;
        h.wrapping_mul(2654435761)
    };
    let k = hash(3) % 7;
    let unit = |n: u32| hash(n) as f64 / f64::from(u32::MAX);
    x * k as f64 + unit(5) * x * x
}

case! {
    closure_with_typed_locals, closure_with_typed_locals_grad, closure_with_typed_locals_grad_add, closure_with_typed_locals_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_with_inferred_width(x: f64) -> f64 {
    let c = 5;
    let flip = |v: u8| !v;
    let d = flip(c);
    let e = !c;
    x * d as f64 + e as f64 * x
}

case! {
    closure_with_inferred_width, closure_with_inferred_width_grad, closure_with_inferred_width_grad_add, closure_with_inferred_width_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 500.0;
}

#[differentiable(compiled)]
fn closure_shadowed(x: f64, n: usize) -> f64 {
    let f = |i: usize| i + n;
    let a = f(1);
    let f = |t: f64| t * x;
    let b = f(2.0);
    let f = f(3.0);
    let g = |x: f64| x * 2.0;
    a as f64 * b + f + g(0.5) * x
}

case! {
    closure_shadowed, closure_shadowed_grad, closure_shadowed_grad_add, closure_shadowed_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_parameter_patterns(x: f64, #[constant] d: &[(f64, usize)]) -> f64 {
    let w = |&(a, n): &(f64, usize)| a * n as f64;
    let u = |[p, q]: [f64; 2], (r, _): (u8, u8)| p * q + (!r) as f64;
    let mut s = w(&d[0]) * x;
    for p in d {
        s += w(p) * x;
    }
    s * u([0.5, 2.0], (250, 1))
}

case! {
    closure_parameter_patterns, closure_parameter_patterns_grad, closure_parameter_patterns_grad_add, closure_parameter_patterns_graph;
    with |x: f64| (x, &[(0.5, 2), (1.5, 3)]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn function_pointers(x: f64, n: usize) -> f64 {
    let g: fn(f64) -> f64 = f64::sqrt;
    let h: fn(usize) -> usize = double;
    let table: [fn(f64) -> f64; 2] = [f64::sin, f64::exp];
    x * g(2.0) + h(n) as f64 * x * x + table[n % 2](0.5) * x
}

case! {
    function_pointers, function_pointers_grad, function_pointers_grad_add, function_pointers_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

fn double(n: usize) -> usize {
    2 * n
}

#[differentiable(compiled)]
fn handed_in_functions(
    x: f64,
    #[constant] weight: fn(f64) -> f64,
    #[constant] pick: fn(usize) -> usize,
) -> f64 {
    let mut s = x;
    for i in 0..3 {
        s = s * weight(i as f64) + x * pick(i) as f64;
    }
    s
}

case! {
    handed_in_functions, handed_in_functions_grad, handed_in_functions_grad_add, handed_in_functions_graph;
    with |x: f64| (x, |t| t * 0.5 + 1.0, |i| i * 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closure_result_with_active(x: f64, n: usize) -> f64 {
    let pick = |i: usize| if i > 1 { x } else { 2.5 };
    let both = |i: usize| {
        let w = K[i];
        if n > 3 {
            return w;
        }
        w * x
    };
    pick(n) * both(1) + pick(0) * both(2)
}

case! {
    closure_result_with_active, closure_result_with_active_grad, closure_result_with_active_grad_add, closure_result_with_active_graph;
    for n in [1, 2, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn closure_that_pushes(x: f64) -> f64 {
    let mut seen = Vec::new();
    let mut visit = |i: usize| {
        seen.push(i * 2);
        seen.len()
    };
    let a = visit(3);
    let b = visit(4);
    let mut s = x * (a + b) as f64;
    for i in &seen {
        s += x * *i as f64;
    }
    s
}

case! {
    closure_that_pushes, closure_that_pushes_grad, closure_that_pushes_grad_add, closure_that_pushes_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 17.0;
}
