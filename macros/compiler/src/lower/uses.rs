//! Where a passive expression uses a name from outside it.

use crate::ir::Uses;
use crate::syntax::source::key;
use proc_macro2::{Ident, TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::visit::Visit;

/// How the uses of `name` in an expression get another meaning: token by token where that is safe, else by binding the name
/// around the expression.
pub fn uses_of(name: &Ident, expression: &syn::Expr) -> Uses {
    let mut find = Find { name, at: BTreeSet::new(), bound: false };
    find.visit_expr(expression);
    if find.bound { Uses::Bound } else { Uses::At(find.at) }
}

struct Find<'n> {
    name: &'n Ident,
    at: BTreeSet<String>,
    /// Whether a token cannot be replaced: a macro prints it, or the expression binds the name itself.
    bound: bool,
}

impl<'ast> Visit<'ast> for Find<'_> {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(ident) = path.path.get_ident()
            && ident == self.name
        {
            self.at.insert(key(ident.span()));
        }
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        // `Point { x }` is a field and a variable in one token.
        if field.colon_token.is_none()
            && matches!(&field.member, syn::Member::Named(name) if name == self.name)
        {
            self.bound = true;
        }
        syn::visit::visit_field_value(self, field);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.bound |= pattern.ident == *self.name;
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, written: &'ast syn::Macro) {
        self.bound |= mentioned(self.name, &written.tokens);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// How many references the user's tokens take off a name at once: 2 in `**x < y`.
pub fn dereferences(name: &Ident, tokens: &TokenStream) -> usize {
    let mut most = 0;
    // The stars before the next token, and whether a value stands before them, which the first one multiplies.
    let (mut stars, mut after_value) = (0, false);
    for token in tokens.clone() {
        let is_star = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '*');
        match &token {
            TokenTree::Ident(ident) if ident == name => {
                most = most.max(stars - usize::from(after_value && stars > 0));
            }
            TokenTree::Group(group) => most = most.max(dereferences(name, &group.stream())),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        if is_star {
            stars += 1;
            continue;
        }
        stars = 0;
        after_value = match &token {
            TokenTree::Ident(word) => !["return", "in", "if", "else", "match", "while", "break"]
                .iter()
                .any(|keyword| word == keyword),
            TokenTree::Group(group) => group.delimiter() != proc_macro2::Delimiter::Brace,
            TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => punct.as_char() == '?',
        };
    }
    most
}

/// Whether a name may stand among tokens, in a format string too.
fn mentioned(name: &Ident, tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentioned(name, &group.stream()),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            text.contains('"') && text.contains(&format!("{{{name}"))
        }
        TokenTree::Punct(_) => false,
    })
}
