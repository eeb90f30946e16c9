//! What the playground computes is what compiled functions compute: every function of the corpus that it can run, in this
//! build and, in a browser, in the page's own.
//!
//! `cases.rs` lists the functions; `GRADUS_TEXTS=overwrite` writes it anew.

#![allow(
    clippy::all,
    clippy::pedantic,
    unused,
    dead_code,
    unused_qualifications,
    while_true,
    reason = "the corpus is written as users write"
)]

mod items;
mod shown;

use explorer_tests::browser::Browser;
use gradus_compiler::interpret::File;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A function at a point, as it is compiled.
pub struct Point {
    /// The arguments, as expressions; nothing for one that cannot be written so.
    arguments: Vec<Option<String>>,
    /// The names of those that are differentiated.
    names: Vec<&'static str>,
    value: f64,
    /// Their gradients, flat.
    gradient: Vec<f64>,
}

/// What a `case!` of the corpus says, as points.
macro_rules! case {
    (
        $plain:ident, $grad:ident, $grad_add:ident, $graph:ident;
        $(for $passive:ident in $values:expr;)?
        with |$($x:ident: $t:ty),+| ($($argument:expr),+);
        at $($point:expr),+;
        $($rest:tt)*
    ) => {
        pub mod $grad {
            use super::*;
            use crate::shown::{Anything, Debugged, Shown};

            type Arguments = ($($t),+);

            pub fn points() -> Vec<crate::Point> {
                let points: Vec<Arguments> = vec![$($point),+];
                let mut all = Vec::new();
                $(for $passive in $values)? {
                    for point in &points {
                        let ($($x),+) = point.clone();
                        let arguments = vec![$((&Shown(&$argument)).shown()),+];
                        let ($($x),+) = point.clone();
                        let (value, gradient) = super::$grad($($argument),+);
                        let gradient = crate::corpus::flat::flat::<Arguments>(&gradient);
                        all.push(crate::Point { arguments, names: vec![$(stringify!($x)),+], value, gradient });
                    }
                }
                all
            }
        }
    };
}

/// The modules of the corpus, and the functions that give the points of each of its functions.
macro_rules! cases {
    ($($file:ident: $($grad:ident)*;)*) => {
        #[path = "../../../tests/corpus"]
        mod corpus {
            pub mod differences;
            pub mod dual;
            pub mod flat;
            pub mod harness;
            pub mod spans;
            $(pub mod $file;)*
        }

        fn functions() -> Vec<(&'static str, &'static str, fn() -> Vec<Point>)> {
            vec![$($((stringify!($file), stringify!($grad), corpus::$file::$grad::points as fn() -> Vec<Point>)),*),*]
        }
    };
}

include!("cases.rs");

/// Gradients agree to this: another library's `tanh` differs in the last bits.
const CLOSE: f64 = 1e-12;

/// A value, and the gradients of the arguments; or why there are none.
type Answer = Result<(f64, Vec<f64>), String>;

/// What the page would ask, and what compiled code gives.
struct Question {
    name: String,
    request: Value,
    point: Point,
}

/// The questions about a function; or why none can be asked.
fn questions(file: &str, function: &str, points: Vec<Point>) -> Result<Vec<Question>, String> {
    let text = items::text_of(file, function);
    let read = File::read(&text).map_err(|complaints| complaints[0].message.clone())?;
    let known = read.function(function).ok_or("no such function")?;
    let question = |point: Point| {
        let arguments: Option<Vec<&str>> = point.arguments.iter().map(Option::as_deref).collect();
        let arguments = arguments.ok_or("an argument that is no plain data")?;
        let given = playground::parse_arguments(&read, &known.parameters, &arguments)?;
        let request = json!({
            "source": text, "function": function,
            "values": playground::values(&known.parameters, &given),
        });
        Ok(Question { name: format!("{function} of {file}.rs at {arguments:?}"), request, point })
    };
    points.into_iter().map(question).collect()
}

/// What an answer of the playground says, as `READ` reads it in a browser.
fn read(answer: &Value, names: &[&str]) -> Answer {
    if let Some(message) = answer["complaints"][0]["message"].as_str() {
        return Err(message.to_owned());
    }
    let trace = &answer["trace"];
    let nodes = trace["nodes"].as_array().expect("nodes");
    let output = &trace["outputs"][0];
    let value = output.as_u64().map_or(number(&output[0]), |node| number(&nodes[node as usize][2]));
    let inputs = trace["inputs"].as_array().expect("inputs");
    let of = |name: &&str| inputs.iter().find(|input| input[0] == **name).map(|input| input[1].clone());
    let indices = names.iter().filter_map(of);
    let indices: Vec<usize> = indices
        .flat_map(|list| list.as_array().cloned().unwrap_or_default())
        .map(|node| node.as_u64().expect("a node") as usize)
        .collect();
    Ok((value, indices.into_iter().map(|node| number(&nodes[node][4])).collect()))
}

/// A number, which may be the text of one that JSON does not have.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| {
        value.as_str().and_then(|text| text.replace("Infinity", "inf").parse().ok()).unwrap_or(f64::NAN)
    })
}

/// What is wrong with an answer.
fn wrong(answer: &(f64, Vec<f64>), point: &Point) -> Option<String> {
    let largest =
        point.gradient.iter().filter(|slope| slope.is_finite()).fold(1e-3, |a: f64, b| a.max(b.abs()));
    let close = |ours: f64, theirs: f64, size: f64| {
        ours == theirs || ours.is_nan() && theirs.is_nan() || (ours - theirs).abs() <= CLOSE * size
    };
    let (value, gradient) = answer;
    let is_right = close(*value, point.value, point.value.abs().max(1.0))
        && gradient.len() == point.gradient.len()
        && gradient.iter().zip(&point.gradient).all(|(ours, theirs)| close(*ours, *theirs, largest));
    (!is_right).then(|| format!("{value} and {gradient:?}, not {} and {:?}", point.value, point.gradient))
}

/// The functions that the playground runs, with their questions; and why it does not run the others.
fn all_questions() -> (BTreeMap<String, Vec<Question>>, BTreeMap<String, String>) {
    let (mut asked, mut not_asked) = (BTreeMap::new(), BTreeMap::new());
    for (file, grad, points) in functions() {
        let function = grad.strip_suffix("_grad").expect("a gradient");
        let name = format!("{file}::{function}");
        match questions(file, function, points()) {
            Ok(questions) => drop(asked.insert(name, questions)),
            Err(why) => drop(not_asked.insert(name, why)),
        }
    }
    (asked, not_asked)
}

#[test]
fn functions_of_the_corpus_are_run_as_they_are_compiled() {
    let (asked, mut not_run) = all_questions();
    let (mut agree, mut disagree) = (0, Vec::new());
    for (name, questions) in asked {
        let mut is_run = true;
        for question in &questions {
            let answer: Value =
                serde_json::from_str(&playground::answer(&question.request.to_string())).expect("JSON");
            match read(&answer, &question.point.names) {
                Ok(answer) => disagree.extend(
                    wrong(&answer, &question.point).map(|wrong| format!("{}: {wrong}", question.name)),
                ),
                Err(why) => {
                    is_run = false;
                    not_run.insert(name.clone(), why);
                }
            }
        }
        agree += usize::from(is_run);
    }
    for (name, why) in &not_run {
        println!("not run: {name}: {why}");
    }
    println!("{agree} functions run here, {} do not", not_run.len());
    assert!(disagree.is_empty(), "{}", disagree.join("\n"));
    assert!(agree >= 300, "only {agree} functions run here");
}

/// The answer of the page's own program, shortened to what `read` gives.
const READ: &str = "((request, names) => new Promise(done => {
    play.worker.onmessage = ({ data: { answer, failure } }) => {
        if (failure || answer.complaints.length > 0) return done({ why: failure ?? answer.complaints[0].message });
        const { nodes, inputs, outputs: [output] } = answer.trace;
        const indices = names.flatMap(name => inputs.find(input => input[0] === name)?.[1] ?? []);
        done({ value: Array.isArray(output) ? output[0] : nodes[output][2], gradient: indices.map(index => nodes[index][4]) });
    };
    play.worker.postMessage({ id: 0, request });
}))";

#[test]
fn the_page_agrees_too() {
    let page = match playground::page::write() {
        Ok(path) => std::fs::read_to_string(path).expect("a page"),
        Err(message) => {
            let required = std::env::var_os("REQUIRE_PAGE").is_some_and(|value| value == "1");
            assert!(!required, "{message}");
            eprintln!("SKIPPED: {message} (REQUIRE_PAGE=1 makes this an error)");
            return;
        }
    };
    let Some(mut browser) = Browser::open("playground-agreement") else { return };
    browser.load(&page, "open=neuron");
    browser.wait_for("play.busy === null && document.documentElement.dataset.answered === String(play.last)");
    let (asked, _) = all_questions();
    let (mut agree, mut disagree) = (0, Vec::new());
    for questions in asked.values() {
        let Some(question) = questions.first() else { continue };
        let (request, names) = (question.request.to_string(), &question.point.names);
        let answer = browser.eval(&format!("{READ}({}, {})", json!(request), json!(names)));
        if answer["why"].is_string() {
            continue;
        }
        let gradient: Vec<f64> = answer["gradient"].as_array().expect("a list").iter().map(number).collect();
        disagree.extend(
            wrong(&(number(&answer["value"]), gradient), &question.point)
                .map(|wrong| format!("{}: {wrong}", question.name)),
        );
        agree += 1;
    }
    println!("{agree} functions run in the page");
    assert!(disagree.is_empty(), "{}", disagree.join("\n"));
    assert!(agree >= 300, "only {agree} functions run in the page");
}

#[test]
fn the_list_of_functions_is_complete() {
    let list = items::list_of_cases();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/cases.rs");
    if std::env::var_os("GRADUS_TEXTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&file, &list).expect("a file that can be written");
    }
    assert_eq!(
        std::fs::read_to_string(file).unwrap_or_default(),
        list,
        "GRADUS_TEXTS=overwrite writes it anew"
    );
}
