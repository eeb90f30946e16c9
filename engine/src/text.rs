//! Numbers and untrusted text, made fit to be read.

use std::borrow::Cow;

/// The name or sign of an operation as messages and pictures show it. That of a custom operation can be any text: it is
/// cut, and shown on one line without characters that act on a terminal.
pub(crate) fn operation_name(name: &str) -> String {
    const COLUMNS: usize = 40;
    shorten(&one_line(name), COLUMNS)
}

/// A number in at most `digits` significant digits (more only for whole numbers below a million), as it
/// is printed in books: a true minus sign, no trailing zeros, `∞`. Both zeros are `0`.
pub(crate) fn number(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return format!("{sign}∞");
    }
    if value == 0.0 {
        return "0".into();
    }
    // Let the standard library round: 9.9999999 has exponent 0 before rounding and 1 after.
    let scientific = format!("{:.*e}", digits.saturating_sub(1), value.abs());
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a whole number");
    if (-4..6).contains(&exponent) {
        let decimals =
            i32::try_from(digits).map_or(0, |digits| (digits - 1 - exponent).max(0).cast_unsigned() as usize);
        return format!("{sign}{}", without_zeros(&format!("{:.decimals$}", value.abs())));
    }
    let minus = if exponent < 0 { "−" } else { "" };
    format!("{sign}{}e{minus}{}", without_zeros(mantissa), exponent.abs())
}

/// A number with as many digits as identify it, in scientific notation where `{}` would print hundreds, as of 1e308.
pub(crate) fn exact(value: f64) -> String {
    let digits = format!("{value:?}");
    digits.strip_suffix(".0").unwrap_or(&digits).to_owned()
}

fn without_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The text with every character written out that could act rather than show: terminal controls,
/// line breaks, marks that reverse the direction of writing, and what XML does not admit.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
        || matches!(character, '\u{e0000}'..='\u{e007f}')
}

/// Source text on one line: runs of white space become one space, and the rest is [`visible`].
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible(&words.join(" ")).into_owned()
}

/// Text for XML, in elements and in attributes. It must be [`visible`] already, apart from line breaks.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// At most `columns` columns of the text; what is cut off becomes `…`.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.into();
    }
    // The end of an expression says as much as its beginning: the middle is left out.
    let tail = columns.saturating_sub(1) / 2;
    let head = columns.saturating_sub(1) - tail;
    let fitting = |characters: &mut dyn Iterator<Item = char>, room: usize| {
        let mut used = 0;
        let fits = |character: &char| {
            used += columns_of(*character);
            used <= room
        };
        characters.take_while(fits).collect::<String>()
    };
    let head = fitting(&mut text.chars(), head);
    let tail: String = fitting(&mut text.chars().rev(), tail).chars().rev().collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

/// How many columns the text takes in a terminal or another fixed pitch.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// 0 for marks that combine with the character before, 2 for the wide scripts of East Asia and for
/// emoji, else 1 (after Unicode Standard Annex 11).
fn columns_of(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36f | 0xfe00..=0xfe0f => 0,
        code if WIDE.iter().any(|range| range.contains(&code)) => 2,
        _ => 1,
    }
}

/// The wide characters, in blocks.
const WIDE: [std::ops::RangeInclusive<u32>; 9] = [
    0x1100..=0x115f,
    0x2e80..=0xa4cf,
    0xac00..=0xd7a3,
    0xf900..=0xfaff,
    0xfe30..=0xfe6f,
    0xff00..=0xff60,
    0xffe0..=0xffe6,
    0x1f300..=0x1faff,
    0x20000..=0x3fffd,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_in_books() {
        let cases = [
            (2.0, "2"),
            (-1.5, "−1.5"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.333333"),
            (0.9999999, "1"),
            (9.9999999, "10"),
            (123456.0, "123456"),
            (1234567.0, "1.23457e6"),
            (-0.0000123, "−1.23e−5"),
            (0.00012345678, "0.000123457"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "−∞"),
            (f64::INFINITY, "∞"),
            (5e-324, "4.94066e−324"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value, 6), text);
        }
        assert_eq!(number(6.8813735, 4), "6.881");
        assert_eq!(number(999999.7, 4), "1e6");
    }

    #[test]
    fn exact_numbers_are_short() {
        for (value, text) in
            [(4.0, "4"), (-0.5, "-0.5"), (1e308, "1e308"), (5e-324, "5e-324"), (1e16, "1e16")]
        {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn what_acts_is_written_out() {
        assert_eq!(visible("a\u{1b}[31mb\r\u{202e}c"), "a\\u{1b}[31mb\\r\\u{202e}c");
        assert!(matches!(visible("größe → 大"), Cow::Borrowed(_)));
        assert_eq!(one_line("a\r\n\t  + b"), "a + b");
    }

    #[test]
    fn columns_are_counted_not_bytes() {
        assert_eq!(width("größe"), 5);
        assert_eq!(width("大きい"), 6);
        assert_eq!(shorten("größenordnung", 6), "grö…ng");
        assert_eq!(shorten("大きい数", 5), "大…数");
    }
}
