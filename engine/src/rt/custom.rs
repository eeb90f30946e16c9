//! Functions with the option `partials`: calls of the function that gives the partials, and nodes that keep what both
//! functions are called with.

use super::Flatten;
use crate::custom::CustomOperation;
use crate::graph::Value;
use crate::provenance::{Origin, Site};
use std::collections::VecDeque;
use std::sync::Arc;

/// A function that gives the partial derivatives of another, which has the same arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give the partial derivatives of this function\n\nhelp: it takes the same arguments, `{Arguments}`, \
               and returns one derivative for each that carries a gradient: `{Gradient}`\n\n[partials_signature]\n\
               https://docs.rs/gradus/latest/gradus/refusals/attribute/#partials_signature",
    label = "not a function with these arguments and this result"
)]
pub trait PartialsFunction<Arguments, Gradient> {
    /// Calls it.
    fn partials(&self, arguments: Arguments) -> Gradient;
}

/// A function that gives how fast the partial derivatives of another change: it takes the same arguments, and then a tangent for
/// each that carries a gradient.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give the second derivatives of this function\n\nhelp: it takes the arguments and then a tangent for each \
               that carries a gradient, `{Arguments}`, and returns how fast the partial derivatives change: \
               `{Gradient}`\n\n[second_partials_signature]\n\
               https://docs.rs/gradus/latest/gradus/refusals/attribute/#second_partials_signature",
    label = "not a function with these arguments and this result"
)]
pub trait SecondPartialsFunction<Arguments, Gradient> {
    /// Calls it.
    fn second_partials(&self, arguments: Arguments) -> Gradient;
}

/// How fast the partials change.
#[inline]
#[allow(
    clippy::needless_pass_by_value,
    reason = "an error points at the function, which is a path of the user's"
)]
pub fn second_partials<Arguments, Gradient, Function>(function: Function, arguments: Arguments) -> Gradient
where
    Function: SecondPartialsFunction<Arguments, Gradient>,
{
    function.second_partials(arguments)
}

macro_rules! functions {
    ($( ($($A:ident $a:ident),*) )*) => { $(
        #[diagnostic::do_not_recommend]
        impl<Function: Fn($($A),*) -> Gradient, $($A,)* Gradient> PartialsFunction<($($A,)*), Gradient> for Function {
            #[inline]
            fn partials(&self, ($($a,)*): ($($A,)*)) -> Gradient {
                self($($a),*)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Function: Fn($($A),*) -> Gradient, $($A,)* Gradient> SecondPartialsFunction<($($A,)*), Gradient> for Function {
            #[inline]
            fn second_partials(&self, ($($a,)*): ($($A,)*)) -> Gradient {
                self($($a),*)
            }
        }
    )* };
}

functions! {
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, F f)
    (A a, B b, C c, D d, E e, F f, G g)
    (A a, B b, C c, D d, E e, F f, G g, H h)
    (A a, B b, C c, D d, E e, F f, G g, H h, I i)
    (A a, B b, C c, D d, E e, F f, G g, H h, I i, J j)
    (A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k)
    (A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l)
}

/// The partials at these arguments.
#[inline]
#[allow(
    clippy::needless_pass_by_value,
    reason = "an error points at the function, which is a path of the user's"
)]
pub fn partials<Arguments, Gradient, Function>(function: Function, arguments: Arguments) -> Gradient
where
    Function: PartialsFunction<Arguments, Gradient>,
{
    function.partials(arguments)
}

/// Partials that can be added into a buffer of type `B`.
pub trait AddPartials<B: ?Sized> {
    /// Adds them, each times `factor`; where the lengths differ, how many there are and how many it takes.
    ///
    /// # Errors
    ///
    /// The two lengths.
    fn add_partials(&self, factor: f64, buffer: &mut B) -> Result<(), (usize, usize)>;
}

impl AddPartials<f64> for f64 {
    #[inline]
    fn add_partials(&self, factor: f64, buffer: &mut f64) -> Result<(), (usize, usize)> {
        *buffer += self * factor;
        Ok(())
    }
}

impl<P: AddPartials<B>, B> AddPartials<[B]> for [P] {
    #[inline]
    fn add_partials(&self, factor: f64, buffer: &mut [B]) -> Result<(), (usize, usize)> {
        if self.len() != buffer.len() {
            return Err((self.len(), buffer.len()));
        }
        self.iter().zip(buffer).try_for_each(|(partials, buffer)| partials.add_partials(factor, buffer))
    }
}

impl<P: AddPartials<B>, B> AddPartials<[B]> for Vec<P> {
    #[inline]
    fn add_partials(&self, factor: f64, buffer: &mut [B]) -> Result<(), (usize, usize)> {
        self.as_slice().add_partials(factor, buffer)
    }
}

impl<P: AddPartials<B>, B> AddPartials<Vec<B>> for Vec<P> {
    #[inline]
    fn add_partials(&self, factor: f64, buffer: &mut Vec<B>) -> Result<(), (usize, usize)> {
        self.as_slice().add_partials(factor, buffer.as_mut_slice())
    }
}

impl<P: AddPartials<B>, B, const N: usize> AddPartials<[B; N]> for [P; N] {
    #[inline]
    fn add_partials(&self, factor: f64, buffer: &mut [B; N]) -> Result<(), (usize, usize)> {
        self.as_slice().add_partials(factor, buffer.as_mut_slice())
    }
}

/// Adds the partials for a parameter, each times `factor`, into its buffer.
///
/// # Panics
///
/// If there are more or fewer than the argument has numbers.
#[inline]
pub fn add_partials<P, B>(function: &str, parameter: &str, partials: &P, factor: f64, buffer: &mut B)
where
    P: AddPartials<B> + ?Sized,
    B: ?Sized,
{
    if let Err((given, expected)) = partials.add_partials(factor, buffer) {
        wrong_length(function, parameter, given, expected);
    }
}

/// Appends the partials for a parameter, one for each number of the argument.
///
/// # Panics
///
/// If there are more or fewer.
pub fn flatten_partials(
    function: &str,
    parameter: &str,
    partials: &(impl Flatten + ?Sized),
    argument: &(impl Flatten + ?Sized),
    numbers: &mut Vec<f64>,
) {
    let (mut given, mut expected) = (Vec::new(), Vec::new());
    partials.flatten(&mut given);
    argument.flatten(&mut expected);
    if given.len() != expected.len() {
        wrong_length(function, parameter, given.len(), expected.len());
    }
    numbers.append(&mut given);
}

#[cold]
fn wrong_length(function: &str, parameter: &str, given: usize, expected: usize) -> ! {
    panic!("the partials of `{function}` for `{parameter}` are {given} numbers, and it has {expected}")
}

/// Numbers of a shape that can be given others.
pub trait Fill: Clone {
    /// Takes the first of `numbers`, as many as there are places.
    fn fill(&mut self, numbers: &mut &[f64]);
}

/// A copy of `shape` with the first of `numbers` in it.
pub fn filled<T: Fill>(shape: &T, numbers: &mut &[f64]) -> T {
    let mut filled = shape.clone();
    filled.fill(numbers);
    filled
}

impl Fill for f64 {
    #[inline]
    fn fill(&mut self, numbers: &mut &[f64]) {
        let (first, rest) = numbers.split_first().expect("a number for every place");
        (*self, *numbers) = (*first, rest);
    }
}

macro_rules! sequences {
    ($( [$($generics:tt)*] $T:ty; )*) => { $(
        impl<T: Fill, $($generics)*> Fill for $T {
            #[inline]
            fn fill(&mut self, numbers: &mut &[f64]) {
                self.iter_mut().for_each(|part| part.fill(numbers));
            }
        }
    )* };
}

sequences! {
    [] Vec<T>;
    [] VecDeque<T>;
    [const N: usize] [T; N];
}

macro_rules! tuples {
    ($( ($($T:ident $A:ident $at:tt),*) )*) => { $(
        impl<$($T: Fill),*> Fill for ($($T,)*) {
            #[inline]
            fn fill(&mut self, numbers: &mut &[f64]) {
                $(self.$at.fill(numbers);)*
            }
        }
        impl<$($T, $A: AddPartials<$T>),*> AddPartials<($($T,)*)> for ($($A,)*) {
            #[inline]
            fn add_partials(&self, factor: f64, buffer: &mut ($($T,)*)) -> Result<(), (usize, usize)> {
                $(self.$at.add_partials(factor, &mut buffer.$at)?;)*
                Ok(())
            }
        }
    )* };
}

tuples! {
    (A X 0)
    (A X 0, B Y 1)
    (A X 0, B Y 1, C Z 2)
    (A X 0, B Y 1, C Z 2, D U 3)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4, F W 5)
}

/// One node for a call of a function with partials of its own. Both functions are given what the node keeps, and the numbers
/// of its operands.
#[track_caller]
pub fn custom<'g, S: Send + Sync + 'static>(
    site: &'static Site,
    name: &'static str,
    operands: &[Value<'g>],
    state: S,
    value: impl Fn(&S, &[f64]) -> f64 + Send + Sync + 'static,
    partials: impl Fn(&S, &[f64]) -> Vec<f64> + Send + Sync + 'static,
) -> Value<'g> {
    CustomOperation::with_state(name, state, value, partials).apply_at(operands, Some(Origin::Site(site)))
}

/// The same of one that gives its second derivatives too.
#[track_caller]
pub fn custom_second<'g, S: Send + Sync + 'static>(
    site: &'static Site,
    name: &'static str,
    operands: &[Value<'g>],
    state: S,
    value: impl Fn(&S, &[f64]) -> f64 + Send + Sync + 'static,
    partials: impl Fn(&S, &[f64]) -> Vec<f64> + Send + Sync + 'static,
    second: impl Fn(&S, &[f64], &[f64]) -> Vec<f64> + Send + Sync + 'static,
) -> Value<'g> {
    let state = Arc::new(state);
    let kept = state.clone();
    let value = move |state: &Arc<S>, operands: &[f64]| value(state, operands);
    let partials = move |state: &Arc<S>, operands: &[f64]| partials(state, operands);
    CustomOperation::with_state(name, state, value, partials)
        .with_second(move |operands, direction| second(&kept, operands, direction))
        .apply_at(operands, Some(Origin::Site(site)))
}
