//! The frame: who is signed in, in which language, in which look.

use crate::api::{self, Failure};
use crate::components::{Frame, Problem};
use crate::page::{Login, Overview, Survey};
use crate::preferences;
use crate::root::root;
use crate::words::{Language, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route as RouterRoute, Router, Routes};
use leptos_router::{ParamSegment, StaticSegment};

/// Whether somebody is signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session(RwSignal<State>);

#[derive(Debug, Clone, PartialEq)]
enum State {
    Asking,
    In,
    Out,
    Unknown(Failure),
}

impl Session {
    /// Asks the collector.
    pub(crate) fn ask(self) {
        self.0.set(State::Asking);
        spawn_local(async move {
            self.0.set(match api::session().await {
                Ok(()) => State::In,
                Err(Failure::SignedOut) => State::Out,
                Err(failure) => State::Unknown(failure),
            });
        });
    }

    /// Somebody signed in.
    pub(crate) fn begin(self) {
        self.0.set(State::In);
    }

    /// Nobody is signed in any more.
    pub(crate) fn end(self) {
        self.0.set(State::Out);
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
    let session = Session(RwSignal::new(State::Asking));
    provide_context(language);
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
                State::Asking => {
                    view! { <p class="boot" role="status">{move || words().loading}</p> }.into_any()
                }
                State::Out => view! { <Frame signed_in=false><Login/></Frame> }.into_any(),
                State::Unknown(failure) => {
                    view! {
                        <Frame signed_in=false>
                            <Problem failure retry=move || session.ask()/>
                        </Frame>
                    }
                        .into_any()
                }
                State::In => view! { <Pages/> }.into_any(),
            }}
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    provide_context(crate::live::Live::start());
    let missing = || view! { <p class="wide">{move || words().not_found}</p> };
    view! {
        <Frame signed_in=true>
            <Routes fallback=missing>
                <RouterRoute path=StaticSegment("dashboard") view=Overview/>
                <RouterRoute path=(StaticSegment("dashboard"), ParamSegment("survey")) view=Survey/>
                <RouterRoute
                    path=(StaticSegment("dashboard"), ParamSegment("site"), ParamSegment("survey"))
                    view=Survey
                />
            </Routes>
        </Frame>
    }
}
