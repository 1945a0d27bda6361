use serde::{Deserialize, Serialize};
use sondeo_model::{ResponseId, Timestamp};

/// Comments, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comments {
    pub comments: Vec<Comment>,
    /// The `cursor` of the following page.
    pub next: Option<String>,
    /// Every tag that comments of this survey have.
    pub tags: Vec<String>,
}

/// What a visitor wrote, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub response: ResponseId,
    pub question: String,
    /// What the visitor read there.
    pub asked: Option<String>,
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The page where it was written.
    pub page: Option<String>,
    /// The language of the survey.
    pub language: Option<String>,
    /// The first rating of the same response.
    pub score: Option<Rating>,
    /// The version of the survey, where it was published on a site.
    pub version: Option<u32>,
    /// Whether somebody has said that nothing is left to do about it.
    pub done: bool,
    /// What it was sorted under, in small letters.
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    pub question: String,
    /// What the visitor read there.
    pub asked: String,
    pub value: String,
}

/// What somebody did about a comment. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CommentChange {
    /// Whether nothing is left to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<bool>,
    /// All of its tags, at most 20 of at most 40 characters; case does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// What was done about a comment, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentState {
    pub done: bool,
    pub tags: Vec<String>,
}

/// Makes it all of that.
impl From<CommentState> for CommentChange {
    fn from(CommentState { done, tags }: CommentState) -> Self {
        Self { done: Some(done), tags: Some(tags) }
    }
}

#[cfg(test)]
mod tests {
    use super::{CommentChange, CommentState};
    use serde_json::json;

    #[test]
    fn a_change_says_only_what_it_changes() {
        let change = CommentChange { done: Some(true), tags: None };
        assert_eq!(serde_json::to_value(&change).expect("JSON"), json!({"done": true}));
        let wanted = CommentState { done: false, tags: Vec::new() };
        let change = serde_json::to_value(CommentChange::from(wanted)).expect("JSON");
        assert_eq!(change, json!({"done": false, "tags": []}));
    }
}
