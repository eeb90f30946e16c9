//! Sites: spans, texts and positions in a source that does not start at the beginning of its line.

use gradus::trace::{Origin, Site, Source, Span};
use gradus::{Graph, Op, rt};

static SOURCE: Source = Source {
    function: "area",
    file: "src/shapes.rs",
    line: 12,
    column: 5,
    text: "fn área(r: f64) -> f64 {\n        PI * r * r\n    }",
    adjoint: "",
};
static SITE: Site = Site {
    source: &SOURCE,
    span: Span { start: 34, end: 44 },
    operands: &[Span { start: 34, end: 40 }, Span { start: 43, end: 44 }],
    name: None,
};

#[test]
fn a_site_knows_its_text_and_place() {
    assert_eq!(SITE.text(), "PI * r * r");
    assert_eq!([0, 1].map(|k| SOURCE.slice(SITE.operands[k])), ["PI * r", "r"]);
    assert_eq!(Origin::Site(&SITE).position(), (13, 9));
    assert_eq!(Origin::Site(&SITE).to_string(), "src/shapes.rs:13:9");
}

#[test]
fn columns_count_characters() {
    assert_eq!(SOURCE.position(0), (12, 5));
    assert_eq!(SOURCE.position(8), (12, 12)); // `(`, after the two bytes of `á`
}

#[test]
fn a_span_outside_the_text_is_empty() {
    assert_eq!(SOURCE.slice(Span { start: 40, end: 4000 }), "");
    assert_eq!(SOURCE.slice(Span { start: 4, end: 6 }), "", "within a character");
}

#[test]
fn a_node_keeps_the_site_it_was_given() {
    let graph = Graph::with_sites();
    let x = graph.value(3.0);
    let y = rt::apply(Op::Mul, [x, x], Some(Origin::Site(&SITE)));
    assert_eq!(y.node().unwrap().origin(), Some(Origin::Site(&SITE)));
    let lean = Graph::new();
    let x = lean.value(3.0);
    let y = rt::apply(Op::Mul, [x, x], Some(Origin::Site(&SITE)));
    assert_eq!(y.node().unwrap().origin(), None);
}
