//! What the fields of a struct with `#[derive(Differentiable)]` must be.

use super::differentiable::Differentiable;
use super::frame::{Accumulate, Kept};
use super::seed::{Seed, Shaped};

/// A field that carries a gradient.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` carries no gradient\n\nhelp: put `#[derive(Differentiable)]` on `{Self}`; or mark the \
               field `#[constant]`, if it is data\n\n[not_differentiable_field]",
    label = "no gradient for this type"
)]
pub trait Field: Differentiable + Sized {}

#[diagnostic::do_not_recommend]
impl<T> Field for T where
    T: Differentiable<Gradient = T> + Shaped<Adjoint = T> + Accumulate<T> + Seed + Kept + Sized
{
}

/// Asks for a field that carries a gradient.
pub const fn field<T: Field>() {}

/// A field that carries none. Gradients hold a copy of it.
#[diagnostic::on_unimplemented(
    message = "gradients hold a copy of this field, and `{Self}` cannot be copied\n\nhelp: derive `Clone` for \
               `{Self}`\n\n[constant_field_not_clone]",
    label = "not `Clone`"
)]
pub trait ConstantField: Clone + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + 'static> ConstantField for T {}

/// Asks for a field that carries no gradient.
pub const fn constant_field<T: ConstantField>() {}
