pub fn turned_vjp_add(
    point: [f64; 2],
    angle: f64,
    seed: &(f64, f64),
    point_b: &mut [f64; 2],
    angle_gradient: &mut f64,
) -> (f64, f64) {
    // Forward sweep: the function, and what is kept for the way back.
    // 5 | let (sine, cosine) = angle.sin_cos();
    let (t, cos) = f64::sin_cos(angle);
    let (sin, t_2) = f64::sin_cos(angle);
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

    // Reverse sweep: every line undone, the last one first.
    check_seed(&value, seed);
    let mut angle_b = -0.0_f64;
    let mut t_b = -0.0_f64;
    let mut t_2_b = -0.0_f64;
    let mut point_2_b = -0.0_f64;
    let mut point_3_b = -0.0_f64;
    let mut t_3_b = -0.0_f64;
    let mut t_4_b = -0.0_f64;
    let mut t_5_b = -0.0_f64;
    let mut t_6_b = -0.0_f64;
    let mut t_7_b = -0.0_f64;
    let mut t_8_b = -0.0_f64;
    t_5_b += (*seed).0;
    t_8_b += (*seed).1;
    // 7 | (cosine * x - sine * y, sine * x + cosine * y)
    t_6_b += t_8_b * add_da();
    t_7_b += t_8_b * add_db();
    t_2_b += t_7_b * mul_da(point_3);
    point_3_b += t_7_b * mul_db(t_2);
    t_b += t_6_b * mul_da(point_2);
    point_2_b += t_6_b * mul_db(t);
    t_3_b += t_5_b * sub_da();
    t_4_b += t_5_b * sub_db();
    t_b += t_4_b * mul_da(point_3);
    point_3_b += t_4_b * mul_db(t);
    t_2_b += t_3_b * mul_da(point_2);
    point_2_b += t_3_b * mul_db(t_2);
    // 6 | let [x, y] = point;
    point_b[1] += point_3_b;
    point_b[0] += point_2_b;
    // 5 | let (sine, cosine) = angle.sin_cos();
    angle_b += t_2_b * -sin;
    angle_b += t_b * cos;

    // What has arrived at the numbers.
    *angle_gradient += angle_b;
    value
}
