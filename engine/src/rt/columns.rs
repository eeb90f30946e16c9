//! Jacobians by columns.

use super::Flatten;

/// The columns of a Jacobian.
pub struct Columns {
    columns: Vec<Vec<f64>>,
    /// How many numbers each has.
    count: usize,
}

/// The columns, each of which `tangent` computes by forward mode; none if there are more of them than rows.
pub fn columns<T: Flatten>(inputs: usize, outputs: usize, tangent: impl Fn(usize) -> T) -> Option<Columns> {
    let column = |at| {
        let mut column = Vec::with_capacity(outputs);
        tangent(at).flatten(&mut column);
        debug_assert_eq!(column.len(), outputs, "the tangent has the shape of the value");
        column
    };
    (inputs < outputs).then(|| Columns { columns: (0..inputs).map(column).collect(), count: outputs })
}

impl Columns {
    /// The rows, each of which `row` makes of its numbers.
    pub fn rows<R>(&self, row: impl Fn(&mut dyn Iterator<Item = f64>) -> R) -> Vec<R> {
        (0..self.count).map(|at| row(&mut self.columns.iter().map(|column| column[at]))).collect()
    }
}
