//! Solutions by hand: lessons 2, 4, 8 and 10.

use super::lesson_04::miss_grad_add;
use super::lesson_10::Line;

/// Lesson 2. A product hands on what arrived, times the other factor.
pub fn wave_by_hand(x: f64, y: f64) -> (f64, f64) {
    let product_b = (x * y).cos();
    (1.0 + product_b * y, product_b * x)
}

/// Lesson 4. A sum begins with each batch, so that is where its gradient begins at 0.
pub fn train(batches: &[&[(f64, f64)]], epochs: usize, rate: f64) -> f64 {
    let mut w = 0.0;
    for _ in 0..epochs {
        for batch in batches {
            let mut gradient = 0.0;
            for &(x, y) in *batch {
                miss_grad_add(w, x, y, &mut gradient);
            }
            w -= rate * gradient;
        }
    }
    w
}

/// Lesson 8. The forward sweep keeps each y before it is overwritten, the reverse sweep takes them back, the last one first.
pub fn sines_by_hand(x: f64, times: usize) -> (f64, f64) {
    let (mut y, mut record) = (x, Vec::new());
    for _ in 0..times {
        record.push(y);
        y = y.sin();
    }
    let mut y_b = 1.0;
    while let Some(before) = record.pop() {
        y_b *= before.cos();
    }
    (y, y_b)
}

/// Lesson 10. A line's y is slope · x + height, so what comes to the slope is multiplied by x.
pub fn line_by_hand(line: &Line, points: &[[f64; 2]]) -> Line {
    let mut gradient = Line { slope: 0.0, height: 0.0 };
    for point in points {
        let error = line.at(point[0]) - point[1];
        gradient.slope += 2.0 * error * point[0];
        gradient.height += 2.0 * error;
    }
    gradient
}
