//! Rays that meet spheres, or do not.

use super::harness::close;
use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl V {
    fn dot(self, o: V) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    /// Of length 1; a vector without length has no direction.
    fn normalized(self) -> Option<V> {
        let length = self.dot(self).sqrt();
        if length == 0.0 {
            return None;
        }
        Some(self * (1.0 / length))
    }
}

#[differentiable]
impl Add for V {
    type Output = V;
    fn add(self, o: V) -> V {
        V { x: self.x + o.x, y: self.y + o.y, z: self.z + o.z }
    }
}

#[differentiable]
impl Sub for V {
    type Output = V;
    fn sub(self, o: V) -> V {
        V { x: self.x - o.x, y: self.y - o.y, z: self.z - o.z }
    }
}

#[differentiable]
impl Mul<f64> for V {
    type Output = V;
    fn mul(self, k: f64) -> V {
        V { x: self.x * k, y: self.y * k, z: self.z * k }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Ray {
    origin: V,
    direction: V,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Sphere {
    centre: V,
    radius: f64,
    id: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Hit {
    distance: f64,
    normal: V,
    id: u32,
}

#[differentiable(second)]
impl Sphere {
    fn depth(&self, k: f64) -> Option<f64> {
        if self.radius <= 0.0 {
            return None;
        }
        Some(self.radius.ln() * self.centre.z * k)
    }
}

#[test]
fn a_method_has_second_derivatives() {
    let (value, gradient, rows) = sphere(2.0, 3).depth_hessian(5.0).unwrap();
    assert_eq!((value, gradient.0.radius, gradient.1), (0.0, 10.0, 0.0));
    assert_eq!(
        (rows[2].0.radius, rows[3].0.radius, rows[3].0.centre.z, rows[4].0.radius),
        (5.0, -10.0, 5.0, 2.0)
    );
    assert_eq!(rows[3].0.id, 3);
    let none = Sphere { radius: 0.0, ..sphere(2.0, 3) };
    assert!(none.depth_hessian(5.0).is_none() && none.depth_hvp(5.0, &none, 1.0).is_none());
}

#[differentiable]
impl Sphere {
    fn hit(&self, ray: &Ray) -> Option<f64> {
        let to = ray.origin - self.centre;
        let b = to.dot(ray.direction);
        let c = to.dot(to) - self.radius * self.radius;
        let square = b * b - c;
        if square < 0.0 {
            return None;
        }
        let t = -b - square.sqrt();
        if t > 0.0 { Some(t) } else { None }
    }

    fn met(&self, ray: &Ray) -> Option<Hit> {
        let distance = self.hit(ray)?;
        let point = ray.origin + ray.direction * distance;
        let normal = (point - self.centre).normalized()?;
        Some(Hit { distance, normal, id: self.id })
    }
}

fn ray() -> Ray {
    Ray { origin: V { x: 0.1, y: -0.2, z: -5.0 }, direction: V { x: 0.0, y: 0.0, z: 1.0 } }
}

fn sphere(z: f64, id: u32) -> Sphere {
    Sphere { centre: V { x: 0.0, y: 0.0, z }, radius: 1.0, id }
}

#[test]
fn a_hit_has_a_gradient_and_a_miss_has_none() {
    let (distance, (sphere_gradient, ray_gradient)) = sphere(0.0, 7).hit_grad(&ray()).unwrap();
    assert_eq!(distance.to_bits(), sphere(0.0, 7).hit(&ray()).unwrap().to_bits());
    // t = 5 − √(r² − x² − y²)
    let root = (1.0_f64 - 0.05).sqrt();
    assert!(close(sphere_gradient.radius, -1.0 / root));
    assert!(close(sphere_gradient.centre.z, 1.0) && close(ray_gradient.origin.z, -1.0));
    assert!(close(ray_gradient.origin.x, 0.1 / root));
    assert_eq!(sphere_gradient.id, 7);
    let beside = Ray { origin: V { x: 3.0, y: 0.0, z: -5.0 }, ..ray() };
    assert_eq!(sphere(0.0, 7).hit_grad(&beside), None);
    assert_eq!(sphere(-9.0, 7).hit_grad(&ray()), None);
    assert!(sphere(0.0, 7).met_jacobian(&beside).is_none());
    assert!(sphere(0.0, 7).met_vjp(&beside, sphere(0.0, 7).met(&ray()).unwrap()).is_none());
}

#[test]
fn a_hit_with_its_normal_has_a_jacobian() {
    let (hit, rows) = sphere(0.0, 7).met_jacobian(&ray()).unwrap();
    assert_eq!(Some(hit), sphere(0.0, 7).met(&ray()));
    assert_eq!(rows.len(), 4);
    let step = 1e-6;
    let moved = |by: f64| Sphere { radius: 1.0 + by, ..sphere(0.0, 7) }.met(&ray()).unwrap();
    let (more, less) = (moved(step), moved(-step));
    for (row, (more, less)) in rows.iter().zip([
        (more.distance, less.distance),
        (more.normal.x, less.normal.x),
        (more.normal.y, less.normal.y),
        (more.normal.z, less.normal.z),
    ]) {
        assert!((row.0.radius - (more - less) / (2.0 * step)).abs() < 1e-6);
    }
}

/// The nearest of several spheres, kept in an `Option` that changes.
#[differentiable]
fn nearest(spheres: &[Sphere], ray: &Ray) -> Option<f64> {
    let mut best: Option<f64> = None;
    for sphere in spheres {
        if let Some(t) = sphere.hit(ray) {
            if best.map_or(true, |b| t < b) {
                best = Some(t);
            }
        }
    }
    best
}

/// The same with iterators.
#[differentiable]
fn nearest_of(spheres: &[Sphere], ray: &Ray) -> Option<f64> {
    spheres.iter().filter_map(|sphere| sphere.hit(ray)).min_by(|a, b| a.total_cmp(b))
}

/// The same with a fold.
#[differentiable]
fn nearest_folded(spheres: &[Sphere], ray: &Ray) -> Option<f64> {
    let best = spheres.iter().filter_map(|sphere| sphere.hit(ray)).fold(f64::INFINITY, f64::min);
    if best.is_finite() { Some(best) } else { None }
}

#[test]
fn the_nearest_hit() {
    let spheres = [sphere(4.0, 0), sphere(1.0, 1), sphere(2.0, 2)];
    for nearest in [nearest_grad, nearest_of_grad, nearest_folded_grad] {
        let (distance, (gradient, _)) = nearest(&spheres, &ray()).unwrap();
        assert_eq!(Some(distance), spheres[1].hit(&ray()));
        let centres: Vec<f64> = gradient.iter().map(|sphere| sphere.centre.z).collect();
        assert!(centres[0] == 0.0 && close(centres[1], 1.0) && centres[2] == 0.0);
        assert_eq!(nearest(&[], &ray()), None);
        assert_eq!(nearest(&[sphere(-9.0, 0)], &ray()), None);
    }
}

/// A picture of one pixel: light, or the sky.
#[differentiable]
fn shade(spheres: &[Sphere], ray: &Ray, light: V) -> f64 {
    let mut nearest: Option<Hit> = None;
    for sphere in spheres {
        let Some(hit) = sphere.met(ray) else { continue };
        match nearest {
            Some(known) if known.distance <= hit.distance => {}
            _ => nearest = Some(hit),
        }
    }
    match nearest {
        Some(hit) => hit.normal.dot(light).max(0.0) + 0.1,
        None => 0.5 * (1.0 + ray.direction.y),
    }
}

#[test]
fn a_pixel_of_a_picture() {
    let light = V { x: 0.3, y: 0.2, z: -0.9 };
    let spheres = [sphere(4.0, 0), sphere(1.0, 1)];
    let (value, (_, _, of_light)) = shade_grad(&spheres, &ray(), light);
    assert_eq!(value.to_bits(), shade(&spheres, &ray(), light).to_bits());
    let normal = spheres[1].met(&ray()).unwrap().normal;
    assert!(close(of_light.x, normal.x) && close(of_light.z, normal.z));
    let (value, (_, gradient, _)) = shade_grad(&[], &ray(), light);
    assert_eq!((value, gradient.direction.y), (0.5, 0.5));
}

#[test]
fn gradients_are_compiled() {
    compiled!(nearest);
}
