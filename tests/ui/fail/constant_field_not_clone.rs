use gradus::{Differentiable, differentiable};

struct Table {
    rows: usize,
}

#[derive(Differentiable)]
struct Model {
    #[constant]
    table: Table,
    scale: f64,
}

#[differentiable]
fn scaled(model: &Model, x: f64) -> f64 {
    model.table.rows as f64 * model.scale * x
}

fn main() {
    println!("{:?}", scaled_grad(&Model { table: Table { rows: 2 }, scale: 2.0 }, 1.0).0);
}
