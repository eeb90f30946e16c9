//! A reverse sweep from which a statement is missing is wrong, and the interpreter notices: no statement is there in vain, and no
//! printer makes up for one.

use super::datum::Datum;
use super::differential::{Passed, tried};
use super::module::Module;
use crate::ir::{Program, Region, StatementKind};

/// Functions whose reverse sweeps restore, recompute, accumulate, take back and skip.
const PROGRAM: &str = "
#[differentiable]
fn recorded(x: f64, xs: &[f64]) -> f64 {
    let mut y = x;
    for i in 0..xs.len() {
        let (s, c) = (y * xs[i], (y + xs[i]).exp());
        y = s.tanh() * c.sqrt();
    }
    y
}
#[differentiable]
fn hoisted(x: f64, xs: &[f64]) -> f64 {
    let mut y = x;
    for i in 0..xs.len() {
        if xs[i] > 0.2 {
            let e = (y * xs[i]).exp();
            y = e * e + y;
        } else {
            y = y.sin() + xs[i];
        }
    }
    y
}
#[differentiable]
fn whole(x: f64, xs: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..xs.len() {
        let mut grown = Vec::new();
        for j in 0..=i {
            grown.push(xs[j] * x);
        }
        total += grown.iter().map(|g| g * g).sum::<f64>();
    }
    total
}
#[differentiable]
fn counted(x: f64, xs: &[f64]) -> f64 {
    let mut y = x;
    let mut k = 1;
    while y < 20.0 && k < 5 {
        k += 1;
        y = y * 1.5 + xs[k % 3].exp() * y;
    }
    y * xs[0]
}
";

fn arguments() -> Vec<Datum> {
    vec![Datum::from(0.7), Datum::List([0.5, 0.1, -0.4].map(Datum::from).to_vec())]
}

/// How many statements a region and the regions in it have.
fn count(region: &Region) -> usize {
    let mut count = 0;
    region.each(&mut |_, _| count += 1);
    count
}

/// Takes away the statement with this number, and says which it was.
fn remove(region: &mut Region, number: &mut usize) -> Option<String> {
    for at in 0..region.statements.len() {
        if *number == 0 {
            return Some(format!("{:?}", region.statements.remove(at).kind));
        }
        *number -= 1;
        for inner in region.statements[at].kind.regions_mut() {
            if let Some(removed) = remove(inner, number) {
                return Some(removed);
            }
        }
    }
    None
}

fn reverse(program: &mut Program) -> &mut Region {
    &mut program.reverse.as_mut().expect("a reverse sweep").region
}

/// Takes away a statement of the reverse sweep, or of the reverse of an iteration.
fn remove_from(program: &mut Program, number: &mut usize) -> Option<String> {
    remove(reverse(program), number).or_else(|| remove_fused(&mut program.body, number))
}

fn remove_fused(region: &mut Region, number: &mut usize) -> Option<String> {
    region.statements.iter_mut().find_map(|statement| {
        let of_iteration = if let StatementKind::Loop(repeat) = &mut statement.kind {
            repeat.fused.as_mut().and_then(|fused| remove(fused, number))
        } else {
            None
        };
        of_iteration.or_else(|| {
            statement.kind.regions_mut().into_iter().find_map(|inner| remove_fused(inner, number))
        })
    })
}

#[test]
fn a_reverse_sweep_without_a_statement_is_wrong() {
    let file = syn::parse_file(PROGRAM).expect("Rust");
    let counts = ["recorded", "hoisted", "whole", "counted"].map(|name| {
        let mut module = Module::of(&file);
        let passed = tried(&module, &module.units[name], &arguments());
        assert!(matches!(passed, Ok(Passed::Compared(..))), "{name}: {passed:?}");
        let program = module.units[name].joint.clone().expect("a program");
        let mut statements = count(&program.reverse.as_ref().expect("a reverse sweep").region);
        program.body.each(&mut |_, statement| {
            if let StatementKind::Loop(repeat) = &statement.kind {
                statements += repeat.fused.as_ref().map_or(0, count);
            }
        });
        for number in 0..statements {
            let mut mutant = program.clone();
            let removed = remove_from(&mut mutant, &mut number.clone()).expect("a statement");
            module.units.get_mut(name).expect("a function").joint = Ok(mutant);
            let failed = tried(&module, &module.units[name], &arguments());
            assert!(failed.is_err(), "{name} without `{removed}` is {failed:?}\n{program}");
        }
        statements
    });
    assert!(counts.iter().all(|count| *count > 5), "{counts:?} statements");
}
