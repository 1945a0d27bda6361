//! The collector's interface, as far as the dashboard uses it.

use crate::root::at;
use gloo_net::http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sondeo_api::{Credentials, Refusal};

pub(crate) use sondeo_api::summary::Summaries;
pub(crate) use sondeo_api::{
    Comment, CommentChange, CommentState, Comments, Survey, Surveys, survey_key as key,
};

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
    let body = Credentials { user: user.to_owned(), password: password.to_owned() };
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
