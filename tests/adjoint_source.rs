//! The texts of adjoints, `NAME::ADJOINT_SOURCE`, are what they say: beside each function of `adjoint_source/` lies its text, and
//! here that text is compiled and run, and gives the very numbers that the compiled adjoint gives.

/// A file of functions, as a module; and its texts, as another and as a text.
macro_rules! read {
    ($source:ident, $file:literal, $text:ident, $adjoint:literal, $TEXT:ident) => {
        #[path = $file]
        #[allow(clippy::pedantic, reason = "written as people write it")]
        mod $source;
        #[allow(warnings, clippy::all, clippy::pedantic, reason = "a text to read")]
        mod $text {
            use super::$source::*;
            use gradus::ops::rules::*;
            use gradus::rt::{Frame, Seed, Shaped, Witness, accumulate, check_seed, framed, pop, reached};
            use std::mem::{replace, swap};
            include!($adjoint);
        }
        const $TEXT: &str = include_str!($adjoint);
    };
}

read!(
    neuron,
    "adjoint_source/straight_line.rs",
    neuron_read,
    "adjoint_source/straight_line.adjoint.rs",
    NEURON
);
read!(branch, "adjoint_source/branch.rs", branch_read, "adjoint_source/branch.adjoint.rs", BRANCH);
read!(
    growth,
    "adjoint_source/recorded_loop.rs",
    growth_read,
    "adjoint_source/recorded_loop.adjoint.rs",
    GROWTH
);
read!(stores, "adjoint_source/stores.rs", stores_read, "adjoint_source/stores.adjoint.rs", STORES);
read!(calls, "adjoint_source/calls.rs", calls_read, "adjoint_source/calls.adjoint.rs", CALLS);
read!(
    turned,
    "adjoint_source/several_values.rs",
    turned_read,
    "adjoint_source/several_values.adjoint.rs",
    TURNED
);
read!(kept, "adjoint_source/on_the_graph.rs", kept_read, "adjoint_source/on_the_graph.adjoint.rs", KEPT);

#[test]
fn a_neuron() {
    use {neuron as source, neuron_read as text};
    assert_eq!(source::neuron::ADJOINT_SOURCE, NEURON);
    let (value, gradient) = source::neuron_grad(0.5, -0.25, 1.5, 0.125);
    let mut read = (0.0, 0.0, 0.0, 0.0);
    let (x, y, w, b) = (&mut read.0, &mut read.1, &mut read.2, &mut read.3);
    assert_eq!(text::neuron_grad_add(0.5, -0.25, 1.5, 0.125, x, y, w, b), value);
    assert_eq!(read, gradient);
}

#[test]
fn branches() {
    use {branch as source, branch_read as text};
    assert_eq!(source::tax::ADJOINT_SOURCE, BRANCH);
    for income in [0.5, 1.5, 7.0] {
        let (value, gradient) = source::tax_grad(income, 1.25);
        let mut read = (0.0, 0.0);
        assert_eq!(text::tax_grad_add(income, 1.25, &mut read.0, &mut read.1), value);
        assert_eq!(read, gradient);
    }
}

#[test]
fn a_loop_that_leaves_records_and_may_be_left() {
    use {growth as source, growth_read as text};
    assert_eq!(source::growth::ADJOINT_SOURCE, GROWTH);
    for limit in [1.5, 100.0] {
        let rates = [0.25, -1.0, 0.5, 0.125];
        let (value, gradient) = source::growth_grad(&rates, limit);
        let (mut by_rate, mut by_limit) = ([0.0; 4], 0.0);
        assert_eq!(text::growth_grad_add(&rates, limit, &mut by_rate, &mut by_limit), value);
        assert_eq!((by_rate.to_vec(), by_limit), gradient);
    }
}

#[test]
fn memories_that_change() {
    use {stores as source, stores_read as text};
    assert_eq!(source::smoothed::ADJOINT_SOURCE, STORES);
    let xs = [1.0, 2.0, -0.5, 3.0];
    let (value, gradient) = source::smoothed_grad(&xs, 0.75);
    let (mut by_x, mut by_weight) = ([0.0; 4], 0.0);
    assert_eq!(text::smoothed_grad_add(&xs, 0.75, &mut by_x, &mut by_weight), value);
    assert_eq!((by_x.to_vec(), by_weight), gradient);
}

#[test]
fn calls_of_others() {
    use {calls as source, calls_read as text};
    let texts =
        [source::square::ADJOINT_SOURCE, source::length::ADJOINT_SOURCE, source::energy::ADJOINT_SOURCE];
    assert_eq!(texts.join("\n"), CALLS);
    let (value, gradient) = source::energy_grad(&[3.0, 4.0], 1.5, 3);
    let (mut by_v, mut by_mass) = ([0.0; 2], 0.0);
    assert_eq!(text::energy_grad_add(&[3.0, 4.0], 1.5, 3, &mut by_v, &mut by_mass), value);
    assert_eq!((by_v.to_vec(), by_mass), gradient);
}

#[test]
fn several_numbers() {
    use {turned as source, turned_read as text};
    assert_eq!(source::turned::ADJOINT_SOURCE, TURNED);
    let (value, gradient) = source::turned_vjp([1.0, 2.0], 0.5, (3.0, -1.0));
    let (mut by_point, mut by_angle) = ([0.0; 2], 0.0);
    assert_eq!(text::turned_vjp_add([1.0, 2.0], 0.5, &(3.0, -1.0), &mut by_point, &mut by_angle), value);
    assert_eq!((by_point, by_angle), gradient);
}

/// Where there is no adjoint, the text says why: the line and what stands there.
#[test]
fn without_an_adjoint_the_reason_is_told() {
    use kept::gains;
    assert_eq!(gains(&[0.5, -1.0, 0.25]), 0.75);
    assert_eq!(gains::ADJOINT_SOURCE, KEPT);
    let gradus::Backend::Graph { construct, help, line } = gains::BACKEND else { panic!("on the graph") };
    assert!(
        gains::ADJOINT_SOURCE
            .contains(&format!("{construct}, in line {line}.\n// To have it compiled: {help}.\n"))
    );
    let told = gains::SOURCE.lines().find(|line| line.contains("retain")).expect("the line");
    assert!(gains::ADJOINT_SOURCE.contains(told.trim()));
}

/// ∂(x³)/∂x = 3x².
fn cube_partials(x: f64) -> f64 {
    3.0 * x * x
}

#[gradus::differentiable(partials = cube_partials)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[test]
fn an_operation_of_its_own_names_its_partials() {
    assert_eq!(cube_grad(2.0), (8.0, 12.0));
    assert!(cube::ADJOINT_SOURCE.contains("`cube_partials`"), "{}", cube::ADJOINT_SOURCE);
}
