//! The studio: where surveys are built, published and shared.

mod ago;
mod api;
mod changes;
mod conditions;
mod conflict;
mod destinations;
mod editor;
mod endings;
mod field;
mod file;
mod kinds;
mod languages;
mod list;
mod local;
mod look;
mod moments;
mod picture;
mod place;
mod preview;
mod publish;
mod questions;
mod share;
mod sign_in_again;
mod signs;
mod texts;
mod try_out;
mod versions;
mod ways;
mod when;
mod work;

pub(crate) use destinations::Destinations;
pub(crate) use editor::Editor;
pub(crate) use list::{List, Start};
pub(crate) use place::{HERE, Place, Side, current_place};
pub(crate) use texts::texts;

use api::Refused;
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use sondeo_editor::Document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Clipboard, HtmlAnchorElement, HtmlInputElement, Url};

/// Why something was refused, in the reader's language.
fn refusal(refused: &Refused) -> String {
    let words = crate::words::words();
    match refused {
        Refused::SignedOut => texts().kept_session.to_owned(),
        Refused::Forbidden => texts().forbidden.to_owned(),
        Refused::NotFound => words.not_found.to_owned(),
        Refused::Network => words.failed_network.to_owned(),
        Refused::Changed(_) => texts().conflict_title.to_owned(),
        Refused::Said(text) => text.clone(),
    }
}

/// What somebody is called that the collector names: `person:ana` is Ana to her colleagues.
fn who(actor: &str) -> &str {
    match actor {
        "" => "?",
        // Nobody may be called "link"; somebody may be called "command".
        "person:link" => texts::texts().by_link,
        "command" => texts::texts().by_command,
        name => name.strip_prefix("person:").unwrap_or(name),
    }
}

/// The text of a survey with another name, without the id of the one that it was.
fn renamed(text: &str, name: &str) -> Option<String> {
    let mut document = Document::open(text).ok()?;
    if document.get("/id").is_some() {
        document.remove("/id").ok()?;
    }
    document.set("/name", name).ok()?;
    Some(document.text())
}

/// Gives a text to the reader as a file.
fn download(name: &str, kind: &str, text: &str) {
    let parts = Array::of1(&JsValue::from(text));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser has it by the next turn.
    let later = move || drop(Url::revoke_object_url(&url));
    set_timeout(later, std::time::Duration::from_secs(10));
}

/// The name and the text of the file that was chosen.
async fn read_file(input: &HtmlInputElement) -> Option<(String, String)> {
    let file = input.files()?.get(0)?;
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    Some((file.name(), text))
}

/// Puts a text where it can be pasted from; none where the browser does not let us, or has no such place, as on a page
/// that came without encryption.
async fn copy_text(text: &str) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = Reflect::get(&navigator, &JsValue::from("clipboard")).ok()?;
    let clipboard: Clipboard = clipboard.dyn_into().ok()?;
    JsFuture::from(clipboard.write_text(text)).await.ok().map(drop)
}
