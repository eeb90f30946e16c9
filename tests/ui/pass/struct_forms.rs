//! Structs of every form, under lints that generated code must not answer to.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]

use gradus::{Differentiable, differentiable, flat};

/// Named fields, private ones too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

/// A tuple struct.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Differentiable)]
struct Meters(f64);

/// With data in it.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Pair(Vec3, usize, [f64; 2]);

/// Without fields.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Nothing;

/// What has no gradient.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Solid,
    Gas { pressure: f64 },
}

/// Data of every kind.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Body {
    position: Vec3,
    size: Meters,
    id: u32,
    is_fixed: bool,
    letter: char,
    name: String,
    tags: Vec<String>,
    neighbours: Vec<usize>,
    #[constant]
    kind: Kind,
    #[constant]
    scale: f64,
}

/// Const generic, with a default for one.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model<const N: usize, const IS_DEEP: bool = true> {
    weights: Vec<[f64; N]>,
    bias: [f64; N],
    #[constant]
    rate: f64,
}

/// In arrays, slices, `Vec`s, tuples and each other.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct World {
    bodies: Vec<Body>,
    corners: [Vec3; 2],
    pair: (Vec3, f64),
    models: Vec<Model<2>>,
    rows: Vec<Vec<Meters>>,
    nothing: Nothing,
}

/// Names that generated code has too, raw names, and names of the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Item {
    r#type: f64,
    seed: f64,
    value: f64,
    gradient: f64,
    this: f64,
    self_: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct ItemValues {
    item: Item,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Values<const M: usize, const R: usize> {
    items: [ItemValues; M],
    option: [f64; R],
}

/// A type under another name.
type Point = Vec3;

#[differentiable]
fn height(world: &World, item: Values<2, 1>, point: Point) -> f64 {
    let mut sum = world.corners[0].z * world.corners[1].x + world.pair.0.y * world.pair.1;
    for body in &world.bodies {
        if !body.is_fixed && body.id > 0 {
            sum += body.position.z * body.size.0 * body.scale;
        }
    }
    for model in &world.models {
        sum += model.weights[0][1] * model.bias[0] * model.rate;
    }
    sum += world.rows[0][0].0;
    sum += item.items[1].item.r#type * item.option[0] * item.items[0].item.seed;
    sum + point.x
}

#[differentiable]
fn nothing_at_all(nothing: Nothing, x: f64) -> f64 {
    let Nothing = nothing;
    x * x
}

#[differentiable]
fn made(x: f64, n: usize) -> Pair {
    Pair(Vec3 { x, ..Vec3::default() }, n, [x * x, 1.0])
}

fn main() {
    let body = Body {
        position: Vec3 { x: 1.0, y: 2.0, z: 3.0 },
        size: Meters(2.0),
        id: 7,
        is_fixed: false,
        letter: 'b',
        name: "body".to_owned(),
        tags: vec!["heavy".to_owned()],
        neighbours: vec![1, 2],
        kind: Kind::Gas { pressure: 2.0 },
        scale: 0.5,
    };
    assert_ne!(body.kind, Kind::Solid);
    let world = World {
        bodies: vec![body.clone()],
        corners: [Vec3 { x: 1.0, y: 1.0, z: 2.0 }; 2],
        pair: (Vec3::default(), 4.0),
        models: vec![Model { weights: vec![[1.0, 2.0]], bias: [3.0, 4.0], rate: 0.5 }],
        rows: vec![vec![Meters(1.0)]],
        nothing: Nothing,
    };
    let item = Item { r#type: 2.0, seed: 3.0, value: 0.0, gradient: 0.0, this: 0.0, self_: 0.0 };
    let values = Values { items: [ItemValues { item }; 2], option: [1.5] };
    let point = Point { x: 1.0, y: 0.0, z: 0.0 };
    let (value, (by_world, by_item, by_point)) = height_grad(&world, values, point);
    assert_eq!(value, 2.0 + 3.0 + 3.0 + 1.0 + 9.0 + 1.0);
    assert_eq!(by_world.bodies[0].position, Vec3 { x: 0.0, y: 0.0, z: 1.0 });
    assert_eq!((&by_world.bodies[0].tags, &by_world.bodies[0].kind), (&body.tags, &body.kind));
    assert_eq!(by_world.bodies[0].scale, 0.5);
    assert_eq!(by_world.corners[0].z, 1.0);
    assert_eq!(by_world.models[0], Model { weights: vec![[0.0, 1.5]], bias: [1.0, 0.0], rate: 0.5 });
    assert_eq!(by_item.option, [6.0]);
    assert_eq!(by_point, Vec3 { x: 1.0, y: 0.0, z: 0.0 });
    assert_eq!(nothing_at_all_grad(Nothing, 3.0), (9.0, (Nothing, 6.0)));

    let seed = Pair(Vec3 { x: 2.0, y: 0.0, z: 0.0 }, 0, [1.0, 0.0]);
    assert_eq!(made_vjp(3.0, 5, seed), (made(3.0, 5), 2.0 + 6.0));
    assert_eq!(made_jacobian(3.0, 5).1, [1.0, 0.0, 0.0, 6.0, 0.0]);
    let zeros = Body::zeros_like(&body);
    assert_eq!((zeros.size, zeros.id, &zeros.name), (Meters(0.0), 7, &body.name));
    assert_eq!(flat::to_vec(&body), [1.0, 2.0, 3.0, 2.0]);
    assert_eq!(flat::from_slice(&body, &[0.0, 0.0, 0.0, 9.0]).size, Meters(9.0));
}
