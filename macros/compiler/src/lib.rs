//! The compiler behind the attribute `#[differentiable]` of [gradus](https://docs.rs/gradus), as a library over
//! `proc_macro2`. [`expand`] is the pipeline.
//!
//! The crate has no stability promise of its own: its version is that of `gradus`, which works with exactly this one.

#[cfg(test)]
mod architecture;
mod block;
mod changing;
#[cfg(test)]
mod corpus;
mod derive;
mod emit;
mod guarded;
#[cfg(any(test, feature = "interpreter"))]
pub mod interpret;
mod ir;
mod lower;
mod reasons;
mod syntax;
mod transform;
mod types;

use proc_macro2::TokenStream;
use quote::quote;
use syntax::parse::{self, Parsed};
use syntax::refusals::{self, Refusals};
use syntax::source;
use types::{check, mismatch};

/// The refusals: name, fact and help of each, with holes in braces for what is filled in.
pub use syntax::refusals::ROWS as REFUSALS;

/// What the attribute `#[differentiable(options)]` makes of the function `item`: the function untouched, and its companions;
/// or the function and compile errors. A panic in the compiler becomes one of these errors.
///
/// ```
/// let item = "fn square(x: f64) -> f64 { x * x }".parse()?;
/// let expanded = gradus_compiler::expand("".parse()?, &item).to_string();
/// assert!(expanded.starts_with(&item.to_string()));
/// assert!(expanded.contains("fn square_grad"));
/// # Ok::<(), proc_macro2::LexError>(())
/// ```
pub fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    guarded::guarded(options, item, pipeline)
}

/// What `#[derive(Differentiable)]` makes of the struct `item`: implementations of the engine's traits, or compile errors. A
/// panic in the compiler becomes one of these errors.
///
/// ```
/// let item = "struct Point { x: f64, y: f64 }".parse()?;
/// assert!(gradus_compiler::derive(&item).to_string().contains("PointValues"));
/// # Ok::<(), proc_macro2::LexError>(())
/// ```
pub fn derive(item: &TokenStream) -> TokenStream {
    guarded::guarded_derive(item, derive::derive)
}

/// The pipeline, a stage a line; refusals are collected within a stage and gated between stages.
fn pipeline(options: TokenStream, item: &TokenStream) -> TokenStream {
    if let Some(block) = block::parsed(item) {
        return block::expand(&options, item, block);
    }
    let mut refusals = Refusals::default();
    let parsed = parse::parse(options, item, &mut refusals);
    let gate = refusals.gate();
    let annotated = match (parsed, &gate) {
        (Parsed::Function(annotated), Ok(())) => annotated,
        (Parsed::Unread(annotated, body), Ok(())) => return emit::unread(&annotated, &body),
        (Parsed::Function(annotated), Err(errors)) => return emit::stub(&annotated, errors),
        (Parsed::Conditional(options, condition), Ok(())) => {
            return parse::split(&options, &condition, item);
        }
        (Parsed::Unread(annotated, body), Err(errors)) => {
            return emit::unread_stub(&annotated, &body, errors);
        }
        (Parsed::Conditional(..) | Parsed::Nothing, gate) => {
            let errors = gate.as_ref().err();
            return quote!(#item #errors);
        }
    };
    let source = source::Source::new(item);
    let mut refusals = Refusals::default();
    let annotated = changing::desugared(annotated, &mut refusals);
    if let Err(errors) = refusals.gate() {
        return emit::stub(&annotated, &errors);
    }
    let macros = check::Macros::of(&annotated.item.block);
    if let Some(partials) = &annotated.options.partials {
        let (function, mut refusals) = check::check_operation(&annotated, &macros, &source);
        return match refusals.gate() {
            Ok(()) => emit::operation(&annotated, &source, &function, partials),
            Err(errors) => emit::stub(&annotated, &errors),
        };
    }
    let (function, mut refusals) = check::check(&annotated, &macros, &source);
    if let Err(errors) = refusals.gate() {
        return emit::stub(&annotated, &errors);
    }
    if mismatch::is_mistaken(&function) {
        return emit::mistaken(&annotated);
    }
    if let Some(method) = mismatch::unknown_method(&function) {
        return emit::unknown_method(&annotated, method);
    }
    let compiled = compiled(&function, annotated.options.second.is_some(), lower::lower(&function));
    let mut refusals = Refusals::default();
    refuse_graph(&annotated, &function, &compiled, &mut refusals);
    if let Err(errors) = refusals.gate() {
        return emit::stub(&annotated, &errors);
    }
    emit::companions(&annotated, &source, &function, &compiled)
}

/// The programs of a compiled gradient.
fn compiled(
    function: &types::tree::Function<'_>,
    is_second: bool,
    lowered: Result<ir::Program, reasons::Unsupported>,
) -> Result<emit::Compiled, reasons::Unsupported> {
    let (program, passes) = (lowered?, transform::Passes::chosen());
    // Tangents of functions that may fail run on graphs.
    let may_fail = matches!(function.types.shallow(&function.output), types::ty::Ty::Option(_));
    let tangent = if may_fail { None } else { transform::tangent(program.clone()) };
    let (seeded, is_second) = (function.may_be_several(), is_second && !may_fail);
    let second = (is_second && function.is_single())
        .then(|| transform::second(program.clone(), ir::Mode::Joint, seeded, passes))
        .flatten();
    let second_split =
        is_second.then(|| transform::second(program.clone(), ir::Mode::Split, true, passes)).flatten();
    let split = transform::differentiate(program.clone(), ir::Mode::Split, true, passes);
    let joint = transform::differentiate(program, ir::Mode::Joint, seeded, passes)?;
    Ok(emit::Compiled { joint, split, tangent, second, second_split })
}

/// `#[differentiable(compiled)]` refuses a gradient that is not.
fn refuse_graph(
    annotated: &parse::Annotated,
    function: &types::tree::Function<'_>,
    compiled: &Result<emit::Compiled, reasons::Unsupported>,
    refusals: &mut Refusals,
) {
    if let (Some(_), Some(reasons::Unsupported { reason, span })) =
        (annotated.options.compiled, emit::reason(compiled, function.may_be_several()))
    {
        refusals.refuse(refusals::not_compiled(*span, &reason.construct(), &reason.help()));
    }
}

/// A function that is not refused, as the front end reads it.
#[cfg(test)]
fn checked<R>(
    item: &TokenStream,
    run: impl FnOnce(&parse::Annotated, &source::Source, &types::tree::Function<'_>) -> R,
) -> R {
    let mut refusals = Refusals::default();
    let parsed = parse::parse(TokenStream::new(), item, &mut refusals);
    refusals.gate().unwrap_or_else(|errors| panic!("refused: {errors}\n{item}"));
    let Parsed::Function(annotated) = parsed else { panic!("no function: {item}") };
    let mut refusals = Refusals::default();
    let annotated = changing::desugared(annotated, &mut refusals);
    refusals.gate().unwrap_or_else(|errors| panic!("refused: {errors}\n{item}"));
    let source = source::Source::new(item);
    let macros = check::Macros::of(&annotated.item.block);
    let (function, mut refusals) = check::check(&annotated, &macros, &source);
    refusals.gate().unwrap_or_else(|errors| panic!("refused: {errors}\n{item}"));
    run(&annotated, &source, &function)
}
