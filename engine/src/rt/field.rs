//! What the fields of a struct with `#[derive(Differentiable)]` must be.

use super::differentiable::Differentiable;
use super::frame::{Accumulate, Kept};
use super::seed::{Seed, Shaped, take};
use std::cell::Cell;

/// A field that carries a gradient.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` carries no gradient\n\nhelp: put `#[derive(Differentiable)]` on `{Self}`; or mark the \
               field `#[constant]`, if it is data\n\n[not_differentiable_field]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#not_differentiable_field",
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
               `{Self}`\n\n[constant_field_not_clone]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#constant_field_not_clone",
    label = "not `Clone`"
)]
pub trait ConstantField: Clone + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + 'static> ConstantField for T {}

/// Asks for a field that carries no gradient.
pub const fn constant_field<T: ConstantField>() {}

/// What goes into a field: numbers become values where the field holds values.
pub trait IntoField<F> {
    /// As the field holds it.
    fn into_field(self) -> F;
}

impl<'g> IntoField<crate::Value<'g>> for f64 {
    #[inline]
    fn into_field(self) -> crate::Value<'g> {
        crate::Value::from(self)
    }
}

impl IntoField<f64> for f64 {
    #[inline]
    fn into_field(self) -> f64 {
        self
    }
}

impl<F, T: IntoField<F>, const N: usize> IntoField<[F; N]> for [T; N] {
    fn into_field(self) -> [F; N] {
        self.map(T::into_field)
    }
}

impl<F, T: IntoField<F>> IntoField<Vec<F>> for Vec<T> {
    fn into_field(self) -> Vec<F> {
        self.into_iter().map(T::into_field).collect()
    }
}

macro_rules! tuples {
    ($( ($($F:ident $T:ident $at:tt),*) )*) => { $(
        impl<$($F, $T: IntoField<$F>),*> IntoField<($($F,)*)> for ($($T,)*) {
            fn into_field(self) -> ($($F,)*) {
                ($(self.$at.into_field(),)*)
            }
        }
    )* };
}

tuples! {
    (A X 0, B Y 1)
    (A X 0, B Y 1, C Z 2)
    (A X 0, B Y 1, C Z 2, D U 3)
}

macro_rules! data {
    ($($T:ty),*) => { $(
        impl IntoField<$T> for $T {
            #[inline]
            fn into_field(self) -> $T {
                self
            }
        }
    )* };
}

data!(bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, String);

/// The same for what is written without its type.
#[inline]
pub fn into_field<T: IntoField<F>, F>(value: T) -> F {
    value.into_field()
}

/// Something whose type only rustc knows, on its way into a field: `(&&Flow::of(value)).into_field()` converts what can be
/// converted, by [`FlowsInto`], and hands on what cannot, by [`Stays`].
pub struct Flow<T>(Cell<Option<T>>);

impl<T> Flow<T> {
    /// Takes it.
    #[inline]
    pub fn of(value: T) -> Flow<T> {
        Flow(Cell::new(Some(value)))
    }

    fn taken(&self) -> T {
        self.0.take().expect("it is taken once")
    }
}

/// Numbers and structs of numbers.
pub trait Known {}

impl Known for f64 {}
impl<T: Known, const N: usize> Known for [T; N] {}
impl<T: Known> Known for Vec<T> {}

/// What is converted.
pub trait FlowsInto {
    /// What it is.
    type Of;
    /// As the field holds it.
    fn into_field<F>(self) -> F
    where
        Self::Of: IntoField<F>;
}

impl<T: Known> FlowsInto for &&Flow<T> {
    type Of = T;
    #[inline]
    fn into_field<F>(self) -> F
    where
        T: IntoField<F>,
    {
        self.taken().into_field()
    }
}

/// What stays as it is.
pub trait Stays {
    /// What it is.
    type Of;
    /// The same.
    fn into_field(self) -> Self::Of;
}

impl<T> Stays for &Flow<T> {
    type Of = T;
    #[inline]
    fn into_field(self) -> T {
        self.taken()
    }
}

/// The adjoint of a field on its way to that of what the field was made of. Only rustc knows whether the field is data:
/// `(&&FieldAdjoint::of(to, from)).add_up()` adds numbers up, by [`NumberField`], and does nothing with data, by [`DataField`].
pub struct FieldAdjoint<'l, To: ?Sized, From: ?Sized>(Cell<Option<(&'l mut To, &'l mut From)>>);

impl<'l, To: ?Sized, From: ?Sized> FieldAdjoint<'l, To, From> {
    /// Holds both.
    #[inline]
    pub fn of(to: &'l mut To, from: &'l mut From) -> Self {
        FieldAdjoint(Cell::new(Some((to, from))))
    }
}

/// A field of numbers.
pub trait NumberField {
    /// Adds the adjoint.
    fn add_up(self);
    /// Adds the adjoint and leaves one that nothing has reached.
    fn move_up(self);
}

impl<To: Accumulate<From>, From: Shaped<Adjoint = From>> NumberField for &&FieldAdjoint<'_, To, From> {
    #[inline]
    fn add_up(self) {
        if let Some((to, from)) = self.0.take() {
            to.accumulate(from);
        }
    }
    #[inline]
    fn move_up(self) {
        if let Some((to, from)) = self.0.take() {
            to.accumulate(&take(from));
        }
    }
}

/// A field of data.
pub trait DataField {
    /// Nothing to add.
    fn add_up(self);
    /// Nothing to add.
    fn move_up(self);
}

impl<To: ?Sized, From: ?Sized> DataField for &FieldAdjoint<'_, To, From> {
    #[inline]
    fn add_up(self) {}
    #[inline]
    fn move_up(self) {}
}
