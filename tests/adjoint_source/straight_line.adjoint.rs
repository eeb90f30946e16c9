pub fn neuron_grad_add(
    x: f64,
    y: f64,
    w: f64,
    b: f64,
    x_gradient: &mut f64,
    y_gradient: &mut f64,
    w_gradient: &mut f64,
    b_gradient: &mut f64,
) -> f64 {
    // Forward sweep: the function, and what is kept for the way back.
    // 6 | let n = x * w + y * y + b;
    let t = x * w;
    let t_2 = y * y;
    let t_3 = t + t_2;
    let n = t_3 + b;
    // 7 | let activation = n.tanh();
    let activation = f64::tanh(n);
    // 8 | activation / (1.0 + x.powi(2))
    let n_2 = f64::from(2);
    let t_4 = powi(x, n_2);
    let t_5 = 1.0 + t_4;
    let t_6 = activation / t_5;
    let value = t_6;

    // Reverse sweep: every line undone, the last one first.
    let seed = &1.0_f64;
    let mut x_b = -0.0_f64;
    let mut y_b = -0.0_f64;
    let mut w_b = -0.0_f64;
    let mut b_b = -0.0_f64;
    let mut t_b = -0.0_f64;
    let mut t_2_b = -0.0_f64;
    let mut t_3_b = -0.0_f64;
    let mut n_b = -0.0_f64;
    let mut activation_b = -0.0_f64;
    let mut t_4_b = -0.0_f64;
    let mut t_5_b = -0.0_f64;
    let mut t_6_b = -0.0_f64;
    t_6_b += *seed;
    // 8 | activation / (1.0 + x.powi(2))
    activation_b += t_6_b * div_da(t_5);
    t_5_b += t_6_b * div_db(t_5, t_6);
    t_4_b += t_5_b * add_db();
    x_b += t_4_b * powi_da(x, n_2);
    // 7 | let activation = n.tanh();
    n_b += activation_b * tanh_da(activation);
    // 6 | let n = x * w + y * y + b;
    t_3_b += n_b * add_da();
    b_b += n_b * add_db();
    t_b += t_3_b * add_da();
    t_2_b += t_3_b * add_db();
    y_b += t_2_b * mul_da(y);
    y_b += t_2_b * mul_db(y);
    x_b += t_b * mul_da(w);
    w_b += t_b * mul_db(x);

    // What has arrived at the numbers.
    *x_gradient += x_b;
    *y_gradient += y_b;
    *w_gradient += w_b;
    *b_gradient += b_b;
    value
}
