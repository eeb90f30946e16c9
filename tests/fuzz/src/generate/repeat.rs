//! Loops.

use super::scope::Var;
use super::{Generator, StatementChoice, statement};
use crate::tree::{Node, Ty, USIZE};

pub const CHOICES: &[StatementChoice] = &[
    (8, "for over a range", |g| {
        let name = g.name("i");
        let end = g.index(4);
        let template = g.choose(&[
            "for %0 in 0..$ {\n$}",
            "for %0 in (0..=$).rev() {\n$}",
            "for %0 in (0..$ + 3).step_by(2) {\n$}",
        ]);
        g.repeated(template, &[&name], vec![end], vec![Var::new(&name, USIZE, false)])
    }),
    (8, "for over a sequence", |g| {
        let name = g.name("e");
        let (sequence, _) = g.sequence(true)?;
        let template = g.choose(&[
            "for %0 in $.iter() {\n$}",
            "for %0 in &$[..] {\n$}",
            "for %0 in $[..1].iter() {\n$}",
        ]);
        let source = sequence.text();
        let base = source.split(['[', '.']).next()?.to_owned();
        let var = Var::new(&name, Ty::reference(Ty::F64), true);
        g.repeated_without(&base, template, &[&name], vec![sequence], vec![var])
    }),
    (5, "for over an iterator", |g| {
        let name = g.name("e");
        let numbers = g.unchanging(|g| g.numbers(true, 2));
        g.repeated("for %0 in $ {\n$}", &[&name], vec![numbers], vec![Var::new(&name, Ty::F64, true)])
    }),
    (4, "for with indices", |g| {
        let (i, name) = (g.name("i"), g.name("e"));
        let (sequence, _) = g.unchanging(|g| g.sequence(true))?;
        let vars = [Var::new(&i, USIZE, false), Var::new(&name, Ty::F64, true)];
        g.repeated("for (%0, &%1) in $.iter().enumerate() {\n$}", &[&i, &name], vec![sequence], vars.to_vec())
    }),
    (6, "table of tuples by reference pattern", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let var = g.pick(|var| matches!(&var.ty, Ty::Array(of, _) if **of == Ty::pair()) && !var.mutable)?;
        let vars = vec![Var::new(&a, Ty::F64, var.active), Var::new(&b, Ty::F64, var.active)];
        g.repeated("for &(%0, %1) in &%2 {\n$}", &[&a, &b, &var.name], vec![], vars)
    }),
    (7, "slice of tuples by reference pattern", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let var = g.pick(|var| var.ty == Ty::slice(Ty::pair()))?;
        let template = g.choose(&[
            "for &(%0, %1) in %2 {\n$}",
            "for (%0, %1) in %2.iter() {\n$}",
            "for (%0, %1) in %2 {\n$}",
        ]);
        let ty = if template.contains('&') { Ty::F64 } else { Ty::reference(Ty::F64) };
        let vars = vec![Var::new(&a, ty.clone(), var.active), Var::new(&b, ty, var.active)];
        g.repeated(template, &[&a, &b, &var.name], vec![], vars)
    }),
    (4, "rows by reference pattern", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let var = g.pick(
            |var| matches!(&var.ty, Ty::Array(of, _) | Ty::Slice(of) if **of == Ty::array(Ty::F64, 2)),
        )?;
        let vars = vec![Var::new(&a, Ty::F64, var.active), Var::new(&b, Ty::F64, var.active)];
        let template = if matches!(var.ty, Ty::Slice(_)) {
            "for &[%0, %1] in %2 {\n$}"
        } else {
            "for &[%0, %1] in &%2 {\n$}"
        };
        g.repeated(template, &[&a, &b, &var.name], vec![], vars)
    }),
    (7, "pattern of an element", |g| {
        let (i, a, b) = (g.name("i"), g.name("a"), g.name("b"));
        let var = g.pick(|var| var.ty == Ty::slice(Ty::pair()))?;
        let template = g.choose(&[
            "for %3 in 0..%2.len() {\nlet (%0, %1) = &%2[%3];\n$}",
            "for %3 in 0..%2.len() {\nlet &(%0, %1) = &%2[%3];\n$}",
            "for %3 in 0..%2.len() {\nlet (%0, %1) = %2[%3];\n$}",
        ]);
        let ty = if template.contains("(%0, %1) = &") && !template.contains("&(%0") {
            Ty::reference(Ty::F64)
        } else {
            Ty::F64
        };
        let vars = vec![
            Var::new(&a, ty.clone(), var.active),
            Var::new(&b, ty, var.active),
            Var::new(&i, USIZE, false),
        ];
        g.repeated(template, &[&a, &b, &var.name, &i], vec![], vars)
    }),
    (10, "adjacency list", |g| {
        let (i, j) = (g.name("i"), g.name("j"));
        let var = g.pick(|var| var.ty == Ty::slice(Ty::vec(USIZE)))?;
        let template = g.choose(&[
            "for %0 in 0..2 {\nfor &%1 in &%2[%0] {\n$}\n}",
            "for (%0, n) in %2.iter().enumerate() {\nfor &%1 in n {\n$}\n}",
            "for %0 in 0..2 {\nfor %1 in %2[%0].iter().copied() {\n$}\n}",
        ]);
        let vars = vec![Var::new(&i, USIZE, false), Var::new(&j, USIZE, false)];
        g.repeated(template, &[&i, &j, &var.name], vec![], vars)
    }),
    (7, "rows by index", |g| {
        let (i, x) = (g.name("i"), g.name("e"));
        let var = g.pick(|var| var.ty == Ty::slice(Ty::vec(Ty::F64)))?;
        let template = g.choose(&[
            "for %0 in 0..%2.len() {\nfor %1 in &%2[%0] {\n$}\n}",
            "for %0 in 0..2 {\nfor %1 in %2[%0].iter() {\n$}\n}",
            "for %0 in %2 {\nfor %1 in %0 {\n$}\n}",
        ]);
        let mut vars = vec![Var::new(&x, Ty::reference(Ty::F64), var.active)];
        if !template.contains("in %0") {
            vars.push(Var::new(&i, USIZE, false));
        }
        g.repeated(template, &[&i, &x, &var.name], vec![], vars)
    }),
    (5, "while", |g| {
        let name = g.name("i");
        let limit = (1 + g.below(4)).to_string();
        let var = Var::new(&name, USIZE, false);
        let template = "let mut %0 = 0usize;\nwhile %0 < %1 {\n%0 += 1;\n$}";
        g.repeated(template, &[&name, &limit], vec![], vec![var])
    }),
    (3, "while with a typed counter", |g| {
        let name = g.name("i");
        let ty = g.choose(&super::data::WIDTHS);
        let var = Var::new(&name, Ty::Int(ty), false);
        let template = "let mut %0: %1 = 5;\nwhile %0 > 2 {\n%0 -= 1;\n$}";
        g.repeated(template, &[&name, ty], vec![], vec![var])
    }),
    (4, "while let", |g| {
        let (queue, name) = (g.name("queue"), g.name("e"));
        let nodes = vec![g.float(true, 1), g.float(true, 1)];
        let template = "let mut %0 = vec![$, $];\nwhile let Some(%1) = %0.pop() {\n$}";
        g.repeated(template, &[&queue, &name], nodes, vec![Var::new(&name, Ty::F64, true)])
    }),
    (2, "while let of data", |g| {
        let (queue, name) = (g.name("queue"), g.name("e"));
        let template =
            "let mut %0 = vec![2usize, 1];\nwhile let Some(%1) = %0.pop() {\nif %1 == 2 { %0.push(0); }\n$}";
        g.repeated(template, &[&queue, &name], vec![], vec![Var::new(&name, USIZE, false)])
    }),
    (4, "loop with a value", |g| {
        let (i, name) = (g.name("i"), g.name("x"));
        let (accumulator, start) = g.accumulator();
        let var = vec![Var::new(&i, USIZE, false)];
        let (value, result) = g.with(var, |g| (g.float(true, 2), g.float(true, 1)));
        g.declare(Var::new(&name, Ty::F64, true));
        let node = statement(
            "let mut %0 = 0usize;\nlet %1 = loop {\n%2 += $;\n%0 += 1;\nif %0 > 2 { break %2 * $; }\n};",
            &[&i, &name, &accumulator],
            vec![value, result],
        );
        Some(joined(start, node))
    }),
    (4, "break, continue", |g| {
        g.loops.last()?;
        let condition = g.condition(true, 2);
        let labels: Vec<String> = g.loops.iter().filter(|label| !label.is_empty()).cloned().collect();
        let mut exit = g.choose(&["break", "continue"]).to_owned();
        if !labels.is_empty() && g.one_in(2) {
            let at = g.below(labels.len());
            exit = format!("{exit} '{}", labels[at]);
        }
        Some(statement("if $ { %0; }", &[&exit], vec![condition]))
    }),
    (2, "exit within a let", |g| {
        g.loops.last()?;
        let name = g.name("x");
        let (condition, value) = (g.condition(true, 2), g.float(true, 2));
        let exit = g.choose(&["break", "continue"]);
        g.declare(Var::new(&name, Ty::F64, true));
        Some(statement("let %0 = if $ { %1 } else { $ };", &[&name, exit], vec![condition, value]))
    }),
    (3, "range kept and cloned", |g| {
        let (range, i) = (g.name("range"), g.name("i"));
        let (accumulator, start) = g.accumulator();
        let index = g.index(4);
        let (one, other) = g.with(vec![Var::new(&i, USIZE, false)], |g| (g.float(true, 1), g.float(true, 1)));
        let node = statement(
            "let %0 = 0..$;\nfor %1 in %0.clone() { %2 += $ * %1§i; }\nfor %1 in %0 { %2 *= $; }",
            &[&range, &i, &accumulator],
            vec![index, one, other],
        );
        Some(joined(start, node))
    }),
    (2, "iterator with a name", |g| {
        let (iterator, name) = (g.name("it"), g.name("x"));
        let numbers = g.unchanging(|g| g.numbers(true, 1));
        let other = g.float(true, 1);
        g.declare(Var::new(&name, Ty::F64, true));
        let template = g.choose(&[
            "let mut %0 = $;\nlet %1 = %0.next().unwrap_or($);",
            "let mut %0 = $;\nlet mut %1 = $;\nwhile let Some(z) = %0.next() { %1 += z * 0.5; }",
            "let %0 = $;\nlet %1 = %0.sum::<f64>() * $;",
        ]);
        Some(statement(template, &[&iterator, &name], vec![numbers, other]))
    }),
    (2, "chunks changed in place", |g| {
        let var = g.changeable_sequence()?;
        let name = g.name("w");
        let value = g.borrowed(&var.name, |g| g.float(true, 1));
        Some(statement("for %1 in %0.chunks_mut(2) { %1[0] *= $; }", &[&var.name, &name], vec![value]))
    }),
    (3, "for over data of an iterator of the program's own", |g| {
        let name = g.name("t");
        if g.have.contains("Countdown") && g.one_in(2) {
            return g.repeated(
                "for %0 in Countdown(3) {\n$}",
                &[&name],
                vec![],
                vec![Var::new(&name, Ty::F64, false)],
            );
        }
        if !g.have.contains("evens") {
            return None;
        }
        g.repeated("for %0 in evens(5) {\n$}", &[&name], vec![], vec![Var::new(&name, USIZE, false)])
    }),
];

/// One statement after another, as one that the shrinker can take apart.
pub fn joined(first: Option<Node>, second: Node) -> Node {
    match first {
        None => second,
        Some(first) => statement("$", &[], vec![Node::list(vec![first, second])]),
    }
}

impl Generator {
    /// A loop: `template` ends with a `$` for the body, which changes something.
    fn repeated(&mut self, template: &str, names: &[&str], nodes: Vec<Node>, vars: Vec<Var>) -> Option<Node> {
        self.repeated_without("", template, names, nodes, vars)
    }

    fn repeated_without(
        &mut self,
        hidden: &str,
        template: &str,
        names: &[&str],
        mut nodes: Vec<Node>,
        vars: Vec<Var>,
    ) -> Option<Node> {
        if self.nesting > 2 {
            return None;
        }
        let (accumulator, start) = self.accumulator();
        if accumulator == hidden {
            return None;
        }
        let label = if self.one_in(3) { self.name("l") } else { String::new() };
        self.loops.push(label.clone());
        self.nesting += 1;
        let body = self.borrowed(hidden, |g| {
            g.with(vars, |g| {
                let inner = g.block(2);
                let value = g.float(true, 2);
                let operator = g.choose(&["+=", "+=", "-=", "="]);
                let value = if operator == "=" {
                    super::float("(%0 * 0.5 + $)", &[&accumulator], vec![value])
                } else {
                    value
                };
                let change = statement("%0 %1 $;", &[&accumulator, operator], vec![value]);
                // A name that the block binds anew would be changed in place of the sum.
                let text = inner.text();
                if ["", "mut "].iter().any(|word| text.contains(&format!("let {word}{accumulator} ="))) {
                    return Node::list(vec![change, inner]);
                }
                Node::list(vec![inner, change])
            })
        });
        self.nesting -= 1;
        self.loops.pop();
        nodes.push(body);
        let keyword = if template.contains("while ") { "while " } else { "for " };
        let template = if label.is_empty() {
            template.to_owned()
        } else {
            template.replacen(keyword, &format!("'{label}: {keyword}"), 1)
        };
        let node = statement(&template, names, nodes);
        Some(joined(start, node))
    }
}
