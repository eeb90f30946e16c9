//! Expressions that give an `f64`.

use super::scope::Var;
use super::{FloatChoice, Generator, float};
use crate::tree::{Node, Ty, USIZE};

pub const CHOICES: &[FloatChoice] = &[
    (30, "arithmetic", arithmetic),
    (6, "negation", |g, active, depth| Some(Node::float("(-$)", vec![g.float(active, depth)]))),
    (14, "method of one operand", unary),
    (10, "method of two operands", binary),
    (6, "if as a value", |g, active, depth| {
        let condition = g.condition(true, depth.min(2));
        Some(Node::float(
            "(if $ { $ } else { $ })",
            vec![condition, g.float(active, depth), g.float(active, depth)],
        ))
    }),
    (4, "match on an integer as a value", matched),
    (3, "match on ranges of a float", ranges),
    (4, "block as a value", block),
    (3, "labelled block", labelled),
    (8, "closure called immediately", immediate),
    (10, "call of a differentiable function", |g, active, depth| g.call(&Ty::F64, active, depth)),
    (10, "plain function of data", |g, _, depth| g.plain_call(depth)),
    (14, "iterator ended by a number", |g, active, depth| g.consumed(active, depth)),
    (4, "method of a constant", method_of_constant),
    (5, "Option of a number", optional),
    (5, "literal indexed", literal_indexed),
    (4, "call indexed", call_indexed),
    (6, "integer as a float", |g, active, depth| {
        Some(Node::float("($ * $)", vec![g.int_as_float(depth), g.float(active, depth)]))
    }),
    (3, "stop_gradient", |g, active, depth| {
        Some(Node::float("stop_gradient($)", vec![g.float(active, depth)]))
    }),
    (3, "f32 data", |g, _, depth| Some(Node::float("($§i)", vec![g.single(depth)]))),
    (4, "call form of a method", |g, active, depth| {
        Some(match g.below(3) {
            0 => Node::float("f64::sin($)", vec![g.float(active, depth)]),
            1 => Node::float("f64::max($, $)", vec![g.float(active, depth), g.float(active, depth)]),
            _ => Node::float("f64::powi($, 2)", vec![g.float(active, depth)]),
        })
    }),
    (2, "match guard with a call", guarded),
    (3, "constant of std", |g, active, depth| {
        let name = g.choose(&["PI", "E", "LN_2", "FRAC_1_SQRT_2"]);
        Some(float("(§k%0 * $)", &[name], vec![g.float(active, depth)]))
    }),
    (2, "method of a type of the program", |g, _, _| {
        let sample = Ty::named("Sample");
        let var =
            g.pick(|var| var.ty == Ty::slice(sample.clone()) || var.ty == Ty::reference(sample.clone()))?;
        let place = if matches!(var.ty, Ty::Slice(_)) { "[1]" } else { "" };
        Some(Node::leaf(Ty::F64, &format!("{}{place}.size()", var.name)))
    }),
    (2, "singular value not used", |g, active, depth| {
        let (one, other, x) = (g.float(active, 0), g.float(active, depth), g.float(active, 0));
        Some(Node::float("{ let q = $ / ($ - $); if $ > 90.0 { q } else { $ } }", {
            vec![one, x.clone(), x, g.float(active, 0), other]
        }))
        .map(|node| Node::float("($)", vec![node]))
    }),
];

impl Generator {
    /// A number. Where `active` is false it depends on no input that carries a gradient.
    pub(super) fn float(&mut self, active: bool, depth: usize) -> Node {
        if depth == 0 || self.one_in(3) {
            return self.leaf(active);
        }
        if self.structs
            && active
            && self.one_in(4)
            && let Some(node) = self.number_of_structs(depth - 1)
        {
            return node;
        }
        let weights: usize = CHOICES.iter().map(|choice| choice.0 as usize).sum();
        for _ in 0..6 {
            let mut at = self.below(weights);
            for choice in CHOICES {
                if at < choice.0 as usize {
                    if let Some(node) = choice.2(self, active, depth - 1) {
                        return node.tag(choice.1);
                    }
                    break;
                }
                at -= choice.0 as usize;
            }
        }
        self.leaf(active)
    }

    pub(super) fn leaf(&mut self, active: bool) -> Node {
        if !self.one_in(8)
            && let Some(path) = self.path(&Ty::F64, active)
        {
            return path;
        }
        let text = format!("{}_f64", self.literal());
        Node::leaf(Ty::F64, &text)
    }

    /// A plain function called with data.
    pub(super) fn plain_call(&mut self, depth: usize) -> Option<Node> {
        let depth = depth.min(2);
        let name = self.choose(&[
            "weight", "weight", "noisy", "checked", "half", "first", "taken", "maybe", "Lib", "row", "pairn",
            "count",
        ]);
        if name != "count" && !self.have.contains(name) {
            return None;
        }
        Some(match name {
            "half" => Node::float("half($)", vec![self.float(false, depth)]),
            "first" => {
                let argument = self.argument(&Ty::slice(Ty::F64), false, depth)?;
                Node::float("first($)", vec![argument])
            }
            "taken" => {
                let argument = self.argument(&Ty::vec(Ty::F64), false, depth)?;
                Node::float("taken($)", vec![argument])
            }
            "maybe" => {
                let index = self.index(4);
                Node::float("maybe($).unwrap_or(0.25)", vec![index])
            }
            "Lib" => Node::float("Lib::scale($)", vec![self.index(4)]),
            "row" => Node::float("row($)[1]", vec![self.index(4)]),
            "pairn" => Node::float("pairn($).0", vec![self.index(4)]),
            "count" => Node::float("(count()§i)", vec![]),
            _ => {
                let index = self.index(7);
                float("%0($)", &[name], vec![index])
            }
        })
    }
}

fn arithmetic(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let literal = g.literal();
    let template = match g.below(9) {
        0 | 1 => "($ + $)",
        2 => "($ - $)",
        3..=5 => "($ * $)",
        6 => "($ * %0)",
        7 => "(%0 + $)",
        _ => "($ / ($.powi(2) + 1.5))",
    };
    let nodes = (0..template.matches('$').count()).map(|_| g.float(active, depth)).collect();
    Some(float(template, &[&literal], nodes))
}

fn unary(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let template = g.choose(&[
        "$.sin()",
        "$.cos()",
        "$.tanh()",
        "$.atan()",
        "$.sigmoid()",
        "$.softplus()",
        "$.relu()",
        "$.silu()",
        "$.abs()",
        "$.cbrt()",
        "$.floor()",
        "$.fract()",
        "$.signum()",
        "$.to_radians()",
        "$.powi(2)",
        "$.powi(3)",
        "$.powi(0)",
        "$.tanh().exp()",
        "($.powi(2) + 0.1).sqrt()",
        "($.abs() + 0.3).ln()",
        "($.abs() + 1.2).recip()",
        "$.sin_cos().1",
        "($.abs() + 0.2).powf(1.5)",
        "$.leaky_relu(0.1)",
        "$.tanh().sinh()",
        "($.abs() + 0.2).ln_1p()",
        "$.sin().exp_m1()",
    ]);
    Some(Node::float(template, vec![g.float(active, depth)]))
}

fn binary(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let template = g.choose(&[
        "$.max($)",
        "$.min($)",
        "$.hypot($)",
        "$.atan2($)",
        "($.abs() + 0.2).powf($.sin())",
        "$.copysign($)",
        "$.clamp(-0.9, 1.1)",
        "$.mul_add($, $)",
        "($ % ($.abs() + 0.7))",
        "$.rem_euclid(1.3)",
        "$.max(0.3)",
        "$.min($.abs())",
    ]);
    let nodes = (0..template.matches('$').count()).map(|_| g.float(active, depth)).collect();
    Some(Node::float(template, nodes))
}

fn matched(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let scrutinee = g.index(5);
    let arms = vec![scrutinee, g.float(active, depth), g.condition(active, 0), g.float(active, depth)];
    let last = g.float(active, depth);
    let mut nodes = arms;
    nodes.push(last);
    Some(Node::float("(match $ {\n0 | 3 => $,\nq if q > 1 && $ => $ * q§i,\n_ => $\n})", nodes))
}

fn ranges(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let scrutinee = g.float(active, 0);
    let nodes = vec![scrutinee, g.float(active, depth), g.float(active, depth), g.float(active, depth)];
    Some(Node::float("(match $§p {\n§r0.25..=§r0.75 => $,\n§r0.75.. => $,\n_ => $\n})", nodes))
}

fn block(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let name = if g.one_in(4) && !g.vars.is_empty() {
        let at = g.below(g.vars.len());
        g.vars[at].name.clone()
    } else {
        g.name("q")
    };
    if name == "f" {
        return None;
    }
    let value = g.float(active, depth);
    let ty = if g.one_in(3) { format!(": {}", g.written(&Ty::F64)) } else { String::new() };
    let body = g.with(vec![Var::new(&name, Ty::F64, active)], |g| g.float(active, depth));
    Some(float("({ let %0%1 = $; $ * %0 })", &[&name, &ty], vec![value, body]))
}

fn labelled(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let label = g.name("l");
    let nodes = vec![g.condition(true, 1), g.float(active, depth), g.float(active, depth)];
    Some(float("('%0: { if $ { break '%0 $; } $ })", &[&label], nodes))
}

fn immediate(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let name = g.name("z");
    match g.below(6) {
        0 => {
            let body = g.closed(vec![], |g| g.float(active, depth));
            Some(Node::float("(|| $)()", vec![body]))
        }
        1 => {
            let body = g.closed(vec![Var::new(&name, Ty::F64, false)], |g| g.float(active, depth));
            let literal = g.literal();
            Some(float("(|%0: f64| $ * %0)(%1)", &[&name, &literal], vec![body]))
        }
        2 => {
            let (sequence, length) = g.sequence(active)?;
            let index = g.index(length.max(1));
            Some(float("(|%0: usize| $[%0])($)", &[&name], vec![sequence, index]))
        }
        3 => {
            let (condition, one, other) = g
                .closed(vec![], |g| (g.condition(active, 1), g.float(active, depth), g.float(active, depth)));
            Some(Node::float("(|| { if $ { return $; } $ })()", vec![condition, one, other]))
        }
        4 => {
            let body =
                g.copied(|g| g.closed(vec![Var::new(&name, USIZE, false)], |g| g.float(active, depth)));
            let index = g.index(3);
            Some(float("(move |%0: usize| %0§i * $)($)", &[&name], vec![body, index]))
        }
        _ => {
            let value = g.float(active, depth);
            let body = g.closed(vec![Var::new(&name, Ty::F64, active)], |g| g.float(active, depth));
            Some(float("(|%0: f64| $ + %0)($)", &[&name], vec![body, value]))
        }
    }
}

fn method_of_constant(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let constant = g.path(&Ty::F64, false)?;
    let template = g.choose(&[
        "$.max($)",
        "$.min($)",
        "$.hypot($)",
        "$.atan2($)",
        "$.abs().powf($)",
        "$.mul_add($, 0.5)",
    ]);
    Some(Node::float(template, vec![constant, g.float(active, depth)]))
}

fn optional(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let name = g.name("o");
    let (sequence, length) = g.sequence(active)?;
    let index = g.index(length + 2);
    let other = g.float(active, depth);
    Some(match g.below(6) {
        0 => Node::float("$.get($).copied().unwrap_or($)", vec![sequence, index, other]),
        1 => Node::float("$.first().copied().unwrap_or($)", vec![sequence, other]),
        2 => {
            let body =
                g.closed(vec![Var::new(&name, Ty::reference(Ty::F64), active)], |g| g.float(active, depth));
            float("$.last().map_or($, |%0| %0 * $)", &[&name], vec![sequence, other, body])
        }
        3 => {
            let body =
                g.closed(vec![Var::new(&name, Ty::reference(Ty::F64), active)], |g| g.float(active, depth));
            float("$.get($).map(|%0| %0 + $).unwrap_or($)", &[&name], vec![sequence, index, body, other])
        }
        4 => float("(if let Some(%0) = $.get($) { *%0 } else { $ })", &[&name], vec![sequence, index, other]),
        _ if g.have.contains("maybe") => {
            let argument = g.index(4);
            float(
                "(match maybe($) { Some(%0) => %0 * $, None => $[0] })",
                &[&name],
                vec![argument, other, sequence],
            )
        }
        _ => float("(match $.first() { Some(%0) => *%0, None => $ })", &[&name], vec![sequence, other]),
    })
}

fn literal_indexed(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let mut nodes: Vec<Node> = (0..3).map(|_| g.float(active, depth)).collect();
    if let Some(call) = g.plain_call(0) {
        let at = g.below(3);
        nodes[at] = call;
    }
    Some(match g.below(4) {
        0 => {
            nodes.push(g.index(3));
            Node::float("[$, $, $][$]", nodes)
        }
        1 => Node::float("($, $, $).1", nodes),
        2 => {
            nodes.push(g.index(3));
            Node::float("vec![$, $, $][$]", nodes)
        }
        _ => Node::float("[$, $, $].iter().sum::<f64>()", nodes),
    })
}

fn call_indexed(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    match g.below(4) {
        0 => Some(Node::float("$[0]", vec![g.call(&Ty::array(Ty::F64, 2), active, depth)?])),
        1 => Some(Node::float("$.1", vec![g.call(&Ty::pair(), active, depth)?])),
        2 => Some(Node::float("$[1]", vec![g.call(&Ty::vec(Ty::F64), active, depth)?])),
        _ => Some(Node::float(
            "$.concat().iter().sum::<f64>()",
            vec![g.call(&Ty::vec(Ty::vec(Ty::F64)), active, depth)?],
        )),
    }
}

fn guarded(g: &mut Generator, active: bool, depth: usize) -> Option<Node> {
    let name = g.name("z");
    let helper = g
        .helpers
        .iter()
        .find(|helper| {
            helper.result == Ty::F64
                && helper.parameters.len() == 2
                && helper.parameters.iter().all(|(ty, _)| *ty == Ty::F64)
        })?
        .name
        .clone();
    let constant = g.helpers.iter().find(|one| one.name == helper)?.parameters[1].1;
    let scrutinee = g.float(active, 0);
    let second = g.float(active && !constant, 0);
    let bound = vec![Var::new(&name, Ty::F64, active)];
    let (one, other) = g.with(bound, |g| (g.float(active, depth), g.float(active, depth)));
    Some(float(
        "(match $ {\n%0 if %1(%0, $) > 0.3 => $,\n%0 => $ + %0\n})",
        &[&name, &helper],
        vec![scrutinee, second, one, other],
    ))
}
