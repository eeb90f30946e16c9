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
    // Forward sweep: the function, and what it records.
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

    // Reverse sweep: the statements from the last to the first.
    // 8 | activation / (1.0 + x.powi(2))
    let t_5_b = -t_6 / t_5;
    // 7 | let activation = n.tanh();
    let activation_b = 1.0 / t_5;
    // 6 | let n = x * w + y * y + b;
    let n_b = activation_b * (1.0 - activation * activation);

    // Add the gradients of numbers to the caller's buffers.
    *x_gradient += t_5_b * powi_da(x, n_2) + n_b * w;
    *y_gradient += n_b * y + n_b * y;
    *w_gradient += n_b * x;
    *b_gradient += n_b;
    value
}
