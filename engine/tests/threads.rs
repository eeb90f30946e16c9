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
