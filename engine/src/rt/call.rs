//! The protocol between differentiable functions.
//!
//! A differentiable function `f` has a companion item `f` in the type namespace, so that it travels with every `use` of the
//! function. A caller that has an active argument calls `f::on_values`; which of its parameters carry a gradient only
//! the callee knows, and tells by [`Parameter`]. Arguments are *held* as the callee wants them, then *given*.

use super::convert::{Lift, Plain};
use std::marker::PhantomData;

/// What the parameter at a position takes: [`Active`], [`Constant`] or [`Seen`].
pub trait Parameter<const AT: usize> {
    /// One of these.
    type Kind;
}

/// A parameter that carries a gradient.
pub struct Active;

/// A parameter marked `#[constant]`, or data.
pub struct Constant;

/// A parameter that is a function of values.
pub struct Function;

/// A parameter of a method whose result carries no gradient: the method sees the plain numbers.
pub struct Seen;

/// A parameter of a function that is not differentiable: the call is refused anyway.
pub struct Refused;

/// Stands for a function that has no companion item.
pub struct NotDifferentiable;

impl NotDifferentiable {
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __called: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __called_with: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const on_values: NoValues = NoValues;
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __partials: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __forward: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __reverse: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __tangent: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __second_forward: () = ();
    /// What is never called.
    #[allow(non_upper_case_globals, reason = "it stands where a function would")]
    pub const __second_reverse: () = ();
    /// Nothing is reached through it.
    pub const fn __reached(_: &mut super::Reached) {}
}

impl<const AT: usize> Parameter<AT> for NotDifferentiable {
    type Kind = Refused;
}

/// The same for one that is called with generic arguments. `Types` has their types: constants, as far as can be seen.
pub struct PlainGeneric<Types>(PhantomData<Types>);

impl<Types> PlainGeneric<Types> {
    /// Nothing is reached through it.
    pub const fn __reached(_: &mut super::Reached) {}
}

impl<Types, const AT: usize> Parameter<AT> for PlainGeneric<Types> {
    type Kind = Refused;
}

macro_rules! generic {
    ($($($N:ident: $Type:ty),*;)*) => { $(
        impl PlainGeneric<($($Type,)*)> {
            /// What is never called.
            pub fn __called<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __called_with<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __partials<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __forward<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __reverse<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __tangent<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __second_forward<$(const $N: $Type),*>() {}
            /// What is never called.
            pub fn __second_reverse<$(const $N: $Type),*>() {}
        }
    )* };
}

generic! {
    A: usize;
    A: bool;
    A: char;
    A: usize, B: usize;
    A: usize, B: bool;
    A: usize, B: char;
    A: bool, B: usize;
    A: bool, B: bool;
    A: bool, B: char;
    A: char, B: usize;
    A: char, B: bool;
    A: char, B: char;
    A: usize, B: usize, C: usize;
    A: usize, B: usize, C: usize, D: usize;
}

/// A function by its name: itself, and the same on values, if it is differentiable.
pub struct NamedFunction<P, V>(pub P, pub V);

/// Stands for the function on values of one that has none.
pub struct NoValues;

/// A function on values. `Arguments` are what it takes, so that rustc finds out how many.
#[diagnostic::on_unimplemented(
    message = "a function that is not differentiable is given to one that calls it with active values\n\nhelp: put \
               `#[differentiable]` on that function, or say that the derivative is not wanted: \
               `stop_gradient(…)`\n\n[call_of_plain_function]\n\
               https://docs.rs/gradus/latest/gradus/refusals/calls/#call_of_plain_function",
    label = "this function would lose the derivative"
)]
pub trait OnValues<Arguments> {}

macro_rules! on_values {
    ($(($($T:ident),*))*) => { $(
        impl<F, R, $($T),*> OnValues<($($T,)*)> for F where F: Fn($($T),*) -> R {}
    )* };
}

on_values! { (A) (A, B) (A, B, C) (A, B, C, D) }

/// How a parameter of this kind holds a function that is given by its name.
pub trait HoldNamed<F, Arguments> {
    /// The argument, held.
    type Held: Held;
    /// Takes the argument.
    fn hold(function: F) -> Self::Held;
}

impl<P, V: OnValues<Arguments>, Arguments> HoldNamed<NamedFunction<P, V>, Arguments> for Function {
    type Held = Owned<V>;
    #[inline]
    fn hold(function: NamedFunction<P, V>) -> Owned<V> {
        Owned(Some(function.1))
    }
}

macro_rules! hold_plain {
    ($($Kind:ident),*) => { $(
        impl<P, V> HoldNamed<NamedFunction<P, V>, ()> for $Kind {
            type Held = Owned<P>;
            #[inline]
            fn hold(function: NamedFunction<P, V>) -> Owned<P> {
                Owned(Some(function.0))
            }
        }
    )* };
}

hold_plain! { Constant, Active, Seen, Refused }

/// How a parameter of this kind holds an active argument.
#[diagnostic::on_unimplemented(
    message = "an active value is given to a parameter that is marked `#[constant]`, which loses its derivative\n\nhelp: if that \
               is meant, say so: `stop_gradient(…)`; else remove `#[constant]` from the parameter\n\n[constant_argument]\n\
               https://docs.rs/gradus/latest/gradus/refusals/calls/#constant_argument",
    label = "this argument is active"
)]
pub trait HoldActive<T> {
    /// The argument, held.
    type Held: Held;
    /// Takes the argument.
    fn hold(argument: T) -> Self::Held;
}

/// How a parameter of this kind holds a passive argument.
pub trait HoldPassive<'g, T> {
    /// The argument, held.
    type Held: Held;
    /// Takes the argument.
    fn hold(argument: T) -> Self::Held;
}

/// An argument that waits to be given.
pub trait Held {
    /// As the callee takes it.
    type Given<'a>
    where
        Self: 'a;
    /// Gives it, once.
    fn give(&mut self) -> Self::Given<'_>;
}

/// An argument given as it came.
pub struct Owned<T>(Option<T>);

impl<T> Owned<T> {
    /// Holds the argument.
    pub fn of(argument: T) -> Owned<T> {
        Owned(Some(argument))
    }
}

impl<T> Held for Owned<T> {
    type Given<'a>
        = T
    where
        T: 'a;
    #[inline]
    fn give(&mut self) -> T {
        self.0.take().expect("an argument is given once")
    }
}

/// Passive numbers behind a reference, lifted: the callee borrows the lifted ones.
pub struct Lifted<T>(T);

impl<T> Held for Lifted<T> {
    type Given<'a>
        = &'a T
    where
        T: 'a;
    #[inline]
    fn give(&mut self) -> &T {
        &self.0
    }
}

impl<T> HoldActive<T> for Active {
    type Held = Owned<T>;
    #[inline]
    fn hold(argument: T) -> Owned<T> {
        Owned(Some(argument))
    }
}

impl<T: Plain> HoldActive<T> for Seen {
    type Held = Owned<T::Numbers>;
    #[inline]
    fn hold(argument: T) -> Self::Held {
        Owned(Some(argument.plain()))
    }
}

impl<T: Plain> HoldPassive<'_, T> for Seen {
    type Held = Owned<T::Numbers>;
    #[inline]
    fn hold(argument: T) -> Self::Held {
        Owned(Some(argument.plain()))
    }
}

impl<T> HoldActive<T> for Refused {
    type Held = Owned<T>;
    fn hold(argument: T) -> Owned<T> {
        Owned(Some(argument))
    }
}

impl<T> HoldPassive<'_, T> for Refused {
    type Held = Owned<T>;
    fn hold(argument: T) -> Owned<T> {
        Owned(Some(argument))
    }
}

impl<T> HoldPassive<'_, T> for Constant {
    type Held = Owned<T>;
    #[inline]
    fn hold(argument: T) -> Owned<T> {
        Owned(Some(argument))
    }
}

impl<'g> HoldPassive<'g, f64> for Active {
    type Held = Owned<crate::Value<'g>>;
    #[inline]
    fn hold(argument: f64) -> Self::Held {
        Owned(Some(crate::Value::from(argument)))
    }
}

impl<'g, T: Lift<'g>, const N: usize> HoldPassive<'g, [T; N]> for Active {
    type Held = Owned<[T::Lifted; N]>;
    #[inline]
    fn hold(argument: [T; N]) -> Self::Held {
        Owned(Some(argument.lift()))
    }
}

impl<'g, T: Lift<'g>> HoldPassive<'g, Vec<T>> for Active {
    type Held = Owned<Vec<T::Lifted>>;
    #[inline]
    fn hold(argument: Vec<T>) -> Self::Held {
        Owned(Some(argument.lift()))
    }
}

impl<'g, T: Lift<'g> + ?Sized> HoldPassive<'g, &T> for Active {
    type Held = Lifted<T::Lifted>;
    #[inline]
    fn hold(argument: &T) -> Self::Held {
        Lifted(argument.lift())
    }
}

macro_rules! tuples {
    ($( ($($T:ident),*) )*) => { $(
        impl<'g, $($T: Lift<'g>),*> HoldPassive<'g, ($($T,)*)> for Active {
            type Held = Owned<($($T::Lifted,)*)>;
            #[inline]
            fn hold(argument: ($($T,)*)) -> Self::Held {
                Owned(Some(argument.lift()))
            }
        }
    )* };
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }

/// A function that can be called with active values: its companion item.
#[diagnostic::on_unimplemented(
    message = "a function that is not differentiable is called with an active value\n\nhelp: put `#[differentiable]` on that \
               function, or say that the derivative is not wanted: `stop_gradient(…)`\n\n[call_of_plain_function]\n\
               https://docs.rs/gradus/latest/gradus/refusals/calls/#call_of_plain_function",
    label = "this call would lose the derivative"
)]
pub trait Callable {
    /// The function itself.
    type Function<F>;
    /// The function on values, which rustc finds nothing wrong with if there is none.
    fn function<F>(on_values: F) -> Self::Function<F>;
}

/// The same for what has the name of a companion, as `f_grad` has.
#[diagnostic::on_unimplemented(
    message = "a gradient is computed inside a differentiable function, which is not supported\n\nhelp: call it outside; second \
               derivatives are what `#[differentiable(second)]` gives, as `f_hvp` and `f_hessian`; on a function of your own put \
               `#[differentiable]`\n\n[second_derivative]\n\
               https://docs.rs/gradus/latest/gradus/refusals/calls/#second_derivative",
    label = "this call would need a second derivative"
)]
pub trait CallableAgain {
    /// The function itself.
    type Function<F>;
    /// The function on values.
    fn function<F>(on_values: F) -> Self::Function<F>;
}

#[diagnostic::do_not_recommend]
impl<T: Callable> CallableAgain for T {
    type Function<F> = T::Function<F>;
    #[inline]
    fn function<F>(on_values: F) -> T::Function<F> {
        T::function(on_values)
    }
}

/// Checks that a call went to the companion item of the function that it names. A plain function hides an annotated one
/// of the same name that a glob import brings along, but not its item; only here do the two meet.
///
/// # Panics
///
/// If they are two functions.
#[inline]
#[track_caller]
pub fn same_function<Named, Annotated>(_: &Named, _: &Annotated) {
    let (named, annotated) = (std::any::type_name::<Named>(), std::any::type_name::<Annotated>());
    assert!(
        named == annotated,
        "`{named}` is called with an active value, and it is not differentiable: it hides `{annotated}`, which is; put \
         `#[differentiable]` on it, or give it another name"
    );
}
