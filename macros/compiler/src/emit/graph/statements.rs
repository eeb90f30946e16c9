//! Blocks, control flow, patterns and closures on `Value`s.

use super::Graph;
use crate::emit::types::Purpose;
use crate::syntax::attributes::attributes;
use crate::types::tree::{Arm, Binding, Block, Closure, Expr, Kind, Pattern, Statement};
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

impl<'a> Graph<'_, 'a> {
    /// A block whose value goes to `slot`; `first` comes before its statements.
    pub(in crate::emit) fn block(&self, block: &Block<'a>, slot: &Ty, first: &TokenStream) -> TokenStream {
        let statements = block.statements.iter().map(|statement| self.statement(statement));
        let tail = block.tail.as_ref().map(|tail| self.value(tail, slot));
        let label = block.label;
        quote!(#label { #first #(#statements)* #tail })
    }

    fn statement(&self, statement: &Statement<'a>) -> TokenStream {
        let (held, statement) = self.held.scope(false, || self.bare_statement(statement));
        quote!(#held #statement)
    }

    fn bare_statement(&self, statement: &Statement<'a>) -> TokenStream {
        match statement {
            // Rustc reports dead code in the user's own copy.
            Statement::Verbatim(written @ syn::Stmt::Item(_)) => quote!(#[allow(dead_code)] #written),
            Statement::Verbatim(written) => written.to_token_stream(),
            Statement::Expr { value, semicolon } => {
                // The user's own tokens have their attributes already.
                let involved = self.function.involves(value);
                let attributes = if involved { attributes(value.written) } else { TokenStream::new() };
                let value = self.expression(value);
                if *semicolon { quote!(#attributes #value;) } else { quote!(#attributes #value) }
            }
            Statement::Let { written, .. } if !self.function.involves_statement(statement) => {
                written.to_token_stream()
            }
            Statement::Let { written, pattern, value, otherwise } => {
                let attributes = &written.attrs;
                if let (Some(value), Some(_)) = (value, otherwise)
                    && self.is_number(value)
                {
                    let (head, value) = self.number_matched(pattern, value);
                    let otherwise = self.otherwise(written, otherwise.as_ref());
                    return quote!(#(#attributes)* let #head = #value #otherwise;);
                }
                let head = self.pattern(pattern);
                let value = value.as_ref().map(|value| {
                    let declared = self.lifted_as(value, pattern);
                    let value = declared.unwrap_or_else(|| self.value(value, &pattern.ty));
                    quote!(= #value)
                });
                let otherwise = self.otherwise(written, otherwise.as_ref());
                let lifted = self.lifted(&pattern.bindings);
                quote!(#(#attributes)* let #head #value #otherwise; #lifted)
            }
        }
    }

    fn otherwise(&self, written: &syn::Local, otherwise: Option<&Expr<'a>>) -> Option<TokenStream> {
        otherwise.map(|otherwise| {
            let arms = self.places.branching(written, vec![self.places.range(otherwise.written)]);
            let (entry, otherwise) = (arms.enter(0), self.expression(otherwise));
            quote!(else { #entry #otherwise })
        })
    }

    /// A pattern as the user wrote it, its type annotation on `Value`s.
    pub(super) fn pattern(&self, pattern: &Pattern<'a>) -> TokenStream {
        let written = match pattern.written {
            syn::Pat::Guard(guarded) => &*guarded.pat,
            other => other,
        };
        match written {
            syn::Pat::Type(typed) => {
                let inner = if self.function.types.is_active(&pattern.ty) {
                    self.on_values(&typed.pat)
                } else {
                    typed.pat.to_token_stream()
                };
                let ty = Purpose::Lent(quote!('_)).of(self.function, self.names, &typed.ty, &pattern.ty);
                quote!(#inner: #ty)
            }
            other if self.function.types.is_active(&pattern.ty) => self.on_values(other),
            other => other.to_token_stream(),
        }
    }

    /// Variables that a pattern binds to a passive value and that become active later.
    fn lifted(&self, bindings: &[Binding]) -> TokenStream {
        let is_lifted = |binding: &&Binding| {
            let variable = &self.function.variables[binding.variable.0];
            self.function.types.needs_lift(&binding.given, &variable.ty)
        };
        let lift = |binding: &Binding| {
            let name = &self.function.variables[binding.variable.0].name;
            let lift = self.names.support("lift", Span::mixed_site());
            quote!(let mut #name = #lift(#name);)
        };
        bindings.iter().filter(is_lifted).map(lift).collect()
    }

    // --- control flow

    /// `for head in iterator`.
    pub(super) fn for_loop(
        &self,
        written: &syn::Expr,
        label: Option<&syn::Label>,
        pattern: &Pattern<'a>,
        iterator: &Expr<'a>,
        body: &Block<'a>,
    ) -> TokenStream {
        let each = self.names.in_mode_of("each", iterator.span);
        let site = self.places.site(written, &[]);
        let iterator = self.expression(iterator);
        let head = self.pattern(pattern);
        let body = self.block(body, &Ty::Unit, &self.lifted(&pattern.bindings));
        quote!(#label for #head in #each(#site, #iterator) #body)
    }

    pub(super) fn while_loop(
        &self,
        written: &syn::Expr,
        label: Option<&syn::Label>,
        condition: &Expr<'a>,
        body: &Block<'a>,
    ) -> TokenStream {
        let (turns, turn) = self.places.turns(written);
        let lifted = self.lifted_in(condition);
        let condition = self.expression(condition);
        let body = self.block(body, &Ty::Unit, &quote!(#turn #lifted));
        quote!({ #turns #label while #condition #body })
    }

    pub(super) fn endless_loop(
        &self,
        written: &syn::Expr,
        label: Option<&syn::Label>,
        body: &Block<'a>,
    ) -> TokenStream {
        let (turns, turn) = self.places.turns(written);
        let body = self.block(body, &Ty::Unit, &turn);
        quote!({ #turns #label loop #body })
    }

    /// An `if`.
    pub(in crate::emit) fn branch(&self, expression: &Expr<'a>, slot: &Ty) -> TokenStream {
        let Kind::If { condition, then, otherwise } = &expression.kind else {
            return self.expression(expression);
        };
        let mut arms = vec![match expression.written {
            syn::Expr::If(written) => self.places.range(&written.then_branch),
            other => self.places.range(other),
        }];
        arms.extend(otherwise.as_ref().map(|otherwise| self.places.range(otherwise.written)));
        let arms = self.places.branching(expression.written, arms);
        let (entry, lifted) = (arms.enter(0), self.lifted_in(condition));
        let condition = self.expression(condition);
        let then = self.block(then, slot, &quote!(#entry #lifted));
        let otherwise = otherwise.as_ref().map(|otherwise| {
            let (entry, value) = (arms.enter(1), self.value(otherwise, slot));
            quote!(else { #entry #value })
        });
        quote!(if #condition #then #otherwise)
    }

    /// The variables bound by `let` in a condition.
    fn lifted_in(&self, condition: &Expr<'a>) -> TokenStream {
        let condition = condition.unparenthesized();
        if let Kind::Let { pattern, .. } = &condition.kind {
            return self.lifted(&pattern.bindings);
        }
        let Kind::Binary { left, right, .. } = &condition.kind else { return TokenStream::new() };
        let (left, right) = (self.lifted_in(left), self.lifted_in(right));
        quote!(#left #right)
    }

    pub(in crate::emit) fn choice(
        &self,
        written: &syn::Expr,
        value: &Expr<'a>,
        arms: &[Arm<'a>],
        slot: &Ty,
    ) -> TokenStream {
        let scalar = self.is_number(value);
        let tokens = self.expression(value);
        let here = Span::mixed_site();
        let matched = Ident::new("__matched", here);
        let bodies = arms.iter().map(|arm| self.places.range(arm.body.written)).collect();
        let branching = self.places.branching(written, bodies);
        let arms = arms.iter().enumerate().map(|(at, arm)| {
            let entry = branching.enter(at);
            // Patterns look at the number; a name bound by one is the value itself.
            let (pattern, again) = if scalar {
                let (names, values) = self.named_number(&arm.pattern, &matched);
                (self.of_number(&arm.pattern), quote!(#(let #names = #values;)*))
            } else {
                (self.pattern(&arm.pattern), TokenStream::new())
            };
            let guard = arm.guard.as_ref().map(|guard| {
                let involved = self.function.involves(guard);
                let guard = self.expression(guard);
                if scalar && involved { quote!(if { #again #guard }) } else { quote!(if #guard) }
            });
            let lifted = self.lifted(&arm.pattern.bindings);
            let body = self.value(&arm.body, slot);
            let attributes = arm.attributes;
            quote!(#(#attributes)* #pattern #guard => { #entry #again #lifted #body })
        });
        if scalar {
            let scrutinee = self.names.in_mode("scrutinee", value.span);
            let site = self.places.site(value.written, &[]);
            quote_spanned!(here=> { let #matched = #tokens; match #scrutinee(#site, #matched) { #(#arms)* } })
        } else {
            quote!(match #tokens { #(#arms)* })
        }
    }

    pub(super) fn closure(&self, closure: &Closure<'a>) -> TokenStream {
        let capture = closure.written.capture;
        let inputs = closure.inputs.iter().map(|input| self.pattern(input));
        let lifted: TokenStream = closure.inputs.iter().map(|input| self.lifted(&input.bindings)).collect();
        let entry = self.places.enter("closure", closure.written);
        let (held, body) = self.held.scope(true, || self.value(&closure.body, &closure.output));
        let output = match &closure.written.output {
            syn::ReturnType::Type(arrow, written) => {
                let ty = Purpose::Values.of(self.function, self.names, written, &closure.output);
                Some(quote!(#arrow #ty))
            }
            syn::ReturnType::Default => None,
        };
        quote!(#capture |#(#inputs),*| #output { #entry #lifted #held #body })
    }
}
