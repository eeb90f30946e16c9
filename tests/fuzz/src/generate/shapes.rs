//! Statements over structs and enums of the program's own, and what else data consists of.

use super::scope::Var;
use super::{Generator, StatementChoice, statement};
use crate::tree::{Ty, USIZE};

fn samples(g: &mut Generator) -> Option<Var> {
    g.pick(|var| var.ty == Ty::slice(Ty::named("Sample")))
}

fn layers(g: &mut Generator) -> Option<Var> {
    g.pick(|var| var.ty == Ty::slice(Ty::named("Layer")))
}

pub const CHOICES: &[StatementChoice] = &[
    (7, "struct by reference", |g| {
        let var = samples(g)?;
        let d = g.name("d");
        let (accumulator, start) = g.accumulator();
        let item = vec![Var::new(&d, Ty::reference(Ty::named("Sample")), false)];
        let (one, other) = g.with(item, |g| (g.float(true, 2), g.float(true, 2)));
        let template = g.choose(&[
            "for %0 in %1 { %2 += $ * %0.x + $; }",
            "for %0 in %1.iter() { if %0.flag { %2 += $ * %0.y; } else { %2 -= $; } }",
            "for i in 0..%1.len() {\nlet %0 = &%1[i];\n%2 += $ * %0.x - $;\n}",
            "for %0 in %1 {\nfor x in &%0.xs { %2 += x * $; }\n%2 *= $;\n}",
            "for %0 in %1 { %2 += %0.xs.iter().map(|x| x * $).sum::<f64>() - $; }",
            "for %0 in %1 {\nlet k = %0.k.wrapping_mul(3);\n%2 += (k % 5)§i * $ + $;\n}",
            "for (i, %0) in %1.iter().enumerate() { %2 += i§i * $ + %0.at[%0.i] * $; }",
        ]);
        let node = statement(template, &[&d, &var.name, &accumulator], vec![one, other]);
        Some(super::repeat::joined(start, node))
    }),
    (9, "struct pattern over a slice", |g| {
        let var = samples(g)?;
        let (accumulator, start) = g.accumulator();
        let (a, b) = (g.name("a"), g.name("b"));
        let template = g.choose(&[
            "for Sample { x: %3, y: %4, .. } in %1 { %2 += %3 * $ - %4; }",
            "for Sample { x: %3, y: %4, flag, .. } in %1 { if *flag { %2 += (%3 * $ - %4).powi(2); } }",
            "for &Sample { x: %3, y: %4, k, .. } in %1 { %2 += %3 * $ - %4 * (k % 3)§i; }",
            "for Sample { x: %3, xs, at: [%4, _], .. } in %1 { %2 += %3 * $ - %4 * xs[0]; }",
            "for i in 0..2 {\nlet Sample { x: %3, y: %4, .. } = &%1[i];\n%2 += %3 * $ - %4;\n}",
        ]);
        let ty = if template.contains("&Sample") { Ty::F64 } else { Ty::reference(Ty::F64) };
        let vars = vec![Var::new(&a, ty.clone(), false), Var::new(&b, ty, false)];
        let value = g.with(vars, |g| g.float(true, 2));
        let node = statement(template, &["", &var.name, &accumulator, &a, &b], vec![value]);
        Some(super::repeat::joined(start, node))
    }),
    (10, "enum behind a reference", |g| {
        let var = layers(g)?;
        let (accumulator, start) = g.accumulator();
        let (one, other) = (g.float(true, 1), g.float(true, 1));
        let template = g.choose(&[
            "for l in %0 {\n%1 = match l {\nLayer::Sine => %1.sin() * $,\nLayer::Scale(k) => %1 * k,\nLayer::Shift { by, .. } => %1 * by + $,\nLayer::Many(v) => %1 + v[0],\n};\n}",
            "for l in %0 {\n%1 = match *l {\nLayer::Sine => %1.sin() + $,\nLayer::Scale(k) => %1 * k,\nLayer::Shift { by, times } => %1 * by * times§i,\nLayer::Many(ref v) => %1 * v[0] + $,\n};\n}",
            "for l in %0.iter() {\nmatch l {\nLayer::Scale(k) if *k > 0.0 => %1 *= k * $,\nLayer::Shift { by, times } => for _ in 0..*times { %1 += by * $; },\nLayer::Many(v) => for z in v { %1 += z; },\n_ => {}\n}\n}",
            "for l in %0 {\nif let Layer::Scale(k) = l { %1 += k * $; }\nif let Layer::Shift { by, .. } = l { %1 -= by * $; }\n}",
            "for l in %0 {\nlet Layer::Scale(k) = l else { continue };\n%1 += *k * $ + $;\n}",
            "for l in %0 { if matches!(l, Layer::Sine | Layer::Many(_)) { %1 += $; } else { %1 *= $; } }",
        ]);
        let node = statement(template, &[&var.name, &accumulator], vec![one, other]);
        Some(super::repeat::joined(start, node))
    }),
    (4, "struct made in the body", |g| {
        if !g.have.contains("POINT") {
            return None;
        }
        let (p, x) = (g.name("point"), g.name("x"));
        let (one, other, value) = (g.float(false, 1), g.float(false, 1), g.float(true, 2));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = Point { x: $, y: $ };\nlet %1 = %0.x * $ - %0.y;",
            "let %0 = Point { x: $, y: $ };\nlet Point { x: px, y: py } = %0;\nlet %1 = px * $ - py;",
            "let %0 = [Point { x: $, y: $ }, POINT];\nlet %1 = %0.iter().map(|p| p.x * $ - p.y).sum::<f64>();",
            "let %0 = Point { x: $, ..POINT };\nlet %1 = %0.x * $ + %0.y * $;",
        ]);
        Some(statement(template, &[&p, &x], vec![one, other, value]))
    }),
    (3, "static table of structs", |g| {
        if !g.have.contains("POINT") {
            return None;
        }
        let (accumulator, start) = g.accumulator();
        let value = g.float(true, 2);
        let template = g.choose(&[
            "for p in &POINTS { %0 += p.x * $ - p.y; }",
            "for &Point { x: px, y: py } in &POINTS { %0 += px * $ - py; }",
            "for p in POINTS { %0 += p.x * $; }",
            "for Point { x: px, y: py } in POINTS.iter() { %0 += px * $ - py; }",
        ]);
        let node = statement(template, &[&accumulator], vec![value]);
        Some(super::repeat::joined(start, node))
    }),
    (3, "static slice of keys", |g| {
        if !g.have.contains("KEYS") {
            return None;
        }
        let (accumulator, start) = g.accumulator();
        let value = g.float(true, 2);
        let template = g.choose(&[
            "for &(i, w) in KEYS { %0 += w * $ + i§i; }",
            "for (i, w) in KEYS.iter() { %0 += w * $ * *i§i; }",
            "for (i, w) in KEYS { %0 -= w * $; if *i > 0 { break; } }",
        ]);
        let template = template.replace("*i§i", "(*i)§i");
        let node = statement(&template, &[&accumulator], vec![value]);
        Some(super::repeat::joined(start, node))
    }),
    (3, "match on a tuple of data", |g| {
        let x = g.name("x");
        let (condition, index) = (g.condition(true, 1), g.index(3));
        let values = vec![condition, index, g.float(true, 1), g.float(true, 1), g.float(true, 1)];
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let %0 = match ($, $) {\n(true, 0) => $,\n(false, n) if n > 1 => $ * n§i,\n_ => $,\n};",
            &[&x],
            values,
        ))
    }),
    (3, "match on a slice", |g| {
        let x = g.name("x");
        let (sequence, _) = g.sequence(true)?;
        let (one, other) = (g.float(true, 1), g.float(true, 1));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = match &$[..] {\n[a, b] => a * b + $,\n[a, .., c] => a - c * $,\n_ => 0.5,\n};",
            "let %0 = if let [a, rest @ ..] = &$[..] { a * $ + rest.len()§i } else { $ };",
        ]);
        Some(statement(template, &[&x], vec![sequence, one, other]))
    }),
    (3, "constants chained with arguments", |g| {
        let x = g.name("x");
        let constant = g.pick(|var| {
            !var.active && matches!(&var.ty, Ty::Array(of, _) | Ty::Slice(of) if **of == Ty::F64)
        })?;
        let (sequence, _) = g.sequence(true)?;
        let value = g.float(true, 1);
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = %1.iter().chain($.iter()).map(|z| z * $).sum::<f64>();",
            "let %0 = $.iter().chain(&%1[..]).map(|z| z + $).product::<f64>();",
            "let %0 = %1.iter().map(|c| $[0].copysign(*c - *c) * $).sum::<f64>();",
            "let %0 = $.iter().zip(%1.iter()).fold($, |t, (a, b)| t * b + a);",
            "let %0 = (%1[..%1.len() - 1]).iter().map(|c| c * $[0] + $).sum::<f64>();",
        ]);
        Some(statement(template, &[&x, &constant.name], vec![sequence, value]))
    }),
    (3, "comparison with constants", |g| {
        let constant = g.pick(|var| {
            !var.active && matches!(&var.ty, Ty::Array(of, _) | Ty::Slice(of) if **of == Ty::F64)
        })?;
        let (accumulator, start) = g.accumulator();
        let (one, other) = (g.float(true, 0), g.float(true, 1));
        let template = g.choose(&[
            "for c in %0.iter() { if c.total_cmp(&$).is_gt() { %1 += $; } }",
            "for c in &%0[..] { if *c > $ { %1 += $ * c; } }",
            "let k = %0.iter().filter(|c| **c < $).count();\n%1 += k§i * $;",
        ]);
        let node = statement(template, &[&constant.name, &accumulator], vec![one, other]);
        Some(super::repeat::joined(start, node))
    }),
    (2, "keyed by a lookup", |g| {
        let constant = g.pick(|var| !var.active && matches!(&var.ty, Ty::Array(of, _) if **of == Ty::F64))?;
        let x = g.name("x");
        let (index, value) = (g.index(5), g.float(true, 1));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = %1.get($).copied().unwrap_or($);",
            "let %0 = %1.get($).map_or($, |c| c * 2.0);",
            "let i = $;\nlet %0 = if i < %1.len() { %1[i] } else { $ };",
        ]);
        Some(statement(template, &[&x, &constant.name], vec![index, value]))
    }),
    (2, "recursion of data", |g| {
        if !g.have.contains("index") {
            return None;
        }
        let (n, x) = (g.name("n"), g.name("x"));
        let (sequence, length) = g.sequence(true)?;
        if length < 3 {
            return None;
        }
        let index = g.index(4);
        g.declare(Var::new(&n, USIZE, false));
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement("let %0 = index(index($));\nlet %1 = $[%0];", &[&n, &x], vec![index, sequence]))
    }),
];
