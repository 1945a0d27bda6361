//! How it looks: display, position, theme, language and accent.

use crate::about;
use crate::choice::{Choice, Look};
use crate::radio::Radio;
use leptos::prelude::*;
use sondeo::model::{Direction, Display, Language, Position, Theme};

/// The colours offered beside the widget's own and one's own.
const ACCENTS: [(&str, &str); 7] = [
    ("#1d4ed8", "Blue"),
    ("#7c3aed", "Violet"),
    ("#be185d", "Pink"),
    ("#c2410c", "Orange"),
    ("#15803d", "Green"),
    ("#111827", "Black"),
    ("#ffff00", "Yellow"),
];

/// One part of the look, to be read and set.
fn part<T: PartialEq + Copy + Send + Sync + 'static>(
    choice: RwSignal<Choice>,
    value: T,
    place: fn(&mut Look) -> &mut T,
) -> (Signal<bool>, Callback<()>) {
    let is_it = Signal::derive(move || *place(&mut choice.get().look) == value);
    let set = Callback::new(move |()| *place(&mut choice.write().look) = value);
    (is_it, set)
}

/// The panel.
#[component]
pub(crate) fn Settings(choice: RwSignal<Choice>) -> impl IntoView {
    view! {
        <div class="settings">
            <Displays choice/>
            <Show when=move || !choice.read().look.places().is_empty()>
                <Positions choice/>
            </Show>
            <Themes choice/>
            <Languages choice/>
            <Accents choice/>
        </div>
    }
}

#[component]
fn Displays(choice: RwSignal<Choice>) -> impl IntoView {
    let tile = |display: &Display| {
        let display = *display;
        let (checked, choose) = part(choice, display, |look| &mut look.display);
        view! {
            <Radio name="display" class="tile" checked choose>
                <span class=format!("sketch {}", display.as_str()) aria-hidden="true">
                    <i></i>
                </span>
                <span>{about::display(display)[0]}</span>
            </Radio>
        }
    };
    view! {
        <fieldset class="tiles">
            <legend>"Display"</legend>
            {[
                Display::Inline,
                Display::Popover,
                Display::Dialog,
                Display::Bar,
                Display::Tab,
                Display::Page,
            ]
                .each_ref()
                .map(tile)
                .collect_view()}
            <p class="hint">{move || about::display(choice.read().look.display)[1]}</p>
        </fieldset>
    }
}

#[component]
fn Positions(choice: RwSignal<Choice>) -> impl IntoView {
    let spot = move |position: &Position| {
        let position = *position;
        let class = match position {
            Position::TopLeft => "spot top-left",
            Position::Top => "spot top-middle",
            Position::TopRight => "spot top-right",
            Position::Center => "spot middle",
            Position::BottomLeft => "spot bottom-left",
            Position::Bottom => "spot bottom-middle",
            Position::BottomRight => "spot bottom-right",
        };
        view! {
            <Radio
                name="position"
                class
                label=about::position(position)
                checked=Signal::derive(move || choice.read().look.place() == position)
                choose=move |()| choice.write().look.position = position
            >
                <i></i>
            </Radio>
        }
    };
    let places = Memo::new(move |_| choice.read().look.places());
    view! {
        <fieldset class="positions">
            <legend>"Position"</legend>
            // Left and right change places where the page is written from right to left.
            <div class="window" dir=move || choice.read().look.direction()>
                {move || places.get().iter().map(spot).collect_view()}
            </div>
            <p class="hint">
                {move || about::position(choice.read().look.place())}
                {move || is_mirrored(&choice.read().look).then_some(", mirrored: right to left")}
            </p>
        </fieldset>
    }
}

/// Whether it stands at the other side of the page than its name says.
fn is_mirrored(look: &Look) -> bool {
    let is_at_a_side = ["left", "right"].iter().any(|side| look.place().as_str().ends_with(side));
    is_at_a_side && look.direction() == "rtl"
}

#[component]
fn Themes(choice: RwSignal<Choice>) -> impl IntoView {
    let segment = |(theme, name)| {
        let (checked, choose) = part(choice, theme, |look| &mut look.theme);
        view! {
            <Radio name="theme" class="segment" checked choose>
                <span>{name}</span>
            </Radio>
        }
    };
    view! {
        <fieldset class="segments">
            <legend>"Theme"</legend>
            {[(Theme::Auto, "Auto"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
                .map(segment)
                .collect_view()}
        </fieldset>
    }
}

#[component]
fn Languages(choice: RwSignal<Choice>) -> impl IntoView {
    let option = |language: &Language| {
        let language = *language;
        view! {
            <option
                value=language.tag()
                lang=language.tag()
                dir=Direction::of(language.tag()).attribute()
                selected=move || choice.read().look.language == language
            >
                {language.names().1}
            </option>
        }
    };
    view! {
        <label class="field">
            <span>"Language"</span>
            <select on:change=move |event| {
                if let Some(language) = Language::from_tag(&event_target_value(&event)) {
                    choice.write().look.language = language;
                }
            }>{Language::ALL.iter().map(option).collect_view()}</select>
        </label>
    }
}

#[component]
fn Accents(choice: RwSignal<Choice>) -> impl IntoView {
    let accent = move || choice.read().look.accent.clone();
    let set = move |accent: Option<String>| choice.write().look.accent = accent;
    let swatch = |(colour, name): (&'static str, &'static str)| {
        view! {
            <Radio
                name="accent"
                class="swatch"
                label=name
                checked=Signal::derive(move || accent().as_deref() == Some(colour))
                choose=move |()| set(Some(colour.to_owned()))
            >
                <i style:background-color=colour></i>
            </Radio>
        }
    };
    let is_own = move || accent().is_some_and(|own| ACCENTS.iter().all(|(it, _)| *it != own));
    view! {
        <fieldset class="swatches">
            <legend>"Accent"</legend>
            <Radio
                name="accent"
                class="swatch"
                label="Sondeo's own"
                checked=Signal::derive(move || accent().is_none())
                choose=move |()| set(None)
            >
                <i class="own"></i>
            </Radio>
            {ACCENTS.map(swatch).collect_view()}
            <label class="colour" class:chosen=is_own>
                <input
                    type="color"
                    prop:value=move || accent().unwrap_or_else(|| "#0b6e67".to_owned())
                    on:input=move |event| set(Some(event_target_value(&event)))
                />
                <span>"Your own"</span>
            </label>
            <p class="hint">"Any colour is made readable: text on it and beside it gets its contrast."</p>
        </fieldset>
    }
}
