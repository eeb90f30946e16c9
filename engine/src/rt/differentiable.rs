//! The shapes that differentiable arguments and results have: as values, as gradients, as buffers.

use super::shift::Shift;
use crate::graph::Graph;
use crate::graph::Value;
use crate::provenance::{Origin, Site};
use std::borrow::Cow;
use std::collections::VecDeque;

/// A type that carries a gradient: `f64`, and arrays, slices, `Vec`s and tuples of such types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` carries no gradient\n\nhelp: put `#[derive(Differentiable)]` on it, if it is a struct of yours; mark an argument that \
               is data with `#[constant]`\n\n[not_differentiable_type]\n\
               https://docs.rs/gradus/latest/gradus/refusals/arguments/#not_differentiable_type",
    label = "no gradient for this type"
)]
pub trait Differentiable {
    /// The same shape of values, owned.
    type Active<'g>: Clone + 'g;
    /// What a reference to it is a reference to on values: slices stay slices.
    type Behind<'g>: ?Sized + 'g;
    /// The argument on values: of a reference a reference, of other types the values themselves.
    type Lent<'l, 'g>
    where
        'g: 'l;
    /// The gradient: the same shape of numbers, owned.
    type Gradient;
    /// What a gradient is added into.
    type Buffer: ?Sized;
    /// What a reference to its tangent is a reference to: slices stay slices.
    type Direction: ?Sized;
    /// A new input of the graph for every number; `name` gives the name of the number after its path (`[2].0`).
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g>;
    /// A gradient of zeros, to be added into.
    fn zeros_like(&self) -> Self::Gradient;
    /// The gradients of the inputs.
    fn gradient(active: &Self::Active<'_>) -> Self::Gradient;
    /// What a reference to the values sees.
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g>;
    /// The values as an argument.
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g>;
    /// The same shape of the numbers that `number` makes of each, in reading order.
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient;

    /// Whether there may be numbers in it that carry no gradient: fields that are marked `#[constant]`.
    const HAS_CONSTANTS: bool = false;

    /// Sets the numbers of a gradient that carry none to the argument's own.
    fn restore(&self, _gradient: &mut Self::Gradient) {}

    /// The same of a buffer.
    fn restore_buffer(&self, _buffer: &mut Self::Buffer) {}

    /// The same numbers, one of which may be changed.
    fn shifted(&self, shift: &mut Shift) -> Self::Gradient {
        self.map_numbers(&mut |number| shift.next(number))
    }

    /// Inputs without names.
    #[inline]
    fn unnamed_inputs<'g>(&self, graph: &'g Graph) -> Self::Active<'g> {
        self.inputs(graph, &mut Namer { argument: None, path: String::new() })
    }

    /// Inputs named after the argument, one of which may be changed.
    fn named_inputs<'g>(
        &self,
        graph: &'g Graph,
        name: &str,
        site: &'static Site,
        shift: &mut Shift,
    ) -> Self::Active<'g> {
        self.inputs(graph, &mut Namer { argument: Some((name, site, shift)), path: String::new() })
    }
}

/// Names inputs after the argument they belong to; without an argument it does nothing.
pub struct Namer<'n> {
    argument: Option<(&'n str, &'static Site, &'n mut Shift)>,
    path: String,
}

impl Namer<'_> {
    fn input<'g>(&mut self, graph: &'g Graph, data: f64) -> Value<'g> {
        match &mut self.argument {
            None => graph.input(data, None),
            Some((name, site, shift)) => {
                let data = shift.next(data);
                graph.input(data, Some(Origin::Site(site))).named(Cow::Owned(format!("{name}{}", self.path)))
            }
        }
    }

    /// Runs `inside` for the part at `step` of the path.
    pub fn part<R>(&mut self, step: std::fmt::Arguments<'_>, inside: impl FnOnce(&mut Self) -> R) -> R {
        if self.argument.is_none() {
            return inside(self);
        }
        let length = self.path.len();
        self.path.push_str(&step.to_string());
        let result = inside(self);
        self.path.truncate(length);
        result
    }
}

#[diagnostic::do_not_recommend]
impl Differentiable for f64 {
    type Active<'g> = Value<'g>;
    type Behind<'g> = Value<'g>;
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = f64;
    type Buffer = f64;
    type Direction = f64;
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Value<'g> {
        name.input(graph, *self)
    }
    fn zeros_like(&self) -> f64 {
        0.0
    }
    fn gradient(active: &Value<'_>) -> f64 {
        active.grad()
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        *active
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> f64 {
        number(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Active<'g> = T::Active<'g>;
    type Behind<'g> = T::Active<'g>;
    type Lent<'l, 'g>
        = &'l T::Behind<'g>
    where
        'g: 'l;
    type Gradient = T::Gradient;
    type Buffer = T::Buffer;
    type Direction = T::Direction;
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> T::Active<'g> {
        (**self).inputs(graph, name)
    }
    fn zeros_like(&self) -> T::Gradient {
        (**self).zeros_like()
    }
    fn gradient(active: &T::Active<'_>) -> T::Gradient {
        T::gradient(active)
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        T::behind(active)
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> T::Gradient {
        (**self).map_numbers(number)
    }
    const HAS_CONSTANTS: bool = T::HAS_CONSTANTS;
    fn restore(&self, gradient: &mut T::Gradient) {
        (**self).restore(gradient);
    }
    fn restore_buffer(&self, buffer: &mut T::Buffer) {
        (**self).restore_buffer(buffer);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Active<'g> = [T::Active<'g>; N];
    type Behind<'g> = [T::Active<'g>; N];
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = [T::Gradient; N];
    type Buffer = [T::Gradient; N];
    type Direction = [T::Gradient; N];
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g> {
        std::array::from_fn(|at| name.part(format_args!("[{at}]"), |name| self[at].inputs(graph, name)))
    }
    fn zeros_like(&self) -> Self::Gradient {
        std::array::from_fn(|at| self[at].zeros_like())
    }
    fn gradient(active: &Self::Active<'_>) -> Self::Gradient {
        std::array::from_fn(|at| T::gradient(&active[at]))
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        active.clone()
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient {
        std::array::from_fn(|at| self[at].map_numbers(number))
    }
    const HAS_CONSTANTS: bool = T::HAS_CONSTANTS;
    fn restore(&self, gradient: &mut Self::Gradient) {
        restore_all(self, gradient);
    }
    fn restore_buffer(&self, buffer: &mut Self::Buffer) {
        restore_all(self, buffer);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Differentiable> Differentiable for [T] {
    type Active<'g> = Vec<T::Active<'g>>;
    type Behind<'g> = [T::Active<'g>];
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = Vec<T::Gradient>;
    type Buffer = [T::Gradient];
    type Direction = [T::Gradient];
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g> {
        let element = |(at, element): (usize, &T)| {
            name.part(format_args!("[{at}]"), |name| element.inputs(graph, name))
        };
        self.iter().enumerate().map(element).collect()
    }
    fn zeros_like(&self) -> Self::Gradient {
        self.iter().map(T::zeros_like).collect()
    }
    fn gradient(active: &Self::Active<'_>) -> Self::Gradient {
        active.iter().map(T::gradient).collect()
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        active.clone()
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient {
        self.iter().map(|element| element.map_numbers(number)).collect()
    }
    const HAS_CONSTANTS: bool = T::HAS_CONSTANTS;
    fn restore(&self, gradient: &mut Self::Gradient) {
        restore_all(self, gradient);
    }
    fn restore_buffer(&self, buffer: &mut Self::Buffer) {
        restore_all(self, buffer);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Differentiable> Differentiable for Vec<T> {
    type Active<'g> = Vec<T::Active<'g>>;
    type Behind<'g> = Vec<T::Active<'g>>;
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = Vec<T::Gradient>;
    type Buffer = [T::Gradient];
    type Direction = Vec<T::Gradient>;
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g> {
        self.as_slice().inputs(graph, name)
    }
    fn zeros_like(&self) -> Self::Gradient {
        self.as_slice().zeros_like()
    }
    fn gradient(active: &Self::Active<'_>) -> Self::Gradient {
        <[T]>::gradient(active)
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        active.clone()
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient {
        self.as_slice().map_numbers(number)
    }
    const HAS_CONSTANTS: bool = T::HAS_CONSTANTS;
    fn restore(&self, gradient: &mut Self::Gradient) {
        restore_all(self, gradient);
    }
    fn restore_buffer(&self, buffer: &mut Self::Buffer) {
        restore_all(self, buffer);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Differentiable> Differentiable for VecDeque<T> {
    type Active<'g> = VecDeque<T::Active<'g>>;
    type Behind<'g> = VecDeque<T::Active<'g>>;
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = VecDeque<T::Gradient>;
    type Buffer = VecDeque<T::Gradient>;
    type Direction = VecDeque<T::Gradient>;
    fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g> {
        let element = |(at, element): (usize, &T)| {
            name.part(format_args!("[{at}]"), |name| element.inputs(graph, name))
        };
        self.iter().enumerate().map(element).collect()
    }
    fn zeros_like(&self) -> Self::Gradient {
        self.iter().map(T::zeros_like).collect()
    }
    fn gradient(active: &Self::Active<'_>) -> Self::Gradient {
        active.iter().map(T::gradient).collect()
    }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        active.clone()
    }
    fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient {
        self.iter().map(|element| element.map_numbers(number)).collect()
    }
    const HAS_CONSTANTS: bool = T::HAS_CONSTANTS;
    fn restore(&self, gradient: &mut Self::Gradient) {
        restore_all(self, gradient);
    }
    fn restore_buffer(&self, buffer: &mut Self::Buffer) {
        restore_all(self, buffer);
    }
}

macro_rules! tuples {
    ($( ($($T:ident $A:ident $at:tt),*) )*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($T: Differentiable),*> Differentiable for ($($T,)*) {
            type Active<'g> = ($($T::Active<'g>,)*);
    type Behind<'g> = ($($T::Active<'g>,)*);
    type Lent<'l, 'g>
        = Self::Active<'g>
    where
        'g: 'l;
    type Gradient = ($($T::Gradient,)*);
    type Buffer = ($($T::Gradient,)*);
    type Direction = ($($T::Gradient,)*);
            fn inputs<'g>(&self, graph: &'g Graph, name: &mut Namer<'_>) -> Self::Active<'g> {
                ($(name.part(format_args!(".{}", $at), |name| self.$at.inputs(graph, name)),)*)
            }
            fn zeros_like(&self) -> Self::Gradient {
                ($(self.$at.zeros_like(),)*)
            }
            fn gradient(active: &Self::Active<'_>) -> Self::Gradient {
                ($($T::gradient(&active.$at),)*)
            }
    fn behind<'l, 'g>(active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> {
        active
    }
    fn lend<'l, 'g: 'l>(active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> {
        active.clone()
    }
            fn map_numbers(&self, number: &mut dyn FnMut(f64) -> f64) -> Self::Gradient {
                ($(self.$at.map_numbers(number),)*)
            }
            const HAS_CONSTANTS: bool = $($T::HAS_CONSTANTS)||*;
            fn restore(&self, gradient: &mut Self::Gradient) {
                $(self.$at.restore(&mut gradient.$at);)*
            }
            fn restore_buffer(&self, buffer: &mut Self::Buffer) {
                self.restore(buffer);
            }
        }
        impl<$($T, $A: AddGradient<$T>),*> AddGradient<($($T,)*)> for ($($A,)*) {
            fn add_gradient(&self, buffer: &mut ($($T,)*)) {
                $(self.$at.add_gradient(&mut buffer.$at);)*
            }
        }
        impl<$($T, $A: Fits<$T>),*> Fits<($($T,)*)> for ($($A,)*) {
            fn misfit(&self, buffer: &($($T,)*)) -> Option<(usize, usize)> {
                None$(.or_else(|| self.$at.misfit(&buffer.$at)))*
            }
        }
        impl<$($T: Roots),*> Roots for ($($T,)*) {
            fn roots<'a>(&self, found: &mut Vec<Value<'a>>) where Self: 'a {
                $(self.$at.roots(found);)*
            }
        }
        impl<$($T: Flatten),*> Flatten for ($($T,)*) {
            fn flatten(&self, found: &mut Vec<f64>) {
                $(self.$at.flatten(found);)*
            }
        }
    )* };
}

fn restore_all<'t, T: Differentiable + 't>(
    arguments: impl IntoIterator<Item = &'t T>,
    gradients: impl IntoIterator<Item = &'t mut T::Gradient>,
) where
    T::Gradient: 't,
{
    if T::HAS_CONSTANTS {
        arguments.into_iter().zip(gradients).for_each(|(argument, gradient)| argument.restore(gradient));
    }
}

/// Sets the numbers of a buffer that carry no gradient to the argument's own: a compiled adjoint does not know which these are.
#[inline]
pub fn restore<T: Differentiable + ?Sized>(argument: &T, buffer: &mut T::Buffer) {
    if T::HAS_CONSTANTS {
        argument.restore_buffer(buffer);
    }
}

/// Values whose gradients can be added into a buffer of type `B`.
pub trait AddGradient<B: ?Sized> {
    /// Adds the gradient.
    fn add_gradient(&self, buffer: &mut B);
}

/// Adds the gradient of an argument, from its inputs, into the caller's buffer.
#[inline]
#[track_caller]
pub fn add_gradient<A: AddGradient<B> + ?Sized, B: ?Sized>(active: &A, buffer: &mut B) {
    active.add_gradient(buffer);
}

impl AddGradient<f64> for Value<'_> {
    #[inline]
    fn add_gradient(&self, buffer: &mut f64) {
        *buffer += self.grad();
    }
}

impl<V: AddGradient<B>, B> AddGradient<[B]> for [V] {
    #[track_caller]
    fn add_gradient(&self, buffer: &mut [B]) {
        let (expected, given) = (self.len(), buffer.len());
        assert!(expected == given, "the gradient has {expected} elements, the buffer {given}");
        for (active, buffer) in self.iter().zip(buffer) {
            active.add_gradient(buffer);
        }
    }
}

impl<V: AddGradient<B>, B> AddGradient<[B]> for Vec<V> {
    #[track_caller]
    fn add_gradient(&self, buffer: &mut [B]) {
        self.as_slice().add_gradient(buffer);
    }
}

impl<V: AddGradient<B>, B> AddGradient<Vec<B>> for Vec<V> {
    #[track_caller]
    fn add_gradient(&self, buffer: &mut Vec<B>) {
        self.as_slice().add_gradient(buffer.as_mut_slice());
    }
}

impl<V: AddGradient<B>, B, const N: usize> AddGradient<[B; N]> for [V; N] {
    fn add_gradient(&self, buffer: &mut [B; N]) {
        for (active, buffer) in self.iter().zip(buffer) {
            active.add_gradient(buffer);
        }
    }
}

impl<V: AddGradient<B>, B> AddGradient<VecDeque<B>> for VecDeque<V> {
    #[track_caller]
    fn add_gradient(&self, buffer: &mut VecDeque<B>) {
        let (expected, given) = (self.len(), buffer.len());
        assert!(expected == given, "the gradient has {expected} elements, the buffer {given}");
        for (active, buffer) in self.iter().zip(buffer) {
            active.add_gradient(buffer);
        }
    }
}

/// Numbers that have the shape of a buffer of type `B`, or not.
pub trait Fits<B: ?Sized> {
    /// Where the two differ in length: that of the argument, and that of the buffer.
    fn misfit(&self, buffer: &B) -> Option<(usize, usize)>;
}

/// Checks that a buffer has the shape of its argument.
///
/// # Panics
///
/// If it has another length.
#[inline]
#[track_caller]
pub fn check_fit<A: Fits<B> + ?Sized, B: ?Sized>(argument: &A, buffer: &B) {
    if let Some((expected, given)) = argument.misfit(buffer) {
        unfit(expected, given);
    }
}

#[cold]
#[track_caller]
fn unfit(expected: usize, given: usize) -> ! {
    panic!("the gradient has {expected} elements, the buffer {given}")
}

impl Fits<f64> for f64 {
    #[inline]
    fn misfit(&self, _: &f64) -> Option<(usize, usize)> {
        None
    }
}

impl<T: Fits<B>, B> Fits<[B]> for [T] {
    #[inline]
    fn misfit(&self, buffer: &[B]) -> Option<(usize, usize)> {
        if self.len() != buffer.len() {
            return Some((self.len(), buffer.len()));
        }
        self.iter().zip(buffer).find_map(|(argument, buffer)| argument.misfit(buffer))
    }
}

/// The same between what is borrowed as slices.
macro_rules! fits {
    ($( [$($generics:tt)*] $To:ty, $From:ty; )*) => { $(
        impl<T: Fits<B>, B, $($generics)*> Fits<$From> for $To {
            #[inline]
            fn misfit(&self, buffer: &$From) -> Option<(usize, usize)> {
                self[..].misfit(&buffer[..])
            }
        }
    )* };
}

fits! {
    [] [T], Vec<B>;
    [] Vec<T>, [B];
    [] Vec<T>, Vec<B>;
    [const N: usize] [T; N], [B; N];
}

impl<T: Fits<B>, B> Fits<VecDeque<B>> for VecDeque<T> {
    fn misfit(&self, buffer: &VecDeque<B>) -> Option<(usize, usize)> {
        if self.len() != buffer.len() {
            return Some((self.len(), buffer.len()));
        }
        self.iter().zip(buffer).find_map(|(argument, buffer)| argument.misfit(buffer))
    }
}

impl<T: Fits<B> + ?Sized, B: ?Sized> Fits<B> for &T {
    #[inline]
    fn misfit(&self, buffer: &B) -> Option<(usize, usize)> {
        (**self).misfit(buffer)
    }
}

/// The values of a result that carry a gradient, in reading order. Integers and `bool`s among them carry none.
pub trait Roots {
    /// Appends them.
    fn roots<'a>(&self, found: &mut Vec<Value<'a>>)
    where
        Self: 'a;
}

/// The numbers of a seed, in reading order.
pub trait Flatten {
    /// Appends them.
    fn flatten(&self, found: &mut Vec<f64>);
}

impl Flatten for f64 {
    fn flatten(&self, found: &mut Vec<f64>) {
        found.push(*self);
    }
}

/// A result that is a single number, so that it has a gradient.
///
/// (The parameter lets a bound that never holds stand on a function that is never called.)
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` has no gradient: each of its values has one\n\nhelp: call its `_vjp(…, seed)` \
               for the gradient of a weighted sum of them, or `_jacobian(…)` for one gradient a \
               value\n\n[gradient_of_several_values]\n\
               https://docs.rs/gradus/latest/gradus/refusals/results/#gradient_of_several_values",
    label = "this function has `_vjp` and `_jacobian`"
)]
pub trait SingleValue<Marker> {
    /// What a function gives that only a single value would have, and that has several.
    type Nothing;
    /// The number itself.
    fn single(active: Value<'_>) -> Value<'_>;
    /// 1, the seed of the reverse sweep.
    fn one() -> Self;
}

#[diagnostic::do_not_recommend]
impl<Marker> SingleValue<Marker> for f64 {
    type Nothing = std::convert::Infallible;
    #[inline]
    fn single(active: Value<'_>) -> Value<'_> {
        active
    }
    #[inline]
    fn one() -> f64 {
        1.0
    }
}

tuples! {
    (A X 0)
    (A X 0, B Y 1)
    (A X 0, B Y 1, C Z 2)
    (A X 0, B Y 1, C Z 2, D U 3)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4, F W 5)
}
