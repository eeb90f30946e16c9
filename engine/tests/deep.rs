//! Long chains: the depth of a graph costs no stack, and its size 32 bytes a node.

use gradus::Graph;

/// x + x + … on less stack than a recursion could live on.
fn additions(depth: usize) {
    let chain = move || {
        let graph = Graph::new();
        let x = graph.value(1.0);
        let mut sum = x;
        for _ in 0..depth {
            sum += x;
        }
        sum.backward();
        assert_eq!(sum.data(), depth as f64 + 1.0);
        assert_eq!(x.grad(), depth as f64 + 1.0);
        assert_eq!(graph.len(), depth + 1);
    };
    let thread = std::thread::Builder::new().stack_size(64 * 1024);
    thread.spawn(chain).unwrap().join().unwrap();
}

#[test]
fn ten_million_additions() {
    additions(10_000_000);
}

/// A tenth of a percent more than 32 bytes an operation, its gradient included, is what the process may grow by. Alone, so
/// that no other test grows it:
///
/// ```sh
/// cargo test --release -p gradus --test deep -- --ignored --nocapture
/// ```
#[test]
#[ignore = "takes 3.2 GB of memory"]
fn hundred_million_additions() {
    const OPERATIONS: usize = 100_000_000;
    let before = most_memory();
    additions(OPERATIONS);
    let Some((before, after)) = before.zip(most_memory()) else {
        println!("how much memory it took, this system does not tell");
        return;
    };
    let bytes = (after - before) / OPERATIONS as f64;
    println!("{bytes:.3} bytes per operation");
    assert!(bytes < 32.032, "{bytes} bytes per operation");
}

/// The most memory that this process has had, in bytes, where the system tells.
fn most_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = most.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024.0)
}
