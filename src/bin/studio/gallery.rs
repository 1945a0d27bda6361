//! All of it: every template in both themes and both directions, and in every display.

use crate::about::{GROUPS, about};
use crate::choice::{Choice, Look};
use crate::floating::Floating;
use crate::frame::Frame;
use crate::live::{Ask, Live};
use crate::near::Near;
use leptos::prelude::*;
use sondeo::model::{Direction, Display, Language, Template, Theme};

/// Every template.
#[component]
pub(crate) fn Gallery(choice: RwSignal<Choice>, floating: Floating) -> impl IntoView {
    let entry = move |template: Template| {
        let [title, purpose] = about(template);
        let id = format!("gallery-{}", template.as_str());
        let take = move |_| choice.write().template = template;
        view! {
            <section class="entry" aria-labelledby=id.clone()>
                <header>
                    <h3 id=id.clone()>{title} <code>{template.as_str()}</code></h3>
                    <p>{purpose}</p>
                    <a
                        href="#choose"
                        aria-label=format!("Use this survey: {title}")
                        on:click=take
                    >
                        "Use this survey"
                    </a>
                </header>
                <Near>
                    <Cells survey=template.as_str().to_owned() title choice floating/>
                </Near>
            </section>
        }
    };
    let templates = GROUPS.iter().flat_map(|(_, templates)| *templates);
    view! {
        <section class="gallery wide" id="gallery" aria-labelledby="gallery-heading">
            <h2 id="gallery-heading">"Every survey, in every form"</h2>
            <p class="lead">
                "Live, in light and dark, from left to right and from right to left, in the language and accent chosen above."
            </p>
            {templates.map(|template| entry(*template)).collect_view()}
        </section>
    }
}

/// One survey in both themes and both directions.
#[component]
pub(crate) fn Cells(
    survey: String,
    /// Names the survey to people.
    #[prop(into)]
    title: String,
    choice: RwSignal<Choice>,
    floating: Floating,
) -> impl IntoView {
    let cell = |(theme, direction)| {
        let look = Memo::new(move |_| {
            let chosen = choice.get().look;
            let language = in_direction(chosen.language, direction);
            Look { theme, language, display: Display::Inline, ..chosen }
        });
        let (inline, floated) = (survey.clone(), survey.clone());
        let ask = move || ask(&inline, look.get());
        let show = move |display| floating.show(ask_floating(&floated, look.get(), display));
        let what = match theme {
            Theme::Dark => "Dark",
            _ => "Light",
        };
        let label = format!("{title}, {}, {}, as a", what.to_lowercase(), direction.attribute());
        view! {
            <div class="cell">
                <div class="forms" role="group" aria-label=label>
                    <span>{what} " · " {move || look.read().language.tag()}</span>
                    <Forms show/>
                </div>
                <Frame look>
                    <Live ask=Signal::derive(ask)/>
                </Frame>
            </div>
        }
    };
    let cells = [
        (Theme::Light, Direction::LeftToRight),
        (Theme::Dark, Direction::LeftToRight),
        (Theme::Light, Direction::RightToLeft),
        (Theme::Dark, Direction::RightToLeft),
    ];
    view! { <div class="cells">{cells.map(cell).collect_view()}</div> }
}

/// The displays that float.
#[component]
fn Forms(show: impl Fn(Display) + Clone + 'static) -> impl IntoView {
    [Display::Popover, Display::Dialog, Display::Bar, Display::Tab, Display::Page]
        .map(|display| {
            let show = show.clone();
            view! {
                <button type="button" class="plain" on:click=move |_| show(display)>
                    {display.as_str()}
                </button>
            }
        })
        .collect_view()
}

fn ask(survey: &str, look: Look) -> Ask {
    Ask { survey: survey.to_owned(), look, is_preview: true, turn: 0 }
}

fn ask_floating(survey: &str, look: Look, display: Display) -> Ask {
    ask(survey, Look { display, ..look })
}

/// The chosen language, or one that is written in this direction.
fn in_direction(chosen: Language, direction: Direction) -> Language {
    match direction {
        _ if Direction::of(chosen.tag()) == direction => chosen,
        Direction::LeftToRight => Language::En,
        Direction::RightToLeft => Language::Ar,
    }
}
