//! A place of the source and what is to be said of it, as rustc shows it.

use super::style::{Style, Text};
use super::{Origin, Site, Source, Span};
use crate::graph::Node;
use crate::provenance::lines::{Lines, expand_tabs};
use crate::text::{visible, width};

/// A message about a place of the source.
pub(crate) struct Snippet {
    /// What is the matter.
    pub title: String,
    pub source: &'static Source,
    pub span: Span,
    /// What is said of the place, behind the carets.
    pub label: String,
    /// What else there is to say.
    pub notes: Vec<String>,
}

impl Snippet {
    /// The message, its last line ended.
    pub fn text(&self, colour: bool) -> String {
        let lines = Lines::new(self.source);
        let (line, column) = lines.position(self.span.start);
        let (before, marked) = self.marked(&lines, line);
        let styled = |style, text: &str| Text::new(colour).with(style, text).markup;
        // What stands before the bar: the line's number, or as much room.
        let room = " ".repeat(line.to_string().len());
        let bar = styled(Style::Dim, "|");
        let carets = format!("{} {}", "^".repeat(marked.max(1)), self.label);
        let mut text = vec![
            styled(Style::Bold, &visible(&self.title)),
            format!("{room}{} {}:{line}:{column}", styled(Style::Dim, "-->"), visible(self.source.file)),
            format!("{room} {bar}"),
            format!("{} {}", styled(Style::Dim, &format!("{line} |")), shown(lines.text(line))),
            format!("{room} {bar} {:before$}{}", "", styled(Style::Negative, carets.trim_end())),
        ];
        if !self.notes.is_empty() {
            text.push(format!("{room} {bar}"));
        }
        text.extend(self.notes.iter().map(|note| format!("{room} {} {note}", styled(Style::Dim, "="))));
        text.join("\n") + "\n"
    }

    /// How many columns stand before the span on its line, and how many it takes there.
    fn marked(&self, lines: &Lines, line: u32) -> (usize, usize) {
        let (text, start) = (lines.text(line), lines.start(line));
        let from = (self.span.start.saturating_sub(start) as usize).min(text.len());
        let to = (self.span.end.saturating_sub(start) as usize).min(text.len()).max(from);
        let columns = |end: usize| text.get(..end).map_or(0, |text| width(&shown(text)));
        (columns(from), columns(to) - columns(from))
    }
}

/// A line as it is shown.
fn shown(text: &str) -> String {
    visible(&expand_tabs(text, 0)).into_owned()
}

/// The site of a node, if an annotated function made it.
pub(crate) fn site(node: Node<'_>) -> Option<&'static Site> {
    match node.origin() {
        Some(Origin::Site(site)) => Some(site),
        _ => None,
    }
}
