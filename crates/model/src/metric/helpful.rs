use super::{Estimate, share};

/// The share of yes in percent, with its Wilson score interval.
#[must_use]
pub fn helpful(yes: u64, no: u64) -> Option<Estimate> {
    share(yes, yes + no)
}
