//! The frame: who is signed in, in which language, in which look.

use crate::api::{self, Failure};
use crate::components::{Frame, Problem};
use crate::page::{Login, Overview, Survey};
use crate::preferences;
use crate::root::root;
use crate::studio::{self, HERE, Place, current_place};
use crate::words::{self, Language, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route as RouterRoute, Router, Routes};
use leptos_router::hooks::use_navigate;
use leptos_router::{NavigateOptions, ParamSegment, StaticSegment, WildcardSegment};

/// Whether somebody is signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session(RwSignal<SessionState>);

#[derive(Debug, Clone, PartialEq)]
enum SessionState {
    Asking,
    In,
    Out,
    /// Nobody is, and whoever is there builds without an account.
    Without,
    Unknown(Failure),
}

impl Session {
    /// Asks the collector.
    pub(crate) fn ask(self) {
        self.0.set(SessionState::Asking);
        spawn_local(async move {
            self.0.set(match api::session().await {
                Ok(()) => SessionState::In,
                Err(Failure::SignedOut) => SessionState::Out,
                Err(failure) => SessionState::Unknown(failure),
            });
        });
    }

    /// Somebody signed in.
    pub(crate) fn begin(self) {
        self.0.set(SessionState::In);
    }

    /// Nobody is signed in any more.
    pub(crate) fn end(self) {
        self.0.set(SessionState::Out);
    }

    /// Goes on without an account.
    pub(crate) fn go_without(self) {
        self.0.set(SessionState::Without);
    }

    /// Whether there is no account.
    pub(crate) fn is_without(self) -> bool {
        *self.0.read() == SessionState::Without
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|look| look.as_str() == word)
    }
}

/// The dashboard.
#[component]
pub(crate) fn App() -> impl IntoView {
    let window = web_sys::window();
    let wanted = preferences::read("language")
        .or_else(|| window.as_ref().and_then(|window| window.navigator().language()));
    let language = RwSignal::new(wanted.as_deref().and_then(Language::of).unwrap_or(Language::En));
    let look = RwSignal::new(
        preferences::read("look").as_deref().and_then(Look::of).unwrap_or(Look::Auto),
    );
    let session = Session(RwSignal::new(SessionState::Asking));
    provide_context(language);
    words::follow(language);
    provide_context(look);
    provide_context(session);
    let html = window.and_then(|window| window.document()).and_then(|page| page.document_element());
    Effect::new(move || {
        if let Some(html) = &html {
            let _ = html.set_attribute("lang", language.get().tag());
            let _ = html.set_attribute("class", look.get().as_str());
        }
    });
    session.ask();
    view! {
        <Router base=root()>
            {move || match session.0.get() {
                SessionState::Asking => {
                    view! { <p class="boot" role="status">{move || words().loading}</p> }.into_any()
                }
                SessionState::Out => {
                    view! {
                        <Frame signed_in=false>
                            <Login/>
                            <Without session/>
                        </Frame>
                    }
                        .into_any()
                }
                SessionState::Without => {
                    view! { <Frame signed_in=false><Studio/></Frame> }.into_any()
                }
                // A folder of files has no accounts, and one can build there all the same.
                SessionState::Unknown(failure) => {
                    view! {
                        <Frame signed_in=false>
                            <Problem failure retry=move || session.ask()/>
                            <Without session/>
                        </Frame>
                    }
                        .into_any()
                }
                SessionState::In => view! { <Pages/> }.into_any(),
            }}
        </Router>
    }
}

/// The way into the studio of who has no account.
#[component]
fn Without(session: Session) -> impl IntoView {
    let place = current_place();
    let navigate = use_navigate();
    let go = move |_| {
        session.go_without();
        navigate(&Place::Site(HERE.to_owned()).address(), NavigateOptions::default());
    };
    view! {
        <div class="without" hidden=move || place.read().is_none()>
            <button type="button" on:click=go>{move || studio::texts().without_account}</button>
            <p class="soft">{move || studio::texts().without_note}</p>
        </div>
    }
}

/// The page of the studio that the address names. The sides of one survey are one page: what is typed stays.
#[component]
fn Studio() -> impl IntoView {
    let place = current_place();
    let session = expect_context::<Session>();
    let what = Memo::new(move |before: Option<&Place>| match place.get() {
        Some(Place::Survey(site, survey, _)) => {
            Place::Survey(site, survey, studio::Side::Questions)
        }
        // Without an account there is this browser alone, and nothing goes anywhere from it.
        Some(Place::Destinations(site, _)) if site == HERE => Place::Site(site),
        Some(place) => place,
        // On the way out: whoever goes to the results is not sent back to where the studio starts.
        None => before.cloned().unwrap_or(Place::Start),
    });
    move || match what.get() {
        Place::Site(site) | Place::Survey(site, ..) | Place::Destinations(site, _)
            if session.is_without() && site != HERE =>
        {
            view! { <studio::Start/> }.into_any()
        }
        Place::Survey(site, survey, _) => view! { <studio::Editor site survey/> }.into_any(),
        Place::Destinations(site, id) => view! { <studio::Destinations site id/> }.into_any(),
        Place::Site(site) => view! { <studio::List site/> }.into_any(),
        Place::Start => view! { <studio::Start/> }.into_any(),
    }
}

/// What the results show as it happens: only who reads them listens.
#[component]
fn Results(children: ChildrenFn) -> impl IntoView {
    provide_context(crate::live::Live::start());
    children()
}

#[component]
fn Pages() -> impl IntoView {
    let overview = || view! { <Results><Overview/></Results> };
    let survey = || view! { <Results><Survey/></Results> };
    let missing = || view! { <p class="wide">{move || words().not_found}</p> };
    view! {
        <Frame signed_in=true>
            <Routes fallback=missing>
                <RouterRoute path=(StaticSegment("studio"), WildcardSegment("place")) view=Studio/>
                <RouterRoute path=StaticSegment("dashboard") view=overview/>
                <RouterRoute path=(StaticSegment("dashboard"), ParamSegment("survey")) view=survey/>
                <RouterRoute
                    path=(StaticSegment("dashboard"), ParamSegment("site"), ParamSegment("survey"))
                    view=survey
                />
            </Routes>
        </Frame>
    }
}
