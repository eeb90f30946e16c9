//! Traces: values and gradients by name, the link from source to node, the listing.

mod traced;

use gradus::graph::{Node, Operand};
use gradus::rt::apply;
use gradus::trace::{Input, Trace};
use gradus::{Graph, Op, Value};
use traced::{LECTURE, neuron, newton, site, source};

/// 1/√2 and arsinh 1 = ln(1 + √2): the lecture chose the bias for the output to be the one, of the other.
#[test]
fn the_neuron_of_the_lecture() {
    let trace = neuron(LECTURE);
    assert!((trace.value() - 0.5f64.sqrt()).abs() < 1e-12);
    // With tanh' = 1 − y² = 1/2: d/dx = w/2, d/dw = x/2, d/db = 1/2.
    let expected = [("x1", -1.5), ("x2", 0.5), ("w1", 1.0), ("w2", 0.0), ("b", 0.5)];
    for (name, gradient) in expected {
        assert!((trace.gradient(name)[0] - gradient).abs() < 1e-12, "{name}");
    }
    let names: Vec<_> = trace.gradients().map(|(name, values, _)| (name, values[0])).collect();
    assert_eq!(names, [("x1", 2.0), ("x2", 0.0), ("w1", -3.0), ("w2", 1.0), ("b", LECTURE[4])]);
    assert_eq!(trace.values(), [trace.value()]);
    assert_eq!(trace.source().function, "neuron");
    assert!(format!("{trace:?}").contains("neuron"));
}

#[test]
#[should_panic(expected = "`newton_sqrt` has no differentiable argument `x`; it has `a`")]
fn an_unknown_argument_is_answered_with_those_that_exist() {
    newton(2.0, 1).gradient("x");
}

#[test]
fn the_listing_of_the_neuron() {
    // 0.707107 = 1/√2, 0.881374 = ln(1 + √2); the rest as above.
    let expected = "\
neuron  examples/neuron.rs:8  = 0.707107

 8 │ fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
   ┊   x1 = 2  ∂ −1.5   x2 = 0  ∂ 0.5   w1 = −3  ∂ 1   w2 = 1  ∂ 0   b = 6.88137  ∂ 0.5
 9 │     let s = x1 * w1 + x2 * w2;  ┊ x1 * w1 = −6  ∂ 0.5   x2 * w2 = 0  ∂ 0.5   s = −6  ∂ 0.5
10 │     let n = s + b;              ┊ n = 0.881374  ∂ 0.5
11 │     let out = n.tanh();         ┊ out = 0.707107  ∂ 1
12 │     out
13 │ }

gradient
  x1  −1.5
  x2  0.5
  w1  1
  w2  0
  b   0.5
";
    assert_eq!(neuron(LECTURE).to_string(), expected);
}

#[test]
fn a_loop_is_summed_up() {
    // From a = 4: x = 4, then 2.5, then 2.05. Backwards from 1, by hand: the second sum has gradient 0.5,
    // the first x has 0.5 − 0.5 · 4 / 2.5² = 0.18, the first sum 0.09, and a has 0.25 + 1 / (a + 1)² = 0.29.
    let listing = newton(4.0, 2).to_string();
    for part in [
        "newton_sqrt  examples/newton.rs:3  = 2.05\n",
        "a = 4  ∂ 0.29\n",
        "2× a / x = 1 … 1.6  ∂ 0.09 … 0.5",
        "2× (x + a / x) = 5 … 4.1  ∂ 0.09 … 0.5",
        "2× x = 2.5 … 2.05  ∂ 0.18 … 1",
    ] {
        assert!(listing.contains(part), "{part:?} is missing from\n{listing}");
    }
}

/// A loop whose value takes each of `factors` times `x`, summed.
fn scaled(factors: &[f64]) -> Trace {
    let source =
        source("scaled", ("src/a.rs", 1, 1), "fn scaled(x: f64) -> f64 {\n    total += FACTORS[i] * x;\n}");
    let (product, total) =
        (site(source, "FACTORS[i] * x", &[], None), site(source, "total += FACTORS[i] * x", &[], None));
    let graph = Graph::with_sites();
    let x = graph.value(1.0);
    let mut sum = Value::from(0.0);
    for &factor in factors {
        let term = apply(Op::Mul, [Value::from(factor), x], Some(product));
        sum = apply(Op::Add, [sum, term], Some(total));
    }
    sum.backward();
    let last = sum.node().unwrap().index();
    Trace::new(graph, source, vec![Input { name: "x", nodes: vec![0] }], vec![Operand::Node(last)])
}

#[test]
fn a_range_is_told_where_first_and_last_do_not_tell_it() {
    assert!(scaled(&[1.0, 4.0, 0.0]).to_string().contains("3× FACTORS[i] * x = 1 … 0 in [0, 4]  ∂ 1 "));
    assert!(scaled(&[1.0, 3.0, 4.0]).to_string().contains("3× FACTORS[i] * x = 1 … 4  ∂ 1 "));
    assert!(scaled(&[1.0, f64::NAN, 4.0]).to_string().contains("3× FACTORS[i] * x = 1 … 4 with NaN  ∂ 1 "));
    assert!(scaled(&[f64::INFINITY]).to_string().contains("FACTORS[i] * x = ∞  ∂ 1 "));
}

#[test]
fn a_place_in_the_source_finds_its_node() {
    let trace = neuron(LECTURE);
    // `    let s = x1 * w1 + x2 * w2;` is line 9; the columns of its parts:
    let found = |line, column| trace.node_at(line, column).map(Node::index);
    assert_eq!(found(9, 13), Some(0), "x1, the operand");
    assert_eq!(found(9, 16), Some(5), "the first ×");
    assert_eq!(found(9, 21), Some(7), "the +");
    assert_eq!(found(9, 28), Some(3), "w2, the operand");
    assert_eq!(found(9, 5), None, "let");
    assert_eq!(found(11, 17), Some(9), "the dot of n.tanh()");
    assert_eq!(found(11, 15), Some(8), "n, the operand");
    for outside in [(7, 1), (14, 1), (9, 0), (9, 400)] {
        assert_eq!(found(outside.0, outside.1), None);
    }
    let line: Vec<_> = trace.nodes_of_line(9).map(Node::op).collect();
    assert_eq!(line, [Op::Mul, Op::Mul, Op::Add]);
    assert_eq!(trace.nodes_of_line(12).count(), 0);
}

#[test]
fn of_several_iterations_the_last_is_found() {
    let trace = newton(5.0, 3);
    // `        x = 0.5 * (x + a / x);` is line 6: one input and three operations a round.
    assert_eq!(trace.node_at(6, 17).unwrap().index(), 9, "the ×");
    assert_eq!(trace.node_at(6, 26).unwrap().index(), 7, "the ÷");
    assert_eq!(trace.node_at(6, 28).unwrap().index(), 6, "x: the result of the round before");
}

/// `β = α²`, `γ = β + α` at α = 3, in a text with all that makes columns hard to count.
fn strange() -> Trace {
    let text = "fn größe(α: f64) -> f64 {\r\n\t\tlet β = α * α;\t// 二乗, \u{202e}\u{1b}[31m\r\n\t\tβ + α // é\r\n\t}";
    let source = source("größe", ("src/größe.rs", 20, 9), text);
    let graph = Graph::with_sites();
    let alpha = graph.input(3.0, Some(site(source, "α", &[], None)));
    let beta = apply(Op::Mul, [alpha, alpha], Some(site(source, "α * α", &["α", "α"], Some("β"))));
    let sum = apply(Op::Add, [beta, alpha], Some(site(source, "β + α", &["β", "α"], None)));
    sum.backward();
    Trace::new(graph, source, vec![Input { name: "α", nodes: vec![0] }], vec![Operand::Node(2)])
}

#[test]
fn windows_line_ends_tabs_and_other_scripts() {
    // d(α² + α) = 2α + 1.
    let expected = "\
größe  src/größe.rs:20  = 12

20 │ fn größe(α: f64) -> f64 {                              ┊ α = 3  ∂ 7
21 │     let β = α * α;  // 二乗, \\u{202e}\\u{1b}[31m         ┊ β = 9  ∂ 1
22 │     β + α // é                                         ┊ β + α = 12  ∂ 1
23 │ }

gradient
  α  7
";
    let listing = strange().to_string();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&listing), words(expected));
    assert!(listing.chars().all(|character| character == '\n' || !character.is_control()));
    // The bars stand in one column: the two wide characters of line 21 count twice.
    let bar = |line: &&str| line.find('┊').map(|byte| line[..byte].chars().count());
    let bars: Vec<_> = listing.lines().filter_map(|line| bar(&line)).collect();
    assert_eq!(bars, [bars[0], bars[0] - 2, bars[0]]);
}

#[test]
fn columns_count_characters() {
    let trace = strange();
    let found = |line, column| trace.node_at(line, column).map(Node::index);
    assert_eq!(found(20, 18), Some(0), "α behind `fn größe(`, which starts in column 9");
    assert_eq!(found(21, 13), Some(1), "the × of α * α, behind two tabs");
    assert_eq!(found(22, 5), Some(2), "the +");
    assert_eq!(found(22, 3), Some(1), "β, the operand");
    assert_eq!(trace.graph().node(2).origin().unwrap().position(), (22, 3));
}

#[test]
fn a_narrow_listing_keeps_to_its_width() {
    let listing = neuron(LECTURE).listing().width(66).to_string();
    assert!(
        listing.lines().filter(|line| line.contains('┊')).all(|line| line.chars().count() <= 66),
        "{listing}"
    );
    for entry in ["b = 6.88137  ∂ 0.5", "x1 * w1 = −6  ∂ 0.5", "s = −6  ∂ 0.5"] {
        assert!(listing.contains(entry), "{entry}");
    }
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let trace = neuron(LECTURE);
    let coloured = trace.listing().colour(true).to_string();
    let mut plain = String::new();
    let mut pieces = coloured.split('\u{1b}');
    plain.push_str(pieces.next().unwrap());
    for piece in pieces {
        plain.push_str(piece.split_once('m').expect("an escape ends").1);
    }
    assert_ne!(coloured, plain);
    assert_eq!(plain, trace.to_string());
    assert!(coloured.contains("\u{1b}[33m∂ −1.5\u{1b}[0m"), "negative gradients have a colour of their own");
}

#[test]
fn a_long_argument_is_abridged() {
    let source = source("first", ("src/a.rs", 1, 1), "fn first(w: &[f64], c: [f64; 2]) -> f64 { w[0] }");
    let graph = Graph::with_sites();
    let nodes: Vec<_> = (0..20).map(|i| graph.value(f64::from(i)).node().unwrap().index()).collect();
    let pair: Vec<_> = (0..2).map(|i| graph.value(f64::from(i)).node().unwrap().index()).collect();
    graph.node(0).value().backward();
    let inputs = vec![Input { name: "w", nodes }, Input { name: "c", nodes: pair }];
    let listing = Trace::new(graph, source, inputs, vec![Operand::Node(0)]).to_string();
    assert!(
        listing.contains("w = [0, 1, 2, 3, 4, 5, …, 19] (20 values)  ∂ [1, 0, 0, 0, 0, 0, …, 0] (20 values)")
    );
    assert!(listing.contains("c = [0, 1]  ∂ [0, 0]"));
}

#[test]
fn a_constant_result_needs_no_node() {
    let source = source("one", ("src/a.rs", 3, 1), "fn one(x: f64) -> f64 {\n    let y = 1.0;\n    y\n}");
    let graph = Graph::with_sites();
    graph.value(2.0);
    let inputs = vec![Input { name: "x", nodes: vec![0] }];
    let trace = Trace::new(graph, source, inputs, vec![Operand::Constant(1.0)]);
    assert_eq!((trace.value(), trace.gradient("x")), (1.0, vec![0.0]));
    let annotated: Vec<_> =
        trace.to_string().lines().filter(|line| line.contains('┊')).map(str::to_owned).collect();
    assert_eq!(annotated, ["3 │ fn one(x: f64) -> f64 {  ┊ x = 2  ∂ 0"]);
}

#[test]
fn functions_that_were_called_follow() {
    let outer = source("outer", ("src/a.rs", 10, 1), "fn outer(x: f64) -> f64 {\n    square(x) + x\n}");
    let inner = source("square", ("src/b.rs", 5, 1), "fn square(y: f64) -> f64 {\n    y * y\n}");
    let graph = Graph::with_sites();
    let x = graph.value(3.0);
    let square = apply(Op::Mul, [x, x], Some(site(inner, "y * y", &["y", "y"], None)));
    let sum = apply(Op::Add, [square, x], Some(site(outer, "square(x) + x", &["square(x)", "x"], None)));
    sum.backward();
    let trace = Trace::new(graph, outer, vec![Input { name: "x", nodes: vec![0] }], vec![Operand::Node(2)]);
    let listing = trace.to_string();
    let (caller, called) = listing.split_once("\nsquare  src/b.rs:5\n").expect("a part of its own");
    assert!(caller.contains("square(x) + x          ┊ square(x) + x = 12  ∂ 1\n"), "{listing}");
    assert!(called.contains("y * y  ┊ y * y = 9  ∂ 1\n"), "{listing}");
    // The call is an operand of the sum, and the node it gave is found there.
    assert_eq!(trace.node_at(11, 5).map(Node::index), Some(1));
    assert_eq!(trace.node_at(6, 5).map(Node::index), None, "that is a line of another file");
}

#[test]
fn pictures_are_written_to_files() {
    let folder = std::env::temp_dir().join(format!("gradus-trace-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let trace = neuron(LECTURE);
    trace.save_svg(folder.join("neuron.svg")).unwrap();
    trace.save_dot(folder.join("neuron.dot")).unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("neuron.svg")).unwrap(), trace.to_svg().unwrap());
    assert_eq!(std::fs::read_to_string(folder.join("neuron.dot")).unwrap(), trace.to_dot());
    let refused = newton(2.0, 700).save_svg(folder.join("large.svg")).unwrap_err();
    assert!(refused.to_string().contains("a graph of 2101 nodes is too large to draw"), "{refused}");
    assert!(!folder.join("large.svg").exists());
    std::fs::remove_dir_all(folder).unwrap();
}
