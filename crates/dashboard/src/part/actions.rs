use crate::api::escaped;
use crate::days;
use crate::place::place;
use crate::words::words;
use leptos::prelude::*;

/// Copy the link, print, export.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let place = place();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let Some(window) = web_sys::window() else { return };
        let Ok(address) = window.location().href() else { return };
        let _ = window.navigator().clipboard().write_text(&address);
        copied.set(true);
        set_timeout(
            move || {
                let _ = copied.try_set(false);
            },
            std::time::Duration::from_secs(4),
        );
    };
    let print = move |_| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    };
    let export = move |kind: &'static str| {
        move || {
            let place = place.get();
            let survey = escaped(&place.survey.unwrap_or_default());
            format!("/v1/export.{kind}?survey={survey}&{}", place.span.query(days::today()))
        }
    };
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
            <p class="said" role="status">{move || copied.get().then(|| words().copied)}</p>
        </div>
    }
}
