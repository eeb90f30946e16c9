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

fn main() {
    println!("{:?}", fall_grad(8.0, 9.81));
}
