//! Rays through lenses.

use super::vectors::{Vec3, v};
use gradus::{Differentiable, differentiable};

/// A ray near the axis: its height and its angle.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Ray {
    height: f64,
    angle: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Surface {
    curvature: f64,
    index_before: f64,
    index_after: f64,
    gap: f64,
}

#[differentiable]
impl Ray {
    fn travel(self, distance: f64) -> Ray {
        Ray { height: self.height + distance * self.angle, ..self }
    }

    fn refract(self, surface: &Surface) -> Ray {
        let ratio = surface.index_before / surface.index_after;
        let bend = (ratio - 1.0) * surface.curvature;
        Ray { angle: ratio * self.angle + bend * self.height, ..self }
    }
}

case! {
    Ray::REFRACT_BACKEND => Compiled;
    Ray::refract, Ray::refract_vjp, Ray::refract_jacobian, Ray::refract_graph;
    with refract |ray: Ray, surface: Surface| (ray, &surface);
    at (Ray { height: 0.3, angle: -0.1 }, Surface { curvature: 0.2, index_before: 1.0, index_after: 1.5, gap: 0.4 });
}

#[differentiable]
fn spot_size(lens: &[Surface], rays: &[Ray]) -> f64 {
    let mut sum = 0.0;
    for ray in rays {
        let mut ray = *ray;
        for surface in lens {
            ray = ray.refract(surface).travel(surface.gap);
        }
        sum += ray.height * ray.height;
    }
    sum
}

case! {
    spot_size::BACKEND => Compiled;
    spot_size, spot_size_grad, spot_size_graph;
    with spot_of_lens |lens: Vec<Surface>, rays: Vec<Ray>| (&lens, &rays);
    at (vec![
        Surface { curvature: 0.2, index_before: 1.0, index_after: 1.5, gap: 0.4 },
        Surface { curvature: -0.3, index_before: 1.5, index_after: 1.0, gap: 2.0 },
    ], vec![Ray { height: 0.3, angle: -0.1 }, Ray { height: -0.2, angle: 0.05 }]);
}

/// A ray in space and a sphere: the light at the point where it hits.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Sphere {
    centre: Vec3,
    radius: f64,
    albedo: f64,
}

#[differentiable]
impl Sphere {
    fn hits(&self, origin: Vec3, direction: Vec3) -> bool {
        let to = self.centre - origin;
        let along = to.dot(direction);
        to.dot(to) - along * along < self.radius * self.radius
    }

    fn distance(&self, origin: Vec3, direction: Vec3) -> f64 {
        let to = self.centre - origin;
        let along = to.dot(direction);
        along - (self.radius * self.radius - to.norm_squared() + along * along).sqrt()
    }

    fn normal(&self, at: Vec3) -> Vec3 {
        (at - self.centre) / self.radius
    }
}

#[differentiable]
fn shade(sphere: &Sphere, eye: Vec3, towards: Vec3, light: Vec3) -> f64 {
    let direction = (towards - eye).normalized();
    if !sphere.hits(eye, direction) {
        return 0.1 * light.norm();
    }
    let t = sphere.distance(eye, direction);
    let at = eye + direction * t;
    let lit = sphere.normal(at).dot((light - at).normalized());
    sphere.albedo * lit.max(0.0)
}

case! {
    shade::BACKEND => Compiled;
    shade, shade_grad, shade_graph;
    with shaded_sphere |sphere: Sphere, eye: Vec3, towards: Vec3, light: Vec3| (&sphere, eye, towards, light);
    at (Sphere { centre: v(0.0, 0.0, 5.0), radius: 1.5, albedo: 0.8 }, v(0.0, 0.1, 0.0), v(0.2, 0.1, 4.0), v(3.0, 4.0, 0.0)),
        (Sphere { centre: v(0.0, 0.0, 5.0), radius: 0.5, albedo: 0.8 }, v(0.0, 0.1, 0.0), v(2.2, 0.1, 4.0), v(3.0, 4.0, 0.0));
}

/// Snell's law in space.
#[differentiable]
fn bent(direction: Vec3, normal: Vec3, ratio: f64) -> Vec3 {
    let cos = -normal.dot(direction);
    let sin2 = ratio * ratio * (1.0 - cos * cos);
    if sin2 > 1.0 {
        direction + 2.0 * cos * normal
    } else {
        ratio * direction + (ratio * cos - (1.0 - sin2).sqrt()) * normal
    }
}

case! {
    bent::BACKEND => Compiled;
    bent, bent_vjp, bent_jacobian, bent_graph;
    with bent_ray |direction: Vec3, normal: Vec3, ratio: f64| (direction, normal, ratio);
    at (v(0.6, -0.8, 0.1), v(0.0, 1.0, 0.05), 0.66), (v(0.9, -0.3, 0.1), v(0.0, 1.0, 0.05), 1.5);
}
