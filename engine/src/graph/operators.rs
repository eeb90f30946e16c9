//! The operators of `Value`: each records its operation.

use super::{Value, apply, apply_mixed};
use crate::ops::Op;
use crate::provenance::Origin;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

/// Binary operators between `Value`, `&Value`, `f64` and `&f64`, one of them at least a value; and the assigning ones.
macro_rules! operators {
    ($($Trait:ident $method:ident, $Assign:ident $assign:ident;)*) => { $(
        operators!(@ apply $Trait $method Value<'g>: Value<'g>, &Value<'g>);
        operators!(@ apply $Trait $method &Value<'g>: Value<'g>, &Value<'g>);
        operators!(@ apply_mixed $Trait $method Value<'g>: f64, &f64);
        operators!(@ apply_mixed $Trait $method &Value<'g>: f64, &f64);
        operators!(@ apply_mixed $Trait $method f64: Value<'g>, &Value<'g>);
        operators!(@ apply_mixed $Trait $method &f64: Value<'g>, &Value<'g>);
        impl<'g, T: Into<Value<'g>>> $Assign<T> for Value<'g> {
            #[inline(always)]
            #[track_caller]
            fn $assign(&mut self, rhs: T) {
                *self = apply(Op::$Trait, [*self, rhs.into()], Origin::here());
            }
        }
    )* };
    (@ neg $Operand:ty) => {
        impl<'g> Neg for $Operand {
            type Output = Value<'g>;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> Value<'g> {
                apply(Op::Neg, [self.into()], Origin::here())
            }
        }
    };
    (@ $apply:ident $Trait:ident $method:ident $Left:ty: $($Right:ty),*) => { $(
        impl<'g> $Trait<$Right> for $Left {
            type Output = Value<'g>;
            #[inline(always)]
            #[track_caller]
            fn $method(self, rhs: $Right) -> Value<'g> {
                $apply(Op::$Trait, [self.into(), rhs.into()], Origin::here())
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
operators!(@ neg Value<'g>);
operators!(@ neg &Value<'g>);
