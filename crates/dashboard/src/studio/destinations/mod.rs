//! Where the responses of a site are passed on to: for its owners alone.

mod api;
mod deliveries;
mod form;
mod kinds;
mod page;
mod trial;

use super::ago::ago;
use super::api::Refused;
use super::place::{NEW, Place};
use super::refusal;
use super::texts::texts;
use crate::app::Session;
use crate::components::Loading;
use crate::format;
use crate::root::at;
use crate::words::{fill, language, words};
use api::{Denied, Destination, DestinationState};
use kinds::kind_of;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use page::{New, One};

/// A destination that has kept something waiting for longer is one that somebody should look at. A response that nobody
/// completes waits for minutes, and that is as it should be.
const LONG_MS: i64 = 3_600_000;
/// One that fails for longer does so not only for a moment.
const FAILING_MS: i64 = 15 * 60_000;
/// As many, or more, are counted.
const MOST_COUNTED: u64 = 10_000;

/// The page that the address names: all of them, a new one, or one.
#[component]
pub(crate) fn Destinations(site: String, id: Option<String>) -> impl IntoView {
    match id {
        None => view! { <All site/> }.into_any(),
        Some(id) if id == NEW => view! { <New site/> }.into_any(),
        Some(id) => view! { <One site id/> }.into_any(),
    }
}

/// Why something was denied, in the reader's language.
fn denial(denied: &Denied) -> String {
    match denied {
        Denied::Refused(Refused::Forbidden) => texts().owners_only.to_owned(),
        Denied::Refused(Refused::NotFound) => texts().not_there.to_owned(),
        Denied::Refused(Refused::SignedOut) => texts().session_over.to_owned(),
        Denied::Refused(refused) => refusal(refused),
        Denied::Overtaken => texts().conflict_title.to_owned(),
        Denied::Field(_, message) => message.clone(),
    }
}

/// Sets the title of the page.
fn title(words: impl Fn() -> String + 'static) {
    let page = web_sys::window().and_then(|window| window.document());
    Effect::new(move || {
        if let Some(page) = &page {
            page.set_title(&format!("{} · {}", words(), texts().studio));
        }
    });
}

fn state_word(state: DestinationState) -> &'static str {
    match state {
        DestinationState::Active => texts().destination_active,
        DestinationState::Paused => texts().destination_paused,
        DestinationState::Off => texts().destination_off,
    }
}

/// The state, as a sign with its word.
fn state_sign(state: DestinationState) -> impl IntoView {
    let class = match state {
        DestinationState::Active => "state running",
        DestinationState::Paused => "state paused",
        DestinationState::Off => "state off",
    };
    view! { <span class=class>{state_word(state)}</span> }
}

/// How much waits, since when, and how much has failed.
fn backlog(it: &Destination) -> impl IntoView + use<> {
    let language = language();
    let counted = |count: u64, form: &str, many: &str| match count {
        MOST_COUNTED.. => many.to_owned(),
        count => fill(form, &[&format::count(language, count)]),
    };
    let waiting = match it.waiting {
        0 => texts().nothing_waits.to_owned(),
        count => counted(count, texts().waiting_count, texts().waiting_many),
    };
    let oldest = it.oldest.filter(|_| it.waiting > 0);
    let oldest = oldest.map(|at| fill(texts().oldest_ago, &[&ago(language, at)]));
    let failed = counted(it.failed, texts().failed_count, texts().failed_many);
    view! {
        <span>{waiting}</span>
        {oldest.map(|oldest| view! { <span>{oldest}</span> })}
        {(it.failed > 0).then(|| view! { <span class="tag bad">{failed}</span> })}
    }
}

/// What somebody should know of a destination: that it is off, or keeps answers waiting.
fn worry(it: &Destination) -> Option<String> {
    let now = js_sys::Date::now() as i64;
    let language = language();
    let old = it.oldest.filter(|at| it.waiting > 0 && now - at.as_millis() > LONG_MS);
    let failing = it.failing_since.filter(|at| now - at.as_millis() > FAILING_MS);
    match it.state {
        DestinationState::Off => {
            let reason = it.reason.clone().unwrap_or_default();
            Some(fill(texts().banner_off, &[&it.name, &sentence(&reason)]))
        }
        DestinationState::Active => {
            failing.or(old).map(|at| fill(texts().banner_waits, &[&it.name, &ago(language, at)]))
        }
        DestinationState::Paused => None,
    }
}

/// With a full stop behind it, where one is missing.
fn sentence(text: &str) -> String {
    match text.trim_end() {
        "" => String::new(),
        text if text.ends_with(['.', '!', '?', '…']) => text.to_owned(),
        text => format!("{text}."),
    }
}

/// What somebody should know of the destinations of a site, each with the way there.
#[component]
fn Worries(site: StoredValue<String>, all: RwSignal<Option<Vec<Destination>>>) -> impl IntoView {
    let notices = move || {
        let all = all.read();
        let notice = |it: &Destination| {
            let words = worry(it)?;
            let there = at(&Place::Destinations(site.get_value(), Some(it.id.clone())).address());
            let label = format!("{}: {}", texts().banner_look, it.name);
            Some(view! {
                <div class="notice worry">
                    <span>{words}</span>
                    <A href=there attr:aria-label=label>{texts().banner_look}</A>
                </div>
            })
        };
        all.iter().flatten().filter_map(notice).collect::<Vec<_>>()
    };
    view! { <div role="status">{notices}</div> }.into_any()
}

/// The destinations of a site, for whoever may look after them; else none are known.
#[derive(Clone, Copy)]
pub(super) struct Known {
    site: StoredValue<String>,
    all: RwSignal<Option<Vec<Destination>>>,
}

impl Known {
    /// Asks for them.
    pub(super) fn of(site: String) -> Self {
        let known = Self { site: StoredValue::new(site.clone()), all: RwSignal::new(None) };
        spawn_local(async move {
            if let Ok(found) = api::list(&site).await {
                let _ = known.all.try_set(Some(found));
            }
        });
        known
    }
}

/// On the list of surveys: the way to the destinations of the site.
#[component]
pub(super) fn Way(known: Known) -> impl IntoView {
    let there = move || at(&Place::Destinations(known.site.get_value(), None).address());
    move || {
        known.all.read().is_some().then(|| {
            view! { <A href=there attr:class="button">{move || texts().destinations}</A> }
        })
    }
}

/// The same place's banner, where something waits for long or was switched off.
#[component]
pub(super) fn Banner(known: Known) -> impl IntoView {
    view! { <Worries site=known.site all=known.all/> }
}

/// All destinations of a site.
#[component]
fn All(site: String) -> impl IntoView {
    let session = expect_context::<Session>();
    title(|| texts().destinations.to_owned());
    let all = RwSignal::new(None::<Vec<Destination>>);
    let failure = RwSignal::new(None::<Denied>);
    let again = RwSignal::new(0_u32);
    let site = StoredValue::new(site);
    Effect::new(move || {
        again.track();
        let site = site.get_value();
        spawn_local(async move {
            match api::list(&site).await {
                Ok(found) => {
                    let _ = failure.try_set(None);
                    let _ = all.try_set(Some(found));
                }
                Err(Denied::Refused(Refused::SignedOut)) => session.end(),
                Err(denied) => drop(failure.try_set(Some(denied))),
            }
        });
    });
    let new = move || at(&Place::Destinations(site.get_value(), Some(NEW.to_owned())).address());
    let row = move |it: &Destination| {
        let there = at(&Place::Destinations(site.get_value(), Some(it.id.clone())).address());
        let kind = kind_of(&it.kind).map_or_else(|| it.kind.clone(), |it| (it.title)().to_owned());
        let name = it.name.clone();
        let reason = it.reason.clone().filter(|_| it.state != DestinationState::Paused);
        let failing =
            it.failing_since.map(|at| fill(texts().failing_since, &[&ago(language(), at)]));
        view! {
            <li class="card row" data-destination=it.id.clone()>
                <div class="what">
                    <h2>
                        <A href=there>{name}</A>
                    </h2>
                    <p class="facts">
                        {state_sign(it.state)} <span>{kind}</span> {backlog(it)}
                    </p>
                    {failing.map(|it| view! { <p class="soft">{it}</p> })}
                    {reason
                        .map(|it| {
                            view! { <p class="soft said-last">{fill(texts().last_word, &[&it])}</p> }
                        })}
                </div>
            </li>
        }
    };
    let body = move || {
        if let Some(denied) = failure.get().filter(|_| all.read().is_none()) {
            let may_retry = denied != Denied::Refused(Refused::Forbidden);
            let retry = move |_| again.update(|again| *again += 1);
            return view! {
                <div class="card empty" role="alert">
                    <h2>{denial(&denied)}</h2>
                    <button hidden=!may_retry on:click=retry>{words().retry}</button>
                </div>
            }
            .into_any();
        }
        let all = all.read();
        match all.as_deref() {
            None => view! { <Loading/> }.into_any(),
            Some([]) => view! {
                <div class="card empty">
                    <h2>{texts().no_destinations}</h2>
                    <p class="soft">{texts().no_destinations_lead}</p>
                    <A href=new attr:class="button show">{texts().new_destination}</A>
                </div>
            }
            .into_any(),
            Some(all) => {
                let rows = all.iter().map(row).collect::<Vec<_>>();
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }
        }
    };
    let has_some = move || all.read().as_ref().is_some_and(|all| !all.is_empty());
    view! {
        <div class="head wide">
            <div>
                <p class="crumbs">
                    <A href=move || at(&Place::Site(site.get_value()).address())>
                        {move || texts().back_to_surveys}
                    </A>
                </p>
                <h1>{move || texts().destinations}</h1>
                <p class="lead">{move || texts().destinations_lead}</p>
            </div>
            <div class="actions">
                {move || {
                    has_some()
                        .then(|| {
                            view! {
                                <A href=new attr:class="button show">{texts().new_destination}</A>
                            }
                        })
                }}
            </div>
        </div>
        <div class="wide">
            <Worries site all/>
            {body}
        </div>
    }
    .into_any()
}
