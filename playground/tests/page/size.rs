//! How large the page is, and, when asked for, how quick.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bytes of the compressed page.
const MOST: usize = 1_500_000;

#[test]
fn the_page_is_small() {
    let Some(page) = page() else { return };
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(page.as_bytes()).expect("memory");
    let packed = packer.finish().expect("memory").len();
    println!("{} bytes, {packed} compressed", page.len());
    assert!(packed <= MOST, "{packed} bytes");
}

/// So many statements in a row.
fn statements(count: usize) -> String {
    let lines: String = (0..count / 2).map(|_| "y = y * 1.01;\n y = y.sin();\n").collect();
    format!("fn f(x: f64) -> f64 {{ let mut y = x;\n{lines} y + x }}")
}

/// Types a digit of the first `1.01` anew, and waits for the answer; the milliseconds that the page has computed.
fn type_digit(browser: &mut Browser, digit: u32) -> f64 {
    let before = browser.computed();
    browser.eval(
        "(() => { const at = editor.field.value.indexOf('1.0') + 3; editor.field.focus(); editor.field.setSelectionRange(at, at + 1); })()",
    );
    browser.type_text(&digit.to_string());
    settle(browser);
    browser.eval("document.body.offsetHeight");
    browser.computed() - before
}

/// Of a long text only what is near the window is drawn, and all of it can be come to.
#[test]
fn five_hundred_statements_are_answered() {
    let Some(mut browser) = open("statements", "open=neuron") else { return };
    paste(&mut browser, &statements(500));
    let took = (2..6).map(|digit| type_digit(&mut browser, digit)).sum::<f64>() / 4.0;
    println!("500 statements: an edit takes the page {took:.0} ms");
    assert_eq!(browser.eval("editor.field.value.indexOf('1.05') > 0"), json!(true));
    assert_eq!(shown(&mut browser)["nodes"], json!(502));
    assert_eq!(messages(&mut browser), [""; 0]);
    let elements = browser.eval("document.querySelectorAll('*').length").as_u64().expect("a number");
    assert!(elements < 4000, "{elements} elements");
    // The field is as large as the text, so that a click anywhere is one into it.
    let field =
        browser.eval("[editor.field.offsetHeight - byId('source-text').offsetHeight, byId('editor').scrollHeight - editor.field.scrollHeight < 8]");
    assert_eq!(field, json!([0, true]));
    browser.eval("byId('editor').scrollTop = 1e6");
    let last = "[...document.querySelectorAll('#source-text .line:not(.folded)')].at(-1)?.textContent ?? ''";
    browser.wait_for(&format!(
        "({last}).startsWith('502 y + x }}   = ') || ({last}).startsWith('502 y + x }}= ')"
    ));
    // The last step, by its key; then the boxes one by one, by theirs.
    browser.eval("document.activeElement.blur()");
    for node in [501, 250, 0] {
        browser.eval(&format!("actions.find({node})"));
        let seen = browser.eval(&format!(
            "(() => {{ const box = document.querySelector('[data-key=\"node {node}\"]')?.getBoundingClientRect(), \
             pane = byId('graph-scroll').getBoundingClientRect(); \
             return box !== undefined && box.top >= pane.top && box.bottom <= pane.bottom && box.left >= pane.left && box.right <= pane.right; }})()"
        ));
        assert_eq!(seen, json!(true), "node {node}");
    }
    browser.eval("document.querySelector('[data-key=\"node 0\"]').focus()");
    let mut reached = std::collections::HashSet::new();
    for _ in 0..60 {
        browser.press("Tab");
        reached.insert(browser.eval("document.activeElement.dataset.key ?? ''").to_string());
    }
    assert!(reached.len() > 50, "the Tab key goes on from box to box: {reached:?}");
    // A file has the whole picture.
    let boxes = browser.eval("(pictureFile().text.match(/rx=\"9\"/g) ?? []).length");
    assert_eq!(boxes, json!(502));
    assert_quiet(&mut browser);
}

/// Prints figures: `cargo test -p playground --test page figures -- --ignored --nocapture`. Those of the page are the time that
/// its thread computes.
#[test]
#[ignore = "measures times"]
fn figures() {
    let Some(mut browser) = open("figures", "open=neuron") else { return };
    let paint = browser.eval("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    println!("first paint after {} ms", paint.as_f64().expect("a time").round());
    let looped = "fn f(x: f64) -> f64 { let mut y = x; for _ in 0..249 { y = (y * 1.01).sin(); } y + x }";
    let terms = format!("fn f(x: f64) -> f64 {{ 1.01 * x{} }}", " + x".repeat(1000));
    let calls = format!("fn f(x: f64) -> f64 {{ (1.01 * x){} }}", ".sin()".repeat(1000));
    let texts = [
        ("a loop of 500 nodes", looped.to_owned()),
        ("500 statements", statements(500)),
        ("1,000 terms", terms),
        ("1,000 calls", calls),
    ];
    for (name, text) in texts {
        paste(&mut browser, &text);
        let (mut page, mut compiler) = (0.0, 0.0);
        for digit in 2..10 {
            page += type_digit(&mut browser, digit);
            compiler += browser.eval("play.milliseconds").as_f64().expect("a time");
        }
        println!(
            "{name}: an edit takes the page {:.0} ms, and the compiler {:.0} ms",
            page / 8.0,
            compiler / 8.0
        );
    }
    paste(&mut browser, &looped.replace("249", "990"));
    for expanded in [false, true] {
        browser.eval(&format!("state.expanded !== {expanded} && byId('expand').click()"));
        let before = browser.computed();
        browser.eval(
            "Array.from({ length: 60 }, () => { \
             actions.go((state.step + 1) % derived.timeline.steps.length); document.body.offsetHeight; })",
        );
        let step = (browser.computed() - before) / 60.0;
        println!("a step at 2,000 nodes, expanded: {expanded}: {step:.1} ms");
    }
}
