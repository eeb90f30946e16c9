//! Chains of iterators: sources, adapters, and what ends them.

use super::scope::Var;
use super::{Choice, Generator, expression, float};
use crate::tree::{Node, Ty, USIZE};

type SourceChoice = Choice<fn(&mut Generator, bool, usize) -> Option<Node>>;

fn numbers() -> Ty {
    Ty::iter(Ty::F64)
}

/// What gives an iterator over `f64`s.
pub const SOURCES: &[SourceChoice] = &[
    (8, "iter().copied()", |g, active, _| {
        let (sequence, _) = g.sequence(active)?;
        let template = g.choose(&["$.iter().copied()", "$.iter().cloned()"]);
        Some(Node::expression(numbers(), template, vec![sequence]))
    }),
    (8, "iter().map", |g, active, depth| {
        let (sequence, _) = g.sequence(active)?;
        g.mapped("$.iter()", Ty::reference(Ty::F64), sequence, active, depth)
    }),
    (3, "map of &x", |g, active, depth| {
        let (sequence, _) = g.sequence(active)?;
        let name = g.name("b");
        let body = g.closed(vec![Var::new(&name, Ty::F64, active)], |g| g.float(active, depth));
        Some(expression(numbers(), "$.iter().map(|&%0| %0 + $)", &[&name], vec![sequence, body]))
    }),
    (6, "range mapped", |g, active, depth| {
        let name = g.name("i");
        let end = g.index(4);
        let body = g.closed(vec![Var::new(&name, USIZE, false)], |g| g.float(active, depth));
        let template = if g.one_in(4) { "(0..=$).rev().map(|%0| $)" } else { "(0..$ + 1).map(|%0| $)" };
        Some(expression(numbers(), template, &[&name], vec![end, body]))
    }),
    (5, "zip", |g, active, depth| {
        let ((one, _), (other, _)) = (g.sequence(active)?, g.sequence(active)?);
        let (a, b) = (g.name("a"), g.name("b"));
        let vars =
            vec![Var::new(&a, Ty::reference(Ty::F64), active), Var::new(&b, Ty::reference(Ty::F64), active)];
        let body = g.closed(vars, |g| g.float(active, depth));
        let template = g.choose(&[
            "$.iter().zip($.iter()).map(|(%0, %1)| %0 * %1 + $)",
            "$.iter().zip(&$[..]).map(|(%0, %1)| %0 - %1 * $)",
        ]);
        Some(expression(numbers(), template, &[&a, &b], vec![one, other, body]))
    }),
    (3, "zip with a shorter one", |g, active, depth| {
        let ((one, _), (other, _)) = (g.sequence(active)?, g.sequence(active)?);
        let (a, b) = (g.name("a"), g.name("b"));
        let body = g.closed(vec![Var::new(&a, Ty::reference(Ty::F64), active)], |g| g.float(active, depth));
        Some(expression(
            numbers(),
            "$.iter().map(|%0| { counted(); note(7); %0 + $ }).zip(&$[..1]).map(|(%0, %1)| %0 * %1)",
            &[&a, &b],
            vec![one, body, other],
        ))
    }),
    (4, "enumerate", |g, active, depth| {
        let (sequence, _) = g.sequence(active)?;
        let (i, x) = (g.name("i"), g.name("e"));
        let vars = vec![Var::new(&i, USIZE, false), Var::new(&x, Ty::reference(Ty::F64), active)];
        let body = g.closed(vars, |g| g.float(active, depth));
        Some(expression(
            numbers(),
            "$.iter().enumerate().map(|(%0, %1)| %0§i * %1 + $)",
            &[&i, &x],
            vec![sequence, body],
        ))
    }),
    (3, "windows", |g, active, depth| {
        let (sequence, length) = g.sequence(active)?;
        let name = g.name("w");
        let var = Var::new(&name, Ty::slice(Ty::F64), active).length(2);
        let body = g.closed(vec![var], |g| g.float(active, depth));
        (length >= 2).then(|| {
            expression(numbers(), "$.windows(2).map(|%0| %0[0] * $)", &[&name], vec![sequence, body])
        })
    }),
    (3, "chunks_exact", |g, active, depth| {
        let (sequence, _) = g.sequence(active)?;
        let name = g.name("w");
        let var = Var::new(&name, Ty::slice(Ty::F64), active).length(2);
        let body = g.closed(vec![var], |g| g.float(active, depth));
        let template =
            g.choose(&["$.chunks_exact(2).map(|%0| %0[1] * $)", "$.chunks(2).map(|%0| %0[0] * $)"]);
        Some(expression(numbers(), template, &[&name], vec![sequence, body]))
    }),
    (4, "table of pairs", |g, active, depth| {
        let var = g.pick(|var| is_table(&var.ty))?;
        let (a, b) = (g.name("a"), g.name("b"));
        let vars = vec![Var::new(&a, Ty::F64, false), Var::new(&b, Ty::F64, false)];
        let body = g.closed(vars, |g| g.float(active, depth));
        let table = Node::leaf(var.ty.clone(), &var.name);
        let pattern = if var.ty.to_string().contains("[f64; 2]") { "&[%0, %1]" } else { "&(%0, %1)" };
        Some(expression(
            numbers(),
            &format!("$.iter().map(|{pattern}| %0 * $ - %1)"),
            &[&a, &b],
            vec![table, body],
        ))
    }),
    (3, "table by reference pattern", |g, active, depth| {
        let var = g.pick(|var| is_table(&var.ty) && !var.ty.to_string().contains("[f64; 2]"))?;
        let (a, b) = (g.name("a"), g.name("b"));
        let vars =
            vec![Var::new(&a, Ty::reference(Ty::F64), false), Var::new(&b, Ty::reference(Ty::F64), false)];
        let body = g.closed(vars, |g| g.float(active, depth));
        let table = Node::leaf(var.ty.clone(), &var.name);
        Some(expression(numbers(), "$.iter().map(|(%0, %1)| %0 * $ - *%1)", &[&a, &b], vec![table, body]))
    }),
    (3, "rows", |g, active, _| {
        let var = g.pick(|var| (active || !var.active) && is_rows(&var.ty))?;
        let row = g.name("row");
        let rows = Node::leaf(var.ty.clone(), &var.name);
        let template = g.choose(&[
            "$.iter().flat_map(|%0| %0.iter().copied())",
            "$.iter().map(|%0| %0.iter().sum::<f64>())",
            "$.iter().map(|%0| %0[0] * %0[1])",
            "$.iter().flatten().copied()",
        ]);
        Some(expression(numbers(), template, &[&row], vec![rows]))
    }),
    (6, "samples", |g, active, depth| {
        let var = g.pick(|var| var.ty == Ty::slice(Ty::named("Sample")))?;
        let name = g.name("d");
        let item = Var::new(&name, Ty::reference(Ty::named("Sample")), false);
        let body = g.closed(vec![item], |g| g.float(active, depth));
        let samples = Node::leaf(var.ty.clone(), &var.name);
        let template = g.choose(&[
            "$.iter().map(|%0| $ * %0.x)",
            "$.iter().map(|%0| %0.xs.iter().map(|z| z * $).sum::<f64>())",
            "$.iter().filter(|%0| %0.flag).map(|%0| $ * %0.at[1])",
        ]);
        Some(expression(numbers(), template, &[&name], vec![samples, body]))
    }),
    (8, "struct pattern in a closure", |g, active, depth| {
        let var = g.pick(|var| var.ty == Ty::slice(Ty::named("Sample")))?;
        let (a, b) = (g.name("a"), g.name("b"));
        let vars =
            vec![Var::new(&a, Ty::reference(Ty::F64), false), Var::new(&b, Ty::reference(Ty::F64), false)];
        let body = g.closed(vars, |g| g.float(active, depth));
        let samples = Node::leaf(var.ty.clone(), &var.name);
        Some(expression(
            numbers(),
            "$.iter().map(|Sample { x: %0, y: %1, .. }| %0 * $ - %1)",
            &[&a, &b],
            vec![samples, body],
        ))
    }),
    (3, "literal as a source", |g, active, depth| {
        let nodes = vec![g.float(active, depth), g.float(active, depth)];
        let template = g.choose(&["[$, $].into_iter()", "vec![$, $].into_iter()", "[$, $].iter().copied()"]);
        Some(Node::expression(numbers(), template, nodes))
    }),
    (2, "iterator of the program's own", |g, active, depth| {
        if g.have.contains("Countdown") && g.one_in(2) {
            let name = g.name("t");
            let body = g.closed(vec![Var::new(&name, Ty::F64, false)], |g| g.float(active, depth));
            return Some(expression(numbers(), "Countdown(3).map(|%0| %0 * $)", &[&name], vec![body]));
        }
        if !g.have.contains("evens") {
            return None;
        }
        let name = g.name("t");
        let body = g.closed(vec![Var::new(&name, USIZE, false)], |g| g.float(active, depth));
        Some(expression(numbers(), "evens(5).map(|%0| %0§i * $)", &[&name], vec![body]))
    }),
    (2, "filter_map", |g, active, depth| {
        let (sequence, _) = g.sequence(active)?;
        let name = g.name("b");
        let var = Var::new(&name, Ty::reference(Ty::F64), active);
        let (condition, body) = g.closed(vec![var], |g| (g.condition(active, 1), g.float(active, depth)));
        Some(expression(
            numbers(),
            "$.iter().filter_map(|%0| if $ { Some(%0 * $) } else { None })",
            &[&name],
            vec![sequence, condition, body],
        ))
    }),
    (2, "filter_map to a constant", |g, _, _| {
        let (sequence, _) = g.sequence(false)?;
        let name = g.name("b");
        Some(expression(
            numbers(),
            "$.iter().filter_map(|%0| { note(3); if *%0 > 0.0 { Some(0.5) } else { None } })",
            &[&name],
            vec![sequence],
        ))
    }),
    (2, "once, repeat, successors", |g, active, depth| {
        let value = g.float(active, depth);
        let template = g.choose(&[
            "std::iter::once($)",
            "std::iter::repeat($).take(3)",
            "std::iter::successors(Some($), |z| Some(z * 0.5)).take(3)",
        ]);
        Some(Node::expression(numbers(), template, vec![value]))
    }),
    (2, "indices as a source", |g, active, _| {
        let var = g.pick(|var| matches!(&var.ty, Ty::Slice(of) | Ty::Array(of, _) if **of == USIZE))?;
        let (sequence, length) = g.sequence(active)?;
        let length = length.max(1).to_string();
        let name = g.name("i");
        Some(expression(
            numbers(),
            "%1.iter().map(|&%0| $[%0 % %2])",
            &[&name, &var.name, &length],
            vec![sequence],
        ))
    }),
    (2, "bytes and characters", |g, active, depth| {
        let var = g.pick(|var| var.ty == Ty::Str)?;
        let name = g.name("c");
        let value = g.float(active, depth);
        let template = g.choose(&[
            "%1.bytes().map(|%0| (%0 % 5)§i * $)",
            "%1.chars().filter(|%0| %0.is_alphabetic()).map(|%0| (%0 as u32 % 7)§i * $)",
        ]);
        Some(expression(numbers(), template, &[&name, &var.name], vec![value]))
    }),
    (2, "closure in a mapped closure", |g, active, depth| {
        let (i, w, j) = (g.name("i"), g.name("w"), g.name("j"));
        let body = g.closed(vec![Var::new(&i, USIZE, false)], |g| g.float(active, depth));
        Some(expression(
            numbers(),
            "(0..3usize).map(|%0| { let %1 = |%2: usize| (%0 + %2)§i; $ * %1(1) })",
            &[&i, &w, &j],
            vec![body],
        ))
    }),
];

fn is_table(ty: &Ty) -> bool {
    match ty {
        Ty::Array(of, _) | Ty::Slice(of) => **of == Ty::pair() || **of == Ty::array(Ty::F64, 2),
        _ => false,
    }
}

pub fn is_rows(ty: &Ty) -> bool {
    match ty {
        Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of) => {
            **of == Ty::vec(Ty::F64) || matches!(&**of, Ty::Array(inner, _) if **inner == Ty::F64)
        }
        _ => false,
    }
}

/// What makes another iterator of one.
pub const ADAPTERS: &[SourceChoice] = &[
    (5, "map", |g, active, depth| {
        let inner = g.numbers(active, depth);
        g.mapped("$", Ty::F64, inner, active, depth)
    }),
    (5, "filter", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let name = g.name("b");
        let literal = g.literal();
        Some(expression(numbers(), "$.filter(|%0| *%0 < %1)", &[&name, &literal], vec![inner]))
    }),
    (5, "skip, take, step_by", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let template = g.choose(&["$.skip(1)", "$.take(2)", "$.step_by(2)"]);
        Some(Node::expression(numbers(), template, vec![inner]))
    }),
    (7, "chain", |g, active, depth| {
        let (one, other) = (g.numbers(active, depth), g.numbers(active, depth));
        Some(Node::expression(numbers(), "$.chain($)", vec![one, other]))
    }),
    (2, "chain of an array", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let nodes = vec![inner, g.float(active, depth), g.float(active, depth)];
        Some(Node::expression(numbers(), "$.chain([$, $])", nodes))
    }),
    (3, "scan", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let start = g.float(active, depth);
        Some(Node::expression(
            numbers(),
            "$.scan($, |t, z| { *t = *t * 0.5 + z; Some(*t) })",
            vec![inner, start],
        ))
    }),
    (2, "take_while, skip_while", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let template = g.choose(&["$.take_while(|z| *z < 0.9)", "$.skip_while(|z| *z > 0.6)"]);
        Some(Node::expression(numbers(), template, vec![inner]))
    }),
    (2, "inspect", |g, active, depth| {
        Some(Node::expression(numbers(), "$.inspect(|_| note(5))", vec![g.numbers(active, depth)]))
    }),
    (2, "zip and map", |g, active, depth| {
        let (one, other) = (g.numbers(active, depth), g.numbers(active, depth));
        Some(Node::expression(numbers(), "$.zip($).map(|(a, b)| a * b)", vec![one, other]))
    }),
    (2, "map with an early return", |g, active, depth| {
        let inner = g.numbers(active, depth);
        let name = g.name("z");
        let var = vec![Var::new(&name, Ty::F64, active)];
        let (condition, value) = g.closed(var, |g| (g.condition(active, 1), g.float(active, depth)));
        Some(expression(
            numbers(),
            "$.map(|%0| { if $ { return 0.5; } $ })",
            &[&name],
            vec![inner, condition, value],
        ))
    }),
];

impl Generator {
    /// An iterator over `f64`s.
    pub(super) fn numbers(&mut self, active: bool, depth: usize) -> Node {
        let depth = depth.min(3);
        if depth > 0 && self.one_in(2) {
            for _ in 0..3 {
                if let Some(node) = self.chosen(ADAPTERS, active, depth - 1) {
                    return node;
                }
            }
        }
        for _ in 0..8 {
            if let Some(node) = self.chosen(SOURCES, active, depth.saturating_sub(1)) {
                return node;
            }
        }
        Node::expression(numbers(), "(0..2).map(|z| $ * z§i)", vec![self.leaf(active)])
    }

    fn chosen(&mut self, from: &'static [SourceChoice], active: bool, depth: usize) -> Option<Node> {
        let weights: usize = from.iter().map(|choice| choice.0 as usize).sum();
        let mut at = self.below(weights);
        let choice = from
            .iter()
            .find(|choice| {
                let here = at < choice.0 as usize;
                at = at.saturating_sub(choice.0 as usize);
                here
            })
            .expect("below the sum");
        choice.2(self, active, depth).map(|node| node.tag(choice.1))
    }

    fn mapped(&mut self, template: &str, item: Ty, inner: Node, active: bool, depth: usize) -> Option<Node> {
        let name = if self.one_in(6) { "x".to_owned() } else { self.name("b") };
        let body = self.closed(vec![Var::new(&name, item, active)], |g| g.float(active, depth));
        let operator = self.choose(&["%0 * $", "$ + %0", "$ - %0"]);
        Some(expression(numbers(), &format!("{template}.map(|%0| {operator})"), &[&name], vec![inner, body]))
    }

    /// A chain that ends in a number.
    pub(super) fn consumed(&mut self, active: bool, depth: usize) -> Option<Node> {
        let inner = self.numbers(active, depth.min(2));
        let value = self.float(active, depth.min(1));
        Some(match self.below(15) {
            0..=4 => Node::float("$.sum::<f64>()", vec![inner]),
            5 | 6 => Node::float("$.product::<f64>()", vec![inner]),
            7 => Node::float("$.fold($, |t, z| t * 0.5 + z)", vec![inner, value]),
            8 => Node::float("$.fold($, f64::max)", vec![inner, value]),
            9 => Node::float("$.reduce(|a, b| a * b).unwrap_or($)", vec![inner, value]),
            10 => Node::float("$.max_by(|a, b| a.total_cmp(b)).unwrap_or($)", vec![inner, value]),
            11 => Node::float("($.count()§i)", vec![inner]),
            12 => Node::float("$.last().unwrap_or($)", vec![inner, value]),
            13 => float("($.position(|z| z > 0.4).map_or($, |i| i§i))", &[], vec![inner, value]),
            _ => {
                let second = self.float(active, 0);
                Node::float("$.fold(($, $), |(a, b), z| (a + z, b * z)).1", vec![inner, value, second])
            }
        })
    }
}
