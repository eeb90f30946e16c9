//! How quick the page is, and how legible.

use super::{assert_quiet, lecture, open};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{logs_graph, shared_graph, spring_graph, total_graph, two_layers_graph};
use serde_json::json;

#[test]
fn large_pages_are_quick() {
    let Some(mut browser) = Browser::open_alone("speed") else { return };
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
    // Whatever else the machine does only adds: the quickest tenth tells what the page itself takes.
    let quick = "times => times.sort((a, b) => a - b)[Math.floor(times.length / 10)]";
    let step = browser.eval(&format!(
        "({quick})(Array.from({{ length: 200 }}, () => {{ const start = performance.now(); \
         actions.go(state.step + 5); document.body.offsetHeight; return performance.now() - start; }}))"
    ));
    let layout = browser.eval(&format!(
        "({quick})(Array.from({{ length: 9 }}, () => {{ const start = performance.now(); \
         arrangeToFit(model, viewOf(model), 860, 700); return performance.now() - start; }}))"
    ));
    let expanded = browser.eval(&format!(
        "(() => {{ state.expanded = true; const start = performance.now(); arrange(model, viewOf(model), true); \
         const layout = performance.now() - start; refresh.layout(); actions.go(0); \
         return [layout, ({quick})(Array.from({{ length: 100 }}, () => {{ const start = performance.now(); \
         actions.go(state.step + 1); document.body.offsetHeight; return performance.now() - start; }}))]; }})()"
    ));
    println!(
        "first paint {paint} ms, step {step} ms, layout {layout} ms; all open: [layout, step] {expanded} ms"
    );
    assert!(step.as_f64().unwrap() < 16.0, "a step takes {step} ms");
    assert!(layout.as_f64().unwrap() < 50.0, "a layout takes {layout} ms");
    assert!(expanded[1].as_f64().unwrap() < 16.0, "a step with all loops open takes {} ms", expanded[1]);
    assert!(paint.as_f64().unwrap() < 1000.0, "the first paint takes {paint} ms");
    assert_quiet(&mut browser);
}

#[test]
fn text_is_legible() {
    let Some(mut browser) = Browser::open("contrast") else { return };
    for dark in [false, true] {
        browser.dark(dark);
        for (trace, fragment) in [
            (lecture(), "step=4"),
            (lecture(), ""),
            (spring_graph(1.5, 0.2, 1.0), "step=755&select=247"),
            (logs_graph(0.5, 2.0), ""),
            (two_layers_graph(-0.7, 1.5), "step=9&call0=0"),
            (total_graph(&[1.5; 20], 2.0), "present=1"),
            (shared_graph(1.5), "predict=1&step=6"),
            (shared_graph(1.5), "mistake=assign"),
        ] {
            open(&mut browser, &trace, fragment);
            if fragment.contains("predict") {
                // A hint, a wrong answer, and the score.
                browser.eval("document.querySelector('.prediction button[type=button]').click()");
                browser.eval("(() => { const field = document.querySelector('.prediction input'); field.value = '9'; field.form.requestSubmit(); })()");
            }
            let faint = browser.eval(include_str!("contrast.js"));
            assert_eq!(faint, json!([]), "dark: {dark}");
        }
    }
    assert_quiet(&mut browser);
}
