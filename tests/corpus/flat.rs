//! Arguments and gradients of any shape as one list of floats.

/// A value made of floats: a point to evaluate at, or a gradient of the same shape.
pub trait Flat: Clone {
    /// Every float inside, in reading order.
    fn components(&mut self) -> Vec<&mut f64>;
}

/// The floats of `value`, in reading order.
pub fn flat<T: Flat>(value: &T) -> Vec<f64> {
    value.clone().components().into_iter().map(|component| *component).collect()
}

impl Flat for f64 {
    fn components(&mut self) -> Vec<&mut f64> {
        vec![self]
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn components(&mut self) -> Vec<&mut f64> {
        self.iter_mut().flat_map(T::components).collect()
    }
}

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn components(&mut self) -> Vec<&mut f64> {
        self.iter_mut().flat_map(T::components).collect()
    }
}

macro_rules! flat_tuples {
    ($(($($part:ident),+))+) => {
        $(impl<$($part: Flat),+> Flat for ($($part,)+) {
            #[allow(non_snake_case, reason = "a part of the tuple is named after its type")]
            fn components(&mut self) -> Vec<&mut f64> {
                let ($($part,)+) = self;
                let mut all = Vec::new();
                $(all.extend($part.components());)+
                all
            }
        })+
    };
}

flat_tuples! { (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }

#[test]
fn floats_come_out_in_reading_order() {
    let value = (1.0, vec![(2.0, [3.0, 4.0]), (5.0, [6.0, 7.0])], [vec![8.0], vec![9.0, 10.0]]);
    assert_eq!(flat(&value), (1..=10).map(f64::from).collect::<Vec<_>>());
}
