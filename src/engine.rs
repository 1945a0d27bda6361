//! What the loader starts.

/// Starts the engine on this page; it runs until the page goes.
///
/// Expects the loader's `window.sondeo`, and does nothing without it.
pub fn start() {
    crate::driver::start();
}
