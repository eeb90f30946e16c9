//! What each pass does to a program.

use super::Passes;
use crate::ir::{Mode, Program};
use crate::lower::lower;
use crate::transform::differentiate;

/// The program of a function with both sweeps, as a text.
fn printed(text: &str, passes: Passes) -> String {
    let tokens = text.parse().expect("tokens");
    let program: Program = crate::checked(&tokens, |_, _, function| {
        let program = lower(function).map_err(|unsupported| unsupported.reason).expect("compiled");
        let program = differentiate(program, Mode::Joint, function.may_be_several(), passes);
        program.map_err(|unsupported| unsupported.reason).expect("compiled")
    });
    crate::ir::verify::verify(&program).expect("well-formed");
    program.to_string()
}

/// Without any pass, and with one.
fn before_and_after(text: &str, one: Passes) -> [String; 2] {
    [printed(text, Passes::NONE), printed(text, one)]
}

/// The forward sweep of a program.
fn forward(printed: &str) -> &str {
    printed.split("\nreturn").next().expect("a forward sweep")
}

#[test]
fn elements_and_indices_are_read_once() {
    let one = Passes { value_numbering: true, ..Passes::NONE };
    let text = "fn f(x: &[f64], i: usize) -> f64 { let u = x[i + 1] * x[i + 1]; u - x[i] * x[i + 1] }";
    let [before, after] = before_and_after(text, one);
    assert_eq!([before.matches("load").count(), after.matches("load").count()], [4, 2], "{before}\n{after}");
    assert_eq!(after.matches("accumulate x_b[").count(), 2, "{after}");
}

#[test]
fn what_was_stored_is_not_read() {
    let one = Passes { value_numbering: true, ..Passes::NONE };
    let text = "fn f(x: f64, i: usize) -> f64 { let mut a = [x, x]; a[i] = x * x; let y = a[i]; y * a[i] }";
    let [_, after] = before_and_after(text, one);
    assert!(!forward(&after).contains("load"), "{after}");
}

#[test]
fn what_changes_in_between_is_read_again() {
    let loads = |text: &str| {
        let one = Passes { value_numbering: true, ..Passes::NONE };
        forward(&printed(text, one)).matches("load").count()
    };
    // By a store elsewhere, in a branch, in an iteration before, and by a length.
    assert_eq!(
        loads("fn f(x: f64, i: usize) -> f64 { let mut a = [x, x]; let u = a[i]; a[0] = 2.0 * u; u * a[i] }"),
        2
    );
    assert_eq!(
        loads(
            "fn f(x: f64, i: usize) -> f64 { let mut a = [x, x]; let y = a[0]; if i > 1 { a[i] = x; } y * a[0] }"
        ),
        2
    );
    assert_eq!(
        loads(
            "fn f(x: f64, n: usize) -> f64 {
                let mut a = [x, x];
                let mut s = a[0];
                for i in 0..n { s += a[0]; a[i] = s; }
                s
            }"
        ),
        2
    );
    // An element with another constant index stays.
    assert_eq!(
        loads(
            "fn f(x: f64, i: usize) -> f64 { let mut a = [x, x]; a[i] = 1.0; let u = a[1]; a[0] = 2.0 * u; u * a[1] }"
        ),
        1
    );
    // In an inner region, and never out of it.
    assert_eq!(
        loads("fn f(x: &[f64], n: usize) -> f64 { let mut s = x[0]; for _ in 0..n { s += x[0]; } s }"),
        1
    );
    assert_eq!(
        loads("fn f(x: &[f64], n: usize) -> f64 { let mut s = 0.0; for _ in 0..n { s += x[0]; } s + x[0] }"),
        2
    );
}

#[test]
fn if_conversion_computes_both_branches() {
    let text = "fn f(x: f64, y: f64) -> f64 { if x > y { x * y } else { x + y } }";
    let [before, after] = before_and_after(text, Passes { if_conversion: true, ..Passes::NONE });
    assert!(before.contains(" = if test") && !before.contains("choose"), "{before}");
    assert!(after.contains("chosen = choose test°, t, t_2") && !after.contains(" if "), "{after}");
}

#[test]
fn a_branch_that_costs_more_than_it_saves_stays() {
    let text = "fn f(x: f64, y: f64) -> f64 { if x > y { x.exp() } else { x + y } }";
    let [before, after] = before_and_after(text, Passes { if_conversion: true, ..Passes::NONE });
    assert_eq!(before, after);
}

#[test]
fn a_reduction_runs_forward_and_a_recurrence_does_not() {
    let one = Passes { reduction_order: true, ..Passes::NONE };
    let text = "fn f(xs: &[f64]) -> f64 { let mut s = 0.0; for x in xs { s += x * x; } s }";
    let [before, after] = before_and_after(text, one);
    assert!(before.contains("backward") && !after.contains("backward"), "{before}\n{after}");
    let text = "fn f(xs: &[f64]) -> f64 { let mut s = 1.0; for x in xs { s = s * x; } s }";
    let [before, after] = before_and_after(text, one);
    assert!(before == after && after.contains("backward"), "{after}");
}

#[test]
fn a_loop_that_one_condition_governs_is_skipped() {
    let text = "fn f(w: &[f64], xs: &[f64]) -> f64 {
        let s: f64 = w.iter().zip(xs).map(|(w, x)| w * x).sum();
        s.relu()
    }";
    let [before, after] = before_and_after(text, Passes { skipped_loops: true, ..Passes::NONE });
    assert_eq!(before.matches("where relu_taken").count(), 2, "{before}");
    assert!(!after.contains("where") && after.contains("if relu_taken°\n    loop"), "{after}");
}

#[test]
fn contributions_that_follow_each_other_share_a_branch() {
    let text = "fn f(xs: &[f64], k: f64, n: usize) -> f64 {
        let mut u = xs.to_vec();
        for i in 1..n { u[i] = k * u[i] * u[i - 1]; }
        u[0]
    }";
    let [before, after] = before_and_after(text, Passes { guarded_blocks: true, ..Passes::NONE });
    let guarded = before.matches("where stored_reached").count();
    assert!(guarded >= 3, "{before}");
    assert_eq!(after.matches("where stored_reached").count(), 0, "{after}");
    assert_eq!(after.matches("if stored_reached").count(), 1, "{after}");
}

#[test]
fn an_argument_that_changes_later_is_copied() {
    let copies = |tail: &str| {
        let text = format!(
            "fn f(xs: &[f64]) -> f64 {{ let mut u = xs.to_vec(); let a = norm(&u); {tail} a + u[0] }}"
        );
        printed(&text, Passes::NONE).matches("copy of u_").count()
    };
    assert_eq!((copies("u[0] = 2.0;"), copies("")), (1, 0));
}

#[test]
fn the_environment_names_passes() {
    assert_eq!(Passes::ALL.without("all"), Passes::NONE);
    assert_eq!(Passes::ALL.without(""), Passes::ALL);
    let two = Passes { if_conversion: false, skipped_loops: false, ..Passes::ALL };
    assert_eq!(Passes::ALL.without("if_conversion, skipped_loops"), two);
}
