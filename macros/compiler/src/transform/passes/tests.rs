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
