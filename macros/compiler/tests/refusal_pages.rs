//! The pages on refusals in the documentation say what the compiler says: one section a refusal, its message that of the
//! catalogue or of the trait, its failing code that of the test in `tests/ui/fail`, and refused under its own name.
//!
//! That the repaired code compiles and computes what it says is for the doctests of the pages.

use gradus_compiler::{REFUSALS, derive, expand};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// The section of one refusal.
struct Section {
    page: String,
    name: String,
    message: String,
    failing: String,
    repaired: String,
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder with that extension, in order.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(in_repository(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|its| its == extension))
        .collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file").to_string_lossy().into_owned()
}

/// The sections of all pages, in order.
fn sections() -> Vec<Section> {
    let mut sections = Vec::new();
    for path in files("engine/src/refusals", "md") {
        let text = read(&path);
        for section in text.split("\n# `").skip(1) {
            let (name, rest) = section.split_once('`').expect("a name in backticks");
            sections.push(Section {
                page: stem(&path),
                name: name.to_owned(),
                message: block(name, rest, "text"),
                failing: block(name, rest, "compile_fail"),
                repaired: block(name, rest, ""),
            });
        }
    }
    sections
}

/// The one fenced block of that language.
fn block(name: &str, section: &str, language: &str) -> String {
    // Openings and endings of fences take turns.
    let fenced = section.split("```").skip(1).step_by(2);
    let mut blocks = fenced.filter_map(|fenced| {
        let (its, text) = fenced.split_once('\n').expect("a line after the fence");
        (its == language).then(|| text.to_owned())
    });
    let block = blocks.next().unwrap_or_else(|| panic!("`{name}` has no block ```{language}"));
    assert!(blocks.next().is_none(), "`{name}` has two blocks ```{language}");
    block
}

/// The messages of each refusal as they are written in the source, with `{holes}`: fact, help and name.
fn templates() -> BTreeMap<String, Vec<String>> {
    let rows = REFUSALS.iter().map(|(name, fact, help)| {
        ((*name).to_owned(), format!("{}\nhelp: {}\n[{name}]\n", unescaped(fact), unescaped(help)))
    });
    let mut templates = BTreeMap::<String, Vec<String>>::new();
    for (name, message) in rows.chain(templates_of_traits()) {
        templates.entry(name).or_default().push(message);
    }
    templates
}

/// A string of `format!` with its doubled braces as they come out.
fn unescaped(format: &str) -> String {
    format.replace("{{", "{").replace("}}", "}")
}

/// The refusals that the engine's traits give, because only types can tell.
fn templates_of_traits() -> Vec<(String, String)> {
    let mut messages = Messages::default();
    for path in files("engine/src/rt", "rs") {
        messages.visit_file(&syn::parse_file(&read(&path)).expect("the engine is Rust"));
    }
    let named = messages.0.into_iter().filter_map(|message| {
        let (message, _) = message.rsplit_once("\nhttps://")?;
        let message = message.replace("\n\n", "\n") + "\n";
        let name = message.strip_suffix("]\n")?.rsplit_once('[')?.1.to_owned();
        Some((name, message))
    });
    named.collect()
}

/// The messages of `#[diagnostic::on_unimplemented(message = …)]`.
#[derive(Default)]
struct Messages(Vec<String>);

impl Visit<'_> for Messages {
    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        let is_diagnostic =
            attribute.path().segments.last().is_some_and(|last| last.ident == "on_unimplemented");
        if is_diagnostic {
            let read = attribute.parse_nested_meta(|option| {
                let text: syn::LitStr = option.value()?.parse()?;
                if option.path.is_ident("message") {
                    self.0.push(text.value());
                }
                Ok(())
            });
            read.expect("options with texts");
        }
    }
}

/// Whether the text is the template with something in each of its holes.
fn fills(template: &str, text: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else { return template == text };
    let after = rest.split_once('}').expect("a closed hole").1;
    let Some(text) = text.strip_prefix(before) else { return false };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.skip(1).any(|at| fills(after, &text[at..]))
}

/// What an attribute makes of the item below it.
enum Annotation {
    /// `#[differentiable]`, with what is in its parentheses.
    Attribute(TokenStream),
    /// `#[derive(Differentiable)]`
    Derive,
}

/// The items under `#[differentiable]` or `#[derive(Differentiable)]`.
fn annotated(tokens: TokenStream) -> Vec<(Annotation, TokenStream)> {
    let mut found = Vec::new();
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        found.extend(annotated(group.stream()));
        if group.delimiter() != Delimiter::Bracket {
            continue;
        }
        let mut inside = group.stream().into_iter();
        let name = inside.next().map(|name| name.to_string()).unwrap_or_default();
        let options = match inside.next() {
            Some(TokenTree::Group(options)) => options.stream(),
            _ => TokenStream::new(),
        };
        let derives = |name: &str| options.clone().into_iter().any(|token| token.to_string() == name);
        let annotation = match name.as_str() {
            "differentiable" => Annotation::Attribute(options),
            "derive" if derives("Differentiable") => Annotation::Derive,
            _ => continue,
        };
        let is_end = |tree: &TokenTree| match tree {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        let length = trees[at + 1..].iter().position(is_end).expect("an item with an end") + 1;
        found.push((annotation, trees[at + 1..][..length].iter().cloned().collect()));
    }
    found
}

#[test]
fn each_refusal_has_one_section_and_one_test() {
    let names: Vec<String> = templates().into_keys().collect();
    let mut sections: Vec<String> = sections().into_iter().map(|section| section.name).collect();
    sections.sort();
    assert_eq!(names, sections, "left: the catalogue and the traits; right: the pages");
    let mut tests: Vec<String> = files("tests/ui/fail", "rs").iter().map(|path| stem(path)).collect();
    tests.retain(|name| !name.starts_with("user_"));
    assert_eq!(names, tests, "left: the catalogue and the traits; right: the tests");
}

#[test]
fn the_index_names_every_section() {
    let index = read(&in_repository("engine/src/refusals/mod.rs"));
    for Section { page, name, .. } in sections() {
        assert_eq!(index.matches(&format!("[`{name}`]({page}#{name})")).count(), 1, "{name}");
    }
}

#[test]
fn messages_are_those_of_the_catalogue_and_of_the_compiler() {
    let templates = templates();
    for Section { page, name, message, .. } in sections() {
        let templates = &templates[&name];
        let is_filled = templates.iter().any(|template| fills(template, &message));
        assert!(is_filled, "{name}: {message}is not {}", templates.join("nor "));
        let printed = read(&in_repository(&format!("tests/ui/fail/{name}.stderr")));
        let (fact, rest) = message.split_once('\n').expect("three lines");
        let facts = printed.lines().filter(|line| line.starts_with("error"));
        assert!(facts.clone().any(|line| line.ends_with(&format!(": {fact}"))), "{name}: {fact}");
        let address = format!("https://docs.rs/gradus/latest/gradus/refusals/{page}/#{name}");
        for line in rest.lines().chain([&*address]) {
            assert!(printed.lines().any(|printed| printed.trim() == line), "{name}: {line}");
        }
    }
}

#[test]
fn failing_code_is_that_of_the_tests() {
    for Section { name, failing, .. } in sections() {
        let tested = read(&in_repository(&format!("tests/ui/fail/{name}.rs")));
        for part in failing.trim_end().split("\n\n") {
            assert!(tested.contains(part), "{name}: this is not in its test\n{part}");
        }
    }
}

#[test]
fn failing_code_is_refused_by_name_and_repaired_code_is_not() {
    let expansions = |code: &str| -> Vec<String> {
        let tokens: TokenStream = code.parse().expect("tokens");
        let expansion = |(annotation, item)| match annotation {
            Annotation::Attribute(options) => expand(options, &item),
            Annotation::Derive => derive(&item),
        };
        annotated(tokens).into_iter().map(|found| expansion(found).to_string()).collect()
    };
    for Section { name, failing, repaired, .. } in sections() {
        if REFUSALS.iter().any(|(row, ..)| *row == name) {
            let tag = format!("[{name}]");
            assert!(expansions(&failing).iter().any(|code| code.contains(&tag)), "{name} is not refused");
        }
        let repaired = expansions(&repaired);
        assert!(!repaired.is_empty(), "{name} is repaired without `#[differentiable]`");
        for (row, ..) in REFUSALS {
            // Every function on a graph holds it for callers that must be compiled.
            if *row == "callee_not_compiled" {
                continue;
            }
            let tag = format!("[{row}]");
            assert!(
                repaired.iter().all(|code| !code.contains(&tag)),
                "{name}: the repair is refused as {tag}"
            );
        }
    }
}

#[test]
fn a_template_is_filled_with_something() {
    assert!(fills("a `{name}` here", "a `Cell` here") && fills("{a} and {b}", "x and y"));
    assert!(!fills("a `{name}` here", "a `` here") && !fills("a `{name}` here", "a `Cell` there"));
}
