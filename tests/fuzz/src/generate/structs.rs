//! Structs that carry gradients: their types, methods and operators, the parameters of these types, and what is done with them.
//!
//! Only programs that are asked for have them, so that the others stay what they are.

use super::scope::Var;
use super::{Generator, StatementChoice, float, statement};
use crate::tree::{Node, Parameter, Ty};

pub const STATEMENTS: &[StatementChoice] = &[
    (10, "struct bound", |g| {
        let name = g.name("p");
        let value = g.point(2)?;
        g.declare(Var::new(&name, point(), true).mutable());
        Some(statement("let mut %0 = $;", &[&name], vec![value]))
    }),
    (4, "struct with a type", |g| {
        let name = g.name("p");
        let value = g.point(2)?;
        g.declare(Var::new(&name, point(), true));
        Some(statement("let %0: P2 = $;", &[&name], vec![value]))
    }),
    (6, "field changed", |g| {
        let var = g.changeable(&point())?;
        let operator = g.choose(&["=", "+=", "*=", "-="]);
        let field = g.choose(&["x", "y"]);
        Some(statement(&format!("%0.{field} {operator} $;"), &[&var.name], vec![g.float(true, 2)]))
    }),
    (6, "struct changed", |g| {
        let var = g.changeable(&point())?;
        let value = g.point(2)?;
        let template = g.choose(&["%0 = $;", "%0 += $;", "%0 = %0 - $;"]);
        Some(statement(template, &[&var.name], vec![value]))
    }),
    (5, "method that changes self", |g| {
        let var = g.changeable(&point())?;
        Some(statement("%0.moved($, $);", &[&var.name], vec![g.float(true, 1), g.float(true, 1)]))
    }),
    (4, "struct pattern of values", |g| {
        let (a, b) = (g.name("a"), g.name("b"));
        let value = g.point(1)?;
        g.declare(Var::new(&a, Ty::F64, true));
        g.declare(Var::new(&b, Ty::F64, true).mutable());
        Some(statement("let P2 { x: %0, y: mut %1 } = $;", &[&a, &b], vec![value]))
    }),
    (4, "structs in a Vec", |g| {
        let (name, item, sum) = (g.name("ps"), g.name("e"), g.name("s"));
        let nodes = vec![g.point(1)?, g.point(1)?, g.place()?];
        g.declare(Var::new(&name, Ty::vec(point()), true));
        g.declare(Var::new(&sum, Ty::F64, true).mutable());
        Some(statement(
            "let %0 = vec![$, $];\nlet mut %2 = 0.0;\nfor %1 in &%0 { %2 += %1.dot(&$) * %1.x; }",
            &[&name, &item, &sum],
            nodes,
        ))
    }),
    (4, "structs in an array", |g| {
        let name = g.name("ps");
        let nodes = vec![g.point(1)?, g.point(1)?];
        g.declare(Var::new(&name, Ty::array(point(), 2), true));
        Some(statement("let %0 = [$, $];", &[&name], nodes))
    }),
    (4, "struct carried by a loop", |g| {
        let (name, i) = (g.name("p"), g.name("i"));
        let start = g.point(1)?;
        let body = g
            .with(vec![Var::new(&name, point(), true), Var::new(&i, crate::tree::USIZE, false)], |g| {
                g.point(2)
            })?;
        let count = g.below(4).to_string();
        g.declare(Var::new(&name, point(), true));
        Some(statement(
            "let mut %0 = $;\nfor %1 in 0..%2 { %0 = $ * (1.0 / (1.0 + %1§i)); }",
            &[&name, &i, &count],
            vec![start, body],
        ))
    }),
    (4, "struct chosen by a branch", |g| {
        let name = g.name("p");
        let nodes = vec![g.condition(true, 1), g.point(1)?, g.point(1)?];
        g.declare(Var::new(&name, point(), true));
        Some(statement("let %0 = if $ { $ } else { $ };", &[&name], nodes))
    }),
    (3, "closure over a struct", |g| {
        let (name, z) = (g.name("g"), g.name("z"));
        let place = g.place()?;
        let argument = g.float(true, 1);
        let x = g.name("x");
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let %0 = |%1: f64| $.along(%1);\nlet %2 = %0($);",
            &[&name, &z, &x],
            vec![place, argument],
        ))
    }),
    (3, "struct of structs", |g| {
        let name = g.name("net");
        let nodes = vec![g.float(true, 1), g.float(true, 1), g.float(true, 1), g.point(1)?];
        g.declare(Var::new(&name, Ty::named("Net"), true).mutable());
        Some(statement("let mut %0 = Net { w: vec![$, $], b: $, p: $, n: 3 };", &[&name], nodes))
    }),
    (3, "struct of structs changed", |g| {
        let var = g.changeable(&Ty::named("Net"))?;
        let template = g.choose(&["%0.b *= $;", "%0.w[1] = $;", "%0.p.x += $;", "%0.w.push($);"]);
        Some(statement(template, &[&var.name], vec![g.float(true, 2)]))
    }),
];

fn point() -> Ty {
    Ty::named("P2")
}

/// The types, and how their numbers are listed.
const TYPES: &str = "#[derive(Clone, Copy§d)]\npub struct P2 { pub x: f64, pub y: f64 }
impl support::Flat for P2 {
fn flatten(&self, values: &mut Vec<§rf64>, tangents: &mut Vec<[§rf64; 24]>) { self.x.flatten(values, tangents); self.y.flatten(values, tangents); }
fn seeded(&self, next: &mut u32) -> Self { P2 { x: self.x.seeded(next), y: self.y.seeded(next) } }
}
#[derive(Clone§d)]\npub struct Net { pub w: Vec<f64>, pub b: f64, pub p: P2, pub n: usize }
impl support::Flat for Net {
fn flatten(&self, values: &mut Vec<§rf64>, tangents: &mut Vec<[§rf64; 24]>) { self.w.flatten(values, tangents); self.b.flatten(values, tangents); self.p.flatten(values, tangents); }
fn seeded(&self, next: &mut u32) -> Self { Net { w: self.w.seeded(next), b: self.b.seeded(next), p: self.p.seeded(next), n: self.n } }
}";

/// A method: its head, the variables that it sees, and whether it gives a number.
type Method = (&'static str, &'static [(&'static str, &'static str)], bool);

const METHODS: &[Method] = &[
    ("fn dot(&self, other: &P2) -> f64", &[("self", "P2"), ("other", "P2")], true),
    ("fn along(&self, k: f64) -> f64", &[("self", "P2"), ("k", "f64")], true),
    ("fn norm(self) -> f64", &[("self", "P2")], true),
    ("fn scaled(self, k: f64) -> P2", &[("self", "P2"), ("k", "f64")], false),
    ("fn turned(&self, k: f64) -> Self", &[("self", "P2"), ("k", "f64")], false),
    ("fn new(x: f64, y: f64) -> P2", &[("x", "f64"), ("y", "f64")], false),
];

const OPERATORS: &[Method] = &[
    ("std::ops::Add|P2|fn add(self, other: P2) -> P2", &[("self", "P2"), ("other", "P2")], false),
    ("std::ops::Sub|P2|fn sub(self, other: P2) -> P2", &[("self", "P2"), ("other", "P2")], false),
    ("std::ops::Mul<f64>|P2|fn mul(self, k: f64) -> P2", &[("self", "P2"), ("k", "f64")], false),
    ("std::ops::Neg|P2|fn neg(self) -> P2", &[("self", "P2")], false),
];

impl Generator {
    /// The types, with methods and operators at random.
    pub(super) fn prepare_structs(&mut self) {
        self.items.push(Node::item(TYPES, vec![]));
        let mut methods: Vec<Node> =
            METHODS.iter().map(|method| self.struct_method(method.0, method)).collect();
        let (dx, dy) = (self.name("dx"), self.name("dy"));
        let seen = vec![
            Var::new("self.x", Ty::F64, true),
            Var::new("self.y", Ty::F64, true),
            Var::new(&dx, Ty::F64, true),
            Var::new(&dy, Ty::F64, true),
        ];
        let changes = self.alone(seen, |g| vec![g.float(true, 2), g.float(true, 1)]);
        let template =
            format!("fn moved(&mut self, {dx}: f64, {dy}: f64) {{\nself.x += $;\nself.y *= $;\n}}");
        methods.push(Node::item(&template, changes));
        self.items.push(Node::item(" §aimpl P2 {\n$\n}", vec![Node::list(methods)]));
        for operator in OPERATORS {
            let mut parts = operator.0.split('|');
            let mut part = || parts.next().unwrap_or_default();
            let (of, output, head) = (part(), part(), part());
            let method = self.struct_method(head, operator);
            let template = format!(" §aimpl {of} for P2 {{\ntype Output = {output};\n$\n}}");
            self.items.push(Node::item(&template, vec![method]));
        }
        let seen = || {
            vec![
                Var::new("self.x", Ty::F64, true),
                Var::new("self.y", Ty::F64, true),
                Var::new("other.x", Ty::F64, true),
                Var::new("other.y", Ty::F64, true),
            ]
        };
        let added = self.alone(seen(), |g| vec![g.float(true, 1), g.float(true, 1)]);
        self.items.push(Node::item(
            " §aimpl std::ops::AddAssign for P2 {\nfn add_assign(&mut self, other: P2) {\nself.x += $;\nself.y = $ + self.y;\n}\n}",
            added,
        ));
        let net = vec![
            Var::new("self.b", Ty::F64, true),
            Var::new("self.w", Ty::vec(Ty::F64), true),
            Var::new("self.p", point(), true),
            Var::new("x", Ty::F64, true),
        ];
        let tail = self.alone(net, |g| vec![g.float(true, 3)]);
        self.items.push(Node::item(
            " §aimpl Net {\nfn eval(&self, x: f64) -> f64 {\nlet mut sum = self.b;\nfor (i, w) in self.w.iter().enumerate() { sum += w * x.powi(i as i32); }\nsum * self.n§i + $\n}\nfn center(&self) -> P2 { self.p }\n}",
            tail,
        ));
    }

    fn struct_method(&mut self, head: &str, (_, sees, number): &Method) -> Node {
        let mut seen = Vec::new();
        for (name, ty) in *sees {
            if *ty == "P2" {
                seen.extend(["x", "y"].map(|field| Var::new(&format!("{name}.{field}"), Ty::F64, true)));
            } else {
                seen.push(Var::new(name, Ty::F64, true));
            }
        }
        let taken = sees[0].0 == "self" && self.one_in(3);
        let (a, b) = (self.name("a"), self.name("b"));
        let before = if taken {
            format!("let (mut {a}, {b}) = (self.x, self.y);\n{a} *= {b};\n")
        } else {
            String::new()
        };
        if taken {
            seen.extend([Var::new(&a, Ty::F64, true), Var::new(&b, Ty::F64, true)]);
        }
        let number = *number;
        let nodes = self.alone(seen, |g| {
            if number { vec![g.float(true, 3)] } else { vec![g.float(true, 2), g.float(true, 2)] }
        });
        let tail = if number { "$" } else { "P2 { x: $, y: $ }" };
        Node::item(&format!("{head} {{\n{before}{tail}\n}}"), nodes)
    }

    /// What is written where these variables alone are in scope.
    fn alone<T>(&mut self, seen: Vec<Var>, write: impl FnOnce(&mut Generator) -> T) -> T {
        let (outer, result) = (std::mem::take(&mut self.vars), self.result.take());
        let structs = std::mem::replace(&mut self.structs, false);
        let written = self.with(seen, write);
        self.vars = outer;
        self.result = result;
        self.structs = structs;
        written
    }

    /// A parameter of a type that carries gradients.
    pub(super) fn struct_parameter(&mut self) -> Parameter {
        let (hint, ty, argument, buffer) = match self.below(5) {
            0 | 1 => ("p", point(), "P2 { x: ?, y: ? }", "P2 { x: 0.0, y: 0.0 }"),
            2 => ("p", Ty::reference(point()), "&P2 { x: ?, y: ? }", "P2 { x: 0.0, y: 0.0 }"),
            3 => (
                "ps",
                Ty::slice(point()),
                "&[P2 { x: ?, y: ? }, P2 { x: ?, y: ? }]",
                "vec![P2 { x: 0.0, y: 0.0 }; 2]",
            ),
            _ => (
                "net",
                Ty::reference(Ty::named("Net")),
                "&Net { w: vec![?, ?], b: ?, p: P2 { x: ?, y: ? }, n: 2 }",
                "Net { w: vec![0.0; 2], b: 0.0, p: P2 { x: 0.0, y: 0.0 }, n: 2 }",
            ),
        };
        let name = self.name(hint);
        let mutable = ty == point() && self.one_in(4);
        let mut var = Var::new(&name, ty.clone(), true);
        var.mutable = mutable;
        self.declare(var);
        Parameter {
            pattern: if mutable { format!("mut {name}") } else { name },
            ty: ty.to_string(),
            constant: false,
            active: true,
            arguments: (0..2).map(|_| self.inputs(argument)).collect(),
            buffer: buffer.to_owned(),
        }
    }

    /// A place that holds a point.
    fn place(&mut self) -> Option<Node> {
        self.path(&point(), true)
    }

    /// A point.
    fn point(&mut self, depth: usize) -> Option<Node> {
        let ty = point();
        let make = |template: &str, nodes: Vec<Node>| Some(Node::expression(ty.clone(), template, nodes));
        if depth == 0 {
            return match self.place() {
                Some(place) => Some(place),
                None => make("P2 { x: $, y: $ }", vec![self.leaf(true), self.leaf(true)]),
            };
        }
        match self.below(11) {
            0 | 1 => make("P2 { x: $, y: $ }", vec![self.float(true, depth), self.float(true, depth)]),
            2 => make("P2::new($, $)", vec![self.float(true, depth), self.float(true, depth)]),
            3 => make("($ + $)", vec![self.point(depth - 1)?, self.point(depth - 1)?]),
            4 => make("($ - $)", vec![self.point(depth - 1)?, self.point(depth - 1)?]),
            5 => make("($ * $)", vec![self.point(depth - 1)?, self.float(true, 1)]),
            6 => make("(-$)", vec![self.point(depth - 1)?]),
            7 => make("$.turned($)", vec![self.point(depth - 1)?, self.float(true, 1)]),
            8 => make("$.scaled($)", vec![self.point(depth - 1)?, self.float(true, 1)]),
            9 => make("P2 { x: $, ..$ }", vec![self.float(true, 1), self.point(depth - 1)?]),
            _ => self.place(),
        }
    }

    /// A number that structs give.
    pub(super) fn number_of_structs(&mut self, depth: usize) -> Option<Node> {
        let depth = depth.min(2);
        let net = Ty::named("Net");
        let tagged = |node: Node, tag: &'static str| Some(node.tag(tag));
        match self.below(8) {
            0 => {
                let nodes = vec![self.point(depth)?, self.point(depth)?];
                tagged(Node::float("$.dot(&$)", nodes), "method with a struct")
            }
            1 => {
                let nodes = vec![self.point(depth)?, self.float(true, depth)];
                tagged(Node::float("$.along($)", nodes), "method with a number")
            }
            2 => tagged(Node::float("$.norm()", vec![self.point(depth)?]), "method that takes self"),
            3 => tagged(Node::float("($).x", vec![self.point(depth)?]), "field of a value"),
            4 => {
                let var = self.pick(|var| var.ty == net || var.ty == Ty::reference(net.clone()))?;
                let template = self.choose(&["%0.eval($)", "%0.eval($) * %0.center().y"]);
                tagged(float(template, &[&var.name], vec![self.float(true, depth)]), "method over a Vec")
            }
            5 => {
                let (name, z) = (self.name("t"), self.name("z"));
                let var = self.pick(|var| {
                    matches!(&var.ty, Ty::Slice(of) | Ty::Vec(of) | Ty::Array(of, _) if **of == point())
                })?;
                let template = self.choose(&[
                    "%0.iter().map(|%1| %1.x * %1.y).sum::<f64>()",
                    "%0.iter().map(|%1| %1.norm()).sum::<f64>()",
                    "%0.iter().fold(P2 { x: 0.5, y: 0.25 }, |%2, %1| %2 + *%1).norm()",
                ]);
                tagged(float(template, &[&var.name, &z, &name], vec![]), "iterator over structs")
            }
            _ => {
                let place = self.place()?;
                let template = self.choose(&["$.x", "$.y", "$.dot(&$)"]);
                let nodes = if template == "$.dot(&$)" { vec![place.clone(), place] } else { vec![place] };
                tagged(Node::float(template, nodes), "field")
            }
        }
    }
}
