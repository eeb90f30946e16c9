//! From bytes of a function's text to lines and columns of its file, and back.

use super::{Site, Source, Span};
use crate::text::{visible, width};

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

    /// The byte at which a line starts.
    pub fn start(&self, line: u32) -> u32 {
        to_u32(self.starts[(line - self.source.line) as usize])
    }

    /// The lines as they are shown: harmless, tabs expanded, without the indentation that all share.
    pub fn rows(&self) -> Vec<(u32, String)> {
        let joined = |row: Row| (row.line, row.pieces.into_iter().map(|(text, _)| text).collect());
        self.rows_without(&[]).into_iter().map(joined).collect()
    }

    /// The same; what lies in one of the spans is a piece of its own.
    pub fn rows_without(&self, unused: &[Span]) -> Vec<Row> {
        let mut rows: Vec<Row> = self.numbers().map(|line| self.row(line, unused)).collect();
        let indents = rows.iter().filter_map(Row::indent);
        let shared = indents.min().unwrap_or(0);
        rows.iter_mut().for_each(|row| row.trim(shared));
        rows
    }

    fn row(&self, line: u32, unused: &[Span]) -> Row {
        let text = self.text(line);
        let start = self.start(line);
        let is_unused = |byte: u32| unused.iter().any(|span| (span.start..span.end).contains(&byte));
        let mut column =
            if line == self.source.line { (self.source.column as usize).saturating_sub(1) } else { 0 };
        let mut pieces = vec![(" ".repeat(column), false)];
        let ends = unused.iter().flat_map(|span| [span.start, span.end]);
        let inside = ends.filter_map(|byte| byte.checked_sub(start)).map(|byte| byte as usize);
        let mut cuts: Vec<usize> = inside.filter(|&at| at < text.len()).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for range in cuts.windows(2) {
            // Spans are those of tokens, so they do not cut characters; if one did, the line is shown whole.
            let Some(piece) = text.get(range[0]..range[1]) else {
                return Row { line, pieces: vec![(visible(&expand_tabs(text, 0)).into_owned(), false)] };
            };
            let shown = visible(&expand_tabs(piece, column)).into_owned();
            column += width(&shown);
            pieces.push((shown, is_unused(start + to_u32(range[0]))));
        }
        Row { line, pieces }
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

/// A line as it is shown, and which pieces of it lie in a span.
pub(crate) struct Row {
    pub line: u32,
    pub pieces: Vec<(String, bool)>,
}

impl Row {
    fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// The columns of white space before the first word, if there is a word.
    pub fn indent(&self) -> Option<usize> {
        let text = self.text();
        let words = text.trim_start_matches(' ');
        (!words.trim().is_empty()).then(|| text.len() - words.len())
    }

    /// Removes that much white space before the text, and all after it.
    fn trim(&mut self, mut shared: usize) {
        for (text, _) in &mut self.pieces {
            let spaces = text.len() - text.trim_start_matches(' ').len();
            let removed = spaces.min(shared);
            text.replace_range(..removed, "");
            shared -= removed;
            if !text.is_empty() {
                break;
            }
        }
        while let Some((text, _)) = self.pieces.last_mut() {
            text.truncate(text.trim_end().len());
            if !text.is_empty() {
                break;
            }
            self.pieces.pop();
        }
    }

    pub fn columns(&self) -> usize {
        self.pieces.iter().map(|(text, _)| width(text)).sum()
    }
}

/// The lines of this function among those known, which it joins if it is new.
pub(crate) fn find<'k>(known: &'k mut Vec<Lines>, source: &'static Source) -> &'k Lines {
    let index = known
        .iter()
        .position(|lines| std::ptr::eq(lines.source, source) || lines.source == source)
        .unwrap_or_else(|| {
            known.push(Lines::new(source));
            known.len() - 1
        });
    &known[index]
}

/// Replaces tabs by spaces up to the next multiple of four columns.
pub(crate) fn expand_tabs(text: &str, first: usize) -> String {
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
