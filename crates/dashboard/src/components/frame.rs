use crate::api;
use crate::app::{Look, Session};
use crate::preferences;
use crate::root::at;
use crate::route::{Route, current_route};
use crate::studio::{Place, current_place, texts};
use crate::words::{Language, words};
use leptos::html::Main;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The survey that is shown, by key, and what it is called, once that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(pub(crate) RwSignal<Option<(String, String)>>);

/// What stands around every page.
#[component]
pub(crate) fn Frame(signed_in: bool, children: Children) -> impl IntoView {
    let session = expect_context::<Session>();
    let route = current_route();
    let sign_out = move |_| {
        spawn_local(async move {
            if api::sign_out().await != Err(api::Failure::Network) {
                session.end();
            }
        });
    };
    let shown = RwSignal::new(None);
    provide_context(Shown(shown));
    let place = current_place();
    let in_studio = Memo::new(move |_| place.read().is_some());
    let content = NodeRef::<Main>::new();
    let page = web_sys::window().and_then(|window| window.document());
    Effect::new(move |before: Option<Option<String>>| {
        let studio = place.get().map(|place| match place {
            // Its sides are one page, which says its name itself.
            Place::Survey(site, survey, _) => format!("{site}/{survey}"),
            Place::Destinations(site, id) => format!("{site}/~{}", id.unwrap_or_default()),
            Place::Site(_) | Place::Start => String::new(),
        });
        let title = if studio.is_some() { texts().studio } else { words().title };
        let survey = studio.or_else(|| route.get().survey);
        if in_studio.get() {
            if let Some(page) = page.as_ref().filter(|_| survey.as_deref() == Some("")) {
                page.set_title(&format!("{title} · Sondeo"));
            }
        } else if let Some(page) = &page {
            let shown = shown.read();
            let known = shown.as_ref().filter(|(key, _)| Some(key) == survey.as_ref());
            let called = known.map(|(_, called)| called);
            page.set_title(&match called.or(survey.as_ref()) {
                Some(called) => format!("{called} · {title}"),
                None => title.to_owned(),
            });
        }
        // Who went to another page by a link that is gone goes on at its beginning, and hears of it.
        if before.is_some_and(|before| before != survey)
            && let Some(content) = content.get_untracked()
        {
            let _ = content.focus();
        }
        survey
    });
    view! {
        <a class="skip" href="#content">{move || words().skip}</a>
        <header class="top wide">
            <A href=at(&Place::Start.address()) attr:class="brand">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"/>
                    <path d="M9 13v.01M23 13v.01M9.500 19c1.800 2.300 3.900 3.400 6.500 3.400s4.700-1.100 6.500-3.400"/>
                </svg>
                "Sondeo"
            </A>
            {signed_in
                .then(|| {
                    view! {
                        <nav class="main-sides" aria-label=move || texts().main_navigation>
                            <A href=at(&Place::Start.address())>{move || texts().studio}</A>
                            <A href=at(&Route::start().address())>{move || texts().results}</A>
                        </nav>
                    }
                })}
            <div class="taste">
                <Languages/>
                <Looks/>
                {signed_in
                    .then(|| {
                        view! {
                            <button class="plain" on:click=sign_out>
                                {move || words().sign_out}
                            </button>
                        }
                    })}
            </div>
        </header>
        <main id="content" tabindex="-1" node_ref=content>{children()}</main>
        <footer class="wide">
            <p>
                {move || (!in_studio.get()).then(|| format!("{} ", words().footer))}
                <a href=at("/openapi.json")>"API"</a>
            </p>
        </footer>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let language = expect_context::<RwSignal<Language>>();
    let choose = move |event| {
        if let Some(chosen) = Language::of(&event_target_value(&event)) {
            preferences::write("language", chosen.tag());
            language.set(chosen);
        }
    };
    let option = move |one: Language| {
        let selected = move || language.get() == one;
        view! { <option value=one.tag() lang=one.tag() selected=selected>{one.name()}</option> }
    };
    view! {
        <label>
            <span class="unseen">{move || words().language}</span>
            <select class="language" on:change=choose>{Language::ALL.map(option)}</select>
        </label>
    }
}

#[component]
fn Looks() -> impl IntoView {
    let look = expect_context::<RwSignal<Look>>();
    let choose = move |event| {
        if let Some(chosen) = Look::of(&event_target_value(&event)) {
            preferences::write("look", chosen.as_str());
            look.set(chosen);
        }
    };
    let option = move |one: Look| {
        let text = move || match one {
            Look::Auto => words().look_auto,
            Look::Light => words().look_light,
            Look::Dark => words().look_dark,
        };
        let selected = move || look.get() == one;
        view! { <option value=one.as_str() selected=selected>{text}</option> }
    };
    view! {
        <label>
            <span class="unseen">{move || words().look}</span>
            <select class="look" on:change=choose>{Look::ALL.map(option)}</select>
        </label>
    }
}
