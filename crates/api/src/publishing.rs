use crate::Reason;
use crate::object::ObjectOnly;
use serde::{Deserialize, Deserializer, Serialize};
use sondeo_model::Timestamp;

/// What a survey of a site is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SurveyState {
    /// Never published.
    Draft,
    /// On its pages.
    Running,
    /// Taken off its pages for a while.
    Paused,
    /// Taken off its pages for good.
    Ended,
    /// Put aside.
    Archived,
}

/// When a survey has enough answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// So many responses with an answer end it.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<i64>,
    /// So many on a day of the site's time zone pause it until the next one.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<i64>,
}

/// A survey of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteSurvey {
    pub id: String,
    /// What the draft calls it, for the people who work on it; its id, where the draft does not say.
    pub name: String,
    /// `draft`, `running`, `paused`, `ended` or `archived`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: SurveyState,
    /// The latest published version; null before the first.
    pub version: Option<i64>,
    /// Whether the draft says something else than the latest version.
    pub draft: bool,
    pub limit: Option<Limit>,
    /// Whether it has as many answers of today as its limit per day allows.
    pub full_today: bool,
    /// Responses with an answer.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub answers: u64,
    /// When a page with it was last seen.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_seen: Option<Timestamp>,
    /// Where the survey is read from: people edit those of `draft`; those of `folder` are files of `--surveys`.
    pub source: String,
}

/// The surveys of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteSurveys {
    pub surveys: Vec<SiteSurvey>,
}

/// What is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftProblem {
    /// Where: `questions[0].kind`; empty for the whole file.
    pub path: String,
    /// What is wrong there, and what would be right.
    pub message: String,
}

impl DraftProblem {
    #[must_use]
    pub fn new(path: &str, message: &str) -> Self {
        Self { path: path.to_owned(), message: message.to_owned() }
    }
}

/// Somebody else was faster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    pub error: Reason,
    pub draft: StandingDraft,
}

/// The draft that stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandingDraft {
    pub etag: String,
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Who saved it.
    pub by: String,
}

/// What to publish; nothing of it has to be said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Publication {
    /// An earlier version in place of the draft.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// When it has enough answers; null for never. Left out, it stays as it was.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Limit>))]
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub limit: Option<Option<Limit>>,
}

/// Tells null from nothing.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Limit>>, D::Error> {
    Option::<ObjectOnly<Limit>>::deserialize(from).map(|limit| Some(limit.map(|it| it.0)))
}

/// What became of a survey that was published, or whose state was to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicationReceipt {
    pub id: String,
    /// `draft`, `running`, `paused`, `ended` or `archived`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: SurveyState,
    /// The latest published version; null before the first.
    pub version: Option<i64>,
}

/// Why a draft cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unpublishable {
    pub error: Reason,
    pub problems: Vec<DraftProblem>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    pub version: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Timestamp,
    pub published_by: String,
    /// The version that was published again, where it was one.
    pub restored: Option<i64>,
    /// As its author wrote it; with one version alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versions {
    pub versions: Vec<Version>,
}

/// The key of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewKey {
    /// Opens `/sites/{site}/previews/{key}.json`. It is shown once.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{48}$"))]
    pub key: String,
    /// When it stops working.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{Limit, Publication, SurveyState};
    use serde_json::json;

    #[test]
    fn no_limit_is_another_thing_than_nothing_about_it() {
        let limit = Limit { answers: Some(500), per_day: None };
        for (limit, body) in [
            (None, json!({})),
            (Some(None), json!({"limit": null})),
            (Some(Some(limit)), json!({"limit": {"answers": 500}})),
        ] {
            let publication = Publication { version: None, limit };
            assert_eq!(serde_json::to_value(&publication).expect("JSON"), body);
            let read: Publication = serde_json::from_value(body).expect("a publication");
            assert_eq!(read, publication);
        }
        let list = json!({"limit": [500, 50]});
        serde_json::from_value::<Publication>(list).expect_err("an array is no limit");
    }

    #[test]
    fn states_are_the_words_of_the_contract() {
        let words: Vec<_> = [
            SurveyState::Draft,
            SurveyState::Running,
            SurveyState::Paused,
            SurveyState::Ended,
            SurveyState::Archived,
        ]
        .map(|state| serde_json::to_value(state).expect("JSON"))
        .into();
        assert_eq!(json!(words), json!(["draft", "running", "paused", "ended", "archived"]));
    }
}
