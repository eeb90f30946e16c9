//! Predictions and mistakes.

use super::{assert_quiet, lecture, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{doubled_graph, neuron_graph, shared_graph, two_layers_graph};
use serde_json::json;

#[test]
fn predict_mode_hides_until_asked() {
    let Some(mut browser) = Browser::open("predict") else { return };
    open(&mut browser, &lecture(), "predict=1&step=11");
    assert_eq!(browser.text("[data-key='node 2'] .gradient"), "∂ ?");
    assert!(!browser.text("#left").contains("∂ −1.5"), "no pane tells");
    browser.click(".prediction:first-of-type input");
    browser.type_text("0.5");
    browser.press("Enter");
    let card = browser.text("#step");
    assert!(card.contains("✗ Not 0.5. This is the gradient that arrives."), "{card}");
    assert_eq!(
        browser.text("[data-key='node 2'] .gradient"),
        "∂ ?",
        "a wrong answer does not tell the right one"
    );
    // Fractions and products are numbers.
    browser.type_text("2 * 1/2");
    browser.press("Enter");
    assert_eq!(browser.text(".verdict.right"), "✓ Right: w1.grad is 1.");
    assert_eq!(browser.text("[data-key='node 2'] .gradient"), "∂ 1");
    // The next step waits for the answer.
    browser.eval("document.activeElement.blur()");
    browser.press("ArrowRight");
    assert_eq!(browser.eval("state.step"), json!(11));
    browser.eval("document.querySelector('.prediction button[type=button]').click()");
    browser.eval("document.querySelector('.prediction button[type=button]').click()");
    assert_eq!(texts(&mut browser, ".hint")[1], "x1.grad += w1 × (w1 * x1).grad");
    assert!(
        !browser.text("#left").contains("−1.5") && !browser.text("#graph").contains("−1.5"),
        "no hint tells"
    );
    browser.click(".prediction input");
    browser.type_text("-3/2");
    browser.press("Enter");
    assert_eq!(browser.text(".verdict.right"), "✓ Right: x1.grad is −1.5.");
    assert_eq!(browser.text(".score summary"), "Score: 2 of 4");
    let summary = browser.eval("document.querySelector('.score textarea').value");
    let summary = summary.as_str().unwrap();
    assert!(
        summary.contains("2 of 4 points: 0 right at the first try, 2 with more tries or hints, 0 shown"),
        "{summary}"
    );
    assert!(
        summary.contains("w1.grad: right, 2 tries, 0 hints")
            && summary.contains("x1.grad: right, 1 try, 2 hints"),
        "{summary}"
    );
    browser.eval("document.activeElement.blur()");
    browser.press("p");
    assert_eq!(texts(&mut browser, ".prediction").len(), 0);
    assert_quiet(&mut browser);
}

/// A whole pass in predict mode: whatever the page shows, the answer to an open question is not in it.
#[test]
fn predict_mode_never_gives_an_answer_away() {
    let Some(mut browser) = Browser::open("answers") else { return };
    // All partials and gradients differ from all values, so that a number on the page is not there by chance.
    for trace in [neuron_graph(1.37, -0.61, 0.83, 2.9, 0.17), two_layers_graph(0.71, 1.93)] {
        open(&mut browser, &trace, "");
        browser.press("p");
        for _ in 0..40 {
            browser.press("ArrowRight");
            let told = browser.eval(
                "openQuestions().flatMap(index => { const { at, run } = derived, answer = at.gradients[index]; \
                 const share = at.changes.find(({ node }) => node === index), told = [format(answer)]; \
                 if (share.before === 0 && Math.abs(run.partials[at.node][share.slot]) !== 1) told.push(`×${format(run.partials[at.node][share.slot])}`); \
                 const own = format(at.gradients[at.node]); \
                 const page = document.body.innerText + [...document.querySelectorAll('[aria-label]')].map(one => one.getAttribute('aria-label')).join(' ') \
                   + document.getElementById('graph-scroll').textContent; \
                 return told.filter(text => text !== own && new RegExp(`[∂×=]\\\\s*\\\\+?${text.replace('.', '\\\\.')}(?![0-9.])`).test(page)); })",
            );
            assert_eq!(told, json!([]), "at step {}", browser.eval("state.step"));
            browser.eval("[...document.querySelectorAll('.prediction')].forEach(() => [...document.querySelectorAll('.prediction button')].find(one => one.textContent === 'Show').click())");
        }
        assert_eq!(browser.eval("state.step === derived.timeline.steps.length - 1"), json!(true));
        assert_eq!(browser.eval("scoreOf().points"), json!(0), "what is shown is worth nothing");
    }
    assert_quiet(&mut browser);
}

#[test]
fn classic_wrong_answers_are_recognised() {
    let Some(mut browser) = Browser::open("classic") else { return };
    // y = b·b + b at b = 2.25: the step of b·b finds b.grad = 1 and adds 2.25 twice.
    open(&mut browser, &shared_graph(1.5), "predict=1&step=6");
    let node = browser.eval("derived.at.node");
    assert_eq!(browser.eval("derived.at.gradients[1]"), json!(5.5), "{node}");
    for (guess, said) in [
        ("1", "This is what it was before the step."),
        ("4.5", "This is what the step adds."),
        ("9/4", "This is the term of one use."),
        ("-5.5", "The sign is wrong."),
        ("2", "The gradient that arrives was added without the local derivative."),
        ("7", "Try again, or ask for a hint."),
        ("five", "five is not a number."),
    ] {
        browser.eval(&format!(
            "(() => {{ const field = document.querySelector('.prediction input'); field.value = '{guess}'; field.form.requestSubmit(); }})()"
        ));
        let note = browser.text(".prediction .verdict");
        assert!(note.contains(said) && !note.contains("is 5.5"), "{guess}: {note}");
    }
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

#[test]
fn a_recursion_that_is_cut_says_so() {
    let Some(mut browser) = Browser::open("cut") else { return };
    open(&mut browser, &shared_graph(1.5), "mistake=recursion");
    assert!(!browser.text("#step").contains("Only the first"), "all visits are shown");
    open(&mut browser, &doubled_graph(1.0), "mistake=recursion");
    // 1 + 2 + 4 + … + 2¹⁵ visits.
    let step = browser.text("#step");
    assert!(step.contains("Only the first 4000 of 65535 visits are shown here"), "{step}");
    assert_quiet(&mut browser);
}
