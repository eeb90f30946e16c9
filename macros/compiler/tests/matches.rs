//! A `match` over an enum of the compiler names every variant, so that rustc names the places that a new one concerns.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

#[test]
fn no_match_over_an_enum_of_the_compiler_has_a_wildcard() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let parsed: Vec<(PathBuf, syn::File)> = files
        .into_iter()
        .map(|path| (path.clone(), parse(&std::fs::read_to_string(path).unwrap())))
        .collect();
    let enums = enums(parsed.iter().map(|(_, file)| file));
    assert!(enums.contains("Kind") && enums.contains("StatementKind"), "{enums:?}");
    // The interpreter answers "unknown" to whatever it does not know.
    let wild: Vec<String> = parsed
        .iter()
        .filter(|(path, _)| !path.starts_with(folder.join("interpret")))
        .flat_map(|(path, file)| {
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            wildcards(file, &enums).into_iter().map(move |at| format!("{name}:{at}"))
        })
        .collect();
    assert!(wild.is_empty(), "{} matches with a wildcard:\n{}", wild.len(), wild.join("\n"));
}

#[test]
fn a_wildcard_is_found() {
    let file = parse(
        "enum Fruit { Apple, Pear }
         fn wild(fruit: Fruit) -> bool {
             match fruit {
                 Fruit::Apple => true,
                 _ => false,
             }
         }
         fn named(fruit: Fruit) -> bool {
             match fruit {
                 Fruit::Apple => true,
                 other => other.is_sweet(),
             }
         }
         fn whole(fruit: Fruit, ty: syn::Type) -> bool {
             match ty { syn::Type::Path(_) => {} _ => {} }
             match fruit { Fruit::Apple => true, Fruit::Pear => false }
         }",
    );
    assert_eq!(wildcards(&file, &enums([&file])), ["5 (Fruit)", "11 (Fruit)"]);
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn parse(text: &str) -> syn::File {
    syn::parse_file(text).unwrap()
}

/// The names of the enums that these files define.
fn enums<'a>(files: impl IntoIterator<Item = &'a syn::File>) -> BTreeSet<String> {
    #[derive(Default)]
    struct Enums(BTreeSet<String>);
    impl<'a> Visit<'a> for Enums {
        fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
            self.0.insert(item.ident.to_string());
        }
    }
    let mut found = Enums::default();
    files.into_iter().for_each(|file| found.visit_file(file));
    found.0
}

/// The lines of arms that take every variant, in matches over one of these enums.
fn wildcards(file: &syn::File, enums: &BTreeSet<String>) -> Vec<String> {
    struct Wildcards<'e>(&'e BTreeSet<String>, Vec<String>);
    impl<'a> Visit<'a> for Wildcards<'_> {
        fn visit_expr_match(&mut self, matched: &'a syn::ExprMatch) {
            let over = matched.arms.iter().find_map(|arm| variant_of(&arm.pat));
            if let Some(over) = over.filter(|over| self.0.contains(over)) {
                for arm in matched.arms.iter().filter(|arm| takes_all(&arm.pat)) {
                    let line = syn::spanned::Spanned::span(&arm.pat).start().line;
                    self.1.push(format!("{line} ({over})"));
                }
            }
            visit::visit_expr_match(self, matched);
        }
    }
    let mut found = Wildcards(enums, Vec::new());
    found.visit_file(file);
    found.1
}

/// The enum that a pattern is a variant of.
fn variant_of(pattern: &syn::Pat) -> Option<String> {
    let path = match pattern {
        syn::Pat::Path(variant) => &variant.path,
        syn::Pat::TupleStruct(variant) => &variant.path,
        syn::Pat::Struct(variant) => &variant.path,
        syn::Pat::Or(cases) => return cases.cases.iter().find_map(variant_of),
        syn::Pat::Paren(inner) => return variant_of(&inner.pat),
        syn::Pat::Guard(guarded) => return variant_of(&guarded.pat),
        syn::Pat::Reference(inner) => return variant_of(&inner.pat),
        syn::Pat::Ident(name) => return variant_of(&name.subpat.as_ref()?.1),
        _ => return None,
    };
    let mut segments = path.segments.iter().rev().skip(1);
    let owner = segments.next()?;
    // A path into another crate.
    let foreign = segments.next_back().is_some_and(|first| first.ident == "syn");
    (!foreign).then(|| owner.ident.to_string())
}

fn takes_all(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(name) => name.subpat.is_none(),
        syn::Pat::Paren(inner) => takes_all(&inner.pat),
        syn::Pat::Or(cases) => cases.cases.iter().any(takes_all),
        _ => false,
    }
}
