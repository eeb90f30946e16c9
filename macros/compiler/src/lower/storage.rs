//! Arrays and `Vec`s of the body. A small array whose elements are only reached by literal indices is a list of values; every
//! other is a storage.

use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Class, Init, Piece, Place, StatementKind, Step, Storage, StorageId, StorageKind};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Argument, Binding, Expr, Function, Kind, Pattern, VariableId};
use crate::types::ty::{Sequence, Ty};
use crate::types::walk::visit_block;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// Arrays longer than this are storages.
const LIST: usize = 16;

/// The variables whose elements are reached by more than literal indices.
pub(super) fn indexed(function: &Function<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut note = |place: &Expr<'_>| {
        if let Some(variable) = crate::types::walk::root_variable(place) {
            found.insert(variable);
        }
    };
    visit_block(&function.body, &mut |part| {
        if let Kind::For { iterator: whole, .. } | Kind::Total { receiver: whole, .. } = &part.kind {
            note(whole);
        } else if let Kind::Index { base, index, .. } = &part.kind
            && literal(index).is_none()
        {
            note(base);
        } else if let Kind::Method { call, receiver, arguments } = &part.kind
            && call.method != "len"
            && call.method != "map"
        {
            note(receiver);
            arguments.iter().for_each(|argument| note(&argument.value));
        } else if let Kind::Call { arguments, .. } = &part.kind {
            arguments.iter().for_each(&mut note);
        } else if let Kind::Standard { arguments, .. } = &part.kind {
            arguments.iter().for_each(|argument| note(&argument.value));
        }
    });
    found
}

/// An index that is a literal.
pub(super) fn literal(index: &Expr<'_>) -> Option<usize> {
    match index.written {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => number.base10_parse().ok(),
        _ => None,
    }
}

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn wants_storage(&self, variable: VariableId) -> bool {
        self.indexed.contains(&variable.0)
    }

    /// Whether a pattern binds one active array or `Vec`.
    pub(super) fn is_storage(&self, pattern: &Pattern<'a>) -> bool {
        let [binding] = pattern.bindings.as_slice() else { return false };
        let types = &self.function.types;
        let ty = types.shallow(&self.function.variables[binding.variable.0].ty);
        self.is_stored(&ty) && types.is_active(&ty)
    }

    /// The variable of a `let` that makes a storage.
    pub(super) fn storage_binding<'p>(
        &self,
        pattern: &'p Pattern<'a>,
        value: &Expr<'a>,
    ) -> Option<&'p Binding> {
        let named = matches!(super::pattern::plain(pattern.written), syn::Pat::Ident(_));
        let [binding] = pattern.bindings.as_slice() else { return None };
        (named && self.makes_storage(binding, value)).then_some(binding)
    }

    /// Whether a value makes a storage for a variable.
    pub(super) fn makes_storage(&self, binding: &Binding, value: &Expr<'a>) -> bool {
        let types = &self.function.types;
        let ty = types.shallow(&self.function.variables[binding.variable.0].ty);
        let is_list = Self::is_list(value) && !self.wants_storage(binding.variable);
        self.is_stored(&ty) && types.is_active(&ty) && !is_list && makes_storage(value)
    }

    /// A small array that may be a list of values.
    pub(super) fn is_list(value: &Expr<'a>) -> bool {
        let kind = &value.unparenthesized().kind;
        matches!(kind, Kind::List { vec: false, elements } if elements.len() <= LIST)
            || matches!(kind, Kind::Repeat { vec: false, length, .. }
                if literal(length).is_some_and(|length| length <= LIST))
    }

    pub(super) fn bind_storage(
        &mut self,
        pattern: &Pattern<'a>,
        binding: &Binding,
        value: &'t Expr<'a>,
    ) -> Lowered<()> {
        let known = &self.function.variables[binding.variable.0];
        let (name, ty) = (known.name.to_string(), self.function.types.shallow(&known.ty));
        let place = match (pattern.written, &value.kind) {
            // The annotation is what tells how many there are.
            (syn::Pat::Type(written), Kind::Standard { path, arguments }) if is_array_from_fn(path) => {
                self.numbers(&ty, value.span)?;
                let ty = &written.ty;
                let zeros = quote!({ let zeros: #ty = __gradus_std::array::from_fn(|_| 0.0); zeros });
                let init = Init::Passive(super::passive::host(vec![super::passive::tokens(zeros)]));
                let place = self.new_storage(&name, true, init, value.span);
                arguments.iter().try_for_each(|function| self.made_by(&place, function, value.span))?;
                place
            }
            _ => self.storage_of(value, &ty, &name)?,
        };
        self.bound.insert(place.storage);
        self.variables.insert(binding.variable.0, Meaning::Place(place));
        Ok(())
    }

    /// A new storage with the value of an expression.
    pub(super) fn storage_of(&mut self, value: &'t Expr<'a>, ty: &Ty, name: &str) -> Lowered<Place> {
        let span = value.span;
        if let Kind::Paren(inner) = &value.kind {
            return self.storage_of(inner, ty, name);
        }
        if let Kind::Method { call, receiver, .. } = &value.kind
            && call.method == "collect"
        {
            if !matches!(ty, Ty::Sequence(Sequence::Vec | Sequence::Deque, _)) {
                return unsupported(Reason::Collect, call.method.span());
            }
            self.numbers(ty, span)?;
            let Ty::Sequence(_, element) = self.function.types.shallow(ty) else {
                return unsupported(Reason::Collect, call.method.span());
            };
            return self.collected(receiver, &element, span);
        }
        self.numbers(ty, span)?;
        if let Kind::Standard { path, .. } = &value.kind
            && matches!(last_name(path).as_str(), "take" | "replace")
        {
            let Meaning::Place(place) = self.meaning(value)? else {
                return unsupported(Reason::StandardFunction(shown(path)), span);
            };
            return Ok(place);
        }
        let init = self.init(value)?;
        let place = self.new_storage(name, self.is_fixed(ty), init, span);
        if let Kind::Standard { path, arguments } = &value.kind
            && is_array_from_fn(path)
        {
            arguments.iter().try_for_each(|function| self.made_by(&place, function, span))?;
        }
        Ok(place)
    }

    /// The elements must be numbers, in arrays and `Vec`s or tuples.
    pub(super) fn numbers(&self, ty: &Ty, span: Span) -> Lowered<()> {
        let ty = self.function.types.shallow(ty);
        // An alias of an array is only seen to be a sequence.
        if let Ty::Float(_)
        | Ty::Struct(_)
        | Ty::Tuple(_)
        | Ty::Sequence(Sequence::Array | Sequence::Vec | Sequence::Slice, _) = ty
        {
            return ty.parts().iter().try_for_each(|part| {
                let part = self.function.types.shallow(part);
                if matches!(part, Ty::Sequence(Sequence::Deque, _)) {
                    return unsupported(Reason::Queue, span);
                }
                self.numbers(&part, span)
            });
        }
        if let Ty::Sequence(Sequence::Deque, element) = &ty
            && self.function.types.peeled(element).is_float()
        {
            return Ok(());
        }
        unsupported(unfit_elements(&ty), span)
    }

    /// Whether a type tells its shape.
    pub(super) fn is_fixed(&self, ty: &Ty) -> bool {
        let ty = self.function.types.shallow(ty);
        let is_fixed = matches!(ty, Ty::Float(_) | Ty::Sequence(Sequence::Array, _) | Ty::Tuple(_));
        is_fixed && ty.parts().iter().all(|part| self.is_fixed(part))
    }

    pub(super) fn new_storage(&mut self, hint: &str, fixed: bool, init: Init, span: Span) -> Place {
        let place = self.storage_named(hint, fixed);
        self.push(StatementKind::New { storage: place.storage, init }, span);
        place
    }

    /// A storage of this region, which a statement is to make.
    pub(super) fn storage_named(&mut self, hint: &str, fixed: bool) -> Place {
        let hint = super::stem(hint);
        let names = (1..).map(|count| if count == 1 { hint.to_owned() } else { format!("{hint}_{count}") });
        let name = names.into_iter().find(|name| self.names.insert(name.clone())).unwrap_or_default();
        let ident = Ident::new(&format!("{name}_"), Span::mixed_site());
        let storage = StorageId(self.storages.len());
        self.storages.push(Storage { ident, kind: StorageKind::Local { region: self.region, fixed } });
        Place { storage, steps: Vec::new(), span: Span::call_site() }
    }

    fn init(&mut self, value: &'t Expr<'a>) -> Lowered<Init> {
        let span = value.span;
        if let Kind::Standard { path, arguments } = &value.kind
            && matches!(last_name(path).as_str(), "new" | "with_capacity")
        {
            return Ok(Init::Passive(self.standard_init(path, arguments, &value.ty)?));
        }
        if self.is_verbatim(value) {
            let made = self.host(value)?;
            return Ok(Init::Passive(self.as_vec(made, &value.ty)));
        }
        if let Kind::Paren(inner) = &value.kind {
            return self.init(inner);
        }
        if let Kind::Struct(literal) = &value.kind {
            return self.struct_init(literal);
        }
        if let Kind::Standard { path, arguments } = &value.kind {
            return self.standard_sequence(path, arguments, span);
        }
        if let Kind::List { vec, elements } = &value.kind {
            let elements = elements.iter().map(|element| self.element(element));
            return Ok(Init::List { vec: *vec, elements: elements.collect::<Lowered<_>>()? });
        }
        if let Kind::Repeat { vec, element, length } = &value.kind {
            let element = self.element(element)?;
            return Ok(Init::Repeat { vec: *vec, element: Box::new(element), length: self.host(length)? });
        }
        if let Kind::Method { call, receiver, arguments } = &value.kind
            && arguments.is_empty()
            && matches!(call.method.to_string().as_str(), "to_vec" | "clone" | "to_owned")
        {
            return self.copy_of(receiver, &call.method, span);
        }
        let meaning = self.meaning(value)?;
        if let Meaning::List(_) = meaning {
            return self.list_init(&meaning, false, span);
        }
        let Meaning::Place(place) = meaning else { return unsupported(Reason::MadeSequence, span) };
        Ok(Init::Copy { place, method: quote!(.clone()) })
    }

    /// `to_vec`, `clone` and `to_owned`.
    fn copy_of(&mut self, receiver: &'t Expr<'a>, method: &Ident, span: Span) -> Lowered<Init> {
        let meaning = self.meaning(receiver)?;
        if let Meaning::List(_) = meaning {
            return self.list_init(&meaning, method == "to_vec", span);
        }
        let Meaning::Place(place) = meaning else {
            let reason = Reason::MethodOf(method.to_string(), self.described(&meaning));
            return unsupported(reason, method.span());
        };
        Ok(Init::Copy { place, method: quote!(.#method()) })
    }

    /// `Vec::from([..])` and `std::array::from_fn(..)`.
    fn standard_sequence(
        &mut self,
        path: &syn::Expr,
        arguments: &'t [Argument<'a>],
        span: Span,
    ) -> Lowered<Init> {
        let [argument] = arguments else { return unsupported(Reason::StandardFunction(shown(path)), span) };
        if last_name(path) == "from" {
            return match self.init(&argument.value)? {
                Init::List { elements, .. } => Ok(Init::List { vec: true, elements }),
                Init::Repeat { element, length, .. } => Ok(Init::Repeat { vec: true, element, length }),
                Init::Copy { place, .. } => Ok(Init::Copy { place, method: quote!(.to_vec()) }),
                Init::Passive(_)
                | Init::Unset
                | Init::Tuple(_)
                | Init::Struct { .. }
                | Init::Atom(_)
                | Init::Storage(_)
                | Init::Number(_)
                | Init::Unreached(_) => unsupported(Reason::MadeSequence, span),
            };
        }
        if !is_array_from_fn(path) {
            return unsupported(Reason::StandardFunction(shown(path)), span);
        }
        let length = length_of_array(path);
        let zeros = quote!(__gradus_std::array::from_fn::<_, #length, _>(|_| 0.0));
        Ok(Init::Passive(super::passive::host(vec![super::passive::tokens(zeros)])))
    }

    /// `Vec::new()` and `Vec::with_capacity(n)`, with their type: they may be looked at before anything is pushed.
    fn standard_init(
        &mut self,
        path: &syn::Expr,
        arguments: &'t [Argument<'a>],
        ty: &Ty,
    ) -> Lowered<crate::ir::HostExpression> {
        let mut inner = Vec::new();
        for argument in arguments {
            inner.push(self.host(&argument.value)?.into());
        }
        let path = match (path, self.function.types.shallow(ty)) {
            (syn::Expr::Path(path), Ty::Sequence(Sequence::Vec, element)) => self.of_elements(path, &element),
            (syn::Expr::Path(path), Ty::Sequence(Sequence::Deque, element)) => {
                let (element, name) = (self.written(&element), path.path.segments.last());
                quote!(__gradus_std::vec::Vec::<#element>::#name)
            }
            _ => path.to_token_stream(),
        };
        Ok(super::passive::host(vec![super::passive::tokens(path), super::passive::host(inner).into()]))
    }

    /// The elements of a `VecDeque` are in a `Vec`.
    pub(super) fn as_vec(&self, made: crate::ir::HostExpression, ty: &Ty) -> crate::ir::HostExpression {
        if !matches!(self.function.types.shallow(ty), Ty::Sequence(Sequence::Deque, _)) {
            return made;
        }
        super::passive::host(vec![super::passive::tokens(quote!(__gradus_std::vec::Vec::from)), made.into()])
    }

    fn of_elements(&self, path: &syn::ExprPath, element: &Ty) -> proc_macro2::TokenStream {
        let mut path = path.clone();
        let mut segments = path.path.segments.iter_mut().rev().skip(1);
        if let Some(of) = segments.next()
            && of.arguments.is_empty()
        {
            let element = self.written(element);
            of.arguments = syn::PathArguments::AngleBracketed(syn::parse_quote!(::<#element>));
        }
        path.to_token_stream()
    }

    /// A type of numbers, as far as it is known.
    pub(super) fn written(&self, ty: &Ty) -> proc_macro2::TokenStream {
        let ty = self.function.types.shallow(ty);
        if let Ty::Sequence(Sequence::Vec | Sequence::Deque, element) = ty {
            let element = self.written(&element);
            quote!(__gradus_std::vec::Vec<#element>)
        } else if let Ty::Tuple(parts) = ty {
            let parts = parts.iter().map(|part| self.written(part));
            quote!((#(#parts,)*))
        } else if ty.is_float() {
            quote!(__gradus_f64)
        } else {
            quote!(_)
        }
    }

    /// What an element of this type begins with.
    pub(super) fn init_of(&mut self, value: &'t Expr<'a>, ty: &Ty) -> Lowered<Init> {
        let ty = self.function.types.shallow(ty);
        if ty.is_float() {
            return Ok(Init::Atom(self.number(value)?));
        }
        if self.is_verbatim(value) {
            return Ok(Init::Passive(self.host(value)?));
        }
        let meaning = self.meaning(value)?;
        self.init_as(meaning, &ty, value.span)
    }

    /// The same of what is known already.
    pub(super) fn init_as(&mut self, meaning: Meaning<'t, 'a>, ty: &Ty, span: Span) -> Lowered<Init> {
        let ty = self.function.types.shallow(ty);
        match (meaning, &ty) {
            (Meaning::Passive(host), Ty::Float(_)) => {
                Ok(Init::Atom(self.computed(host, Class::Float, "item", span)))
            }
            (meaning, Ty::Float(_)) => Ok(Init::Atom(self.scalar(meaning, span)?)),
            (Meaning::List(parts), Ty::Sequence(kind, element)) => {
                let elements = parts.into_iter().map(|part| self.init_as(part, element, span));
                Ok(Init::List { vec: *kind == Sequence::Vec, elements: elements.collect::<Lowered<_>>()? })
            }
            (Meaning::Place(place), Ty::Sequence(..) | Ty::Struct(_) | Ty::Unknown(_)) => {
                Ok(Init::Copy { place, method: quote!(.clone()) })
            }
            (Meaning::Tuple(parts), Ty::Tuple(types)) if parts.len() == types.len() => {
                let parts = parts.into_iter().zip(types).map(|(part, ty)| self.init_as(part, ty, span));
                Ok(Init::Tuple(parts.collect::<Lowered<_>>()?))
            }
            (place @ Meaning::Place(_), Ty::Tuple(_)) => {
                let parts = self.settled(place, &ty, span)?;
                self.init_as(parts, &ty, span)
            }
            (_, ty) => unsupported(unfit_elements(ty), span),
        }
    }

    fn element(&mut self, element: &'t Expr<'a>) -> Lowered<Init> {
        let ty = self.function.types.peeled(&element.ty);
        if let Ty::Sequence(..) = ty {
            return self.init(element);
        }
        if self.function.types.may_be_struct(&ty) {
            return self.field_init(element);
        }
        let Ty::Tuple(_) = ty else { return Ok(Init::Atom(self.number(element)?)) };
        let meaning = self.meaning(element)?;
        let meaning = self.settled(meaning, &element.ty, element.span)?;
        self.list_init(&meaning, false, element.span)
    }

    fn list_init(&mut self, list: &Meaning<'t, 'a>, vec: bool, span: Span) -> Lowered<Init> {
        if let Meaning::List(parts) | Meaning::Tuple(parts) = list {
            let parts = parts.iter().map(|part| self.list_init(part, false, span));
            let elements = parts.collect::<Lowered<_>>()?;
            let is_list = matches!(list, Meaning::List(_));
            return Ok(if is_list { Init::List { vec, elements } } else { Init::Tuple(elements) });
        }
        // A row of another storage: nothing changes while it is borrowed.
        if let Meaning::Place(place) = list
            && is_sequence(place)
        {
            let kind = &self.storages[place.storage.0].kind;
            let borrowed =
                !place.steps.is_empty() || matches!(kind, StorageKind::Parameter { reference: true });
            // What a call gives may be a number, if only rustc knows its type: it is cloned too.
            let method = if borrowed { quote!(.to_vec()) } else { quote!(.clone()) };
            return Ok(Init::Copy { place: place.clone(), method });
        }
        Ok(Init::Atom(self.scalar(list.clone(), span)?))
    }

    /// A list as a storage.
    pub(super) fn materialized(&mut self, list: &Meaning<'t, 'a>, name: &str, span: Span) -> Lowered<Place> {
        let init = self.list_init(list, false, span)?;
        let fixed = tells_its_shape(&init);
        Ok(self.new_storage(name, fixed, init, span))
    }

    /// A copy of a storage, which may be changed.
    pub(super) fn copied(&mut self, place: Place, ty: &Ty, name: &Ident) -> Lowered<Place> {
        if !self.may_be_struct(&self.function.types.shallow(ty)) {
            self.numbers(ty, name.span())?;
        }
        let init = Init::Copy { place, method: quote!(.clone()) };
        Ok(self.new_storage(&name.to_string(), self.is_fixed(ty), init, name.span()))
    }

    /// Whether a place is the whole of a storage of the body.
    pub(super) fn is_local(&self, place: &Place) -> bool {
        matches!(self.storages[place.storage.0].kind, StorageKind::Local { .. })
    }

    /// `a[i]` where `i` is a literal.
    pub(super) fn at_literal(place: &Place, at: usize) -> Place {
        let index = proc_macro2::Literal::usize_unsuffixed(at);
        let index = super::passive::host(vec![super::passive::tokens(index)]);
        place.part(Step::Index(index))
    }

    /// Passive pieces that only look at a place.
    pub(super) fn looked(place: Place, tail: impl ToTokens) -> crate::ir::HostExpression {
        super::passive::host(vec![Piece::Place(place), super::passive::tokens(tail)])
    }
}

/// Whether a place is certainly no number: a whole storage, or a part that a range cuts out.
fn is_sequence(place: &Place) -> bool {
    match place.steps.last() {
        None | Some(Step::Range(_)) => true,
        Some(Step::Index(_) | Step::Field(_) | Step::Deref) => false,
    }
}

/// Whether the type of what a storage begins with tells its shape: no `Vec` is in it.
fn tells_its_shape(init: &Init) -> bool {
    match init {
        Init::Atom(_) => true,
        Init::List { vec, elements } => !vec && elements.iter().all(tells_its_shape),
        Init::Tuple(parts) => parts.iter().all(tells_its_shape),
        Init::Passive(_)
        | Init::Unset
        | Init::Struct { .. }
        | Init::Repeat { .. }
        | Init::Copy { .. }
        | Init::Storage(_)
        | Init::Number(_)
        | Init::Unreached(_) => false,
    }
}

/// Whether an expression makes a new array or `Vec`, rather than naming one.
fn makes_storage(value: &Expr<'_>) -> bool {
    let kind = &value.unparenthesized().kind;
    if let Kind::Method { call, .. } = kind {
        return matches!(call.method.to_string().as_str(), "to_vec" | "clone" | "to_owned" | "collect");
    }
    matches!(kind, Kind::List { .. } | Kind::Repeat { .. } | Kind::Standard { .. })
}

/// `std::array::from_fn`, not that of iterators.
fn is_array_from_fn(path: &syn::Expr) -> bool {
    let syn::Expr::Path(path) = path else { return false };
    let segments: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    matches!(segments.as_slice(), [.., module, name] if module == "array" && name == "from_fn")
}

fn last_name(path: &syn::Expr) -> String {
    match path {
        syn::Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// Why a sequence with such a type in it is not compiled.
pub(super) fn unfit_elements(ty: &Ty) -> Reason {
    let element = match ty {
        Ty::Sequence(Sequence::Deque, _) => return Reason::Queue,
        Ty::Unknown(_) => return Reason::ElementType,
        Ty::Float(_) => "numbers",
        Ty::F32 => "`f32`s",
        Ty::Int => "integers",
        Ty::Bool => "`bool`s",
        Ty::Data => "data",
        Ty::Unit | Ty::Never => "`()`s",
        Ty::Sequence(..) => "sequences",
        Ty::Tuple(_) => "tuples",
        Ty::Ref { .. } => "references",
        Ty::Range | Ty::Iter(_) => "iterators",
        Ty::Option(_) => "`Option`s",
        Ty::Closure(..) => "closures",
        Ty::Struct(_) => "structs",
    };
    Reason::Elements(element.to_owned())
}

/// The length that the user wrote in `array::from_fn::<_, 3, _>`, else `_`.
fn length_of_array(path: &syn::Expr) -> proc_macro2::TokenStream {
    let arguments = match path {
        syn::Expr::Path(path) => path.path.segments.last().map(|last| &last.arguments),
        _ => None,
    };
    match arguments {
        Some(syn::PathArguments::AngleBracketed(generics)) if generics.args.len() == 3 => {
            generics.args[1].to_token_stream()
        }
        _ => quote!(_),
    }
}
