use super::Estimate;

/// Expects these numbers, each to the digits that its source prints.
#[track_caller]
pub(super) fn check(found: Option<Estimate>, value: f64, low: f64, high: f64, n: u64) {
    let found = found.expect("an estimate");
    let (found_low, found_high) = (found.low.expect("low"), found.high.expect("high"));
    for (found, expected) in [(found.value, value), (found_low, low), (found_high, high)] {
        assert!((found - expected).abs() <= 0.051, "{found} is not {expected}");
    }
    assert_eq!(found.n, n);
    assert_eq!(found.is_enough(), n >= 30);
}
