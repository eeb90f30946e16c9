//! Which functions a function calls, for `f::backend()` and for the check of `#[differentiable(compiled)]`.
//!
//! `f::__reached` adds `f` to a list, and then calls the `__reached` of every callee. It is a `const fn` with a list of the
//! functions found so far, not a constant: constants of functions that call each other would depend on each other.
//!
//! A callee is found by its path at the place of the call: among the items of the blocks around it, and under the same `cfg`.

use super::call::Device;
use super::carried::muted;
use super::companions::{Companions, Compiled};
use crate::reasons::Unsupported;
use crate::syntax::attributes::attributes;
use crate::syntax::callee::Callee;
use crate::syntax::ident::unraw;
use crate::syntax::refusals;
use crate::types::tree::{Block, Expr, FunctionValue, Kind, Statement};
use crate::types::walk::{Child, children};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// What is done with a callee.
#[derive(Clone, Copy)]
enum Purpose {
    /// It is added to the list.
    Reach,
    /// The call is refused if anything that it leads to runs on a graph.
    Check,
    /// The call is refused if the callee has no second derivatives.
    Second,
}

impl Companions<'_, '_> {
    /// Why not all companions of a function are compiled. The Jacobian of several numbers needs the two sweeps apart.
    pub(super) fn own_reason<'c>(
        &self,
        compiled: &'c Result<Compiled, Unsupported>,
    ) -> Option<&'c Unsupported> {
        reason(compiled, self.function.may_be_several())
    }

    /// Why callers record a graph.
    fn called_reason<'c>(&self, compiled: &'c Result<Compiled, Unsupported>) -> Option<&'c Unsupported> {
        reason(compiled, self.has_halves())
    }

    /// Functions of the body that are copied here for their items are not called: they are used where they were written.
    ///
    /// `__reachable` and `__reached`, and the public `backend()`; none is the reason of an operation with partials of its own.
    pub(super) fn reached(&self, compiled: Option<&Result<Compiled, Unsupported>>) -> TokenStream {
        let (engine, quiet) = (&self.names.engine, self.quiet());
        // No constant generics are known there.
        let used = self.annotated.item.sig.generics.const_params().next().is_none().then(|| self.used());
        let own = self.backend(compiled.and_then(|compiled| self.own_reason(compiled)));
        let why = compiled.and_then(|compiled| self.called_reason(compiled));
        let called = self.backend(why);
        // What the body of an operation does has nothing to do with its partial derivatives.
        let is_quiet = compiled.is_some() && crate::types::effects::is_quiet(self.function);
        let refusal = why.map_or_else(String::new, |Unsupported { reason, span }| {
            let line = span.start().line.to_string();
            let name = unraw(self.function_name());
            refusals::callee_not_compiled(*span, &name, &reason.construct(), &line, &reason.help()).message()
        });
        // What the body of an operation calls has no gradient.
        let callees = compiled.and_then(|_| self.callees(&self.function.body, Purpose::Reach));
        quote_spanned! {Span::mixed_site()=>
            /// How the gradient is computed, and that of every differentiable function that this one calls.
            pub fn backend() -> #engine::Backends {
                #used
                #engine::rt::backends(Self::__reached)
            }
            #[doc(hidden)]
            pub const __REACHABLE: &'static #engine::rt::Reachable = &#engine::rt::Reachable {
                source: Self::__SOURCE, own: #own, called: #called, quiet: #is_quiet, refusal: #refusal,
            };
            #[doc(hidden)] #quiet
            pub const fn __reached(__list: &mut #engine::rt::Reached) {
                if __list.enter(Self::__REACHABLE) { #callees }
            }
        }
    }

    /// `#[differentiable(compiled)]`: no call may lead to a graph.
    pub(super) fn callees_checked(&self) -> Option<TokenStream> {
        self.annotated.options.compiled.as_ref()?;
        let (checks, muted) = (self.callees(&self.function.body, Purpose::Check)?, muted());
        let gates = self.annotated.item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        Some(quote!(#(#gates)* #muted #[allow(dead_code)] const _: () = { #checks };))
    }

    /// `#[differentiable(second)]`: every callee has second derivatives too.
    pub(super) fn second_checked(&self) -> Option<TokenStream> {
        self.annotated.options.second.as_ref()?;
        let (checks, muted) = (self.callees(&self.function.body, Purpose::Second)?, muted());
        let gates = self.annotated.item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        Some(quote!(#(#gates)* #muted #[allow(dead_code)] const _: () = { #checks };))
    }

    /// The callees of a block, and the items by which they are found; nothing if there are no callees.
    fn callees(&self, block: &Block<'_>, purpose: Purpose) -> Option<TokenStream> {
        let mut callees = TokenStream::new();
        for statement in &block.statements {
            match statement {
                Statement::Verbatim(_) => {}
                Statement::Expr { value, .. } => {
                    let attributes = attributes(value.written);
                    callees.extend(gated(attributes, self.callees_of(value, purpose)));
                }
                Statement::Let { written, value, otherwise, .. } => {
                    let mut inside = TokenStream::new();
                    value
                        .iter()
                        .chain(otherwise)
                        .for_each(|part| self.callees_in(part, purpose, &mut inside));
                    let attributes = &written.attrs;
                    callees.extend(gated(quote!(#(#attributes)*), inside));
                }
            }
        }
        block.tail.iter().for_each(|tail| self.callees_in(tail, purpose, &mut callees));
        if callees.is_empty() {
            return None;
        }
        let items = block.statements.iter().filter_map(|statement| {
            if let Statement::Verbatim(syn::Stmt::Item(item)) = statement { Some(item) } else { None }
        });
        Some(quote!(#(#[allow(dead_code)] #items)* #callees))
    }

    fn callees_of(&self, expression: &Expr<'_>, purpose: Purpose) -> TokenStream {
        let mut callees = TokenStream::new();
        self.callees_in(expression, purpose, &mut callees);
        callees
    }

    fn callees_in(&self, expression: &Expr<'_>, purpose: Purpose, callees: &mut TokenStream) {
        if let Kind::Call { callee, arguments } = &expression.kind
            && arguments.iter().any(|argument| self.function.types.goes_in_active(&argument.ty))
            && let Callee::Function(path) = callee
        {
            callees.extend(self.callee(path, purpose));
        }
        // With plain numbers it is any function: `fold(0, u8::wrapping_add)`.
        if let Kind::Function { path, what: FunctionValue::Callee } = &expression.kind
            && self.function.types.is_active_closure(&expression.ty)
        {
            callees.extend(self.callee(path, purpose));
        }
        children(expression, &mut |child| match child {
            Child::Expr(inner) => self.callees_in(inner, purpose, callees),
            Child::Block(block) => {
                callees.extend(self.callees(block, purpose).map(|inner| quote!({ #inner })));
            }
            Child::Arm(arm) => {
                let mut inside = TokenStream::new();
                arm.guard.iter().for_each(|guard| self.callees_in(guard, purpose, &mut inside));
                self.callees_in(&arm.body, purpose, &mut inside);
                let attributes = arm.attributes;
                callees.extend(gated(quote!(#(#attributes)*), inside));
            }
        });
    }

    fn callee(&self, path: &syn::Path, purpose: Purpose) -> TokenStream {
        let engine = &self.names.engine;
        let device = Device::of(&self.names, path);
        let (here, gated) = (device.here, &device.gated);
        let body = match purpose {
            Purpose::Reach => {
                quote_spanned!(here=> <#gated>::__reached(__list);)
            }
            // At the user's own token, so that rustc does not report the error as one of a macro.
            Purpose::Check => quote_spanned! {device.span=>
                let mut __list = #engine::rt::Reached::new();
                <#gated>::__reached(&mut __list);
                __list.check();
            },
            Purpose::Second => {
                quote_spanned!(device.span=> let _ = || <#gated as #engine::rt::Second>::function(());)
            }
        };
        device.within(&body)
    }
}

/// Why the adjoint is not compiled, or its two halves if they matter.
pub fn reason(compiled: &Result<Compiled, Unsupported>, halves: bool) -> Option<&Unsupported> {
    match compiled {
        Err(why) => Some(why),
        Ok(compiled) if halves => compiled.split.as_ref().err(),
        Ok(_) => None,
    }
}

/// Statements under the attributes that decide whether they are there.
fn gated(attributes: TokenStream, inside: TokenStream) -> Option<TokenStream> {
    if inside.is_empty() {
        return None;
    }
    let cfg = syn::parse::Parser::parse2(syn::Attribute::parse_outer, attributes).unwrap_or_default();
    let cfg: Vec<_> = cfg
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr"))
        .map(ToTokens::to_token_stream)
        .collect();
    Some(if cfg.is_empty() { inside } else { quote!(#(#cfg)* { #inside }) })
}
