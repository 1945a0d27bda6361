//! What each reason means, for the documentation and the types of pages.

use super::IneligibleReason;

impl IneligibleReason {
    /// What the reason says of the survey or its visitor, and what changes it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Consent => {
                "`consent` is `required` and not given, or consent was withdrawn; `sondeo.consent(true)` gives it"
            }
            Self::Crawler => {
                "the browser says that it is a crawler or a monitor, which is no visitor"
            }
            Self::Trigger => "none of its triggers has fired on this page view",
            Self::Url => "`url` means other pages",
            Self::Device => "`device` means other devices",
            Self::When => {
                "a condition of `when` does not hold; the reason says which one and why: `when plan=pro: plan is \"free\"`"
            }
            Self::From => "it does not run yet",
            Self::Until => "it does not run any more",
            Self::Sample => "the visitor is not among the share that `sample` asks",
            Self::Recontact => {
                "the visitor has answered it, and the time of `recontact` is not over"
            }
            Self::Snooze => {
                "the visitor has closed it without an answer, and the time of `snooze` is not over"
            }
            Self::MaxShows => "the visitor saw it as often as `max_shows` says, and never answered",
            Self::Quiet => {
                "the visitor has seen another survey, and the time of `quiet` is not over"
            }
            Self::OtherTab => "another tab has shown it since this page view began",
            Self::Over => "it was shown on this page view, and was answered, closed or hidden",
            Self::Delay => "the time of `delay` runs, or a modal dialog of the page is open",
            Self::Occupied => "another survey is open where this one would be",
            Self::Priority => "another survey that is due at the same time has a higher `priority`",
            Self::Unknown => "the page has no survey of this id",
        }
    }
}
