//! What was published: who, when, what was different; and the way back.

use super::api::{self, Refused, Version};
use super::changes::Changes;
use super::refusal;
use super::texts::texts;
use super::work::Work;
use crate::app::Session;
use crate::components::Loading;
use crate::format;
use crate::words::{fill, language, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The versions, the latest first.
#[component]
pub(crate) fn Versions(work: Work) -> impl IntoView {
    let session = expect_context::<Session>();
    let versions = RwSignal::new(None::<Vec<Version>>);
    let failure = RwSignal::new(None::<Refused>);
    let said = RwSignal::new(String::new());
    let again = RwSignal::new(0_u32);
    let (site, survey) = (work.site.get_value(), work.survey.get_value());
    let here = (site.clone(), survey.clone());
    Effect::new(move || {
        again.track();
        let (site, survey) = here.clone();
        if work.is_here() {
            return versions.set(Some(Vec::new()));
        }
        spawn_local(async move {
            match api::versions(&site, &survey).await {
                Ok(found) => drop(versions.try_set(Some(found))),
                Err(Refused::SignedOut) => session.end(),
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    });
    let roll_back = move |version: i64| {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        spawn_local(async move {
            let text = match api::roll_back(&site, &survey, version).await {
                Ok(receipt) => {
                    let made = receipt.version.unwrap_or_default().to_string();
                    again.update(|again| *again += 1);
                    work.look_up();
                    fill(texts().rolled_back, &[&made, &version.to_string()])
                }
                Err(Refused::SignedOut) => return session.end(),
                Err(refused) => refusal(&refused),
            };
            let _ = said.try_set(text);
        });
    };
    let item = move |(at, version): (usize, Version)| {
        let number = version.version;
        let is_latest = at == 0;
        let restored = version.restored;
        let by_at = {
            let version = version.clone();
            move || {
                let at = format::moment(language(), version.published_at.as_millis());
                fill(texts().by_at, &[&at, super::who(&version.published_by)])
            }
        };
        let earlier = number - 1;
        let is_open = RwSignal::new(false);
        view! {
            <li class="card version-row">
                <h3>
                    {move || fill(texts().version, &[&number.to_string()])}
                    {is_latest
                        .then(|| {
                            let runs = move || {
                                let row = work.row.read();
                                row.as_ref().is_some_and(|it| it.state == api::SurveyState::Running)
                            };
                            view! {
                                " "
                                <span class="tag metric" hidden=move || !runs()>
                                    {move || texts().runs_now}
                                </span>
                            }
                        })}
                </h3>
                <p class="facts">
                    <span>{by_at}</span>
                    {restored
                        .map(|restored| {
                            view! {
                                <span>
                                    {move || fill(texts().restored_from, &[&restored.to_string()])}
                                </span>
                            }
                        })}
                </p>
                {(earlier > 0)
                    .then(|| {
                        view! {
                            <details on:toggle=move |_| is_open.set(true)>
                                <summary>{move || texts().difference}</summary>
                                {move || {
                                    is_open.get().then(|| view! { <Between work earlier number/> })
                                }}
                            </details>
                        }
                    })}
                {(!is_latest)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="quiet"
                                on:click=move |_| roll_back(number)
                            >
                                {move || fill(texts().roll_back, &[&number.to_string()])}
                            </button>
                        }
                    })}
            </li>
        }
    };
    let body = move || {
        if let Some(failure) = failure.get() {
            let retry = move |_| {
                failure_reset(again);
            };
            return view! {
                <p class="problem" role="alert">{refusal(&failure)}</p>
                <button on:click=retry>{words().retry}</button>
            }
            .into_any();
        }
        match versions.get() {
            None => view! { <Loading/> }.into_any(),
            Some(versions) if versions.is_empty() => {
                view! { <p class="soft">{texts().no_versions}</p> }.into_any()
            }
            Some(versions) => {
                let items = versions.into_iter().enumerate().map(item).collect::<Vec<_>>();
                view! { <ol class="version-list">{items}</ol> }.into_any()
            }
        }
    };
    view! {
        <section class="panel" aria-labelledby="versions-title">
            <h2 id="versions-title" class="unseen">{move || texts().versions}</h2>
            <p class="soft">{move || texts().versions_lead}</p>
            <p class="said" role="status">{said}</p>
            {body}
        </section>
    }
    .into_any()
}

fn failure_reset(again: RwSignal<u32>) {
    again.update(|again| *again += 1);
}

/// What a version has changed of the one before.
#[component]
fn Between(work: Work, earlier: i64, number: i64) -> impl IntoView {
    let sources = RwSignal::new(None::<(String, String)>);
    let (site, survey) = (work.site.get_value(), work.survey.get_value());
    spawn_local(async move {
        let before = api::version(&site, &survey, earlier).await;
        let after = api::version(&site, &survey, number).await;
        if let (Ok(before), Ok(after)) = (before, after) {
            let _ = sources.try_set(Some((before, after)));
        }
    });
    move || match sources.get() {
        Some((before, after)) => {
            view! { <Changes before=Signal::stored(before) after=Signal::stored(after)/> }
                .into_any()
        }
        None => view! { <Loading/> }.into_any(),
    }
}
