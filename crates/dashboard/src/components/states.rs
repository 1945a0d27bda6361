use crate::api::Failure;
use crate::words::words;
use leptos::prelude::*;

/// Something is under way.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! {
        <p class="loading" role="status">
            <span class="bone" aria-hidden="true"></span>
            {move || words().loading}
        </p>
    }
}

/// There is nothing yet.
#[component]
pub(crate) fn Empty(
    title: &'static str,
    text: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="card empty">
            <h2>{title}</h2>
            <p class="soft">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// It went wrong: why, and once more.
#[component]
pub(crate) fn Problem(failure: Failure, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let reason = match &failure {
        Failure::Refused(reason) => Some(reason.clone()),
        _ => None,
    };
    let text = move || match failure {
        Failure::Network => words().failed_network,
        Failure::NotFound => words().not_found,
        Failure::TooOften => words().login_often,
        _ => words().failed,
    };
    view! {
        <div class="card empty" role="alert">
            <h2>{text}</h2>
            {reason.map(|reason| view! { <p class="soft">{reason}</p> })}
            <button on:click=move |_| retry.run(())>{move || words().retry}</button>
        </div>
    }
}
