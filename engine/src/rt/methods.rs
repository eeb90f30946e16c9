//! Methods of structs and functions that belong to them: how a caller that does not know the type reaches them. The name is a
//! number, so that nothing has to be imported; rustc finds the type.

use super::call::{Active, HoldActive, HoldPassive, Parameter};
use super::differentiable::Differentiable;
use super::frame::Frame;
use super::seed::Scratch;
use crate::trace::record::TraceMode;

/// A differentiable method, the name of which is `NAME`.
#[diagnostic::on_unimplemented(
    message = "a method of `{Self}` that is not differentiable is called with an active value\n\nhelp: put `#[differentiable]` \
               on the `impl` block that it is in; or say that the derivative is not wanted: \
               `stop_gradient(…)`\n\nhelp: if the method changes what it is called on, write `Type::name(&mut value, \
               …)`\n\n[method_not_differentiable]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#method_not_differentiable",
    label = "this call would lose the derivative"
)]
pub trait Method<const NAME: u128>: Differentiable + Sized {
    /// What tells which of its parameters carry a gradient.
    type Item;
    /// What it takes, but for the receiver.
    type Arguments<'a>;
    /// The same on values.
    type Given<'a, 'g: 'a>;
    /// Where the gradients of these are added.
    type Buffers<'a>;
    /// What it gives.
    type Output;
    /// The same on values.
    type Values<'g>;
    /// The method on values.
    fn on_values<'a, 'g: 'a, M: TraceMode>(
        mode: M,
        this: &Self::Active<'g>,
        given: Self::Given<'a, 'g>,
    ) -> Self::Values<'g>;
    /// The forward half.
    fn forward(this: &Self, arguments: Self::Arguments<'_>, frame: &mut Frame) -> Self::Output;
    /// The reverse half.
    fn reverse(
        this: &Self,
        arguments: Self::Arguments<'_>,
        frame: &mut Frame,
        seed: &Self::Output,
        gradient: &mut Self::Gradient,
        buffers: Self::Buffers<'_>,
    );
}

/// A differentiable function that belongs to a type and has no receiver.
#[diagnostic::on_unimplemented(
    message = "a function of `{Self}` that is not differentiable is called with an active value\n\nhelp: put \
               `#[differentiable]` on the `impl` block that it is in; or say that the derivative is not wanted: \
               `stop_gradient(…)`\n\n[method_not_differentiable]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#method_not_differentiable",
    label = "this call would lose the derivative"
)]
pub trait Associated<const NAME: u128> {
    /// What tells which of its parameters carry a gradient.
    type Item;
    /// What it takes.
    type Arguments<'a>;
    /// The same on values.
    type Given<'a, 'g: 'a>;
    /// Where the gradients of these are added.
    type Buffers<'a>;
    /// What it gives.
    type Output;
    /// The same on values.
    type Values<'g>;
    /// The function on values.
    fn on_values<'a, 'g: 'a, M: TraceMode>(mode: M, given: Self::Given<'a, 'g>) -> Self::Values<'g>;
    /// The forward half.
    fn forward(arguments: Self::Arguments<'_>, frame: &mut Frame) -> Self::Output;
    /// The reverse half.
    fn reverse(
        arguments: Self::Arguments<'_>,
        frame: &mut Frame,
        seed: &Self::Output,
        buffers: Self::Buffers<'_>,
    );
}

/// A differentiable method that may fail.
pub trait FailingMethod<const NAME: u128>: Method<NAME> {
    /// What it gives if it does not fail.
    type Value;
    /// The `Option` or `Result` that it gives.
    type Whole<'a>
    where
        Self: 'a;
    /// The forward half.
    fn try_forward<'a>(this: &'a Self, arguments: Self::Arguments<'a>, frame: &mut Frame) -> Self::Whole<'a>;
    /// The reverse half, of a call that has not failed.
    fn try_reverse(
        this: &Self,
        arguments: Self::Arguments<'_>,
        frame: &mut Frame,
        seed: &Self::Value,
        gradient: &mut Self::Gradient,
        buffers: Self::Buffers<'_>,
    );
}

/// The same of a function that belongs to a type.
pub trait FailingAssociated<const NAME: u128>: Associated<NAME> {
    /// What it gives if it does not fail.
    type Value;
    /// The `Option` or `Result` that it gives.
    type Whole<'a>;
    /// The forward half.
    fn try_forward<'a>(arguments: Self::Arguments<'a>, frame: &mut Frame) -> Self::Whole<'a>;
    /// The reverse half, of a call that has not failed.
    fn try_reverse(
        arguments: Self::Arguments<'_>,
        frame: &mut Frame,
        seed: &Self::Value,
        buffers: Self::Buffers<'_>,
    );
}

/// What a method is called on: a struct on values, or a plain one beside active arguments.
#[diagnostic::on_unimplemented(
    message = "a method of a type without a gradient is called with an active value\n\nhelp: put `#[derive(Differentiable)]` on \
               the type and `#[differentiable]` on its `impl` block; or say that the derivative is not wanted: \
               `stop_gradient(…)`\n\n[method_not_differentiable]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#method_not_differentiable",
    label = "this call would lose the derivative"
)]
pub trait Receiver<'g> {
    /// The struct of plain numbers.
    type Plain: Differentiable;
    /// Runs with the struct on values.
    fn with<R>(&self, run: impl FnOnce(&<Self::Plain as Differentiable>::Active<'g>) -> R) -> R;
}

impl<'g, T: Receiver<'g> + ?Sized> Receiver<'g> for &T {
    type Plain = T::Plain;
    #[inline]
    fn with<R>(&self, run: impl FnOnce(&<T::Plain as Differentiable>::Active<'g>) -> R) -> R {
        (**self).with(run)
    }
}

impl<'g, T: Receiver<'g> + ?Sized> Receiver<'g> for &mut T {
    type Plain = T::Plain;
    #[inline]
    fn with<R>(&self, run: impl FnOnce(&<T::Plain as Differentiable>::Active<'g>) -> R) -> R {
        (**self).with(run)
    }
}

type ItemOf<'g, R, const NAME: u128> = <<R as Receiver<'g>>::Plain as Method<NAME>>::Item;
type KindOf<'g, R, const NAME: u128, const AT: usize> = <ItemOf<'g, R, NAME> as Parameter<AT>>::Kind;

/// Holds an active argument as the method wants it.
#[inline]
pub fn hold_active<'g, const NAME: u128, const AT: usize, R, A>(
    _: &R,
    argument: A,
) -> <KindOf<'g, R, NAME, AT> as HoldActive<A>>::Held
where
    R: Receiver<'g>,
    R::Plain: Method<NAME>,
    ItemOf<'g, R, NAME>: Parameter<AT>,
    KindOf<'g, R, NAME, AT>: HoldActive<A>,
{
    KindOf::<'g, R, NAME, AT>::hold(argument)
}

/// Holds a passive argument as the method wants it.
#[inline]
pub fn hold_passive<'g, const NAME: u128, const AT: usize, R, A>(
    _: &R,
    argument: A,
) -> <KindOf<'g, R, NAME, AT> as HoldPassive<'g, A>>::Held
where
    R: Receiver<'g>,
    R::Plain: Method<NAME>,
    ItemOf<'g, R, NAME>: Parameter<AT>,
    KindOf<'g, R, NAME, AT>: HoldPassive<'g, A>,
{
    KindOf::<'g, R, NAME, AT>::hold(argument)
}

/// Calls a method on values.
#[inline]
#[track_caller]
pub fn method<'a, 'g: 'a, const NAME: u128, M, R>(
    mode: M,
    receiver: &R,
    given: <R::Plain as Method<NAME>>::Given<'a, 'g>,
) -> <R::Plain as Method<NAME>>::Values<'g>
where
    M: TraceMode,
    R: Receiver<'g>,
    R::Plain: Method<NAME>,
{
    receiver.with(|this| <R::Plain as Method<NAME>>::on_values(mode, this, given))
}

/// The forward half of a method.
#[inline]
#[track_caller]
pub fn method_forward<const NAME: u128, T: Method<NAME>>(
    this: &T,
    arguments: T::Arguments<'_>,
    frame: &mut Frame,
) -> T::Output {
    T::forward(this, arguments, frame)
}

/// The reverse half of a method.
#[inline]
#[track_caller]
pub fn method_reverse<const NAME: u128, T: Method<NAME>>(
    this: &T,
    arguments: T::Arguments<'_>,
    frame: &mut Frame,
    seed: &T::Output,
    gradient: &mut T::Gradient,
    buffers: T::Buffers<'_>,
) {
    T::reverse(this, arguments, frame, seed, gradient, buffers);
}

/// The forward half of a method that may fail.
#[inline]
#[track_caller]
pub fn method_try_forward<'a, const NAME: u128, T: FailingMethod<NAME>>(
    this: &'a T,
    arguments: T::Arguments<'a>,
    frame: &mut Frame,
) -> T::Whole<'a> {
    T::try_forward(this, arguments, frame)
}

/// The reverse half of a call of such a method that has not failed.
#[inline]
#[track_caller]
pub fn method_try_reverse<const NAME: u128, T: FailingMethod<NAME>>(
    this: &T,
    arguments: T::Arguments<'_>,
    frame: &mut Frame,
    seed: &T::Value,
    gradient: &mut T::Gradient,
    buffers: T::Buffers<'_>,
) {
    T::try_reverse(this, arguments, frame, seed, gradient, buffers);
}

/// A buffer of a caller, if it wants the gradient.
pub enum Lent<'a, B: ?Sized> {
    /// The gradient is added into it.
    Into(&'a mut B),
    /// The caller's argument is passive.
    Nobody,
}

/// A buffer that nobody reads.
#[inline]
pub fn scratch<T: Differentiable + ?Sized>(argument: &T) -> T::Gradient {
    <Active as Scratch<T>>::scratch(argument)
}
