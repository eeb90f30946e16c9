//! The text of an adjoint, taken apart: which of its statements belong to which line of the source.
//!
//! The text is a program of two sweeps, and tells above its statements which line of the user's they come from:
//! `// 12 | let y = x * x;`. Such a heading holds for what follows it at its own indentation and deeper, up to the next
//! heading or blank line there; so the closing brace of a loop belongs to the loop, and not to its last statement.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::provenance::lines::Lines;
use crate::text::{visible, width};

/// What the comment above the forward sweep begins with, and that above the reverse sweep.
const SWEEPS: [&str; 2] = ["// Forward sweep", "// Reverse sweep"];

/// The statements of a compiled adjoint by the lines of the source.
pub(super) struct Adjoint {
    blocks: BTreeMap<u32, Block>,
}

/// What belongs to one line of the source: its statements in either sweep, in the order in which they run. `…` stands
/// for statements of other lines.
#[derive(Default)]
pub(super) struct Block {
    pub forward: Vec<String>,
    pub reverse: Vec<String>,
}

impl Adjoint {
    /// Reads the text that comes with a source; if it is no program, the reason that it gives.
    ///
    /// What has no heading stands where a sweep begins or ends: the forward sweep begins at the line of the signature, the
    /// reverse sweep ends there; at the last line it is the other way round.
    pub fn read(lines: &Lines, signature: u32) -> Result<Adjoint, String> {
        let text = lines.source.adjoint;
        if !SWEEPS.iter().all(|sweep| text.lines().any(|line| line.trim_start().starts_with(sweep))) {
            return Err(reason(text));
        }
        let mut reader = Reader::new(lines, signature);
        text.lines().for_each(|line| reader.line(line));
        let mut blocks = reader.blocks;
        for block in blocks.values_mut() {
            outdent(&mut block.forward);
            outdent(&mut block.reverse);
        }
        Ok(Adjoint { blocks })
    }

    pub fn block(&self, line: u32) -> Option<&Block> {
        self.blocks.get(&line)
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.values()
    }
}

impl Block {
    /// The columns of the longest statement of each sweep.
    pub fn columns(&self) -> (usize, usize) {
        let longest = |sweep: &[String]| sweep.iter().map(|statement| width(statement)).max().unwrap_or(0);
        (longest(&self.forward), longest(&self.reverse))
    }
}

/// Goes through the text from its first line to its last.
struct Reader {
    blocks: BTreeMap<u32, Block>,
    /// The lines of the source.
    numbers: Range<u32>,
    /// The lines of the signature and of the end.
    ends: [u32; 2],
    /// Whether this is the reverse sweep.
    reverse: bool,
    /// The headings that hold, the innermost last: their indentation, and the line of the source.
    headings: Vec<(usize, u32)>,
    /// Whether this sweep had a heading.
    begun: bool,
    /// Whether the last line was blank.
    apart: bool,
    /// The line of the source that the last statement of this sweep belongs to.
    last: Option<u32>,
}

impl Reader {
    fn new(lines: &Lines, signature: u32) -> Self {
        Reader {
            blocks: BTreeMap::new(),
            numbers: lines.numbers(),
            ends: [signature, lines.numbers().end - 1],
            reverse: false,
            headings: Vec::new(),
            begun: false,
            apart: false,
            last: None,
        }
    }

    fn line(&mut self, text: &str) {
        let words = text.trim();
        let indent = text.len() - text.trim_start().len();
        if words.is_empty() {
            self.apart = true;
            return;
        }
        let heading = heading(words).filter(|line| self.numbers.contains(line));
        let ends_others = std::mem::take(&mut self.apart) || heading.is_some();
        self.headings.retain(|&(outer, _)| outer < indent || outer == indent && !ends_others);
        if let Some(line) = heading {
            self.headings.push((indent, line));
            self.begun = true;
        } else if words.starts_with(SWEEPS[1]) {
            (self.reverse, self.begun, self.last) = (true, false, None);
            self.headings.clear();
        } else if !words.starts_with(SWEEPS[0]) {
            self.statement(text.trim_end(), indent);
        }
    }

    fn statement(&mut self, text: &str, indent: usize) {
        let end = self.ends[usize::from(self.reverse != self.begun)];
        let line = self.headings.last().map_or(end, |&(_, line)| line);
        let block = self.blocks.entry(line).or_default();
        let statements = if self.reverse { &mut block.reverse } else { &mut block.forward };
        if let Some(before) = statements.last().filter(|_| self.last != Some(line)) {
            let opens = if before.ends_with('{') { 4 } else { 0 };
            let at = (before.len() - before.trim_start().len() + opens).max(indent);
            statements.push(format!("{:at$}…", ""));
        }
        statements.push(format!("{:indent$}{}", "", visible(text.trim_start())));
        self.last = Some(line);
    }
}

/// The line that a heading tells.
fn heading(words: &str) -> Option<u32> {
    let (number, _) = words.strip_prefix("// ")?.split_once(" | ")?;
    number.parse().ok()
}

/// Takes away the indentation that all share.
fn outdent(statements: &mut [String]) {
    let indents = statements.iter().map(|statement| statement.len() - statement.trim_start().len());
    let shared = indents.min().unwrap_or(0);
    statements.iter_mut().for_each(|statement| drop(statement.drain(..shared)));
}

/// What a text without a program says: its comment, up to the first empty line of it.
fn reason(text: &str) -> String {
    let words = text.lines().map(|line| line.trim_start_matches('/').trim());
    let told: Vec<&str> = words.take_while(|line| !line.is_empty()).collect();
    if told.is_empty() {
        "No adjoint comes with this source.".to_owned()
    } else {
        visible(&told.join(" ")).into_owned()
    }
}
