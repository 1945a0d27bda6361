//! Signs of buttons that have no word in them: drawn, since no letter of a font is sure to be there.

use leptos::prelude::*;

pub(crate) const UP: &str = "M8 13V3M3.500 7.500 8 3l4.500 4.500";
pub(crate) const DOWN: &str = "M8 3v10M3.500 8.500 8 13l4.500-4.500";
pub(crate) const CLOSE: &str = "m3.500 3.500 9 9m0-9-9 9";
pub(crate) const GRIP: &str =
    "M5.500 3.500v.01m0 4.490v.01m0 4.490v.01m5-9.010v.01m0 4.490v.01m0 4.490v.01";
pub(crate) const TWICE: &str = "M4 10.500H3.500a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h5a2 2 0 0 1 2 2V4M7.500 5.500h5a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2z";

/// The drawing of one.
pub(crate) fn sign(path: &'static str) -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}
