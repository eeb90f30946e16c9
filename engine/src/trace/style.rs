//! Text for terminals: styles, and how many columns it takes.

use std::io::IsTerminal;

use crate::text::width;

#[derive(Clone, Copy)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Positive,
    Negative,
}

impl Style {
    pub fn of_gradient(gradient: Option<f64>) -> Self {
        match gradient {
            Some(gradient) if gradient > 0.0 => Style::Positive,
            Some(gradient) if gradient < 0.0 => Style::Negative,
            _ => Style::Plain,
        }
    }

    /// The terminal's code: colours that read on light and on dark ground.
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Positive => "36",
            Style::Negative => "33",
        }
    }
}

/// Text that knows how many columns it takes, which escapes do not.
pub(super) struct Text {
    pub markup: String,
    pub columns: usize,
    colour: bool,
}

impl Text {
    pub fn new(colour: bool) -> Self {
        Text { markup: String::new(), columns: 0, colour }
    }

    pub fn push(&mut self, style: Style, text: &str) {
        self.columns += width(text);
        if self.colour && !style.code().is_empty() && !text.is_empty() {
            self.markup.extend(["\u{1b}[", style.code(), "m", text, "\u{1b}[0m"]);
        } else {
            self.markup.push_str(text);
        }
    }

    /// The same, for a chain.
    pub fn with(mut self, style: Style, text: &str) -> Self {
        self.push(style, text);
        self
    }
}

/// Whether what goes to `stream` is to be coloured: if that is a terminal, and `NO_COLOR` is not set
/// (<https://no-color.org>).
pub(super) fn wants_colour(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused
}

/// The columns of the terminal, as far as the environment tells.
pub(super) fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok())
}
