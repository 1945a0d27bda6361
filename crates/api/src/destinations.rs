use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;

/// Whether a destination takes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DestinationState {
    /// It does.
    Active,
    /// Somebody holds it back: what comes waits.
    Paused,
    /// It said that it is gone, or failed for days: what comes waits until somebody looks at it.
    Off,
}

/// Where responses are passed on to.
// `O` is what its reader has a JSON object in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = DestinationView, bound = "")
)]
pub struct Destination<O> {
    pub id: String,
    /// The name of what its owners have said of it; a change can be bound to it with `If-Match`.
    pub etag: String,
    /// webhook, slack, teams, discord, email, google-sheets, hubspot, zendesk, salesforce or pipedrive.
    pub kind: String,
    pub name: String,
    /// The surveys whose responses it takes; empty for all of the site.
    pub surveys: Vec<String>,
    /// Conditions over the response that must all hold.
    pub when: String,
    /// completed or each.
    pub on: String,
    /// What the kind needs. Of what is secret there is only a hint (the host of an address), or `true`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub settings: O,
    /// active, paused, or off (it said that it is gone, or took nothing for five days).
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: DestinationState,
    /// Why it is off, or what it said last while it fails; `null` where all is well.
    pub reason: Option<String>,
    /// Since when it takes nothing.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub failing_since: Option<Timestamp>,
    /// Deliveries that wait; 10000 stands for as many or more.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub waiting: u64,
    /// Since when the oldest of them waits (of those that are due first, where there are more).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub oldest: Option<Timestamp>,
    /// Deliveries that were given up; 10000 stands for as many or more.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub failed: u64,
}

/// Its schema is the same, whatever an object is read into.
#[cfg(feature = "openapi")]
type AnyDestination = Destination<()>;

/// Some destinations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(bound = ""))]
pub struct Destinations<O> {
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<AnyDestination>))]
    pub destinations: Vec<Destination<O>>,
}

/// What to try a destination with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TrialOf {
    /// sample, where nobody says; or last: the latest response that it would take, or the digest or the changes as they are
    /// now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
}

/// What a trial showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trial {
    /// Whether it is there.
    pub delivered: bool,
    /// delivered, again (it may go another time), refused (this one never will) or gone (nothing will any more).
    pub outcome: String,
    /// Why it is not there; `null` where it is.
    pub reason: Option<String>,
    /// What was said, in order, without anything secret.
    pub exchanges: Vec<Exchange>,
}

/// What was said to a service, and what it said; without anything secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// Method, address, headers and body.
    pub request: String,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// The answer's body, or why there was none.
    pub answer: String,
    /// How long it took.
    pub ms: u64,
}

/// What is to be sent once more: one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplayOf {
    /// The `id` of a delivery; one that waits goes now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// Everything that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<bool>,
    /// Every response from this moment on (RFC 3339, or a date) that it takes, also such as came before it was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// With `since`: what `next` of an earlier call says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What is sent once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replayed {
    pub replayed: u64,
    /// Whether there are more: the same call finds them, with `next` as its `after` where there is one.
    pub more: bool,
    /// Of those since a moment: where the next call goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A response on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// `RESPONSE.REVISION`.
    pub id: String,
    /// The response's id; of a digest or a notice of changes its day: `digest-2026-11-30`, `changes-2026-11-30`.
    pub response: String,
    pub revision: i64,
    /// When it was written down that it is to be delivered.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub tries: u64,
    /// When it is tried next; `null` where it is done.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub due: Option<Timestamp>,
    /// When it was tried last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub tried_at: Option<Timestamp>,
    /// The status of the last answer.
    pub status: Option<i64>,
    /// The last answer's first 500 characters, or why there was none.
    pub answer: Option<String>,
}

/// Some deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deliveries {
    pub deliveries: Vec<Delivery>,
    /// What to pass as `cursor` for the following page.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{ReplayOf, TrialOf};
    use serde_json::json;

    #[test]
    fn what_is_not_asked_for_is_not_said() {
        let one = ReplayOf { failed: Some(true), ..ReplayOf::default() };
        assert_eq!(serde_json::to_value(&one).expect("JSON"), json!({"failed": true}));
        assert_eq!(serde_json::to_value(TrialOf::default()).expect("JSON"), json!({}));
    }
}
