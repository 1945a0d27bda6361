//! What came of one attempt, and what follows from it.

use crate::FailureReason;
use sondeo_model::{Confirm, Duration, find_substring};

/// What a browser says of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpResult {
    /// No answer, or one that could not be read to its end.
    NoAnswer,
    /// An answer that nobody may read.
    Opaque,
    /// The endpoint leads elsewhere.
    Redirected,
    /// The whole of an answer.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The wait that `Retry-After` asks for.
        retry_after: Option<Duration>,
        /// The answer's body.
        body: String,
        /// Whether it is a page for people, or comes from another address than the one that was asked: a service
        /// worker's offline page, a captive portal and a login page answer 200 to everything (contract, section 6).
        is_foreign: bool,
    },
}

/// An endpoint's own words for not taking a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The answer's body.
    pub body: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The endpoint has the response, as far as can be known.
    Acknowledged,
    /// Not now; it is to be tried again.
    Retry {
        /// Why, as far as the request itself says; [`FailureReason::Unreachable`] may have a cause of its own.
        reason: FailureReason,
        /// The wait that the endpoint asks for.
        retry_after: Option<Duration>,
        /// What the endpoint said, where it did.
        answer: Option<EndpointAnswer>,
    },
    /// The endpoint will not take it: to be kept aside, and tried once more by a newer version.
    Refused(EndpointAnswer),
}

/// What becomes of a queued response after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Delivered: it is to be removed.
    Delivered,
    /// It stays, and is tried again.
    Retry,
    /// It stays, aside, until a newer version tries it once more.
    SetAside,
    /// Tried in vain for too long: it is to be removed.
    Expired,
}

impl AttemptOutcome {
    /// What the result of a request with the response of this `id` means: `accepts` are statuses that acknowledge beside
    /// all that begin with 2, and `confirm` is what the author takes for an acknowledgement.
    #[must_use]
    pub fn of(result: HttpResult, accepts: &[u16], id: &str, confirm: Confirm) -> Self {
        let retry = |reason| Self::Retry { reason, retry_after: None, answer: None };
        match result {
            HttpResult::NoAnswer => retry(FailureReason::Unreachable),
            HttpResult::Redirected => retry(FailureReason::Redirect),
            HttpResult::Opaque => Self::Acknowledged,
            HttpResult::Answered { status, retry_after, body, is_foreign } => {
                if (200..300).contains(&status) || accepts.contains(&status) {
                    // Whoever knows the id has read the response, in whatever form the answer is.
                    return if confirm == Confirm::Status && !is_foreign
                        || find_substring(&body, id).is_some()
                    {
                        Self::Acknowledged
                    } else {
                        retry(FailureReason::Unconfirmed)
                    };
                }
                let answer = EndpointAnswer { status, body };
                match status {
                    408 | 425 | 429 | 500..=599 => Self::Retry {
                        reason: FailureReason::Unavailable,
                        retry_after,
                        answer: Some(answer),
                    },
                    _ => Self::Refused(answer),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptOutcome, HttpResult};
    use crate::FailureReason;
    use sondeo_model::Confirm;

    const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";

    fn answered(status: u16, body: &str) -> HttpResult {
        HttpResult::Answered { status, retry_after: None, body: body.to_owned(), is_foreign: false }
    }

    #[track_caller]
    fn check_reason(result: HttpResult, confirm: Confirm, expected: FailureReason) {
        match AttemptOutcome::of(result, &[], ID, confirm) {
            AttemptOutcome::Retry { reason, .. } => assert_eq!(reason, expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_2xx_acknowledges_and_nothing_beside() {
        for good in [200, 201, 204, 299] {
            let outcome = AttemptOutcome::of(answered(good, ""), &[], ID, Confirm::Status);
            assert_eq!(outcome, AttemptOutcome::Acknowledged, "{good}");
        }
        for refused in [199, 300, 301, 400, 401, 403, 404, 413, 422, 600] {
            let outcome = AttemptOutcome::of(answered(refused, "no"), &[], ID, Confirm::Status);
            let AttemptOutcome::Refused(answer) = outcome else { panic!("{refused}") };
            assert_eq!((answer.status, answer.body.as_str()), (refused, "no"));
        }
        for passing in [408, 425, 429, 500, 503, 599] {
            check_reason(answered(passing, ""), Confirm::Status, FailureReason::Unavailable);
        }
    }

    #[test]
    fn what_nobody_may_read_is_taken_for_an_acknowledgement() {
        let outcome = AttemptOutcome::of(HttpResult::Opaque, &[], ID, Confirm::Id);
        assert_eq!(outcome, AttemptOutcome::Acknowledged);
    }

    #[test]
    fn a_format_may_accept_further_statuses() {
        let conflict = || answered(409, "duplicate key");
        assert_eq!(
            AttemptOutcome::of(conflict(), &[409], ID, Confirm::Status),
            AttemptOutcome::Acknowledged
        );
        let outcome = AttemptOutcome::of(conflict(), &[], ID, Confirm::Status);
        assert!(matches!(outcome, AttemptOutcome::Refused(_)));
    }

    #[test]
    fn an_id_that_must_be_repeated_makes_the_difference() {
        check_reason(answered(200, "<html>"), Confirm::Id, FailureReason::Unconfirmed);
        let repeated = answered(201, &format!(r#"{{"id":"{ID}"}}"#));
        assert_eq!(
            AttemptOutcome::of(repeated, &[], ID, Confirm::Id),
            AttemptOutcome::Acknowledged
        );
    }

    #[test]
    fn what_answers_for_the_endpoint_is_no_receipt() {
        let page = |status, body: &str| HttpResult::Answered {
            status,
            retry_after: None,
            body: body.to_owned(),
            is_foreign: true,
        };
        check_reason(page(200, "<h1>You are offline"), Confirm::Status, FailureReason::Unconfirmed);
        check_reason(page(503, "<h1>Maintenance"), Confirm::Status, FailureReason::Unavailable);
        // Whoever knows the id has read the response, though PHP calls everything a page.
        for confirm in [Confirm::Status, Confirm::Id] {
            let outcome = AttemptOutcome::of(page(200, ID), &[], ID, confirm);
            assert_eq!(outcome, AttemptOutcome::Acknowledged);
        }
    }

    #[test]
    fn a_redirect_and_silence_are_told_apart() {
        check_reason(HttpResult::Redirected, Confirm::Status, FailureReason::Redirect);
        check_reason(HttpResult::NoAnswer, Confirm::Status, FailureReason::Unreachable);
    }
}
