use super::{Listener, listen, window};
use crate::contrast::{self, Colour};
use sondeo_model::{Appearance, Theme, format_int};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// The colours of a card, which follow the visitor's system where the author does not choose.
pub(crate) struct Theming {
    _listener: Option<Listener>,
}

const IS_DARK: &str = "(prefers-color-scheme:dark)";

impl Theming {
    /// Gives the host its theme and what the author wants, and the card an accent that can be read.
    pub(crate) fn new(host: &HtmlElement, card: HtmlElement, appearance: &Appearance) -> Self {
        for (name, value) in [
            ("--sondeo-accent", &appearance.accent),
            // The author's colour is meant for both; else dark would keep its own.
            ("--sondeo-accent-dark", &appearance.accent),
            ("--sondeo-radius", &appearance.radius),
            ("--sondeo-font", &appearance.font),
        ] {
            if let Some(value) = value {
                let _ = host.style().set_property(name, value);
            }
        }
        let query = window().match_media(IS_DARK).ok().flatten();
        let theme = appearance.theme;
        let paint = {
            let (host, query) = (host.clone(), query.clone());
            Rc::new(move || {
                let is_dark = match theme {
                    Theme::Auto => query.as_ref().is_some_and(web_sys::MediaQueryList::matches),
                    _ => theme == Theme::Dark,
                };
                let theme = if is_dark { Theme::Dark } else { Theme::Light };
                let _ = host.set_attribute("data-theme", theme.as_str());
                make_readable(&card);
            })
        };
        paint();
        let follows = query.filter(|_| theme == Theme::Auto);
        let listener = follows.map(|query| listen(&query, "change", Box::new(move |_| paint())));
        Self { _listener: listener }
    }
}

/// The style sheet says which accent is wanted, whoever set it: by the colour of the caret.
fn make_readable(card: &HtmlElement) {
    let Some(style) = window().get_computed_style(card).ok().flatten() else { return };
    let colour = |property| style.get_property_value(property).ok().and_then(|it| read(&it));
    let accent = colour("caret-color").or_else(|| {
        // One that cannot be seen is none.
        let _ = card.style().set_property("--raw", "#0b6e67");
        colour("caret-color")
    });
    let Some(accent) = accent else { return };
    let surface = colour("background-color").unwrap_or([1.0; 3]);
    for (name, colour) in [
        ("--accent", accent),
        ("--on-accent", contrast::text_on(accent)),
        ("--accent-ink", contrast::readable(accent, surface)),
    ] {
        let colour = write(colour);
        let _ = card.style().set_property(name, &colour);
        // The tab before the card.
        if let Some(tab) = card.previous_element_sibling() {
            let _ = tab.unchecked_into::<HtmlElement>().style().set_property(name, &colour);
        }
    }
}

/// Reads `rgb(1, 2, 3)` and `color(srgb 0.1 0.2 0.3)`, as computed styles give them.
fn read(text: &str) -> Option<Colour> {
    let (name, inner) = text.strip_suffix(')')?.split_once('(')?;
    let (inner, scale) = match inner.strip_prefix("srgb ") {
        Some(inner) => (inner, 1.0),
        None if name.starts_with("rgb") => (inner, 255.0),
        None => return None,
    };
    let mut channels = inner.split([',', ' ', '/']).filter(|it| !it.is_empty());
    let mut channel = || Some(js_sys::parse_float(channels.next()?) / scale);
    let colour = [channel()?, channel()?, channel()?];
    // Nothing at all is no colour.
    let is_seen = channels.next().is_none_or(|alpha| js_sys::parse_float(alpha) > 0.0);
    (is_seen && colour.iter().all(|it| it.is_finite()))
        .then_some(colour.map(|it| it.clamp(0.0, 1.0)))
}

fn write(colour: Colour) -> String {
    let mut text = "rgb(".to_owned();
    for channel in colour {
        text.push_str(&format_int((channel * 255.0 + 0.5) as i64));
        text.push(' ');
    }
    text.push(')');
    text
}

/// Whether the browser takes this value for this property of CSS.
pub(crate) fn is_css(property: &str, value: &str) -> bool {
    web_sys::css::supports_with_value(property, value).unwrap_or(true)
}
