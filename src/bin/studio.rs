//! The studio: for now a gallery. Each template with what it asks, the live widget, and the snippet that
//! puts it on a page.

use leptos::prelude::*;
use sondeo::model::{Display, Language, Survey, Template, Wording};

fn main() {
    leptos::mount::mount_to_body(Studio);
}

#[component]
fn Studio() -> impl IntoView {
    let language = RwSignal::new(Language::En);
    view! {
        <header class="top">
            <p class="brand">"Sondeo"</p>
            <nav aria-label="Demo">
                <a href="/shop/">"Demo shop"</a>
            </nav>
        </header>
        <main>
            <h1>"Ask one small question at the right moment"</h1>
            <p class="lead">
                "Pick a survey, try it here, and paste its snippet into your page. "
                "The answers of this page go to the collector that serves it."
            </p>
            <fieldset class="languages">
                <legend>"Language of the surveys"</legend>
                {[(Language::En, "English"), (Language::Es, "Español")]
                    .map(|(option, name)| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name="language"
                                    prop:checked=move || language.get() == option
                                    on:change=move |_| language.set(option)
                                />
                                <span lang=option.tag()>{name}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <div class="gallery">
                // A new element for each language: the engine reads an element once, when it appears.
                {move || {
                    let language = language.get();
                    Template::ALL.iter().map(|&template| view! { <Entry template language/> }).collect_view()
                }}
            </div>
        </main>
    }
}

/// One template of the gallery.
#[component]
fn Entry(template: Template, language: Language) -> impl IntoView {
    let about = About::of(template);
    let survey = template.survey(Wording::ENGLISH);
    let snippet = snippet(template, about.display, language);
    let heading = format!("{}-heading", template.word());
    let live = match about.display {
        Display::Inline => view! {
            <div
                class="live"
                data-sondeo=template.word()
                data-lang=language.tag()
            ></div>
        }
        .into_any(),
        _ => view! {
            <div
                data-sondeo=template.word()
                data-lang=language.tag()
                data-display="popover"
                data-trigger="manual"
            ></div>
            <button type="button" class="show" on:click=move |_| show(template.word())>
                "Show it"
            </button>
        }
        .into_any(),
    };
    view! {
        <article aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{about.title}</h2>
            <p>{about.moment}</p>
            <Questions survey/>
            {live}
            <Snippet snippet name=template.word()/>
        </article>
    }
}

/// What a survey asks, for those who choose one.
#[component]
fn Questions(survey: Survey) -> impl IntoView {
    let language = survey.language.clone();
    let questions = survey.questions.iter().map(|question| {
        let kind = question.kind.name().word();
        let metric = question.metric.map(|metric| view! { " · " {metric.word()} });
        view! {
            <li>
                <span lang=language.clone()>{survey.text(&question.text).to_owned()}</span>
                <small>{kind} {metric}</small>
            </li>
        }
    });
    view! { <ol class="questions">{questions.collect_view()}</ol> }
}

/// A snippet with the button that copies it.
#[component]
fn Snippet(snippet: String, name: &'static str) -> impl IntoView {
    let copied = RwSignal::new("");
    let text = snippet.clone();
    let copy = move |_| {
        let clipboard = window().navigator().clipboard();
        let promise = clipboard.write_text(&text);
        leptos::task::spawn_local(async move {
            let done = wasm_bindgen_futures::JsFuture::from(promise).await.is_ok();
            copied.set(if done { "Copied" } else { "Select the text and copy it" });
        });
    };
    view! {
        <div class="snippet">
            <pre tabindex="0" aria-label=format!("Snippet for {name}")><code>{snippet}</code></pre>
            <button type="button" on:click=copy aria-label=format!("Copy the snippet for {name}")>
                "Copy"
            </button>
            <span role="status">{copied}</span>
        </div>
    }
}

/// What a marketer wants to know of a template before trying it.
struct About {
    title: &'static str,
    moment: &'static str,
    display: Display,
}

impl About {
    fn of(template: Template) -> Self {
        match template {
            Template::PostPurchase => Self {
                title: "After a purchase",
                moment: "Two seconds after the shop reports a purchase, in a corner of the page.",
                display: Display::Popover,
            },
            Template::Csat => Self {
                title: "Satisfaction (CSAT)",
                moment: "How satisfied, on five faces. The score is the share of the top two.",
                display: Display::Popover,
            },
            Template::Ces => Self {
                title: "Effort (CES)",
                moment: "How easy it was, on seven points. The score is the mean.",
                display: Display::Popover,
            },
            Template::Nps => Self {
                title: "Recommendation (NPS)",
                moment: "From 0 to 10, then why. The score is promoters minus detractors.",
                display: Display::Popover,
            },
            Template::Ttr => Self {
                title: "Time to resolution (TTR)",
                moment: "How long a problem took to solve. The score is the median.",
                display: Display::Popover,
            },
            Template::Faq | _ => Self {
                title: "At the end of an article",
                moment: "Where its element stands, as soon as the page has loaded.",
                display: Display::Inline,
            },
        }
    }
}

/// What puts the template on a page, wherever this studio's collector runs.
fn snippet(template: Template, display: Display, language: Language) -> String {
    let name = template.word();
    let origin = window().location().origin().unwrap_or_default();
    // English needs no word: it is what any page without a language gets.
    let lang = match language {
        Language::En => String::new(),
        _ => format!("\n     data-lang=\"{}\"", language.tag()),
    };
    let endpoint = format!("data-endpoint=\"{origin}/v1/responses\"");
    match display {
        _ => format!(
            "<script async src=\"{origin}/sondeo.js\"\n     data-survey=\"{name}\"{lang}\n     {endpoint}></script>"
        ),
        Display::Inline => format!(
            "<div data-sondeo=\"{name}\"{lang}\n     {endpoint}></div>\n<script async src=\"{origin}/sondeo.js\"></script>"
        ),
    }
}

/// `sondeo.show(id)`, as any page calls it.
fn show(id: &str) {
    use js_sys::{Array, Function, Reflect};
    use wasm_bindgen::JsCast;
    let sondeo = Reflect::get(&window(), &"sondeo".into()).unwrap_or_default();
    let show = Reflect::get(&sondeo, &"show".into()).unwrap_or_default();
    if let Some(show) = show.dyn_ref::<Function>() {
        let _ = show.apply(&sondeo, &Array::of1(&id.into()));
    }
}
