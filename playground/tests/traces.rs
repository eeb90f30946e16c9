//! The traces of the playground are those that the compiled functions make: node by node, site by site, scope by scope.

mod support;

use explorer_tests::functions as compiled;
use gradus::Trace;
use gradus_compiler::interpret::{Complaint, File};
use playground::{chosen, parse_arguments, trace_of};
use support::drawn;

/// The text of the compiled functions, without the operation that has partials of its own.
fn text() -> String {
    let text = include_str!("../../tests/explorer/src/functions.rs");
    let (start, end) = ("/// |x|, rounded off at 0", "/// No operation at all.");
    let (start, end) =
        (text.find(start).expect("a custom operation"), text.find(end).expect("what follows it"));
    let lines = text[start..end].matches('\n').count();
    format!("{}{}{}", &text[..start], "\n".repeat(lines), &text[end..])
}

fn file() -> File {
    File::read(&text()).unwrap_or_else(|complaints| panic!("{complaints:#?}"))
}

fn run(function: &str, arguments: &[&str]) -> Result<Trace, Complaint> {
    let file = file();
    let function = chosen(&file, Some(function)).expect("the function");
    let given = parse_arguments(&file, &function.parameters, arguments).expect("arguments");
    trace_of(&file, function, &text(), &given)
}

#[test]
fn traces_are_those_of_compiled_functions() {
    let xs = &[1.0, 2.5, -0.5, 4.0, 0.25];
    let of_xs = "[1.0, 2.5, -0.5, 4.0, 0.25]";
    let w = [[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]];
    let cases: &[(&str, &[&str], Trace)] = &[
        ("neuron", &["2.0", "0.0", "-3.0", "1.0", "6.88"], compiled::neuron_graph(2.0, 0.0, -3.0, 1.0, 6.88)),
        ("shared", &["1.5"], compiled::shared_graph(1.5)),
        ("newton", &["5.0", "3"], compiled::newton_graph(5.0, 3)),
        ("spring", &["1.5", "0.2", "1.0"], compiled::spring_graph(1.5, 0.2, 1.0)),
        ("leaning", &["0.5", "1.2"], compiled::leaning_graph(0.5, 1.2)),
        ("leaning", &["0.5", "3.2"], compiled::leaning_graph(0.5, 3.2)),
        ("root", &["2.0"], compiled::root_graph(2.0)),
        ("scaled", &["3.0", "4.0"], compiled::scaled_graph(3.0, 4.0)),
        ("layered", &["[0.3, -0.2, 0.5]", "0.7"], compiled::layered_graph(&[0.3, -0.2, 0.5], 0.7)),
        ("größe", &["3.0", "4.0"], compiled::größe_graph(3.0, 4.0)),
        ("polar", &["3.0", "4.0"], compiled::polar_graph(3.0, 4.0)),
        ("variance", &[of_xs], compiled::variance_graph(xs)),
        ("halved", &["37.0"], compiled::halved_graph(37.0)),
        ("continued", &["0.5", "6"], compiled::continued_graph(0.5, 6)),
        ("unchanged", &["3.0"], compiled::unchanged_graph(3.0)),
        ("constant", &["3.0", "1"], compiled::constant_graph(3.0, 1)),
        ("two_layers", &["-0.7", "1.5"], compiled::two_layers_graph(-0.7, 1.5)),
        ("total", &[of_xs, "3.0"], compiled::total_graph(xs, 3.0)),
        ("greatest", &[of_xs], compiled::greatest_graph(xs)),
        ("busy", &["0.4"], compiled::busy_graph(0.4)),
        ("recurrence", &[of_xs], compiled::recurrence_graph(xs)),
        (
            "dense",
            &["[[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]", "[1.0, 2.0, 3.0]"],
            compiled::dense_graph(w, [1.0, 2.0, 3.0]),
        ),
        ("logs", &["0.5", "2.0"], compiled::logs_graph(0.5, 2.0)),
        ("long", &["0.7", "20"], compiled::long_graph(0.7, 20)),
        ("doubled", &["0.7"], compiled::doubled_graph(0.7)),
        ("settled", &["9.0"], compiled::settled_graph(9.0)),
        ("dot", &[of_xs, of_xs], compiled::dot_graph(xs, xs)),
        ("sigmoid", &["0.3"], compiled::sigmoid_graph(0.3)),
        ("squashed", &["0.3"], compiled::squashed_graph(0.3)),
    ];
    for (function, arguments, compiled) in cases {
        let trace = run(function, arguments).unwrap_or_else(|complaint| panic!("{function}: {complaint:?}"));
        let (ours, theirs) = (drawn(&trace), drawn(compiled));
        for key in theirs.as_object().expect("an object").keys() {
            assert_eq!(ours[key], theirs[key], "{function}{arguments:?}: {key}");
        }
    }
}

#[test]
fn a_run_that_panics_says_where() {
    let complaint = run("root", &["-1.0"]).expect_err("a negative number has no root");
    assert_eq!(complaint.message, "the function panics: no root of -1");
    assert_eq!(&text()[complaint.at], "assert!(x >= 0.0, \"no root of {x}\")");
}
