//! The widget on somebody's own server, where the words of other languages are in trouble.

use super::collector::{widget_file, widget_files};
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What becomes of a request for words.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Words {
    /// There is no such file.
    Missing,
    /// Something else is answered, as success.
    Broken,
    /// Nothing comes.
    Never,
}

/// The built files, at `/embed/` and at `/cdn.jsdelivr/`.
#[derive(Clone, Copy)]
pub(crate) struct Embed {
    pub(crate) words: Words,
}

impl Embed {
    /// The one tag.
    pub(crate) fn tag(self, attributes: &str) -> String {
        format!(r#"<script async src="/embed/sondeo.js" {attributes}></script>"#)
    }

    pub(crate) fn routes(self) -> Router {
        let files = get(async move |Path(name): Path<String>| self.serve(&name).await);
        Router::new().route("/embed/{name}", files.clone()).route("/cdn.jsdelivr/{name}", files)
    }

    async fn serve(self, name: &str) -> Response {
        let kind = match name.rsplit('.').next() {
            Some("txt") => match self.words {
                Words::Missing => return StatusCode::NOT_FOUND.into_response(),
                Words::Broken => return "<!doctype html><p>Not found".into_response(),
                Words::Never => std::future::pending().await,
            },
            Some("js") => "text/javascript",
            _ => "application/wasm",
        };
        if !widget_files().iter().any(|known| known == name) {
            return StatusCode::NOT_FOUND.into_response();
        }
        ([(header::CONTENT_TYPE, kind)], widget_file(name)).into_response()
    }
}
