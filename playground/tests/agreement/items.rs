//! The texts of the corpus: a function with what it uses.

use quote::ToTokens;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus")
}

/// The functions that have a `case!`, by files, as `cases.rs` lists them.
pub fn list_of_cases() -> String {
    let files = fs::read_dir(folder()).expect("the corpus");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let mut list = String::from("cases! {\n");
    for path in files {
        let text = fs::read_to_string(&path).expect("a text");
        let cases = text.split("\ncase! {\n").skip(1).filter_map(|case| case.split(',').nth(1));
        let cases: Vec<&str> = cases.map(str::trim).collect();
        if !cases.is_empty() {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let _ = writeln!(list, "    {name}:\n        {};", cases.join("\n        "));
        }
    }
    list + "}\n"
}

/// A function of a file, with the items that it uses.
pub fn text_of(file: &str, function: &str) -> String {
    let text = fs::read_to_string(folder().join(file).with_extension("rs")).expect("a text");
    let file = syn::parse_file(&text).expect("Rust");
    let mut wanted = BTreeSet::from([function.to_owned()]);
    let mut chosen = BTreeSet::new();
    loop {
        let found = file.items.iter().enumerate().filter(|(at, item)| {
            !chosen.contains(at) && name_of(item).is_some_and(|name| wanted.contains(&name))
        });
        let found: Vec<usize> = found.map(|(at, _)| at).collect();
        if found.is_empty() {
            break;
        }
        for at in found {
            chosen.insert(at);
            words(file.items[at].to_token_stream(), &mut wanted);
        }
    }
    let items = chosen.iter().map(|at| file.items[*at].to_token_stream().to_string());
    items.collect::<Vec<_>>().join("\n")
}

/// What an item is called; an `impl` as its type.
fn name_of(item: &syn::Item) -> Option<String> {
    Some(match item {
        syn::Item::Fn(item) => item.sig.ident.to_string(),
        syn::Item::Const(item) => item.ident.to_string(),
        syn::Item::Static(item) => item.ident.to_string(),
        syn::Item::Type(item) => item.ident.to_string(),
        syn::Item::Struct(item) => item.ident.to_string(),
        syn::Item::Enum(item) => item.ident.to_string(),
        syn::Item::Impl(item) => match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last()?.ident.to_string(),
            _ => return None,
        },
        _ => return None,
    })
}

fn words(tokens: proc_macro2::TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(word) => drop(found.insert(word.to_string())),
            proc_macro2::TokenTree::Group(group) => words(group.stream(), found),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
        }
    }
}
