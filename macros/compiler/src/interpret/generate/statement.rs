//! Statements at random.

use super::{Array, Variable, Writer};

impl Writer {
    pub(super) fn statement(&mut self) {
        self.budget = self.budget.saturating_sub(1);
        match self.random.below(42) {
            0..=3 => self.bound(),
            4..=7 => self.updated(),
            8 => self.pair(),
            9..=10 => self.array(),
            11..=12 => self.element(),
            13 => self.vec(),
            14..=15 => self.vec_changed(),
            16..=18 => self.branch(),
            19 => self.chosen(),
            20 => self.matched(),
            21..=24 => self.counted(),
            25 => self.over_items(),
            26 => self.while_loop(),
            27 => self.left_loop(),
            28..=29 => self.leave(),
            30 => self.closure(),
            31 => self.integer(),
            32 => self.late(),
            33 => self.matched_sequence(),
            34 => self.chain_of_conditions(),
            35 => self.let_or_leave(),
            36..=39 => self.rows(),
            40 => self.taken(),
            _ => self.labelled(),
        }
    }

    fn add_float(&mut self, name: String, mutable: bool) {
        self.names.floats.push(Variable { name, mutable });
    }

    fn bound(&mut self) {
        // A name that is taken is hidden from here on.
        let shadowed = self.pick(|names| names.floats.iter().map(|float| float.name.clone()).collect());
        let name = match shadowed {
            Some(name) if self.random.one_in(6) => name,
            _ => self.name("a"),
        };
        let mutable = self.random.one_in(2);
        let value = match self.random.below(10) {
            0 => format!("stop_gradient({})", self.float(1)),
            1 => "0.0".to_owned(),
            _ => self.float(3),
        };
        self.line(&format!("let {}{name}: f64 = {value};", if mutable { "mut " } else { "" }));
        self.add_float(name, mutable);
    }

    pub(super) fn updated(&mut self) {
        let Some(name) = self.mutable_float() else { return self.bound() };
        let value = self.float(2);
        let operator = ["+=", "-=", "*=", "=", "/="][self.random.below(5)];
        match operator {
            "/=" => self.line(&format!("{name} /= 1.5 + ({value}).abs();")),
            "*=" => self.line(&format!("{name} *= ({value}).tanh();")),
            _ => self.line(&format!("{name} {operator} {value};")),
        }
    }

    fn pair(&mut self) {
        match self.names.pairs.last().cloned() {
            Some(pair) if pair.mutable && self.random.one_in(2) => {
                let value = self.float(2);
                let operator = ["=", "+="][self.random.below(2)];
                self.line(&format!("{}.{} {operator} {value};", pair.name, self.random.0 % 2));
            }
            Some(pair) if self.random.one_in(2) => {
                let (a, b) = (self.name("a"), self.name("b"));
                self.line(&format!("let ({a}, mut {b}) = {};", pair.name));
                self.add_float(a, false);
                self.add_float(b, true);
            }
            _ => {
                let name = self.name("p");
                let (a, b) = (self.float(2), self.float(2));
                self.line(&format!("let mut {name} = ({a}, {b});"));
                self.names.pairs.push(Variable { name, mutable: true });
            }
        }
    }

    fn array(&mut self) {
        let name = self.name("r");
        let length = 2 + self.random.below(2);
        let value = match self.random.below(3) {
            0 => format!("[{}; {length}]", self.leaf_or_zero()),
            _ => format!("[{}]", (0..length).map(|_| self.float(1)).collect::<Vec<_>>().join(", ")),
        };
        self.line(&format!("let mut {name} = {value};"));
        self.names.arrays.push(Array { name, length, mutable: true });
    }

    fn leaf_or_zero(&mut self) -> String {
        if self.random.one_in(2) { "0.0".to_owned() } else { self.float(1) }
    }

    fn element(&mut self) {
        let arrays: Vec<Array> = self.names.arrays.iter().filter(|array| array.mutable).cloned().collect();
        if arrays.is_empty() {
            return self.array();
        }
        let array = arrays[self.random.below(arrays.len())].clone();
        let (index, value) = (self.index(array.length), self.float(2));
        match self.random.below(8) {
            0 => {
                let other = self.index(array.length);
                self.line(&format!("{}.swap({index}, {other});", array.name));
            }
            1 => {
                // Nothing of the array is read while it is borrowed.
                let arrays = std::mem::take(&mut self.names.arrays);
                let value = self.float(1);
                self.names.arrays = arrays;
                self.line(&format!("for e in {}.iter_mut() {{", array.name));
                self.line(&format!("    *e = *e * 0.5 + {value};"));
                self.line("}");
            }
            2 => {
                let name = self.name("r");
                self.line(&format!("let mut {name} = {};", array.name));
                self.names.arrays.push(Array { name, ..array });
            }
            at => {
                let operator = if at < 5 { "=" } else { "+=" };
                self.line(&format!("{}[{index}] {operator} {value};", array.name));
            }
        }
    }

    fn vec(&mut self) {
        let name = self.name("s");
        let value = match self.random.below(5) {
            0 => "Vec::new()".to_owned(),
            1 => format!("vec![{}; 3]", self.float(1)),
            2 => match self.pick(|names| names.slices.clone()) {
                Some(slice) => format!("{slice}.to_vec()"),
                None => "Vec::new()".to_owned(),
            },
            3 => match self.pick(|names| names.slices.clone()) {
                Some(slice) => {
                    let item = self.name("u");
                    format!("{slice}.iter().map(|{item}| {item} * {}).collect()", self.float(1))
                }
                None => "Vec::new()".to_owned(),
            },
            _ => format!("vec![{}, {}]", self.float(1), self.float(1)),
        };
        self.line(&format!("let mut {name}: Vec<f64> = {value};"));
        self.names.vecs.push(Variable { name, mutable: true });
    }

    fn vec_changed(&mut self) {
        let changing = self
            .pick(|names| names.vecs.iter().filter(|vec| vec.mutable).map(|vec| vec.name.clone()).collect());
        let Some(vec) = changing else { return self.vec() };
        match self.random.below(8) {
            0 => {
                let name = self.name("a");
                let otherwise = self.float(1);
                self.line(&format!("let {name} = {vec}.pop().unwrap_or({otherwise});"));
                self.add_float(name, false);
            }
            1 => self.line(&format!("{vec}.truncate({});", self.random.0 % 4)),
            2 => self.line(&format!("{vec}.clear();")),
            3 => {
                let (name, index, value) = (self.name("a"), self.int(), self.float(1));
                self.line(&format!(
                    "let {name} = if {vec}.len() > {index} {{ {vec}[{index}] * {value} }} else {{ {value} }};"
                ));
                self.add_float(name, false);
            }
            4 => {
                let (index, value) = (self.int(), self.float(1));
                self.line(&format!("if {vec}.len() > {index} {{"));
                self.line(&format!("    {vec}[{index}] += {value};"));
                self.line("}");
            }
            5 => {
                let item = self.name("u");
                let value = self.float(1);
                self.line(&format!("if let Some({item}) = {vec}.pop() {{"));
                self.line(&format!("    {vec}.push({item} * {value});"));
                self.line("}");
            }
            _ => {
                let value = self.float(2);
                self.line(&format!("{vec}.push({value});"));
            }
        }
    }

    // --- branches

    fn branch(&mut self) {
        let condition = self.condition();
        let size = 1 + self.random.below(3);
        self.block(&format!("if {condition}"), size, |_| None);
        if self.random.one_in(2) {
            let size = 1 + self.random.below(2);
            self.block("} else", size, |_| None);
        }
        self.line("}");
    }

    fn chosen(&mut self) {
        let (name, condition) = (self.name("a"), self.condition());
        let size = self.random.below(3);
        self.block(&format!("let mut {name} = if {condition}"), size, |writer| Some(writer.float(2)));
        let size = self.random.below(3);
        self.block("} else", size, |writer| Some(writer.float(2)));
        self.line("};");
        self.add_float(name, true);
    }

    fn matched(&mut self) {
        let (name, number) = (self.name("a"), self.int());
        self.line(&format!("let {name} = match {number} % 4 {{"));
        self.indent += 1;
        for pattern in ["0 =>", "1 | 2 =>", "_ =>"] {
            let size = self.random.below(2);
            self.block(pattern, size, |writer| Some(writer.float(2)));
            self.line("}");
        }
        self.indent -= 1;
        self.line("};");
        self.add_float(name, false);
    }

    fn late(&mut self) {
        let (name, condition) = (self.name("a"), self.condition());
        let (yes, no) = (self.float(2), self.float(2));
        self.line(&format!("let {name}: f64;"));
        self.line(&format!("if {condition} {{"));
        self.line(&format!("    {name} = {yes};"));
        self.line("} else {");
        self.line(&format!("    {name} = {no};"));
        self.line("}");
        self.add_float(name, false);
    }

    fn labelled(&mut self) {
        let (name, label, condition) = (self.name("a"), self.name("'b"), self.condition());
        let early = self.float(2);
        self.block(&format!("let {name} = {label}:"), 0, |writer| {
            writer.line(&format!("if {condition} {{ break {label} {early}; }}"));
            writer.loops.push(format!("{label} with a value"));
            let size = writer.random.below(3);
            for _ in 0..size {
                if writer.budget > 0 {
                    writer.statement();
                }
            }
            writer.loops.pop();
            Some(writer.float(2))
        });
        self.line("};");
        self.add_float(name, false);
    }

    // --- loops

    fn looped(&mut self, head: &str, inside: impl FnOnce(&mut Writer)) {
        if self.loops.len() > 1 {
            return self.updated();
        }
        let label = self.name("'l");
        self.line(&format!("{label}: {head} {{"));
        self.loops.push(label);
        self.indent += 1;
        let outer = self.names.clone();
        inside(self);
        let size = 1 + self.random.below(4);
        for _ in 0..size {
            if self.budget > 0 {
                self.statement();
            }
        }
        if self.random.one_in(2) {
            self.updated();
        }
        self.names = outer;
        self.indent -= 1;
        self.loops.pop();
        self.line("}");
    }

    fn counted(&mut self) {
        let index = self.name("i");
        let head = match self.random.below(4) {
            0 => format!("for {index} in (0..{}).rev()", 1 + self.random.below(4)),
            1 => format!("for {index} in 0..n"),
            2 => format!("for {index} in 1..={}", 1 + self.random.below(3)),
            _ => format!("for {index} in 0..{}", self.random.below(5)),
        };
        let known = self.names.ints.iter().any(|int| int.name == "n");
        let head = if known { head } else { head.replace("0..n", "0..3") };
        self.looped(&head, |writer| writer.names.ints.push(Variable { name: index, mutable: false }));
    }

    fn over_items(&mut self) {
        let (item, index) = (self.name("e"), self.name("i"));
        let Some(slice) = self.pick(|names| names.slices.clone()) else { return self.counted() };
        let vec = self.pick(|names| names.vecs.iter().map(|vec| vec.name.clone()).collect());
        match (self.random.below(4), vec) {
            (0, _) => {
                let head = format!("for ({index}, &{item}) in {slice}.iter().enumerate()");
                self.looped(&head, |writer| {
                    writer.names.ints.push(Variable { name: index, mutable: false });
                    writer.add_float(item, false);
                });
            }
            (1, Some(vec)) => {
                let head = format!("for &{item} in &{vec}");
                self.looped(&head, |writer| {
                    // It is borrowed.
                    writer.names.vecs.iter_mut().for_each(|known| known.mutable &= known.name != vec);
                    writer.add_float(item, false);
                });
            }
            (2, _) => {
                let head = format!("for {item} in {slice}.windows(2)");
                self.looped(&head, |writer| {
                    writer.names.arrays.push(Array { name: item, length: 2, mutable: false });
                });
            }
            _ => self.looped(&format!("for &{item} in {slice}"), |writer| writer.add_float(item, false)),
        }
    }

    fn while_loop(&mut self) {
        let (counter, condition) = (self.name("w"), self.condition());
        let bound = 1 + self.random.below(4);
        self.line(&format!("let mut {counter}: usize = 0;"));
        self.looped(&format!("while {counter} < {bound} && ({condition})"), |writer| {
            writer.line(&format!("{counter} += 1;"));
            writer.names.ints.push(Variable { name: counter, mutable: false });
        });
    }

    fn left_loop(&mut self) {
        let (counter, name) = (self.name("w"), self.name("a"));
        let bound = 1 + self.random.below(3);
        if self.loops.len() > 1 {
            return self.updated();
        }
        self.line(&format!("let mut {counter}: usize = 0;"));
        let label = self.name("'l");
        self.loops.push(format!("{label} with a value"));
        self.block(&format!("let {name} = {label}: loop"), 0, |writer| {
            let size = 1 + writer.random.below(2);
            for _ in 0..size {
                if writer.budget > 0 {
                    writer.statement();
                }
            }
            let value = writer.float(2);
            writer.line(&format!("if {counter} == {bound} {{ break {value}; }}"));
            writer.line(&format!("{counter} += 1;"));
            None
        });
        self.loops.pop();
        self.line("};");
        self.add_float(name, false);
    }

    fn leave(&mut self) {
        let condition = self.condition();
        let label = match self.loops.len() {
            0 => None,
            count => Some(self.loops[self.random.below(count)].clone()),
        };
        let leaving = match (self.random.below(4), label) {
            (0, _) | (_, None) => format!("return {}", self.result()),
            (1, Some(label)) if !label.ends_with("value") => format!("continue {label}"),
            (_, Some(label)) => match label.strip_suffix(" with a value") {
                Some(label) => format!("break {label} {}", self.float(1)),
                None => format!("break {label}"),
            },
        };
        self.line(&format!("if {condition} {{"));
        if self.random.one_in(3) {
            let outer = self.names.clone();
            self.indent += 1;
            self.updated();
            self.indent -= 1;
            self.names = outer;
        }
        self.line(&format!("    {leaving};"));
        self.line("}");
    }

    // --- others

    fn closure(&mut self) {
        let (name, item) = (self.name("g"), self.name("u"));
        // It sees what does not change.
        let outer = self.names.clone();
        self.names.floats.retain(|float| !float.mutable);
        self.names.arrays.retain(|array| !array.mutable);
        self.names.vecs.clear();
        self.names.rows.clear();
        self.names.pairs.clear();
        self.names.ints.retain(|int| !int.mutable);
        self.add_float(item.clone(), false);
        let body = self.float(3);
        self.names = outer;
        self.line(&format!("let {name} = |{item}: f64| {body};"));
        self.names.closures.push(name);
    }

    fn integer(&mut self) {
        let changing = self
            .pick(|names| names.ints.iter().filter(|int| int.mutable).map(|int| int.name.clone()).collect());
        match changing {
            Some(name) if self.random.below(3) > 0 => {
                let value = self.int();
                match self.random.below(2) {
                    0 => self.line(&format!("{name} = ({name} * 3 + {value}) % 7;")),
                    _ => self.line(&format!("{name} += {};", self.random.0 % 3)),
                }
            }
            _ => {
                let (name, value, condition) = (self.name("k"), self.int(), self.condition());
                match self.random.below(2) {
                    0 => self.line(&format!("let mut {name}: usize = {value};")),
                    _ => self
                        .line(&format!("let mut {name}: usize = if {condition} {{ {value} }} else {{ 2 }};")),
                }
                self.names.ints.push(Variable { name, mutable: true });
            }
        }
    }
}
