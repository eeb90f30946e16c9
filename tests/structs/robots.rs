//! Arms of joints and links.

use super::vectors::{Vec3, v};
use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Joint {
    angle: f64,
    length: f64,
    #[constant]
    limit: (f64, f64),
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pose {
    position: (f64, f64),
    heading: f64,
}

#[differentiable]
impl Pose {
    fn along(self, joint: &Joint) -> Pose {
        let heading = self.heading + joint.angle;
        let (x, y) = self.position;
        Pose { position: (x + joint.length * heading.cos(), y + joint.length * heading.sin()), heading }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Arm {
    base: Pose,
    joints: Vec<Joint>,
}

#[differentiable]
impl Arm {
    fn tip(&self) -> Pose {
        let mut pose = self.base;
        for joint in &self.joints {
            pose = pose.along(joint);
        }
        pose
    }

    fn miss(&self, target: (f64, f64)) -> f64 {
        let tip = self.tip();
        (tip.position.0 - target.0).powi(2) + (tip.position.1 - target.1).powi(2)
    }

    fn beyond_limits(&self) -> f64 {
        let mut sum = 0.0;
        for joint in &self.joints {
            if joint.angle < joint.limit.0 {
                sum += (joint.limit.0 - joint.angle).powi(2);
            } else if joint.angle > joint.limit.1 {
                sum += (joint.angle - joint.limit.1).powi(2);
            }
        }
        sum
    }
}

fn arm() -> Arm {
    let joint = |angle, length| Joint { angle, length, limit: (-0.5, 0.5) };
    Arm {
        base: Pose { position: (0.1, 0.0), heading: 0.2 },
        joints: vec![joint(0.3, 1.0), joint(-0.7, 0.8), joint(0.9, 0.5)],
    }
}

case! {
    Pose::ALONG_BACKEND => Compiled;
    Pose::along, Pose::along_vjp, Pose::along_jacobian, Pose::along_graph;
    with pose_along |pose: Pose, joint: Joint| (pose, &joint);
    at (arm().base, arm().joints[0]);
}

case! {
    Arm::TIP_BACKEND => Compiled;
    Arm::tip, Arm::tip_vjp, Arm::tip_jacobian, Arm::tip_graph;
    with tip_of_arm |arm: Arm| (&arm);
    at arm();
}

#[differentiable]
fn reach(arm: &Arm, target: (f64, f64), penalty: f64) -> f64 {
    arm.miss(target) + penalty * arm.beyond_limits()
}

case! {
    reach::BACKEND => Compiled;
    reach, reach_grad, reach_graph;
    with reaching |arm: Arm, target: (f64, f64), penalty: f64| (&arm, target, penalty);
    at (arm(), (1.0, 1.2), 0.3);
}

/// One step of descent on the angles, inside the function.
#[differentiable]
fn nudged(arm: &Arm, by: &[f64]) -> f64 {
    let mut moved = arm.clone();
    for (joint, d) in moved.joints.iter_mut().zip(by) {
        joint.angle += *d;
    }
    moved.miss((1.0, 1.0))
}

case! {
    nudged::BACKEND => Compiled;
    nudged, nudged_grad, nudged_graph;
    with nudged_arm |arm: Arm, by: Vec<f64>| (&arm, &by);
    at (arm(), vec![0.1, -0.2, 0.05]);
}

/// A frame in space, in tuple structs.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Frame3(Vec3, [Vec3; 3]);

#[differentiable]
impl Frame3 {
    fn place(&self, local: Vec3) -> Vec3 {
        let Frame3(origin, [ex, ey, ez]) = *self;
        origin + local.x * ex + local.y * ey + local.z * ez
    }
}

case! {
    Frame3::PLACE_BACKEND => Compiled;
    Frame3::place, Frame3::place_vjp, Frame3::place_jacobian, Frame3::place_graph;
    with place_in_frame |frame: Frame3, local: Vec3| (&frame, local);
    at (Frame3(v(1.0, 0.0, 2.0), [v(0.9, 0.1, 0.0), v(-0.1, 0.9, 0.0), v(0.0, 0.0, 1.0)]), v(0.3, 0.4, 0.5));
}
