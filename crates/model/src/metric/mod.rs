//! Scores and how sure they are: each with its 95 % interval and its n.
//!
//! All of it is computed from counts, so that a roll-up serves as well as the answers themselves.
//! Every formula names its source.

mod ces;
mod csat;
mod difference;
mod estimate;
mod helpful;
mod mean;
mod nps;
mod rate;
mod share;
mod ttr;

pub use ces::{Ces, ces};
pub use csat::{csat, top_boxes};
pub use difference::{
    Difference, difference_of_means, difference_of_medians, difference_of_nps, difference_of_shares,
};
pub use estimate::{ENOUGH, Estimate};
pub use helpful::helpful;
pub use mean::Scale;
pub use nps::{Nps, nps};
pub use rate::{completion, drop_off, response_rate};
pub use share::{Share, share};
pub use ttr::{Times, Ttr, ttr};

/// The quantile of the standard normal distribution that leaves 2.5 % above it.
///
/// The textbook's two decimals, as in the worked values that everybody can check by hand.
pub const Z: f64 = 1.96;

/// What 95 % leave above and below.
const TAIL: f64 = 0.025;

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod tests;
