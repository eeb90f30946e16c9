//! Programs in forward mode.

use super::datum::{Datum, Evaluated, wrong};
use super::differential::CLOSE;
use super::evaluate::constants;
use super::frame::Frame;
use super::module::{Differentiated, Module, Unit};
use super::number::{DIRECTIONS, Number};
use super::run::Run;
use crate::ir::{Call, CallTangents, Direction, Program};
use crate::syntax::callee::Callee;

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
        let mut named = unit.named(arguments);
        for (storage, tangent) in given.parameters.iter().zip(tangents) {
            if let (Some(storage), Some(tangent)) = (storage, tangent) {
                named.push((program.storage(*storage).ident.to_string(), tangent.clone()));
            }
        }
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
        Ok((value, tangent))
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

impl Run<'_> {
    pub(super) fn call_with_tangents(
        &mut self,
        call: &Call,
        tangents: &CallTangents,
        arguments: &[Datum],
    ) -> Evaluated<()> {
        let mut given = Vec::new();
        for (direction, argument) in tangents.arguments.iter().zip(arguments) {
            given.push(Some(match direction {
                Direction::Number(atom) => self.atom(atom)?,
                Direction::Place(place) => self.place(place)?.get()?,
                Direction::Nothing => argument.filled(-0.0),
            }));
        }
        let (value, tangent) = self.module.tangent(&call.callee, arguments, &given)?;
        self.given(&call.out, value)?;
        self.given(&tangents.out, tangent)
    }
}
