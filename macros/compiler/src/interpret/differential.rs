//! One function at one point: by its programs, by forward mode, and by differences.

use super::datum::{Datum, Evaluated, Stop};
use super::module::{Differentiated, Module, Unit};
use crate::ir::Program;

/// How a trial ends that finds nothing wrong.
#[derive(Debug)]
pub enum Passed {
    /// By so many programs, the last of which gives second derivatives or not.
    Compared(usize, bool),
    /// The interpreter does not know something, or the function panics here.
    Skipped(String),
}

/// A relative error up to which gradients agree: both are sums of the same terms in another order.
pub(super) const CLOSE: f64 = 1e-9;

/// Tries a function; says what is wrong.
pub fn tried(module: &Module, unit: &Unit, arguments: &[Datum]) -> Result<Passed, String> {
    let seed = match module.plain(unit, arguments) {
        Ok(value) => seed(&value),
        Err(stop) => return Ok(Passed::Skipped(reason(&stop))),
    };
    let expected = match module.by_tangents(unit, arguments, Some(&seed)) {
        Ok(expected) => expected,
        Err(stop) => return Ok(Passed::Skipped(reason(&stop))),
    };
    let mut count = 0;
    let programs = [("joint", &unit.joint), ("split", &unit.split), ("without passes", &unit.slow)];
    for (how, program) in programs {
        let Ok(program) = program else { continue };
        match by_program(module, unit, program, arguments, &seed) {
            Ok(found) => compare(&found, &expected).map_err(|complaint| format!("{how}: {complaint}"))?,
            Err(Stop::Unknown(what) | Stop::Limit(what)) => return Ok(Passed::Skipped(what)),
            Err(stop) => return Err(format!("{how}: {stop:?}")),
        }
        count += 1;
    }
    if let Some(program) = &unit.tangent {
        module.machine().refuel();
        match module.in_a_direction(unit, program, arguments, &seed, &expected) {
            Ok(Ok(())) => count += 1,
            Ok(Err(complaint)) => return Err(format!("forward mode: {complaint}")),
            Err(Stop::Unknown(what)) => return Ok(Passed::Skipped(what)),
            Err(stop) => return Err(format!("forward mode: {stop:?}")),
        }
    }
    let mut second = false;
    if let Some(program) = &unit.second {
        module.machine().refuel();
        match module.second_in_a_direction(unit, program, arguments, &seed, &expected) {
            Ok(Some(Ok(()))) => (count, second) = (count + 1, true),
            Ok(None) | Err(Stop::Panic(_)) => {}
            Ok(Some(Err(complaint))) => return Err(format!("second order: {complaint}")),
            Err(Stop::Unknown(what) | Stop::Limit(what)) => return Ok(Passed::Skipped(what)),
            Err(stop) => return Err(format!("second order: {stop:?}")),
        }
    }
    Ok(Passed::Compared(count, second))
}

fn by_program(
    module: &Module,
    unit: &Unit,
    program: &Program,
    arguments: &[Datum],
    seed: &Datum,
) -> Evaluated<Differentiated> {
    module.machine().refuel();
    module.reversed(unit, program, arguments, Some(seed))
}

fn reason(stop: &Stop) -> String {
    match stop {
        Stop::Unknown(what) | Stop::Limit(what) => what.clone(),
        other => format!("{other:?}"),
    }
}

/// Another weight for every number of the result.
fn seed(value: &Datum) -> Datum {
    let mut weight = 1.0;
    let mut seed = value.filled(0.0);
    seed.numbers(&mut |number| {
        number.value = weight;
        weight = 0.75 - 1.5 * weight;
    });
    seed
}

pub(super) fn compare(found: &Differentiated, expected: &Differentiated) -> Result<(), String> {
    let plain = |datum: &Datum| datum.flat().iter().map(|number| number.value).collect::<Vec<f64>>();
    let (value, right) = (plain(&found.0), plain(&expected.0));
    let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    if value.len() != right.len() || !value.iter().zip(&right).all(|(a, b)| same(a, b)) {
        return Err(format!("the value is {value:?}, and should be {right:?}"));
    }
    // Terms that cancel leave what is left of the largest of them.
    let all = expected.1.iter().flatten().flat_map(plain);
    let largest =
        all.filter(|slope| slope.is_finite()).fold(1e-3, |largest: f64, slope| largest.max(slope.abs()));
    for (gradient, right) in found.1.iter().zip(&expected.1) {
        let (Some(gradient), Some(right)) = (gradient, right) else { continue };
        let (gradient, right) = (plain(gradient), plain(right));
        // Of factors that are not finite, the order tells what comes out, and one direction may never multiply them.
        let far = |a: &f64, b: &f64| b.is_nan() || !a.is_finite() && !b.is_finite();
        let close =
            |a: &f64, b: &f64| far(a, b) || a == b || (a - b).abs() <= CLOSE * b.abs().max(1e-3 * largest);
        if gradient.len() != right.len() || !gradient.iter().zip(&right).all(|(a, b)| close(a, b)) {
            return Err(format!("a gradient is {gradient:?}, and should be {right:?}"));
        }
    }
    Ok(())
}
