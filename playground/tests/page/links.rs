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

/// The slides of the teacher's plan show in the playground what they show on the pages of the lessons.
#[test]
fn slides_of_the_plan_are_there() {
    let Some(mut browser) = open("slides", "open=neuron") else { return };
    let plan = include_str!("../../../docs/teaching.md");
    let mut count = 0;
    for line in plan.lines() {
        let Some((slide, rest)) = line.strip_prefix("| `").and_then(|line| line.split_once("` | ")) else {
            continue;
        };
        let Some((lesson, fragment)) = slide.split_once(".html#") else { continue };
        // There the program runs on with other inputs.
        if fragment.contains("node0=") {
            continue;
        }
        let shows = rest.split(" |").next().unwrap_or_default();
        browser.load(page().expect("a page"), &format!("open={}&{fragment}", lesson.replace('_', "-")));
        settle(&mut browser);
        let step = browser.eval(
            "`${derived.at.kind}${derived.at.kind === 'seed' ? '' : ` \\`${model.nodes[derived.at.node].site.text}\\``}`",
        );
        assert!(shows.starts_with(step.as_str().expect("a step")), "{slide} shows {step}, not {shows}");
        for gradient in shows.split(['`', ';']).collect::<Vec<_>>().windows(2) {
            let Some(value) = gradient[1].strip_prefix(" has ") else { continue };
            let value: f64 = value.split(' ').next().and_then(|value| value.parse().ok()).expect("a number");
            let found = browser.eval(&format!(
                "derived.at.gradients[model.nodes.find(node => node.name === {}).index]",
                json!(gradient[0])
            ));
            let found = found.as_f64().expect("a gradient");
            assert!((found - value).abs() < 1e-9, "{slide}: {} has {found}, not {value}", gradient[0]);
        }
        count += 1;
    }
    assert!(count >= 15, "{count} slides");
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
