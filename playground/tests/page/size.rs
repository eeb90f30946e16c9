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

/// Prints figures: `cargo test -p playground --test page figures -- --ignored --nocapture`. Those of the page are the time that
/// its thread computes.
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
        paste(&mut browser, text);
        let (before, mut compiler) = (browser.computed(), 0.0);
        for k in 2..10 {
            paste(&mut browser, &text.replace("1.01", &format!("1.0{k}")));
            compiler +=
                browser.eval("document.body.offsetHeight && play.milliseconds").as_f64().expect("a time");
        }
        let page = (browser.computed() - before) / 8.0;
        println!("{name}: an edit takes the page {page:.0} ms, and the compiler {:.0} ms", compiler / 8.0);
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
