//! No request takes for ever, none ends without an answer, and nobody sends more than a fair share.

mod forwarded;
mod names;
mod peer;
mod rate;

pub use peer::Proxies;
pub(crate) use peer::{ConnectionAddress, Peer, network, site};
pub(crate) use rate::Limits;

use crate::Error;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// How long a request may take from its head to its answer; a slow body is part of it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Answers for the handlers of this router that do not come to an end, or to a bad one.
pub(crate) fn within_limits<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(middleware::from_fn(in_time)).layer(CatchPanicLayer::custom(after_panic))
}

async fn in_time(request: Request, next: Next) -> Result<Response, Error> {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await.map_err(|_| Error::Timeout)
}

fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message");
    tracing::error!(message, "a handler panicked");
    Error::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use super::within_limits;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::{Router, routing};
    use http_body_util::BodyExt;
    use serde_json::{Value as Json, json};
    use tower::ServiceExt;

    async fn check_get(path: &str, status: u16, code: &str) {
        let router = within_limits(
            Router::new()
                .route("/never", routing::get(std::future::pending::<()>))
                .route("/panic", routing::get(async || -> () { panic!("on purpose") })),
        );
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let Ok(response) = router.oneshot(request).await;
        assert_eq!(response.status(), status);
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let body: Json = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["error"]["code"], json!(code));
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_never_ends_is_answered_for() {
        check_get("/never", 408, "timeout").await;
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for() {
        check_get("/panic", 500, "internal").await;
    }
}
