pub fn growth_grad_add(
    rates: &[f64],
    limit: f64,
    rates_b: &mut [f64],
    limit_gradient: &mut f64,
) -> f64 {
    framed(|frame| {
        // Forward sweep: the function, and what is kept for the way back.
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
            let (size_3, t_kept_29) = if test {
                // 8 | size *= rate.exp();
                let t = f64::exp(rates_2);
                let size_2 = size * t;
                (size_2, t)
            } else {
                (size, 0.0)
            };
            // 10 | if size > limit {
            let test_2 = size_3 > limit;
            let (exit, result_2, t_2_kept_28) = if test_2 {
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
            Frame::record(frame, &[t_2_kept_28, size_3, size, t_kept_29]);
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

        // Reverse sweep: every line undone, the last one first.
        let seed = &1.0_f64;
        let mut limit_b = -0.0_f64;
        let mut size_4_b = -0.0_f64;
        let mut result_3_b = -0.0_f64;
        let mut chosen_b = -0.0_f64;
        let mut chosen_2_b = -0.0_f64;
        chosen_2_b += *seed;
        result_3_b += if left { chosen_2_b } else { -0.0 };
        chosen_b += if !left { chosen_2_b } else { -0.0 };
        // 14 | size - limit
        {
            let mut t_3_b = -0.0_f64;
            t_3_b += chosen_b;
            size_4_b += if running { t_3_b * sub_da() } else { -0.0 };
            limit_b += if running { t_3_b * sub_db() } else { -0.0 };
        }
        // 6 | for rate in rates {
        let mut size_carried = size_4_b;
        let mut result_carried = result_3_b;
        for i in (0..trips).rev() {
            // Taken back, or computed again:
            let [t_2_kept_28, size_3, size, t_kept_29] = pop(frame);
            // 6 | for rate in rates {
            let rates_2 = rates[i];
            // 7 | if *rate > 0.0 {
            let test = rates_2 > 0.0;
            // 10 | if size > limit {
            let test_2 = size_3 > limit;

            let mut size_b = -0.0_f64;
            let mut result_b = -0.0_f64;
            let mut rates_2_b = -0.0_f64;
            let mut size_3_b = -0.0_f64;
            let mut result_2_b = -0.0_f64;
            size_3_b += size_carried;
            result_2_b += result_carried;
            // 10 | if size > limit {
            if test_2 {
                // Taken back, or computed again:
                let t_2 = t_2_kept_28;

                let mut t_2_b = -0.0_f64;
                t_2_b += result_2_b;
                // 11 | return size / limit;
                size_3_b += t_2_b * div_da(limit);
                limit_b += t_2_b * div_db(limit, t_2);
            } else {
                result_b += result_2_b;
            }
            // 7 | if *rate > 0.0 {
            if test {
                // Taken back, or computed again:
                let t = t_kept_29;

                let mut t_b = -0.0_f64;
                let mut size_2_b = -0.0_f64;
                size_2_b += size_3_b;
                // 8 | size *= rate.exp();
                size_b += size_2_b * mul_da(t);
                t_b += size_2_b * mul_db(size);
                rates_2_b += t_b * exp_da(t);
            } else {
                size_b += size_3_b;
            }
            // 6 | for rate in rates {
            rates_b[i] += rates_2_b;
            size_carried = size_b;
            result_carried = result_b;
        }

        // What has arrived at the numbers.
        *limit_gradient += limit_b;
        value
    })
}
