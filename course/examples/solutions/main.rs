//! The solutions of the course's exercises, each held against the check of its lesson. `cargo run --example solutions`.
//!
//! Better to look at them after trying.

#![allow(dead_code, clippy::duplicate_mod, reason = "of each lesson its exercise alone is wanted here")]

#[path = "../00_your_own_value.rs"]
pub mod lesson_00;
#[path = "../01_a_value_remembers.rs"]
pub mod lesson_01;
#[path = "../02_backward_by_hand.rs"]
pub mod lesson_02;
#[path = "../03_topological_order.rs"]
pub mod lesson_03;
#[path = "../04_accumulation.rs"]
pub mod lesson_04;
#[path = "../05_a_neuron.rs"]
pub mod lesson_05;
#[path = "../06_the_graph_of_a_function.rs"]
pub mod lesson_06;
#[path = "../07_control_flow.rs"]
pub mod lesson_07;
#[path = "../08_reading_the_adjoint.rs"]
pub mod lesson_08;
#[path = "../09_a_custom_operation.rs"]
pub mod lesson_09;
#[path = "../10_a_struct.rs"]
pub mod lesson_10;

pub mod by_hand;
pub mod functions;
pub mod values;

/// Each lesson's number, and its check of the solution, which panics where that is wrong.
pub const CHECKS: [fn(); 11] = [
    || lesson_00::check_exercise(values::tanh),
    || lesson_01::check_exercise(values::uses),
    || lesson_02::check_exercise(by_hand::wave_by_hand),
    || lesson_03::check_exercise(values::users_first),
    || lesson_04::check_exercise(by_hand::train),
    || lesson_05::check_exercise(values::sigmoid),
    || lesson_06::check_exercise(functions::alignment_grad),
    || lesson_07::check_exercise(functions::huber_grad),
    || lesson_08::check_exercise(by_hand::sines_by_hand),
    || lesson_09::check_exercise(functions::lambert_partial),
    || lesson_10::check_exercise(by_hand::line_by_hand),
];

fn main() {
    for (lesson, check) in CHECKS.iter().enumerate() {
        check();
        println!("lesson {lesson}: solved");
    }
}
