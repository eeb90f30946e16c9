//! Seeds of results with several numbers, buffers in reading order, and buffers that nobody reads.

use super::call::{Active, Constant, Refused};
use super::differentiable::Differentiable;
use super::frame::{Accumulate, Fixed};
use std::collections::VecDeque;

/// A result that the reverse sweep can be seeded for, number by number.
pub trait Seed: Sized {
    /// How many numbers there are.
    fn count(&self) -> usize;
    /// The same shape of −0, the weight of what counts for nothing, but for the number at `at`, which is 1. What is passed by
    /// is taken off `at`.
    #[must_use]
    fn unit(&self, at: &mut Option<usize>) -> Self;
    /// The same weights, a 0 among them as −0: what counts for nothing is not reached.
    #[must_use]
    fn weights(&self) -> Self;
}

/// The seed of the number at `at` in reading order.
pub fn unit<T: Seed>(result: &T, at: usize) -> T {
    result.unit(&mut Some(at))
}

/// Checks that a seed has as many numbers as the result.
///
/// # Panics
///
/// If it has not.
#[inline]
#[track_caller]
pub fn check_seed<T: Seed>(result: &T, seed: &T) {
    let (expected, given) = (result.count(), seed.count());
    assert!(expected == given, "the result has {expected} values, the seed {given}");
}

impl Seed for f64 {
    #[inline]
    fn count(&self) -> usize {
        1
    }
    fn unit(&self, at: &mut Option<usize>) -> f64 {
        let here = *at == Some(0);
        *at = at.and_then(|at| at.checked_sub(1));
        if here { 1.0 } else { -0.0 }
    }
    fn weights(&self) -> f64 {
        if *self == 0.0 { -0.0 } else { *self }
    }
}

impl<T: Seed, const N: usize> Seed for [T; N] {
    #[inline]
    fn count(&self) -> usize {
        self.iter().map(T::count).sum()
    }
    fn unit(&self, at: &mut Option<usize>) -> Self {
        std::array::from_fn(|element| self[element].unit(at))
    }
    fn weights(&self) -> Self {
        std::array::from_fn(|element| self[element].weights())
    }
}

macro_rules! sequences {
    ($($T:ident),*) => { $(
        impl<T: Seed> Seed for $T<T> {
            fn count(&self) -> usize {
                self.iter().map(T::count).sum()
            }
            fn unit(&self, at: &mut Option<usize>) -> Self {
                self.iter().map(|element| element.unit(at)).collect()
            }
            fn weights(&self) -> Self {
                self.iter().map(T::weights).collect()
            }
        }
        impl<T: AddFlat> AddFlat for $T<T> {
            fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>) {
                self.iter_mut().for_each(|element| element.add_flat(gradients));
            }
        }
    )* };
}

sequences!(Vec, VecDeque);

/// A buffer that takes gradients in reading order.
pub trait AddFlat {
    /// Adds to each number the next gradient.
    fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>);
}

impl AddFlat for f64 {
    fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>) {
        *self += gradients.next().unwrap_or_default();
    }
}

impl<T: AddFlat> AddFlat for [T] {
    fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>) {
        self.iter_mut().for_each(|element| element.add_flat(gradients));
    }
}

impl<T: AddFlat, const N: usize> AddFlat for [T; N] {
    fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>) {
        self.iter_mut().for_each(|element| element.add_flat(gradients));
    }
}

macro_rules! tuples {
    ($( ($($T:ident $at:tt),*) )*) => { $(
        impl<$($T: Seed),*> Seed for ($($T,)*) {
            #[inline]
            fn count(&self) -> usize {
                0 $(+ self.$at.count())*
            }
            fn unit(&self, at: &mut Option<usize>) -> Self {
                ($(self.$at.unit(at),)*)
            }
            fn weights(&self) -> Self {
                ($(self.$at.weights(),)*)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<$($T: Shaped),*> Shaped for ($($T,)*) {
            type Adjoint = ($($T::Adjoint,)*);
            #[inline]
            fn unreached(&self) -> Self::Adjoint {
                ($(self.$at.unreached(),)*)
            }
        }
        impl<$($T: AddFlat),*> AddFlat for ($($T,)*) {
            fn add_flat(&mut self, gradients: &mut dyn Iterator<Item = f64>) {
                $(self.$at.add_flat(gradients);)*
            }
        }
    )* };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

/// Data among the results has no seed: it stays what it is.
macro_rules! data {
    ($($T:ty),*) => { $(
        impl Seed for $T {
            fn count(&self) -> usize {
                0
            }
            fn unit(&self, _: &mut Option<usize>) -> $T {
                *self
            }
            fn weights(&self) -> $T {
                *self
            }
        }
        impl NoSeed for $T {}
        #[diagnostic::do_not_recommend]
        impl Shaped for $T {
            type Adjoint = $T;
            #[inline]
            fn unreached(&self) -> $T {
                <$T>::default()
            }
        }
        impl Accumulate<$T> for $T {
            fn accumulate(&mut self, _: &$T) {}
        }
        impl Fixed for $T {
            #[inline]
            fn unreached() -> $T {
                <$T>::default()
            }
        }
    )* };
}

data!(bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// What has an adjoint of its own shape: differentiable data, among which there may be integers and `bool`s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` carries no gradient\n\nhelp: put `#[derive(Differentiable)]` on it, if it is a struct of yours; mark an argument that \
               is data with `#[constant]`\n\n[not_differentiable_type]\n\
               https://docs.rs/gradus/latest/gradus/refusals/arguments/#not_differentiable_type",
    label = "no gradient for this type"
)]
pub trait Shaped {
    /// The same shape of numbers, owned.
    type Adjoint;
    /// An adjoint that nothing has reached: −0 everywhere.
    fn unreached(&self) -> Self::Adjoint;
}

/// Takes an adjoint and leaves one that nothing has reached.
#[inline]
pub fn take<T: Shaped<Adjoint = T>>(adjoint: &mut T) -> T {
    let unreached = adjoint.unreached();
    std::mem::replace(adjoint, unreached)
}

/// The same of a part of a sequence.
#[inline]
pub fn take_part<T: Shaped<Adjoint = T>>(adjoint: &mut [T]) -> Vec<T> {
    adjoint.iter_mut().map(take).collect()
}

#[diagnostic::do_not_recommend]
impl Shaped for f64 {
    type Adjoint = f64;
    #[inline]
    fn unreached(&self) -> f64 {
        -0.0
    }
}

/// What a function without a result gives.
#[diagnostic::do_not_recommend]
impl Shaped for () {
    type Adjoint = ();
    #[inline]
    fn unreached(&self) {}
}

#[diagnostic::do_not_recommend]
impl<T: Shaped + ?Sized> Shaped for &T {
    type Adjoint = T::Adjoint;
    #[inline]
    fn unreached(&self) -> T::Adjoint {
        (**self).unreached()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Shaped, const N: usize> Shaped for [T; N] {
    type Adjoint = [T::Adjoint; N];
    #[inline]
    fn unreached(&self) -> Self::Adjoint {
        std::array::from_fn(|at| self[at].unreached())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Shaped> Shaped for [T] {
    type Adjoint = Vec<T::Adjoint>;
    #[inline]
    fn unreached(&self) -> Self::Adjoint {
        self.iter().map(T::unreached).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Shaped> Shaped for Vec<T> {
    type Adjoint = Vec<T::Adjoint>;
    #[inline]
    fn unreached(&self) -> Self::Adjoint {
        self.as_slice().unreached()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Shaped> Shaped for VecDeque<T> {
    type Adjoint = VecDeque<T::Adjoint>;
    #[inline]
    fn unreached(&self) -> Self::Adjoint {
        self.iter().map(T::unreached).collect()
    }
}

/// What a caller may take for data among the results of a call.
#[diagnostic::on_unimplemented(
    message = "a result of type `{Self}` is used as an integer here\n\nhelp: leave out the cast of a result that is an `f64` \
               already",
    label = "not an integer"
)]
pub trait NoSeed: Default {}

/// The seed of a result that the caller takes for data.
#[inline]
pub fn no_seed<T: NoSeed>() -> T {
    T::default()
}

/// A buffer for an argument whose gradient nobody wants.
pub trait Scratch<T: ?Sized> {
    /// Zeros, or nothing where the callee has no use for a buffer.
    type Buffer;
    /// A new one.
    fn scratch(argument: &T) -> Self::Buffer;
}

impl<T: Differentiable + ?Sized> Scratch<T> for Active {
    type Buffer = T::Gradient;
    #[inline]
    fn scratch(argument: &T) -> T::Gradient {
        argument.zeros_like()
    }
}

impl<T: ?Sized> Scratch<T> for Constant {
    type Buffer = ();
    #[inline]
    fn scratch(_: &T) {}
}

/// Of a function that is refused, so that the refusal stays the only error.
impl<T: ?Sized> Scratch<T> for Refused {
    type Buffer = ();
    fn scratch(_: &T) {}
}
