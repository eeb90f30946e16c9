//! Keys, focus and address.

use super::{assert_quiet, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::newton_graph;
use serde_json::{Value, json};

#[test]
fn the_keyboard_reaches_everything() {
    let Some(mut browser) = Browser::open("keyboard") else { return };
    open(&mut browser, &newton_graph(5.0, 3), "expanded=0");
    // Everything that can be clicked gets the focus in turn.
    let wanted = browser.eval(
        "[...document.querySelectorAll('button, select, input, summary, [role=button], [role=separator], [tabindex=\"0\"]')]\
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
    // Space on a box is for the box, elsewhere for the transport.
    browser.press(" ");
    assert_eq!(browser.eval("[state.selected, state.playing]"), json!([null, null]));
    browser.press(" ");
    assert_eq!(browser.eval("state.selected"), json!(0));
    browser.eval("document.activeElement.blur()");
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
    open(&mut browser, &newton_graph(5.0, 3), "step=8&select=3&theme=dark&expanded=0");
    assert_eq!(
        browser.eval("[state.step, state.selected, state.theme, state.expanded]"),
        json!([8, 3, "dark", false])
    );
    browser.press("ArrowRight");
    browser.press("]");
    browser.wait_for("location.hash.includes('step=9') && location.hash.includes('loop0=')");
    let fragment = browser.eval("location.hash.slice(1)");
    let before = browser.eval("[state.step, [...state.open], state.selected, derived.picture.width]");
    open(&mut browser, &newton_graph(5.0, 3), fragment.as_str().unwrap());
    assert_eq!(browser.eval("[state.step, [...state.open], state.selected, derived.picture.width]"), before);

    // Nonsense in the address is not followed.
    open(
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
