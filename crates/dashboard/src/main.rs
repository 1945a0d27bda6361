//! Sondeo's studio and its results: where surveys are built, and what the responses say, and how surely.
//!
//! Everything that it shows comes from the collector's interface; what is chosen stands in the address,
//! so that a copied link shows the same.
#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

mod api;
mod app;
mod chart;
mod components;
mod days;
mod format;
mod live;
mod loaded;
mod page;
mod preferences;
mod root;
mod route;
mod studio;
mod words;

fn main() {
    // Before anything changes the address.
    let _ = root::root();
    if let Some(boot) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("boot"))
    {
        boot.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
