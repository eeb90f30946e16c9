use gradus::differentiable;

#[derive(Clone, Copy)]
struct Rotation([f64; 2]);

impl Rotation {
    fn rotate(self, v: [f64; 2]) -> [f64; 2] {
        let [c, s] = self.0;
        [c * v[0] - s * v[1], s * v[0] + c * v[1]]
    }
}

#[differentiable]
fn height(rotation: Rotation, v: [f64; 2]) -> f64 {
    rotation.rotate(v)[1]
}

fn main() {
    println!("{:?}", height_grad(Rotation([0.0, 1.0]), [3.0, 4.0]));
}
