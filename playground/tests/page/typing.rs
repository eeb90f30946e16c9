//! What happens while someone types.

use super::*;

/// What must hold after every key: the lines show what is in the field, and messages are about the text.
const STATE: &str = "(() => {
    const lines = [...document.querySelectorAll('#source-text .line > .code')].map(line => line.textContent.replace(/\\u00a0$/, ''));
    const text = editor.field.value;
    const wrong = [];
    if (lines.join('\\n') !== text) wrong.push(`the lines show ${JSON.stringify(lines.join('\\n'))}, not ${JSON.stringify(text)}`);
    for (const { message, start, end } of play.answer.complaints) {
        if (/panicked|unreachable|internal/.test(message)) wrong.push(message);
        if (!(0 <= start && start <= end && end <= text.length)) wrong.push(`${message} at ${start}..${end} of ${text.length}`);
    }
    if (play.answer.complaints.length === 0 && play.answer.trace === null && play.answer.functions) wrong.push('no trace, and nobody says why');
    return wrong;
})()";

/// As people type: the editor indents.
fn keys_of(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_start).collect();
    let mut keys = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            keys.push("Enter".to_owned());
        }
        keys.extend(line.chars().map(String::from));
    }
    keys
}

#[test]
fn every_example_is_typed_key_by_key() {
    let Some(mut browser) = open("typing", "open=neuron") else { return };
    for (id, text) in gallery() {
        browser.eval(&format!("load(GALLERY[0].entries.find(entry => entry.id === {}))", json!(id)));
        settle(&mut browser);
        let loaded = shown(&mut browser);
        browser.eval("editor.field.focus(); editor.field.select(); document.execCommand('delete')");
        settle(&mut browser);
        for key in keys_of(&text) {
            browser.press(&key);
            settle(&mut browser);
            let wrong = browser.eval(STATE);
            assert_eq!(wrong, json!([]), "{id}, after `{key}`");
        }
        assert_eq!(messages(&mut browser), [""; 0], "{id}");
        let typed = shown(&mut browser);
        assert_eq!(typed["nodes"], loaded["nodes"], "{id}");
        assert_eq!(typed["stale"], json!(false), "{id}");
    }
    assert_quiet(&mut browser);
}

#[test]
fn keys_that_come_faster_than_answers_are_all_there() {
    let Some(mut browser) = open("fast", "open=newton") else { return };
    let text = "fn f(x: f64) -> f64 { x * x + 1.0 }";
    browser.eval("editor.field.focus(); editor.field.select(); document.execCommand('delete')");
    browser.eval(&format!(
        "for (const letter of {}) document.execCommand('insertText', false, letter)",
        json!(text)
    ));
    settle(&mut browser);
    assert_eq!(browser.eval("editor.field.value"), json!(text));
    assert_eq!(shown(&mut browser)["nodes"], json!(3));
    assert_eq!(browser.eval(STATE), json!([]));
    assert_quiet(&mut browser);
}

#[test]
fn values_are_kept_while_the_text_changes() {
    let Some(mut browser) = open("values", "open=neuron") else { return };
    let before = browser.eval("play.values.b");
    paste(&mut browser, "fn f(x1: f64, b: f64) -> f64 { x1 * b }");
    assert_eq!(browser.eval("play.values.b"), before);
    assert_eq!(shown(&mut browser)["result"], browser.eval("play.values.x1 * play.values.b"));
    // An error in between takes nothing away.
    paste(&mut browser, "fn f(x1: f64, b: f64) -> f64 { x1 * b");
    assert_eq!(messages(&mut browser).len(), 1);
    paste(&mut browser, "fn f(x1: f64, b: f64) -> f64 { x1 * b }");
    assert_eq!(browser.eval("play.values.b"), before);
    assert_quiet(&mut browser);
}

/// Another input takes another branch, more iterations, another length: the program runs again.
#[test]
fn another_path_is_run() {
    let Some(mut browser) = open("path", "open=huber") else { return };
    let near = shown(&mut browser);
    browser.eval("setValue(['residual'], 3.0)");
    settle(&mut browser);
    let far = shown(&mut browser);
    // Beyond delta the loss is delta · (|r| − delta / 2).
    assert_eq!(far["result"], json!(2.5));
    assert_ne!(near["nodes"], far["nodes"]);
    assert_eq!(browser.eval("derived.run.broken ?? null"), Value::Null);
    browser.eval("load(GALLERY[0].entries.find(entry => entry.id === 'newton'))");
    settle(&mut browser);
    let few = shown(&mut browser)["nodes"].as_u64().unwrap();
    browser.eval("setValue(['steps'], 5)");
    settle(&mut browser);
    // Each step is a quotient, a sum and a product.
    assert_eq!(shown(&mut browser)["nodes"], json!(few + 6));
    assert_quiet(&mut browser);
}

#[test]
fn forward_mode_stays_while_the_text_changes() {
    let Some(mut browser) = open("forward", "open=neuron&tangents=1&along=2") else { return };
    assert_eq!(
        browser.eval("[state.tangents, state.along, derived.timeline.steps.length]"),
        json!([true, 2, 6])
    );
    // dn/dw1 = x1 · (1 − tanh²).
    assert!(browser.text("#step").contains("d result / d w1 = 1"), "{}", browser.text("#step"));
    paste(&mut browser, "fn f(x: f64, y: f64) -> f64 { x * x * y }");
    browser.eval("setValue(['x'], 3.0); setValue(['y'], 2.0)");
    settle(&mut browser);
    // What moved is no input any more: the first one does.
    assert_eq!(browser.eval("[state.tangents, state.along]"), json!([true, 0]));
    assert!(browser.text("#step").contains("d result / d x = 12"), "{}", browser.text("#step"));
    assert_eq!(browser.text("#inputs-list .gradient"), "d 1");
    // Pinned, an input shows how its gradient changes.
    browser.press("g");
    browser.eval("document.activeElement.blur(); actions.overview(); actions.select(0)");
    let card = browser.text("#node");
    assert!(card.contains("curvature d²result/dx² = 4"), "{card}");
    assert!(card.contains("y.grad6"), "{card}");
    assert_quiet(&mut browser);
}

/// A lesson with a struct: its numbers are one group of the inputs, and of the gradient.
#[test]
fn the_lesson_with_a_struct_opens() {
    let Some(mut browser) = open("lesson", "open=10-a-struct") else { return };
    assert_eq!(browser.eval("play.answer.function"), json!("misfit"));
    assert_eq!(messages(&mut browser), [""; 0]);
    assert_eq!(browser.eval("model.inputs[0].parts"), json!([["line", [["slope", 0], ["height", 1]]]]));
    let gradient = browser.eval("model.inputs[0].nodes.map(node => derived.right.gradients[node])");
    // −2 Σ x y and −2 Σ y at the points of the lesson.
    for (at, exact) in [-67.4, -32.0].into_iter().enumerate() {
        assert!((gradient[at].as_f64().expect("a number") - exact).abs() < 1e-9, "{gradient}");
    }
    assert_quiet(&mut browser);
}
