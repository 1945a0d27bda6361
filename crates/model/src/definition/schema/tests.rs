use super::about::{About, Shape, Usual};
use super::questions::{BUTTON, COMMON, ENDING, IMAGE, OPTION, PICTURE, RULE, of_kind};
use super::{property, schema, survey_keys};
use crate::definition::{Definition, Layer, ending, image, question};
use crate::json::Json;
use crate::{KindName, Problems, Template};

fn survey() -> &'static [About] {
    survey_keys().collect::<Vec<_>>().leak()
}

fn tables() -> Vec<(&'static str, &'static [&'static str], &'static [About])> {
    let mut tables = vec![
        ("Every key of a survey", Definition::KEYS, survey()),
        ("Questions", question::COMMON, COMMON),
        ("Options", question::OPTION, OPTION),
        ("Ways", question::RULE, RULE),
        ("Endings", ending::ENDING, ENDING),
        ("Endings", ending::BUTTON, BUTTON),
        ("Images", image::IMAGE, IMAGE),
        ("Images", image::IMAGE, PICTURE),
    ];
    tables.extend(KindName::ALL.iter().map(|&it| ("Kinds", question::keys(it), of_kind(it))));
    tables
}

#[test]
fn every_key_is_described_and_nothing_else() {
    for (_, keys, about) in tables() {
        let described: Vec<&str> = about.iter().map(|entry| entry.key).collect();
        assert_eq!(described, keys);
        for entry in about {
            assert!(
                entry.text.ends_with('.') && entry.text.contains("for instance"),
                "{}",
                entry.key
            );
            let Some(Json::Text(text)) = property(entry).get("description").cloned() else {
                panic!("{} has no description", entry.key);
            };
            assert!(text.ends_with("Required.") || text.contains(". Default: "), "{text}");
        }
    }
}

/// The entry's default, as it stands in the schema.
fn default(entry: &About) -> Option<Json> {
    property(entry).get("default").cloned()
}

#[test]
fn a_default_is_what_stands_where_nothing_is_said() {
    let read = |members: Vec<(&str, Json)>| {
        let mut problems = Problems::default();
        let json = super::object(members);
        let definition = Definition::read(vec![Layer::object("a", &json)], None, &mut problems);
        assert_eq!(*problems, []);
        definition.expect("a definition")
    };
    let template = || ("template", super::text("csat"));
    let defaults = survey().iter().filter_map(|entry| Some((entry.key, default(entry)?)));
    let all: Vec<_> = [template()].into_iter().chain(defaults).collect();
    assert!(all.len() > 10);
    let meaning = |it: &Definition| {
        let kept = (it.id.clone(), it.questions.clone(), it.thanks.clone(), it.triggers());
        let sent = (it.delivery(), it.debug(), it.preview(), it.needs_consent());
        (kept, it.delay(), it.targeting(), sent, it.appearance())
    };
    assert_eq!(meaning(&read(all)), meaning(&Template::Csat.definition()));

    for &kind in KindName::ALL {
        let about = of_kind(kind);
        let option = |id| super::object(vec![("id", super::text(id)), ("text", super::text(id))]);
        let mut members = vec![
            ("id", super::text("q")),
            ("kind", super::text(kind.as_str())),
            ("text", super::text("?")),
        ];
        if about.iter().any(|entry| entry.key == "options") {
            members.push(("options", Json::List(vec![option("a"), option("b")])));
        }
        let ask = |members: &[(&str, Json)]| {
            let questions = Json::List(vec![super::object(members.to_vec())]);
            read(vec![("id", super::text("s")), ("questions", questions)])
        };
        let bare = ask(&members);
        members.extend(about.iter().filter_map(|entry| Some((entry.key, default(entry)?))));
        assert_eq!(ask(&members), bare, "{kind:?}");
    }
}

#[test]
fn a_default_is_one_of_the_words() {
    for entry in tables().into_iter().flat_map(|(_, _, about)| about) {
        if let (Shape::Word(words) | Shape::Words(words), Usual::Text(word)) =
            (entry.shape, entry.usual)
        {
            assert!(words.contains(&word), "{}", entry.key);
        }
    }
}

fn file(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/").to_owned() + name;
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/{name}: {error}"))
}

#[test]
fn the_published_schema_is_this_one() {
    let published = file("survey.schema.json");
    assert!(published == schema(), "docs/survey.schema.json is old: run `cargo xtask schema`");
}

#[test]
fn the_tables_of_the_documentation_are_these() {
    for name in ["surveys.md", "page.md"] {
        let text = file(name);
        assert!(text.contains("<!-- keys: "), "{name} has no table of keys");
        assert!(text == super::with_key_tables(&text), "{name} is old: run `cargo xtask schema`");
    }
}

#[test]
fn the_documentation_names_every_key() {
    let text = file("surveys.md");
    for (heading, _, about) in tables() {
        let sections = text.split("\n## ");
        let section = sections.into_iter().find(|section| section.starts_with(heading));
        let section = section.unwrap_or_else(|| panic!("no section \"{heading}\""));
        let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        let keys: Vec<&str> = rows.flat_map(|cell| cell.split(", ")).collect();
        for entry in about {
            let name = format!("`{}`", entry.key);
            assert!(keys.contains(&name.as_str()), "{name} is in no table of \"{heading}\"");
            if let Shape::Word(words) | Shape::Words(words) = entry.shape {
                let is_there = |word: &&str| section.contains(&format!("`{word}`"));
                let missing: Vec<_> = words.iter().filter(|word| !is_there(word)).collect();
                // The kinds have headings of their own.
                assert!(missing.is_empty() || entry.key == "kind", "{name}: {missing:?}");
            }
        }
    }
    for kind in KindName::KEYWORDS {
        assert!(text.contains(&format!("\n### {kind}")), "{kind} has no heading");
    }
}
