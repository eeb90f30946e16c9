// No adjoint of `gains` is compiled. Its gradient is computed on the graph, for which the reason is
// the method `retain`, in line 6.
// To have it compiled: write what `retain` does as a loop over indices.
//
// 6 | kept.retain(|x| *x > 0.0);
