//! The fields of a form, each with what is wrong with it beside it.

use super::texts::texts;
use super::work::{Work, locale};
use leptos::prelude::*;
use sondeo_editor::{Document, Problem, Value};

/// What is wrong with the draft, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong(pub(crate) Memo<Vec<Problem>>);

impl Wrong {
    pub(crate) fn of(work: Work) -> Self {
        Self(Memo::new(move |_| {
            let locale = locale();
            sondeo_editor::problems(&Document::new(work.whole()), locale)
        }))
    }

    /// The sentences about what a pointer names, and what is in it.
    fn at(self, pointer: &str) -> Vec<String> {
        let is_here = |it: &&Problem| {
            let rest = it.path.strip_prefix(pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0.read().iter().filter(is_here).map(|it| it.message.clone()).collect()
    }

    pub(crate) fn is_any(self, pointer: &str) -> bool {
        !self.at(pointer).is_empty()
    }
}

/// A name for the element of a field, out of its pointer.
pub(crate) fn element_id(pointer: &str) -> String {
    format!("field{}", pointer.replace(['/', '~', ' '], "-"))
}

/// What is wrong at a place.
#[component]
pub(crate) fn Wrongs(#[prop(into)] pointer: Signal<String>) -> impl IntoView {
    let wrong = expect_context::<Wrong>();
    view! {
        <span class="wrongs" id=move || format!("{}-wrong", element_id(&pointer.get()))>
            {move || {
                let sentences = wrong.at(&pointer.get());
                sentences.into_iter().map(|it| view! { <span class="problem">{it}</span> }).collect::<Vec<_>>()
            }}
        </span>
    }
    .into_any()
}

pub(super) fn described(pointer: &str) -> String {
    format!("{}-wrong", element_id(pointer))
}

pub(super) fn invalid(pointer: &str) -> Option<&'static str> {
    expect_context::<Wrong>().is_any(pointer).then_some("true")
}

/// What stands at a place, as a field shows it.
pub(crate) fn shown(value: Option<&Value>) -> String {
    match value {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Boolean(value)) => value.to_string(),
        Some(list @ Value::List(_)) => {
            let entries: Vec<String> = list.entries().iter().map(|it| shown(Some(it))).collect();
            entries.join(" ")
        }
        _ => String::new(),
    }
}

/// The words of a text in a language, with all their spaces.
pub(crate) fn said_in(work: Work, pointer: &str, tag: &str) -> String {
    let document = work.document.read();
    let Some(text) = document.get(pointer) else { return String::new() };
    let main = sondeo_editor::texts::main_language(document.value());
    let said = sondeo_editor::texts::said(text);
    let found = said.iter().find(|(known, _)| *known == tag);
    let found = found.or_else(|| said.iter().find(|(known, _)| known.is_empty() && main == tag));
    found.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
}

/// A text that visitors read, in the language that is written in.
#[component]
pub(crate) fn Words(
    work: Work,
    #[prop(into)] pointer: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] is_long: bool,
    #[prop(optional)] hint: Option<fn() -> &'static str>,
) -> impl IntoView {
    let value = Memo::new(move |_| said_in(work, &pointer.get(), &work.writing.get()));
    let write = move |event| {
        let text = event_target_value(&event);
        let (pointer, language) = (pointer.get_untracked(), work.writing.get_untracked());
        work.edit(|document| document.set_text_typing(&pointer, &language, &text));
    };
    let leave = move |_| work.document.update_untracked(sondeo_editor::Document::end_typing);
    let direction = move || sondeo_model::Direction::of(&work.writing.get()).attribute();
    let input = if is_long {
        view! {
            <textarea
                id=move || element_id(&pointer.get())
                rows="2"
                lang=move || work.writing.get()
                dir=direction
                aria-invalid=move || invalid(&pointer.get())
                aria-describedby=move || described(&pointer.get())
                prop:value=value
                on:input=write
                on:blur=leave
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=move || element_id(&pointer.get())
                type="text"
                lang=move || work.writing.get()
                dir=direction
                aria-invalid=move || invalid(&pointer.get())
                aria-describedby=move || described(&pointer.get())
                prop:value=value
                on:input=write
                on:blur=leave
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=move || element_id(&pointer.get())>{label}</label>
            {input}
            {hint.map(|hint| view! { <span class="hint">{move || hint()}</span> })}
            <Wrongs pointer/>
        </div>
    }
    .into_any()
}

/// What kind of value a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Number,
    Date,
    Address,
}

/// A line that has no language.
#[component]
pub(crate) fn Line(
    work: Work,
    #[prop(into)] pointer: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(default = FieldKind::Text)] holds: FieldKind,
    #[prop(optional)] hint: Option<fn() -> &'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
) -> impl IntoView {
    let value = Memo::new(move |_| shown(work.document.read().get(&pointer.get())));
    let write = move |event| {
        let text = event_target_value(&event);
        let pointer = pointer.get_untracked();
        match (holds, text.trim().parse::<i64>()) {
            (FieldKind::Number, Ok(number)) => work.set_typing(&pointer, number),
            _ => work.set_typing(&pointer, text),
        }
    };
    let leave = move |_| work.document.update_untracked(sondeo_editor::Document::end_typing);
    let (kind, mode) = match holds {
        FieldKind::Number => ("text", Some("numeric")),
        FieldKind::Date => ("date", None),
        FieldKind::Address => ("url", Some("url")),
        FieldKind::Text => ("text", None),
    };
    view! {
        <div class="field" class:short=move || matches!(holds, FieldKind::Number | FieldKind::Date)>
            <label for=move || element_id(&pointer.get())>{label}</label>
            <input
                id=move || element_id(&pointer.get())
                type=kind
                inputmode=mode
                placeholder=placeholder
                aria-invalid=move || invalid(&pointer.get())
                aria-describedby=move || described(&pointer.get())
                prop:value=value
                on:input=write
                on:blur=leave
            />
            {hint.map(|hint| view! { <span class="hint">{move || hint()}</span> })}
            <Wrongs pointer/>
        </div>
    }
    .into_any()
}

/// Something that is so or not so.
#[component]
pub(crate) fn Toggle(
    work: Work,
    #[prop(into)] pointer: Signal<String>,
    #[prop(into)] label: Signal<String>,
    /// What it is where the file does not say.
    #[prop(optional, into)]
    usual: Signal<bool>,
) -> impl IntoView {
    let value = Memo::new(move |_| match work.document.read().get(&pointer.get()) {
        Some(Value::Boolean(value)) => *value,
        _ => usual.get(),
    });
    let write = move |event| {
        let pointer = pointer.get_untracked();
        match event_target_checked(&event) {
            // What is usual is not said.
            value if value == usual.get_untracked() => work.set(&pointer, Value::Null),
            value => work.set(&pointer, value),
        }
    };
    view! {
        <div class="field">
            <label class="check">
                <input
                    type="checkbox"
                    id=move || element_id(&pointer.get())
                    aria-describedby=move || described(&pointer.get())
                    prop:checked=value
                    on:change=write
                />
                {label}
            </label>
            <Wrongs pointer/>
        </div>
    }
    .into_any()
}

/// One of several; what is chosen is read and written by whoever asks. A value that is none of them stands as it is.
#[component]
pub(crate) fn Pick(
    #[prop(into)] id: Signal<String>,
    #[prop(into)] label: Signal<String>,
    options: impl Fn() -> Vec<(String, String)> + Send + Sync + Copy + 'static,
    value: impl Fn() -> String + Send + Sync + Copy + 'static,
    choose: impl Fn(String) + Send + Sync + Copy + 'static,
    #[prop(optional, into)] pointer: Option<Signal<String>>,
) -> impl IntoView {
    let value = Memo::new(move |_| value());
    let all = Memo::new(move |_| {
        let mut all = options();
        let value = value.get();
        if !all.iter().any(|(known, _)| *known == value) {
            all.push((value.clone(), value));
        }
        all
    });
    let choice = move |(known, text): (String, String)| {
        let selected = {
            let known = known.clone();
            move || value.get() == known
        };
        view! { <option value=known prop:selected=selected>{text}</option> }
    };
    view! {
        <div class="field">
            <label for=move || id.get()>{label}</label>
            <select
                id=move || id.get()
                aria-invalid=move || pointer.and_then(|it| invalid(&it.get()))
                aria-describedby=move || pointer.map(|it| described(&it.get()))
                on:change=move |event| choose(event_target_value(&event))
            >
                {move || all.get().into_iter().map(choice).collect::<Vec<_>>()}
            </select>
            {pointer.map(|pointer| view! { <Wrongs pointer/> })}
        </div>
    }
    .into_any()
}

/// One of several words at a place of the file; the empty one takes it away.
#[component]
pub(crate) fn Word(
    work: Work,
    #[prop(into)] pointer: Signal<String>,
    #[prop(into)] label: Signal<String>,
    options: impl Fn() -> Vec<(String, String)> + Send + Sync + Copy + 'static,
) -> impl IntoView {
    let value = move || shown(work.document.read().get(&pointer.get()));
    let choose = move |word: String| {
        let pointer = pointer.get_untracked();
        match word.parse::<i64>() {
            Ok(number) => work.set(&pointer, number),
            Err(_) => work.set(&pointer, word),
        }
    };
    let id = Signal::derive(move || element_id(&pointer.get()));
    view! { <Pick id label options value choose pointer/> }
}

/// Copies a text, and says whether that went.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(optional, into)] what: Option<Signal<String>>,
    #[prop(default = "quiet")] class: &'static str,
) -> impl IntoView {
    let said = RwSignal::new(None::<bool>);
    Effect::new(move || {
        text.track();
        said.set(None);
    });
    let copy = move |_| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            let is_done = super::copy_text(&text).await.is_some();
            let _ = said.try_set(Some(is_done));
        });
    };
    let label = move || what.map(|what| format!("{}: {}", texts().copy, what.get()));
    view! {
        <span class="copying">
            <button type="button" class=class aria-label=label on:click=copy>
                {move || texts().copy}
            </button>
            <span role="status" class="said">
                {move || said.get().map(|it| if it { texts().copied } else { texts().not_copied })}
            </span>
        </span>
    }
    .into_any()
}
