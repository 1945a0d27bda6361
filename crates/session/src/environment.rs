use sondeo_model::json::Json;
use sondeo_model::{Client, Device, Page, StorageKind, Timestamp};

/// What a session may ask the browser while it handles an input. Nothing here changes anything.
pub trait Environment {
    /// Whether the half of the engine that comes later is there.
    fn has_rest(&self) -> bool;
    /// The wall clock.
    fn now(&self) -> Timestamp;
    /// Milliseconds by a clock that nobody sets, from an arbitrary start.
    fn monotonic_ms(&self) -> f64;
    /// Random bytes of the best source.
    fn random(&self) -> [u8; 10];
    /// The page's address without query and fragment, in readable characters.
    fn address(&self) -> String;
    /// The first value of this name in the query of the page's address.
    fn query(&self, name: &str) -> Option<String>;
    /// A pattern of addresses in the same readable characters.
    fn readable(&self, address: &str) -> String;
    /// The moment of a date or date-time in milliseconds since 1970, in the visitor's time zone where the text names
    /// none. `None` where the calendar has no such day.
    fn parse_date(&self, date: &str) -> Option<i64>;
    /// The page as a response tells it.
    fn page(&self) -> Page;
    /// The visitor's browser as a response tells it. The time zone may be missing.
    fn client(&self) -> Client;
    /// The name of the visitor's time zone. Slow in some browsers, so it is asked for when a response is sent.
    fn time_zone(&self) -> Option<String>;
    /// What the visitor holds.
    fn device(&self) -> Device;
    /// Whether a modal dialog of the page is open.
    fn is_modal_open(&self) -> bool;
    /// Whether the window is large enough for anybody to read something in it.
    fn has_room(&self) -> bool;
    /// Whether the browser is a program that reads pages by itself, as search engines and monitors have it.
    fn is_crawler(&self) -> bool;
    /// Whether the browser asks not to be followed (Global Privacy Control, Do Not Track).
    fn has_privacy_signal(&self) -> bool;
    /// The page's language, then the browser's, as [`ScriptSnapshot`](crate::ScriptSnapshot) has them.
    fn languages(&self) -> Vec<String>;
    /// The value that is stored under a key.
    fn stored(&self, storage: StorageKind, key: &str) -> Option<String>;
    /// Everything that the page asks for, as the loader compares it. `None` where the loader does not say.
    fn asked(&self) -> Option<String>;
    /// A text as one part of an address.
    fn encode(&self, text: &str) -> String;
    /// The absolute `http(s)` address that a reference means on this page.
    fn resolve(&self, reference: &str) -> Option<String>;
    /// Whether the browser takes this value for this property of CSS.
    fn is_css(&self, property: &str, value: &str) -> bool;
    /// Whether the browser takes this text for a selector.
    fn is_selector(&self, css: &str) -> bool;
    /// The text of the element with this id.
    fn element_text(&self, id: &str) -> Option<String>;
    /// Reads JSON; `Err` says what is wrong.
    fn parse_json(&self, text: &str) -> Result<Json, String>;
}
