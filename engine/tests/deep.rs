//! Ten million operations in a chain: the depth of a graph costs no stack.

use gradus::Graph;

#[test]
fn ten_million_additions() {
    const DEPTH: usize = 10_000_000;
    // Less stack than a recursion could live on.
    let thread = std::thread::Builder::new().stack_size(64 * 1024);
    let chain = || {
        let graph = Graph::new();
        let x = graph.value(1.0);
        let mut sum = x;
        for _ in 0..DEPTH {
            sum += x;
        }
        sum.backward();
        assert_eq!(sum.data(), DEPTH as f64 + 1.0);
        assert_eq!(x.grad(), DEPTH as f64 + 1.0);
        assert_eq!(graph.len(), DEPTH + 1);
    };
    thread.spawn(chain).unwrap().join().unwrap();
}
