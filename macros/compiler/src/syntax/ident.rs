//! Names made of the user's names, which may be raw, and keywords of another edition.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// `match` of `r#match`.
pub fn unraw(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// The identifier of a name, raw if the name is a keyword in some edition. A token has the edition of its span, and spans made here
/// have this crate's edition.
pub fn ident(name: &str, span: Span) -> Ident {
    let is_keyword = name == "gen" || syn::parse_str::<Ident>(name).is_err();
    if is_keyword { Ident::new_raw(name, span) } else { Ident::new(name, span) }
}

/// A name of the user's with a span of ours.
pub fn respanned(name: &Ident, span: Span) -> Ident {
    ident(&unraw(name), span)
}

/// Whether a name is among the tokens.
pub fn uses(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == name,
        TokenTree::Group(group) => uses(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_any_edition_are_raw() {
        for name in ["match", "gen", "async", "try", "dyn", "await", "yield", "box"] {
            let made = ident(name, Span::call_site());
            assert_eq!((made.to_string(), unraw(&made)), (format!("r#{name}"), name.to_owned()));
        }
        for name in ["x", "union", "raw", "auto", "default"] {
            assert_eq!(ident(name, Span::call_site()).to_string(), name);
        }
    }
}
