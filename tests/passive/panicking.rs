//! A panic of the function is the same panic in each of its companions: message and line.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// The message of the panic that `call` ends with, and the line that it names.
pub fn panic_of(call: impl FnOnce()) -> Option<(String, u32)> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().map(str::to_owned);
            let line = info.location().map(panic::Location::line);
            LAST.set(message.zip(line));
            before(info);
        }));
    });
    LAST.set(None);
    let end = panic::catch_unwind(AssertUnwindSafe(call));
    end.err().and_then(|_| LAST.take())
}

/// `panics! { f, f_grad, f_grad_add, f_graph; arguments; "part of the message" }`, the first argument an `f64`.
macro_rules! panics {
    ($plain:ident, $grad:ident, $grad_add:ident, $graph:ident; $x:expr $(, $argument:expr)*; $part:expr) => {
        mod $grad {
            #[allow(unused_imports, reason = "a case may name nothing but its function")]
            use super::*;

            #[test]
            fn panics_as_the_function() {
                use crate::passive::panicking::panic_of;
                // An optimised build wraps around: the loop that waits for the panic would never end.
                if !cfg!(debug_assertions) && $part.contains("with overflow") {
                    return;
                }
                let plain = panic_of(|| _ = super::$plain($x $(, $argument)*));
                let grad = panic_of(|| _ = super::$grad($x $(, $argument)*));
                let grad_add = panic_of(|| _ = super::$grad_add($x $(, $argument)*, &mut 0.0));
                let graph = panic_of(|| _ = super::$graph($x $(, $argument)*));
                let (message, _) = plain.as_ref().expect("the function panics");
                assert!(message.contains($part), "{message}");
                assert_eq!([&grad, &grad_add, &graph], [&plain; 3], "{}", stringify!($plain));
            }
        }
    };
}
