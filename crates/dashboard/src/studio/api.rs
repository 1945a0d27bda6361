//! The collector's calls of sites, drafts and versions.

use crate::api::{Summaries, Surveys, escaped};
use crate::components::survey_name;
use crate::root::at;
use crate::words::language;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sondeo_api::{
    DraftProblem, Limit, PreviewKey, Publication, Reason, SiteSurveys, Sites, Versions,
};
use sondeo_model::{Answer, Timestamp};

pub(crate) use sondeo_api::{
    PublicationReceipt, SeenPage, SiteSurvey, StandingDraft, SurveyState, Version,
};
/// A web site.
pub(crate) type Site = sondeo_api::Site<Map<String, Value>>;

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// Who is signed in may not do that here.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The collector was not reached, or is busy: it may be tried again.
    Network,
    /// Somebody else saved the draft meanwhile.
    Changed(Box<StandingDraft>),
    /// It says this.
    Said(String),
}

/// What changes a survey's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Pause,
    Resume,
    End,
    Archive,
    Restore,
}

impl Step {
    fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::End => "end",
            Self::Archive => "archive",
            Self::Restore => "restore",
        }
    }
}

/// What somebody answered to try a survey out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct TestAnswer {
    pub(crate) sent_at: Timestamp,
    pub(crate) answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct TestAnswers {
    responses: Vec<TestAnswer>,
}

/// Whichever of `Refusal`, `Changed` and `Unpublishable` it is.
#[derive(Deserialize)]
struct AnyRefusal {
    error: Reason,
    draft: Option<StandingDraft>,
    #[serde(default)]
    problems: Vec<DraftProblem>,
}

/// What a status says without the words beside it.
pub(super) fn refused_by(status: u16) -> Option<Refused> {
    match status {
        401 => Some(Refused::SignedOut),
        403 => Some(Refused::Forbidden),
        404 => Some(Refused::NotFound),
        429 | 502..=504 => Some(Refused::Network),
        _ => None,
    }
}

/// Makes a request hold only while what it changes is what this tag names.
pub(super) fn if_match(request: RequestBuilder, tag: Option<&str>) -> RequestBuilder {
    match tag {
        Some(tag) => request.header("if-match", &format!("\"{tag}\"")),
        None => request,
    }
}

async fn answer(request: Result<Response, gloo_net::Error>) -> Result<Response, Refused> {
    let response = request.map_err(|_| Refused::Network)?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    if let Some(refused) = refused_by(status) {
        return Err(refused);
    }
    let Ok(refusal) = response.json::<AnyRefusal>().await else {
        return Err(Refused::Said(status.to_string()));
    };
    if let Some(standing) = refusal.draft {
        return Err(Refused::Changed(Box::new(standing)));
    }
    let problems = refusal.problems.iter().map(|it| format!("{} {}", it.path, it.message));
    let lines: Vec<String> = std::iter::once(refusal.error.message).chain(problems).collect();
    Err(Refused::Said(lines.join("\n")))
}

async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Refused> {
    response.json().await.map_err(|error| Refused::Said(error.to_string()))
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Refused> {
    json(answer(Request::get(&at(path)).send().await).await?).await
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Refused> {
    let request = Request::post(&at(path)).json(body).map_err(|_| Refused::Network)?;
    json(answer(request.send().await).await?).await
}

fn of(site: &str, survey: &str) -> String {
    format!("/v1/sites/{}/surveys/{}", escaped(site), escaped(survey))
}

/// The sites that the reader may see.
pub(crate) async fn sites() -> Result<Vec<Site>, Refused> {
    get::<Sites<_>>("/v1/sites").await.map(|it| it.sites)
}

/// The surveys of a site.
pub(crate) async fn surveys(site: &str) -> Result<Vec<SiteSurvey>, Refused> {
    let rows = get::<SiteSurveys>(&format!("/v1/sites/{}/surveys", escaped(site))).await?;
    let mut surveys = rows.surveys;
    // The results call them so, too.
    for row in surveys.iter_mut().filter(|row| row.name == row.id) {
        row.name = survey_name(language(), None, &row.id);
    }
    Ok(surveys)
}

/// When surveys of a site were answered last, some at a time.
pub(crate) async fn last_answers(site: &str, after: Option<&str>) -> Result<Surveys, Refused> {
    let after = after.map(|after| format!("&cursor={}", escaped(after))).unwrap_or_default();
    get(&format!("/v1/surveys?site={}&limit=500{after}", escaped(site))).await
}

/// What the answers of a period come to, of up to 24 surveys of a site.
pub(crate) async fn summaries(
    site: &str,
    ids: &[String],
    period: &str,
) -> Result<Summaries, Refused> {
    let (site, ids) = (escaped(site), escaped(&ids.join(",")));
    get(&format!("/v1/summaries?site={site}&surveys={ids}&{period}")).await
}

/// Changes the state of a survey.
pub(crate) async fn step(
    site: &str,
    survey: &str,
    step: Step,
) -> Result<PublicationReceipt, Refused> {
    let path = format!("{}/{}", of(site, survey), step.word());
    json(answer(Request::post(&at(&path)).send().await).await?).await
}

/// The draft and the name of its state.
pub(crate) async fn draft(site: &str, survey: &str) -> Result<(String, String), Refused> {
    let response =
        answer(Request::get(&at(&format!("{}/draft", of(site, survey)))).send().await).await?;
    let etag = response.headers().get("etag").unwrap_or_default();
    let text = response.text().await.map_err(|_| Refused::Network)?;
    Ok((text, bare(&etag)))
}

/// Saves the draft in the place of the one of this name, or as the first one; gives the new name.
pub(crate) async fn save(
    site: &str,
    survey: &str,
    text: &str,
    etag: Option<&str>,
) -> Result<String, Refused> {
    let request = Request::put(&at(&format!("{}/draft", of(site, survey))))
        .header("content-type", "application/json");
    let request = if_match(request, etag).body(text).map_err(|_| Refused::Network)?;
    let response = answer(request.send().await).await?;
    Ok(bare(&response.headers().get("etag").unwrap_or_default()))
}

/// A key to the draft, for an hour.
pub(crate) async fn preview_key(site: &str, survey: &str) -> Result<String, Refused> {
    let request = Request::post(&at(&format!("{}/preview", of(site, survey))));
    json::<PreviewKey>(answer(request.send().await).await?).await.map(|it| it.key)
}

/// The answers that were given to try it out, the latest first.
pub(crate) async fn test_answers(site: &str, survey: &str) -> Result<Vec<TestAnswer>, Refused> {
    get::<TestAnswers>(&format!("{}/test-responses", of(site, survey))).await.map(|it| it.responses)
}

/// Deletes them.
pub(crate) async fn delete_test_answers(site: &str, survey: &str) -> Result<(), Refused> {
    let request = Request::delete(&at(&format!("{}/test-responses", of(site, survey))));
    answer(request.send().await).await.map(drop)
}

/// Publishes the draft of this name.
pub(crate) async fn publish(
    site: &str,
    survey: &str,
    etag: &str,
    limit: Option<u32>,
) -> Result<PublicationReceipt, Refused> {
    let limit = limit.map(|answers| Some(Limit { answers: Some(answers.into()), per_day: None }));
    let body = Publication { version: None, limit };
    let request = Request::post(&at(&format!("{}/publish", of(site, survey))));
    let request = if_match(request, Some(etag)).json(&body).map_err(|_| Refused::Network)?;
    json(answer(request.send().await).await?).await
}

/// Publishes an old version again.
pub(crate) async fn roll_back(
    site: &str,
    survey: &str,
    version: i64,
) -> Result<PublicationReceipt, Refused> {
    let body = Publication { version: Some(version), limit: None };
    post(&format!("{}/publish", of(site, survey)), &body).await
}

/// Who published what, the latest first.
pub(crate) async fn versions(site: &str, survey: &str) -> Result<Vec<Version>, Refused> {
    get::<Versions>(&format!("{}/versions", of(site, survey))).await.map(|it| it.versions)
}

/// The file of a version, as its author wrote it.
pub(crate) async fn version(site: &str, survey: &str, version: i64) -> Result<String, Refused> {
    let found: Version = get(&format!("{}/versions/{version}", of(site, survey))).await?;
    Ok(found.source.unwrap_or_default())
}

/// Where the site's tag was seen.
pub(crate) async fn seen(site: &str) -> Result<Vec<SeenPage>, Refused> {
    get(&format!("/v1/sites/{}/seen", escaped(site))).await
}

/// An entity tag without its quotes. A proxy that compresses may have made it weak.
fn bare(etag: &str) -> String {
    etag.trim_start_matches("W/").trim_matches('"').to_owned()
}
