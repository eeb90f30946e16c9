pub fn tax_grad_add(
    income: f64,
    allowance: f64,
    income_gradient: &mut f64,
    allowance_gradient: &mut f64,
) -> f64 {
    // Forward sweep: the function, and what is kept for the way back.
    // 5 | let taxed = (income - allowance).max(0.0);
    let t = income - allowance;
    let taxed = f64::max(t, 0.0);
    // 6 | if taxed < 1.0 {
    let test = taxed < 1.0;
    let (chosen, t_2_kept_12, cos_kept_13, root_kept_11) = if test {
        // 7 | taxed.sin() * allowance
        let (t_2, cos) = f64::sin_cos(taxed);
        let t_3 = t_2 * allowance;
        (t_3, t_2, cos, 0.0)
    } else {
        // 9 | let root = taxed.ln();
        let root = f64::ln(taxed);
        // 10 | root * root
        let t_4 = root * root;
        (t_4, 0.0, 0.0, root)
    };
    let value = chosen;

    // Reverse sweep: every line undone, the last one first.
    let seed = &1.0_f64;
    let mut income_b = -0.0_f64;
    let mut allowance_b = -0.0_f64;
    let mut t_b = -0.0_f64;
    let mut taxed_b = -0.0_f64;
    let mut chosen_b = -0.0_f64;
    chosen_b += *seed;
    // 6 | if taxed < 1.0 {
    if test {
        // Taken back, or computed again:
        let t_2 = t_2_kept_12;
        let cos = cos_kept_13;

        let mut t_2_b = -0.0_f64;
        let mut t_3_b = -0.0_f64;
        t_3_b += chosen_b;
        // 7 | taxed.sin() * allowance
        t_2_b += t_3_b * mul_da(allowance);
        allowance_b += t_3_b * mul_db(t_2);
        taxed_b += t_2_b * cos;
    } else {
        // Taken back, or computed again:
        let root = root_kept_11;

        let mut root_b = -0.0_f64;
        let mut t_4_b = -0.0_f64;
        t_4_b += chosen_b;
        // 10 | root * root
        root_b += t_4_b * mul_da(root);
        root_b += t_4_b * mul_db(root);
        // 9 | let root = taxed.ln();
        taxed_b += root_b * ln_da(taxed);
    }
    // 5 | let taxed = (income - allowance).max(0.0);
    {
        let partial = max_da(t, 0.0, false);
        t_b += if partial != 0.0 { taxed_b * partial } else { -0.0 };
    }
    income_b += t_b * sub_da();
    allowance_b += t_b * sub_db();

    // What has arrived at the numbers.
    *income_gradient += income_b;
    *allowance_gradient += allowance_b;
    value
}
