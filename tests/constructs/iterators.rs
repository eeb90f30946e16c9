//! Iterators: where they come from, what they are made into, how they end.

use gradus::differentiable;

#[differentiable]
fn iter_and_into_iter(xs: &[f64], k: f64) -> f64 {
    let scaled: Vec<f64> = xs.iter().map(|x| k * x).collect();
    scaled.into_iter().map(|x| x * x).sum()
}

#[differentiable]
fn copied_and_cloned(xs: &[f64]) -> f64 {
    xs.iter().copied().map(|x| x * x).sum::<f64>() * xs.iter().cloned().product::<f64>()
}

#[differentiable]
fn ranges(x: f64, n: usize) -> f64 {
    (1..=n).map(|i| x.powi(i as i32) / i as f64).sum()
}

#[differentiable]
fn zip(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| x * y).sum()
}

#[differentiable]
fn enumerate(xs: &[f64]) -> f64 {
    xs.iter().enumerate().map(|(i, x)| (i + 1) as f64 * x * x).sum()
}

#[differentiable]
fn rev(xs: &[f64], k: f64) -> f64 {
    xs.iter().rev().fold(0.0, |total, x| total * k + x)
}

#[differentiable]
fn skip_take_step_by(xs: &[f64]) -> f64 {
    let inner: f64 = xs.iter().skip(1).take(2).map(|x| x * x).sum();
    inner * xs.iter().step_by(2).sum::<f64>()
}

#[differentiable]
fn chain(xs: &[f64], y: f64) -> f64 {
    xs.iter().chain(&[y, 2.0]).map(|x| x * x).sum::<f64>()
}

#[differentiable]
fn filter(xs: &[f64], k: f64) -> f64 {
    xs.iter().filter(|x| **x > 0.5).map(|x| k * x).sum()
}

#[differentiable]
fn filter_map(xs: &[f64], k: f64) -> f64 {
    xs.iter().filter_map(|x| if *x > 0.5 { Some(k * x * x) } else { None }).sum()
}

#[differentiable]
fn flat_map(rows: &[Vec<f64>], k: f64) -> f64 {
    rows.iter().flat_map(|row| row.iter().map(|x| x * x)).sum::<f64>() * k
}

#[differentiable]
fn flatten(rows: &[Vec<f64>], k: f64) -> f64 {
    rows.iter().flatten().map(|x| x * k).product()
}

#[differentiable]
fn windows(xs: &[f64]) -> f64 {
    xs.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

#[differentiable]
fn chunks(xs: &[f64]) -> f64 {
    xs.chunks(2).map(|c| c.iter().product::<f64>()).sum()
}

#[differentiable]
fn chunks_exact(xs: &[f64]) -> f64 {
    xs.chunks_exact(2).map(|c| c[0] * c[1]).sum()
}

#[differentiable]
fn chunks_mut(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    for chunk in ys.chunks_mut(2) {
        chunk[0] *= k;
    }
    ys.iter().map(|y| y * y).sum()
}

#[differentiable]
fn iter_mut(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.iter_mut().zip(xs).for_each(|(y, x)| *y += k * x * x);
    ys.iter().product()
}

#[differentiable]
fn scan(xs: &[f64], k: f64) -> f64 {
    let sums = xs.iter().scan(k, |total, x| {
        *total += x;
        Some(*total)
    });
    sums.map(|s| s * s).sum()
}

#[differentiable]
fn take_while(xs: &[f64], k: f64) -> f64 {
    xs.iter().take_while(|x| **x > 0.5).map(|x| x * x * k).sum()
}

#[differentiable]
fn skip_while(xs: &[f64], k: f64) -> f64 {
    xs.iter().skip_while(|x| **x > 0.5).map(|x| x * x * k).sum()
}

#[differentiable]
fn inspect(xs: &[f64]) -> f64 {
    xs.iter().inspect(|x| println!("{x}")).map(|x| x * x).sum()
}

#[differentiable]
fn for_each(xs: &[f64], k: f64) -> f64 {
    let mut total = k;
    xs.iter().for_each(|x| total *= x);
    total
}

#[differentiable]
fn sum_and_product(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() * xs.iter().product::<f64>()
}

#[differentiable]
fn fold(xs: &[f64], start: f64) -> f64 {
    xs.iter().fold(start, |total, x| total * x + 1.0)
}

#[differentiable]
fn fold_of_tuples(xs: &[f64]) -> f64 {
    let (mean, squares) = xs.iter().fold((0.0, 1.0), |(sum, product), x| (sum + x, product * x));
    mean * squares
}

#[differentiable]
fn reduce(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|a, b| a * b + 1.0).unwrap()
}

#[differentiable]
fn collect(xs: &[f64], k: f64) -> f64 {
    let squares: Vec<f64> = xs.iter().map(|x| x * x).collect();
    let cubes = squares.iter().zip(xs).map(|(s, x)| s * x * k).collect::<Vec<_>>();
    cubes[0] * squares[1]
}

#[differentiable]
fn collect_rows(xs: &[f64], k: f64) -> f64 {
    let rows: Vec<Vec<f64>> = xs.iter().map(|x| xs.iter().map(|y| x * y * k).collect()).collect();
    rows[0][1] * rows[1][1]
}

#[differentiable]
fn unzip(xs: &[f64], k: f64) -> f64 {
    let (squares, scaled): (Vec<f64>, Vec<f64>) = xs.iter().map(|x| (x * x, x * k)).unzip();
    squares[0] * scaled[1] + squares[1]
}

#[differentiable]
fn count(xs: &[f64]) -> f64 {
    let above = xs.iter().filter(|x| **x > 0.5).count();
    xs[0] * xs[0] * above as f64
}

#[differentiable]
fn last_and_nth(xs: &[f64]) -> f64 {
    xs.iter().last().unwrap() * xs.iter().nth(1).unwrap()
}

#[differentiable]
fn min_by_and_max_by(xs: &[f64], k: f64) -> f64 {
    let largest = xs.iter().copied().max_by(f64::total_cmp).unwrap();
    let smallest = xs.iter().map(|x| x * k).min_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    largest * smallest
}

#[differentiable]
fn max_by_of_indices(xs: &[f64], k: f64) -> f64 {
    let best = (0..xs.len()).max_by(|&i, &j| xs[i].total_cmp(&xs[j])).unwrap();
    xs[best] * k
}

#[differentiable]
fn any_and_all(xs: &[f64], k: f64) -> f64 {
    let positive = xs.iter().all(|x| *x > 0.0) && !xs.iter().any(|x| x.is_nan());
    if positive { xs[0] * k } else { k }
}

#[differentiable]
fn position(xs: &[f64], k: f64) -> f64 {
    let at = xs.iter().position(|x| *x < 0.5).unwrap_or(0);
    xs[at] * k
}

#[differentiable]
fn once(xs: &[f64], k: f64) -> f64 {
    let padded: Vec<f64> = std::iter::once(k).chain(xs.iter().copied()).collect();
    padded.iter().product()
}

#[differentiable]
fn repeat(xs: &[f64], k: f64) -> f64 {
    xs.iter().zip(std::iter::repeat(k * k)).map(|(x, k)| x * k).sum()
}

#[differentiable]
fn successors(x: f64, n: usize) -> f64 {
    std::iter::successors(Some(x), |y| Some(y * y)).take(n).sum()
}

#[differentiable]
fn map_while(xs: &[f64], k: f64) -> f64 {
    xs.iter().map_while(|x| if *x > 0.5 { Some(x * k) } else { None }).sum()
}

#[differentiable]
fn cycle(xs: &[f64], k: f64) -> f64 {
    xs.iter().cycle().take(5).enumerate().map(|(i, x)| x * k.powi(i as i32)).sum()
}

#[differentiable]
fn endless_ranges(xs: &[f64], k: f64) -> f64 {
    xs.iter().zip(1..).map(|(x, n)| x * k.powi(n)).sum()
}

#[differentiable]
fn counted_after_filter(xs: &[f64], k: f64) -> f64 {
    xs.iter().filter(|x| **x > 0.5).enumerate().skip(1).map(|(i, x)| x * k * i as f64).sum()
}

#[differentiable]
fn reversed_chain(xs: &[f64], k: f64) -> f64 {
    xs.iter().chain(&[k, 2.0]).rev().enumerate().map(|(i, x)| x * i as f64).sum()
}

#[differentiable]
fn find_and_next(xs: &[f64], k: f64) -> f64 {
    let found = xs.iter().find(|x| **x < 0.5).copied().unwrap_or(k);
    let root = xs.iter().find_map(|x| if *x > 0.5 { Some(x.sqrt()) } else { None }).unwrap_or(k);
    found * root * xs.iter().map(|x| x * k).next().unwrap_or(1.0)
}

#[differentiable]
fn partition(xs: &[f64], k: f64) -> f64 {
    let (low, high): (Vec<f64>, Vec<f64>) = xs.iter().partition(|x| **x < 0.5);
    low.iter().sum::<f64>() * k + high.iter().product::<f64>()
}

#[differentiable]
fn named(xs: &[f64], k: f64) -> f64 {
    let scaled = xs.iter().map(|x| x * k);
    scaled.clone().sum::<f64>() * scaled.fold(0.0, f64::max)
}

constructs! {
    "`iter`, `into_iter`, `map`" => iter_and_into_iter(&[1.5, 0.3], 0.7);
    "`copied`, `cloned`" => copied_and_cloned(&[1.5, 0.3]);
    "ranges as iterators" => ranges(1.5, 4);
    "`zip`" => zip(&[1.5, 0.3], &[0.7, 2.0]);
    "`enumerate`" => enumerate(&[1.5, 0.3]);
    "`rev`" => rev(&[1.5, 0.3, 0.7], 0.4);
    "`skip`, `take`, `step_by`" => skip_take_step_by(&[1.5, 0.3, 0.7, 2.0]);
    "`chain`" => chain(&[1.5, 0.3], 0.7);
    "`filter`" => filter(&[1.5, 0.3, 0.7], 0.4);
    "`filter_map`" => filter_map(&[1.5, 0.3, 0.7], 0.4);
    "`flat_map`" => flat_map(&[vec![1.5, 0.3], vec![0.7]], 0.4);
    "`flatten`" => flatten(&[vec![1.5, 0.3], vec![0.7]], 0.4);
    "`windows`" => windows(&[1.5, 0.3, 0.7]);
    "`chunks`" => chunks(&[1.5, 0.3, 0.7]);
    "`chunks_exact`" => chunks_exact(&[1.5, 0.3, 0.7, 2.0, 1.0]);
    "`chunks_mut`" => chunks_mut(&[1.5, 0.3, 0.7], 0.4);
    "`iter_mut` in chains" => iter_mut(&[1.5, 0.3], 0.4);
    "`scan`" => scan(&[1.5, 0.3, 0.7], 0.4);
    "`take_while`" => take_while(&[1.5, 0.3, 0.7], 0.4);
    "`skip_while`" => skip_while(&[1.5, 0.3, 0.7], 0.4);
    "`map_while`" => map_while(&[1.5, 0.7, 0.3, 2.0], 0.4);
    "`cycle`" => cycle(&[1.5, 0.3], 0.4);
    "`1..` beside another iterator" => endless_ranges(&[1.5, 0.3], 0.4);
    "`enumerate`, `skip`, `take` after `filter`" => counted_after_filter(&[1.5, 0.3, 0.7, 2.0], 0.4);
    "`rev` of a chain" => reversed_chain(&[1.5, 0.3], 0.4);
    "`inspect`" => inspect(&[1.5, 0.3]);
    "`for_each`" => for_each(&[1.5, 0.3], 0.4);
    "`sum`, `product`" => sum_and_product(&[1.5, 0.3]);
    "`fold`" => fold(&[1.5, 0.3], 0.4);
    "`fold` of a tuple" => fold_of_tuples(&[1.5, 0.3]);
    "`reduce`" => reduce(&[1.5, 0.3, 0.7]);
    "`collect::<Vec<_>>`" => collect(&[1.5, 0.3], 0.4);
    "`collect` of rows" => collect_rows(&[1.5, 0.3], 0.4);
    "`unzip`" => unzip(&[1.5, 0.3], 0.4);
    "`count`" => count(&[1.5, 0.3, 0.7]);
    "`last`, `nth`" => last_and_nth(&[1.5, 0.3, 0.7]);
    "`find`, `find_map`, `next`" => find_and_next(&[1.5, 0.3, 0.7], 0.4);
    "`partition`" => partition(&[1.5, 0.3, 0.7], 0.4);
    "an iterator with a name" => named(&[1.5, 0.3, 0.7], 0.4);
    "`min_by`, `max_by`" => min_by_and_max_by(&[1.5, 0.3, 0.7], 0.4);
    "`max_by` of indices" => max_by_of_indices(&[1.5, 0.3, 0.7], 0.4);
    "`any`, `all`" => any_and_all(&[1.5, 0.3, 0.7], 0.4);
    "`position`" => position(&[1.5, 0.3, 0.7], 0.4);
    "`iter::once`" => once(&[1.5, 0.3], 0.4);
    "`iter::repeat`" => repeat(&[1.5, 0.3], 0.4);
    "`iter::successors`" => successors(1.5, 3);
}
