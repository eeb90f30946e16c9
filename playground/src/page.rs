//! The page: one file with the editor, the explorer, and the compiler as WebAssembly.

use crate::gallery;
use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The target that the compiler is built for: a program that reads and writes, and needs nothing else.
const TARGET: &str = "wasm32-wasip1";

/// The bytes of the stack, of the stack and the heap at first, and the most that the program may have in all. A run of
/// usual size stays within the first heap, since to ask for more takes time.
const STACK: usize = 32 << 20;
const FIRST: usize = 96 << 20;
const MEMORY: usize = 512 << 20;

/// The pages of refusals, each with its sections.
const REFUSALS: [(&str, &str); 6] = [
    ("attribute", include_str!("../../engine/src/refusals/attribute.md")),
    ("arguments", include_str!("../../engine/src/refusals/arguments.md")),
    ("results", include_str!("../../engine/src/refusals/results.md")),
    ("values", include_str!("../../engine/src/refusals/values.md")),
    ("calls", include_str!("../../engine/src/refusals/calls.md")),
    ("constructs", include_str!("../../engine/src/refusals/constructs.md")),
];

/// Builds the compiler for the page and writes the page; its path.
///
/// # Errors
///
/// A text that says what is missing.
pub fn write() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let program = compiled(&root, &folder)?;
    let file = folder.join("playground.html");
    let page = page(&program).map_err(|error| format!("the page cannot be packed: {error}"))?;
    fs::write(&file, page).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    Ok(fs::canonicalize(&file).unwrap_or(file))
}

/// The compiler as WebAssembly.
fn compiled(root: &Path, folder: &Path) -> Result<Vec<u8>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    if !has_target() {
        let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(root).status();
        if !added.is_ok_and(|status| status.success()) {
            return Err(format!(
                "the target {TARGET} is not installed, and `rustup target add {TARGET}` does not bring it"
            ));
        }
    }
    let flags = format!(
        "-C link-arg=-zstack-size={STACK} -C link-arg=--initial-memory={FIRST} -C link-arg=--max-memory={MEMORY}"
    );
    let status = Command::new(cargo)
        .args([
            "build",
            "--profile",
            "page",
            "--package",
            "playground",
            "--bin",
            "answer",
            "--target",
            TARGET,
        ])
        .arg("--target-dir")
        .arg(folder)
        .env("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS", flags)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if !status.success() {
        return Err(format!("the compiler cannot be built for {TARGET}"));
    }
    let program = folder.join(TARGET).join("page/answer.wasm");
    fs::read(&program).map_err(|error| format!("{} cannot be read: {error}", program.display()))
}

/// Whether the standard library is there for the target.
fn has_target() -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    asked.is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir())
}

/// The page around a program.
fn page(program: &[u8]) -> io::Result<String> {
    let [style, body, functions, layout] = gradus::view::page_parts();
    let style = format!("{style}{}", include_str!("../page/play.css"));
    let editor = include_str!("../page/editor.js");
    let script = format!("{functions}{editor}{}", include_str!("../page/play.js"));
    let engine = BASE64_STANDARD.encode(packed(program)?);
    let hash = |text: &str| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}' 'wasm-unsafe-eval'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let head = include_str!("../page/head.html");
    let body = body
        .replacen("<span class=\"gap\"></span>\n", &format!("<span class=\"gap\"></span>\n{head}"), 1)
        .replacen(
            "<h2 id=\"source-title\">Source</h2>",
            "<h2 id=\"source-title\">Rust <span id=\"unchecked\">types and borrows are not checked here</span></h2>",
            1,
        );
    let block = |id: &str, data: &Value| {
        // Nothing in it ends the block.
        let text = data.to_string().replace('<', "\\u003c");
        format!("<script type=\"application/json\" id=\"{id}\">{text}</script>\n")
    };
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\" class=\"empty\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>gradus: type Rust, see its derivative</title>\n<style>{style}</style>\n</head>\n{body}\
         <script type=\"application/json\" id=\"layout\">{layout}</script>\n{}{}\
         <script type=\"text/plain\" id=\"worker\">{}</script>\n\
         <script type=\"text/plain\" id=\"engine\">{engine}</script>\n\
         <script>{script}</script>\n</body>\n</html>\n",
        block("gallery-data", &gallery::groups()),
        block("refusals-data", &refusals()),
        include_str!("../page/worker.js"),
    ))
}

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes)?;
    packer.finish()
}

/// Where each refusal is explained.
fn refusals() -> Value {
    let mut pages = serde_json::Map::new();
    for (kind, text) in REFUSALS {
        for name in text.lines().filter_map(|line| line.strip_prefix("# `")?.strip_suffix('`')) {
            let address = format!("https://docs.rs/gradus/latest/gradus/refusals/{kind}/index.html#{name}");
            pages.insert(name.to_owned(), json!(address));
        }
    }
    Value::Object(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_their_pages() {
        let address = "https://docs.rs/gradus/latest/gradus/refusals/arguments/index.html#no_active_argument";
        assert_eq!(refusals()["no_active_argument"], address);
    }
}
