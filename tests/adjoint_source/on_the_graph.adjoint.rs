// No adjoint of `waiting` is compiled. Its gradient is computed on the graph, for which the reason is
// a sequence of something other than numbers, in line 6.
//
// 6 | let mut queue = VecDeque::new();
