//! Finished batches on disk, so that a run that was ended goes on where it was.

use crate::compare::Class;
use crate::tally::Entry;
use serde_json::{Value, json};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The file of one run: a seed, and whether programs are optimised.
pub struct State {
    path: PathBuf,
    pub entries: Vec<Entry>,
}

impl State {
    /// What was finished before, if it was with the same engine and the same generator.
    pub fn open(directory: &Path, run: &str, identity: &str) -> Result<State, String> {
        let path = directory.join(format!("state-{run}.jsonl"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut lines = text.lines();
        let header = json!({ "identity": identity }).to_string();
        if lines.next() != Some(header.as_str()) {
            fs::write(&path, header + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
            return Ok(State { path, entries: Vec::new() });
        }
        let entries = lines.filter_map(|line| entry(&serde_json::from_str(line).ok()?)).collect();
        Ok(State { path, entries })
    }

    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), String> {
        let mut text = String::new();
        for entry in &entries {
            let value = json!({
                "number": entry.number,
                "class": entry.class.to_string(),
                "kind": entry.kind,
                "tags": entry.tags,
            });
            text.push_str(&value.to_string());
            text.push('\n');
        }
        let mut file = OpenOptions::new().append(true).open(&self.path).map_err(|error| error.to_string())?;
        file.write_all(text.as_bytes()).map_err(|error| error.to_string())?;
        self.entries.extend(entries);
        Ok(())
    }
}

fn entry(value: &Value) -> Option<Entry> {
    Some(Entry {
        number: value["number"].as_u64()?,
        class: Class::parse(value["class"].as_str()?)?,
        kind: value["kind"].as_str()?.to_owned(),
        tags: value["tags"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_found_again() {
        let directory = std::env::temp_dir().join(format!("state-test-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let mut state = State::open(&directory, "9", "one").unwrap();
        let entry =
            Entry { number: 4, class: Class::Graph, kind: "k".to_owned(), tags: vec!["t".to_owned()] };
        state.add(vec![entry.clone()]).unwrap();
        assert_eq!(State::open(&directory, "9", "one").unwrap().entries, [entry]);
        assert!(State::open(&directory, "9", "another").unwrap().entries.is_empty());
        fs::remove_dir_all(&directory).unwrap();
    }
}
