//! The traits of `f64` that programs use, for [`D`].

use super::dual::{D, One, Two, d, linear, product};
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

fn add(a: D, b: D) -> D {
    a.two(b, a.value + b.value, linear(1.0, 1.0))
}
fn sub(a: D, b: D) -> D {
    a.two(b, a.value - b.value, linear(1.0, -1.0))
}
fn mul(a: D, b: D) -> D {
    a.two(b, a.value * b.value, product(a.value, b.value))
}
fn div(a: D, b: D) -> D {
    let y = a.value / b.value;
    let both = -1.0 / (b.value * b.value);
    let partials =
        Two { first: [1.0 / b.value, -y / b.value], second: [0.0, both, 2.0 * y / (b.value * b.value)] };
    a.two(b, y, partials)
}
fn rem(a: D, b: D) -> D {
    let y = a.value % b.value;
    a.two(b, y, linear(1.0, -((a.value - y) / b.value).round()))
}

macro_rules! operators {
    ($($trait:ident $method:ident, $assign:ident $assign_method:ident;)*) => { $(
        impl $trait for D {
            type Output = D;
            fn $method(self, other: D) -> D {
                $method(self, other)
            }
        }
        impl $trait<&D> for D {
            type Output = D;
            fn $method(self, other: &D) -> D {
                $method(self, *other)
            }
        }
        impl $trait<D> for &D {
            type Output = D;
            fn $method(self, other: D) -> D {
                $method(*self, other)
            }
        }
        impl $trait<&D> for &D {
            type Output = D;
            fn $method(self, other: &D) -> D {
                $method(*self, *other)
            }
        }
        impl $assign for D {
            fn $assign_method(&mut self, other: D) {
                *self = $method(*self, other);
            }
        }
        impl $assign<&D> for D {
            fn $assign_method(&mut self, other: &D) {
                *self = $method(*self, *other);
            }
        }
    )* };
}
operators! {
    Add add, AddAssign add_assign;
    Sub sub, SubAssign sub_assign;
    Mul mul, MulAssign mul_assign;
    Div div, DivAssign div_assign;
    Rem rem, RemAssign rem_assign;
}

impl Neg for D {
    type Output = D;
    fn neg(self) -> D {
        self.one(-self.value, One { first: -1.0, second: 0.0 })
    }
}
impl Neg for &D {
    type Output = D;
    fn neg(self) -> D {
        -*self
    }
}

impl PartialEq for D {
    fn eq(&self, other: &D) -> bool {
        self.value == other.value
    }
}
impl PartialOrd for D {
    fn partial_cmp(&self, other: &D) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Default for D {
    fn default() -> D {
        d(0.0)
    }
}

impl Sum for D {
    fn sum<I: Iterator<Item = D>>(items: I) -> D {
        items.fold(d(-0.0), add)
    }
}
impl<'a> Sum<&'a D> for D {
    fn sum<I: Iterator<Item = &'a D>>(items: I) -> D {
        items.fold(d(-0.0), |total, item| add(total, *item))
    }
}
impl Product for D {
    fn product<I: Iterator<Item = D>>(items: I) -> D {
        items.fold(d(1.0), mul)
    }
}
impl<'a> Product<&'a D> for D {
    fn product<I: Iterator<Item = &'a D>>(items: I) -> D {
        items.fold(d(1.0), |total, item| mul(total, *item))
    }
}

macro_rules! from {
    ($($number:ty),*) => { $(
        impl From<$number> for D {
            fn from(number: $number) -> D {
                d(f64::from(number))
            }
        }
    )* };
}
from!(u8, i8, u16, i16, u32, i32, f32, bool);

impl fmt::Display for D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}
impl fmt::Debug for D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, f)
    }
}
