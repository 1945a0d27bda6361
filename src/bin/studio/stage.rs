//! The chosen survey, live.

use crate::choice::Choice;
use crate::floating::Floating;
use crate::frame::Frame;
use crate::live::{Ask, Live};
use leptos::prelude::*;

/// Where it is tried.
#[component]
pub(crate) fn Stage(choice: RwSignal<Choice>, floating: Floating) -> impl IntoView {
    let look = Signal::derive(move || choice.get().look);
    let floats = Memo::new(move |_| look.read().floats());
    let ask = move || {
        let Choice { template, look } = choice.get();
        Ask { survey: template.as_str().to_owned(), look, is_preview: false, turn: 0 }
    };
    view! {
        <section class="stage" aria-label="Preview">
            <div class="chrome" aria-hidden="true">
                <i></i>
                <i></i>
                <i></i>
                <span>"shop.example"</span>
            </div>
            <Frame look>
                <Show
                    when=move || floats.get()
                    fallback=move || view! { <Live ask=Signal::derive(ask)/> }
                >
                    <div class="call" dir="ltr">
                        <button
                            type="button"
                            class="show"
                            on:click=move |_| floating.show_chosen()
                        >
                            "Show it"
                        </button>
                        <p>"It opens above this page, as it would on yours."</p>
                    </div>
                </Show>
            </Frame>
        </section>
    }
}
