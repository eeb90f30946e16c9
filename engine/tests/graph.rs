//! The graph: gradients, roots and seeds, recomputing, growing and shrinking, names and origins.

use gradus::trace::Origin;
use gradus::{Graph, Op, Value};

#[test]
fn every_path_counts() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let y = x * x;
    let z = y * y + y + x;
    z.backward();
    // z = x⁴ + x² + x
    assert_eq!(x.grad(), 4.0 * 27.0 + 2.0 * 3.0 + 1.0);
    assert_eq!(y.grad(), 2.0 * 9.0 + 1.0);
    assert_eq!(z.grad(), 1.0);
}

#[test]
fn backward_adds_to_leaves_and_to_what_lies_between() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let y = x * x;
    let z = y * y;
    let once = |root: Value| {
        graph.zero_grad();
        root.backward();
        [x.grad(), y.grad(), z.grad()]
    };
    let (of_z, of_y) = (once(z), once(y));
    graph.zero_grad();
    z.backward();
    y.backward();
    z.backward();
    let expected: [f64; 3] = std::array::from_fn(|k| 2.0 * of_z[k] + of_y[k]);
    assert_eq!([x.grad(), y.grad(), z.grad()], expected);
    assert_eq!(of_z, [4.0 * 27.0, 2.0 * 9.0, 1.0]);
    assert_eq!(of_y, [6.0, 1.0, 0.0]);
}

#[test]
fn gradients_accumulate_across_rewinds() {
    let graph = Graph::new();
    let w = graph.value(2.0);
    let w2 = w * w;
    let mark = graph.mark();
    for sample in [1.0, 10.0, 100.0] {
        graph.rewind(mark);
        (w2 * sample).backward();
    }
    assert_eq!((w.grad(), w2.grad()), (4.0 * 111.0, 111.0));
    graph.zero_grad();
    assert_eq!((w.grad(), w2.grad()), (0.0, 0.0));
}

#[test]
fn new_nodes_after_a_rewind_start_at_gradient_zero() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let mark = graph.mark();
    (x * 3.0).backward();
    graph.rewind(mark);
    let y = x * 5.0;
    assert_eq!(y.grad(), 0.0);
    y.backward();
    assert_eq!((y.grad(), x.grad()), (1.0, 8.0));
}

#[test]
fn several_roots_have_their_seeds() {
    let graph = Graph::new();
    let (x, y) = (graph.value(2.0), graph.value(5.0));
    let (sum, product) = (x + y, x * y);
    graph.backward(&[(sum, 10.0), (product, 1.0), (Value::from(3.0), 7.0), (sum, 0.5)]);
    assert_eq!((x.grad(), y.grad()), (10.5 + 5.0, 10.5 + 2.0));
    graph.backward(&[]);
    product.backward_with(-2.0);
    assert_eq!((x.grad(), y.grad()), (15.5 - 10.0, 12.5 - 4.0));
}

#[test]
fn a_root_may_lead_to_a_root() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    let y = x * x;
    let z = y * 2.0;
    graph.backward(&[(z, 1.0), (y, 10.0)]);
    assert_eq!((y.grad(), x.grad()), (12.0, 72.0));
}

#[test]
fn what_leads_to_no_root_spoils_nothing() {
    let graph = Graph::new();
    let x = graph.value(0.0);
    let unused = (x.sqrt() / x).ln();
    let y = x + 1.0;
    assert!(unused.is_nan());
    y.backward();
    assert_eq!((x.grad(), unused.grad()), (1.0, 0.0));
}

#[test]
fn a_zero_adjoint_is_an_adjoint() {
    let graph = Graph::new();
    let x = graph.value(0.0);
    x.sqrt().backward_with(0.0);
    assert!(x.grad().is_nan());
    graph.zero_grad();
    (x.sqrt() * -0.0).backward();
    assert!(x.grad().is_nan());
}

#[test]
fn recompute_follows_the_inputs() {
    let graph = Graph::new();
    let (x, y) = (graph.value(2.0), graph.value(3.0));
    let f = |x: f64, y: f64| x.mul_add(y, 1.0).ln() / x.hypot(y) - x.powi(3);
    let z = x.mul_add(y, 1.0).ln() / x.hypot(y) - x.powi(3);
    assert_eq!(z, f(2.0, 3.0));
    x.set_data(0.5);
    y.set_data(-1.0);
    assert_eq!(z, f(2.0, 3.0));
    graph.recompute();
    assert_eq!(z, f(0.5, -1.0));
    assert_eq!(graph.len(), 2 + 6);
}

#[test]
#[should_panic(expected = "only an input's data can be set, and this value is made by `mul`")]
fn the_data_of_a_result_cannot_be_set() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    (x * x).set_data(1.0);
}

#[test]
#[should_panic(expected = "only an input's data can be set, and this value is a constant")]
fn the_data_of_a_constant_cannot_be_set() {
    Value::from(2.0).set_data(1.0);
}

#[test]
fn rewind_keeps_what_is_older() {
    let graph = Graph::with_sites();
    let x = graph.value(2.0).named("x");
    let y = x.mul_add(3.0, 4.0).named("y");
    let mark = graph.mark();
    let _ = (y * 5.0).mul_add(6.0, 7.0).named("z");
    graph.rewind(mark);
    assert_eq!((graph.len(), x.data(), y.data()), (2, 2.0, 10.0));
    let w = y.mul_add(8.0, x);
    assert_eq!((w.data(), w.name(), y.name().as_deref()), (82.0, None, Some("y")));
    graph.rewind(mark);
    graph.rewind(mark);
    assert_eq!(y, 10.0);
}

#[test]
#[should_panic(expected = "this value's node was removed from its graph")]
fn a_removed_node_is_missed() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let mark = graph.mark();
    let y = x * x;
    graph.rewind(mark);
    let _ = y.data();
}

#[test]
#[should_panic(expected = "this value's node was removed from its graph")]
fn a_removed_node_is_missed_when_another_has_its_place() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let mark = graph.mark();
    let y = x * x;
    graph.rewind(mark);
    let _ = x + x;
    let _ = y + 1.0;
}

#[test]
#[should_panic(expected = "this value's node was removed from its graph")]
fn clear_removes_every_node() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    graph.clear();
    assert!(graph.is_empty());
    let _ = graph.value(3.0);
    x.backward();
}

#[test]
#[should_panic(expected = "the nodes before the mark were removed")]
fn a_mark_dies_with_the_nodes_before_it() {
    let graph = Graph::new();
    let mark = graph.mark();
    let _ = graph.value(2.0);
    let later = graph.mark();
    graph.rewind(mark);
    let _ = graph.value(3.0) * 2.0;
    graph.rewind(later);
}

#[test]
#[should_panic(expected = "the mark belongs to another graph")]
fn a_mark_is_of_its_graph() {
    let (one, other) = (Graph::new(), Graph::new());
    one.rewind(other.mark());
}

#[test]
#[should_panic(expected = "this value belongs to another graph")]
fn two_graphs_do_not_mix() {
    let (one, other) = (Graph::new(), Graph::new());
    let _ = one.value(1.0) + other.value(2.0);
}

#[test]
#[should_panic(expected = "this value belongs to another graph")]
fn a_root_is_of_its_graph() {
    let (one, other) = (Graph::new(), Graph::new());
    one.backward(&[(other.value(2.0), 1.0)]);
}

#[test]
fn a_panic_leaves_the_graph_usable() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let clamped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.clamp(1.0, 0.0)));
    assert!(clamped.is_err());
    (x * x).backward();
    assert_eq!((graph.len(), x.grad()), (2, 4.0));
}

#[test]
fn nodes_show_what_they_are() {
    let graph = Graph::new();
    let x = graph.value(2.0).named("x");
    let y = (x * 3.0).named(String::from("triple"));
    y.backward();
    let ops: Vec<Op> = graph.nodes().map(|node| node.op()).collect();
    assert_eq!(ops, [Op::Input, Op::Mul]);
    let node = y.node().unwrap();
    assert_eq!((node.index(), node.data(), node.grad()), (1, 6.0, 1.0));
    assert_eq!((node.name().as_deref(), node.origin()), (Some("triple"), None));
    assert_eq!(node.value(), 6.0);
    assert_eq!(format!("{graph:?}"), "[0: input = 2.0, grad 3.0, 1: mul = 6.0, grad 1.0]");
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn there_is_no_node_past_the_last() {
    let _ = Graph::new().node(0);
}

#[test]
fn graphs_with_sites_know_the_line() {
    let graph = Graph::with_sites();
    let first = line!() + 1;
    let x = graph.value(2.0);
    let mut y = x * 3.0;
    y += x;
    let y = y.tanh();
    let y = y.clamp(-1.0, 1.0);
    let y = -y;
    let y = 1.0 - y;
    let y = y.recip();
    let _ = y.log(10.0);
    let lines: Vec<u32> = graph.nodes().map(|node| node.origin().unwrap().position().0).collect();
    assert_eq!(lines, [0, 1, 2, 3, 4, 5, 6, 7, 8, 8].map(|k| first + k));
    let Some(Origin::Line(place)) = x.node().unwrap().origin() else { panic!("a line") };
    assert_eq!((place.file(), place.line()), (file!(), first));
}
