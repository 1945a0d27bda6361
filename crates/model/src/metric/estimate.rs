use serde::{Deserialize, Serialize};

/// From so many answers on, a score is called one; below, it is "too few to tell".
///
/// The rule of thumb for normal approximations; the intervals themselves hold below it as well.
pub const ENOUGH: u64 = 30;

/// A number that was estimated from answers, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The score itself, of the answers at hand.
    pub value: f64,
    /// The lower end of the 95 % confidence interval; never above `value`. None where so few answers
    /// allow no such interval.
    pub low: Option<f64>,
    /// The upper end; never below `value`.
    pub high: Option<f64>,
    /// How many answers it is made of.
    pub n: u64,
}

impl Estimate {
    /// Whether there are enough answers to speak of a score: at least [`ENOUGH`].
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.n >= ENOUGH
    }

    /// An estimate whose interval holds its value, and stays in this range.
    pub(super) fn within(value: f64, low: f64, high: f64, n: u64, range: [f64; 2]) -> Self {
        let [least, most] = range;
        Self {
            value,
            low: Some(low.min(value).clamp(least, most)),
            high: Some(high.max(value).clamp(least, most)),
            n,
        }
    }

    /// In another unit.
    pub(super) fn times(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            low: self.low.map(|low| low * factor),
            high: self.high.map(|high| high * factor),
            n: self.n,
        }
    }
}
