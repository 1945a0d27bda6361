//! What a destination is told: its name, its settings, which surveys and answers, and when.

use super::api::{self, Denied, Destination};
use super::kinds::{Field, Kind, SettingKind, read, tells_of, tells_word, written};
use super::{denial, sentence};
use crate::studio::api::Refused;
use crate::studio::conditions::{Conditions, conditions_of};
use crate::studio::field::{CopyButton, Pick};
use crate::studio::questions::focus_element_soon;
use crate::studio::sign_in_again::SignInAgain;
use crate::studio::texts::texts;
use crate::words::fill;
use js_sys::{Function, Reflect, Uint8Array};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::BeforeUnloadEvent;

/// What conditions of a response are about, as a start. Others are ids of questions, and what the page passes along.
const NAMES: &[&str] = &[
    "satisfaction",
    "score",
    "why",
    "page",
    "device",
    "language",
    "status",
    "survey",
    "trigger",
    "user",
];

/// What stands in the way of saving.
#[derive(Debug, Clone, PartialEq)]
enum Obstacle {
    SignedOut,
    /// Somebody else has changed it into this meanwhile.
    Overtaken(Box<Destination>),
    Said(String),
}

/// What is written.
#[derive(Clone, Copy)]
struct Written {
    kind: &'static Kind,
    name: RwSignal<String>,
    fields: StoredValue<Vec<(&'static Field, RwSignal<String>)>>,
    /// Kept secrets that are to be taken away.
    forgotten: RwSignal<Vec<&'static str>>,
    tells: RwSignal<String>,
    surveys: RwSignal<Vec<String>>,
    when: RwSignal<String>,
    on: RwSignal<String>,
    /// What stands there; none of one that is to be.
    known: RwSignal<Option<Destination>>,
    /// What is wrong, by the collector's name of the field.
    wrong: RwSignal<BTreeMap<String, String>>,
}

impl Written {
    fn new(kind: &'static Kind, known: Option<Destination>) -> Self {
        let of = |name: &str| known.as_ref().and_then(|it| it.settings.get(name));
        let field = |field: &'static Field| {
            let text = of(field.name).filter(|_| !field.is_secret);
            (field, RwSignal::new(text.map(|it| written(field.holds, it)).unwrap_or_default()))
        };
        let text = |of: fn(&Destination) -> String| known.as_ref().map(of).unwrap_or_default();
        let on = known.as_ref().map_or("completed", |it| it.on.as_str());
        Self {
            kind,
            name: RwSignal::new(text(|it| it.name.clone())),
            fields: StoredValue::new(kind.fields.iter().map(field).collect()),
            forgotten: RwSignal::new(Vec::new()),
            tells: RwSignal::new(text(|it| tells_of(&it.settings))),
            surveys: RwSignal::new(known.as_ref().map(|it| it.surveys.clone()).unwrap_or_default()),
            when: RwSignal::new(text(|it| it.when.clone())),
            on: RwSignal::new(on.to_owned()),
            known: RwSignal::new(known),
            wrong: RwSignal::new(BTreeMap::new()),
        }
    }

    fn has(self, name: &str) -> bool {
        self.known.read_untracked().as_ref().is_some_and(|it| it.settings.contains_key(name))
    }

    /// The settings that are another than what stands there; or what is wrong.
    fn settings(self) -> Result<Map<String, Value>, BTreeMap<String, String>> {
        let (mut settings, mut wrong) = (Map::new(), BTreeMap::new());
        for (field, text) in self.fields.get_value() {
            let text = text.get_untracked();
            let name = field.name.to_owned();
            let is_forgotten = self.forgotten.read_untracked().contains(&field.name);
            if !text.trim().is_empty() {
                match read(field.holds, &text) {
                    Ok(value) => drop(settings.insert(name, value)),
                    Err(problem) => {
                        drop(wrong.insert(format!("settings.{name}"), problem.to_owned()))
                    }
                }
            } else if field.is_secret && self.has(field.name) && !is_forgotten {
                // It is kept as it is.
            } else if field.is_required {
                wrong.insert(format!("settings.{name}"), texts().field_missing.to_owned());
            } else if self.has(field.name) {
                settings.insert(name, Value::Null);
            }
        }
        if !self.kind.tells.is_empty() {
            let tells = self.tells.get_untracked();
            let (wanted, value) = tells.split_once(':').unwrap_or_default();
            for name in ["digest", "changes"] {
                if name == wanted {
                    settings.insert(name.to_owned(), value.into());
                } else if self.has(name) {
                    settings.insert(name.to_owned(), Value::Null);
                }
            }
        }
        if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
    }

    /// What is sent; or what is wrong.
    fn body(self) -> Result<Value, BTreeMap<String, String>> {
        let settings = self.settings();
        let mut wrong = settings.as_ref().err().cloned().unwrap_or_default();
        if self.name.read_untracked().trim().is_empty() {
            wrong.insert("name".to_owned(), texts().field_missing.to_owned());
        }
        let settings = settings.ok().filter(|_| wrong.is_empty()).ok_or(wrong)?;
        let mut body = json!({
            "name": self.name.get_untracked().trim(), "surveys": self.surveys.get_untracked(),
            "when": self.when.get_untracked(), "on": self.on.get_untracked(), "settings": settings,
        });
        if self.known.read_untracked().is_none() {
            body["kind"] = self.kind.word.into();
            // It is tried before anything goes there.
            body["state"] = "paused".into();
        }
        Ok(body)
    }

    /// Whether there is something that is not saved.
    fn is_changed(self) -> bool {
        let Some(known) = self.known.try_get_untracked() else { return false };
        let fresh = |text: &str, of: fn(&Destination) -> &str| {
            known.as_ref().map_or(!text.is_empty(), |it| of(it) != text)
        };
        let is_field_changed = self.fields.with_value(|fields| {
            fields.iter().any(|(field, text)| {
                let before = known.as_ref().and_then(|it| it.settings.get(field.name));
                let before = before.filter(|_| !field.is_secret);
                text.get_untracked()
                    != before.map(|it| written(field.holds, it)).unwrap_or_default()
            })
        });
        is_field_changed
            || fresh(&self.name.get_untracked(), |it| &it.name)
            || fresh(&self.when.get_untracked(), |it| &it.when)
    }
}

/// The sentences about a field.
#[component]
fn Wrongs(written: Written, #[prop(into)] field: String, id: String) -> impl IntoView {
    let message = move || written.wrong.read().get(&field).cloned();
    view! {
        <span class="wrongs" id=id>
            {move || message().map(|it| view! { <span class="problem">{it}</span> })}
        </span>
    }
    .into_any()
}

/// One setting.
#[component]
fn Set(written: Written, field: &'static Field, text: RwSignal<String>) -> impl IntoView {
    let id = format!("set-{}", field.name);
    let key = format!("settings.{}", field.name);
    let described = format!("{id}-hint {id}-wrong");
    let is_wrong = {
        let key = key.clone();
        move || written.wrong.read().contains_key(&key).then_some("true")
    };
    let kept = Memo::new(move |_| {
        let known = written.known.read();
        let value = known.as_ref().filter(|_| field.is_secret)?.settings.get(field.name)?;
        Some(value.as_str().map(str::to_owned))
    });
    let hint = move || match kept.get() {
        Some(Some(host)) => fill(texts().kept_address, &[&host]),
        Some(None) => texts().kept_secret.to_owned(),
        None => (field.hint)().to_owned(),
    };
    let write = move |event| text.set(event_target_value(&event));
    let input = if field.holds.is_long() {
        view! {
            <textarea
                id=id.clone()
                rows="4"
                dir="ltr"
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=is_wrong
                aria-describedby=described
                prop:value=text
                on:input=write
            ></textarea>
        }
        .into_any()
    } else {
        let (kind, mode) = match field.holds {
            SettingKind::Password => ("password", None),
            SettingKind::Address => ("text", Some("url")),
            _ => ("text", None),
        };
        view! {
            <input
                id=id.clone()
                type=kind
                inputmode=mode
                dir="ltr"
                spellcheck="false"
                autocapitalize="none"
                // A password of somebody else's service is none of this one.
                autocomplete=if kind == "password" { "new-password" } else { "off" }
                aria-invalid=is_wrong
                aria-describedby=described
                prop:value=text
                on:input=write
            />
        }
        .into_any()
    };
    let draws = (field.holds == SettingKind::Drawn).then(|| {
        let make = move |_| {
            if let Some(drawn) = drawn() {
                text.set(drawn);
            }
        };
        view! {
            <div class="actions">
                <button type="button" class="quiet" on:click=make>{move || texts().make_secret}</button>
                {move || (!text.read().is_empty()).then(|| view! { <CopyButton text=text/> })}
            </div>
        }
    });
    let forgets = (field.is_secret && !field.is_required).then(|| {
        let toggle = move |event| {
            let is_on = event_target_checked(&event);
            written.forgotten.update(|all| {
                all.retain(|it| *it != field.name);
                all.extend(is_on.then_some(field.name));
            });
        };
        view! {
            <label class="check" hidden=move || kept.read().is_none()>
                <input
                    type="checkbox"
                    prop:checked=move || written.forgotten.read().contains(&field.name)
                    on:change=toggle
                />
                {move || texts().forget_secret}
            </label>
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>
                {move || (field.label)()}
                {(!field.is_required)
                    .then(|| view! { <span class="soft">{move || format!(" ({})", texts().optional)}</span> })}
            </label>
            {input}
            <span class="hint" id=format!("{id}-hint")>{hint}</span>
            <Wrongs written field=key id=format!("{id}-wrong")/>
            {draws}
            {forgets}
        </div>
    }
    .into_any()
}

/// A secret for signatures, as Standard Webhooks has it.
fn drawn() -> Option<String> {
    let window = web_sys::window()?;
    let crypto = Reflect::get(&window, &"crypto".into()).ok()?;
    let draw: Function = Reflect::get(&crypto, &"getRandomValues".into()).ok()?.dyn_into().ok()?;
    let bytes = Uint8Array::new_with_length(32);
    draw.call1(&crypto, &bytes).ok()?;
    let text: String = bytes.to_vec().into_iter().map(char::from).collect();
    Some(format!("whsec_{}", window.btoa(&text).ok()?))
}

/// The surveys of the site, to choose from; and those that are chosen and not known.
#[component]
fn Surveys(written: Written, site: StoredValue<String>) -> impl IntoView {
    let known = RwSignal::new(Vec::<(String, String)>::new());
    spawn_local(async move {
        if let Ok(rows) = crate::studio::api::surveys(&site.get_value()).await {
            let _ = known.try_set(rows.into_iter().map(|it| (it.id, it.name)).collect());
        }
    });
    let all = Memo::new(move |_| {
        let mut all = known.get();
        for id in written.surveys.get() {
            if !all.iter().any(|(known, _)| *known == id) {
                all.push((id.clone(), id));
            }
        }
        all
    });
    let one = move |(id, name): (String, String)| {
        let id = StoredValue::new(id);
        let toggle = move |event| {
            let is_on = event_target_checked(&event);
            written.surveys.update(|all| {
                all.retain(|it| *it != id.get_value());
                all.extend(is_on.then(|| id.get_value()));
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || written.surveys.read().contains(&id.get_value())
                    on:change=toggle
                />
                {name}
            </label>
        }
    };
    view! {
        <fieldset class="group">
            <legend>{move || texts().which_surveys}</legend>
            <p class="hint">{move || texts().which_surveys_hint}</p>
            <div class="choose-surveys">
                {move || all.get().into_iter().map(one).collect::<Vec<_>>()}
            </div>
            <Wrongs written field="surveys" id="set-surveys-wrong".to_owned()/>
        </fieldset>
    }
    .into_any()
}

/// All of it. `done` is given what stands there after it was saved, `take` what somebody else has made of it.
#[component]
pub(super) fn Form(
    site: StoredValue<String>,
    kind: &'static Kind,
    known: Option<Destination>,
    done: Callback<Destination>,
    take: Callback<Destination>,
) -> impl IntoView {
    let written = Written::new(kind, known);
    let obstacle = RwSignal::new(None::<Obstacle>);
    let said = RwSignal::new("");
    let is_busy = RwSignal::new(false);
    let leaving = window_event_listener_untyped("beforeunload", move |event| {
        if written.is_changed() {
            let event: BeforeUnloadEvent = event.unchecked_into();
            event.prevent_default();
            event.set_return_value("unsaved");
        }
    });
    on_cleanup(move || leaving.remove());
    let mend = move |wrong: BTreeMap<String, String>| {
        let first = wrong.keys().next().map(|field| match field.strip_prefix("settings.") {
            Some("digest" | "changes") => "set-tells".to_owned(),
            Some(name) => format!("set-{name}"),
            None => format!("set-{field}"),
        });
        obstacle.set(Some(Obstacle::Said(texts().fields_wrong.to_owned())));
        written.wrong.set(wrong);
        first.into_iter().for_each(focus_element_soon);
    };
    let save = move || {
        if is_busy.get_untracked() {
            return;
        }
        said.set("");
        obstacle.set(None);
        written.wrong.set(BTreeMap::new());
        let body = match written.body() {
            Ok(body) => body,
            Err(wrong) => return mend(wrong),
        };
        is_busy.set(true);
        let known = written.known.get_untracked();
        spawn_local(async move {
            let site = site.get_value();
            let saved = match &known {
                None => api::create(&site, &body).await,
                Some(it) => api::change(&site, &it.id, Some(&it.etag), &body).await,
            };
            // Somebody who went elsewhere meanwhile needs nothing more.
            if is_busy.try_set(false).is_some() {
                return;
            }
            match saved {
                Ok(now) => {
                    // What is secret has gone in, and stands nowhere any more.
                    for (field, text) in written.fields.get_value() {
                        if field.is_secret {
                            text.set(String::new());
                        }
                    }
                    written.forgotten.set(Vec::new());
                    written.known.set(Some(now.clone()));
                    said.set(texts().saved_changes);
                    done.run(now);
                }
                Err(Denied::Refused(Refused::SignedOut)) => obstacle.set(Some(Obstacle::SignedOut)),
                Err(Denied::Overtaken) => {
                    let id = known.map(|it| it.id).unwrap_or_default();
                    match api::show(&site, &id).await {
                        Ok(now) => {
                            let _ = obstacle.try_set(Some(Obstacle::Overtaken(Box::new(now))));
                        }
                        Err(denied) => {
                            let _ = obstacle.try_set(Some(Obstacle::Said(denial(&denied))));
                        }
                    }
                }
                Err(Denied::Field(field, message)) => {
                    let field = field.split('[').next().unwrap_or_default().to_owned();
                    let is_ours = matches!(&*field, "name" | "surveys" | "when" | "on")
                        || field.starts_with("settings.");
                    let message = match message.strip_prefix("must be given again") {
                        Some(_) => texts().field_again.to_owned(),
                        None => sentence(&message),
                    };
                    if is_ours {
                        mend(BTreeMap::from([(field, message)]));
                    } else {
                        obstacle.set(Some(Obstacle::Said(format!("{field}: {message}"))));
                    }
                }
                Err(denied) => obstacle.set(Some(Obstacle::Said(denial(&denied)))),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    let hurdle = move || {
        match obstacle.get()? {
        Obstacle::Said(text) => {
            Some(view! { <p class="problem" role="alert">{text}</p> }.into_any())
        }
        Obstacle::SignedOut => {
            let lead = || texts().session_over;
            let back = Callback::new(move |()| {
                obstacle.set(None);
                save();
            });
            Some(view! { <SignInAgain lead done=back/> }.into_any())
        }
        Obstacle::Overtaken(now) => {
            Some(view! { <Overtaken written now=*now obstacle save=Callback::new(move |()| save()) take/> }.into_any())
        }
    }
    };
    let stored = Memo::new(move |_| conditions_of(&written.when.read()));
    let write_when = Callback::new(move |(text, _): (String, bool)| written.when.set(text));
    let tells_options = move || {
        let option = |word: &str| (word.to_owned(), tells_word(word).to_owned());
        std::iter::once("").chain(kind.tells.iter().copied()).map(option).collect::<Vec<_>>()
    };
    let tells_each = move || written.tells.read().is_empty();
    let radio = move |word: &'static str, label: fn() -> &'static str| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="on"
                    value=word
                    prop:checked=move || *written.on.read() == word
                    on:change=move |_| written.on.set(word.to_owned())
                />
                {move || label()}
            </label>
        }
    };
    let fields = written.fields.get_value().into_iter();
    let fields =
        fields.map(|(field, text)| view! { <Set written field text/> }).collect::<Vec<_>>();
    view! {
        {move || {
            // A form inside a form would be none.
            matches!(&*obstacle.read(), Some(Obstacle::SignedOut | Obstacle::Overtaken(_)))
                .then(hurdle)
                .flatten()
        }}
        <form class="panel" novalidate on:submit=submit>
            <div class="field">
                <label for="set-name">{move || texts().set_name}</label>
                <input
                    id="set-name"
                    type="text"
                    maxlength="200"
                    aria-invalid=move || written.wrong.read().contains_key("name").then_some("true")
                    aria-describedby="set-name-hint set-name-wrong"
                    prop:value=written.name
                    on:input=move |event| written.name.set(event_target_value(&event))
                />
                <span class="hint" id="set-name-hint">{move || texts().set_name_hint}</span>
                <Wrongs written field="name" id="set-name-wrong".to_owned()/>
            </div>
            <fieldset class="group">
                <legend>{move || (kind.title)()}</legend>
                <p class="hint">{move || (kind.how)()}</p>
                {fields}
                {(!kind.tells.is_empty())
                    .then(|| {
                        view! {
                            <Pick
                                id=Signal::stored("set-tells".to_owned())
                                label=Signal::derive(|| texts().set_tells.to_owned())
                                options=tells_options
                                value=move || written.tells.get()
                                choose=move |word| written.tells.set(word)
                            />
                            <span class="hint">{move || texts().tells_hint}</span>
                            <Wrongs written field="settings.changes" id="set-tells-wrong".to_owned()/>
                        }
                    })}
            </fieldset>
            <Surveys written site/>
            <fieldset class="group" hidden=move || !tells_each()>
                <legend>{move || texts().which_answers}</legend>
                <p class="hint">{move || texts().which_answers_hint}</p>
                <Conditions stored write=write_when names=NAMES/>
                <Wrongs written field="when" id="set-when-wrong".to_owned()/>
            </fieldset>
            <fieldset class="group" hidden=move || !tells_each()>
                <legend>{move || texts().passes_when}</legend>
                {radio("completed", || texts().passes_completed)}
                {radio("each", || texts().passes_each)}
                <p class="hint">{move || texts().passes_hint}</p>
                <Wrongs written field="on" id="set-on-wrong".to_owned()/>
            </fieldset>
            {move || matches!(&*obstacle.read(), Some(Obstacle::Said(_))).then(hurdle).flatten()}
            <div class="actions">
                <button
                    type="submit"
                    class="show"
                    aria-disabled=move || is_busy.get().then_some("true")
                >
                    {move || if is_busy.get() { texts().saving } else { texts().save_destination }}
                </button>
                <span class="said" role="status">{said}</span>
            </div>
        </form>
    }
    .into_any()
}

/// Somebody else was faster: what is different there, and the choice.
#[component]
fn Overtaken(
    written: Written,
    now: Destination,
    obstacle: RwSignal<Option<Obstacle>>,
    save: Callback<()>,
    take: Callback<Destination>,
) -> impl IntoView {
    let differs = {
        let now = now.clone();
        move || {
            let known = written.known.read_untracked();
            let Some(before) = known.as_ref() else { return String::new() };
            let fields = written.kind.fields.iter().filter(|it| {
                !it.is_secret && before.settings.get(it.name) != now.settings.get(it.name)
            });
            let mut names: Vec<&str> = fields.map(|it| (it.label)()).collect();
            let others: [(bool, &str); 5] = [
                (before.name != now.name, texts().set_name),
                (tells_of(&before.settings) != tells_of(&now.settings), texts().set_tells),
                (before.surveys != now.surveys, texts().which_surveys),
                (before.when != now.when, texts().which_answers),
                (before.on != now.on, texts().passes_when),
            ];
            names.extend(others.into_iter().filter(|it| it.0).map(|it| it.1));
            match names.is_empty() {
                true => String::new(),
                false => fill(texts().differs, &[&names.join(", ")]),
            }
        }
    };
    let theirs = now.clone();
    let mine = move |_| {
        written.known.set(Some(now.clone()));
        obstacle.set(None);
        save.run(());
    };
    view! {
        <section
            class="card conflict"
            role="alertdialog"
            aria-labelledby="overtaken-title"
            aria-describedby="overtaken-lead"
        >
            <h2 id="overtaken-title">{move || texts().conflict_title}</h2>
            <p id="overtaken-lead">{move || texts().overtaken_lead}</p>
            <p class="soft">{differs}</p>
            <div class="actions">
                <button type="button" class="show" on:click=mine>{move || texts().take_mine}</button>
                <button type="button" on:click=move |_| take.run(theirs.clone())>
                    {move || texts().take_theirs}
                </button>
            </div>
        </section>
    }
    .into_any()
}
