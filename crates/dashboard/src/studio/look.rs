//! How the survey looks, and how it stands on the page.

use super::field::{Line, Pick, Word, Wrongs, element_id, shown};
use super::picture::Picture;
use super::texts::texts;
use super::work::Work;
use leptos::prelude::*;

/// The colour that the widget has where nobody says.
const USUAL: &str = "#0b6e67";

/// The look.
#[component]
pub(crate) fn Look(work: Work) -> impl IntoView {
    let at = |pointer: &str| Signal::stored(pointer.to_owned());
    let label = |text: fn() -> &'static str| Signal::derive(move || text().to_owned());
    let colour = Memo::new(move |_| {
        let accent = shown(work.document.read().get("/accent"));
        // The field of the browser knows these alone; any other CSS colour is written beside it.
        let is_plain = accent.len() == 7 && accent.starts_with('#');
        if is_plain { accent } else { USUAL.to_owned() }
    });
    let displays = || {
        [
            ("", texts().display_popover),
            ("dialog", texts().display_dialog),
            ("bar", texts().display_bar),
            ("tab", texts().display_tab),
            ("inline", texts().display_inline),
            ("page", texts().display_page),
        ]
        .map(|(word, text)| (word.to_owned(), text.to_owned()))
        .into()
    };
    let themes = || {
        [("", texts().theme_auto), ("light", texts().theme_light), ("dark", texts().theme_dark)]
            .map(|(word, text)| (word.to_owned(), text.to_owned()))
            .into()
    };
    let positions = || {
        [
            ("", texts().position_bottom_right),
            ("bottom-left", texts().position_bottom_left),
            ("top-right", texts().position_top_right),
            ("top-left", texts().position_top_left),
            ("bottom", texts().position_bottom),
            ("top", texts().position_top),
            ("center", texts().position_center),
        ]
        .map(|(word, text)| (word.to_owned(), text.to_owned()))
        .into()
    };
    let radii = || {
        [("", ""), ("0", "0"), ("6px", "6 px"), ("12px", "12 px"), ("20px", "20 px")]
            .map(|(word, text)| {
                let text = if word.is_empty() { texts().accent_usual } else { text };
                (word.to_owned(), text.to_owned())
            })
            .into()
    };
    view! {
        <section class="panel" aria-labelledby="look-title">
            <h2 id="look-title" class="unseen">{move || texts().look}</h2>
            <div class="fields">
                <div class="side-by-side">
                    <div class="field">
                        <label for="accent-picker">{move || texts().accent}</label>
                        <input
                            id="accent-picker"
                            type="color"
                            prop:value=colour
                            on:input=move |event| {
                                work.set_typing("/accent", event_target_value(&event));
                            }
                        />
                    </div>
                    <Line
                        work
                        pointer=at("/accent")
                        label=Signal::derive(|| format!("{} (CSS)", texts().accent))
                        placeholder=USUAL
                    />
                </div>
                <div class="side-by-side">
                    <Word work pointer=at("/theme") label=label(|| texts().theme) options=themes/>
                    <Pick
                        id=Signal::stored(element_id("/radius"))
                        label=label(|| texts().radius)
                        options=radii
                        value=move || shown(work.document.read().get("/radius"))
                        choose=move |word: String| work.set("/radius", word)
                        pointer=at("/radius")
                    />
                </div>
                <div class="side-by-side">
                    <Word work pointer=at("/display") label=label(|| texts().display) options=displays/>
                    <Word
                        work
                        pointer=at("/position")
                        label=label(|| texts().position)
                        options=positions
                    />
                </div>
                <Wrongs pointer="/font".to_owned()/>
                <Picture work pointer=at("/logo") label=label(|| texts().logo)/>
            </div>
        </section>
    }
    .into_any()
}
