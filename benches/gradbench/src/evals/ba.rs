//! Bundle adjustment: cameras and points that explain what the cameras saw.

use gradus::{Differentiable, differentiable, flat};
use serde::{Deserialize, Serialize};

/// How many cameras, points and observations there are, and one of each, which is repeated.
#[derive(Deserialize)]
pub struct Input {
    n: usize,
    m: usize,
    p: usize,
    cam: [f64; 11],
    x: [f64; 3],
    w: f64,
    feat: [f64; 2],
}

#[derive(Clone, Copy, Differentiable)]
struct Camera {
    /// An axis, as long as the angle.
    rotation: [f64; 3],
    centre: [f64; 3],
    focal: f64,
    principal: [f64; 2],
    radial: [f64; 2],
}

impl Camera {
    fn of(numbers: &[f64; 11]) -> Camera {
        let none = Camera {
            rotation: [0.0; 3],
            centre: [0.0; 3],
            focal: 0.0,
            principal: [0.0; 2],
            radial: [0.0; 2],
        };
        flat::from_slice(&none, numbers)
    }
}

#[differentiable(compiled)]
fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiable(compiled)]
fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// A point turned around an axis, by Rodrigues' formula.
#[differentiable(compiled)]
fn turned(axis: [f64; 3], point: [f64; 3]) -> [f64; 3] {
    let moved = cross(axis, point);
    let mut turned = [point[0] + moved[0], point[1] + moved[1], point[2] + moved[2]];
    let squared = dot(axis, axis);
    if squared != 0.0 {
        let angle = squared.sqrt();
        let (sine, cosine) = angle.sin_cos();
        let along = dot(axis, point) / squared * (1.0 - cosine);
        for i in 0..3 {
            turned[i] = point[i] * cosine + moved[i] / angle * sine + axis[i] * along;
        }
    }
    turned
}

/// How far a point is from where a camera saw it, weighted.
#[differentiable(compiled)]
fn miss(camera: Camera, point: [f64; 3], weight: f64, #[constant] seen: [f64; 2]) -> [f64; 2] {
    let centre = camera.centre;
    let seen_from = [point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]];
    let [x, y, z] = turned(camera.rotation, seen_from);
    let (x, y) = (x / z, y / z);
    let squared = x * x + y * y;
    let stretched = 1.0 + camera.radial[0] * squared + camera.radial[1] * squared * squared;
    [
        weight * (x * stretched * camera.focal + camera.principal[0] - seen[0]),
        weight * (y * stretched * camera.focal + camera.principal[1] - seen[1]),
    ]
}

#[differentiable(compiled)]
fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// The first errors, and how often they are repeated.
#[derive(Serialize)]
pub struct Errors {
    reproj_error: Reprojection,
    w_err: Weight,
}

#[derive(Serialize)]
struct Reprojection {
    elements: [f64; 2],
    repeated: usize,
}

#[derive(Serialize)]
struct Weight {
    element: f64,
    repeated: usize,
}

/// Everything that is observed, as if the observations differed.
struct Scene {
    cameras: Vec<Camera>,
    points: Vec<[f64; 3]>,
    weights: Vec<f64>,
    seen: Vec<[f64; 2]>,
}

impl Scene {
    fn of(input: &Input) -> Scene {
        Scene {
            cameras: vec![Camera::of(&input.cam); input.n],
            points: vec![input.x; input.m],
            weights: vec![input.w; input.p],
            seen: vec![input.feat; input.p],
        }
    }

    /// The camera and the point of an observation.
    fn pair(&self, observation: usize) -> (usize, usize) {
        (observation % self.cameras.len(), observation % self.points.len())
    }
}

/// All errors, of which the first are shown.
pub fn objective(input: &Input) -> Errors {
    let scene = Scene::of(input);
    let misses: Vec<[f64; 2]> = (0..scene.seen.len())
        .map(|i| {
            let (camera, point) = scene.pair(i);
            miss(scene.cameras[camera], scene.points[point], scene.weights[i], scene.seen[i])
        })
        .collect();
    let weights: Vec<f64> = scene.weights.iter().map(|weight| weight_error(*weight)).collect();
    Errors {
        reproj_error: Reprojection { elements: misses[0], repeated: misses.len() },
        w_err: Weight { element: weights[0], repeated: weights.len() },
    }
}

/// The first elements of a sparse matrix and the last one: where rows begin, and columns and values of the elements.
#[derive(Serialize)]
pub struct Sparse {
    rows: Vec<usize>,
    cols: Vec<usize>,
    vals: Vec<f64>,
}

/// The derivatives of all errors.
pub fn jacobian(input: &Input) -> Sparse {
    let scene = Scene::of(input);
    let first_point = 11 * scene.cameras.len();
    let first_weight = first_point + 3 * scene.points.len();
    let mut matrix = Sparse { rows: vec![0], cols: Vec::new(), vals: Vec::new() };
    for i in 0..scene.seen.len() {
        let (camera, point) = scene.pair(i);
        let (_, rows) =
            miss_jacobian(scene.cameras[camera], scene.points[point], scene.weights[i], scene.seen[i]);
        for (by_camera, by_point, by_weight) in rows {
            matrix.cols.extend(11 * camera..11 * (camera + 1));
            matrix.vals.extend(flat::to_vec(&by_camera));
            matrix.cols.extend(first_point + 3 * point..first_point + 3 * (point + 1));
            matrix.vals.extend(by_point);
            matrix.cols.push(first_weight + i);
            matrix.vals.push(by_weight);
            matrix.rows.push(matrix.cols.len());
        }
    }
    for (i, weight) in scene.weights.iter().enumerate() {
        matrix.cols.push(first_weight + i);
        matrix.vals.push(weight_error_grad(*weight).1);
        matrix.rows.push(matrix.cols.len());
    }
    let Sparse { rows, cols, vals } = matrix;
    Sparse { rows: ends(&rows), cols: ends(&cols), vals: ends(&vals) }
}

/// The first thirty elements and the last one.
fn ends<T: Copy>(list: &[T]) -> Vec<T> {
    list.iter().take(30).chain(list.last()).copied().collect()
}
