//! Functions that may fail: what the playground runs is what the attribute differentiates, and what it says if they fail.

mod support;

#[path = "fallible/functions.rs"]
#[allow(clippy::all, clippy::pedantic, reason = "users write what clippy would reword")]
mod compiled;

use gradus::Trace;
use gradus_compiler::interpret::File;
use playground::{chosen, trace_of};
use serde_json::{Value, json};
use support::drawn;

const TEXT: &str = include_str!("fallible/functions.rs");

fn run(function: &str, values: &Value) -> Result<Trace, String> {
    let file = File::read(TEXT).unwrap_or_else(|complaints| panic!("{complaints:#?}"));
    let function = chosen(&file, Some(function)).expect("the function");
    let given = playground::given(&function.parameters, values).expect("arguments");
    trace_of(&file, function, TEXT, &given).map_err(|complaint| complaint.message)
}

#[test]
fn traces_are_those_of_differentiated_functions() {
    let cases: Vec<(&str, Value, Trace)> = vec![
        ("root", json!({"x": 4.0}), compiled::root_graph(4.0).unwrap()),
        ("logarithm", json!({"x": 4.0}), compiled::logarithm_graph(4.0).unwrap()),
        ("product", json!({"xs": [4.0, 9.0], "k": 2.0}), compiled::product_graph(&[4.0, 9.0], 2.0).unwrap()),
        ("converted", json!({"x": 4.0}), compiled::converted_graph(4.0).unwrap()),
        ("looked_at", json!({"x": 4.0, "y": 9.0}), compiled::looked_at_graph(4.0, 9.0)),
        ("looked_at", json!({"x": -4.0, "y": 9.0}), compiled::looked_at_graph(-4.0, 9.0)),
        ("looked_at", json!({"x": 4.0, "y": -9.0}), compiled::looked_at_graph(4.0, -9.0)),
        ("replaced", json!({"x": 4.0, "y": 9.0}), compiled::replaced_graph(4.0, 9.0)),
        ("replaced", json!({"x": -4.0, "y": 9.0}), compiled::replaced_graph(-4.0, 9.0)),
        ("replaced", json!({"x": -4.0, "y": -9.0}), compiled::replaced_graph(-4.0, -9.0)),
    ];
    for (function, values, compiled) in &cases {
        let ours = run(function, values).unwrap_or_else(|message| panic!("{function}{values}: {message}"));
        let (ours, theirs) = (drawn(&ours), drawn(compiled));
        for key in theirs.as_object().expect("an object").keys() {
            assert_eq!(ours[key], theirs[key], "{function}{values}: {key}");
        }
    }
}

#[test]
fn failures_are_named() {
    let cases = [
        ("root", json!({"x": -4.0}), "`None`"),
        ("product", json!({"xs": [4.0, -9.0], "k": 2.0}), "`None`"),
        ("logarithm", json!({"x": -4.0}), "the error \"-4 has no logarithm\""),
        ("converted", json!({"x": -4.0}), "the error \"no root\""),
        ("converted", json!({"x": 0.0}), "the error \"0 has no logarithm\""),
    ];
    for (function, values, returned) in cases {
        let message = run(function, &values).err().unwrap_or_default();
        let expected = format!("the function returns {returned}: there is no number to differentiate");
        assert_eq!(message, expected, "{function}{values}");
    }
}
