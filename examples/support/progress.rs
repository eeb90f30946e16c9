//! How far a training run is: a bar on a terminal, a plain line now and then elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// The progress of a run of so many steps.
pub struct Progress {
    bar: Option<ProgressBar>,
    step: usize,
    steps: usize,
    every: usize,
}

impl Progress {
    /// A bar if a person is watching, else a line every so many steps and at the end.
    pub fn new(steps: usize, every: usize) -> Progress {
        let watched = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        let bar = watched.then(|| {
            let style = ProgressStyle::with_template("{bar:32} {pos:>4}/{len}  {msg}  {elapsed}");
            let bar = ProgressBar::new(steps as u64);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Progress { bar, step: 0, steps, every }
    }

    /// No reports.
    #[allow(dead_code, reason = "the tests use it")]
    pub fn silent() -> Progress {
        Progress { bar: None, step: 0, steps: 0, every: usize::MAX }
    }

    /// One step more, and how it went.
    pub fn step(&mut self, message: impl FnOnce() -> String) {
        self.step += 1;
        if let Some(bar) = &self.bar {
            bar.set_message(message());
            bar.inc(1);
        } else if self.step.is_multiple_of(self.every) || self.step == self.steps {
            println!("{:>6}/{}  {}", self.step, self.steps, message());
        }
    }

    /// The end: the bar stays as it is.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.abandon();
        }
    }
}
