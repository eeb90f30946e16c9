//! Macros that print, assert, look or make text, and macros, items and statics inside a body.

use gradus::differentiable;

#[differentiable(second)]
fn shown(x: f64, y: f64) -> f64 {
    let z = dbg!(x * 2.0);
    let (a, b) = dbg!(z + y, y);
    println!("{z} {:.3} {a:?} {last}", b, last = a * b);
    eprintln!("{:?}", [x, y]);
    assert!(z.is_finite(), "{z} is not a number");
    assert_eq!(dbg!(), ());
    debug_assert_ne!(x, 1234.5);
    dbg!(&a);
    match x {
        v if v > 1e9 => unreachable!("{v} is too large"),
        v if v > 1e8 => panic!("{v:e} is large"),
        _ => a * b,
    }
}

case! {
    shown, shown_grad, shown_grad_add, shown_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (2.0 * y, 2.0 * x + 2.0 * y);
}

/// Text of data.
#[differentiable(second)]
fn labelled_by_text(xs: &[f64], k: f64) -> f64 {
    use std::fmt::Write;
    let label = format!("{}-{n:>4}", xs.len(), n = xs.iter().filter(|x| **x > 0.0).count());
    let mut log = String::new();
    write!(log, "{label} {}", if k > 0.0 { "up" } else { "down" }).unwrap();
    writeln!(log).unwrap();
    xs.iter().sum::<f64>() * log.len() as f64 * k
}

case! {
    labelled_by_text, labelled_by_text_grad, labelled_by_text_grad_add, labelled_by_text_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0], 0.5), (vec![-1.0], -0.5), (vec![], 3.0);
    gradient {
        let length = 6.0 + if k > 0.0 { 4.0 } else { 6.0 };
        (vec![length * k; xs.len()], length * xs.iter().sum::<f64>())
    };
}

/// Items, constants, plain statics and macros of the body's own.
#[differentiable(second)]
fn with_items(x: f64, y: f64) -> f64 {
    const HALF: f64 = 0.5;
    const N: usize = 2;
    static TABLE: [(f64, f64); N] = [(1.0, 2.0), (3.0, 4.0)];
    static FACTORS: &[f64] = &[2.0, HALF];
    type Pair = [f64; N];
    struct Scale {
        by: f64,
    }
    impl Scale {
        fn of(n: usize) -> Scale {
            Scale { by: n as f64 }
        }
    }
    fn counted(n: usize) -> f64 {
        n as f64 * HALF
    }
    macro_rules! constant {
        ($n:expr) => {
            $n as f64 * 0.25
        };
    }
    #[differentiable(second)]
    fn square(v: f64) -> f64 {
        v * v
    }
    let pair: Pair = [x, y];
    let mut s = square(pair[0]) * counted(3) + pair[1] * constant!(8) * Scale::of(2).by;
    for (a, b) in &TABLE {
        s += a * x + b * y;
    }
    for (f, v) in FACTORS.iter().zip(pair) {
        s *= f * v;
    }
    s
}

case! {
    with_items, with_items_grad, with_items_grad_add, with_items_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (
        y * (4.5 * x * x + 8.0 * x + 10.0 * y),
        x * (1.5 * x * x + 4.0 * x + 20.0 * y),
    );
}

/// One of two `let`s is compiled.
#[differentiable(second)]
fn by_configuration(x: f64) -> f64 {
    #[cfg(not(any()))]
    let factor = x * 2.0;
    #[cfg(any())]
    let factor = 3.0;
    #[allow(unused_mut)]
    let mut y = factor;
    match 2 {
        #[cfg(any())]
        1 => 0.0,
        #[allow(unreachable_patterns)]
        2 => y * x,
        _ => 1.0,
    }
}

case! {
    by_configuration, by_configuration_grad, by_configuration_grad_add, by_configuration_graph;
    with |x: f64| (x);
    at 1.0, -0.5;
    gradient 4.0 * x;
}

/// Data behind a shared reference that changes: once a call, in order.
#[differentiable(second)]
fn ticking(xs: &[f64], k: f64) -> f64 {
    let ticks = std::cell::Cell::new(0);
    let tick = || {
        ticks.set(ticks.get() + 1);
        ticks.get()
    };
    let mut s = 0.0;
    for &x in xs {
        s += x * tick() as f64 * k;
    }
    s + ticks.get() as f64 * k
}

case! {
    ticking, ticking_grad, ticking_grad_add, ticking_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0], 0.5), (vec![], 3.0);
    gradient (
        (1..=xs.len()).map(|i| i as f64 * k).collect(),
        xs.iter().enumerate().map(|(i, x)| (i + 1) as f64 * x).sum::<f64>() + xs.len() as f64,
    );
}
