//! The questions: their words, their kinds, their order and their ways.

use super::endings::Endings;
use super::field::{
    FieldKind, Line, Pick, Toggle, Word, Words, Wrong, Wrongs, element_id, said_in, shown,
};
use super::kinds::{fresh, fresh_id, kinds, metrics, with_kind};
use super::signs::{CLOSE, DOWN, GRIP, TWICE, UP, sign};
use super::texts::texts;
use super::work::{Work, locale};
use crate::words::fill;
use leptos::html::{Ol, Textarea};
use leptos::prelude::*;
use sondeo_editor::Value;
use sondeo_editor::moments::{Lost, make_own};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

const LIST: &str = "/questions";

/// A name for each question that stays when it moves: its id, where that is its own.
fn keys(value: &Value) -> Vec<String> {
    let entries = value.at(LIST).map(Value::entries).unwrap_or_default();
    let mut keys: Vec<String> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let id = entry.text_of("id").filter(|id| !keys.iter().any(|key| key == id));
        keys.push(id.map_or_else(|| format!("#{at}"), str::to_owned));
    }
    keys
}

/// A question that is dragged, and the place where it would come to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Drag {
    from: usize,
    to: usize,
}

/// Whether the questions are the template's: the draft has none of its own.
pub(super) fn is_of_template(work: Work) -> bool {
    let document = work.document.read();
    document.get(LIST).is_none() && document.get("/template").is_some()
}

/// Everything about the questions.
#[component]
pub(crate) fn Questions(work: Work) -> impl IntoView {
    let known = Memo::new(move |_| keys(work.document.read().value()));
    let said = RwSignal::new(String::new());
    let drag = RwSignal::new(None::<Drag>);
    let list = NodeRef::<Ol>::new();
    let is_of_template = Memo::new(move |_| is_of_template(work));
    let add = move |kind: String| {
        let at = known.with_untracked(Vec::len);
        work.edit(|document| {
            let id = fresh_id(document.value());
            let language = work.writing.get_untracked();
            document.insert(LIST, at, fresh(&id, &kind, &language))
        });
        work.looked_at.set(at);
        focus_soon(format!("{LIST}/{at}/text"));
    };
    // What a template says that a file cannot.
    let lost = RwSignal::new(Vec::<Lost>::new());
    let told = move || {
        let locale = locale();
        lost.get().iter().map(|it| view! { <li>{it.sentence(locale)}</li> }).collect::<Vec<_>>()
    };
    view! {
        <section class="panel" aria-labelledby="questions-title">
            <h2 id="questions-title" class="unseen">{move || texts().questions}</h2>
            {move || {
                is_of_template
                    .get()
                    .then(|| view! { <OfTemplate work lost/> })
            }}
            <div role="status">
                <ul class="warnings">{told}</ul>
            </div>
            <ol class="questions-edited" class:dragging=move || drag.read().is_some() node_ref=list>
                <For each=move || known.get() key=Clone::clone let(key)>
                    <Question work key known said drag list/>
                </For>
            </ol>
            <p class="said" role="status">{said}</p>
            <fieldset class="adding">
                <legend>{move || texts().add_question}</legend>
                {move || {
                    let button = |(kind, name): (String, String)| {
                        view! {
                            <button type="button" class="quiet" on:click=move |_| add(kind.clone())>
                                "+ "
                                {name}
                            </button>
                        }
                    };
                    kinds().into_iter().map(button).collect::<Vec<_>>()
                }}
            </fieldset>
            <Endings work/>
            <super::ways::Drawing work/>
        </section>
    }
    .into_any()
}

/// The questions are the template's, and can be made one's own.
#[component]
fn OfTemplate(work: Work, lost: RwSignal<Vec<Lost>>) -> impl IntoView {
    let make = move |_| {
        work.edit(|document| {
            lost.set(make_own(document, &super::moments::languages()));
            Ok(Vec::new())
        });
    };
    view! {
        <div class="notice">
            <p>{move || texts().from_template}</p>
            <button type="button" on:click=make>{move || texts().make_own}</button>
        </div>
    }
    .into_any()
}

/// Gives the focus to the field of a pointer, once it is there.
pub(crate) fn focus_soon(pointer: String) {
    focus_element_soon(element_id(&pointer));
}

/// The same, by the name of the element.
pub(crate) fn focus_element_soon(id: String) {
    set_timeout(
        move || {
            let found = document().get_element_by_id(&id);
            if let Some(field) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        },
        std::time::Duration::ZERO,
    );
}

/// One question, of which the details are open when it is the one that is looked at.
#[component]
fn Question(
    work: Work,
    key: String,
    known: Memo<Vec<String>>,
    said: RwSignal<String>,
    drag: RwSignal<Option<Drag>>,
    list: NodeRef<Ol>,
) -> impl IntoView {
    let key = StoredValue::new(key);
    let at = Memo::new(move |before: Option<&usize>| {
        let found = key.with_value(|key| known.read().iter().position(|it| it == key));
        found.or(before.copied()).unwrap_or_default()
    });
    let pointer = Memo::new(move |_| format!("{LIST}/{}", at.get()));
    let of = move |name: &'static str| Signal::derive(move || format!("{}/{name}", pointer.get()));
    let number = move || (at.get() + 1).to_string();
    let is_open = Memo::new(move |_| work.looked_at.get() == at.get());
    let kind = Memo::new(move |_| shown(work.document.read().get(&of("kind").get())));
    let words = move || {
        let text = said_in(work, &of("text").get(), &work.writing.get());
        if text.is_empty() { "…".to_owned() } else { text }
    };
    let kind_name = move || {
        let kind = kind.get();
        kinds().into_iter().find(|(known, _)| *known == kind).map_or(kind, |(_, name)| name)
    };
    let wrong = expect_context::<Wrong>();
    let toggle = move |_| {
        let at = at.get_untracked();
        work.looked_at.update(|looked| *looked = if *looked == at { usize::MAX } else { at });
    };
    let move_to = move |to: usize, focus: Option<&'static str>| {
        let from = at.get_untracked();
        if to == from || to >= known.with_untracked(Vec::len) {
            return;
        }
        let was_open = is_open.get_untracked();
        work.edit(|document| document.move_item(LIST, from, to));
        if was_open {
            work.looked_at.set(to);
        } else {
            work.looked_at.set(usize::MAX);
        }
        said.set(fill(texts().moved, &[&(from + 1).to_string(), &(to + 1).to_string()]));
        // Who moved it by a button goes on with that button: moving an element takes the focus from it.
        if let Some(part) = focus {
            let name = key.with_value(|key| format!("{part}-{key}"));
            set_timeout(
                move || {
                    let found = document().get_element_by_id(&name);
                    if let Some(button) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                        let _ = button.focus();
                    }
                },
                std::time::Duration::ZERO,
            );
        }
    };
    let remove = move |_| {
        let pointer = pointer.get_untracked();
        let before = at.get_untracked().saturating_sub(1);
        work.edit(|document| document.remove(&pointer));
        work.looked_at.set(before);
        focus_soon(format!("{LIST}/{before}/text"));
    };
    let duplicate = move |_| {
        let (pointer, next) = (pointer.get_untracked(), at.get_untracked() + 1);
        work.edit(|document| {
            let id = fresh_id(document.value());
            let copy = document.get(&pointer).cloned().unwrap_or_default();
            document.insert(LIST, next, super::kinds::with_id(&copy, &id))
        });
        work.looked_at.set(next);
        focus_soon(format!("{LIST}/{next}/text"));
    };
    let choose_kind = move |kind: String| {
        let pointer = pointer.get_untracked();
        let language = work.writing.get_untracked();
        work.edit(|document| {
            let question = document.get(&pointer).cloned().unwrap_or_default();
            document.set(&pointer, with_kind(&question, &kind, &language))
        });
    };
    // Dragging: the pointer is the handle's until it is let go.
    let place_under = move |y: f64| {
        let Some(list) = list.get_untracked() else { return 0 };
        let items = list.children();
        let middles = (0..items.length()).filter_map(|at| {
            let rect = items.item(at)?.get_bounding_client_rect();
            Some(rect.top() + rect.height() / 2.0)
        });
        middles.filter(|middle| *middle < y).count()
    };
    let begin = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let Some(handle) =
            event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok())
        {
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
        let from = at.get_untracked();
        drag.set(Some(Drag { from, to: from }));
    };
    let follow = move |event: PointerEvent| {
        let Some(Drag { from, to }) = drag.get_untracked() else { return };
        let above = place_under(f64::from(event.client_y()));
        // Its own middle counts where it lies above the pointer.
        let next = if above > from { above - 1 } else { above };
        if next != to {
            drag.set(Some(Drag { from, to: next }));
        }
    };
    let drop = move |_: PointerEvent| {
        if let Some(Drag { to, .. }) = drag.get_untracked() {
            drag.set(None);
            move_to(to, None);
        }
    };
    let stop = move |event: KeyboardEvent| {
        let to = match &*event.key() {
            "Escape" => return drag.set(None),
            "ArrowUp" => at.get_untracked().checked_sub(1),
            "ArrowDown" => Some(at.get_untracked() + 1),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            move_to(to, Some("drag"));
        }
    };
    let is_before = move || drag.get().is_some_and(|it| it.to == at.get() && it.to < it.from);
    let is_after = move || drag.get().is_some_and(|it| it.to == at.get() && it.to > it.from);
    let named = move |text: &'static str| fill(text, &[&number()]);
    let id_of = move |part: &str| key.with_value(|key| format!("{part}-{key}"));
    let body = move || {
        is_open.get().then(|| {
            view! {
                <div class="fields">
                    <Words
                        work
                        pointer=of("text")
                        label=Signal::derive(|| texts().words_of.to_owned())
                        is_long=true
                    />
                    <Pick
                        id=Signal::derive(move || element_id(&of("kind").get()))
                        label=Signal::derive(|| texts().kind.to_owned())
                        options=kinds
                        value=move || kind.get()
                        choose=choose_kind
                        pointer=of("kind")
                    />
                    {move || view! { <OfKind work pointer kind=kind.get()/> }}
                    <Words
                        work
                        pointer=of("description")
                        label=Signal::derive(|| texts().description.to_owned())
                        hint=|| texts().description_hint
                    />
                    <super::picture::Picture
                        work
                        pointer=of("image")
                        label=Signal::derive(|| texts().picture.to_owned())
                    />
                    <Toggle
                        work
                        pointer=of("required")
                        label=Signal::derive(|| texts().required.to_owned())
                        usual=Signal::derive(move || *kind.read() != "text")
                    />
                    <super::ways::Ways work pointer kind/>
                </div>
            }
        })
    };
    view! {
        <li
            class="question"
            class:open=move || is_open.get()
            class:dragged=move || drag.get().is_some_and(|it| it.from == at.get())
            class:before=is_before
            class:after=is_after
            class:wrong=move || wrong.is_any(&pointer.get())
        >
            <div class="question-head">
                <button
                    type="button"
                    class="handle"
                    id=id_of("drag")
                    aria-label=move || named(texts().drag)
                    on:pointerdown=begin
                    on:pointermove=follow
                    on:pointerup=drop
                    on:pointercancel=move |_| drag.set(None)
                    on:keydown=stop
                >
                    {sign(GRIP)}
                </button>
                <h3>
                    <button
                        type="button"
                        class="opens"
                        aria-expanded=move || is_open.get().to_string()
                        on:click=toggle
                    >
                        <span class="number">{number} ". "</span>
                        <span class="asked-words" dir="auto">{words}</span>
                        <span class="soft kind">{kind_name}</span>
                    </button>
                </h3>
                <div class="question-tools">
                    <button
                        type="button"
                        class="icon"
                        id=id_of("up")
                        aria-label=move || named(texts().move_up)
                        aria-disabled=move || (at.get() == 0).to_string()
                        on:click=move |_| {
                            if let Some(to) = at.get_untracked().checked_sub(1) {
                                move_to(to, Some("up"));
                            }
                        }
                    >
                        {sign(UP)}
                    </button>
                    <button
                        type="button"
                        class="icon"
                        id=id_of("down")
                        aria-label=move || named(texts().move_down)
                        aria-disabled=move || (at.get() + 1 == known.read().len()).to_string()
                        on:click=move |_| move_to(at.get_untracked() + 1, Some("down"))
                    >
                        {sign(DOWN)}
                    </button>
                    <button
                        type="button"
                        class="icon"
                        aria-label=move || named(texts().duplicate_question)
                        on:click=duplicate
                    >
                        {sign(TWICE)}
                    </button>
                    <button
                        type="button"
                        class="icon"
                        aria-label=move || named(texts().remove_question)
                        on:click=remove
                    >
                        {sign(CLOSE)}
                    </button>
                </div>
            </div>
            {body}
        </li>
    }
    .into_any()
}

fn pairs(words: &[(&str, &'static str)]) -> Vec<(String, String)> {
    words.iter().map(|(word, text)| ((*word).to_owned(), (*text).to_owned())).collect()
}

/// What is particular to the kind of a question.
#[component]
fn OfKind(work: Work, pointer: Memo<String>, kind: String) -> impl IntoView {
    let of = move |name: &'static str| Signal::derive(move || format!("{}/{name}", pointer.get()));
    let label = |text: fn() -> &'static str| Signal::derive(move || text().to_owned());
    let scale_ends = move || {
        view! {
            <div class="side-by-side">
                <Words work pointer=of("low") label=label(|| texts().low_end)/>
                <Words work pointer=of("high") label=label(|| texts().high_end)/>
            </div>
        }
    };
    let counted = {
        let kind = StoredValue::new(kind.clone());
        move || {
            view! {
                <Word
                    work
                    pointer=of("metric")
                    label=label(|| texts().metric)
                    options=move || kind.with_value(|kind| metrics(kind))
                />
            }
        }
    };
    let labels = move || {
        let look = shown(work.document.read().get(&of("look").get()));
        let points = shown(work.document.read().get(&of("points").get())).parse().unwrap_or(5);
        (look == "labels").then(|| {
            let field = |at: u32| {
                view! {
                    <Words
                        work
                        pointer=Signal::derive(move || format!("{}/labels/{}", pointer.get(), at - 1))
                        label=Signal::derive(move || fill(texts().point_word, &[&at.to_string()]))
                    />
                }
            };
            (1..=points).map(field).collect::<Vec<_>>()
        })
    };
    match &*kind {
        "likert" => {
            let points = || (2..=11).map(|n| (n.to_string(), n.to_string())).collect::<Vec<_>>();
            let value = move || match shown(work.document.read().get(&of("points").get())) {
                points if points.is_empty() => "5".to_owned(),
                points => points,
            };
            let choose = move |points: String| {
                work.set(&of("points").get_untracked(), points.parse::<i64>().unwrap_or(5));
            };
            let looks = || {
                pairs(&[
                    ("", texts().look_numbers),
                    ("faces", texts().look_faces),
                    ("stars", texts().look_stars),
                    ("thumbs", texts().look_thumbs),
                    ("labels", texts().look_labels),
                ])
            };
            view! {
                <div class="side-by-side">
                    <Pick
                        id=Signal::derive(move || element_id(&of("points").get()))
                        label=label(|| texts().scale)
                        options=points
                        value
                        choose
                        pointer=of("points")
                    />
                    <Word work pointer=of("look") label=label(|| texts().looks_like) options=looks/>
                </div>
                {scale_ends}
                {labels}
                {counted}
            }
            .into_any()
        }
        "nps" => view! {
            {scale_ends}
            {counted}
        }
        .into_any(),
        "yes-no" => {
            let looks = || pairs(&[("", texts().look_labels), ("thumbs", texts().look_thumbs)]);
            view! {
                <Word work pointer=of("look") label=label(|| texts().looks_like) options=looks/>
                {counted}
            }
            .into_any()
        }
        "choice" | "choices" => {
            let is_several = kind == "choices";
            view! {
                <Options work pointer/>
                <Other work pointer=of("other")/>
                <Toggle work pointer=of("shuffle") label=label(|| texts().shuffle)/>
                {is_several
                    .then(|| {
                        view! {
                            <div class="side-by-side">
                                <Line
                                    work
                                    pointer=of("min")
                                    label=label(|| texts().min)
                                    holds=FieldKind::Number
                                />
                                <Line
                                    work
                                    pointer=of("max")
                                    label=label(|| texts().max)
                                    holds=FieldKind::Number
                                />
                            </div>
                        }
                    })}
                {(!is_several).then_some(counted)}
            }
            .into_any()
        }
        "text" => {
            let formats = || pairs(&[("", texts().format_plain), ("email", texts().format_email)]);
            view! {
                <Words work pointer=of("placeholder") label=label(|| texts().placeholder)/>
                <div class="side-by-side">
                    <Word
                        work
                        pointer=of("format")
                        label=label(|| texts().text_format)
                        options=formats
                    />
                    <Line work pointer=of("lines") label=label(|| texts().lines) holds=FieldKind::Number/>
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// The option of a visitor's own.
#[component]
fn Other(work: Work, pointer: Signal<String>) -> impl IntoView {
    let value = move || match work.document.read().get(&pointer.get()) {
        None | Some(Value::Null | Value::Boolean(false)) => String::new(),
        Some(Value::Text(word)) if &**word == "text" => "text".to_owned(),
        Some(_) => "true".to_owned(),
    };
    let choose = move |word: String| {
        let pointer = pointer.get_untracked();
        match &*word {
            "true" => work.set(&pointer, true),
            word => work.set(&pointer, word),
        }
    };
    let options = || {
        pairs(&[
            ("", texts().other_none),
            ("true", texts().other_option),
            ("text", texts().other_text),
        ])
    };
    view! {
        <Pick
            id=Signal::derive(move || element_id(&pointer.get()))
            label=Signal::derive(|| texts().other.to_owned())
            options
            value
            choose
            pointer
        />
    }
    .into_any()
}

/// The options, one by one or pasted.
#[component]
fn Options(work: Work, pointer: Memo<String>) -> impl IntoView {
    let list = Memo::new(move |_| format!("{}/options", pointer.get()));
    let count = Memo::new(move |_| {
        work.document.read().get(&list.get()).map_or(0, |it| it.entries().len())
    });
    let is_pasting = RwSignal::new(false);
    let pasted = NodeRef::<Textarea>::new();
    let add = move |_| {
        let (pointer, at) = (list.get_untracked(), count.get_untracked());
        work.edit(|document| {
            let ids = document.get(&pointer).map(Value::entries).unwrap_or_default();
            let ids: Vec<&str> = ids.iter().filter_map(|it| it.text_of("id")).collect();
            let id = super::kinds::unused(&format!("option-{}", at + 1), &ids);
            document.insert(
                &pointer,
                at,
                Value::object([("id", Value::from(id)), ("text", "".into())]),
            )
        });
        focus_soon(format!("{pointer}/{at}/text"));
    };
    let take = move |_| {
        let Some(field) = pasted.get_untracked() else { return };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        let language = work.writing.get_untracked();
        let question = sondeo_editor::pointer::question_of(&list.get_untracked());
        if let Some(question) = question {
            work.edit(|document| {
                sondeo_editor::options::paste(document, question, &text, &language)
            });
        }
        is_pasting.set(false);
    };
    let row = move |at: usize| {
        let one = Signal::derive(move || format!("{}/{at}", list.get()));
        let number = (at + 1).to_string();
        let name = {
            let number = number.clone();
            Signal::derive(move || fill(texts().option, &[&number]))
        };
        let called = move |text: &'static str| fill(text, &[&(at + 1).to_string()]);
        let move_to = move |to: Option<usize>| {
            let list = list.get_untracked();
            if let Some(to) = to.filter(|to| *to < count.get_untracked()) {
                work.edit(|document| document.move_item(&list, at, to));
            }
        };
        view! {
            <li class="option">
                <Words
                    work
                    pointer=Signal::derive(move || format!("{}/text", one.get()))
                    label=name
                />
                <button
                    type="button"
                    class="icon"
                    aria-label=move || called(texts().option_up)
                    on:click=move |_| move_to(at.checked_sub(1))
                >
                    {sign(UP)}
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label=move || called(texts().option_down)
                    on:click=move |_| move_to(Some(at + 1))
                >
                    {sign(DOWN)}
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label=move || called(texts().remove_option)
                    on:click=move |_| {
                        let one = one.get_untracked();
                        work.edit(|document| document.remove(&one));
                    }
                >
                    {sign(CLOSE)}
                </button>
                <super::picture::Picture
                    work
                    pointer=Signal::derive(move || format!("{}/image", one.get()))
                    label=Signal::derive(move || called(texts().picture_of_option))
                    is_described=true
                />
            </li>
        }
    };
    view! {
        <fieldset class="options-edited">
            <legend>{move || texts().options}</legend>
            <ol>
                <For each=move || 0..count.get() key=|at| *at let(at)>
                    {row(at)}
                </For>
            </ol>
            <Wrongs pointer=list/>
            <div class="actions">
                <button type="button" class="quiet" on:click=add>
                    {move || texts().add_option}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-expanded=move || is_pasting.get().to_string()
                    on:click=move |_| is_pasting.update(|it| *it = !*it)
                >
                    {move || texts().paste_options}
                </button>
            </div>
            <div class="field" hidden=move || !is_pasting.get()>
                <label for=move || format!("{}-paste", element_id(&list.get()))>
                    {move || texts().paste_hint}
                </label>
                <textarea
                    id=move || format!("{}-paste", element_id(&list.get()))
                    rows="4"
                    node_ref=pasted
                ></textarea>
                <button type="button" class="quiet" on:click=take>{move || texts().paste_take}</button>
            </div>
        </fieldset>
    }
    .into_any()
}
