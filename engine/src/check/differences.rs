//! Slopes from values alone.

use super::rounded;
use crate::text::exact;

/// The first step is the number's size times 2⁻⁶: larger ones, over several jumps, can agree by accident.
const FIRST: i32 = 6;
/// The last.
const LAST: i32 = 26;
/// How many times differences are extrapolated.
const ORDERS: usize = 4;

/// The slopes of one result along one number.
pub(super) struct Slopes {
    central: Estimate,
    left: Estimate,
    right: Estimate,
}

/// A slope, and how uncertain it is.
#[derive(Clone, Copy)]
struct Estimate {
    slope: f64,
    /// How far it is from its neighbours in the table of extrapolations.
    spread: f64,
    /// How far the rounding of the values can have moved it.
    rounding: f64,
    /// The slopes over the first step, as a measure, and over the last.
    first: f64,
    last: f64,
}

/// What slopes say of a derivative.
pub(super) enum Judgement {
    /// It agrees; its distance, relative as the tolerance is.
    Agrees(f64),
    /// There is none; the slopes to the left and right, one of which it agrees with, or lies between.
    Kink(Option<f64>, Option<f64>),
    /// It is wrong, in words.
    Wrong(String),
}

impl Slopes {
    /// The slopes of each of the results at `x`; `along(h)` are the results at `x + h`, `here` those at `x` itself.
    pub fn at(x: f64, here: &[f64], along: &dyn Fn(f64) -> Vec<f64>) -> Vec<Slopes> {
        let scale = if x == 0.0 { 1.0 } else { x.abs() };
        let steps: Vec<f64> = (FIRST..=LAST).map(|halvings| scale * 0.5_f64.powi(halvings)).collect();
        let up: Vec<Vec<f64>> = steps.iter().map(|&h| along(h)).collect();
        let down: Vec<Vec<f64>> = steps.iter().map(|&h| along(-h)).collect();
        let slopes = |row: usize| {
            let column = |values: &[Vec<f64>]| values.iter().map(|all| all[row]).collect::<Vec<f64>>();
            let (up, down) = (column(&up), column(&down));
            let middle = vec![here[row]; steps.len()];
            // The steps that are taken are those between floats.
            let reach = |sign: f64| steps.iter().map(move |h| x + sign * h).collect::<Vec<f64>>();
            let (above, below, at) = (reach(1.0), reach(-1.0), vec![x; steps.len()]);
            Slopes {
                central: extrapolate((&down, &below), (&up, &above), 4.0),
                left: extrapolate((&down, &below), (&middle, &at), 2.0),
                right: extrapolate((&middle, &at), (&up, &above), 2.0),
            }
        };
        (0..here.len()).map(slopes).collect()
    }

    /// Whether a derivative agrees, to `tolerance` relative to its size or `floor`.
    pub fn judge(&self, ours: f64, tolerance: f64, floor: f64) -> Judgement {
        let Slopes { central, left, right } = self;
        let (left_settles, right_settles) = (left.settles(ours), right.settles(ours));
        let differ = left_settles && right_settles && left.differs(right);
        if differ {
            let (low, high) = (left.slope.min(right.slope), left.slope.max(right.slope));
            let slack = left.uncertainty() + right.uncertainty() + 1e-4 * (high - low);
            if (low - slack..=high + slack).contains(&ours) {
                return Judgement::Kink(Some(left.slope), Some(right.slope));
            }
            let (left, right) = (rounded(left.slope), rounded(right.slope));
            return Judgement::Wrong(format!(
                "it is {}, outside of the slopes {left} from the left and {right} from the right",
                exact(ours)
            ));
        }
        if central.settles(ours) && left_settles == right_settles {
            let unit = ours.abs().max(central.slope.abs()).max(floor).max(f64::MIN_POSITIVE);
            let distance = (ours - central.slope).abs();
            return if distance.is_finite() && distance <= tolerance * unit + 8.0 * central.uncertainty() {
                Judgement::Agrees(distance / unit)
            } else {
                Judgement::Wrong(format!("it is {}, differences say {}", exact(ours), rounded(central.slope)))
            };
        }
        self.judge_one_sided(ours, left_settles, right_settles)
    }

    /// At the edge of a domain, or at a jump.
    fn judge_one_sided(&self, ours: f64, left_settles: bool, right_settles: bool) -> Judgement {
        let Slopes { left, right, .. } = self;
        let settled = [(left, left_settles), (right, right_settles)];
        let agrees = |slope: &Estimate| {
            ours.is_finite()
                && (ours - slope.slope).abs()
                    <= 1e-4 * ours.abs().max(slope.slope.abs()) + 8.0 * slope.uncertainty()
        };
        let slope = |(slope, settles): (&Estimate, bool)| settles.then_some(slope.slope);
        let [from_left, from_right] = settled.map(slope);
        if settled.iter().any(|(slope, settles)| *settles && agrees(slope)) {
            return Judgement::Kink(from_left, from_right);
        }
        let steep = ours.is_infinite() && [left, right].iter().any(|side| side.is_steep(ours));
        if steep {
            return Judgement::Kink(from_left, from_right);
        }
        Judgement::Wrong(match from_left.or(from_right) {
            Some(slope) => {
                format!("it is {}, the slope on the one side that has one is {}", exact(ours), rounded(slope))
            }
            None => {
                format!(
                    "it is {}, and differences do not settle: the function has no slope here, or is noisy",
                    exact(ours)
                )
            }
        })
    }
}

impl Estimate {
    const NONE: Estimate =
        Estimate { slope: f64::NAN, spread: f64::INFINITY, rounding: 0.0, first: 0.0, last: 0.0 };

    fn uncertainty(&self) -> f64 {
        self.spread + self.rounding
    }

    /// Whether the differences have come to rest at a slope.
    fn settles(&self, ours: f64) -> bool {
        let measure = self.slope.abs().max(self.first.abs());
        let size = if ours.is_finite() { ours.abs().max(measure) } else { measure };
        self.slope.is_finite() && self.spread <= 1e-3 * size + 100.0 * self.rounding
    }

    /// Whether two slopes that have settled are two.
    fn differs(&self, other: &Estimate) -> bool {
        let size = self.slope.abs().max(other.slope.abs());
        let distance = (self.slope - other.slope).abs();
        distance > 1e-3 * size + 20.0 * (self.uncertainty() + other.uncertainty())
    }

    /// Whether differences grow without end towards an infinite derivative.
    fn is_steep(&self, ours: f64) -> bool {
        !self.settles(ours) && self.last.abs() > 8.0 * self.first.abs() && (self.last > 0.0) == (ours > 0.0)
    }
}

/// The slope between points that come together, by Richardson's extrapolation over halved steps: the error of the
/// differences falls as 1/`base` with each halving, then as 1/(2 `base`) or 1/`base`², …. Of all estimates the one is
/// taken that agrees best with its neighbours in the table (Ridders), where agreement counts no better than rounding
/// allows. Points outside of the domain give NaN and lose.
fn extrapolate(lower: (&[f64], &[f64]), upper: (&[f64], &[f64]), base: f64) -> Estimate {
    let mut best = Estimate::NONE;
    let mut coarser: Vec<f64> = Vec::new();
    let mut powers = AnyPower::default();
    for step in 0..lower.0.len() {
        let (rise, run) = (upper.0[step] - lower.0[step], upper.1[step] - lower.1[step]);
        let rounding = f64::EPSILON * (upper.0[step].abs() + lower.0[step].abs()) / run;
        let mut row = vec![rise / run];
        if let Some(candidate) = powers.next(rise / run, rounding)
            && candidate.uncertainty() < best.uncertainty()
        {
            best = candidate;
        }
        let mut power = base;
        for (order, &coarse) in coarser.iter().take(ORDERS).enumerate() {
            let finer = row[order] + (row[order] - coarse) / (power - 1.0);
            let spread = (finer - row[order]).abs().max((finer - coarse).abs());
            if spread + rounding < best.uncertainty() {
                best = Estimate { slope: finer, spread, rounding, ..Estimate::NONE };
            }
            row.push(finer);
            power *= base;
        }
        coarser = row;
    }
    let finite: Vec<f64> = powers.quotients.into_iter().filter(|quotient| quotient.is_finite()).collect();
    let [first, last] = [finite.first(), finite.last()].map(|quotient| quotient.copied().unwrap_or(0.0));
    Estimate { first, last, ..best }
}

/// Extrapolation where the error falls as a power that is not known, as that of x³ᐟ² at 0 does: from three differences in
/// a row, as if they were a geometric series (Aitken's Δ² method).
#[derive(Default)]
struct AnyPower {
    quotients: Vec<f64>,
    before: Option<f64>,
}

impl AnyPower {
    fn next(&mut self, quotient: f64, rounding: f64) -> Option<Estimate> {
        self.quotients.push(quotient);
        let [.., first, second, third] = self.quotients[..] else { return None };
        let (step, last) = (second - first, third - second);
        let ratio = last / step;
        if !(0.0..0.95).contains(&ratio) {
            self.before = None;
            return None;
        }
        let slope = third + last * ratio / (1.0 - ratio);
        let before = self.before.replace(slope)?;
        let rounding = rounding * 4.0 / (1.0 - ratio);
        let spread = (slope - before).abs().max(1e-3 * (slope - third).abs());
        Some(Estimate { slope, spread, rounding, ..Estimate::NONE })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(function: impl Fn(f64) -> f64, x: f64, ours: f64) -> Judgement {
        let along = |h: f64| vec![function(x + h)];
        Slopes::at(x, &[function(x)], &along)[0].judge(ours, 1e-6, 0.0)
    }

    fn agrees(function: impl Fn(f64) -> f64, x: f64, ours: f64) -> bool {
        matches!(judged(function, x, ours), Judgement::Agrees(_))
    }

    #[test]
    fn smooth_functions_agree_with_their_derivatives_alone() {
        assert!(agrees(f64::exp, 1.5, 1.5_f64.exp()));
        assert!(agrees(f64::ln, 1e-3, 1e3));
        assert!(agrees(|x| x.powi(3), 1e6, 3e12));
        assert!(agrees(|x| 1e10 + x, 1.0, 1.0), "as well as rounding allows");
        assert!(agrees(|_| 1e10, 1.0, 0.0));
        assert!(agrees(|x| x * x, 0.0, 0.0));
        assert!(agrees(|x| (1000.0 * x).sin(), 0.3, 1000.0 * 300_f64.cos()));
        assert!(matches!(judged(f64::exp, 1.5, 1.5_f64.exp() * (1.0 + 1e-5)), Judgement::Wrong(_)));
        assert!(matches!(judged(|x| x * x, 0.0, 1e-3), Judgement::Wrong(_)));
        assert!(matches!(judged(f64::exp, 1.5, f64::NAN), Judgement::Wrong(_)));
        assert!(matches!(judged(f64::exp, 1.5, f64::INFINITY), Judgement::Wrong(_)));
    }

    #[test]
    fn between_the_slopes_of_a_kink_all_is_right() {
        for ours in [-1.0, 0.0, 0.5, 1.0] {
            assert!(matches!(judged(f64::abs, 0.0, ours), Judgement::Kink(Some(_), Some(_))), "{ours}");
        }
        assert!(matches!(judged(f64::abs, 0.0, 1.01), Judgement::Wrong(_)));
        assert!(matches!(judged(|x| x.max(2.0), 2.0, -0.1), Judgement::Wrong(_)));
    }

    #[test]
    fn at_an_edge_or_a_jump_one_side_is_right() {
        let step = |x: f64| x.floor() + 3.0 * x;
        assert!(matches!(judged(step, 2.0, 3.0), Judgement::Kink(None, Some(_))));
        assert!(matches!(judged(step, 2.0, 4.0), Judgement::Wrong(_)));
        assert!(matches!(judged(|x| x.powf(1.5), 0.0, 0.0), Judgement::Kink(None, Some(_))));
        assert!(matches!(judged(f64::acos, 1.0, f64::NEG_INFINITY), Judgement::Kink(None, None)));
        assert!(matches!(judged(f64::sqrt, 0.0, f64::INFINITY), Judgement::Kink(None, None)));
        assert!(matches!(judged(f64::sqrt, 0.0, 1.0), Judgement::Wrong(_)));
    }

    #[test]
    fn noise_is_not_taken_for_a_slope() {
        let noisy = |x: f64| (x.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64;
        assert!(matches!(judged(noisy, 1.5, 0.0), Judgement::Wrong(_)));
    }
}
