//! A flight from Earth to Mars: when to leave, with which burn, and how long to fly, so that the fuel is least. `cargo run
//! --release --example orbit`.
//!
//! Sun, planets and probe are structs with methods, and move by the method of leapfrog. The cost of a plan is an annotated function
//! that runs through every step of the flight; its gradient is a plan too. Lengths are in astronomical units, times in years,
//! masses in those of the sun. Beside what is found stands the transfer of Hohmann, the best there is between two circles.

#[path = "support/picture.rs"]
mod picture;

use gradus::optim::{Adam, Optimizer};
use gradus::{Differentiable, differentiable, flat};
use picture::Curves;
use std::error::Error;
use std::f64::consts::{PI, TAU};
use std::ops::{Add, AddAssign, Mul, Sub};

/// A vector in the plane of the planets.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vec2 {
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
}

#[differentiable]
impl Add for Vec2 {
    type Output = Vec2;
    fn add(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
impl Sub for Vec2 {
    type Output = Vec2;
    fn sub(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x - other.x, y: self.y - other.y }
    }
}

#[differentiable]
impl Mul<f64> for Vec2 {
    type Output = Vec2;
    fn mul(self, by: f64) -> Vec2 {
        Vec2 { x: self.x * by, y: self.y * by }
    }
}

#[differentiable]
impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Vec2) {
        *self = *self + other;
    }
}

#[differentiable]
impl Vec2 {
    /// The length.
    pub fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

/// Something that moves, and pulls at the rest.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Body {
    /// Where it is.
    pub position: Vec2,
    /// How fast it moves.
    pub velocity: Vec2,
    /// How much it pulls.
    #[constant]
    pub mass: f64,
}

#[differentiable]
impl Body {
    /// The constant of gravitation: a year is the time of Earth around the sun.
    pub const G: f64 = 4.0 * PI * PI;

    /// Within this distance the pull of a planet is that of a ball of gas.
    pub const SOFT: f64 = 0.003;

    /// The acceleration of what is at a point.
    pub fn pull(&self, at: Vec2) -> Vec2 {
        let apart = self.position - at;
        let square = apart.x * apart.x + apart.y * apart.y + Self::SOFT * Self::SOFT;
        apart * (Self::G * self.mass / (square * square.sqrt()))
    }

    /// Changes the velocity.
    pub fn kick(&mut self, acceleration: Vec2, time: f64) {
        self.velocity += acceleration * time;
    }

    /// Moves on.
    pub fn drift(&mut self, time: f64) {
        self.position += self.velocity * time;
    }
}

/// The radii of the two circles.
pub const RADII: [f64; 2] = [1.0, 1.524];

/// A planet on a circle around a sun at rest.
fn planet(radius: f64, angle: f64, mass: f64) -> Body {
    let (sin, cos) = angle.sin_cos();
    let speed = TAU / radius.sqrt();
    Body {
        position: Vec2 { x: radius * cos, y: radius * sin },
        velocity: Vec2 { x: -speed * sin, y: speed * cos },
        mass,
    }
}

/// Sun, Earth and Mars on the first day.
pub fn planets() -> [Body; 3] {
    let sun = Body { position: Vec2 { x: 0.0, y: 0.0 }, velocity: Vec2 { x: 0.0, y: 0.0 }, mass: 1.0 };
    [sun, planet(RADII[0], 0.0, 3.0e-6), planet(RADII[1], 1.0, 3.2e-7)]
}

/// Moves all of them on by a time.
#[differentiable]
pub fn advance(bodies: &mut [Body], time: f64, #[constant] steps: usize) {
    let step = time / steps as f64;
    for _ in 0..steps {
        for body in bodies.iter_mut() {
            body.drift(0.5 * step);
        }
        for i in 0..bodies.len() {
            let mut pull = Vec2 { x: 0.0, y: 0.0 };
            for j in 0..bodies.len() {
                if i != j {
                    pull += bodies[j].pull(bodies[i].position);
                }
            }
            bodies[i].kick(pull, step);
        }
        for body in bodies.iter_mut() {
            body.drift(0.5 * step);
        }
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Plan {
    /// How long to wait before the start.
    pub wait: f64,
    /// The velocity that is added to that of Earth.
    pub burn: Vec2,
    /// How long to fly.
    pub flight: f64,
}

/// What comes of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Arrival {
    /// From the probe to Mars.
    pub miss: Vec2,
    /// The velocity of Mars, seen from the probe: the second burn.
    pub slowing: Vec2,
}

/// The bodies at the start of the flight: the probe is the last. It leaves from a place ahead of Earth, where Earth's pull is small.
#[differentiable]
fn launched(planets: &[Body; 3], plan: &Plan) -> [Body; 4] {
    let mut bodies = *planets;
    advance(&mut bodies, plan.wait, 40);
    let [sun, earth, mars] = bodies;
    let ahead = earth.position + earth.velocity * (0.02 / TAU);
    let probe = Body { position: ahead, velocity: earth.velocity + plan.burn, mass: 0.0 };
    [sun, earth, mars, probe]
}

/// Flies as planned.
#[differentiable]
pub fn flight(planets: &[Body; 3], plan: &Plan) -> Arrival {
    let mut bodies = launched(planets, plan);
    advance(&mut bodies, plan.flight, 160);
    let [_, _, mars, probe] = bodies;
    Arrival { miss: mars.position - probe.position, slowing: mars.velocity - probe.velocity }
}

/// Both burns, and a large amount for missing Mars.
#[differentiable]
pub fn cost(plan: &Plan, #[constant] planets: &[Body; 3]) -> f64 {
    let arrival = flight(planets, plan);
    plan.burn.norm() + arrival.slowing.norm() + 300.0 * (arrival.miss.x.powi(2) + arrival.miss.y.powi(2))
}

/// Improves a plan, and returns the cost of each step too.
pub fn improved(mut plan: Plan, steps: usize) -> (Plan, Vec<f64>) {
    let planets = planets();
    let mut optimizer = Adam::new(0.02);
    let mut numbers = flat::to_vec(&plan);
    let mut costs = Vec::new();
    for step in 0..steps {
        let (cost, gradient) = cost_grad(&plan, &planets);
        costs.push(cost);
        // Smaller and smaller steps.
        optimizer.set_rate(0.02 * (1.0 - step as f64 / steps as f64));
        optimizer.step(&mut numbers, &flat::to_vec(&gradient));
        plan = flat::from_slice(&plan, &numbers);
    }
    (plan, costs)
}

/// A guess: a small burn forwards, and half a year.
pub fn guess() -> Plan {
    Plan { wait: 0.1, burn: Vec2 { x: -0.3, y: 0.4 }, flight: 0.6 }
}

/// The sum of both burns between the two circles, by the transfer of Hohmann.
pub fn hohmann() -> f64 {
    let [near, far] = RADII;
    let at = |radius: f64| (Body::G * (2.0 / radius - 2.0 / (near + far))).sqrt() - (Body::G / radius).sqrt();
    at(near).abs() + at(far).abs()
}

/// The paths of Earth, Mars and probe, from the first day on.
pub fn paths(plan: &Plan) -> [Vec<[f64; 2]>; 3] {
    const POINTS: usize = 100;
    let mut paths = [const { Vec::new() }; 3];
    let mut add = |bodies: &[Body]| {
        for (path, body) in paths.iter_mut().zip(&bodies[1..]) {
            path.push([body.position.x, body.position.y]);
        }
    };
    let mut bodies = planets();
    for _ in 0..POINTS {
        add(&bodies);
        advance(&mut bodies, plan.wait / POINTS as f64, 4);
    }
    let mut bodies = launched(&planets(), plan);
    for _ in 0..=POINTS {
        add(&bodies);
        advance(&mut bodies, plan.flight / POINTS as f64, 4);
    }
    paths
}

fn main() -> Result<(), Box<dyn Error>> {
    // Kilometres a second.
    const SPEED: f64 = 4.740;
    let (plan, costs) = improved(guess(), 800);
    let arrival = flight(&planets(), &plan);
    let (first, second) = (plan.burn.norm(), arrival.slowing.norm());
    println!("cost {:.4} at first, {:.4} after {} steps", costs[0], costs[costs.len() - 1], costs.len());
    println!("wait {:.1} days, fly {:.1} days", 365.25 * plan.wait, 365.25 * plan.flight);
    println!("burns of {:.3} and {:.3} km/s: {:.3}", SPEED * first, SPEED * second, SPEED * (first + second));
    println!("Hohmann's transfer: {:.3} km/s", SPEED * hohmann());
    println!("Mars is missed by {:.5} astronomical units", arrival.miss.norm());
    let path = picture::place("orbit")?;
    let [earth, mars, probe] = paths(&plan);
    picture::lines(
        &path,
        Curves {
            title: "From Earth to Mars",
            axes: ["astronomical units", ""],
            spans: [(-1.8, 1.8); 2],
            lines: vec![("Earth", earth), ("Mars", mars), ("probe", probe)],
        },
    )?;
    println!("{}", path.display());
    Ok(())
}
