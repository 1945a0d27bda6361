//! One of several: a native radio button in a label that looks like a tile.

use leptos::prelude::*;

/// An option of the group `name`.
#[component]
pub(crate) fn Radio(
    /// Names the group.
    name: &'static str,
    /// What it looks like.
    class: &'static str,
    /// What a screen reader says, where the content does not say it.
    #[prop(optional, into)]
    label: Option<String>,
    /// Whether it is the one chosen.
    #[prop(into)]
    checked: Signal<bool>,
    /// Chooses it.
    #[prop(into)]
    choose: Callback<()>,
    /// What the label shows.
    children: Children,
) -> impl IntoView {
    view! {
        <label class=class>
            <input
                type="radio"
                name=name
                aria-label=label.clone()
                prop:checked=checked
                on:change=move |_| choose.run(())
            />
            {children()}
        </label>
    }
}
