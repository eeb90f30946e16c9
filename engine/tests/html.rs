//! Pages to explore traces: self-contained, harmless, of bounded size. What they do in a browser is tested in
//! `tests/explorer`.

mod traced;

use gradus::rt::apply;
use gradus::trace::{Input, Source, Trace};
use gradus::view::{BusyLine, MOST_NODES, TooLarge};
use gradus::{Graph, Op};
use std::time::{Duration, Instant};
use traced::{LECTURE, neuron, newton, site, source};

/// What tries to get out of a script, an attribute, a string.
const HOSTILE: &str = "fn f(a: f64) -> f64 {\n    /* </script><script>alert(1)</script><!-- \"'` \u{2028}\u{202e}\u{0} */ a * a\n}";

fn hostile() -> Trace {
    let source = source("f</title><img src=x>", ("\"><script>.rs", 1, 1), HOSTILE);
    let graph = Graph::with_sites();
    let a = graph.input(3.0, Some(site(source, "a: f64", &[], None)));
    let a = a.named("</script><b>");
    let square = apply(Op::Mul, [a, a], Some(site(source, "a * a", &["a", "a"], Some("&amp;<i>"))));
    square.backward();
    let output = square.node().expect("a node").index();
    let input = Input { name: "a", nodes: vec![0] };
    Trace::new(graph, source, vec![input], vec![gradus::graph::Operand::Node(output)])
}

/// The JSON of a page.
fn data(page: &str) -> &str {
    let start = page.find("id=\"trace\">").expect("the data") + "id=\"trace\">".len();
    &page[start..start + page[start..].find("</script>").expect("its end")]
}

#[test]
fn a_page_stands_alone() {
    let page = neuron(LECTURE).to_html().unwrap();
    assert!(page.starts_with("<!doctype html>"));
    assert!(page.contains("default-src 'none'; style-src 'sha256-"), "the policy admits what it names");
    for reference in
        ["src=", "href=", "url(", "@import", "fetch(", "XMLHttpRequest", "unsafe-inline", "unsafe-eval"]
    {
        assert!(!page.contains(reference), "`{reference}` in a page that loads nothing");
    }
    // The namespace of SVG is a name, not an address that is asked.
    assert_eq!(
        page.matches("http").count(),
        page.matches("http://www.w3.org/2000/svg").count() + page.matches("http-equiv").count()
    );
    assert_eq!(page, neuron(LECTURE).to_html().unwrap(), "the same trace gives the same page");
}

#[test]
fn scripts_are_the_same_on_every_page() {
    let fixed = |page: &str| page.replace(data(page), "").replace("neuron", "").replace("newton_sqrt", "");
    assert_eq!(fixed(&neuron(LECTURE).to_html().unwrap()), fixed(&newton(2.0, 3).to_html().unwrap()));
}

#[test]
fn hostile_texts_stay_texts() {
    let page = hostile().to_html().unwrap();
    let harmless = neuron(LECTURE).to_html().unwrap();
    for tag in ["<script", "</script", "<img", "<b>", "<i>", "<!--", "<title", "</title"] {
        assert_eq!(page.matches(tag).count(), harmless.matches(tag).count(), "{tag}");
    }
    assert!(!data(&page).contains(['<', '>', '&', '\u{2028}', '\0']), "{}", data(&page));
    assert!(page.contains("<title>f&lt;/title&gt;&lt;img src=x&gt;</title>"));
}

#[test]
fn spans_count_as_javascript_does() {
    // Before the product: ä has 2 bytes and 1 unit, 😀 has 4 bytes and 2 units.
    let text = "fn f(a: f64) -> f64 { /* ä😀 */ a * a }";
    let source = source("f", ("f.rs", 1, 1), text);
    let graph = Graph::with_sites();
    let a = graph.value(3.0);
    apply(Op::Mul, [a, a], Some(site(source, "a * a", &["a", "a"], None))).backward();
    let trace = Trace::new(graph, source, vec![Input { name: "a", nodes: vec![0] }], vec![]);
    let page = trace.to_html().unwrap();
    let units = |byte: usize| text[..byte].encode_utf16().count();
    let start = text.find("a * a").unwrap();
    assert_ne!(units(start), start);
    let site = format!("[0,{},{},[[{0},{}],[", units(start), units(start + 5), units(start) + 1);
    assert!(data(&page).contains(&site), "no {site} in {}", data(&page));
}

#[test]
fn large_traces_are_refused_with_advice() {
    const TEXT: &str = "fn f(x: f64) -> f64 {\n    let y = x * x;\n    y + x\n}";
    let source: &'static Source = source("f", ("src/f.rs", 10, 1), TEXT);
    let graph = Graph::with_sites();
    let mut x = graph.value(1.0);
    let (square, sum) =
        (site(source, "x * x", &["x", "x"], Some("y")), site(source, "y + x", &["y", "x"], None));
    for number in 0..1_000_000 {
        x = if number % 4 == 0 {
            apply(Op::Add, [x, x], Some(sum))
        } else {
            apply(Op::Mul, [x, x], Some(square))
        };
    }
    let trace = Trace::new(graph, source, vec![Input { name: "x", nodes: vec![0] }], vec![]);
    let start = Instant::now();
    let refused = trace.to_html().unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "a refusal comes at once, not after {:?}",
        start.elapsed()
    );
    let line = |line, nodes| BusyLine { file: "src/f.rs", line, nodes };
    assert_eq!(refused, TooLarge { nodes: 1_000_001, busiest: vec![line(11, 750_000), line(12, 250_000)] });
    let text = refused.to_string();
    assert!(
        text.contains("1000001 nodes") && text.contains("src/f.rs:11 (750000 nodes), src/f.rs:12"),
        "{text}"
    );
    assert!(trace.save_html(std::env::temp_dir().join("never.html")).is_err());
}

#[test]
fn the_largest_page_is_made() {
    let page = newton(2.0, (MOST_NODES - 1) / 3).to_html().unwrap();
    assert!(page.len() < 600 * MOST_NODES, "{} bytes", page.len());
}
