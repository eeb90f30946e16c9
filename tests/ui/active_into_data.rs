use gradus::differentiable;

struct Body {
    position: f64,
}

#[differentiable]
fn fall(height: f64, gravity: f64) -> f64 {
    let mut body = Body { position: 0.0 };
    body.position = height;
    body.position -= 0.5 * gravity;
    body.position
}

struct Log {
    heights: Vec<f64>,
}

#[differentiable]
fn logged(height: f64) -> f64 {
    let mut log = Log { heights: vec![1.0] };
    log.heights.push(height);
    std::mem::replace(&mut log.heights[0], height)
}

fn main() {
    println!("{:?} {:?}", fall_grad(8.0, 9.81), logged_grad(1.0));
}
