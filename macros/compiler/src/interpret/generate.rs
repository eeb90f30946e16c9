//! Small programs at random: well-typed functions as people write them, that neither panic nor run long.

mod expression;
mod shape;
mod statement;

/// The splitmix64 generator: the same numbers on every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(limit.max(1)).expect("small")).expect("below the limit")
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Between −1.5 and 1.5, and never an edge of what the programs compare with.
    pub fn number(&mut self) -> f64 {
        (self.below(3_000) as f64 - 1_500.0) / 1_000.0 + 0.000_317
    }
}

/// How many elements every slice has that programs are given.
pub const LENGTH: usize = 4;

/// What a function gives.
#[derive(Clone, Copy, PartialEq)]
enum Output {
    Number,
    Pair,
    Array,
    Vec,
}

#[derive(Clone)]
struct Variable {
    name: String,
    mutable: bool,
}

#[derive(Clone)]
struct Array {
    name: String,
    length: usize,
    mutable: bool,
}

/// What is in scope.
#[derive(Clone, Default)]
struct Names {
    floats: Vec<Variable>,
    ints: Vec<Variable>,
    arrays: Vec<Array>,
    /// Slices of [`LENGTH`] elements.
    slices: Vec<String>,
    vecs: Vec<Variable>,
    /// `Vec`s of rows.
    rows: Vec<Variable>,
    pairs: Vec<Variable>,
    closures: Vec<String>,
}

/// A program that is being written.
pub struct Writer {
    random: Random,
    text: String,
    indent: usize,
    names: Names,
    /// The loops around, by their labels; none within a closure.
    loops: Vec<String>,
    fresh: usize,
    output: Output,
    /// Statements that may still be written.
    budget: usize,
    /// The functions that may be called.
    helpers: Vec<&'static str>,
}

/// The text of a file: `f`, and what it calls.
pub fn program(seed: u64) -> String {
    let mut random = Random(seed);
    let size = 3 + random.below(14);
    let output = match random.below(10) {
        0 => Output::Pair,
        1 => Output::Array,
        2 => Output::Vec,
        _ => Output::Number,
    };
    let called = random.below(3);
    let mut writer = Writer {
        random,
        text: String::new(),
        indent: 0,
        names: Names::default(),
        loops: Vec::new(),
        fresh: 0,
        output,
        budget: 0,
        helpers: Vec::new(),
    };
    let mut helpers = Vec::new();
    for helper in ["scalars", "sliced", "several"].into_iter().take(if called == 0 { 3 } else { 0 }) {
        writer.helper(helper);
        helpers.push(helper);
    }
    writer.helpers = helpers;
    writer.function("f", "x: f64, mut y: f64, xs: &[f64], v: [f64; 3], n: usize", output, size);
    writer.text
}

impl Writer {
    fn helper(&mut self, name: &'static str) {
        let size = 1 + self.random.below(4);
        match name {
            "scalars" => self.function(name, "x: f64, mut y: f64", Output::Number, size),
            "sliced" => self.function(name, "x: f64, xs: &[f64], n: usize", Output::Number, size),
            _ => self.function(name, "x: f64, v: [f64; 3]", Output::Pair, size),
        }
    }

    fn function(&mut self, name: &str, parameters: &str, output: Output, size: usize) {
        self.names = Names::default();
        for parameter in parameters.split(", ") {
            let (pattern, ty) = parameter.split_once(": ").expect("a typed parameter");
            let mutable = pattern.starts_with("mut ");
            let name = pattern.trim_start_matches("mut ").to_owned();
            match ty {
                "f64" => self.names.floats.push(Variable { name, mutable }),
                "usize" => self.names.ints.push(Variable { name, mutable }),
                "&[f64]" => self.names.slices.push(name),
                _ => self.names.arrays.push(Array { name, length: 3, mutable }),
            }
        }
        self.output = output;
        self.budget = size;
        let ty = match output {
            Output::Number => "f64",
            Output::Pair => "(f64, f64)",
            Output::Array => "[f64; 2]",
            Output::Vec => "Vec<f64>",
        };
        self.line("#[differentiable]");
        self.line(&format!("fn {name}({parameters}) -> {ty} {{"));
        self.indent += 1;
        while self.budget > 0 {
            self.statement();
        }
        let result = self.result();
        self.line(&result);
        self.indent -= 1;
        self.line("}");
    }

    /// What the function gives, or returns early.
    fn result(&mut self) -> String {
        match self.output {
            Output::Number => self.total(),
            Output::Pair => format!("({}, {})", self.total(), self.float(2)),
            Output::Array => format!("[{}, {}]", self.total(), self.float(2)),
            Output::Vec => {
                if let Some(vec) = self.pick(|names| names.vecs.iter().map(|vec| vec.name.clone()).collect())
                {
                    if self.indent == 1 {
                        return vec;
                    }
                    return format!("{vec}.clone()");
                }
                format!("vec![{}, {}]", self.total(), self.float(2))
            }
        }
    }

    /// Something that depends on most of what is in scope.
    fn total(&mut self) -> String {
        let mut terms = vec![self.float(2)];
        let floats: Vec<String> = self.names.floats.iter().map(|float| float.name.clone()).collect();
        for name in floats.into_iter().rev().take(4) {
            if self.random.below(3) > 0 {
                terms.push(name);
            }
        }
        if let Some(array) = self.names.arrays.last().cloned()
            && self.random.one_in(2)
        {
            terms.push(format!("{}[{}]", array.name, self.random.below(array.length)));
        }
        if let Some(pair) = self.names.pairs.last().cloned() {
            terms.push(format!("{}.{}", pair.name, self.random.below(2)));
        }
        terms.join(" + ")
    }

    // --- writing

    fn line(&mut self, text: &str) {
        self.text.push_str(&"    ".repeat(self.indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A block of some statements, and perhaps a value at its end.
    fn block(&mut self, head: &str, statements: usize, end: impl FnOnce(&mut Writer) -> Option<String>) {
        self.line(&format!("{head} {{"));
        self.indent += 1;
        let outer = self.names.clone();
        for _ in 0..statements {
            if self.budget > 0 {
                self.statement();
            }
        }
        if let Some(end) = end(self) {
            self.line(&end);
        }
        self.names = outer;
        self.indent -= 1;
    }

    fn name(&mut self, hint: &str) -> String {
        self.fresh += 1;
        format!("{hint}{}", self.fresh)
    }

    fn pick(&mut self, of: impl Fn(&Names) -> Vec<String>) -> Option<String> {
        let all = of(&self.names);
        (!all.is_empty()).then(|| all[self.random.below(all.len())].clone())
    }

    /// A float that may be assigned: one that is not hidden by another of its name.
    fn mutable_float(&mut self) -> Option<String> {
        self.pick(|names| {
            let latest = |name: &str| names.floats.iter().rev().find(|float| float.name == name);
            let names = names.floats.iter().map(|float| &float.name);
            names.filter(|name| latest(name).is_some_and(|float| float.mutable)).cloned().collect()
        })
    }
}
