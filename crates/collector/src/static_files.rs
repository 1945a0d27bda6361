//! Files that never change while the program runs: the widget, which pages of every origin may load, and
//! the dashboard. Cached as long as can be.

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use brotli::enc::BrotliEncoderParams;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256, Sha384};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

/// What `cargo xtask dist` writes. A build without it has no widget to serve, and works else.
#[derive(RustEmbed)]
#[folder = "../../dist/embed"]
#[allow_missing = true]
struct Widget;

/// The same, of the dashboard.
#[derive(RustEmbed)]
#[folder = "../../dist/dashboard"]
#[allow_missing = true]
struct Dashboard;

/// The files by name, in memory: nothing of a request is ever used as a path.
#[derive(Debug, Clone, Default)]
pub struct StaticFiles {
    files: HashMap<String, Arc<File>>,
    /// Whether pages of every origin may load them.
    for_everyone: bool,
}

/// A file in memory, and how long it may be kept elsewhere.
#[derive(Debug)]
pub(crate) struct File {
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

impl StaticFiles {
    /// The widget's files: those of the folder as they are now, else those that are part of this program.
    ///
    /// # Errors
    /// When the folder cannot be read, or a compressed file has no plain one beside it.
    pub fn widget(folder: Option<&Path>) -> anyhow::Result<Self> {
        let files = match folder {
            Some(folder) => Self::from_folder(folder),
            None => Self::embedded::<Widget>(),
        };
        Ok(Self { for_everyone: true, ..files.context("the widget's files")? })
    }

    /// The dashboard's files, likewise.
    ///
    /// # Errors
    /// When the folder cannot be read, or a compressed file has no plain one beside it.
    pub fn dashboard(folder: Option<&Path>) -> anyhow::Result<Self> {
        let files = match folder {
            Some(folder) => Self::from_folder(folder),
            None => Self::embedded::<Dashboard>(),
        };
        files.context("the dashboard's files")
    }

    fn embedded<E: RustEmbed>() -> anyhow::Result<Self> {
        Self::new(E::iter().filter_map(|name| {
            let file = E::get(&name)?;
            Some((name.into_owned(), Bytes::from(file.data.into_owned())))
        }))
    }

    fn from_folder(folder: &Path) -> anyhow::Result<Self> {
        let reading = || format!("cannot read {}", folder.display());
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
            ensure!(file.is_some(), "{name} has no uncompressed one beside it");
            if let Some(file) = file {
                file.brotli = Some(Variant::new(bytes));
            }
        }
        let files = known.into_iter().map(|(name, file)| (name, Arc::new(file))).collect();
        Ok(Self { files, for_everyone: false })
    }

    /// These and, of names that are none of theirs, those.
    pub(crate) fn with(mut self, others: Self) -> Self {
        for (name, file) in others.files {
            self.files.entry(name).or_insert(file);
        }
        self
    }

    /// Writes what is not in the folder as it is here, and leaves what else is there. Each file is there whole or not
    /// at all.
    pub(crate) fn write_to(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let write = |name: &str, variant: &Variant| {
            let path = folder.join(name);
            if fs::read(&path).is_ok_and(|there| there == variant.bytes) {
                return Ok(());
            }
            // Two collectors may share the folder.
            let unfinished = folder.join(format!(".{name}.{}", std::process::id()));
            fs::write(&unfinished, &variant.bytes)?;
            fs::rename(unfinished, path)
        };
        for (name, file) in &self.files {
            write(name, &file.plain)?;
            if let Some(brotli) = &file.brotli {
                write(&format!("{name}.br"), brotli)?;
            }
        }
        Ok(())
    }

    /// The SHA-384 of each file, as the attribute `integrity` has it.
    pub(crate) fn hashes(&self) -> BTreeMap<&str, String> {
        let hash = |file: &File| STANDARD.encode(Sha384::digest(&file.plain.bytes));
        self.files.iter().map(|(name, it)| (&**name, format!("sha384-{}", hash(it)))).collect()
    }

    /// Whether there is nothing to serve.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The same for a text that is changed before it is sent, uncompressed.
    pub(crate) fn respond_changed(
        &self,
        name: &str,
        change: impl FnOnce(&str) -> String,
        request: &HeaderMap,
    ) -> Option<Response> {
        let file = self.files.get(name)?;
        let text = str::from_utf8(&file.plain.bytes).ok()?;
        Some(File::new(name, change(text).into()).respond(request))
    }

    /// The text of a file.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        str::from_utf8(&self.files.get(name)?.plain.bytes).ok()
    }

    /// The same, if its name is that of its content.
    pub(crate) fn respond_hashed(&self, name: &str, request: &HeaderMap) -> Option<Response> {
        is_hashed(name).then(|| self.respond(name, request)).flatten()
    }

    /// The answer to a `GET` or `HEAD` of this file, if there is one.
    pub(crate) fn respond(&self, name: &str, request: &HeaderMap) -> Option<Response> {
        let response = self.files.get(name)?.respond(request);
        Some(if self.for_everyone { for_everyone(response) } else { response })
    }
}

/// Lets pages of every origin read it.
fn for_everyone(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let resource_policy = header::HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(resource_policy, HeaderValue::from_static("cross-origin"));
    response
}

impl File {
    /// A text that is made while the program runs, for pages of every origin.
    pub(crate) fn made(name: &str, text: String, cache_control: &'static str) -> Self {
        let mut brotli = Vec::new();
        // A window of 64 kB holds all of a script. The usual one of 4 MB costs most of the time, for its tables.
        let parameters = BrotliEncoderParams { lgwin: 16, ..BrotliEncoderParams::default() };
        // Into memory, where nothing fails.
        let written = brotli::BrotliCompress(&mut text.as_bytes(), &mut brotli, &parameters);
        let brotli = written.is_ok().then(|| Variant::new(brotli.into()));
        Self { cache_control, brotli, ..Self::new(name, text.into()) }
    }

    /// The same, uncompressed.
    pub(crate) fn plain(name: &str, text: String, cache_control: &'static str) -> Self {
        Self { cache_control, ..Self::new(name, text.into()) }
    }

    /// The answer to a page of any origin.
    pub(crate) fn respond_to_everyone(&self, request: &HeaderMap) -> Response {
        for_everyone(self.respond(request))
    }

    fn new(name: &str, bytes: Bytes) -> Self {
        Self {
            content_type: content_type(name),
            cache_control: match name {
                _ if is_hashed(name) => "public, max-age=31536000, immutable",
                _ if name.ends_with(".html") => "no-cache",
                _ => "public, max-age=300",
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
        for (name, value) in
            [(header::CACHE_CONTROL, self.cache_control), (header::VARY, "Accept-Encoding")]
        {
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

/// Whether the name carries a hash of its content: at least eight hexadecimal digits after a hyphen, or the six of the
/// engine's own files, whose names pages fetch again and again (`sondeo-cd4273.wasm`).
fn is_hashed(name: &str) -> bool {
    let digits_of = |part: &str| {
        let digits = part.chars().take_while(char::is_ascii_hexdigit).count();
        if part[digits..].starts_with(['.', '_']) { digits } else { 0 }
    };
    name.strip_prefix("sondeo-").is_some_and(|rest| digits_of(rest) >= 6)
        || name.split('-').skip(1).any(|part| digits_of(part) >= 8)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("ts" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{StaticFiles, is_hashed};

    #[test]
    fn names_with_a_hash_are_told_from_those_without() {
        assert!(is_hashed("sondeo-0a1b2c3d4e5f6071.js"));
        assert!(is_hashed("sondeo-0a1b2c3d4e5f6071_bg.wasm"));
        for engine in ["sondeo-cd4273.js", "sondeo-cd4273.wasm", "sondeo-cd4273d.wasm"] {
            assert!(is_hashed(engine), "{engine}");
        }
        for plain in [
            "sondeo.js",
            "sondeo-bad.js",
            "sondeo-feedback.js",
            "sondeo-dashboard_bg.wasm",
            "0a1b2c3d4e5f6071.js",
            "decade-facade.js",
        ] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn a_compressed_file_alone_is_refused() {
        let error = StaticFiles::new([("sondeo.js.br".to_owned(), "x".into())]);
        assert!(error.expect_err("must be refused").to_string().contains("sondeo.js.br"));
    }
}
