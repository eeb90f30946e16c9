//! The traits of `num-traits` for [`Value`], so that functions generic over their number type run on values.

use super::Value;
use num_traits::{Bounded, Float, FloatConst, FromPrimitive, Num, NumCast, One, Signed, ToPrimitive, Zero};
use std::num::FpCategory;

impl Zero for Value<'_> {
    fn zero() -> Self {
        Value::of_number(0.0)
    }

    fn is_zero(&self) -> bool {
        *self == 0.0
    }
}

impl One for Value<'_> {
    fn one() -> Self {
        Value::of_number(1.0)
    }
}

/// Text becomes a constant.
impl Num for Value<'_> {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        <f64 as Num>::from_str_radix(text, radix).map(Value::of_number)
    }
}

/// Reads the number. The result carries no derivative.
impl ToPrimitive for Value<'_> {
    fn to_i64(&self) -> Option<i64> {
        self.data().to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.data().to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(self.data())
    }
}

/// A constant. `T::from(2.0)` is what generic functions write for literals; of a value it takes the number alone.
impl NumCast for Value<'_> {
    fn from<T: ToPrimitive>(number: T) -> Option<Self> {
        number.to_f64().map(Value::of_number)
    }
}

impl FromPrimitive for Value<'_> {
    fn from_i64(number: i64) -> Option<Self> {
        f64::from_i64(number).map(Value::of_number)
    }

    fn from_u64(number: u64) -> Option<Self> {
        f64::from_u64(number).map(Value::of_number)
    }

    fn from_f64(number: f64) -> Option<Self> {
        Some(Value::of_number(number))
    }
}

impl Bounded for Value<'_> {
    fn min_value() -> Self {
        Value::of_number(f64::MIN)
    }

    fn max_value() -> Self {
        Value::of_number(f64::MAX)
    }
}

impl Signed for Value<'_> {
    #[track_caller]
    fn abs(&self) -> Self {
        Value::abs(*self)
    }

    #[track_caller]
    fn abs_sub(&self, other: &Self) -> Self {
        Float::abs_sub(*self, *other)
    }

    #[track_caller]
    fn signum(&self) -> Self {
        Value::signum(*self)
    }

    fn is_positive(&self) -> bool {
        Signed::is_positive(&self.data())
    }

    fn is_negative(&self) -> bool {
        Signed::is_negative(&self.data())
    }
}

macro_rules! float {
    (constants: $($constant:ident = $number:expr),*; predicates: $($predicate:ident -> $Answer:ty),*;
     methods: $($method:ident($($operand:ident: $Operand:ty),*)),*;) => {
        impl Float for Value<'_> {
            $(fn $constant() -> Self {
                Value::of_number($number)
            })*
            $(fn $predicate(self) -> $Answer {
                Value::$predicate(self)
            })*
            $(#[track_caller]
            fn $method(self, $($operand: $Operand),*) -> Self {
                Value::$method(self, $($operand),*)
            })*

            #[track_caller]
            fn sin_cos(self) -> (Self, Self) {
                Value::sin_cos(self)
            }

            #[track_caller]
            fn abs_sub(self, other: Self) -> Self {
                if self <= other { Value::of_number(0.0) } else { self - other }
            }

            fn integer_decode(self) -> (u64, i16, i8) {
                Float::integer_decode(self.data())
            }
        }
    };
}

float! {
    constants: nan = f64::NAN, infinity = f64::INFINITY, neg_infinity = f64::NEG_INFINITY, neg_zero = -0.0,
        min_value = f64::MIN, min_positive_value = f64::MIN_POSITIVE, max_value = f64::MAX, epsilon = f64::EPSILON;
    predicates: is_nan -> bool, is_infinite -> bool, is_finite -> bool, is_normal -> bool, is_subnormal -> bool,
        is_sign_positive -> bool, is_sign_negative -> bool, classify -> FpCategory;
    methods: floor(), ceil(), round(), trunc(), fract(), abs(), signum(), mul_add(a: Self, b: Self), recip(), powi(n: i32),
        powf(n: Self), sqrt(), exp(), exp2(), ln(), log(base: Self), log2(), log10(), to_degrees(), to_radians(),
        max(other: Self), min(other: Self), clamp(min: Self, max: Self), cbrt(), hypot(other: Self), sin(), cos(), tan(),
        asin(), acos(), atan(), atan2(other: Self), exp_m1(), ln_1p(), sinh(), cosh(), tanh(), asinh(), acosh(), atanh(),
        copysign(sign: Self);
}

macro_rules! mathematical_constants {
    ($($name:ident),*) => {
        #[allow(non_snake_case, reason = "the trait's names")]
        impl FloatConst for Value<'_> {
            $(fn $name() -> Self {
                Value::of_number(<f64 as FloatConst>::$name())
            })*
        }
    };
}

mathematical_constants! {
    E, FRAC_1_PI, FRAC_1_SQRT_2, FRAC_2_PI, FRAC_2_SQRT_PI, FRAC_PI_2, FRAC_PI_3, FRAC_PI_4, FRAC_PI_6, FRAC_PI_8, LN_10, LN_2,
    LOG10_E, LOG2_E, PI, SQRT_2
}
