pub fn square_grad_add(x: f64, scale: f64, x_gradient: &mut f64) -> f64 {
    // Forward sweep: the function, and what is kept for the way back.
    // 5 | scale * x * x
    let t = scale * x;
    let t_2 = t * x;
    let value = t_2;

    // Reverse sweep: every line undone, the last one first.
    let seed = &1.0_f64;
    let mut x_b = -0.0_f64;
    let mut t_b = -0.0_f64;
    let mut t_2_b = -0.0_f64;
    t_2_b += *seed;
    // 5 | scale * x * x
    t_b += t_2_b * mul_da(x);
    x_b += t_2_b * mul_db(t);
    x_b += t_b * mul_db(scale);

    // What has arrived at the numbers.
    *x_gradient += x_b;
    value
}

pub fn length_grad_add(v: &[f64], v_b: &mut [f64]) -> f64 {
    // Forward sweep: the function, and what is kept for the way back.
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

    // Reverse sweep: every line undone, the last one first.
    let seed = &1.0_f64;
    let mut total_3_b = -0.0_f64;
    let mut t_2_b = -0.0_f64;
    t_2_b += *seed;
    // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
    total_3_b += t_2_b * sqrt_da(t_2);
    let mut total_carried = total_3_b;
    for i in 0..n {
        // Taken back, or computed again:
        // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
        let v_2 = v[i];

        let mut total_b = -0.0_f64;
        let mut v_2_b = -0.0_f64;
        let mut t_b = -0.0_f64;
        let mut total_2_b = -0.0_f64;
        total_2_b += total_carried;
        // 10 | v.iter().map(|x| x * x).sum::<f64>().sqrt()
        total_b += total_2_b * add_da();
        t_b += total_2_b * add_db();
        v_2_b += t_b * mul_da(v_2);
        v_2_b += t_b * mul_db(v_2);
        v_b[i] += v_2_b;
        total_carried = total_b;
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
        // Forward sweep: the function, and what is kept for the way back.
        // 16 | for i in 0..n {
        let mut total = 0.0;
        for i in 0..n {
            // 17 | total += square(mass, i as f64) * length(v);
            let k = i as f64;
            let (square_, (slope, _)) = square::__partials(square, mass, k);
            let length_ = length::__forward(length, frame, v);
            let t = square_ * length_;
            let total_2 = total + t;
            Frame::record(frame, &[square_, length_, slope]);
            total = total_2;
        }
        let total_3 = total;
        let value = total_3;

        // Reverse sweep: every line undone, the last one first.
        let seed = &1.0_f64;
        let mut mass_b = -0.0_f64;
        let mut total_3_b = -0.0_f64;
        total_3_b += *seed;
        // 16 | for i in 0..n {
        let mut total_carried = total_3_b;
        for i in (0..n).rev() {
            // Taken back, or computed again:
            let [square_, length_, slope] = pop(frame);

            let mut total_b = -0.0_f64;
            let mut square_b = -0.0_f64;
            let mut length_b = -0.0_f64;
            let mut t_b = -0.0_f64;
            let mut total_2_b = -0.0_f64;
            total_2_b += total_carried;
            // 17 | total += square(mass, i as f64) * length(v);
            total_b += total_2_b * add_da();
            t_b += total_2_b * add_db();
            square_b += t_b * mul_da(length_);
            length_b += t_b * mul_db(square_);
            length::__reverse(length, frame, v, &(length_b + 0.0), &mut *v_b);
            mass_b += square_b * slope;
            total_carried = total_b;
        }

        // What has arrived at the numbers.
        *mass_gradient += mass_b;
        value
    })
}
