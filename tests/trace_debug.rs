//! What a trace tells when something is wrong: the birth of a NaN, inputs without effect, what a gradient is made of.

#![allow(unused_variables, clippy::assign_op_pattern, clippy::needless_range_loop, reason = "as users write")]

use gradus::graph::Operand;
use gradus::trace::{DeadReason, DetachReason, Pass, Trace};
use gradus::{Activations, differentiable, stop_gradient};

// --- the first NaN or infinity

#[differentiable]
fn logs(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let shifted = x - i as f64;
        total += shifted.ln();
    }
    total.exp()
}

#[test]
fn a_nan_of_the_forward_pass_is_found_where_it_was_born() {
    assert!(logs_graph(3.5, 3).first_non_finite().is_none());
    let trace = logs_graph(2.5, 5);
    let born = trace.first_non_finite().expect("ln(−0.5)");
    assert_eq!(born.pass, Pass::Forward);
    let line = trace.source().line + 4;
    let expected = format!(
        "\
error: NaN is born here, in the forward pass
  --> tests/trace_debug.rs:{line}:18
   |
{line} |         total += shifted.ln();
   |                  ^^^^^^^^^^^^ ln(−0.5) = NaN
   |
   = note: shifted = −0.5
   = note: in iteration 4 of line {}
",
        line - 2
    );
    assert_eq!(born.to_string(), expected);
    let argument = logs_graph(f64::NAN, 1);
    let born = argument.first_non_finite().expect("an argument").to_string();
    assert!(born.starts_with("error: NaN comes in with an argument\n"), "{born}");
    assert!(born.contains("^ `x` is NaN\n"), "{born}");
}

#[differentiable]
fn distance(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt() * 2.0
}

#[differentiable]
fn guarded(x: f64) -> f64 {
    let root = x.sqrt();
    root.max(1.0) + x
}

#[test]
fn what_is_born_in_the_backward_pass_is_told_with_the_rule() {
    let trace = distance_graph(0.0, 0.0);
    let born = trace.first_non_finite().expect("the derivative of √ at 0");
    assert_eq!(born.pass, Pass::Backward { operand: 0 });
    let text = born.to_string();
    assert!(text.starts_with("error: an infinity is born here, in the backward pass\n"), "{text}");
    assert!(text.contains("^^^^^^^^^^^^^^^^^^^^^^ ∂(x * x + y * y) += ∞ × 2 = ∞\n"), "{text}");
    assert!(text.contains("= note: ∂√a/∂a = 1/(2√a); by convention ∞ at 0\n"), "{text}");
    assert!(distance_graph(3.0, 4.0).first_non_finite().is_none());
    // The root's derivative at 0 is ∞ too, but nothing arrives there: no harm, no report.
    let trace = guarded_graph(0.0);
    assert!(trace.gradient("x")[0].is_finite());
    assert!(trace.first_non_finite().is_none());
}

#[differentiable]
fn large(x: f64) -> f64 {
    let y = x * 1e308;
    let z = x * 1e308;
    (y + z) - 1e308
}

#[test]
fn a_sum_of_finite_terms_that_overflows_is_told_as_such() {
    let trace = large_graph(0.5);
    assert!(trace.graph().nodes().all(|node| node.data().is_finite()));
    let born = trace.first_non_finite().expect("2e308 is no f64");
    assert_eq!(born.pass, Pass::Sum);
    assert!(born.to_string().contains("each of the terms of this gradient is finite, their sum is not"));
}

// --- dead inputs

/// The name of each dead input, and why.
fn dead(trace: &Trace) -> Vec<(String, DeadReason)> {
    trace.dead_inputs().into_iter().map(|dead| (dead.name, dead.reason)).collect()
}

#[differentiable]
fn many_ways_to_die(unused: f64, cut: f64, branch: f64, shut: f64, lost: f64, compared: f64, x: f64) -> f64 {
    let data = stop_gradient(cut * 2.0);
    let _wasted = lost.sin() + 1.0;
    let y = if x > compared { x * data } else { x * branch };
    y + (shut * x).relu()
}

#[test]
fn each_reason_is_told() {
    let trace = many_ways_to_die_graph(1.0, 2.0, 3.0, -4.0, 5.0, 6.0, 7.0);
    let dead = dead(&trace);
    let names: Vec<_> = dead.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["unused", "cut", "branch", "shut", "lost", "compared"]);
    assert_eq!(dead[0].1, DeadReason::Unused);
    assert!(matches!(dead[1].1, DeadReason::Detached { at, reason: DetachReason::StopGradient }
        if at.text() == "stop_gradient(cut * 2.0)"));
    assert!(
        matches!(dead[2].1, DeadReason::BranchNotTaken { source, arm } if source.slice(arm) == "{ x * branch }")
    );
    assert!(
        matches!(dead[3].1, DeadReason::ZeroPartial { at: Some(at), .. } if at.text() == "(shut * x).relu()")
    );
    assert!(
        matches!(dead[4].1, DeadReason::ResultUnused { at: Some(at) } if at.text() == "lost.sin() + 1.0")
    );
    assert!(matches!(dead[5].1, DeadReason::OnlyCompared { at } if at.text() == "x > compared"));
    let line = trace.source().line;
    let told: Vec<String> = trace.dead_inputs().iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "`unused`: no operation uses it");
    assert_eq!(
        told[1],
        format!("`cut`: its derivative is cut off by `stop_gradient(cut * 2.0)` (line {})", line + 1)
    );
    assert_eq!(told[2], format!("`branch`: the branch in line {}, which names it, was not taken", line + 3));
}

#[differentiable]
fn shares(w: &[f64], k: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..k {
        total += w[i] * w[i];
    }
    total.floor() + w[0] - w[0]
}

#[test]
fn elements_die_one_by_one_and_what_cancels_is_alive() {
    // `floor` is flat, so that only w[0] has an effect, which cancels out.
    let trace = shares_graph(&[1.0, 2.0, 3.0], 2);
    assert_eq!(trace.gradient("w"), [0.0, 0.0, 0.0]);
    let dead = dead(&trace);
    assert_eq!(dead.len(), 2);
    assert!(matches!(dead[0], (ref name, DeadReason::ZeroPartial { at: Some(at), .. })
        if name == "w[1]" && at.text() == "total.floor()"));
    assert_eq!(dead[1], ("w[2]".to_owned(), DeadReason::Unused));
}

#[differentiable]
fn squashed(x: f64) -> f64 {
    (x * 1e-200) * 1e-200
}

#[test]
fn a_derivative_too_small_for_a_number_is_told_as_such() {
    assert_eq!(dead(&squashed_graph(3.0)), [("x".to_owned(), DeadReason::Vanished)]);
}

// --- contributions

/// What every single way from a start to the result contributes, found by walking them all.
fn all_ways(trace: &Trace, start: usize, from: usize) -> Vec<f64> {
    if from == start {
        return vec![1.0];
    }
    let node = trace.graph().node(from);
    let mut ways = Vec::new();
    for (operand, partial) in node.operands().zip(node.local_partials()) {
        if let Operand::Node(index) = operand {
            ways.extend(all_ways(trace, start, index).into_iter().map(|way| way * partial));
        }
    }
    ways
}

#[differentiable]
fn tangled(x: f64, y: f64) -> f64 {
    let a = x * y + x.sin();
    let b = a * a - x;
    let c = b * y + a * x;
    c * a + b.max(0.5)
}

#[test]
fn the_largest_ways_are_those_of_all_ways() {
    let trace = tangled_graph(1.3, -0.7);
    let last = trace.graph().len() - 1;
    for (name, start) in [("x", 0), ("y", 1)] {
        let mut expected = all_ways(&trace, start, last);
        expected.retain(|way| *way != 0.0);
        let contributions = trace.contributions(name);
        let sum: f64 = expected.iter().sum();
        assert!((sum - trace.gradient(name)[0]).abs() < 1e-12, "by the chain rule");
        assert_eq!(contributions.gradient, trace.gradient(name)[0]);
        let magnitude: f64 = expected.iter().map(|way| way.abs()).sum();
        assert!((contributions.magnitude - magnitude).abs() < 1e-12 * magnitude);
        expected.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
        assert!(expected.len() >= 10 || contributions.largest.len() == expected.len());
        for (way, expected) in contributions.largest.iter().zip(&expected) {
            assert!((way.value.abs() - expected.abs()).abs() < 1e-12, "{way:?} {expected}");
            assert!((way.share - expected.abs() / magnitude).abs() < 1e-12);
            // The nodes are a way: each is an operand of the next.
            assert_eq!((way.nodes[0], way.nodes[way.nodes.len() - 1]), (start, last));
            for pair in way.nodes.windows(2) {
                let mut operands = trace.graph().node(pair[1]).operands();
                assert!(operands.any(|operand| operand == Operand::Node(pair[0])));
            }
        }
    }
}

#[differentiable]
fn doubling(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y + y * 0.25;
    }
    y
}

#[test]
fn ways_beyond_number_take_no_time() {
    // 2¹⁰⁰⁰ ways: the greatest goes by the left side of every sum, the next nine take one detour of 1/4.
    let trace = doubling_graph(1.0, 1000);
    let contributions = trace.contributions("x");
    let values: Vec<f64> = contributions.largest.iter().map(|way| way.value).collect();
    assert_eq!(values[0], 1.0);
    assert_eq!(values[1..], [0.25; 9]);
    assert!((contributions.magnitude / 1.25_f64.powi(1000) - 1.0).abs() < 1e-9);
    let text = contributions.to_string();
    assert!(text.contains("x → y (1000×)"), "{text}");
}

#[differentiable]
fn weighted(w: &[f64], x: f64) -> f64 {
    w.iter().map(|w| w * x).sum::<f64>()
}

#[test]
fn one_number_of_an_argument_has_ways_of_its_own() {
    let trace = weighted_graph(&[1.0, 2.0, 3.0], 5.0);
    assert_eq!(trace.contributions("w").largest.len(), 3);
    assert_eq!(trace.contributions("w[2]").largest.len(), 1);
    assert_eq!(trace.contributions("w[2]").gradient, 5.0);
}

#[test]
#[should_panic(expected = "`weighted` has no differentiable argument `z`; it has `w`, `x`")]
fn an_unknown_argument_is_refused() {
    let _ = weighted_graph(&[1.0], 5.0).contributions("z");
}
