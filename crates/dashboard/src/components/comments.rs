use super::actions::separator;
use super::worst::short;
use super::{Loading, Problem};
use crate::api::{self, Comment, CommentChange, CommentState, Failure};
use crate::days;
use crate::format;
use crate::loaded::{Loaded, load};
use crate::root::at;
use crate::route::{CommentFilter, Route, current_route, go};
use crate::words::{Words, fill, language, words};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_model::ResponseId;
use std::time::Duration;

/// How long a reader pauses before what was typed counts.
const PAUSE: Duration = Duration::from_millis(300);
/// As the collector takes them.
const LONGEST_TAG_CHARS: u32 = 40;
const TAGS: &str = "comment-tags";

/// What visitors wrote, newest first: to be searched, sorted and worked off (issue 16).
#[component]
pub(crate) fn Comments(again: impl Fn() -> u32 + Send + Sync + Copy + 'static) -> impl IntoView {
    let (route, go) = (current_route(), go());
    let wanted = Memo::new(move |_| {
        let route = route.get();
        let survey = api::escaped(&route.survey?);
        let search = api::escaped(&route.search);
        let (span, chosen) = (route.span.query(days::today()), route.comments.query());
        Some((survey, format!("q={search}&{span}{chosen}")))
    });
    let asked = Memo::new(move |_| {
        let (survey, query) = wanted.get()?;
        Some(format!("/v1/surveys/{survey}/comments?limit=10&{query}"))
    });
    let as_csv = move || {
        let (survey, query) = wanted.get().unwrap_or_default();
        at(&format!("/v1/surveys/{survey}/comments.csv?{query}{}", separator()))
    };
    let retried = RwSignal::new(0_u32);
    let found: RwSignal<Loaded<api::Comments>> =
        load(move || asked.get(), move || again() + retried.get());
    // Further pages, of this address alone.
    let further = RwSignal::new(Vec::<Comment>::new());
    let next = RwSignal::new(None::<Option<String>>);
    Effect::new(move || {
        asked.track();
        further.set(Vec::new());
        next.set(None);
    });
    let cursor = move || match next.get() {
        Some(next) => next,
        None => found.read().value.as_ref().and_then(|found| found.next.clone()),
    };
    let more = move |_| {
        let (Some(address), Some(cursor)) = (asked.get_untracked(), untrack(cursor)) else {
            return;
        };
        spawn_local(async move {
            let path = format!("{address}&cursor={}", api::escaped(&cursor));
            if let Ok(page) = api::get::<api::Comments>(&path).await
                && asked.get_untracked().as_deref() == Some(&address)
            {
                further.update(|further| further.extend(page.comments));
                next.set(Some(page.next));
            }
        });
    };
    let change_soon = {
        let pending = StoredValue::new(0_u32);
        let go = go.clone();
        move |change: Box<dyn FnOnce(&mut Route)>| {
            let go = go.clone();
            pending.update_value(|pending| *pending += 1);
            let mine = pending.get_value();
            set_timeout(
                move || {
                    if pending.try_get_value() == Some(mine) {
                        let mut route = route.get_untracked();
                        change(&mut route);
                        go(&route, true);
                    }
                },
                PAUSE,
            );
        }
    };
    let search = {
        let change_soon = change_soon.clone();
        move |event| {
            let text = event_target_value(&event);
            change_soon(Box::new(|route: &mut Route| route.search = text));
        }
    };
    let all = Memo::new(move |_| {
        let found = found.read();
        let first = found.value.as_ref().map(|page| page.comments.clone()).unwrap_or_default();
        // A page that was asked again may begin with newer ones: none stands twice.
        let further = further.get().into_iter();
        let rest: Vec<_> =
            further.filter(|one| !first.iter().any(|other| key(one) == key(other))).collect();
        first.into_iter().chain(rest).collect::<Vec<_>>()
    });
    let tags = Memo::new(move |_| {
        let found = found.read();
        found.value.as_ref().map(|page| page.tags.clone()).unwrap_or_default()
    });
    let state = move || {
        let found = found.read();
        if found.value.is_none() {
            return match found.failure.clone() {
                Some(failure) => {
                    let retry = move || retried.update(|retried| *retried += 1);
                    view! { <Problem failure retry/> }.into_any()
                }
                None => view! { <Loading/> }.into_any(),
            };
        }
        if !all.read().is_empty() {
            return ().into_any();
        }
        let route = route.get();
        let text = if route.comments != CommentFilter::default() {
            words().no_comments_match.to_owned()
        } else if route.search.is_empty() {
            words().no_comments.to_owned()
        } else {
            fill(words().no_comments_found, &[&route.search])
        };
        view! { <p class="soft" role="status">{text}</p> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="comments-title">
            <header>
                <h2 id="comments-title">{move || words().comments}</h2>
                <label class="search">
                    <span class="unseen">{move || words().search_comments}</span>
                    <input
                        type="search"
                        placeholder=move || words().search
                        prop:value=route.get_untracked().search
                        on:input=search
                    />
                </label>
            </header>
            <div class="comment-filter">
                <Choice
                    name=|words| words.comment_state
                    options=STATES
                    chosen=move || route.read().comments.done.clone()
                    choose={let go = go.clone(); move |value| choose(&go, route, |it| &mut it.done, value)}
                />
                <Choice
                    name=|words| words.score_of_comments
                    options=SCORES
                    chosen=move || route.read().comments.score.clone()
                    choose={let go = go.clone(); move |value| choose(&go, route, |it| &mut it.score, value)}
                />
                <label>
                    <span>{move || words().comment_tag}</span>
                    <select
                        // The list comes later than what is chosen of it.
                        prop:value=move || { tags.track(); route.read().comments.tag.clone() }
                        on:change={
                            let go = go.clone();
                            move |event| choose(&go, route, |it| &mut it.tag, event_target_value(&event))
                        }
                    >
                        <option value="">{move || words().any_tag}</option>
                        {move || {
                            let chosen = route.read().comments.tag.clone();
                            let mut tags = tags.get();
                            if !chosen.is_empty() && !tags.contains(&chosen) {
                                tags.push(chosen);
                            }
                            let option = |tag: String| view! { <option value=tag.clone()>{tag.clone()}</option> };
                            tags.into_iter().map(option).collect::<Vec<_>>()
                        }}
                    </select>
                </label>
                <label>
                    <span>{move || words().page_holds}</span>
                    <input
                        type="text"
                        placeholder="/checkout"
                        spellcheck="false"
                        autocapitalize="off"
                        prop:value=route.get_untracked().comments.page
                        on:input={
                            let change_soon = change_soon.clone();
                            move |event| {
                                let text = event_target_value(&event);
                                change_soon(Box::new(|route: &mut Route| route.comments.page = text));
                            }
                        }
                    />
                </label>
                <label>
                    <span>{move || words().version}</span>
                    <input
                        type="number"
                        min="1"
                        prop:value=route.get_untracked().comments.version
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            change_soon(Box::new(|route: &mut Route| route.comments.version = text));
                        }
                    />
                </label>
                <a class="button quiet" href=as_csv download="" rel="external">
                    {move || words().comments_as_csv}
                </a>
            </div>
            {state}
            <datalist id=TAGS>
                {move || tags.get().into_iter().map(|tag| view! { <option value=tag></option> }).collect::<Vec<_>>()}
            </datalist>
            <ul class="comments" hidden=move || all.read().is_empty()>
                // By key, so that a tag that is being typed stays when something new arrives.
                <For
                    each=move || all.get()
                    key=|comment| (comment.response, comment.question.clone(), comment.text.clone())
                    let:comment
                >
                    <Item comment survey=move || wanted.get_untracked().map(|(survey, _)| survey)/>
                </For>
            </ul>
            <button class="more" hidden=move || cursor().is_none() on:click=more>
                {move || words().more}
            </button>
        </section>
    }
}

/// A value as it stands in the address, and its words.
type Named = (&'static str, fn(&Words) -> &'static str);

const STATES: [Named; 3] = [
    ("", |words| words.all_comments),
    ("false", |words| words.open_comments),
    ("true", |words| words.done_comments),
];
const SCORES: [Named; 4] = [
    ("", |words| words.any_score),
    ("low", |words| words.low_score),
    ("middle", |words| words.middle_score),
    ("high", |words| words.high_score),
];

/// One value of a few.
#[component]
fn Choice<const COUNT: usize>(
    name: fn(&Words) -> &'static str,
    options: [Named; COUNT],
    chosen: impl Fn() -> String + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
) -> impl IntoView {
    let options = options.map(|(value, of)| {
        view! { <option value=value>{move || of(words())}</option> }
    });
    view! {
        <label>
            <span>{move || name(words())}</span>
            <select prop:value=chosen on:change=move |event| choose(event_target_value(&event))>
                {options.into_iter().collect::<Vec<_>>()}
            </select>
        </label>
    }
}

fn choose(
    go: &impl Fn(&Route, bool),
    route: Memo<Route>,
    field: impl Fn(&mut CommentFilter) -> &mut String,
    value: String,
) {
    let mut route = route.get_untracked();
    *field(&mut route.comments) = value;
    go(&route, true);
}

fn key(comment: &Comment) -> (ResponseId, &str) {
    (comment.response, &comment.question)
}

/// A comment, and what is to be done about it.
#[component]
fn Item(comment: Comment, survey: impl Fn() -> Option<String> + 'static) -> impl IntoView {
    let language = language();
    let rating = comment.score.map(|rating| {
        let value = match rating.value.as_str() {
            "true" => words().yes.to_owned(),
            "false" => words().no.to_owned(),
            value => value.to_owned(),
        };
        let asked = rating.asked;
        view! { <span class="tag metric">{asked} " " {value}</span> }
    });
    let page = comment.page.map(|page| view! { <span class="page-name">{short(&page)}</span> });
    let version =
        comment.version.map(|version| view! { <span>{words().version} " " {version}</span> });
    let path = StoredValue::new(survey().map(|survey| {
        let [response, question] =
            [&comment.response.to_text(), &comment.question].map(|it| api::escaped(it));
        format!("/v1/surveys/{survey}/comments/{response}/{question}")
    }));
    let work = RwSignal::new(CommentState { done: comment.done, tags: comment.tags });
    let failure = RwSignal::new(None::<Failure>);
    // What the collector says is what stands there; until it has said it, what was wanted.
    let change = move |wanted: CommentState| {
        let Some(path) = path.get_value() else { return };
        let before = work.get_untracked();
        work.set(wanted.clone());
        failure.set(None);
        spawn_local(async move {
            match api::change(&path, &CommentChange::from(wanted)).await {
                Ok(now) => _ = work.try_set(now),
                Err(why) => {
                    let _ = work.try_set(before);
                    let _ = failure.try_set(Some(why));
                }
            }
        });
    };
    let complete = move |event| {
        change(CommentState { done: event_target_checked(&event), ..work.get_untracked() });
    };
    let remove = move |tag: &str| {
        let mut wanted = work.get_untracked();
        wanted.tags.retain(|own| own != tag);
        change(wanted);
    };
    let typed = RwSignal::new(String::new());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let tag = typed.get_untracked().trim().to_lowercase();
        let mut wanted = work.get_untracked();
        typed.set(String::new());
        if !tag.is_empty() && !wanted.tags.contains(&tag) {
            wanted.tags.push(tag);
            change(wanted);
        }
    };
    let wrong = move || {
        failure.get().map(|why| match why {
            Failure::Refused(reason) => fill(words().not_saved, &[&reason]),
            _ => fill(words().not_saved, &[words().no_connection]),
        })
    };
    view! {
        <li class:done=move || work.read().done>
            <p class="text" dir="auto">{comment.text}</p>
            <p class="facts">
                {rating}
                <span>{comment.asked.unwrap_or(comment.question)}</span>
                {page}
                {version}
                <time datetime=comment.at.to_rfc3339()>
                    {format::moment(language, comment.at.as_millis())}
                </time>
            </p>
            <div class="comment-work">
                <label class="check">
                    <input type="checkbox" prop:checked=move || work.read().done on:change=complete/>
                    <span>{move || words().comment_done}</span>
                </label>
                <For each=move || work.get().tags key=String::clone let:tag>
                    <span class="tag">
                        <bdi>{tag.clone()}</bdi>
                        <button
                            class="remove"
                            aria-label={let tag = tag.clone(); move || fill(words().remove_tag, &[&tag])}
                            on:click=move |_| remove(&tag)
                        ></button>
                    </span>
                </For>
                <form on:submit=add>
                    <input
                        type="text"
                        list=TAGS
                        maxlength=LONGEST_TAG_CHARS
                        aria-label=move || words().add_tag
                        placeholder=move || words().add_tag
                        prop:value=move || typed.get()
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                </form>
                <p class="wrong" role="alert">{wrong}</p>
            </div>
        </li>
    }
}
