use crate::store::{self, Role, Scope};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sondeo_api::{DraftProblem, Reason};
use std::sync::Arc;

pub(crate) use sondeo_api::Refusal;

/// Why a request is refused: all that the interface can say beside success.
///
/// Each is answered as `{"error": {"code", "message", "field"}}`. The message tells whoever sent the
/// request what is wrong and what would be right; what went wrong on our side is logged, not sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the body is not UTF-8.
    #[error("the body is not UTF-8: the first wrong byte is at {0}")]
    NotUtf8(usize),
    /// 400: the body is not JSON.
    #[error("the body is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// 400: the body broke off or its framing is wrong.
    #[error("the body could not be read to its end")]
    BrokenBody,
    /// 400: a query parameter that does not exist or has no such value.
    #[error("{field} {reason}")]
    InvalidQuery {
        /// The name of the parameter.
        field: String,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
    /// 400: a part of the path that is no text.
    #[error("the address holds something that is not UTF-8 or cannot be a name")]
    InvalidPath,
    /// 401: reading without a token that may.
    #[error(
        "reading needs a token that this collector knows (try \"Authorization: Bearer sondeo_…\")"
    )]
    Unauthorized,
    /// 401: the login names nobody, or the password is another.
    #[error("there is nobody of this name and password")]
    WrongPassword,
    /// 401: a link that was used before, or that nobody made.
    #[error(
        "this link opens the dashboard no longer; start the collector with --link for a new one"
    )]
    WrongLink,
    /// 400: a login that is not one.
    #[error("a login is JSON: {{\"user\": \"…\", \"password\": \"…\"}}")]
    InvalidLogin,
    /// 403: the token is known, and not for this.
    #[error("this token may not {}; make one with --scope {}", .0.as_str(), .0.as_str())]
    ForbiddenScope(Scope),
    /// 403: somebody is known, and has no role for this.
    #[error("your role does not allow to {} here; an owner of the site can give you another one", .0.as_str())]
    ForbiddenRole(Scope),
    /// 403: this concerns every site, and whoever asks may do it on some.
    #[error(
        "this takes the right to {} on every site; here it is one on some sites alone", .0.as_str()
    )]
    ForbiddenEverywhere(Scope),
    /// 403: whoever gives a role away has not all of it.
    #[error(
        "nobody gives away more than they have: to make somebody {} of a site takes the right to {} there",
        .0.as_str(), .1.as_str()
    )]
    ForbiddenGift(Role, Scope),
    /// 403: a page of another origin tries to use somebody's session.
    #[error(
        "this can only be sent by the collector's own pages (a proxy in front must pass Host on, or use https: see \
         docs/deploy.md)"
    )]
    ForeignPage,
    /// 403: a survey with a write key, and another one or none.
    #[error("the survey {0} takes responses with its key alone (data-header-x-sondeo-key)")]
    WrongKey(String),
    /// 403: a page of an origin that the operator did not name.
    #[error(
        "the origin {0} may not send responses here; its operator can allow it with --origin, and an owner of a site among the site's origins"
    )]
    ForbiddenOrigin(String),
    /// 403: a page of an origin that the site does not name.
    #[error(
        "the origin {origin} may not send responses of the site {site}; an owner of the site can add it to the site's \
         origins"
    )]
    ForeignToSite {
        /// Where the page is.
        origin: String,
        /// The id of the site.
        site: String,
    },
    /// 404: nothing has this address.
    #[error("there is nothing at this address; responses go to /v1/responses")]
    NotFound,
    /// 404: a preview whose key is over, or was never made.
    #[error("this preview is over; make a new one in the studio")]
    PreviewOver,
    /// 404: a version that was never published.
    #[error("version {version} was never published; the latest is {latest}")]
    NoSuchVersion {
        /// The number that was asked for.
        version: i64,
        /// That of the latest version.
        latest: i64,
    },
    /// 405: something has this address, but cannot do that.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// 408: the request did not arrive in time.
    #[error("the request took too long; send it again")]
    Timeout,
    /// 409: something stands in the way.
    #[error("{0}")]
    Conflict(String),
    /// 412: something is expected there, and nothing is.
    #[error("there is no draft that If-Match could name; leave it out to make the first one")]
    NothingToMatch,
    /// 412: somebody else changed it meanwhile.
    #[error("somebody has changed it meanwhile: read it again, and change what it is now")]
    Overtaken,
    /// 413: the body is larger than this.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// 415: the body claims to be something else than JSON.
    #[error("{0}")]
    UnsupportedMediaType(&'static str),
    /// 422: JSON, but not a response.
    #[error("{message}")]
    InvalidResponse {
        /// The path of the field, `answers[0].value`, where the fault is in one.
        field: Option<String>,
        /// What is wrong with it, and what would be right.
        message: String,
    },
    /// 422: JSON, of which something cannot be used.
    #[error("{field} {reason}")]
    Invalid {
        /// The path of the field.
        field: String,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
    /// 422: a survey that this collector does not know, where it takes no others.
    #[error(
        "survey is none that this collector knows; its operator can add {0} to --surveys, or start it with --accept any"
    )]
    UnknownSurvey(String),
    /// 422: a survey of a site that was never published there, where the collector takes no others.
    #[error(
        "survey is none that the site {site} has published: publish {survey} there, or start the collector with --accept any"
    )]
    NotPublished {
        /// The id of the site.
        site: String,
        /// The id of the survey.
        survey: String,
    },
    /// 422: one survey more than the collector takes.
    #[error("survey would be one more than this collector takes; its operator can erase others")]
    TooManySurveys,
    /// 429: more than one address, or one survey, may send; with the seconds to wait.
    #[error("too many requests; send it again in {0} s")]
    TooMany(u64),
    /// 500: a fault of ours.
    #[error("the collector made a mistake; it is in its log")]
    Internal,
    /// 503: more responses wait to be written than the collector holds.
    #[error("too many responses come at once; send it again later")]
    Busy,
    /// 503: the database does not answer or cannot write.
    #[error("the database does not answer; send it again later")]
    Unavailable(Arc<store::StoreError>),
}

impl From<DraftProblem> for Error {
    fn from(problem: DraftProblem) -> Self {
        Self::Invalid { field: problem.path, reason: problem.message }
    }
}

impl From<store::StoreError> for Error {
    fn from(error: store::StoreError) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<store::StoreError>> for Error {
    fn from(error: Arc<store::StoreError>) -> Self {
        match *error {
            store::StoreError::Busy => Self::Busy,
            _ => Self::Unavailable(error),
        }
    }
}

impl Error {
    /// The status and the word for programs.
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotUtf8(_) => (StatusCode::BAD_REQUEST, "invalid_encoding"),
            Self::NotJson(_) => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::BrokenBody => (StatusCode::BAD_REQUEST, "broken_body"),
            Self::InvalidQuery { .. } => (StatusCode::BAD_REQUEST, "invalid_query"),
            Self::InvalidPath => (StatusCode::BAD_REQUEST, "invalid_path"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::ForbiddenOrigin(_) | Self::ForeignToSite { .. } => {
                (StatusCode::FORBIDDEN, "forbidden_origin")
            }
            Self::NotFound | Self::NoSuchVersion { .. } => (StatusCode::NOT_FOUND, "not_found"),
            Self::PreviewOver => (StatusCode::NOT_FOUND, "preview_over"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::NothingToMatch | Self::Overtaken => (StatusCode::PRECONDITION_FAILED, "changed"),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "timeout"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::UnsupportedMediaType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::InvalidResponse { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_response"),
            Self::UnknownSurvey(_) | Self::NotPublished { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unknown_survey")
            }
            Self::TooManySurveys => (StatusCode::UNPROCESSABLE_ENTITY, "too_many_surveys"),
            Self::WrongPassword => (StatusCode::UNAUTHORIZED, "wrong_password"),
            Self::WrongLink => (StatusCode::UNAUTHORIZED, "wrong_link"),
            Self::InvalidLogin => (StatusCode::BAD_REQUEST, "invalid_login"),
            Self::ForbiddenScope(_)
            | Self::ForbiddenRole(_)
            | Self::ForbiddenEverywhere(_)
            | Self::ForbiddenGift(..) => (StatusCode::FORBIDDEN, "forbidden_scope"),
            Self::ForeignPage => (StatusCode::FORBIDDEN, "foreign_page"),
            Self::WrongKey(_) => (StatusCode::FORBIDDEN, "wrong_key"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }

    /// The status that it is answered with.
    pub(crate) fn status(&self) -> StatusCode {
        self.kind().0
    }

    /// The seconds after which it can be tried again, where that helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Busy => Some(1),
            Self::Unavailable(_) => Some(5),
            _ => None,
        }
    }

    /// What is sent; a fault of ours is logged.
    pub(crate) fn refusal(&self) -> Refusal {
        if let Self::Unavailable(cause) = self {
            tracing::error!(%cause, "the database failed");
        }
        let (code, field) = (self.kind().1, self.field().map(str::to_owned));
        Refusal { error: Reason { code: code.to_owned(), message: self.to_string(), field } }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidQuery { field, .. } | Self::Invalid { field, .. } => Some(field),
            Self::InvalidResponse { field, .. } => field.as_deref(),
            Self::UnknownSurvey(_) | Self::NotPublished { .. } | Self::TooManySurveys => {
                Some("survey")
            }
            Self::NoSuchVersion { .. } => Some("version"),
            Self::ForbiddenGift(..) => Some("role"),
            _ => None,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.refusal())).into_response();
        let headers = response.headers_mut();
        if matches!(self, Self::Unauthorized) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
