use super::{Estimate, Scale, share};

/// The customer effort score, in both of its forms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ces {
    /// The mean, 1 to 7, high is good: Student's t interval.
    pub mean: Estimate,
    /// The share of 5 to 7 in percent: Wilson score interval. Only of scales of seven points, where it
    /// means "agree at least somewhat".
    pub agreement: Option<Estimate>,
}

/// Customer effort score 2.0: agreement with "… made it easy for me to handle my issue" on 1 to 7
/// (M. Dixon, K. Freeman and N. Toman 2010, "Stop trying to delight your customers"; version 2.0 of 2013).
///
/// `counts[i]` is how often point `i + 1` was chosen.
#[must_use]
pub fn ces(counts: &[u64]) -> Option<Ces> {
    let mean = Scale(counts).estimate()?;
    let agreement =
        (counts.len() == 7).then(|| share(counts[4..].iter().sum(), counts.iter().sum())).flatten();
    Some(Ces { mean, agreement })
}

#[cfg(test)]
mod tests {
    use super::ces;
    use crate::metric::tests::check;

    #[test]
    fn both_forms() {
        let found = ces(&[0, 0, 2, 0, 1, 3, 4]).expect("a score");
        check(Some(found.mean), 5.7, 4.63, 6.77, 10);
        check(found.agreement, 80.0, 49.0, 94.3, 10);
        assert_eq!(ces(&[1, 1, 1, 1, 1]).expect("a score").agreement, None);
    }
}
