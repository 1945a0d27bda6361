use super::worst::short;
use super::{Loading, Problem};
use crate::api::{self, Comment};
use crate::days;
use crate::format;
use crate::loaded::{Loaded, load};
use crate::route::{Route, current_route, go};
use crate::words::{fill, language, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What visitors wrote, newest first, with search.
#[component]
pub(crate) fn Comments(again: impl Fn() -> u32 + Send + Sync + Copy + 'static) -> impl IntoView {
    let (route, go) = (current_route(), go());
    let asked = Memo::new(move |_| {
        let route = route.get();
        let survey = api::escaped(&route.survey?);
        let search = api::escaped(&route.search);
        let query = route.span.query(days::today());
        Some(format!("/v1/surveys/{survey}/comments?limit=10&q={search}&{query}"))
    });
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
    let pending = StoredValue::new(0_u32);
    let search = move |event| {
        let text = event_target_value(&event);
        let go = go.clone();
        pending.update_value(|pending| *pending += 1);
        let mine = pending.get_value();
        // Once the reader pauses.
        set_timeout(
            move || {
                if pending.try_get_value() == Some(mine) {
                    go(&Route { search: text.clone(), ..route.get_untracked() }, true);
                }
            },
            std::time::Duration::from_millis(300),
        );
    };
    let list = move || {
        let found = found.read();
        let Some(page) = &found.value else {
            return match found.failure.clone() {
                Some(failure) => {
                    let retry = move || retried.update(|retried| *retried += 1);
                    view! { <Problem failure retry/> }.into_any()
                }
                None => view! { <Loading/> }.into_any(),
            };
        };
        let search = route.get().search;
        if page.comments.is_empty() {
            let text = match search.is_empty() {
                true => words().no_comments.to_owned(),
                false => fill(words().no_comments_found, &[&search]),
            };
            return view! { <p class="soft" role="status">{text}</p> }.into_any();
        }
        // A page that was asked again may begin with newer ones: none stands twice.
        let first = page.comments.clone();
        let further = further.get();
        let rest = further.into_iter().filter(|one| !first.iter().any(|other| is_same(one, other)));
        let all: Vec<_> = first.clone().into_iter().chain(rest).collect();
        let items = all.into_iter().map(item).collect::<Vec<_>>();
        view! { <ul class="comments">{items}</ul> }.into_any()
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
            {list}
            <button class="more" hidden=move || cursor().is_none() on:click=more>
                {move || words().more}
            </button>
        </section>
    }
}

fn is_same(one: &Comment, other: &Comment) -> bool {
    one.response == other.response && one.question == other.question
}

fn item(comment: Comment) -> impl IntoView {
    let language = language();
    let rating = comment.score.map(|rating| {
        let value = match rating.value.as_str() {
            "true" => words().yes.to_owned(),
            "false" => words().no.to_owned(),
            value => value.to_owned(),
        };
        let asked = rating.asked.unwrap_or(rating.question);
        view! { <span class="tag metric">{asked} " " {value}</span> }
    });
    let page = comment.page.map(|page| view! { <span class="page-name">{short(&page)}</span> });
    view! {
        <li>
            <p class="text" dir="auto">{comment.text}</p>
            <p class="facts">
                {rating}
                <span>{comment.asked.unwrap_or(comment.question)}</span>
                {page}
                <time datetime=comment.at.to_rfc3339()>
                    {format::moment(language, comment.at.as_millis())}
                </time>
            </p>
        </li>
    }
}
