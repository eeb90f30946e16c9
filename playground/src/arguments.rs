//! The inputs: what the reader has given, fitted to the parameters of the function.

use gradus_compiler::interpret::{Argument, Complaint, File, Operand, Parameter, Shape};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The arguments of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Given(pub Vec<Argument>);

/// What numbers are at first: positive, so that logarithms and roots of them exist, and no two alike.
const NUMBERS: [f64; 8] = [2.0, 0.5, 1.5, 0.8, 1.2, 0.3, 1.7, 0.6];
/// How many elements a list has at first.
const LENGTH: usize = 3;
/// How many numbers the arguments may hold: as many as a graph may have nodes.
const MOST: usize = gradus::view::MOST_NODES;

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
    ///
    /// # Errors
    ///
    /// If they hold too many numbers.
    pub fn of(parameters: &[Parameter], values: &Value) -> Result<Given, Complaint> {
        let mut fitting = Fitting { next: 0, left: MOST, lengths: HashMap::new() };
        let arguments = parameters.iter().map(|parameter| {
            let too_many = || Complaint {
                message: format!("the arguments hold more than {MOST} numbers"),
                help: Some("the page is for small inputs: shorter arrays, fewer lists in lists".to_owned()),
                refusal: None,
                at: parameter.at.clone(),
            };
            fitting.fitted(&parameter.shape, values.get(&parameter.name)).ok_or_else(too_many)
        });
        Ok(Given(arguments.collect::<Result<_, _>>()?))
    }

    /// The values by the names of the parameters.
    pub fn by_name(&self, parameters: &[Parameter]) -> Value {
        let values = parameters.iter().zip(&self.0);
        let values = values
            .map(|(parameter, argument)| (parameter.name.clone(), value_of(&parameter.shape, argument)));
        Value::Object(values.collect())
    }

    /// The parameters, with what they are given.
    pub fn described(&self, parameters: &[Parameter]) -> Value {
        let described = parameters.iter().zip(&self.0).map(|(parameter, argument)| {
            json!({
                "name": parameter.name, "written": parameter.written, "differentiable": parameter.differentiable,
                "shape": described(&parameter.shape), "value": value_of(&parameter.shape, argument),
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
    /// How many numbers there may still be.
    left: usize,
    /// The lengths that const generics stand for.
    lengths: HashMap<String, usize>,
}

impl Fitting {
    /// `None` if there are too many numbers.
    fn fitted(&mut self, shape: &Shape, value: Option<&Value>) -> Option<Argument> {
        let item = |at: usize| value.and_then(Value::as_array).and_then(|items| items.get(at));
        // Lists without elements count, too.
        self.left = self.left.checked_sub(1)?;
        Some(match shape {
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
                let count = length.or(known).or(items.map(Vec::len)).unwrap_or(LENGTH);
                if let Some(name) = named {
                    self.lengths.insert(name.clone(), count);
                }
                let elements = (0..count).map(|at| self.fitted(element, item(at)));
                Argument::List(elements.collect::<Option<_>>()?)
            }
            Shape::Tuple(shapes) => {
                let parts = shapes.iter().enumerate().map(|(at, shape)| self.fitted(shape, item(at)));
                Argument::Tuple(parts.collect::<Option<_>>()?)
            }
            Shape::Struct { name, fields } => {
                let parts = fields.iter().map(|field| {
                    let value = value.and_then(|value| value.get(&field.name));
                    self.fitted(&field.shape, value)
                });
                Argument::Struct { name: name.clone(), fields: parts.collect::<Option<_>>()? }
            }
        })
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

fn value_of(shape: &Shape, argument: &Argument) -> Value {
    match (shape, argument) {
        (_, Argument::Number(number)) if number.value.is_finite() => json!(number.value),
        (_, Argument::Number(number)) => json!(number.value.to_string()),
        (_, Argument::Integer(value)) => json!(i64::try_from(*value).unwrap_or(i64::MAX)),
        (_, Argument::Truth(value)) => json!(value),
        (Shape::Struct { fields, .. }, Argument::Struct { fields: parts, .. }) => {
            let parts = fields.iter().zip(parts);
            let parts = parts.map(|(field, part)| (field.name.clone(), value_of(&field.shape, part)));
            Value::Object(parts.collect())
        }
        (Shape::Tuple(shapes), Argument::Tuple(parts)) => {
            shapes.iter().zip(parts).map(|(shape, part)| value_of(shape, part)).collect()
        }
        (Shape::List { element, .. }, Argument::List(parts)) => {
            parts.iter().map(|part| value_of(element, part)).collect()
        }
        // An argument has its parameter's shape.
        (_, Argument::List(_) | Argument::Tuple(_) | Argument::Struct { .. }) => Value::Null,
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
        Shape::Struct { name, fields } => {
            let fields = fields.iter().map(|field| {
                json!({"name": field.name, "shape": described(&field.shape), "differentiable": field.differentiable})
            });
            json!({"kind": "struct", "name": name, "fields": fields.collect::<Vec<_>>()})
        }
        Shape::Tuple(parts) => {
            json!({"kind": "tuple", "parts": parts.iter().map(described).collect::<Vec<_>>()})
        }
    }
}
