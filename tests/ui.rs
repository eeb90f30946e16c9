//! What `#[differentiable]` says to mistakes, and what it accepts.
//!
//! Each file of `ui/` is one mistake in about ten lines, named after its refusal; files named `user_…` are mistakes that
//! rustc answers, once. To read all messages one after the other:
//!
//! ```sh
//! cargo test --test ui -- --ignored --nocapture messages
//! ```

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
