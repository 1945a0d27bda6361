//! The widget, `/sondeo.js` and what it loads: for pages of every origin, cached as long as can be.

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// What `cargo xtask dist` writes. A build without it has no widget to serve, and works else.
#[derive(RustEmbed)]
#[folder = "../../dist/embed"]
#[allow_missing = true]
struct Embedded;

/// The files by name, in memory: nothing of a request is ever used as a path.
#[derive(Debug, Default)]
pub struct WidgetFiles(HashMap<String, File>);

#[derive(Debug)]
struct File {
    content_type: &'static str,
    cache_control: &'static str,
    plain: Variant,
    brotli: Option<Variant>,
}

#[derive(Debug)]
struct Variant {
    bytes: Bytes,
    etag: HeaderValue,
}

impl WidgetFiles {
    /// The files that are part of this program.
    ///
    /// # Errors
    /// When a compressed file has no plain one beside it.
    pub fn embedded() -> anyhow::Result<Self> {
        let names = Embedded::iter();
        Self::new(names.filter_map(|name| {
            let file = Embedded::get(&name)?;
            Some((name.into_owned(), Bytes::from(file.data.into_owned())))
        }))
    }

    /// The files of a folder, as they are now.
    ///
    /// # Errors
    /// When the folder cannot be read, or a compressed file has no plain one beside it.
    pub fn from_folder(folder: &Path) -> anyhow::Result<Self> {
        let reading = || format!("cannot read the widget's files in {}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).with_context(reading)? {
            let path = entry.with_context(reading)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|name| !name.starts_with('.') && path.is_file()) {
                files.push((name.to_owned(), fs::read(&path).with_context(reading)?.into()));
            }
        }
        Self::new(files)
    }

    fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> anyhow::Result<Self> {
        let (compressed, plain): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(name, _)| name.ends_with(".br"));
        let mut known: HashMap<_, _> = plain
            .into_iter()
            .map(|(name, bytes)| (name.clone(), File::new(&name, bytes)))
            .collect();
        for (name, bytes) in compressed {
            let file = known.get_mut(name.trim_end_matches(".br"));
            ensure!(file.is_some(), "the widget's file {name} has no uncompressed one beside it");
            if let Some(file) = file {
                file.brotli = Some(Variant::new(bytes));
            }
        }
        Ok(Self(known))
    }

    /// Whether there is no widget to serve.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer to a `GET` or `HEAD` of this path, if it is a file of the widget.
    pub(crate) fn respond(&self, path: &str, request: &HeaderMap) -> Option<Response> {
        let file = self.0.get(path.strip_prefix('/')?)?;
        Some(file.respond(request))
    }
}

impl File {
    fn new(name: &str, bytes: Bytes) -> Self {
        Self {
            content_type: content_type(name),
            cache_control: match is_hashed(name) {
                true => "public, max-age=31536000, immutable",
                false => "public, max-age=300",
            },
            plain: Variant::new(bytes),
            brotli: None,
        }
    }

    fn respond(&self, request: &HeaderMap) -> Response {
        let brotli = self.brotli.as_ref().filter(|_| accepts_brotli(request));
        let variant = brotli.unwrap_or(&self.plain);
        let mut response = match variant.is_known_to(request) {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => {
                let mut response = Body::from(variant.bytes.clone()).into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
                if brotli.is_some() {
                    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
                }
                response
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, variant.etag.clone());
        for (name, value) in [
            (header::CACHE_CONTROL, self.cache_control),
            (header::VARY, "Accept-Encoding"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl Variant {
    fn new(bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        let hex: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("\"{hex}\""));
        Self { bytes, etag: etag.unwrap_or_else(|_| HeaderValue::from_static("\"\"")) }
    }

    /// Whether `If-None-Match` names it.
    fn is_known_to(&self, request: &HeaderMap) -> bool {
        request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes())
    }
}

/// Whether `Accept-Encoding` names `br` and does not forbid it with `q=0`.
fn accepts_brotli(request: &HeaderMap) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case("br") && weight != Some(Ok(0.0))
        })
}

/// Whether the name carries a hash of its content: at least eight hexadecimal digits after a hyphen.
fn is_hashed(name: &str) -> bool {
    name.split('-').skip(1).any(|part| {
        let digits = part.chars().take_while(char::is_ascii_hexdigit).count();
        digits >= 8 && part[digits..].starts_with(['.', '_'])
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("ts" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{WidgetFiles, is_hashed};

    #[test]
    fn names_with_a_hash_are_told_from_those_without() {
        assert!(is_hashed("sondeo-0a1b2c3d4e5f6071.js"));
        assert!(is_hashed("sondeo-0a1b2c3d4e5f6071_bg.wasm"));
        for plain in ["sondeo.js", "sondeo-bad.js", "sondeo-feedback.js", "0a1b2c3d4e5f6071.js"] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn a_compressed_file_alone_is_refused() {
        let error = WidgetFiles::new([("sondeo.js.br".to_owned(), "x".into())]);
        assert!(error.expect_err("must be refused").to_string().contains("sondeo.js.br"));
    }
}
