//! What stands around a function: constants and tables, types, plain functions; and the parameters.

use super::Generator;
use super::helpers::Helper;
use super::scope::Var;
use crate::tree::{Node, Parameter, Ty, USIZE};

/// Items by name, each with its text; a program takes some of them.
const ITEMS: &[(&str, &str)] = &[
    ("K", "const K: [f64; 3] = [0.5, 1.25, §n0.75];"),
    ("TABLE", "const TABLE: [(f64, f64); 2] = [(1.0, 0.5), (0.25, 1.5)];"),
    ("ROWS", "static ROWS: [[f64; 2]; 3] = [[0.5, 1.0], [§n1.5, 0.25], [0.75, 2.0]];"),
    ("WEIGHTS", "static WEIGHTS: &[f64] = &[0.4, 0.6, 1.1];"),
    ("C", "const C: f64 = 0.8;"),
    ("COUNT", "const COUNT: usize = 3;"),
    ("IDX", "const IDX: [usize; 3] = [2, 0, 1];"),
    ("BYTES", "static BYTES: [u8; 4] = [7, 200, 31, 90];"),
    ("KEYS", "const KEYS: &[(usize, f64)] = &[(0, 0.5), (1, 1.5)];"),
    (
        "Lib",
        "struct Lib;\nimpl Lib {\nconst GAIN: f64 = 1.25;\nconst TAPS: [f64; 2] = [0.5, 0.75];\nfn scale(k: usize) -> f64 { k§i * 0.25 }\n}",
    ),
    (
        "Sample",
        "struct Sample { x: f64, y: f64, k: u8, flag: bool, i: usize, xs: Vec<f64>, at: [f64; 2] }\nimpl Sample {\nfn size(&self) -> f64 { self.x + self.y }\n}",
    ),
    (
        "POINT",
        "#[derive(Clone, Copy)]\nstruct Point { x: f64, y: f64 }\nconst POINT: Point = Point { x: 0.5, y: 1.5 };\nstatic POINTS: [Point; 2] = [POINT, Point { x: 1.5, y: 0.25 }];",
    ),
    ("Layer", "enum Layer { Sine, Scale(f64), Shift { by: f64, times: u8 }, Many(Vec<f64>) }"),
    ("Real", "type Real = f64;"),
    ("State", "type State = [f64; 2];"),
    (
        "Pair",
        "mod shapes {\n#[allow(unused_imports)]\nuse super::*;\npub type Pair = (f64, f64);\npub const UNIT: f64 = 1.0;\n}",
    ),
    ("weight", "fn weight(n: usize) -> f64 { n§i * 0.5 + 0.25 }"),
    ("row", "fn row(n: usize) -> [f64; 2] { [n§i + 0.5, 1.25] }"),
    ("rowv", "fn rowv(n: usize) -> Vec<f64> { vec![n§i, 0.75] }"),
    ("pairn", "fn pairn(n: usize) -> (f64, f64) { (n§i, 0.5) }"),
    ("index", "fn index(n: usize) -> usize { (n * 7 + 1) % 3 }"),
    ("noisy", "fn noisy(n: usize) -> f64 { note(n as u32); n§i * 0.125 }"),
    ("small", "fn small(c: u8) -> bool { c < 100 }"),
    ("wide", "fn wide(c: u64) -> u64 { c.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60 }"),
    ("half", "fn half(c: f64) -> f64 { c * 0.5 }"),
    ("thin", "fn thin(c: f32) -> f32 { c * §r0.1 + §r0.7 }"),
    ("maybe", "fn maybe(n: usize) -> Option<f64> { if n % 2 == 0 { Some(n§i + 0.5) } else { None } }"),
    ("checked", "fn checked(n: usize) -> f64 { assert!(n < 9, \"n is {n}\"); n§i }"),
    (
        "Countdown",
        "struct Countdown(u32);\nimpl Iterator for Countdown {\ntype Item = f64;\nfn next(&mut self) -> Option<f64> {\nnote(self.0);\nif self.0 == 0 { return None; }\nself.0 -= 1;\nSome(self.0§i * 0.5)\n}\n}",
    ),
    ("evens", "fn evens(n: usize) -> impl Iterator<Item = usize> { (0..n).filter(|i| i % 2 == 0) }"),
    ("first", "fn first(v: &[f64]) -> f64 { v[0] * 0.5 }"),
    ("taken", "fn taken(v: Vec<f64>) -> f64 { v.iter().sum::<f64>() * 0.5 }"),
    (
        "recursive",
        "§afn recursive(x: f64, n: usize) -> f64 {\nif n == 0 { return x; }\nrecursive(x * 0.5 + 0.1, n - 1) * x\n}",
    ),
    (
        "deep",
        "mod deep {\n#[allow(unused_imports)]\nuse super::*;\n §apub fn inner(x: f64, y: f64) -> f64 { x * y.sin() }\n}",
    ),
    (
        "generic",
        "§afn generic<const N: usize>(v: [f64; N]) -> f64 {\nlet mut s = 0.0;\nfor i in 0..N { s += v[i] * i§i; }\ns\n}",
    ),
];

impl Generator {
    pub(super) fn prepare_items(&mut self) {
        for (name, text) in ITEMS {
            if !self.one_in(3) {
                continue;
            }
            self.have.insert(name);
            self.items.push(Node::item(text, vec![]));
            self.constants_of(name);
            self.helper_of(name);
        }
        if self.one_in(80) {
            self.items.push(Node::item("struct Fn;", vec![]).tag("a type of the name of a trait"));
        }
    }

    /// What the item gives to call.
    fn helper_of(&mut self, name: &str) {
        let (name, parameters) = match name {
            "recursive" => ("recursive", vec![(Ty::F64, false), (USIZE, false)]),
            "deep" => ("deep::inner", vec![(Ty::F64, false), (Ty::F64, false)]),
            "generic" => ("generic", vec![(Ty::array(Ty::F64, 2), false)]),
            _ => return,
        };
        self.helpers.push(Helper { name: name.to_owned(), parameters, result: Ty::F64 });
    }

    /// What the item brings into scope.
    fn constants_of(&mut self, name: &str) {
        let vars = match name {
            "K" => vec![Var::new("K", Ty::array(Ty::F64, 3), false)],
            "TABLE" => vec![Var::new("TABLE", Ty::array(Ty::pair(), 2), false)],
            "ROWS" => vec![Var::new("ROWS", Ty::array(Ty::array(Ty::F64, 2), 3), false)],
            "WEIGHTS" => vec![Var::new("WEIGHTS", Ty::slice(Ty::F64), false).length(3)],
            "C" => vec![Var::new("C", Ty::F64, false)],
            "COUNT" => vec![Var::new("COUNT", USIZE, false)],
            "IDX" => vec![Var::new("IDX", Ty::array(USIZE, 3), false)],
            "BYTES" => vec![Var::new("BYTES", Ty::array(Ty::Int("u8"), 4), false)],
            "KEYS" => vec![Var::new("KEYS", Ty::slice(Ty::Tuple(vec![USIZE, Ty::F64])), false)],
            "Lib" => vec![
                Var::new("Lib::GAIN", Ty::F64, false),
                Var::new("Lib::TAPS", Ty::array(Ty::F64, 2), false),
            ],
            "POINT" => vec![Var::new("POINT.x", Ty::F64, false), Var::new("POINTS[1].y", Ty::F64, false)],
            "Pair" => vec![Var::new("shapes::UNIT", Ty::F64, false)],
            _ => vec![],
        };
        self.globals.extend(vars);
    }

    pub(super) fn parameters(&mut self) -> Vec<Parameter> {
        let mut parameters = vec![self.parameter(0), self.parameter(1)];
        for _ in 0..self.below(5) {
            let kind = if self.one_in(2) { 10 + self.below(KINDS - 10) } else { self.below(KINDS) };
            if super::inputs_of(&parameters) < if self.structs { 10 } else { 16 } || kind > 9 {
                parameters.push(self.parameter(kind));
            }
        }
        // Types of the program's own are worth little without data of them.
        for (name, kind) in [("Sample", 19), ("Layer", 20)] {
            if self.have.contains(name) && self.one_in(2) {
                parameters.push(self.parameter(kind));
            }
        }
        parameters
    }

    fn parameter(&mut self, kind: usize) -> Parameter {
        if let 0..=9 = kind {
            return self.active_parameter(kind);
        }
        let sample = self.have.contains("Sample");
        let layer = self.have.contains("Layer");
        let (hint, ty, constant, arguments): (&str, Ty, bool, fn(&mut Generator) -> String) = match kind {
            10 | 11 => ("n", USIZE, false, |g| (1 + g.below(4)).to_string()),
            12 => ("c", Ty::F64, true, Generator::number),
            13 => ("cs", Ty::slice(Ty::F64), true, |g| format!("&[{}, {}, 0.5]", g.number(), g.number())),
            14 => ("ds", Ty::slice(Ty::pair()), true, |g| {
                format!("&[({}, {}), ({}, 1.5)]", g.number(), g.number(), g.number())
            }),
            15 => ("k", Ty::Int("u8"), false, |g| g.below(200).to_string()),
            16 => ("m", Ty::Int("i32"), false, |g| format!("{}", g.below(9))),
            17 => ("flag", Ty::Bool, false, |g| g.one_in(2).to_string()),
            18 => ("adj", Ty::slice(Ty::vec(USIZE)), false, |g| {
                format!("&[vec![{}, 1], vec![0], vec![1, {}]]", g.below(2), g.below(2))
            }),
            19 if sample => ("samples", Ty::slice(Ty::named("Sample")), true, |g| {
                let (one, other) = (g.sample(), g.sample());
                format!("&[{one}, {other}]")
            }),
            20 if layer => ("layers", Ty::slice(Ty::named("Layer")), true, |g| {
                let layers: Vec<String> = (0..3).map(|_| g.layer()).collect();
                format!("&[{}]", layers.join(", "))
            }),
            21 => ("grid", Ty::slice(Ty::vec(Ty::F64)), true, |g| {
                format!("&[vec![{}, {}], vec![0.5, {}]]", g.number(), g.number(), g.number())
            }),
            22 => ("text", Ty::Str, false, |g| g.choose(&["\"abz\"", "\"x1\"", "\"b\""]).to_owned()),
            23 => ("ids", Ty::slice(USIZE), false, |g| format!("&[{}, 1, {}]", g.below(2), g.below(2))),
            24 => ("fs", Ty::slice(Ty::F32), true, |_| "&[0.1f32, 0.7f32]".to_owned()),
            25 => ("maybe_c", Ty::option(Ty::F64), true, |g| {
                if g.one_in(2) { format!("Some({})", g.number()) } else { "None".to_owned() }
            }),
            26 => ("duo", Ty::slice(Ty::array(Ty::F64, 2)), true, |g| {
                format!("&[[{}, {}], [0.25, {}]]", g.number(), g.number(), g.number())
            }),
            27 => ("big", Ty::Int("u64"), false, |g| format!("{}", 1_000_003 * (1 + g.below(9000)))),
            _ => ("word", Ty::Int("u32"), false, |g| format!("{}", 12345 + g.below(90000))),
        };
        let name = self.name(hint);
        let length = match kind {
            13 | 18 | 23 => 3,
            _ => 2,
        };
        // The rows of adjacency lists have one element at least.
        let var = Var::new(&name, ty.clone(), false).length(if kind == 18 { 1 } else { length });
        self.declare(var);
        Parameter {
            pattern: name,
            ty: ty.to_string(),
            constant,
            active: false,
            arguments: (0..2).map(|_| arguments(self)).collect(),
            buffer: String::new(),
        }
    }

    fn active_parameter(&mut self, kind: usize) -> Parameter {
        let (hint, ty, argument, buffer): (&str, Ty, &str, &str) = match kind {
            0 | 1 => ("x", Ty::F64, "?", "0.0"),
            2 | 3 => ("v", Ty::slice(Ty::F64), "&[?, ?, ?]", "vec![0.0; 3]"),
            4 => ("a", Ty::array(Ty::F64, 3), "[?, ?, ?]", "[0.0; 3]"),
            5 => ("w", Ty::vec(Ty::F64), "vec![?, ?]", "vec![0.0; 2]"),
            6 => ("rows", Ty::slice(Ty::array(Ty::F64, 2)), "&[[?, ?], [?, ?]]", "vec![[0.0; 2]; 2]"),
            7 => ("p", Ty::pair(), "(?, ?)", "(0.0, 0.0)"),
            8 => ("r", Ty::reference(Ty::F64), "&?", "0.0"),
            _ => ("st", Ty::array(Ty::F64, 2), "[?, ?]", "[0.0; 2]"),
        };
        let mut name = self.name(hint);
        if self.one_in(25) && kind < 4 {
            let unusual =
                self.choose(&["r#match", "r#type", "f", "value", "buffer", "index", "seed", "frame"]);
            if self.vars.iter().all(|var| var.name != unusual) {
                unusual.clone_into(&mut name);
            }
        }
        let mutable = !matches!(ty, Ty::Slice(_) | Ty::Ref(_)) && self.one_in(4);
        let length = argument.matches('?').count().min(3);
        let length = if kind == 6 { 2 } else { length };
        let mut var = Var::new(&name, ty.clone(), true).length(length);
        var.mutable = mutable;
        let written = self.written(&ty);
        let arguments = (0..2).map(|_| self.inputs(argument)).collect();
        if kind == 7 && self.one_in(2) {
            let (one, other) = (self.name("pa"), self.name("pb"));
            self.declare(Var::new(&one, Ty::F64, true));
            self.declare(Var::new(&other, Ty::F64, true));
            name = format!("({one}, {other})");
        } else {
            self.declare(var);
            if mutable {
                name = format!("mut {name}");
            }
        }
        Parameter {
            pattern: name,
            ty: written,
            constant: false,
            active: true,
            arguments,
            buffer: buffer.to_owned(),
        }
    }

    /// `template` with an input in place of each `?`.
    pub(super) fn inputs(&mut self, template: &str) -> String {
        let mut text = String::new();
        for c in template.chars() {
            if c == '?' {
                text.push_str("§v");
                text.push_str(&self.number());
            } else {
                text.push(c);
            }
        }
        text
    }

    fn sample(&mut self) -> String {
        format!(
            "Sample {{ x: {}, y: {}, k: {}, flag: {}, i: {}, xs: vec![{}, 0.5], at: [{}, 1.0] }}",
            self.number(),
            self.number(),
            self.below(250),
            self.one_in(2),
            self.below(2),
            self.number(),
            self.number()
        )
    }

    fn layer(&mut self) -> String {
        match self.below(4) {
            0 => "Layer::Sine".to_owned(),
            1 => format!("Layer::Scale({})", self.number()),
            2 => format!("Layer::Shift {{ by: {}, times: {} }}", self.number(), self.below(4)),
            _ => format!("Layer::Many(vec![{}, 0.5])", self.number()),
        }
    }
}

const KINDS: usize = 29;
