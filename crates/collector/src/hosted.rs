//! `/s/{survey}`: a page that holds one survey, for links and e-mails.

use crate::definitions::in_language;
use crate::segment::PathSegment;
use crate::{Collector, Error};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sondeo_model::{Language, Question, Survey};
use std::sync::Arc;

/// The page takes nothing from anywhere else, and goes into no frame.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types sondeo";

/// A page with this survey and nothing else. `?sondeo-QUESTION=VALUE` chooses an answer before; nothing
/// is sent before the person confirms it.
#[utoipa::path(get, path = "/s/{survey}", tag = "widget",
    params(("survey" = String, Path, description = "a template, or a survey of `--surveys`")), responses(
    (status = 200, description = "the page", content_type = "text/html", body = String),
    (status = 303, description = "with an answer chosen, to the address that also names the survey"),
    (status = 404, description = "no such survey", body = crate::error::Refusal),
))]
pub(crate) async fn page(
    State(collector): State<Arc<Collector>>,
    survey: Result<PathSegment, Error>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    // A link that was cut in the middle of a letter is one more that leads nowhere.
    let Ok(PathSegment(survey)) = survey else { return nothing(&headers) };
    let wanted = wanted_language(&headers);
    let mut found = questions(&collector, &survey, &wanted);
    if found.is_none() {
        // Another collector may have published it a moment ago.
        collector.look_before_refusing().await?;
        found = questions(&collector, &survey, &wanted);
    }
    let Some((asked, questions)) = found else { return nothing(&headers) };
    let query = query.unwrap_or_default();
    let names = |it: &str| query.split('&').any(|pair| pair.starts_with(it));
    if names("sondeo-") && !names("sondeo=") {
        // The widget chooses answers where the address names the survey, which is nobody's business to
        // repeat in a link to this one. Without a path, the address stays below whatever prefix a proxy has for it.
        return Ok(Redirect::to(&format!("?sondeo={survey}&{query}")).into_response());
    }
    let title = questions.first().map(|question| asked.text(&question.text)).unwrap_or_default();
    let config = match file(&collector, &survey) {
        Some(_) => format!(" data-config=\"{survey}/survey.json\""),
        None => String::new(),
    };
    // Ids are lower case letters, digits and hyphens. Whoever follows a link is asked, whatever the
    // survey's targeting says about pages, and as often as the link is followed. All addresses are relative: a
    // proxy may serve this below a prefix.
    let page = format!(
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n\
         <script async src=\"../sondeo.js\" data-survey=\"{survey}\"{config} \
         data-endpoint=\"../v1/responses\" data-display=\"page\" data-trigger=\"load\" data-delay=\"0s\" \
         data-url=\"/**\" data-device=\"mobile tablet desktop\" data-sample=\"100%\" \
         data-recontact=\"always\" data-snooze=\"always\" data-quiet=\"0s\" data-max-shows=\"1000000\" \
         data-report=\"all\"></script>\n\
         </head>\n<body>\n<noscript><p>{title}</p><p lang=\"en\" dir=\"ltr\">Please switch on JavaScript to answer.</p></noscript>\n</body>\n</html>\n",
        language = escaped(&asked.language),
        direction = asked.direction().attribute(),
        title = escaped(title),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::VARY, "Accept-Language"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, page).into_response())
}

/// For a person, a page that says so.
fn nothing(headers: &HeaderMap) -> Result<Response, Error> {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if !accepted.unwrap_or_default().contains("text/html") {
        return Err(Error::NotFound);
    }
    let page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                <meta name=\"color-scheme\" content=\"light dark\">\n<title>No survey</title>\n</head>\n\
                <body>\n<h1>There is no survey at this address</h1>\n\
                <p>The link may be cut off, or the survey over.</p>\n</body>\n</html>\n";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((StatusCode::NOT_FOUND, headers, page).into_response())
}

/// A survey of the folder, as the widget reads it.
#[utoipa::path(get, path = "/s/{survey}/survey.json", tag = "widget",
    params(("survey" = String, Path, description = "a survey of `--surveys`")), responses(
    (status = 200, description = "the survey file", content_type = "application/json", body = String),
    (status = 404, description = "no such survey", body = crate::error::Refusal),
))]
pub(crate) async fn definition(
    State(collector): State<Arc<Collector>>,
    survey: Result<PathSegment, Error>,
) -> Result<Response, Error> {
    let PathSegment(survey) = survey.map_err(|_| Error::NotFound)?;
    let text = file(&collector, &survey).ok_or(Error::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, text).into_response())
}

/// What the widget reads: the published version that runs, else the file of the folder.
fn file(collector: &Collector, id: &str) -> Option<String> {
    let published = collector.publications.now().running_file(id).map(str::to_owned);
    published.or_else(|| collector.definitions.text(id).map(str::to_owned))
}

/// The survey of this id and its questions, in English or the language that it is written in.
fn questions(collector: &Collector, id: &str, wanted: &str) -> Option<(Survey, Vec<Question>)> {
    let published = collector.publications.now();
    if published.running_file(id).is_none() {
        return collector.definitions.questions(id, wanted);
    }
    Some(in_language(published.definition(id)?, wanted))
}

/// The first language of `Accept-Language` that the words are there in; browsers send the best first.
fn wanted_language(headers: &HeaderMap) -> String {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted
        .unwrap_or_default()
        .split(',')
        .filter_map(|language| language.split(';').next())
        .map(str::trim)
        .find(|tag| Language::from_tag(tag).is_some())
        .unwrap_or("en")
        .to_owned()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
