pub fn growth_grad_add(
    rates: &[f64],
    limit: f64,
    rates_b: &mut [f64],
    limit_gradient: &mut f64,
) -> f64 {
    framed(|frame| {
        // Forward sweep: the function, and what it records.
        // 6 | for rate in rates {
        let n = rates.len();
        let mut size = 1.0;
        let mut result = 0.0;
        let mut exit_4 = 0u32;
        let mut trips = 0_usize;
        for i in 0..n {
            let rates_2 = rates[i];
            // 7 | if *rate > 0.0 {
            let test = rates_2 > 0.0;
            let (size_3, t_kept) = if test {
                // 8 | size *= rate.exp();
                let t = f64::exp(rates_2);
                let size_2 = size * t;
                (size_2, t)
            } else {
                (size, 0.0)
            };
            // 10 | if size > limit {
            let test_2 = size_3 > limit;
            let (exit, result_2, t_2_kept) = if test_2 {
                // 11 | return size / limit;
                let t_2 = size_3 / limit;
                (1u32, t_2, t_2)
            } else {
                (0u32, result, 0.0)
            };
            // 6 | for rate in rates {
            let last = exit != 0 && exit != 4u32;
            let exit_2 = match exit {
                3u32 | 4u32 => 0_u32,
                outward => outward,
            };
            Frame::record(frame, &[t_kept, size, t_2_kept, size_3]);
            (size, result, exit_4) = (size_3, result_2, exit_2);
            trips += 1;
            if last {
                break;
            }
        }
        let size_4 = size;
        let result_3 = result;
        let exit_3 = exit_4;
        // 14 | size - limit
        let running = exit_3 == 0u32;
        let t_3 = size_4 - limit;
        let exit_5 = if running { 0u32 } else { exit_3 };
        let chosen = if running { t_3 } else { 0.0 };
        let left = exit_5 == 1u32;
        let exit_6 = if left { 0u32 } else { exit_5 };
        let chosen_2 = if left { result_3 } else { chosen };
        let value = chosen_2;

        // Reverse sweep: the statements from the last to the first.
        // 14 | size - limit
        let chosen_3 = !left && running;
        // 6 | for rate in rates {
        let mut limit_b = if chosen_3 { -1.0 } else { -0.0 };
        let size_b = if chosen_3 { 1.0 } else { -0.0 };
        let result_b = if left { 1.0 } else { -0.0 };
        let mut size_carried = size_b;
        let mut result_carried = result_b;
        for i in (0..trips).rev() {
            // Restored or recomputed:
            let [t_kept, size, t_2_kept, size_3] = pop(frame);
            // 6 | for rate in rates {
            let rates_2 = rates[i];
            // 7 | if *rate > 0.0 {
            let test = rates_2 > 0.0;
            // 10 | if size > limit {
            let test_2 = size_3 > limit;

            // 10 | if size > limit {
            let mut result_b_2 = -0.0_f64;
            let mut size_3_b = size_carried;
            let result_carried_reached = reached(result_carried);
            if test_2 {
                // Restored or recomputed:
                let t_2 = t_2_kept;

                // 11 | return size / limit;
                if result_carried_reached {
                    size_3_b += result_carried * (1.0 / limit) + 0.0;
                    limit_b += result_carried * (-t_2 / limit);
                }
            } else {
                // 10 | if size > limit {
                result_b_2 += result_carried;
            }
            // 7 | if *rate > 0.0 {
            let mut size_b_2 = -0.0_f64;
            let mut rates_2_b = -0.0_f64;
            let size_3_b_reached = reached(size_3_b);
            if test {
                // Restored or recomputed:
                let t = t_kept;

                // 8 | size *= rate.exp();
                if size_3_b_reached {
                    size_b_2 += size_3_b * t + 0.0;
                    let t_b = size_3_b * size;
                    rates_2_b += t_b * t;
                }
            } else {
                // 7 | if *rate > 0.0 {
                size_b_2 += size_3_b;
            }
            // 6 | for rate in rates {
            rates_b[i] += rates_2_b;
            (size_carried, result_carried) = (size_b_2, result_b_2);
        }

        // Add the gradients of numbers to the caller's buffers.
        *limit_gradient += limit_b;
        value
    })
}
