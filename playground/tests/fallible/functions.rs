use gradus::differentiable;

#[differentiable]
pub fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable]
pub fn logarithm(x: f64) -> Result<f64, String> {
    if x <= 0.0 {
        return Err(format!("{x} has no logarithm"));
    }
    Ok(x.ln())
}

#[differentiable]
pub fn product(xs: &[f64], k: f64) -> Option<f64> {
    let mut product = k;
    for x in xs {
        product *= root(*x)?;
    }
    Some(product)
}

#[differentiable]
pub fn converted(x: f64) -> Result<f64, String> {
    let root = root(x).ok_or("no root")?;
    let logarithm = logarithm(root).map_err(|error| error)?;
    Ok(logarithm * x)
}

#[differentiable]
pub fn looked_at(x: f64, y: f64) -> f64 {
    let first = if let Some(root) = root(x) { root } else { y };
    let Some(second) = root(y) else { return first };
    match logarithm(x) {
        Ok(logarithm) => first * second * logarithm,
        Err(_) => first * second,
    }
}

#[differentiable]
pub fn replaced(x: f64, y: f64) -> f64 {
    root(x).unwrap_or(y)
        + logarithm(x).unwrap_or_else(|_| y * y)
        + root(y).map(|root| root * x).unwrap_or(0.0)
}
