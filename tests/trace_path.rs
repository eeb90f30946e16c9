//! The way through the program that `f_graph` records: paths, branches, guards, cuts.

#![allow(clippy::assign_op_pattern, clippy::let_and_return, clippy::useless_vec, reason = "as users write")]

use gradus::graph::{Node, Operand};
use gradus::trace::{Comparison, DetachReason, Guard, Scope, Step, Trace};
use gradus::{differentiable, stop_gradient};

/// A path in short: `for[2]`, `if.1`, `f()`.
fn shown(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Call { source, .. } => format!("{}()", source.function),
        Step::Iteration { at, number } => {
            let text = at.text().split([' ', '|']).find(|word| !word.is_empty()).unwrap_or("");
            format!("{text}[{number}]")
        }
        Step::Branch { at, arm } => {
            format!("{}.{arm}", at.text().split_whitespace().next().unwrap_or(""))
        }
        other => unreachable!("{other:?} is a new kind of step"),
    };
    path.iter().map(step).collect::<Vec<_>>().join(" ")
}

/// The paths of the operations whose text is `text`, in order.
fn paths(trace: &Trace, text: &str) -> Vec<String> {
    let here = |node: &Node<'_>| match node.origin() {
        Some(gradus::trace::Origin::Site(site)) => site.text() == text,
        _ => false,
    };
    trace.graph().nodes().filter(here).map(|node| shown(&trace.path(node))).collect()
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn nested(x: f64, rows: usize) -> f64 {
    let mut total = 0.0;
    for row in 0..rows {
        let mut part = x;
        for _ in 0..row {
            part = part + x;
        }
        if row % 2 == 0 {
            total += square(part);
        } else {
            total -= part;
        }
    }
    total.sin()
}

#[test]
fn loops_branches_and_calls_nest() {
    let trace = nested_graph(0.5, 3);
    assert_eq!(paths(&trace, "part + x"), ["for[1] for[0]", "for[2] for[0]", "for[2] for[1]"]);
    assert_eq!(paths(&trace, "x * x"), ["for[0] if.0 square()", "for[2] if.0 square()"]);
    assert_eq!(paths(&trace, "total -= part"), ["for[1] if.1"]);
    assert_eq!(paths(&trace, "total.sin()"), [""], "after the loops the way is the function's own again");
    let [x, ..] = &trace.inputs()[0].nodes[..] else { panic!("x has a node") };
    assert_eq!(trace.path(trace.graph().node(*x)), []);
    let call = trace
        .graph()
        .nodes()
        .flat_map(|node| trace.path(node))
        .find(|step| matches!(step, Step::Call { .. }));
    assert_eq!(call.map(|step| step.at().text()), Some("square(part)"));
}

#[differentiable]
fn leaving(x: f64, way: usize) -> f64 {
    let mut y = x;
    'outer: for i in 0..4 {
        for j in 0..4 {
            y = y * 1.5;
            if j > 0 {
                let z = y + 1.0;
                if way == 0 {
                    continue 'outer;
                }
                if way == 1 {
                    break 'outer;
                }
                if way == 2 && i == 1 {
                    return z.cos();
                }
            }
        }
        y = y - x;
    }
    y.exp()
}

#[differentiable]
fn around(x: f64, way: usize) -> f64 {
    let inner = leaving(x, way);
    inner.tan()
}

#[test]
fn jumps_leave_the_scopes_right() {
    let trace = leaving_graph(0.5, 0);
    let expected: Vec<_> =
        (0..4).flat_map(|i| (0..2).map(move |j| format!("'outer:[{i}] for[{j}]"))).collect();
    assert_eq!(paths(&trace, "y * 1.5"), expected, "continue 'outer");
    assert_eq!(paths(&trace, "y.exp()"), [""]);
    assert_eq!(paths(&leaving_graph(0.5, 1), "y.exp()"), [""], "break 'outer");
    let returned = leaving_graph(0.5, 2);
    assert_eq!(paths(&returned, "z.cos()"), ["'outer:[1] for[1] if.0 if.0"]);
    assert_eq!(paths(&around_graph(0.5, 2), "inner.tan()"), [""], "a return goes back to the caller");
    assert_eq!(paths(&around_graph(0.5, 2), "z.cos()"), ["leaving() 'outer:[1] for[1] if.0 if.0"]);
}

#[differentiable]
fn root(a: f64) -> f64 {
    let mut x = a;
    while (x * x - a).abs() > 1e-9 {
        x = 0.5 * (x + a / x);
    }
    let mut left = vec![a, x];
    while let Some(last) = left.pop() {
        x = x * last;
    }
    let doubled = loop {
        let twice = x * 2.0;
        if twice > 100.0 {
            break twice;
        }
        x = x + 20.0;
    };
    doubled
}

#[test]
fn conditions_belong_to_the_iteration_that_they_decide_about() {
    let trace = root_graph(2.0);
    let bodies = paths(&trace, "a / x").len();
    let expected: Vec<_> = (0..=bodies).map(|turn| format!("while[{turn}]")).collect();
    assert_eq!(paths(&trace, "x * x"), expected);
    assert_eq!(paths(&trace, "x * last"), ["while[0]", "while[1]"]);
    let turns = paths(&trace, "x * 2.0");
    assert_eq!(turns[..2], ["loop[0]", "loop[1]"]);
}

#[differentiable]
fn closures(xs: &[f64]) -> f64 {
    let bend = |x: f64| {
        if x > 1.0 {
            return x.ln();
        }
        x * 3.0
    };
    let mut total = 0.0;
    for y in xs.iter().map(|x| x.exp()) {
        total += bend(y);
    }
    total + xs.iter().map(|x| x.sin()).sum::<f64>() + xs.iter().copied().map(square).sum::<f64>()
}

#[test]
fn calls_of_a_closure_are_iterations() {
    let trace = closures_graph(&[-1.0, 1.0]);
    assert_eq!(paths(&trace, "x.sin()"), ["x[0]", "x[1]"]);
    assert_eq!(paths(&trace, "x.exp()"), ["for[0] x[0]", "for[1] x[0]"], "asked for by the loop");
    assert_eq!(paths(&trace, "x * 3.0"), ["for[0] x:[0]"]);
    assert_eq!(paths(&trace, "x.ln()"), ["for[1] x:[0] if.0"]);
    assert_eq!(paths(&trace, "total += bend(y)"), ["for[0]", "for[1]"], "a return goes out of its closure");
    assert_eq!(paths(&trace, "x * x"), ["square[0] square()", "square[1] square()"]);
}

#[differentiable]
fn recursive(x: f64, n: u32) -> f64 {
    match n {
        0 => x,
        _ => recursive(x * x, n - 1).sqrt(),
    }
}

#[test]
fn recursion_is_a_path_of_calls() {
    let trace = recursive_graph(3.0, 2);
    assert_eq!(paths(&trace, "x * x"), ["match.1", "match.1 recursive() match.1"]);
    assert_eq!(paths(&trace, "recursive(x * x, n - 1).sqrt()"), ["match.1 recursive() match.1", "match.1"]);
}

#[differentiable]
fn branching(x: f64, y: f64, n: i32) -> f64 {
    let Some(first) = [x, y].first().copied() else {
        return y * 7.0;
    };
    let part = if first > 1.0 {
        x * 2.0
    } else if y == 3.0 {
        y * 4.0
    } else {
        x * y
    };
    match n {
        0 => part.sin(),
        1 => part.cos(),
        _ => part,
    }
}

#[test]
fn branches_tell_the_arms_that_ran_and_those_that_did_not() {
    let trace = branching_graph(0.5, 3.0, 1);
    let branches = trace.branches();
    let mut unused: Vec<&str> = branches
        .iter()
        .flat_map(|branch| branch.not_taken().map(|arm| branch.at.source.slice(arm)))
        .collect();
    unused.sort_unstable();
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let unused: Vec<_> = unused.into_iter().map(words).collect();
    assert_eq!(unused, ["part", "part.sin()", "{return y*7.0;}", "{x*2.0}", "{x*y}"].map(words));
    let counts = nested_graph(0.5, 5).branches();
    assert_eq!(counts[0].taken, [3, 2]);
}

#[test]
fn branches_of_a_called_function_are_told_too() {
    let trace = around_graph(0.5, 3);
    assert!(trace.branches().iter().all(|branch| branch.at.source.function == "leaving"));
    assert!(trace.branches().iter().any(|branch| branch.taken == [0]));
}

/// A guard in short.
fn guard(guard: &Guard) -> (String, Comparison, bool, String) {
    (guard.at.text().to_owned(), guard.comparison, guard.outcome, shown(&guard.path))
}

#[test]
fn guards_are_the_comparisons_with_a_node() {
    let trace = branching_graph(0.5, 3.0, 1);
    let guards: Vec<_> = trace.guards().iter().map(guard).collect();
    let expected = [
        ("first > 1.0".to_owned(), Comparison::Greater, false, String::new()),
        ("y == 3.0".to_owned(), Comparison::Equal, true, "if.1".to_owned()),
    ];
    assert_eq!(guards, expected);
    let sides = &trace.guards()[1];
    assert_eq!((sides.left, sides.right), (Operand::Node(1), Operand::Constant(3.0)));
    assert_eq!(sides.at.operands.len(), 2);
    // The loop's exit is a guard like any other; it comes out false once, the last time.
    let exits: Vec<_> = root_graph(2.0).guards();
    let exits: Vec<_> = exits.iter().filter(|guard| guard.at.text().contains("1e-9")).collect();
    assert!(exits[..exits.len() - 1].iter().all(|guard| guard.outcome) && !exits[exits.len() - 1].outcome);
    assert_eq!(nested_graph(0.5, 3).guards(), [], "integers decide nothing that depends on the inputs");
}

#[differentiable]
fn cutting(x: f64, y: f64) -> f64 {
    assert!(x > 0.0, "x is {x}");
    println!("{y}");
    let scale = stop_gradient(x) + 1.0;
    let kind = match y {
        0.0 => 1.0,
        _ => 2.0,
    };
    let mut pair = vec![x, y];
    pair.sort_by(f64::total_cmp);
    if (x * y).is_nan() || (x, 1) == (y, 1) {
        return x;
    }
    scale * kind * pair[0]
}

#[test]
fn cuts_are_the_places_where_a_plain_number_is_taken() {
    let trace = cutting_graph(2.0, 3.0);
    let cuts = trace.detached();
    let of = |reason| cuts.iter().filter(move |cut| cut.reason == reason).collect::<Vec<_>>();
    let texts = |reason| of(reason).iter().map(|cut| (cut.at.text(), cut.node)).collect::<Vec<_>>();
    assert_eq!(texts(DetachReason::StopGradient), [("stop_gradient(x)", Some(0))]);
    assert_eq!(texts(DetachReason::Pattern), [("y", Some(1))]);
    assert_eq!(texts(DetachReason::Comparison), [("(x, 1) == (y, 1)", None)]);
    let asserted = of(DetachReason::Assertion);
    assert!(asserted.iter().all(|cut| cut.node == Some(0)) && !asserted.is_empty());
    let questions = texts(DetachReason::Question);
    assert!(questions.contains(&("f64::total_cmp", Some(0))), "{questions:?}");
    assert!(questions.iter().any(|(text, _)| *text == "(x * y).is_nan()"), "{questions:?}");
    assert_eq!(nested_graph(0.5, 3).detached(), []);
}

#[differentiable]
fn failing(x: f64, limit: f64) -> f64 {
    let mut y = x;
    for _ in 0..3 {
        if y > limit {
            assert!(stop_gradient(y) < 10.0);
            y = square(y);
        }
    }
    y
}

#[test]
fn a_panic_does_not_spoil_the_next_trace() {
    let panicked = std::panic::catch_unwind(|| failing_graph(20.0, 1.0));
    assert!(panicked.is_err());
    assert_eq!(paths(&nested_graph(0.5, 1), "total.sin()"), [""]);
    let (_, gradient) = nested_grad(0.5, 3);
    assert!(gradient.is_finite());
    let trace = failing_graph(1.5, 2.0);
    assert_eq!(trace.branches()[0].taken, [0], "compared three times, never taken");
    assert_eq!(trace.guards().len(), 3);
}

fn inner_gradient(x: f64) -> f64 {
    nested_graph(x, 3).gradient("x")[0] + nested_grad(x, 3).1
}

#[differentiable]
fn with_gradients_inside(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..2 {
        let step = inner_gradient(stop_gradient(y));
        y = y - 0.1 * step;
    }
    y
}

#[test]
fn a_trace_within_a_trace_records_for_itself() {
    let trace = with_gradients_inside_graph(0.5);
    assert_eq!(paths(&trace, "y - 0.1 * step"), ["for[0]", "for[1]"]);
    assert_eq!(trace.branches(), [], "those of the inner function belong to the inner trace");
    assert_eq!(trace.detached().len(), 2);
}

#[test]
fn scopes_lead_outward_to_the_function() {
    let trace = nested_graph(0.5, 3);
    let is_square = |node: &Node<'_>| matches!(node.origin(), Some(gradus::trace::Origin::Site(site)) if site.text() == "x * x");
    let square = trace.graph().nodes().find(is_square).expect("a square");
    let scopes = std::iter::successors(Some(trace.scope(square)), |scope| scope.parent());
    let mut steps: Vec<Step> = scopes.clone().filter_map(Scope::step).collect();
    steps.reverse();
    assert_eq!(steps, trace.path(square));
    assert_eq!(scopes.last().map(Scope::number), Some(0));
}

#[test]
#[should_panic(expected = "the node belongs to another graph than the trace's")]
fn a_node_of_another_graph_has_no_path() {
    let trace = nested_graph(0.5, 3);
    let other = nested_graph(0.5, 3);
    trace.path(other.graph().node(0));
}
