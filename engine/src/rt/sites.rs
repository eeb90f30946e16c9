//! Tables of sites, made at compile time of the numbers that generated code holds.

use crate::provenance::{Site, Source, Span};

/// The spans with these bounds: of each the first byte, and the byte after the last.
pub const fn spans<const N: usize>(bounds: [[u32; 2]; N]) -> [Span; N] {
    let mut spans = [Span { start: 0, end: 0 }; N];
    let mut at = 0;
    while at < N {
        let [start, end] = bounds[at];
        spans[at] = Span { start, end };
        at += 1;
    }
    spans
}

/// The sites of these rows: of each its bounds, how many of `operands` are its own (they follow those of the sites before),
/// and the number of its name, 0 if it has none.
pub const fn sites<const N: usize>(
    source: &'static Source,
    rows: [[u32; 4]; N],
    operands: &'static [Span],
    names: &[&'static str],
) -> [Site; N] {
    let mut sites = [Site { source, span: Span { start: 0, end: 0 }, operands: &[], name: None }; N];
    let mut rest = operands;
    let mut at = 0;
    while at < N {
        let [start, end, count, name] = rows[at];
        let (own, others) = rest.split_at(count as usize);
        let name = if name == 0 { None } else { Some(names[name as usize - 1]) };
        sites[at] = Site { source, span: Span { start, end }, operands: own, name };
        rest = others;
        at += 1;
    }
    sites
}
