//! Passive data: integers of every width, indices, conditions, `f32`s, characters.

use super::{Generator, expression};
use crate::tree::{Node, Ty, USIZE};

pub const WIDTHS: [&str; 10] = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"];

fn bits(name: &str) -> usize {
    match name {
        "u8" | "i8" => 8,
        "u16" | "i16" => 16,
        "u32" | "i32" => 32,
        _ => 64,
    }
}

impl Generator {
    /// An integer; it may be large, and seldom overflows.
    pub(super) fn int(&mut self, name: &'static str, depth: usize) -> Node {
        let ty = Ty::Int(name);
        if depth == 0 || self.one_in(4) {
            if let Some(path) = self.path(&ty, true)
                && !self.one_in(4)
            {
                return path;
            }
            if self.one_in(6)
                && let Some(path) = self.path(&Ty::Char, true)
            {
                return expression(ty, &format!("($ as u32 as {name})"), &[], vec![path]);
            }
            if self.one_in(3)
                && let Some((path, _)) = self.any_int()
            {
                return expression(ty, &format!("($ as {name})"), &[], vec![path]);
            }
            let limit = if self.one_in(4) { 120 } else { 9 };
            let text = format!("{}{name}", self.below(limit));
            return Node::leaf(ty, &text);
        }
        let inner = depth - 1;
        let shift = self.below(bits(name)).to_string();
        let template = match self.below(22) {
            0 => "($.wrapping_add($))",
            1 => "($.wrapping_mul($))",
            2 => "($.wrapping_sub($))",
            3 => "($ ^ $)",
            4 => "($ & $)",
            5 => "($ | $)",
            6 => "(!$)",
            7 => "($ >> %0)",
            8 => "($ << %0)",
            9 => "$.rotate_left(%0)",
            10 => "$.rotate_right(%0)",
            11 => "$.min($)",
            12 => "$.max($)",
            13 => "$.saturating_add($)",
            14 => "($ / 3)",
            15 => "$.count_ones() as %1",
            16 => "$.leading_zeros() as %1",
            17 => "($ % 7)",
            18 => "(if $ { $ } else { $ })",
            19 => "$.abs_diff($) as %1",
            20 if self.one_in(3) => "($ % 5 * 3)",
            _ if self.one_in(3) => "($ + $)",
            _ => "$.swap_bytes()",
        };
        let mut nodes = Vec::new();
        for _ in 0..template.matches('$').count() {
            if template.starts_with("(if") && nodes.is_empty() {
                nodes.push(self.condition(true, inner));
            } else {
                nodes.push(self.int(name, inner));
            }
        }
        let node = expression(ty.clone(), template, &[&shift, name], nodes);
        if template.ends_with("%1") { expression(ty, "($)", &[], vec![node]) } else { node }
    }

    /// A variable of any integer type.
    pub(super) fn any_int(&mut self) -> Option<(Node, &'static str)> {
        let start = self.below(WIDTHS.len());
        for offset in 0..WIDTHS.len() {
            let name = WIDTHS[(start + offset) % WIDTHS.len()];
            if let Some(path) = self.path(&Ty::Int(name), true) {
                return Some((path, name));
            }
        }
        None
    }

    /// A small integer of any type as an `f64`.
    pub(super) fn int_as_float(&mut self, depth: usize) -> Node {
        let name = self.choose(&WIDTHS);
        let int = self.int(name, depth);
        if self.one_in(6) && matches!(name, "u8" | "i8" | "u16" | "i16" | "u32" | "i32") {
            return Node::float("f64::from($ % 11)", vec![int]);
        }
        Node::float("(($ % 11)§i)", vec![int])
    }

    /// An index below the limit.
    pub(super) fn index(&mut self, limit: usize) -> Node {
        let limit_text = limit.to_string();
        match self.below(8) {
            0..=2 => {
                if let Some(path) = self.path(&USIZE, true) {
                    return expression(USIZE, "($ % %0)", &[&limit_text], vec![path]);
                }
            }
            3 if self.have.contains("index") && limit >= 3 => {
                let inner = self.index(limit);
                return expression(USIZE, "index($)", &[], vec![inner]);
            }
            4 => {
                if let Some((path, _)) = self.any_int() {
                    return expression(USIZE, "($ as usize % %0)", &[&limit_text], vec![path]);
                }
            }
            5 => {
                let int = self.int("usize", 2);
                return expression(USIZE, "($ % %0)", &[&limit_text], vec![int]);
            }
            6 if self.one_in(3) => {
                let stopped = self.float(true, 1);
                return expression(
                    USIZE,
                    "(§rf64::abs(stop_gradient($)§p) as usize % %0)",
                    &[&limit_text],
                    vec![stopped],
                );
            }
            _ => {}
        }
        Node::leaf(USIZE, &self.below(limit).to_string())
    }

    pub(super) fn condition(&mut self, active: bool, depth: usize) -> Node {
        let inner = depth.saturating_sub(1);
        if depth == 0 {
            if let Some(path) = self.path(&Ty::Bool, true)
                && self.one_in(3)
            {
                return path;
            }
            let float = self.float(active, 0);
            let literal = self.literal();
            return expression(Ty::Bool, "($ > %0)", &[&literal], vec![float]);
        }
        let (template, nodes) = match self.below(12) {
            0 => ("($ && $)", vec![self.condition(active, inner), self.condition(active, inner)]),
            1 => ("($ || $)", vec![self.condition(active, inner), self.condition(active, inner)]),
            2 => ("(!$)", vec![self.condition(active, inner)]),
            3 => {
                let name = self.choose(&WIDTHS);
                ("($ % 3 == 1)", vec![self.int(name, inner)])
            }
            4 => {
                let name = self.choose(&WIDTHS);
                ("($ < $)", vec![self.int(name, inner), self.int(name, inner)])
            }
            5 if self.have.contains("small") => ("small($)", vec![self.int("u8", inner)]),
            6 => {
                let name = self.choose(&WIDTHS);
                ("matches!($, 0 | 2..=5)", vec![self.int(name, inner)])
            }
            7 => {
                let one = self.float(active, inner);
                ("$.total_cmp(&$).is_lt()", vec![one, self.float(active, inner)])
            }
            8 if self.one_in(2) => match self.path(&Ty::Char, true) {
                Some(character) if self.one_in(2) => ("$.is_alphabetic()", vec![character]),
                Some(character) => ("matches!($, 'a'..='m' | '7')", vec![character]),
                None => ("$.is_nan()", vec![self.float(active, inner)]),
            },
            8 => ("$.is_sign_negative()", vec![self.float(active, inner)]),
            9 => match self.path(&Ty::Str, true) {
                Some(text) => ("$.starts_with('a')", vec![text]),
                None => ("$.is_finite()", vec![self.float(active, inner)]),
            },
            _ => ("($ > $)", vec![self.float(active, inner), self.float(active, inner)]),
        };
        expression(Ty::Bool, template, &[], nodes)
    }

    /// An `f32`: always data.
    pub(super) fn single(&mut self, depth: usize) -> Node {
        if depth == 0 || self.one_in(3) {
            if let Some(path) = self.path(&Ty::F32, false)
                && !self.one_in(3)
            {
                return path;
            }
            let text = self.choose(&["0.1f32", "1.3f32", "0.7f32"]);
            return Node::leaf(Ty::F32, text);
        }
        let inner = depth - 1;
        match self.below(6) {
            0 => {
                let float = self.float(false, inner);
                Node::expression(Ty::F32, "($§p as f32)", vec![float])
            }
            1 => Node::expression(Ty::F32, "$.sin()", vec![self.single(inner)]),
            2 if self.have.contains("thin") => Node::expression(Ty::F32, "thin($)", vec![self.single(inner)]),
            3 => Node::expression(Ty::F32, "($ + $)", vec![self.single(inner), self.single(inner)]),
            _ => Node::expression(Ty::F32, "($ * $)", vec![self.single(inner), self.single(inner)]),
        }
    }
}
