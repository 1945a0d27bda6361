//! The draft as visitors would meet it: the real widget, on a page of ours beside the form.

use super::field::Pick;
use super::texts::texts;
use super::try_out::{Endpoint, OwnPage, TestAnswers};
use super::work::{Work, locale};
use crate::root::at;
use js_sys::{JSON, Object, Reflect};
use leptos::html::Iframe;
use leptos::prelude::*;
use sondeo_editor::{Value, language_name};
use sondeo_model::Direction;
use wasm_bindgen::JsValue;
use web_sys::MessageEvent;

/// What decides whether somebody is asked, and what becomes of the answers: nothing of the preview's concern.
const NOT_SHOWN: [&str; 24] = [
    "name",
    "note",
    "published",
    "trigger",
    "delay",
    "url",
    "device",
    "when",
    "sample",
    "recontact",
    "snooze",
    "quiet",
    "per",
    "max_shows",
    "from",
    "until",
    "priority",
    "endpoint",
    "format",
    "report",
    "push",
    "consent",
    "visitor",
    "lang",
];

/// The survey from the question on that its author looks at, if it can be asked as it is.
fn shown(survey: &Value, from: usize) -> Option<Value> {
    let questions = survey.at("/questions").map(Value::entries).unwrap_or_default();
    let from = if from < questions.len() { from } else { 0 };
    let rest = &questions[from..];
    let endings = survey.at("/endings").map(Value::entries).unwrap_or_default();
    let known: Vec<&str> = rest.iter().chain(endings).filter_map(|it| it.text_of("id")).collect();
    let leads =
        |rule: &&Value| rule.text_of("go").is_none_or(|go| go == "end" || known.contains(&go));
    let question = |question: &Value| {
        let members = question.members().iter().filter_map(|(key, value)| match &**key {
            "next" => {
                let rules: Vec<Value> = value.entries().iter().filter(leads).cloned().collect();
                (!rules.is_empty()).then(|| (key.clone(), rules.into()))
            }
            _ => Some((key.clone(), value.clone())),
        });
        Value::object(members)
    };
    let members = survey.members().iter().filter(|(key, _)| !NOT_SHOWN.contains(&&**key));
    let members = members.map(|(key, value)| match &**key {
        "questions" if from > 0 => {
            (key.clone(), rest.iter().map(question).collect::<Vec<_>>().into())
        }
        _ => (key.clone(), value.clone()),
    });
    let mut members: Vec<(String, Value)> = members.collect();
    members.retain(|(key, _)| key != "id");
    members.push(("id".to_owned(), "draft".into()));
    let survey = Value::object(members);
    sondeo_editor::definition(&survey).is_some().then_some(survey)
}

/// How often the frame was ready, and how often somebody began anew.
type Turn = (u32, u32);
/// The language, whether it is dark, and whether it is mirrored.
type PreviewLook = (String, bool, bool);

/// The preview, with what one wants to see it in.
#[component]
pub(crate) fn Preview(work: Work) -> impl IntoView {
    let is_phone = RwSignal::new(true);
    let is_dark = RwSignal::new(false);
    let is_mirrored = RwSignal::new(false);
    let frame = NodeRef::<Iframe>::new();
    let ready = RwSignal::new(0_u32);
    let turn = RwSignal::new(0_u32);
    // What a test answer is given to is asked from its beginning, and once: another one takes another page.
    let endpoint: Endpoint = RwSignal::new(None);
    let tests = RwSignal::new(0_u32);
    let now = Memo::new(move |_| {
        let from = if endpoint.read().is_some() { 0 } else { work.looked_at.get() };
        shown(work.document.read().value(), from)
    });
    let is_wrong = Memo::new(move |_| now.read().is_none());
    // What cannot be asked leaves the last state that could.
    let survey = Memo::new(move |before: Option<&Option<Value>>| {
        now.get().or_else(|| before.cloned().flatten())
    });
    let listener = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = wasm_bindgen::JsCast::unchecked_into(event);
        let said =
            Reflect::get(&event.data(), &"preview".into()).ok().and_then(|it| it.as_string());
        if said.as_deref() == Some("ready") {
            ready.update(|ready| *ready += 1);
        }
    });
    on_cleanup(move || listener.remove());
    let show = move |is_quiet: bool| {
        let Some(window) = frame.get_untracked().and_then(|it| it.content_window()) else { return };
        let Some(survey) = survey.get_untracked() else { return };
        let Ok(file) = JSON::parse(&survey.pretty()) else { return };
        let language = work.writing.get_untracked();
        let direction = match is_mirrored.get_untracked() {
            true => "rtl",
            false => Direction::of(&language).attribute(),
        };
        // An element of its own would stand in the page's flow, whatever the survey says of itself.
        let display = sondeo_editor::definition(&survey).and_then(|it| it.display());
        let display = display.map_or("popover", sondeo_model::Display::as_str);
        let message = Object::new();
        let pairs: [(&str, JsValue); 8] = [
            ("endpoint", endpoint.get_untracked().into()),
            ("name", work.survey.get_value().into()),
            ("display", display.into()),
            ("survey", file),
            ("lang", language.into()),
            ("dir", direction.into()),
            ("dark", is_dark.get_untracked().into()),
            ("quiet", is_quiet.into()),
        ];
        for (name, value) in pairs {
            let _ = Reflect::set(&message, &name.into(), &value);
        }
        let origin = window_origin();
        let _ = window.post_message(&message, &origin);
    };
    // Each keystroke, at once; a new look or another turn with everything that moves.
    Effect::new(move |before: Option<(Turn, PreviewLook)>| {
        survey.track();
        is_phone.track();
        let now = (ready.get(), turn.get());
        let look = (work.writing.get(), is_dark.get(), is_mirrored.get());
        let is_quiet = before.as_ref().is_some_and(|before| before.0 == now);
        let is_test = endpoint.with_untracked(Option::is_some);
        if is_quiet && is_test {
            // Whoever edits meanwhile goes on with the test as it was asked. A new look begins it anew.
            if before.is_some_and(|before| before.1 != look) {
                tests.update(|tests| *tests += 1);
            }
        } else if now.0 > 0 {
            show(is_quiet);
        }
        (now, look)
    });
    // A page anew for each test, and for the preview after it.
    Effect::new(move |before: Option<Option<String>>| {
        let now = endpoint.get();
        if before.is_some_and(|before| before != now) {
            tests.update(|tests| *tests += 1);
        }
        now
    });
    let restart = move |_| match endpoint.with_untracked(Option::is_some) {
        true => tests.update(|tests| *tests += 1),
        false => turn.update(|turn| *turn += 1),
    };
    let toggle = move |label: fn() -> &'static str, signal: RwSignal<bool>| {
        view! {
            <label class="chip">
                <input
                    type="checkbox"
                    prop:checked=signal
                    on:change=move |event| signal.set(event_target_checked(&event))
                />
                {move || label()}
            </label>
        }
    };
    let languages = move || {
        let mut tags = sondeo_editor::texts::languages(work.document.read().value());
        for tag in [work.writing.get(), "en".to_owned(), "es".to_owned()] {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let locale = locale();
        tags.into_iter()
            .map(|tag| {
                let name = language_name(&tag, locale);
                (tag, name)
            })
            .collect()
    };
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{move || texts().preview}</h2>
            <div class="chips">
                <label class="chip">
                    <input
                        type="radio"
                        name="preview-size"
                        prop:checked=is_phone
                        on:change=move |_| is_phone.set(true)
                    />
                    {move || texts().phone}
                </label>
                <label class="chip">
                    <input
                        type="radio"
                        name="preview-size"
                        prop:checked=move || !is_phone.get()
                        on:change=move |_| is_phone.set(false)
                    />
                    {move || texts().desktop}
                </label>
                {toggle(|| texts().dark, is_dark)}
                {toggle(|| texts().right_to_left, is_mirrored)}
                <button type="button" class="quiet" on:click=restart>
                    {move || texts().restart}
                </button>
            </div>
            <Pick
                id=Signal::stored("preview-language".to_owned())
                label=Signal::derive(|| texts().preview_language.to_owned())
                options=languages
                value=move || work.writing.get()
                choose=move |tag: String| work.writing.set(tag)
            />
            <div class="glass" class:phone=move || is_phone.get()>
                <iframe
                    node_ref=frame
                    title=move || texts().preview
                    src=move || at(&format!("/studio/preview.html?{}", tests.get()))
                ></iframe>
            </div>
            <p class="warning" role="status" hidden=move || !is_wrong.get()>
                {move || is_wrong.get().then(|| texts().preview_wrong)}
            </p>
            <p class="soft note">
                {move || match endpoint.read().is_some() {
                    true => texts().test_note,
                    false => texts().preview_note,
                }}
            </p>
            {(!work.is_here())
                .then(|| {
                    view! {
                        <OwnPage work/>
                        <TestAnswers work endpoint/>
                    }
                })}
        </section>
    }
    .into_any()
}

fn window_origin() -> String {
    window().location().origin().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::shown;
    use sondeo_editor::{Document, Value};

    #[test]
    fn a_preview_begins_where_its_author_looks() {
        let text = r#"{"id": "x", "name": "Secret", "trigger": "event:never", "url": "/nowhere", "questions": [
            {"id": "a", "kind": "nps", "text": "A?", "next": [{"if": "<=6", "go": "c"}]},
            {"id": "b", "kind": "text", "text": "B?", "next": [{"go": "c"}]},
            {"id": "c", "kind": "text", "text": "C?"}]}"#;
        let survey = Document::open(text).expect("JSON").value().clone();
        let ids = |from: usize| {
            let shown = shown(&survey, from).expect("it can be asked");
            assert!(shown.get("trigger").is_none() && shown.get("name").is_none());
            let questions = shown.at("/questions").map(Value::entries).unwrap_or_default();
            questions
                .iter()
                .filter_map(|it| it.text_of("id").map(str::to_owned))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(0), ["a", "b", "c"]);
        assert_eq!(ids(1), ["b", "c"]);
        assert_eq!(ids(2), ["c"]);
        assert_eq!(ids(9), ["a", "b", "c"]);
    }
}
