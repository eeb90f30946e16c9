//! The explorer: a page with a trace's source and its graph, linked both ways, and its two passes step by step.
//!
//! One file without any reference outwards. What is fixed of it (markup, style, script) stands in files of its own
//! beside this one and is the same on every page. The trace, and the numbers of the layout, stand in blocks of JSON, which no
//! browser executes. A Content-Security-Policy admits this style and this script, by their hashes, and nothing else.

mod data;
mod json;

use super::layout::constants;
use crate::text::{escape, visible};
use crate::trace::Trace;
use json::Json;

const BODY: &str = include_str!("body.html");
const STYLE: &str = include_str!("style.css");

/// A file for each concern, in the order of what they need: functions, and nothing that runs.
macro_rules! functions {
    () => {
        concat!(
            "'use strict';\n",
            include_str!("rules.js"),
            include_str!("model.js"),
            include_str!("passes.js"),
            include_str!("words.js"),
            include_str!("layout.js"),
            include_str!("nesting.js"),
            include_str!("groups.js"),
            include_str!("state.js"),
            include_str!("elements.js"),
            include_str!("blocks.js"),
            include_str!("graph.js"),
            include_str!("zoom.js"),
            include_str!("paint.js"),
            include_str!("source.js"),
            include_str!("adjoint.js"),
            include_str!("inputs.js"),
            include_str!("predict.js"),
            include_str!("diagnose.js"),
            include_str!("second.js"),
            include_str!("card.js"),
            include_str!("export.js"),
            include_str!("keys.js"),
            include_str!("main.js"),
        )
    };
}

const FUNCTIONS: &str = functions!();

/// The script of a page with one trace.
const SCRIPT: &str = concat!(functions!(), include_str!("begin.js"));

/// The hashes of style and script, as a Content-Security-Policy names them. A test computes both, and says what is to stand
/// here when they have changed.
const STYLE_HASH: &str = "sha256-23lf36XGd6GS0sOQKMGAUp34n2MDv2QiW8remeh5BzQ=";
const SCRIPT_HASH: &str = "sha256-WnbpmWJq/un+YDZRJEsR1ZthIJIsLghf4bvPqG77SPc=";

/// A trace as the script reads it.
pub(super) fn data(trace: &Trace) -> String {
    data::write(trace)
}

/// Style, body, script without its first call, and the numbers of the layout.
pub(super) fn parts() -> [String; 4] {
    [STYLE.to_owned(), BODY.to_owned(), FUNCTIONS.to_owned(), layout()]
}

/// The page.
pub(super) fn page(trace: &Trace) -> String {
    let (data, layout) = (data::write(trace), layout());
    let policy = format!(
        "default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n{BODY}\
         <script type=\"application/json\" id=\"layout\">{layout}</script>\n\
         <script type=\"application/json\" id=\"trace\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&visible(trace.source().function))
    )
}

/// The numbers of the layout, for the script.
fn layout() -> String {
    let mut json = Json::default();
    json.object(|json| constants::OF_THE_PAGE.iter().for_each(|(name, value)| json.key(name).number(*value)));
    json.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_names_this_style_and_this_script() {
        let hash = |text: &str| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)));
        let [style, script] = [STYLE, SCRIPT].map(hash);
        assert!(
            [STYLE_HASH, SCRIPT_HASH] == [&style, &script],
            "the style or the script has changed; their hashes are now\n\
             const STYLE_HASH: &str = \"{style}\";\nconst SCRIPT_HASH: &str = \"{script}\";"
        );
    }

    /// A line, and the sign of a gradient, have the colours of the static pictures.
    #[test]
    fn the_style_has_the_colours_of_the_theme() {
        use crate::view::theme;
        for (number, stripe) in theme::STRIPES.iter().enumerate() {
            assert!(
                STYLE.contains(&format!(".stripe{number} {{ --stripe: {stripe}; }}")),
                "{number}: {stripe}"
            );
        }
        let named = [
            ("page", theme::PAGE),
            ("box", theme::BOX),
            ("ink", theme::INK),
            ("muted", theme::MUTED),
            ("edge", theme::EDGE),
            ("plus", theme::POSITIVE),
            ("minus", theme::NEGATIVE),
        ];
        let short = |colour: &str| if colour == "#ffffff" { "#fff".to_owned() } else { colour.to_owned() };
        for (name, theme::Colour { light, dark }) in named {
            let rule = format!("--{name}: light-dark({}, {dark});", short(light));
            assert!(STYLE.contains(&rule), "{rule}");
        }
    }

    /// The script has no other numbers of the layout than those that it is given, and uses each.
    #[test]
    fn the_script_reads_the_constants_of_the_layout() {
        let uses = SCRIPT.split("LAYOUT.").skip(1);
        let is_name = |character: char| character.is_alphanumeric();
        let mut read: Vec<&str> = uses.map(|rest| rest.split(|c| !is_name(c)).next().unwrap_or("")).collect();
        read.sort_unstable();
        read.dedup();
        let mut given: Vec<&str> = constants::OF_THE_PAGE.iter().map(|(name, _)| *name).collect();
        given.sort_unstable();
        assert_eq!(read, given);
        let block: serde_json::Value = serde_json::from_str(&layout()).unwrap();
        for &(name, value) in constants::OF_THE_PAGE {
            assert_eq!(block[name], value, "{name}");
        }
    }
}
