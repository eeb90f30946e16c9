//! Texts of adjoints: those of the corpus are functions; the golden ones, in `tests/adjoint_source/`, are compiled and run there.

use super::layout::Layout;
use super::tokens::Reader;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::HashSet;
use std::path::Path;

/// Every file of sources there.
const GOLDEN: &[&str] =
    &["straight_line", "branch", "recorded_loop", "stores", "calls", "several_values", "on_the_graph"];

/// The text of a function's adjoint.
fn adjoint_source(function: &TokenStream) -> String {
    let function = &crate::syntax::conditions::decided(function);
    let expanded = crate::pipeline(TokenStream::new(), function);
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

/// The characters that mean something; parentheses and commas may be left out where they mean nothing.
fn bare(tokens: &TokenStream) -> String {
    let drops = |character: &char| character.is_whitespace() || "(),".contains(*character);
    tokens.to_string().chars().filter(|character| !drops(character)).collect()
}

/// Every kind of token and block that users write is printed so that it is read as the same again.
#[test]
fn what_is_printed_is_what_was_read() {
    let generated = HashSet::new();
    let engine = "::elsewhere".parse().expect("a path");
    let tricky = [
        "fn f<'a, const N: usize>(x: &'a [Vec<Vec<f64>>; N]) -> Option<Box<dyn Fn(f64) -> f64 + 'a>> { x[0][0]; None }",
        "fn f(n: usize) -> u32 { let m = n >> 1 << 2 & !3 | 4 ^ 5; (m >= 2 && n <= 3 || n < N && m > 1) as u32 }",
        "fn f(x: f64) -> f64 { let g = |a: &f64, b| -a * *b; let h = move || 1.0; g(&-x, &h()) - -x % 2. }",
        "fn f(p: P) -> f64 { let P { x, y: (a, ..) } = p else { return 0.0 }; P { x, ..p }.x + a }",
        "fn f(n: i32) -> f64 { match n { 0..=3 | 7 => { 1.0 } -1 if n > 0 => 2.0, m @ 8.. => m as f64, _ => 0. } }",
        "fn f(x: f64) -> f64 { 'outer: loop { while let Some(y) = it.next()? { break 'outer y; } } }",
        "fn f(x: f64) -> f64 { #[allow(unused)] use std::{mem, f64::consts::{self, PI}}; <f64 as T<u8>>::g::<3>(x) }",
        "fn f(x: f64) -> f64 { for i in (0..n).rev() { y += xs[i]; } if a { 1.0 } else if b { 2.0 } else { 3.0 } }",
        "fn f(x: f64) -> f64 { println!(\"{x:?} {{}} {}\", r#\"a\"#); vec![0.0; 3].iter().map(|v| v * x).sum::<f64>() }",
        "fn f(x: f64) -> f64 { static mut N: [u8; 2] = *b\"ab\"; unsafe { N[0] }; let r#type = 'c'; 1e-3_f64.max(x) }",
    ];
    let tricky = tricky.map(|text| text.parse().expect("tokens"));
    for function in crate::corpus::corpus().into_iter().chain(tricky) {
        let read = Reader::new(&engine, &generated).read(function.clone());
        let text = Layout::new(|_| None).print(&read);
        let again: TokenStream = text.parse().unwrap_or_else(|_| panic!("no tokens:\n{text}"));
        assert_eq!(bare(&again), bare(&function), "{text}");
    }
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
    for function in crate::corpus::corpus() {
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/adjoint_source");
    let overwrite = std::env::var("GRADUS_TEXTS").is_ok_and(|wish| wish == "overwrite");
    for name in GOLDEN {
        let source = std::fs::read_to_string(folder.join(format!("{name}.rs"))).expect("a source");
        let functions = crate::corpus::annotated(&source);
        let text: Vec<_> = functions.iter().map(adjoint_source).collect();
        let (text, path) = (text.join("\n"), folder.join(format!("{name}.adjoint.rs")));
        if overwrite {
            std::fs::write(&path, &text).expect("a writable folder");
        }
        let golden = std::fs::read_to_string(&path).expect("a golden text");
        assert_eq!(text, golden, "{name}: GRADUS_TEXTS=overwrite writes it anew");
    }
}
