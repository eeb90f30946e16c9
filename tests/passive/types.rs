//! Numbers that carry no gradient have the types that they were declared with, or that the function infers for them.

use gradus::differentiable;

#[differentiable(compiled)]
fn flipped_byte(x: f64) -> f64 {
    let mask: u8 = 0b101;
    let rest = !mask;
    rest as f64 * x
}

case! {
    flipped_byte, flipped_byte_grad, flipped_byte_grad_add, flipped_byte_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 250.0;
}

#[differentiable(compiled)]
fn flipped_widths(x: f64) -> f64 {
    let a: u16 = 5;
    let b: u32 = 6;
    let c: u64 = 7;
    let d: u128 = 8;
    let e: usize = 9;
    let s = !a;
    let t = !b;
    let u = !c;
    let v = !d;
    let w = !e;
    (s as f64 + t as f64) * x + u as f64 * x * x + v as f64 * x.sin() + w as f64
}

case! {
    flipped_widths, flipped_widths_grad, flipped_widths_grad_add, flipped_widths_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn flipped_signed(x: f64) -> f64 {
    let a: i8 = 100;
    let b: i16 = -300;
    let c: i64 = 1 << 40;
    let d: i128 = 1 << 100;
    let e: isize = -9;
    let (f, g, h, i, j) = (!a, !b, !c, !d, !e);
    f as f64 * x + g as f64 * x * x + (h / 1_000_000) as f64 + (i >> 90) as f64 * x + j as f64
}

case! {
    flipped_signed, flipped_signed_grad, flipped_signed_grad_add, flipped_signed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn xorshift_mixed(x: f64) -> f64 {
    let mut state: u32 = 12345;
    let mut total = 0.0;
    for _ in 0..4 {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        total += (state % 100) as f64 * x;
    }
    total
}

case! {
    xorshift_mixed, xorshift_mixed_grad, xorshift_mixed_grad_add, xorshift_mixed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn congruential(x: f64, seed: u64) -> f64 {
    let mut s = seed;
    let mut y = x;
    for _ in 0..5 {
        s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let unit = (s >> 11) as f64 / (1u64 << 53) as f64;
        y = y * unit + x.sin() * (1.0 - unit);
    }
    y
}

case! {
    congruential, congruential_grad, congruential_grad_add, congruential_graph;
    with |x: f64| (x, 42);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn splitmix(x: f64) -> f64 {
    let mut state: u64 = 7;
    let mut next = || {
        state = state.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    };
    let a = next() % 10;
    let b = next() % 10;
    let mut s = x;
    for _ in 0..3 {
        s = s * x + (next() % 3) as f64;
    }
    s * a as f64 + x * b as f64
}

case! {
    splitmix, splitmix_grad, splitmix_grad_add, splitmix_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn single_precision(x: f64) -> f64 {
    let tenth: f32 = 0.1;
    tenth as f64 * x
}

case! {
    single_precision, single_precision_grad, single_precision_grad_add, single_precision_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient f64::from(0.1f32);
}

#[differentiable(compiled)]
fn single_precision_loop(x: f64) -> f64 {
    let step: f32 = 0.1;
    let mut at: f32 = 0.0;
    let mut s = 0.0;
    for _ in 0..10 {
        at += step;
        s += x * f64::from(at);
    }
    s + if at == 1.0 { x * 100.0 } else { 0.0 }
}

case! {
    single_precision_loop, single_precision_loop_grad, single_precision_loop_grad_add, single_precision_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn single_inferred(x: f64) -> f64 {
    let third = 1.0f32 / 3.0;
    let n = third * 3.0 - 1.0;
    let m = third.sqrt();
    x * third as f64 + n as f64 * x * x + x * m as f64
}

case! {
    single_inferred, single_inferred_grad, single_inferred_grad_add, single_inferred_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

fn halved(v: f32) -> f32 {
    v / 2.0
}
fn narrow(c: u8) -> bool {
    c < 100
}
fn tagged(c: u16) -> u16 {
    c.rotate_left(4)
}
static FAR: u64 = 1 << 40;
fn wide(c: u128) -> u128 {
    c << 70
}

#[differentiable(compiled)]
fn wide_product(x: f64) -> f64 {
    let n: i64 = 50_000;
    (n * n) as f64 * x
}

case! {
    wide_product, wide_product_grad, wide_product_grad_add, wide_product_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 2.5e9;
}

#[differentiable(compiled)]
fn wide_power(x: f64) -> f64 {
    let base: u64 = 3;
    let p = base.pow(30);
    let q: i128 = 10;
    let r = q.pow(30);
    (p % 1000) as f64 * x + (r % 997) as f64 * x * x
}

case! {
    wide_power, wide_power_grad, wide_power_grad_add, wide_power_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_an_assertion(x: f64) -> f64 {
    let code = 5;
    assert!(narrow(code));
    let other = !code;
    other as f64 * x
}

case! {
    told_by_an_assertion, told_by_an_assertion_grad, told_by_an_assertion_grad_add, told_by_an_assertion_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 250.0;
}

#[differentiable(compiled)]
fn told_by_a_condition(x: f64) -> f64 {
    let code = 7;
    let bonus = if narrow(code) { x } else { 2.0 };
    let other = !code;
    other as f64 * x + bonus
}

case! {
    told_by_a_condition, told_by_a_condition_grad, told_by_a_condition_grad_add, told_by_a_condition_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_an_early_return(x: f64) -> f64 {
    let code = 9;
    if !narrow(code) {
        return x;
    }
    let mut h = code;
    h = h.wrapping_mul(91);
    h as f64 * x * x
}

case! {
    told_by_an_early_return, told_by_an_early_return_grad, told_by_an_early_return_grad_add, told_by_an_early_return_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_later_loop(x: f64) -> f64 {
    let mut n = 1;
    let mut s = x;
    for i in 0..6 {
        n = n * 3;
        s += x * n as f64;
        if i == 3 && tagged(n) > 60000 {
            s *= 2.0;
        }
    }
    s + (!n) as f64 * x
}

case! {
    told_by_a_later_loop, told_by_a_later_loop_grad, told_by_a_later_loop_grad_add, told_by_a_later_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_match_guard(x: f64, kind: usize) -> f64 {
    let c = 200;
    let y = match kind {
        0 => x,
        k if k > 2 && !narrow(c) => x * x,
        _ => x.sin(),
    };
    y * (!c) as f64
}

case! {
    told_by_a_match_guard, told_by_a_match_guard_grad, told_by_a_match_guard_grad_add, told_by_a_match_guard_graph;
    for kind in [0, 1, 3];
    with |x: f64| (x, kind);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_debug_assertion(x: f64) -> f64 {
    let big = 9;
    debug_assert!(wide(big) > 0);
    let neg = !big;
    let scale = neg >> 120;
    scale as f64 * x
}

case! {
    told_by_a_debug_assertion, told_by_a_debug_assertion_grad, told_by_a_debug_assertion_grad_add, told_by_a_debug_assertion_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 255.0;
}

#[differentiable(compiled)]
fn told_by_an_unused_call(x: f64) -> f64 {
    let c = 250;
    let _ = narrow(c);
    let _kept = narrow(c);
    narrow(c);
    (!c) as f64 * x
}

case! {
    told_by_an_unused_call, told_by_an_unused_call_grad, told_by_an_unused_call_grad_add, told_by_an_unused_call_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 5.0;
}

#[differentiable(compiled)]
fn told_by_a_print(x: f64) -> f64 {
    let c = 250;
    println!("{}", narrow(c));
    (!c) as f64 * x
}

case! {
    told_by_a_print, told_by_a_print_grad, told_by_a_print_grad_add, told_by_a_print_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 5.0;
}

#[differentiable(compiled)]
fn told_by_a_while_condition(x: f64) -> f64 {
    let mut c = 90;
    let mut s = x;
    while narrow(c) {
        c += 3;
        s += x * (!c) as f64;
    }
    s
}

case! {
    told_by_a_while_condition, told_by_a_while_condition_grad, told_by_a_while_condition_grad_add, told_by_a_while_condition_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_chain_of_names(x: f64) -> f64 {
    let a = 1;
    let b = a;
    let c = b;
    let d = c;
    assert!(narrow(d));
    (!a) as f64 * x
}

case! {
    told_by_a_chain_of_names, told_by_a_chain_of_names_grad, told_by_a_chain_of_names_grad_add, told_by_a_chain_of_names_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 254.0;
}

#[differentiable(compiled)]
fn told_by_a_tuple(x: f64) -> f64 {
    let t = (3, 4.5);
    assert!(narrow(t.0));
    (!t.0) as f64 * x * t.1
}

case! {
    told_by_a_tuple, told_by_a_tuple_grad, told_by_a_tuple_grad_add, told_by_a_tuple_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_an_array(x: f64) -> f64 {
    let t = [3, 4];
    assert!(t.iter().all(|c| narrow(*c)));
    let n = !t[1];
    n as f64 * x
}

case! {
    told_by_an_array, told_by_an_array_grad, told_by_an_array_grad_add, told_by_an_array_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 251.0;
}

#[differentiable(compiled)]
fn told_by_a_closure(x: f64) -> f64 {
    let c = 77;
    let check = |v: u8| v > 3;
    let ok = check(c);
    if ok { (!c) as f64 * x } else { x }
}

case! {
    told_by_a_closure, told_by_a_closure_grad, told_by_a_closure_grad_add, told_by_a_closure_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 178.0;
}

#[differentiable(compiled)]
fn told_by_a_comparison(x: f64, limit: u16) -> f64 {
    let c = 77;
    if c < limit { (!c) as f64 * x } else { x }
}

case! {
    told_by_a_comparison, told_by_a_comparison_grad, told_by_a_comparison_grad_add, told_by_a_comparison_graph;
    with |x: f64| (x, 100);
    at 0.83, 1.7, -0.6;
    gradient 65458.0;
}

#[differentiable(compiled)]
fn late_byte(x: f64) -> f64 {
    let m: u8;
    m = 4;
    (!m) as f64 * x
}

case! {
    late_byte, late_byte_grad, late_byte_grad_add, late_byte_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 251.0;
}

#[differentiable(compiled)]
fn late_in_arms(x: f64) -> f64 {
    let m: i8;
    if x > 0.0 {
        m = 100;
    } else {
        m = -100;
    }
    let q = m.wrapping_mul(2);
    x * q as f64
}

case! {
    late_in_arms, late_in_arms_grad, late_in_arms_grad_add, late_in_arms_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient if x > 0.0 { -56.0 } else { 56.0 };
}

#[differentiable(compiled)]
fn late_in_a_loop(x: f64) -> f64 {
    let mut s = x;
    for i in 0..4u8 {
        let k: u8;
        k = i.wrapping_sub(2);
        s += x * k as f64;
    }
    s
}

case! {
    late_in_a_loop, late_in_a_loop_grad, late_in_a_loop_grad_add, late_in_a_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 1.0 + 254.0 + 255.0 + 1.0;
}

#[differentiable(compiled)]
fn late_without_a_type(x: f64) -> f64 {
    let m;
    let k;
    if x > 1.0 {
        m = 4u8;
        k = 2.5;
    } else {
        m = 250;
        k = -1.0;
    }
    m.wrapping_add(10) as f64 * x * k
}

case! {
    late_without_a_type, late_without_a_type_grad, late_without_a_type_grad_add, late_without_a_type_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn late_match(x: f64, kind: char) -> f64 {
    let rate: f64;
    let steps: u8;
    match kind {
        'a'..='f' => {
            rate = 0.5;
            steps = 2;
        }
        '0' | '1' => {
            rate = 2.0;
            steps = 255;
        }
        _ => {
            return x;
        }
    }
    x * rate * steps.wrapping_mul(3) as f64
}

case! {
    late_match, late_match_grad, late_match_grad_add, late_match_graph;
    for kind in ['c', '1', 'z'];
    with |x: f64| (x, kind);
    at 0.5, -0.6;
}

#[differentiable(compiled)]
fn wrapping_everything(x: f64) -> f64 {
    let a: u8 = 250;
    let b: i8 = -128;
    let c: u16 = 65535;
    let d: i64 = i64::MAX;
    let s = a.wrapping_add(10) as f64 + b.wrapping_neg() as f64 + c.wrapping_mul(c) as f64;
    s * x + d.wrapping_add(1) as f64 * 1e-18 * x
}

case! {
    wrapping_everything, wrapping_everything_grad, wrapping_everything_grad_add, wrapping_everything_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counted_bits(x: f64) -> f64 {
    let a: u16 = 0b1011;
    let b: i8 = -1;
    let c: u128 = 1;
    x * (a.count_ones() + a.leading_zeros() + b.count_ones() + c.leading_zeros()) as f64
}

case! {
    counted_bits, counted_bits_grad, counted_bits_grad_add, counted_bits_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 3.0 + 12.0 + 8.0 + 127.0;
}

#[differentiable(compiled)]
fn shifts(x: f64) -> f64 {
    let a: u8 = 0xf0;
    let b: i8 = -16;
    let l = a << 2;
    let r = a >> 2;
    let s = b >> 2;
    x * l as f64 + x * x * r as f64 + s as f64 * x.sin()
}

case! {
    shifts, shifts_grad, shifts_grad_add, shifts_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shifted_in_place(x: f64) -> f64 {
    let mut a: u8 = 0x81;
    let mut s = 0.0;
    for k in 0..8 {
        a <<= 1;
        a |= 1;
        a &= 0x7f;
        a ^= 0x11;
        s += x * a as f64 * k as f64;
    }
    s
}

case! {
    shifted_in_place, shifted_in_place_grad, shifted_in_place_grad_add, shifted_in_place_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn rotated(x: f64, by: u32) -> f64 {
    let mut h: u16 = 0xbeef;
    let mut y = x;
    for i in 0..by {
        h = h.rotate_left(i).swap_bytes().reverse_bits();
        y += x * (h % 16) as f64;
    }
    y
}

case! {
    rotated, rotated_grad, rotated_grad_add, rotated_graph;
    with |x: f64| (x, 5);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn remainder_signs(x: f64) -> f64 {
    let a: i32 = -7;
    let b: i16 = -7;
    x * (a % 3) as f64
        + x * x * a.rem_euclid(3) as f64
        + (b / 2) as f64 * x.cos()
        + b.div_euclid(2) as f64 * x
}

case! {
    remainder_signs, remainder_signs_grad, remainder_signs_grad_add, remainder_signs_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn tuple_of_types(x: f64) -> f64 {
    let (a, mut b): (u8, i16) = (250, -3);
    let c = a.wrapping_add(10);
    b -= 1;
    b *= 2;
    x * c as f64 * b as f64
}

case! {
    tuple_of_types, tuple_of_types_grad, tuple_of_types_grad_add, tuple_of_types_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient -32.0;
}

#[differentiable(compiled)]
fn typed_tuple_value(x: f64) -> f64 {
    let t: (u8, (i8, f32), u64) = (255, (-128, 0.3), 1);
    let n = t.0.wrapping_add(2);
    let m = t.1.0.wrapping_neg();
    x * n as f64 * m as f64 * t.1.1 as f64 + (t.2 << 40) as f64 * 1e-12 * x
}

case! {
    typed_tuple_value, typed_tuple_value_grad, typed_tuple_value_grad_add, typed_tuple_value_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn typed_arrays(x: f64) -> f64 {
    let a: [u8; 3] = [250, 1, 2];
    let b: [[i8; 2]; 2] = [[-128, 1], [2, 3]];
    let mut s = x;
    for k in a {
        s += x * (!k) as f64;
    }
    for row in b {
        for k in row {
            s += x * k.wrapping_mul(3) as f64;
        }
    }
    s
}

case! {
    typed_arrays, typed_arrays_grad, typed_arrays_grad_add, typed_arrays_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn typed_vecs(x: f64) -> f64 {
    let mut a: Vec<u8> = vec![250, 1];
    a.push(255);
    let b: Vec<f32> = vec![0.1, 0.2];
    let mut s = x;
    for k in a.iter() {
        s += x * k.wrapping_add(6) as f64;
    }
    for k in &b {
        s += x * *k as f64;
    }
    s * a.len() as f64
}

case! {
    typed_vecs, typed_vecs_grad, typed_vecs_grad_add, typed_vecs_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn typed_sums(x: f64) -> f64 {
    let s: u8 = [1u8, 2, 3].iter().sum();
    let p: u64 = (1..=15).product();
    let m: f32 = [0.1, 0.2].iter().sum();
    let n: i32 = vec![3, -4].into_iter().sum();
    x * s as f64 + x * x * (p % 1000) as f64 + m as f64 * x + n as f64
}

case! {
    typed_sums, typed_sums_grad, typed_sums_grad_add, typed_sums_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn parsed(x: f64) -> f64 {
    let n: u8 = "250".parse().unwrap();
    let w: f32 = "0.1".parse().unwrap();
    let v: f64 = "2.5".parse().expect("a number");
    let bad: Result<i8, _> = "300".parse();
    x * n.wrapping_add(9) as f64 * w as f64 + v * x * x + if bad.is_err() { x } else { 0.0 }
}

case! {
    parsed, parsed_grad, parsed_grad_add, parsed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn converted(x: f64, small: u8) -> f64 {
    let n: u32 = small.into();
    let m: i64 = i64::from(n) - 300;
    let w = f64::from(small);
    let t: u8 = u8::try_from(m + 310).unwrap_or(7);
    let d = <u16>::from(small) * 256;
    x * m as f64 + n as f64 * x * x + w * x + t as f64 * d as f64 * x
}

case! {
    converted, converted_grad, converted_grad_add, converted_graph;
    with |x: f64| (x, 200);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn defaults(x: f64) -> f64 {
    let mut n: u8 = Default::default();
    let w: f32 = Default::default();
    n = n.wrapping_sub(1);
    let m = u16::default();
    x * n as f64 + w as f64 + (!m) as f64 * x
}

case! {
    defaults, defaults_grad, defaults_grad_add, defaults_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 255.0 + 65535.0;
}

#[differentiable(compiled)]
fn collected(x: f64) -> f64 {
    let a: Vec<u8> = (250..=255).collect();
    let b = (1..4).map(|i| i * 100).collect::<Vec<i64>>();
    let c: String = ['a', 'b'].iter().collect();
    let mut s = x;
    for (i, k) in a.iter().zip(&b) {
        s += x * (!i) as f64 * *k as f64;
    }
    s * c.len() as f64
}

case! {
    collected, collected_grad, collected_grad_add, collected_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowed_widths(x: f64) -> f64 {
    let n: u8 = 200;
    let a = n.wrapping_add(100);
    let n: i8 = -100;
    let b = n.wrapping_sub(100);
    let n = n as u16;
    let c = n.wrapping_add(3);
    let n = 0.1f32;
    x * a as f64 + x * x * b as f64 + c as f64 * x + n as f64 * x
}

case! {
    shadowed_widths, shadowed_widths_grad, shadowed_widths_grad_add, shadowed_widths_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowed_by_a_float(x: f64) -> f64 {
    let n: u8 = 200;
    let s = (!n) as f64 * x;
    let n = x * s;
    let t = n * 2.0;
    let n: u32 = 4;
    t * (!n >> 16) as f64
}

case! {
    shadowed_by_a_float, shadowed_by_a_float_grad, shadowed_by_a_float_grad_add, shadowed_by_a_float_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowed_in_blocks(x: f64) -> f64 {
    let n: u8 = 1;
    let mut s = x;
    {
        let n: i16 = 300;
        s *= (!n) as f64;
        {
            let n: u64 = 1 << 33;
            s += n as f64 * x;
        }
        s += (!n) as f64 * x;
    }
    s + (!n) as f64 * x
}

case! {
    shadowed_in_blocks, shadowed_in_blocks_grad, shadowed_in_blocks_grad_add, shadowed_in_blocks_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowed_in_a_loop(x: f64) -> f64 {
    let k: u8 = 3;
    let mut s = 0.0;
    for i in 0..3 {
        let k = k << i;
        let k = k as u16 * 300;
        s += x * (!k) as f64;
    }
    s * (!k) as f64
}

case! {
    shadowed_in_a_loop, shadowed_in_a_loop_grad, shadowed_in_a_loop_grad_add, shadowed_in_a_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn types_in_a_closure(x: f64) -> f64 {
    let mix = |v: u8| {
        let w: u8 = 255;
        let m = v.wrapping_mul(w);
        !m
    };
    let k: f32 = 0.25;
    let scale = |y: f64| {
        let h: u16 = 7;
        y * (!h) as f64 * k as f64
    };
    scale(x) * mix(5) as f64
}

case! {
    types_in_a_closure, types_in_a_closure_grad, types_in_a_closure_grad_add, types_in_a_closure_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn types_in_mapped_closures(x: f64) -> f64 {
    (0..5u8)
        .map(|i| {
            let a: u8 = 254;
            let b = a.wrapping_add(i);
            x * b as f64
        })
        .sum()
}

case! {
    types_in_mapped_closures, types_in_mapped_closures_grad, types_in_mapped_closures_grad_add, types_in_mapped_closures_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 254.0 + 255.0 + 0.0 + 1.0 + 2.0;
}

#[differentiable(compiled)]
fn folded_hash(x: f64, text: &str) -> f64 {
    let h = text.bytes().fold(5381, |h: u32, b| h.wrapping_mul(33) ^ u32::from(b));
    let g: u8 = text.bytes().fold(0, |a, b| a ^ b);
    x * (h % 97) as f64 + x * x * g as f64
}

case! {
    folded_hash, folded_hash_grad, folded_hash_grad_add, folded_hash_graph;
    with |x: f64| (x, "passive");
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn booleans(x: f64, n: i32) -> f64 {
    let a: bool = n > 2;
    let b = !a;
    let c = a ^ (n % 2 == 0);
    let mut d = false;
    d |= c;
    d &= !b;
    let k = a as u8 + c as u8;
    if d {
        x * k as f64
    } else if b {
        x.sin()
    } else {
        x * x
    }
}

case! {
    booleans, booleans_grad, booleans_grad_add, booleans_graph;
    for n in [1, 2, 3, 4];
    with |x: f64| (x, n);
    at 0.5, -0.6;
}

#[differentiable(compiled)]
fn letters(x: f64) -> f64 {
    let c: char = 'q';
    let up = c.to_ascii_uppercase();
    let next = char::from_u32(c as u32 + 1).unwrap();
    let b: u8 = b'z';
    let d = char::from(b);
    x * up as u32 as f64 + next.len_utf8() as f64 * x * x + (d as u8 - b'a') as f64 * x
}

case! {
    letters, letters_grad, letters_grad_add, letters_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn array_length_type(x: f64) -> f64 {
    const N: u8 = 200;
    let n = N.wrapping_add(100);
    let m = FAR >> 38;
    x * n as f64 + m as f64 * x * x
}

case! {
    array_length_type, array_length_type_grad, array_length_type_grad_add, array_length_type_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 44.0 + 8.0 * x;
}

#[differentiable(compiled)]
fn single_from_call(x: f64) -> f64 {
    let v = 0.3;
    let w = halved(v);
    let u = v * 0.7;
    x * w as f64 * u as f64
}

case! {
    single_from_call, single_from_call_grad, single_from_call_grad_add, single_from_call_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_break(x: f64, limit: u16) -> f64 {
    let mut c = 0;
    let mut s = 0.0;
    loop {
        if c == limit {
            break;
        }
        c += 1;
        s += x * (!c) as f64;
    }
    s
}

case! {
    told_by_a_break, told_by_a_break_grad, told_by_a_break_grad_add, told_by_a_break_graph;
    with |x: f64| (x, 5);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn late_float(x: f64) -> f64 {
    let w: f32;
    let v: f64;
    w = 0.1;
    v = 0.1;
    x * w as f64 + x * x * v
}

case! {
    late_float, late_float_grad, late_float_grad_add, late_float_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient f64::from(0.1f32) + 0.2 * x;
}

#[differentiable(compiled)]
fn late_boolean(x: f64, n: usize) -> f64 {
    let odd: bool;
    let letter: char;
    if n % 2 == 1 {
        odd = true;
        letter = 'a';
    } else {
        odd = false;
        letter = 'é';
    }
    let w = letter as u32 as f64;
    if odd { w * x } else { w + x }
}

case! {
    late_boolean, late_boolean_grad, late_boolean_grad_add, late_boolean_graph;
    for n in [1, 2];
    with |x: f64| (x, n);
    at 0.5, -0.6;
}

#[differentiable(compiled)]
fn saturating_and_checked(x: f64) -> f64 {
    let a: u8 = 250;
    let b = a.saturating_add(10);
    let c = a.checked_add(10);
    let (d, over) = a.overflowing_add(10);
    let e = a.checked_sub(1).unwrap_or(0);
    let k = match c {
        Some(v) => v,
        None => 3,
    };
    x * (b as f64 + k as f64 + d as f64 + e as f64) + if over { x * x } else { 0.0 }
}

case! {
    saturating_and_checked, saturating_and_checked_grad, saturating_and_checked_grad_add, saturating_and_checked_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 255.0 + 3.0 + 4.0 + 249.0 + 2.0 * x;
}

#[differentiable(compiled)]
fn nested_tuple_types(x: f64) -> f64 {
    let ((a, b), [c, d], e): ((u8, f32), [i8; 2], bool) = ((200, 0.1), [100, -100], true);
    let s = c.wrapping_sub(d);
    let t = a.wrapping_mul(2);
    if e { x * s as f64 * b as f64 * t as f64 } else { x }
}

case! {
    nested_tuple_types, nested_tuple_types_grad, nested_tuple_types_grad_add, nested_tuple_types_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_vec(x: f64) -> f64 {
    let mut t = Vec::new();
    t.push(3);
    t.push(100);
    assert!(!narrow(t[1]));
    let mut s = 0.0;
    for c in &t {
        s += x * (!c) as f64;
    }
    s
}

case! {
    told_by_a_vec, told_by_a_vec_grad, told_by_a_vec_grad_add, told_by_a_vec_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn a_float_by_into(x: f64, small: u8) -> f64 {
    let w: f64 = small.into();
    let v: f32 = small.into();
    w * x + v as f64 * x * x
}

case! {
    a_float_by_into, a_float_by_into_grad, a_float_by_into_grad_add, a_float_by_into_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}
