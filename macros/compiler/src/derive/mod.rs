//! `#[derive(Differentiable)]`: a struct of the user's as the shape of arguments, results and gradients.
//!
//! ```text
//! struct Body { position: Vec3, mass: f64, id: u32 }
//!
//! struct BodyValues<'g> { position: Vec3's values, mass: Value<'g>, id: u32 }     the same struct on values
//! impl Differentiable for Body { type Active<'g> = BodyValues<'g>; type Gradient = Body; … }
//! ```
//!
//! The macro knows the tokens of the fields' types alone. Types of integers and texts are *data*, as is what is marked
//! `#[constant]`; every other type must be differentiable itself, which rustc checks in one constant. The struct on values stands
//! inside an unnamed constant, where no name of the user's can clash with it, and is reached as a projection of the user's type.

mod fields;
mod implementations;

use crate::syntax::refusals::{self, Refusals};
use fields::Shape;
#[cfg(any(test, feature = "interpreter"))]
pub use fields::is_data_field;
use proc_macro2::TokenStream;

/// The implementations, or compile errors.
pub fn derive(item: &TokenStream) -> TokenStream {
    let input = match syn::parse2::<syn::DeriveInput>(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut refusals = Refusals::default();
    let shape = Shape::of(&input, &mut refusals);
    match &input.data {
        syn::Data::Struct(_) => {}
        syn::Data::Enum(data) => {
            refusals.refuse(refusals::derive_on_enum(data.enum_token.span, "an enum"));
        }
        syn::Data::Union(data) => {
            refusals.refuse(refusals::derive_on_enum(data.union_token.span, "a union"));
        }
    }
    for parameter in &input.generics.params {
        match parameter {
            syn::GenericParam::Type(parameter) => {
                let name = parameter.ident.to_string();
                refusals.refuse(refusals::generic_type(parameter.ident.span(), &name));
            }
            syn::GenericParam::Lifetime(parameter) => {
                refusals.refuse(refusals::derive_on_borrow(parameter.lifetime.span()));
            }
            syn::GenericParam::Const(_) => {}
        }
    }
    if let Some(clause) = &input.generics.where_clause {
        refusals.refuse(refusals::where_clause(clause.where_token.span));
    }
    let borrows = input.generics.lifetimes().next().is_some();
    let shape = match refusals.gate() {
        // What stands for the struct would need a gradient for each lifetime.
        Err(errors) if borrows => return errors,
        Ok(()) => shape,
        Err(errors) => shape.refused(errors),
    };
    implementations::of(&shape)
}
