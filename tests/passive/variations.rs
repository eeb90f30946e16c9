//! Data of many kinds beside active values: a module for each, with its own surroundings.

mod statics_of_structs {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    struct P {
        n: i16,
        w: f32,
        t: (u8, (i64, f64)),
    }
    static PS: [P; 2] = [P { n: -3, w: 0.5, t: (200, (7, 0.25)) }, P { n: 30000, w: 1.5, t: (9, (-1, 2.0)) }];
    #[differentiable(compiled)]
    fn f(x: f64) -> f64 {
        let mut s = 0.0;
        for p in &PS {
            let P { n, w, t: (a, (b, c)) } = p;
            s += x * *n as f64 * *w as f64 + (*a).wrapping_add(100) as f64 * x.sin() * c + *b as f64;
        }
        for (i, p) in PS.iter().enumerate().filter(|(_, p)| p.n > 0) {
            s += i as f64 * x * p.t.1.1;
        }
        s
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4);
    }
}

mod enums_behind_a_reference {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    enum E {
        A,
        B(f64),
        C { k: u16, v: Vec<f64> },
    }
    #[differentiable(compiled)]
    fn f(x: f64, #[constant] es: &[E]) -> f64 {
        let mut s = x;
        for e in es {
            s += match e {
                E::A => x,
                E::B(b) if *b > x => b * x,
                E::B(b) => b - x,
                E::C { k, v } => x * v.iter().sum::<f64>() * *k as f64,
            };
        }
        let kinds = es
            .iter()
            .map(|e| match e {
                E::A => 0u8,
                E::B(_) => 250,
                _ => 3,
            })
            .fold(0u8, |a, b| a.wrapping_add(b));
        s * kinds as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, &[E::A, E::B(2.0), E::B(0.1), E::C { k: 3, v: vec![1.0, 0.5] }]);
    }
}

mod an_iterator_of_its_own {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    struct Count(u32);
    impl Iterator for Count {
        type Item = (u32, f64);
        fn next(&mut self) -> Option<(u32, f64)> {
            if self.0 == 0 {
                None
            } else {
                self.0 -= 1;
                Some((self.0, self.0 as f64 * 0.5))
            }
        }
    }
    #[differentiable(compiled)]
    fn f(x: f64) -> f64 {
        let mut s = 1.0;
        for (n, w) in Count(4) {
            s *= x + w;
            if n == 1 {
                break;
            }
        }
        let t: f64 = Count(3).map(|(n, w)| w * x.powi(n as i32)).sum();
        let (a, b): (Vec<u32>, Vec<f64>) = Count(3).unzip();
        s + t + x * a.len() as f64 * b[0]
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4);
    }
}

mod chunks_and_windows {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    const T: [f64; 6] = [0.5, 1.0, -1.5, 2.0, 0.25, 3.0];
    static N: &[i8] = &[1, -2, 3, 100];
    #[differentiable(compiled)]
    fn f(x: f64, y: &[f64]) -> f64 {
        let a: f64 = T.chunks_exact(2).map(|c| c[0] * x + c[1]).sum();
        let b: f64 = T.windows(3).zip(y).map(|(w, y)| w[0] * y + w[2] * x).sum();
        let c: f64 =
            T.iter().zip(N.iter().rev()).enumerate().map(|(i, (t, n))| t * x * *n as f64 * i as f64).sum();
        let d = T.chunks(4).last().unwrap().len();
        let mut e = 0.0;
        for (pair, v) in T.chunks_exact(2).zip(y) {
            let [p, q] = pair else { continue };
            e += p * v - q;
        }
        let e2 = T.rchunks(2).map(|c| c[0]).fold(0.0, f64::max);
        a + b + c * d as f64 + e * e2 + T.iter().skip(1).step_by(2).map(|t| t * x).sum::<f64>()
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, &[0.1, 0.2, 0.3]);
    }
}

mod late_initialised {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, n: u64) -> f64 {
        let k: u8;
        let w;
        let name: &str;
        let v: Vec<i32>;
        if n > 3 {
            k = 250;
            w = 0.5f32;
            name = "ab";
            v = vec![1, 2];
        } else {
            k = 3;
            w = 1.5;
            name = "c";
            v = vec![];
        }
        let z;
        z = k.wrapping_add(10);
        x * z as f64 * w as f64 * name.len() as f64 + v.len() as f64 * x * x
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, 2);
        assert_gradient!(f, 0.4, 5);
    }
}

mod from_another_module {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    mod lib {
        pub type Wide<const N: usize> = [f64; N];
        pub type Table = [(u8, f32); 2];
        pub const T: Table = [(1, 0.5), (250, 1.5)];
        pub static K: Wide<3> = [1.0, 2.0, 3.0];
        pub struct S;
        impl S {
            pub const W: Wide<2> = [0.5, 0.25];
        }
        pub trait Q {
            const G: f64 = 1.5;
        }
        impl Q for S {}
    }
    use lib::Q;
    #[differentiable(compiled)]
    fn h(k: &lib::Wide<3>, x: f64) -> lib::Wide<3> {
        let mut o = *k;
        for v in o.iter_mut() {
            *v *= x;
        }
        o
    }
    #[differentiable(compiled)]
    fn f(x: f64, v: lib::Wide<3>) -> lib::Wide<2> {
        let a = h(&lib::K, x);
        let b = h(&v, x);
        let mut s = 0.0;
        for (n, w) in lib::T {
            s += x * n.wrapping_add(10) as f64 * w as f64;
        }
        [a[0] * b[1] + lib::S::G * s, lib::S::W[1] * x + b[2]]
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, [0.1, 0.2, 0.3]);
    }
}

mod closures_that_count {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, y: f64) -> f64 {
        let mut seen: Vec<u16> = Vec::new();
        let mut total = 0i8;
        let mut note = |n: u16| {
            seen.push(n);
            total = total.wrapping_add(100);
            seen.len()
        };
        let a = note(3);
        let b = if x > 0.0 { note(4) } else { 0 };
        let scale = |v: f64| {
            let k = seen.len() as f64;
            v * k
        };
        scale(x) * a as f64 + scale(y) * b as f64 * total as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, 0.3);
    }
}

mod floats_of_32_bits {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, #[constant] data: &[f32], m: &[[i16; 2]]) -> f64 {
        let s: f32 = data.iter().sum();
        let mx = data.iter().cloned().fold(f32::MIN, f32::max);
        let t: i16 = m.iter().map(|r| r[0] - r[1]).sum();
        let sorted = {
            let mut d = data.to_vec();
            d.sort_by(|a, b| b.partial_cmp(a).unwrap());
            d
        };
        let i = data.iter().position(|d| *d as f64 > x).unwrap_or(0);
        x * s as f64 * mx as f64 + t as f64 * x.sin() + sorted[0] as f64 * x * i as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, &[0.1, 0.7], &[[1, 2], [30, 4]]);
    }
}

mod places_found_by_numbers {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(xs: &[f64], idx: &[Vec<usize>]) -> f64 {
        let mut s = 0.0;
        for (i, row) in idx.iter().enumerate() {
            let d = row.len().max(1) as f64;
            for &j in row {
                s += (xs[i] - xs[j]).powi(2) / d;
            }
        }
        let order = {
            let mut o: Vec<usize> = (0..xs.len()).collect();
            o.sort_by(|a, b| xs[*a].total_cmp(&xs[*b]));
            o
        };
        s + xs[order[0]] * 2.0
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, &[0.4, 0.1, 0.7], &[vec![1, 2], vec![], vec![0]]);
    }
}

mod labelled_words {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, n: u32) -> f64 {
        let k = {
            let mut k = n;
            while k % 2 == 0 && k > 0 {
                k /= 2;
            }
            k
        };
        let label = 'l: {
            if k == 1 {
                break 'l "one";
            }
            if k > 10 {
                break 'l "big";
            }
            "some"
        };
        let bits = (0..8).filter(|b| n >> b & 1 == 1).count();
        let ok = matches!((k, bits), (1, _) | (_, 2..=3));
        if ok { x * label.len() as f64 } else { x * x * bits as f64 }
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, 12);
        assert_gradient!(f, 0.4, 8);
    }
}

mod structs_with_methods {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[derive(Clone, Copy, PartialEq)]
    enum Mode {
        Fast,
        Slow(u8),
    }
    struct Cfg {
        mode: Mode,
        gains: [f64; 3],
        name: String,
    }
    impl Cfg {
        fn gain(&self, i: usize) -> f64 {
            self.gains[i % 3]
        }
        fn boost(&self) -> Option<u8> {
            if let Mode::Slow(k) = self.mode { Some(k) } else { None }
        }
    }
    #[differentiable(compiled)]
    fn f(x: f64, #[constant] cfg: &Cfg, #[constant] all: &[Cfg]) -> f64 {
        let k = cfg.boost().map(|k| k.wrapping_add(10) as f64).unwrap_or(1.0);
        let Cfg { gains: [a, .., c], name, .. } = cfg;
        let best = all.iter().max_by(|p, q| p.gain(0).total_cmp(&q.gain(0))).unwrap();
        let mut s = x * k * a + c;
        for (i, g) in best.gains.iter().enumerate() {
            s += if cfg.mode == Mode::Fast { g * x } else { cfg.gain(i) * x * x };
        }
        s * name.len() as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(
            f,
            0.4,
            &Cfg { mode: Mode::Slow(250), gains: [1.0, 2.0, 3.0], name: "ab".into() },
            &[Cfg { mode: Mode::Fast, gains: [0.5, 1.0, 1.5], name: "q".into() }]
        );
    }
}

mod texts {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    static S: &str = "3,1,4,1,5";
    #[differentiable(compiled)]
    fn f(x: f64) -> f64 {
        let nums: Vec<u8> = S.split(',').map(|p| p.parse().unwrap()).collect();
        let total: u8 = nums.iter().copied().fold(250, u8::wrapping_add);
        let text = nums.iter().map(|n| n.to_string()).collect::<Vec<_>>().join("-");
        let mut s = x;
        for c in text.chars().filter(|c| c.is_ascii_digit()) {
            s += x.powi(c.to_digit(10).unwrap() as i32);
        }
        for (i, n) in nums.iter().enumerate().rev() {
            s -= x * (*n as f64) / (i + 1) as f64;
        }
        s * total as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4);
    }
}

mod tuples_of_data {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, rows: &[Vec<f64>], #[constant] picks: &[(usize, &str, [f32; 2])]) -> f64 {
        let mut s = 0.0;
        for &(i, name, [a, b]) in picks {
            s += rows[i].iter().map(|r| r * x * a as f64).sum::<f64>() * name.len() as f64 + b as f64;
        }
        let w: Vec<(usize, f64)> = picks.iter().map(|p| (p.0, p.2[0] as f64)).collect();
        for (i, w) in &w {
            s += rows[*i][0] * w;
        }
        let t = picks.iter().find(|p| p.1.starts_with('b')).map(|p| p.2[1] as f64).unwrap_or(2.0);
        s * t
    }

    #[test]
    fn agrees() {
        assert_gradient!(
            f,
            0.4,
            &[vec![0.1, 0.2], vec![0.3]],
            &[(0, "a", [0.5, 1.5]), (1, "bc", [2.5, 0.5])]
        );
    }
}

mod results_of_closures {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64, n: i64) -> f64 {
        let g =
            |k: i64| -> Result<f64, String> { if k > 3 { Err(format!("{k} of {n}")) } else { Ok(k as f64) } };
        let a = g(2).unwrap_or(0.0);
        let b = match g(n) {
            Ok(v) => v * x,
            Err(e) => x * x * e.len() as f64,
        };
        let c = g(7).is_err() as u8 as f64;
        let d = if let Ok(v) = g(1) { v } else { 9.0 };
        a * b + c * x + d
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4, 2);
        assert_gradient!(f, 0.4, 12);
    }
}

mod data_made_of_numbers {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(xs: &[f64], n: usize) -> f64 {
        let flags = xs.iter().map(|x| *x > 0.3).collect::<Vec<bool>>();
        let places: Vec<usize> = (0..xs.len()).filter(|i| xs[*i] < 0.5).collect();
        let order = {
            let mut o: Vec<usize> = (0..xs.len()).collect();
            o.sort_by(|a, b| xs[*a].total_cmp(&xs[*b]));
            o
        };
        let words: Vec<String> =
            xs.iter().map(|x| if *x > 0.5 { "big".to_string() } else { "s".to_string() }).collect();
        let mut s = 0.0;
        for (i, x) in xs.iter().enumerate() {
            if flags[i] {
                s += x * x;
            }
            s += x * words[i].len() as f64;
        }
        for p in &places {
            s += xs[*p] * 3.0;
        }
        s + xs[order[0]] * 2.0 * n as f64
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, &[0.4, 0.1, 0.7], 2);
    }
}

/// A literal that a variable holds keeps the variable's type where a method is called on it.
mod literals_keep_their_type {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(x: f64) -> f64 {
        let mut sum: f64 = 1.0;
        sum -= 'inner: {
            if sum.is_sign_negative() || sum.total_cmp(&2.0).is_gt() {
                break 'inner x;
            }
            x * x
        };
        sum
    }

    #[differentiable(compiled)]
    fn g(x: f64, n: usize) -> f64 {
        let mut sum: f64 = 1.0;
        for _ in 0..n {
            sum -= x * 'inner: {
                if sum.is_sign_negative() {
                    break 'inner x;
                }
                sum
            };
        }
        sum
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, 0.4);
        assert_gradient!(g, 0.4, 3);
    }
}

/// A parameter that the function changes has a copy of its own; those after it keep their gradients.
mod changed_parameters {
    use gradus::check::assert_gradient;
    use gradus::differentiable;

    #[differentiable(compiled)]
    fn f(mut v: [f64; 2], mut w: Vec<f64>, xs: &[f64], (a, b): (f64, f64), y: f64) -> f64 {
        v[0] *= y;
        w[1] += a;
        let n = xs.len() % 2;
        v[n] * xs[0] + w[n] * b * y
    }

    #[differentiable(compiled)]
    fn g(#[constant] mut data: Vec<u8>, mut k: usize, x: f64, ys: &[f64]) -> f64 {
        data.push(3);
        k += data.len();
        x * k as f64 + ys[1] * x
    }

    #[test]
    fn agrees() {
        assert_gradient!(f, [1.5, 0.5], vec![0.3, 0.7], &[2.0, -1.0, 0.25], (0.6, -0.4), 0.75);
        assert_gradient!(g, vec![1, 2], 2, 0.5, &[2.0, -1.0]);
    }
}
