//! Patterns, rows, and iterators that leave items out or stop, at random.

use super::{Variable, Writer};

impl Writer {
    // --- patterns

    /// A `match` on a slice or `Vec`, by its length and by guards.
    pub(super) fn matched_sequence(&mut self) {
        let Some(sequence) = self.part() else { return self.updated() };
        let name = self.name("a");
        let [first, second, rest] = [(); 3].map(|()| self.name("m"));
        self.line(&format!("let {name} = match {sequence} {{"));
        let inner = [self.float(1), self.float(1), self.float(1), self.float(2)];
        self.line(&format!("    [] => {},", inner[0]));
        self.line(&format!("    [{first}] | [_, {first}] if *{first} > 0.25 => {first} * {},", inner[1]));
        self.line(&format!("    [.., {second}, {first}] if {first} < {second} => {first} * {second},"));
        self.line(&format!(
            "    [{first}, {rest} @ .., _] => {first} * {rest}.iter().sum::<f64>() + {},",
            inner[2]
        ));
        self.line(&format!("    _ => {},", inner[3]));
        self.line("};");
        self.names.floats.push(Variable { name, mutable: false });
    }

    /// A chain of conditions that bind.
    pub(super) fn chain_of_conditions(&mut self) {
        let Some(sequence) = self.part() else { return self.updated() };
        let [name, first, last] = ["a", "m", "m"].map(|hint| self.name(hint));
        let condition = self.condition();
        let head = format!(
            "let {name} = if let [{first}, ..] = {sequence} && ({condition}) && let Some({last}) = {sequence}.get(1)"
        );
        self.block(&head, 0, |writer| Some(format!("{first} * {last} + {}", writer.float(1))));
        let size = self.random.below(2);
        self.block("} else", size, |writer| Some(writer.float(1)));
        self.line("};");
        self.names.floats.push(Variable { name, mutable: false });
    }

    /// `let … else`, which leaves.
    pub(super) fn let_or_leave(&mut self) {
        let Some(sequence) = self.part() else { return self.updated() };
        let [first, rest] = ["m", "r"].map(|hint| self.name(hint));
        let leaving = match self.loops.last().filter(|label| !label.ends_with("value")).cloned() {
            Some(label) => format!("continue {label}"),
            None => format!("return {}", self.result()),
        };
        self.line(&format!("let [_, {first}, {rest} @ ..] = {sequence} else {{ {leaving} }};"));
        let (name, value) = (self.name("a"), self.float(1));
        self.line(&format!("let {name} = {first} * {value} + {rest}.len() as f64;"));
        self.names.floats.push(Variable { name, mutable: false });
    }

    /// A slice of any length.
    fn part(&mut self) -> Option<String> {
        self.pick(|names| {
            let vecs = names.vecs.iter().map(|vec| format!("{}.as_slice()", vec.name));
            names.slices.iter().cloned().chain(vecs).collect()
        })
    }

    // --- rows

    pub(super) fn rows(&mut self) {
        let changing = self.pick(|names| {
            names.rows.iter().filter(|rows| rows.mutable).map(|rows| rows.name.clone()).collect()
        });
        let Some(rows) = changing else { return self.rows_made() };
        let vec = self.pick(|names| names.vecs.iter().map(|vec| vec.name.clone()).collect());
        match (self.random.below(8), vec) {
            (0 | 1, Some(vec)) => self.line(&format!("{rows}.push({vec}.clone());")),
            (2, _) => {
                let name = self.name("a");
                let otherwise = self.float(1);
                self.line(&format!(
                    "let {name} = {rows}.pop().map_or({otherwise}, |row| row.iter().sum::<f64>());"
                ));
                self.names.floats.push(Variable { name, mutable: false });
            }
            (3, _) => {
                let (index, value) = (self.int(), self.float(1));
                self.line(&format!("if {rows}.len() > {index} {{"));
                self.line(&format!("    {rows}[{index}].push({value});"));
                self.line("}");
            }
            (4, _) => {
                let (row, value) = (self.name("row"), self.float(1));
                self.line(&format!("while let Some(mut {row}) = {rows}.pop() {{"));
                self.line(&format!("    {row}.push({value});"));
                self.line(&format!("    if {row}.len() > 2 {{"));
                self.line(&format!("        {rows}.push({row});"));
                self.line("        break;");
                self.line("    }");
                self.line("}");
            }
            (5, _) => {
                let name = self.name("s");
                self.line(&format!("let mut {name}: Vec<f64> = {rows}.concat();"));
                self.names.vecs.push(Variable { name, mutable: true });
            }
            (6, _) => {
                self.line(&format!("if {rows}.len() > 1 {{"));
                self.line(&format!("    {rows}.swap(0, 1);"));
                self.line("}");
            }
            _ => {
                let values = [self.float(1), self.float(1)].join(", ");
                self.line(&format!("{rows}.push(vec![{values}]);"));
            }
        }
    }

    fn rows_made(&mut self) {
        let name = self.name("m");
        let item = self.name("u");
        let value = match (self.random.below(4), self.pick(|names| names.slices.clone())) {
            (0, _) => format!("vec![vec![{}; 2]; 2]", self.float(1)),
            (1, Some(slice)) => format!(
                "{slice}.windows(2).map(|{item}| vec![{item}[0], {item}[1] * {}]).collect()",
                self.float(1)
            ),
            (2, Some(slice)) => format!("{slice}.chunks(3).map(|{item}| {item}.to_vec()).collect()"),
            _ => "Vec::new()".to_owned(),
        };
        self.line(&format!("let mut {name}: Vec<Vec<f64>> = {value};"));
        self.names.rows.push(Variable { name, mutable: true });
    }

    /// A `Vec` that leaves an empty one behind.
    pub(super) fn taken(&mut self) {
        let changing = self
            .pick(|names| names.vecs.iter().filter(|vec| vec.mutable).map(|vec| vec.name.clone()).collect());
        let Some(vec) = changing else { return self.updated() };
        if self.random.one_in(2) {
            return self.rearranged(&vec);
        }
        let (name, item, value) = (self.name("s"), self.name("u"), self.float(1));
        self.line(&format!("let {name} = std::mem::take(&mut {vec});"));
        self.line(&format!("for {item} in &{name} {{"));
        self.line(&format!("    {vec}.push({item} * {value});"));
        self.line("}");
        self.names.vecs.push(Variable { name, mutable: false });
    }

    /// What moves the elements of a `Vec`.
    fn rearranged(&mut self, vec: &str) {
        let (index, value) = (self.int(), self.float(1));
        match self.random.below(5) {
            0 => self.line(&format!("{vec}.resize({index} % 5, {value});")),
            1 => {
                self.line(&format!("if {vec}.len() >= {index} {{"));
                self.line(&format!("    {vec}.insert({index}, {value});"));
                self.line("}");
            }
            2 => {
                let (name, method) = (self.name("a"), ["remove", "swap_remove"][self.random.below(2)]);
                self.line(&format!(
                    "let {name} = if {vec}.len() > {index} {{ {vec}.{method}({index}) * {value} }} else {{ {value} }};"
                ));
                self.names.floats.push(Variable { name, mutable: false });
            }
            3 => {
                let method = ["rotate_left", "rotate_right"][self.random.below(2)];
                self.line(&format!("if {vec}.len() > {index} {{"));
                self.line(&format!("    {vec}.{method}({index});"));
                self.line("}");
            }
            _ => {
                let name = self.name("s");
                self.line(&format!("let mut {name} = vec![{value}; 2];"));
                self.line(&format!("{vec}.append(&mut {name});"));
                self.names.vecs.push(Variable { name, mutable: true });
            }
        }
    }

    // --- iterators

    /// A chain that leaves items out, stops, or holds others; it ends in a number.
    pub(super) fn lazy_chain(&mut self, sequence: &str, body: &str) -> String {
        let item = self.name("u");
        let count = 1 + self.random.below(3);
        let kept = format!("{sequence}.iter().filter(|{item}| **{item} > 0.1)");
        match self.random.below(12) {
            0 => format!("{kept}.enumerate().map(|(i, {item})| {item} * i as f64 * {body}).sum::<f64>()"),
            1 => format!("{kept}.take({count}).map(|{item}| {item} * {body}).sum::<f64>()"),
            2 => format!("{kept}.skip(1).zip({sequence}.iter()).map(|(a, b)| a * b).sum::<f64>()"),
            3 => format!(
                "{sequence}.iter().take_while(|{item}| **{item} < 0.9).map(|{item}| {item} * {body}).sum::<f64>()"
            ),
            4 => format!("{sequence}.iter().skip_while(|{item}| **{item} < 0.2).step_by(2).sum::<f64>()"),
            5 => format!(
                "{sequence}.iter().scan(1.0, |t, {item}| {{ *t = *t * 0.5 + {item}; Some(*t) }}).map(|t| t * {body}).sum::<f64>()"
            ),
            6 => format!(
                "{sequence}.iter().flat_map(|{item}| (0..{count}).map(move |i| {item} * i as f64)).map(|t| t * {body}).sum::<f64>()"
            ),
            7 => {
                let other = self.sequence().unwrap_or_else(|| sequence.to_owned());
                format!(
                    "{sequence}.iter().chain({other}.iter()).rev().enumerate().map(|(i, {item})| {item} * i as f64).sum::<f64>()"
                )
            }
            8 => format!("{sequence}.iter().find(|{item}| **{item} > 0.3).copied().unwrap_or({body})"),
            9 => format!("{sequence}.iter().map(|{item}| {item} * {body}).nth({count}).unwrap_or(0.5)"),
            10 => format!(
                "{sequence}.iter().copied().max_by(|a, b| a.total_cmp(b)).map_or({body}, |{item}| {item} * 2.0)"
            ),
            _ => format!(
                "{sequence}.iter().map(|{item}| if *{item} > 0.2 {{ Some({item} * {body}) }} else {{ None }}).flatten().product::<f64>()"
            ),
        }
    }
}
