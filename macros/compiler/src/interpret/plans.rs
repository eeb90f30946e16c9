//! Plans that are wrong fail: the interpreter would notice.

use super::datum::Datum;
use super::trial::{Passed, tried};
use super::world::World;
use crate::adjoint::Adjoint;

/// Functions whose plans save, keep, export and compute again.
const PROGRAM: &str = "
#[differentiable]
fn saved(x: f64, xs: &[f64]) -> f64 {
    let mut y = x;
    for i in 0..xs.len() {
        let (s, c) = (y * xs[i], (y + xs[i]).exp());
        y = s.tanh() * c.sqrt();
    }
    y
}
#[differentiable]
fn exported(x: f64, xs: &[f64]) -> f64 {
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
fn kept(x: f64, xs: &[f64]) -> f64 {
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

/// What is left out, and how.
type Way = (String, Box<dyn Fn(&mut Adjoint)>);

/// Every way to leave one thing out of a plan.
fn without_one(plan: &Adjoint) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for (region, saved) in &plan.saved {
        for at in 0..saved.len() {
            let region = *region;
            let name = format!("{} is not saved", plan.program.value(saved[at]).ident);
            ways.push((
                name,
                Box::new(move |plan| {
                    plan.saved.get_mut(&region).map(|saved| saved.remove(at));
                }),
            ));
        }
    }
    for (region, kept) in &plan.kept {
        for at in 0..kept.len() {
            let region = *region;
            let name = format!("{} is not kept", plan.program.memory(kept[at]).ident);
            ways.push((
                name,
                Box::new(move |plan| {
                    plan.kept.get_mut(&region).map(|kept| kept.remove(at));
                }),
            ));
        }
    }
    for (region, exported) in &plan.exported {
        for at in 0..exported.len() {
            let region = *region;
            let name = format!("{} is not taken over", plan.program.value(exported[at].0).ident);
            ways.push((
                name,
                Box::new(move |plan| {
                    plan.exported.get_mut(&region).map(|exported| exported.remove(at));
                }),
            ));
        }
    }
    for value in &plan.again {
        let value = *value;
        let name = format!("{} is not computed again", plan.program.value(value).ident);
        ways.push((
            name,
            Box::new(move |plan| {
                plan.again.remove(&value);
            }),
        ));
    }
    ways
}

#[test]
fn a_plan_with_anything_left_out_fails() {
    let file = syn::parse_file(PROGRAM).expect("Rust");
    let count = ["saved", "exported", "kept", "counted"].map(|name| {
        let right = World::of(&file);
        let passed = tried(&right, &right.units[name], &arguments());
        assert!(matches!(passed, Ok(Passed::Compared(_))), "{name}: {passed:?}");
        let plan = right.units[name].whole.as_ref().expect("a plan");
        let ways = without_one(plan);
        for (what, leave_out) in &ways {
            let mut world = World::of(&file);
            let unit = world.units.get_mut(name).expect("a function");
            leave_out(unit.whole.as_mut().expect("a plan"));
            let failed = tried(&world, &world.units[name], &arguments());
            assert!(failed.is_err(), "{name}, where {what}, is {failed:?}");
        }
        ways.len()
    });
    assert!(count.iter().all(|count| *count > 1), "{count:?} ways to be wrong");
}
