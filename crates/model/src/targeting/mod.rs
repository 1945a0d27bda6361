//! Who may be asked now: the visitor's record, the sample_bucket, the pages, and the decision that they lead to.

mod eligibility;
mod page_match;
mod record;
mod sampling;
mod when;

pub use eligibility::{
    EligibilityContext, FAR, Ineligibility, IneligibleReason, asleep_until, check_eligibility,
    held_until,
};
pub use page_match::{is_pattern, matches};
pub use record::Record;
pub use sampling::{MOST_SEED, sample_bucket};
pub use when::WhenClause;
