use gradus::differentiable;

#[differentiable(partials = total_partials)]
fn total(rows: &[&[f64]], #[constant] names: &[&str]) -> f64 {
    assert_eq!(rows.len(), names.len());
    rows.iter().flat_map(|row| row.iter()).sum()
}

fn total_partials(rows: &[&[f64]], _: &[&str]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| vec![1.0; row.len()]).collect()
}

fn main() {
    println!("{:?}", total_grad(&[&[1.0]], &["a"]));
}
