//! Somebody else saved the same draft: both stand side by side, and neither is lost.

use super::api::StandingDraft;
use super::changes::Changes;
use super::texts::texts;
use super::work::Work;
use crate::format;
use crate::words::{fill, language};
use leptos::prelude::*;

/// Both versions, and the choice.
#[component]
pub(crate) fn Conflict(work: Work, standing: StandingDraft) -> impl IntoView {
    let lead = {
        let standing = standing.clone();
        move || {
            let at = format::moment(language(), standing.at.as_millis());
            fill(texts().conflict_lead, &[super::who(&standing.by), &at])
        }
    };
    let mine = move || work.document.read().text();
    let theirs = standing.text.clone();
    let (text, for_mine, for_theirs) = (standing.text.clone(), standing.clone(), standing);
    view! {
        <section class="card conflict" role="alertdialog" aria-labelledby="conflict-title" aria-describedby="conflict-lead">
            <h2 id="conflict-title">{move || texts().conflict_title}</h2>
            <p id="conflict-lead">{lead}</p>
            <h3>{move || texts().what_differs}</h3>
            <Changes
                before=Signal::stored(text)
                after=Signal::derive(mine)
            />
            <div class="side-by-side">
                <div class="version">
                    <h3>{move || texts().yours}</h3>
                    <pre tabindex="0" role="region" aria-label=move || texts().yours dir="ltr">
                        {mine}
                    </pre>
                    <button
                        type="button"
                        class="show"
                        on:click=move |_| work.resolve(&for_mine, false)
                    >
                        {move || texts().take_mine}
                    </button>
                </div>
                <div class="version">
                    <h3>{move || texts().theirs}</h3>
                    <pre tabindex="0" role="region" aria-label=move || texts().theirs dir="ltr">
                        {theirs}
                    </pre>
                    <button type="button" on:click=move |_| work.resolve(&for_theirs, true)>
                        {move || texts().take_theirs}
                    </button>
                </div>
            </div>
        </section>
    }
    .into_any()
}
