//! What a path that is called names, as far as its spelling tells, and why it cannot be called with an active value.

use super::types;
use crate::syntax::refusals::{self, Refusal};
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

/// What a path that is called names, as far as its spelling tells.
enum PathKind {
    Free,
    /// `Point(x, y)`: types and variants are written with a capital.
    Constructor,
    /// `Point::new(x)`, `i64::from(x)`.
    Associated,
}

fn kind_of(path: &syn::Path) -> PathKind {
    const PRIMITIVE: &[&str] = &["bool", "char", "f32", "f64", "str"];
    let capital = |name: &str| name.trim_start_matches("r#").starts_with(char::is_uppercase);
    let primitive = |name: &str| PRIMITIVE.contains(&name) || types::INTEGERS.contains(&name);
    let names: Vec<String> =
        path.segments.iter().rev().take(2).map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [name, ..] if capital(name) => PathKind::Constructor,
        [_, owner] if capital(owner) || primitive(owner) => PathKind::Associated,
        _ => PathKind::Free,
    }
}

/// Whether a path names a function of a type that may be the user's own.
pub(super) fn is_of_own_type(path: &syn::Path) -> bool {
    let PathKind::Associated = kind_of(path) else { return false };
    let owner = path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string()).unwrap_or_default();
    let known =
        ["Into", "TryInto", "Add", "Sub", "Mul", "Div", "Rem", "Neg", "String", "Box", "Iterator", "Option"];
    let of_standard =
        [types::INTERIOR, types::CONTAINERS, &known].iter().any(|names| names.contains(&owner.as_str()));
    owner.starts_with(char::is_uppercase) && !of_standard
}

/// Whether a path that is called names a tuple struct, as far as its spelling tells: `Meters`, `units::Meters`, and no variant of
/// an enum.
pub(super) fn is_tuple_struct(path: &syn::Path) -> bool {
    let capital = |segment: &syn::PathSegment| {
        segment.ident.to_string().trim_start_matches("r#").starts_with(char::is_uppercase)
    };
    let mut names = path.segments.iter().rev();
    let (name, owner) = (names.next(), names.next());
    let is_variant = ["Some", "None", "Ok", "Err"].iter().any(|name| path.is_ident(name));
    name.is_some_and(capital) && !owner.is_some_and(capital) && !is_variant
}

/// Why what the path names is not differentiable, if its spelling tells.
pub(super) fn callee_refusal(path: &syn::Path) -> Option<Refusal> {
    match kind_of(path) {
        PathKind::Free => None,
        PathKind::Constructor => Some(refusals::active_enum(path.span(), &shown(path)).over(path)),
        PathKind::Associated => {
            let name = shown(path);
            let owner = path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string());
            match owner.as_deref() {
                Some(owner) if types::INTERIOR.contains(&owner) => {
                    return Some(refusals::interior_mutability(path.span(), owner).over(path));
                }
                Some(owner) if types::CONTAINERS.contains(&owner) => {
                    return Some(refusals::container_of_active(path.span(), owner).over(path));
                }
                _ => {}
            }
            let method = path.segments.last().map(|method| method.ident.to_string()).unwrap_or_default();
            if let Some("Into" | "TryInto" | "Add" | "Sub" | "Mul" | "Div" | "Rem" | "Neg") = owner.as_deref()
            {
                return Some(method_refusal(path.span(), &method).over(path));
            }
            Some(refusals::associated_function(path.span(), &name).over(path))
        }
    }
}

/// A path as it is written.
fn shown(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// Why a method cannot be called with an active value.
pub(super) fn method_refusal(span: Span, name: &str) -> Refusal {
    special_refusal(span, name).unwrap_or_else(|| refusals::method_without_rule(span, name))
}

/// The same for what has a reason of its own.
pub fn special_refusal(span: Span, name: &str) -> Option<Refusal> {
    Some(match name {
        "to_string" => refusals::format_active(span, name),
        "to_bits" | "to_ne_bytes" | "to_le_bytes" | "to_be_bytes" => refusals::bits_of_active(span, name),
        "as_ptr" | "as_mut_ptr" | "as_ptr_range" => refusals::pointer_to_active(span, &format!("`{name}`")),
        "into" | "try_into" => refusals::conversion_of_active(span, name),
        _ => return operator(name).map(|operator| refusals::operator_by_name(span, name, operator)),
    })
}

/// How the operator that a trait of `std::ops` calls `name` is written.
pub(super) fn operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "add" => "a + b",
        "sub" => "a - b",
        "mul" => "a * b",
        "div" => "a / b",
        "rem" => "a % b",
        "neg" => "-a",
        "add_assign" => "a += b",
        "sub_assign" => "a -= b",
        "mul_assign" => "a *= b",
        "div_assign" => "a /= b",
        "rem_assign" => "a %= b",
        _ => return None,
    })
}

/// `name` of `f64::name`.
pub(super) fn method_of_f64(path: &syn::Path) -> Option<String> {
    let mut segments = path.segments.iter().rev();
    let name = segments.next()?;
    let owner = segments.next()?;
    (owner.ident == "f64").then(|| name.ident.to_string())
}
