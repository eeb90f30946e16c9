//! Numbers where values are asked for: the items of iterators, constants behind references, arguments of functions.

use super::graph::Graph;
use crate::tree::{Expr, Kind};
use crate::ty::Ty;
use proc_macro2::TokenStream;
use quote::quote;

impl<'a> Graph<'_, 'a> {
    /// The items of an iterator over numbers, lifted. Where they are references, what these point at is lifted, so that they
    /// stay references.
    pub(super) fn lifted_items(&self, expression: &Expr<'a>) -> TokenStream {
        let lift = self.names.support("lift", expression.span);
        if let Kind::Method { call, receiver, arguments } = &expression.kind {
            let behind = matches!(self.function.types.shallow(&receiver.ty), Ty::Ref { .. });
            let lifted = match call.method.to_string().as_str() {
                "iter" => {
                    let receiver = self.expression(receiver);
                    Some(quote!(#lift(&#receiver)))
                }
                "into_iter" => {
                    let receiver = self.expression(receiver);
                    Some(if behind { quote!((&#lift(#receiver))) } else { quote!(#lift(#receiver)) })
                }
                "copied" | "cloned" | "rev" | "skip" | "take" | "step_by" => {
                    Some(self.lifted_items(receiver))
                }
                _ => None,
            };
            if let Some(lifted) = lifted {
                return self.method_of(&lifted, expression, call, arguments);
            }
        }
        let tokens = self.expression(expression);
        quote!(__gradus_std::iter::Iterator::map(#tokens, #lift))
    }

    /// An argument of another function: where a part is active all of it is lifted.
    pub(super) fn passed(&self, argument: &Expr<'a>) -> TokenStream {
        let types = &self.function.types;
        if !types.is_active(&argument.ty) {
            return self.expression(argument);
        }
        self.value(argument, &types.all_active(&argument.ty))
    }
}

/// A number that is written there: a literal, or a constant of `f64`.
pub(super) fn is_constant(expression: &Expr<'_>) -> bool {
    match &expression.kind {
        Kind::Opaque => match expression.written {
            syn::Expr::Lit(_) => true,
            syn::Expr::Path(_) => expression.ty == Ty::PASSIVE_FLOAT,
            _ => false,
        },
        Kind::Operation(operation) => operation.name == "neg" && is_constant(&operation.operands[0]),
        _ => false,
    }
}
