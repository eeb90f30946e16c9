//! Numbers whose types only other expressions tell: a call, a field, a trait, a push, a pattern further down.

use gradus::differentiable;
use std::collections::{HashMap, VecDeque};

fn narrow(c: u8) -> bool {
    c < 100
}
fn all_narrow(c: &[u8]) -> bool {
    c.iter().all(|c| *c < 250)
}
fn single(w: &f32) -> bool {
    *w > 0.0
}
fn of_option(o: Option<u8>) -> u8 {
    o.unwrap_or(9)
}
fn of_map(m: &HashMap<u8, f32>) -> usize {
    m.len()
}
trait Width {
    const BITS: u32;
    fn bits(&self) -> u32 {
        Self::BITS
    }
    fn make() -> Self;
}
impl Width for u8 {
    const BITS: u32 = 8;
    fn make() -> u8 {
        250
    }
}
impl Width for i32 {
    const BITS: u32 = 32;
    fn make() -> i32 {
        -7
    }
}
impl Width for u64 {
    const BITS: u32 = 64;
    fn make() -> u64 {
        1 << 40
    }
}
impl Width for f32 {
    const BITS: u32 = 132;
    fn make() -> f32 {
        0.1
    }
}
impl Width for f64 {
    const BITS: u32 = 164;
    fn make() -> f64 {
        0.1
    }
}
fn bits_of<T: Width>(t: T) -> u32 {
    t.bits()
}
struct Reg {
    v: u8,
    w: f32,
    k: u64,
}
static LIMIT: u16 = 300;
const STEP: u8 = 3;

#[differentiable(compiled)]
fn told_after_parsing(x: f64) -> f64 {
    let n = "250".parse().unwrap();
    let ok = narrow(n);
    let m = n.wrapping_add(10);
    if ok { x } else { x * m as f64 }
}

case! {
    told_after_parsing, told_after_parsing_grad, told_after_parsing_grad_add, told_after_parsing_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_field(x: f64) -> f64 {
    let n = 200u32 as u8;
    let r = Reg { v: 5, w: 0.1, k: 1 };
    let c = 7;
    let z = Reg { v: c, ..r };
    let d = !c;
    x * d as f64 + n as f64 * x + (!z.v) as f64 * x + (z.w * 3.0) as f64 * x + (z.k << 40) as f64 * 1e-12 * x
}

case! {
    told_by_a_field, told_by_a_field_grad, told_by_a_field_grad_add, told_by_a_field_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_borrow(x: f64) -> f64 {
    let v = vec![];
    let mut w = v;
    w.push(250);
    let ok = all_narrow(&w);
    let s = w[0];
    let t = s << 1;
    if ok { x } else { x * t as f64 }
}

case! {
    told_by_a_borrow, told_by_a_borrow_grad, told_by_a_borrow_grad_add, told_by_a_borrow_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_trait(x: f64) -> f64 {
    let c = 5;
    let b = c.bits_then();
    x * b as f64
}
trait Then {
    fn bits_then(&self) -> u32;
}
impl Then for u8 {
    fn bits_then(&self) -> u32 {
        8
    }
}

case! {
    told_by_a_trait, told_by_a_trait_grad, told_by_a_trait_grad_add, told_by_a_trait_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_for_a_trait(x: f64) -> f64 {
    let c = 5;
    let n = narrow(c);
    let b = bits_of(c);
    let d = bits_of(5);
    let e = bits_of(0.5);
    let w = 0.1;
    let s = single(&w);
    let f = bits_of(w);
    x * (b + d) as f64 + (e + f) as f64 * x * x + if n && s { x } else { 0.0 }
}

case! {
    told_for_a_trait, told_for_a_trait_grad, told_for_a_trait_grad_add, told_for_a_trait_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 41.0 + 2.0 * x * 296.0;
}

#[differentiable(compiled)]
fn made_by_a_trait(x: f64) -> f64 {
    let a = Width::make();
    let ok = narrow(a);
    let b: f32 = Width::make();
    let c = <u64 as Width>::make();
    let d = u8::make();
    let e: i32 = Width::make();
    x * (!a) as f64
        + b as f64 * x * x
        + (c >> 38) as f64 * x
        + d.wrapping_add(9) as f64 * x
        + e as f64
        + if ok { x } else { 0.0 }
}

case! {
    made_by_a_trait, made_by_a_trait_grad, made_by_a_trait_grad_add, made_by_a_trait_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_an_option(x: f64) -> f64 {
    let o = Some(250);
    let v = of_option(o);
    let p = if let Some(k) = o { k << 1 } else { 0 };
    let q = o.map(|k| !k).unwrap();
    x * v as f64 + p as f64 * x + q as f64 * x
}

case! {
    told_by_an_option, told_by_an_option_grad, told_by_an_option_grad_add, told_by_an_option_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_closures_parameter(x: f64) -> f64 {
    let none = None;
    let v = of_option(none);
    let f = |c: u8| !c;
    let y = f(v);
    let g = |c| c << 4;
    let z = g(200u8);
    x * y as f64 + z as f64 * x
}

case! {
    told_by_a_closures_parameter, told_by_a_closures_parameter_grad, told_by_a_closures_parameter_grad_add, told_by_a_closures_parameter_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_loop_condition(x: f64, limit: u8) -> f64 {
    let mut c = 0;
    let mut s = x;
    while c != limit {
        c += 50;
        s += x * (!c) as f64;
    }
    let d = 200;
    let e = if d > limit { d } else { limit };
    s * (e << 1) as f64
}

case! {
    told_by_a_loop_condition, told_by_a_loop_condition_grad, told_by_a_loop_condition_grad_add, told_by_a_loop_condition_graph;
    with |x: f64| (x, 250);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_static(x: f64) -> f64 {
    let a = 299;
    let mut s = x;
    if a == LIMIT {
        s *= 2.0;
    }
    let b = !a;
    let c = 250;
    let d = STEP + c;
    let e = [STEP, 7];
    let f = !e[1];
    let g = (1, STEP).0;
    s * b as f64 + d as f64 * x + f as f64 * x + (!g) as f64 * x
}

case! {
    told_by_a_static, told_by_a_static_grad, told_by_a_static_grad_add, told_by_a_static_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_an_iterator(x: f64) -> f64 {
    let total = [100u8, 50].iter().map(|c| c * 2).fold(0, |a, b| a ^ b);
    let k = !total;
    let v = [1u8, 2, 3].iter().copied().max().unwrap();
    let w = (0..4u8).map(|i| i << 6).last().unwrap();
    let z = [3, 1, 2u8].into_iter().min_by_key(|c| !c).unwrap();
    x * k as f64 + (!v) as f64 * x + (w << 1) as f64 * x + z as f64 * x
}

case! {
    told_by_an_iterator, told_by_an_iterator_grad, told_by_an_iterator_grad_add, told_by_an_iterator_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_push(x: f64, n: usize) -> f64 {
    let mut out = Vec::new();
    for i in 0..n {
        let c = i as u8 * 60;
        out.push(c);
    }
    let last = *out.last().unwrap();
    let tot = out.iter().fold(0u8, |a, b| a.wrapping_add(*b));
    let mut s = x;
    for c in out {
        s += (!c) as f64 * x;
    }
    s * tot as f64 + last as f64
}

case! {
    told_by_a_push, told_by_a_push_grad, told_by_a_push_grad_add, told_by_a_push_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_later_pattern(x: f64) -> f64 {
    let pair = (1, 0.1);
    let (a, b): (u8, f32) = pair;
    let c = !pair.0;
    let d = pair.1 * 3.0;
    let arr = [0; 3];
    let brr: [u8; 3] = arr;
    let e = !arr[1];
    x * (a + c) as f64 + (b + d) as f64 * x + (e + brr[0]) as f64 * x
}

case! {
    told_by_a_later_pattern, told_by_a_later_pattern_grad, told_by_a_later_pattern_grad_add, told_by_a_later_pattern_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_by_a_queue(x: f64) -> f64 {
    let mut q = VecDeque::new();
    q.push_back(7);
    let mut s = x;
    while let Some(c) = q.pop_front() {
        if narrow(c) {
            q.push_back(c * 3);
        }
        s += (!c) as f64 * x;
        if s.abs() > 1e6 {
            break;
        }
        if q.is_empty() {
            break;
        }
        if q.len() > 3 {
            break;
        }
        if c > 200 {
            break;
        }
        if c == 63 {
            break;
        }
    }
    s
}

case! {
    told_by_a_queue, told_by_a_queue_grad, told_by_a_queue_grad_add, told_by_a_queue_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn closures_in_arms(x: f64, n: usize) -> f64 {
    let f = match n {
        0 => |c: u8| !c,
        _ => |c: u8| c << 1,
    };
    let t: [fn(u8) -> u8; 2] = [|c| c ^ 3, |c| c.wrapping_mul(7)];
    let k = f(200);
    let j = t[n % 2](100);
    x * k as f64 + j as f64 * x
}

case! {
    closures_in_arms, closures_in_arms_grad, closures_in_arms_grad_add, closures_in_arms_graph;
    for n in [0, 1];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn sizes_and_texts(x: f64) -> f64 {
    let s = stringify!(abc).len();
    let v = concat!("a", "bc");
    let w = format!("{}-{}", s, v);
    let l = line!() > 0;
    let m = matches!(w.chars().next(), Some('0'..='9'));
    let k = if l && m { w.len() } else { 0 };
    let arr = vec![k; 2];
    let d = std::mem::size_of_val(&arr[0]);
    let e = {
        let c = 5;
        let _ = narrow(c);
        std::mem::size_of_val(&c)
    };
    x * k as f64 + (d + e) as f64 * x
}

case! {
    sizes_and_texts, sizes_and_texts_grad, sizes_and_texts_grad_add, sizes_and_texts_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}
