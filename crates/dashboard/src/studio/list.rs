//! The surveys of a site: what each is doing, and one click for what it should do.

use super::ago::ago;
use super::api::{self, Refused, Site, SiteSurvey, Step, SurveyState};
use super::destinations::{Banner, Known, Way};
use super::moments::{Moments, unused_id};
use super::place::{HERE, Place, Side};
use super::texts::texts;
use super::{local, refusal};
use crate::app::Session;
use crate::components::{Loading, main_question};
use crate::root::at;
use crate::route::{Route, Span};
use crate::words::{answers_of, fill, language, words};
use crate::{days, format, preferences};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sondeo_api::summary::Summary;
use sondeo_model::Timestamp;
use std::collections::{HashMap, HashSet};

/// Rows that are drawn at once.
const BATCH: usize = 60;
/// Surveys, at most, of which the collector gives the summaries at once.
const SUMMARIES: usize = 24;

/// Goes to the site that was looked at last, or the first one.
#[component]
pub(crate) fn Start() -> impl IntoView {
    let session = expect_context::<Session>();
    let navigate = use_navigate();
    let failure = RwSignal::new(None::<Refused>);
    let again = RwSignal::new(0_u32);
    Effect::new(move || {
        again.track();
        let navigate = navigate.clone();
        let go = move |site: String| {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(&Place::Site(site).address(), options);
        };
        if session.is_without() {
            return go(HERE.to_owned());
        }
        spawn_local(async move {
            match api::sites().await {
                Ok(sites) => {
                    let last = preferences::read("site");
                    let known = |it: &&Site| Some(&it.id) == last.as_ref();
                    match sites.iter().find(known).or(sites.first()) {
                        Some(site) => go(site.id.clone()),
                        None => failure.set(Some(Refused::Forbidden)),
                    }
                }
                Err(Refused::SignedOut) => session.end(),
                Err(refused) => failure.set(Some(refused)),
            }
        });
    });
    view! {
        <div class="wide">
            {move || match failure.get() {
                Some(failure) => {
                    let retry = move |_| again.update(|again| *again += 1);
                    view! {
                        <div class="card empty" role="alert">
                            <h1>{refusal(&failure)}</h1>
                            <button on:click=retry>{words().retry}</button>
                        </div>
                    }
                        .into_any()
                }
                None => view! { <Loading/> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// What the rows share.
#[derive(Clone, Copy)]
struct Shared {
    site: StoredValue<String>,
    rows: RwSignal<Option<Vec<SiteSurvey>>>,
    last: RwSignal<HashMap<String, Timestamp>>,
    /// What the answers of the usual days come to.
    results: RwSignal<HashMap<String, Summary>>,
    said: RwSignal<String>,
}

/// The surveys of a site.
#[component]
pub(crate) fn List(site: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let is_here = site == HERE;
    if !is_here {
        preferences::write("site", &site);
    }
    let shared = Shared {
        site: StoredValue::new(site.clone()),
        rows: RwSignal::new(None),
        last: RwSignal::new(HashMap::new()),
        results: RwSignal::new(HashMap::new()),
        said: RwSignal::new(String::new()),
    };
    let failure = RwSignal::new(None::<Refused>);
    let again = RwSignal::new(0_u32);
    let sites = RwSignal::new(Vec::<Site>::new());
    Effect::new(move || {
        again.track();
        let site = shared.site.get_value();
        if is_here {
            return shared.rows.set(Some(rows_here()));
        }
        spawn_local(async move {
            match api::surveys(&site).await {
                Ok(rows) => {
                    let _ = failure.try_set(None);
                    let _ = shared.rows.try_set(Some(rows));
                }
                Err(Refused::SignedOut) => return session.end(),
                Err(refused) => return drop(failure.try_set(Some(refused))),
            }
            // What is worth less than the list itself comes after it.
            if let Ok(found) = api::sites().await {
                let _ = sites.try_set(found);
            }
            let mut after = None;
            while let Ok(page) = api::last_answers(&site, after.as_deref()).await {
                let found = page.surveys.into_iter().map(|it| (it.survey, it.last));
                let found: Vec<_> = found.collect();
                if shared.last.try_update(|last| last.extend(found)).is_none()
                    || page.next.is_none()
                {
                    break;
                }
                after = page.next;
            }
        });
    });
    let known = (!is_here).then(|| Known::of(site));
    let is_choosing = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let shown_state = RwSignal::new(None::<SurveyState>);
    let most = RwSignal::new(BATCH);
    let wanted = Memo::new(move |_| {
        let rows = shared.rows.read();
        let sought = search.read().trim().to_lowercase();
        let state = shown_state.get();
        let is_wanted = |row: &&SiteSurvey| {
            // What is archived is out of the way until somebody asks for it.
            let in_state =
                state.map_or(row.state != SurveyState::Archived, |state| row.state == state);
            in_state && (row.name.to_lowercase().contains(&sought) || row.id.contains(&sought))
        };
        rows.iter().flatten().filter(is_wanted).map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    let asked = StoredValue::new(HashSet::<String>::new());
    Effect::new(move || {
        let visible: Vec<String> = wanted.get().into_iter().take(most.get()).collect();
        if is_here {
            return;
        }
        let rows = shared.rows.read();
        let has_answers =
            |id: &String| rows.iter().flatten().any(|it| it.id == *id && it.answers > 0);
        let new: Vec<String> = visible
            .into_iter()
            .filter(|id| has_answers(id))
            .filter(|id| asked.try_update_value(|asked| asked.insert(id.clone())) == Some(true))
            .collect();
        let site = shared.site.get_value();
        // As the results show it that a row leads to.
        let period = Route::start().span.query(days::today());
        spawn_local(async move {
            for ids in new.chunks(SUMMARIES) {
                let Ok(found) = api::summaries(&site, ids, &period).await else { return };
                let found = found.summaries.into_iter().map(|it| (it.survey.clone(), it));
                if shared.results.try_update(|results| results.extend(found)).is_none() {
                    return;
                }
            }
        });
    });
    let is_empty = Memo::new(move |_| shared.rows.read().as_ref().is_some_and(Vec::is_empty));
    let lead = move || {
        let sites = sites.read();
        let name = sites.iter().find(|it| it.id == shared.site.get_value());
        name.map(|it| fill(texts().surveys_lead, &[&it.name]))
    };
    let body = move || {
        if let Some(failure) = failure.get().filter(|_| shared.rows.read().is_none()) {
            let retry = move |_| again.update(|again| *again += 1);
            return view! {
                <div class="card empty" role="alert">
                    <h2>{refusal(&failure)}</h2>
                    <button on:click=retry>{words().retry}</button>
                </div>
            }
            .into_any();
        }
        if shared.rows.read().is_none() {
            return view! { <Loading/> }.into_any();
        }
        if is_empty.get() {
            return view! { <Moments site=shared.site.get_value() taken=Vec::new()/> }.into_any();
        }
        let visible = move || wanted.get().into_iter().take(most.get()).collect::<Vec<_>>();
        let rest = move || wanted.read().len().saturating_sub(most.get());
        view! {
            <div class="list-tools">
                <label class="search">
                    <span class="unseen">{move || texts().find}</span>
                    <input
                        type="search"
                        placeholder=move || texts().find
                        on:input=move |event| search.set(event_target_value(&event))
                    />
                </label>
                <States shown=shown_state rows=shared.rows/>
            </div>
            <ul class="rows">
                <For each=visible key=Clone::clone let(id)>
                    <Survey id shared/>
                </For>
            </ul>
            <p class="soft" hidden=move || !wanted.read().is_empty()>
                {move || texts().nothing_found}
            </p>
            <button
                class="more"
                hidden=move || rest() == 0
                on:click=move |_| most.update(|most| *most += BATCH * 4)
            >
                {move || fill(texts().show_more, &[&rest().to_string()])}
            </button>
        }
        .into_any()
    };
    let taken = move || {
        let rows = shared.rows.read();
        rows.iter().flatten().map(|it| it.id.clone()).collect::<Vec<_>>()
    };
    view! {
        <div class="head wide">
            <div>
                <h1>{move || texts().surveys}</h1>
                <p class="lead">
                    {move || if is_here { Some(texts().without_note.to_owned()) } else { lead() }}
                </p>
            </div>
            <div class="actions">
                <Sites sites here=shared.site.get_value()/>
                {known.map(|known| view! { <Way known/> })}
                <button
                    class="show"
                    hidden=move || is_empty.get()
                    aria-expanded=move || is_choosing.get().to_string()
                    on:click=move |_| is_choosing.update(|it| *it = !*it)
                >
                    {move || texts().new_survey}
                </button>
            </div>
        </div>
        <div class="wide">
            {known.map(|known| view! { <Banner known/> })}
            <p class="said" role="status">{shared.said}</p>
            {move || {
                is_choosing
                    .get()
                    .then(|| view! { <Moments site=shared.site.get_value() taken=untrack(taken)/> })
            }}
            {body}
        </div>
    }
    .into_any()
}

/// Those that are kept in this browser alone.
fn rows_here() -> Vec<SiteSurvey> {
    let row = |id: String| {
        let text = local::kept(HERE, &id).map(|it| it.text).unwrap_or_default();
        let file: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let name = file.as_ref().and_then(|file| file.get("name")?.as_str().map(str::to_owned));
        SiteSurvey {
            name: name.unwrap_or_else(|| id.clone()),
            id,
            state: SurveyState::Draft,
            version: None,
            draft: true,
            limit: None,
            full_today: false,
            answers: 0,
            last_seen: None,
            source: "here".to_owned(),
        }
    };
    local::surveys(HERE).into_iter().map(row).collect()
}

/// Which site, where there are several.
#[component]
fn Sites(sites: RwSignal<Vec<Site>>, here: String) -> impl IntoView {
    let navigate = use_navigate();
    let here = StoredValue::new(here);
    let choose = move |event| {
        navigate(&Place::Site(event_target_value(&event)).address(), NavigateOptions::default());
    };
    move || {
        let sites = sites.get();
        (sites.len() > 1).then(|| {
            let options = sites
                .into_iter()
                .map(|site| {
                    let selected = site.id == here.get_value();
                    view! { <option value=site.id selected=selected>{site.name}</option> }
                })
                .collect::<Vec<_>>();
            view! {
                <label class="by">
                    <span>{texts().site}</span>
                    <select on:change=choose.clone()>{options}</select>
                </label>
            }
        })
    }
}

pub(super) fn state_word(state: SurveyState) -> &'static str {
    match state {
        SurveyState::Draft => texts().state_draft,
        SurveyState::Running => texts().state_running,
        SurveyState::Paused => texts().state_paused,
        SurveyState::Ended => texts().state_ended,
        SurveyState::Archived => texts().state_archived,
    }
}

/// Those of a state, however many.
fn states_word(state: SurveyState) -> &'static str {
    match state {
        SurveyState::Draft => texts().states_draft,
        SurveyState::Running => texts().states_running,
        SurveyState::Paused => texts().states_paused,
        SurveyState::Ended => texts().states_ended,
        SurveyState::Archived => texts().states_archived,
    }
}

/// Only those of one state, as far as there are any.
#[component]
fn States(
    shown: RwSignal<Option<SurveyState>>,
    rows: RwSignal<Option<Vec<SiteSurvey>>>,
) -> impl IntoView {
    const ALL: [SurveyState; 5] = [
        SurveyState::Running,
        SurveyState::Paused,
        SurveyState::Draft,
        SurveyState::Ended,
        SurveyState::Archived,
    ];
    let chip = move |state: Option<SurveyState>| {
        let count = move || {
            let rows = rows.read();
            rows.iter().flatten().filter(|row| state.is_some_and(|it| it == row.state)).count()
        };
        view! {
            <label class="chip" hidden=move || state.is_some() && count() == 0>
                <input
                    type="radio"
                    name="state"
                    prop:checked=move || shown.get() == state
                    on:change=move |_| shown.set(state)
                />
                {move || match state {
                    Some(state) => format!("{} {}", states_word(state), count()),
                    None => texts().all_states.to_owned(),
                }}
            </label>
        }
    };
    view! {
        <div class="chips">
            {chip(None)} {ALL.map(|state| chip(Some(state))).into_iter().collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

/// One survey.
#[component]
fn Survey(id: String, shared: Shared) -> impl IntoView {
    let session = expect_context::<Session>();
    let site = shared.site.get_value();
    let survey = StoredValue::new(id.clone());
    let row = Memo::new(move |_| {
        let rows = shared.rows.read();
        rows.iter().flatten().find(|it| it.id == survey.get_value()).cloned()
    });
    let place =
        move |side| at(&Place::Survey(shared.site.get_value(), survey.get_value(), side).address());
    let is_busy = RwSignal::new(false);
    let take = move |step: Step| {
        let Some(row) = row.get_untracked().filter(|_| !is_busy.get_untracked()) else { return };
        let site = shared.site.get_value();
        is_busy.set(true);
        spawn_local(async move {
            let outcome = api::step(&site, &row.id, step).await;
            let _ = is_busy.try_set(false);
            let said = match outcome {
                Ok(receipt) => {
                    let _ = shared.rows.try_update(|rows| {
                        let mut rows = rows.iter_mut().flatten();
                        if let Some(row) = rows.find(|it| it.id == row.id) {
                            row.state = receipt.state;
                        }
                    });
                    let text = match step {
                        Step::Pause => texts().done_paused,
                        Step::Resume => texts().done_running,
                        Step::End => texts().done_ended,
                        Step::Archive => texts().done_archived,
                        Step::Restore => texts().done_restored,
                    };
                    fill(text, &[&row.name])
                }
                Err(Refused::SignedOut) => return session.end(),
                Err(refused) => refusal(&refused),
            };
            let _ = shared.said.try_set(said);
        });
    };
    let duplicate = move |_| {
        let Some(row) = row.get_untracked() else { return };
        let site = shared.site.get_value();
        let taken = shared.rows.with_untracked(|rows| {
            rows.iter().flatten().map(|it| it.id.clone()).collect::<Vec<_>>()
        });
        let id = unused_id(&row.id, &taken);
        spawn_local(async move {
            match copy(&site, &row, &id).await {
                Ok(name) => {
                    let made = SiteSurvey {
                        id,
                        name: name.clone(),
                        state: SurveyState::Draft,
                        version: None,
                        draft: true,
                        limit: None,
                        full_today: false,
                        answers: 0,
                        last_seen: None,
                        source: "draft".to_owned(),
                    };
                    let _ =
                        shared.rows.try_update(|rows| rows.get_or_insert_default().insert(0, made));
                    let _ = shared.said.try_set(fill(texts().done_copied, &[&name]));
                }
                Err(Refused::SignedOut) => session.end(),
                Err(refused) => drop(shared.said.try_set(refusal(&refused))),
            }
        });
    };
    let remove = move |_| {
        let Some(row) = row.get_untracked() else { return };
        local::forget(HERE, &row.id);
        shared.rows.update(|rows| rows.get_or_insert_default().retain(|it| it.id != row.id));
        shared.said.set(fill(texts().done_removed, &[&row.name]));
    };
    let results = {
        let site = site.clone();
        move || at(&format!("/dashboard/{}", crate::api::key(Some(&site), &survey.get_value())))
    };
    let is_here = site == HERE;
    let facts = move || {
        let row = row.get()?;
        let language = language();
        let last = shared.last.read().get(&row.id).map(|at| ago(language, *at));
        let version = match row.version {
            _ if row.source == "folder" => texts().from_folder.to_owned(),
            Some(version) => fill(texts().version, &[&version.to_string()]),
            None => texts().never_published.to_owned(),
        };
        let seen = row.last_seen.map(|at| ago(language, at));
        Some(view! {
            <span>{version}</span>
            {(row.draft && row.version.is_some())
                .then(|| view! { <span class="tag few">{texts().has_draft}</span> })}
            {row.full_today.then(|| view! { <span class="tag few">{texts().full_today}</span> })}
            {(!is_here).then(|| view! { <span>{answers_of(language, row.answers)}</span> })}
            {last.map(|last| view! { <span>{fill(texts().last_answer, &[&last])}</span> })}
            {seen.map(|seen| view! { <span>{fill(texts().seen_ago, &[&seen])}</span> })}
            {shared.results.read().get(&row.id).and_then(recently)}
        })
    };
    // A button for each step that makes sense now.
    let steps = move || {
        let row = row.get()?;
        let is_file = row.source == "folder";
        let steps: &[Step] = match row.state {
            _ if is_file || is_here => &[],
            SurveyState::Draft => &[Step::Archive],
            SurveyState::Running => &[Step::Pause, Step::End],
            SurveyState::Paused => &[Step::Resume, Step::End],
            SurveyState::Ended => &[Step::Resume, Step::Archive],
            SurveyState::Archived => &[Step::Restore],
        };
        let name = row.name.clone();
        let button = |step: &Step| {
            let (step, name) = (*step, name.clone());
            let word = match step {
                Step::Pause => texts().pause,
                Step::Resume => texts().resume,
                Step::End => texts().end,
                Step::Archive => texts().archive,
                Step::Restore => texts().restore,
            };
            view! {
                <button class="quiet" aria-label=format!("{word}: {name}") on:click=move |_| take(step)>
                    {word}
                </button>
            }
        };
        Some(steps.iter().map(button).collect::<Vec<_>>())
    };
    let is_file = move || row.read().as_ref().is_some_and(|row| row.source == "folder");
    let labelled = move |word: &str| {
        format!("{word}: {}", row.read().as_ref().map(|it| it.name.clone()).unwrap_or_default())
    };
    view! {
        <li class="card row" data-survey=id>
            <div class="what">
                <h2>
                    {move || {
                        let name = row.read().as_ref().map(|row| row.name.clone());
                        if is_file() {
                            view! { <span>{name}</span> }.into_any()
                        } else {
                            view! { <A href=move || place(Side::Questions)>{name}</A> }.into_any()
                        }
                    }}
                </h2>
                <p class="facts">
                    {move || {
                        let state = row.read().as_ref()?.state;
                        let class = format!("state {}", state_class(state));
                        Some(view! { <span class=class>{state_word(state)}</span> })
                    }}
                    {facts}
                </p>
            </div>
            <div class="actions">
                {steps}
                <button
                    class="quiet"
                    hidden=is_file
                    aria-label=move || labelled(texts().duplicate)
                    on:click=duplicate
                >
                    {move || texts().duplicate}
                </button>
                {(!is_here)
                    .then(|| {
                        view! {
                            <A
                                href=move || place(Side::Share)
                                attr:class="button quiet"
                                attr:aria-label=move || labelled(texts().share)
                            >
                                {move || texts().share}
                            </A>
                            <A
                                href=results
                                attr:class="button quiet"
                                attr:aria-label=move || labelled(texts().results)
                            >
                                {move || texts().results}
                            </A>
                        }
                    })}
                {is_here
                    .then(|| {
                        view! {
                            <button
                                class="quiet"
                                aria-label=move || labelled(texts().remove_local)
                                on:click=remove
                            >
                                {move || texts().remove_local}
                            </button>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}

/// The score with its interval, and how many of those asked answer.
fn recently(summary: &Summary) -> Option<impl IntoView + use<>> {
    let Span::Last(days) = Route::start().span else { return None };
    let language = language();
    let score = main_question(&summary.whole.questions, None).and_then(|it| it.metric.clone());
    let is_few = score.as_ref().is_some_and(|score| !score.enough);
    let score = score.map(|score| {
        let value = format::score(language, score.name, score.estimate.value);
        let interval = format::interval(language, score.name, &score.estimate);
        let interval = interval.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{} {value}{interval}", words().metric(score.name).short)
    });
    let rate = summary.whole.response_rate.as_ref().map(|rate| {
        let rate = format::percent(language, rate.value);
        fill(texts().answer_rate, &[&rate])
    });
    let told: Vec<String> = score.into_iter().chain(rate).collect();
    (!told.is_empty()).then(|| {
        view! {
            <span class="recently">{fill(texts().recently, &[&days.to_string(), &told.join(", ")])}</span>
            {is_few.then(|| view! { <span class="tag few">{words().too_few}</span> })}
        }
    })
}

pub(super) fn state_class(state: SurveyState) -> &'static str {
    match state {
        SurveyState::Draft => "draft",
        SurveyState::Running => "running",
        SurveyState::Paused => "paused",
        SurveyState::Ended => "ended",
        SurveyState::Archived => "archived",
    }
}

/// Makes a draft of another one's words; gives its name.
async fn copy(site: &str, row: &SiteSurvey, id: &str) -> Result<String, Refused> {
    let text = match site {
        HERE => local::kept(HERE, &row.id).map(|it| it.text).unwrap_or_default(),
        _ => api::draft(site, &row.id).await?.0,
    };
    let name = fill(texts().copy_of, &[&row.name]);
    let text = super::renamed(&text, &name)
        .ok_or_else(|| Refused::Said(fill(texts().not_a_survey, &[&row.id])))?;
    match site {
        HERE => drop(local::keep(HERE, id, None, &text)),
        _ => drop(api::save(site, id, &text, None).await?),
    }
    Ok(name)
}
