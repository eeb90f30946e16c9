//! The graph back end: the same program on `Value`s, a source site on every operation.
//!
//! Operations are calls of the engine's support functions rather than operators: their operands may be numbers or
//! `Value`s, by value or by reference, so that what rustc infers stays as in the user's function.

mod calls;
mod lifting;
mod number_patterns;
mod statements;
mod structs;
mod text;

use crate::emit::trace_sites::Places;
use crate::emit::types::Names;
use crate::types::tree::{Argument, Expr, Function, FunctionValue, Kind, Operation, SiteId};
use crate::types::ty::{Ty, is_f64};
use calls::{Passed, PassedAs};
use gradus_ops::Op;
pub use lifting::Held;
use lifting::is_constant;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// Prints a function on `Value`s.
pub struct Graph<'f, 'a> {
    pub function: &'f Function<'a>,
    pub names: &'f Names,
    pub places: Places<'f>,
    pub held: Held,
}

impl<'a> Graph<'_, 'a> {
    /// An expression whose value goes to a place of type `slot`: passive numbers are lifted there.
    pub(in crate::emit) fn value(&self, expression: &Expr<'a>, slot: &Ty) -> TokenStream {
        if self.function.types.clashes(&expression.ty, slot) {
            return self.names.gated_value(&self.expression(expression), expression.span);
        }
        if !self.function.types.needs_lift(&expression.ty, slot) {
            return self.expression(expression);
        }
        if is_empty(expression) {
            return self.expression(expression);
        }
        if let Some(inside) = self.composite(expression, slot) {
            return inside;
        }
        self.lifted_value(expression, slot)
    }

    pub(in crate::emit) fn argument(&self, argument: &Argument<'a>) -> TokenStream {
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
            // A block of data may be left early with a value, which is passive too: so the whole block is lifted.
            (Kind::Block(block), _) if block.label.is_some() && types.needs_lift(&expression.ty, slot) => {
                return None;
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
                if *vec { quote!(__gradus_std::vec![#(#elements),*]) } else { quote!([#(#elements),*]) }
            }
            (Kind::Repeat { vec, element, length }, Ty::Sequence(_, slot)) => {
                let (element, length) = (self.value(element, &slot), self.expression(length));
                if *vec { quote!(__gradus_std::vec![#element; #length]) } else { quote!([#element; #length]) }
            }
            (Kind::Standard { path, arguments }, Ty::Option(slot)) => match arguments.as_slice() {
                [argument] if matches!(path, syn::Expr::Path(path) if path.path.is_ident("Some")) => {
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
            (Kind::Reference(inner), Ty::Ref { mutable, inner: slot })
                if types.needs_lift(&inner.ty, &slot) =>
            {
                // A place may be unsized, and must not be moved.
                if is_place(inner) {
                    return None;
                }
                let inner = self.value(inner, &slot);
                self.held_reference(&inner, mutable)
            }
            (Kind::Reference(inner), Ty::Ref { mutable, inner: slot }) => {
                let inner = self.value(inner, &slot);
                if mutable { quote!(&mut #inner) } else { quote!(&#inner) }
            }
            _ => return None,
        })
    }

    /// A chain of operators between `bool`s and integers, such as `a && b && c`, in one stream: a stream for each part would copy it at
    /// every operator, which takes quadratic time.
    fn chained(&self, expression: &Expr<'a>) -> TokenStream {
        let (mut first, mut rest) = (expression, Vec::new());
        while let Kind::Binary { operator, left, right } = &first.kind
            && self.function.involves(first)
        {
            rest.push((operator, right));
            first = left;
        }
        let mut tokens = begun(self.expression(first));
        for (operator, operand) in rest.into_iter().rev() {
            operator.to_tokens(&mut tokens);
            tokens.extend(self.expression(operand));
        }
        tokens
    }

    /// An expression as it is.
    pub(in crate::emit) fn expression(&self, expression: &Expr<'a>) -> TokenStream {
        if !self.function.involves(expression) {
            return expression.written.to_token_stream();
        }
        if let Some(inside) = self.composite(expression, &expression.ty) {
            return inside;
        }
        match &expression.kind {
            Kind::Try(value) => self.question_mark(value),
            Kind::Plain(variables) => self.plain(expression, variables),
            Kind::Operation(operation) => self.operation(operation, expression),
            Kind::Operator { operator, operands, site, .. } => {
                self.operator(expression, *operator, operands, *site)
            }
            Kind::Update { place, op, value, site } => self.update(expression, place, *op, value, *site),
            Kind::Assign { place, value } => {
                let value = self.held.leaving(|| {
                    if self.is_field(place) { self.field_value(value) } else { self.value(value, &place.ty) }
                });
                let place = self.expression(place);
                quote!(#place = #value)
            }
            Kind::Compare { operator, left, right } => {
                self.compare(expression.written, operator, left, right)
            }
            Kind::Binary { .. } => self.chained(expression),
            Kind::Not(inner) => {
                let inner = self.expression(inner);
                quote!(!#inner)
            }
            Kind::Minus(inner) => {
                let inner = self.expression(inner);
                quote!(-#inner)
            }
            Kind::Deref(inner) => self.deref(expression, inner),
            Kind::Cast { value, to } => self.cast(expression, value, to),
            Kind::Index { base, bracket, index } => {
                let base = begun(self.expression(base));
                let mut index = Group::new(Delimiter::Bracket, self.expression(index));
                index.set_span(bracket.span.join());
                quote!(#base #index)
            }
            Kind::Field { base, member } => {
                let base = self.expression(base);
                quote!(#base.#member)
            }
            Kind::Struct(literal) => self.struct_literal(literal),
            Kind::Range { start, limits, end } => {
                let start = start.as_ref().map(|start| self.expression(start));
                let end = end.as_ref().map(|end| self.expression(end));
                quote!(#start #limits #end)
            }
            Kind::Function { path, what } => self.function_value(expression, path, *what),
            Kind::Into(argument) => self.argument(argument),
            Kind::Predicate { call, receiver, arguments } => self.predicate(call, receiver, arguments),
            Kind::Method { call, receiver, arguments } => self.method(expression, call, receiver, arguments),
            Kind::Total { total, receiver, site } => self.total(expression, *total, receiver, *site),
            Kind::Call { callee, arguments } => self.function_call(expression.written, callee, arguments),
            Kind::Apply { closure, arguments } => {
                let closure = self.expression(closure);
                let arguments = arguments.iter().map(|argument| self.argument(argument));
                quote!(#closure(#(#arguments),*))
            }
            Kind::Standard { path, arguments } => self.standard(expression, path, arguments),
            Kind::StopGradient(inner) => self.stop_gradient(expression, inner),
            Kind::Show { written, variables } => self.show(written, variables),
            Kind::Debug { written, values } => self.debug(written, values),
            Kind::Format { written, arguments, .. } => self.format(written, arguments),
            Kind::If { .. } => self.branch(expression, &expression.ty),
            Kind::Let { pattern, value } => self.let_condition(pattern, value),
            Kind::For { label, pattern, iterator, body } => {
                self.for_loop(expression.written, *label, pattern, iterator, body)
            }
            Kind::While { label, condition, body } => {
                self.while_loop(expression.written, *label, condition, body)
            }
            Kind::Loop { label, body } => self.endless_loop(expression.written, *label, body),
            Kind::Break { label, value } => {
                let value = value.as_ref().map(|value| self.held.leaving(|| self.argument(value)));
                quote!(break #label #value)
            }
            Kind::Return(value) => {
                let value = value.as_ref().map(|value| self.argument(value));
                quote!(return #value)
            }
            Kind::Closure(closure) => self.closure(closure),
            // Written the same on `Value`s, or composite.
            Kind::Opaque
            | Kind::Variable(_)
            | Kind::Reference(_)
            | Kind::Paren(_)
            | Kind::Tuple(_)
            | Kind::List { .. }
            | Kind::Repeat { .. }
            | Kind::Block(_)
            | Kind::Match { .. } => expression.written.to_token_stream(),
        }
    }

    // --- operations

    pub(in crate::emit) fn site(&self, site: SiteId) -> TokenStream {
        let at = site.0;
        quote!(&__GRADUS_SITES[#at])
    }

    /// A number as an operand. A `&mut` is looked through, since it would be moved.
    pub(in crate::emit) fn operand(&self, expression: &Expr<'a>) -> TokenStream {
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
        let name = self.names.support(operation.what.name(), operation.span);
        let operands = operands.by_ref();
        quote_spanned!(operation.span.resolved_at(Span::mixed_site())=> #name(#site #(, #operands)*))
    }

    /// `place op= value`: as with numbers, the value is computed before the place is looked at.
    fn update(
        &self,
        expression: &Expr<'a>,
        place: &Expr<'a>,
        op: Op,
        value: &Expr<'a>,
        site: SiteId,
    ) -> TokenStream {
        if !self.function.types.is_active(&place.ty) {
            return plain_operation(expression.written, &[self.expression(place), self.expression(value)]);
        }
        let (value, place) = (self.operand(value), self.expression(place));
        let name = self.names.support(op.name(), expression.span);
        let site = self.site(site);
        let here = Span::mixed_site();
        quote_spanned! {here=> {
            let __operand = #value;
            let __place = &mut #place;
            *__place = #name(#site, *__place, __operand);
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
        let site = self.places.site(written, &[left, right]);
        let name = match operator {
            syn::BinOp::Eq(_) => "equal",
            syn::BinOp::Ne(_) => "not_equal",
            syn::BinOp::Lt(_) => "less",
            syn::BinOp::Le(_) => "less_or_equal",
            syn::BinOp::Gt(_) => "greater",
            _ => "greater_or_equal",
        };
        let structs = [left, right].iter().any(|side| types.is_struct(&side.ty));
        if structs || !(number(left) && number(right)) {
            let collections = self.names.in_mode("collections", left.span);
            if structs {
                let [left, right] = [left, right].map(|side| {
                    let (plain, side) = (self.names.support("plain", side.span), self.expression(side));
                    quote!(#plain(&(#side)))
                });
                return quote!(({ #collections(#site); #left #operator #right }));
            }
            let (left, right) = (self.value(left, &right.ty), self.value(right, &left.ty));
            return quote!(({ #collections(#site); #left #operator #right }));
        }
        let unknown = |side: &Expr<'a>| matches!(types.peeled(&side.ty), Ty::Unknown(_));
        if unknown(left) && unknown(right) {
            let (sides, method) =
                (self.names.support("Sides", left.span), Ident::new(name, Span::mixed_site()));
            let (engine, mode) = (&self.names.engine, crate::emit::types::mode());
            let (left, right) = (self.operand(left), self.operand(right));
            let traits = quote!(use #engine::rt::{EqualSides as _, NumberSides as _, OrderedSides as _};);
            return quote!(({ #traits (&&#sides(&(#left), &(#right))).#method::<#mode>(#site) }));
        }
        let name = self.names.in_mode(name, left.span);
        let (left, right) = (self.operand(left), self.operand(right));
        quote!(#name(#site, #left, #right))
    }

    fn cast(&self, expression: &Expr<'a>, value: &Expr<'a>, to: &syn::Type) -> TokenStream {
        let inner = self.expression(value);
        if !self.function.types.is_active(&expression.ty) {
            let inner = begun(inner);
            return quote!(#inner as #to);
        }
        if is_f64(to) {
            return inner;
        }
        // Its name tells nothing: rustc finds out whether it is `f64`.
        let cast = self.names.support("cast", expression.span);
        quote!(#cast::<#to>(#inner))
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
        let types = if let Ty::Closure(types, ..) = &expression.ty { types.as_slice() } else { &[] };
        let inputs: Vec<Ident> =
            (0..types.len()).map(|at| Ident::new(&format!("input{at}"), Span::mixed_site())).collect();
        let body = match what {
            FunctionValue::Operation(operation, site) => {
                let (name, site) =
                    (self.names.support(operation.name(), Span::mixed_site()), self.site(site));
                quote!(#name(#site #(, #inputs)*))
            }
            FunctionValue::Predicate => {
                let question = self.names.in_mode("question", Span::mixed_site());
                let site = self.places.site(path, &[]);
                let mut numbers = inputs.iter().map(|input| quote!(#question(#site, #input)));
                let first = numbers.next();
                let method = path.segments.last().map(|segment| &segment.ident);
                quote!(#first.#method(#(&#numbers),*))
            }
            FunctionValue::Stopped => {
                let stopped = self.names.in_mode_of("stopped", Span::mixed_site());
                let site = self.places.site(path, &[]);
                let is_active = types.first().is_some_and(|ty| self.function.types.is_active(ty));
                if is_active { quote!(#stopped(#site, #(#inputs),*)) } else { quote!(#(#inputs),*) }
            }
            // Where it stands as an argument of a call, it is handed over there.
            FunctionValue::Named => return path.to_token_stream(),
            FunctionValue::Callee => {
                let span = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
                let passed = inputs.iter().zip(types).map(|(input, ty)| Passed {
                    tokens: quote!(#input),
                    active: self.function.types.is_active(ty),
                    span,
                    role: PassedAs::Data,
                });
                self.call(path, &passed.collect::<Vec<_>>(), path)
            }
        };
        let entry = matches!(what, FunctionValue::Callee).then(|| self.places.enter("closure", path));
        quote!(|#(#inputs),*| { #entry #body })
    }
}

/// Whether an expression makes an empty container, whose element type rustc infers from its use.
fn is_empty(expression: &Expr<'_>) -> bool {
    if let Kind::Standard { path: syn::Expr::Path(path), .. } = &expression.kind {
        let generic = path.path.segments.iter().any(|segment| !segment.arguments.is_none());
        let name = path.path.segments.last().map(|segment| segment.ident.to_string());
        return !generic && matches!(name.as_deref(), Some("new" | "with_capacity" | "empty"));
    }
    matches!((&expression.kind, expression.written), (Kind::Opaque, syn::Expr::Path(path)) if path.path.is_ident("None"))
}

/// Whether an expression is a place, not a new value.
fn is_place(expression: &Expr<'_>) -> bool {
    let place = expression.unparenthesized();
    matches!(place.kind, Kind::Variable(_) | Kind::Index { .. } | Kind::Field { .. } | Kind::Deref(_))
        || matches!(place.kind, Kind::Opaque) && !matches!(place.written, syn::Expr::Lit(_))
}

/// Tokens that begin an expression, in parentheses if they begin with a block: at the start of a statement the block would be a
/// statement of its own.
fn begun(tokens: TokenStream) -> TokenStream {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => quote!((#tokens)),
        _ => tokens,
    }
}

/// The user's own operator or method on operands that are numbers after all.
pub(in crate::emit) fn plain_operation(written: &syn::Expr, operands: &[TokenStream]) -> TokenStream {
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
