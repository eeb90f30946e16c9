//! Bad input behaves as in the plain function: the same value, or the same panic at the same place. Effects of the
//! body happen as often as there, and in the same order.

use std::cell::{Cell, RefCell};
use std::panic::{self, UnwindSafe};
use std::sync::Once;

use gradus::differentiable;

/// How a call ended: with a value, or with a panic's message, file and line.
#[derive(Debug)]
enum Outcome {
    Value(f64),
    Panic { message: String, file: String, line: u32 },
}

impl PartialEq for Outcome {
    /// Values are equal to the last bit; of NaNs, any two.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
            (
                Self::Panic { message, file, line },
                Self::Panic { message: other_message, file: other_file, line: other_line },
            ) => message == other_message && file == other_file && line == other_line,
            _ => false,
        }
    }
}

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
    static NOTES: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

fn outcome(call: impl FnOnce() -> f64 + UnwindSafe) -> Outcome {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WATCHING.get() {
                let place = info.location().map(|location| (location.file().to_owned(), location.line()));
                PLACE.set(place);
            } else {
                usual(info);
            }
        }));
    });
    WATCHING.set(true);
    let result = panic::catch_unwind(call);
    WATCHING.set(false);
    match result {
        Ok(value) => Outcome::Value(value),
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let message = text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a message");
            let (file, line) = PLACE.take().expect("a place");
            Outcome::Panic { message, file, line }
        }
    }
}

/// Asserts that both companions end as the plain function does, and answers how that was.
macro_rules! alike {
    ($plain:ident, $grad:ident, $graph:ident, ($($argument:expr),+)) => {{
        let plain = outcome(|| $plain($($argument),+));
        assert_eq!(outcome(|| $grad($($argument),+).0), plain, "the gradient of {}", stringify!($plain));
        assert_eq!(outcome(|| $graph($($argument),+).value()), plain, "the graph of {}", stringify!($plain));
        plain
    }};
}

/// Asserts that a call panicked in this file, with a message that contains `part`.
fn assert_panics_with(outcome: &Outcome, part: &str) {
    let Outcome::Panic { message, file, .. } = outcome else { panic!("no panic, but {outcome:?}") };
    assert!(message.contains(part), "{message:?} does not contain {part:?}");
    assert!(file.ends_with("edge.rs"), "{file}");
}

#[differentiable(second)]
fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len() as f64
}

#[test]
fn the_mean_of_nothing_is_nan() {
    assert!(matches!(alike!(mean, mean_grad, mean_graph, (&[])), Outcome::Value(v) if v.is_nan()));
    assert_eq!(mean_grad(&[]).1, Vec::<f64>::new());
}

#[differentiable(second)]
fn total(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).sum()
}

#[test]
fn empty_sums_and_extreme_values() {
    let Outcome::Value(empty) = alike!(total, total_grad, total_graph, (&[])) else { panic!("an empty sum") };
    assert_eq!(empty.to_bits(), [0.0_f64; 0].iter().sum::<f64>().to_bits());
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324, -0.0] {
        alike!(total, total_grad, total_graph, (&[1.0, x]));
    }
    assert_eq!(total_grad(&[f64::INFINITY, 3.0]).1, [f64::INFINITY, 6.0]);
    let gradient = total_grad(&[f64::NAN, 3.0]).1;
    assert!(gradient[0].is_nan() && gradient[1] == 6.0);
}

#[differentiable(second)]
fn guarded(x: f64) -> f64 {
    if x > 0.0 {
        x.ln()
    } else if x.is_nan() {
        x + 1.0
    } else {
        (x - 1.0).max(f64::MIN)
    }
}

#[test]
fn branches_on_extreme_values() {
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324] {
        alike!(guarded, guarded_grad, guarded_graph, (x));
    }
    assert_eq!(guarded_grad(f64::INFINITY).1, 0.0);
    assert_eq!(guarded_grad(-0.0).1, 1.0);
    assert_eq!(guarded_grad(f64::NAN).1, 1.0);
}

/// The branch not taken would divide by zero.
#[differentiable(second)]
fn clipped_root(high: f64, low: f64) -> f64 {
    (high - low).max(0.0).sqrt() + if low == 0.0 { high } else { high / low }
}

#[test]
fn what_is_not_taken_adds_no_nan() {
    alike!(clipped_root, clipped_root_grad, clipped_root_graph, (1.0, 2.0));
    assert_eq!(clipped_root_grad(1.0, 2.0).1, (0.5, -0.25));
    assert_eq!(clipped_root_grad(4.0, 0.0).1, (1.25, -0.25));
}

#[differentiable(second)]
fn element(xs: &[f64], i: usize) -> f64 {
    let scaled = xs[0] * 2.0;

    scaled * xs[i]
}

#[test]
fn index_out_of_bounds() {
    assert_panics_with(
        &alike!(element, element_grad, element_graph, (&[1.0, 2.0, 3.0], 7)),
        "the index is 7",
    );
    assert_panics_with(&alike!(element, element_grad, element_graph, (&[], 0)), "the len is 0");
    assert_eq!(alike!(element, element_grad, element_graph, (&[1.0, 2.0], 1)), Outcome::Value(4.0));
}

#[differentiable(second)]
fn paired(xs: &[f64], ys: &[f64]) -> f64 {
    assert!(xs.len() == ys.len(), "{} xs, but {} ys", xs.len(), ys.len());
    let mut s = 0.0;
    for i in 0..xs.len() {
        s += xs[i] * ys[i];
    }
    debug_assert!(s < 1e6, "{s} is too large");
    s
}

#[test]
fn failed_assertions() {
    assert_panics_with(&alike!(paired, paired_grad, paired_graph, (&[1.0, 2.0], &[3.0])), "2 xs, but 1 ys");
    let large = alike!(paired, paired_grad, paired_graph, (&[1e4], &[1e4]));
    if cfg!(debug_assertions) {
        assert_panics_with(&large, "100000000 is too large");
    } else {
        assert_eq!(large, Outcome::Value(1e8));
    }
}

#[differentiable(second)]
fn inner_slice(xs: &[f64], start: usize) -> f64 {
    let inner = &xs[start..xs.len() - 1];
    inner.iter().product::<f64>() + inner.first().unwrap()
}

#[test]
fn slices_and_options() {
    assert_panics_with(&alike!(inner_slice, inner_slice_grad, inner_slice_graph, (&[1.0, 2.0], 5)), "5");
    assert_panics_with(&alike!(inner_slice, inner_slice_grad, inner_slice_graph, (&[1.0], 0)), "None");
    assert!(matches!(
        alike!(inner_slice, inner_slice_grad, inner_slice_graph, (&[], 0)),
        Outcome::Panic { .. }
    ));
}

#[differentiable(second)]
fn checked(x: f64) -> f64 {
    let y = helper(x);
    match y {
        y if y < 10.0 => y,
        y => panic!("{y} is off the scale"),
    }
}

#[differentiable(second)]
fn helper(x: f64) -> f64 {
    assert_ne!(x, 3.0, "the helper dislikes {x}");
    x * x
}

#[test]
fn panics_on_the_way_and_in_callees() {
    assert_panics_with(&alike!(checked, checked_grad, checked_graph, (4.0)), "16 is off the scale");
    assert_panics_with(&alike!(checked, checked_grad, checked_graph, (3.0)), "the helper dislikes 3");
    // The next call starts afresh.
    assert_eq!(checked_grad(2.0), (4.0, 4.0));
}

#[differentiable(second)]
fn mismatched(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| x * y).sum()
}

#[test]
fn mismatched_lengths_zip_to_the_shorter() {
    alike!(mismatched, mismatched_grad, mismatched_graph, (&[1.0, 2.0, 3.0], &[4.0]));
    assert_eq!(mismatched_grad(&[1.0, 2.0, 3.0], &[4.0]).1, (vec![4.0, 0.0, 0.0], vec![1.0]));
}

#[test]
fn a_buffer_of_the_wrong_length_is_named() {
    let mut short = vec![0.0; 2];
    let added = outcome(panic::AssertUnwindSafe(|| total_grad_add(&[1.0, 2.0, 3.0], &mut short)));
    let Outcome::Panic { message, .. } = added else { panic!("no panic, but {added:?}") };
    assert!(message.contains('2') && message.contains('3'), "{message}");
}

/// A plain function with an effect.
fn note(what: usize) -> f64 {
    NOTES.with_borrow_mut(|notes| notes.push(what));
    what as f64
}

#[differentiable(second)]
fn noting(xs: &[f64]) -> f64 {
    let mut s = note(100) * xs[0];
    for (i, x) in xs.iter().enumerate() {
        if note(i) < 2.0 {
            s = s * x + note(10 + i);
        }
        while s > 50.0 && note(20) > 0.0 {
            s /= 4.0;
        }
    }
    s
}

#[test]
fn effects_happen_once_and_in_order() {
    let xs = [1.5, 40.0, -2.0, 3.0];
    let plain = noting(&xs);
    let expected = NOTES.take();
    assert!(expected.len() > 8, "{expected:?}");
    assert_eq!(noting_grad(&xs).0, plain);
    assert_eq!(NOTES.take(), expected, "the gradient's effects");
    assert_eq!(noting_grad_add(&xs, &mut [0.0; 4]), plain);
    assert_eq!(NOTES.take(), expected, "the accumulated gradient's effects");
    assert_eq!(noting_graph(&xs).value(), plain);
    assert_eq!(NOTES.take(), expected, "the graph's effects");
}

#[test]
fn operations_are_linked_to_their_source() {
    let xs = [1.0, 2.0, 4.0];
    for trace in [
        mean_graph(&xs),
        total_graph(&xs),
        guarded_graph(2.0),
        clipped_root_graph(2.0, 1.0),
        element_graph(&xs, 1),
        paired_graph(&xs, &xs),
        inner_slice_graph(&xs, 1),
        mismatched_graph(&xs, &xs[1..]),
        noting_graph(&xs),
    ] {
        crate::corpus::spans::check(&trace);
    }
}
