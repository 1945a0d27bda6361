//! Trying a destination while one looks on.

use super::api::{self, Denied, Destination, DestinationState, Exchange, Trial};
use super::denial;
use crate::app::Session;
use crate::studio::api::Refused;
use crate::studio::texts::texts;
use crate::words::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Sends a sample, or what is the latest, and shows what was said.
#[component]
pub(super) fn Try(
    site: StoredValue<String>,
    id: StoredValue<String>,
    it: RwSignal<Option<Destination>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let shown = RwSignal::new(None::<Result<Trial, Denied>>);
    let is_busy = RwSignal::new(false);
    let send = move |with: &'static str| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        shown.set(None);
        spawn_local(async move {
            let tried = api::test(&site.get_value(), &id.get_value(), with).await;
            let _ = is_busy.try_set(false);
            if tried.as_ref().err() == Some(&Denied::Refused(Refused::SignedOut)) {
                return session.end();
            }
            let _ = shown.try_set(Some(tried));
        });
    };
    let latest = move || match it.read().as_ref().is_some_and(api::is_told_of_scores) {
        true => texts().try_now,
        false => texts().try_last,
    };
    let is_paused =
        move || it.read().as_ref().is_some_and(|it| it.state == DestinationState::Paused);
    let outcome = move || {
        if is_busy.get() {
            return Some(view! { <p class="soft">{texts().trying}</p> }.into_any());
        }
        Some(match shown.get()? {
            Ok(trial) => {
                let reason = trial.reason.unwrap_or_default();
                let (class, words) = match &*trial.outcome {
                    "delivered" => ("good", texts().tried_delivered.to_owned()),
                    "again" => ("problem", fill(texts().tried_again, &[&reason])),
                    "gone" => ("problem", fill(texts().tried_gone, &[&reason])),
                    _ => ("problem", fill(texts().tried_refused, &[&reason])),
                };
                view! { <p class=class data-outcome=trial.outcome>{words}</p> }.into_any()
            }
            Err(denied) => {
                // What programs can do about it is said in their words.
                let words = match &denied {
                    Denied::Refused(Refused::Said(text)) if text.contains("\"sample\"") => {
                        texts().try_nothing.to_owned()
                    }
                    denied => denial(denied),
                };
                view! { <p class="problem">{words}</p> }.into_any()
            }
        })
    };
    let exchanges = move || {
        let Some(Ok(trial)) = shown.get() else { return Vec::new() };
        let one = |(index, it): (usize, Exchange)| {
            let request = fill(texts().exchange, &[&(index + 1).to_string()]);
            let ms = it.ms.to_string();
            let is_silent = it.answer.is_empty();
            let answer = match it.status {
                Some(status) => fill(texts().answered_in, &[&status.to_string(), &ms]),
                None => fill(texts().no_answer_in, &[&ms]),
            };
            view! {
                <li class="inner">
                    <h3>{request.clone()}</h3>
                    <pre tabindex="0" role="region" aria-label=request dir="ltr">{it.request}</pre>
                    <h3>{answer.clone()}</h3>
                    <pre
                        tabindex="0"
                        role="region"
                        aria-label=answer
                        dir="ltr"
                        hidden=is_silent
                    >
                        {it.answer}
                    </pre>
                </li>
            }
        };
        trial.exchanges.into_iter().enumerate().map(one).collect()
    };
    view! {
        <section class="card trial" aria-labelledby="try-title">
            <h2 id="try-title">{move || texts().try_it}</h2>
            <p class="soft">
                {move || texts().try_lead} " "
                {move || is_paused().then(|| texts().try_paused)}
            </p>
            <div class="actions">
                <button
                    type="button"
                    aria-disabled=move || is_busy.get().then_some("true")
                    on:click=move |_| send("sample")
                >
                    {move || texts().try_sample}
                </button>
                <button
                    type="button"
                    aria-disabled=move || is_busy.get().then_some("true")
                    on:click=move |_| send("last")
                >
                    {latest}
                </button>
            </div>
            <div role="status">{outcome}</div>
            <ol class="exchanges">{exchanges}</ol>
        </section>
    }
    .into_any()
}
