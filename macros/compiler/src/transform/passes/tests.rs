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
fn the_records_of_a_loop_lie_in_a_block() {
    let one = Passes { record_blocks: true, ..Passes::NONE };
    let text = "fn f(x: f64, n: usize) -> f64 { let mut s = x; for _ in 0..n { s = s.sin(); } s }";
    let [before, after] = before_and_after(text, one);
    assert_eq!([&before, &after].map(|text| text.matches("in a block").count()), [0, 2], "{after}");
    // Where the number of iterations is not known, or something else is on the frame meanwhile.
    for text in [
        "fn f(x: f64, n: usize) -> f64 { let mut s = x; for _ in 0..n { s = s.sin(); if s > 2.0 { break; } } s }",
        "fn f(x: f64) -> f64 { let mut s = x; while s > 1e-3 { s = 0.5 * s.sin(); } s }",
    ] {
        assert!(!printed(text, one).contains("in a block"), "{text}");
    }
    let nested = "fn f(x: f64, n: usize) -> f64 {
        let mut s = x;
        for _ in 0..n { for _ in 0..n { s = s.sin(); } s = s.exp(); }
        s
    }";
    assert_eq!(printed(nested, one).matches("in a block").count(), 2, "the inner loop's");
}

/// The text of a loss over samples, of which `term` is one.
fn loss(term: &str, end: &str) -> String {
    format!(
        "fn f(w: &[f64], k: f64, #[constant] xs: &[f64]) -> f64 {{
            let mut s = 0.0;
            for i in 0..xs.len() {{ {term} }}
            {end}
        }}"
    )
}

#[test]
fn a_loss_is_reversed_sample_by_sample() {
    let one = Passes { fused_loops: true, ..Passes::NONE };
    // A number alone, and a slice for which an iteration does much; the mean is as good as the sum.
    for (term, end) in [
        ("let r = k * xs[i] - 1.0; s += (r * r).exp();", "s / xs.len() as f64"),
        ("let mut t = k; for j in 0..w.len() { t += w[j] * xs[i]; } s += t.tanh();", "0.5 * s + k"),
    ] {
        let [before, after] = before_and_after(&loss(term, end), one);
        assert!(before.contains("record") && !after.contains("record"), "{before}\n{after}");
        let sweeps: Vec<_> = after.split("\nreverse").collect();
        assert!(sweeps[0].contains("    accumulate") || sweeps[1].contains("    accumulate"), "{after}");
        assert!(!sweeps.last().expect("a reverse sweep").contains("loop"), "{after}");
    }
    let buffers =
        printed(&loss("let mut t = k; for j in 0..w.len() { t += w[j] * xs[i]; } s += t.tanh();", "s"), one);
    assert_eq!(buffers.matches("accumulate w_b +=").count(), 1, "{buffers}");
}

#[test]
fn two_losses_add_to_one_storage() {
    let one = Passes { fused_loops: true, ..Passes::NONE };
    let text = "fn f(w: &[f64], k: f64, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n { let mut t = k; for j in 0..w.len() { t += w[j] * i as f64; } s += t.tanh(); }
        for i in 0..n { let mut t = k; for j in 0..w.len() { t += w[j] * i as f64; } s += t.ln(); }
        s
    }";
    let after = printed(text, one);
    assert_eq!(
        ["new unreached like w", "accumulate w_b +="].map(|part| after.matches(part).count()),
        [1, 1],
        "{after}"
    );
    let [sum, number, first] =
        ["w_b_sum_ = new", "k_b_ = new", "loop"].map(|part| after.find(part).expect("it is there"));
    assert!(sum < first && number < first, "{after}");
    assert!(!after.split("\nreverse").last().expect("a reverse sweep").contains("loop"), "{after}");
}

#[test]
fn a_loop_whose_adjoint_comes_from_later_is_not_fused() {
    let one = Passes { fused_loops: true, if_conversion: true, ..Passes::NONE };
    for (term, end) in [
        // The sum is squared; something is carried; a few operations, and a slice.
        ("s += (k * xs[i]).exp();", "s * s"),
        ("s = (s + k * xs[i]).sin();", "s"),
        ("s += (w[i] * xs[i]).exp();", "s"),
        // One of two numbers by a condition, of which nothing is recorded.
        ("let r = k * xs[i]; s += if r < 1.0 { r * r } else { 2.0 * r - 1.0 };", "s"),
    ] {
        let [before, after] =
            [Passes { fused_loops: false, ..one }, one].map(|passes| printed(&loss(term, end), passes));
        assert_eq!(before, after);
    }
}

#[test]
fn what_goes_to_a_later_element_is_carried() {
    let one = Passes { neighbours: true, reduction_order: true, ..Passes::NONE };
    // By index, in windows, beside the tail, with the number before the index, and backward from element to element.
    for (body, additions, carried) in [
        ("for i in 0..x.len() - 1 { s += (x[i + 1] - x[i] * x[i]).powi(2); }", 2, 1),
        ("for pair in x.windows(2) { s += (pair[1] - pair[0]).powi(2); }", 2, 1),
        ("for (a, b) in x.iter().zip(&x[1..]) { s += (b - a).powi(2); }", 2, 1),
        ("for i in 1..x.len() { let j = i - 1; s += x[j] * x[1 + j]; }", 2, 1),
        ("for i in 1..x.len() - 1 { s += (x[i - 1] - 2.0 * x[i] + x[i + 1]).tanh(); }", 3, 2),
        ("for i in 0..x.len() - 3 { s += x[i] * x[i + 3]; }", 4, 3),
    ] {
        let text = format!("fn f(x: &[f64]) -> f64 {{ let mut s = 0.0; {body} s }}");
        let after = printed(&text, one);
        let reverse = after.split("\nreverse").nth(1).expect("a reverse sweep");
        assert_eq!(reverse.matches("accumulate x_b[").count(), carried + 1, "{additions}: {after}");
        assert_eq!(
            reverse.lines().filter(|line| line.contains("x_b_later") && line.contains("loop")).count(),
            1
        );
        assert_eq!(reverse.matches("x_b_left").count(), 2 * carried, "{after}");
    }
}

#[test]
fn elements_that_are_read_or_far_from_each_other_are_added_to_at_once() {
    let one = Passes { neighbours: true, reduction_order: true, ..Passes::NONE };
    let with = |body: &str| format!("fn f(x: &[f64], k: usize) -> f64 {{ let mut s = 0.0; {body} s }}");
    for body in [
        // Far from each other; as far as nobody knows; not one after the other; and elements that others are added to.
        "for i in 0..x.len() - 9 { s += x[i] * x[i + 9]; }",
        "for i in 0..x.len() - k { s += x[i] * x[i + k]; }",
        "for i in 0..x.len() / 2 { s += x[2 * i] * x[2 * i + 1]; }",
        "for i in (0..x.len() - 1).rev() { s += x[i] * x[i + 1]; }",
        "for i in (0..x.len() - 1).step_by(2) { s += x[i] * x[i + 1]; }",
        "for i in 0..x.len() - 1 { s += x[i] * x[i + 1] * x[0]; }",
        "for i in 0..x.len() - 1 { s += x[i] * x[i + 1] * x[k]; }",
        "for i in 0..x.len() - 1 { s += x[i] * x[i + 1]; if s > 9.0 { break; } }",
        "for i in 0..x.len() - 1 { s += x[i] * x[i + 1]; for j in 0..i { s += x[j]; } }",
        // What is one element alone.
        "for i in 0..x.len() { s += x[i] * x[i]; }",
        // Not even one iteration is without a panic, and rustc knows the index that it would leave.
        "for i in 0..9 { s += x[i] * x[i - 1]; }",
    ] {
        let [before, after] =
            [Passes { neighbours: false, ..one }, one].map(|passes| printed(&with(body), passes));
        assert_eq!(before, after);
    }
}

#[test]
fn elements_that_an_iteration_takes_are_added_to_at_once() {
    let text = "fn f(x: &[f64]) -> f64 {
        let mut u = x.to_vec();
        for i in 1..u.len() - 1 { u[i] = u[i - 1] * u[i + 1]; }
        u[1]
    }";
    let [before, after] = before_and_after(text, Passes { neighbours: true, ..Passes::NONE });
    assert_eq!(before, after);
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
fn a_loop_is_skipped_where_the_condition_governs_numbers_that_are_added() {
    // A hinge over units, each of which may be off itself.
    let text = "fn f(w: &[f64], v: &[f64], xs: &[f64]) -> f64 {
        let mut score = 0.0;
        for j in 0..w.len() { score += v[j] * (w[j] * xs[j]).max(0.0); }
        (1.0 - score).max(0.0)
    }";
    let one = Passes { skipped_loops: true, ..Passes::NONE };
    let [before, after] = before_and_after(text, one);
    assert!(before.matches("where max_taken°").count() >= 2, "{before}");
    assert!(!after.contains("where max_taken°") && after.contains("if max_taken°\n    loop"), "{after}");
    assert!(after.contains("where max_taken_2°"), "the other condition stays: {after}");
    // Pairs of samples in a ranking, and an error that is free up to a bound.
    for text in [
        "fn f(w: &[f64], #[constant] better: &[f64], #[constant] worse: &[f64]) -> f64 {
            let mut loss = 0.0;
            for i in 0..better.len() / w.len() {
                let mut gap = 0.0;
                for j in 0..w.len() {
                    let at = i * w.len() + j;
                    gap += (w[j] * better[at]).max(0.0) - (w[j] * worse[at]).max(0.0);
                }
                loss += (1.0 - gap).max(0.0);
            }
            loss
        }",
        "fn f(centres: &[f64], w: &[f64], #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
            let mut loss = 0.0;
            for (x, y) in xs.iter().zip(ys) {
                let mut guess = 0.0;
                for (c, w) in centres.iter().zip(w) { guess += w * (1.0 - (x - c) * (x - c)).max(0.0); }
                loss += ((guess - y).abs() - 0.1).max(0.0);
            }
            loss
        }",
    ] {
        let [before, after] = before_and_after(text, one);
        let is_skipped = |text: &str| {
            ["max_taken", "_reached"].iter().any(|word| text.contains(&format!("{word}°\n        loop")))
        };
        assert!(!is_skipped(&before) && is_skipped(&after), "{after}");
    }
    // One number counts without the condition.
    let text = text.replace("score += v[j]", "other += v[j].exp(); score += v[j]");
    let text =
        text.replace("let mut score", "let mut other = 0.0; let mut score").replace("(1.0", "other + (1.0");
    let [before, after] = before_and_after(&text, one);
    assert_eq!(before, after);
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

#[test]
fn what_the_loop_around_computes_anew_is_in_a_table() {
    let one = Passes { tables: true, ..Passes::NONE };
    let text = "fn f(a: &[f64], #[constant] xs: &[f64], d: usize) -> f64 {
        let mut s = 0.0;
        for x in xs { for k in 0..3 { for j in 0..d { s += x * s.sin() * a[k * d + j].exp(); } } }
        s
    }";
    let [before, after] = before_and_after(text, one);
    let recorded = |text: &str| {
        let records = text.lines().filter(|line| line.trim_start().starts_with("record"));
        records.map(|line| line.matches(',').count() + 1).sum::<usize>()
    };
    assert_eq!(after.matches(".push(").count(), 1, "{after}");
    assert_eq!(recorded(&before) - recorded(&after), 1, "{before}\n{after}");
    // The exponential that is in the table; the sine changes.
    let filling = after.split("if table").nth(1).expect("a branch");
    assert!(filling.contains("exp(") && !filling.lines().nth(1).expect("a line").contains("sin("), "{after}");
    // Rows of other lengths, and the iterations of a user's iterator between.
    for inner in [
        "for j in 0..i { s += a[j].exp(); }",
        "for row in a.chunks_exact(2) { for j in 0..row.len() { s += row[0] * a[j].exp(); } }",
    ] {
        let text =
            format!("fn f(a: &[f64], n: usize) -> f64 {{ let mut s = 0.0; for i in 0..n {{ {inner} }} s }}");
        let after = printed(&text, one);
        assert_eq!(after.matches(".push(").count(), 1, "{after}");
    }
    // A loop that it does not depend on is not counted.
    let one_row = "fn f(a: &[f64], n: usize) -> f64 {
        let mut s = 0.0;
        for _ in 0..n { for k in 0..a.len() { for _ in 0..3 { s += a[k].exp(); } } }
        s
    }";
    let printed_row = printed(one_row, one);
    let position = printed_row.lines().find(|line| line.contains("_at° =")).expect("a position");
    assert!(!position.contains('*'), "{printed_row}");
}

#[test]
fn what_differs_from_time_to_time_is_in_no_table() {
    let one = Passes { tables: true, ..Passes::NONE };
    for inner in [
        // It depends on the loop around, or on what changes.
        "for j in 0..a.len() { s += (a[j] * i as f64).exp(); }",
        "for j in 0..a.len() { s += b[j].exp(); b[j] = s; }",
        "for j in 0..a.len() { s += (a[j] + s).exp(); }",
        // Not every number is computed in its turn.
        "for j in 0..a.len() { for k in 0..2 { if s > 3.0 { break; } s += a[j + k].exp(); } }",
        "for j in 0..a.len() { if s > 3.0 { s += a[j].exp(); } }",
        "for j in 0..a.len() { for k in 0..i { s += a[j + k].exp(); } }",
        "for j in 1..a.len() { s += a[j].exp(); }",
        "for j in 0..a.len() { for k in 0..j { s += a[k + j].exp(); } }",
        // A look into the table would take as long.
        "for j in 0..a.len() { s += 1.0 / a[j]; }",
    ] {
        let text = format!(
            "fn f(a: &[f64], n: usize) -> f64 {{
                let mut b = [1.0, 2.0, 3.0];
                let mut s = 0.0;
                for i in 0..n {{ {inner} }}
                s
            }}"
        );
        assert!(!printed(&text, one).contains("table"), "{inner}");
    }
}
