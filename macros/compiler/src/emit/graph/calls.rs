//! Calls of every kind on `Value`s: methods, functions, closures, macros.

use super::{Graph, plain_operation};
use crate::emit::call::Device;
use crate::emit::method::OfType;
use crate::emit::types::{Purpose, mode};
use crate::syntax::callee::{Callee, Gives};
use crate::syntax::ident::uses;
use crate::syntax::source::ends::Ends;
use crate::types::tree::{Argument, Expr, FunctionValue, Kind, SiteId, Total, VariableId, is_changed};
use crate::types::ty::Ty;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// An argument of a call, and its first token's place in the source.
pub(in crate::emit) struct Passed {
    pub(in crate::emit) tokens: TokenStream,
    pub(in crate::emit) active: bool,
    pub(in crate::emit) span: Span,
    pub(in crate::emit) role: PassedAs,
}

/// What an argument is to the callee.
pub(in crate::emit) enum PassedAs {
    Data,
    /// A closure over values.
    Closure,
    /// A function by its name.
    Named(syn::Path),
}

impl<'a> Graph<'_, 'a> {
    pub(super) fn total(
        &self,
        expression: &Expr<'a>,
        total: Total,
        receiver: &Expr<'a>,
        site: SiteId,
    ) -> TokenStream {
        let receiver = self.expression(receiver);
        if !self.function.types.is_active(&expression.ty) {
            return plain_operation(expression.written, &[receiver]);
        }
        let (name, site) = (self.names.support(total.name(), expression.span), self.site(site));
        quote!(#name(#site, #receiver))
    }

    /// A call of another differentiable function, with active arguments or without.
    pub(super) fn function_call(
        &self,
        written: &syn::Expr,
        callee: &Callee,
        arguments: &[Expr<'a>],
    ) -> TokenStream {
        let types = &self.function.types;
        if !arguments.iter().any(|argument| types.goes_in_active(&argument.ty)) {
            return self.plain_call(callee, arguments);
        }
        let passed = |argument: &Expr<'a>| Passed {
            tokens: self.lent(argument),
            active: types.is_active(&argument.ty),
            span: argument.span,
            role: self.passed_as(argument),
        };
        let mut passed: Vec<_> = arguments.iter().map(passed).collect();
        // A receiver is looked at.
        if let (Callee::Method(_), Some(argument), Some(receiver)) =
            (callee, arguments.first(), passed.first_mut())
        {
            receiver.tokens = self.passed(argument);
        }
        match (callee, OfType::of(callee)) {
            (Callee::Changing(_, gives), Some(of_type)) => {
                let call = self.call_of_type(&of_type, &passed, written);
                let place = arguments.first().map(|place| self.changed_place(place));
                match gives {
                    Gives::Left => quote_spanned!(of_type.here()=> #place = #call),
                    Gives::ResultAndLeft => {
                        quote_spanned!(of_type.here()=> ({ let (__given, __left) = #call; #place = __left; __given }))
                    }
                }
            }
            (_, Some(of_type)) => self.call_of_type(&of_type, &passed, written),
            (Callee::Function(path), None) => self.call(path, &passed, written),
            (
                Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..),
                None,
            ) => TokenStream::new(),
        }
    }

    fn passed_as(&self, argument: &Expr<'a>) -> PassedAs {
        if let Kind::Function { path, what: FunctionValue::Named } = &argument.unparenthesized().kind {
            return PassedAs::Named((*path).clone());
        }
        // A variable that holds a closure may be lent.
        let of_variable = argument.unparenthesized().base().is_some_and(|of| of.variable().is_some());
        let mut ty = self.function.types.shallow(&argument.ty);
        if let (Ty::Ref { inner, .. }, true) = (&ty, of_variable) {
            ty = self.function.types.shallow(inner);
        }
        if let Ty::Closure(..) = ty { PassedAs::Closure } else { PassedAs::Data }
    }

    pub(super) fn stop_gradient(&self, expression: &Expr<'a>, inner: &Expr<'a>) -> TokenStream {
        let types = &self.function.types;
        let tokens = self.expression(inner);
        if !types.is_active(&inner.ty) {
            return tokens;
        }
        let stopped = self.names.in_mode_of("stopped", expression.span);
        let site = self.places.site(expression.written, &[inner]);
        let and = types.shallow(&inner.ty).is_reference().then(|| quote!(&));
        quote!(#and #stopped(#site, #tokens))
    }

    pub(super) fn predicate(
        &self,
        call: &syn::ExprMethodCall,
        receiver: &Expr<'a>,
        arguments: &[Expr<'a>],
    ) -> TokenStream {
        let question = self.names.in_mode("question", call.method.span());
        let site = self.places.site(call, &[]);
        let method = &call.method;
        let receiver = self.operand(receiver);
        let arguments = arguments.iter().map(|argument| {
            let tokens = self.operand(argument);
            quote!(&#question(#site, #tokens))
        });
        quote!(#question(#site, #receiver).#method(#(#arguments),*))
    }

    pub(super) fn method(
        &self,
        expression: &Expr<'a>,
        call: &syn::ExprMethodCall,
        receiver: &Expr<'a>,
        arguments: &[Argument<'a>],
    ) -> TokenStream {
        self.method_of(&self.expression(receiver), expression, call, arguments)
    }

    /// The same on a receiver that is printed already.
    pub(in crate::emit) fn method_of(
        &self,
        receiver: &TokenStream,
        expression: &Expr<'a>,
        call: &syn::ExprMethodCall,
        arguments: &[Argument<'a>],
    ) -> TokenStream {
        let method = &call.method;
        let arguments = arguments.iter().map(|argument| self.argument(argument));
        let mut parentheses = Group::new(Delimiter::Parenthesis, quote!(#(#arguments),*));
        parentheses.set_span(call.paren_token.span.join());
        let turbofish = call.turbofish.as_ref().map(|generics| self.turbofish(generics, &expression.ty));
        quote!(#receiver.#method #turbofish #parentheses)
    }

    /// `::<Vec<f64>>` for what the method now gives.
    fn turbofish(&self, generics: &syn::AngleBracketedGenericArguments, ty: &Ty) -> TokenStream {
        let arguments = generics.args.iter().map(|argument| match argument {
            syn::GenericArgument::Type(written) => Purpose::Values.of(self.function, self.names, written, ty),
            other => other.to_token_stream(),
        });
        quote!(::<#(#arguments),*>)
    }

    pub(super) fn standard(
        &self,
        expression: &Expr<'a>,
        path: &syn::Expr,
        arguments: &[Argument<'a>],
    ) -> TokenStream {
        let arguments = arguments.iter().map(|argument| self.argument(argument));
        // `Vec::<f64>::new()`: the element is what is made now.
        let mut path = path.clone();
        let types = &self.function.types;
        if let syn::Expr::Path(generic) = &mut path {
            let element = types.shallow(&expression.ty).item();
            for segment in &mut generic.path.segments {
                let syn::PathArguments::AngleBracketed(given) = &mut segment.arguments else { continue };
                for argument in &mut given.args {
                    if let syn::GenericArgument::Type(written) = argument {
                        let ty = Purpose::Values.of(self.function, self.names, written, &element);
                        *written = syn::Type::Verbatim(ty);
                    }
                }
            }
        }
        quote!(#path(#(#arguments),*))
    }

    /// An argument. A mutable reference is lent, not given away.
    fn lent(&self, argument: &Expr<'a>) -> TokenStream {
        let tokens = self.passed(argument);
        if argument.lent().is_none() && is_changed(&self.function.types, argument) {
            return quote_spanned!(argument.span=> &mut *#tokens);
        }
        tokens
    }

    /// A call of another function on `Value`s. The callee alone knows which of its parameters are constant, so every
    /// argument goes through a conversion that its companion names.
    pub(in crate::emit) fn call(
        &self,
        callee: &syn::Path,
        arguments: &[Passed],
        written: &impl Ends,
    ) -> TokenStream {
        let (mode, entry) = (mode(), self.places.enter("call", written));
        let support = &self.names.engine;
        let device = Device::of(self.names, callee);
        let here = device.here;
        let names: Vec<Ident> =
            (0..arguments.len()).map(|at| Ident::new(&format!("argument{at}"), here)).collect();
        let gated = &device.gated;
        let with_functions = arguments.iter().any(|argument| !matches!(argument.role, PassedAs::Data));
        let held = arguments.iter().enumerate().map(|(at, argument)| {
            let (tokens, here) = (&argument.tokens, argument.span);
            let kind = quote_spanned!(here=> <#gated as #support::rt::Parameter<#at>>::Kind);
            match &argument.role {
                PassedAs::Data => {
                    let hold = Ident::new(if argument.active { "HoldActive" } else { "HoldPassive" }, here);
                    quote_spanned!(here=> <#kind as #support::rt::#hold<_>>::hold(#tokens))
                }
                // Given where rustc sees what it is to be.
                PassedAs::Closure => quote!(#support::rt::Owned::of(())),
                PassedAs::Named(path) => {
                    let named = Device::of(self.names, path);
                    let (plain, item) = (named.value(), &named.gated);
                    let pair = named.within(
                        &quote_spanned!(here=> #support::rt::NamedFunction(#plain, <#item>::on_values)),
                    );
                    quote_spanned!(here=> <#kind as #support::rt::HoldNamed<_, _>>::hold(#pair))
                }
            }
        });
        let given = arguments.iter().zip(&names).map(|(argument, name)| match &argument.role {
            PassedAs::Closure => argument.tokens.clone(),
            PassedAs::Data | PassedAs::Named(_) => {
                quote_spanned!(here=> #support::rt::Held::give(&mut #name))
            }
        });
        let (function, value) = if with_functions {
            (device.function("__called_with"), TokenStream::new())
        } else {
            let value = device.value();
            (device.function("__called"), quote!(#value,))
        };
        // A `match`, so that what the arguments borrow lives as long as the call.
        let call = device.within(&quote_spanned! {here=>
            match (#(#held,)*) {
                (#(mut #names,)*) => {
                    #entry
                    (#function)(#value <#mode as #support::rt::TraceMode>::MODE #(, #given)*)
                }
            }
        });
        // In parentheses, so that an index or a method that follows belongs to it, also as a statement.
        quote_spanned!(here=> (#call))
    }

    /// A place that a method changes: what its references lead to.
    fn changed_place(&self, place: &Expr<'a>) -> TokenStream {
        let tokens = self.expression(place);
        let mut depth = 0;
        let mut ty = self.function.types.shallow(&place.ty);
        while let Ty::Ref { inner, .. } = ty {
            depth += 1;
            ty = self.function.types.shallow(&inner);
        }
        let stars = std::iter::repeat_n(quote!(*), depth);
        quote!(#(#stars)* #tokens)
    }

    /// A call with plain arguments.
    fn plain_call(&self, callee: &Callee, arguments: &[Expr<'a>]) -> TokenStream {
        let tokens: Vec<_> = arguments.iter().map(|argument| self.expression(argument)).collect();
        match (callee, tokens.as_slice()) {
            (Callee::Method(name) | Callee::Changing(name, _), [receiver, rest @ ..]) => {
                quote!(#receiver.#name(#(#rest),*))
            }
            _ => quote!(#callee(#(#tokens),*)),
        }
    }

    /// A call of a method, or of a function of a type.
    fn call_of_type(&self, callee: &OfType<'_>, arguments: &[Passed], written: &impl Ends) -> TokenStream {
        let (mode, entry) = (mode(), self.places.enter("call", written));
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (receiver, arguments) = match callee {
            OfType::Method(_) | OfType::Changing(..) => {
                (arguments.first(), &arguments[arguments.len().min(1)..])
            }
            OfType::Associated(..) | OfType::Operator(..) => (None, arguments),
        };
        let names: Vec<Ident> =
            (0..arguments.len()).map(|at| Ident::new(&format!("argument{at}"), here)).collect();
        let held = arguments.iter().enumerate().map(|(at, argument)| {
            // The first parameter of a method is the receiver.
            let at = at + usize::from(receiver.is_some());
            callee.held(self.names, at, argument.active, &argument.tokens, argument.span)
        });
        let given: Vec<_> = names.iter().map(|name| quote!(#engine::rt::Held::give(&mut #name))).collect();
        let mode = quote!(<#mode as #engine::rt::TraceMode>::MODE);
        let call = callee.on_values(self.names, &mode, &given);
        let call = quote_spanned!(here=> match (#(#held,)*) { (#(mut #names,)*) => { #entry #call } });
        match receiver {
            Some(receiver) => {
                let (this, tokens) = (OfType::this(), &receiver.tokens);
                quote_spanned!(here=> (match &(#tokens) { #this => #call }))
            }
            None => quote_spanned!(here=> (#call)),
        }
    }

    /// `value?`
    pub(super) fn question_mark(&self, value: &Expr<'a>) -> TokenStream {
        let value = self.expression(value);
        quote!((#value)?)
    }

    /// What makes data of numbers sees the plain ones, under the names of the variables.
    pub(super) fn plain(&self, expression: &Expr<'a>, variables: &[VariableId]) -> TokenStream {
        let plain = self.names.support("plain", Span::mixed_site());
        match expression.written {
            // It looks at them when it is called; its own parameters are data.
            syn::Expr::Closure(closure) => {
                let own: TokenStream = closure.inputs.iter().map(ToTokens::to_token_stream).collect();
                let is_own = |variable: &VariableId| {
                    uses(own.clone(), &self.function.variables[variable.0].name.to_string())
                };
                let seen: Vec<_> = variables.iter().copied().filter(|variable| !is_own(variable)).collect();
                let (shadows, body) = (self.shadows(&seen, &plain, None), &closure.body);
                let mut closure = closure.clone();
                closure.body = Box::new(syn::Expr::Verbatim(quote!({ #(#shadows)* #body })));
                closure.into_token_stream()
            }
            written => {
                let shadows = self.shadows(variables, &plain, None);
                quote!({ #(#shadows)* #written })
            }
        }
    }

    /// A macro that prints, asserts or panics sees the plain numbers, under the names of the variables.
    pub(super) fn show(&self, written: &syn::Macro, variables: &[VariableId]) -> TokenStream {
        let here = Span::mixed_site();
        let name = written.path.segments.last().map(|segment| segment.ident.to_string());
        let asserts = name.is_some_and(|name| name.contains("assert"));
        let site = asserts.then(|| self.places.site(written, &[]));
        let site = site.as_ref().map(|site| quote!(#site,));
        let plain = if asserts {
            self.names.in_mode_of("assertion", here)
        } else {
            self.names.support("plain", here)
        };
        let shadows = self.shadows(variables, &plain, site.as_ref());
        quote!({ #(#shadows)* #written; })
    }

    /// The plain numbers of active variables, under their names.
    fn shadows(
        &self,
        variables: &[VariableId],
        plain: &TokenStream,
        site: Option<&TokenStream>,
    ) -> Vec<TokenStream> {
        let types = &self.function.types;
        variables
            .iter()
            .filter_map(|variable| {
                let variable = &self.function.variables[variable.0];
                let name = &variable.name;
                let behind = types.shallow(&variable.ty).is_reference();
                types.is_active(&variable.ty).then(|| {
                    if behind {
                        quote!(let #name = &#plain(#site #name);)
                    } else {
                        quote!(let #name = #plain(#site &#name);)
                    }
                })
            })
            .collect()
    }
}
