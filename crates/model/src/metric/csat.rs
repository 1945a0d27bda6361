use super::{Estimate, share};

/// How many boxes count as satisfied on a scale of so many points: the top two, or the top one of
/// scales so short that two would hold the middle.
///
/// J. Sauro and J. Lewis, "Quantifying the User Experience": top-two-box scores of five points ({4, 5})
/// and seven ({6, 7}); of four {3, 4}; three {3}; two {2}.
#[must_use]
pub fn top_boxes(points: u8) -> u8 {
    if points <= 3 { 1 } else { 2 }
}

/// Customer satisfaction: the share of the top boxes in percent (never the mean), Wilson score interval.
///
/// `counts[i]` is how often point `i + 1` was chosen; the scale has as many points as there are counts.
#[must_use]
pub fn csat(counts: &[u64]) -> Option<Estimate> {
    let points = u8::try_from(counts.len()).ok()?;
    let below = counts.len().saturating_sub(top_boxes(points).into());
    share(counts[below..].iter().sum(), counts.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::csat;
    use crate::metric::tests::check;

    #[test]
    fn worked_values() {
        check(csat(&[4, 6, 10, 50, 30]), 80.0, 71.1, 86.7, 100);
        check(csat(&[1, 0, 1, 3, 5]), 80.0, 49.0, 94.3, 10);
    }

    #[test]
    fn the_boxes_that_count() {
        for (counts, value) in [
            (&[3, 1][..], 25.0),
            (&[1, 1, 2], 50.0),
            (&[1, 1, 1, 1], 50.0),
            (&[0, 0, 3, 1, 0], 25.0),
            (&[1, 1, 1, 1, 1, 1, 2], 37.5),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1], 50.0),
        ] {
            assert_eq!(csat(counts).expect("a score").value, value, "{counts:?}");
        }
        assert_eq!(csat(&[0, 0, 0, 0, 0]), None);
        assert_eq!(csat(&[]), None);
    }
}
