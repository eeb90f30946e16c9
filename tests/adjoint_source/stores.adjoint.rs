pub fn smoothed_grad_add(
    xs: &[f64],
    weight: f64,
    xs_b: &mut [f64],
    weight_gradient: &mut f64,
) -> f64 {
    framed(|frame| {
        // Forward sweep: the function, and what it records.
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
            let t_2 = y_3 * y_2;
            let t_3 = t + t_2;
            y[at] = t_3;
            Frame::record(frame, &[y_3, y_2]);
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

        // Reverse sweep: the statements from the last to the first.
        // 6 | let mut y = xs.to_vec();
        let mut y_b = Shaped::unreached(&y);
        // 10 | let mut kept = Vec::new();
        let mut kept_b = Shaped::unreached(&kept);
        // 16 | kept.iter().sum::<f64>() - y[0]
        y_b[at_5] += -1.0;
        for i_3 in 0..n_4 {
            kept_b[i_3] += 1.0;
        }
        // 11 | for v in &y {
        for i_2 in (0..n_3).rev() {
            // Restored or recomputed:
            // 11 | for v in &y {
            let y_5 = y[i_2];
            // 12 | if *v > 0.5 {
            let test = y_5 > 0.5;

            // 12 | if *v > 0.5 {
            let mut y_5_b = -0.0_f64;
            if test {
                // 13 | kept.push(v * v);
                let popped = kept_b.pop().unwrap_or_default();
                let popped_reached = reached(popped);
                if popped_reached {
                    y_5_b += popped * y_5 + 0.0;
                    y_5_b += popped * y_5 + 0.0;
                }
            }
            // 11 | for v in &y {
            y_b[i_2] += y_5_b;
        }
        // 7 | for i in 1..y.len() {
        let mut weight_b = -0.0_f64;
        for i in (n..n_2).rev() {
            // Restored or recomputed:
            let [y_3, y_2] = pop(frame);
            // 8 | y[i] = weight * y[i] + y[i - 1] * y[i];
            let at = i;
            let at_2 = i - 1;

            // 8 | y[i] = weight * y[i] + y[i - 1] * y[i];
            let stored_ = replace(&mut y_b[at], -0.0);
            let y_3_b = stored_ * y_2;
            let stored_reached = reached(stored_);
            if stored_reached {
                y_b[at_2] += y_3_b + 0.0;
                weight_b += stored_ * y_2;
                let y_2_b = stored_ * y_3 + stored_ * weight;
                y_b[at] += y_2_b + 0.0;
            }
        }
        // 6 | let mut y = xs.to_vec();
        accumulate(&mut *xs_b, &y_b);

        // Add the gradients of numbers to the caller's buffers.
        *weight_gradient += weight_b;
        value
    })
}
