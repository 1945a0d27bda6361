//! What waits for a destination, was delivered, or has failed; and what is sent once more.

use super::api::{self, Delivery, Denied, Destination, Replay};
use super::denial;
use crate::app::Session;
use crate::components::Loading;
use crate::format;
use crate::studio::ago::ago;
use crate::studio::api::Refused;
use crate::studio::texts::texts;
use crate::words::{fill, language, words};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A list of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DeliveryState {
    Waiting,
    Delivered,
    Failed,
}

impl DeliveryState {
    const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Waiting => texts().delivery_waiting,
            Self::Delivered => texts().delivery_delivered,
            Self::Failed => texts().delivery_failed,
        }
    }

    fn none(self) -> &'static str {
        match self {
            Self::Waiting => texts().none_waiting,
            Self::Delivered => texts().none_delivered,
            Self::Failed => texts().none_failed,
        }
    }
}

/// What is read of them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Page {
    rows: Vec<Delivery>,
    next: Option<String>,
}

/// The lists, one at a time, and what is sent once more. `look` is called where something may have changed.
#[component]
pub(super) fn Deliveries(
    site: StoredValue<String>,
    id: StoredValue<String>,
    it: RwSignal<Option<Destination>>,
    look: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let kept = RwSignal::new(DeliveryState::Waiting);
    let read = RwSignal::new(None::<Page>);
    let failure = RwSignal::new(None::<Denied>);
    let said = RwSignal::new(String::new());
    let is_busy = RwSignal::new(false);
    let again = RwSignal::new(0_u32);
    let load = move |after: Option<String>| {
        let state = kept.get_untracked();
        spawn_local(async move {
            let (site, id) = (site.get_value(), id.get_value());
            let found = api::deliveries(&site, &id, state.word(), after.as_deref()).await;
            if kept.try_get_untracked() != Some(state) {
                return;
            }
            match found {
                Ok(page) => {
                    let _ = failure.try_set(None);
                    let _ = read.try_update(|read| {
                        let mut rows = read.take().filter(|_| after.is_some()).unwrap_or_default();
                        rows.rows.extend(page.deliveries);
                        rows.next = page.next;
                        *read = Some(rows);
                    });
                }
                Err(Denied::Refused(Refused::SignedOut)) => session.end(),
                Err(denied) => drop(failure.try_set(Some(denied))),
            }
        });
    };
    // How much there is says when the list is another one.
    let counts = Memo::new(move |_| {
        it.read().as_ref().map(|it| (it.waiting, it.failed, it.oldest, it.failing_since))
    });
    Effect::new(move || {
        again.track();
        // Read, and not only tracked: a memo that nobody has read hears of nothing.
        let _ = counts.get();
        kept.track();
        load(None);
    });
    let choose = move |one: DeliveryState| {
        read.set(None);
        kept.set(one);
    };
    let replay = move |what: Replay| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        said.set(String::new());
        let is_early =
            matches!(what, Replay::One(_)) && kept.get_untracked() == DeliveryState::Waiting;
        spawn_local(async move {
            let tell = |count: u64| {
                let _ = said.try_set(fill(texts().replaying, &[&format::count(language(), count)]));
            };
            let sent = api::replay(&site.get_value(), &id.get_value(), &what, tell).await;
            let _ = is_busy.try_set(false);
            let words = match sent {
                Ok(1) if is_early => texts().replaying_now.to_owned(),
                Ok(1) => texts().replayed_one.to_owned(),
                Ok(0) => texts().replayed_none.to_owned(),
                Ok(count) => fill(texts().replayed, &[&format::count(language(), count)]),
                Err(Denied::Refused(Refused::SignedOut)) => return session.end(),
                Err(denied) => denial(&denied),
            };
            let _ = said.try_set(words);
            let _ = again.try_update(|again| *again += 1);
            look.run(());
        });
    };
    let chip = move |one: DeliveryState| {
        let count = move || {
            let it = it.read();
            let count = match (one, it.as_ref()) {
                (DeliveryState::Waiting, Some(it)) => it.waiting,
                (DeliveryState::Failed, Some(it)) => it.failed,
                _ => 0,
            };
            (count > 0).then(|| format::count(language(), count))
        };
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name="kept"
                    value=one.word()
                    prop:checked=move || kept.get() == one
                    on:change=move |_| choose(one)
                />
                {move || match count() {
                    Some(count) => format!("{} {count}", one.name()),
                    None => one.name().to_owned(),
                }}
            </label>
        }
    };
    let row = move |it: Delivery| {
        let state = kept.get_untracked();
        let language = language();
        let named = |form: &str, day: &str| fill(form, &[&format::day(language, day, true)]);
        let name = match (it.response.strip_prefix("digest-"), it.response.strip_prefix("changes-"))
        {
            (Some(day), _) => named(texts().digest_of, day),
            (_, Some(day)) => named(texts().changes_of, day),
            _ => fill(texts().response_of, &[&it.response]),
        };
        let is_response = it.response.len() == 36;
        let revision = is_response.then(|| fill(texts().revision_of, &[&it.revision.to_string()]));
        let tries = match it.tries {
            0 => None,
            1 => Some(texts().tries_one.to_owned()),
            count => Some(fill(texts().tries_many, &[&count.to_string()])),
        };
        let since = (state == DeliveryState::Waiting)
            .then(|| fill(texts().written_at, &[&ago(language, it.at)]));
        let due = it.due.map(|at| fill(texts().next_at, &[&ago(language, at)]));
        let done = it.tried_at.map(|at| {
            let form = match state {
                DeliveryState::Delivered => texts().delivered_at,
                _ => texts().tried_at,
            };
            fill(form, &[&ago(language, at)])
        });
        let status = it.status.map(|status| fill(texts().said_status, &[&status.to_string()]));
        let facts = [since, tries, done, due, status, revision];
        let facts = facts.into_iter().flatten().map(|it| view! { <span>{it}</span> });
        let facts = facts.collect::<Vec<_>>();
        let act =
            if state == DeliveryState::Waiting { texts().replay_now } else { texts().replay_one };
        let label = format!("{act}: {name}");
        let delivery = it.id.clone();
        view! {
            <li class="row delivery" data-delivery=it.id>
                <div class="what">
                    <h3>{name}</h3>
                    <p class="facts">{facts}</p>
                    {it.answer.map(|answer| view! { <p class="soft said-last" dir="auto">{answer}</p> })}
                </div>
                <div class="actions">
                    <button
                        type="button"
                        class="quiet"
                        aria-label=label
                        on:click=move |_| replay(Replay::One(delivery.clone()))
                    >
                        {act}
                    </button>
                </div>
            </li>
        }
    };
    let list = move || {
        if let Some(denied) = failure.get() {
            let retry = move |_| again.update(|again| *again += 1);
            return view! {
                <div class="empty" role="alert">
                    <p>{denial(&denied)}</p>
                    <button type="button" on:click=retry>{words().retry}</button>
                </div>
            }
            .into_any();
        }
        match read.get() {
            None => view! { <Loading/> }.into_any(),
            Some(read) if read.rows.is_empty() => {
                view! { <p class="soft">{kept.get_untracked().none()}</p> }.into_any()
            }
            Some(Page { rows, next }) => {
                let rows = rows.into_iter().map(row).collect::<Vec<_>>();
                let more = next.map(|next| {
                    view! {
                        <button type="button" class="more" on:click=move |_| load(Some(next.clone()))>
                            {words().more}
                        </button>
                    }
                });
                view! {
                    <ul class="deliveries">{rows}</ul>
                    {more}
                }
                .into_any()
            }
        }
    };
    let day = NodeRef::<Input>::new();
    let since = move |event: SubmitEvent| {
        event.prevent_default();
        let day = day.get_untracked().map(|it| it.value()).unwrap_or_default();
        if !day.is_empty() {
            replay(Replay::Since(day));
        }
    };
    let has_failed = move || it.read().as_ref().is_some_and(|it| it.failed > 0);
    let takes_responses = move || !it.read().as_ref().is_some_and(api::is_told_of_scores);
    view! {
        <section class="card inner" aria-labelledby="deliveries-title">
            <h2 id="deliveries-title">{move || texts().deliveries}</h2>
            <div class="list-tools">
                <div class="chips" role="group" aria-labelledby="deliveries-title">
                    {DeliveryState::ALL.map(chip).into_iter().collect::<Vec<_>>()}
                </div>
                <button
                    type="button"
                    class="quiet"
                    hidden=move || !has_failed()
                    aria-disabled=move || is_busy.get().then_some("true")
                    on:click=move |_| replay(Replay::Failed)
                >
                    {move || texts().replay_failed}
                </button>
            </div>
            <p class="said" role="status">{said}</p>
            {list}
            <form class="own since" on:submit=since hidden=move || !takes_responses()>
                <label>
                    <span>{move || texts().replay_since}</span>
                    <input
                        type="date"
                        required
                        node_ref=day
                        aria-describedby="replay-since-hint"
                    />
                </label>
                <button
                    type="submit"
                    class="quiet"
                    aria-disabled=move || is_busy.get().then_some("true")
                >
                    {move || texts().replay_go}
                </button>
                <span class="hint" id="replay-since-hint">{move || texts().replay_since_hint}</span>
            </form>
        </section>
    }
    .into_any()
}
