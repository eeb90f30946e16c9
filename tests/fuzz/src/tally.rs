//! What became of the programs: by class, by kind of failure, by construct.

use crate::compare::Class;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is kept of a program.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    pub number: u64,
    pub class: Class,
    pub kind: String,
    pub tags: Vec<String>,
}

/// Counts for a table.
#[derive(Default)]
pub struct Tally {
    classes: BTreeMap<Class, usize>,
    kinds: BTreeMap<(Class, String), Vec<u64>>,
    constructs: BTreeMap<String, BTreeMap<Class, usize>>,
    total: usize,
}

impl Tally {
    pub fn add(&mut self, entry: &Entry) {
        self.total += 1;
        *self.classes.entry(entry.class).or_default() += 1;
        if entry.class != Class::Compiled {
            self.kinds.entry((entry.class, entry.kind.clone())).or_default().push(entry.number);
        }
        for tag in &entry.tags {
            *self.constructs.entry(tag.clone()).or_default().entry(entry.class).or_default() += 1;
        }
    }

    pub fn fails(&self) -> bool {
        self.classes.keys().any(|class| class.fails())
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{} programs", self.total);
        for (class, count) in &self.classes {
            let share = 100.0 * *count as f64 / self.total as f64;
            let _ = writeln!(text, "  {count:6}  {share:5.1} %  {class}");
        }
        text.push_str("\nkinds\n");
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|((class, _), numbers)| (*class, std::cmp::Reverse(numbers.len())));
        for ((class, kind), numbers) in kinds {
            let examples: Vec<String> = numbers.iter().take(3).map(u64::to_string).collect();
            let _ =
                writeln!(text, "  {:5}  {class}: {kind}  (programs {})", numbers.len(), examples.join(", "));
        }
        let _ = writeln!(text, "\nconstructs{:33}  programs  right    graph  refused    wrong  invalid", "");
        for (construct, classes) in &self.constructs {
            let count = |which: &dyn Fn(Class) -> bool| -> usize {
                classes.iter().filter(|(class, _)| which(**class)).map(|(_, count)| count).sum()
            };
            let _ = writeln!(
                text,
                "  {construct:42} {:8} {:8} {:8} {:8} {:8} {:8}",
                count(&|_| true),
                count(&|class| class == Class::Compiled),
                count(&|class| class == Class::Graph),
                count(&|class| class == Class::Refused),
                count(&Class::fails),
                count(&|class| class == Class::Invalid),
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_constructs_are_counted() {
        let mut tally = Tally::default();
        let entry =
            |number, class| Entry { number, class, kind: "k".to_owned(), tags: vec!["loop".to_owned()] };
        tally.add(&entry(0, Class::Compiled));
        assert!(!tally.fails());
        tally.add(&entry(1, Class::WrongValue));
        assert!(tally.fails());
        assert!(tally.text().contains("50.0 %  wrong value"));
    }
}
