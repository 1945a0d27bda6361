//! The draft on one's own page, and test answers: what goes out, and what has come back (issue 16).

use super::ago::ago;
use super::api::{self, Refused, TestAnswer};
use super::refusal;
use super::texts::texts;
use super::when::seen_pages;
use super::work::{Saving, Work};
use crate::root::at;
use crate::words::{language, words};
use crate::{format, preferences};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_editor::Value;
use sondeo_model::{Answer, KindName, Value as Given};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How often it is asked what test answers there are, as long as somebody gives them.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How often, and how many times, it is looked whether the draft is saved.
const SAVED_MS: u32 = 50;
const SAVED_TRIES: u32 = 100;

/// The page with the key of a preview in its fragment, which no server is sent. An address that has a fragment already is one
/// of a router: its parameters stand behind a question mark.
fn page_with_key(page: &str, key: &str) -> Option<String> {
    let page = page.trim();
    let rest = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://"))?;
    if rest.is_empty() || rest.starts_with('/') || rest.contains(char::is_whitespace) {
        return None;
    }
    let mark = match page.split_once('#') {
        None => "#",
        Some((_, "")) => "",
        Some((_, route)) if route.contains('?') => "&",
        Some(_) => "?",
    };
    Some(format!("{page}{mark}sondeo=preview:{key}"))
}

/// Waits until the collector has what is meant, since it is the collector's draft that is shown elsewhere.
async fn saved(work: Work) -> Result<(), String> {
    work.save();
    for _ in 0..SAVED_TRIES {
        match work.saving.try_get_untracked() {
            Some(Saving::Saved) if !work.is_unsaved() => return Ok(()),
            Some(Saving::Saved | Saving::Waiting | Saving::Busy) => {}
            _ => break,
        }
        TimeoutFuture::new(SAVED_MS).await;
    }
    Err(texts().save_first.to_owned())
}

/// Saves the draft, and asks for a key to it.
async fn key(work: Work) -> Result<String, String> {
    saved(work).await?;
    let (site, survey) = (work.site.get_value(), work.survey.get_value());
    api::preview_key(&site, &survey).await.map_err(|refused| match refused {
        // Whoever signs in again finds the field above.
        Refused::SignedOut => texts().kept_session.to_owned(),
        refused => refusal(&refused),
    })
}

/// The author's own page, in a tab of its own.
#[component]
pub(crate) fn OwnPage(work: Work) -> impl IntoView {
    let site = work.site.get_value();
    let remembered = StoredValue::new(format!("own-page.{site}"));
    let page = RwSignal::new(preferences::read(&remembered.get_value()).unwrap_or_default());
    let pages = seen_pages(work);
    let seen = Memo::new(move |_| {
        let pages = pages.read();
        let addresses = pages.iter().flatten().map(|it| format!("{}{}", it.origin, it.path));
        addresses.collect::<Vec<_>>()
    });
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let first = seen.read().first().cloned();
        if let Some(first) = first.filter(|_| page.with_untracked(String::is_empty)) {
            page.set(first);
        }
    });
    let open = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let address = page.get_untracked();
        if page_with_key(&address, "").is_none() {
            return said.set(texts().own_page_wrong.to_owned());
        }
        preferences::write(&remembered.get_value(), address.trim());
        said.set(String::new());
        // Browsers let a tab be opened only while somebody acts, and the key takes longer.
        let tab = window().open_with_url_and_target("", "_blank").ok().flatten();
        let Some(tab) = tab else { return said.set(texts().own_page_blocked.to_owned()) };
        let _ = tab.set_opener(&wasm_bindgen::JsValue::NULL);
        spawn_local(async move {
            let outcome = key(work).await;
            match outcome.map(|key| page_with_key(&address, &key).unwrap_or_default()) {
                Ok(address) => drop(tab.location().replace(&address)),
                Err(reason) => {
                    let _ = tab.close();
                    let _ = said.try_set(reason);
                }
            }
        });
    };
    let options = move || {
        let option = |address: String| view! { <option value=address></option> };
        seen.get().into_iter().map(option).collect::<Vec<_>>()
    };
    view! {
        <section class="card inner try-out" aria-labelledby="own-page-title">
            <h3 id="own-page-title">{move || texts().own_page_title}</h3>
            <p class="soft">{move || texts().own_page_lead}</p>
            <form on:submit=open novalidate>
                <div class="field">
                    <label for="own-page">{move || texts().own_page}</label>
                    <input
                        id="own-page"
                        type="url"
                        dir="ltr"
                        placeholder="https://…"
                        list="own-pages"
                        aria-describedby="own-page-said"
                        aria-invalid=move || {
                            (said.get() == texts().own_page_wrong).then_some("true")
                        }
                        prop:value=page
                        on:input=move |event| page.set(event_target_value(&event))
                    />
                    <datalist id="own-pages">{options}</datalist>
                </div>
                <button type="submit">{move || texts().own_page_open}</button>
            </form>
            <p id="own-page-said" class="problem" role="status">{said}</p>
        </section>
    }
    .into_any()
}

/// Where test answers go while somebody gives them: the address of the preview's endpoint.
pub(crate) type Endpoint = RwSignal<Option<String>>;

/// Brings the preview into view, and the focus to it: the button that began has made room for another one.
fn show_preview() {
    let found = document().query_selector(".preview iframe").ok().flatten();
    let Some(frame) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    frame.scroll_into_view_with_scroll_into_view_options(&options);
    let quietly = web_sys::FocusOptions::new();
    quietly.set_prevent_scroll(true);
    let _ = frame.focus_with_options(&quietly);
}

/// Test answers: begins to give them, and shows those that have come back.
#[component]
pub(crate) fn TestAnswers(work: Work, endpoint: Endpoint) -> impl IntoView {
    let found = RwSignal::new(Vec::<TestAnswer>::new());
    let said = RwSignal::new(String::new());
    let look = move || {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        spawn_local(async move {
            if let Ok(answers) = api::test_answers(&site, &survey).await {
                let _ = found.try_update(|found| {
                    if *found != answers {
                        *found = answers;
                    }
                });
            }
        });
    };
    look();
    let again = move || {
        if endpoint.try_with_untracked(Option::is_some) == Some(true) {
            look();
        }
    };
    if let Ok(handle) = set_interval_with_handle(again, LOOK_AGAIN) {
        on_cleanup(move || handle.clear());
    }
    let begin = move |_| {
        said.set(String::new());
        let site = work.site.get_value();
        spawn_local(async move {
            match key(work).await {
                Ok(key) => {
                    let origin = window().location().origin().unwrap_or_default();
                    let path = format!("/sites/{site}/previews/{key}/responses");
                    let _ = endpoint.try_set(Some(origin + &at(&path)));
                    show_preview();
                }
                Err(reason) => drop(said.try_set(reason)),
            }
        });
    };
    let delete = move |_| {
        let (site, survey) = (work.site.get_value(), work.survey.get_value());
        spawn_local(async move {
            match api::delete_test_answers(&site, &survey).await {
                Ok(()) => drop(found.try_set(Vec::new())),
                Err(refused) => drop(said.try_set(refusal(&refused))),
            }
        });
    };
    let list = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="soft">{texts().test_none}</p> }.into_any();
        }
        let items = found.into_iter().map(|it| item(work, &it)).collect::<Vec<_>>();
        view! {
            <ul class="tests">{items}</ul>
            <button type="button" class="quiet" on:click=delete>{texts().test_delete}</button>
        }
        .into_any()
    };
    view! {
        <section class="card inner try-out" aria-labelledby="test-title">
            <h3 id="test-title">{move || texts().test_title}</h3>
            <p class="soft">{move || texts().test_lead}</p>
            {move || {
                if endpoint.read().is_some() {
                    view! {
                        <p class="notice">{texts().test_now}</p>
                        <button type="button" class="quiet" on:click=move |_| endpoint.set(None)>
                            {texts().test_end}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button type="button" on:click=begin>{texts().test_begin}</button>
                    }
                        .into_any()
                }
            }}
            <p class="problem" role="status">{said}</p>
            <div class="tests-box" role="log" tabindex="0" aria-labelledby="test-title">
                {list}
            </div>
        </section>
    }
    .into_any()
}

fn item(work: Work, response: &TestAnswer) -> impl IntoView + use<> {
    let survey = work.whole();
    let answers = response.answers.iter().map(|answer| {
        let given = said_by(&survey, &work.writing.get_untracked(), answer);
        view! {
            <dt dir="auto">{answer.text.clone()}</dt>
            <dd dir="auto">{given}</dd>
        }
    });
    let answers = answers.collect::<Vec<_>>();
    view! {
        <li>
            <p>
                <span class="tag test">{texts().test}</span>
                " "
                <span class="soft">{ago(language(), response.sent_at)}</span>
            </p>
            <dl>{answers}</dl>
        </li>
    }
}

/// The value of an answer, in the words of the draft where it has some.
fn said_by(survey: &Value, writing: &str, answer: &Answer) -> String {
    let questions = survey.at("/questions").map(Value::entries).unwrap_or_default();
    let question = questions.iter().find(|it| it.text_of("id") == Some(&answer.question));
    let options = question.and_then(|it| it.get("options")).map(Value::entries).unwrap_or_default();
    let main = sondeo_editor::texts::main_language(survey);
    let option = |id: &str| {
        let found = options.iter().find(|it| it.text_of("id") == Some(id));
        let text = found.and_then(|it| it.get("text"));
        let text = text.and_then(|text| sondeo_editor::texts::said_in(text, writing, &main));
        text.unwrap_or(id).to_owned()
    };
    let given = match &answer.value {
        Given::Boolean(true) => words().yes.to_owned(),
        Given::Boolean(false) => words().no.to_owned(),
        // A face is stored as its point: out of how many says which.
        Given::Integer(point) => match answer.points {
            Some(points) => format!("{point} / {points}"),
            None => format::count(language(), u64::try_from(*point).unwrap_or(0)),
        },
        Given::Text(text) if answer.kind == KindName::Text => text.clone(),
        Given::Text(id) => option(id),
        Given::Options(ids) => {
            let texts: Vec<String> = ids.iter().map(|id| option(id)).collect();
            texts.join(", ")
        }
    };
    match &answer.other {
        Some(other) => format!("{given}: {other}"),
        None => given,
    }
}

#[cfg(test)]
mod tests {
    use super::page_with_key;

    #[test]
    fn the_key_stands_in_the_fragment() {
        let check = |page: &str, expected: Option<&str>| {
            assert_eq!(page_with_key(page, "k").as_deref(), expected, "{page}");
        };
        check("https://shop.example/", Some("https://shop.example/#sondeo=preview:k"));
        check(" http://shop.example/a?b=c ", Some("http://shop.example/a?b=c#sondeo=preview:k"));
        check("https://shop.example/#", Some("https://shop.example/#sondeo=preview:k"));
        check("https://app.example/#/cart", Some("https://app.example/#/cart?sondeo=preview:k"));
        check(
            "https://app.example/#/cart?a=b",
            Some("https://app.example/#/cart?a=b&sondeo=preview:k"),
        );
        for wrong in ["", "shop.example", "javascript:alert(1)", "https://", "https://a b/"] {
            check(wrong, None);
        }
    }
}
