//! What editors complete and explain, from the same table: a manifest of the element, and the data of two editors.

use super::about::{About, Shape, Usual};
use super::{extend, object, survey_keys, text};
use crate::Template;
use crate::definition::field::FieldType;
use crate::definition::key::Key;
use crate::json::Json;

/// An attribute as an author writes it.
struct Attribute {
    name: String,
    /// Whether a name follows: `data-custom-` is the beginning of `data-custom-plan`.
    is_prefix: bool,
    text: String,
    /// The words that it may hold. Of [`Attribute::is_list`], several.
    words: &'static [&'static str],
    is_list: bool,
    is_flag: bool,
    /// What stands where it is not given, where that is a value.
    default: Option<String>,
}

/// Attributes that say which survey stands where. They are no keys of a survey.
const PLACES: [(&str, &str, &[&str]); 5] = [
    (
        "data-sondeo",
        "On an element: asks this survey where the element stands. The name of a template, or of a survey of the page.",
        Template::KEYWORDS,
    ),
    (
        "data-survey",
        "On the script tag: the surveys of the page, by name, separated by spaces.",
        Template::KEYWORDS,
    ),
    (
        "data-config",
        "A survey file: an address, or the `#id` of a `<script type=\"application/json\">`.",
        &[],
    ),
    (
        "data-site",
        "On the script tag: the address of a site in a collector, which says what is asked.",
        &[],
    ),
    (
        "data-seen",
        "On a site's own script tag: with `off`, the collector is not told where the script runs and what is wrong there.",
        &["off"],
    ),
];

/// The events of `document`, and what their `detail` is in `sondeo.d.ts`.
const EVENTS: [(&str, &str); 8] = [
    ("ready", "The widget has come, and takes calls."),
    ("skipped", "A survey was due, and is not shown; `reasons` say why."),
    ("shown", "A survey can be seen."),
    ("answered", "A question was answered: `question` and `value`."),
    ("completed", "The last question was answered."),
    ("dismissed", "The visitor has closed it."),
    ("delivered", "The endpoint has acknowledged the response."),
    (
        "failed",
        "The response cannot be delivered, or the widget not be started; `reason` says why.",
    ),
];

const PARTS: [(&str, &str); 12] = [
    ("card", "The whole survey."),
    ("close", "The button that closes it."),
    ("question", "What is asked."),
    ("options", "All options of a question."),
    ("option", "One of them."),
    ("ends", "The words at the ends of a scale."),
    ("error", "What is wrong with an answer."),
    ("back", "The button to the question before."),
    ("submit", "The button that goes on."),
    ("progress", "How far it is."),
    ("thanks", "What is read at the end."),
    ("tab", "The tab at the edge of the page, of the display `tab`."),
];

const PROPERTIES: [(&str, &str); 6] = [
    ("--sondeo-accent", "The colour of what is chosen or can be pressed."),
    ("--sondeo-accent-dark", "The same, in the dark theme."),
    ("--sondeo-surface", "The colour of the card."),
    ("--sondeo-ink", "The colour of its text."),
    ("--sondeo-radius", "How round its corners are."),
    ("--sondeo-font", "Its font."),
];

const HOST: &str = "What a survey stands in, with an open shadow root. The widget makes it: a page writes the \
                    attributes on the script tag or on an element with `data-sondeo`.";

fn attributes() -> Vec<Attribute> {
    let places = PLACES.iter().map(|&(name, text, words)| Attribute {
        name: name.to_owned(),
        is_prefix: false,
        text: text.to_owned(),
        words,
        is_list: name == "data-survey",
        is_flag: false,
        default: None,
    });
    let keys = survey_keys().zip(Key::SPECS).filter(|(_, spec)| !spec.is_only_in_json);
    let keys = keys.map(|(about, spec)| Attribute {
        name: ["data-", &spec.prefix().map_or_else(|| about.key.replace('_', "-"), str::to_owned)]
            .concat(),
        is_prefix: spec.prefix().is_some(),
        words: match about.shape {
            Shape::Word(words) | Shape::Words(words) => words,
            _ => &[],
        },
        is_list: matches!(about.shape, Shape::Words(_)),
        is_flag: matches!(spec.shape, FieldType::Flag),
        default: default(&about),
        text: described(&about),
    });
    places.chain(keys).collect()
}

fn described(about: &About) -> String {
    match about.usual {
        Usual::Words(words) => [about.text, " Default: ", words, "."].concat(),
        _ => about.text.to_owned(),
    }
}

fn default(about: &About) -> Option<String> {
    match about.usual {
        Usual::Text(text) if !text.is_empty() => Some(text.to_owned()),
        Usual::Number(number) => Some(number.to_string()),
        Usual::Truth(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn list<T>(entries: impl IntoIterator<Item = T>, one: impl Fn(T) -> Json) -> Json {
    Json::List(entries.into_iter().map(one).collect())
}

fn owned(text: String) -> Json {
    Json::Text(text)
}

fn named(name: &'static str, description: &'static str) -> Json {
    object(vec![("name", text(name)), ("description", text(description))])
}

/// `custom-elements.json`: a manifest of the element, its attributes, events, parts and custom properties
/// (version 2.1.0 of the schema that the package `custom-elements-manifest` has).
#[must_use]
pub fn custom_elements() -> String {
    let attributes = list(attributes(), |it| {
        let of = |word: &&str| ["'", word, "'"].concat();
        let name = if it.is_prefix { it.name + "*" } else { it.name };
        // Of several words, any string may be made.
        let union = it.words.iter().map(of).collect::<Vec<_>>().join(" | ");
        let kind = match (it.is_flag, it.words, it.is_list || it.default.is_none()) {
            (true, ..) => "boolean".to_owned(),
            (_, [], _) => "string".to_owned(),
            (.., false) => union,
            _ => union + " | string",
        };
        let mut attribute = object(vec![
            ("name", owned(name)),
            ("description", owned(it.text)),
            ("type", object(vec![("text", owned(kind))])),
        ]);
        if let Some(default) = it.default {
            extend(&mut attribute, object(vec![("default", owned(default))]));
        }
        attribute
    });
    let events = list(EVENTS, |(name, about)| {
        let kind = ["CustomEvent<Events['", name, "']>"].concat();
        object(vec![
            ("name", owned(["sondeo:", name].concat())),
            ("description", text(about)),
            ("type", object(vec![("text", owned(kind))])),
        ])
    });
    let declaration = object(vec![
        ("kind", text("class")),
        ("customElement", Json::Boolean(true)),
        ("name", text("SondeoWidget")),
        ("tagName", text("sondeo-widget")),
        ("description", text(HOST)),
        ("attributes", attributes),
        ("events", events),
        ("cssParts", list(PARTS, |(name, about)| named(name, about))),
        ("cssProperties", list(PROPERTIES, |(name, about)| named(name, about))),
    ]);
    let export = object(vec![
        ("kind", text("custom-element-definition")),
        ("name", text("sondeo-widget")),
        (
            "declaration",
            object(vec![("name", text("SondeoWidget")), ("module", text("embed/sondeo.js"))]),
        ),
    ]);
    let module = object(vec![
        ("kind", text("javascript-module")),
        ("path", text("embed/sondeo.js")),
        ("declarations", Json::List(vec![declaration])),
        ("exports", Json::List(vec![export])),
    ]);
    super::print::pretty(&object(vec![
        ("schemaVersion", text("2.1.0")),
        ("readme", text("README.md")),
        ("modules", Json::List(vec![module])),
    ]))
}

/// Custom data for Visual Studio Code, which `html.customData` names.
#[must_use]
pub fn vscode_custom_data() -> String {
    let attributes = list(attributes(), |it| {
        let mut attribute = object(vec![
            ("name", owned(it.name)),
            ("description", owned(with_default(it.text, &it.default))),
        ]);
        if it.is_flag {
            // It need only be there.
            extend(&mut attribute, object(vec![("valueSet", text("v"))]));
        }
        if !it.words.is_empty() {
            let values = list(it.words, |word| object(vec![("name", text(word))]));
            extend(&mut attribute, object(vec![("values", values)]));
        }
        attribute
    });
    let mut host = named("sondeo-widget", HOST);
    extend(&mut host, object(vec![("attributes", Json::List(Vec::new()))]));
    super::print::pretty(&object(vec![
        ("version", Json::Number(1.1)),
        ("tags", Json::List(vec![host])),
        ("globalAttributes", attributes),
    ]))
}

fn with_default(text: String, default: &Option<String>) -> String {
    match default {
        Some(default) => [&text, " Default: `", default, "`."].concat(),
        None => text,
    }
}

/// Web types for the editors of JetBrains, which read them from the package.
#[must_use]
pub fn web_types() -> String {
    let attributes = list(attributes(), |it| {
        let mut attribute = object(vec![(
            "name",
            owned(if it.is_prefix { it.name.clone() + "NAME" } else { it.name.clone() }),
        )]);
        if it.is_prefix {
            let pattern = object(vec![("regex", owned([&it.name, ".+"].concat()))]);
            extend(&mut attribute, object(vec![("pattern", pattern)]));
        }
        extend(&mut attribute, object(vec![("description", owned(it.text))]));
        let (kind, value) = match (it.is_flag, it.words) {
            (true, _) => ("no-value", text("boolean")),
            (_, [_, ..]) if !it.is_list => {
                ("plain", list(it.words, |word| owned(["\"", word, "\""].concat())))
            }
            _ => ("plain", text("string")),
        };
        let value = object(vec![
            ("kind", text(kind)),
            ("type", value),
            ("required", Json::Boolean(!it.is_flag)),
        ]);
        extend(&mut attribute, object(vec![("value", value)]));
        if let Some(default) = it.default {
            extend(&mut attribute, object(vec![("default", owned(default))]));
        }
        attribute
    });
    let host = object(vec![
        ("name", text("sondeo-widget")),
        ("description", text(HOST)),
        (
            "css",
            object(vec![
                ("properties", list(PROPERTIES, |(name, about)| named(name, about))),
                ("parts", list(PARTS, |(name, about)| named(name, about))),
            ]),
        ),
        (
            "js",
            object(vec![(
                "events",
                list(EVENTS, |(name, about)| {
                    object(vec![
                        ("name", owned(["sondeo:", name].concat())),
                        ("description", text(about)),
                    ])
                }),
            )]),
        ),
    ]);
    super::print::pretty(&object(vec![
        ("name", text("sondeo")),
        ("version", text(env!("CARGO_PKG_VERSION"))),
        ("description-markup", text("markdown")),
        (
            "contributions",
            object(vec![(
                "html",
                object(vec![("elements", Json::List(vec![host])), ("attributes", attributes)]),
            )]),
        ),
    ]))
}

#[cfg(test)]
mod tests {
    use super::{EVENTS, PARTS, PLACES, PROPERTIES, attributes};
    use super::{custom_elements, vscode_custom_data, web_types};

    fn file(name: &str) -> String {
        let path = [concat!(env!("CARGO_MANIFEST_DIR"), "/../../"), name].concat();
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    #[test]
    fn the_files_of_editors_are_these() {
        for (name, written) in [
            ("custom-elements.json", custom_elements()),
            ("vscode.html-custom-data.json", vscode_custom_data()),
            ("web-types.json", web_types()),
        ] {
            assert!(
                file(&["packages/npm/", name].concat()) == written,
                "{name} is old: run `cargo xtask schema`"
            );
        }
    }

    /// What stands between two of these marks in a table of the documentation.
    fn documented_attributes() -> Vec<String> {
        let page = file("docs/page.md");
        let (_, section) = page.split_once("\n## Attributes\n").expect("a section");
        let (section, _) = section.split_once("\n## ").expect("the next section");
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        rows.map(|(name, _)| name.replace("NAME", "")).collect()
    }

    #[test]
    fn they_have_the_attributes_of_the_documentation_and_no_others() {
        let documented = documented_attributes();
        let known: Vec<String> = attributes().into_iter().map(|it| it.name).collect();
        for name in &documented {
            assert!(known.contains(name), "editors do not know {name}");
        }
        for name in known {
            let is_a_place = PLACES.iter().any(|(place, ..)| *place == name);
            assert!(is_a_place || documented.contains(&name), "docs/page.md does not know {name}");
        }
    }

    #[test]
    fn they_have_the_events_of_the_types() {
        let types = file("loader/sondeo.d.ts");
        let known =
            types.lines().filter_map(|line| line.trim().strip_prefix("\"sondeo:")?.split_once('"'));
        let known: Vec<&str> = known.map(|(name, _)| name).collect();
        assert_eq!(known, EVENTS.map(|(name, _)| name));
    }

    #[test]
    fn they_have_the_parts_and_properties_that_are_promised() {
        let page = file("docs/page.md");
        let (_, looks) = page.split_once("\n## Its looks\n").expect("a section");
        let (looks, _) = looks.split_once("```css").expect("an example");
        let words: Vec<&str> = looks.split('`').skip(1).step_by(2).collect();
        let known: Vec<&str> = PROPERTIES.iter().chain(&PARTS).map(|(name, _)| *name).collect();
        assert_eq!(words, known);
    }
}
