//! Data in enums and structs, behind references: matched, destructured, guarded, and in patterns within patterns.

use gradus::differentiable;

enum Layer {
    Sine,
    Scale(f64),
    Shift { by: f64, twice: bool },
    Power(u8),
    Mix(f64, [f64; 2]),
    Table(Vec<f64>),
    Named(String, i32),
}
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Up,
    Down(u8),
    Both { n: i8, w: f64 },
}
struct Sample {
    x: f64,
    y: f64,
    flag: bool,
    tag: u8,
    xs: Vec<f64>,
    mode: Mode,
    inner: Inner,
}
struct Inner {
    w: f64,
    pair: (f64, usize),
    next: Option<Box<Inner>>,
    layers: Vec<Layer>,
}
struct Point(f64, f64);
struct Unit;
enum Tree {
    Leaf(f64),
    Node(Box<Tree>, Box<Tree>),
    Weighted { by: f64, of: Box<Tree> },
}

fn layers() -> Vec<Layer> {
    vec![
        Layer::Scale(0.7),
        Layer::Sine,
        Layer::Shift { by: 0.3, twice: true },
        Layer::Power(2),
        Layer::Mix(0.5, [1.5, -0.5]),
        Layer::Table(vec![0.5, 2.0]),
        Layer::Named("ab".into(), -3),
        Layer::Scale(-1.5),
        Layer::Shift { by: 0.2, twice: false },
    ]
}
fn inner(w: f64) -> Inner {
    Inner { w, pair: (w * 2.0, 3), next: None, layers: layers() }
}
fn samples() -> Vec<Sample> {
    vec![
        Sample {
            x: 0.3,
            y: 0.8,
            flag: true,
            tag: 250,
            xs: vec![0.1, 0.2],
            mode: Mode::Up,
            inner: inner(0.5),
        },
        Sample {
            x: 1.3,
            y: -0.4,
            flag: false,
            tag: 3,
            xs: vec![0.5],
            mode: Mode::Down(200),
            inner: Inner { next: Some(Box::new(inner(1.5))), ..inner(0.25) },
        },
        Sample {
            x: -0.7,
            y: 1.2,
            flag: true,
            tag: 9,
            xs: vec![1.0, 2.0, 3.0],
            mode: Mode::Both { n: -2, w: 0.4 },
            inner: inner(-1.0),
        },
    ]
}
fn tree() -> Tree {
    Tree::Node(
        Box::new(Tree::Leaf(0.5)),
        Box::new(Tree::Weighted {
            by: 2.0,
            of: Box::new(Tree::Node(Box::new(Tree::Leaf(1.5)), Box::new(Tree::Leaf(-0.25)))),
        }),
    )
}

#[differentiable(compiled)]
fn matched(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for l in layers {
        s = match l {
            Layer::Sine => s.sin(),
            Layer::Scale(k) => s * k,
            Layer::Shift { by, twice } => {
                if *twice {
                    s * by + by
                } else {
                    s + by
                }
            }
            Layer::Power(n) => s.powi(*n as i32),
            Layer::Mix(a, [b, c]) => s * a * b + c * p,
            Layer::Table(v) => s + v.iter().map(|w| w * s).sum::<f64>(),
            Layer::Named(n, k) => s * n.len() as f64 + *k as f64,
        };
    }
    s
}

case! {
    matched, matched_grad, matched_grad_add, matched_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn matched_dereferenced(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for l in layers {
        s = match *l {
            Layer::Sine => s.sin(),
            Layer::Scale(k) => s * k,
            Layer::Shift { by, .. } => s * by,
            Layer::Power(n) => s.powi(i32::from(n)),
            Layer::Mix(a, [b, c]) => s * a * b + c * p,
            Layer::Table(ref v) => s * v[1],
            Layer::Named(ref n, k) => s * n.len() as f64 + k as f64,
        };
    }
    s
}

case! {
    matched_dereferenced, matched_dereferenced_grad, matched_dereferenced_grad_add, matched_dereferenced_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn matched_with_guards(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for (i, l) in layers.iter().enumerate() {
        match l {
            Layer::Scale(k) if *k > 0.5 => s *= k,
            Layer::Scale(_) => s += 1.0,
            Layer::Shift { by, twice: true } if i > 1 => s += by * p,
            Layer::Shift { .. } => {}
            Layer::Power(n @ 1..=3) => {
                for _ in 0..*n {
                    s *= p;
                }
            }
            Layer::Mix(a, [b, ..]) if a < b => {
                s += a * p;
            }
            Layer::Table(v) if v.len() > 5 => return s,
            Layer::Table(v) => {
                for w in v {
                    s += w * p;
                }
            }
            _ => s = s.cos(),
        }
    }
    s
}

case! {
    matched_with_guards, matched_with_guards_grad, matched_with_guards_grad_add, matched_with_guards_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn matched_with_active_guards(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for l in layers {
        s = match l {
            Layer::Scale(k) if s > *k => s * k,
            Layer::Scale(k) if k * s < 0.0 => s - k,
            Layer::Shift { by, .. } if s.abs() < *by => s + by,
            Layer::Sine | Layer::Power(_) => s.sin(),
            _ => s * 0.5 + p,
        };
    }
    s
}

case! {
    matched_with_active_guards, matched_with_active_guards_grad, matched_with_active_guards_grad_add, matched_with_active_guards_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn if_let(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for l in layers {
        if let Layer::Scale(k) = l {
            s *= k;
        } else if let Layer::Shift { by, twice: false } = l {
            s += by * p;
        } else if let Layer::Mix(a, [_, c]) = *l {
            s -= a * c * p;
        }
        if let &Layer::Power(n) = l {
            s += p.powi(n as i32);
        }
        if matches!(l, Layer::Table(v) if v.len() == 2) {
            s += 1.0;
        }
    }
    s
}

case! {
    if_let, if_let_grad, if_let_grad_add, if_let_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn let_else(p: f64, #[constant] layers: &[Layer], i: usize) -> f64 {
    let Some(l) = layers.get(i) else {
        return p * p;
    };
    let Layer::Scale(k) = l else {
        return p.sin();
    };
    let Some(Layer::Shift { by, .. }) = layers.get(i + 2) else {
        return p * k;
    };
    let mut s = p * k * by;
    for l in layers {
        let Layer::Power(n) = l else { continue };
        s *= *n as f64;
    }
    s
}

case! {
    let_else, let_else_grad, let_else_grad_add, let_else_graph;
    for i in [0, 1, 7, 20];
    with |p: f64| (p, &layers(), i);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn while_let(p: f64, #[constant] first: &Inner) -> f64 {
    let mut s = p * first.w;
    let mut at = first;
    while let Some(next) = &at.next {
        s = s * next.w + p;
        at = next;
    }
    let mut rest = &at.layers[..];
    while let [l, tail @ ..] = rest {
        if let Layer::Scale(k) = l {
            s *= k;
        }
        rest = tail;
    }
    s
}

case! {
    while_let, while_let_grad, while_let_grad_add, while_let_graph;
    with |p: f64| (p, &samples()[1].inner);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn while_let_pop(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut stack: Vec<&Layer> = layers.iter().collect();
    let mut s = p;
    while let Some(l) = stack.pop() {
        match l {
            Layer::Scale(k) => s *= k,
            Layer::Power(n) if stack.len() > 2 => s += *n as f64 * p,
            _ => s += p,
        }
    }
    s
}

case! {
    while_let_pop, while_let_pop_grad, while_let_pop_grad_add, while_let_pop_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn struct_patterns(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for Sample { x, y, .. } in data {
        s += (p * x - y).powi(2);
    }
    for Sample { x: at, flag, tag, .. } in data.iter() {
        s += if *flag { p * at } else { p.sin() * tag.wrapping_add(10) as f64 };
    }
    for &Sample { x, y, tag, .. } in data {
        s += p * x * y * tag as f64;
    }
    s
}

case! {
    struct_patterns, struct_patterns_grad, struct_patterns_grad_add, struct_patterns_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn struct_patterns_in_closures(p: f64, #[constant] data: &[Sample]) -> f64 {
    data.iter().map(|Sample { x, y, .. }| (p * x - y).powi(2)).sum::<f64>()
        + data
            .iter()
            .filter(|&Sample { flag, .. }| *flag)
            .map(|&Sample { x, tag, .. }| x * p * (!tag) as f64)
            .sum::<f64>()
        + data.iter().fold(p, |s, Sample { y, .. }| s * 0.5 + y * p)
}

case! {
    struct_patterns_in_closures, struct_patterns_in_closures_grad, struct_patterns_in_closures_grad_add, struct_patterns_in_closures_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn nested_patterns(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = p;
    for Sample { inner: Inner { w, pair: (a, n), .. }, mode, xs, .. } in data {
        s += w * p * a + *n as f64;
        match (mode, xs.as_slice()) {
            (Mode::Up, [first, ..]) => s *= first * p,
            (Mode::Down(k), _) if *k > 100 => s += *k as f64 * p,
            (Mode::Both { n, w }, [a, b, ..]) => s += *n as f64 * w * a * b * p,
            _ => {}
        }
    }
    s
}

case! {
    nested_patterns, nested_patterns_grad, nested_patterns_grad_add, nested_patterns_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn tuple_structs(p: f64, #[constant] points: &[Point]) -> f64 {
    let mut s = 0.0;
    for Point(x, y) in points {
        s += (p * x - y).powi(2);
    }
    for &Point(x, y) in points {
        s += p * x * y;
    }
    for q in points {
        let Point(x, _) = q;
        let &Point(_, y) = q;
        s += x * y * p * p;
    }
    s + points.iter().map(|Point(a, b)| a * b * p).sum::<f64>()
}

case! {
    tuple_structs, tuple_structs_grad, tuple_structs_grad_add, tuple_structs_graph;
    with |p: f64| (p, &[Point(0.5, 1.5), Point(-0.3, 2.0)]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn copied_modes(p: f64, #[constant] modes: &[Mode]) -> f64 {
    let mut s = p;
    'o: for &m in modes {
        let f = match m {
            Mode::Up => 2.0,
            Mode::Down(n) if n > 200 => continue,
            Mode::Down(n) => n.wrapping_mul(2) as f64,
            Mode::Both { n: 0, .. } => break 'o,
            Mode::Both { n, w } => w * f64::from(n),
        };
        s = s * f + p;
        if m == Mode::Up {
            s += 1.0;
        }
    }
    s
}

case! {
    copied_modes, copied_modes_grad, copied_modes_grad_add, copied_modes_graph;
    with |p: f64| (p, &[Mode::Up, Mode::Down(130), Mode::Down(250), Mode::Both { n: 2, w: 0.3 }, Mode::Both { n: 0, w: 1.0 }, Mode::Up]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn made_inside(p: f64, n: usize) -> f64 {
    let m = if n > 2 { Mode::Down(n as u8) } else { Mode::Both { n: -3, w: 0.5 } };
    let q = Point(0.5, n as f64);
    let all = [Mode::Up, m];
    let mut s = p;
    for m in all {
        s *= match m {
            Mode::Up => 1.5,
            Mode::Down(k) => (!k) as f64,
            Mode::Both { n, w } => n as f64 * w,
        };
    }
    let Point(a, b) = q;
    s * a + p * b
}

case! {
    made_inside, made_inside_grad, made_inside_grad_add, made_inside_graph;
    for n in [1, 4];
    with |p: f64| (p, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn fields_of_fields(p: f64, #[constant] data: &[Sample], i: usize) -> f64 {
    let d = &data[i];
    let inner = &d.inner;
    let (a, n) = inner.pair;
    let &(b, _) = &inner.pair;
    let mut s = p * d.x + a * b * p.powi(n as i32) + inner.w;
    for x in &d.xs {
        s += p * x;
    }
    for x in d.xs.iter().rev() {
        s = s * 0.5 + x * p;
    }
    for i in 0..d.xs.len() {
        s += d.xs[i] * p;
    }
    s + data[i].inner.pair.0 * p * data[0].xs[0]
}

case! {
    fields_of_fields, fields_of_fields_grad, fields_of_fields_grad_add, fields_of_fields_graph;
    for i in [0, 2];
    with |p: f64| (p, &samples(), i);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn fields_in_loops(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for d in data {
        for x in &d.xs {
            s += p * x;
        }
        for (x, l) in d.xs.iter().zip(&d.inner.layers) {
            if let Layer::Scale(k) = l {
                s += k * x * p;
            }
        }
    }
    s + data.iter().map(|d| d.xs.iter().map(|x| (p * x).sin()).sum::<f64>()).sum::<f64>()
        + data.iter().flat_map(|d| d.xs.iter()).map(|x| x * p).sum::<f64>()
}

case! {
    fields_in_loops, fields_in_loops_grad, fields_in_loops_grad_add, fields_in_loops_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn options_of_data(
    p: f64,
    #[constant] w: Option<f64>,
    #[constant] v: Option<&[f64]>,
    #[constant] m: &Option<Mode>,
) -> f64 {
    let mut s = if let Some(w) = w { p * w } else { p };
    s += match v {
        Some(v) if v.len() > 1 => p * v[1],
        Some([a]) => p * a,
        Some(_) => 1.0,
        None => p * p,
    };
    if let Some(Mode::Both { w, .. }) = m {
        s *= w;
    }
    if let Some(m) = m
        && *m == Mode::Up
    {
        s += p;
    }
    s * w.unwrap_or(0.5)
}

case! {
    options_of_data, options_of_data_grad, options_of_data_grad_add, options_of_data_graph;
    for given in [(Some(0.7), Some(Mode::Up)), (None, None), (Some(-0.5), Some(Mode::Both { n: 1, w: 2.0 }))];
    with |p: f64| (p, given.0, Some(&[0.5, 1.5]), &given.1);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn results_of_data(p: f64, #[constant] r: &Result<f64, String>, #[constant] all: &[Result<u8, f64>]) -> f64 {
    let mut s = match r {
        Ok(w) => p * w,
        Err(e) if e.is_empty() => p,
        Err(e) => p * e.len() as f64,
    };
    for r in all {
        s += match *r {
            Ok(n) => n.wrapping_mul(3) as f64 * p,
            Err(w) => w * p,
        };
    }
    if let Ok(w) = r {
        s *= w;
    }
    s
}

case! {
    results_of_data, results_of_data_grad, results_of_data_grad_add, results_of_data_graph;
    for r in [Ok(0.5), Err("abc".to_owned()), Err(String::new())];
    with |p: f64| (p, &r, &[Ok(100), Err(0.5)]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn recursive_data(p: f64, #[constant] t: &Tree) -> f64 {
    match t {
        Tree::Leaf(w) => p * w,
        Tree::Node(a, b) => recursive_data(p, a) * recursive_data(p, b) + p,
        Tree::Weighted { by, of } => by * recursive_data(p, of),
    }
}

case! {
    recursive_data, recursive_data_grad, recursive_data_grad_add, recursive_data_graph;
    with |p: f64| (p, &tree());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn references_to_references(
    p: f64,
    #[constant] data: &[&Sample],
    #[constant] layers: &[(usize, &Layer)],
) -> f64 {
    let mut s = p;
    for d in data {
        s += d.x * p;
    }
    for &d in data {
        s += d.y * p * d.tag as f64;
    }
    for Sample { x, .. } in data {
        s += x * p;
    }
    for (i, l) in layers {
        match l {
            Layer::Scale(k) => s += k * p * *i as f64,
            Layer::Shift { by, .. } => s *= by,
            _ => {}
        }
    }
    for &(i, l) in layers {
        if let Layer::Scale(k) = *l {
            s += k * p * i as f64;
        }
    }
    s
}

case! {
    references_to_references, references_to_references_grad, references_to_references_grad_add, references_to_references_graph;
    with |p: f64| (p, &[&samples()[0], &samples()[2]], &[(1, &layers()[0]), (2, &layers()[2])]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn bound_whole(p: f64, #[constant] layers: &[Layer], modes: &[u8]) -> f64 {
    let mut s = p;
    for l in layers {
        match l {
            whole @ Layer::Scale(_) => {
                if let Layer::Scale(k) = whole {
                    s *= k
                }
            }
            Layer::Mix(a, pair @ [_, b]) => s += a * b * pair[0] * p,
            _ => {}
        }
    }
    for m in modes {
        match m {
            n @ (1 | 3..=5) => s += *n as f64 * p,
            0 => s *= 2.0,
            n => s += (!n) as f64,
        }
    }
    match modes {
        [first, .., last] => s * *first as f64 + *last as f64 * p,
        [_] | [] => s,
    }
}

case! {
    bound_whole, bound_whole_grad, bound_whole_grad_add, bound_whole_graph;
    with |p: f64| (p, &layers(), &[3, 0, 250, 1]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn a_unit(p: f64, #[constant] unit: Unit, #[constant] nothing: ()) -> f64 {
    let Unit = unit;
    let () = nothing;
    p * p
}

case! {
    a_unit, a_unit_grad, a_unit_grad_add, a_unit_graph;
    with |p: f64| (p, Unit, ());
    at 0.83;
}

#[differentiable(compiled)]
fn selected_reference(p: f64, #[constant] data: &[Sample], n: usize) -> f64 {
    let d = if n > 2 { &data[0] } else { &data[1] };
    let best = data.iter().max_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
    let m = match n {
        0 => &data[0].mode,
        _ => &data[2].mode,
    };
    let xs = match n {
        0 => &data[0].xs,
        1 => &data[1].xs,
        _ => &d.xs,
    };
    let w = match m {
        Mode::Both { w, .. } => w,
        _ => &0.5,
    };
    let mut s = p * d.x + best.y * p * p;
    for x in xs {
        s += x * p * w;
    }
    s
}

case! {
    selected_reference, selected_reference_grad, selected_reference_grad_add, selected_reference_graph;
    for n in [0, 1, 3];
    with |p: f64| (p, &samples(), n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn moved_enum(p: f64, #[constant] layers: Vec<Layer>) -> f64 {
    let n = layers.len();
    let mut s = p * n as f64;
    for l in layers {
        s = match l {
            Layer::Scale(k) => s * k,
            Layer::Table(v) => {
                for w in v {
                    s += w * p;
                }
                s
            }
            Layer::Named(name, k) => s * name.len() as f64 + f64::from(k),
            _ => s + p,
        };
    }
    s
}

case! {
    moved_enum, moved_enum_grad, moved_enum_grad_add, moved_enum_graph;
    with |p: f64| (p, layers());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn methods_of_a_struct(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = p;
    for d in data {
        s += d.scaled(2.0) * p;
        if d.is_up() {
            s *= p;
        }
        s += d.first().unwrap_or(&0.5) * p + *d.tag_of() as f64;
        let Some(x) = d.first() else { return s };
        s *= x;
    }
    s
}
impl Sample {
    fn scaled(&self, k: f64) -> f64 {
        self.x * k
    }
    fn is_up(&self) -> bool {
        self.mode == Mode::Up
    }
    fn first(&self) -> Option<&f64> {
        self.xs.first()
    }
    fn tag_of(&self) -> &u8 {
        &self.tag
    }
}

case! {
    methods_of_a_struct, methods_of_a_struct_grad, methods_of_a_struct_grad_add, methods_of_a_struct_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn arrays_in_variants(p: f64, #[constant] layers: &[Layer]) -> f64 {
    let mut s = p;
    for l in layers {
        s = match *l {
            Layer::Mix(a, b) => s * a * b[0] + b[1] * p,
            Layer::Sine => s.sin(),
            _ => s,
        };
        match l {
            Layer::Mix(a, b) => s += a * b[1] * p,
            _ => {}
        }
    }
    s
}

case! {
    arrays_in_variants, arrays_in_variants_grad, arrays_in_variants_grad_add, arrays_in_variants_graph;
    with |p: f64| (p, &layers());
    at 0.83, -0.6;
}
