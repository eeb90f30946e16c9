//! Expressions at random.

use super::{LENGTH, Writer};

impl Writer {
    /// A number, so many operations deep at most.
    pub(super) fn float(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.one_in(4) {
            return self.leaf();
        }
        let inner = depth - 1;
        match self.random.below(20) {
            0..=2 => format!("({} + {})", self.float(inner), self.float(inner)),
            3..=4 => format!("({} - {})", self.float(inner), self.float(inner)),
            5..=7 => format!("({} * {})", self.float(inner), self.float(inner)),
            8 => {
                let below = self.float(inner);
                format!("({} / (1.5 + {below} * {below}))", self.float(inner))
            }
            9 => format!("-{}", self.leaf()),
            10..=12 => {
                let method = ["sin", "cos", "tanh", "abs", "atan", "sigmoid", "relu"][self.random.below(7)];
                format!("({} + 0.25_f64).{method}()", self.float(inner))
            }
            13 => {
                let method = ["max", "min", "hypot"][self.random.below(3)];
                format!("({} + 0.125_f64).{method}({})", self.float(inner), self.float(inner))
            }
            14 => format!("({} * 0.5_f64).powi({})", self.float(inner), self.random.below(4)),
            15 => {
                let condition = self.condition();
                format!("if {condition} {{ {} }} else {{ {} }}", self.float(inner), self.float(inner))
                    .parenthesised()
            }
            16 => self.chain(inner),
            17 => self.call(inner),
            18 => format!("({} as f64 * {})", self.int(), self.float(inner)),
            _ => {
                let name = self.name("q");
                format!("{{ let {name} = {}; {name} * {} }}", self.float(inner), self.leaf()).parenthesised()
            }
        }
    }

    fn leaf(&mut self) -> String {
        let names = &self.names;
        let mut choices: Vec<String> =
            names.floats.iter().rev().take(6).map(|float| float.name.clone()).collect();
        choices.extend(names.pairs.iter().map(|pair| format!("{}.0", pair.name)));
        choices.extend(names.pairs.iter().map(|pair| format!("{}.1", pair.name)));
        let (arrays, slices) = (names.arrays.clone(), names.slices.clone());
        for array in arrays {
            let index = self.index(array.length);
            choices.push(format!("{}[{index}]", array.name));
        }
        for slice in slices {
            let index = self.index(LENGTH);
            choices.push(format!("{slice}[{index}]"));
        }
        if choices.is_empty() || self.random.one_in(8) {
            return ["0.5_f64", "1.25_f64", "2.0_f64", "0.0_f64"][self.random.below(4)].to_owned();
        }
        let at = self.random.below(choices.len());
        choices[at].clone()
    }

    /// An index into something of this length.
    pub(super) fn index(&mut self, length: usize) -> String {
        match self.random.below(3) {
            0 if !self.names.ints.is_empty() => format!("{} % {length}", self.int()),
            _ => self.random.below(length).to_string(),
        }
    }

    /// A small integer that is not negative.
    pub(super) fn int(&mut self) -> String {
        match self.pick(|names| names.ints.iter().map(|int| int.name.clone()).collect()) {
            Some(name) if self.random.one_in(4) => format!("({name} + {})", self.random.below(4)),
            Some(name) => name,
            None => format!("{}_usize", self.random.below(4)),
        }
    }

    pub(super) fn condition(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("{} % 2 == 0", self.int()),
            1 => format!("{} < {}", self.int(), self.random.below(5)),
            2 => format!("{} > 0.0 && {} < 1.0", self.leaf(), self.float(1)),
            3 => format!("{} > 0.25 || {} % 3 == 1", self.leaf(), self.int()),
            4 => format!("!({} > {})", self.leaf(), self.leaf()),
            _ => format!("{} > {}", self.float(1), self.leaf()),
        }
    }

    /// What is iterated over: `&f64`s.
    pub(super) fn sequence(&mut self) -> Option<String> {
        self.pick(|names| {
            let slices = names.slices.iter().cloned();
            let arrays = names.arrays.iter().map(|array| array.name.clone());
            let vecs = names.vecs.iter().map(|vec| vec.name.clone());
            slices.chain(arrays).chain(vecs).collect()
        })
    }

    /// An iterator that ends in a number.
    fn chain(&mut self, depth: usize) -> String {
        let item = self.name("u");
        let Some(sequence) = self.sequence() else {
            let body = self.float(depth);
            return format!("(0..3).map(|{item}| {body} * {item} as f64).sum::<f64>()");
        };
        let body = self.float(depth);
        match self.random.below(14) {
            0 => format!("{sequence}.iter().sum::<f64>()"),
            1 => format!("{sequence}.iter().map(|{item}| {item} * {body}).sum::<f64>()"),
            2 => format!("{sequence}.iter().fold({body}, |t, {item}| t * 0.5 + {item})"),
            3 => format!("{sequence}.iter().map(|&{item}| {item} + {body}).product::<f64>()"),
            4 => format!(
                "{sequence}.iter().filter(|&&{item}| {item} > 0.1).map(|{item}| {item} * {body}).sum::<f64>()"
            ),
            5 => {
                let other = self.sequence().unwrap_or_else(|| sequence.clone());
                format!("{sequence}.iter().zip({other}.iter()).map(|(a, b)| a * b).sum::<f64>()")
            }
            6 => format!(
                "{sequence}.iter().rev().enumerate().map(|(i, {item})| {item} * i as f64).sum::<f64>()"
            ),
            8.. => self.lazy_chain(&sequence, &body),
            _ => {
                format!("{sequence}.iter().skip(1).take(2).map(|{item}| {item}.sin() * {body}).sum::<f64>()")
            }
        }
    }

    /// A call of a closure or of another function.
    fn call(&mut self, depth: usize) -> String {
        if let Some(closure) = self.pick(|names| names.closures.clone())
            && self.random.one_in(2)
        {
            return format!("{closure}({})", self.float(depth));
        }
        let argument = self.float(depth);
        let Some(helper) = self.helpers.get(self.random.below(3)).copied() else {
            return format!("f64::sin({argument})");
        };
        match helper {
            "scalars" => format!("scalars({argument}, {})", self.leaf()),
            "sliced" => match self.pick(|names| names.slices.clone()) {
                Some(slice) => format!("sliced({argument}, {slice}, {})", self.int()),
                None => argument,
            },
            _ => {
                let parts = [self.leaf(), self.leaf(), self.leaf()].join(", ");
                format!("several({argument}, [{parts}]).{}", self.random.below(2))
            }
        }
    }
}

trait Parenthesised {
    fn parenthesised(self) -> String;
}

impl Parenthesised for String {
    fn parenthesised(self) -> String {
        format!("({self})")
    }
}
