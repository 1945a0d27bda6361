//! Who may be asked now: the visitor's record, the draw, the pages, and the decision that they lead to.

mod decision;
mod page_match;
mod record;
mod sampling;

pub use decision::{FAR, Moment, Objection, Reason, asleep_until, decide, held_until};
pub use page_match::{is_pattern, matches};
pub use record::Record;
pub use sampling::{MOST_SEED, draw};
