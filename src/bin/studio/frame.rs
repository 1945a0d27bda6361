//! A page of somebody, drawn: where an inline survey stands.

use crate::choice::Look;
use leptos::prelude::*;
use sondeo::model::Theme;

/// A small page in the theme and direction of the survey in it.
#[component]
pub(crate) fn Frame(#[prop(into)] look: Signal<Look>, children: Children) -> impl IntoView {
    let class = move || match look.read().theme {
        Theme::Auto => "frame",
        Theme::Light => "frame light",
        Theme::Dark => "frame dark",
    };
    view! {
        <div class=class dir=move || look.read().direction()>
            <div class="words" aria-hidden="true">
                <i></i>
                <i></i>
                <i></i>
            </div>
            {children()}
            <div class="words after" aria-hidden="true">
                <i></i>
                <i></i>
            </div>
        </div>
    }
}
