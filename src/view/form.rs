use super::{rating, text, yes_no};
use crate::browser;
use leptos::ev::{Event, MouseEvent};
use leptos::html::Section;
use leptos::prelude::*;
use sondeo_model::{Kind, Question, Value, Wording};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// The form of one question.
///
/// A choice made by pointer goes on by itself; one made by key waits for Enter or the button, since
/// arrow keys change the choice on their way (WCAG 3.2.2).
pub(super) fn form(
    question: Question,
    words: &'static Wording,
    card: NodeRef<Section>,
    answer: impl Fn(Option<Value>) -> bool + Copy + 'static,
) -> AnyView {
    let Question { id, text, kind, required, next, .. } = question;
    let chosen = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let by_key = Rc::new(Cell::new(false));
    let keyed = Rc::clone(&by_key);
    let pointed = Rc::clone(&by_key);

    let controls = match &kind {
        Kind::Likert { points, low, high, .. } => rating::controls(&id, *points, low, high),
        Kind::YesNo { yes, no, .. } => yes_no::controls(&id, yes, no),
        Kind::Text { lines, max_length } => text::controls(&id, &text, *lines, *max_length),
    };
    let name = kind.name().word();
    let submit = move || {
        let value = chosen.with_untracked(|control| kind.read(control));
        let key = by_key.get();
        if answer(value) {
            focus_next(card, key);
        } else {
            missing.set(true);
        }
    };
    let button = move || match (required, chosen.with(|it| it.trim().is_empty())) {
        (false, true) => words.skip,
        _ if next.is_empty() => words.send,
        _ => words.next,
    };
    let choose = move |control: String| {
        missing.set(false);
        chosen.set(control);
    };
    let submit_click = submit.clone();

    view! {
        <form
            class=name
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
            on:keydown=move |_| keyed.set(true)
            on:pointerdown=move |_| pointed.set(false)
            on:input=move |event: Event| choose(event_target_value(&event))
            on:click=move |event: MouseEvent| {
                let input = event.target().and_then(|at| at.dyn_into::<HtmlInputElement>().ok());
                if let Some(input) = input && input.type_() == "radio" {
                    choose(input.value());
                    submit_click();
                }
            }
        >
            <fieldset>
                <legend part="question">
                    {text}
                    {(!required).then(|| view! { <span class="optional">{words.optional}</span> })}
                </legend>
                {controls}
            </fieldset>
            <p class="missing" role="alert">{move || missing.get().then_some(words.required)}</p>
            <button type="submit" class="submit" part="submit">{button}</button>
        </form>
    }
    .into_any()
}

/// Once the visitor is inside, the focus goes on to what comes next, or it would fall back to the page.
/// By pointer only a text field takes it; the thank-you of a click must not hold the card.
fn focus_next(card: NodeRef<Section>, by_key: bool) {
    browser::spawn(async move {
        leptos::task::tick().await;
        let Some(card) = card.get_untracked() else { return };
        let wanted = if by_key { "textarea,input,.close" } else { "textarea" };
        if let Ok(Some(next)) = card.query_selector(wanted)
            && let Ok(next) = next.dyn_into::<HtmlElement>()
        {
            let _ = next.focus();
        }
    });
}
