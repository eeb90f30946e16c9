//! Results and gradients of any shape as lists of numbers, in reading order.

use super::dual::D;
use std::collections::VecDeque;

/// A shape of numbers.
pub trait Flat {
    /// Appends the values; dual numbers are kept whole too.
    fn flatten(&self, values: &mut Vec<f64>, derived: &mut Vec<D>);

    /// The same shape with numbers of its own in it, which `next` counts.
    #[must_use]
    fn seeded(&self, next: &mut u32) -> Self;
}

impl Flat for f64 {
    fn flatten(&self, values: &mut Vec<f64>, _: &mut Vec<D>) {
        values.push(*self);
    }

    fn seeded(&self, next: &mut u32) -> f64 {
        *next += 1;
        seed(*next)
    }
}

/// The seed of the result's component with this number, from 1. `compare` uses the same.
pub fn seed(number: u32) -> f64 {
    0.5 + 0.25 * f64::from(number)
}

impl Flat for D {
    fn flatten(&self, values: &mut Vec<f64>, derived: &mut Vec<D>) {
        values.push(self.value);
        derived.push(*self);
    }

    fn seeded(&self, _: &mut u32) -> D {
        *self
    }
}

macro_rules! sequences {
    ($([$($generics:tt)*] $sequence:ty;)*) => { $(
        impl<T: Flat, $($generics)*> Flat for $sequence {
            fn flatten(&self, values: &mut Vec<f64>, derived: &mut Vec<D>) {
                for item in self {
                    item.flatten(values, derived);
                }
            }

            fn seeded(&self, next: &mut u32) -> Self {
                let mut items = self.iter().map(|item| item.seeded(next)).collect::<Vec<T>>().into_iter();
                collected(&mut items)
            }
        }
    )* };
}
sequences! {
    [] Vec<T>;
    [] VecDeque<T>;
    [const N: usize] [T; N];
}

trait Collected<T> {
    fn from_items(items: &mut std::vec::IntoIter<T>) -> Self;
}
impl<T> Collected<T> for Vec<T> {
    fn from_items(items: &mut std::vec::IntoIter<T>) -> Self {
        items.collect()
    }
}
impl<T> Collected<T> for VecDeque<T> {
    fn from_items(items: &mut std::vec::IntoIter<T>) -> Self {
        items.collect()
    }
}
impl<T, const N: usize> Collected<T> for [T; N] {
    fn from_items(items: &mut std::vec::IntoIter<T>) -> Self {
        std::array::from_fn(|_| items.next().expect("as many as there were"))
    }
}
fn collected<T, S: Collected<T>>(items: &mut std::vec::IntoIter<T>) -> S {
    S::from_items(items)
}

macro_rules! tuples {
    ($(($($T:ident $index:tt),*);)*) => { $(
        impl<$($T: Flat),*> Flat for ($($T,)*) {
            fn flatten(&self, values: &mut Vec<f64>, derived: &mut Vec<D>) {
                $(self.$index.flatten(values, derived);)*
            }

            fn seeded(&self, next: &mut u32) -> Self {
                ($(self.$index.seeded(next),)*)
            }
        }
    )* };
}
tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, E 3);
    (A 0, B 1, C 2, E 3, F 4);
    (A 0, B 1, C 2, E 3, F 4, G 5);
}

/// A seed of a result's shape.
pub fn seed_like<T: Flat>(value: &T) -> T {
    value.seeded(&mut 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_have_the_shape() {
        assert_eq!(seed_like(&(1.0, vec![2.0, 3.0], [4.0])), (0.75, vec![1.0, 1.25], [1.5]));
    }
}
