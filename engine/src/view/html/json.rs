//! JSON that can stand inside an HTML element.

use std::fmt::{Display, Write};

/// A text that grows; lists separate their own items.
#[derive(Default)]
pub(super) struct Json {
    text: String,
}

impl Json {
    pub fn into_text(self) -> String {
        self.text
    }

    /// `"name":`, after a comma unless it is the first of its object.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.string(name);
        self.text.push(':');
        self
    }

    /// `{…}`.
    pub fn object(&mut self, inside: impl FnOnce(&mut Self)) {
        self.between('{', '}', inside);
    }

    /// `[…]`, an item for each.
    pub fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.between('[', ']', |json| {
            for item in items {
                json.separate();
                write(json, item);
            }
        });
    }

    /// `[…]` of different things: each is announced by [`item`](Json::item).
    pub fn tuple(&mut self, inside: impl FnOnce(&mut Self)) {
        self.between('[', ']', inside);
    }

    /// The place of the next item of a [`tuple`](Json::tuple).
    pub fn item(&mut self) -> &mut Self {
        self.separate();
        self
    }

    /// A whole number.
    pub fn count(&mut self, number: impl Display) {
        let _ = write!(self.text, "{number}");
    }

    /// A number to the last bit. What JSON has no number for is a string.
    pub fn number(&mut self, number: f64) {
        let _ = match number {
            _ if number.is_nan() => write!(self.text, "\"NaN\""),
            f64::INFINITY => write!(self.text, "\"Infinity\""),
            f64::NEG_INFINITY => write!(self.text, "\"-Infinity\""),
            // The shortest digits that are read back as this number; `{:?}` takes an exponent where that is shorter.
            _ => {
                let digits = format!("{number:?}");
                write!(self.text, "{}", digits.strip_suffix(".0").unwrap_or(&digits))
            }
        };
    }

    /// A string, in which no HTML can begin or end.
    pub fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                '\n' => self.text.push_str("\\n"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(character));
                }
                _ if character < ' ' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(character));
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// A string, or `null`.
    pub fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.text.push_str("null"),
        }
    }

    fn between(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self)) {
        self.text.push(open);
        inside(self);
        self.text.push(close);
    }

    fn separate(&mut self) {
        if !self.text.ends_with(['[', '{', ':']) {
            self.text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Json)) -> String {
        let mut json = Json::default();
        write(&mut json);
        json.into_text()
    }

    #[test]
    fn numbers_keep_their_bits_or_are_strings() {
        for number in [0.1, -0.0, 1e300, 5e-324, 1.0 / 3.0, 123456789.0] {
            let read: f64 = written(|json| json.number(number)).parse().unwrap();
            assert_eq!(read.to_bits(), number.to_bits());
        }
        assert_eq!(written(|json| json.number(f64::NAN)), "\"NaN\"");
        assert_eq!(written(|json| json.number(f64::NEG_INFINITY)), "\"-Infinity\"");
    }

    #[test]
    fn no_html_in_strings() {
        let text = written(|json| json.string("</script>&\"\\\n\u{1}\u{2028}größe"));
        assert_eq!(text, r#""\u003c/script\u003e\u0026\"\\\n\u0001\u2028größe""#);
    }

    #[test]
    fn items_are_separated() {
        let text = written(|json| {
            json.object(|json| {
                json.key("a").list([1, 2], Json::count);
                json.key("b").tuple(|json| {
                    json.item().optional(None);
                    json.item().string("[");
                    json.item()
                        .list([[0; 2]; 2], |json, pair| json.list(pair, |json, item: i32| json.count(item)));
                });
            });
        });
        assert_eq!(text, r#"{"a":[1,2],"b":[null,"[",[[0,0],[0,0]]]}"#);
    }
}
