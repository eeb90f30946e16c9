pub fn square_grad_add(x: f64, scale: f64, x_gradient: &mut f64) -> f64 {
    // Forward sweep: the function, and what it records.
    // 5 | scale * x * x
    let t = scale * x;
    let t_2 = t * x;
    let value = t_2;

    // Reverse sweep: the statements from the last to the first.

    // Add the gradients of numbers to the caller's buffers.
    *x_gradient += t + x * scale;
    value
}

pub fn length_grad_add(v: &[f64], v_b: &mut [f64]) -> f64 {
    // Forward sweep: the function, and what it records.
    // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
    let n = v.len();
    let mut total = -0.0;
    for i in 0..n {
        let v_2 = v[i];
        let t = v_2 * v_2;
        let total_2 = total + t;
        total = total_2;
    }
    let total_3 = total;
    let t_2 = f64::sqrt(total_3);
    let value = t_2;

    // Reverse sweep: the statements from the last to the first.
    // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
    let total_3_b = 0.5 / t_2;
    for i in 0..n {
        // Restored or recomputed:
        // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
        let v_2 = v[i];

        // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
        let v_2_b = total_3_b * v_2 + total_3_b * v_2;
        v_b[i] += v_2_b;
    }

    value
}

pub fn energy_grad_add(
    v: &[f64],
    mass: f64,
    n: usize,
    v_b: &mut [f64],
    mass_gradient: &mut f64,
) -> f64 {
    framed(|frame| {
        // Forward sweep: the function, and what it records.
        // 16 | for i in 0..n {
        let mut mass_b = -0.0_f64;
        let mut v_b_sum = Shaped::unreached(v);
        let mut total = 0.0;
        for i in 0..n {
            // 17 | total += square(mass, i as f64) * length(v);
            let k = i as f64;
            let (square_, (partial_, _)) = square::__partials(square, mass, k);
            let length_ = length::__forward(length, frame, v);
            let t = square_ * length_;
            let total_2 = total + t;

            // The reverse of this iteration:
            // 17 | total += square(mass, i as f64) * length(v);
            length::__reverse(length, frame, v, &square_, &mut v_b_sum);
            mass_b += length_ * partial_;

            total = total_2;
        }
        let total_3 = total;
        let value = total_3;

        // Reverse sweep: the statements from the last to the first.
        // 16 | for i in 0..n {
        accumulate(&mut *v_b, &v_b_sum);

        // Add the gradients of numbers to the caller's buffers.
        *mass_gradient += mass_b;
        value
    })
}
