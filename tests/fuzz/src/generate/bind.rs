//! Statements that bind names.

use super::scope::Var;
use super::{Generator, StatementChoice, statement};
use crate::tree::{Node, Ty};

pub const CHOICES: &[StatementChoice] = &[
    (14, "let", |g| g.binding(true, 3)),
    (8, "let mut", |g| {
        let name = g.name("s");
        let value = g.float(true, 2);
        g.declare(Var::new(&name, Ty::F64, true).mutable());
        Some(statement("let mut %0 = $;", &[&name], vec![value]))
    }),
    (5, "let mut of a plain call", |g| {
        let name = g.name("s");
        let call = g.plain_call(1)?;
        let added = g.float(true, 2);
        g.declare(Var::new(&name, Ty::F64, true).mutable());
        let template =
            if g.one_in(3) { "let mut %0 = { $ };\n%0 += $;" } else { "let mut %0 = $;\n%0 += $;" };
        Some(statement(template, &[&name], vec![call, added]))
    }),
    (5, "passive float", |g| g.binding(false, 2)),
    (4, "late initialisation", |g| {
        let name = g.name("l");
        let (condition, one, other) = (g.condition(true, 2), g.float(true, 2), g.float(true, 2));
        g.declare(Var::new(&name, Ty::F64, true));
        let template = g.choose(&[
            "let %0;\nif $ { %0 = $; } else { %0 = $; }",
            "let %0: f64;\nif $ { %0 = $; } else { %0 = $; }",
        ]);
        Some(statement(template, &[&name], vec![condition, one, other]))
    }),
    (5, "tuple", |g| {
        let name = g.name("t");
        let nodes = vec![g.float(true, 2), g.float(true, 2)];
        g.declare(Var::new(&name, Ty::pair(), true).mutable());
        let ty = if g.one_in(3) { format!(": {}", g.written(&Ty::pair())) } else { String::new() };
        Some(statement("let mut %0%1 = ($, $);", &[&name, &ty], nodes))
    }),
    (5, "tuple pattern", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let nodes = match g.call(&Ty::pair(), true, 2) {
            Some(call) if g.one_in(2) => vec![call],
            _ => {
                let parts = vec![g.float(true, 2), g.float(true, 2)];
                vec![Node::expression(Ty::pair(), "($, $)", parts)]
            }
        };
        g.declare(Var::new(&a, Ty::F64, true));
        g.declare(Var::new(&b, Ty::F64, true).mutable());
        Some(statement("let (%0, mut %1) = $;", &[&a, &b], nodes))
    }),
    (4, "tuple of data and numbers", |g| {
        let (a, b) = (g.name("a"), g.name("n"));
        let (float, int) = (g.float(true, 2), g.int("u8", 2));
        g.declare(Var::new(&a, Ty::F64, true));
        g.declare(Var::new(&b, Ty::Int("u8"), false));
        Some(statement("let (%0, %1) = ($, $);", &[&a, &b], vec![float, int]))
    }),
    (6, "array", |g| {
        let name = g.name("r");
        let mut nodes: Vec<Node> = (0..3).map(|_| g.float(true, 2)).collect();
        if let Some(call) = g.plain_call(1) {
            let at = g.below(3);
            nodes[at] = call;
        }
        g.declare(Var::new(&name, Ty::array(Ty::F64, 3), true).mutable());
        Some(statement("let mut %0 = [$, $, $];", &[&name], nodes))
    }),
    (4, "array pattern", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let call = g.call(&Ty::array(Ty::F64, 2), true, 2);
        let value = match call {
            Some(call) => call,
            None => {
                let parts = vec![g.float(true, 2), g.float(true, 2)];
                Node::expression(Ty::array(Ty::F64, 2), "[$, $]", parts)
            }
        };
        g.declare(Var::new(&a, Ty::F64, true));
        g.declare(Var::new(&b, Ty::F64, true));
        Some(statement("let [%0, %1] = $;", &[&a, &b], vec![value]))
    }),
    (6, "Vec literal", |g| {
        let name = g.name("z");
        let mut nodes: Vec<Node> = (0..2).map(|_| g.float(true, 2)).collect();
        if let Some(call) = g.plain_call(1) {
            let at = g.below(2);
            nodes[at] = call;
        }
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).mutable());
        Some(statement("let mut %0 = vec![$, $];", &[&name], nodes))
    }),
    (5, "collect", |g| {
        let name = g.name("z");
        let numbers = g.numbers(true, 2);
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).length(0).mutable());
        let template =
            g.choose(&["let mut %0: Vec<f64> = $.collect();", "let mut %0 = $.collect::<Vec<_>>();"]);
        Some(statement(template, &[&name], vec![numbers]))
    }),
    (4, "to_vec", |g| {
        let name = g.name("z");
        let (sequence, length) = g.sequence(true)?;
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).length(length).mutable());
        Some(statement("let mut %0 = $.to_vec();", &[&name], vec![sequence]))
    }),
    (3, "Vec of a call", |g| {
        let name = g.name("z");
        let call = g.call(&Ty::vec(Ty::F64), true, 2)?;
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).mutable());
        Some(statement("let mut %0 = $;", &[&name], vec![call]))
    }),
    (3, "call with an index and a value", |g| {
        let (i, b) = (g.name("i"), g.name("b"));
        let call = g.call(&Ty::Tuple(vec![Ty::Int("usize"), Ty::F64]), true, 2)?;
        g.declare(Var::new(&i, Ty::Int("usize"), false));
        g.declare(Var::new(&b, Ty::F64, true));
        Some(statement("let (%0, %1) = $;", &[&i, &b], vec![call]))
    }),
    (4, "reference", |g| {
        let name = g.name("p");
        let var = g.pick(|var| var.ty == Ty::F64 && !var.mutable)?;
        g.declare(Var::new(&name, Ty::reference(Ty::F64), var.active));
        Some(statement("let %0 = &%1;", &[&name, &var.name], vec![]))
    }),
    (4, "slice", |g| {
        let name = g.name("y");
        let var = g.pick(|var| matches!(&var.ty, Ty::Slice(of) if **of == Ty::F64))?;
        g.declare(Var::new(&name, Ty::slice(Ty::F64), var.active).length(1));
        let template = g.choose(&[
            "let %0 = &%1[..1];",
            "let %0: &[f64] = &%1[1..];",
            "let (%0, _) = %1.split_at(1);",
            "let %0 = &(%1[..%1.len() - 1]);",
        ]);
        (var.length >= 2).then(|| statement(template, &[&name, &var.name], vec![]))
    }),
    (3, "slice chosen by a branch", |g| {
        let name = g.name("y");
        let one = g.pick(|var| matches!(&var.ty, Ty::Slice(of) if **of == Ty::F64))?;
        let other = g.pick(|var| matches!(&var.ty, Ty::Array(of, _) if **of == Ty::F64) && (!var.mutable))?;
        let condition = g.condition(true, 1);
        g.declare(Var::new(&name, Ty::slice(Ty::F64), one.active || other.active).length(one.length.min(2)));
        Some(statement(
            "let %0: &[f64] = if $ { &%1 } else { %2 };",
            &[&name, &other.name, &one.name],
            vec![condition],
        ))
    }),
    (4, "let with else", |g| {
        let result = g.result.clone()?;
        let name = g.name("o");
        let (sequence, length) = g.sequence(true)?;
        let index = g.index(length + 1);
        let tail = g.exit_value(&result);
        g.declare(Var::new(&name, Ty::reference(Ty::F64), true));
        // A variable may be changed while it is borrowed.
        let node = statement(
            "let Some(%0) = $.get($).copied() else { return $; };\nlet %0 = &%0;",
            &[&name],
            vec![sequence, index, tail],
        );
        Some(node)
    }),
    (4, "alias as a declared type", |g| {
        let name = g.name("g");
        if !g.have.contains("State") {
            return None;
        }
        let nodes = vec![g.float(true, 2), g.float(true, 2)];
        g.declare(Var::new(&name, Ty::array(Ty::F64, 2), true).mutable());
        Some(statement("let mut %0: State = [$, $];", &[&name], nodes))
    }),
    (4, "shadowing", |g| {
        let var =
            g.pick(|var| var.ty == Ty::F64 && var.active && !var.name.contains(['.', ':', '#', '[']))?;
        let value = g.float(true, 2);
        // The new one is not in a loop's way: it ends with its block.
        let mutable = g.one_in(2);
        let mut shadow = Var::new(&var.name, Ty::F64, true);
        shadow.mutable = mutable;
        g.declare(shadow);
        (var.name != "f")
            .then(|| statement("let %1%0 = $;", &[&var.name, if mutable { "mut " } else { "" }], vec![value]))
    }),
    (3, "data shadowed", |g| {
        let var = g.pick(|var| {
            var.ty == Ty::slice(Ty::F64) && !var.active && !var.name.contains(char::is_uppercase)
        })?;
        let total = g.name("s");
        let item = vec![Var::new(&var.name, Ty::reference(Ty::F64), false)];
        let body = g.with(item, |g| g.float(true, 2));
        g.declare(Var::new(&total, Ty::F64, true).mutable());
        Some(statement("let mut %1 = 0.0;\nfor %0 in %0 { %1 += $; }", &[&var.name, &total], vec![body]))
    }),
];

impl Generator {
    fn binding(&mut self, active: bool, depth: usize) -> Option<Node> {
        let name = self.name(if active { "x" } else { "q" });
        let value = if !active && self.one_in(2) {
            self.plain_call(1).unwrap_or_else(|| self.leaf(false))
        } else {
            self.float(active, depth)
        };
        let ty = if self.one_in(3) { format!(": {}", self.written(&Ty::F64)) } else { String::new() };
        self.declare(Var::new(&name, Ty::F64, active));
        Some(statement("let %0%1 = $;", &[&name, &ty], vec![value]))
    }

    /// What an early return gives.
    pub(super) fn exit_value(&mut self, result: &Ty) -> Node {
        match result {
            Ty::Tuple(parts) if parts[0] == Ty::Int("usize") => {
                let index = self.index(2);
                Node::expression(result.clone(), "($, $)", vec![index, self.float(true, 1)])
            }
            Ty::Tuple(_) => {
                Node::expression(result.clone(), "($, $)", vec![self.float(true, 1), self.leaf(true)])
            }
            Ty::Array(..) => {
                Node::expression(result.clone(), "[$, $]", vec![self.float(true, 1), self.leaf(true)])
            }
            Ty::Vec(of) if **of == Ty::F64 => {
                Node::expression(result.clone(), "vec![$, $]", vec![self.float(true, 1), self.leaf(true)])
            }
            Ty::Vec(_) => {
                Node::expression(result.clone(), "vec![vec![$, $]]", vec![self.leaf(true), self.leaf(true)])
            }
            _ => self.float(true, 2),
        }
    }
}
