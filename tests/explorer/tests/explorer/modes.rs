//! Predictions and mistakes.

use super::{assert_quiet, lecture, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::shared_graph;

#[test]
fn predict_mode_hides_until_asked() {
    let Some(mut browser) = Browser::open("predict") else { return };
    open(&mut browser, &lecture(), "predict=1&step=11");
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
    open(&mut browser, &shared_graph(1.5), "");
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
