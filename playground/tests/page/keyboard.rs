//! The page without a pointer, and for those who do not see it.

use super::*;

/// What can be reached, in sight and not disabled.
const REACHABLE: &str = "(() => { \
    window.reachable = [...document.querySelectorAll('button, select, input, textarea, a[href], summary, [tabindex=\"0\"]')] \
        .filter(one => !one.disabled && one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0); \
    window.reached = new Set(); return reachable.length; })()";

#[test]
fn the_tab_key_reaches_everything() {
    for (fragment, size) in
        [("open=newton&step=5", (1400, 900)), ("open=a-ball", (1400, 900)), ("open=attention", (390, 844))]
    {
        let Some(mut browser) = open("keyboard", fragment) else { return };
        browser.size(size.0, size.1);
        settle(&mut browser);
        let count = browser.eval(REACHABLE).as_u64().expect("a number");
        assert!(count > 20, "{count}");
        browser.eval("document.body.tabIndex = -1; document.body.focus(); reached.add(document.body)");
        for _ in 0..count + 20 {
            // In the editor Tab indents, and Escape gives it back.
            if browser.eval("document.activeElement.id === 'code'") == json!(true) {
                browser.press("Escape");
            }
            browser.press("Tab");
            browser.eval("reached.add(document.activeElement)");
        }
        let missed = browser.eval(
            "reachable.filter(one => one.isConnected && !reached.has(one)).map(one => one.outerHTML.slice(0, 120))",
        );
        assert_eq!(missed, json!([]), "{fragment}");
        assert_quiet(&mut browser);
    }
}

#[test]
fn a_text_is_typed_and_left_by_keys() {
    let Some(mut browser) = open("keys", "open=neuron") else { return };
    browser.eval("editor.field.focus(); editor.field.select()");
    browser.type_text("fn f(x: f64) -> f64 { x * x }");
    settle(&mut browser);
    assert_eq!(shown(&mut browser)["nodes"], json!(2));
    // Arrows move the caret, and do not step.
    let step = browser.eval("state.step");
    browser.press("ArrowLeft");
    assert_eq!(browser.eval("state.step"), step);
    browser.press("Escape");
    browser.press("Tab");
    assert_ne!(browser.eval("document.activeElement.id"), json!("code"));
    browser.eval("document.activeElement.blur()");
    browser.press("ArrowRight");
    assert_eq!(browser.eval("state.overview"), json!(false));
    assert_quiet(&mut browser);
}

/// Every control has a name that begins with or contains what is written on it, ids are unique, and the page has one heading
/// of the first level.
#[test]
fn controls_have_names() {
    let check = "(() => { \
        const wrong = [], plain = text => text.replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim().toLowerCase(); \
        const ids = [...document.querySelectorAll('[id]')].map(one => one.id); \
        ids.filter((id, k) => ids.indexOf(id) !== k).forEach(id => wrong.push(`${id} twice`)); \
        if (document.querySelectorAll('h1').length !== 1) wrong.push('headings'); \
        for (const one of document.querySelectorAll('button, select, input, textarea, [role=button]')) { \
            const label = one.getAttribute('aria-label'), texts = [...one.childNodes].filter(child => child.nodeName !== 'title').map(child => child.textContent), written = plain(one.matches('select') ? '' : texts.join('')); \
            if (!label && !written && !one.closest('label')) wrong.push(one.outerHTML.slice(0, 120)); \
            if (label && written.length > 1 && !plain(label).includes(written)) wrong.push(`${label}: ${written}`); \
        } \
        return wrong; })()";
    for fragment in ["open=neuron&step=9", "open=a-ball&step=20", "open=attention", "open=spring&predict=1"] {
        let Some(mut browser) = open("names", fragment) else { return };
        assert_eq!(browser.eval(check), json!([]), "{fragment}");
        assert_quiet(&mut browser);
    }
}
