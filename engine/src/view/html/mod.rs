//! The explorer: a page with a trace's source and its graph, linked both ways, and its two passes step by step.
//!
//! One file without any reference outwards. What is fixed of it (markup, style, script) stands in files of its own
//! beside this one and is the same on every page; what a trace tells goes into a block of JSON, which no browser
//! executes. A Content-Security-Policy admits this style and this script, by their hashes, and nothing else.

mod data;
mod json;

use std::sync::LazyLock;

use crate::text::{escape, visible};
use crate::trace::Trace;

const BODY: &str = include_str!("body.html");
const STYLE: &str = include_str!("style.css");

/// A file for each concern, in the order of what they need. All functions, but for `main.js`, which begins.
const SCRIPT: &str = concat!(
    "'use strict';\n",
    include_str!("rules.js"),
    include_str!("model.js"),
    include_str!("passes.js"),
    include_str!("words.js"),
    include_str!("layout.js"),
    include_str!("groups.js"),
    include_str!("state.js"),
    include_str!("elements.js"),
    include_str!("graph.js"),
    include_str!("paint.js"),
    include_str!("source.js"),
    include_str!("inputs.js"),
    include_str!("card.js"),
    include_str!("keys.js"),
    include_str!("main.js"),
);

/// What the page may do: run this script, take this style, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let (style, script) = (crate::sha256::source(STYLE), crate::sha256::source(SCRIPT));
    format!(
        "default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
    )
});

/// The page.
pub(super) fn page(trace: &Trace) -> String {
    let data = data::write(trace);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n{BODY}\
         <script type=\"application/json\" id=\"trace\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        *POLICY,
        escape(&visible(trace.source().function))
    )
}
