//! The inputs: what the reader has given, fitted to the parameters of the function.

use gradus_compiler::interpret::{Argument, File, Operand, Parameter, Shape};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The arguments of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Given(pub Vec<Argument>);

/// What numbers are at first: positive, so that logarithms and roots of them exist, and no two alike.
const NUMBERS: [f64; 8] = [2.0, 0.5, 1.5, 0.8, 1.2, 0.3, 1.7, 0.6];
/// How many elements a list has at first, and at most.
const LENGTH: usize = 3;
const LONGEST: usize = 2000;

/// The arguments that texts stand for, such as `[1.0, 2.0]`, in the order of the parameters.
///
/// # Errors
///
/// If a text stands for none, or there are more or fewer than parameters.
pub fn parse_arguments(file: &File, parameters: &[Parameter], texts: &[&str]) -> Result<Given, String> {
    if texts.len() != parameters.len() {
        return Err(format!("{} arguments for {} parameters", texts.len(), parameters.len()));
    }
    texts.iter().map(|text| file.argument(text)).collect::<Result<_, _>>().map(Given)
}

impl Given {
    /// The values by the names of the parameters, where they fit; sensible ones elsewhere.
    pub fn of(parameters: &[Parameter], values: &Value) -> Given {
        let mut fitting = Fitting { next: 0, lengths: HashMap::new() };
        let shapes = parameters.iter().map(|parameter| (parameter, parameter.shape.as_ref()));
        let arguments = shapes.map(|(parameter, shape)| {
            let value = values.get(&parameter.name);
            shape.map_or(Argument::Number(number(0.0)), |shape| fitting.fitted(shape, value))
        });
        Given(arguments.collect())
    }

    /// The parameters, with what they are given.
    pub fn described(&self, parameters: &[Parameter]) -> Value {
        let described = parameters.iter().zip(&self.0).map(|(parameter, argument)| {
            json!({
                "name": parameter.name, "written": parameter.written, "differentiable": parameter.differentiable,
                "shape": parameter.shape.as_ref().map(described), "value": value_of(argument),
            })
        });
        described.collect()
    }
}

fn number(value: f64) -> Operand {
    Operand { value, node: None }
}

struct Fitting {
    /// Which of the first numbers comes next.
    next: usize,
    /// The lengths that const generics stand for.
    lengths: HashMap<String, usize>,
}

impl Fitting {
    fn fitted(&mut self, shape: &Shape, value: Option<&Value>) -> Argument {
        match shape {
            Shape::Number => {
                let first = NUMBERS[self.next % NUMBERS.len()];
                self.next += 1;
                Argument::Number(number(value.and_then(float).unwrap_or(first)))
            }
            Shape::Truth => Argument::Truth(value.and_then(Value::as_bool).unwrap_or(true)),
            Shape::Integer { least, greatest, .. } => {
                let given = value.and_then(Value::as_i64).map(i128::from);
                Argument::Integer(given.unwrap_or(3).clamp(*least, *greatest))
            }
            Shape::List { element, length, named } => {
                let items = value.and_then(Value::as_array);
                let known = named.as_ref().and_then(|name| self.lengths.get(name).copied());
                let count = length.or(known).or(items.map(Vec::len)).unwrap_or(LENGTH).min(LONGEST);
                if let Some(name) = named {
                    self.lengths.insert(name.clone(), count);
                }
                let item = |at: usize| items.and_then(|items| items.get(at));
                Argument::List((0..count).map(|at| self.fitted(element, item(at))).collect())
            }
            Shape::Tuple(shapes) => {
                let items = value.and_then(Value::as_array);
                let item = |at: usize| items.and_then(|items| items.get(at));
                let parts = shapes.iter().enumerate();
                Argument::Tuple(parts.map(|(at, shape)| self.fitted(shape, item(at))).collect())
            }
        }
    }
}

/// A number, which may be the text of one that JSON does not have.
fn float(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| match value.as_str()? {
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        _ => None,
    })
}

fn value_of(argument: &Argument) -> Value {
    match argument {
        Argument::Number(number) if number.value.is_finite() => json!(number.value),
        Argument::Number(number) => json!(number.value.to_string()),
        Argument::Integer(value) => json!(i64::try_from(*value).unwrap_or(i64::MAX)),
        Argument::Truth(value) => json!(value),
        Argument::List(items) | Argument::Tuple(items) => items.iter().map(value_of).collect(),
    }
}

fn described(shape: &Shape) -> Value {
    match shape {
        Shape::Number => json!({"kind": "number"}),
        Shape::Truth => json!({"kind": "truth"}),
        Shape::Integer { name, least, greatest } => json!({
            "kind": "integer", "name": name,
            "least": i64::try_from(*least).unwrap_or(i64::MIN), "greatest": i64::try_from(*greatest).unwrap_or(i64::MAX),
        }),
        Shape::List { element, length, named } => {
            json!({"kind": "list", "element": described(element), "length": length, "named": named})
        }
        Shape::Tuple(parts) => {
            json!({"kind": "tuple", "parts": parts.iter().map(described).collect::<Vec<_>>()})
        }
    }
}
