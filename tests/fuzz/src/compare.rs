//! What a program shows of the attribute: the companions against the plain function, and against forward mode.
//!
//! Values agree to the last bit, NaNs with NaNs. Panics agree in message, file and line, whatever was printed and counted agrees
//! too. A component of a gradient is compared where dual numbers give a finite one; at a kink none is.

use crate::run::{Outcome, Report, Section, Tangents};
use crate::tree::Program;
use std::fmt;

/// What became of a program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    WrongValue,
    WrongGradient,
    PanicDiffers,
    EffectsDiffer,
    Lost,
    RustcError,
    Refused,
    /// The dual numbers do not give the plain function's value: the machine's own mistake.
    Oracle,
    /// The program is not valid Rust without the attribute: the generator's mistake.
    Invalid,
    Graph,
    Compiled,
}

impl Class {
    pub const ALL: [Class; 11] = [
        Class::WrongValue,
        Class::WrongGradient,
        Class::PanicDiffers,
        Class::EffectsDiffer,
        Class::Lost,
        Class::RustcError,
        Class::Refused,
        Class::Oracle,
        Class::Invalid,
        Class::Graph,
        Class::Compiled,
    ];

    /// Whether the attribute is at fault, and the machine's exit status says so.
    pub fn fails(self) -> bool {
        match self {
            Class::WrongValue
            | Class::WrongGradient
            | Class::PanicDiffers
            | Class::EffectsDiffer
            | Class::Lost
            | Class::RustcError
            | Class::Oracle => true,
            Class::Refused | Class::Invalid | Class::Graph | Class::Compiled => false,
        }
    }

    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.to_string() == name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Class::WrongValue => "wrong value",
            Class::WrongGradient => "wrong gradient",
            Class::PanicDiffers => "panic differs",
            Class::EffectsDiffer => "effects differ",
            Class::Lost => "crash or endless",
            Class::RustcError => "rustc error",
            Class::Refused => "refused",
            Class::Oracle => "oracle disagrees",
            Class::Invalid => "invalid program",
            Class::Graph => "graph",
            Class::Compiled => "compiled and right",
        })
    }
}

/// A class, the kind of failure within it, and the details.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    pub class: Class,
    pub kind: String,
    pub detail: String,
}

impl Verdict {
    pub fn new(class: Class, kind: impl Into<String>, detail: impl Into<String>) -> Verdict {
        Verdict { class, kind: kind.into(), detail: detail.into() }
    }
}

/// The verdict on a program that compiled.
pub fn compare(program: &Program, report: &Report) -> Verdict {
    let none = Vec::new();
    let sections = report.sections.get(&program.number).unwrap_or(&none);
    let backends = report.backends.get(&program.number).cloned().unwrap_or_default();
    let backend = backends.first().map_or("unknown", |(_, backend)| backend.as_str()).to_owned();
    for point in 0..program.points() {
        let find = |name: &str| {
            sections.iter().find(|section| section.point as usize == point && section.name == name)
        };
        let Some(plain) = find("plain") else {
            return Verdict::new(Class::Lost, "no section", "the plain function was not run");
        };
        if plain.outcome == Outcome::Lost {
            return Verdict::new(Class::Invalid, "endless", "the plain function does not end");
        }
        let companions: &[&str] = match (program.is_single(), program.second) {
            (true, false) => &["grad", "grad_add", "graph", "jvp"],
            (true, true) => &["grad", "grad_add", "graph", "jvp", "hvp", "hessian"],
            (false, _) => &["vjp", "jacobian", "graph", "jvp"],
        };
        let Some(dual) = find("dual") else {
            let last = sections.last().map_or("", |section| section.name.as_str());
            return Verdict::new(Class::Lost, last, format!("`{last}` does not come back; f: {backend}"));
        };
        if let Err(detail) = same_plain(plain, dual) {
            return Verdict::new(Class::Oracle, "dual", detail);
        }
        for name in companions {
            let Some(section) = find(name) else {
                return Verdict::new(Class::Lost, *name, format!("`{name}` was not run; f: {backend}"));
            };
            if let Err((class, detail)) = same(plain, dual.tangents.as_ref(), section) {
                let detail = format!("point {point}, `{name}` (f: {backend}): {detail}");
                return Verdict::new(class, *name, detail);
            }
        }
    }
    match backends.iter().find(|(_, backend)| backend != "compiled") {
        None => Verdict::new(Class::Compiled, "", ""),
        Some((function, reason)) => {
            Verdict::new(Class::Graph, reason_of(reason), format!("{function}: {reason}"))
        }
    }
}

/// The construct alone.
fn reason_of(backend: &str) -> String {
    let text = backend.strip_prefix("graph: ").unwrap_or(backend);
    without_names(text.split(" (line ").next().unwrap_or(text))
}

/// A message without the numbers of a program's own names.
pub fn without_names(text: &str) -> String {
    let mut result = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            result.push('`');
        }
        let digits = index % 2 == 1;
        result.extend(part.chars().filter(|c| !(digits && c.is_ascii_digit())));
    }
    result
}

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn same_plain(plain: &Section, dual: &Section) -> Result<(), String> {
    let same = match (&plain.outcome, &dual.outcome) {
        (Outcome::Values(a), Outcome::Values(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_bits(*a, *b))
        }
        (Outcome::Panic { message: a, .. }, Outcome::Panic { message: b, .. }) => a == b,
        _ => false,
    };
    if same && plain.printed == dual.printed {
        return Ok(());
    }
    Err(format!(
        "plain {:?} printed {:?}, dual {:?} printed {:?}",
        plain.outcome, plain.printed, dual.outcome, dual.printed
    ))
}

/// A companion against the plain function and the derivatives.
pub fn same(
    plain: &Section,
    tangents: Option<&Tangents>,
    companion: &Section,
) -> Result<(), (Class, String)> {
    let values = match (&plain.outcome, &companion.outcome) {
        (_, Outcome::Lost) => return Err((Class::Lost, "does not come back".to_owned())),
        (Outcome::Panic { .. }, Outcome::Panic { .. }) if plain.outcome == companion.outcome => None,
        (Outcome::Values(values), Outcome::Values(_)) => Some(values),
        (expected, got) => {
            return Err((Class::PanicDiffers, format!("expected {expected:?}, got {got:?}")));
        }
    };
    if plain.printed != companion.printed {
        return Err((
            Class::EffectsDiffer,
            format!("expected {:?}, got {:?}", plain.printed, companion.printed),
        ));
    }
    if plain.count != companion.count {
        return Err((
            Class::EffectsDiffer,
            format!("expected {} calls of `count`, got {}", plain.count, companion.count),
        ));
    }
    let (Some(values), Outcome::Values(all)) = (values, &companion.outcome) else { return Ok(()) };
    let count = values.len();
    if all.len() < count || !values.iter().zip(all).all(|(a, b)| same_bits(*a, *b)) {
        let got = &all[..count.min(all.len())];
        return Err((Class::WrongValue, format!("expected {values:?}, got {got:?}")));
    }
    let gradient = &all[count..];
    let Some(tangents) = tangents else { return Ok(()) };
    if companion.name == "graph" && gradient.is_empty() {
        return Ok(()); // several results: the trace has values only
    }
    if let Some(checked) = crate::derived::check(&companion.name, tangents, gradient) {
        return match checked {
            Err(detail) if !tangents.kink => Err((Class::WrongGradient, detail)),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    let expected = match companion.name.as_str() {
        "vjp" => (0..tangents.inputs).map(|input| weighted(tangents, input, count)).collect(),
        _ => tangents.rows.clone(),
    };
    if gradient.len() != expected.len() {
        return Err((
            Class::WrongGradient,
            format!("expected {} components, got {}", expected.len(), gradient.len()),
        ));
    }
    if tangents.kink || agree(&expected, gradient, tangents.largest) {
        return Ok(());
    }
    Err((Class::WrongGradient, format!("expected {expected:?}, got {gradient:?}")))
}

/// The derivative of the weighted results with respect to an input.
fn weighted(tangents: &Tangents, input: usize, results: usize) -> f64 {
    (0..results)
        .map(|result| {
            let number = u32::try_from(result + 1).expect("few results");
            (0.5 + 0.25 * f64::from(number)) * tangents.rows[result * tangents.inputs + input]
        })
        .sum()
}

/// Whether gradients agree, to the error that sums of such numbers have in another order.
fn agree(expected: &[f64], got: &[f64], largest: f64) -> bool {
    let scale = expected.iter().filter(|x| x.is_finite()).fold(0.0_f64, |scale, x| scale.max(x.abs()));
    expected.iter().zip(got).all(|(expected, got)| {
        if !expected.is_finite() || largest > 1e60 {
            return true;
        }
        let allowed = 1e-9 * expected.abs().max(1e-3 * scale) + 1e-13 * largest;
        (expected - got).abs() <= allowed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(name: &str, outcome: Outcome) -> Section {
        let printed = String::new();
        Section { point: 0, name: name.to_owned(), printed, outcome, tangents: None, count: 0 }
    }

    fn tangents(rows: &[f64]) -> Tangents {
        Tangents {
            inputs: 2,
            kink: false,
            largest: 2.0,
            rows: rows.to_vec(),
            bent: Vec::new(),
            largest_bent: 0.0,
        }
    }

    #[test]
    fn a_planted_wrong_gradient_is_found() {
        let plain = section("plain", Outcome::Values(vec![6.0]));
        let right = section("grad", Outcome::Values(vec![6.0, 3.0, 2.0]));
        assert_eq!(same(&plain, Some(&tangents(&[3.0, 2.0])), &right), Ok(()));
        let (class, _) = same(&plain, Some(&tangents(&[3.0, 2.000001])), &right).unwrap_err();
        assert_eq!(class, Class::WrongGradient);
        assert_eq!(same(&plain, Some(&tangents(&[3.0, f64::NAN])), &right), Ok(()));
        let nan = section("grad", Outcome::Values(vec![6.0, 3.0, f64::NAN]));
        assert_eq!(same(&plain, Some(&tangents(&[3.0, 2.0])), &nan).unwrap_err().0, Class::WrongGradient);
    }

    #[test]
    fn other_differences_are_found() {
        let plain = section("plain", Outcome::Values(vec![6.0]));
        let value = section("grad", Outcome::Values(vec![6.000000000000001, 3.0, 2.0]));
        assert_eq!(same(&plain, None, &value).unwrap_err().0, Class::WrongValue);
        let panic = |place: &str| Outcome::Panic { place: place.to_owned(), message: "m".to_owned() };
        let same_panic = same(&section("plain", panic("a1.rs:3")), None, &section("grad", panic("a1.rs:3")));
        assert_eq!(same_panic, Ok(()));
        let other = same(&section("plain", panic("a1.rs:3")), None, &section("grad", panic("a1.rs:4")));
        assert_eq!(other.unwrap_err().0, Class::PanicDiffers);
        let mut noisy = section("grad", Outcome::Values(vec![6.0, 3.0, 2.0]));
        noisy.printed = "~1\n".to_owned();
        assert_eq!(same(&plain, None, &noisy).unwrap_err().0, Class::EffectsDiffer);
    }

    #[test]
    fn seeds_weigh_the_results() {
        let plain = section("plain", Outcome::Values(vec![1.0, 1.0]));
        let vjp = section("vjp", Outcome::Values(vec![1.0, 1.0, 0.75 * 1.0 + 3.0, 0.75 * 2.0 + 4.0]));
        assert_eq!(same(&plain, Some(&tangents(&[1.0, 2.0, 3.0, 4.0])), &vjp), Ok(()));
    }
}
