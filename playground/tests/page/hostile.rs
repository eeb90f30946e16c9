//! Nothing that is typed stops the page.

use super::*;
use std::time::{Duration, Instant};

/// What an answer takes on a slow machine: a run that is ended, and a new start.
const LONGEST: Duration = Duration::from_secs(30);

const SQUARE: &str = "fn f(x: f64) -> f64 { x * x }";

/// What each text is answered with: a part of the first message, or nothing if it has a graph.
fn texts() -> Vec<(&'static str, String, &'static str)> {
    let body = |body: &str| format!("fn f(x: f64) -> f64 {{ {body} }}");
    vec![
        ("an endless loop", body("loop {}"), "steps"),
        ("an endless loop that computes", body("let mut y = x; loop { y = y * 1.5; if y < 0.0 { break; } } y"), "the graph has more than"),
        ("a while without an end", body("let mut y = x; while true { y = 0.5 * y.abs(); } y"), "the graph has more than"),
        ("a long range", body("let mut n = 0_u64; for k in 0..u64::MAX { n = k; } x * n as f64"), "steps"),
        ("an iterator without an end", body("(0..).map(|k| x * k as f64).sum()"), "the graph has more than"),
        ("items without an end", body("let v: Vec<f64> = std::iter::repeat(1.0).collect(); x * v[0]"), "items is collected"),
        ("a recursion without an end", "fn f(x: f64) -> f64 { f(x + 1.0) }".to_owned(), "calls are in each other"),
        ("a recursion that branches", "fn f(x: f64, n: u32) -> f64 { if n == 0 { x } else { f(x, n - 1) + f(x, n - 1) } }".to_owned(), ""),
        ("a huge array", body("let v = [x; 4_000_000_000]; v[0]"), "steps"),
        ("a huge vector", body("let v = vec![vec![1.0; 100_000]; 100_000]; x * v[0][0]"), "steps"),
        ("a vector that doubles", body("let mut v = vec![1.0]; for _ in 0..60 { let w = v.clone(); v.extend(w); } x * v[0]"), "items is collected"),
        ("overflow", body("let n: u8 = 255; x * (n + 1) as f64"), "overflow"),
        ("a division of integers by 0", body("let n = 0; x * (1 / n) as f64"), "divide by zero"),
        ("an index out of bounds", "fn f(x: &[f64]) -> f64 { x[10] }".to_owned(), "the len is 3 but the index is 10"),
        ("lists in lists", format!("fn f(x: {}f64{}) -> f64 {{ 1.0 }}", "Vec<".repeat(30), ">".repeat(30)), "numbers"),
        ("a long argument", "fn f(x: [f64; 1_000_000]) -> f64 { x[0] }".to_owned(), "numbers"),
        ("many brackets", body(&"(".repeat(50_000)), "is not closed"),
        ("many brackets that are closed", body(&format!("{}x{}", "(".repeat(20_000), ")".repeat(20_000))), "nest"),
        ("many blocks", body(&format!("{}x{}", "{".repeat(20_000), "}".repeat(20_000))), "nest"),
        ("many signs", body(&format!("{}x", "-".repeat(20_000))), "nest"),
        ("a thousand terms", body(&format!("x{}", " + x".repeat(1_000))), ""),
        ("a thousand calls", body(&format!("x{}", ".sin()".repeat(1_000))), ""),
        ("a long sum", body(&format!("x{}", " + x".repeat(4_000))), "the text nests too deeply"),
        ("a longer sum", body(&format!("x{}", " + x".repeat(20_000))), "the text nests too deeply"),
        ("many statements", body(&format!("let mut y = x; {} y", "y = y.sin();".repeat(2_100))), "the graph has more than"),
        ("types in types", format!("fn f(x: f64) -> f64 {{ let y: {}f64{} = x; y }}", "Option<".repeat(10_000), ">".repeat(10_000)), "nest"),
        ("many functions", many_functions(), ""),
        ("markup", "fn f(x: f64) -> f64 { /* </script><script>alert(1)</script><img src=x onerror=alert(1)> */ x * x }".to_owned(), ""),
        ("markup in a text", body("assert!(x < 0.0, \"<img src=x onerror=alert(1)></script>\"); x"), "<img src=x onerror=alert(1)></script>"),
        ("other scripts", "fn größe(ß: f64) -> f64 { /* 🙂 \u{202e}x\u{202c} 数 */ ß * ß }".to_owned(), ""),
        ("no letters", "\u{0}\u{1}\u{7f}\u{feff}".to_owned(), "no Rust"),
        ("half a surrogate's worth", "fn f(x: f64) -> f64 { '\u{10ffff}'; x }".to_owned(), ""),
        ("a text without an end", "fn f(x: f64) -> f64 { \"x }".to_owned(), "is not closed"),
        ("nothing", String::new(), "no function"),
        ("lines only", "\n".repeat(90_000), "no function"),
        ("one long line", format!("{SQUARE} //{}", "x".repeat(90_000)), ""),
        ("prose", "Dear diary, today I learned about derivatives.".to_owned(), "a function begins with `fn`"),
        ("another language", "def f(x):\n    return x * x\n".to_owned(), "a function begins with `fn`"),
    ]
}

#[test]
fn hostile_texts_are_answered() {
    let Some(mut browser) = open("hostile", "open=neuron") else { return };
    for (name, text, expected) in texts() {
        let start = Instant::now();
        paste(&mut browser, &text);
        let took = start.elapsed();
        assert!(took < LONGEST, "{name}: answered after {took:?}");
        let messages = messages(&mut browser);
        match messages.first() {
            None => assert_eq!(expected, "", "{name} has a graph"),
            // On a slow machine the time ends a run before another limit does.
            Some(first)
                if ["steps", "the graph has more than"].contains(&expected)
                    && first.contains("takes more than 5 seconds") => {}
            Some(first) => assert!(!expected.is_empty() && first.contains(expected), "{name}: {first}"),
        }
        let outside = browser.eval(
            "play.answer.complaints.filter(({ start, end }) => !(0 <= start && start <= end && end <= editor.field.value.length))",
        );
        assert_eq!(outside, json!([]), "{name}");
        // The page goes on.
        paste(&mut browser, SQUARE);
        assert_eq!(shown(&mut browser)["nodes"], json!(2), "{name}");
        assert_quiet(&mut browser);
    }
}

#[test]
fn ten_megabytes_are_refused_and_the_page_goes_on() {
    let Some(mut browser) = open("megabytes", "open=neuron") else { return };
    for unit in ["x + ", "fn f(x: f64) -> f64 { x }\n", "(", "\n"] {
        let start = Instant::now();
        browser.eval("editor.field.focus(); editor.field.select()");
        browser.type_text(&unit.repeat(10_000_000 / unit.len()));
        settle(&mut browser);
        assert!(start.elapsed() < LONGEST, "{unit:?}: {:?}", start.elapsed());
        let messages = messages(&mut browser);
        assert!(messages[0].contains("at most 100000 are read here"), "{unit:?}: {messages:?}");
        paste(&mut browser, SQUARE);
        assert_eq!(shown(&mut browser)["nodes"], json!(2), "{unit:?}");
    }
    assert_quiet(&mut browser);
}

/// A link of a few thousand letters may stand for many megabytes.
#[test]
fn a_link_to_a_huge_text_opens_the_first_example() {
    let Some(mut browser) = open("bomb", "open=neuron") else { return };
    let fragment = browser.eval("packed(JSON.stringify(['x'.repeat(20000000), null, {}]))");
    let fragment = fragment.as_str().expect("a text");
    assert!(fragment.len() < 100_000, "{} letters", fragment.len());
    browser.load(page().expect("a page"), &format!("play={fragment}"));
    settle(&mut browser);
    assert_eq!(browser.eval("play.answer.function"), json!("neuron"));
    assert_quiet(&mut browser);
}

/// The message stands at the loop that does not end.
#[test]
fn what_does_not_end_is_underlined() {
    let Some(mut browser) = open("loops", "open=neuron") else { return };
    paste(
        &mut browser,
        "fn f(x: f64) -> f64 {\n    let y = x * 2.0;\n    loop {\n        let _ = 1;\n    }\n    y\n}",
    );
    let place = browser.eval("[play.answer.complaints[0].start, play.answer.complaints[0].end]");
    let [start, end] = [0, 1].map(|at| place[at].as_u64().expect("a place"));
    // The loop, or something in it.
    assert!(47 <= start && start < end && end <= 78, "{start}..{end}");
    assert!(messages(&mut browser)[0].contains("is there an end to every loop"));
    assert_quiet(&mut browser);
}

fn many_functions() -> String {
    let functions: Vec<_> = (0..2_000).map(|k| format!("fn f{k}(x: f64) -> f64 {{ x * {k}.0 }}\n")).collect();
    functions.concat()
}
