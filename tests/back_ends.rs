//! The two back ends against each other, on functions that the compiled adjoint understands: records of iterations, values
//! that branches export, loops in loops, chains of iterators, passive variables that change.
//!
//! Each is the other's oracle; the corpus holds both against differences and closed forms.

#![allow(
    clippy::manual_midpoint,
    clippy::no_effect_underscore_binding,
    clippy::useless_vec,
    reason = "written as people write it"
)]

use gradus::{Backend, differentiable, stop_gradient};

#[differentiable]
fn stepped(x: f64, n: usize) -> f64 {
    let mut t = 0.0;
    let mut y = x;
    for i in 0..n {
        t += 0.1;
        if i % 2 == 0 {
            y = (y * t).sin();
        } else if y > 0.1 {
            y += x.exp();
        }
    }
    y * t
}
#[differentiable]
fn largest_response(xs: &[f64], k: f64) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for (i, &x) in xs.iter().enumerate() {
        let v = (k * x).tanh() * i as f64;
        if v > best {
            best = v;
        }
    }
    best * k
}
#[differentiable]
fn pairs(xs: &[f64]) -> f64 {
    let n = xs.len();
    let mut s = 0.0;
    for i in 0..n {
        for j in 0..i {
            let d = xs[i] - xs[j];
            s += (1.0 + d * d).ln() / (i + j) as f64;
        }
    }
    s / n as f64
}
#[differentiable]
fn nested_choices(x: f64, y: f64) -> f64 {
    let (a, b) = if x > y { (x * y, y.exp()) } else { (x, y) };
    let c = if a > 1.0 && b < 100.0 { a / b } else { b.sqrt() };
    c.max(x).min(10.0).clamp(0.1, a + 5.0)
}
#[differentiable]
fn weighted_powers(xs: &[f64], #[constant] w: &[f64], p: i32) -> f64 {
    let f = |x: f64, w: f64| (x - w).powi(p);
    xs.iter().zip(w).map(|(x, w)| f(*x, *w)).sum::<f64>().abs().powf(0.3)
}
#[differentiable]
fn ragged_product(m: &[Vec<f64>], v: &[f64]) -> f64 {
    let mut s = 0.0;
    for (row, x) in m.iter().zip(v) {
        let mut d = 0.0;
        for (a, b) in row.iter().zip(v.iter().rev()) {
            d += a * b;
        }
        s += d.sin() * x;
    }
    s
}
#[differentiable]
fn geometric_mean(x: f64) -> f64 {
    let mut a = x;
    let mut b = 1.0;
    for _ in 0..4 {
        let t = a;
        a = (a + b) / 2.0;
        b = (t * b).sqrt();
    }
    a
}
#[differentiable]
fn folded(xs: &[f64]) -> f64 {
    xs.iter().skip(1).fold(xs[0], |m, x| m * x + 1.0) + xs.iter().map(|x| x * x).product::<f64>()
}
#[differentiable]
fn switched(x: f64, flags: &[bool]) -> f64 {
    let mut y = x;
    for f in flags {
        y = if *f { y * y } else { y + 1.0 };
    }
    y
}
#[differentiable]
fn counted_polynomial(x: f64, n: usize) -> f64 {
    let mut k = 1;
    let mut y = 1.0;
    for i in (1..=n).rev() {
        k += i;
        y = y * x + k as f64;
    }
    y
}
#[differentiable]
fn points(ps: &[(f64, f64)], c: f64) -> f64 {
    let mut s = 0.0;
    for (x, y) in ps {
        s += (x * c - y).powi(2);
    }
    for &(x, y) in ps {
        s += x * y;
    }
    s
}
#[differentiable]
fn cut_and_rounded(x: f64) -> f64 {
    let g = stop_gradient(x * x);
    let h = x.floor() + x.signum() * x.fract();
    x * g + h
}
#[differentiable]
fn continued(xs: &[f64], n: usize) -> f64 {
    let mut s = 1.0;
    for i in 0..n {
        s = s * xs[i] + xs[i + 1] / s;
        if s > 5.0 {
            s = s.ln();
        }
    }
    s
}

/// Component by component, relative to the component or a thousandth of the largest.
#[allow(clippy::needless_pass_by_value, reason = "the callers make them on the spot")]
fn assert_agree(name: &str, compiled: Vec<f64>, graph: Vec<f64>) {
    assert_eq!(compiled.len(), graph.len(), "{name}");
    let largest = graph.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    for (x, y) in compiled.iter().zip(&graph) {
        assert!((x - y).abs() <= 1e-12 * y.abs().max(1e-3 * largest), "{name}: compiled {x:e}, graph {y:e}");
    }
}

#[test]
fn all_are_compiled() {
    macro_rules! compiled {
        ($($f:ident),*) => { $(assert_eq!($f::BACKEND, Backend::Compiled, stringify!($f));)* };
    }
    compiled!(
        stepped,
        largest_response,
        pairs,
        nested_choices,
        weighted_powers,
        ragged_product,
        geometric_mean,
        folded,
        switched,
        counted_polynomial,
        points,
        cut_and_rounded,
        continued
    );
}

#[test]
fn compiled_and_graph_agree() {
    let xs = [0.5, 1.7, -2.3, 0.9, 1.1];
    let t = stepped_graph(1.3, 9);
    let g = stepped_grad(1.3, 9);
    assert_agree("stepped", vec![g.0, g.1], vec![t.value(), t.gradient("x")[0]]);
    let t = largest_response_graph(&xs, 0.7);
    let g = largest_response_grad(&xs, 0.7);
    assert_agree(
        "largest_response",
        [vec![g.0, g.1.1], g.1.0].concat(),
        [vec![t.value()], t.gradient("k"), t.gradient("xs")].concat(),
    );
    let t = pairs_graph(&xs);
    let g = pairs_grad(&xs);
    assert_agree("pairs", [vec![g.0], g.1].concat(), [vec![t.value()], t.gradient("xs")].concat());
    for (x, y) in [(2.0, 0.5), (0.3, 0.9), (3.0, 2.9), (0.5, 5.5)] {
        let t = nested_choices_graph(x, y);
        let g = nested_choices_grad(x, y);
        assert_agree(
            "nested_choices",
            vec![g.0, g.1.0, g.1.1],
            [vec![t.value()], t.gradient("x"), t.gradient("y")].concat(),
        );
    }
    let t = weighted_powers_graph(&xs, &[0.1, 0.2, 0.3], 3);
    let g = weighted_powers_grad(&xs, &[0.1, 0.2, 0.3], 3);
    assert_agree("weighted_powers", [vec![g.0], g.1].concat(), [vec![t.value()], t.gradient("xs")].concat());
    let m = vec![vec![1.0, 2.0, 0.5], vec![0.3, 0.4], vec![2.0; 4]];
    let t = ragged_product_graph(&m, &xs[..3]);
    let g = ragged_product_grad(&m, &xs[..3]);
    assert_agree(
        "ragged_product",
        [vec![g.0], g.1.0.concat(), g.1.1].concat(),
        [vec![t.value()], t.gradient("m"), t.gradient("v")].concat(),
    );
    let t = geometric_mean_graph(1.3);
    let g = geometric_mean_grad(1.3);
    assert_agree("geometric_mean", vec![g.0, g.1], vec![t.value(), t.gradient("x")[0]]);
    let t = folded_graph(&xs);
    let g = folded_grad(&xs);
    assert_agree("folded", [vec![g.0], g.1].concat(), [vec![t.value()], t.gradient("xs")].concat());
    let fl = [true, false, true, true];
    let t = switched_graph(1.3, &fl);
    let g = switched_grad(1.3, &fl);
    assert_agree("switched", vec![g.0, g.1], vec![t.value(), t.gradient("x")[0]]);
    let t = counted_polynomial_graph(1.3, 6);
    let g = counted_polynomial_grad(1.3, 6);
    assert_agree("counted_polynomial", vec![g.0, g.1], vec![t.value(), t.gradient("x")[0]]);
    let ps = [(1.0, 2.0), (0.4, -1.0)];
    let t = points_graph(&ps, 0.7);
    let g = points_grad(&ps, 0.7);
    assert_agree(
        "points",
        [vec![g.0, g.1.1], g.1.0.iter().flat_map(|p| [p.0, p.1]).collect()].concat(),
        [vec![t.value()], t.gradient("c"), t.gradient("ps")].concat(),
    );
    let t = cut_and_rounded_graph(1.3);
    let g = cut_and_rounded_grad(1.3);
    assert_agree("cut_and_rounded", vec![g.0, g.1], vec![t.value(), t.gradient("x")[0]]);
    let t = continued_graph(&xs, 4);
    let g = continued_grad(&xs, 4);
    assert_agree("continued", [vec![g.0], g.1].concat(), [vec![t.value()], t.gradient("xs")].concat());
}

#[differentiable]
fn unread_row(m: &[Vec<f64>], at: usize) -> f64 {
    let _row = &m[at];
    m[0][0] * 2.0
}

#[test]
fn a_part_that_is_never_read_must_be_there() {
    let m = [vec![3.0]];
    assert_eq!(unread_row::BACKEND, Backend::Compiled);
    assert_eq!(unread_row_grad(&m, 0), (6.0, vec![vec![2.0]]));
    assert!(std::panic::catch_unwind(|| unread_row_grad(&m, 1)).is_err());
}

#[differentiable]
fn behind_a_reference(x: f64, k: &[usize]) -> f64 {
    let scale = 2.5;
    let borrowed = &scale;
    let mut y = x * borrowed;
    for k in k {
        y = y * x + *k as f64 + borrowed;
    }
    y
}

#[test]
fn numbers_behind_references_are_numbers() {
    let (value, gradient) = behind_a_reference_grad(1.5, &[1, 2]);
    assert_eq!(value, behind_a_reference(1.5, &[1, 2]));
    // y = 2.5 x³ + (1 + 2.5) x + 2 + 2.5
    assert!((gradient - (7.5 * 1.5 * 1.5 + 3.5)).abs() < 1e-12);
}

#[differentiable]
fn another_reference(xs: &[f64], first: bool) -> f64 {
    let mut chosen = &xs[0];
    if !first {
        chosen = &xs[1];
    }
    chosen * chosen
}

#[test]
fn a_reference_that_differs_between_branches_is_followed() {
    assert_eq!(another_reference_grad(&[2.0, 3.0], true), (4.0, vec![4.0, 0.0]));
    assert_eq!(another_reference_grad(&[2.0, 3.0], false), (9.0, vec![0.0, 6.0]));
}

#[differentiable]
fn halves(xs: &[f64], rows: &[[f64; 2]], left: bool) -> f64 {
    let half = if left { &xs[..2] } else { &xs[2..] };
    let mut s = 0.0;
    for &_row in rows {
        s += half[0];
    }
    s
}

#[test]
fn parts_of_sequences_are_followed_on_either_back_end() {
    let (value, (dx, drows)) = halves_grad(&[1.0, 2.0, 3.0], &[[0.0; 2]; 2], false);
    assert_eq!((value, dx, drows), (6.0, vec![0.0, 0.0, 2.0], vec![[0.0; 2]; 2]));
}

/// `break` and `continue` within an operand: what follows it does not happen.
#[differentiable]
fn skipping(xs: &[f64], k: f64) -> f64 {
    let mut t = k;
    let mut counts = [0.0, 0.0];
    let mut n = 0;
    for x in xs {
        t *= if *x < 0.0 { continue } else { *x };
        counts[n % 2] += match n {
            7 => break,
            _ => t,
        };
        n += if t > 100.0 { break } else { 1 };
        t = t * if t > 10.0 { break } else { 1.5 };
    }
    t + counts[0] * counts[1]
}

#[differentiable]
fn rows_swapped(x: f64, y: f64) -> f64 {
    let mut m = vec![vec![x, y], vec![1.0, x * y]];
    m.swap(0, 1);
    m[0][1] = m[1][0] * y;
    m.swap(1, 0);
    m[0][0] * m[1][1] + m[0][1]
}

#[differentiable]
fn parts_of_data(x: f64) -> f64 {
    let t = vec![1.0, 2.0, 0.5];
    let mut y = x;
    for i in 0..2 {
        for w in &t[i..] {
            y *= x + w;
        }
    }
    y
}

#[test]
fn what_follows_an_exit_within_an_operand_does_not_happen() {
    assert_eq!(skipping::BACKEND, Backend::Compiled);
    for xs in [vec![1.5, -0.3, 0.7], vec![2.0, 3.0, 4.0, 5.0], vec![50.0, 3.0], vec![]] {
        let trace = skipping_graph(&xs, 0.4);
        let (value, (dx, dk)) = skipping_grad(&xs, 0.4);
        assert_eq!(value, skipping(&xs, 0.4));
        assert_agree(
            "skipping",
            [vec![value], dx, vec![dk]].concat(),
            [vec![trace.value()], trace.gradient("xs"), trace.gradient("k")].concat(),
        );
    }
    let trace = rows_swapped_graph(1.3, 0.7);
    let (value, (dx, dy)) = rows_swapped_grad(1.3, 0.7);
    assert_eq!(rows_swapped::BACKEND, Backend::Compiled);
    assert_agree(
        "rows_swapped",
        vec![value, dx, dy],
        [vec![trace.value()], trace.gradient("x"), trace.gradient("y")].concat(),
    );
    let trace = parts_of_data_graph(1.3);
    let (value, dx) = parts_of_data_grad(1.3);
    assert_eq!(parts_of_data::BACKEND, Backend::Compiled);
    assert_agree("parts_of_data", vec![value, dx], [vec![trace.value()], trace.gradient("x")].concat());
}

#[differentiable(compiled)]
fn rearranged(xs: &[f64], k: f64, at: usize) -> f64 {
    let mut v = xs.to_vec();
    let removed = v.remove(at);
    v.insert(at, removed * k);
    v.rotate_left(1);
    v.resize(4, k);
    let mut more = vec![k * k, removed];
    v.append(&mut more);
    let swapped = v.swap_remove(0);
    v.iter().enumerate().map(|(i, x)| x * (i + 1) as f64).sum::<f64>() * swapped + more.len() as f64
}

#[test]
fn elements_move_with_their_adjoints() {
    gradus::check::assert_gradient!(rearranged, &[1.5, -0.5, 2.0], 0.7, 1);
    gradus::check::assert_gradient!(rearranged, &[1.5, -0.5, 2.0, 0.25, 1.0], -0.7, 4);
}

#[test]
fn an_index_out_of_bounds_panics_in_the_words_of_the_standard_library() {
    let message = |run: &dyn Fn() -> f64| {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).expect_err("out of bounds");
        panic.downcast_ref::<String>().cloned().expect("a text")
    };
    let plain = message(&|| rearranged(&[1.5, 2.0], 0.7, 5));
    assert_eq!(message(&|| rearranged_grad(&[1.5, 2.0], 0.7, 5).0), plain);
}
