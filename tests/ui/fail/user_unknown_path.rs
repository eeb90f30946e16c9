//! A path is imported by the generated code too, to find the function's companions, and rustc tells of an import in other
//! words than of a call: this mistake alone is told twice, at the same token. (A plain name is not: there the import
//! finds a macro of that name, and is content.)
use gradus::differentiable;

mod models {}

#[differentiable]
fn model(x: f64) -> f64 {
    2.0 * models::squared(x + 1.0)
}

fn main() {
    println!("{}", model(1.0));
}
