//! What readers call what the collector knows by an id.

use crate::words::{Language, fill};
use leptos::prelude::*;
use sondeo_editor::{Locale, language_name, moments, sentences};
use sondeo_model::{Duration, Template, Trigger};
use std::collections::BTreeMap;

fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::English,
        Language::Es => Locale::Spanish,
    }
}

/// A text of several languages for a reader of this one: in it or a variant of it, in English, or as it is.
pub(crate) fn in_language(texts: &BTreeMap<String, String>, language: Language) -> Option<&str> {
    let of = |wanted: &str| {
        let is_variant = |(tag, _): &(&String, &String)| tag.split('-').next() == Some(wanted);
        texts.get(wanted).or_else(|| texts.iter().find(is_variant).map(|(_, text)| text))
    };
    let found = of(language.tag()).or_else(|| of(Language::En.tag()));
    found.or_else(|| texts.values().next()).map(String::as_str).filter(|text| !text.is_empty())
}

/// What a survey is called: as its authors call it, else as the template whose name it has. A survey that only a page
/// knows has its id alone.
pub(crate) fn survey_name(language: Language, name: Option<&str>, key: &str) -> String {
    let of_template = || {
        let id = key.split_once('/').map_or(key, |(_, id)| id);
        Some(moments::name(Template::parse(id)?, locale(language)).to_owned())
    };
    name.map(str::to_owned).or_else(of_template).unwrap_or_else(|| key.to_owned())
}

/// The id of a survey that is called something else: files, exports and calls have it.
#[component]
pub(crate) fn Id(#[prop(into)] id: Signal<String>, called: Memo<String>) -> impl IntoView {
    view! {
        <code class="id" hidden=move || *id.read() == *called.read()>{id}</code>
    }
}

/// What a part of the responses is called: those that have this value of a property.
pub(crate) fn part_name(language: Language, property: &str, value: &str) -> String {
    let words = language.words();
    match (property, value) {
        (_, "…") => words.others.to_owned(),
        (_, "") => "–".to_owned(),
        ("page", page) => super::worst::short(page),
        ("device", "mobile") => words.phones.to_owned(),
        ("device", "tablet") => words.tablets.to_owned(),
        ("device", "desktop") => words.computers.to_owned(),
        ("language", tag) => language_name(tag, locale(language)),
        ("version", number) => fill(words.version_of, &[number]),
        ("trigger", trigger) => trigger_name(language, trigger),
        (_, value) => value.to_owned(),
    }
}

fn trigger_name(language: Language, trigger: &str) -> String {
    let words = language.words();
    match Trigger::parse(trigger) {
        // No trigger of a survey, but what responses say where a link has asked for it.
        None if trigger == "link" => words.by_link.to_owned(),
        Some(Trigger::Manual) => words.by_code.to_owned(),
        Some(known) => sentences::moment(&known, Duration::default(), locale(language)),
        None => trigger.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{in_language, part_name, survey_name};
    use crate::words::Language::{En, Es};
    use std::collections::BTreeMap;

    #[test]
    fn texts_are_in_the_readers_language_where_there_is_one() {
        let check = |texts: &[(&str, &str)], expected: [Option<&str>; 2]| {
            let texts: BTreeMap<String, String> =
                texts.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
            assert_eq!([En, Es].map(|language| in_language(&texts, language)), expected);
        };
        check(&[("en", "Why?"), ("es", "¿Por qué?")], [Some("Why?"), Some("¿Por qué?")]);
        check(&[("en-GB", "Why?"), ("es-MX", "¿Y eso?")], [Some("Why?"), Some("¿Y eso?")]);
        // Nobody's language is the next best, and no prefix of another tag is it.
        check(&[("de", "Warum?"), ("en", "Why?")], [Some("Why?"), Some("Why?")]);
        check(&[("est", "Miks?")], [Some("Miks?"), Some("Miks?")]);
        check(&[("en", "")], [None, None]);
        check(&[], [None, None]);
    }

    #[test]
    fn surveys_have_the_names_that_people_gave_them() {
        let check = |name, key, expected: [&str; 2]| {
            assert_eq!([En, Es].map(|language| survey_name(language, name, key)), expected);
        };
        check(Some("After the purchase"), "shop/checkout", ["After the purchase"; 2]);
        check(None, "shop/post-purchase", ["Purchase", "Compra"]);
        check(None, "cart-abandonment", ["Full cart", "Carrito lleno"]);
        check(None, "shop/checkout", ["shop/checkout"; 2]);
    }

    #[test]
    fn parts_are_called_by_words() {
        for (property, value, expected) in [
            ("device", "mobile", ["Phones", "Teléfonos"]),
            ("device", "desktop", ["Computers", "Ordenadores"]),
            ("language", "es-MX", ["Spanish (MX)", "español (MX)"]),
            ("language", "tlh", ["tlh"; 2]),
            ("version", "3", ["Version 3", "Versión 3"]),
            ("trigger", "first-visit", ["On the first visit", "En la primera visita"]),
            ("trigger", "link", ["From a link", "Desde un enlace"]),
            ("trigger", "manual", ["By the page’s code", "Desde el código de la página"]),
            ("trigger", "no-such:thing", ["no-such:thing"; 2]),
            ("custom.plan", "mobile", ["mobile"; 2]),
            ("device", "…", ["Others", "Otras"]),
            ("custom.plan", "", ["–"; 2]),
        ] {
            assert_eq!([En, Es].map(|it| part_name(it, property, value)), expected, "{value}");
        }
        let order = part_name(En, "trigger", "event:order-completed");
        assert!(order.starts_with("After an order") && order.contains("order-completed"));
    }
}
