//! `#[cfg(…)]` and `#[cfg_attr(…)]` on parameters, statements and arms.
//!
//! Only rustc knows whether a condition holds. For the first condition that is not decided the attribute emits the function twice:
//! under the condition and under its negation, each annotated again, with the decided conditions as an option. Rustc drops one
//! of them, and the other is expanded in the same way until all conditions are decided.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::{Pair, Punctuated};
use syn::visit_mut::VisitMut;

/// Removes what is not there; `known` says which conditions hold, in the order in which they are met. Returns the first condition
/// that is not among them.
pub fn resolve(item: &mut syn::ItemFn, known: &[bool]) -> Option<syn::Meta> {
    let mut resolving = Resolving { known, met: Vec::new(), open: None };
    resolving.visit_signature_mut(&mut item.sig);
    resolving.visit_block_mut(&mut item.block);
    resolving.open
}

/// The condition of a `cfg_attr`, and the attributes that it stands before.
pub fn conditional(meta: &syn::Meta) -> Option<(syn::Meta, Vec<syn::Meta>)> {
    let list = meta.require_list().ok()?;
    let parse = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let mut metas = list.parse_args_with(parse).ok()?.into_iter();
    Some((metas.next()?, metas.collect()))
}

struct Resolving<'k> {
    known: &'k [bool],
    /// The conditions so far, as text.
    met: Vec<String>,
    open: Option<syn::Meta>,
}

impl Resolving<'_> {
    fn holds(&mut self, condition: &syn::Meta) -> bool {
        let text = condition.to_token_stream().to_string();
        let at = self.met.iter().position(|met| *met == text).unwrap_or_else(|| {
            self.met.push(text);
            self.met.len() - 1
        });
        self.known.get(at).copied().unwrap_or_else(|| {
            self.open.get_or_insert_with(|| condition.clone());
            true
        })
    }

    /// Whether the syntax with these attributes is there. Removes the decided conditions from them.
    fn keeps(&mut self, attributes: &mut Vec<syn::Attribute>) -> bool {
        let mut left = Vec::new();
        let mut keeps = true;
        for attribute in attributes.drain(..) {
            keeps &= self.attribute(attribute, &mut left);
        }
        *attributes = left;
        keeps
    }

    fn attribute(&mut self, attribute: syn::Attribute, left: &mut Vec<syn::Attribute>) -> bool {
        let path = attribute.path();
        if path.is_ident("cfg")
            && let Ok(condition) = attribute.parse_args::<syn::Meta>()
        {
            return self.holds(&condition);
        }
        if path.is_ident("cfg_attr")
            && let Some((condition, inner)) = conditional(&attribute.meta)
        {
            let holds = self.holds(&condition);
            let inner = inner.into_iter().filter(|_| holds);
            let inner = inner.map(|meta| syn::Attribute { meta, ..attribute.clone() });
            let mut keeps = true;
            for inner in inner {
                keeps &= self.attribute(inner, left);
            }
            return keeps;
        }
        left.push(attribute);
        true
    }

    /// The same for a statement or an element of a list, whose attributes may belong to the first part of an expression.
    fn keeps_syntax<T: ToTokens>(
        &mut self,
        syntax: &mut T,
        parse: impl Fn(TokenStream) -> Option<T>,
    ) -> bool {
        let tokens = syntax.to_token_stream();
        let mut rest = tokens.into_iter().peekable();
        let mut attributes = TokenStream::new();
        while let Some(TokenTree::Punct(punct)) = rest.peek()
            && punct.as_char() == '#'
        {
            attributes.extend(rest.by_ref().take(2));
        }
        let is_conditional = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
        };
        let Ok(mut attributes) = syn::parse::Parser::parse2(syn::Attribute::parse_outer, attributes) else {
            return true;
        };
        if !attributes.iter().any(is_conditional) {
            return true;
        }
        let keeps = self.keeps(&mut attributes);
        let rest = rest.collect::<TokenStream>();
        if keeps && let Some(parsed) = parse(quote!(#(#attributes)* #rest)) {
            *syntax = parsed;
        }
        keeps
    }

    fn elements(&mut self, list: &mut Punctuated<syn::Expr, syn::Token![,]>) {
        *list = std::mem::take(list)
            .into_pairs()
            .filter_map(|pair| {
                let (mut value, comma) = pair.into_tuple();
                let keeps = self.keeps_syntax(&mut value, |tokens| syn::parse2(tokens).ok());
                keeps.then(|| Pair::new(value, comma))
            })
            .collect();
    }
}

impl VisitMut for Resolving<'_> {
    fn visit_signature_mut(&mut self, signature: &mut syn::Signature) {
        signature.inputs = std::mem::take(&mut signature.inputs)
            .into_pairs()
            .filter_map(|pair| {
                let (mut input, comma) = pair.into_tuple();
                let attributes = match &mut input {
                    syn::FnArg::Receiver(receiver) => &mut receiver.attrs,
                    syn::FnArg::Typed(argument) => &mut argument.attrs,
                };
                self.keeps(attributes).then(|| Pair::new(input, comma))
            })
            .collect();
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let parse = |tokens| syn::parse::Parser::parse2(syn::Block::parse_within, tokens).ok()?.pop();
        block.stmts.retain_mut(|statement| self.keeps_syntax(statement, parse));
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_match_mut(&mut self, choice: &mut syn::ExprMatch) {
        choice.arms.retain_mut(|arm| self.keeps(&mut arm.attrs));
        syn::visit_mut::visit_expr_match_mut(self, choice);
    }

    fn visit_expr_array_mut(&mut self, array: &mut syn::ExprArray) {
        self.elements(&mut array.elems);
        syn::visit_mut::visit_expr_array_mut(self, array);
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        self.elements(&mut call.args);
        syn::visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        self.elements(&mut call.args);
        syn::visit_mut::visit_expr_method_call_mut(self, call);
    }

    // What an item holds is its own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Tests: the function as rustc leaves it, where all conditions are made of `any`, `all` and `not`.
#[cfg(test)]
pub fn decided(item: &TokenStream) -> TokenStream {
    fn holds(condition: &syn::Meta) -> bool {
        let syn::Meta::List(list) = condition else { panic!("a condition on the outside: {condition:?}") };
        let parse = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
        let inner = list.parse_args_with(parse).expect("conditions");
        match list.path.get_ident().map(ToString::to_string).as_deref() {
            Some("any") => inner.iter().any(holds),
            Some("all") => inner.iter().all(holds),
            Some("not") => !inner.iter().all(holds),
            other => panic!("unknown condition {other:?}"),
        }
    }
    let Ok(written) = syn::parse2::<syn::ItemFn>(item.clone()) else { return item.clone() };
    let mut known = Vec::new();
    loop {
        let mut function = written.clone();
        match resolve(&mut function, &known) {
            Some(open) => known.push(holds(&open)),
            None if known.is_empty() => return item.clone(),
            None => return function.into_token_stream(),
        }
    }
}
