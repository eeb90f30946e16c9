//! An address holds source and inputs.

use super::*;

#[test]
fn a_link_opens_what_was_shared() {
    let Some(mut browser) = open("links", "open=spring") else { return };
    browser.eval("setValue(['k'], 2.25)");
    settle(&mut browser);
    let text = browser.eval("editor.field.value").as_str().unwrap().replace("0.1", "0.2");
    paste(&mut browser, &text);
    let shared = shown(&mut browser);
    browser.eval("copyLink()");
    browser.wait_for(
        "location.hash.includes('play=') || document.getElementById('share').textContent === 'Link copied'",
    );
    let fragment = browser.eval("`play=${packedState.text}&step=3`");
    browser.load(page().expect("a page"), fragment.as_str().unwrap());
    settle(&mut browser);
    assert_eq!(browser.eval("editor.field.value"), json!(text));
    assert_eq!(browser.eval("play.values.k"), json!(2.25));
    assert_eq!(shown(&mut browser), shared);
    assert_eq!(browser.eval("state.step"), json!(3));
    assert_quiet(&mut browser);
}

#[test]
fn every_lesson_opens() {
    let Some(mut browser) = open("lessons", "open=neuron") else { return };
    let groups = playground::gallery::groups();
    for group in groups.as_array().expect("groups") {
        for entry in group["entries"].as_array().expect("entries") {
            let id = entry["id"].as_str().expect("an id");
            browser.load(page().expect("a page"), &format!("open={id}"));
            settle(&mut browser);
            assert_eq!(messages(&mut browser), [""; 0], "{id}");
            assert_eq!(shown(&mut browser)["stale"], json!(false), "{id}");
            if let Some(name) = entry["name"].as_str() {
                assert_eq!(browser.eval("play.answer.function"), json!(name), "{id}");
            }
        }
    }
    assert_quiet(&mut browser);
}

#[test]
fn a_broken_link_opens_the_first_example() {
    let Some(page) = page() else { return };
    let Some(mut browser) = Browser::open("playground-broken") else { return };
    for fragment in ["play=nonsense", "play=", "open=nothing", "play=%00%ff&step=1e9", "step=-3&select=abc"] {
        browser.load(page, fragment);
        settle(&mut browser);
        assert_eq!(browser.eval("play.answer.function"), json!("neuron"), "{fragment}");
        assert_quiet(&mut browser);
    }
}

#[test]
fn a_refusal_leads_to_its_page() {
    let Some(mut browser) = open("refusal", "open=neuron") else { return };
    paste(&mut browser, "fn f(x: f64) -> f64 { (x as i64) as f64 }");
    let address =
        browser.eval("document.querySelector('#complaints a')?.href").as_str().unwrap_or_default().to_owned();
    assert!(address.contains("/refusals/") && address.ends_with("#cast_to_integer"), "{address}");
    // The token at fault is underlined.
    assert_eq!(browser.text("#source-text .complaint"), "i64");
    assert_quiet(&mut browser);
}
