//! What this browser remembers of its reader's taste: language and look, nothing else.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept under this name; none where nothing is, or nothing may be.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(&format!("sondeo.dashboard.{name}")).ok()?
}

/// Keeps it, where the browser lets us.
pub(crate) fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("sondeo.dashboard.{name}"), value);
    }
}
