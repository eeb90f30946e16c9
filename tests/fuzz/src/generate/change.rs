//! Statements that change what is there.

use super::scope::Var;
use super::{Generator, StatementChoice, statement};
use crate::tree::{Node, Ty};

pub const CHOICES: &[StatementChoice] = &[
    (4, "assignment of a tuple, array or Vec", |g| {
        let pair = Ty::pair();
        let var = g.pick(|var| {
            var.mutable
                && var.active
                && (var.ty == pair || var.ty == Ty::array(Ty::F64, 2) || var.ty == Ty::vec(Ty::F64))
        })?;
        let parts = vec![g.float(true, 2), g.float(true, 2)];
        let value = match g.call(&var.ty, true, 1) {
            Some(call) => call,
            None => {
                let template = match var.ty {
                    Ty::Tuple(_) => "($, $)",
                    Ty::Array(..) => "[$, $]",
                    _ => "vec![$, $]",
                };
                Node::expression(var.ty.clone(), template, parts)
            }
        };
        (var.length <= 2).then(|| statement("%0 = $;", &[&var.name], vec![value]))
    }),
    (3, "nested array", |g| {
        let name = g.name("m");
        let mut nodes: Vec<Node> = (0..3).map(|_| g.float(true, 1)).collect();
        nodes.push(g.index(2));
        nodes.push(g.float(true, 1));
        g.declare(Var::new(&name, Ty::array(Ty::array(Ty::F64, 2), 2), true));
        let template = g.choose(&[
            "let mut %0 = [[$, $], [0.5, $]];\n%0[$][1] *= $;",
            "let mut %0 = [[$; 2], [$, $]];\n%0[$] = [$, 0.25];",
            "let mut %0: [[f64; 2]; 2] = [[$, $], [$, 1.0]];\nfor row in &mut %0 { row[$] += $; }",
        ]);
        Some(statement(template, &[&name], nodes))
    }),
    (2, "queue", |g| {
        let (name, x) = (g.name("queue"), g.name("x"));
        let nodes: Vec<Node> = (0..3).map(|_| g.float(true, 1)).collect();
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let mut %0 = std::collections::VecDeque::from([$, $]);\n%0.push_back($);\nlet %1 = %0.pop_front().unwrap_or(0.5) * %0[0];",
            &[&name, &x],
            nodes,
        ))
    }),
    (14, "assignment", |g| {
        let var = g.changeable(&Ty::F64)?;
        let value = g.float(true, 3);
        let operator = g.choose(&["=", "+=", "+=", "-=", "*="]);
        Some(statement("%0 %1 $;", &[&var.name, operator], vec![value]))
    }),
    (3, "assignment of a passive value", |g| {
        let var = g.changeable(&Ty::F64)?;
        let call = g.plain_call(1)?;
        let operator = g.choose(&["=", "+=", "*="]);
        Some(statement("%0 %1 $;", &[&var.name, operator], vec![call]))
    }),
    (7, "assignment of an element", |g| {
        let var = g.changeable_sequence()?;
        let length = if let Ty::Array(_, length) = var.ty { length } else { var.length };
        let index = g.index(length);
        let value = g.float(true, 2);
        let operator = g.choose(&["=", "+=", "*="]);
        Some(statement("%0[$] %1 $;", &[&var.name, operator], vec![index, value]))
    }),
    (4, "assignment of a field", |g| {
        let var = g.changeable(&Ty::pair())?;
        let value = g.float(true, 2);
        let (field, operator) = (g.choose(&["0", "1"]), g.choose(&["=", "+=", "*="]));
        Some(statement("%0.%1 %2 $;", &[&var.name, field, operator], vec![value]))
    }),
    (4, "destructuring assignment", |g| {
        let (one, other) = (g.changeable(&Ty::F64)?, g.changeable(&Ty::F64)?);
        let nodes = vec![g.float(true, 2), g.float(true, 2)];
        (one.name != other.name).then(|| statement("(%0, %1) = ($, $);", &[&one.name, &other.name], nodes))
    }),
    (5, "if as a statement", |g| {
        let condition = g.condition(true, 2);
        let block = g.block(2);
        if g.one_in(2) {
            let other = g.block(2);
            return Some(statement("if $ {\n$} else {\n$}", &[], vec![condition, block, other]));
        }
        Some(statement("if $ {\n$}", &[], vec![condition, block]))
    }),
    (3, "match as a statement", |g| {
        let index = g.index(4);
        let nodes = vec![index, g.block(2), g.block(1), g.block(1)];
        Some(statement("match $ {\n0 => {\n$}\n1..=2 => {\n$}\n_ => {\n$}\n}", &[], nodes))
    }),
    (3, "early return", |g| {
        let result = g.result.clone()?;
        let (condition, value) = (g.condition(true, 2), g.exit_value(&result));
        let literal = g.literal();
        Some(statement("if $ && %0 > 1.1 { return $; }", &[&literal], vec![condition, value]))
    }),
    (5, "push", |g| {
        let var = g.changeable(&Ty::vec(Ty::F64))?;
        let value = if g.one_in(3) { g.plain_call(1)? } else { g.float(true, 2) };
        Some(statement("%0.push($);", &[&var.name], vec![value]))
    }),
    (3, "pop", |g| {
        let var = g.changeable(&Ty::vec(Ty::F64))?;
        let (name, value) = (g.name("o"), g.float(true, 1));
        Some(statement(
            "if let Some(%1) = %0.pop() { %0.push(%1 * 0.5); %0.push($); }",
            &[&var.name, &name],
            vec![value],
        ))
    }),
    (4, "extend", |g| {
        let var = g.changeable(&Ty::vec(Ty::F64))?;
        if g.one_in(2) {
            let (sequence, _) = g.borrowed(&var.name, |g| g.sequence(true))?;
            return Some(statement("%0.extend_from_slice(&$[..]);", &[&var.name], vec![sequence]));
        }
        let numbers = g.borrowed(&var.name, |g| g.numbers(true, 1));
        Some(statement("%0.extend($);", &[&var.name], vec![numbers]))
    }),
    (4, "elements moved", |g| {
        let var = g.changeable_sequence()?;
        let call = g.choose(&[
            "reverse()",
            "swap(0, 1)",
            "rotate_left(1)",
            "fill(0.5)",
            "sort_by(f64::total_cmp)",
            "sort_by(|a, b| a.partial_cmp(b).unwrap())",
        ]);
        (var.length >= 2).then(|| statement("%0.%1;", &[&var.name, call], vec![]))
    }),
    (4, "iter_mut", |g| {
        let var = g.changeable_sequence()?;
        let name = g.name("e");
        let value = g.borrowed(&var.name, |g| g.float(true, 2));
        let template = g.choose(&[
            "for %1 in %0.iter_mut() { *%1 *= $; }",
            "for %1 in &mut %0 { *%1 += $; }",
            "%0.iter_mut().for_each(|%1| *%1 = *%1 * 0.5 + $);",
            "for (i, %1) in %0.iter_mut().enumerate() { *%1 += i§i * $; }",
        ]);
        Some(statement(template, &[&var.name, &name], vec![value]))
    }),
    (4, "mutable borrow", |g| {
        let name = g.name("m");
        if g.one_in(2) {
            let var = g.changeable(&Ty::F64)?;
            let value = g.borrowed(&var.name, |g| g.float(true, 2));
            return Some(statement(
                "{ let %1 = &mut %0; *%1 += $; *%1 *= 0.5; }",
                &[&var.name, &name],
                vec![value],
            ));
        }
        let var = g.changeable_sequence()?;
        let value = g.borrowed(&var.name, |g| g.float(true, 2));
        Some(statement("{ let %1 = &mut %0[0]; *%1 += $; }", &[&var.name, &name], vec![value]))
    }),
    (4, "ref mut pattern", |g| {
        let (name, part) = (g.name("r"), g.name("m"));
        let value = g.float(true, 2);
        g.declare(Var::new(&name, Ty::array(Ty::F64, 2), true).mutable());
        Some(statement(
            "let mut %0 = [1.0, 2.0];\nlet [ref mut %1, _] = %0;\n*%1 = $;",
            &[&name, &part],
            vec![value],
        ))
    }),
    (3, "mem::swap, replace, take", |g| {
        let var = g.changeable(&Ty::F64)?;
        let name = g.name("x");
        let value = g.float(true, 2);
        g.declare(Var::new(&name, Ty::F64, true));
        Some(match g.below(3) {
            0 => statement("let %1 = std::mem::replace(&mut %0, $);", &[&var.name, &name], vec![value]),
            1 => statement("let %1 = std::mem::take(&mut %0) * $;", &[&var.name, &name], vec![value]),
            _ => {
                let inner = g.name("w");
                g.vars.last_mut()?.name.clone_from(&name);
                statement(
                    "let mut %2 = $;\nstd::mem::swap(&mut %0, &mut %2);\nlet %1 = %2;",
                    &[&var.name, &name, &inner],
                    vec![value],
                )
            }
        })
    }),
    (4, "change within && or ||", |g| {
        let (n, b) = (g.name("n"), g.name("b"));
        let (sequence, length) = g.sequence(true)?;
        let (condition, total) = (g.condition(true, 1), g.name("s"));
        let (one, other) = (g.float(true, 1), g.float(true, 1));
        if length < 2 {
            return None;
        }
        g.declare(Var::new(&n, Ty::Int("usize"), false));
        g.declare(Var::new(&total, Ty::F64, true));
        let template = if g.one_in(2) {
            "let mut %0 = 0;\nlet %1 = $ && { %0 += 1; $[%0] > 0.3 };\nlet %2 = if %1 { $ * %0§i } else { $ };"
        } else {
            "let mut %0: usize = 0;\nlet %1 = $ || { %0 += 1; $[%0] > 0.3 };\nlet %2 = if %1 { $ * %0§i } else { $ };"
        };
        Some(statement(template, &[&n, &b, &total], vec![condition, sequence, one, other]))
    }),
    (4, "array of tuples", |g| {
        let (name, item) = (g.name("ts"), g.name("t"));
        let (one, other, factor) = (g.float(true, 1), g.float(true, 1), g.float(true, 1));
        g.declare(Var::new(&name, Ty::array(Ty::pair(), 2), true));
        let template = g.choose(&[
            "let mut %0 = [($, 2.0), (3.0, $)];\nfor %1 in %0.iter_mut() { %1.0 *= $; }",
            "let mut %0 = [($, 2.0), (3.0, $)];\n%0[1].0 += $;",
            "let mut %0 = [($, weight_(2)), (3.0, $)];\n%0[0].1 *= $;",
        ]);
        let template = if g.have.contains("weight") {
            template.replace("weight_", "weight")
        } else {
            template.replace("weight_(2)", "2.0")
        };
        Some(statement(&template, &[&name, &item], vec![one, other, factor]))
    }),
    (4, "rows", |g| {
        let name = g.name("rs");
        let (sequence, length) = g.sequence(true)?;
        if length < 2 {
            return None;
        }
        let (one, other, factor) = (g.float(true, 1), g.float(true, 1), g.float(true, 1));
        g.declare(Var::new(&name, Ty::vec(Ty::vec(Ty::F64)), true));
        let template = g.choose(&[
            "let mut %0 = vec![vec![$, $], $.to_vec()];\n%0[1][0] *= $;",
            "let mut %0 = vec![vec![$, $]];\n%0.push($.to_vec());\n%0[0][1] += $;",
            "let mut %0: Vec<Vec<f64>> = Vec::new();\n%0.push(vec![$, $]);\n%0.push($.to_vec());\n%0[1][1] = $;",
        ]);
        Some(statement(template, &[&name], vec![one, other, sequence, factor]))
    }),
    (3, "equal rows", |g| {
        let name = g.name("rs");
        let (sequence, length) = g.sequence(true)?;
        if length < 2 {
            return None;
        }
        let factor = g.float(true, 1);
        g.declare(Var::new(&name, Ty::vec(Ty::vec(Ty::F64)), true));
        Some(statement("let mut %0 = vec![$.to_vec(); 2];\n%0[1][0] *= $;", &[&name], vec![sequence, factor]))
    }),
    (3, "array of Vecs", |g| {
        let name = g.name("rs");
        let (sequence, length) = g.sequence(true)?;
        if length < 2 {
            return None;
        }
        let (one, other) = (g.float(true, 1), g.float(true, 1));
        g.declare(Var::new(&name, Ty::array(Ty::vec(Ty::F64), 2), true));
        Some(statement("let %0 = [$.to_vec(), vec![$, $]];", &[&name], vec![sequence, one, other]))
    }),
    (3, "concat", |g| {
        let name = g.name("z");
        let ((one, first), (other, second)) = (g.sequence(true)?, g.sequence(true)?);
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).length(first + second));
        Some(statement("let %0: Vec<f64> = [&$[..], &$[..]].concat();", &[&name], vec![one, other]))
    }),
    (3, "slice of slices", |g| {
        let name = g.name("ys");
        let ((one, first), (other, second)) = (g.sequence(true)?, g.sequence(true)?);
        let total = g.name("x");
        if first < 1 || second < 1 {
            return None;
        }
        g.declare(Var::new(&total, Ty::F64, true));
        let template = g.choose(&[
            "let %0: &[&[f64]] = &[&$[..1], &$[..]];\nlet %1 = %0[0][0] * %0[1][0];",
            "let %0 = [&$[..], &$[..]];\nlet %1 = %0.iter().map(|y| y[0]).sum::<f64>();",
        ]);
        Some(statement(template, &[&name, &total], vec![one, other]))
    }),
    (3, "Option that a loop changes", |g| {
        let (best, item) = (g.name("best"), g.name("e"));
        let (sequence, length) = g.sequence(true)?;
        if length < 1 {
            return None;
        }
        let result = g.name("x");
        g.declare(Var::new(&result, Ty::F64, true));
        let template = g.choose(&[
            "let mut %0: Option<f64> = None;\nfor &%1 in $.iter() {\n%0 = match %0 {\nNone => Some(%1),\nSome(b) if %1 > b => Some(%1),\nb => b,\n};\n}\nlet %2 = %0.unwrap();",
            "let mut %0 = None;\nfor %1 in $.iter() { if %0.is_none_or(|b| *%1 < b) { %0 = Some(*%1); } }\nlet %2 = %0.unwrap_or(0.5);",
        ]);
        Some(statement(template, &[&best, &item, &result], vec![sequence]))
    }),
    (2, "constant array mapped", |g| {
        let name = g.name("r");
        let item = g.name("c");
        let var = g.pick(|var| !var.active && var.ty == Ty::array(Ty::F64, 3))?;
        let body = g.closed(vec![Var::new(&item, Ty::F64, false)], |g| g.float(true, 1));
        g.declare(Var::new(&name, Ty::array(Ty::F64, 3), true));
        Some(statement("let %0 = %1.map(|%2| %2 * $);", &[&name, &var.name, &item], vec![body]))
    }),
    (2, "constant array copied and changed", |g| {
        let name = g.name("r");
        let var = g.pick(|var| !var.active && var.ty == Ty::array(Ty::F64, 3))?;
        let value = g.float(true, 2);
        g.declare(Var::new(&name, Ty::array(Ty::F64, 3), true).mutable());
        Some(statement("let mut %0 = %1;\n%0[1] *= $;", &[&name, &var.name], vec![value]))
    }),
    (2, "Vec of a plain call pushed to", |g| {
        let name = g.name("z");
        if !g.have.contains("rowv") {
            return None;
        }
        let (index, value) = (g.index(3), g.float(true, 2));
        g.declare(Var::new(&name, Ty::vec(Ty::F64), true).length(3).mutable());
        Some(statement("let mut %0 = rowv($);\n%0.push($);", &[&name], vec![index, value]))
    }),
    (9, "constant rows collected", |g| {
        let name = g.name("rs");
        let var = g.pick(|var| var.ty == Ty::slice(Ty::vec(Ty::F64)) && !var.active)?;
        let value = g.float(true, 2);
        g.declare(Var::new(&name, Ty::vec(Ty::vec(Ty::F64)), true).length(1));
        let template = g.choose(&[
            "let mut %0 = vec![vec![$]];\n%0.push(%1[0].clone());",
            "let mut %0 = vec![vec![$]];\n%0.extend(%1.iter().cloned());",
            "let mut %0 = vec![vec![$]];\n%0.push(%1[1].to_vec());",
        ]);
        Some(statement(template, &[&name, &var.name], vec![value]))
    }),
];

impl Generator {
    /// Whether there is something to change; loops without that are idle.
    pub(super) fn accumulator(&mut self) -> (String, Option<Node>) {
        if let Some(var) = self.changeable(&Ty::F64)
            && !self.one_in(3)
        {
            return (var.name, None);
        }
        let name = self.name("s");
        self.declare(Var::new(&name, Ty::F64, true).mutable());
        let start = self.choose(&[" = 0.0", ": f64 = 1.0", " = 0.5_f64"]);
        let node = statement("let mut %0%1;", &[&name, start], vec![]);
        (name, Some(node))
    }
}
