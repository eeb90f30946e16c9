//! Bodies in `Vec`s: gravity, flocks, and bodies that come and go.

use super::vectors::{Vec3, v};
use gradus::{Differentiable, differentiable};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Body {
    position: Vec3,
    velocity: Vec3,
    mass: f64,
    id: u32,
}

#[differentiable]
impl Body {
    const G: f64 = 0.5;

    fn at_rest(position: Vec3, mass: f64) -> Body {
        Body { position, velocity: Vec3 { x: 0.0, y: 0.0, z: 0.0 }, mass, id: 0 }
    }

    fn pull_of(&self, other: &Body) -> Vec3 {
        let d = other.position - self.position;
        let r2 = d.norm_squared() + 0.01;
        d * (Self::G * other.mass / (r2 * r2.sqrt()))
    }

    fn kick(&mut self, acceleration: Vec3, dt: f64) {
        self.velocity += acceleration * dt;
    }

    fn drift(&mut self, dt: f64) {
        self.position += self.velocity * dt;
    }

    fn kinetic(&self) -> f64 {
        0.5 * self.mass * self.velocity.norm_squared()
    }

    fn is_heavy(&self) -> bool {
        self.mass > 1.0
    }
}

fn bodies() -> Vec<Body> {
    vec![
        Body { position: v(0.0, 0.0, 0.0), velocity: v(0.0, 0.1, 0.0), mass: 3.0, id: 1 },
        Body { position: v(1.0, 0.0, 0.2), velocity: v(0.0, 1.0, 0.0), mass: 0.5, id: 2 },
        Body { position: v(-0.7, 1.0, 0.0), velocity: v(0.4, 0.0, 0.3), mass: 1.5, id: 3 },
    ]
}

case! {
    Body::PULL_OF_BACKEND => Compiled;
    Body::pull_of, Body::pull_of_vjp, Body::pull_of_jacobian, Body::pull_of_graph;
    with pull |a: Body, b: Body| (&a, &b);
    at (bodies()[0].clone(), bodies()[1].clone());
}

case! {
    Body::AT_REST_BACKEND => Compiled;
    Body::at_rest, Body::at_rest_vjp, Body::at_rest_jacobian, Body::at_rest_graph;
    with body_at_rest |position: Vec3, mass: f64| (position, mass);
    at (v(1.0, 2.0, 3.0), 4.0);
}

#[differentiable]
fn potential(bodies: &[Body]) -> f64 {
    let mut sum = 0.0;
    for i in 0..bodies.len() {
        for j in 0..i {
            let d = bodies[i].position - bodies[j].position;
            sum -= Body::G * bodies[i].mass * bodies[j].mass / d.norm();
        }
    }
    sum
}

case! {
    potential::BACKEND => Compiled;
    potential, potential_grad, potential_graph;
    with potential_energy |bodies: Vec<Body>| (&bodies);
    at bodies();
}

/// The energy after some steps of the leapfrog method.
#[differentiable]
fn leapfrog(start: &[Body], dt: f64, #[constant] steps: usize) -> f64 {
    let mut bodies = start.to_vec();
    for _ in 0..steps {
        for i in 0..bodies.len() {
            let mut pull = Vec3::ZERO;
            for j in 0..bodies.len() {
                if i != j {
                    pull += bodies[i].pull_of(&bodies[j]);
                }
            }
            bodies[i].kick(pull, dt);
        }
        for body in bodies.iter_mut() {
            body.drift(dt);
        }
    }
    bodies.iter().map(|body| body.kinetic()).sum::<f64>() + potential(&bodies)
}

case! {
    leapfrog::BACKEND => Compiled;
    leapfrog, leapfrog_grad, leapfrog_graph;
    with leapfrog_steps |start: Vec<Body>, dt: f64| (&start, dt, 4);
    at (bodies(), 0.05);
}

/// A `Vec` that grows, and is read from its end.
#[differentiable]
fn launched(rocket: &Body, thrust: Vec3, #[constant] stages: usize) -> f64 {
    let mut path = Vec::new();
    path.push(rocket.clone());
    for stage in 0..stages {
        let mut next = path[stage].clone();
        next.kick(thrust * (1.0 / next.mass), 0.1);
        next.drift(0.1);
        next.mass *= 0.9;
        path.push(next);
    }
    path[stages].position.z + path[stages].kinetic()
}

case! {
    launched::BACKEND => Graph;
    launched, launched_grad, launched_graph;
    with launched_rocket |rocket: Body, thrust: Vec3| (&rocket, thrust, 3);
    at (bodies()[0].clone(), v(0.1, 0.2, 5.0));
}

#[differentiable]
fn heavy_momentum(bodies: &[Body]) -> f64 {
    let mut p = Vec3::ZERO;
    for body in bodies {
        if body.is_heavy() && body.id > 0 {
            p += body.mass * body.velocity;
        }
    }
    p.norm()
}

case! {
    heavy_momentum::BACKEND => Compiled;
    heavy_momentum, heavy_momentum_grad, heavy_momentum_graph;
    with heavy_bodies |bodies: Vec<Body>| (&bodies);
    at bodies();
}

/// Boids: two rules, cohesion and separation.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Flock {
    cohesion: f64,
    separation: f64,
    #[constant]
    range: f64,
}

#[differentiable]
fn flocked(rules: &Flock, flock: &[Body]) -> f64 {
    let n = flock.len() as f64;
    let mut centre = Vec3::default();
    for boid in flock {
        centre += boid.position / n;
    }
    let mut total = 0.0;
    for (i, boid) in flock.iter().enumerate() {
        let mut steer = (centre - boid.position) * rules.cohesion;
        for (j, other) in flock.iter().enumerate() {
            let away = boid.position - other.position;
            if i != j && away.norm() < rules.range {
                steer += away * (rules.separation / away.norm_squared());
            }
        }
        total += steer.norm_squared();
    }
    total
}

case! {
    flocked::BACKEND => Compiled;
    flocked, flocked_grad, flocked_graph;
    with flock |rules: Flock, flock: Vec<Body>| (&rules, &flock);
    at (Flock { cohesion: 0.3, separation: 0.2, range: 1.3 }, bodies());
}

/// Two bodies in an array, one changed by its index.
#[differentiable]
fn pair(two: [Body; 2], dt: f64) -> f64 {
    let mut two = two;
    let pull = two[0].pull_of(&two[1]);
    two[0].kick(pull, dt);
    two[1].velocity -= pull * dt;
    two[0].kinetic() + two[1].kinetic()
}

case! {
    pair::BACKEND => Compiled;
    pair, pair_grad, pair_graph;
    with pair_in_array |two: [Body; 2], dt: f64| (two.clone(), dt);
    at ([bodies()[0].clone(), bodies()[1].clone()], 0.1);
}
