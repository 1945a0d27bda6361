//! The collector's interface, as far as the dashboard uses it.

use crate::root::at;
use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;
use sondeo_model::summary::Summary;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// Too many attempts.
    TooOften,
    /// There is no such thing.
    NotFound,
    /// The collector was not reached.
    Network,
    /// It was, and says this.
    Refused(String),
}

/// Some surveys, by id.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Surveys {
    /// Each with its extent.
    pub(crate) surveys: Vec<SurveyRow>,
    /// The cursor of those that come next.
    #[serde(default)]
    pub(crate) next: Option<String>,
}

/// What several surveys say.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Summaries {
    /// Of each.
    pub(crate) summaries: Vec<Summary>,
}

/// A survey that has responses.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct SurveyRow {
    /// Its site.
    #[serde(default)]
    pub(crate) site: Option<String>,
    /// Its id there.
    pub(crate) survey: String,
    /// What people call it.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// When its latest response was shown.
    #[serde(default)]
    pub(crate) last: Option<Timestamp>,
}

impl SurveyRow {
    /// How the collector's interface names it.
    pub(crate) fn key(&self) -> String {
        key(self.site.as_deref(), &self.survey)
    }
}

/// How the collector's interface names a survey: those of other sites than `default` by `SITE/ID`.
pub(crate) fn key(site: Option<&str>, survey: &str) -> String {
    match site.filter(|site| *site != "default") {
        Some(site) => [site, "/", survey].concat(),
        None => survey.to_owned(),
    }
}

/// What visitors wrote, newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Comments {
    /// This page of it.
    pub(crate) comments: Vec<Comment>,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
    /// Every tag of the survey's comments.
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

/// What somebody did about a comment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct CommentWork {
    /// Whether nothing is left to do.
    pub(crate) done: bool,
    /// What it was sorted under.
    pub(crate) tags: Vec<String>,
}

/// What one visitor wrote.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Comment {
    /// The id of the response.
    pub(crate) response: String,
    /// To which question.
    pub(crate) question: String,
    /// What the visitor read there.
    #[serde(default)]
    pub(crate) asked: Option<String>,
    /// The words.
    pub(crate) text: String,
    /// When the survey was shown.
    pub(crate) at: Timestamp,
    /// The page where it was.
    #[serde(default)]
    pub(crate) page: Option<String>,
    /// The first rating of the same response.
    #[serde(default)]
    pub(crate) score: Option<Rating>,
    /// The version of the survey.
    #[serde(default)]
    pub(crate) version: Option<u32>,
    /// What somebody did about it.
    #[serde(flatten)]
    pub(crate) work: CommentWork,
}

/// A rating, as it was given.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Rating {
    /// The id of the question.
    pub(crate) question: String,
    /// What the visitor read there.
    #[serde(default)]
    pub(crate) asked: Option<String>,
    /// The value: `4`, `true`.
    pub(crate) value: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    message: String,
}

/// Reads what is at this path.
pub(crate) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let response = Request::get(&at(path)).send().await.map_err(|_| Failure::Network)?;
    accept(response).await?.json().await.map_err(|error| Failure::Refused(error.to_string()))
}

/// Changes what is at this path.
pub(crate) async fn change<T: DeserializeOwned>(
    path: &str,
    change: &impl Serialize,
) -> Result<T, Failure> {
    let request = Request::patch(&at(path)).json(change).map_err(|_| Failure::Network)?;
    let response = request.send().await.map_err(|_| Failure::Network)?;
    // Who is signed in and may only look is told so.
    if response.status() == 403 {
        return Err(refused(response).await);
    }
    accept(response).await?.json().await.map_err(|error| Failure::Refused(error.to_string()))
}

/// Who is signed in.
pub(crate) async fn session() -> Result<(), Failure> {
    let response = Request::get(&at("/v1/session")).send().await.map_err(|_| Failure::Network)?;
    accept(response).await.map(drop)
}

/// Signs in: from then on the browser sends a cookie that scripts cannot read.
pub(crate) async fn sign_in(user: &str, password: &str) -> Result<(), Failure> {
    let body = serde_json::json!({ "user": user, "password": password });
    let request = Request::post(&at("/v1/session")).json(&body).map_err(|_| Failure::Network)?;
    accept(request.send().await.map_err(|_| Failure::Network)?).await.map(drop)
}

/// Ends the session.
pub(crate) async fn sign_out() -> Result<(), Failure> {
    let response =
        Request::delete(&at("/v1/session")).send().await.map_err(|_| Failure::Network)?;
    accept(response).await.map(drop)
}

async fn accept(response: Response) -> Result<Response, Failure> {
    match response.status() {
        200..300 => Ok(response),
        401 | 403 => Err(Failure::SignedOut),
        404 => Err(Failure::NotFound),
        429 => Err(Failure::TooOften),
        _ => Err(refused(response).await),
    }
}

async fn refused(response: Response) -> Failure {
    match response.json::<Refusal>().await {
        Ok(refusal) => Failure::Refused(refusal.error.message),
        Err(_) => Failure::Refused(response.status().to_string()),
    }
}

/// A part of an address, escaped.
pub(crate) fn escaped(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
