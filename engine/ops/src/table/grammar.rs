//! The macro that reads the table of operations and generates from it the enum `Op`, its accessors and
//! the functions of `rules`; and what else holds of all operations. It knows none by name, and no derivative.

use super::Op;
use crate::facts::{Kind, Read};

/// Work on one operation, for [`Op::known`]. A trait, since a closure cannot be told to be always inlined.
#[doc(hidden)]
pub trait Known {
    /// Does it. To be `#[inline(always)]`.
    fn on(self, op: Op);
}

impl Op {
    /// What an operation with this partial derivative passes on of the adjoint at its output: their product, or
    /// `None` where a [selecting](Kind::Selecting) or [flat](Kind::Flat) operation did not take the operand.
    ///
    /// ```
    /// use gradus_ops::Op;
    /// assert_eq!(Op::Mul.pull(3.0, 2.0), Some(6.0));
    /// assert!(Op::Mul.pull(0.0, f64::INFINITY).unwrap().is_nan());
    /// assert_eq!(Op::Max.pull(0.0, f64::INFINITY), None);
    /// ```
    #[inline]
    pub fn pull(self, partial: f64, adjoint: f64) -> Option<f64> {
        if partial == 0.0 && self.kind() != Kind::Smooth { None } else { Some(partial * adjoint) }
    }

    /// The operation of the table with this [name](Op::name).
    ///
    /// ```
    /// use gradus_ops::Op;
    /// assert_eq!(Op::from_name("tanh"), Some(Op::Tanh));
    /// assert_eq!(Op::from_name("gamma"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Op> {
        Op::ALL.iter().copied().find(|op| op.name() == name)
    }

    /// The second derivative by two operands, if it is not 0 everywhere: the name of its function in [`rules`](crate::rules), and what
    /// that reads.
    ///
    /// ```
    /// use gradus_ops::{Op, Read};
    /// assert_eq!(Op::Div.second(1, 0), Some(("div_dadb", &[Read::B][..])));
    /// assert_eq!(Op::Div.second(0, 0), None);
    /// ```
    pub fn second(self, k: usize, j: usize) -> Option<(&'static str, &'static [Read])> {
        let pair = [k.min(j), k.max(j)];
        let stated = self.seconds_stated().iter().find(|(operands, ..)| *operands == pair);
        stated.map(|(_, name, reads, _)| (*name, *reads))
    }

    /// The row's own expression of that second derivative, as Rust text.
    ///
    /// ```
    /// use gradus_ops::Op;
    /// assert_eq!(Op::Tanh.second_text(0, 0), Some("-2.0 * y * (1.0 - y * y)"));
    /// ```
    pub fn second_text(self, k: usize, j: usize) -> Option<&'static str> {
        let pair = [k.min(j), k.max(j)];
        let stated = self.seconds_stated().iter().find(|(operands, ..)| *operands == pair);
        stated.map(|(.., text)| *text)
    }

    /// The operands `a`, `b`, `c`; 0 past the arity, where no row reads them.
    #[inline]
    pub(crate) fn pad(self, operands: &[f64]) -> [f64; 3] {
        assert!(operands.len() >= self.arity(), "`{}` takes {} operands", self.name(), self.arity());
        three(operands)
    }
}

/// The first three, defaults where there are fewer.
#[inline]
pub(crate) fn three<T: Copy + Default>(given: &[T]) -> [T; 3] {
    let none = T::default();
    match *given {
        [] => [none; 3],
        [a] => [a, none, none],
        [a, b] => [a, b, none],
        [a, b, c, ..] => [a, b, c],
    }
}

/// The grammar of a row is explained at the table.
macro_rules! operations {
    (
        reading $a:ident, $b:ident, $c:ident, $y:ident, $both:ident;
        $(
            $( #[saturated = $saturated:literal] )?
            $Op:ident $($symbol:literal)?: $Kind:ident $Cost:ident $($Form:ident)?, $f:ident($($operand:ident),*) = $value:expr;
            $( d/da $da:ident($($da_reads:ident),* $(; $da_both:ident)?) = $da_rule:expr; )?
            $( d/db $db:ident($($db_reads:ident),* $(; $db_both:ident)?) = $db_rule:expr; )?
            $( d/dc $dc:ident($($dc_reads:ident),*) = $dc_rule:expr; )?
            $( second $first:ident $other:ident $second:ident($($second_reads:ident),*) = $second_rule:expr; )*
            rule $rule:literal $(, convention $convention:literal)?;
        )*
    ) => {
        /// An operation. Operands are called `a`, `b`, `c`, the output `y`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Op {
            /// An input of the graph: no operands, its value is given.
            Input,
            $(
                #[doc = concat!("`", stringify!($f), "`: ", $rule)]
                $( #[doc = concat!("\n\n", "Convention: ", $convention)] )?
                $( #[doc = concat!("\n\n", "In saturation: ", $saturated)] )?
                $Op,
            )*
            /// A `CustomOperation` of gradus: the user's own, not of the table. Its node knows how many operands it has
            /// and what its partials are.
            Custom,
        }

        impl Op {
            /// Every operation of the table, in its order, after [`Op::Input`].
            pub const ALL: &'static [Op] = &[Op::Input, $(Op::$Op),*];

            /// The name: that of the method (`"tanh"`) or of the operator's (`"add"`).
            pub const fn name(self) -> &'static str {
                match self { Op::Input => "input", $(Op::$Op => stringify!($f),)* Op::Custom => "custom" }
            }

            /// The sign used in mathematics if there is one (`"×"`), else the name.
            pub const fn symbol(self) -> &'static str {
                match self { Op::Input => "input", $(Op::$Op => [$($symbol,)? stringify!($f)][0],)* Op::Custom => "custom" }
            }

            /// The number of operands, 0 to 3. [`Op::Custom`] has none of its own: ask its node.
            #[inline]
            pub const fn arity(self) -> usize {
                match self { Op::Input | Op::Custom => 0, $(Op::$Op => [$(stringify!($operand)),*].len()),* }
            }

            /// How the operation treats the adjoint.
            #[inline]
            pub const fn kind(self) -> Kind {
                match self { Op::Input => Kind::Leaf, Op::Custom => Kind::Smooth, $(Op::$Op => Kind::$Kind),* }
            }

            /// The derivative in the words of a textbook.
            pub const fn rule(self) -> &'static str {
                match self {
                    Op::Input => "∂a/∂a = 1",
                    $(Op::$Op => $rule,)*
                    Op::Custom => "the partials that its author gives",
                }
            }

            /// What is chosen where the derivative does not exist; empty if it always does.
            pub const fn conventions(self) -> &'static str {
                match self { Op::Input | Op::Custom => "", $(Op::$Op => concat!($($convention)?)),* }
            }

            /// What it costs to compute the value. What is not in the table counts as expensive.
            #[inline]
            pub const fn cost(self) -> Cost {
                match self { Op::Input | Op::Custom => Cost::Expensive, $(Op::$Op => Cost::$Cost),* }
            }

            /// How Rust code writes the operation. What is not in the table counts as [`Form::Own`].
            #[inline]
            pub const fn form(self) -> Form {
                match self { Op::Input | Op::Custom => Form::Own, $(Op::$Op => [$(Form::$Form,)? Form::Method][0]),* }
            }

            /// What the partial derivative for operand `k` reads, in the order `a, b, c, y, both`: the arguments of its
            /// function in [`rules`]. Empty if it is constant, and if there is [none](Op::has_partial).
            ///
            /// # Panics
            ///
            /// If `k` is greater than 2.
            ///
            /// ```
            /// use gradus_ops::{Op, Read};
            /// assert_eq!(Op::Div.reads(1), [Read::B, Read::Y]);
            /// assert_eq!(Op::Add.reads(1), []);
            /// ```
            #[inline]
            pub const fn reads(self, k: usize) -> &'static [Read] {
                let reads: [&'static [Read]; 3] = match self {
                    Op::Input | Op::Custom => [&[]; 3],
                    $( Op::$Op => [
                        &[$( $(read!($da_reads),)* $(read!($da_both))? )?],
                        &[$( $(read!($db_reads),)* $(read!($db_both))? )?],
                        &[$( $(read!($dc_reads),)* )?],
                    ], )*
                };
                reads[k]
            }

            /// Whether the table has a partial derivative for operand `k`. If it has none, that operand receives no gradient.
            ///
            /// # Panics
            ///
            /// If `k` is greater than 2.
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert!(Op::Powi.has_partial(0) && !Op::Powi.has_partial(1)); // the exponent is constant
            /// ```
            #[inline]
            pub const fn has_partial(self, k: usize) -> bool {
                self.partial_text(k).is_some()
            }

            /// The row's own expression of the value in the operands `a`, `b`, `c`, as Rust text; empty for what is not in
            /// the table. It may call functions that are private to this crate.
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert_eq!(Op::Tanh.value_text(), "a.tanh()");
            /// ```
            pub const fn value_text(self) -> &'static str {
                match self { Op::Input | Op::Custom => "", $(Op::$Op => stringify!($value)),* }
            }

            /// The row's own expression of the partial derivative for operand `k` in what it [reads](Op::reads), as Rust
            /// text; `None` if there is no such partial. It may call functions that are private to this crate.
            ///
            /// # Panics
            ///
            /// If `k` is greater than 2.
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert_eq!(Op::Div.partial_text(1), Some("-y / b"));
            /// ```
            pub const fn partial_text(self, k: usize) -> Option<&'static str> {
                let texts: [Option<&'static str>; 3] = match self {
                    Op::Input | Op::Custom => [None; 3],
                    $( Op::$Op => [
                        [$( Some(stringify!($da_rule)), )? None][0],
                        [$( Some(stringify!($db_rule)), )? None][0],
                        [$( Some(stringify!($dc_rule)), )? None][0],
                    ], )*
                };
                texts[k]
            }

            /// The second derivatives that the table states: the operands, the name of the function in [`rules`], what it reads, its
            /// text. Those of other pairs are 0.
            pub(crate) const fn seconds_stated(self) -> &'static [([usize; 2], &'static str, &'static [Read], &'static str)] {
                match self {
                    Op::Input | Op::Custom => &[],
                    $( Op::$Op => &[$((
                        [place!($first), place!($other)],
                        stringify!($second),
                        &[$(read!($second_reads)),*],
                        stringify!($second_rule),
                    )),*], )*
                }
            }

            /// The second derivatives of the output by each pair of operands, at these `operands` with this `output`; 0 where
            /// [there is none](Op::second).
            ///
            /// # Panics
            ///
            /// On [`Op::Custom`], and with fewer than [`arity`](Op::arity) operands.
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert_eq!(Op::Mul.seconds(&[3.0, 4.0], 12.0)[0], [0.0, 1.0, 0.0]);
            /// ```
            pub fn seconds(self, operands: &[f64], $y: f64) -> [[f64; 3]; 3] {
                let [$a, $b, $c] = self.pad(operands);
                let _ = ($a, $b, $c, $y);
                #[allow(unused_mut, reason = "of some operations all are 0")]
                let mut seconds = [[0.0; 3]; 3];
                match self {
                    Op::Input => {}
                    Op::Custom => panic!("the partials of a custom operation are not in the table: ask its node"),
                    $( Op::$Op => {
                        $(
                            let second = rules::$second($($second_reads),*);
                            seconds[place!($first)][place!($other)] = second;
                            seconds[place!($other)][place!($first)] = second;
                        )*
                    } )*
                }
                seconds
            }

            /// Runs `work` on this operation from a place in the program where it can be no other: compiled once
            /// for each operation, the work keeps only what that one needs.
            #[inline(always)]
            #[allow(clippy::inline_always, reason = "a place of its own for each operation is the purpose")]
            #[doc(hidden)]
            pub fn known<W: Known>(self, work: W) {
                match self { Op::Input => work.on(Op::Input), $(Op::$Op => work.on(Op::$Op),)* Op::Custom => work.on(Op::Custom) }
            }

            /// The value of the operation; bit for bit that of the standard library's method.
            ///
            /// # Panics
            ///
            /// On [`Op::Input`] and [`Op::Custom`], with fewer than [`arity`](Op::arity) operands, and where the method itself panics
            /// (`clamp` with wrong bounds).
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert_eq!(Op::Mul.value(&[3.0, 4.0]), 12.0);
            /// ```
            #[inline]
            pub fn value(self, operands: &[f64]) -> f64 {
                let [$a, $b, $c] = self.pad(operands);
                match self {
                    Op::Input => panic!("an input has no rule that computes it"),
                    Op::Custom => panic!("the rule of a custom operation is not in the table: ask its node"),
                    $( Op::$Op => rules::$f($($operand),*), )*
                }
            }

            /// The partial derivatives of the output for each operand, at these `operands` with this `output`.
            /// `active` tells which operands carry a derivative: the partials of the others are not computed
            /// and are 0, as are those past [`arity`](Op::arity).
            ///
            /// # Panics
            ///
            /// On [`Op::Custom`], and with fewer than [`arity`](Op::arity) operands.
            ///
            /// ```
            /// use gradus_ops::Op;
            /// assert_eq!(Op::Mul.partials(&[3.0, 4.0], 12.0, &[true, true]), [4.0, 3.0, 0.0]);
            /// ```
            #[inline]
            pub fn partials(self, operands: &[f64], $y: f64, active: &[bool]) -> [f64; 3] {
                let [$a, $b, $c] = self.pad(operands);
                let [da, db, dc] = three(active);
                let $both = da && db;
                match self {
                    Op::Input => [0.0; 3],
                    Op::Custom => panic!("the partials of a custom operation are not in the table: ask its node"),
                    $( Op::$Op => [
                        $( if da { rules::$da($($da_reads,)* $($da_both)?) } else )? { 0.0 },
                        $( if db { rules::$db($($db_reads,)* $($db_both)?) } else )? { 0.0 },
                        $( if dc { rules::$dc($($dc_reads,)*) } else )? { 0.0 },
                    ], )*
                }
            }
        }

        /// The table as functions: `tanh(a)` is the value, `tanh_da(y)` its partial derivative for `a`. Each takes
        /// only what it reads, in the order `a, b, c, y, both`. All are inlined wherever they are called; in code that is not optimized
        /// they are not, since that would only enlarge the stack frames.
        #[allow(clippy::inline_always, reason = "compiled adjoints are made of these")]
        pub mod rules {
            use super::*;
            $(
                #[doc = concat!("The value of [`Op::", stringify!($Op), "`].")]
                #[cfg_attr(not(debug_assertions), inline(always))]
                #[cfg_attr(debug_assertions, inline)]
                pub fn $f($($operand: f64),*) -> f64 { $value }
                $(
                    #[doc = concat!("The derivative of [`Op::", stringify!($Op), "`] for `a`. ", $rule)]
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    #[cfg_attr(debug_assertions, inline)]
                    pub fn $da($($da_reads: f64,)* $($da_both: bool)?) -> f64 { $da_rule }
                )?
                $(
                    #[doc = concat!("The derivative of [`Op::", stringify!($Op), "`] for `b`. ", $rule)]
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    #[cfg_attr(debug_assertions, inline)]
                    pub fn $db($($db_reads: f64,)* $($db_both: bool)?) -> f64 { $db_rule }
                )?
                $(
                    #[doc = concat!("The derivative of [`Op::", stringify!($Op), "`] for `c`. ", $rule)]
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    #[cfg_attr(debug_assertions, inline)]
                    pub fn $dc($($dc_reads: f64,)*) -> f64 { $dc_rule }
                )?
                $(
                    #[doc = concat!("A second derivative of [`Op::", stringify!($Op), "`], by `", stringify!($first), "` and `", stringify!($other), "`.")]
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    #[cfg_attr(debug_assertions, inline)]
                    pub fn $second($($second_reads: f64),*) -> f64 { $second_rule }
                )*
            )*
        }
    };
}
pub(crate) use operations;

/// The position of an operand.
macro_rules! place {
    (a) => {
        0
    };
    (b) => {
        1
    };
    (c) => {
        2
    };
}
pub(crate) use place;

/// What a partial reads, by its name in the row.
macro_rules! read {
    (a) => {
        Read::A
    };
    (b) => {
        Read::B
    };
    (c) => {
        Read::C
    };
    (y) => {
        Read::Y
    };
    (both) => {
        Read::Both
    };
}
pub(crate) use read;
