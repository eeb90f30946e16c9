//! Methods that change what they are called on and give a value, calls of methods by their path, data behind `&mut`, and memory to
//! work in.

use crate::harness;

mod filters {
    use gradus::{Differentiable, differentiable};

    /// A filter of second order.
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Filter {
        pub gain: f64,
        pub decay: f64,
        pub memory: [f64; 2],
    }

    #[differentiable]
    impl Filter {
        /// The next output.
        pub fn update(&mut self, input: f64) -> f64 {
            let output = self.gain * input + self.decay * self.memory[0] - 0.1 * self.memory[1];
            self.memory = [output, self.memory[0]];
            output
        }

        /// Two outputs at once; nothing happens to a negative input.
        pub fn update_twice(&mut self, input: f64) -> f64 {
            if input < 0.0 {
                return self.memory[0];
            }
            let first = self.update(input);
            let second = self.update(first);
            first * second
        }

        /// What it was, in whose stead it is quiet.
        pub fn take(&mut self) -> Filter {
            let before = *self;
            self.memory = [0.0; 2];
            before
        }

        /// Whether the output is still large.
        pub fn shrink(&mut self) -> bool {
            self.memory[0] *= 0.5;
            self.memory[0] > 1.0
        }

        pub fn energy(&self) -> f64 {
            self.memory[0].hypot(self.memory[1])
        }

        pub fn scaled(self, factor: f64) -> Filter {
            Filter { gain: factor * self.gain, ..self }
        }

        pub fn quiet(gain: f64) -> Filter {
            Filter { gain, decay: 0.9, memory: [0.0; 2] }
        }
    }

    pub fn filter() -> Filter {
        Filter { gain: 0.7, decay: 0.6, memory: [0.3, -0.2] }
    }

    #[differentiable]
    fn response(filter: Filter, signal: &[f64]) -> f64 {
        let mut filter = filter;
        let mut power = 0.0;
        for x in signal {
            let y = filter.update(*x);
            power += y * y;
        }
        power
    }

    case! {
        response::BACKEND => Compiled;
        response, response_grad, response_graph;
        with method_with_a_value |filter: Filter, signal: Vec<f64>| (filter, &signal);
        at (filter(), vec![1.0, -0.5, 2.0]);
    }

    /// In one expression, from left to right.
    #[differentiable]
    fn twice(filter: &mut Filter, x: f64) -> f64 {
        filter.update(x) * filter.update(2.0 * x)
    }

    changing! {
        twice::BACKEND => Compiled;
        twice, twice_vjp, twice_jacobian, twice_graph;
        with calls_in_one_expression |filter: Filter, x: f64| (&mut filter, x);
        gives |value| (value, filter); seeded |(seed, filter_seed)| (seed, &filter_seed);
        looked at (&filter, x);
        at (filter(), 0.8);
    }

    #[differentiable]
    fn cascade(filters: &[Filter], x: f64) -> f64 {
        let mut filters = filters.to_vec();
        let mut y = x;
        for filter in filters.iter_mut() {
            y = filter.update(y) + filter.update(x);
        }
        y + filters.iter_mut().map(|filter| filter.update(1.0)).sum::<f64>()
    }

    case! {
        cascade::BACKEND => Compiled;
        cascade, cascade_grad, cascade_graph;
        with methods_of_elements |filters: Vec<Filter>, x: f64| (&filters, x);
        at (vec![filter(), filter().scaled(0.5)], 0.8);
    }

    /// Where nothing else tells that the method changes it: by path, and by `&mut`.
    #[differentiable]
    fn spelt_out(filter: Filter, x: f64) -> f64 {
        let mut pair = [filter, filter];
        pair[0].gain *= 2.0;
        let a = Filter::update(&mut pair[0], x);
        let b = (&mut pair[1]).update(a);
        Filter::update(&mut pair[1], a * b);
        a * b + Filter::energy(&pair[1])
    }

    case! {
        spelt_out::BACKEND => Compiled;
        spelt_out, spelt_out_grad, spelt_out_graph;
        with methods_by_path |filter: Filter, x: f64| (filter, x);
        at (filter(), 0.8);
    }

    #[differentiable]
    fn left_early(filter: Filter, x: f64) -> f64 {
        let mut filter = filter;
        filter.update_twice(x)
    }

    case! {
        left_early::BACKEND => Compiled;
        left_early, left_early_grad, left_early_graph;
        with method_that_returns_early |filter: Filter, x: f64| (filter, x);
        at (filter(), 0.8), (filter(), -0.8);
    }

    /// Of several methods on one variable the name decides.
    #[differentiable]
    fn emptied(filter: Filter, x: f64) -> f64 {
        let mut filter = filter.scaled(x);
        let before = filter.take();
        filter.energy() + before.energy() * filter.gain
    }

    case! {
        emptied::BACKEND => Compiled;
        emptied, emptied_grad, emptied_graph;
        with method_that_gives_a_struct |filter: Filter, x: f64| (filter, x);
        at (filter(), 0.8);
    }

    #[differentiable]
    fn until_small(filter: Filter) -> f64 {
        let mut filter = filter;
        let mut halvings = 0;
        while filter.shrink() {
            halvings += 1;
        }
        filter.memory[0] * f64::from(halvings)
    }

    case! {
        until_small::BACKEND => Compiled;
        until_small, until_small_grad, until_small_graph;
        with method_as_a_condition |filter: Filter| (filter);
        at Filter { memory: [7.0, 0.0], ..filter() };
    }

    #[test]
    fn companions_of_a_method_with_a_value() {
        let (mut changed, quiet) = (filter(), Filter { gain: 0.0, decay: 0.0, memory: [0.0; 2] });
        let (value, (of_filter, of_input)) = changed.update_vjp(2.0, 1.0, &quiet);
        let expected = filter().update(2.0);
        assert_eq!((value, changed.memory), (expected, [expected, 0.3]));
        assert_eq!((of_filter, of_input), (Filter { gain: 2.0, decay: 0.3, memory: [0.6, -0.1] }, 0.7));
        // What is left has seeds of its own.
        let (_, (of_filter, _)) = filter().update_vjp(2.0, 0.0, &Filter { memory: [0.0, 1.0], ..quiet });
        assert_eq!(of_filter, Filter { memory: [1.0, 0.0], ..quiet });
        let (mut moved, mut tangent) = (filter(), Filter { gain: 1.0, ..quiet });
        assert_eq!(moved.update_jvp(2.0, &mut tangent, 0.0), (expected, 2.0));
        assert_eq!((moved, tangent.memory), (changed, [2.0, 0.0]));
        assert_eq!(filter().update_graph(2.0).values()[0], expected);
        // Data in the result has no seed.
        let mut large = Filter { memory: [4.0, 0.0], ..filter() };
        let (still, of_filter) = large.shrink_vjp(&Filter { memory: [1.0, 0.0], ..quiet });
        assert_eq!((still, large.memory[0], of_filter.memory[0]), (true, 2.0, 0.5));
    }

    #[differentiable]
    fn total(filters: &[Filter], xs: &[f64]) -> f64 {
        let given: f64 = filters.iter().map(Filter::energy).sum();
        let made: f64 = xs.iter().copied().map(Filter::quiet).map(|filter| filter.gain * filter.decay).sum();
        let scaled = Filter::scaled(filters[0], made);
        given * Filter::energy(&filters[1]) + scaled.gain
    }

    case! {
        total::BACKEND => Compiled;
        total, total_grad, total_graph;
        with methods_as_functions |filters: Vec<Filter>, xs: Vec<f64>| (&filters, &xs);
        at (vec![filter(), filter().scaled(0.5)], vec![0.8, -0.3]);
    }
}

mod data {
    use gradus::differentiable;

    #[differentiable]
    fn counted(x: f64, calls: &mut usize) -> f64 {
        *calls += 1;
        x.powi(3) * *calls as f64
    }

    /// A number that a generator of random numbers weighs.
    #[differentiable]
    fn weighed(state: &mut u64, x: f64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        x.sin() * (*state >> 40) as f64
    }

    #[differentiable]
    fn all_weighed(xs: &[f64]) -> f64 {
        let mut state = 7_u64;
        let mut sum = 0.0;
        for x in xs {
            sum += weighed(&mut state, *x);
        }
        sum
    }

    case! {
        all_weighed::BACKEND => Graph;
        all_weighed, all_weighed_grad, all_weighed_graph;
        with data_that_a_callee_changes |xs: Vec<f64>| (&xs);
        at vec![0.4, -1.2, 0.9];
    }

    #[test]
    fn changes_as_in_the_function() {
        let mut calls = 1;
        assert_eq!(counted_grad(2.0, &mut calls), (16.0, 24.0));
        let mut gradient = 1.0;
        assert_eq!(counted_grad_add(1.0, &mut calls, &mut gradient), 3.0);
        assert_eq!((calls, gradient), (3, 10.0));
        assert_eq!(counted_jvp(1.0, &mut calls, 2.0), (4.0, 24.0));
        assert_eq!((calls, counted_graph(2.0, &calls).value(), calls), (4, 40.0, 4));
        assert_eq!(counted::BACKEND, gradus::Backend::Compiled);
    }

    /// The numbers above 0 grow; the log says which.
    #[differentiable]
    fn logged(xs: &mut [f64], log: &mut Vec<usize>, factor: f64) -> usize {
        for (at, x) in xs.iter_mut().enumerate() {
            if *x > 0.0 {
                log.push(at);
                *x *= factor;
            }
        }
        log.len()
    }

    #[test]
    fn beside_numbers_that_change() {
        let (mut xs, mut log) = ([1.0, -1.0, 2.0], vec![9]);
        let (count, (of_xs, of_factor)) = logged_vjp(&mut xs, &mut log, 3.0, &[1.0, 1.0, 1.0]);
        assert_eq!((count, xs, &log), (3, [3.0, -1.0, 6.0], &vec![9, 0, 2]));
        assert_eq!((of_xs, of_factor), (vec![3.0, 1.0, 3.0], 3.0));
        let (_, rows) = logged_jacobian(&mut xs, &mut log, 3.0);
        assert_eq!((rows.len(), log.len()), (3, 5));
    }
}

mod scratch {
    use gradus::differentiable;

    #[differentiable]
    fn cost(x: &[f64], #[scratch] work: &mut [f64], k: f64) -> f64 {
        for i in 0..x.len() {
            work[i] = k * x[i] * x[i];
        }
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += work[i] * work[(i + 1) % x.len()];
        }
        sum
    }

    case! {
        cost::BACKEND => Compiled;
        cost, cost_grad, cost_graph;
        with memory_of_a_slice |x: Vec<f64>, k: f64| (&x, &mut [9.0; 3], k);
        at (vec![1.0, 0.5, -2.0], 0.7);
    }

    #[differentiable]
    fn product_of_sines(x: &[f64], #[scratch] work: &mut Vec<f64>) -> f64 {
        work.clear();
        for v in x {
            work.push(v.sin());
        }
        work.iter().product()
    }

    case! {
        product_of_sines::BACKEND => Compiled;
        product_of_sines, product_of_sines_grad, product_of_sines_graph;
        with memory_that_grows |x: Vec<f64>| (&x, &mut vec![4.0]);
        at vec![1.0, 0.5, -2.0];
    }

    #[differentiable]
    fn smooth(x: &mut [f64], #[scratch] work: &mut [f64], k: f64) {
        work.copy_from_slice(x);
        for i in 1..x.len() - 1 {
            x[i] = work[i] + k * (work[i - 1] * work[i + 1]);
        }
    }

    changing! {
        smooth::BACKEND => Compiled;
        smooth, smooth_vjp, smooth_jacobian, smooth_graph;
        with memory_beside_numbers |x: Vec<f64>, k: f64| (&mut x, &mut [9.0; 4], k);
        gives |()| x; seeded |seed| (&seed);
        looked at (&x, &[9.0; 4], k);
        at (vec![1.0, 0.5, -2.0, 3.0], 0.7);
    }

    /// The memory is used again and again, and read afterwards.
    #[differentiable]
    fn many(x: &[f64], k: f64) -> f64 {
        let mut work = vec![0.0; x.len()];
        let first = cost(x, &mut work, k);
        let second = cost(x, &mut work, 0.1 * first);
        let mut y = x.to_vec();
        smooth(&mut y, &mut work, second.tanh());
        first * second.tanh() + y[1] + work[0]
    }

    case! {
        many::BACKEND => Compiled;
        many, many_grad, many_graph;
        with memory_of_a_caller |x: Vec<f64>, k: f64| (&x, k);
        at (vec![0.4, 0.5, -0.6], 0.7);
    }

    /// A struct without `Default`.
    #[derive(Clone, Debug, PartialEq, gradus::Differentiable)]
    struct Spring {
        stiffness: f64,
    }

    #[differentiable]
    fn energies(spring: &Spring, xs: &mut [f64], #[scratch] work: &mut [f64]) {
        for (work, x) in work.iter_mut().zip(xs.iter()) {
            *work = 0.5 * spring.stiffness * x * x;
        }
        xs.copy_from_slice(work);
    }

    #[differentiable]
    fn pulled(spring: &Spring, x: f64, calls: &mut usize) -> f64 {
        *calls += 1;
        -spring.stiffness * x
    }

    #[test]
    fn gradients_of_structs_without_default() {
        let (spring, mut calls) = (Spring { stiffness: 2.0 }, 0);
        let gradient = pulled_grad(&spring, 3.0, &mut calls);
        assert_eq!((gradient, calls), ((-6.0, (Spring { stiffness: -3.0 }, -2.0)), 1));
        let (mut xs, mut work) = ([1.0, 3.0], [0.0; 2]);
        let ((), (of_spring, of_xs)) = energies_vjp(&spring, &mut xs, &mut work, &[1.0, 1.0]);
        assert_eq!((of_spring, of_xs, xs), (Spring { stiffness: 5.0 }, vec![2.0, 6.0], [1.0, 9.0]));
    }

    #[test]
    fn memory_is_left_as_by_the_function() {
        let (mut work, mut other) = ([9.0; 2], [9.0; 2]);
        let (value, gradient) = cost_grad(&[1.0, 2.0], &mut work, 0.5);
        assert_eq!((value, work), (cost(&[1.0, 2.0], &mut other, 0.5), [0.5, 2.0]));
        assert_eq!((gradient, work), ((vec![4.0, 2.0], 8.0), other));
    }
}
