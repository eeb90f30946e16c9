//! The annotated functions of files, for tests here and in `tests/`.

use proc_macro2::TokenStream;
use std::path::Path;
use syn::visit::Visit;

#[derive(Default)]
struct Annotated(Vec<TokenStream>);

impl<'ast> Visit<'ast> for Annotated {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let is_annotated = |attribute: &syn::Attribute| attribute.path().is_ident("differentiable");
        if item.attrs.iter().any(is_annotated) {
            let mut item = item.clone();
            item.attrs.retain(|attribute| !is_annotated(attribute));
            self.0.push(quote::quote!(#item));
        }
        syn::visit::visit_item_fn(self, item);
    }
}

/// The annotated functions of the corpus.
pub fn corpus() -> Vec<TokenStream> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/corpus is there")
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| annotated(&std::fs::read_to_string(path).expect("a readable file")))
        .collect()
}

/// The annotated functions of a file, without the attribute.
pub fn annotated(text: &str) -> Vec<TokenStream> {
    let mut found = Annotated::default();
    found.visit_file(&syn::parse_file(text).expect("Rust"));
    found.0
}
