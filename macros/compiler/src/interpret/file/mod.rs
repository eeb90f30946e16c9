//! A file of functions that is read, compiled and run without rustc.

mod reader;

use super::advice;
use super::datum::{Datum, Evaluated, Scope, Stop, cell, unknown};
use super::evaluate::{Callable, Machine};
use super::number::Number;
use super::observer::{Observer, Operand};
use super::shape::Shape;
use super::width::Width;
use crate::guarded;
use crate::syntax::refusals::Complaint;
use reader::Reader;
use std::ops::Range;
use std::rc::Rc;

/// Functions that were read: each with its adjoint, its parameters and the places that a trace knows.
///
/// The types of expressions are not checked, nor are borrows and lifetimes: that is rustc's work.
///
/// ```
/// use gradus_compiler::interpret::File;
///
/// let file = File::read("fn square(x: f64) -> f64 { x * x }").map_err(|complaints| complaints[0].message.clone())?;
/// assert_eq!(file.function("square").unwrap().parameters[0].name, "x");
/// assert!(file.function("square").unwrap().adjoint.contains("fn square_grad_add"));
/// # Ok::<(), String>(())
/// ```
pub struct File {
    machine: Machine,
    functions: Vec<Function>,
}

/// A differentiable function of a [`File`].
#[derive(Debug)]
pub struct Function {
    /// Its name, after that of its type if it is a method.
    pub name: String,
    /// Its bytes in the file, without the attributes before it.
    pub at: Range<usize>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its compiled adjoint, or a comment that says why there is none.
    pub adjoint: String,
    /// Its operations.
    pub operations: Vec<Place>,
    /// Its branching expressions; the operands of each are the arms.
    pub branches: Vec<Place>,
    /// Calls, loops, closures, comparisons and what else a trace knows.
    pub places: Vec<Place>,
    /// The names of the functions and methods that it may call.
    pub calls: Vec<String>,
    callable: Rc<Callable>,
}

/// A parameter of a [`Function`].
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The bytes of its name in the file.
    pub at: Range<usize>,
    /// What an argument looks like.
    pub shape: Shape,
    /// Its type as it is written.
    pub written: String,
    /// Whether the gradient has a part for it.
    pub differentiable: bool,
}

/// An expression in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its bytes.
    pub at: Range<usize>,
    /// Those of its operands, or of its arms.
    pub operands: Vec<Range<usize>>,
    /// The variable that it is bound to.
    pub name: Option<String>,
}

/// An argument, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number, with its node if the result is to be differentiated by it.
    Number(Operand),
    /// An integer.
    Integer(i128),
    /// `true` or `false`.
    Truth(bool),
    /// An array, a slice or a `Vec`.
    List(Vec<Argument>),
    /// A tuple.
    Tuple(Vec<Argument>),
    /// A struct.
    Struct {
        /// Its name.
        name: String,
        /// Its fields, in the order of their declaration.
        fields: Vec<Argument>,
    },
}

impl File {
    /// Reads and compiles a file. Where no function of it has the attribute `#[differentiable]`, all that take and return
    /// numbers count as if they had it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in the order of the text.
    pub fn read(text: &str) -> Result<File, Vec<Complaint>> {
        stacker::grow(guarded::STACK, || Reader::default().read(text))
    }

    /// The differentiable functions, in the order of the text.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The differentiable function of this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The numbers of the function's result, in reading order.
    ///
    /// # Errors
    ///
    /// Why the run ended without a result: a panic, a limit, or something that only rustc knows.
    pub fn run(
        &self,
        function: &Function,
        arguments: &[Argument],
        observer: Rc<dyn Observer>,
    ) -> Result<Vec<Operand>, Complaint> {
        let machine = self.machine.observed(observer);
        let run = || {
            let arguments = arguments.iter().map(|argument| argument.datum(&machine));
            let arguments = arguments.collect::<Result<_, _>>()?;
            let changes = function.callable.changes_receiver();
            machine.left_by(&function.callable, arguments, changes).and_then(Datum::owned)
        };
        let result = stacker::grow(guarded::STACK, run);
        match result {
            Ok(value) => match failure_of(&value) {
                None => Ok(value.flat().into_iter().map(Operand::from).collect()),
                Some(message) => {
                    Err(Complaint { message, help: None, refusal: None, at: function.at.clone() })
                }
            },
            Err(stop) => {
                let at = machine.failed_at().map_or(function.at.clone(), |at| at.start..at.end);
                Err(complaint_of(stop, at))
            }
        }
    }

    /// The argument that a Rust expression stands for, such as `[1.0, 2.0]`; `inf` and `NaN` are numbers.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn argument(&self, text: &str) -> Result<Argument, String> {
        let expression: syn::Expr =
            syn::parse_str(text).map_err(|error| format!("`{text}` is no argument: {error}"))?;
        let mut scope = Scope::default();
        scope.bind("inf", cell(Datum::from(f64::INFINITY)));
        scope.bind("NaN", cell(Datum::from(f64::NAN)));
        self.machine.refuel();
        let datum = self.machine.expression(&expression, &mut scope).and_then(Datum::owned);
        datum.ok().as_ref().and_then(Argument::of).ok_or_else(|| format!("`{text}` is no argument"))
    }
}

impl Argument {
    fn datum(&self, machine: &Machine) -> Evaluated<Datum> {
        let parts =
            |parts: &[Argument]| parts.iter().map(|part| part.datum(machine)).collect::<Evaluated<_>>();
        Ok(match self {
            Argument::Number(Operand { value, node }) => {
                let number = Number::from(*value);
                Datum::Float(Number { node: *node, active: node.is_some(), ..number })
            }
            Argument::Integer(value) => Datum::Int(*value, Width::Open),
            Argument::Truth(value) => Datum::Bool(*value),
            Argument::List(items) => Datum::List(parts(items)?),
            Argument::Tuple(items) => Datum::Tuple(parts(items)?),
            Argument::Struct { name, fields } => match machine.items.structs.get(name) {
                Some(of) => Machine::built(of, parts(fields)?)?,
                None => return unknown(format!("the struct `{name}`")),
            },
        })
    }

    fn of(datum: &Datum) -> Option<Argument> {
        let parts = |parts: &[Datum]| parts.iter().map(Argument::of).collect::<Option<Vec<_>>>();
        Some(match datum {
            Datum::Float(number) => Argument::Number(Operand { value: number.value, node: None }),
            Datum::Int(value, _) => Argument::Integer(*value),
            Datum::Bool(value) => Argument::Truth(*value),
            Datum::List(items) => Argument::List(parts(items)?),
            Datum::Tuple(items) => Argument::Tuple(parts(items)?),
            Datum::Struct(of, fields) => Argument::Struct { name: of.name.clone(), fields: parts(fields)? },
            Datum::Unit
            | Datum::Default
            | Datum::Char(_)
            | Datum::Text(_)
            | Datum::Ordering(_)
            | Datum::Range(..)
            | Datum::Option(_)
            | Datum::Failure(_)
            | Datum::Reference(_)
            | Datum::Closure(_)
            | Datum::Function(..)
            | Datum::Iterator(_) => return None,
        })
    }
}

/// That a function has failed, in words.
fn failure_of(value: &Datum) -> Option<String> {
    let returned = match value {
        Datum::Option(None) => "`None`".to_owned(),
        Datum::Failure(error) => match &**error {
            Datum::Text(text) => format!("the error {text:?}"),
            error => error.to_string(),
        },
        _ => return None,
    };
    Some(format!("the function returns {returned}: there is no number to differentiate"))
}

/// What ended a run, in words.
fn complaint_of(stop: Stop, at: Range<usize>) -> Complaint {
    let (message, help) = match stop {
        Stop::Panic(message) => (format!("the function panics: {message}"), None),
        Stop::Limit(message) => {
            let help = "is there an end to every loop and every recursion? Try smaller inputs, or run the program itself";
            (message, Some(help.to_owned()))
        }
        Stop::Refused(message) => match message.split_once("\n\nhelp: ") {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (message, None),
        },
        Stop::Unknown(what) if advice::parts(&what).is_some() => {
            let (message, help) = advice::parts(&what).unwrap_or_default();
            (message.to_owned(), Some(help.to_owned()))
        }
        Stop::Unknown(what) => (
            format!("not known here without rustc: {what}"),
            Some("the same may be fine in a program; here it takes another way to write it".to_owned()),
        ),
        Stop::Wrong(what) => (what, None),
        Stop::Break(..) | Stop::Continue(_) | Stop::Return(_) => {
            ("a jump that leaves the function".to_owned(), None)
        }
    };
    Complaint { message, help, refusal: None, at }
}
