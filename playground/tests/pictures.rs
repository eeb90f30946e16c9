//! Pictures of the playground to look at: `cargo test -p playground --test pictures -- --ignored`.

use explorer_tests::browser::Browser;
use std::path::Path;

/// The first picture of the README, `docs/playground.png`.
#[test]
#[ignore = "writes the picture of the README"]
fn picture_of_the_readme() {
    let Some(mut browser) = Browser::open("playground-readme") else { return };
    let page = std::fs::read_to_string(playground::page::write().expect("a page")).expect("a readable page");
    browser.size(1400, 900);
    browser.load(&page, "open=neuron&step=11&select=2");
    browser.wait_for("play.busy === null && document.documentElement.dataset.answered === String(play.last)");
    // How long this machine took is no part of it.
    browser.eval("setText(byId('file'), '10 nodes')");
    browser.screenshot(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/playground.png"));
}

#[test]
#[ignore = "makes pictures, for people to look at"]
fn pictures() {
    let Some(mut browser) = Browser::open("playground-pictures") else { return };
    let page = std::fs::read_to_string(playground::page::write().expect("a page")).expect("a readable page");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/playground");
    std::fs::create_dir_all(&folder).unwrap();
    let gallery = playground::gallery::groups();
    let ids = gallery[0]["entries"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap());
    let only = std::env::var("ONLY").ok();
    for id in ids.filter(|id| only.as_deref().is_none_or(|only| only == *id)) {
        for (width, height, more) in [
            (1400, 900, ""),
            (1920, 1080, "&present=1"),
            (720, 500, ""),
            (390, 844, ""),
            (1401, 901, "&step=6"),
        ] {
            for dark in [false, true] {
                browser.size(width, height);
                browser.dark(dark);
                browser.load(&page, &format!("open={id}{more}"));
                browser.wait_for("document.documentElement.classList.contains('stale') === false");
                let scheme = if dark { "dark" } else { "light" };
                browser.screenshot(&folder.join(format!("{id}_{width}_{scheme}.png")));
            }
        }
    }
    assert_eq!(browser.complaints(), [""; 0]);
}
