//! Programs in forward mode.

use super::datum::{Datum, Evaluated, unknown, wrong};
use super::differential::{CLOSE, compare};
use super::evaluate::constants;
use super::frame::Frame;
use super::module::{Differentiated, Module, Unit, items};
use super::number::{DIRECTIONS, Number};
use super::run::Run;
use crate::ir::{Call, CallTangents, Direction, Program, Tangent};
use crate::syntax::callee::Callee;
use quote::ToTokens as _;

impl Module {
    /// The value and its tangent by a program; a tangent for each parameter that has a derivative.
    fn by_tangent_program(
        &self,
        unit: &Unit,
        program: &Program,
        arguments: &[Datum],
        tangents: &[Option<Datum>],
    ) -> Evaluated<(Datum, Datum)> {
        let Some(given) = &program.tangent else { return wrong("a program without tangents") };
        let named = with_tangents(unit, program, arguments, tangents);
        let mut frame = Frame::default();
        let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), &mut frame)?;
        let value = run.forward()?;
        let tangent = run.outcome(&given.outcome)?;
        Ok((value, tangent))
    }

    /// The same of a callee, which need not be compiled.
    fn tangent(
        &self,
        callee: &Callee,
        arguments: &[Datum],
        tangents: &[Option<Datum>],
    ) -> Evaluated<(Datum, Datum)> {
        let unit = self.unit(callee)?;
        if let Some(program) = &unit.tangent {
            return self.by_tangent_program(unit, program, arguments, tangents);
        }
        let mut moving = arguments.to_vec();
        for (argument, tangent) in moving.iter_mut().zip(tangents) {
            let Some(tangent) = tangent else { continue };
            let tangents = tangent.flat();
            let mut tangents = tangents.iter();
            argument.numbers(&mut |number| {
                let tangent = tangents.next().map_or(-0.0, |tangent| tangent.value);
                number.active = tangent.to_bits() != (-0.0_f64).to_bits();
                number.tangent[0] = tangent;
            });
        }
        let mut value = self.plain(unit, &moving)?;
        let mut tangent = value.clone();
        tangent.numbers(&mut |number| {
            *number = Number::from(if number.active { number.tangent[0] + 0.0 } else { -0.0 });
        });
        value.numbers(&mut |number| (number.active, number.tangent) = (false, [0.0; DIRECTIONS]));
        Ok(if unit.may_fail { (items(value), items(tangent)) } else { (value, tangent) })
    }

    /// What is wrong with the tangent in a direction: it is the gradient's product with it.
    pub(super) fn in_a_direction(
        &self,
        unit: &Unit,
        program: &Program,
        arguments: &[Datum],
        seed: &Datum,
        (value, gradients): &Differentiated,
    ) -> Evaluated<Result<(), String>> {
        let tangents = directions(unit, arguments);
        let (found, tangent) = self.by_tangent_program(unit, program, arguments, &tangents)?;
        let plain = |datum: &Datum| datum.flat().iter().map(|number| number.value).collect::<Vec<f64>>();
        let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        let (found, right) = (plain(&found), plain(value));
        if found.len() != right.len() || !found.iter().zip(&right).all(|(a, b)| same(a, b)) {
            return Ok(Err(format!("the value is {found:?}, and should be {right:?}")));
        }
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).collect::<Vec<_>>();
        let weighted = product(&plain(&tangent), &plain(seed));
        let pairs = gradients.iter().zip(&tangents);
        let shares = pairs.filter_map(|(gradient, tangent)| Some((gradient.as_ref()?, tangent.as_ref()?)));
        let shares: Vec<f64> =
            shares.flat_map(|(gradient, tangent)| product(&plain(gradient), &plain(tangent))).collect();
        let (found, right) = (weighted.iter().sum::<f64>(), shares.iter().sum::<f64>());
        let size: f64 = shares.iter().chain(&weighted).map(|share| share.abs()).sum();
        if right.is_finite() && size.is_finite() && (found - right).abs() > CLOSE * size.max(1e-3) {
            return Ok(Err(format!("the tangent is {found}, and should be {right}\n{program}")));
        }
        Ok(Ok(()))
    }
}

/// A direction: a tangent for each parameter that has a derivative.
fn directions(unit: &Unit, arguments: &[Datum]) -> Vec<Option<Datum>> {
    let mut speed = 0.5;
    let mut tangents = Vec::new();
    for (argument, (_, differentiable)) in arguments.iter().zip(&unit.parameters) {
        let mut tangent = argument.clone();
        tangent.numbers(&mut |number| {
            speed = 1.25 - 1.5 * speed;
            *number = Number::from(speed);
        });
        tangents.push(differentiable.then_some(tangent));
    }
    tangents
}

impl Module {
    /// What is wrong with the second derivative in a direction: it is the limit of differences of gradients. `None` where these
    /// have none: at a jump, a kink, or a pole.
    pub(super) fn second_in_a_direction(
        &self,
        unit: &Unit,
        program: &Program,
        arguments: &[Datum],
        seed: &Datum,
        expected: &Differentiated,
    ) -> Evaluated<Option<Result<(), String>>> {
        // What is stopped does not change for second derivatives, and does for differences.
        if unit.item.to_token_stream().to_string().contains("stop_gradient") {
            return Ok(None);
        }
        let tangents = directions(unit, arguments);
        let named = with_tangents(unit, program, arguments, &tangents);
        let mut frame = Frame::default();
        let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), &mut frame)?;
        let value = run.forward()?;
        let mut seed = seed.clone();
        seed.numbers(&mut |weight| weight.value = if weight.value == 0.0 { -0.0 } else { weight.value });
        run.forget(&named)?;
        run.backward(&seed, 0.0)?;
        let (mut gradients, mut turned) = (Vec::new(), Vec::new());
        for parameter in 0..arguments.len() {
            gradients.push(run.gradient(parameter)?);
            turned.extend(run.turned(parameter)?);
        }
        if let Err(complaint) = compare(&(value, gradients), expected) {
            return Ok(Some(Err(complaint)));
        }
        let plain = |data: &[Datum]| -> Vec<f64> {
            data.iter()
                .flat_map(|datum| datum.flat().iter().map(|number| number.value).collect::<Vec<_>>())
                .collect()
        };
        let turned = plain(&turned);
        let at = |step: f64| -> Evaluated<Vec<f64>> {
            let mut moved = arguments.to_vec();
            for (argument, tangent) in moved.iter_mut().zip(&tangents) {
                let Some(tangent) = tangent else { continue };
                let tangent = tangent.flat();
                let mut along = tangent.iter();
                argument.numbers(&mut |number| number.value += step * along.next().map_or(0.0, |t| t.value));
            }
            self.machine().refuel();
            let Ok(joint) = &unit.joint else { return wrong("no gradient") };
            let gradients = self.reversed(unit, joint, &moved, Some(&seed))?.1;
            Ok(plain(&gradients.into_iter().flatten().collect::<Vec<_>>()))
        };
        let differences = |step: f64| -> Evaluated<Vec<f64>> {
            let (above, below) = (at(step)?, at(-step)?);
            Ok(above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect())
        };
        let size = |numbers: &[f64]| numbers.iter().fold(1.0_f64, |size, number| size.max(number.abs()));
        let apart = |a: &[f64], b: &[f64]| {
            let largest = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            if a.iter().chain(b).all(|number| number.is_finite()) { largest / size(b) } else { f64::INFINITY }
        };
        let mut best: Option<(f64, Vec<f64>)> = None;
        for step in [1e-3, 1e-4, 1e-5] {
            let (wide, near) = (differences(step)?, differences(0.5 * step)?);
            let refined: Vec<f64> =
                near.iter().zip(&wide).map(|(near, wide)| near + (near - wide) / 3.0).collect();
            if apart(&refined, &turned) < 1e-5 {
                return Ok(Some(Ok(())));
            }
            let doubt = apart(&wide, &near);
            if best.as_ref().is_none_or(|(least, _)| doubt < *least) {
                best = Some((doubt, refined));
            }
        }
        Ok(match best {
            Some((doubt, differences)) if doubt < 1e-6 => Some(Err(format!(
                "the product with the Hessian is {turned:?}, and should be {differences:?}\n{program}"
            ))),
            Some(_) | None => None,
        })
    }
}

impl Module {
    /// The forward half of a callee with tangents: the value and its tangent.
    fn second_forward_half(
        &self,
        callee: &Callee,
        arguments: &[Datum],
        tangents: &[Option<Datum>],
        frame: &mut Frame,
    ) -> Evaluated<(Datum, Datum)> {
        let unit = self.unit(callee)?;
        let (program, given) = second_of(unit)?;
        let named = with_tangents(unit, program, arguments, tangents);
        let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), frame)?;
        let value = run.forward()?;
        let tangent = run.outcome(&given.outcome)?;
        Ok((value, tangent))
    }

    /// The reverse half of a callee with tangents: a gradient for each parameter, and how fast it changes.
    pub(super) fn second_reverse_half(
        &self,
        callee: &Callee,
        (arguments, tangents): (&[Datum], &[Option<Datum>]),
        (seed, turn): (&Datum, &Datum),
        frame: &mut Frame,
    ) -> Evaluated<Vec<[Option<Datum>; 2]>> {
        let unit = self.unit(callee)?;
        let (program, _) = second_of(unit)?;
        let named = with_tangents(unit, program, arguments, tangents);
        let shapes = {
            let mut aside = Frame::default();
            let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), &mut aside)?;
            run.forward()?;
            run.shapes
        };
        let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), frame)?;
        run.shapes = shapes;
        run.backward_with(seed, turn, -0.0)?;
        (0..unit.parameters.len()).map(|at| Ok([run.gradient(at)?, run.turned(at)?])).collect()
    }
}

fn second_of(unit: &Unit) -> Evaluated<(&Program, &Tangent)> {
    match unit.second_split.as_ref().and_then(|program| Some((program, program.tangent.as_ref()?))) {
        Some(found) => Ok(found),
        None => unknown("second derivatives of a callee on a graph"),
    }
}

/// The arguments by their names, and their tangents.
fn with_tangents(
    unit: &Unit,
    program: &Program,
    arguments: &[Datum],
    tangents: &[Option<Datum>],
) -> Vec<(String, Datum)> {
    let mut named = unit.named(arguments);
    let storages = program.tangent.iter().flat_map(|given| &given.parameters);
    for (storage, tangent) in storages.zip(tangents) {
        if let (Some(storage), Some(tangent)) = (storage, tangent) {
            named.push((program.storage(*storage).ident.to_string(), tangent.clone()));
        }
    }
    named
}

impl Run<'_> {
    pub(super) fn directions(
        &mut self,
        directions: &[Direction],
        arguments: &[Datum],
    ) -> Evaluated<Vec<Option<Datum>>> {
        let mut given = Vec::new();
        for (direction, argument) in directions.iter().zip(arguments) {
            given.push(Some(match direction {
                Direction::Number(atom) => self.atom(atom)?,
                Direction::Place(place) => self.place(place)?.get()?,
                Direction::Nothing => argument.filled(-0.0),
            }));
        }
        Ok(given)
    }

    pub(super) fn call_with_tangents(
        &mut self,
        call: &Call,
        tangents: &CallTangents,
        arguments: &[Datum],
    ) -> Evaluated<()> {
        let given = self.directions(&tangents.arguments, arguments)?;
        let (value, tangent) = if self.program.reverse.is_some() {
            self.module.second_forward_half(&call.callee, arguments, &given, self.frame)?
        } else {
            self.module.tangent(&call.callee, arguments, &given)?
        };
        self.given(&call.out, value)?;
        self.given(&tangents.out, tangent)
    }
}
