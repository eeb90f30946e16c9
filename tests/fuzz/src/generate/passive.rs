//! Statements over data, and effects.

use super::data::WIDTHS;
use super::scope::Var;
use super::{StatementChoice, statement};
use crate::tree::{Ty, USIZE};

pub const CHOICES: &[StatementChoice] = &[
    (10, "integer with a declared type", |g| {
        let name = g.name("n");
        let ty = g.choose(&WIDTHS);
        if g.one_in(3) {
            let value = (1 + g.below(100)).to_string();
            g.declare(Var::new(&name, Ty::Int(ty), false));
            return Some(statement("let %0: %1 = %2;", &[&name, ty, &value], vec![]));
        }
        let value = g.int(ty, 3);
        g.declare(Var::new(&name, Ty::Int(ty), false));
        Some(statement("let %0: %1 = $;", &[&name, ty], vec![value]))
    }),
    (6, "integer without a type", |g| {
        let name = g.name("n");
        let ty = g.choose(&WIDTHS);
        let value = g.int(ty, 3);
        g.declare(Var::new(&name, Ty::Int(ty), false));
        Some(statement("let %0 = $;", &[&name], vec![value]))
    }),
    (6, "integer inferred from a later use", |g| {
        let (name, other) = (g.name("n"), g.name("n"));
        let value = (1 + g.below(100)).to_string();
        let data = g.path(&Ty::Int("u8"), true)?;
        g.declare(Var::new(&other, Ty::Int("u8"), false));
        if g.have.contains("small") && g.one_in(2) {
            let template = "let %0 = %2;\nassert!(small(%0));\nlet %1 = !%0;";
            return Some(statement(template, &[&name, &other, &value], vec![]));
        }
        let template = g.choose(&[
            "let %0 = %2;\nlet %1 = $.wrapping_add(%0);",
            "let %0 = %2;\nlet %1 = if $ > %0 { !%0 } else { %0 };",
            "let %0;\n%0 = %2;\nlet %1 = !%0 ^ $;",
        ]);
        Some(statement(template, &[&name, &other, &value], vec![data]))
    }),
    (4, "integer initialised late", |g| {
        let name = g.name("n");
        let ty = g.choose(&WIDTHS);
        let condition = g.condition(true, 1);
        let value = g.int(ty, 2);
        g.declare(Var::new(&name, Ty::Int(ty), false));
        let template = "let %0: %1;\nif $ { %0 = 7; } else { %0 = $; }";
        Some(statement(template, &[&name, ty], vec![condition, value]))
    }),
    (5, "generator of random integers", |g| {
        let (state, i) = (g.name("n"), g.name("i"));
        let ty = g.choose(&["u32", "u64", "u16"]);
        let (accumulator, start) = g.accumulator();
        let seed = (123 + g.below(4000)).to_string();
        let value = g.float(true, 1);
        g.declare(Var::new(&state, Ty::Int(ty), false));
        let template = g.choose(&[
            "let mut %0: %1 = %2;\nfor %3 in 0..3 { %0 ^= %0 << 5; %0 ^= %0 >> 3; %4 += (%0 % 10)§i * $ * %3§i; }",
            "let mut %0: %1 = %2;\nfor %3 in 0..3 { %0 = %0.wrapping_mul(75).wrapping_add(74); %4 += (%0 % 10)§i * $ + %3§i; }",
            "let mut %0: %1 = %2;\nfor %3 in 0..2u32 { %0 = %0.rotate_left(3 + %3) ^ 0x5a; %4 += (%0 % 10)§i * $; }",
        ]);
        let node = statement(template, &[&state, ty, &seed, &i, &accumulator], vec![value]);
        Some(super::repeat::joined(start, node))
    }),
    (4, "integer that a loop changes", |g| {
        let (n, i) = (g.name("n"), g.name("i"));
        let ty = g.choose(&WIDTHS);
        let start = (1 + g.below(20)).to_string();
        let int = g.int(ty, 1);
        g.declare(Var::new(&n, Ty::Int(ty), false));
        let template = g.choose(&[
            "let mut %0: %1 = %2;\nfor %3 in 0..3 { if %3 != 1 { %0 = %0.wrapping_add($); } }",
            "let mut %0: %1 = %2;\nfor %3 in 0..3 { %0 /= 2; %0 |= $; let _ = %3; }",
            "let mut %0: %1 = %2;\nfor %3 in 0..3 { %0 -= $ % 5; let _ = %3; }",
        ]);
        Some(statement(template, &[&n, ty, &start, &i], vec![int]))
    }),
    (4, "boolean", |g| {
        let name = g.name("b");
        let value = g.condition(true, 3);
        g.declare(Var::new(&name, Ty::Bool, false));
        Some(statement("let %0 = $;", &[&name], vec![value]))
    }),
    (3, "f32 variable", |g| {
        let name = g.name("s");
        let value = g.single(2);
        g.declare(Var::new(&name, Ty::F32, false));
        let template = if g.one_in(2) { "let %0: f32 = $;" } else { "let %0 = $;" };
        Some(statement(template, &[&name], vec![value]))
    }),
    (2, "f32 literal", |g| {
        let name = g.name("s");
        g.declare(Var::new(&name, Ty::F32, false));
        Some(statement("let %0: f32 = §r0.1;", &[&name], vec![]))
    }),
    (3, "character and string", |g| {
        let text = g.path(&Ty::Str, true)?;
        let name = g.name("n");
        let template = g.choose(&[
            "let %0 = $.len();",
            "let %0 = $.chars().filter(|c| c.is_ascii_digit()).count();",
            "let %0 = match $ { \"abz\" => 1, \"b\" => 2, _ => 3usize };",
            "let %0 = $.bytes().map(|b| b as usize % 3).sum::<usize>();",
            "let %0 = format!(\"{}!\", $).len();",
        ]);
        g.declare(Var::new(&name, USIZE, false));
        Some(statement(template, &[&name], vec![text]))
    }),
    (3, "character", |g| {
        let name = g.name("c");
        let index = g.index(3);
        let ty = if g.one_in(2) { ": char" } else { "" };
        let template = g.choose(&[
            "let %0%1 = ['a', 'Z', '7'][$];",
            "let %0%1 = char::from(b'a' + $ as u8);",
            "let %0%1 = if $ > 1 { 'q' } else { '9' };",
        ]);
        g.declare(Var::new(&name, Ty::Char, false));
        Some(statement(template, &[&name, ty], vec![index]))
    }),
    (4, "sum of integers", |g| {
        let name = g.name("n");
        let ty = g.choose(&WIDTHS);
        let (one, other) = (g.int(ty, 0), g.int(ty, 0));
        g.declare(Var::new(&name, Ty::Int(ty), false));
        let template = g.choose(&[
            "let %0: %1 = [$ & 3, $ & 7, 2].iter().sum();",
            "let %0 = [$, $].into_iter().max().unwrap();",
            "let %0: %1 = [$ % 4, $ % 3].iter().map(|n| n * 2).sum();",
            "let %0 = [$, $].iter().fold(1, |a: %1, b| a.wrapping_mul(3) ^ b);",
        ]);
        Some(statement(template, &[&name, ty], vec![one, other]))
    }),
    (3, "array of integers", |g| {
        let name = g.name("ns");
        let ty = g.choose(&WIDTHS);
        let nodes = vec![g.int(ty, 1), g.int(ty, 1)];
        g.declare(Var::new(&name, Ty::array(Ty::Int(ty), 2), false));
        Some(statement("let %0 = [$, $];", &[&name], nodes))
    }),
    (3, "Vec of indices", |g| {
        let name = g.name("ids");
        let (one, other) = (g.index(3), g.index(3));
        g.declare(Var::new(&name, Ty::vec(USIZE), false));
        let template = g.choose(&[
            "let %0: Vec<usize> = vec![$, $];",
            "let mut %0 = Vec::new();\n%0.push($);\n%0.push($);",
            "let %0 = (0..4).filter(|i| i % 2 == $ % 2).map(|i| i + $).collect::<Vec<usize>>();",
        ]);
        Some(statement(template, &[&name], vec![one, other]))
    }),
    (5, "plain call with data", |g| {
        let name = g.name("q");
        let (ty, text, limit) = match g.below(6) {
            0 if g.have.contains("rowv") => (Ty::vec(Ty::F64), "rowv", 4),
            1 if g.have.contains("row") => (Ty::array(Ty::F64, 2), "row", 4),
            2 if g.have.contains("pairn") => (Ty::pair(), "pairn", 4),
            3 if g.have.contains("index") => (USIZE, "index", 4),
            4 if g.have.contains("maybe") => (Ty::option(Ty::F64), "maybe", 4),
            _ if g.have.contains("weight") => (Ty::F64, "weight", 4),
            _ => return None,
        };
        let index = g.index(limit);
        g.declare(Var::new(&name, ty, false));
        Some(statement("let %0 = %1($);", &[&name, text], vec![index]))
    }),
    (3, "wide integer call", |g| {
        if !g.have.contains("wide") {
            return None;
        }
        let name = g.name("n");
        let template = g.choose(&["let %0 = wide(%1);", "let %0 = 1;\nlet %0 = wide(%0) ^ %1;"]);
        let value = (3 + g.below(90)).to_string();
        g.declare(Var::new(&name, Ty::Int("u64"), false));
        Some(statement(template, &[&name, &value], vec![]))
    }),
    (4, "effect", |g| {
        let tag = (10 + g.below(80)).to_string();
        Some(statement("note(%0);", &[&tag], vec![]))
    }),
    (3, "effect that gives data", |g| {
        let name = g.name("n");
        let index = g.index(4);
        g.declare(Var::new(&name, USIZE, false));
        let template =
            g.choose(&["let %0 = noted($);", "let %0 = count() + $;", "let %0 = { counted(); $ };"]);
        Some(statement(template, &[&name], vec![index]))
    }),
    (4, "print", |g| {
        let value = g.float(true, 1);
        let int = g.index(4);
        let template = g.choose(&[
            "println!(\"{} {}\", $, $);",
            "println!(\"{:.3} {:?}\", $, $);",
            "print!(\"{:e}\", ($)§p); println!(\" {}\", $);",
        ]);
        Some(statement(template, &[], vec![value, int]))
    }),
    (3, "print of a name", |g| {
        let var = g.pick(|var| var.ty == Ty::F64 && !var.name.contains(['.', ':', '[', '#']))?;
        Some(statement("println!(\"%0 = {%0}\");", &[&var.name], vec![]))
    }),
    (3, "assert", |g| {
        let condition = g.condition(true, 1);
        let value = g.float(true, 1);
        let template = g.choose(&[
            "assert!($ || $ < 90.0, \"too large\");",
            "debug_assert!($ || $ < 90.0);",
            "if $ { assert!($ < 1.4, \"a test of asserts\"); }",
        ]);
        Some(statement(template, &[], vec![condition, value]))
    }),
    (2, "panic", |g| {
        let (condition, other) = (g.condition(true, 1), g.condition(true, 1));
        let template = g.choose(&[
            "if $ && $ { panic!(\"on purpose\"); }",
            "if $ && $ { unreachable!(\"on purpose {}\", 3); }",
        ]);
        let deep = g.one_in(2);
        deep.then(|| statement(template, &[], vec![condition, other]))
    }),
    (2, "index that may be out of bounds", |g| {
        let name = g.name("x");
        let (sequence, _) = g.sequence(true)?;
        if matches!(sequence.ty(), Some(Ty::Array(..))) {
            return None; // rustc knows the length
        }
        let index = g.index(5);
        g.declare(Var::new(&name, Ty::F64, true));
        Some(statement("let %0 = $[$];", &[&name], vec![sequence, index]))
    }),
    (2, "arithmetic that may overflow", |g| {
        let name = g.name("n");
        let ty = g.choose(&["usize", "u8", "u32"]);
        let (one, other) = (g.int(ty, 0), g.int(ty, 0));
        g.declare(Var::new(&name, Ty::Int(ty), false));
        let template = g.choose(&["let %0 = $ - $;", "let %0: %1 = $ / $;", "let %0 = $ % $;"]);
        Some(statement(template, &[&name, ty], vec![one, other]))
    }),
    (2, "constants and functions inside the body", |g| {
        let (name, x) = (g.name("L"), g.name("q"));
        let index = g.index(4);
        g.declare(Var::new(&x, Ty::F64, false));
        let inner = g.name("local");
        Some(statement(
            "const %0: f64 = 0.25;\nfn %2(n: usize) -> f64 { n§i * %0 }\nlet %1 = %2($) + %0;",
            &[&name, &x, &inner],
            vec![index],
        ))
    }),
    (8, "Option of data", |g| {
        let var = g.pick(|var| var.ty == Ty::option(Ty::F64))?;
        let (x, name) = (g.name("x"), g.name("o"));
        let (one, other) = (g.float(true, 2), g.float(true, 1));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = if let Some(%1) = %2 { %1 * $ } else { $ };",
            "let %0 = match %2 { Some(%1) if %1 > 0.0 => %1 * $, Some(%1) => %1, None => $ };",
            "let %0 = %2.map_or($, |%1| %1 * 0.5) + $;",
        ]);
        Some(statement(template, &[&x, &name, &var.name], vec![one, other]))
    }),
];
