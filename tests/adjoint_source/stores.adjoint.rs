pub fn smoothed_grad_add(
    xs: &[f64],
    weight: f64,
    xs_b: &mut [f64],
    weight_gradient: &mut f64,
) -> f64 {
    framed(|frame| {
        // Forward sweep: the function, and what is kept for the way back.
        // 6 | let mut y = xs.to_vec();
        let mut y = xs.to_vec();
        // 7 | for i in 1..y.len() {
        let n = 1;
        let n_2 = y.len();
        for i in n..n_2 {
            // 8 | y[i] = weight * y[i] + y[i - 1] * y[i];
            let at = i;
            let y_2 = y[at];
            let t = weight * y_2;
            let at_2 = i - 1;
            let y_3 = y[at_2];
            let at_3 = i;
            let y_4 = y[at_3];
            let t_2 = y_3 * y_4;
            let t_3 = t + t_2;
            let at_4 = i;
            y[at_4] = t_3;
            Frame::record(frame, &[y_3, y_4, y_2]);
        }
        // 10 | let mut kept = Vec::new();
        let mut kept = Vec::<f64>::new();
        // 11 | for v in &y {
        let n_3 = y.len();
        for i_2 in 0..n_3 {
            let y_5 = y[i_2];
            // 12 | if *v > 0.5 {
            let test = y_5 > 0.5;
            if test {
                // 13 | kept.push(v * v);
                let t_4 = y_5 * y_5;
                kept.push(t_4);
            }
        }
        // 16 | kept.iter().sum::<f64>() - y[0]
        let n_4 = kept.len();
        let mut total = -0.0;
        for i_3 in 0..n_4 {
            let kept_2 = kept[i_3];
            let total_2 = total + kept_2;
            total = total_2;
        }
        let total_3 = total;
        let at_5 = 0;
        let y_6 = y[at_5];
        let t_5 = total_3 - y_6;
        let value = t_5;

        // Reverse sweep: every line undone, the last one first.
        let seed = &1.0_f64;
        let mut weight_b = -0.0_f64;
        let mut y_b = Shaped::zeros(&y);
        let mut kept_b = Shaped::zeros(&kept);
        let mut total_3_b = -0.0_f64;
        let mut y_6_b = -0.0_f64;
        let mut t_5_b = -0.0_f64;
        t_5_b += *seed;
        // 16 | kept.iter().sum::<f64>() - y[0]
        total_3_b += t_5_b * sub_da();
        y_6_b += t_5_b * sub_db();
        y_b[at_5] += y_6_b;
        let mut total_carried = total_3_b;
        for i_3 in 0..n_4 {
            let mut total_b = -0.0_f64;
            let mut kept_2_b = -0.0_f64;
            let mut total_2_b = -0.0_f64;
            total_2_b += total_carried;
            total_b += total_2_b * add_da();
            kept_2_b += total_2_b * add_db();
            kept_b[i_3] += kept_2_b;
            total_carried = total_b;
        }
        // 11 | for v in &y {
        for i_2 in (0..n_3).rev() {
            // Taken back, or computed again:
            // 11 | for v in &y {
            let y_5 = y[i_2];
            // 12 | if *v > 0.5 {
            let test = y_5 > 0.5;

            let mut y_5_b = -0.0_f64;
            // 12 | if *v > 0.5 {
            if test {
                let mut t_4_b = -0.0_f64;
                // 13 | kept.push(v * v);
                t_4_b += kept_b.pop().unwrap_or_default();
                y_5_b += t_4_b * mul_da(y_5);
                y_5_b += t_4_b * mul_db(y_5);
            }
            // 11 | for v in &y {
            y_b[i_2] += y_5_b;
        }
        // 7 | for i in 1..y.len() {
        for i in (n..n_2).rev() {
            // Taken back, or computed again:
            let [y_3, y_4, y_2] = pop(frame);
            // 8 | y[i] = weight * y[i] + y[i - 1] * y[i];
            let at = i;
            let at_2 = i - 1;
            let at_3 = i;
            let at_4 = i;

            let mut y_2_b = -0.0_f64;
            let mut t_b = -0.0_f64;
            let mut y_3_b = -0.0_f64;
            let mut y_4_b = -0.0_f64;
            let mut t_2_b = -0.0_f64;
            let mut t_3_b = -0.0_f64;
            // 8 | y[i] = weight * y[i] + y[i - 1] * y[i];
            {
                let stored = replace(&mut y_b[at_4], 0.0);
                t_3_b += stored;
            }
            t_b += t_3_b * add_da();
            t_2_b += t_3_b * add_db();
            y_3_b += t_2_b * mul_da(y_4);
            y_4_b += t_2_b * mul_db(y_3);
            y_b[at_3] += y_4_b;
            y_b[at_2] += y_3_b;
            weight_b += t_b * mul_da(y_2);
            y_2_b += t_b * mul_db(weight);
            y_b[at] += y_2_b;
        }
        // 6 | let mut y = xs.to_vec();
        accumulate(&mut *xs_b, &y_b);

        // What has arrived at the numbers.
        *weight_gradient += weight_b;
        value
    })
}
