//! What forward mode is made of: tangents of values, of arguments that have none, and of results.

use super::call::{Active, Constant, NotDifferentiable, PlainGeneric, Refused};
use super::differentiable::{Differentiable, Fits, Flatten};
use super::frame::reached;
use super::seed::Shaped;
use crate::graph::{Graph, Value};
use std::borrow::Borrow;
use std::collections::VecDeque;

/// The share of an operand in a tangent: the partial derivative times the operand's tangent. A tangent of −0 is that of a number
/// which depends on nothing that changes: it has no share, and is not multiplied by a partial derivative that may be infinite.
#[inline]
pub fn push(partial: f64, tangent: f64) -> f64 {
    if reached(tangent) { partial * tangent + 0.0 } else { -0.0 }
}

/// Checks that a tangent has the shape of its argument.
///
/// # Panics
///
/// If it has another length.
#[inline]
#[track_caller]
pub fn check_tangent<A: Fits<B> + ?Sized, B: ?Sized>(argument: &A, tangent: &B) {
    if let Some((expected, given)) = argument.misfit(tangent) {
        unfit(expected, given);
    }
}

#[cold]
#[track_caller]
fn unfit(expected: usize, given: usize) -> ! {
    panic!("the argument has {expected} elements, its tangent {given}")
}

/// The tangent of an argument that does not change, as a callee takes it.
pub trait NoTangent<T: ?Sized> {
    /// −0 everywhere, or nothing where the callee takes no tangent.
    type Tangent;
    /// A new one.
    fn no_tangent(argument: &T) -> Self::Tangent;
}

impl<T: Shaped + ?Sized> NoTangent<T> for Active {
    type Tangent = T::Adjoint;
    #[inline]
    fn no_tangent(argument: &T) -> T::Adjoint {
        argument.unreached()
    }
}

impl<T: ?Sized> NoTangent<T> for Constant {
    type Tangent = ();
    #[inline]
    fn no_tangent(_: &T) {}
}

/// Of a function that is refused, so that the refusal stays the only error.
impl<T: ?Sized> NoTangent<T> for Refused {
    type Tangent = ();
    fn no_tangent(_: &T) {}
}

/// Numbers of which there is a tangent in the same type: a result, a local array or `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` carries no gradient\n\nhelp: put `#[derive(Differentiable)]` on it, if it is a struct of yours; mark an argument that \
               is data with `#[constant]`\n\n[not_differentiable_type]\n\
               https://docs.rs/gradus/latest/gradus/refusals/arguments/#not_differentiable_type",
    label = "no gradient for this type"
)]
pub trait Tangent: Sized {
    /// The same shape with other numbers, in reading order. Data stays what it is, and so do fields that are marked `#[constant]`.
    #[must_use]
    fn renumbered(&self, number: &mut dyn FnMut(f64) -> f64) -> Self;

    /// The tangent of what does not change: −0, in fields that are marked `#[constant]` too. Compiled code does not know which
    /// these are.
    #[must_use]
    #[inline]
    fn unmoved(&self) -> Self {
        self.renumbered(&mut |_| -0.0)
    }

    /// Sets the numbers in fields that are marked `#[constant]` to −0.
    #[inline]
    fn hold(&mut self) {}
}

/// The tangent of what does not change.
#[inline]
pub fn absent<T: Tangent>(primal: &T) -> T {
    primal.unmoved()
}

/// A field that is marked `#[constant]`: `(&&Unmoved(&field)).unmoved()` has −0 for its numbers, by [`UnmovedNumbers`], or is what it
/// is where it has none, by [`UnmovedData`].
pub struct Unmoved<'a, T>(pub &'a T);

/// Numbers.
pub trait UnmovedNumbers {
    /// What it is.
    type Of;
    /// The tangent of what does not change.
    fn unmoved(self) -> Self::Of;
}

impl<T: Tangent> UnmovedNumbers for &&Unmoved<'_, T> {
    type Of = T;
    #[inline]
    fn unmoved(self) -> T {
        self.0.unmoved()
    }
}

/// What has no numbers.
pub trait UnmovedData {
    /// What it is.
    type Of;
    /// The same.
    fn unmoved(self) -> Self::Of;
}

impl<T: Clone> UnmovedData for &Unmoved<'_, T> {
    type Of = T;
    #[inline]
    fn unmoved(self) -> T {
        self.0.clone()
    }
}

/// A direction of the user's as compiled code takes it: fields that are marked `#[constant]` do not change, whatever it says of
/// them.
pub trait Still {
    /// One of its own.
    type Owned: Borrow<Self>;
    /// The same direction, where there may be such fields.
    fn still(&self) -> Option<Self::Owned>;
}

impl<T: Tangent + Differentiable> Still for T {
    type Owned = T;
    #[inline]
    fn still(&self) -> Option<T> {
        T::HAS_CONSTANTS.then(|| held(self))
    }
}

impl<T: Tangent + Differentiable> Still for [T] {
    type Owned = Vec<T>;
    #[inline]
    fn still(&self) -> Option<Vec<T>> {
        T::HAS_CONSTANTS.then(|| self.iter().map(held).collect())
    }
}

/// The same direction with −0 in fields that are marked `#[constant]`. A struct need not be `Clone`.
fn held<T: Tangent>(direction: &T) -> T {
    let mut held = direction.renumbered(&mut |number| number);
    held.hold();
    held
}

/// A tangent as its reader sees it, beside the value: data and fields that are marked `#[constant]` are those of the value.
pub fn shown_beside<T: Tangent + Flatten>(value: &T, tangent: &T) -> T {
    let mut numbers = Vec::new();
    tangent.flatten(&mut numbers);
    let mut numbers = numbers.into_iter();
    value.renumbered(&mut |_| numbers.next().unwrap_or(0.0) + 0.0)
}

/// A tangent as its reader sees it: 0 where nothing changes.
#[inline]
pub fn shown<T: Tangent>(tangent: &T) -> T {
    tangent.renumbered(&mut |number| number + 0.0)
}

/// The tangent of a result on a graph: the result's numbers are the roots, in reading order.
///
/// # Panics
///
/// If there are more or fewer directions than inputs.
pub fn tangent_on_graph<T: Tangent>(
    graph: &Graph,
    value: &T,
    roots: &[Value<'_>],
    inputs: &[Value<'_>],
    directions: &[f64],
) -> T {
    let (expected, given) = (inputs.len(), directions.len());
    assert!(expected == given, "the arguments have {expected} numbers, their tangents {given}");
    let inputs: Vec<_> = inputs.iter().copied().zip(directions.iter().copied()).collect();
    let mut tangents = graph.tangents(roots, &inputs).into_iter();
    value.unmoved().renumbered(&mut |_| tangents.next().unwrap_or(-0.0))
}

/// Replaces the gradients on a graph by how fast they change in one direction.
///
/// # Panics
///
/// If there are more or fewer directions than inputs.
#[track_caller]
pub fn turn_gradients(graph: &Graph, root: Value<'_>, inputs: &[Value<'_>], directions: &[f64]) {
    let (expected, given) = (inputs.len(), directions.len());
    assert!(expected == given, "the arguments have {expected} numbers, their tangents {given}");
    graph.move_gradients(root, inputs, directions);
}

/// What has second derivatives: the item of a function with the option `second`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no second derivatives, and is called by a function that has\n\nhelp: put the option into its attribute too: \
               `#[differentiable(second)]`\n\n[callee_without_second]\n\
               https://docs.rs/gradus/latest/gradus/refusals/calls/#callee_without_second",
    label = "called here"
)]
pub trait Second {
    /// The function itself.
    type Function<F>;
    /// A hidden function of the item, which rustc finds nothing wrong with if there is none.
    fn function<F>(function: F) -> Self::Function<F>;
}

macro_rules! refused {
    ($([$($generics:ident)*] $T:ty),*) => { $(
        /// What is no differentiable function is refused as such.
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Second for $T {
            type Function<F> = F;
            fn function<F>(function: F) -> F {
                function
            }
        }
    )* };
}

refused!([] NotDifferentiable, [Types] PlainGeneric<Types>);

/// The direction that changes the number at `at` alone, in reading order; what is passed by is taken off `at`, which is none after
/// the number.
pub fn direction<T: Tangent>(shape: &T, at: &mut Option<usize>) -> T {
    shape.unmoved().renumbered(&mut |_| {
        let here = *at == Some(0);
        *at = at.and_then(|at| at.checked_sub(1));
        if here { 1.0 } else { -0.0 }
    })
}

/// The same of a list.
#[must_use]
pub fn direction_of(count: usize, at: usize) -> Vec<f64> {
    (0..count).map(|number| if number == at { 1.0 } else { -0.0 }).collect()
}

/// The product of partial derivatives and a direction: the tangent of an operation with partials of its own.
pub fn directional(partials: &[f64], directions: &[f64]) -> f64 {
    partials.iter().zip(directions).fold(-0.0, |sum, (partial, direction)| sum + push(*partial, *direction))
}

#[diagnostic::do_not_recommend]
impl Tangent for f64 {
    #[inline]
    fn renumbered(&self, number: &mut dyn FnMut(f64) -> f64) -> f64 {
        number(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Tangent, const N: usize> Tangent for [T; N] {
    #[inline]
    fn renumbered(&self, number: &mut dyn FnMut(f64) -> f64) -> Self {
        std::array::from_fn(|at| self[at].renumbered(number))
    }
    #[inline]
    fn unmoved(&self) -> Self {
        std::array::from_fn(|at| self[at].unmoved())
    }
    fn hold(&mut self) {
        self.iter_mut().for_each(T::hold);
    }
}

macro_rules! sequences {
    ($($T:ident),*) => { $(
        impl<T: Tangent> Tangent for $T<T> {
            fn renumbered(&self, number: &mut dyn FnMut(f64) -> f64) -> Self {
                self.iter().map(|element| element.renumbered(number)).collect()
            }
            fn unmoved(&self) -> Self {
                self.iter().map(T::unmoved).collect()
            }
            fn hold(&mut self) {
                self.iter_mut().for_each(T::hold);
            }
        }
    )* };
}

sequences!(Vec, VecDeque);

macro_rules! tuples {
    ($( ($($T:ident $at:tt),*) )*) => { $(
        impl<$($T: Tangent),*> Tangent for ($($T,)*) {
            #[inline]
            fn renumbered(&self, number: &mut dyn FnMut(f64) -> f64) -> Self {
                ($(self.$at.renumbered(number),)*)
            }
            #[inline]
            fn unmoved(&self) -> Self {
                ($(self.$at.unmoved(),)*)
            }
            fn hold(&mut self) {
                $(self.$at.hold();)*
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

/// Data has no tangent: it stays what it is.
macro_rules! data {
    ($($T:ty),*) => { $(
        impl Tangent for $T {
            #[inline]
            fn renumbered(&self, _: &mut dyn FnMut(f64) -> f64) -> $T {
                *self
            }
        }
    )* };
}

data!(bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<T: Flatten> Flatten for [T] {
    fn flatten(&self, found: &mut Vec<f64>) {
        self.iter().for_each(|part| part.flatten(found));
    }
}
