//! From bytes of a function's text to lines and columns of its file, and back.

use super::{Site, Source};
use crate::view::text::{visible, width};

/// The lines of one [`Source`]. Lines and columns count from 1, columns in characters, as rustc does.
pub(crate) struct Lines {
    pub source: &'static Source,
    /// The byte at which each line starts.
    starts: Vec<usize>,
}

impl Lines {
    pub fn new(source: &'static Source) -> Self {
        let breaks = source.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        Lines { source, starts: std::iter::once(0).chain(breaks.map(|(index, _)| index + 1)).collect() }
    }

    /// The numbers of the lines in the file.
    pub fn numbers(&self) -> std::ops::Range<u32> {
        self.source.line..self.source.line + to_u32(self.starts.len())
    }

    /// The text of a line without its break; the first line starts where the function does.
    pub fn text(&self, line: u32) -> &'static str {
        let index = (line - self.source.line) as usize;
        let end = self.starts.get(index + 1).map_or(self.source.text.len(), |next| next - 1);
        let text = &self.source.text[self.starts[index]..end];
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// The lines as they are shown: harmless, tabs expanded, without the indentation that all share.
    pub fn rows(&self) -> Vec<(u32, String)> {
        let shown = self.numbers().map(|line| {
            let first =
                if line == self.source.line { (self.source.column as usize).saturating_sub(1) } else { 0 };
            (line, format!("{}{}", " ".repeat(first), visible(&expand_tabs(self.text(line), first))))
        });
        let mut rows: Vec<(u32, String)> = shown.collect();
        let indents = rows.iter().filter(|(_, text)| !text.trim().is_empty());
        let indents = indents.map(|(_, text)| text.len() - text.trim_start_matches(' ').len());
        let shared = indents.min().unwrap_or(0);
        for (_, text) in &mut rows {
            *text = text.get(shared..).unwrap_or("").trim_end().to_owned();
        }
        rows
    }

    /// The line and column of a byte of the text. A byte past the end counts as the end.
    pub fn position(&self, byte: u32) -> (u32, u32) {
        let byte = (byte as usize).min(self.source.text.len());
        let index = self.starts.partition_point(|&start| start <= byte) - 1;
        // Bytes that continue a character begin with the bits 10.
        let before = self.source.text.as_bytes()[self.starts[index]..byte].iter();
        let characters = before.filter(|&&byte| byte & 0xc0 != 0x80).count();
        let first = if index == 0 { self.source.column } else { 1 };
        (self.source.line + to_u32(index), first + to_u32(characters))
    }

    /// The byte at a line and column, if the function's text has such a place.
    pub fn byte(&self, line: u32, column: u32) -> Option<u32> {
        if !self.numbers().contains(&line) {
            return None;
        }
        let index = (line - self.source.line) as usize;
        let first = if index == 0 { self.source.column } else { 1 };
        let (offset, _) = self.text(line).char_indices().nth(column.checked_sub(first)? as usize)?;
        Some(to_u32(self.starts[index] + offset))
    }

    /// The line on which an expression ends: there its value is complete.
    pub fn line_of(&self, site: &Site) -> u32 {
        self.position(site.span.end.saturating_sub(1).max(site.span.start)).0
    }
}

/// The lines of this function among those known, which it joins if it is new.
pub(crate) fn find<'k>(known: &'k mut Vec<Lines>, source: &'static Source) -> &'k Lines {
    let index = known.iter().position(|lines| lines.source == source).unwrap_or_else(|| {
        known.push(Lines::new(source));
        known.len() - 1
    });
    &known[index]
}

/// Replaces tabs by spaces up to the next multiple of four columns.
fn expand_tabs(text: &str, first: usize) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut pieces = text.split('\t');
    expanded.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let column = first + width(&expanded);
        expanded.push_str(&" ".repeat(4 - column % 4));
        expanded.push_str(piece);
    }
    expanded
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).expect("a function's text is shorter than 4 GiB")
}
