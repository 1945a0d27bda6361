use crate::api::escaped;
use crate::days;
use crate::root::at;
use crate::route::current_route;
use crate::words::words;
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Clipboard;

/// Copy the link, print, export.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let route = current_route();
    let said = RwSignal::new(None::<bool>);
    let copy = move |_| {
        spawn_local(async move {
            let _ = said.try_set(Some(copy_address().await.is_some()));
        });
        set_timeout(
            move || {
                let _ = said.try_set(None);
            },
            std::time::Duration::from_secs(6),
        );
    };
    let print = move |_| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    };
    let export = move |kind: &'static str| {
        move || {
            let route = route.get();
            let survey = escaped(&route.survey.unwrap_or_default());
            let separator = if kind == "csv" { separator() } else { "" };
            let query = route.span.query(days::today());
            at(&format!("/v1/export.{kind}?survey={survey}{separator}&{query}"))
        }
    };
    let said_in_words =
        move || said.get().map(|copied| if copied { words().copied } else { words().not_copied });
    view! {
        <div class="actions">
            <button class="quiet" on:click=copy>{move || words().copy_link}</button>
            <button class="quiet" on:click=print>{move || words().print}</button>
            <a class="button quiet" href=export("csv") download="" rel="external">
                <span class="unseen">{move || words().export} " "</span>
                "CSV"
            </a>
            <a class="button quiet" href=export("ndjson") download="" rel="external">
                <span class="unseen">{move || words().export} " "</span>
                "NDJSON"
            </a>
            <p class="said" role="status">{said_in_words}</p>
        </div>
    }
}

/// What a spreadsheet on this machine expects between cells: where numbers have a comma, it is no separator.
pub(super) fn separator() -> &'static str {
    let half: String = js_sys::Number::from(0.5).to_locale_string("default").into();
    if half.contains(',') { "&separator=semicolon" } else { "" }
}

/// Puts the address of this page where it can be pasted from; none where the browser does not let us, or
/// has no such place, as on a page that came without encryption.
async fn copy_address() -> Option<()> {
    let window = web_sys::window()?;
    let address = window.location().href().ok()?;
    let navigator = window.navigator();
    let clipboard = Reflect::get(&navigator, &JsValue::from("clipboard")).ok()?;
    let clipboard: Clipboard = clipboard.dyn_into().ok()?;
    JsFuture::from(clipboard.write_text(&address)).await.ok().map(drop)
}
