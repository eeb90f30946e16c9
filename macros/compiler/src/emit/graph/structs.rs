//! Structs of the user's on `Value`s: literals and patterns name the struct on values, which has no name but a projection of the
//! user's type. Rust takes no projection there, so an alias of it stands in front.

use super::Graph;
use crate::emit::types::mode;
use crate::syntax::callee::Operator;
use crate::syntax::ident::uses;
use crate::types::tree::{Expr, Kind, SiteId, StructLiteral};
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;

impl<'a> Graph<'_, 'a> {
    /// `Vec3 { x, y, z: 0.0 }` on values.
    pub(super) fn struct_literal(&self, literal: &StructLiteral<'a>) -> TokenStream {
        let members = literal.members.iter().zip(&literal.fields).map(|(member, field)| {
            let value = self.field_value(field);
            quote!(#member: #value)
        });
        let base = literal.base.as_ref().map(|base| {
            let tokens = self.passed(base);
            if self.function.types.is_active(&base.ty) {
                return quote!(..#tokens);
            }
            let lift = self.names.support("lift", base.span);
            quote!(..#lift(#tokens))
        });
        let name = self.alias(literal.path);
        quote_spanned!(literal.path.span()=> #name { #(#members,)* #base })
    }

    /// Whether a place is a field of a struct.
    pub(super) fn is_field(&self, place: &Expr<'a>) -> bool {
        if let Kind::Paren(inner) = &place.kind {
            return self.is_field(inner);
        }
        matches!(&place.kind, Kind::Field { base, .. } if self.function.types.is_struct(&base.ty))
    }

    /// What goes into a field: whether the field holds values or numbers, rustc knows.
    pub(super) fn field_value(&self, value: &Expr<'a>) -> TokenStream {
        let types = &self.function.types;
        if types.is_active(&value.ty) {
            return self.passed(value);
        }
        let tokens = self.expression(value);
        let name = match types.shallow(&value.ty) {
            Ty::Float(_) | Ty::Sequence(..) | Ty::Tuple(_) => "into_field",
            Ty::Unknown(_) | Ty::Struct(_) => {
                let (flow, engine) = (self.names.support("Flow", value.span), &self.names.engine);
                let traits = quote!(use #engine::rt::{FlowsInto as _, Stays as _};);
                return quote!({ #traits (&&#flow::of(#tokens)).into_field() });
            }
            Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Ref { .. }
            | Ty::Range
            | Ty::Iter(_)
            | Ty::Option(_)
            | Ty::Closure(..) => return tokens,
        };
        let into = self.names.support(name, value.span);
        quote!(#into(#tokens))
    }

    /// An operator of a struct's, or of which only rustc knows the types.
    pub(super) fn operator(
        &self,
        expression: &Expr<'a>,
        operator: Operator,
        operands: &[Expr<'a>],
        site: SiteId,
    ) -> TokenStream {
        let types = &self.function.types;
        if !operands.iter().any(|operand| types.is_active(&operand.ty)) {
            let operands: Vec<_> = operands.iter().map(|operand| self.expression(operand)).collect();
            return super::plain_operation(expression.written, &operands);
        }
        let (engine, here) = (&self.names.engine, Span::mixed_site().located_at(expression.span));
        let (number, site, mode) = (operator.number(), self.site(site), mode());
        let mode = quote!(<#mode as #engine::rt::TraceMode>::MODE);
        let (entry, enter) =
            (self.places.site(expression.written, &[]), self.names.in_mode("call", Span::mixed_site()));
        let enter = quote!(|| #enter(#entry));
        let tokens: Vec<_> = operands.iter().map(|operand| self.expression(operand)).collect();
        match (operator, tokens.as_slice()) {
            (Operator::Binary(_), [left, right]) => quote_spanned! {here=>
                #engine::rt::binary::<#number, _, _, _, _>(#mode, #site, #enter, &(#left), &(#right))
            },
            // The value is computed before the place is looked at.
            (Operator::Assign(_), [place, value]) => quote_spanned! {here=> {
                let __operand = #value;
                let __place = &mut #place;
                *__place = #engine::rt::binary::<#number, _, _, _, _>(#mode, #site, #enter, &*__place, &__operand);
            }},
            (Operator::Minus, [operand]) => quote_spanned! {here=>
                #engine::rt::unary::<#number, _, _, _>(#mode, #site, #enter, &(#operand))
            },
            (Operator::Binary(_) | Operator::Assign(_) | Operator::Minus, _) => TokenStream::new(),
        }
    }

    /// A pattern whose structs are those on values.
    pub(super) fn on_values(&self, pattern: &syn::Pat) -> TokenStream {
        let mut pattern = pattern.clone();
        Structs(self).visit_pat_mut(&mut pattern);
        pattern.into_token_stream()
    }

    /// The name of a struct on values.
    fn alias(&self, path: &syn::Path) -> Ident {
        let name = format_ident!("GradusStruct{}", self.held.number(), span = Span::mixed_site());
        let (engine, here) = (&self.names.engine, path.span());
        let path = path.to_token_stream();
        // The alias has those of the function's const generics that the path names; rustc infers them.
        let constants = self.names.constants.iter().filter_map(|constant| {
            let (name, ty) = (&constant.ident, &constant.ty);
            uses(path.clone(), &name.to_string()).then(|| quote!(, const #name: #ty))
        });
        let constants: TokenStream = constants.collect();
        let path = self.names.gated_type(&path, here);
        self.held.declare(quote_spanned! {here=>
            #[allow(dead_code, non_camel_case_types)]
            type #name<'g #constants> = <#path as #engine::rt::Differentiable>::Active<'g>;
        });
        name
    }
}

struct Structs<'g, 'f, 'a>(&'g Graph<'f, 'a>);

impl VisitMut for Structs<'_, '_, '_> {
    fn visit_pat_mut(&mut self, pattern: &mut syn::Pat) {
        // An error is data.
        if matches!(pattern, syn::Pat::TupleStruct(of) if of.path.is_ident("Err")) {
            return;
        }
        syn::visit_mut::visit_pat_mut(self, pattern);
        match pattern {
            syn::Pat::Struct(of) => {
                // `x` alone means `x: x`, also where its name is looked up elsewhere.
                of.path = self.0.alias(&of.path).into();
            }
            syn::Pat::TupleStruct(of) if !is_variant(&of.path) => {
                let name = self.0.alias(&of.path);
                let rest = of.elems.iter().any(|part| matches!(part, syn::Pat::Rest(_)));
                let rest = rest.then(|| quote!(..));
                let parts = of.elems.iter().take_while(|part| !matches!(part, syn::Pat::Rest(_)));
                let parts = parts.enumerate().map(|(at, part)| {
                    let at = syn::Index::from(at);
                    quote!(#at: #part)
                });
                let tokens = quote!(#name { #(#parts,)* #rest });
                *pattern = syn::Pat::Verbatim(tokens);
            }
            _ => {}
        }
    }
}

/// `Some`, `Ok` and `Err`.
fn is_variant(path: &syn::Path) -> bool {
    ["Some", "Ok", "Err"].iter().any(|name| path.is_ident(name))
}
