pub fn turned_vjp_add(
    point: [f64; 2],
    angle: f64,
    seed: &(f64, f64),
    point_b: &mut [f64; 2],
    angle_gradient: &mut f64,
) -> (f64, f64) {
    // Forward sweep: the function, and what it records.
    // 5 | let (sine, cosine) = angle.sin_cos();
    let t = f64::sin(angle);
    let cos = f64::cos(angle);
    let t_2 = f64::cos(angle);
    let sin = f64::sin(angle);
    // 6 | let [x, y] = point;
    let point_2 = point[0];
    let point_3 = point[1];
    // 7 | (cosine * x - sine * y, sine * x + cosine * y)
    let t_3 = t_2 * point_2;
    let t_4 = t * point_3;
    let t_5 = t_3 - t_4;
    let t_6 = t * point_2;
    let t_7 = t_2 * point_3;
    let t_8 = t_6 + t_7;
    let value = (t_5, t_8);

    // Reverse sweep: the statements from the last to the first.
    check_seed(&value, seed);
    let seed = &Seed::weights(seed);
    // 7 | (cosine * x - sine * y, sine * x + cosine * y)
    let weight = (*seed).0;
    let weight_2 = (*seed).1;
    let t_4_b = -weight;
    // 6 | let [x, y] = point;
    let weight_2_reached = reached(weight_2);
    let weight_reached = reached(weight);
    let point_3_b = if weight_2_reached { weight_2 * t_2 } else { -0.0 };
    let point_3_b_2 = point_3_b + (if weight_reached {
        t_4_b * t
    } else {
        -0.0
    });
    point_b[1] += point_3_b_2;
    let point_2_b = if weight_2_reached { weight_2 * t } else { -0.0 };
    let point_2_b_2 = point_2_b + (if weight_reached {
        weight * t_2
    } else {
        -0.0
    });
    point_b[0] += point_2_b_2;
    // 5 | let (sine, cosine) = angle.sin_cos();
    let t_2_b = if weight_2_reached { weight_2 * point_3 + 0.0 } else { -0.0 };
    let t_2_b_2 = t_2_b + (if weight_reached {
        weight * point_2 + 0.0
    } else {
        -0.0
    });
    let t_b = if weight_2_reached { weight_2 * point_2 + 0.0 } else { -0.0 };
    let t_b_2 = t_b + (if weight_reached {
        t_4_b * point_3 + 0.0
    } else {
        -0.0
    });

    // Add the gradients of numbers to the caller's buffers.
    // 5 | let (sine, cosine) = angle.sin_cos();
    let t_2_b_2_reached = reached(t_2_b_2);
    let t_b_2_reached = reached(t_b_2);
    let angle_b = if t_2_b_2_reached { t_2_b_2 * -sin } else { -0.0 };
    *angle_gradient += angle_b + (if t_b_2_reached {
        t_b_2 * cos
    } else {
        -0.0
    });
    value
}
