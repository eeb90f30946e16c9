//! Lesson 0: an engine of your own. `cargo run --example 00_your_own_value`.
//!
//! A number that remembers how it was computed, with `+`, `×` and `backward`, in about 60 lines and without gradus; in the
//! end gradus is asked whether it is right.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Trace, differentiable};
use std::cell::Cell;
use std::collections::HashSet;
use std::error::Error;
use std::ops::{Add, Mul};
use std::rc::Rc;

// ── The engine ───────────────────────────────────────────────────────────────────────────────────

/// A number that remembers. A clone is the same number, not a new one.
#[derive(Clone)]
pub struct Value(Rc<Node>);

struct Node {
    data: f64,
    /// The derivative of the result for this number, as far as it has arrived.
    grad: Cell<f64>,
    /// What it was made of, each with the local derivative: how much this number moves when that one does.
    operands: Vec<(Value, f64)>,
}

impl Value {
    /// A number that was made of nothing.
    pub fn new(data: f64) -> Value {
        Value::made_of(data, vec![])
    }

    /// A number that was made of others.
    pub fn made_of(data: f64, operands: Vec<(Value, f64)>) -> Value {
        Value(Rc::new(Node { data, grad: Cell::new(0.0), operands }))
    }

    /// The number.
    pub fn data(&self) -> f64 {
        self.0.data
    }

    /// The derivative for it of the number that `backward` was called on.
    pub fn grad(&self) -> f64 {
        self.0.grad.get()
    }

    /// Leaves in every number's gradient the derivative of this one for it. Once only: a second call would begin with what
    /// the first has left.
    pub fn backward(&self) {
        let mut order = Vec::new();
        self.visit(&mut HashSet::new(), &mut order);
        self.0.grad.set(1.0); // A number's derivative for itself.
        for value in order.iter().rev() {
            for (operand, partial) in &value.0.operands {
                operand.0.grad.set(operand.grad() + value.grad() * partial); // The chain rule.
            }
        }
    }

    /// Puts what this number was made of into the order, and then the number itself; each once.
    fn visit(&self, visited: &mut HashSet<*const Node>, order: &mut Vec<Value>) {
        if visited.insert(Rc::as_ptr(&self.0)) {
            for (operand, _) in &self.0.operands {
                operand.visit(visited, order);
            }
            order.push(self.clone());
        }
    }
}

impl Add for &Value {
    type Output = Value;
    fn add(self, other: &Value) -> Value {
        Value::made_of(self.data() + other.data(), vec![(self.clone(), 1.0), (other.clone(), 1.0)])
    }
}

impl Mul for &Value {
    type Output = Value;
    fn mul(self, other: &Value) -> Value {
        let operands = vec![(self.clone(), other.data()), (other.clone(), self.data())];
        Value::made_of(self.data() * other.data(), operands)
    }
}

// ── The lesson ───────────────────────────────────────────────────────────────────────────────────

/// Three numbers of a computation: its result, and the derivatives for x and y.
pub type Figures = [f64; 3];

/// (x y + x) · x y on the engine above.
pub fn on_your_own(x: f64, y: f64) -> Figures {
    let (x, y) = (Value::new(x), Value::new(y));
    let product = &x * &y;
    let sum = &product + &x;
    let result = &sum * &product;
    result.backward();
    [result.data(), x.grad(), y.grad()]
}

#[differentiable]
fn expression(x: f64, y: f64) -> f64 {
    let product = x * y;
    let sum = product + x;
    sum * product
}

/// The same by gradus.
pub fn by_gradus(x: f64, y: f64) -> Figures {
    let (value, (dx, dy)) = expression_grad(x, y);
    [value, dx, dy]
}

/// The graph of the expression at (2, 3), for the page.
pub fn trace() -> Trace {
    expression_graph(2.0, 3.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (x, y) = (2.0, 3.0);
    println!("z = (x y + x) · x y at x = {x}, y = {y}: a sum and two products, x and x y used twice each.\n");
    println!("{:<10}{:>14}{:>14}", "", "your engine", "gradus");
    for (name, (yours, theirs)) in
        ["z", "∂z/∂x", "∂z/∂y"].iter().zip(on_your_own(x, y).into_iter().zip(by_gradus(x, y)))
    {
        println!("{name:<10}{yours:>14}{theirs:>14}");
    }
    println!("\nThat is the whole idea: every number keeps what it was made of and the local derivatives;");
    println!(
        "backward walks from the result to the inputs, multiplies along the way and adds where ways meet."
    );

    let lesson = "00_your_own_value";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`tanh` in this file knows its value, but remembers nothing. Make it remember.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The hyperbolic tangent. Its derivative is 1 − tanh².
///
/// The value is right. As it stands it was made of nothing, so nothing flows back: give it its operand.
pub fn tanh(x: &Value) -> Value {
    Value::made_of(x.data().tanh(), vec![])
}

/// Whether a `tanh` is right: alone, inside an expression, and used twice.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(tanh: impl Fn(&Value) -> Value) {
    for at in [-1.5_f64, 0.0, 0.3] {
        let slope = at.cosh().powi(-2);
        let x = Value::new(at);
        let y = tanh(&x);
        y.backward();
        let value_mistakes =
            [(at.tan(), "This is the tangent."), (at.sinh(), "This is sinh, not sinh/cosh.")];
        expect(&format!("the value of tanh at {at}"), y.data(), at.tanh(), 1e-15, &value_mistakes);
        let mistakes = [
            (0.0, "Nothing flows back: the value was made without its operand."),
            (1.0, "The local derivative is 1 here; that of tanh is 1 − tanh²."),
            (at.tanh(), "This is the value of tanh, not its derivative."),
            (1.0 - at * at, "This is 1 − x². The derivative takes the value y = tanh x: 1 − y²."),
            (1.0 - at.tanh(), "This is 1 − tanh; the square is missing."),
        ];
        expect(&format!("the derivative of tanh at {at}"), x.grad(), slope, 1e-14, &mistakes);

        let x = Value::new(at);
        let y = tanh(&x);
        (&(&y * &y) + &x).backward();
        let expected = 2.0 * at.tanh() * slope + 1.0;
        let mistakes = [
            (1.0, "The term of tanh² is missing."),
            (2.0 * at.tanh() + 1.0, "The chain rule is missing: multiply by the derivative of tanh."),
        ];
        expect(&format!("the derivative of tanh² x + x at {at}"), x.grad(), expected, 1e-14, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(tanh);
}
