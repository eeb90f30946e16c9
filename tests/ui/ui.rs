//! What `#[differentiable]` says to mistakes, and what it accepts.
//!
//! Each file of `fail/` is one mistake in about ten lines, named after its refusal; files named `user_…` are mistakes that
//! rustc answers, once. To read all messages one after the other:
//!
//! ```sh
//! cargo test --test ui -- --ignored --nocapture messages
//! ```

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*.rs");
    cases.pass("pass/*.rs");
}

/// Prints every message, refusal by refusal, for reading.
#[test]
#[ignore = "prints for a reader, checks nothing"]
fn messages() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "stderr"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable message");
        println!("──── {}\n\n{text}", path.file_stem().unwrap_or_default().display());
    }
}
