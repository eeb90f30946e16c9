//! Operators on structs of the user's, and on numbers of which only rustc knows that they are some. The operator is a number.

use super::differentiable::Differentiable;
use super::frame::{Frame, reached};
use super::methods::Receiver;
use crate::graph::{Value, apply_mixed};
use crate::ops::Op;
use crate::provenance::{Origin, Site};
use crate::trace::record::TraceMode;

/// A differentiable operator between a type and `R`, both without references.
#[diagnostic::on_unimplemented(
    message = "this operator between `{Self}` and `{R}` is not differentiable\n\nhelp: put `#[differentiable]` on the `impl` block \
               of the operator, that for values without `&`\n\n[operator_not_differentiable]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#operator_not_differentiable",
    label = "this would lose the derivative"
)]
pub trait Binary<const OPERATOR: u8, R: Differentiable>: Differentiable {
    /// What it gives; of an assigning operator the new value of the left side.
    type Output;
    /// The same on values.
    type Values<'g>;
    /// The operator on values. `enter` tells a trace that a function is called.
    fn on_values<'g: 'g, M: TraceMode, E>(
        mode: M,
        site: &'static Site,
        enter: impl FnOnce() -> E,
        left: &Self::Active<'g>,
        right: &R::Active<'g>,
    ) -> Self::Values<'g>;
    /// The forward half.
    fn forward(left: &Self, right: &R, frame: &mut Frame) -> Self::Output;
    /// The reverse half.
    fn reverse(
        left: &Self,
        right: &R,
        frame: &mut Frame,
        seed: &Self::Output,
        left_gradient: &mut Self::Gradient,
        right_gradient: &mut R::Gradient,
    );
}

/// The differentiable minus of a type.
#[diagnostic::on_unimplemented(
    message = "the minus of `{Self}` is not differentiable\n\nhelp: put `#[differentiable]` on the `impl` block of `Neg`, that for \
               values without `&`\n\n[operator_not_differentiable]\n\
               https://docs.rs/gradus/latest/gradus/refusals/structs/#operator_not_differentiable",
    label = "this would lose the derivative"
)]
pub trait Unary<const OPERATOR: u8>: Differentiable {
    /// What it gives.
    type Output;
    /// The same on values.
    type Values<'g>;
    /// The operator on values. `enter` tells a trace that a function is called.
    fn on_values<'g: 'g, M: TraceMode, E>(
        mode: M,
        site: &'static Site,
        enter: impl FnOnce() -> E,
        operand: &Self::Active<'g>,
    ) -> Self::Values<'g>;
    /// The forward half.
    fn forward(operand: &Self, frame: &mut Frame) -> Self::Output;
    /// The reverse half.
    fn reverse(operand: &Self, frame: &mut Frame, seed: &Self::Output, gradient: &mut Self::Gradient);
}

impl<'g> Receiver<'g> for Value<'g> {
    type Plain = f64;
    #[inline]
    fn with<R>(&self, run: impl FnOnce(&Value<'g>) -> R) -> R {
        run(self)
    }
}

impl<'g> Receiver<'g> for f64 {
    type Plain = f64;
    #[inline]
    fn with<R>(&self, run: impl FnOnce(&Value<'g>) -> R) -> R {
        run(&Value::from(*self))
    }
}

/// Adds to an adjoint what has reached it.
#[inline]
fn add(adjoint: &mut f64, amount: f64) {
    *adjoint += amount + 0.0;
}

macro_rules! numbers {
    ($($operator:literal $assign:literal $Op:ident $left:ident $right:ident => $value:expr, $dl:expr, $dr:expr;)*) => { $(
        numbers!(@ $operator $Op $left $right => $value, $dl, $dr);
        numbers!(@ $assign $Op $left $right => $value, $dl, $dr);
    )* };
    (@ $operator:literal $Op:ident $left:ident $right:ident => $value:expr, $dl:expr, $dr:expr) => {
        #[diagnostic::do_not_recommend]
        impl Binary<$operator, f64> for f64 {
            type Output = f64;
            type Values<'g> = Value<'g>;
            #[inline]
            fn on_values<'g: 'g, M: TraceMode, E>(
                _: M,
                site: &'static Site,
                _: impl FnOnce() -> E,
                left: &Value<'g>,
                right: &Value<'g>,
            ) -> Value<'g> {
                apply_mixed(Op::$Op, [*left, *right], Some(Origin::Site(site)))
            }
            #[inline]
            fn forward($left: &f64, $right: &f64, _: &mut Frame) -> f64 {
                $value
            }
            #[inline]
            fn reverse(
                $left: &f64,
                $right: &f64,
                _: &mut Frame,
                seed: &f64,
                left_gradient: &mut f64,
                right_gradient: &mut f64,
            ) {
                // What nothing has reached reaches nothing.
                let _ = ($left, $right);
                if reached(*seed) {
                    add(left_gradient, seed * $dl);
                    add(right_gradient, seed * $dr);
                }
            }
        }
    };
}

numbers! {
    0 8 Add a b => a + b, 1.0, 1.0;
    1 9 Sub a b => a - b, 1.0, -1.0;
    2 10 Mul a b => a * b, b, a;
    3 11 Div a b => a / b, 1.0 / b, -(a / b) / b;
    4 12 Rem a b => a % b, 1.0, -(a / b).trunc();
}

#[diagnostic::do_not_recommend]
impl Unary<5> for f64 {
    type Output = f64;
    type Values<'g> = Value<'g>;
    #[inline]
    fn on_values<'g: 'g, M: TraceMode, E>(
        _: M,
        site: &'static Site,
        _: impl FnOnce() -> E,
        operand: &Value<'g>,
    ) -> Value<'g> {
        apply_mixed(Op::Neg, [*operand], Some(Origin::Site(site)))
    }
    #[inline]
    fn forward(operand: &f64, _: &mut Frame) -> f64 {
        -operand
    }
    #[inline]
    fn reverse(_: &f64, _: &mut Frame, seed: &f64, gradient: &mut f64) {
        if reached(*seed) {
            add(gradient, -seed);
        }
    }
}

/// An operator between two operands on values.
#[inline]
#[track_caller]
pub fn binary<'g, const OPERATOR: u8, M, E, L, R>(
    mode: M,
    site: &'static Site,
    enter: impl FnOnce() -> E,
    left: &L,
    right: &R,
) -> <L::Plain as Binary<OPERATOR, R::Plain>>::Values<'g>
where
    M: TraceMode,
    L: Receiver<'g>,
    R: Receiver<'g>,
    L::Plain: Binary<OPERATOR, R::Plain>,
{
    left.with(|left| {
        right
            .with(|right| <L::Plain as Binary<OPERATOR, R::Plain>>::on_values(mode, site, enter, left, right))
    })
}

/// The minus of an operand on values.
#[inline]
#[track_caller]
pub fn unary<'g, const OPERATOR: u8, M, E, L>(
    mode: M,
    site: &'static Site,
    enter: impl FnOnce() -> E,
    operand: &L,
) -> <L::Plain as Unary<OPERATOR>>::Values<'g>
where
    M: TraceMode,
    L: Receiver<'g>,
    L::Plain: Unary<OPERATOR>,
{
    operand.with(|operand| <L::Plain as Unary<OPERATOR>>::on_values(mode, site, enter, operand))
}

/// The forward half of an operator.
#[inline]
#[track_caller]
pub fn binary_forward<const OPERATOR: u8, L, R>(left: &L, right: &R, frame: &mut Frame) -> L::Output
where
    L: Binary<OPERATOR, R>,
    R: Differentiable,
{
    L::forward(left, right, frame)
}

/// The reverse half of an operator.
#[inline]
#[track_caller]
pub fn binary_reverse<const OPERATOR: u8, L, R>(
    left: &L,
    right: &R,
    frame: &mut Frame,
    seed: &L::Output,
    left_gradient: &mut L::Gradient,
    right_gradient: &mut R::Gradient,
) where
    L: Binary<OPERATOR, R>,
    R: Differentiable,
{
    L::reverse(left, right, frame, seed, left_gradient, right_gradient);
}

/// The forward half of a minus.
#[inline]
#[track_caller]
pub fn unary_forward<const OPERATOR: u8, L: Unary<OPERATOR>>(operand: &L, frame: &mut Frame) -> L::Output {
    L::forward(operand, frame)
}

/// The reverse half of a minus.
#[inline]
#[track_caller]
pub fn unary_reverse<const OPERATOR: u8, L: Unary<OPERATOR>>(
    operand: &L,
    frame: &mut Frame,
    seed: &L::Output,
    gradient: &mut L::Gradient,
) {
    L::reverse(operand, frame, seed, gradient);
}
