//! A hand that is fitted to points: bones that bend, and a skin that follows them.

use gradus::differentiable;
use serde::{Deserialize, Deserializer};

/// Twenty-six parameters of the pose; the hand and the points; where on its triangle each point lies, or nothing.
#[derive(Deserialize)]
pub struct Input {
    theta: Vec<f64>,
    data: Data,
    us: Vec<[f64; 2]>,
}

/// The hand and the points.
#[derive(Deserialize)]
pub struct Data {
    model: Model,
    /// The vertex of each point, or its triangle.
    correspondences: Vec<usize>,
    points: Vec<[f64; 3]>,
}

/// Bones and skin.
#[derive(Deserialize)]
pub struct Model {
    /// The index of each bone's parent; that of the first is its own.
    #[serde(deserialize_with = "parents")]
    parents: Vec<usize>,
    base_relatives: Vec<[[f64; 4]; 4]>,
    inverse_base_absolutes: Vec<[[f64; 4]; 4]>,
    base_positions: Vec<[f64; 4]>,
    /// Of each vertex, one for each bone.
    weights: Vec<Vec<f64>>,
    triangles: Vec<[usize; 3]>,
    is_mirrored: bool,
}

/// The messages have −1 where there is no parent.
fn parents<'de, D: Deserializer<'de>>(messages: D) -> Result<Vec<usize>, D::Error> {
    let parents = Vec::<i64>::deserialize(messages)?;
    Ok(parents
        .into_iter()
        .enumerate()
        .map(|(bone, parent)| usize::try_from(parent).unwrap_or(bone))
        .collect())
}

type Matrix = [[f64; 4]; 4];

#[differentiable(compiled)]
fn product(a: [[f64; 4]; 4], b: [[f64; 4]; 4]) -> [[f64; 4]; 4] {
    let mut c = [[0.0; 4]; 4];
    for i in 0..4 {
        for k in 0..4 {
            for j in 0..4 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

/// A rotation about x, then y, then z.
#[differentiable(compiled)]
fn rotation(x: f64, y: f64, z: f64) -> [[f64; 4]; 4] {
    let (sx, cx) = x.sin_cos();
    let (sy, cy) = y.sin_cos();
    let (sz, cz) = z.sin_cos();
    [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, 0.0],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, 0.0],
        [-sy, cy * sx, cy * cx, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

/// A rotation about an axis that is as long as the angle.
#[differentiable(compiled)]
fn about(axis: [f64; 3]) -> [[f64; 3]; 3] {
    let angle = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if angle < 0.0001 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let (x, y, z) = (axis[0] / angle, axis[1] / angle, axis[2] / angle);
    let (s, c) = angle.sin_cos();
    [
        [x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s],
        [x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s],
        [x * z * (1.0 - c) - y * s, y * z * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c],
    ]
}

/// The angles of each bone about x, z and y. Of the wrist and the ends of the fingers they are 0; the first joint of a finger also turns
/// sideways.
#[differentiable(compiled)]
fn bends(theta: &[f64], bones: usize) -> Vec<[f64; 2]> {
    let mut bends = vec![[0.0, 0.0]; bones];
    let mut next = 6;
    for finger in 0..5 {
        for joint in 0..3 {
            let bone = 2 + 4 * finger + joint;
            bends[bone][0] = theta[next];
            next += 1;
            if joint == 0 {
                bends[bone][1] = theta[next];
                next += 1;
            }
        }
    }
    bends
}

/// The vertices of the skin.
#[differentiable(compiled)]
fn skin(
    theta: &[f64],
    parents: &[usize],
    #[constant] relatives: &[[[f64; 4]; 4]],
    #[constant] inverses: &[[[f64; 4]; 4]],
    #[constant] vertices: &[[f64; 4]],
    #[constant] weights: &[Vec<f64>],
    mirrored: bool,
) -> Vec<[f64; 3]> {
    let bones = parents.len();
    let bends = bends(theta, bones);
    let mut absolutes = vec![[[0.0; 4]; 4]; bones];
    let mut transforms = vec![[[0.0; 4]; 4]; bones];
    for bone in 0..bones {
        let relative = product(relatives[bone], rotation(bends[bone][0], 0.0, bends[bone][1]));
        if parents[bone] == bone {
            absolutes[bone] = relative;
        } else {
            absolutes[bone] = product(absolutes[parents[bone]], relative);
        }
        transforms[bone] = product(absolutes[bone], inverses[bone]);
    }
    let turn = about([theta[0], theta[1], theta[2]]);
    let side = if mirrored { -1.0 } else { 1.0 };
    let mut skin = vec![[0.0; 3]; vertices.len()];
    for vertex in 0..vertices.len() {
        let mut place = [0.0; 3];
        for bone in 0..bones {
            for i in 0..3 {
                let mut moved = 0.0;
                for j in 0..4 {
                    moved += transforms[bone][i][j] * vertices[vertex][j];
                }
                place[i] += moved * weights[vertex][bone];
            }
        }
        place[0] *= side;
        for i in 0..3 {
            skin[vertex][i] =
                turn[i][0] * place[0] + turn[i][1] * place[1] + turn[i][2] * place[2] + theta[3 + i];
        }
    }
    skin
}

/// How far each point is from its vertex.
#[differentiable(compiled)]
fn from_vertices(skin: &[[f64; 3]], #[constant] points: &[[f64; 3]], vertices: &[usize]) -> Vec<f64> {
    let mut misses = Vec::new();
    for (point, vertex) in points.iter().zip(vertices) {
        for i in 0..3 {
            misses.push(point[i] - skin[*vertex][i]);
        }
    }
    misses
}

/// How far each point is from its place on its triangle.
#[differentiable(compiled)]
fn from_triangles(
    skin: &[[f64; 3]],
    us: &[[f64; 2]],
    #[constant] points: &[[f64; 3]],
    triangles: &[[usize; 3]],
) -> Vec<f64> {
    let mut misses = Vec::new();
    for at in 0..points.len() {
        let [a, b, c] = triangles[at];
        let [u, v] = us[at];
        for i in 0..3 {
            misses.push(points[at][i] - (u * skin[a][i] + v * skin[b][i] + (1.0 - u - v) * skin[c][i]));
        }
    }
    misses
}

/// The misses and how fast they change if the pose and the places on the triangles change in a direction.
fn changing(input: &Input, theta: &[f64], us: &[[f64; 2]]) -> Vec<f64> {
    let Data { model, correspondences, points } = &input.data;
    let relatives: &[Matrix] = &model.base_relatives;
    let (skin, skin_moves) = skin_jvp(
        &input.theta,
        &model.parents,
        relatives,
        &model.inverse_base_absolutes,
        &model.base_positions,
        &model.weights,
        model.is_mirrored,
        theta,
    );
    if input.us.is_empty() {
        return from_vertices_jvp(&skin, points, correspondences, &skin_moves).1;
    }
    from_triangles_jvp(&skin, &input.us, points, &triangles(input), &skin_moves, us).1
}

fn triangles(input: &Input) -> Vec<[usize; 3]> {
    input.data.correspondences.iter().map(|at| input.data.model.triangles[*at]).collect()
}

/// The misses of all points.
pub fn objective(input: &Input) -> Vec<f64> {
    let Data { model, correspondences, points } = &input.data;
    let skin = skin(
        &input.theta,
        &model.parents,
        &model.base_relatives,
        &model.inverse_base_absolutes,
        &model.base_positions,
        &model.weights,
        model.is_mirrored,
    );
    if input.us.is_empty() {
        return from_vertices(&skin, points, correspondences);
    }
    from_triangles(&skin, &input.us, points, &triangles(input))
}

/// The derivatives of each miss: for its own place on its triangle, if there is one, then for the pose. A column is one pass of forward
/// mode.
pub fn jacobian(input: &Input) -> Vec<Vec<f64>> {
    let (mut theta, mut us) = (vec![0.0; input.theta.len()], vec![[0.0; 2]; input.us.len()]);
    let mut columns = Vec::new();
    if !input.us.is_empty() {
        for direction in [[1.0, 0.0], [0.0, 1.0]] {
            us.fill(direction);
            columns.push(changing(input, &theta, &us));
        }
        us.fill([0.0; 2]);
    }
    for at in 0..theta.len() {
        theta[at] = 1.0;
        columns.push(changing(input, &theta, &us));
        theta[at] = 0.0;
    }
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}
