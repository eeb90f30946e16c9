//! Custom operations: nodes like the table's, with the user's own value and partials.

use gradus::custom::assert_partials;
use gradus::graph::Operand;
use gradus::{CustomOperation, Graph, Op, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// √(x² + k²), from operations of the table.
fn softabs_of_table<'g>(x: Value<'g>, k: Value<'g>) -> Value<'g> {
    (x * x + k * k).sqrt()
}

fn softabs() -> CustomOperation {
    CustomOperation::new(
        "softabs",
        |[x, k]: [f64; 2]| (x * x + k * k).sqrt(),
        |[x, k]| [x / x.hypot(k), k / x.hypot(k)],
    )
}

fn norm() -> CustomOperation {
    let value = |xs: &[f64]| xs.iter().map(|x| x * x).sum::<f64>().sqrt();
    CustomOperation::of_slice("norm", value, move |xs| xs.iter().map(|x| x / value(xs)).collect())
}

fn ignore(_: Value) {}

/// What a panic said.
fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    panic
        .downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| (*panic.downcast_ref::<&str>().expect("a message")).to_owned())
}

#[test]
fn gradients_are_those_of_the_same_operation_from_the_table() {
    let (custom, table) = (Graph::new(), Graph::new());
    let gradient = |graph: &Graph, softabs: &dyn for<'g> Fn(Value<'g>, Value<'g>) -> Value<'g>| {
        let (x, k) = (graph.value(1.5), graph.value(0.25));
        let inner = softabs(x, k);
        (softabs(inner * x, k).ln() + inner).backward();
        [x.grad(), k.grad(), inner.grad()]
    };
    let operation = softabs();
    let by_custom = gradient(&custom, &|x, k| {
        let operands = [x, k];
        operation.apply(&operands)
    });
    let by_table = gradient(&table, &softabs_of_table);
    for (custom, table) in by_custom.into_iter().zip(by_table) {
        assert!((custom - table).abs() < 1e-14 * table.abs(), "{by_custom:?}, {by_table:?}");
    }
}

#[test]
fn the_node_shows_what_it_is() {
    let graph = Graph::with_sites();
    let x = graph.value(3.0).named("x");
    let y = softabs().apply(&[x, Value::from(4.0)]);
    let line = line!() - 1;
    let node = y.node().unwrap();
    assert_eq!((node.op(), node.symbol(), node.data()), (Op::Custom, "softabs", 5.0));
    assert_eq!(node.custom_operation().unwrap().name(), "softabs");
    assert!(x.node().unwrap().custom_operation().is_none());
    assert!(node.operands().eq([Operand::Node(0), Operand::Constant(4.0)]));
    assert!(node.local_partials().eq([0.6, 0.0]), "nothing flows to a constant");
    assert_eq!((node.operands().len(), node.local_partials().len()), (2, 2));
    assert_eq!(node.origin().unwrap().position().0, line);
    assert_eq!(format!("{node:?}"), "1: softabs = 5.0, grad 0.0");
    assert!(gradus::view::dot(&graph).contains("<B>softabs</B>"));
    assert!(gradus::view::svg(&graph).unwrap().contains(">softabs<"));
    assert!(message(|| y.set_data(1.0)).contains("made by `softabs`"));
}

#[test]
fn any_number_of_operands() {
    let graph = Graph::new();
    let xs: Vec<Value> = (1..=10).map(|i| graph.value(f64::from(i))).collect();
    let y = norm().apply(&xs);
    y.backward();
    let length = 385_f64.sqrt(); // 1² + … + 10² = 10 · 11 · 21 / 6
    assert_eq!(y.data(), length);
    assert!(xs.iter().all(|x| (x.grad() - x.data() / length).abs() < 1e-15));
    assert_eq!(graph.len(), 11);
    // None at all: a constant.
    assert!(norm().apply(&[]).node().is_none());
}

#[test]
fn an_operand_may_come_twice() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    softabs().apply(&[x, x]).backward();
    assert!((x.grad() - 2_f64.sqrt()).abs() < 1e-15);
}

#[test]
fn of_constants_it_is_a_constant() {
    let y = softabs().apply(&[Value::from(3.0), Value::from(4.0)]);
    assert_eq!(y.data(), 5.0);
    assert!(y.node().is_none());
}

#[test]
fn gradients_accumulate_and_are_zeroed() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let y = softabs().apply(&[x, Value::from(4.0)]);
    y.backward();
    y.backward_with(2.0);
    assert!((x.grad() - 3.0 * 0.6).abs() < 1e-15);
    graph.zero_grad();
    assert_eq!((x.grad(), y.grad()), (0.0, 0.0));
}

#[test]
fn recompute_runs_value_and_partials_again() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let y = softabs().apply(&[x * 2.0, Value::from(4.0)]) + 1.0;
    x.set_data(1.5);
    graph.recompute();
    assert_eq!(y.data(), 6.0);
    y.backward();
    assert_eq!(x.grad(), 2.0 * 0.6);
}

#[test]
fn rewind_removes_what_custom_nodes_keep() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let kept = softabs().apply(&[x, Value::from(4.0)]);
    let mark = graph.mark();
    for round in 1..=3 {
        graph.rewind(mark);
        graph.zero_grad();
        let y = norm().apply(&[kept, x, Value::from(f64::from(round))]);
        y.backward();
        let length = (25.0 + 9.0 + f64::from(round * round)).sqrt();
        assert!((y.data() - length).abs() < 1e-14);
        // ∂/∂x of √(x² + 16 + x² + c²)
        assert!((x.grad() - 2.0 * 3.0 / length).abs() < 1e-14);
        assert_eq!(graph.len(), 3);
    }
    graph.rewind(mark);
    assert!(kept.node().unwrap().local_partials().eq([0.6, 0.0]));
    graph.clear();
    assert!(message(|| ignore(softabs().apply(&[x, x]))).contains("was removed"));
}

#[test]
fn graphs_do_not_mix() {
    let (one, other) = (Graph::new(), Graph::new());
    let (x, k) = (one.value(1.0), other.value(2.0));
    assert!(message(|| ignore(softabs().apply(&[x, k]))).contains("another graph"));
    assert_eq!((one.len(), other.len()), (1, 1));
}

#[test]
fn numbers_of_operands_and_partials_are_checked() {
    let graph = Graph::new();
    let x = graph.value(1.0);
    assert_eq!(message(|| ignore(softabs().apply(&[x]))), "`softabs` takes 2 operands, and is given 1");
    let wrong =
        CustomOperation::of_slice("mean", |xs| xs.iter().sum::<f64>() / xs.len() as f64, |_| vec![1.0]);
    assert_eq!(message(|| ignore(wrong.apply(&[x, x]))), "`mean` gives 1 partial derivatives for 2 operands");
}

#[test]
fn a_panic_inside_leaves_the_graph_as_it_was() {
    let graph = Graph::new();
    let x = graph.value(1.0);
    let strict = CustomOperation::new(
        "strict",
        |[x]: [f64; 1]| {
            assert!(x > 0.0, "not positive: {x}");
            x
        },
        |[_]| [1.0],
    );
    let y = strict.apply(&[x]);
    assert_eq!(message(|| ignore(strict.apply(&[-x]))), "not positive: -1");
    assert_eq!(graph.len(), 3);
    x.set_data(-2.0);
    assert_eq!(message(|| graph.recompute()), "not positive: -2");
    x.set_data(2.0);
    graph.recompute();
    assert_eq!(y.data(), 2.0);
}

#[test]
fn a_chain_of_them_is_no_deeper_than_one() {
    const DEPTH: usize = 100_000;
    let step = CustomOperation::new("step", |[x, y]: [f64; 2]| x + y, |[_, _]| [1.0, 1.0]);
    let thread = std::thread::Builder::new().stack_size(64 * 1024);
    let chain = move || {
        let graph = Graph::new();
        let x = graph.value(1.0);
        let sum = (0..DEPTH).fold(x, |sum, _| step.apply(&[sum, x]));
        sum.backward();
        assert_eq!((sum.data(), x.grad()), (DEPTH as f64 + 1.0, DEPTH as f64 + 1.0));
    };
    thread.spawn(chain).unwrap().join().unwrap();
}

#[test]
fn a_graph_with_custom_nodes_goes_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    let graph = Graph::new();
    softabs().apply(&[graph.value(1.0), Value::from(1.0)]).backward();
    is_send(&graph);
}

#[test]
fn right_partials_pass_the_check() {
    let points = [[3.0, 4.0], [-1e-3, 2.0], [1e6, 1e-2], [0.0, 1.0], [-7.5, -0.1]];
    assert_partials(&softabs(), &points);
    assert_partials(&norm(), &[vec![1.0], vec![1.0, -2.0, 3.0], vec![1e-8, 1e-8]]);
    // Steep, flat, and defined on one side only.
    let power = CustomOperation::new("power", |[x]: [f64; 1]| x.powf(1.5), |[x]| [1.5 * x.sqrt()]);
    assert_partials(&power, &[[1e-6], [1.0], [1e6]]);
    let flat = CustomOperation::new("flat", |[x]: [f64; 1]| (-x).exp(), |[x]| [-(-x).exp()]);
    assert_partials(&flat, &[[30.0], [-30.0]]);
    let wave =
        CustomOperation::new("wave", |[x]: [f64; 1]| (50.0 * x).sin(), |[x]| [50.0 * (50.0 * x).cos()]);
    assert_partials(&wave, &[[0.3], [4.0], [0.0]]);
}

#[test]
fn a_wrong_partial_is_named_with_how_much_it_is_off() {
    let wrong =
        CustomOperation::new("softabs", |[x, k]: [f64; 2]| x.hypot(k), |[x, k]| [x / x.hypot(k), 0.5]);
    let said = message(|| assert_partials(&wrong, &[[3.0, 4.0], [0.0, -1.0]]));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("`softabs`"));
    assert!(lines[1].contains("operands[1] at [3.0, 4.0]: it gives 0.5, differences give 0.8"), "{said}");
    assert!(lines[1].contains("off by 3.00000") || lines[1].contains("off by 2.99999"), "{said}");
    assert!(lines[2].contains("operands[1] at [0.0, -1.0]"), "{said}");
}

#[test]
fn small_mistakes_are_found_too() {
    for off in [1e-5, -1e-5] {
        let nearly =
            CustomOperation::new("sine", |[x]: [f64; 1]| x.sin(), move |[x]| [x.cos() * (1.0 + off)]);
        assert!(message(|| assert_partials(&nearly, &[[1.0]])).contains("operands[0] at [1.0]"));
    }
    let nan = CustomOperation::new("nan", |[x]: [f64; 1]| x.sin(), |[_]| [f64::NAN]);
    assert!(message(|| assert_partials(&nan, &[[1.0]])).contains("it gives NaN"));
}

#[test]
fn where_differences_cannot_tell_the_check_says_so() {
    let kink = CustomOperation::new("step", |[x]: [f64; 1]| f64::from(x > 1.0), |[_]| [0.0]);
    assert!(message(|| assert_partials(&kink, &[[1.0]])).contains("cannot be checked"));
    assert_partials(&kink, &[[1.5]]);
    let edge = CustomOperation::new("root", |[x]: [f64; 1]| x.sqrt(), |[x]| [0.5 / x.sqrt()]);
    assert!(message(|| assert_partials(&edge, &[[0.0]])).contains("cannot be checked"));
    assert!(message(|| assert_partials::<[f64; 1]>(&edge, &[])).contains("no points"));
}
