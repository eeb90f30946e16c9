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

/// Prints figures, for a machine at rest: `cargo test --release -p playground --test page figures -- --ignored --nocapture`.
#[test]
#[ignore = "measures times"]
fn figures() {
    let Some(mut browser) = open("figures", "open=neuron") else { return };
    let paint = browser.eval("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    println!("first paint after {} ms", paint.as_f64().expect("a time").round());
    let looped = "fn f(x: f64) -> f64 { let mut y = x; for _ in 0..249 { y = (y * 1.01).sin(); } y + x }";
    let lines: String = (0..249).map(|_| "y = y * 1.01;\n y = y.sin();\n").collect();
    let straight = format!("fn f(x: f64) -> f64 {{ let mut y = x;\n{lines} y + x }}");
    for (name, text) in [("a loop of 500 nodes", looped), ("500 nodes in lines", &straight)] {
        let times = browser.eval(&format!(
            "(async () => {{ const times = []; for (let k = 0; k < 12; k++) {{ const start = performance.now(); \
             editor.field.value = {}.replace('1.01', `1.0${{k + 1}}`); typed(); \
             while (play.busy || document.documentElement.dataset.answered !== String(play.last)) await new Promise(done => setTimeout(done)); \
             document.body.offsetHeight; times.push(performance.now() - start); }} return times.sort((a, b) => a - b); }})()",
            json!(text)
        ));
        println!("{name}: an edit takes {} ms", times[6].as_f64().expect("a time").round());
    }
    paste(&mut browser, &looped.replace("249", "990"));
    for expanded in [false, true] {
        let step = browser.eval(&format!(
            "(() => {{ if (state.expanded !== {expanded}) byId('expand').click(); const times = Array.from({{ length: 60 }}, () => {{ const start = performance.now(); \
             actions.go((state.step + 61) % derived.timeline.steps.length); document.body.offsetHeight; return performance.now() - start; }}); \
             return times.sort((a, b) => a - b)[30]; }})()"
        ));
        println!("a step at 2,000 nodes, expanded: {expanded}: {:.1} ms", step.as_f64().expect("a time"));
    }
}
