//! A new destination, and one that is there.

use super::api::{self, Denied, Destination, DestinationState};
use super::deliveries::Deliveries;
use super::form::Form;
use super::kinds::{KINDS, Kind, kind_of};
use super::trial::Try;
use super::{backlog, denial, sentence, state_sign, title, worry};
use crate::app::Session;
use crate::components::Loading;
use crate::root::at;
use crate::studio::ago::ago;
use crate::studio::api::Refused;
use crate::studio::place::Place;
use crate::studio::texts::texts;
use crate::words::{fill, language, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use serde_json::json;
use std::time::Duration;

/// How often one looks how a destination fares.
const LOOK: Duration = Duration::from_secs(3);

#[component]
fn Crumbs(site: StoredValue<String>) -> impl IntoView {
    let there = move || at(&Place::Destinations(site.get_value(), None).address());
    view! {
        <p class="crumbs">
            <A href=there>{move || texts().back_to_destinations}</A>
        </p>
    }
}

/// A destination that is to be: first where, then the rest.
#[component]
pub(super) fn New(site: String) -> impl IntoView {
    let session = expect_context::<Session>();
    title(|| texts().new_destination.to_owned());
    let site = StoredValue::new(site);
    let chosen = RwSignal::new(None::<&'static Kind>);
    let failure = RwSignal::new(None::<Denied>);
    // Whoever may not make one is told before anything is written.
    spawn_local(async move {
        match api::list(&site.get_value()).await {
            Err(Denied::Refused(Refused::SignedOut)) => session.end(),
            Err(denied) => drop(failure.try_set(Some(denied))),
            Ok(_) => {}
        }
    });
    let navigate = use_navigate();
    let made = RwSignal::new(None::<Destination>);
    Effect::new(move || {
        let Some(made) = made.get() else { return };
        let place = Place::Destinations(site.get_value(), Some(made.id));
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        navigate(&place.address(), options);
    });
    let done = Callback::new(move |it: Destination| made.set(Some(it)));
    let choice = move |kind: &'static Kind| {
        view! {
            <li>
                <button
                    type="button"
                    class="moment"
                    data-kind=kind.word
                    on:click=move |_| chosen.set(Some(kind))
                >
                    <strong>{move || (kind.title)()}</strong>
                    <span>{move || (kind.about)()}</span>
                </button>
            </li>
        }
    };
    let body = move || {
        if let Some(denied) = failure.get() {
            return view! {
                <div class="card empty" role="alert">
                    <h2>{denial(&denied)}</h2>
                </div>
            }
            .into_any();
        }
        match chosen.get() {
            None => view! {
                <section class="beginning" aria-labelledby="kinds-title">
                    <h2 id="kinds-title">{texts().choose_kind}</h2>
                    <ul class="moments">{KINDS.iter().map(choice).collect::<Vec<_>>()}</ul>
                </section>
            }
            .into_any(),
            Some(kind) => view! {
                <p>
                    <button type="button" class="quiet" on:click=move |_| chosen.set(None)>
                        {move || texts().other_kind}
                    </button>
                </p>
                <Form site kind known=None done take=Callback::new(|_| ())/>
            }
            .into_any(),
        }
    };
    view! {
        <div class="head wide">
            <div>
                <Crumbs site/>
                <h1>{move || texts().new_destination}</h1>
            </div>
        </div>
        <div class="wide">{body}</div>
    }
    .into_any()
}

/// One destination: how it fares, a trial, its deliveries, its settings.
#[component]
pub(super) fn One(site: String, id: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let (site, id) = (StoredValue::new(site), StoredValue::new(id));
    let it = RwSignal::new(None::<Destination>);
    let failure = RwSignal::new(None::<Denied>);
    // What the form begins with. It is not what is looked at every few seconds: what is written stays.
    let begun = RwSignal::new(None::<Destination>);
    let again = RwSignal::new(0_u32);
    Effect::new(move || {
        again.track();
        spawn_local(async move {
            match api::show(&site.get_value(), &id.get_value()).await {
                Ok(found) => {
                    let _ = failure.try_set(None);
                    let _ = begun.try_set(Some(found.clone()));
                    let _ = it.try_set(Some(found));
                }
                Err(Denied::Refused(Refused::SignedOut)) => session.end(),
                Err(denied) => drop(failure.try_set(Some(denied))),
            }
        });
    });
    let look = Callback::new(move |()| {
        spawn_local(async move {
            // Whoever is signed out meanwhile hears of it with what they do next.
            if let Ok(found) = api::show(&site.get_value(), &id.get_value()).await
                && it.try_get_untracked().flatten().as_ref() != Some(&found)
            {
                let _ = it.try_set(Some(found));
            }
        });
    });
    let ticks = set_interval_with_handle(
        move || {
            let is_seen = !document().hidden();
            if is_seen && it.try_get_untracked().flatten().is_some() {
                look.run(());
            }
        },
        LOOK,
    )
    .ok();
    on_cleanup(move || {
        if let Some(ticks) = ticks {
            ticks.clear();
        }
    });
    title(move || it.read().as_ref().map_or_else(String::new, |it| it.name.clone()));
    let name = move || it.read().as_ref().map(|it| it.name.clone());
    let facts = move || {
        let it = it.read();
        let it = it.as_ref()?;
        let kind = kind_of(&it.kind).map_or(&*it.kind, |it| (it.title)()).to_owned();
        Some(view! { {state_sign(it.state)} <span>{kind}</span> {backlog(it)} })
    };
    let notice = move || {
        let it = it.read();
        let it = it.as_ref()?;
        let words = worry(it).or_else(|| {
            let since = it.failing_since.filter(|_| it.state == DestinationState::Active)?;
            let since = sentence(&fill(texts().failing_since, &[&ago(language(), since)]));
            let said = it.reason.as_ref().map(|it| fill(texts().last_word, &[it]));
            Some(format!("{since} {}", said.unwrap_or_default()))
        })?;
        Some(view! { <div class="notice worry"><span>{words}</span></div> })
    };
    let body = move || {
        if let Some(denied) = failure.get().filter(|_| begun.read().is_none()) {
            let retry = move |_| again.update(|again| *again += 1);
            return view! {
                <div class="card empty" role="alert">
                    <h2>{denial(&denied)}</h2>
                    <button on:click=retry>{words().retry}</button>
                </div>
            }
            .into_any();
        }
        let Some(known) = begun.get() else { return view! { <Loading/> }.into_any() };
        let Some(kind) = kind_of(&known.kind) else {
            return view! { <p class="problem">{known.kind}</p> }.into_any();
        };
        let done = Callback::new(move |now: Destination| it.set(Some(now)));
        let take = Callback::new(move |now: Destination| {
            it.set(Some(now.clone()));
            begun.set(Some(now));
        });
        view! {
            <div class="panel">
                <Try site id it/>
                <Deliveries site id it look/>
                <section aria-labelledby="settings-title">
                    <h2 id="settings-title">{move || texts().settings_of}</h2>
                    <Form site kind known=Some(known) done take/>
                </section>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="head wide">
            <div>
                <Crumbs site/>
                <h1>{name}</h1>
                <p class="facts">{facts}</p>
            </div>
            <Switch site id it/>
        </div>
        <div class="wide">
            <div role="status">{notice}</div>
            {body}
        </div>
    }
    .into_any()
}

/// On and off, and away with it.
#[component]
fn Switch(
    site: StoredValue<String>,
    id: StoredValue<String>,
    it: RwSignal<Option<Destination>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let said = RwSignal::new(String::new());
    let is_asking = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let navigate = use_navigate();
    let switch = move |word: &'static str| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            let body = json!({ "state": word });
            let done = api::change(&site.get_value(), &id.get_value(), None, &body).await;
            let _ = is_busy.try_set(false);
            let words = match done {
                Ok(now) => {
                    let form = match now.state {
                        DestinationState::Active => texts().switched_on,
                        _ => texts().paused_now,
                    };
                    let words = fill(form, &[&now.name]);
                    let _ = it.try_set(Some(now));
                    words
                }
                Err(Denied::Refused(Refused::SignedOut)) => return session.end(),
                Err(denied) => denial(&denied),
            };
            let _ = said.try_set(words);
        });
    };
    let remove = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::remove(&site.get_value(), &id.get_value()).await {
                Ok(()) => {
                    let place = Place::Destinations(site.get_value(), None);
                    navigate(&place.address(), NavigateOptions::default());
                }
                Err(Denied::Refused(Refused::SignedOut)) => session.end(),
                Err(denied) => drop(said.try_set(denial(&denied))),
            }
        });
    };
    let state = Memo::new(move |_| it.read().as_ref().map(|it| it.state));
    let buttons = move || {
        let (word, label) = match state.get()? {
            DestinationState::Active => ("paused", texts().pause_destination),
            DestinationState::Paused | DestinationState::Off => ("active", texts().switch_on),
        };
        let class = if word == "active" { "show" } else { "" };
        Some(view! {
            <button type="button" class=class on:click=move |_| switch(word)>{label}</button>
            <button
                type="button"
                aria-expanded=move || is_asking.get().to_string()
                on:click=move |_| is_asking.update(|it| *it = !*it)
            >
                {texts().remove_destination}
            </button>
        })
    };
    let question = move || {
        let name = it.read().as_ref().map(|it| it.name.clone()).unwrap_or_default();
        fill(texts().remove_sure, &[&name])
    };
    view! {
        <div class="actions">
            {buttons}
            <p class="said" role="status">{said}</p>
            {move || {
                let remove = remove.clone();
                is_asking
                    .get()
                    .then(|| {
                        view! {
                            <div class="notice" role="alert">
                                <span>{question}</span>
                                <div class="actions">
                                    <button type="button" class="quiet" on:click=remove>
                                        {texts().remove_destination}
                                    </button>
                                    <button
                                        type="button"
                                        class="quiet"
                                        on:click=move |_| is_asking.set(false)
                                    >
                                        {texts().cancel}
                                    </button>
                                </div>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
