//! Programs as Rust, in three versions of the same lines.
//!
//! * Plain: the functions without the attribute.
//! * Annotated: with it.
//! * Dual: every `f64` is a dual number of the support crate, and so is every literal.
//!
//! The generator marks what differs: `§a`, `§c` and `§d` are the attribute, `#[constant]` and the derive; an operand followed by `§i` is cast to
//! `f64`, one followed by `§p` is an `f64` that is cast or matched as a number; `§r` before a literal or `f64` leaves it as it
//! is; `§n` before a literal is a negative constant; `§v` before a literal is an input; `§kPI` is a constant of `std`.

use crate::tree::{Program, Ty};
use std::fmt::Write as _;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    Plain,
    Annotated,
    Dual,
}

/// The file of a program.
pub fn file(program: &Program, version: Version) -> String {
    let mut text = String::new();
    text.push_str(match version {
        Version::Plain | Version::Annotated => {
            "use gradus::{Activations, differentiable, stop_gradient};\nuse support::{count, counted, note, noted};\n"
        }
        Version::Dual => "use support::{D, IntoD, d, input, stop_gradient};\nuse support::{count, counted, note, noted};\n",
    });
    text.push_str(&functions(program, version));
    text.push_str(&convert(&run(program, version), version));
    text
}

/// The items and `f`: what a person is shown.
pub fn functions(program: &Program, version: Version) -> String {
    convert(&source(program), version)
}

fn source(program: &Program) -> String {
    let mut parts = program.root.nodes();
    let mut part = || parts.next().expect("items, statements, tail").text();
    let (items, statements, tail) = (part(), part(), part());
    let parameters: Vec<String> = program
        .parameters
        .iter()
        .map(|parameter| {
            let constant = if parameter.constant { "§c" } else { "" };
            format!("{constant}{}: {}", parameter.pattern, parameter.ty)
        })
        .collect();
    format!(
        "{items}§apub fn f({}) -> {} {{\n{statements}{tail}\n}}\n",
        parameters.join(", "),
        program.result_text
    )
}

/// The calls, a section each.
fn run(program: &Program, version: Version) -> String {
    let mut text = String::from("pub fn run() {\n");
    let number = program.number;
    for point in 0..program.points() {
        let arguments: Vec<&str> =
            program.parameters.iter().map(|parameter| parameter.arguments[point].as_str()).collect();
        let arguments = arguments.join(", ");
        let _ = match version {
            Version::Plain => writeln!(text, "let _ = f({arguments});"),
            Version::Dual => {
                writeln!(text, "support::section({number}, {point}, \"dual\", || f({arguments}));")
            }
            Version::Annotated => writeln!(text, "{}", companions(program, point, &arguments)),
        };
    }
    if version == Version::Annotated {
        let mut names = vec!["f".to_owned()];
        for line in source(program).lines() {
            if let Some(function) = line.strip_prefix("§a") {
                let name = function.trim_start_matches("pub ").trim_start_matches("fn ");
                let end = name.find(['(', '<']).unwrap_or(name.len());
                if &name[..end] != "f" {
                    names.push(name[..end].to_owned());
                }
            }
        }
        for name in names {
            let _ = writeln!(text, "support::report_backend({number}, \"{name}\", {name}::BACKEND);");
        }
    }
    text.push_str("}\n");
    text
}

fn companions(program: &Program, point: usize, arguments: &str) -> String {
    let number = program.number;
    let section =
        |name: &str, body: String| format!("support::section({number}, {point}, \"{name}\", || {body});\n");
    let mut text = section("plain", format!("f({arguments})"));
    if program.is_single() {
        text.push_str(&section("grad", format!("f_grad({arguments})")));
        let active: Vec<&str> = program
            .parameters
            .iter()
            .filter(|parameter| parameter.active)
            .map(|parameter| parameter.buffer.as_str())
            .collect();
        let buffers: String = active.iter().enumerate().fold(String::new(), |mut text, (index, buffer)| {
            let _ = write!(text, "let mut buffer{index} = {buffer}; ");
            text
        });
        let borrowed: String = (0..active.len()).fold(String::new(), |mut text, index| {
            let _ = write!(text, ", &mut buffer{index}");
            text
        });
        let named: String = (0..active.len()).fold(String::new(), |mut text, index| {
            let _ = write!(text, "buffer{index}, ");
            text
        });
        text.push_str(&section(
            "grad_add",
            format!("{{ {buffers}let value = f_grad_add({arguments}{borrowed}); (value, ({named})) }}"),
        ));
        text.push_str(&section(
            "graph",
            format!(
                "{{ let trace = f_graph({arguments}); let parts = trace.gradients().map(|(_, _, part)| \
                 part).collect::<Vec<_>>(); (trace.values(), parts) }}"
            ),
        ));
    } else {
        let fallback = seed(&program.result);
        let _ = writeln!(
            text,
            "support::recount(); let seed = std::panic::catch_unwind(|| support::seed_like(&f({arguments}))).unwrap_or_else(|_| {fallback});"
        );
        text.push_str(&section("vjp", format!("f_vjp({arguments}, seed)")));
        text.push_str(&section("jacobian", format!("f_jacobian({arguments})")));
        text.push_str(&section("graph", format!("f_graph({arguments}).values()")));
    }
    text
}

/// A seed for a function that panics.
fn seed(ty: &Ty) -> String {
    match ty {
        Ty::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(seed).collect();
            format!("({})", parts.join(", "))
        }
        Ty::Array(of, length) => format!("[{}; {length}]", seed(of)),
        Ty::Vec(of) => format!("vec![{}]", seed(of)),
        _ => "1.0".to_owned(),
    }
}

/// The text of a version.
pub fn convert(text: &str, version: Version) -> String {
    let dual = version == Version::Dual;
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut raw = false;
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        if c == '§' {
            raw |= next == 'r';
            at = mark(&chars, at + 2, next, version, &mut out);
        } else if c == '"' {
            let end = string_end(&chars, at);
            out.extend(&chars[at..end]);
            at = end;
        } else if c == '\'' && chars.get(at + 2) == Some(&'\'') {
            out.extend(&chars[at..at + 3]);
            at += 3;
        } else if c.is_ascii_digit() {
            let field = at > 0 && chars[at - 1] == '.' && (at < 2 || chars[at - 2] != '.');
            if field {
                out.push(c);
                at += 1;
                continue;
            }
            let (number, end) = number(&chars, at);
            at = end;
            let float = number.ends_with("f64")
                || (!number.ends_with("f32") && number.contains(['.']) || number.contains("e-"));
            if dual && float && !raw {
                let _ = write!(out, "d({number})");
            } else {
                out.push_str(&number);
            }
            raw = false;
        } else if c.is_alphabetic() || c == '_' {
            let (word, end) = word(&chars, at);
            at = end;
            if dual && word == "f64" && !raw {
                out.push('D');
            } else {
                out.push_str(&word);
            }
            raw = false;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

/// Writes what a mark stands for. Returns where the text continues after it.
fn mark(chars: &[char], at: usize, mark: char, version: Version, out: &mut String) -> usize {
    let dual = version == Version::Dual;
    match mark {
        'a' if version == Version::Annotated => out.push_str("#[differentiable] "),
        'd' if version == Version::Annotated => out.push_str(", gradus::Differentiable"),
        'c' if version == Version::Annotated => out.push_str("#[constant] "),
        'i' => out.push_str(if dual { ".into_d()" } else { " as f64" }),
        'p' if dual => out.push_str(".plain()"),
        'n' => {
            let (number, end) = number(chars, at);
            let text = if dual { format!("d(-{number})") } else { format!("-{number}") };
            out.push_str(&text);
            return end;
        }
        'v' => {
            let sign = if chars[at] == '-' { "-" } else { "" };
            let (number, end) = number(chars, at + sign.len());
            let text = if dual { format!("input({sign}{number})") } else { format!("{sign}{number}") };
            out.push_str(&text);
            return end;
        }
        'k' => {
            let (name, end) = word(chars, at);
            let path = format!("std::f64::consts::{name}");
            let text = if dual { format!("d({path})") } else { path };
            out.push_str(&text);
            return end;
        }
        _ => {}
    }
    at
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn word(chars: &[char], start: usize) -> (String, usize) {
    let mut end = start;
    while end < chars.len() && (chars[end].is_alphanumeric() || chars[end] == '_') {
        end += 1;
    }
    (chars[start..end].iter().collect(), end)
}

/// A literal with its suffix, and where it ends.
fn number(chars: &[char], start: usize) -> (String, usize) {
    let get = |at: usize| chars.get(at).copied().unwrap_or(' ');
    let mut end = start;
    let digits = |end: &mut usize| {
        while get(*end).is_ascii_alphanumeric() || get(*end) == '_' {
            *end += 1;
            if get(*end - 1) == 'e' && get(*end) == '-' && get(*end + 1).is_ascii_digit() {
                *end += 1;
            }
        }
    };
    digits(&mut end);
    if get(end) == '.' && get(end + 1).is_ascii_digit() {
        end += 1;
        digits(&mut end);
    }
    (chars[start..end].iter().collect(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_differ_where_marked() {
        let text = "§afn f(§cx: f64) -> f64 { n§i * -2.5 + t.0.1 * 1e-3 + (0..3).len()§i * §n0.5 + §kPI }";
        assert_eq!(
            convert(text, Version::Annotated),
            "#[differentiable] fn f(#[constant] x: f64) -> f64 { n as f64 * -2.5 + t.0.1 * 1e-3 + (0..3).len() as f64 * -0.5 + \
             std::f64::consts::PI }"
        );
        assert_eq!(
            convert(text, Version::Dual),
            "fn f(x: D) -> D { n.into_d() * -d(2.5) + t.0.1 * d(1e-3) + (0..3).len().into_d() * d(-0.5) + \
             d(std::f64::consts::PI) }"
        );
    }

    #[test]
    fn marks_keep_literals() {
        assert_eq!(
            convert("match x§p { §r1.5 => \"1.5 f64\", _ => 'f' }", Version::Dual),
            "match x.plain() { 1.5 => \"1.5 f64\", _ => 'f' }"
        );
        assert_eq!(convert("0.1f32 + §v-1.5 + 2f64", Version::Dual), "0.1f32 + input(-1.5) + d(2f64)");
    }
}
