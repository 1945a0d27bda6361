use crate::FailureReason;

/// What became of a response, for the survey that asked, or for the page where the survey has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// The endpoint has it, as far as it says so.
    Delivered,
    /// Not yet delivered; it will be tried again.
    Waiting {
        /// Whether it outlives the page until then.
        is_kept: bool,
    },
    /// Something is wrong that somebody has to see to.
    Failed {
        /// What is wrong.
        reason: FailureReason,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
        /// Whether it outlives the page until that is mended.
        is_kept: bool,
    },
}
