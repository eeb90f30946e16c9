//! The playground: ordinary Rust functions are typed on a page, and graph, values, gradients, adjoint and refusals appear.
//!
//! [`answer`] is all that the page asks for, a text for a text, so that it runs in a browser as it runs here:
//!
//! ```text
//! text ──File::read──▶ functions ──File::run──▶ operations ──Recorder──▶ Trace ──page_data──▶ what the page draws
//! ```
//!
//! `src/bin/answer.rs` is the program that the page runs, by WebAssembly; `src/main.rs` writes the page.

mod arguments;
#[cfg(not(target_family = "wasm"))]
pub mod gallery;
#[cfg(not(target_family = "wasm"))]
pub mod page;
mod recorder;

use arguments::Given;
use gradus::Trace;
use gradus_compiler::interpret::{Complaint, File, Function, Parameter};
use serde_json::{Value, json};

/// Texts that are longer are not read.
pub const LONGEST: usize = 100_000;

/// Answers a request of the page. Both are JSON:
///
/// ```text
/// { "source": text, "function": name or null, "values": {parameter: argument, …} }
///
/// { "function": name, "functions": [name, …],
///   "parameters": [{"name", "written", "differentiable", "shape", "value"}, …],
///   "adjoint": text, "offset": where the function begins,
///   "trace": what `view::page_data` writes, or null,
///   "complaints": [{"message", "help", "refusal", "start", "end"}, …] }
/// ```
///
/// Places are UTF-16 units of the source, as JavaScript counts. Numbers that JSON does not have are the texts `inf`, `-inf`
/// and `NaN`. Values of an earlier request are kept as far as they fit the parameters of the same names.
pub fn answer(request: &str) -> String {
    let request: Value = serde_json::from_str(request).unwrap_or_default();
    let source = request["source"].as_str().unwrap_or_default();
    let units = Units::of(source);
    let complaints = |complaints: &[Complaint]| -> Value {
        complaints
            .iter()
            .map(|complaint| {
                json!({
                    "message": complaint.message, "help": complaint.help, "refusal": complaint.refusal,
                    "start": units.at(complaint.at.start), "end": units.at(complaint.at.end),
                })
            })
            .collect()
    };
    if source.len() > LONGEST {
        let message = format!("the text has {} bytes, and at most {LONGEST} are read here", source.len());
        let too_long = Complaint { message, help: None, refusal: None, at: 0..0 };
        return json!({ "complaints": complaints(&[too_long]) }).to_string();
    }
    let file = match File::read(source) {
        Ok(file) => file,
        Err(found) => return json!({ "complaints": complaints(&found) }).to_string(),
    };
    let Some(function) = chosen(&file, request["function"].as_str()) else {
        return json!({ "complaints": [] }).to_string();
    };
    let given = match Given::of(&function.parameters, &request["values"]) {
        Ok(given) => given,
        Err(complaint) => return json!({ "complaints": complaints(&[complaint]) }).to_string(),
    };
    let (trace, failure) = match trace_of(&file, function, source, &given) {
        Ok(trace) => (Some(trace), None),
        Err(complaint) => (None, Some(complaint)),
    };
    let mut answer = json!({
        "function": function.name,
        "functions": file.functions().iter().map(|function| &function.name).collect::<Vec<_>>(),
        "parameters": given.described(&function.parameters),
        "adjoint": function.adjoint,
        "offset": units.at(function.at.start),
        "offsets": {},
        "trace": null,
        "complaints": complaints(failure.as_slice()),
    });
    for function in file.functions() {
        answer["offsets"][&function.name] = json!(units.at(function.at.start));
    }
    // The trace is JSON already.
    let data = trace.map_or_else(|| "null".to_owned(), |trace| gradus::view::page_data(&trace));
    let text = answer.to_string();
    text.replacen("\"trace\":null", &format!("\"trace\":{data}"), 1)
}

/// A run of a function of the file, as a trace.
///
/// # Errors
///
/// Why the run ended without a result.
pub fn trace_of(file: &File, function: &Function, source: &str, given: &Given) -> Result<Trace, Complaint> {
    recorder::trace(file, function, source, given)
}

/// The function of this name; else the last function that no other one calls; else the last such method.
pub fn chosen<'f>(file: &'f File, name: Option<&str>) -> Option<&'f Function> {
    let functions = file.functions();
    let last = |name: &str| name.rsplit("::").next().unwrap_or_default().to_owned();
    let is_called = |function: &Function| {
        let name = last(&function.name);
        functions.iter().any(|other| other.at != function.at && other.calls.contains(&name))
    };
    let is_method = |function: &Function| function.name.contains("::");
    let uncalled = || functions.iter().rev().filter(|function| !is_called(function));
    name.and_then(|name| file.function(name))
        .or_else(|| uncalled().find(|function| !is_method(function)))
        .or_else(|| uncalled().next())
        .or(functions.last())
}

/// The arguments that values in JSON, by the names of the parameters, stand for; what does not fit is chosen.
///
/// # Errors
///
/// If they hold too many numbers.
pub fn given(parameters: &[Parameter], values: &Value) -> Result<Given, Complaint> {
    Given::of(parameters, values)
}

/// Arguments by the names of their parameters, as a request of the page has them.
pub fn values(parameters: &[Parameter], given: &Given) -> Value {
    given.by_name(parameters)
}

pub use arguments::parse_arguments;

/// The UTF-16 unit at which each byte of a text stands.
struct Units<'t>(&'t str);

impl<'t> Units<'t> {
    fn of(text: &'t str) -> Units<'t> {
        Units(text)
    }

    fn at(&self, byte: usize) -> usize {
        let before = self.0.get(..byte).unwrap_or(self.0);
        before.encode_utf16().count()
    }
}
