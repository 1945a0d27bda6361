//! How the survey comes to its visitors: the one tag, a link with its code, a block for letters.

use super::ago::ago;
use super::api;
use super::download;
use super::field::{CopyButton, Pick};
use super::place::HERE;
use super::texts::texts;
use super::work::{Work, locale};
use crate::root::at;
use crate::words::{fill, language};
use js_sys::{Object, Reflect};
use leptos::html::Iframe;
use leptos::prelude::*;
use leptos::task::spawn_local;
use qrcode::QrCode;
use qrcode::render::svg;
use sondeo_editor::email_block::{Letter, email_block};
use sondeo_editor::install::{Platform, steps, tag};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::MessageEvent;

/// How often it is asked whether the tag was seen, as long as somebody waits for it.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// The address of the collector, as pages elsewhere need it.
fn collector() -> String {
    window().location().origin().unwrap_or_default() + &at("")
}

/// Everything about sharing.
#[component]
pub(crate) fn Share(work: Work) -> impl IntoView {
    let is_published = Memo::new(move |_| {
        let row = work.row.read();
        row.as_ref().is_some_and(|row| row.version.is_some())
    });
    view! {
        <section class="panel share" aria-labelledby="share-title">
            <h2 id="share-title" class="unseen">{move || texts().share}</h2>
            {move || {
                let row_is_known = work.row.read().is_some();
                (row_is_known && !is_published.get())
                    .then(|| view! { <p class="warning">{texts().not_published}</p> })
            }}
            <Tag site=work.site.get_value() survey=work.survey.get_value()/>
            {move || {
                // Whoever prints a code prints one that leads somewhere.
                if work.row.read().is_some() && !is_published.get() {
                    view! {
                        <section aria-labelledby="link-title" class="card inner">
                            <h3 id="link-title">{texts().link_title}</h3>
                            <p class="soft">{texts().link_later}</p>
                        </section>
                    }
                        .into_any()
                } else {
                    view! { <Link work/> }.into_any()
                }
            }}
            <Mail work/>
        </section>
    }
    .into_any()
}

/// The tag with its steps, and whether it was seen.
#[component]
pub(crate) fn Tag(
    site: String,
    survey: String,
    /// Beside another one: what stands in a dialog has names of its own.
    #[prop(optional)]
    in_dialog: bool,
) -> impl IntoView {
    let named = move |name: &str| if in_dialog { format!("done-{name}") } else { name.to_owned() };
    let address = StoredValue::new(format!(
        "{}/sites/{}",
        collector(),
        if site == HERE { "default" } else { &site }
    ));
    let platform = RwSignal::new(Platform::Html);
    let line = Signal::derive(move || tag(&address.get_value()));
    let options = || {
        let locale = locale();
        let option = |(at, it): (usize, Platform)| (at.to_string(), it.name(locale).to_owned());
        Platform::ALL.into_iter().enumerate().map(option).collect()
    };
    let value = move || {
        let found = Platform::ALL.into_iter().position(|it| it == platform.get());
        found.unwrap_or_default().to_string()
    };
    let choose = move |at: String| {
        let found = at.parse().ok().and_then(|at: usize| Platform::ALL.get(at).copied());
        platform.set(found.unwrap_or(Platform::Html));
    };
    let list = move || {
        let steps = steps(platform.get(), &address.get_value(), locale());
        let item = |step: sondeo_editor::install::Step| {
            let code = step.code.map(|code| {
                let text = StoredValue::new(code.text.clone());
                view! {
                    <div class="snippet">
                        <pre tabindex="0" role="region" aria-label=code.name dir="ltr">
                            {code.text}
                        </pre>
                        <CopyButton text=Signal::derive(move || text.get_value())/>
                    </div>
                }
            });
            view! { <li><p>{step.text}</p> {code}</li> }
        };
        steps.into_iter().map(item).collect::<Vec<_>>()
    };
    view! {
        <section aria-labelledby=named("tag-title") class="card inner">
            <h3 id=named("tag-title")>{move || texts().tag_title}</h3>
            <p class="soft">{move || texts().tag_lead}</p>
            <div class="snippet">
                <pre id=named("the-tag") tabindex="0" role="region" aria-label=move || texts().tag_title dir="ltr">
                    {line}
                </pre>
                <CopyButton
                    text=line
                    what=Signal::derive(|| texts().tag_title.to_owned())
                    class="show"
                />
            </div>
            <Seen site survey/>
            <details>
                <summary>{move || texts().platform}</summary>
                <Pick
                    id=Signal::stored(named("platform"))
                    label=Signal::derive(|| texts().platform.to_owned())
                    options
                    value
                    choose
                />
                <ol class="steps">{list}</ol>
            </details>
        </section>
    }
    .into_any()
}

/// Where the tag was seen, as it happens.
#[component]
fn Seen(site: String, survey: String) -> impl IntoView {
    let pages = RwSignal::new(None::<Vec<api::SeenPage>>);
    let (site, survey) = (StoredValue::new(site), StoredValue::new(survey));
    let look = move || {
        let Some(site) = site.try_get_value().filter(|site| site != HERE) else { return };
        spawn_local(async move {
            if let Ok(found) = api::seen(&site).await {
                let _ = pages.try_set(Some(found));
            }
        });
    };
    look();
    if let Ok(handle) = set_interval_with_handle(look, LOOK_AGAIN) {
        on_cleanup(move || handle.clear());
    }
    let list = move || {
        let pages = pages.get()?;
        let language = language();
        if pages.is_empty() {
            return Some(view! { <p class="soft">{texts().seen_never}</p> }.into_any());
        }
        let item = |page: api::SeenPage| {
            let host = page.origin.split("://").nth(1).unwrap_or_default().to_owned();
            let text = fill(texts().seen_on, &[&(host + &page.path), &ago(language, page.at)]);
            let is_without = !survey.with_value(|survey| page.surveys.contains(survey));
            let lacks = is_without
                .then(|| view! { <span class="soft">" · " {texts().seen_without}</span> });
            // As the page's console has it.
            let problem = |it: String| view! { <li class="problem" lang="en" dir="ltr">{it}</li> };
            let problems = page.problems.into_iter().map(problem).collect::<Vec<_>>();
            let problems = (!problems.is_empty()).then(|| {
                view! {
                    <p class="soft">{texts().seen_wrong}</p>
                    <ul class="wrong">{problems}</ul>
                }
            });
            view! { <li class:without=is_without>{text} {lacks} {problems}</li> }
        };
        // The latest come first; a page where something is wrong is not the sixth.
        let mut pages = pages;
        pages.sort_by_key(|page| page.problems.is_empty());
        let items = pages.into_iter().take(5).map(item).collect::<Vec<_>>();
        Some(view! { <ul class="seen">{items}</ul> }.into_any())
    };
    view! {
        <div class="seen-box">
            <h4>{move || texts().seen_title}</h4>
            <div role="status">{list}</div>
        </div>
    }
    .into_any()
}

/// The code of an address, as a drawing.
fn qr(address: &str) -> Option<String> {
    let code = QrCode::new(address.as_bytes()).ok()?;
    let mut drawing = code.render::<svg::Color<'_>>();
    drawing.min_dimensions(220, 220);
    drawing.dark_color(svg::Color("#000000")).light_color(svg::Color("#ffffff"));
    Some(drawing.build())
}

/// An address that asks this survey.
#[component]
fn Link(work: Work) -> impl IntoView {
    let site = work.site.get_value();
    let survey = StoredValue::new(work.survey.get_value());
    let is_hosted = site == "default" || site == HERE;
    let page = RwSignal::new(String::new());
    let link = Memo::new(move |_| {
        if is_hosted {
            return format!("{}/s/{}", collector(), survey.get_value());
        }
        let page = page.get();
        let page = page.trim();
        if page.is_empty() {
            return String::new();
        }
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}sondeo={}", survey.get_value())
    });
    let code = Memo::new(move |_| {
        let link = link.get();
        if link.is_empty() { None } else { qr(&link) }
    });
    let source = move || {
        let code = code.get()?;
        Some(format!("data:image/svg+xml,{}", crate::api::escaped(&code)))
    };
    let save = move |_| {
        if let Some(code) = code.get_untracked() {
            download(&format!("{}-qr.svg", survey.get_value()), "image/svg+xml", &code);
        }
    };
    view! {
        <section aria-labelledby="link-title" class="card inner">
            <h3 id="link-title">{move || texts().link_title}</h3>
            {if is_hosted {
                view! { <p class="soft">{move || texts().link_lead}</p> }.into_any()
            } else {
                view! {
                    <p class="soft">
                        {move || fill(texts().link_default_only, &[&survey.get_value()])}
                    </p>
                    <div class="field">
                        <label for="link-page">{move || texts().link_page}</label>
                        <input
                            id="link-page"
                            type="url"
                            placeholder="https://…"
                            prop:value=page
                            on:input=move |event| page.set(event_target_value(&event))
                        />
                    </div>
                }
                    .into_any()
            }}
            <div class="link" hidden=move || link.read().is_empty()>
                <div class="snippet">
                    <pre tabindex="0" role="region" aria-label=move || texts().link_title dir="ltr">
                        {link}
                    </pre>
                    <CopyButton text=link what=Signal::derive(|| texts().link_title.to_owned())/>
                </div>
                <img
                    class="qr"
                    src=source
                    alt=move || fill(texts().qr_alt, &[&link.get()])
                    width="180"
                    height="180"
                />
                <button type="button" class="quiet" on:click=save>{move || texts().download_qr}</button>
            </div>
        </section>
    }
    .into_any()
}

/// The first question as links, for letters.
#[component]
fn Mail(work: Work) -> impl IntoView {
    let language = work.writing;
    let site = work.site.get_value();
    let survey = StoredValue::new(work.survey.get_value());
    let is_hosted = site == "default" || site == HERE;
    let page = RwSignal::new(String::new());
    let block = Memo::new(move |_| {
        let whole = work.whole();
        let (collector, survey, language) = (collector(), survey.get_value(), language.get());
        let letter = Letter { collector: &collector, survey: &survey, language: &language };
        let made = email_block(&whole, letter);
        let html = made.map_err(|error| error.sentence(locale()))?.html;
        if is_hosted {
            return Ok(html);
        }
        // Surveys of other sites have no page here: the links lead to a page with the tag.
        let page = page.get();
        let page = page.trim();
        if page.is_empty() {
            return Err(String::new());
        }
        let mark = if page.contains('?') { '&' } else { '?' };
        let page = page.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let hosted = format!("{collector}/s/{survey}?");
        Ok(html.replace(&hosted, &format!("{page}{mark}")))
    });
    let html = Signal::derive(move || block.get().unwrap_or_default());
    // Why there is none; the frame stays while its words change.
    let reason = Memo::new(move |_| block.get().err());
    view! {
        <section aria-labelledby="mail-title" class="card inner">
            <h3 id="mail-title">{move || texts().mail_title}</h3>
            <p class="soft">{move || texts().mail_lead}</p>
            <div class="field" hidden=is_hosted>
                <label for="mail-page">{move || texts().link_page}</label>
                <input
                    id="mail-page"
                    type="url"
                    placeholder="https://…"
                    prop:value=page
                    on:input=move |event| page.set(event_target_value(&event))
                />
            </div>
            {move || {
                if let Some(reason) = reason.get() {
                    return Some(view! { <p class="soft">{reason}</p> }.into_any());
                }
                Some(
                    view! {
                        <Letter html/>
                        <details>
                            <summary>{move || texts().mail_html}</summary>
                            <pre tabindex="0" role="region" aria-label=move || texts().mail_html dir="ltr">
                                {html}
                            </pre>
                        </details>
                        <CopyButton text=html what=Signal::derive(|| texts().mail_title.to_owned())/>
                    }
                        .into_any(),
                )
            }}
        </section>
    }
    .into_any()
}

/// The block, as a mail program shows it.
#[component]
fn Letter(html: Signal<String>) -> impl IntoView {
    let frame = NodeRef::<Iframe>::new();
    let is_ready = RwSignal::new(false);
    let listener = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = event.unchecked_into();
        let said = Reflect::get(&event.data(), &"letter".into()).ok();
        if said.and_then(|it| it.as_string()).as_deref() == Some("ready") {
            let _ = is_ready.try_set(true);
        }
    });
    on_cleanup(move || listener.remove());
    Effect::new(move || {
        let html = html.get();
        let Some(page) = frame.get().and_then(|it| it.content_window()) else { return };
        if is_ready.get() {
            let message = Object::new();
            let _ = Reflect::set(&message, &"letter".into(), &html.into());
            let origin = window().location().origin().unwrap_or_default();
            let _ = page.post_message(&message, &origin);
        }
    });
    view! {
        <iframe
            class="letter"
            node_ref=frame
            title=move || texts().mail_preview
            src=at("/studio/letter.html")
        ></iframe>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::qr;

    #[test]
    fn a_code_is_a_drawing_of_its_own() {
        let drawing = qr("https://surveys.example/s/checkout").expect("a code");
        assert!(drawing.contains("<svg") && drawing.contains("#000000"));
        assert_ne!(qr("https://surveys.example/s/other").as_deref(), Some(&*drawing));
    }
}
