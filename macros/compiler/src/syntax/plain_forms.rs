//! Two ways to write a thing become one, so that nothing behind has to know both: `Option::Some(x)` is `Some(x)`, and a function of
//! a type that an adapter is given by its name, `bodies.iter().map(Body::kinetic)`, is a closure that calls it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::VisitMut;

/// Types and traits of the standard library: a function of one of these stays a name.
const STANDARD: &[&str] = &[
    "Arc",
    "Box",
    "Clone",
    "Cow",
    "Default",
    "From",
    "Into",
    "Iterator",
    "Option",
    "PartialOrd",
    "Rc",
    "Result",
    "String",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
    "VecDeque",
];

/// Writes them in the one form.
pub fn unify(item: &mut syn::ItemFn) {
    let tokens = item.block.to_token_stream();
    if names_owner(&tokens)
        && let Ok(block) = syn::parse2(without_owners(tokens))
    {
        *item.block = block;
    }
    Named.visit_block_mut(&mut item.block);
}

/// Whether `Option::None`, or another variant of `Option` or `Result` with what it holds, stands at the start.
fn owned_variant(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Ident(owner), first, second, TokenTree::Ident(name), rest @ ..] = tokens else {
        return false;
    };
    let holds =
        matches!(rest.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let of_option = owner == "Option" && (name == "None" || name == "Some" && holds);
    let of_result = owner == "Result" && (name == "Ok" || name == "Err") && holds;
    is_colon(first) && is_colon(second) && (of_option || of_result)
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn names_owner(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    (0..tokens.len()).any(|at| {
        let inside = |group: &Group| names_owner(&group.stream());
        owned_variant(&tokens[at..]) || matches!(&tokens[at], TokenTree::Group(group) if inside(group))
    })
}

/// The tokens with variants by their own names alone, in macros too.
fn without_owners(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut left: Vec<TokenTree> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if owned_variant(&tokens[at..]) {
            // `std::option::` before it goes too.
            while let [.., module, first, second] = left.as_slice()
                && is_colon(first)
                && is_colon(second)
                && matches!(module, TokenTree::Ident(_))
            {
                left.truncate(left.len() - 3);
            }
            if let [.., first, second] = left.as_slice()
                && is_colon(first)
                && is_colon(second)
            {
                left.truncate(left.len() - 2);
            }
            at += 3;
            continue;
        }
        left.push(match &tokens[at] {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_owners(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            other => other.clone(),
        });
        at += 1;
    }
    left.into_iter().collect()
}

/// The argument of a method that is called by it, and with how many arguments.
fn called_by(method: &Ident) -> Option<(usize, usize)> {
    Some(match method.to_string().as_str() {
        "map" | "filter_map" | "flat_map" | "map_while" | "and_then" | "for_each" | "filter" | "find_map"
        | "any" | "all" | "is_some_and" | "is_ok_and" => (0, 1),
        "map_or" => (1, 1),
        "fold" => (1, 2),
        _ => return None,
    })
}

/// Whether a path names a function of a type of the user's: `Body::kinetic`.
fn is_of_type(path: &syn::ExprPath) -> bool {
    let capital = |segment: &syn::PathSegment| {
        segment.ident.to_string().trim_start_matches("r#").starts_with(char::is_uppercase)
    };
    let mut names = path.path.segments.iter().rev();
    let (Some(name), Some(owner)) = (names.next(), names.next()) else { return false };
    path.qself.is_none()
        && !capital(name)
        && capital(owner)
        && !STANDARD.iter().any(|known| owner.ident == known)
}

struct Named;

impl VisitMut for Named {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        syn::visit_mut::visit_expr_method_call_mut(self, call);
        let Some((at, arity)) = called_by(&call.method) else { return };
        let Some(argument) = call.args.iter_mut().nth(at) else { return };
        let syn::Expr::Path(path) = argument else { return };
        if !is_of_type(path) {
            return;
        }
        let last = path.path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
        let here = Span::mixed_site().located_at(last);
        let names = (0..arity).map(|at| Ident::new(&format!("given{at}"), here));
        let names: Vec<Ident> = names.collect();
        *argument = syn::parse_quote_spanned!(last=> |#(#names),*| #path(#(#names),*));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unified() {
        for (written, expected) in [
            ("{ std::option::Option::Some(x) }", "{ Some(x) }"),
            (
                "{ if let Result::Err(e) = f(x) { return Option::None; } }",
                "{ if let Err(e) = f(x) { return None; } }",
            ),
            ("{ assert!(matches!(a, Option::None)); }", "{ assert!(matches!(a, None)); }"),
            ("{ xs.map(Body::mass).sum() }", "{ xs.map(|given0| Body::mass(given0)).sum() }"),
            (
                "{ xs.fold(V::zero(), V::plus) }",
                "{ xs.fold(V::zero(), |given0, given1| V::plus(given0, given1)) }",
            ),
            (
                "{ xs.map(String::from).map(sqrt).map(f64::abs) }",
                "{ xs.map(String::from).map(sqrt).map(f64::abs) }",
            ),
            ("{ own::Kind::Some; Result::Ok }", "{ own::Kind::Some; Result::Ok }"),
        ] {
            let parsed = |text: &str| syn::parse_str::<syn::Block>(text).unwrap();
            let mut item: syn::ItemFn = syn::parse_quote!(
                fn f() {}
            );
            *item.block = parsed(written);
            unify(&mut item);
            assert_eq!(
                item.block.to_token_stream().to_string(),
                parsed(expected).to_token_stream().to_string()
            );
        }
    }
}
