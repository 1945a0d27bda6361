//! Which stretch of a scale to show.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

/// A stretch of a scale, with the places that get a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Vec<f64>,
}

impl Axis {
    /// The same stretch in a unit that is so much smaller.
    pub(crate) fn times(mut self, factor: f64) -> Self {
        self.low *= factor;
        self.high *= factor;
        self.ticks.iter_mut().for_each(|tick| *tick *= factor);
        self
    }
}

/// The stretch that holds these values, with lines at round numbers, within what the scale has at all.
pub(crate) fn axis(values: impl Iterator<Item = f64>, limits: [f64; 2], lines: usize) -> Axis {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        (low, high) = (low.min(value), high.max(value));
    }
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    let room = ((high - low) * 0.06).max(0.02 * high.abs()).max(0.05);
    let [least, most] = limits;
    let (low, high) = ((low - room).max(least), (high + room).min(most));
    let range: RangedCoordf64 = (low..high).into();
    let ticks = Ranged::key_points(&range, lines);
    Axis { low, high, ticks }
}

#[cfg(test)]
mod tests {
    use super::axis;

    #[test]
    fn stays_within_the_scale() {
        let found = axis([70.0, 100.0].into_iter(), [0.0, 100.0], 5);
        assert_eq!(found.high, 100.0);
        assert!(found.low < 70.0 && found.low > 60.0);
        assert!(found.ticks.contains(&80.0), "{found:?}");
    }

    #[test]
    fn nothing_is_a_scale_too() {
        let found = axis([].into_iter(), [f64::NEG_INFINITY, f64::INFINITY], 5);
        assert!(found.low < found.high);
        let one = axis([50.0].into_iter(), [0.0, 100.0], 5);
        assert!(one.low < 50.0 && one.high > 50.0);
    }
}
