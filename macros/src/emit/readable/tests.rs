//! Texts of adjoints: those of the corpus are functions; the golden ones, in `tests/adjoint_source/`, are compiled and run there.

use proc_macro2::{TokenStream, TokenTree};
use std::path::Path;

/// Every file of sources there.
const GOLDEN: &[&str] =
    &["straight_line", "branch", "recorded_loop", "stores", "calls", "several_values", "on_the_graph"];

/// The text of a function's adjoint.
fn adjoint_source(function: &TokenStream) -> String {
    let expanded = crate::expand(TokenStream::new(), function);
    let found = constant(expanded).unwrap_or_else(|| panic!("no ADJOINT_SOURCE for {function}"));
    syn::parse2::<syn::LitStr>(found).expect("a text").value()
}

/// What the constant `ADJOINT_SOURCE` is.
fn constant(tokens: TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if name == "ADJOINT_SOURCE" => {
                let value = |token: &TokenTree| matches!(token, TokenTree::Literal(_));
                return tokens.find(value).map(TokenStream::from);
            }
            TokenTree::Group(group) => {
                if let Some(found) = constant(group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// How many statements end in a line: semicolons outside of parentheses and brackets.
fn statements(line: &str) -> usize {
    let mut depth = 0_i32;
    let ends = line.chars().filter(|character| {
        depth += i32::from("([".contains(*character)) - i32::from(")]".contains(*character));
        *character == ';' && depth == 0
    });
    ends.count()
}

#[test]
fn the_text_of_every_adjoint_of_the_corpus_is_a_function() {
    let mut compiled = 0;
    for function in crate::robustness::corpus() {
        let text = adjoint_source(&function);
        if text.starts_with("// No adjoint of") {
            continue;
        }
        compiled += 1;
        let parsed = syn::parse_str::<syn::ItemFn>(&text);
        assert!(
            parsed.is_ok(),
            "{}\n{text}",
            parsed.err().map_or_else(String::new, |error| error.to_string())
        );
        assert!(!text.contains("__gradus"), "a mark is left:\n{text}");
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            assert!(line.len() <= 110, "a long line: {line}");
            assert!(statements(line) <= 1 || line.contains(['{', '"']), "two statements: {line}");
        }
    }
    assert!(compiled > 100, "{compiled} of the corpus are compiled");
}

/// The texts of `tests/adjoint_source/`, where each is compiled and run as well. `GRADUS_TEXTS=overwrite` writes them anew.
#[test]
fn golden_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/adjoint_source");
    let overwrite = std::env::var("GRADUS_TEXTS").is_ok_and(|wish| wish == "overwrite");
    for name in GOLDEN {
        let source = std::fs::read_to_string(folder.join(format!("{name}.rs"))).expect("a source");
        let functions = crate::robustness::annotated(&source);
        let text: Vec<_> = functions.iter().map(adjoint_source).collect();
        let (text, path) = (text.join("\n"), folder.join(format!("{name}.adjoint.rs")));
        if overwrite {
            std::fs::write(&path, &text).expect("a writable folder");
        }
        let golden = std::fs::read_to_string(&path).expect("a golden text");
        assert_eq!(text, golden, "{name}: GRADUS_TEXTS=overwrite writes it anew");
    }
}
