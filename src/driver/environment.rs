use crate::browser::{self, Storage};
use sondeo_model::json::Json;
use sondeo_model::{Client, Device, Page, StorageKind, Timestamp};
use sondeo_session::Environment;

/// This browser, as the session asks it.
pub(super) struct Browser;

impl Environment for Browser {
    fn has_rest(&self) -> bool {
        browser::has_rest()
    }

    fn now(&self) -> Timestamp {
        browser::now()
    }

    fn monotonic_ms(&self) -> f64 {
        browser::monotonic()
    }

    fn random(&self) -> [u8; 10] {
        browser::random()
    }

    fn address(&self) -> String {
        browser::address()
    }

    fn query(&self, name: &str) -> Option<String> {
        browser::query(name)
    }

    fn readable(&self, address: &str) -> String {
        browser::readable(address)
    }

    fn parse_date(&self, date: &str) -> Option<i64> {
        browser::moment(date)
    }

    fn page(&self) -> Page {
        browser::page()
    }

    fn client(&self) -> Client {
        browser::client()
    }

    fn time_zone(&self) -> Option<String> {
        browser::time_zone()
    }

    fn device(&self) -> Device {
        browser::device()
    }

    fn is_modal_open(&self) -> bool {
        browser::is_modal_open()
    }

    fn has_room(&self) -> bool {
        browser::has_room()
    }

    fn is_crawler(&self) -> bool {
        browser::is_crawler()
    }

    fn languages(&self) -> Vec<String> {
        browser::document().document_element().map_or_else(Vec::new, |it| browser::languages(&it))
    }

    fn has_privacy_signal(&self) -> bool {
        browser::privacy_signal()
    }

    fn stored(&self, storage: StorageKind, key: &str) -> Option<String> {
        Storage::of(storage).get(key)
    }

    fn asked(&self) -> Option<String> {
        browser::asked()
    }

    fn encode(&self, text: &str) -> String {
        js_sys::encode_uri_component(text).into()
    }

    fn resolve(&self, reference: &str) -> Option<String> {
        browser::resolve(reference)
    }

    fn is_css(&self, property: &str, value: &str) -> bool {
        browser::is_css(property, value)
    }

    fn is_selector(&self, css: &str) -> bool {
        browser::is_selector(css)
    }

    fn element_text(&self, id: &str) -> Option<String> {
        browser::text_of(id)
    }

    fn parse_json(&self, text: &str) -> Result<Json, String> {
        rest_parse_json(text)
    }
}

#[inline(never)]
fn rest_parse_json(text: &str) -> Result<Json, String> {
    browser::parse(text)
}
