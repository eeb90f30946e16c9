//! The table: a row for each kernel and size, printed as soon as it is measured.

use crate::variant::Column;
use gradus::Backend;
use std::fmt;
use std::io::{self, Write};

/// A row.
pub struct Row {
    /// The kernel and its size.
    pub label: String,
    /// What the first column counts.
    pub unit: &'static str,
    /// One cell a column; none where the variant makes no sense.
    pub cells: [Option<Cell>; 6],
    /// How the companions compute.
    pub backend: Option<Backend>,
    /// Of `_grad_add`: allocations of a later call; bytes of the first per iteration.
    pub memory: Option<(usize, Option<f64>)>,
}

/// What was measured of a variant.
pub struct Cell {
    /// Per call.
    absolute: Quartiles,
    /// In proportion to the hand-written gradient in the same round.
    ratio: Quartiles,
}

impl Cell {
    /// From the measures of all rounds, of the variant and of the hand-written gradient.
    pub fn new(measures: &[f64], hand: &[f64]) -> Cell {
        let ratios = measures.iter().zip(hand).map(|(measure, hand)| measure / hand).collect();
        Cell { absolute: Quartiles::of(measures.to_vec()), ratio: Quartiles::of(ratios) }
    }
}

/// The median, and the quartiles around it.
pub struct Quartiles {
    lower: f64,
    median: f64,
    upper: f64,
}

impl Quartiles {
    /// By linear interpolation between the ordered numbers.
    pub fn of(mut numbers: Vec<f64>) -> Quartiles {
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len() - 1;
        let at = |quarter: usize| {
            let (below, rest) = (quarter * last / 4, (quarter * last % 4) as f64 / 4.0);
            numbers[below] + rest * (numbers[(below + 1).min(last)] - numbers[below])
        };
        Quartiles { lower: at(1), median: at(2), upper: at(3) }
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&spread(self, figures))
    }
}

/// Prints the heads of the columns.
pub fn print_head() {
    print!("{:32}", "");
    for column in Column::ALL {
        print!(" {:>20}", column.title());
    }
    println!("  {:8} {:>7} {:>9}", "backend", "allocs", "B/iter");
}

/// Prints a row.
pub fn print_row(row: &Row) {
    print!("{:32}", row.label);
    for (column, cell) in Column::ALL.iter().zip(&row.cells) {
        let text = match cell {
            None => "–".to_owned(),
            Some(cell) if *column == Column::Hand => absolute(&cell.absolute, row.unit),
            Some(cell) => spread(&cell.ratio, figures),
        };
        print!(" {text:>20}");
    }
    let backend = match row.backend {
        None => "–",
        Some(Backend::Compiled) => "compiled",
        Some(_) => "graph",
    };
    let (allocations, bytes) = match row.memory {
        None => ("–".to_owned(), "–".to_owned()),
        Some((allocations, bytes)) => {
            (allocations.to_string(), bytes.map_or("–".to_owned(), |bytes| format!("{bytes:.1}")))
        }
    };
    println!("  {backend:8} {allocations:>7} {bytes:>9}");
    // Nothing to lose if the reader of a pipe has gone.
    let _ = io::stdout().flush();
}

/// Prints which construct keeps some companions on the graph.
pub fn print_fallbacks(rows: &[Row]) {
    let reasons = rows.iter().filter_map(|row| {
        let Backend::Graph { construct, line, .. } = row.backend? else { return None };
        Some(format!("  {}: {construct}, line {line}", row.label))
    });
    for (at, reason) in reasons.enumerate() {
        if at == 0 {
            println!("\nNot compiled, so on the graph, because of:");
        }
        println!("{reason}");
    }
}

/// Prints how many times what a compiled gradient costs the same on a graph costs, in the rows that have both.
pub fn print_cost_of_graphs(rows: &[Row]) {
    let at = |column: Column| Column::ALL.iter().position(|its| *its == column);
    let median = |row: &Row, column: Column| Some(row.cells[at(column)?].as_ref()?.ratio.median);
    let compiled = rows.iter().filter(|row| row.backend == Some(Backend::Compiled));
    let costs: Vec<f64> = compiled
        .filter_map(|row| Some(median(row, Column::Graph)? / median(row, Column::GradAdd)?))
        .collect();
    if costs.is_empty() {
        return;
    }
    let rows = costs.len();
    let (least, most) = costs.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), cost| {
        (least.min(*cost), most.max(*cost))
    });
    let middle = Quartiles::of(costs).median;
    println!(
        "\nA graph costs {} to {} times what the compiled gradient costs, in the middle {} times ({rows} rows).",
        figures(least),
        figures(most),
        figures(middle)
    );
}

fn absolute(quartiles: &Quartiles, unit: &str) -> String {
    if unit != "s" {
        return format!("{:.0}", quartiles.median);
    }
    let scales = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];
    let (scale, name) = *scales.iter().find(|(scale, _)| quartiles.median >= *scale).unwrap_or(&scales[3]);
    let spread = spread(quartiles, |number| figures(number / scale));
    format!("{spread} {name}")
}

/// The median, and the quartiles where there are several measures.
fn spread(quartiles: &Quartiles, show: impl Fn(f64) -> String) -> String {
    let Quartiles { lower, median, upper } = *quartiles;
    if lower == upper {
        show(median)
    } else {
        format!("{} ({}–{})", show(median), show(lower), show(upper))
    }
}

/// Three figures.
fn figures(number: f64) -> String {
    match number {
        _ if number < 9.995 => format!("{number:.2}"),
        _ if number < 99.95 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_ordered_numbers() {
        let Quartiles { lower, median, upper } = Quartiles::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!([lower, median, upper], [1.75, 2.5, 3.25]);
        let Quartiles { lower, median, upper } = Quartiles::of(vec![7.0]);
        assert_eq!([lower, median, upper], [7.0; 3]);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let cell = Cell::new(&[2.0, 30.0, 8.0], &[1.0, 10.0, 2.0]);
        assert_eq!(cell.ratio.median, 3.0);
        assert_eq!(cell.absolute.median, 8.0);
    }

    #[test]
    fn numbers_have_three_figures() {
        assert_eq!(
            [1.234, 9.996, 12.34, 99.96, 1234.0].map(figures),
            ["1.23", "10.0", "12.3", "100", "1234"]
        );
    }
}
