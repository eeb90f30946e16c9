/// A vector in the plane.
#[derive(Clone, Copy, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiable]
impl Vec2 {
    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[differentiable]
impl Add for Vec2 {
    type Output = Vec2;
    fn add(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
impl Mul<f64> for Vec2 {
    type Output = Vec2;
    fn mul(self, factor: f64) -> Vec2 {
        Vec2 { x: self.x * factor, y: self.y * factor }
    }
}

/// A ball in the air.
#[derive(Clone, Copy, Differentiable)]
struct Ball {
    position: Vec2,
    velocity: Vec2,
    drag: f64,
}

const DT: f64 = 0.1;

/// How far from the target a ball is after some steps.
#[differentiable]
fn miss(start: Ball, target: Vec2, steps: usize) -> f64 {
    let mut ball = start;
    for _ in 0..steps {
        let slowed = ball.velocity * -ball.drag;
        let force = Vec2 { x: slowed.x, y: slowed.y - 9.81 };
        ball.velocity = ball.velocity + force * DT;
        ball.position = ball.position + ball.velocity * DT;
    }
    let off = ball.position + target * -1.0;
    off.norm()
}
