// No adjoint of `waiting` is compiled. Its gradient is computed on the graph, for which the reason is
// a `VecDeque`, in line 6.
// To have it compiled: use a `Vec`: `xs.remove(0)` takes the first element, `xs.insert(0, x)` puts one before it.
//
// 6 | let mut queue = VecDeque::new();
