//! An operation of the user's own, as functions of plain numbers. `custom` applies it to values.

use crate::text::operation_name;
use std::fmt;
use std::sync::Arc;

/// An operation of the user's own: a name, a value, and a partial derivative for each operand.
///
/// Cloning it is cheap. In the graph it is a node like those of the table: it appears in listings and pictures under its
/// name, [`recompute`](crate::Graph::recompute) runs its functions again, [`Op::Custom`](crate::Op::Custom) is its
/// operation. Its partials are computed when it is recorded, and kept.
#[derive(Clone)]
pub struct CustomOperation {
    name: &'static str,
    rule: Arc<dyn Rule>,
}

/// What an operation is made of.
trait Rule: Send + Sync {
    fn value(&self, operands: &[f64]) -> f64;
    fn partials(&self, operands: &[f64]) -> Vec<f64>;
    /// The number of operands, if it is fixed.
    fn arity(&self) -> Option<usize>;
    /// How fast the partials change in a direction, if that is known.
    fn second(&self, _operands: &[f64], _direction: &[f64]) -> Option<Vec<f64>> {
        None
    }
}

impl CustomOperation {
    /// An operation on `N` operands. `partials` gives the derivative of `value` for each, in their order.
    ///
    /// Both must be functions of their operands alone: the same operands, the same numbers.
    ///
    /// ```
    /// use gradus::{Graph, custom::CustomOperation};
    /// // Rounds, and lets the derivative through as if it did not.
    /// let straight_through = CustomOperation::new("round", |[x]: [f64; 1]| x.round(), |[_]| [1.0]);
    /// let graph = Graph::new();
    /// let x = graph.value(2.7);
    /// let y = straight_through.apply(&[x]);
    /// y.backward();
    /// assert_eq!((y.data(), x.grad()), (3.0, 1.0));
    /// ```
    pub fn new<const N: usize>(
        name: &'static str,
        value: impl Fn([f64; N]) -> f64 + Send + Sync + 'static,
        partials: impl Fn([f64; N]) -> [f64; N] + Send + Sync + 'static,
    ) -> CustomOperation {
        CustomOperation { name, rule: Arc::new(Fixed::<N, _, _> { value, partials }) }
    }

    /// An operation on any number of operands. `partials` gives one number for each.
    ///
    /// ```
    /// use gradus::{Graph, custom::CustomOperation};
    /// fn norm(xs: &[f64]) -> f64 {
    ///     xs.iter().map(|x| x * x).sum::<f64>().sqrt()
    /// }
    /// let operation = CustomOperation::of_slice("norm", norm, |xs| xs.iter().map(|x| x / norm(xs)).collect());
    /// let graph = Graph::new();
    /// let xs = [2.0, 3.0, 6.0].map(|x| graph.value(x));
    /// operation.apply(&xs).backward();
    /// assert_eq!(xs.map(|x| x.grad()), [2.0 / 7.0, 3.0 / 7.0, 6.0 / 7.0]);
    /// ```
    pub fn of_slice(
        name: &'static str,
        value: impl Fn(&[f64]) -> f64 + Send + Sync + 'static,
        partials: impl Fn(&[f64]) -> Vec<f64> + Send + Sync + 'static,
    ) -> CustomOperation {
        let value = move |(): &(), operands: &[f64]| value(operands);
        let partials = move |(): &(), operands: &[f64]| partials(operands);
        CustomOperation::with_state(name, (), value, partials)
    }

    /// The same operation with second derivatives, for [`Graph::hvp`](crate::Graph::hvp). `second` takes the operands and a
    /// direction, and gives how fast each partial changes when the operands change in it: the product of the Hessian and the
    /// direction.
    ///
    /// ```
    /// use gradus::{Graph, custom::CustomOperation};
    /// let cube = CustomOperation::new("cube", |[x]: [f64; 1]| x * x * x, |[x]| [3.0 * x * x])
    ///     .with_second(|x, direction| vec![6.0 * x[0] * direction[0]]);
    /// let graph = Graph::new();
    /// let x = graph.value(2.0);
    /// assert_eq!(graph.hvp(cube.apply(&[x]), &[x], &[1.0]), [12.0]);
    /// ```
    #[must_use]
    pub fn with_second(
        self,
        second: impl Fn(&[f64], &[f64]) -> Vec<f64> + Send + Sync + 'static,
    ) -> CustomOperation {
        CustomOperation { rule: Arc::new(WithSecond { rule: self.rule, second }), ..self }
    }

    /// An operation whose functions read some data beside their operands.
    pub(crate) fn with_state<S: Send + Sync + 'static>(
        name: &'static str,
        state: S,
        value: impl Fn(&S, &[f64]) -> f64 + Send + Sync + 'static,
        partials: impl Fn(&S, &[f64]) -> Vec<f64> + Send + Sync + 'static,
    ) -> CustomOperation {
        CustomOperation { name, rule: Arc::new(OfSlice { state, value, partials }) }
    }

    /// The name under which it appears in listings and pictures.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name as messages show it.
    pub(crate) fn shown_name(&self) -> String {
        operation_name(self.name)
    }

    /// The value at these operands.
    ///
    /// # Panics
    ///
    /// If it takes another number of operands.
    #[track_caller]
    pub fn value(&self, operands: &[f64]) -> f64 {
        self.check_arity(operands.len());
        self.rule.value(operands)
    }

    /// The partial derivatives at these operands, one for each.
    ///
    /// # Panics
    ///
    /// If it takes another number of operands, or if its function gives more or fewer partials than there are operands.
    #[track_caller]
    pub fn partials(&self, operands: &[f64]) -> Vec<f64> {
        self.check_arity(operands.len());
        let partials = self.rule.partials(operands);
        let (given, expected) = (partials.len(), operands.len());
        assert!(
            given == expected,
            "`{}` gives {given} partial derivatives for {expected} operands",
            self.shown_name()
        );
        partials
    }

    /// How fast the partials change in a direction; `None` if no second derivatives were [given](CustomOperation::with_second).
    ///
    /// # Panics
    ///
    /// If its function gives more or fewer numbers than there are operands.
    #[track_caller]
    pub(crate) fn second(&self, operands: &[f64], direction: &[f64]) -> Option<Vec<f64>> {
        let second = self.rule.second(operands, direction)?;
        let (given, expected) = (second.len(), operands.len());
        assert!(
            given == expected,
            "`{}` gives {given} second derivatives for {expected} operands",
            self.shown_name()
        );
        Some(second)
    }

    #[track_caller]
    fn check_arity(&self, given: usize) {
        if let Some(expected) = self.rule.arity() {
            assert!(
                given == expected,
                "`{}` takes {expected} operands, and is given {given}",
                self.shown_name()
            );
        }
    }
}

impl fmt::Debug for CustomOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CustomOperation").field(&self.shown_name()).finish()
    }
}

/// Functions of `N` numbers.
struct Fixed<const N: usize, V, P> {
    value: V,
    partials: P,
}

impl<const N: usize, V, P> Rule for Fixed<N, V, P>
where
    V: Fn([f64; N]) -> f64 + Send + Sync,
    P: Fn([f64; N]) -> [f64; N] + Send + Sync,
{
    fn value(&self, operands: &[f64]) -> f64 {
        (self.value)(array(operands))
    }
    fn partials(&self, operands: &[f64]) -> Vec<f64> {
        (self.partials)(array(operands)).to_vec()
    }
    fn arity(&self) -> Option<usize> {
        Some(N)
    }
}

fn array<const N: usize>(operands: &[f64]) -> [f64; N] {
    operands.try_into().expect("the number of operands has been checked")
}

/// Another rule with second derivatives.
struct WithSecond<D> {
    rule: Arc<dyn Rule>,
    second: D,
}

impl<D: Fn(&[f64], &[f64]) -> Vec<f64> + Send + Sync> Rule for WithSecond<D> {
    fn value(&self, operands: &[f64]) -> f64 {
        self.rule.value(operands)
    }
    fn partials(&self, operands: &[f64]) -> Vec<f64> {
        self.rule.partials(operands)
    }
    fn arity(&self) -> Option<usize> {
        self.rule.arity()
    }
    fn second(&self, operands: &[f64], direction: &[f64]) -> Option<Vec<f64>> {
        Some((self.second)(operands, direction))
    }
}

/// Functions of any number of numbers, and of some data beside.
struct OfSlice<S, V, P> {
    state: S,
    value: V,
    partials: P,
}

impl<S, V, P> Rule for OfSlice<S, V, P>
where
    S: Send + Sync,
    V: Fn(&S, &[f64]) -> f64 + Send + Sync,
    P: Fn(&S, &[f64]) -> Vec<f64> + Send + Sync,
{
    fn value(&self, operands: &[f64]) -> f64 {
        (self.value)(&self.state, operands)
    }
    fn partials(&self, operands: &[f64]) -> Vec<f64> {
        (self.partials)(&self.state, operands)
    }
    fn arity(&self) -> Option<usize> {
        None
    }
}
