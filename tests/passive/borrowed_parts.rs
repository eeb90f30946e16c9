//! Parts of tuples, arrays and `Option`s in variables, borrowed by patterns and by `&mut`.

use gradus::check::assert_gradient;
use gradus::differentiable;

#[differentiable(compiled)]
fn by_ref_mut(x: f64) -> f64 {
    let mut r = [1.0, 2.0];
    let [ref mut m, _] = r;
    *m = x * 2.0;
    let mut t = 5_u16;
    let ref mut a = t;
    *a += 3;
    let mut y = x;
    let ref mut q = y;
    *q *= 2.0;
    r[0] * r[0] + r[1] + x * t as f64 * y
}

#[differentiable(compiled)]
fn by_mutable_reference(x: f64) -> f64 {
    let mut k = (3, x);
    let (there, w) = &mut k;
    *there += 2;
    *w *= 2.0;
    k.0 as f64 * k.1
}

#[differentiable(compiled)]
fn in_a_loop(xs: &[f64]) -> f64 {
    let mut k = (0_usize, 1.0, [0.0; 2]);
    for x in xs {
        let (n, p, [a, b]) = &mut k;
        *n += 1;
        *p *= x;
        *a += x * *n as f64;
        if *x > 0.5 {
            *b += *a;
        }
    }
    let (ref mut n, p, ref q) = k;
    *n += 1;
    k.0 as f64 * k.1 + p * q[1] + k.2[0]
}

#[differentiable(compiled)]
fn swapped_and_called(x: f64) -> f64 {
    let mut s = [x, 2.0 * x, 1.0];
    {
        let [first, .., last] = &mut s;
        std::mem::swap(first, last);
        *last += *first;
    }
    let [a, ref mut b, _] = s;
    *b *= a;
    let mut go = |i: usize| {
        let (p, q) = (&mut s[0], 3.0);
        *p += q * i as f64;
    };
    go(1);
    go(2);
    let mut pair = (x, 7_u8);
    {
        let bump = &mut pair;
        bump.0 += 1.0;
        bump.1 = bump.1.wrapping_add(250);
    }
    s[0] * s[1] + s[2] + pair.0 * pair.1 as f64
}

#[differentiable(compiled)]
fn of_options_and_matches(x: f64) -> f64 {
    let mut o = Some(x);
    if let Some(ref mut v) = o {
        *v *= 2.0;
    }
    if let Some(v) = &mut o {
        *v *= 2.0;
    }
    if let Some(v) = o.as_mut() {
        *v *= 2.0;
    }
    let mut t = (x, 3);
    match t {
        (ref mut a, ref mut n) => {
            *a += 1.0;
            *n += 1;
        }
    }
    match &mut t {
        (a, n) if *n > 2 => {
            *a *= 2.0;
            *n -= 1;
        }
        _ => {}
    }
    o.unwrap() * t.0 * t.1 as f64
}

#[differentiable(compiled)]
fn in_branches_and_closures(x: f64, n: usize) -> f64 {
    let mut t = (x, 3_u8, [x, 1.0]);
    for i in 0..n {
        if i % 2 == 0 {
            let (a, k, r) = &mut t;
            *a *= 2.0;
            *k = k.wrapping_add(100);
            r[0] += *a;
        }
        let double = |q: f64| q * 2.0;
        t.0 = double(t.0);
    }
    let mut s = (x, 2.0, 3_u8);
    for _ in 0..n {
        let (ref mut a, b, ref mut k) = s;
        *a += b;
        *k += 1;
    }
    if n > 1 {
        let (a, _, _) = &mut s;
        *a *= x;
    }
    let mut add = |w: f64| {
        let (a, b, _) = &mut s;
        *a += w * *b;
    };
    add(x);
    add(2.0);
    t.0 * t.1 as f64 + t.2[0] + s.0 * s.1 * s.2 as f64
}

#[differentiable(compiled)]
fn of_values_without_a_name(x: f64) -> f64 {
    let r = &mut (x * 2.0);
    *r += x;
    let q = &mut (x, 2.0);
    q.0 *= 3.0;
    let v = &mut [x, 1.0];
    v[0] += 1.0;
    let z = &mut 0.0;
    *z += x;
    *r * q.0 * v[0] + *z
}

#[test]
fn parts_are_changed_where_they_are() {
    assert_gradient!(by_ref_mut, 0.4);
    assert_gradient!(by_mutable_reference, 0.4);
    assert_gradient!(in_a_loop, &[0.3, 0.6, 1.2]);
    assert_gradient!(swapped_and_called, 0.4);
    assert_gradient!(of_options_and_matches, 0.4);
    assert_gradient!(in_branches_and_closures, 0.4, 5);
    assert_gradient!(of_values_without_a_name, 0.4);
}
