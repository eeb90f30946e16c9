//! What bodies do with structs.
#![deny(warnings)]

use gradus::check::assert_gradient;
use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Meters(f64);

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Path {
    points: Vec<Point>,
    lengths: [Meters; 2],
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Grid<const N: usize> {
    cells: [f64; N],
}

#[differentiable]
fn fields(path: &Path, k: f64) -> f64 {
    let mut path = path.clone();
    path.points[0].x += k;
    path.lengths[1].0 *= path.points[0].x;
    let last = path.points.len() - 1;
    path.points[last] = Point { y: k, ..path.points[0] };
    let Point { x, y: height } = path.points[last];
    x * height + path.lengths[1].0
}

#[differentiable]
fn literals(x: f64, y: f64) -> Point {
    let first = Point { x, y };
    let second = Point { x: 2.0 * y, ..first };
    let third = Point { x: second.x, y: 0.0 };
    let meters = Meters(third.x * first.y);
    Point { x: meters.0, ..second }
}

#[differentiable]
fn patterns(Point { x, y }: Point, (Meters(m), k): (Meters, f64)) -> f64 {
    let pair = (Point { x: y, y: m }, k);
    let (Point { x: a, .. }, b) = pair;
    match pair.0 {
        Point { x, y } if x > y => x * b,
        Point { x: c, .. } => c + a * x,
    }
}

#[differentiable]
fn closures(p: Point, k: f64) -> f64 {
    let scaled = |Point { x, y }: Point| Point { x: k * x, y: k * y };
    let sum = |p: &Point| p.x + p.y;
    let q = scaled(p);
    sum(&q) * sum(&p)
}

#[differentiable]
fn borrowed(p: Point, q: Point) -> f64 {
    let (mut p, mut q) = (p, q);
    {
        let first = &mut p;
        first.x *= 2.0;
        let y = &mut first.y;
        *y += 1.0;
    }
    std::mem::swap(&mut p, &mut q);
    let old = std::mem::replace(&mut p, Point::default());
    old.x * q.y + p.x + q.x
}

#[differentiable]
fn compared(p: Point, q: Point) -> f64 {
    if p == q {
        p.x
    } else if p < q {
        q.y * p.x
    } else {
        p.y + q.x
    }
}

#[differentiable]
fn grown(start: Point, k: f64, #[constant] steps: usize) -> Vec<Point> {
    let mut path = vec![start];
    for _ in 0..steps {
        let last = path[path.len() - 1];
        path.push(Point { x: last.x * k, y: last.y + last.x });
    }
    path
}

#[differentiable]
fn iterated(points: &[Point], k: f64) -> f64 {
    let mut moved: Vec<Point> = points.iter().map(|p| Point { x: p.x * k, y: p.y }).collect();
    for p in moved.iter_mut() {
        p.y *= p.x;
    }
    let mut sum = 0.0;
    for Point { x, y } in &moved {
        sum += x - y;
    }
    sum + moved.iter().zip(points).map(|(p, q)| p.x * q.y).sum::<f64>()
}

#[differentiable]
fn in_loops(start: Point, #[constant] steps: usize) -> Point {
    let mut p = start;
    let mut steps = steps;
    while steps > 0 {
        p = Point { x: p.x * p.y, y: p.y + 0.5 };
        if p.x > 50.0 {
            break;
        }
        steps -= 1;
    }
    p
}

#[differentiable]
fn in_branches(p: Point, q: Point) -> Point {
    let mut best = p;
    if q.x > p.x {
        best = q;
    }
    if best.y < 0.0 {
        return Point { x: -best.x, ..best };
    }
    best
}

#[differentiable]
fn const_generic<const N: usize>(grid: Grid<N>, k: f64) -> Grid<N> {
    let mut next = grid;
    for i in 1..N {
        next.cells[i] = grid.cells[i - 1] * k;
    }
    next
}

#[differentiable]
fn shown(p: Point) -> f64 {
    assert!(p.x > 0.0, "{p:?} lies on the left");
    let text = format!("{:?}", gradus::stop_gradient(p.x));
    p.x * text.len() as f64
}

fn main() {
    let (p, q) = (Point { x: 0.7, y: 1.3 }, Point { x: 1.1, y: -0.4 });
    let path = Path { points: vec![p, q], lengths: [Meters(1.5), Meters(2.5)], name: "path".to_owned() };
    assert_gradient!(fields, &path, 0.8);
    assert_gradient!(literals, 0.7, 1.2);
    assert_gradient!(patterns, p, (Meters(0.3), 2.0));
    assert_gradient!(patterns, p, (Meters(3.3), 2.0));
    assert_gradient!(closures, p, 1.7);
    assert_gradient!(borrowed, p, q);
    assert_gradient!(compared, p, q);
    assert_gradient!(compared, q, p);
    assert_gradient!(grown, p, 1.7, 3);
    assert_gradient!(iterated, &[p, q], 1.7);
    assert_gradient!(in_loops, p, 4);
    assert_gradient!(in_branches, p, q);
    assert_gradient!(const_generic::<3>, Grid { cells: [0.5, 1.5, 2.5] }, 1.7);
    assert_eq!(path.name, fields_grad(&path, 0.8).1.0.name);
    assert_eq!(shown_grad(Point { x: 2.5, y: 0.0 }).1, Point { x: 3.0, y: 0.0 });
    assert_eq!(grown_graph(p, 2.0, 2).values().len(), 6);
}
