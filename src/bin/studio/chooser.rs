//! Which survey.

use crate::about::{GROUPS, about};
use crate::choice::Choice;
use crate::radio::Radio;
use leptos::prelude::*;

/// The templates to choose from, and what the chosen one is good for.
#[component]
pub(crate) fn Templates(choice: RwSignal<Choice>) -> impl IntoView {
    let group = move |(title, templates): (&'static str, &'static [_])| {
        let options = templates.iter().map(|&template| {
            view! {
                <Radio
                    name="template"
                    class="chip"
                    checked=Signal::derive(move || choice.read().template == template)
                    choose=move |()| choice.write().template = template
                >
                    <span>{about(template)[0]}</span>
                </Radio>
            }
        });
        view! {
            <fieldset class="chips">
                <legend>{title}</legend>
                {options.collect_view()}
            </fieldset>
        }
    };
    view! {
        <div class="templates">{GROUPS.map(group).collect_view()}</div>
        <p class="purpose" role="status">
            <strong>{move || about(choice.read().template)[0]}</strong>
            " "
            {move || about(choice.read().template)[1]}
        </p>
    }
}
