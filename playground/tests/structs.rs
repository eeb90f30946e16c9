//! Structs, methods and operators: what the playground runs is what the attribute compiles.

mod support;

#[path = "structs/functions.rs"]
#[allow(clippy::assign_op_pattern, reason = "the struct has `+` and no `+=`")]
mod compiled;

use compiled::{Body, Line, Vec2};
use gradus::Trace;
use gradus_compiler::interpret::File;
use playground::{chosen, trace_of};
use serde_json::{Value, json};
use support::drawn;

const TEXT: &str = include_str!("structs/functions.rs");

fn run(function: &str, values: &Value) -> Trace {
    let file = File::read(TEXT).unwrap_or_else(|complaints| panic!("{complaints:#?}"));
    let function = chosen(&file, Some(function)).expect("the function");
    let given = playground::given(&function.parameters, values).expect("arguments");
    trace_of(&file, function, TEXT, &given)
        .unwrap_or_else(|complaint| panic!("{}: {complaint:?}", function.name))
}

fn vec2(x: f64, y: f64) -> Vec2 {
    Vec2 { x, y }
}

fn body() -> Body {
    Body { position: vec2(0.5, 1.5), velocity: vec2(3.0, 4.0), mass: 2.0, charge: 0.7, id: 7 }
}

fn of_body() -> Value {
    json!({"position": {"x": 0.5, "y": 1.5}, "velocity": {"x": 3.0, "y": 4.0}, "mass": 2.0, "charge": 0.7, "id": 7})
}

#[test]
fn traces_are_those_of_compiled_functions() {
    let (a, b) = (vec2(1.0, -2.0), vec2(0.5, 0.25));
    let (of_a, of_b) = (json!({"x": 1.0, "y": -2.0}), json!({"x": 0.5, "y": 0.25}));
    let cases: Vec<(&str, Value, Trace)> = vec![
        ("kinetic", json!({"body": of_body()}), compiled::kinetic_graph(&body())),
        ("flight", json!({"body": of_body(), "dt": 0.1, "steps": 3}), compiled::flight_graph(body(), 0.1, 3)),
        ("turned_sum", json!({"a": of_a, "b": of_b, "angle": 0.4}), compiled::turned_sum_graph(a, b, 0.4)),
        ("stretched", json!({"v": of_a, "by": 1.5}), compiled::stretched_graph(a, 1.5)),
        ("stretched", json!({"v": of_a, "by": -1.5}), compiled::stretched_graph(a, -1.5)),
        (
            "line",
            json!({"line": {"0": 0.5, "1": [1.0, 2.0, 3.0]}, "at": 0.3}),
            compiled::line_graph(&Line(0.5, vec![1.0, 2.0, 3.0]), 0.3),
        ),
        ("middle", json!({"bodies": [of_body(), of_body()]}), compiled::middle_graph(&[body(), body()])),
        ("moved", json!({"body": of_body(), "by": 1.5}), compiled::moved_graph(&body(), 1.5)),
        ("Vec2::norm", json!({"self": of_a}), a.norm_graph()),
        ("Vec2::turned", json!({"self": of_a, "angle": 0.3}), a.turned_graph(0.3)),
    ];
    for (function, values, compiled) in &cases {
        let (ours, theirs) = (drawn(&run(function, values)), drawn(compiled));
        for key in theirs.as_object().expect("an object").keys() {
            assert_eq!(ours[key], theirs[key], "{function}{values}: {key}");
        }
    }
}

/// What is wrong with a text, or with its run.
fn complaint(text: &str) -> String {
    let answer = playground::answer(&json!({"source": text, "function": null, "values": {}}).to_string());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    answer["complaints"][0]["message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_is_missing_is_said() {
    let point = "struct P { x: f64 }";
    let cases = [
        (
            format!("{point} #[differentiable] fn f(p: P) -> f64 {{ p.x }}"),
            "an argument of type `P` has no gradient",
        ),
        (format!("{point} fn f(p: P) -> f64 {{ p.z }}"), "no field `z`"),
        (
            format!("{point} fn f(p: P) -> f64 {{ (p + p).x }}"),
            "not known here without rustc: the operator `add` of `P` and `P`",
        ),
        (
            format!("{point} fn f(p: P) -> f64 {{ p.length() }}"),
            "not known here without rustc: the method `length` of a `P`",
        ),
        (
            format!(
                "#[derive(Differentiable)] {point} impl P {{ fn twice(&self) -> f64 {{ 2.0 * self.x }} }} #[differentiable] fn f(p: P) -> f64 {{ p.twice() }}"
            ),
            "`P::twice` is called with a value that depends on an argument, and is not differentiable",
        ),
        (
            format!("{point} fn f(p: P) -> f64 {{ if p == p {{ 1.0 }} else {{ p.x }} }}"),
            "not known here without rustc: `==` of `P`, which does not derive `PartialEq`",
        ),
        (
            "struct P { #[constant] x: f64 } fn f(x: f64) -> f64 { let p = P { x }; p.x }".to_owned(),
            "the field `x` of `P` is constant, and a value that depends on an argument goes into it",
        ),
        (format!("{point} {point} fn f(p: P) -> f64 {{ p.x }}"), "the name `P` is defined twice"),
    ];
    for (text, expected) in cases {
        assert_eq!(complaint(&text), expected, "{text}");
    }
}
