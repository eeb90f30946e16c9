//! The `#[differentiable]` attribute of [gradus](https://docs.rs/gradus). Depend on that crate: it re-exports the
//! attribute, and the code that the attribute generates needs it.

mod check;
mod emit;
mod involved;
mod names;
mod parse;
mod refusals;
#[cfg(test)]
mod robustness;
mod source;
mod tree;
mod ty;

use parse::Parsed;
use proc_macro2::TokenStream;
use quote::quote;
use refusals::Refusals;

/// Gives a function over `f64` its gradient.
///
/// The function itself is left untouched. Beside it appear `NAME_grad`, `NAME_grad_add` and `NAME_graph` (for functions that
/// return several numbers `NAME_vjp` and `NAME_jacobian` instead of the first two), and an item `NAME` with
/// `NAME::on_values`, `NAME::SOURCE` and `NAME::BACKEND`.
///
/// Options: `compiled` refuses to fall back to the graph; `crate = path` tells where gradus is re-exported.
///
/// It goes on free functions: an attribute cannot see that it stands in an `impl` or `trait` block, where the items it
/// generates are not allowed.
#[proc_macro_attribute]
pub fn differentiable(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    expand(options.into(), &item.into()).into()
}

/// The pipeline, a stage a line; refusals are collected within a stage and gated between stages.
fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut refusals = Refusals::default();
    let parsed = parse::parse(options, item, &mut refusals);
    let gate = refusals.gate();
    let annotated = match (parsed, &gate) {
        (Parsed::Function(annotated), Ok(())) => annotated,
        (Parsed::Unread(annotated, body), Ok(())) => return emit::unread(&annotated, &body),
        (Parsed::Function(annotated), Err(errors)) => return emit::stub(&annotated, errors),
        (Parsed::Unread(..) | Parsed::Nothing, gate) => {
            let errors = gate.as_ref().err();
            return quote!(#item #errors);
        }
    };
    let source = source::Source::new(item);
    let macros = check::Macros::of(&annotated.item.block);
    let (function, mut refusals) = check::check(&annotated, &macros, &source);
    if let Err(errors) = refusals.gate() {
        return emit::stub(&annotated, &errors);
    }
    emit::companions(&annotated, &source, &function)
}
