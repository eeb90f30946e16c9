//! Statements with closures.

use super::scope::Var;
use super::{StatementChoice, statement};
use crate::tree::{Ty, USIZE};

pub const CHOICES: &[StatementChoice] = &[
    (5, "closure of numbers", |g| {
        let (f, z, x) = (g.name("g"), g.name("z"), g.name("x"));
        let body = g.unchanging(|g| g.closed(vec![Var::new(&z, Ty::F64, true)], |g| g.float(true, 2)));
        let (one, other) = (g.float(true, 1), g.float(true, 1));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = |%1: f64| %1 * $;\nlet %2 = %0($) + %0($);",
            "let %0 = |%1| $ - %1;\nlet %2 = %0(%0($)) * $;",
            "let %0 = |%1: f64| -> f64 { let w = %1 * 0.5; w + $ };\nlet %2 = %0($) * $;",
        ]);
        Some(statement(template, &[&f, &z, &x], vec![body, one, other]))
    }),
    (5, "closure over data that returns data", |g| {
        let (f, i, x) = (g.name("g"), g.name("i"), g.name("x"));
        let n = g.path(&USIZE, true)?;
        let (one, value) = (g.index(4), g.float(true, 1));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let %0 = |%1: usize| (%1 + $) % 3;\nlet %2 = %0($)§i * $;",
            "let %0 = |%1: f64| %1 * $§i;\nlet %2 = %0(0.5 + $§i) * $;",
            "let %2 = { let %0 = |%1: f64| %1 * $§i; %0($§i) * $ };",
            "let %0 = move |%1: u8| (%1 as usize ^ $) & 7;\nlet %2 = %0(5)§i * $§i * $;",
        ]);
        Some(statement(template, &[&f, &i, &x], vec![n, one, value]))
    }),
    (4, "closure for indices", |g| {
        let (f, k, x) = (g.name("at"), g.name("k"), g.name("x"));
        let (sequence, length) = g.sequence(true)?;
        if length < 1 {
            return None;
        }
        let (one, other) = (g.index(4), g.index(4));
        let sequence_again = sequence.clone();
        g.declare(Var::new(&k, USIZE, false));
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let %0 = |i: usize, j: usize| (i + j) % $.len();\nlet %1 = %0($, $);\nlet %2 = $[%1];",
            &[&f, &k, &x],
            vec![sequence, one, other, sequence_again],
        ))
    }),
    (5, "closure that assigns", |g| {
        let (f, i) = (g.name("add"), g.name("i"));
        let (accumulator, start) = g.accumulator();
        let body = g.borrowed(&accumulator, |g| {
            g.unchanging(|g| g.closed(vec![Var::new(&i, USIZE, false)], |g| g.float(true, 2)))
        });
        let (one, other) = g.borrowed(&accumulator, |g| (g.index(3), g.index(3)));
        let template = g.choose(&[
            "let mut %0 = |%1: usize| { %2 += $ * %1§i; };\n%0($);\n%0($);",
            "let mut %0 = |%1: usize| %2 *= $ + %1§i;\nfor i in 0..$ { %0(i); }\n%0($);",
            "let mut %0 = |%1: usize| { note(9); %2 += $ * %1§i; };\n(0..$).for_each(|i| %0(i));\nnote($ as u32);",
            "let mut %0 = |%1: usize| { if %1 > 5 { return; } %2 += $; };\n%0($);\n%0($);",
        ]);
        let node = statement(template, &[&f, &i, &accumulator], vec![body, one, other]);
        Some(super::repeat::joined(start, node))
    }),
    (4, "closure without arguments that assigns", |g| {
        let f = g.name("push");
        let (accumulator, start) = g.accumulator();
        let body = g.borrowed(&accumulator, |g| g.unchanging(|g| g.closed(vec![], |g| g.float(true, 2))));
        let template = g.choose(&[
            "let mut %0 = || { %1 += $; };\n%0();\n%0();",
            "(|| { %1 += $; })();",
            "let mut %0 = || %1 -= $;\n%0();",
        ]);
        let node = statement(template, &[&f, &accumulator], vec![body]);
        Some(super::repeat::joined(start, node))
    }),
    (3, "closure that counts", |g| {
        let (n, f, x) = (g.name("n"), g.name("tick"), g.name("x"));
        let value = g.float(true, 2);
        g.declare(Var::new(&n, Ty::Int("i32"), false));
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let mut %0 = 0i32;\nlet mut %1 = || { %0 += 1; %0 };\nlet %2 = %1()§i * $ + %1()§i;",
            "let mut %0 = 0;\nlet mut %1 = |k: i32| { note(8); %0 += k; };\n%1(2);\n%1(3);\nlet %2 = %0§i * $;",
        ]);
        Some(statement(template, &[&n, &f, &x], vec![value]))
    }),
    (4, "closure that returns early", |g| {
        let (f, z, x) = (g.name("g"), g.name("z"), g.name("x"));
        let (condition, one, other) = g.unchanging(|g| {
            g.closed(vec![Var::new(&z, Ty::F64, true)], |g| {
                (g.condition(true, 1), g.float(true, 1), g.float(true, 1))
            })
        });
        let argument = g.float(true, 1);
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let %0 = |%1: f64| { if $ { return $; } $ * %1 };\nlet %2 = %0($);",
            &[&f, &z, &x],
            vec![condition, one, other, argument],
        ))
    }),
    (3, "closure with a counter of an iterator", |g| {
        let (n, x) = (g.name("n"), g.name("x"));
        let ((one, _), (other, _)) = (g.sequence(true)?, g.sequence(true)?);
        let step = g.float(true, 1);
        g.declare(Var::new(&x, Ty::F64, true));
        let template = g.choose(&[
            "let mut %0 = 0.0;\nlet %1 = $.iter().map(|z| { %0 += $; z * %0 }).zip(&$[..1]).map(|(a, b)| a * b).sum::<f64>() * %0;",
            "let mut %0 = 0.5;\nlet %1 = $.iter().map(|z| { %0 *= $; z + %0 }).chain($.iter().copied()).sum::<f64>() - %0;",
            "let mut %0 = 0.25;\nlet %1 = $.iter().filter(|_| { %0 += $; true }).zip($.iter()).map(|(a, b)| a - b).product::<f64>() * %0;",
        ]);
        Some(statement(template, &[&n, &x], vec![one, step, other]))
    }),
    (3, "closure called with data for a stopped value", |g| {
        let (f, x) = (g.name("g"), g.name("q"));
        let stopped = g.unchanging(|g| g.closed(vec![], |g| g.float(true, 1)));
        let argument = g.float(false, 1);
        g.declare(Var::new(&x, Ty::F64, false));
        Some(statement(
            "let %0 = |e: f64| e * stop_gradient($);\nlet %1: f64 = %0($);",
            &[&f, &x],
            vec![stopped, argument],
        ))
    }),
    (3, "closure of closures", |g| {
        let (f, h, x) = (g.name("g"), g.name("g"), g.name("x"));
        let (one, other) = g.unchanging(|g| g.closed(vec![], |g| (g.float(true, 1), g.float(true, 1))));
        let argument = g.float(true, 1);
        g.declare(Var::new(&x, Ty::F64, true));
        Some(statement(
            "let %0 = |z: f64| z * $;\nlet %1 = |z: f64| %0(z) + $;\nlet %2 = %1($);",
            &[&f, &h, &x],
            vec![one, other, argument],
        ))
    }),
    (3, "closure that returns a tuple", |g| {
        let (f, a, b) = (g.name("g"), g.name("a"), g.name("b"));
        let (one, other) = g.unchanging(|g| g.closed(vec![], |g| (g.float(true, 1), g.float(true, 1))));
        let argument = g.float(true, 1);
        g.declare(Var::new(&a, Ty::F64, true));
        g.declare(Var::new(&b, Ty::F64, true));
        Some(statement(
            "let %0 = |z: f64| (z * $, $);\nlet (%1, %2) = %0($);",
            &[&f, &a, &b],
            vec![one, other, argument],
        ))
    }),
    (2, "array::from_fn", |g| {
        let (name, i) = (g.name("r"), g.name("i"));
        let body = g.closed(vec![Var::new(&i, USIZE, false)], |g| g.float(true, 2));
        g.declare(Var::new(&name, Ty::array(Ty::F64, 3), true).mutable());
        let template = g.choose(&[
            "let mut %0: [f64; 3] = std::array::from_fn(|%1| $ + %1§i);",
            "let mut %0 = std::array::from_fn::<f64, 3, _>(|%1| $ * %1§i);",
        ]);
        Some(statement(template, &[&name, &i], vec![body]))
    }),
];
