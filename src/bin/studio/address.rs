//! The query of this page's address.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// The value of a key.
pub(crate) fn value(key: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get(key)
}

/// Makes these the address of the page as it is, without a step back to the one before.
pub(crate) fn write(pairs: &[(&str, String)]) {
    let (Ok(query), Ok(history)) = (UrlSearchParams::new(), window().history()) else { return };
    for (key, value) in pairs {
        query.append(key, value);
    }
    let hash = window().location().hash().unwrap_or_default();
    let query = String::from(query.to_string());
    let mark = if query.is_empty() { "" } else { "?" };
    let path = window().location().pathname().unwrap_or_default();
    let address = [&path, mark, &query, &hash].concat();
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}
