//! Whether a function may fail: whether it returns an `Option` or a `Result`, under this name or another.

use super::Checker;
use super::types::{CONTAINERS, generic_types, last_segment, may_hold_floats};
use crate::syntax::refusals::{self, Refusal};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// What a function gives that may fail.
pub struct Fallible<'a> {
    /// The type of what it gives if it does not fail.
    pub value: &'a syn::Type,
}

/// Methods of an `Option` or a `Result` that give another.
const GIVE_FAILURE: [&str; 10] = [
    "and_then",
    "checked_div",
    "copied",
    "err",
    "map_err",
    "ok",
    "ok_or",
    "ok_or_else",
    "or_else",
    "transpose",
];

/// The `Option` or `Result` that a function returns, if it returns one.
pub fn fallible(item: &syn::ItemFn) -> Option<Fallible<'_>> {
    let syn::ReturnType::Type(_, written) = &item.sig.output else { return None };
    let last = last_segment(written)?;
    let name = last.ident.to_string();
    // `type Priced<T> = Result<T, PriceError>;`
    let may_fail = is_failure(&name)
        || name.contains("Result") && !generic_types(last).is_empty()
        || returns_failure(item)
        || hands_on(item) && may_be_alias(last);
    if !may_fail {
        return None;
    }
    generic_types(last).first().map(|&value| Fallible { value })
}

/// Whether a function returns an `Option`, by this name.
pub(super) fn gives_option(item: &syn::ItemFn) -> bool {
    let syn::ReturnType::Type(_, written) = &item.sig.output else { return false };
    last_segment(written).is_some_and(|last| last.ident == "Option")
}

fn is_failure(name: &str) -> bool {
    name == "Option" || name == "Result"
}

/// Whether what the body returns shows that it may fail: `Ok`, `?`, `map_err`.
fn returns_failure(item: &syn::ItemFn) -> bool {
    struct Find(bool);
    impl Find {
        fn given(&mut self, value: &syn::Expr) {
            self.0 |= match value {
                syn::Expr::Call(call) => is_variant(&call.func),
                syn::Expr::MethodCall(call) => {
                    // An array has a `map` too.
                    let of_call = matches!(*call.receiver, syn::Expr::Call(_) | syn::Expr::MethodCall(_));
                    GIVE_FAILURE.iter().any(|name| call.method == name) || call.method == "map" && of_call
                }
                value => is_variant(value),
            };
        }
    }
    impl<'ast> Visit<'ast> for Find {
        fn visit_expr_return(&mut self, leaving: &'ast syn::ExprReturn) {
            leaving.expr.iter().for_each(|value| self.given(value));
            syn::visit::visit_expr_return(self, leaving);
        }
        fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
            self.0 = true;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut find = Find(false);
    Visit::visit_block(&mut find, &item.block);
    tails(&item.block, &mut |value| find.given(value));
    find.0
}

/// Whether all that the body returns is what other functions give: `fn price(x: f64) -> Priced<f64> { priced(2.0 * x) }`.
fn hands_on(item: &syn::ItemFn) -> bool {
    let (mut some, mut all) = (false, true);
    tails(&item.block, &mut |value| {
        some = true;
        let is_function =
            |call: &syn::ExprCall| matches!(&*call.func, syn::Expr::Path(path) if !is_type(&path.path));
        all &= matches!(value, syn::Expr::Call(call) if is_function(call));
    });
    some && all
}

/// Whether the last name of a path is that of a type or a variant.
fn is_type(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
}

/// Whether a type with floats as its argument may be another name of a `Result` or an `Option`: no container of the standard library,
/// and no name of a shape.
fn may_be_alias(last: &syn::PathSegment) -> bool {
    const SHAPES: &[&str] = &[
        "Array", "Grid", "List", "Mat", "Pair", "Point", "Quat", "Row", "State", "Tensor", "Triple", "Tuple",
        "Vec",
    ];
    let name = last.ident.to_string();
    let generics = generic_types(last);
    !SHAPES.iter().any(|shape| name.contains(shape))
        && !CONTAINERS.contains(&name.as_str())
        && generics
            .first()
            .is_some_and(|&value| may_hold_floats(value) && !matches!(value, syn::Type::Infer(_)))
}

/// `Ok`, `Err`, `Some` and `None`.
fn is_variant(name: &syn::Expr) -> bool {
    let syn::Expr::Path(name) = name else { return false };
    let last = name.path.segments.last().map(|last| last.ident.to_string());
    last.is_some_and(|last| ["Ok", "Err", "Some", "None"].contains(&last.as_str()))
}

/// The expressions that a block gives.
fn tails<'b>(block: &'b syn::Block, each: &mut dyn FnMut(&'b syn::Expr)) {
    if let Some(syn::Stmt::Expr(value, None)) = block.stmts.last() {
        tails_of(value, each);
    }
}

fn tails_of<'b>(value: &'b syn::Expr, each: &mut dyn FnMut(&'b syn::Expr)) {
    match value {
        syn::Expr::If(choice) => {
            tails(&choice.then_branch, each);
            choice.else_branch.iter().for_each(|(_, otherwise)| tails_of(otherwise, each));
        }
        syn::Expr::Match(choice) => choice.arms.iter().for_each(|arm| tails_of(&arm.body, each)),
        syn::Expr::Block(block) => tails(&block.block, each),
        value => each(value),
    }
}

/// Why a function that may fail cannot be differentiated as its result is written.
pub(super) fn refused(item: &syn::ItemFn, written: &syn::Type) -> Option<Refusal> {
    let whole = fallible(item);
    if let Some(segment) = inside(whole.as_ref().map_or(written, |fallible| fallible.value)) {
        let name = segment.ident.to_string();
        return Some(refusals::failure_in_result(segment.ident.span(), &name).over(segment));
    }
    // An alias hides what there is if the function does not fail.
    let last = last_segment(written)?;
    let is_hidden = whole.is_none() && generic_types(last).is_empty() && returns_failure(item);
    is_hidden.then(|| {
        refusals::failure_alias(written.span(), &written.to_token_stream().to_string()).over(written)
    })
}

/// An `Option` or a `Result` inside of a type.
fn inside(ty: &syn::Type) -> Option<&syn::PathSegment> {
    struct Find<'t>(Option<&'t syn::PathSegment>);
    impl<'t> Visit<'t> for Find<'t> {
        fn visit_path_segment(&mut self, segment: &'t syn::PathSegment) {
            if is_failure(&segment.ident.to_string()) && !generic_types(segment).is_empty() {
                self.0.get_or_insert(segment);
            }
            syn::visit::visit_path_segment(self, segment);
        }
    }
    let mut find = Find(None);
    find.visit_type(ty);
    find.0
}

/// Whether a function changes its parameters and may fail: its result, if that is so.
pub fn failing_result(item: &syn::ItemFn) -> Option<&syn::Type> {
    let syn::ReturnType::Type(_, written) = &item.sig.output else { return None };
    (fallible(item).is_some() || inside(written).is_some()).then_some(written)
}

/// Whether a type is or holds an `Option` or a `Result`.
pub fn may_fail(written: &syn::Type) -> bool {
    inside(written).is_some()
}

impl<'a> Checker<'a> {
    /// The sequence that a function collects or the sum that it takes as its last expression has the type that it returns.
    pub(super) fn note_given_back(&mut self, item: &'a syn::ItemFn, written: &'a syn::Type) {
        self.given_back = match item.block.stmts.last() {
            Some(syn::Stmt::Expr(value, None)) => Some((value, written)),
            _ => None,
        };
    }
}
