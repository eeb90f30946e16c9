//! The two passes, step by step, against the engine and numbers by hand.

use super::{assert_close, assert_quiet, engine_gradients, every_kind, lecture, numbers, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{polar_graph, shared_graph};
use serde_json::{Value, json};

#[test]
fn stepping_to_the_end_leaves_the_engine_s_gradients() {
    let Some(mut browser) = Browser::open("stepping") else { return };
    let traces = every_kind();
    for trace in traces {
        open(&mut browser, &trace, "step=0");
        assert_eq!(browser.eval("derived.at.gradients"), Value::Null, "before the seed there is no gradient");
        let steps = browser.eval("derived.timeline.steps.length - 1").as_u64().unwrap();
        // Real keys for a dozen steps, then the page's own, which are quicker.
        for _ in 0..steps.min(12) {
            browser.press("ArrowRight");
        }
        browser.eval(&format!(
            "(() => {{ for (let step = 12; step < {steps}; step += 1) \
             document.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'ArrowRight' }})); }})()"
        ));
        assert_eq!(browser.eval("state.step"), json!(steps));
        let shown = numbers(&browser.eval("[...derived.at.gradients ?? derived.right.gradients]"));
        assert_eq!(shown, engine_gradients(&trace), "{trace:?}");
        let values = numbers(&browser.eval("derived.run.values"));
        assert_eq!(values, trace.graph().nodes().map(|node| node.data()).collect::<Vec<_>>());
    }
    assert_quiet(&mut browser);
}

#[test]
fn the_card_shows_the_arithmetic_of_each_step() {
    let Some(mut browser) = Browser::open("card") else { return };
    open(&mut browser, &lecture(), "step=1");
    assert_eq!(texts(&mut browser, "#step .formula"), ["w1 × x1", "= (−3) × 2 = −6"]);
    assert!(browser.text("[data-key='node 7'] .value").contains('?'), "the sum is not computed yet");

    browser.press("b");
    assert_eq!(browser.text("#step-title"), "Seed");
    let step = browser.text("#step");
    assert!(step.contains("out.grad = 1") && step.contains("Every other gradient starts at 0."), "{step}");

    browser.press("End");
    let step = browser.text("#step");
    for part in [
        "rule: ∂(a × b)/∂a = b, ∂(a × b)/∂b = a",
        "arriving: (w1 * x1).grad = 0.5",
        "w1.grad += x1 × (w1 * x1).grad",
        "= 2 × 0.5 = 1 (0 → 1)",
        "x1.grad += w1 × (w1 * x1).grad",
        "= (−3) × 0.5 = −1.5 (0 → −1.5)",
    ] {
        assert!(step.contains(part), "no “{part}” in {step}");
    }
    // 0.01 on w1 adds 0.02 to n: tanh(n + 0.02) − tanh(n), where n = asinh(1).
    let n = 1_f64.asinh();
    let actual = format!("Actually: {:.6}; the curve bends.", (n + 0.02).tanh() - n.tanh());
    browser.point_at("[data-key='node 2'] .body");
    let node = browser.text("#node");
    assert!(node.contains("If w1 were 0.01 larger, out would change by about 0.01."), "{node}");
    assert!(node.contains(&actual), "no “{actual}” in {node}");

    // A shared node: one term for each use. b² + b at b = a² = 2.25 has the derivative 2b + 1 = 5.5.
    open(&mut browser, &shared_graph(1.5), "");
    browser.point_at("[data-key='node 1'] .body");
    let node = browser.text("#node");
    assert!(node.contains("b.grad = 1 + 2.25 + 2.25 = 5.5"), "{node}");
    assert!(node.contains("used 3 times: one term for each use"), "{node}");
    assert_quiet(&mut browser);
}

#[test]
fn several_results_are_differentiated_together_or_one_at_a_time() {
    let Some(mut browser) = Browser::open("results") else { return };
    let trace = polar_graph(3.0, 4.0);
    open(&mut browser, &trace, "");
    let slope = |browser: &mut Browser| browser.eval("derived.right.gradients[0]").as_f64().unwrap();
    // ∂√(x² + y²)/∂x = x/r, and of the angle −y/r². At first the page has the gradients of the trace, those of the sum.
    assert_close(slope(&mut browser), 0.6 - 4.0 / 25.0, "sum");
    assert_close(slope(&mut browser), trace.gradient("x")[0], "the trace");
    assert!(browser.text("#step").contains("the sum of the 2 results"), "{}", browser.text("#step"));
    let choose = |browser: &mut Browser, value: &str| {
        browser.eval(&format!(
            "(() => {{ const choice = document.querySelector('.output select'); choice.value = '{value}'; \
             choice.dispatchEvent(new Event('change')); }})()"
        ));
    };
    choose(&mut browser, "0");
    assert_close(slope(&mut browser), 0.6, "radius");
    choose(&mut browser, "1");
    assert_close(slope(&mut browser), -4.0 / 25.0, "angle");
    browser.wait_for("location.hash.includes('output=2')");
    choose(&mut browser, "all");
    assert_close(slope(&mut browser), 0.6 - 4.0 / 25.0, "sum");

    // A trace of one result, and one of a weighted sum, open as they are.
    open(&mut browser, &polar_graph(3.0, 4.0).of_result(1), "");
    assert_close(slope(&mut browser), -4.0 / 25.0, "angle");
    open(&mut browser, &polar_graph(3.0, 4.0).with_seed(&[2.0, -1.0]), "");
    assert_close(slope(&mut browser), 1.2 + 4.0 / 25.0, "weighted");
    browser.press("b");
    assert_eq!(browser.text("#step .formula"), "(x.hypot(y)).grad = 2");
    assert_quiet(&mut browser);
}
