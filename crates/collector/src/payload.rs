//! From the bytes of a request to a response that the contract allows.

use crate::{Error, LARGEST_BODY};
use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use mime::Mime;
use serde::de::IgnoredAny;
use sondeo_model::{Response, Violation};

/// How much of a body that is too large is read and thrown away. A connection that is closed while
/// the client still writes is reset, and the client never reads the 413 that would stop it trying.
const MOST_DISCARDED: usize = 1024 * 1024;

/// Reads the body, at most [`LARGEST_BODY`] of it.
pub(crate) async fn read(mut body: Body) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::BrokenBody)?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= LARGEST_BODY {
            bytes.extend_from_slice(&data);
        } else if length > MOST_DISCARDED {
            break;
        }
    }
    if length > LARGEST_BODY { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// Checks that the headers announce JSON. `text/plain` is what a page may send without a preflight.
pub(crate) fn check_type(headers: &HeaderMap) -> Result<(), Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Error::UnsupportedMediaType("the body must not be compressed"));
    }
    let mime: Option<Mime> = text(header::CONTENT_TYPE).and_then(|value| value.parse().ok());
    let mime = mime.ok_or(Error::UnsupportedMediaType(WANTED))?;
    if !matches!(mime.essence_str(), "application/json" | "text/plain") {
        return Err(Error::UnsupportedMediaType(WANTED));
    }
    match mime.get_param(mime::CHARSET) {
        Some(charset) if charset != mime::UTF_8 => {
            Err(Error::UnsupportedMediaType("the charset must be utf-8"))
        }
        _ => Ok(()),
    }
}

const WANTED: &str = "the content type must be application/json or text/plain, holding JSON";

/// Reads one response. Keys that are not of the contract are passed over: a widget that is newer
/// than this collector must not lose its answers.
pub(crate) fn parse(bytes: &[u8]) -> Result<Response, Error> {
    let text = str::from_utf8(bytes).map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
    // All of it is looked at first: a form that is wrong before a syntax that is broken is 400 too.
    serde_json::from_str::<IgnoredAny>(text).map_err(Error::NotJson)?;
    match text.trim_start().as_bytes().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(not_an_object("arrays are not taken")),
        _ => return Err(not_an_object("something else was sent")),
    }
    let response: Response =
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
            .map_err(wrong_form)?;
    match response.validate() {
        Ok(()) => Ok(response),
        Err(violation) => Err(Error::InvalidResponse {
            message: violation.to_string(),
            field: Some(violation.field),
        }),
    }
}

fn not_an_object(but: &str) -> Error {
    let message = format!("the body must be one response, a JSON object; {but}");
    Error::InvalidResponse { field: None, message }
}

fn wrong_form(error: serde_path_to_error::Error<serde_json::Error>) -> Error {
    let parent = Some(error.path().to_string()).filter(|path| path != ".");
    let reason = error.inner().to_string();
    // The line and column of a body that a program wrote help nobody; the path does.
    let reason = reason.rfind(" at line ").map_or(reason.as_str(), |end| &reason[..end]);
    let child = |name: &str| match &parent {
        Some(parent) => format!("{parent}.{name}"),
        None => name.to_owned(),
    };
    let named = |prefix| Some(child(reason.strip_prefix(prefix)?.strip_suffix('`')?));
    let violation = if let Some(field) = named("missing field `") {
        Violation { field, reason: "is missing".to_owned() }
    } else if let Some(field) = named("duplicate field `") {
        Violation { field, reason: "is given twice".to_owned() }
    } else {
        let field = parent.unwrap_or_else(|| "the body".to_owned());
        // Our own messages complete a sentence that starts with the field, serde's stand alone.
        let own = reason.starts_with("is ") || reason.starts_with("must ");
        let reason = if own { reason.to_owned() } else { format!("is wrong: {reason}") };
        Violation { field, reason }
    };
    let message = violation.to_string();
    Error::InvalidResponse { field: Some(violation.field), message }
}
