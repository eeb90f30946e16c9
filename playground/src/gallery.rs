//! What the page opens with: the gallery, and the functions of the course.

use serde_json::{Value, json};

/// An example of the gallery.
struct Example {
    title: &'static str,
    source: &'static str,
    /// Values for the parameters, as JSON.
    values: &'static str,
}

const GALLERY: [Example; 9] = [
    Example {
        title: "Neuron",
        source: include_str!("../gallery/neuron.rs"),
        values: r#"{"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}"#,
    },
    Example {
        title: "Newton",
        source: include_str!("../gallery/newton.rs"),
        values: r#"{"a": 5.0, "steps": 3}"#,
    },
    Example {
        title: "Spring",
        source: include_str!("../gallery/spring.rs"),
        values: r#"{"k": 1.5, "c": 0.2, "x0": 1.0, "steps": 6}"#,
    },
    Example {
        title: "Softmax cross-entropy",
        source: include_str!("../gallery/softmax.rs"),
        values: r#"{"scores": [1.0, 2.0, 0.5], "label": 0}"#,
    },
    Example {
        title: "Rosenbrock",
        source: include_str!("../gallery/rosenbrock.rs"),
        values: r#"{"x": -1.2, "y": 1.0}"#,
    },
    Example {
        title: "Huber",
        source: include_str!("../gallery/huber.rs"),
        values: r#"{"residual": 0.6, "delta": 1.0}"#,
    },
    Example {
        title: "A tiny network",
        source: include_str!("../gallery/mlp.rs"),
        values: r#"{"hidden": [[0.5, -0.3], [0.8, 0.2]], "biases": [0.1, -0.2], "out": [1.0, -1.5], "x": [1.0, 2.0], "target": 0.5}"#,
    },
    Example {
        title: "Attention",
        source: include_str!("../gallery/attention.rs"),
        values: r#"{"query": [1.0, -0.5], "keys": [[0.3, 0.8], [1.0, -0.2], [-0.4, 0.6]], "values": [1.0, 2.0, 3.0]}"#,
    },
    Example {
        title: "A ball",
        source: include_str!("../gallery/ball.rs"),
        values: r#"{"start": {"position": {"x": 0.0, "y": 1.0}, "velocity": {"x": 3.0, "y": 4.0}, "drag": 0.2}, "target": {"x": 1.0, "y": 2.0}, "steps": 3}"#,
    },
];

/// A lesson of the course.
struct Lesson {
    title: &'static str,
    /// Its file.
    source: &'static str,
    /// What of it is shown: functions by their names, `struct Line`, `impl Line`. The first function is the one that the lesson
    /// steps through.
    functions: &'static [&'static str],
    /// Values for the parameters of that one, as JSON: those of the lesson.
    values: &'static str,
}

const LESSONS: [Lesson; 11] = [
    Lesson {
        title: "00 Your own value",
        source: include_str!("../../course/examples/00_your_own_value.rs"),
        functions: &["expression"],
        values: r#"{"x": 2.0, "y": 3.0}"#,
    },
    Lesson {
        title: "01 A value remembers",
        source: include_str!("../../course/examples/01_a_value_remembers.rs"),
        functions: &["loss"],
        values: r#"{"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}"#,
    },
    Lesson {
        title: "02 Backward by hand",
        source: include_str!("../../course/examples/02_backward_by_hand.rs"),
        functions: &["neuron"],
        values: r#"{"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}"#,
    },
    Lesson {
        title: "03 Topological order",
        source: include_str!("../../course/examples/03_topological_order.rs"),
        functions: &["two_ways"],
        values: r#"{"x": 2.0}"#,
    },
    Lesson {
        title: "04 Accumulation",
        source: include_str!("../../course/examples/04_accumulation.rs"),
        functions: &["parabola", "miss"],
        values: r#"{"a": 3.0}"#,
    },
    Lesson {
        title: "05 A neuron",
        source: include_str!("../../course/examples/05_a_neuron.rs"),
        functions: &["loss"],
        values: "{}",
    },
    Lesson {
        title: "06 The graph of a function",
        source: include_str!("../../course/examples/06_the_graph_of_a_function.rs"),
        functions: &["neuron", "alignment"],
        values: r#"{"x": [2.0, 0.0], "w": [-3.0, 1.0], "b": 6.8813735870195432}"#,
    },
    Lesson {
        title: "07 Control flow",
        source: include_str!("../../course/examples/07_control_flow.rs"),
        functions: &["root", "leaky", "huber"],
        values: r#"{"a": 2.0}"#,
    },
    Lesson {
        title: "08 Reading the adjoint",
        source: include_str!("../../course/examples/08_reading_the_adjoint.rs"),
        functions: &["horner"],
        values: r#"{"c": [1.0, -2.0, 0.5], "x": 1.5}"#,
    },
    // The derivatives that a function states itself are no part of the page.
    Lesson {
        title: "09 A custom operation",
        source: include_str!("../../course/examples/09_a_custom_operation.rs"),
        functions: &["density", "probability_by_steps"],
        values: r#"{"x": 1.0}"#,
    },
    Lesson {
        title: "10 A struct",
        source: include_str!("../../course/examples/10_a_struct.rs"),
        functions: &["struct Line", "impl Line", "misfit"],
        values: r#"{"line": {"slope": 0.0, "height": 0.0}, "points": [[0.0, 1.1], [1.0, 2.9], [2.0, 5.2], [3.0, 6.8]]}"#,
    },
];

/// The examples, as the page reads them: groups of `{id, title, source, name, values}`, where `name` is the function to show.
///
/// # Panics
///
/// If values are no JSON, or a lesson has no such function; a test goes through all of them.
pub fn groups() -> Value {
    let entry = |title: &str, source: &str, name: Option<&str>, values: &str| {
        let values: Value = serde_json::from_str(values).expect("values as JSON");
        json!({"id": id_of(title), "title": title, "source": source, "name": name, "values": values})
    };
    let gallery = GALLERY.iter().map(|example| entry(example.title, example.source, None, example.values));
    let lessons = LESSONS.iter().map(|lesson| {
        let functions: Vec<String> =
            lesson.functions.iter().map(|name| item_of(lesson.source, name)).collect();
        entry(
            lesson.title,
            &functions.join("\n"),
            lesson.functions.iter().find(|name| !name.contains(' ')).copied(),
            lesson.values,
        )
    });
    json!([
        {"title": "Gallery", "entries": gallery.collect::<Vec<_>>()},
        {"title": "Lessons of the course", "entries": lessons.collect::<Vec<_>>()},
    ])
}

/// What an address says to open an example: `#open=a-tiny-network`.
fn id_of(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// An annotated function, struct or block of a lesson, with the comments before it.
fn item_of(file: &str, name: &str) -> String {
    let lines: Vec<&str> = file.lines().collect();
    let head = if name.contains(' ') { format!("{name} {{") } else { format!("fn {name}(") };
    let is_head = |line: &&str| line.strip_prefix("pub ").unwrap_or(line).starts_with(&head);
    let at = lines.iter().position(is_head).unwrap_or_else(|| panic!("no item `{name}`"));
    let before =
        lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("///"));
    let start = at - before.count();
    let end = lines[at..].iter().position(|line| *line == "}").map_or(lines.len(), |end| at + end + 1);
    lines[start..end].join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_runs_at_its_values() {
        for group in groups().as_array().expect("groups") {
            for entry in group["entries"].as_array().expect("entries") {
                let request =
                    json!({"source": entry["source"], "function": entry["name"], "values": entry["values"]});
                let answer: Value = serde_json::from_str(&crate::answer(&request.to_string())).expect("JSON");
                assert_eq!(answer["complaints"], json!([]), "{}", entry["title"]);
                let nodes = answer["trace"]["nodes"].as_array().map_or(0, Vec::len);
                assert!(nodes > 2, "{}: {nodes} nodes", entry["title"]);
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
    fn every_file_of_the_course_is_a_lesson() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../course/examples");
        let files = std::fs::read_dir(folder).expect("the course");
        let mut ids: Vec<String> = files
            .map(|file| file.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-"))
            .collect();
        ids.sort();
        let titles: Vec<String> = LESSONS.iter().map(|lesson| id_of(lesson.title)).collect();
        assert_eq!(titles, ids);
    }

    #[test]
    fn a_function_of_a_lesson_has_its_comments_and_its_attribute() {
        let file = "use x;\n\n/// Twice.\n#[differentiable]\npub fn twice(x: f64) -> f64 {\n    2.0 * x\n}\n\nfn main() {}\n";
        assert_eq!(
            item_of(file, "twice"),
            "/// Twice.\n#[differentiable]\npub fn twice(x: f64) -> f64 {\n    2.0 * x\n}\n"
        );
        let file = "/// A pair.\n#[derive(Clone)]\npub struct Pair {\n    x: f64,\n}\n\nimpl Pair {\n    fn f() {}\n}\n";
        assert_eq!(
            item_of(file, "struct Pair"),
            "/// A pair.\n#[derive(Clone)]\npub struct Pair {\n    x: f64,\n}\n"
        );
        assert_eq!(item_of(file, "impl Pair"), "impl Pair {\n    fn f() {}\n}\n");
    }
}
