//! Jacobians by columns.

use super::Flatten;

/// The columns of a Jacobian.
pub struct Columns {
    columns: Vec<Vec<f64>>,
    /// How many numbers each has.
    count: usize,
}

/// The columns, each of which `tangent` computes by forward mode; none if there are as many of them as rows, or if the tangent
/// leaves out numbers of the value that are data.
pub fn columns<T: Flatten>(inputs: usize, outputs: usize, tangent: impl Fn(usize) -> T) -> Option<Columns> {
    if inputs >= outputs {
        return None;
    }
    let column = |at| {
        let mut column = Vec::with_capacity(outputs);
        tangent(at).flatten(&mut column);
        (column.len() == outputs).then_some(column)
    };
    let columns = (0..inputs).map(column).collect::<Option<_>>()?;
    Some(Columns { columns, count: outputs })
}

impl Columns {
    /// The rows, each of which `row` makes of its numbers.
    pub fn rows<R>(&self, row: impl Fn(&mut dyn Iterator<Item = f64>) -> R) -> Vec<R> {
        (0..self.count).map(|at| row(&mut self.columns.iter().map(|column| column[at]))).collect()
    }
}
