pub fn tax_grad_add(
    income: f64,
    allowance: f64,
    income_gradient: &mut f64,
    allowance_gradient: &mut f64,
) -> f64 {
    // Forward sweep: the function, and what it records.
    // 5 | let taxed = (income - allowance).max(0.0);
    let t = income - allowance;
    let taxed = f64::max(t, 0.0);
    // 6 | if taxed < 1.0 {
    let test = taxed < 1.0;
    let (chosen, cos_kept, t_2_kept, root_kept) = if test {
        // 7 | taxed.sin() * allowance
        let t_2 = f64::sin(taxed);
        let cos = f64::cos(taxed);
        let t_3 = t_2 * allowance;
        (t_3, cos, t_2, 0.0)
    } else {
        // 9 | let root = taxed.ln();
        let root = f64::ln(taxed);
        // 10 | root * root
        let t_4 = root * root;
        (t_4, 0.0, 0.0, root)
    };
    let value = chosen;

    // Reverse sweep: the statements from the last to the first.
    // 6 | if taxed < 1.0 {
    let mut allowance_b = -0.0_f64;
    let mut taxed_b = -0.0_f64;
    if test {
        // Restored or recomputed:
        let cos = cos_kept;
        let t_2 = t_2_kept;

        // 7 | taxed.sin() * allowance
        allowance_b += t_2;
        taxed_b += allowance * cos;
    } else {
        // Restored or recomputed:
        let root = root_kept;

        // 9 | let root = taxed.ln();
        let root_b = root + root;
        taxed_b += root_b * (1.0 / taxed);
    }
    // 5 | let taxed = (income - allowance).max(0.0);
    let max_taken = max_da(t, 0.0, false) != 0.0;
    allowance_b += if max_taken { -taxed_b } else { -0.0 };

    // Add the gradients of numbers to the caller's buffers.
    *income_gradient += if max_taken { taxed_b } else { -0.0 };
    *allowance_gradient += allowance_b;
    value
}
