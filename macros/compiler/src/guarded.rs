//! Runs the compiler on a stack of its own, and turns a panic in it into a compile error, so that rustc goes on.

use crate::emit;
use crate::syntax::parse::{self, Parsed};
use crate::syntax::refusals::Refusals;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The size of the stack in bytes. Parsing, checking, emitting and dropping all recurse over syntax, and an unoptimised build
/// of syn takes several kilobytes for a level of it. Only the pages that are used take storage.
pub const STACK: usize = 256 << 20;

/// Runs `compile` on `item`. If it panics, returns the user's function, its companions' names, and one error at the attribute
/// that asks for a report.
pub fn guarded(
    options: TokenStream,
    item: &TokenStream,
    compile: impl FnOnce(TokenStream, &TokenStream) -> TokenStream,
) -> TokenStream {
    // The new stack is on the same thread: only that thread can call rustc.
    stacker::grow(STACK, || {
        let compiled = catch_unwind(AssertUnwindSafe(|| compile(options.clone(), item)));
        compiled.unwrap_or_else(|panic| {
            let error = report("#[differentiable]", "function", &*panic);
            let stub = catch_unwind(AssertUnwindSafe(|| stub(options, item, &error)));
            stub.unwrap_or_else(|_| quote!(#item #error))
        })
    })
}

/// The same of a derive, of which nothing but the error is left if it panics.
pub fn guarded_derive(item: &TokenStream, derive: impl FnOnce(&TokenStream) -> TokenStream) -> TokenStream {
    stacker::grow(STACK, || {
        catch_unwind(AssertUnwindSafe(|| derive(item)))
            .unwrap_or_else(|panic| report("#[derive(Differentiable)]", "struct", &*panic))
    })
}

/// The user's function, the error, and companions about which rustc is silent.
fn stub(options: TokenStream, item: &TokenStream, error: &TokenStream) -> TokenStream {
    let mut refusals = Refusals::default();
    let parsed = parse::parse(options, item, &mut refusals);
    match (parsed, refusals.gate()) {
        (Parsed::Function(annotated), Ok(())) => emit::stub(&annotated, error),
        _ => quote!(#item #error),
    }
}

/// The error, at the attribute.
fn report(attribute: &str, item: &str, panic: &(dyn Any + Send)) -> TokenStream {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let text = format!(
        "`{attribute}` failed on this {item}: {message}\n\n\
         help: this is a bug of gradus; please report it together with the {item}, which works without the attribute"
    );
    syn::Error::new(Span::call_site(), text).into_compile_error()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function() -> TokenStream {
        quote!(
            pub fn square(x: f64, #[constant] k: f64) -> f64 {
                k * x * x
            }
        )
    }

    /// What is made of the function where the compiler panics.
    fn after(panic: impl FnOnce()) -> String {
        let compile = |_: TokenStream, _: &TokenStream| {
            panic();
            TokenStream::new()
        };
        guarded(TokenStream::new(), &function(), compile).to_string()
    }

    #[test]
    fn a_panic_becomes_one_error_beside_the_function() {
        let expanded = after(|| panic!("no arm for {}", "this"));
        assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
        assert!(expanded.contains("failed on this function: no arm for this"), "{expanded}");
        assert!(expanded.contains("please report it"), "{expanded}");
        let user = quote!(
            pub fn square(x: f64, k: f64) -> f64 {
                k * x * x
            }
        );
        assert!(expanded.starts_with(&user.to_string()), "{expanded}");
        assert!(expanded.contains("square_grad"), "{expanded}");
    }

    #[test]
    fn a_panic_without_a_text_is_reported_too() {
        let expanded = after(|| std::panic::panic_any(7));
        assert!(expanded.contains("no message") && expanded.contains("square_grad"), "{expanded}");
    }

    #[test]
    fn where_the_item_cannot_be_read_it_is_kept_as_it_is() {
        let item: TokenStream = "pub fn square(x: f64".parse().unwrap_or_else(|_| quote!(pub fn square));
        let compile = |_: TokenStream, _: &TokenStream| -> TokenStream { panic!("early") };
        let expanded = guarded(TokenStream::new(), &item, compile).to_string();
        assert!(expanded.starts_with("pub fn square"), "{expanded}");
        assert!(expanded.contains("early"), "{expanded}");
    }
}
