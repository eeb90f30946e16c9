//! Types as they are written in the source.

use super::Checker;
use crate::syntax::refusals;
use crate::types::ty::{Act, Sequence, Ty};
use syn::spanned::Spanned;
use syn::visit::Visit;

pub const INTEGERS: &[&str] =
    &["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

/// What the standard library changes behind a shared reference.
pub const INTERIOR: &[&str] = &["Cell", "OnceCell", "OnceLock", "RefCell", "Mutex", "RwLock", "UnsafeCell"];

/// Containers of the standard library that have no gradient of their own shape.
pub const CONTAINERS: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Box",
    "Cow",
    "HashMap",
    "HashSet",
    "LinkedList",
    "Rc",
    "Result",
];

/// Those that are neither sequences nor lead to one.
pub const COLLECTIONS: &[&str] = &["BTreeMap", "BTreeSet", "BinaryHeap", "HashMap", "HashSet", "LinkedList"];

const DATA: &[&str] = &["char", "str", "String", "Ordering"];

/// The last segment of a plain path type, with its generic arguments.
pub(super) fn last_segment(ty: &syn::Type) -> Option<&syn::PathSegment> {
    match ty {
        syn::Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

pub(super) fn generic_types(segment: &syn::PathSegment) -> Vec<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect()
}

/// Whether a value of this type certainly carries no gradient: integers, `bool`s, text, and sequences of them.
pub fn is_data(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_data(&reference.elem),
        syn::Type::Slice(slice) => is_data(&slice.elem),
        syn::Type::Array(array) => is_data(&array.elem),
        syn::Type::Paren(paren) => is_data(&paren.elem),
        syn::Type::Group(group) => is_data(&group.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_data),
        _ => last_segment(ty).is_some_and(|segment| {
            let name = segment.ident.to_string();
            let generics = generic_types(segment);
            INTEGERS.contains(&name.as_str())
                || DATA.contains(&name.as_str())
                || name == "bool"
                || (matches!(name.as_str(), "Vec" | "VecDeque" | "Option" | "Range" | "RangeInclusive")
                    && !generics.is_empty()
                    && generics.into_iter().all(is_data))
        }),
    }
}

/// Whether a value of this type is numbers and text alone, with nothing that could change behind a shared reference.
pub fn is_plain(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => reference.mutability.is_none() && is_plain(&reference.elem),
        syn::Type::Slice(slice) => is_plain(&slice.elem),
        syn::Type::Array(array) => is_plain(&array.elem),
        syn::Type::Paren(paren) => is_plain(&paren.elem),
        syn::Type::Group(group) => is_plain(&group.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        syn::Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            INTEGERS.contains(&name.as_str())
                || ["f64", "f32", "bool", "char", "str"].contains(&name.as_str())
        }),
        _ => false,
    }
}

/// The first borrow in a type, the one before the whole not counted.
pub fn borrow_inside(ty: &syn::Type) -> Option<&syn::Type> {
    struct Find<'ast>(Option<&'ast syn::Type>);
    impl<'ast> Visit<'ast> for Find<'ast> {
        fn visit_type(&mut self, ty: &'ast syn::Type) {
            if let syn::Type::Reference(_) = ty {
                self.0.get_or_insert(ty);
            }
            syn::visit::visit_type(self, ty);
        }
    }
    let whole = if let syn::Type::Reference(reference) = ty { &*reference.elem } else { ty };
    let mut find = Find(None);
    find.visit_type(whole);
    find.0
}

/// Whether a return type can hold floats: `f64`s, tuples, arrays and `Vec`s of them, and names not known here.
pub fn may_hold_floats(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Array(array) => may_hold_floats(&array.elem),
        syn::Type::Paren(paren) => may_hold_floats(&paren.elem),
        syn::Type::Group(group) => may_hold_floats(&group.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().any(may_hold_floats),
        syn::Type::Path(_) => {
            let name = last_segment(ty).map(|segment| segment.ident.to_string());
            !is_data(ty) && !matches!(name.as_deref(), Some("f32"))
        }
        _ => false,
    }
}

impl<'a> Checker<'a> {
    /// The type as written, with `act` in its floats.
    pub(super) fn type_of(&mut self, written: &'a syn::Type, act: Act) -> Ty {
        match written {
            syn::Type::Paren(paren) => self.type_of(&paren.elem, act),
            syn::Type::Group(group) => self.type_of(&group.elem, act),
            syn::Type::Reference(reference) if act == Act::ACTIVE && reference.mutability.is_some() => {
                let refusal = refusals::mutable_part(reference.and_token.span);
                self.refusals.refuse(refusal.over(reference));
                self.types.unknown_with(Act::PASSIVE)
            }
            syn::Type::Reference(reference) => Ty::Ref {
                mutable: reference.mutability.is_some(),
                inner: Box::new(self.type_of(&reference.elem, act)),
            },
            syn::Type::Slice(slice) => Ty::sequence(Sequence::Slice, self.type_of(&slice.elem, act)),
            syn::Type::Array(array) => Ty::sequence(Sequence::Array, self.type_of(&array.elem, act)),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Unit,
            syn::Type::Tuple(tuple) if act == Act::ACTIVE && tuple.elems.len() > 6 => {
                self.refusals.refuse(refusals::long_tuple(written.span()).over(written));
                self.types.unknown_with(Act::PASSIVE)
            }
            syn::Type::Tuple(tuple) => {
                Ty::Tuple(tuple.elems.iter().map(|part| self.type_of(part, act)).collect())
            }
            syn::Type::Never(_) => Ty::Never,
            syn::Type::Path(_) => self.named_type(written, act),
            syn::Type::Infer(_) => self.types.unknown(),
            _ if act == Act::PASSIVE => self.types.unknown_with(Act::PASSIVE),
            // In the body it is data: what is called through it is looked at there.
            syn::Type::FnPtr(_) | syn::Type::TraitObject(_) | syn::Type::ImplTrait(_)
                if act != Act::ACTIVE =>
            {
                self.types.unknown_with(Act::PASSIVE)
            }
            other => {
                let refusal = match other {
                    syn::Type::Ptr(_) => refusals::raw_pointer(other.span()),
                    syn::Type::FnPtr(_) => refusals::function_argument(other.span()),
                    syn::Type::Macro(_) => refusals::type_from_macro(other.span()),
                    _ => refusals::unsupported_type(other.span(), "this type"),
                };
                self.refusals.refuse(refusal.over(other));
                self.types.unknown_with(Act::PASSIVE)
            }
        }
    }

    fn named_type(&mut self, written: &'a syn::Type, act: Act) -> Ty {
        let Some(segment) = last_segment(written) else { return self.types.unknown_with(act) };
        let name = segment.ident.to_string();
        let generics = generic_types(segment);
        match (name.as_str(), generics.as_slice()) {
            ("f64", []) => Ty::Float(act),
            ("f32", []) => {
                // In the body `f32` is data like any other, until an active value is cast to it.
                if act == Act::ACTIVE {
                    self.refusals.refuse(refusals::f32_value(segment.ident.span()));
                }
                Ty::F32
            }
            ("bool", []) => Ty::Bool,
            (integer, []) if INTEGERS.contains(&integer) => Ty::Int,
            (data, []) if DATA.contains(&data) => Ty::Data,
            ("Vec", [element]) => Ty::sequence(Sequence::Vec, self.type_of(element, act)),
            ("VecDeque", [element]) => Ty::sequence(Sequence::Deque, self.type_of(element, act)),
            ("Option", [_]) if act == Act::ACTIVE => {
                self.refusals.refuse(refusals::option_argument(segment.ident.span()).over(written));
                self.types.unknown_with(Act::PASSIVE)
            }
            ("Option", [inner]) => Ty::option(self.type_of(inner, act)),
            // Its error is data.
            ("Result", [inner] | [inner, _]) if act != Act::ACTIVE => Ty::option(self.type_of(inner, act)),
            ("Range" | "RangeInclusive", _) => Ty::Range,
            (name, generics)
                if act == Act::ACTIVE
                    && (!generics.is_empty() && INTERIOR.contains(&name) || name.starts_with("Atomic")) =>
            {
                self.refusals.refuse(refusals::interior_mutability(segment.ident.span(), name).over(written));
                self.types.unknown_with(Act::PASSIVE)
            }
            (name, [_, ..]) if act == Act::ACTIVE && CONTAINERS.contains(&name) => {
                let refusal = refusals::container_of_active(segment.ident.span(), name);
                self.refusals.refuse(refusal.over(written));
                self.types.unknown_with(Act::PASSIVE)
            }
            (name, [_, ..]) if act != Act::PASSIVE && CONTAINERS.contains(&name) => {
                let ty = if COLLECTIONS.contains(&name) {
                    self.types.collection(act)
                } else {
                    self.types.unknown_with(act)
                };
                let refusal = refusals::container_of_active(segment.ident.span(), name);
                self.oblige(&ty, refusal.over(written));
                ty
            }
            (name, _) if COLLECTIONS.contains(&name) => self.types.collection(act),
            (name, []) if self.structs.contains(name) => self.types.structure(act),
            _ => self.types.named(act),
        }
    }

    /// The type of an annotation inside the body: a slot whose activity is found out.
    pub(super) fn annotation(&mut self, written: &'a syn::Type) -> Ty {
        let act = self.types.fresh_act();
        let ty = self.type_of(written, act);
        if let Ty::Unknown(_) = ty { ty } else { self.types.fresh_like(&ty) }
    }
}
