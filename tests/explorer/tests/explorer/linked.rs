//! Source and graph: each leads to the other, through loops and calls, whatever the source says.

use super::{assert_quiet, every_kind, lecture, line_of, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{größe_graph, layered_graph, spring_graph};
use serde_json::json;

#[test]
fn pointing_at_the_source_marks_boxes_and_back() {
    let Some(mut browser) = Browser::open("pointing") else { return };
    open(&mut browser, &lecture(), "");

    // `s` in `s + b`: its box is marked, the expression filled, its definition underlined.
    let operand = browser
        .eval("listing.spans.findIndex(span => model.sources[0].text.slice(span.start, span.end) === 's')");
    browser.point_at(&format!(".span[data-span='{operand}']"));
    assert_eq!(texts(&mut browser, ".box.marked .name"), ["s"]);
    assert_eq!(texts(&mut browser, ".span.marked"), ["s"]);
    assert_eq!(texts(&mut browser, ".span.definition"), ["w1 * x1 + w2 * x2"]);

    // The box of `n`: its expression is filled, the boxes of its operands are near.
    browser.point_at("[data-key='node 8'] .body");
    assert_eq!(texts(&mut browser, ".span.marked"), ["s + b"]);
    assert_eq!(texts(&mut browser, ".box.near .name"), ["b", "s"]);
    let expected = format!("n under the pointer, line {}:13", line_of("let n = s + b"));
    assert!(browser.text("#node").starts_with(&expected), "{}", browser.text("#node"));

    // Away from both nothing is marked.
    browser.point_at("h1");
    assert_eq!(texts(&mut browser, ".box.marked, .span.marked"), [""; 0]);
    assert_quiet(&mut browser);
}

#[test]
fn loops_are_an_accordion() {
    let Some(mut browser) = Browser::open("loops") else { return };
    open(&mut browser, &spring_graph(1.5, 0.2, 1.0), "step=245");
    assert_eq!(texts(&mut browser, ".stack .title"), ["iter 1–24", "iter 26–50"]);
    assert_eq!(texts(&mut browser, ".frame-head .title"), ["iteration 25 of 50"]);
    let ports = texts(&mut browser, ".port text");
    assert_eq!(ports, ["energy", "v", "x", "energy", "v", "x"]);
    // Inputs that every iteration uses are small boxes there; what each adds is told at the end of the pass.
    let chips = texts(&mut browser, ".chip:not(.passive) .name");
    assert_eq!(chips, ["k", "c"]);

    // The arrows between iterations add up to what the carried values' gradients are made of.
    browser.press("End");
    browser.eval("actions.iteration(model.loops[0], 24)");
    let flows = browser.eval(
        "drawn.edges.filter(({ edge }) => edge.whole && edge.value !== null && edge.value >= 240).every(({ edge, element }) => {\
           const sum = edge.uses.reduce((sum, { user, slot }) => sum + derived.at.shares[user][slot], 0);\
           return element.classList.contains(sum > 0 ? 'plus' : sum < 0 ? 'minus' : 'edge');\
         })",
    );
    assert_eq!(flows, json!(true));

    // Loops in loops, and the function that is called from them.
    open(&mut browser, &layered_graph(&[0.3, -0.2, 0.5], 0.7), "step=12&expanded=0");
    assert_eq!(
        texts(&mut browser, ".frame-head .title"),
        ["iteration 2 of 3", "iteration 1 of 3", "h = squashed(s)"]
    );
    browser.press("e");
    assert_eq!(
        texts(&mut browser, ".frame-head .title").len(),
        3 + 9 + 3,
        "iterations, and a frame for each call"
    );
    assert!(texts(&mut browser, ".file")[1].starts_with("squashed — "));
    browser.eval("actions.go(19)");
    assert!(browser.text("#step").contains("called from line"), "{}", browser.text("#step"));
    assert_quiet(&mut browser);
}

/// What a picture must be, in a script: the box of every step in it, and no two boxes on each other.
const PICTURE: &str = "(expanded, direction) => {
    Object.assign(state, { expanded, direction });
    refresh.layout();
    const wrong = [], { steps } = derived.timeline, stride = Math.max(1, steps.length >> 4);
    for (let step = 0; step < steps.length; step += stride) {
        actions.go(step);
        const { node } = derived.at, { boxes } = derived.picture;
        if (node !== undefined && !boxes.some(box => box.node === node && !box.chip) && !drawn.stacks.some(({ loop, members }) => loop.kind === 'chain' && members.has(node))) wrong.push(`step ${step} has no box`);
    }
    const boxes = [...derived.picture.boxes, ...derived.picture.stacks];
    boxes.forEach((one, index) => boxes.slice(0, index).forEach(other => {
        const apart = Math.abs(one.x - other.x) >= (one.width + other.width) / 2
            || Math.abs(one.y - other.y) >= (one.height + other.height) / 2;
        if (!apart) wrong.push(`${one.node} on ${other.node}`);
    }));
    return wrong;
}";

#[test]
fn every_step_has_its_box_and_no_boxes_overlap() {
    let Some(mut browser) = Browser::open("boxes") else { return };
    for trace in every_kind() {
        open(&mut browser, &trace, "");
        for (expanded, direction) in [(true, "right"), (true, "down"), (false, "right"), (false, "down")] {
            let wrong = browser.eval(&format!("({PICTURE})({expanded}, '{direction}')"));
            assert_eq!(wrong, json!([]), "{trace:?}, expanded: {expanded}, {direction}");
        }
    }
    assert_quiet(&mut browser);
}

#[test]
fn hostile_texts_are_shown_as_they_are() {
    let Some(mut browser) = Browser::open("hostile") else { return };
    let trace = größe_graph(3.0, 0.5);
    open(&mut browser, &trace, "");
    assert_eq!(browser.text("title"), "größe");
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), json!(0));
    let code = texts(&mut browser, "#source-text .code").join("\n");
    // The listing takes the function's own indentation away, and nothing else.
    assert_eq!(code, trace.source().text);
    // Spans are those of the expressions, behind characters of two and four bytes.
    browser.point_at("[data-key='node 2'] .body");
    assert_eq!(texts(&mut browser, ".span.marked"), ["länge * b"]);
    browser.point_at("[data-key='node 3'] .body");
    assert_eq!(texts(&mut browser, ".span.marked"), ["fläche * s"]);
    let expected = format!("fläche * s under the pointer, line {}:5", line_of("    fläche * s"));
    assert!(browser.text("#node").starts_with(&expected), "{}", browser.text("#node"));
    assert_quiet(&mut browser);
}
