//! How endpoints want a response: each format is a small document that says what its request looks like.
//!
//! Those of `presets/` are fetched when a page names them; `json` and `text` need none, and `form` travels along. A document has
//! `type` (`json`, `text`, `form`: the content type, and how `body` is written), and may have `body` (without it,
//! the response as it is), `url`, `headers`, `opaque` (nobody may read the answer), `follow` (the answer comes after
//! a redirect) and `accepts` (further statuses that acknowledge). Its texts hold places to fill: see `fill.rs`.

mod fill;

use crate::QueuedResponse;
use fill::Fill;
use sondeo_model::RequestFormat;
use sondeo_model::json::{Json, Writer};

/// A request, ready to be made. It is always a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where to.
    pub url: String,
    /// The content type, then what else the format and the page's author want.
    pub headers: Vec<(String, String)>,
    /// What is posted.
    pub body: String,
    /// The endpoint's answer cannot be read, nor its status: `no-cors`.
    pub is_opaque: bool,
    /// The endpoint takes the request and answers with a redirect to what it has to say.
    pub follows: bool,
    /// The endpoint answers with a page for people; elsewhere, such an answer is no receipt.
    pub answers_page: bool,
    /// Statuses that acknowledge, beside all that begin with 2.
    pub accepts: Vec<u16>,
}

const FORM: &str = r#"{"body":{"survey":"{survey}","id":"{id}","status":"{status}","url":"{page.url}","{question}":"{value}","{question}-other":"{other}"}}"#;

/// The document of a format that travels along; empty where the format is the response as it is. `None` for those
/// that are fetched.
#[must_use]
pub fn built_in_document(format: RequestFormat) -> Option<&'static str> {
    match format {
        RequestFormat::Json | RequestFormat::Text => Some(""),
        RequestFormat::Form => Some(FORM),
        _ => None,
    }
}

/// Whether the endpoint knows no revisions: each POST is another row, mail or event there. Such an endpoint is sent a
/// response once, when the response is whole.
#[must_use]
pub fn is_final_only(format: RequestFormat) -> bool {
    built_in_document(format).is_none()
}

impl HttpRequest {
    /// The request for this response, whose format this document describes; `body` is what `queued.body` holds, where
    /// the document asks for any of it.
    #[must_use]
    pub fn new(document: &Json, queued: &QueuedResponse, body: &Json) -> Self {
        let fill = Fill { queued, response: body };
        let word = |key| match document.get(key) {
            Some(Json::Text(word)) => word.as_str(),
            _ => "",
        };
        let is_set = |key| matches!(document.get(key), Some(Json::Boolean(true)));
        let (is_form, content_type) = match (word("type"), queued.format) {
            ("form", _) | ("", RequestFormat::Form) => (true, "application/x-www-form-urlencoded"),
            ("text", _) | ("", RequestFormat::Text) => (false, "text/plain"),
            _ => (false, "application/json"),
        };
        let body = match document.get("body").and_then(|body| fill.expand(body, None)) {
            Some(body) if is_form => form(&body),
            Some(body) => {
                let mut writer = Writer::default();
                write(&body, &mut writer);
                writer.finish()
            }
            None => queued.body.clone(),
        };
        let mut headers = vec![("content-type".to_owned(), content_type.to_owned())];
        if let Some(Json::Object(own)) = document.get("headers") {
            headers.extend(own.iter().map(|(name, value)| (name.clone(), text(value))));
        }
        // The author's word is the last one.
        let is_own = |name: &str| queued.headers.iter().any(|own| own.0.eq_ignore_ascii_case(name));
        headers.retain(|(name, _)| !is_own(name));
        headers.extend_from_slice(&queued.headers);
        let url = match word("url") {
            "" => queued.endpoint.clone(),
            url => fill.text(url, None),
        };
        let accepts = match document.get("accepts") {
            Some(Json::List(list)) => list.iter().map(|it| number(it) as u16).collect(),
            _ => Vec::new(),
        };
        Self {
            url,
            headers,
            body,
            is_opaque: is_set("opaque"),
            follows: is_set("follow"),
            answers_page: is_set("page"),
            accepts,
        }
    }
}

fn number(json: &Json) -> i64 {
    match json {
        Json::Number(number) => *number as i64,
        _ => 0,
    }
}

/// A value in words: several are separated by commas.
fn text(json: &Json) -> String {
    match json {
        Json::List(list) => {
            let mut all = String::new();
            for entry in list {
                if !all.is_empty() {
                    all.push_str(", ");
                }
                all.push_str(&text(entry));
            }
            all
        }
        other => other.scalar().unwrap_or_default(),
    }
}

fn write(json: &Json, writer: &mut Writer) {
    match json {
        Json::Text(text) => writer.string(text),
        Json::Boolean(value) => writer.boolean(*value),
        Json::Number(_) => writer.integer(number(json)),
        Json::Null => writer.null(),
        Json::List(list) => {
            writer.open('[');
            for entry in list {
                write(entry, writer);
            }
            writer.close(']');
        }
        Json::Object(members) => {
            writer.open('{');
            for (name, value) in members {
                writer.key(name);
                write(value, writer);
            }
            writer.close('}');
        }
    }
}

/// As browsers write forms (WHATWG URL, `application/x-www-form-urlencoded`); a list repeats its field.
fn form(body: &Json) -> String {
    let mut form = String::new();
    let Json::Object(members) = body else { return form };
    for (name, value) in members {
        let single = std::slice::from_ref(value);
        let values = if let Json::List(list) = value { list } else { single };
        for value in values {
            if !form.is_empty() {
                form.push('&');
            }
            encode(name, &mut form);
            form.push('=');
            encode(&text(value), &mut form);
        }
    }
    form
}

fn encode(text: &str, form: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                form.push(char::from(byte));
            }
            b' ' => form.push('+'),
            _ => {
                form.push('%');
                for nibble in [byte >> 4, byte & 0x0f] {
                    form.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
