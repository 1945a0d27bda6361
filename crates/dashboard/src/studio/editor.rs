//! One survey: its sides, its preview, and what is done with it.

use super::api::{Refused, Step, SurveyState};
use super::conflict::Conflict;
use super::field::{Wrong, element_id};
use super::file::{self, File};
use super::languages::Languages;
use super::list::{state_class, state_word};
use super::look::Look;
use super::place::{Place, Side, current_place};
use super::preview::Preview;
use super::publish::Publish;
use super::questions::{Questions, focus_element_soon, focus_soon};
use super::share::Share;
use super::sign_in_again::SignInAgain;
use super::texts::texts;
use super::versions::Versions;
use super::when::When;
use super::work::{Opened, Saving, Work, locale};
use super::{api, local, refusal};
use crate::app::Session;
use crate::components::Loading;
use crate::root::at;
use crate::words::{fill, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sondeo_editor::Document;
use wasm_bindgen::JsCast;
use web_sys::{BeforeUnloadEvent, Element, KeyboardEvent};

/// Opens the draft, and shows the side that the address names.
#[component]
pub(crate) fn Editor(site: String, survey: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let opened = RwSignal::new(None::<Result<Opened, Refused>>);
    let owner = Owner::current();
    let names = StoredValue::new((site, survey));
    let open = move || {
        let owner = owner.clone();
        opened.set(None);
        spawn_local(async move {
            let (site, survey) = names.get_value();
            let found = Work::open(&site, &survey);
            // What is made of it lives as long as this editor.
            let found = match owner {
                Some(owner) => {
                    owner.with(|| leptos::reactive::computed::ScopedFuture::new(found)).await
                }
                None => found.await,
            };
            if found.as_ref().err() == Some(&Refused::SignedOut) {
                return session.end();
            }
            let _ = opened.try_set(Some(found));
        });
    };
    open();
    move || match opened.get() {
        None => view! { <div class="wide"><Loading/></div> }.into_any(),
        Some(Ok(Opened::Work(work))) => view! { <Desk work/> }.into_any(),
        Some(Ok(Opened::Broken(text, error))) => view! {
            <div class="wide">
                <div class="card">
                    <h1>{names.get_value().1}</h1>
                    <p class="problem">{move || error.sentence(locale())}</p>
                    <pre dir="ltr">{text}</pre>
                </div>
            </div>
        }
        .into_any(),
        Some(Err(refused)) => {
            let again = open.clone();
            view! {
                <div class="wide">
                    <div class="card empty" role="alert">
                        <h1>{refusal(&refused)}</h1>
                        <button on:click=move |_| again()>{words().retry}</button>
                    </div>
                </div>
            }
            .into_any()
        }
    }
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Questions => texts().questions,
        Side::When => texts().when_where,
        Side::Look => texts().look,
        Side::Languages => texts().languages,
        Side::File => texts().file,
        Side::Versions => texts().versions,
        Side::Share => texts().share,
    }
}

/// On which side the field of a pointer is.
fn side_of(pointer: &str) -> Side {
    let first = pointer.split('/').nth(1).unwrap_or_default();
    match first {
        "questions" | "endings" | "thanks" => Side::Questions,
        "trigger" | "delay" | "url" | "device" | "when" | "sample" | "recontact" | "snooze"
        | "from" | "until" => Side::When,
        "accent" | "radius" | "theme" | "display" | "position" | "font" | "logo" => Side::Look,
        _ => Side::File,
    }
}

#[component]
fn Desk(work: Work) -> impl IntoView {
    let place = current_place();
    let wrong = Wrong::of(work);
    provide_context(wrong);
    work.look_up();
    let side = Memo::new(move |_| match place.get() {
        Some(Place::Survey(_, _, side)) => side,
        _ => Side::Questions,
    });
    let is_publishing = RwSignal::new(false);
    let keys = window_event_listener(leptos::ev::keydown, move |event| shortcut(work, &event));
    let leaving = window_event_listener_untyped("beforeunload", move |event| {
        let is_unsaved = work.is_unsaved();
        if is_unsaved {
            work.keep();
        }
        if is_unsaved || work.typed.try_with_untracked(Option::is_some) == Some(true) {
            let event: BeforeUnloadEvent = event.unchecked_into();
            event.prevent_default();
            event.set_return_value("unsaved");
        }
    });
    let online = window_event_listener_untyped("online", move |_| work.save());
    on_cleanup(move || {
        keys.remove();
        leaving.remove();
        online.remove();
        // Whoever goes to another page of the studio takes nothing along that is not saved.
        work.save();
        work.leave_behind();
    });
    let page = web_sys::window().and_then(|window| window.document());
    Effect::new(move || {
        if let Some(page) = &page {
            page.set_title(&format!("{} · {}", work.name(), texts().studio));
        }
    });
    let has_preview = Memo::new(move |_| {
        matches!(
            side.get(),
            Side::Questions | Side::When | Side::Look | Side::Languages | Side::File
        )
    });
    let tabs = move || {
        let here = work.is_here();
        let tab = |one: Side| {
            let there = move || {
                let (site, survey) = (work.site.get_value(), work.survey.get_value());
                at(&Place::Survey(site, survey, one).address())
            };
            view! {
                <li>
                    <A href=there exact=true>{move || side_word(one)}</A>
                </li>
            }
        };
        let all = Side::ALL.into_iter().filter(move |it| !here || *it != Side::Versions);
        all.map(tab).collect::<Vec<_>>()
    };
    let body = move || match side.get() {
        Side::Questions => view! { <Questions work/> }.into_any(),
        Side::When => view! { <When work/> }.into_any(),
        Side::Look => view! { <Look work/> }.into_any(),
        Side::Languages => view! { <Languages work/> }.into_any(),
        Side::File => view! { <File work/> }.into_any(),
        Side::Versions => view! { <Versions work/> }.into_any(),
        Side::Share => view! { <Share work/> }.into_any(),
    };
    view! {
        <div class="wide desk">
            <Head work is_publishing/>
            <nav class="sides" aria-label=move || work.name()>
                <ul>{tabs}</ul>
                <a class="to-preview" href="#preview-title" hidden=move || !has_preview.get()>
                    {move || texts().to_preview}
                </a>
            </nav>
            {move || match work.saving.get() {
                Saving::Conflict(standing) => {
                    Some(view! { <Conflict work standing=*standing/> }.into_any())
                }
                Saving::SignedOut => {
                    let done = move |()| {
                        let _ = work.saving.try_set(Saving::Waiting);
                        work.save();
                    };
                    let lead = || texts().kept_session;
                    Some(view! { <SignInAgain lead done=Callback::new(done)/> }.into_any())
                }
                _ => None,
            }}
            <Typed work side/>
            <Mended work/>
            <div class="work" class:alone=move || !has_preview.get()>
                <div>{body}</div>
                <div class="aside" hidden=move || !has_preview.get()>
                    <Preview work/>
                </div>
            </div>
            <Publish work is_open=is_publishing/>
        </div>
    }
    .into_any()
}

/// Undo and redo by the keys that every program has; inside the file's own field they are the browser's.
fn shortcut(work: Work, event: &KeyboardEvent) {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return;
    }
    let key = event.key().to_lowercase();
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let is_own = |it: Element| it.id() == file::FIELD || it.class_name() == file::EDITOR_CLASS;
    if matches!(&*key, "z" | "y") && target.is_some_and(is_own) {
        return;
    }
    let is_redo = (key == "z" && event.shift_key()) || (key == "y" && !event.shift_key());
    match &*key {
        _ if is_redo => work.redo(),
        "z" => work.undo(),
        "s" => work.save(),
        _ => return,
    }
    event.prevent_default();
}

/// The name, what it is doing, whether it is saved; undo, redo, publish.
#[component]
fn Head(work: Work, is_publishing: RwSignal<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let wrong = expect_context::<Wrong>();
    let name = Memo::new(move |_| work.name());
    let back = move || at(&Place::Site(work.site.get_value()).address());
    let saved = move || match work.saving.get() {
        Saving::Saved if work.is_here() => texts().kept_here.to_owned(),
        Saving::Saved => texts().saved.to_owned(),
        Saving::Waiting => texts().unsaved.to_owned(),
        Saving::Busy => texts().saving.to_owned(),
        Saving::Offline => texts().kept_network.to_owned(),
        Saving::SignedOut => texts().kept_session.to_owned(),
        Saving::Refused(refused) => fill(texts().not_saved, &[&refusal(&refused)]),
        Saving::Conflict(_) => texts().conflict_title.to_owned(),
    };
    let is_worrying =
        move || !matches!(work.saving.get(), Saving::Saved | Saving::Waiting | Saving::Busy);
    let said = RwSignal::new(String::new());
    let step = move |step: Step| {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        spawn_local(async move {
            let text = match api::step(&site, &survey, step).await {
                Ok(receipt) => {
                    work.row.update(|row| {
                        if let Some(row) = row {
                            row.state = receipt.state;
                        }
                    });
                    let text = match step {
                        Step::Pause => texts().done_paused,
                        _ => texts().done_running,
                    };
                    fill(text, &[&work.name()])
                }
                Err(refused) => refusal(&refused),
            };
            let _ = said.try_set(text);
        });
    };
    let state = move || {
        let row = work.row.get()?;
        let class = format!("state {}", state_class(row.state));
        let switch = match row.state {
            SurveyState::Running => Some((Step::Pause, texts().pause)),
            SurveyState::Paused | SurveyState::Ended => Some((Step::Resume, texts().resume)),
            _ => None,
        };
        let version = row.version.map(|version| fill(texts().version, &[&version.to_string()]));
        Some(view! {
            <span class=class>{state_word(row.state)}</span>
            {version.map(|version| view! { <span>{version}</span> })}
            // What is saved is not what visitors read, and this line is where its author looks.
            {(row.draft && row.version.is_some())
                .then(|| view! { <span class="tag few">{texts().has_draft}</span> })}
            {switch
                .map(|(taken, word)| {
                    view! {
                        <button type="button" class="quiet" on:click=move |_| step(taken)>
                            {word}
                        </button>
                    }
                })}
        })
    };
    // What is published as it stands needs no loud button.
    let has_news = move || {
        let row = work.row.read();
        let is_published = row.as_ref().is_some_and(|row| row.version.is_some() && !row.draft);
        !is_published || work.saving.get() != Saving::Saved
    };
    let count = move || wrong.0.read().len();
    let navigate = use_navigate();
    let problems = move || {
        let all = wrong.0.get();
        if all.is_empty() {
            return None;
        }
        let label = match all.len() {
            1 => texts().problems_one.to_owned(),
            count => fill(texts().problems_many, &[&count.to_string()]),
        };
        let item = |it: sondeo_editor::Problem| {
            let navigate = navigate.clone();
            let pointer = StoredValue::new(it.path.clone());
            let go = move |_| {
                let pointer = pointer.get_value();
                let (site, survey) = (work.site.get_value(), work.survey.get_value());
                let place = Place::Survey(site, survey, side_of(&pointer));
                navigate(&place.address(), NavigateOptions { scroll: false, ..Default::default() });
                if let Some(question) = sondeo_editor::pointer::question_of(&pointer) {
                    work.looked_at.set(question);
                }
                let is_a_field = document().get_element_by_id(&element_id(&pointer)).is_some();
                if !is_a_field && side_of(&pointer) == Side::File {
                    focus_element_soon(file::FIELD.to_owned());
                }
                focus_soon(pointer);
            };
            view! {
                <li>
                    <button type="button" class="link" on:click=go>{it.message}</button>
                </li>
            }
        };
        let items = all.into_iter().map(item).collect::<Vec<_>>();
        Some(view! {
            <details class="to-mend">
                <summary>{label}</summary>
                <ul>{items}</ul>
            </details>
        })
    };
    let navigate_on = use_navigate();
    // What was built without an account goes on as a draft of a site.
    let take_along = move |_| {
        if session.is_without() {
            return session.end();
        }
        let navigate = navigate_on.clone();
        let survey = work.survey.get_value();
        let text = work.document.with_untracked(Document::text);
        spawn_local(async move {
            let outcome = async {
                let sites = api::sites().await?;
                let last = crate::preferences::read("site");
                let found = sites.iter().find(|it| Some(&it.id) == last.as_ref());
                let site = found.or(sites.first()).ok_or(Refused::Forbidden)?.id.clone();
                let rows = api::surveys(&site).await?;
                let taken: Vec<String> = rows.into_iter().map(|it| it.id).collect();
                let id = super::moments::unused_id(&survey, &taken);
                let mut document = Document::open(&text).map_err(|_| Refused::NotFound)?;
                if !document.text_at("/id").is_empty() {
                    let _ = document.set("/id", id.as_str());
                }
                api::save(&site, &id, &document.text(), None).await?;
                Ok(Place::Survey(site, id, Side::Questions))
            };
            match outcome.await {
                Ok(place) => {
                    local::forget(super::place::HERE, &survey);
                    navigate(&place.address(), NavigateOptions::default());
                }
                Err(Refused::SignedOut) => session.end(),
                Err(refused) => drop(said.try_set(refusal(&refused))),
            }
        });
    };
    let can = move |what: fn(&Document) -> bool| move || (!work.document.with(what)).to_string();
    view! {
        <div class="head survey-head">
            <div>
                <p class="crumbs">
                    <A href=back>{move || texts().back_to_surveys}</A>
                </p>
                <h1>{name}</h1>
                <p class="facts">
                    {state}
                    <span class="saved" class:worrying=is_worrying role="status">{saved}</span>
                </p>
                <p class="said" role="status">{said}</p>
            </div>
            <div class="actions">
                <button
                    type="button"
                    class="quiet"
                    aria-disabled=can(Document::can_undo)
                    aria-keyshortcuts="Control+Z"
                    on:click=move |_| work.undo()
                >
                    {move || texts().undo}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-disabled=can(Document::can_redo)
                    aria-keyshortcuts="Control+Shift+Z"
                    on:click=move |_| work.redo()
                >
                    {move || texts().redo}
                </button>
                {if work.is_here() {
                    view! {
                        <button type="button" class="show" on:click=take_along>
                            {move || match session.is_without() {
                                true => texts().sign_in_to_publish,
                                false => texts().take_along,
                            }}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class=move || if has_news() { "show" } else { "quiet" }
                            on:click=move |_| is_publishing.set(true)
                        >
                            {move || texts().publish}
                        </button>
                    }
                        .into_any()
                }}
            </div>
        </div>
        <div class="head-tools">
            <details class="rename">
                <summary>{move || texts().rename}</summary>
                <div class="field">
                    <label for="survey-name">{move || texts().name}</label>
                    <input
                        id="survey-name"
                        type="text"
                        aria-describedby="survey-name-hint"
                        prop:value=move || work.document.read().text_at("/name").to_owned()
                        on:input=move |event| work.set_typing("/name", event_target_value(&event))
                    />
                    <span class="hint" id="survey-name-hint">{move || texts().name_hint}</span>
                </div>
            </details>
            <div>
                <p class="soft" hidden=move || count() != 0>{move || texts().no_problems}</p>
                {problems}
            </div>
        </div>
    }
    .into_any()
}

/// What an edit has changed beside what was meant, until the next one.
#[component]
fn Mended(work: Work) -> impl IntoView {
    let sentences = move || {
        let mended = work.mended.get();
        let locale = locale();
        mended.iter().map(|it| view! { <li>{it.sentence(locale)}</li> }).collect::<Vec<_>>()
    };
    view! {
        <div class="notice" role="status" hidden=move || work.mended.read().is_empty()>
            <ul>{sentences}</ul>
            <button type="button" class="quiet" on:click=move |_| work.mended.set(Vec::new())>
                {move || texts().close}
            </button>
        </div>
    }
    .into_any()
}

/// What is typed into the file and is no survey is seen on the file's side alone.
#[component]
fn Typed(work: Work, side: Memo<Side>) -> impl IntoView {
    let there = move || {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        at(&Place::Survey(site, survey, Side::File).address())
    };
    let is_seen = move || work.typed.read().is_none() || side.get() == Side::File;
    view! {
        <div class="notice" role="status" hidden=is_seen>
            <span>{move || texts().file_waits}</span>
            <A href=there>{move || texts().file_back}</A>
        </div>
    }
    .into_any()
}
