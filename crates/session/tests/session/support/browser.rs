use serde_json::from_str;
use sondeo_model::json::Json;
use sondeo_model::{Client, Device, Page, StorageKind, Timestamp};
use sondeo_session::Environment;
use std::cell::Cell;

/// When every test begins.
pub(crate) const NOW: i64 = 1_790_000_000_000;

/// A browser that is as the test says.
pub(crate) struct FakeBrowser {
    pub(crate) now: i64,
    pub(crate) path: String,
    pub(crate) device: Device,
    pub(crate) is_modal_open: bool,
    pub(crate) has_room: bool,
    pub(crate) is_crawler: bool,
    pub(crate) has_privacy_signal: bool,
    pub(crate) stored: Vec<(StorageKind, String, String)>,
    pub(crate) inline_file: Option<String>,
    /// Whether the half of the engine that comes later is there.
    pub(crate) has_rest: bool,
    random: Cell<u8>,
}

impl Default for FakeBrowser {
    fn default() -> Self {
        Self {
            now: NOW,
            path: "/".to_owned(),
            device: Device::Desktop,
            is_modal_open: false,
            has_room: true,
            is_crawler: false,
            has_privacy_signal: false,
            stored: Vec::new(),
            inline_file: None,
            has_rest: false,
            random: Cell::new(0),
        }
    }
}

impl FakeBrowser {
    pub(crate) fn set(&mut self, storage: StorageKind, key: &str, value: Option<&str>) {
        self.stored.retain(|it| (it.0, it.1.as_str()) != (storage, key));
        self.stored.extend(value.map(|value| (storage, key.to_owned(), value.to_owned())));
    }
}

impl Environment for FakeBrowser {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    fn monotonic_ms(&self) -> f64 {
        (self.now - NOW) as f64
    }

    fn random(&self) -> [u8; 10] {
        self.random.set(self.random.get().wrapping_add(1));
        [self.random.get(); 10]
    }

    fn address(&self) -> String {
        let href = format!("https://shop.example{}", self.path);
        sondeo_model::without_query(&href).to_owned()
    }

    fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
        pairs.find(|it| it.0 == name).map(|it| it.1.to_owned())
    }

    fn readable(&self, address: &str) -> String {
        address.to_owned()
    }

    fn parse_date(&self, date: &str) -> Option<i64> {
        // The tests write their dates as milliseconds after their beginning, in a date's clothes: 2026-09-21T00:00:01.
        let seconds = date.rsplit(':').next()?.parse::<i64>().ok()?;
        Some(NOW + seconds * 1000)
    }

    fn page(&self) -> Page {
        Page { url: self.address(), title: "Shop".to_owned(), referrer: String::new() }
    }

    fn client(&self) -> Client {
        Client {
            language: "en".to_owned(),
            time_zone: None,
            device: self.device,
            viewport: [1280, 720],
        }
    }

    fn time_zone(&self) -> Option<String> {
        Some("Europe/Berlin".to_owned())
    }

    fn device(&self) -> Device {
        self.device
    }

    fn is_modal_open(&self) -> bool {
        self.is_modal_open
    }

    fn has_room(&self) -> bool {
        self.has_room
    }

    fn has_rest(&self) -> bool {
        self.has_rest
    }

    fn is_crawler(&self) -> bool {
        self.is_crawler
    }

    fn languages(&self) -> Vec<String> {
        vec![String::new(), "en".to_owned()]
    }

    fn has_privacy_signal(&self) -> bool {
        self.has_privacy_signal
    }

    fn stored(&self, storage: StorageKind, key: &str) -> Option<String> {
        let found = self.stored.iter().find(|it| (it.0, it.1.as_str()) == (storage, key));
        found.map(|it| it.2.clone())
    }

    fn asked(&self) -> Option<String> {
        Some("[{}]".to_owned())
    }

    fn encode(&self, text: &str) -> String {
        text.replace('&', "%26")
    }

    fn resolve(&self, reference: &str) -> Option<String> {
        match reference.split_once("://") {
            Some(("http" | "https", _)) => Some(reference.to_owned()),
            Some(_) => None,
            None => Some(format!("https://shop.example{reference}")),
        }
    }

    /// Knows as much of CSS as the tests.
    fn is_css(&self, property: &str, value: &str) -> bool {
        match property {
            "color" => value.starts_with('#'),
            "border-radius" => value.ends_with("px"),
            _ => !value.ends_with(';'),
        }
    }

    fn is_selector(&self, css: &str) -> bool {
        !css.ends_with('[')
    }

    fn element_text(&self, _id: &str) -> Option<String> {
        self.inline_file.clone()
    }

    fn parse_json(&self, text: &str) -> Result<Json, String> {
        from_str(text).map_err(|error| error.to_string())
    }
}
