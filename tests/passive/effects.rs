//! What a function does beside its result, it does as often in each of its companions, and in the same order.

use std::cell::RefCell;
use std::fmt;

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes a line of the log of this thread.
pub fn note(line: impl fmt::Display) {
    let line = line.to_string();
    LOG.with_borrow_mut(|log| log.push(line));
}

/// Notes `what`, and hands it on.
pub fn noted<T: fmt::Debug>(what: T) -> T {
    note(format_args!("{what:?}"));
    what
}

/// A number that notes when it is shown.
pub struct Shown(pub f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        note(format_args!("shown {}", self.0));
        write!(f, "{}", self.0)
    }
}

/// What `call` notes.
pub fn log_of(call: impl FnOnce()) -> Vec<String> {
    LOG.take();
    call();
    LOG.take()
}

/// `counted! { f, f_grad, f_grad_add, f_graph; arguments; number of lines }`, the first argument an `f64`.
macro_rules! counted {
    ($plain:ident, $grad:ident, $grad_add:ident, $graph:ident; $x:expr $(, $argument:expr)*; $lines:expr) => {
        mod $graph {
            #[allow(unused_imports, reason = "a case may name nothing but its function")]
            use super::*;

            #[test]
            fn notes_as_the_function() {
                use crate::passive::effects::log_of;
                let plain = log_of(|| _ = super::$plain($x $(, $argument)*));
                let grad = log_of(|| _ = super::$grad($x $(, $argument)*));
                let grad_add = log_of(|| _ = super::$grad_add($x $(, $argument)*, &mut 0.0));
                let graph = log_of(|| _ = super::$graph($x $(, $argument)*));
                assert_eq!(plain.len(), $lines, "{}: {plain:?}", stringify!($plain));
                assert_eq!([&grad, &grad_add, &graph], [&plain; 3], "{}", stringify!($plain));
            }
        }
    };
}
