//! Numbers into `Value`s and back.

use super::operations::Operand;
use crate::graph::Value;
use crate::trace::record;
use std::collections::VecDeque;

/// The plain number of an operand, for comparisons and predicates.
#[inline]
pub fn number<'g>(operand: impl Operand<'g>) -> f64 {
    operand.operand().data()
}

/// A number that is known at compile time, as a value.
pub const fn constant<'g>(number: f64) -> Value<'g> {
    Value::of_number(number)
}

/// What an active value may be cast to: `f64`, whatever it is called there.
#[diagnostic::on_unimplemented(
    message = "casting an active value to `{Self}` loses its derivative\n\nhelp: if that is meant, say so: `stop_gradient(…) \
               as {Self}`\n\n[cast_to_integer]\n\
               https://docs.rs/gradus/latest/gradus/refusals/values/#cast_to_integer",
    label = "not `f64`"
)]
pub trait CastTarget {}

impl CastTarget for f64 {}

/// A cast of a value to another name of `f64`.
#[inline]
pub fn cast<T: CastTarget>(value: Value<'_>) -> Value<'_> {
    value
}

/// Passive numbers as constants, in the shape they come in, for a place that holds active ones.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot become part of an active value",
    label = "a number that carries no gradient goes into a place that carries one"
)]
pub trait Lift<'g> {
    /// The same shape of values.
    type Lifted;
    /// Each number as a constant.
    fn lift(&self) -> Self::Lifted;
}

/// Lifts a number, array, `Vec` or tuple; behind a reference the result is owned.
#[inline]
pub fn lift<'g, T: Lift<'g>>(numbers: T) -> T::Lifted {
    numbers.lift()
}

impl<'g> Lift<'g> for f64 {
    type Lifted = Value<'g>;
    #[inline]
    fn lift(&self) -> Value<'g> {
        Value::from(*self)
    }
}

impl<'g> Lift<'g> for Value<'g> {
    type Lifted = Value<'g>;
    #[inline]
    fn lift(&self) -> Value<'g> {
        *self
    }
}

/// The plain numbers of values, for code that looks at numbers only. Numbers stay what they are.
#[diagnostic::on_unimplemented(
    message = "the plain numbers of `{Self}` cannot be shown",
    label = "not a number, nor a sequence or tuple of numbers"
)]
pub trait Plain {
    /// The same shape of numbers.
    type Numbers;
    /// Each value's number.
    fn plain(&self) -> Self::Numbers;
}

/// The plain numbers of a value, sequence or tuple; behind a reference the result is owned.
#[inline]
pub fn plain<T: Plain>(values: T) -> T::Numbers {
    values.plain()
}

impl Plain for Value<'_> {
    type Numbers = f64;
    #[inline]
    fn plain(&self) -> f64 {
        record::plain_number(*self);
        self.data()
    }
}

macro_rules! plain_already {
    ($($T:ty),*) => { $(
        impl Plain for $T {
            type Numbers = $T;
            #[inline]
            fn plain(&self) -> $T {
                *self
            }
        }
    )* };
}

plain_already!(f64, bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// The shapes: the trait of each part gives that of the whole.
macro_rules! shapes {
    ($Trait:path, $Out:ident, $method:ident, [$($g:lifetime)?]) => {
        impl<$($g,)? T: $Trait, const N: usize> $Trait for [T; N] {
            type $Out = [T::$Out; N];
            fn $method(&self) -> Self::$Out {
                std::array::from_fn(|at| self[at].$method())
            }
        }
        impl<$($g,)? T: $Trait> $Trait for [T] {
            type $Out = Vec<T::$Out>;
            fn $method(&self) -> Self::$Out {
                self.iter().map(T::$method).collect()
            }
        }
        impl<$($g,)? T: $Trait> $Trait for Vec<T> {
            type $Out = Vec<T::$Out>;
            fn $method(&self) -> Self::$Out {
                self.as_slice().$method()
            }
        }
        impl<$($g,)? T: $Trait> $Trait for VecDeque<T> {
            type $Out = VecDeque<T::$Out>;
            fn $method(&self) -> Self::$Out {
                self.iter().map(T::$method).collect()
            }
        }
        impl<$($g,)? T: $Trait> $Trait for Option<T> {
            type $Out = Option<T::$Out>;
            fn $method(&self) -> Self::$Out {
                self.as_ref().map(T::$method)
            }
        }
        impl<$($g,)? T: $Trait + ?Sized> $Trait for &T {
            type $Out = T::$Out;
            fn $method(&self) -> Self::$Out {
                (**self).$method()
            }
        }
        impl<$($g,)? T: $Trait + ?Sized> $Trait for &mut T {
            type $Out = T::$Out;
            fn $method(&self) -> Self::$Out {
                (**self).$method()
            }
        }
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a);
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a, B b);
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a, B b, C c);
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a, B b, C c, D d);
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a, B b, C c, D d, E e);
        shapes!(@ $Trait, $Out, $method, [$($g)?] A a, B b, C c, D d, E e, F f);
    };
    (@ $Trait:path, $Out:ident, $method:ident, [$($g:lifetime)?] $($T:ident $t:ident),*) => {
        impl<$($g,)? $($T: $Trait),*> $Trait for ($($T,)*) {
            type $Out = ($($T::$Out,)*);
            fn $method(&self) -> Self::$Out {
                let ($($t,)*) = self;
                ($($t.$method(),)*)
            }
        }
    };
}

shapes!(Lift<'g>, Lifted, lift, ['g]);
shapes!(Plain, Numbers, plain, []);
