//! The page: one file with the editor, the explorer, and the compiler as WebAssembly.

use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The target that the compiler is built for: a program that reads and writes, and needs nothing else.
const TARGET: &str = "wasm32-wasip1";

/// The bytes of the stack, and the most that the program may have in all.
const STACK: usize = 32 << 20;
const MEMORY: usize = 512 << 20;

/// An example of the gallery: title, source, and values for the parameters as JSON.
struct Example(&'static str, &'static str, &'static str);

const GALLERY: [Example; 8] = [
    Example(
        "Neuron",
        include_str!("../gallery/neuron.rs"),
        r#"{"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}"#,
    ),
    Example("Newton", include_str!("../gallery/newton.rs"), r#"{"a": 5.0, "steps": 3}"#),
    Example("Spring", include_str!("../gallery/spring.rs"), r#"{"k": 1.5, "c": 0.2, "x0": 1.0, "steps": 6}"#),
    Example(
        "Softmax cross-entropy",
        include_str!("../gallery/softmax.rs"),
        r#"{"scores": [1.0, 2.0, 0.5], "label": 0}"#,
    ),
    Example("Rosenbrock", include_str!("../gallery/rosenbrock.rs"), r#"{"x": -1.2, "y": 1.0}"#),
    Example("Huber", include_str!("../gallery/huber.rs"), r#"{"residual": 0.6, "delta": 1.0}"#),
    Example(
        "A tiny network",
        include_str!("../gallery/mlp.rs"),
        r#"{"hidden": [[0.5, -0.3], [0.8, 0.2]], "biases": [0.1, -0.2], "out": [1.0, -1.5], "x": [1.0, 2.0], "target": 0.5}"#,
    ),
    Example(
        "Attention",
        include_str!("../gallery/attention.rs"),
        r#"{"query": [1.0, -0.5], "keys": [[0.3, 0.8], [1.0, -0.2], [-0.4, 0.6]], "values": [1.0, 2.0, 3.0]}"#,
    ),
];

/// A lesson of the course: title, source, and values.
const LESSONS: [Example; 9] = [
    Example("01 A value remembers", include_str!("../../course/examples/01_a_value_remembers.rs"), ""),
    Example("02 Backward by hand", include_str!("../../course/examples/02_backward_by_hand.rs"), ""),
    Example("03 Topological order", include_str!("../../course/examples/03_topological_order.rs"), ""),
    Example("04 Accumulation", include_str!("../../course/examples/04_accumulation.rs"), ""),
    Example("05 A neuron", include_str!("../../course/examples/05_a_neuron.rs"), ""),
    Example(
        "06 The graph of a function",
        include_str!("../../course/examples/06_the_graph_of_a_function.rs"),
        "",
    ),
    Example("07 Control flow", include_str!("../../course/examples/07_control_flow.rs"), ""),
    Example("08 Reading the adjoint", include_str!("../../course/examples/08_reading_the_adjoint.rs"), ""),
    Example("09 A custom operation", include_str!("../../course/examples/09_a_custom_operation.rs"), ""),
];

/// The pages of refusals, each with its sections.
const REFUSALS: [(&str, &str); 6] = [
    ("attribute", include_str!("../../engine/src/refusals/attribute.md")),
    ("arguments", include_str!("../../engine/src/refusals/arguments.md")),
    ("results", include_str!("../../engine/src/refusals/results.md")),
    ("values", include_str!("../../engine/src/refusals/values.md")),
    ("calls", include_str!("../../engine/src/refusals/calls.md")),
    ("constructs", include_str!("../../engine/src/refusals/constructs.md")),
];

/// Builds the compiler for the page and writes the page; its path.
///
/// # Errors
///
/// A text that says what is missing.
pub fn write() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let program = compiled(&root, &folder)?;
    let file = folder.join("playground.html");
    let page = page(&program).map_err(|error| format!("the page cannot be packed: {error}"))?;
    fs::write(&file, page).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    Ok(fs::canonicalize(&file).unwrap_or(file))
}

/// The compiler as WebAssembly.
fn compiled(root: &Path, folder: &Path) -> Result<Vec<u8>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    if !has_target() {
        let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(root).status();
        if !added.is_ok_and(|status| status.success()) {
            return Err(format!(
                "the target {TARGET} is not installed, and `rustup target add {TARGET}` does not bring it"
            ));
        }
    }
    let flags = format!("-C link-arg=-zstack-size={STACK} -C link-arg=--max-memory={MEMORY}");
    let status = Command::new(cargo)
        .args([
            "build",
            "--profile",
            "page",
            "--package",
            "playground",
            "--bin",
            "answer",
            "--target",
            TARGET,
        ])
        .arg("--target-dir")
        .arg(folder)
        .env("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS", flags)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if !status.success() {
        return Err(format!("the compiler cannot be built for {TARGET}"));
    }
    let program = folder.join(TARGET).join("page/answer.wasm");
    fs::read(&program).map_err(|error| format!("{} cannot be read: {error}", program.display()))
}

/// Whether the standard library is there for the target.
fn has_target() -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    asked.is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir())
}

/// The page around a program.
fn page(program: &[u8]) -> io::Result<String> {
    let [style, body, functions, layout] = gradus::view::page_parts();
    let style = format!("{style}{}", include_str!("../page/play.css"));
    let editor = include_str!("../page/editor.js");
    let script = format!("{functions}{editor}{}", include_str!("../page/play.js"));
    let engine = BASE64_STANDARD.encode(packed(program)?);
    let hash = |text: &str| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}' 'wasm-unsafe-eval'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let head = include_str!("../page/head.html");
    let body = body
        .replacen("<span class=\"gap\"></span>\n", &format!("<span class=\"gap\"></span>\n{head}"), 1)
        .replacen(
            "<h2 id=\"source-title\">Source</h2>",
            "<h2 id=\"source-title\">Rust <span id=\"unchecked\">types and borrows are not checked here</span></h2>",
            1,
        );
    let block = |id: &str, data: &Value| {
        // Nothing in it ends the block.
        let text = data.to_string().replace('<', "\\u003c");
        format!("<script type=\"application/json\" id=\"{id}\">{text}</script>\n")
    };
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\" class=\"empty\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>gradus: type Rust, see its derivative</title>\n<style>{style}</style>\n</head>\n{body}\
         <script type=\"application/json\" id=\"layout\">{layout}</script>\n{}{}\
         <script type=\"text/plain\" id=\"worker\">{}</script>\n\
         <script type=\"text/plain\" id=\"engine\">{engine}</script>\n\
         <script>{script}</script>\n</body>\n</html>\n",
        block("gallery-data", &gallery()),
        block("refusals-data", &refusals()),
        include_str!("../page/worker.js"),
    ))
}

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes)?;
    packer.finish()
}

/// The examples of the gallery and of the course, as the page reads them.
pub fn gallery() -> Value {
    let entry = |title: &str, source: &str, values: &str| {
        let id = title.to_lowercase().replace(' ', "-");
        json!({"id": id, "title": title, "source": source, "values": serde_json::from_str::<Value>(values).unwrap_or_default()})
    };
    let gallery: Vec<Value> =
        GALLERY.iter().map(|Example(title, source, values)| entry(title, source, values)).collect();
    let lessons = LESSONS.iter().filter_map(|Example(title, source, values)| {
        let functions = annotated(source);
        (!functions.is_empty()).then(|| entry(title, &functions, values))
    });
    json!([
        {"title": "Gallery", "entries": gallery},
        {"title": "Lessons of the course", "entries": lessons.collect::<Vec<_>>()},
    ])
}

/// The annotated functions of a lesson, with the comments before them.
fn annotated(source: &str) -> String {
    let mut functions = Vec::new();
    let lines: Vec<&str> = source.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        if lines[at].starts_with("#[differentiable]") {
            let documented = lines[..at].iter().rev().take_while(|line| line.starts_with("///")).count();
            let length = lines[at..].iter().position(|line| *line == "}").map_or(0, |end| end + 1);
            functions.push(lines[at - documented..at + length].join("\n") + "\n");
            at += length;
        }
        at += 1;
    }
    functions.join("\n")
}

/// Where each refusal is explained.
fn refusals() -> Value {
    let mut pages = serde_json::Map::new();
    for (kind, text) in REFUSALS {
        for name in text.lines().filter_map(|line| line.strip_prefix("# `")?.strip_suffix('`')) {
            let address = format!("https://docs.rs/gradus/latest/gradus/refusals/{kind}/index.html#{name}");
            pages.insert(name.to_owned(), json!(address));
        }
    }
    Value::Object(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_runs_at_its_values() {
        for group in gallery().as_array().expect("groups") {
            for entry in group["entries"].as_array().expect("entries") {
                let request = json!({"source": entry["source"], "function": null, "values": entry["values"]});
                let answer: Value = serde_json::from_str(&crate::answer(&request.to_string())).expect("JSON");
                assert_eq!(answer["complaints"], json!([]), "{}", entry["title"]);
                let trace = answer["trace"]["nodes"].as_array().map_or(0, Vec::len);
                assert!(trace > 2, "{}: {trace} nodes", entry["title"]);
                // What is given is what is run.
                for parameter in answer["parameters"].as_array().expect("parameters") {
                    let given = &entry["values"][parameter["name"].as_str().expect("a name")];
                    assert!(
                        given.is_null() || *given == parameter["value"],
                        "{}: {parameter}",
                        entry["title"]
                    );
                }
            }
        }
    }

    #[test]
    fn the_lessons_with_annotated_functions_are_there() {
        let gallery = gallery();
        let lessons: Vec<&str> = gallery[1]["entries"]
            .as_array()
            .expect("entries")
            .iter()
            .filter_map(|entry| entry["id"].as_str())
            .collect();
        assert!(lessons.contains(&"06-the-graph-of-a-function"), "{lessons:?}");
        assert!(lessons.contains(&"07-control-flow"), "{lessons:?}");
    }

    #[test]
    fn refusals_have_their_pages() {
        let address = "https://docs.rs/gradus/latest/gradus/refusals/arguments/index.html#no_active_argument";
        assert_eq!(refusals()["no_active_argument"], address);
    }
}
