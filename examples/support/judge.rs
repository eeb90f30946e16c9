//! How good a classifier is.

/// Of the samples of each class (the rows), how many were taken for each class (the columns).
pub fn confusion(truth: &[usize], guesses: &[usize], classes: usize) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; classes]; classes];
    for (&class, &guess) in truth.iter().zip(guesses) {
        counts[class][guess] += 1;
    }
    counts
}

/// The share of right guesses.
pub fn accuracy(truth: &[usize], guesses: &[usize]) -> f64 {
    let right = truth.iter().zip(guesses).filter(|(class, guess)| class == guess).count();
    right as f64 / truth.len() as f64
}

/// Prints the confusion matrix, a dot for 0.
pub fn print_confusion(counts: &[Vec<usize>], names: &[String]) {
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(3);
    let cells = |cells: &[String]| {
        let padded: Vec<String> = cells.iter().map(|cell| format!("{cell:>width$}")).collect();
        padded.join(" ")
    };
    println!("    {:>width$}  {}", "", cells(names));
    for (name, row) in names.iter().zip(counts) {
        let dotted = |&count: &usize| if count == 0 { "·".to_string() } else { count.to_string() };
        println!("    {name:>width$}  {}", cells(&row.iter().map(dotted).collect::<Vec<_>>()));
    }
}
