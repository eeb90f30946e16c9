//! The explorer's pages in a real browser: what a reader points at, presses and reads, against the engine.

use explorer_tests::browser::Browser;
use explorer_tests::functions::*;
use gradus::Trace;
use serde_json::{Value, json};

/// A page of a trace, opened at a fragment.
fn page(browser: &mut Browser, trace: &Trace, fragment: &str) {
    browser.load(&trace.to_html().expect("small enough"), fragment);
}

fn lecture() -> Trace {
    neuron_graph(2.0, 0.0, -3.0, 1.0, 6.881373587019543)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn engine_gradients(trace: &Trace) -> Vec<f64> {
    trace.graph().nodes().map(|node| node.grad()).collect()
}

/// The texts of all elements that a selector finds.
fn texts(browser: &mut Browser, selector: &str) -> Vec<String> {
    let script =
        format!("[...document.querySelectorAll({})].map(element => element.textContent)", json!(selector));
    let found = browser.eval(&script);
    found.as_array().expect("a list").iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}

fn assert_quiet(browser: &mut Browser) {
    assert_eq!(browser.complaints(), [""; 0], "the console is empty, and nothing was requested");
}

fn assert_close(computed: f64, exact: f64, what: &str) {
    assert!((computed - exact).abs() <= 1e-12 * exact.abs().max(1e-3), "{what}: {computed} is not {exact}");
}

#[test]
fn pointing_at_the_source_marks_boxes_and_back() {
    let Some(mut browser) = Browser::open("pointing") else { return };
    page(&mut browser, &lecture(), "");

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
    assert!(
        browser.text("#node").starts_with("n under the pointer, line 12:13"),
        "{}",
        browser.text("#node")
    );

    // Away from both nothing is marked.
    browser.point_at("h1");
    assert_eq!(texts(&mut browser, ".box.marked, .span.marked"), [""; 0]);
    assert_quiet(&mut browser);
}

#[test]
fn stepping_to_the_end_leaves_the_engine_s_gradients() {
    let Some(mut browser) = Browser::open("stepping") else { return };
    let traces = [
        lecture(),
        shared_graph(1.5),
        newton_graph(5.0, 3),
        spring_graph(1.5, 0.2, 1.0),
        layered_graph(&[0.3, -0.2, 0.5], 0.7),
        leaning_graph(0.5, 1.2),
        scaled_graph(3.0, 4.0),
    ];
    for trace in traces {
        page(&mut browser, &trace, "step=0");
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
        let shown = numbers(&browser.eval("[...derived.at.gradients]"));
        assert_eq!(shown, engine_gradients(&trace), "{trace:?}");
        let values = numbers(&browser.eval("derived.run.values"));
        assert_eq!(values, trace.graph().nodes().map(|node| node.data()).collect::<Vec<_>>());
    }
    assert_quiet(&mut browser);
}

#[test]
fn the_card_shows_the_arithmetic_of_each_step() {
    let Some(mut browser) = Browser::open("card") else { return };
    page(&mut browser, &lecture(), "step=1");
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
    page(&mut browser, &shared_graph(1.5), "");
    browser.point_at("[data-key='node 1'] .body");
    let node = browser.text("#node");
    assert!(node.contains("b.grad = 1 + 2.25 + 2.25 = 5.5"), "{node}");
    assert!(node.contains("used 3 times: one term for each use"), "{node}");
    assert_quiet(&mut browser);
}

#[test]
fn sliders_agree_with_the_engine() {
    let Some(mut browser) = Browser::open("sliders") else { return };
    let original = [2.0, 0.0, -3.0, 1.0, 6.881373587019543];
    page(&mut browser, &lecture(), "");
    // The sliders end at numbers near the recorded ones; the fields beside them take any.
    for (field, inputs) in [("slider", [1.25, 0.5, -0.3, 2.0, 0.1]), ("number", [-2.0, 30.0, 0.7, 0.2, -1.0])]
    {
        for (index, value) in inputs.iter().enumerate() {
            browser.eval(&format!(
                "(() => {{ const field = fields.rows[{index}].{field}; field.value = {value}; \
                 field.dispatchEvent(new Event('input')); }})()"
            ));
        }
        let [x1, x2, w1, w2, b] = inputs;
        compare(&mut browser, &neuron_graph(x1, x2, w1, w2, b), "neuron");
    }
    browser.click("#reset");
    assert_eq!(numbers(&browser.eval("fields.rows.map(row => row.number.valueAsNumber)")), original);
    assert_eq!(numbers(&browser.eval("[...derived.at.gradients]")), engine_gradients(&lecture()));

    page(&mut browser, &spring_graph(1.5, 0.2, 1.0), "node0=2.5&node1=0.05&node2=-0.4");
    compare(&mut browser, &spring_graph(2.5, 0.05, -0.4), "spring");
    page(&mut browser, &layered_graph(&[0.3, -0.2, 0.5], 0.7), "node1=0.45&node3=1.1");
    compare(&mut browser, &layered_graph(&[0.3, 0.45, 0.5], 1.1), "layered");
    assert_quiet(&mut browser);
}

/// The page's values and gradients against those of a trace.
fn compare(browser: &mut Browser, trace: &Trace, what: &str) {
    let values = numbers(&browser.eval("derived.run.values"));
    let gradients = numbers(&browser.eval("[...derived.right.gradients]"));
    assert_eq!(values.len(), trace.graph().len());
    for (node, (value, gradient)) in trace.graph().nodes().zip(values.into_iter().zip(gradients)) {
        assert_close(value, node.data(), what);
        assert_close(gradient, node.grad(), what);
    }
}

#[test]
fn another_path_is_a_warning_and_no_numbers() {
    let Some(mut browser) = Browser::open("guards") else { return };
    page(&mut browser, &leaning_graph(0.5, 1.2), "");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(true));
    // The branch that was not taken is dimmed.
    assert_eq!(texts(&mut browser, ".span.unused"), ["{ 2.0 * z - 1.0 }"]);

    // 0.5 · 3 is not less than 1: the numbers are typed into the field, as a reader does.
    browser.eval("fields.rows[1].number.select()");
    browser.click(".input:nth-child(2) input[type=number]");
    browser.eval("fields.rows[1].number.select()");
    browser.type_text("3");
    let warning = browser.text("#warning");
    assert!(warning.contains("With y = 3 `z < 1.0` (line 54) is false, where it was true"), "{warning}");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(false));
    assert_eq!(
        browser.text("[data-key='node 2'] .value"),
        "1.5",
        "what comes before the comparison still holds"
    );
    assert_eq!(browser.text("[data-key='node 3'] .value"), "?");
    assert_eq!(texts(&mut browser, "#graph .gradient"), [""; 5]);

    browser.click("#reset");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(true));
    assert_eq!(browser.text("[data-key='node 3'] .value"), "0.36");

    page(&mut browser, &scaled_graph(3.0, 4.0), "node0=2");
    let warning = browser.text("#warning");
    assert!(warning.contains("stop_gradient turned its number into plain data"), "{warning}");
    page(&mut browser, &scaled_graph(3.0, 4.0), "node1=2");
    assert_eq!(browser.text("#warning"), "", "y is not cut");
    assert_quiet(&mut browser);
}

#[test]
fn the_keyboard_reaches_everything() {
    let Some(mut browser) = Browser::open("keyboard") else { return };
    page(&mut browser, &newton_graph(5.0, 3), "expanded=0");
    // Everything that can be clicked gets the focus in turn.
    let wanted = browser.eval(
        "[...document.querySelectorAll('button, select, input, [role=button]')]\
         .filter(element => element.getClientRects().length > 0 && element.getAttribute('aria-disabled') !== 'true').length",
    );
    browser.eval("(window.reached = new Set(), document.activeElement.blur())");
    for _ in 0..wanted.as_u64().unwrap() + 3 {
        browser.press("Tab");
        browser.eval("(window.reached.add(document.activeElement), 0)");
    }
    let reached =
        browser.eval("window.reached.delete(document.body) ? window.reached.size : window.reached.size");
    assert_eq!(reached, wanted);

    // The focus stays on a box from step to step, and Enter pins it.
    browser.eval("document.querySelector('[data-key=\"node 0\"]').focus()");
    browser.press("Enter");
    assert_eq!(browser.eval("state.selected"), json!(0));
    browser.press("Home");
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    assert_eq!(browser.eval("document.activeElement.dataset.key"), json!("node 0"));
    assert_eq!(browser.eval("[state.step, viewOf(model).open(model.loops[0])]"), json!([2, 0]));
    browser.press("Escape");
    assert_eq!(browser.eval("state.selected"), Value::Null);

    browser.press("]");
    assert!(texts(&mut browser, ".frame-head .title").contains(&"iteration 2 of 3".to_owned()));
    browser.press("[");
    browser.press("E");
    assert_eq!(texts(&mut browser, ".frame-head .title").len(), 3, "all iterations are open");
    browser.press("e");
    browser.press("j");
    browser.press("j");
    assert_eq!(browser.eval("state.selected"), json!(1));
    browser.press("k");
    assert_eq!(browser.eval("state.selected"), json!(0));
    browser.press("n");
    assert_eq!(texts(&mut browser, ".box:not(.chip) > text.small")[1..4], ["1", "2", "3"]);
    let theme = browser.eval("document.documentElement.dataset.theme");
    browser.press("d");
    assert_ne!(browser.eval("document.documentElement.dataset.theme"), theme);
    let down = browser.eval("derived.picture.down");
    browser.press("t");
    assert_ne!(browser.eval("derived.picture.down"), down);
    browser.press(" ");
    assert_eq!(browser.text("#play"), "pause");
    browser.press(" ");
    assert_eq!(browser.text("#play"), "play");
    browser.press("?");
    assert_eq!(browser.eval("document.getElementById('help').open"), json!(true));
    browser.press("Escape");
    assert_eq!(browser.eval("document.getElementById('help').open"), json!(false));

    // A stack opens by Enter, and the step card is read out.
    browser.eval("document.querySelector('.stack').focus()");
    browser.press("Enter");
    assert!(texts(&mut browser, ".frame-head .title").contains(&"iteration 2 of 3".to_owned()));
    assert_eq!(browser.eval("document.getElementById('step').getAttribute('aria-live')"), json!("polite"));
    assert_quiet(&mut browser);
}

#[test]
fn the_address_holds_the_state() {
    let Some(mut browser) = Browser::open("address") else { return };
    page(&mut browser, &newton_graph(5.0, 3), "step=8&select=3&theme=dark&expanded=0");
    assert_eq!(
        browser.eval("[state.step, state.selected, state.theme, state.expanded]"),
        json!([8, 3, "dark", false])
    );
    browser.press("ArrowRight");
    browser.press("]");
    browser.wait_for("location.hash.includes('step=9') && location.hash.includes('loop0=')");
    let fragment = browser.eval("location.hash.slice(1)");
    let before = browser.eval("[state.step, [...state.open], state.selected, derived.picture.width]");
    page(&mut browser, &newton_graph(5.0, 3), fragment.as_str().unwrap());
    assert_eq!(browser.eval("[state.step, [...state.open], state.selected, derived.picture.width]"), before);

    // Nonsense in the address is not followed.
    page(
        &mut browser,
        &newton_graph(5.0, 3),
        "step=99999&select=-4&mistake=%3Cb%3E&loop0=77&node0=abc&output=3",
    );
    assert_eq!(
        browser.eval("[state.step, state.selected, state.mistake, state.changed.size]"),
        json!([19, null, null, 0])
    );
    assert_quiet(&mut browser);
}

#[test]
fn loops_are_an_accordion() {
    let Some(mut browser) = Browser::open("loops") else { return };
    page(&mut browser, &spring_graph(1.5, 0.2, 1.0), "step=245");
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
    page(&mut browser, &layered_graph(&[0.3, -0.2, 0.5], 0.7), "step=12&expanded=0");
    assert_eq!(texts(&mut browser, ".frame-head .title"), ["iteration 2 of 3", "iteration 1 of 3"]);
    browser.press("e");
    assert_eq!(texts(&mut browser, ".frame-head .title").len(), 3 + 9);
    assert!(texts(&mut browser, ".file")[1].starts_with("squashed — "));
    browser.eval("actions.go(19)");
    assert!(browser.text("#step").contains("called from line"), "{}", browser.text("#step"));
    assert_quiet(&mut browser);
}

#[test]
fn predict_mode_hides_until_asked() {
    let Some(mut browser) = Browser::open("predict") else { return };
    page(&mut browser, &lecture(), "predict=1&step=11");
    assert_eq!(browser.text("[data-key='node 2'] .gradient"), "∂ ?");
    assert!(!browser.text("#left").contains("∂ −1.5"), "no pane tells");
    browser.click(".prediction:first-of-type input");
    browser.type_text("0.5");
    browser.press("Enter");
    assert!(browser.text(".verdict").contains("✗ Not 0.5: w1.grad is 1."), "{}", browser.text("#step"));
    assert_eq!(browser.text("[data-key='node 2'] .gradient"), "∂ 1");
    browser.click(".prediction input");
    browser.type_text("-1.5");
    browser.press("Enter");
    assert_eq!(browser.text(".verdict"), "✓ Right: x1.grad is −1.5.");
    browser.press("p");
    assert_eq!(texts(&mut browser, ".prediction").len(), 0);
    assert_quiet(&mut browser);
}

#[test]
fn mistakes_lead_to_wrong_numbers_beside_the_right_ones() {
    let Some(mut browser) = Browser::open("mistakes") else { return };
    // y = b·b + b with b = a·a at a = 1.5: dy/db = 2b + 1 = 5.5, dy/da = 5.5 · 2a = 16.5.
    page(&mut browser, &shared_graph(1.5), "");
    assert_eq!(browser.text("[data-key='node 0'] .gradient"), "∂ 16.5");
    let mut played = |mistake: &str| {
        browser.eval(&format!("actions.mistake('{mistake}')"));
        assert!(browser.text("#step").contains("Mistake: "));
        [browser.text("[data-key='node 1'] .gradient"), browser.text("[data-key='node 0'] .gradient")]
    };
    // The last use alone: b's second factor in b·b, worth 2.25; a's second factor in a·a, worth 1.5 · 2.25.
    assert_eq!(played("assign"), ["∂ 2.25 ≠ 5.5", "∂ 3.375 ≠ 16.5"]);
    // The second pass: b·b has 1 + 1, so b gets 5.5 + 1 + 2 · 4.5 = 15.5; a gets 16.5 + 3 · 15.5.
    assert_eq!(played("twice"), ["∂ 15.5 ≠ 5.5", "∂ 63 ≠ 16.5"]);
    // Recursion comes to b by three ways, each time with its 5.5, of which a gets 3.
    assert_eq!(played("recursion"), ["∂ 5.5", "∂ 49.5 ≠ 16.5"]);
    browser.eval("actions.mistake(null)");
    assert_eq!(browser.text("[data-key='node 0'] .gradient"), "∂ 16.5");
    assert_quiet(&mut browser);
}

#[test]
fn several_results_are_differentiated_one_at_a_time() {
    let Some(mut browser) = Browser::open("results") else { return };
    page(&mut browser, &polar_graph(3.0, 4.0), "");
    // ∂√(x² + y²)/∂x = x/r, and of the angle −y/r².
    assert_close(browser.eval("derived.right.gradients[0]").as_f64().unwrap(), 0.6, "radius");
    browser.eval("(() => { const choice = document.querySelector('.output select'); choice.value = '3'; choice.dispatchEvent(new Event('change')); })()");
    assert_close(browser.eval("derived.right.gradients[0]").as_f64().unwrap(), -4.0 / 25.0, "angle");
    assert_quiet(&mut browser);
}

#[test]
fn hostile_texts_are_shown_as_they_are() {
    let Some(mut browser) = Browser::open("hostile") else { return };
    let trace = größe_graph(3.0, 0.5);
    page(&mut browser, &trace, "");
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
    assert!(
        browser.text("#node").starts_with("fläche * s under the pointer, line 91:5"),
        "{}",
        browser.text("#node")
    );
    assert_quiet(&mut browser);
}

#[test]
fn large_pages_are_quick() {
    let Some(mut browser) = Browser::open("speed") else { return };
    let trace = spring_graph(1.5, 0.2, 1.0);
    let html = trace.to_html().unwrap();
    assert!(
        trace.graph().len() > 500 && html.len() < 300_000,
        "{} nodes, {} bytes",
        trace.graph().len(),
        html.len()
    );
    browser.load(&html, "step=0");
    browser.screenshot(&std::env::temp_dir().join("explorer-speed.png"));
    let paint = browser.eval("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
    let median = "times => times.sort((a, b) => a - b)[times.length >> 1]";
    let step = browser.eval(&format!(
        "({median})(Array.from({{ length: 200 }}, () => {{ const start = performance.now(); \
         actions.go(state.step + 5); document.body.offsetHeight; return performance.now() - start; }}))"
    ));
    let layout = browser.eval(&format!(
        "({median})(Array.from({{ length: 9 }}, () => {{ const start = performance.now(); \
         arrangeToFit(model, viewOf(model), 860, 700); return performance.now() - start; }}))"
    ));
    let expanded = browser.eval(&format!(
        "(() => {{ state.expanded = true; const start = performance.now(); arrange(model, viewOf(model), true); \
         const layout = performance.now() - start; refresh.layout(); actions.go(0); \
         return [layout, ({median})(Array.from({{ length: 100 }}, () => {{ const start = performance.now(); \
         actions.go(state.step + 10); document.body.offsetHeight; return performance.now() - start; }}))]; }})()"
    ));
    println!(
        "first paint {paint} ms, step {step} ms, layout {layout} ms; all open: [layout, step] {expanded} ms"
    );
    // The machine may be busy with other tests; these bounds are those of the page alone.
    assert!(step.as_f64().unwrap() < 16.0, "a step takes {step} ms");
    assert!(layout.as_f64().unwrap() < 50.0, "a layout takes {layout} ms");
    assert!(paint.as_f64().unwrap() < 1000.0, "the first paint takes {paint} ms");
    assert_quiet(&mut browser);
}

#[test]
fn text_is_legible() {
    let Some(mut browser) = Browser::open("contrast") else { return };
    for dark in [false, true] {
        browser.dark(dark);
        for (trace, fragment) in
            [(lecture(), "step=4"), (lecture(), ""), (spring_graph(1.5, 0.2, 1.0), "step=755&select=247")]
        {
            page(&mut browser, &trace, fragment);
            let faint = browser.eval(include_str!("contrast.js"));
            assert_eq!(faint, json!([]), "dark: {dark}");
        }
    }
    assert_quiet(&mut browser);
}
