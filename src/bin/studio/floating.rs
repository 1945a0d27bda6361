//! The one survey that floats above this page, whoever asked for it.

use crate::choice::Choice;
use crate::live::{Ask, Live};
use leptos::html::Dialog;
use leptos::prelude::*;
use sondeo::model::Display;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement};

/// What floats now.
#[derive(Clone, Copy)]
pub(crate) struct Floating {
    ask: RwSignal<Option<Ask>>,
    /// Whether it is the one chosen at the top, which follows each change there.
    is_chosen: RwSignal<bool>,
    turn: StoredValue<u32>,
}

impl Floating {
    /// Nothing, or the one that is chosen.
    pub(crate) fn start(choice: RwSignal<Choice>, is_shown: bool) -> Self {
        let floating = Self {
            ask: RwSignal::new(None),
            is_chosen: RwSignal::new(is_shown && choice.read_untracked().look.floats()),
            turn: StoredValue::new(0),
        };
        // A dialog must not open because somebody walks over the choices.
        let display = Memo::new(move |_| choice.read().look.display);
        Effect::new(move |before: Option<Display>| {
            let display = display.get();
            if before.is_some_and(|before| before != display) {
                floating.end();
            }
            display
        });
        Effect::new(move || {
            if floating.is_chosen.get() {
                let Choice { template, look } = choice.get();
                let survey = template.as_str().to_owned();
                floating.put(Ask { survey, look, is_preview: false, turn: 0 });
            }
        });
        for event in ["sondeo:dismissed", "sondeo:completed"] {
            window_event_listener_untyped(event, move |event| floating.hear(&event));
        }
        floating
    }

    /// Whether the one chosen at the top is shown.
    pub(crate) fn is_chosen(self) -> bool {
        self.is_chosen.get()
    }

    /// Shows the one chosen at the top.
    pub(crate) fn show_chosen(self) {
        self.is_chosen.set(true);
    }

    /// Shows another one.
    pub(crate) fn show(self, ask: Ask) {
        self.is_chosen.set(false);
        self.put(ask);
    }

    fn put(self, ask: Ask) {
        self.turn.update_value(|turn| *turn += 1);
        self.ask.set(Some(Ask { turn: self.turn.get_value(), ..ask }));
    }

    fn end(self) {
        self.is_chosen.set(false);
        self.ask.set(None);
    }

    /// One that was answered or sent away does not come back by itself.
    fn hear(self, event: &Event) {
        let Some(host) = event.target().and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        if host.get_attribute("data-display").as_deref() == Some("inline") {
            return;
        }
        self.is_chosen.set(false);
        if event.type_() == "sondeo:dismissed"
            && let Ok(Some(dialog)) = host.closest("dialog")
        {
            dialog.unchecked_into::<HtmlDialogElement>().close();
        }
    }
}

/// Where it floats from. The corners are those of the page's direction, which is its own for as long.
#[component]
pub(crate) fn Floater(floating: Floating) -> impl IntoView {
    let ask = floating.ask;
    Effect::new(move || {
        let direction = ask.read().as_ref().map_or("ltr", |ask| ask.look.direction());
        if let Some(page) = document().document_element() {
            let _ = page.set_attribute("dir", direction);
        }
    });
    view! {
        {move || {
            let ask = ask.get()?;
            Some(
                match ask.look.display {
                    Display::Page => view! { <Whole ask floating/> }.into_any(),
                    _ => view! { <Live ask/> }.into_any(),
                },
            )
        }}
    }
}

/// A page is all of the element that it stands in: here of a window with a way back.
#[component]
fn Whole(ask: Ask, floating: Floating) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let back = move |_| {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let direction = ask.look.direction();
    view! {
        <dialog
            class="whole"
            aria-label="The survey as a page"
            dir=direction
            node_ref=dialog
            on:close=move |_| floating.end()
        >
            <Live ask/>
            <button type="button" class="quiet back" dir="ltr" on:click=back>
                "Back to the studio"
            </button>
        </dialog>
    }
}
