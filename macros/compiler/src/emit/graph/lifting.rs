//! Lifting: constants made of passive numbers, in whatever shape, where values are asked for.
//!
//! A lifted value behind a reference must live as long as the reference. A variable *holds* it that is declared before the
//! statement.

use super::Graph;
use crate::types::tree::FloatOperation;
use crate::types::tree::{Expr, Kind, Pattern};
use crate::types::ty::{Act, Sequence, Ty};
use gradus_ops::Op;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::cell::{Cell, RefCell};

/// The variables that hold lifted numbers.
#[derive(Default)]
pub struct Held {
    scopes: RefCell<Vec<Scope>>,
    count: Cell<usize>,
    /// Whether what is printed leaves the statement.
    leaves: Cell<bool>,
}

struct Scope {
    names: Vec<Ident>,
    /// Items that stand before it.
    items: TokenStream,
    /// The body of the function or of a closure.
    whole: bool,
}

impl Held {
    /// Declares a variable that holds `tokens`, and returns a `&mut` borrow of it.
    fn hold(&self, tokens: &TokenStream) -> TokenStream {
        let name = Ident::new(&format!("held{}", self.count.get()), Span::mixed_site());
        self.count.set(self.count.get() + 1);
        let mut scopes = self.scopes.borrow_mut();
        let leaves = self.leaves.get();
        if let Some(scope) = scopes.iter_mut().rev().find(|scope| scope.whole || !leaves) {
            scope.names.push(name.clone());
        }
        quote!(#name.insert(#tokens))
    }

    /// An item before the scope that is being printed.
    pub fn declare(&self, item: TokenStream) {
        if let Some(scope) = self.scopes.borrow_mut().last_mut() {
            scope.items.extend(item);
        }
    }

    /// A number that no other name has.
    pub fn number(&self) -> usize {
        self.count.replace(self.count.get() + 1)
    }

    /// Prints what borrows the variables of a scope; they are declared before it.
    pub fn scope(&self, whole: bool, print: impl FnOnce() -> TokenStream) -> (TokenStream, TokenStream) {
        self.scopes.borrow_mut().push(Scope { names: Vec::new(), items: TokenStream::new(), whole });
        let leaves = self.leaves.replace(false);
        let tokens = print();
        self.leaves.set(leaves);
        let scope = self.scopes.borrow_mut().pop();
        let (names, items) = scope.map(|scope| (scope.names, scope.items)).unwrap_or_default();
        (quote!(#items #(let mut #names = __gradus_std::option::Option::None;)*), tokens)
    }

    /// Prints what outlives the statement around: the value of an assignment or of a `break`.
    pub fn leaving(&self, print: impl FnOnce() -> TokenStream) -> TokenStream {
        let leaves = self.leaves.replace(true);
        let tokens = print();
        self.leaves.set(leaves);
        tokens
    }
}

impl<'a> Graph<'_, 'a> {
    /// A passive expression where values are asked for.
    pub(in crate::emit) fn lifted_value(&self, expression: &Expr<'a>, slot: &Ty) -> TokenStream {
        let types = &self.function.types;
        let (from, to) = (types.shallow(&expression.ty), types.shallow(slot));
        if is_constant(expression) && matches!((&from, &to), (Ty::Float(_), Ty::Float(_))) {
            let constant = self.names.support("constant", expression.span);
            let number = expression.written;
            return quote!(#constant(#number));
        }
        let tokens = self.expression(expression);
        // An expression whose result type rustc infers from its use: here it is a number.
        let generic = matches!(expression.kind, Kind::Total { .. })
            || matches!(expression.kind, Kind::Method { .. }) && to == Ty::Float(Act::ACTIVE);
        if generic && matches!((&from, &to), (Ty::Float(_), Ty::Float(_))) {
            let lift = self.names.support("lift", expression.span);
            return quote!(#lift::<f64>(#tokens));
        }
        self.lifted_from(&tokens, &from, &to, expression.span)
    }

    /// The same for what a `let` declares the type of.
    pub(in crate::emit) fn lifted_as(
        &self,
        expression: &Expr<'a>,
        pattern: &Pattern<'a>,
    ) -> Option<TokenStream> {
        let syn::Pat::Type(typed) = pattern.written else { return None };
        let types = &self.function.types;
        if self.function.involves(expression) || !types.needs_lift(&expression.ty, &pattern.ty) {
            return None;
        }
        let (ty, tokens) = (&typed.ty, expression.written);
        let declared = quote!({ let declared: #ty = #tokens; declared });
        let slot = types.shallow(&pattern.ty);
        // What a reference borrows lives as long as it does.
        let lifted = || self.lifted_from(&declared, &expression.ty, &slot, expression.span);
        (!slot.is_reference()).then(lifted)
    }

    /// `tokens` of a passive type for a place of another.
    fn lifted_from(&self, tokens: &TokenStream, from: &Ty, to: &Ty, span: Span) -> TokenStream {
        let types = &self.function.types;
        let (from, to) = (types.shallow(from), types.shallow(to));
        if let Ty::Iter(item) = &to {
            return self.lifted_items(tokens, &from, item, span);
        }
        let owned = self.owned(tokens, &from, &to, span);
        if let Ty::Ref { mutable, inner } = to {
            let held = self.held.hold(&owned);
            // A slice stays one among others, as in `[&table[..], xs].concat()`.
            let is_slice = matches!(types.shallow(&inner), Ty::Sequence(Sequence::Slice, _));
            return match (mutable, is_slice) {
                (true, _) => held,
                (false, true) => quote!(&#held[..]),
                (false, false) => quote!(&*#held),
            };
        }
        if let Ty::Option(inner) = &to
            && types.shallow(inner).is_reference()
        {
            let held = self.held.hold(&owned);
            return quote!(#held.as_ref());
        }
        owned
    }

    /// The items of an iterator over numbers, lifted. Where they are references, all are lifted before the first is given.
    fn lifted_items(&self, tokens: &TokenStream, from: &Ty, item: &Ty, span: Span) -> TokenStream {
        let each = self.lifting(&self.function.types.peeled(from).item(), item, span);
        let items = quote!(__gradus_std::iter::Iterator::map(__gradus_std::iter::IntoIterator::into_iter(#tokens), #each));
        if !self.function.types.shallow(item).is_reference() {
            return items;
        }
        let collected = quote!(__gradus_std::iter::Iterator::collect::<__gradus_std::vec::Vec<_>>(#items));
        let held = self.held.hold(&collected);
        quote!(#held.iter())
    }

    /// A function that lifts one item.
    fn lifting(&self, from: &Ty, to: &Ty, span: Span) -> TokenStream {
        if self.is_wholly_active(to) {
            return self.names.support("lift", span);
        }
        let item = Ident::new("__item", Span::mixed_site());
        let body = self.owned(&item.to_token_stream(), from, to, span);
        quote!(|#item| #body)
    }

    /// Lifts the numbers that become values; the others stay numbers.
    fn owned(&self, tokens: &TokenStream, from: &Ty, to: &Ty, span: Span) -> TokenStream {
        let types = &self.function.types;
        let by_value = !types.shallow(from).is_reference();
        let (from, to) = (types.peeled(from), types.peeled(to));
        let lift = self.names.support("lift", span);
        // A `Result` has this method too; its error stays.
        if let (Ty::Option(slot), true, true) = (&to, by_value, matches!(from, Ty::Option(_))) {
            let each = self.lifting(&from.item(), slot, span);
            return quote!((#tokens).map(#each));
        }
        if self.is_wholly_active(&to) {
            return quote!(#lift(#tokens));
        }
        if !types.is_active(&to) {
            let plain = self.names.support("plain", span);
            return quote!(#plain(#tokens));
        }
        match &to {
            Ty::Tuple(slots) => {
                let parts = if let Ty::Tuple(parts) = &from { parts } else { slots };
                let names: Vec<Ident> =
                    (0..slots.len()).map(|at| Ident::new(&format!("part{at}"), Span::mixed_site())).collect();
                let lifted = names
                    .iter()
                    .zip(parts.iter().zip(slots))
                    .map(|(name, (from, to))| self.owned(&name.to_token_stream(), from, to, span));
                quote!(match #tokens { (#(#names,)*) => (#(#lifted,)*) })
            }
            Ty::Sequence(Sequence::Array, slot) => {
                let each = self.lifting(&from.item(), slot, span);
                quote!(#tokens.map(#each))
            }
            Ty::Option(slot) => {
                let each = self.lifting(&from.item(), slot, span);
                quote!(__gradus_std::option::Option::map(#tokens, #each))
            }
            Ty::Sequence(Sequence::Slice | Sequence::Vec | Sequence::Deque, slot) => {
                let each = self.lifting(&from.item(), slot, span);
                quote!(__gradus_std::iter::Iterator::collect::<__gradus_std::vec::Vec<_>>(
                    __gradus_std::iter::Iterator::map(__gradus_std::iter::IntoIterator::into_iter(#tokens), #each)
                ))
            }
            Ty::Float(_)
            | Ty::Struct(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Ref { .. }
            | Ty::Range
            | Ty::Iter(_)
            | Ty::Closure(..)
            | Ty::Unknown(_) => quote!(#lift(#tokens)),
        }
    }

    /// Whether every part of a type is a value, so that one function lifts all of it.
    fn is_wholly_active(&self, ty: &Ty) -> bool {
        let types = &self.function.types;
        let ty = types.shallow(ty);
        if let Ty::Float(_) | Ty::Unknown(_) | Ty::Struct(_) = ty {
            return types.is_active(&ty);
        }
        !ty.parts().is_empty() && ty.parts().iter().all(|part| self.is_wholly_active(part))
    }

    /// An argument of another function: where a part is active all of it is lifted.
    pub(in crate::emit) fn passed(&self, argument: &Expr<'a>) -> TokenStream {
        let types = &self.function.types;
        if !types.is_active(&argument.ty) {
            return self.expression(argument);
        }
        self.value(argument, &types.all_active(&argument.ty))
    }

    /// The operand of `&`, in a variable of its own.
    pub(in crate::emit) fn held_reference(&self, tokens: &TokenStream, mutable: bool) -> TokenStream {
        let held = self.held.hold(tokens);
        if mutable { held } else { quote!(&*#held) }
    }
}

/// A number that is written there: a literal, or a constant of `f64`.
pub(in crate::emit) fn is_constant(expression: &Expr<'_>) -> bool {
    if let Kind::Operation(operation) = &expression.kind {
        return operation.what == FloatOperation::Row(Op::Neg) && is_constant(&operation.operands[0]);
    }
    match expression.written {
        syn::Expr::Lit(_) => matches!(expression.kind, Kind::Opaque),
        syn::Expr::Path(_) => matches!(expression.kind, Kind::Opaque) && expression.ty == Ty::PASSIVE_FLOAT,
        _ => false,
    }
}
