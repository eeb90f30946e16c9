//! The graph back end: the same program on `Value`s, a source site on every operation.
//!
//! Operations are calls of the engine's support functions rather than operators: their operands may be numbers or
//! `Value`s, by value or by reference, so that what rustc infers stays as in the user's function.

use super::call::Device;
use super::lifting::is_constant;
use super::places::Places;
use super::types::{Names, Purpose, way};
use crate::source::ends::Ends;
use crate::tree::{Argument, Expr, Function, FunctionValue, Kind, Operation, SiteId, VariableId};
use crate::ty::Ty;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// An argument of a call, and its first token's place in the source.
pub(super) struct Passed {
    tokens: TokenStream,
    active: bool,
    span: Span,
}

/// Prints a function on `Value`s.
pub struct Graph<'f, 'a> {
    pub function: &'f Function<'a>,
    pub names: &'f Names,
    pub places: Places<'f>,
}

impl<'a> Graph<'_, 'a> {
    /// An expression whose value goes to a place of type `slot`: passive numbers are lifted there.
    pub(super) fn value(&self, expression: &Expr<'a>, slot: &Ty) -> TokenStream {
        if self.function.types.clashes(&expression.ty, slot) {
            return self.names.gated_value(&self.expression(expression), expression.span);
        }
        if !self.function.types.needs_lift(&expression.ty, slot) {
            return self.expression(expression);
        }
        if let Some(inside) = self.composite(expression, slot) {
            return inside;
        }
        let types = (self.function.types.shallow(&expression.ty), self.function.types.shallow(slot));
        if let (Ty::Iter(_), _) = types {
            return self.lifted_items(expression);
        }
        let lift = self.names.support("lift", expression.span);
        let tokens = self.expression(expression);
        match types {
            (Ty::Ref { .. }, Ty::Ref { .. } | Ty::Iter(_)) => quote!(&#lift(#tokens)),
            _ => quote!(#lift(#tokens)),
        }
    }

    pub(super) fn argument(&self, argument: &Argument<'a>) -> TokenStream {
        self.value(&argument.value, &argument.slot)
    }

    /// Expressions made of parts that go where the whole goes.
    fn composite(&self, expression: &Expr<'a>, slot: &Ty) -> Option<TokenStream> {
        let types = &self.function.types;
        Some(match (&expression.kind, types.shallow(slot)) {
            (Kind::Paren(inner), _) => {
                let inner = self.value(inner, slot);
                quote!((#inner))
            }
            (Kind::Block(block), _) => self.block(block, slot, &TokenStream::new()),
            (Kind::If { otherwise: Some(_), .. }, _) => self.branch(expression, slot),
            (Kind::Match { value, arms }, _) => self.choice(expression.written, value, arms, slot),
            (Kind::Tuple(parts), Ty::Tuple(slots)) => {
                let parts = parts.iter().zip(&slots).map(|(part, slot)| self.value(part, slot));
                quote!((#(#parts,)*))
            }
            (Kind::List { vec, elements }, Ty::Sequence(_, slot)) => {
                let elements = elements.iter().map(|element| self.value(element, &slot));
                if *vec { quote!(::std::vec![#(#elements),*]) } else { quote!([#(#elements),*]) }
            }
            (Kind::Repeat { vec, element, length }, Ty::Sequence(_, slot)) => {
                let (element, length) = (self.value(element, &slot), self.expression(length));
                if *vec { quote!(::std::vec![#element; #length]) } else { quote!([#element; #length]) }
            }
            (Kind::Standard { path, arguments }, Ty::Option(slot)) => match arguments.as_slice() {
                [argument] if path.to_token_stream().to_string() == "Some" => {
                    let value = self.value(&argument.value, &slot);
                    quote!(#path(#value))
                }
                _ => return None,
            },
            (Kind::Reference(inner), Ty::Ref { mutable: false, inner: slot })
                if is_constant(inner) && types.needs_lift(&inner.ty, &slot) =>
            {
                // As long-lived as the reference to a number would be.
                let constant = self.names.support("constant", inner.span);
                let number = inner.written;
                quote!(&const { #constant(#number) })
            }
            (Kind::Reference(inner), Ty::Ref { mutable, inner: slot }) => {
                let inner = self.value(inner, &slot);
                if mutable { quote!(&mut #inner) } else { quote!(&#inner) }
            }
            _ => return None,
        })
    }

    /// An expression as it is.
    pub(super) fn expression(&self, expression: &Expr<'a>) -> TokenStream {
        if !self.function.involves(expression) {
            return expression.written.to_token_stream();
        }
        if let Some(inside) = self.composite(expression, &expression.ty) {
            return inside;
        }
        match &expression.kind {
            Kind::Operation(operation) => self.operation(operation, expression),
            Kind::Update { place, operation, value, site } => {
                self.update(expression, place, operation, value, *site)
            }
            Kind::Assign { place, value } => {
                let value = self.value(value, &place.ty);
                let place = self.expression(place);
                quote!(#place = #value)
            }
            Kind::Compare { operator, left, right } => {
                self.compare(expression.written, operator, left, right)
            }
            Kind::Binary { operator, left, right } => {
                let (left, right) = (self.expression(left), self.expression(right));
                quote!(#left #operator #right)
            }
            Kind::Not(inner) => {
                let inner = self.expression(inner);
                quote!(!#inner)
            }
            Kind::Minus(inner) => {
                let inner = self.expression(inner);
                quote!(-#inner)
            }
            Kind::Deref(inner) => self.deref(expression, inner),
            Kind::Cast { value, to } => {
                let inner = self.expression(value);
                if self.function.types.is_active(&expression.ty) { inner } else { quote!(#inner as #to) }
            }
            Kind::Index { base, bracket, index } => {
                let base = self.expression(base);
                let mut index = Group::new(Delimiter::Bracket, self.expression(index));
                index.set_span(bracket.span.join());
                quote!(#base #index)
            }
            Kind::Field { base, member } => {
                let base = self.expression(base);
                quote!(#base.#member)
            }
            Kind::Range { start, limits, end } => {
                let start = start.as_ref().map(|start| self.expression(start));
                let end = end.as_ref().map(|end| self.expression(end));
                quote!(#start #limits #end)
            }
            Kind::Function { path, what } => self.function_value(expression, path, *what),
            Kind::Into(argument) => self.argument(argument),
            Kind::Predicate { .. }
            | Kind::Method { .. }
            | Kind::Total { .. }
            | Kind::Call { .. }
            | Kind::Apply { .. }
            | Kind::Standard { .. }
            | Kind::StopGradient(_)
            | Kind::Show { .. }
            | Kind::Debug { .. }
            | Kind::Format { .. } => self.call_like(expression),
            _ => self.control(expression),
        }
    }

    // --- operations

    pub(super) fn site(&self, site: SiteId) -> TokenStream {
        let at = site.0;
        quote!(&__GRADUS_SITES[#at])
    }

    /// A number as an operand. A `&mut` is looked through, since it would be moved.
    fn operand(&self, expression: &Expr<'a>) -> TokenStream {
        let tokens = self.expression(expression);
        let (mut depth, mut moved) = (0, false);
        let mut ty = self.function.types.shallow(&expression.ty);
        while let Ty::Ref { mutable, inner } = ty {
            depth += 1;
            moved |= mutable;
            ty = self.function.types.shallow(&inner);
        }
        if !moved {
            return tokens;
        }
        let stars = std::iter::repeat_n(quote!(*), depth);
        quote!((#(#stars)* #tokens))
    }

    fn operation(&self, operation: &Operation<'a>, expression: &Expr<'a>) -> TokenStream {
        let mut operands = operation.operands.iter().map(|operand| self.operand(operand));
        if !self.function.types.is_active(&expression.ty) {
            return plain_operation(expression.written, &operands.collect::<Vec<_>>());
        }
        let site = self.site(operation.site);
        let name = self.names.support(operation.name, operation.span);
        let operands = operands.by_ref();
        quote_spanned!(operation.span.resolved_at(Span::mixed_site())=> #name(#site #(, #operands)*))
    }

    /// `place op= value`: as with numbers, the value is computed before the place is looked at.
    fn update(
        &self,
        expression: &Expr<'a>,
        place: &Expr<'a>,
        operation: &str,
        value: &Expr<'a>,
        site: SiteId,
    ) -> TokenStream {
        if !self.function.types.is_active(&place.ty) {
            return plain_operation(expression.written, &[self.expression(place), self.expression(value)]);
        }
        let (value, place) = (self.operand(value), self.expression(place));
        let name = self.names.support(operation, expression.span);
        let site = self.site(site);
        let here = Span::mixed_site();
        quote_spanned! {here=> {
            let operand = #value;
            let place = &mut #place;
            *place = #name(#site, *place, operand);
        }}
    }

    fn compare(
        &self,
        written: &syn::Expr,
        operator: &syn::BinOp,
        left: &Expr<'a>,
        right: &Expr<'a>,
    ) -> TokenStream {
        let types = &self.function.types;
        let number = |side: &Expr<'a>| matches!(types.peeled(&side.ty), Ty::Float(_) | Ty::Unknown(_));
        let active = types.is_active(&left.ty) || types.is_active(&right.ty);
        if !active {
            let (left, right) = (self.value(left, &right.ty), self.value(right, &left.ty));
            return quote!(#left #operator #right);
        }
        let site = self.places.way(written, &[left, right]);
        let name = match operator {
            syn::BinOp::Eq(_) => "equal",
            syn::BinOp::Ne(_) => "not_equal",
            syn::BinOp::Lt(_) => "less",
            syn::BinOp::Le(_) => "less_or_equal",
            syn::BinOp::Gt(_) => "greater",
            _ => "greater_or_equal",
        };
        if !(number(left) && number(right)) {
            let collections = self.names.telling("collections", left.span);
            let (left, right) = (self.value(left, &right.ty), self.value(right, &left.ty));
            return quote!(({ #collections(#site); #left #operator #right }));
        }
        let name = self.names.telling(name, left.span);
        let (left, right) = (self.operand(left), self.operand(right));
        quote!(#name(#site, #left, #right))
    }

    fn deref(&self, expression: &Expr<'a>, inner: &Expr<'a>) -> TokenStream {
        let tokens = self.expression(inner);
        // `x.clone()` of a number.
        if let syn::Expr::MethodCall(call) = expression.written {
            let method = &call.method;
            return quote!(#tokens.#method());
        }
        quote!(*#tokens)
    }

    fn function_value(&self, expression: &Expr<'a>, path: &syn::Path, what: FunctionValue) -> TokenStream {
        let types = match &expression.ty {
            Ty::Closure(types, _) => types.as_slice(),
            _ => &[],
        };
        let inputs: Vec<Ident> =
            (0..types.len()).map(|at| Ident::new(&format!("input{at}"), Span::mixed_site())).collect();
        let body = match what {
            FunctionValue::Operation(name, site) => {
                let (name, site) = (self.names.support(name, Span::mixed_site()), self.site(site));
                quote!(#name(#site #(, #inputs)*))
            }
            FunctionValue::Predicate => {
                let question = self.names.telling("question", Span::mixed_site());
                let site = self.places.way(path, &[]);
                let mut numbers = inputs.iter().map(|input| quote!(#question(#site, #input)));
                let first = numbers.next();
                let method = path.segments.last().map(|segment| &segment.ident);
                quote!(#first.#method(#(&#numbers),*))
            }
            FunctionValue::Callee => {
                let span = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
                let passed = inputs.iter().zip(types).map(|(input, ty)| Passed {
                    tokens: quote!(#input),
                    active: self.function.types.is_active(ty),
                    span,
                });
                self.call(path, &passed.collect::<Vec<_>>(), path)
            }
        };
        let entry = matches!(what, FunctionValue::Callee).then(|| self.places.enter("closure", path));
        quote!(|#(#inputs),*| { #entry #body })
    }

    // --- calls

    fn call_like(&self, expression: &Expr<'a>) -> TokenStream {
        let types = &self.function.types;
        match &expression.kind {
            Kind::Predicate { call, receiver, arguments } => self.predicate(call, receiver, arguments),
            Kind::Method { call, receiver, arguments } => self.method(expression, call, receiver, arguments),
            Kind::Total { operation, receiver, site } => {
                let receiver_tokens = self.expression(receiver);
                if !types.is_active(&expression.ty) {
                    return plain_operation(expression.written, &[receiver_tokens]);
                }
                let (name, site) = (self.names.support(operation, expression.span), self.site(*site));
                quote!(#name(#site, #receiver_tokens))
            }
            Kind::Call { callee, arguments } => {
                let active = arguments.iter().any(|argument| types.is_active(&argument.ty));
                if !active {
                    let tokens = arguments.iter().map(|argument| self.expression(argument));
                    return quote!(#callee(#(#tokens),*));
                }
                let passed = |argument: &Expr<'a>| Passed {
                    tokens: self.passed(argument),
                    active: types.is_active(&argument.ty),
                    span: argument.span,
                };
                let passed: Vec<_> = arguments.iter().map(passed).collect();
                self.call(callee, &passed, expression.written)
            }
            Kind::Apply { closure, arguments } => {
                let name = &self.function.variables[closure.0].name;
                let arguments = arguments.iter().map(|argument| self.argument(argument));
                quote!(#name(#(#arguments),*))
            }
            Kind::Standard { path, arguments } => self.standard(expression, path, arguments),
            Kind::StopGradient(inner) => {
                let tokens = self.expression(inner);
                if !types.is_active(&inner.ty) {
                    return tokens;
                }
                let stopped = self.names.telling_of("stopped", expression.span);
                let site = self.places.way(expression.written, &[inner]);
                match types.shallow(&inner.ty) {
                    Ty::Ref { .. } => quote!(&#stopped(#site, #tokens)),
                    _ => quote!(#stopped(#site, #tokens)),
                }
            }
            Kind::Show { written, variables } => self.show(written, variables),
            Kind::Debug { written, values } => self.debug(written, values),
            Kind::Format { written, arguments } => self.format(written, arguments),
            _ => TokenStream::new(),
        }
    }

    fn predicate(
        &self,
        call: &syn::ExprMethodCall,
        receiver: &Expr<'a>,
        arguments: &[Expr<'a>],
    ) -> TokenStream {
        let question = self.names.telling("question", call.method.span());
        let site = self.places.way(call, &[]);
        let method = &call.method;
        let receiver = self.operand(receiver);
        let arguments = arguments.iter().map(|argument| {
            let tokens = self.operand(argument);
            quote!(&#question(#site, #tokens))
        });
        quote!(#question(#site, #receiver).#method(#(#arguments),*))
    }

    fn method(
        &self,
        expression: &Expr<'a>,
        call: &syn::ExprMethodCall,
        receiver: &Expr<'a>,
        arguments: &[Argument<'a>],
    ) -> TokenStream {
        self.method_of(&self.expression(receiver), expression, call, arguments)
    }

    /// The same on a receiver that is printed already.
    pub(super) fn method_of(
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

    fn standard(&self, expression: &Expr<'a>, path: &syn::Expr, arguments: &[Argument<'a>]) -> TokenStream {
        let arguments = arguments.iter().map(|argument| self.argument(argument));
        // `Vec::<f64>::new()`: the element is what is made now.
        let mut path = path.clone();
        let types = &self.function.types;
        if let syn::Expr::Path(generic) = &mut path {
            let element = match types.shallow(&expression.ty) {
                Ty::Sequence(_, element) | Ty::Iter(element) | Ty::Option(element) => *element,
                other => other,
            };
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

    /// A call of another function on `Value`s. The callee alone knows which of its parameters are constant, so every
    /// argument goes through a conversion that its companion names.
    fn call(&self, callee: &syn::Path, arguments: &[Passed], written: &impl Ends) -> TokenStream {
        let (way, entry) = (way(), self.places.enter("call", written));
        let support = &self.names.engine;
        let device = Device::of(self.names, callee);
        let here = device.here;
        let names: Vec<Ident> =
            (0..arguments.len()).map(|at| Ident::new(&format!("argument{at}"), here)).collect();
        let gated = &device.gated;
        let held = arguments.iter().enumerate().map(|(at, argument)| {
            let (tokens, here) = (&argument.tokens, argument.span);
            let hold = Ident::new(if argument.active { "HoldActive" } else { "HoldPassive" }, here);
            quote_spanned!(here=>
                <<#gated as #support::rt::Parameter<#at>>::Kind as #support::rt::#hold<_>>::hold(#tokens)
            )
        });
        let (function, item) = (device.function("__called"), &device.item);
        // A `match`, so that what the arguments borrow lives as long as the call.
        device.within(&quote_spanned! {here=>
            match (#(#held,)*) {
                (#(mut #names,)*) => {
                    #entry
                    (#function)(#item, <#way as #support::rt::Way>::WAY #(, #support::rt::Held::give(&mut #names))*)
                }
            }
        })
    }

    /// A macro that prints, asserts or panics sees the plain numbers, under the names of the variables.
    fn show(&self, written: &syn::Macro, variables: &[VariableId]) -> TokenStream {
        let types = &self.function.types;
        let here = Span::mixed_site();
        let name = written.path.segments.last().map(|segment| segment.ident.to_string());
        let asserts = name.is_some_and(|name| name.contains("assert"));
        let site = asserts.then(|| self.places.way(written, &[]));
        let site = site.as_ref().map(|site| quote!(#site,));
        let plain = if asserts {
            self.names.telling_of("assertion", here)
        } else {
            self.names.support("plain", here)
        };
        let shadows = variables.iter().filter_map(|variable| {
            let variable = &self.function.variables[variable.0];
            let name = &variable.name;
            types.is_active(&variable.ty).then(|| match types.shallow(&variable.ty) {
                Ty::Ref { .. } => quote!(let #name = &#plain(#site #name);),
                _ => quote!(let #name = #plain(#site &#name);),
            })
        });
        quote!({ #(#shadows)* #written; })
    }
}

/// The user's own operator or method on operands that are numbers after all.
fn plain_operation(written: &syn::Expr, operands: &[TokenStream]) -> TokenStream {
    match (written, operands) {
        (syn::Expr::Binary(binary), [left, right]) => {
            let operator = &binary.op;
            quote!(#left #operator #right)
        }
        (syn::Expr::Unary(unary), [operand]) => {
            let operator = &unary.op;
            quote!(#operator #operand)
        }
        (syn::Expr::MethodCall(call), [receiver, arguments @ ..]) => {
            let (method, turbofish) = (&call.method, &call.turbofish);
            quote!(#receiver.#method #turbofish(#(#arguments),*))
        }
        (syn::Expr::Call(call), arguments) => {
            let function = &call.func;
            quote!(#function(#(#arguments),*))
        }
        _ => written.to_token_stream(),
    }
}
