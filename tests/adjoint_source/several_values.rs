use gradus::differentiable;

#[differentiable]
pub fn turned(point: [f64; 2], angle: f64) -> (f64, f64) {
    let (sine, cosine) = angle.sin_cos();
    let [x, y] = point;
    (cosine * x - sine * y, sine * x + cosine * y)
}
