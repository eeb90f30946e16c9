use gradus::differentiable;

#[differentiable]
pub fn tax(income: f64, allowance: f64) -> f64 {
    let taxed = (income - allowance).max(0.0);
    if taxed < 1.0 {
        taxed.sin() * allowance
    } else {
        let root = taxed.ln();
        root * root
    }
}
