//! The page in a real browser: what is typed, pasted and linked.

mod hostile;
mod keyboard;
mod links;
mod size;
mod typing;

use explorer_tests::browser::Browser;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The page, built once. Where the target that its compiler is built for cannot be had the answer is `None`, and a line on
/// standard error, and a test is to end; with `REQUIRE_PAGE=1` that is an error.
fn page() -> Option<&'static str> {
    static PAGE: OnceLock<Option<String>> = OnceLock::new();
    let page = PAGE.get_or_init(|| match playground::page::write() {
        Ok(path) => Some(std::fs::read_to_string(path).expect("a page")),
        Err(message) => {
            let required = std::env::var_os("REQUIRE_PAGE").is_some_and(|value| value == "1");
            assert!(!required, "{message}");
            eprintln!("SKIPPED: {message} (REQUIRE_PAGE=1 makes this an error)");
            None
        }
    });
    page.as_deref()
}

/// A browser with the page, opened at a fragment.
fn open(test: &str, fragment: &str) -> Option<Browser> {
    let page = page()?;
    let mut browser = Browser::open(&format!("playground-{test}"))?;
    browser.load(page, fragment);
    settle(&mut browser);
    Some(browser)
}

/// Waits until the text in the editor has its answer.
fn settle(browser: &mut Browser) {
    browser.wait_for("play.busy === null && document.documentElement.dataset.answered === String(play.last)");
}

/// Puts a text into the editor, as if it were pasted.
fn paste(browser: &mut Browser, text: &str) {
    browser.eval(&format!("editor.field.value = {}; typed()", json!(text)));
    settle(browser);
}

/// The examples of the gallery: their ids, and their texts.
fn gallery() -> Vec<(String, String)> {
    let groups = playground::gallery::groups();
    let entries = groups[0]["entries"].as_array().expect("entries").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    entries.map(|entry| (text(&entry["id"]), text(&entry["source"]))).collect()
}

/// The messages beneath the editor.
fn messages(browser: &mut Browser) -> Vec<String> {
    let found =
        browser.eval("[...document.querySelectorAll('#complaints .message')].map(one => one.textContent)");
    found.as_array().expect("a list").iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}

/// What is shown: the number of nodes, the result and the gradients of the inputs.
fn shown(browser: &mut Browser) -> Value {
    browser.eval(
        "({ stale: document.documentElement.classList.contains('stale'), nodes: model.nodes.length, \
         result: derived.run.values[derived.roots.at(-1)?.node], gradients: model.inputs.map(({ nodes }) => nodes.map(node => derived.right.gradients[node])) })",
    )
}

fn assert_quiet(browser: &mut Browser) {
    assert_eq!(browser.complaints(), [""; 0], "the console is empty, and nothing was requested");
}
