use crate::browser::{self, Storage};
use sondeo_delivery::{Environment, PREFIX};
use sondeo_model::StorageKind;
use sondeo_model::json::Json;

/// The page and its browser, as the machine reads them.
pub(super) struct World;

impl Environment for World {
    fn now_ms(&self) -> i64 {
        browser::now().as_millis()
    }

    fn random(&self) -> u8 {
        browser::random()[0]
    }

    fn is_online(&self) -> bool {
        browser::is_online()
    }

    fn is_visible(&self) -> bool {
        browser::is_visible()
    }

    fn stored_ids(&self, storage: StorageKind) -> Vec<String> {
        let keys = Storage::of(storage).keys(PREFIX);
        keys.iter().map(|key| key[PREFIX.len()..].to_owned()).collect()
    }

    fn stored(&self, storage: StorageKind, id: &str) -> Option<String> {
        Storage::of(storage).get(&[PREFIX, id].concat())
    }

    fn parse_json(&self, text: &str) -> Option<Json> {
        browser::parse(text).ok()
    }
}
