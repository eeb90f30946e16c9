/// Attention: how much a query takes of the values of
/// three tokens, by how well it fits their keys.
#[differentiable]
fn attention(query: [f64; 2], keys: [[f64; 2]; 3], values: [f64; 3]) -> f64 {
    let mut weights = [0.0; 3];
    let mut total = 0.0;
    for (weight, key) in weights.iter_mut().zip(&keys) {
        let score = (query[0] * key[0] + query[1] * key[1]) / 2.0_f64.sqrt();
        *weight = score.exp();
        total += *weight;
    }
    let mut result = 0.0;
    for (weight, value) in weights.iter().zip(&values) {
        result += weight / total * value;
    }
    result
}
