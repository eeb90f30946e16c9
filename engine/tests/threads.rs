//! Companions on threads that end, and on small stacks.

use gradus::differentiable;
use std::thread;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable(compiled)]
fn looped(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        if y > 0.5 {
            y = y.sin() * x;
        } else {
            y += square(x);
        }
    }
    y
}

#[differentiable]
fn recursive(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { recursive(x, n - 1) * 0.999 + x.sin() * 1e-3 }
}

/// Everything that companions compute, as text.
fn everything() -> String {
    let mut buffer = 1.0;
    let added = looped_grad_add(0.7, 9, &mut buffer);
    let trace = looped_graph(0.7, 9);
    let graph = gradus::Graph::new();
    let x = graph.value(0.7);
    looped::on_values(x, 9).backward();
    format!(
        "{:?} {:?} {added:?} {buffer:?} {:?} {:?} {:?} {:?} {:?}",
        square_grad(3.0),
        looped_grad(0.7, 9),
        trace.value(),
        trace.gradient("x"),
        trace.to_string().lines().next(),
        x.grad(),
        recursive_grad(0.3, 20),
    )
}

/// Asks for everything when its thread ends.
struct AtTheEnd;

thread_local! {
    static FIRST: AtTheEnd = const { AtTheEnd };
}

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let sender = SENDER.lock().unwrap().clone();
        sender.expect("it was set").send(everything()).unwrap();
    }
}

static SENDER: std::sync::Mutex<Option<std::sync::mpsc::Sender<String>>> = std::sync::Mutex::new(None);

/// The order in which a thread's variables are dropped is that of their first use on some systems, and the reverse on others.
/// So the destructor runs once before, and once after those of the engine, and once where the thread has used none.
#[test]
fn gradients_in_destructors_of_threads_are_the_same() {
    let expected = everything();
    let (sender, receiver) = std::sync::mpsc::channel();
    *SENDER.lock().unwrap() = Some(sender);
    let bodies: [fn(); 3] = [
        || {
            FIRST.with(|_| ());
            everything();
        },
        || {
            everything();
            FIRST.with(|_| ());
        },
        || FIRST.with(|_| ()),
    ];
    for body in bodies {
        thread::spawn(body).join().expect("the thread ends without a panic");
        assert_eq!(receiver.recv().unwrap(), expected);
    }
}

/// Runs on a thread with a stack of so many MiB. One that overflows ends the whole test.
fn on_a_stack_of<T: Send + 'static>(megabytes: usize, body: impl FnOnce() -> T + Send + 'static) -> T {
    let builder = thread::Builder::new().stack_size(megabytes << 20);
    builder.spawn(body).expect("a thread").join().expect("it ends without a panic")
}

/// What the documentation says of the stack, also without optimizations.
#[test]
fn a_recursion_of_ten_thousand_levels_fits_into_eight_mebibytes() {
    const DEEP: usize = 10_000;
    let (mut value, mut slope) = (0.3_f64, 1.0);
    for _ in 0..DEEP {
        (value, slope) = (value * 0.999 + 0.3_f64.sin() * 1e-3, slope * 0.999 + 0.3_f64.cos() * 1e-3);
    }
    let close = |(a, b): (f64, f64)| (a - value).abs() < 1e-9 && (b - slope).abs() < 1e-9;
    assert!(close(on_a_stack_of(8, || recursive_grad(0.3, DEEP))));
    assert!(close(on_a_stack_of(8, || {
        let mut added = 0.0;
        (recursive_grad_add(0.3, DEEP, &mut added), added)
    })));
    assert!(close(on_a_stack_of(8, || {
        let trace = recursive_graph(0.3, DEEP);
        (trace.value(), trace.gradient("x")[0])
    })));
    assert!(close(on_a_stack_of(8, || {
        let graph = gradus::Graph::new();
        let x = graph.value(0.3);
        let y = recursive::on_values(x, DEEP);
        y.backward();
        (y.data(), x.grad())
    })));
}

/// A recursion on values by hand, which operators alone make deep.
#[test]
fn a_recursion_on_values_by_hand_is_no_deeper() {
    fn tower(x: gradus::Value<'_>, floors: usize) -> gradus::Value<'_> {
        if floors == 0 { x } else { x + (0.5 * tower(x, floors - 1)).sin() }
    }
    on_a_stack_of(8, || {
        let graph = gradus::Graph::new();
        let x = graph.value(0.3);
        tower(x, 10_000).backward();
        assert!(x.grad() > 1.0);
    });
}
