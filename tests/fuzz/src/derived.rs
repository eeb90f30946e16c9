//! Forward mode and second derivatives against the dual numbers.

use crate::print::speed;
use crate::run::Tangents;

/// What a companion's numbers behind the value should be, where it is one of these: `jvp`, `hvp` and `hessian`.
pub fn check(name: &str, tangents: &Tangents, got: &[f64]) -> Option<Result<(), String>> {
    let inputs = tangents.inputs;
    let first = |got: &[f64]| agree("gradient", &tangents.rows, got, tangents.largest);
    let second = |got: &[f64]| agree("product", &tangents.bent, got, tangents.largest_bent);
    let of_length = |expected: usize| {
        if got.len() == expected {
            Ok(())
        } else {
            Err(format!("expected {expected} components, got {}", got.len()))
        }
    };
    match name {
        "jvp" => {
            let expected: Vec<f64> = if inputs == 0 {
                vec![0.0; got.len()]
            } else {
                tangents.rows.chunks(inputs).map(along).collect()
            };
            Some(of_length(expected.len()).and_then(|()| agree("tangent", &expected, got, tangents.largest)))
        }
        "hvp" => Some(of_length(2 * inputs).and_then(|()| {
            let (gradient, product) = got.split_at(inputs);
            first(gradient).and_then(|()| second(product))
        })),
        "hessian" => Some(of_length(inputs + inputs * inputs).and_then(|()| {
            let (gradient, rows) = got.split_at(inputs);
            let products: Vec<f64> = rows.chunks(inputs.max(1)).map(along).collect();
            first(gradient).and_then(|()| second(&products))
        })),
        _ => None,
    }
}

/// A row times the direction.
fn along(row: &[f64]) -> f64 {
    row.iter().enumerate().map(|(index, number)| number * speed(index)).sum()
}

fn agree(what: &str, expected: &[f64], got: &[f64], largest: f64) -> Result<(), String> {
    let scale = expected.iter().filter(|x| x.is_finite()).fold(0.0_f64, |scale, x| scale.max(x.abs()));
    let agrees = expected.iter().zip(got).all(|(expected, got)| {
        let allowed = 1e-8 * expected.abs().max(1e-3 * scale) + 1e-12 * largest;
        !expected.is_finite() || largest > 1e60 || (expected - got).abs() <= allowed
    });
    if agrees { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {got:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> Tangents {
        let [u, v] = [speed(0), speed(1)];
        Tangents {
            inputs: 2,
            kink: false,
            largest: 3.0,
            rows: vec![3.0, 2.0],
            bent: vec![v, u],
            largest_bent: 1.0,
        }
    }

    #[test]
    fn right_numbers_pass() {
        let [u, v] = [speed(0), speed(1)];
        assert_eq!(check("jvp", &product(), &[3.0 * u + 2.0 * v]), Some(Ok(())));
        assert_eq!(check("hvp", &product(), &[3.0, 2.0, v, u]), Some(Ok(())));
        assert_eq!(check("hessian", &product(), &[3.0, 2.0, 0.0, 1.0, 1.0, 0.0]), Some(Ok(())));
        assert_eq!(check("grad", &product(), &[3.0, 2.0]), None);
    }

    #[test]
    fn planted_mistakes_are_found() {
        let [u, v] = [speed(0), speed(1)];
        assert!(check("jvp", &product(), &[3.0 * u]).unwrap().is_err());
        assert!(check("hvp", &product(), &[3.0, 2.0, v, u + 1e-6]).unwrap().is_err());
        assert!(check("hvp", &product(), &[3.0, 2.0, v, f64::NAN]).unwrap().is_err());
        assert!(check("hessian", &product(), &[3.0, 2.0, 0.0, 1.0, 1.1, 0.0]).unwrap().is_err());
        assert!(check("hessian", &product(), &[3.0, 2.0]).unwrap().is_err());
    }
}
