//! Publishing: what will happen in words, one button, and the tag.

use super::api::{self, Refused};
use super::refusal;
use super::share::Tag;
use super::texts::texts;
use super::when::seen_pages;
use super::work::{Saving, Work, locale};
use crate::root::at;
use crate::words::{fill, words};
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sondeo_editor::Document;
use sondeo_editor::publishing::{Entry, Facts, SeenPage, Topic, Weight, checklist};
use std::num::{NonZeroU32, ParseIntError};

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    None,
    Busy,
    Done(i64),
    Refused(Refused),
}

/// After how many answers it ends; none where nothing is said, and an error where nobody can tell what is.
fn limit_of(text: &str) -> Result<Option<NonZeroU32>, ParseIntError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// In which order they are read: of what runs already, what will be another way is what its author has to look at.
fn topics(runs: bool) -> impl Iterator<Item = Topic> {
    let is_first = move |it: &Topic| runs && matches!(it, Topic::Changes | Topic::Missing);
    let rest = Topic::ALL.into_iter().filter(move |it| !is_first(it));
    Topic::ALL.into_iter().filter(is_first).chain(rest)
}

/// The list in words, and the button that does it.
#[component]
pub(crate) fn Publish(work: Work, is_open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() {
            // What was typed last is saved before it is published.
            work.save();
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="publish"
            aria-labelledby="publish-title"
            node_ref=dialog
            on:close=move |_| is_open.set(false)
        >
            {move || is_open.get().then(|| view! { <Checklist work is_open/> })}
        </dialog>
    }
    .into_any()
}

#[component]
fn Checklist(work: Work, is_open: RwSignal<bool>) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::None);
    let limit = RwSignal::new(String::new());
    let seen = seen_pages(work);
    // The version that runs, as its author wrote it.
    let running = RwSignal::new(None::<String>);
    let version = work.row.read_untracked().as_ref().and_then(|row| row.version);
    if let Some(version) = version {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        spawn_local(async move {
            if let Ok(source) = api::version(&site, &survey, version).await {
                let _ = running.try_set(Some(source));
            }
        });
    }
    let list_of = Memo::new(move |_| {
        let document = Document::new(work.whole());
        let seen = seen.get().map(|pages| {
            let pages = pages.into_iter().map(|it| SeenPage { origin: it.origin, path: it.path });
            pages.collect::<Vec<_>>()
        });
        let running = running.get();
        let facts = Facts { running: running.as_deref(), seen: seen.as_deref(), endpoint: None };
        checklist(&document, facts, locale())
    });
    let is_limit_wrong = move || limit_of(&limit.read()).is_err();
    let can_publish = move || {
        list_of.read().may_publish() && work.saving.get() == Saving::Saved && !is_limit_wrong()
    };
    let publish = move |_| {
        if !untrack(can_publish) || outcome.get_untracked() == Outcome::Busy {
            return;
        }
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        let etag = work.etag.get_untracked().unwrap_or_default();
        // Not without an end, where one is meant.
        let Ok(limit) = limit_of(&limit.read_untracked()) else { return };
        let limit = limit.map(NonZeroU32::get);
        outcome.set(Outcome::Busy);
        spawn_local(async move {
            let found = match api::publish(&site, &survey, &etag, limit).await {
                Ok(receipt) => {
                    work.look_up();
                    Outcome::Done(receipt.version.unwrap_or_default())
                }
                Err(Refused::Changed(standing)) => {
                    let _ = work.saving.try_set(Saving::Conflict(standing));
                    let _ = is_open.try_set(false);
                    return;
                }
                Err(Refused::SignedOut) => {
                    let _ = work.saving.try_set(Saving::SignedOut);
                    let _ = is_open.try_set(false);
                    return;
                }
                Err(refused) => Outcome::Refused(refused),
            };
            let _ = outcome.try_set(found);
        });
    };
    let topic = move |topic: Topic| {
        let list = list_of.read();
        let entries: Vec<_> = list.of(topic).cloned().collect();
        if entries.is_empty() {
            return None;
        }
        let is_known = version.is_none() || running.read().is_some();
        if topic == Topic::Changes && !is_known {
            return Some(view! { <p class="soft">{words().loading}</p> }.into_any());
        }
        let item = |entry: Entry| {
            let class = match entry.weight {
                Weight::Fact => "fact",
                Weight::Doubt => "doubt",
                Weight::Obstacle => "obstacle",
            };
            view! { <li class=class dir="auto">{entry.sentence}</li> }
        };
        let items = entries.into_iter().map(item).collect::<Vec<_>>();
        Some(
            view! {
                <h3>{topic.name(locale())}</h3>
                <ul class="in-words">{items}</ul>
            }
            .into_any(),
        )
    };
    let asking = move || {
        view! {
            <div class="asking">
                <h2 id="publish-title">{move || fill(texts().publish_title, &[&work.name()])}</h2>
                // The buttons stay in sight however long the list is.
                <div class="scrolls" tabindex="0" role="region" aria-labelledby="publish-title">
                    {move || topics(version.is_some()).map(topic).collect::<Vec<_>>()}
                    <div class="field short">
                        <label for="publish-limit">{move || texts().limit_answers}</label>
                        <input
                            id="publish-limit"
                            type="text"
                            inputmode="numeric"
                            aria-invalid=move || is_limit_wrong().then_some("true")
                            aria-describedby="publish-limit-problem"
                            prop:value=limit
                            on:input=move |event| limit.set(event_target_value(&event))
                        />
                        <p class="problem" id="publish-limit-problem" role="status">
                            {move || is_limit_wrong().then(|| texts().limit_wrong)}
                        </p>
                    </div>
                </div>
                {move || match outcome.get() {
                    Outcome::Refused(refused) => {
                        Some(view! { <p class="problem" role="alert">{refusal(&refused)}</p> })
                    }
                    _ => None,
                }}
                <div class="actions">
                    <button
                        type="button"
                        class="show"
                        autofocus
                        aria-disabled=move || (!can_publish()).to_string()
                        on:click=publish
                    >
                        {move || match outcome.get() {
                            Outcome::Busy => texts().publishing,
                            _ => texts().publish_now,
                        }}
                    </button>
                    <button type="button" on:click=move |_| is_open.set(false)>
                        {move || texts().cancel}
                    </button>
                    <span class="said" role="status">
                        {move || (work.saving.get() != Saving::Saved).then(|| texts().save_first)}
                    </span>
                </div>
            </div>
        }
    };
    let is_done = Memo::new(move |_| match outcome.get() {
        Outcome::Done(version) => Some(version),
        _ => None,
    });
    let results = move || {
        let key = crate::api::key(Some(&work.site.get_value()), &work.survey.get_value());
        at(&format!("/dashboard/{key}"))
    };
    move || match is_done.get() {
        Some(version) => view! {
            <h2 id="publish-title">{fill(texts().published, &[&version.to_string()])}</h2>
            <p>{texts().published_lead}</p>
            <Tag site=work.site.get_value() survey=work.survey.get_value() in_dialog=true/>
            <div class="actions">
                <A href=results attr:class="button">{texts().watch}</A>
                <button type="button" on:click=move |_| is_open.set(false)>{texts().close}</button>
            </div>
        }
        .into_any(),
        None => asking().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::limit_of;

    #[test]
    fn a_limit_is_read_whole_or_not_at_all() {
        let limit = |text| limit_of(text).map(|limit| limit.map(u32::from));
        assert_eq!(limit(""), Ok(None));
        assert_eq!(limit(" "), Ok(None));
        assert_eq!(limit(" 500 "), Ok(Some(500)));
        for text in ["1.000", "1,000", "1 000", "500 answers", "0", "-1", "5e2", "99999999999"] {
            assert!(limit(text).is_err(), "{text}");
        }
    }
}
