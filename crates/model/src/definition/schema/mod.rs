//! The JSON Schema of survey files, made of the tables that the reader uses.

pub(super) mod about;
mod editors;
mod markdown;
mod print;
mod questions;

use super::ending;
use super::field::{FieldSpec, FieldType};
use super::image;
use super::key::{Key, SURVEY};
use super::question;
use crate::json::Json;
use crate::limits::{LONGEST_NAME, LONGEST_TEXT, MOST_ENTRIES};
use crate::{KindName, Trigger};
use about::{About, Shape, Usual};
pub use editors::{custom_elements, vscode_custom_data, web_types};
pub use markdown::with_key_tables;
use questions::{BUTTON, COMMON, ENDING, IMAGE, OPTION, PICTURE, RULE};

/// A JSON Schema (draft 2020-12) of a file of one survey, or of an array of surveys.
///
/// Whatever [`Definition::read`] takes without a problem satisfies it.
#[must_use]
pub fn schema() -> String {
    let survey = || reference("survey");
    print::pretty(&object(vec![
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("title", text("Sondeo surveys")),
        ("description", text("One survey, or an array of surveys.")),
        ("if", of_type("array")),
        ("then", object(vec![("items", survey())])),
        ("else", survey()),
        ("$defs", definitions()),
    ]))
}

fn definitions() -> Json {
    let list = |item: Json, least: i32, most: usize| {
        let bounds = [("minItems", number(least)), ("maxItems", number(most as i32))];
        let members = vec![("type", text("array")), ("items", item)];
        object(members.into_iter().chain(bounds).collect())
    };
    object(vec![
        ("survey", survey()),
        ("questions", list(reference("question"), 1, MOST_ENTRIES)),
        ("question", a_question()),
        ("options", list(reference("option"), 1, MOST_ENTRIES)),
        ("option", table(question::OPTION, OPTION, &[])),
        ("rules", object(vec![("type", text("array")), ("items", reference("rule"))])),
        ("rule", table(question::RULE, RULE, &[])),
        ("endings", list(reference("ending"), 1, MOST_ENTRIES)),
        ("ending", table(ending::ENDING, ENDING, &[])),
        ("button", table(ending::BUTTON, BUTTON, &[])),
        ("image", table(image::IMAGE, IMAGE, &[])),
        ("picture", table(image::IMAGE, PICTURE, &[])),
        ("source", pattern(SOURCE)),
        ("alt", any_of(vec![reference("text"), object(vec![("const", text(""))])])),
        (
            "destination",
            pattern("^([Hh][Tt][Tt][Pp][Ss]?://\\S+|[^\\s:/?#{][^:/?#{]*([/?#].*)?|[/?#].*)$"),
        ),
        (
            "link",
            pattern(
                "^(([Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:)\\S+|[^\\s:/?#{][^:/?#{]*([/?#].*)?|[/?#].*)$",
            ),
        ),
        ("text", any_of(vec![reference("something"), by_language()])),
        ("labels", list(reference("text"), 2, 11)),
        ("other", any_of(vec![of_type("boolean"), reference("text")])),
        ("something", pattern("\\S")),
        ("name", pattern("^[a-z0-9-]{1,64}$")),
        ("tag", pattern(TAG)),
        ("time", or_number(&["^(", TIME, ")$"].concat(), [0, 0])),
        ("again", or_number(&["^(always|never|", TIME, ")$"].concat(), [0, 0])),
        ("share", pattern(SHARE)),
        ("date", pattern(DATE)),
        ("condition", pattern(CONDITION)),
        ("triggers", triggers()),
        ("conditions", any_of(vec![pattern(WHEN_CLAUSES), items(pattern(WHEN_CLAUSE))])),
        ("patterns", any_of(vec![pattern(PATTERNS), items(pattern(PATTERN))])),
        ("user", any_of(vec![up_to(LONGEST_NAME), of_type("integer")])),
        ("pairs", pairs(object(Vec::new()), up_to(LONGEST_TEXT))),
        ("headers", pairs(pattern(HEADER_NAME), with_pattern(up_to(LONGEST_TEXT), HEADER_VALUE))),
    ])
}

const SOURCE: &str = "^([Hh][Tt][Tt][Pp][Ss]://[^\\s\\\\]+|/([^\\s/\\\\][^\\s\\\\]*)?|[?#][^\\s\\\\]*|[^\\s:/?#{\\\\][^\\s:/?#{\\\\]*([/?#][^\\s\\\\]*)?)$";
const TAG: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
const TIME: &str = "0|[0-9]+(ms|s|m|h|d)";
const SHARE: &str = "^(100(\\.0{1,4})?|0?[0-9]{1,2}(\\.[0-9]{1,4})?)%$";
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{3})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$";
const PATTERN: &str = "^!?(/[^?#]*|[^/?#]+://[^?#]+)$";
const PATTERNS: &str = "^\\s*(!?(/[^?#\\s]*|[^/?#\\s]+://[^?#\\s]+)(\\s+|$))+$";
const WHEN_CLAUSE: &str = "^(!?[^=!<>*.]+(\\.[^=!<>*.]+)*|[^=!<>*.]+(\\.[^=!<>*.]+)*(!=|\\*=|=)[^=<>](.|\\s)*|[^=!<>*.]+(\\.[^=!<>*.]+)*(<=?|>=?)\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?\\s*)$";
const WHEN_CLAUSES: &str = "^\\s*((!?[^=!<>*.'\\s]+(\\.[^=!<>*.'\\s]+)*|[^=!<>*.'\\s]+(\\.[^=!<>*.'\\s]+)*(!=|\\*=|=)('[^'=<>][^']*'|[^=<>'\\s]\\S*)|[^=!<>*.'\\s]+(\\.[^=!<>*.'\\s]+)*(<=?|>=?)([+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?|'[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?')|'[^']+')(\\s+|$))+$";
const CONDITION: &str = "^\\s*(skipped|(<=|>=|<|>)\\s*-?[0-9]+|!?=\\s*[a-z0-9-]{1,64}|in:\\s*[a-z0-9-]{1,64}(\\s*,\\s*[a-z0-9-]{1,64})*)\\s*$";
const HEADER_NAME: &str = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$";
const HEADER_VALUE: &str = "^[\\t -~\\u0080-\\u00ff]*$";

fn survey() -> Json {
    let about: Vec<About> = survey_keys().collect();
    let mut survey = table(Key::NAMES, &about, &keys_beside());
    let is_whole = any_of(vec![required(&["template"]), required(&["id", "questions"])]);
    extend(&mut survey, is_whole);
    survey
}

/// What is said of the survey's keys, with what their specifications say.
fn survey_keys() -> impl Iterator<Item = About> {
    SURVEY.iter().zip(Key::SPECS).map(|(entry, spec)| {
        let About { key, shape, text, usual } = entry.about;
        let shape = match shape {
            Shape::Derived => derived(spec),
            shape => shape,
        };
        let usual = match (usual, spec.shape) {
            (Usual::Default, FieldType::Flag) => Usual::Truth(false),
            (Usual::Default, FieldType::Integer(..)) => {
                Usual::Number(spec.default.parse().unwrap_or_default())
            }
            (Usual::Default, FieldType::Word) => Usual::Text(spec.examples[0]),
            (Usual::Default, _) => Usual::Text(spec.default),
            (usual, _) => usual,
        };
        About { key, shape, text, usual }
    })
}

/// What the schema says of a value that is written so.
fn derived(spec: &FieldSpec) -> Shape {
    match spec.shape {
        FieldType::Word => Shape::Word(spec.examples),
        FieldType::Words => Shape::Words(spec.examples),
        FieldType::Integer(least, most) => Shape::Integer(least, most),
        FieldType::Flag => Shape::Truth,
        FieldType::Time => Shape::Of("time"),
        FieldType::Cooldown => Shape::Of("again"),
        FieldType::Share => Shape::Of("share"),
        _ => Shape::Of("something"),
    }
}

/// Values that can be used, by key: each list an array in JSON.
#[must_use]
pub fn plausible_values() -> Vec<(&'static str, &'static str)> {
    SURVEY.iter().map(|entry| (entry.about.key, entry.examples)).collect()
}

fn keys_beside() -> Vec<(&'static str, Json)> {
    let about = |key| match key {
        "$schema" => "The address of this schema, by which editors find it. Default: none.",
        "name" => "What people call it in the studio; visitors never see it. Default: the id.",
        "note" => {
            "What people in the studio should know of it; visitors never see it. Default: none."
        }
        _ => {
            "The site and the version that a collector has published it as: `{\"site\": \"shop\", \"version\": 4}`. The collector writes it. Default: none."
        }
    };
    let keys = super::Definition::KEYS_BESIDE.iter();
    keys.map(|key| (*key, described(object(Vec::new()), about(key)))).collect()
}

/// The keys that all kinds have, and under a condition those of each kind.
fn a_question() -> Json {
    let kinds = KindName::ALL.iter().map(|&kind| {
        let anything = |key: &&'static str| (*key, Json::Boolean(true));
        let mut known: Vec<_> = question::COMMON.iter().map(anything).collect();
        let metrics = match questions::metrics(kind) {
            [] => Json::Boolean(false),
            words => one_of(words),
        };
        known.retain(|(key, _)| *key != "metric");
        known.push(("metric", metrics));
        let mut then = table(question::keys(kind), questions::of_kind(kind), &known);
        if kind == KindName::Likert {
            extend(&mut then, effort_has_seven_points());
        }
        let is_kind = object(vec![("const", text(kind.as_str()))]);
        let mut condition = object(vec![("properties", object(vec![("kind", is_kind)]))]);
        extend(&mut condition, required(&["kind"]));
        object(vec![("if", condition), ("then", then)])
    });
    let mut question = of_type("object");
    extend(&mut question, object(vec![("properties", properties(question::COMMON, COMMON))]));
    extend(&mut question, required(&needed(COMMON)));
    extend(&mut question, object(vec![("allOf", Json::List(kinds.collect()))]));
    question
}

fn effort_has_seven_points() -> Json {
    let having = |key: &'static str, value: Json| {
        let mut having = object(vec![("properties", object(vec![(key, value)]))]);
        extend(&mut having, required(&[key]));
        having
    };
    let seven_labels = object(vec![("minItems", number(7))]);
    object(vec![
        ("if", having("metric", object(vec![("const", text("ces"))]))),
        (
            "then",
            any_of(vec![
                having("points", object(vec![("const", number(7))])),
                having("labels", seven_labels),
            ]),
        ),
    ])
}

/// An object of these keys and no others.
fn table(keys: &[&'static str], about: &[About], more: &[(&'static str, Json)]) -> Json {
    let mut all = Json::Object(Vec::new());
    extend(&mut all, object(more.to_vec()));
    extend(&mut all, properties(keys, about));
    let mut table = of_type("object");
    extend(&mut table, object(vec![("properties", all)]));
    extend(&mut table, object(vec![("additionalProperties", Json::Boolean(false))]));
    let needed = needed(about);
    if !needed.is_empty() {
        extend(&mut table, required(&needed));
    }
    table
}

fn properties(keys: &[&'static str], about: &[About]) -> Json {
    // A test sees to it that each key has an entry.
    let entries = keys.iter().filter_map(|key| about.iter().find(|entry| entry.key == *key));
    object(entries.map(|entry| (entry.key, property(entry))).collect())
}

fn property(about: &About) -> Json {
    let shape = match about.shape {
        Shape::Of(name) => reference(name),
        // The survey's own are derived before.
        Shape::Derived => Json::Boolean(true),
        Shape::Word(words) => one_of(words),
        Shape::Words(words) => some_of(words),
        Shape::Integer(least, most) => integer(least, most),
        Shape::Truth => of_type("boolean"),
    };
    let (sentence, default) = match about.usual {
        Usual::Required | Usual::Default => ("Required.".to_owned(), None),
        Usual::Words(words) => (format!("Default: {words}."), None),
        Usual::Text(word) => (format!("Default: `{word}`."), Some(text(word))),
        Usual::Number(value) => (format!("Default: {value}."), Some(number(value))),
        Usual::Truth(value) => (format!("Default: `{value}`."), Some(Json::Boolean(value))),
    };
    let mut property = described(shape, &format!("{} {sentence}", about.text));
    if let Some(default) = default {
        extend(&mut property, object(vec![("default", default)]));
    }
    property
}

fn needed(about: &[About]) -> Vec<&'static str> {
    let needed = about.iter().filter(|entry| matches!(entry.usual, Usual::Required));
    needed.map(|entry| entry.key).collect()
}

fn by_language() -> Json {
    object(vec![
        ("type", text("object")),
        ("minProperties", number(1)),
        ("propertyNames", object(vec![("pattern", text(TAG))])),
        ("additionalProperties", reference("something")),
    ])
}

fn pairs(names: Json, texts: Json) -> Json {
    let mut names = names;
    extend(&mut names, object(vec![("minLength", number(1)), ("maxLength", number(256))]));
    let values = any_of(vec![texts, of_type("integer"), of_type("boolean")]);
    object(vec![
        ("type", text("object")),
        ("maxProperties", number(MOST_ENTRIES as i32)),
        ("propertyNames", names),
        ("additionalProperties", values),
    ])
}

/// One string of triggers, in which single quotes hold a word together, or an array with one in each.
fn triggers() -> Json {
    let numbers = format!("visit:[1-9][0-9]*|scroll:(100|[0-9]{{1,2}})%|(idle|dwell):({TIME})");
    let plain = Trigger::KEYWORDS.iter().filter(|word| !word.contains(':'));
    let plain = plain.copied().collect::<Vec<_>>().join("|");
    let others = "(event|click|submit|visible):";
    let word = format!("({plain}|{numbers}|{others}('[^']*'|[^\\s'])+|'{others}[^']+')");
    let entry = format!("^({plain}|{numbers}|{others}[\\s\\S]+)$");
    any_of(vec![pattern(&format!("^\\s*{word}(\\s+{word})*\\s*$")), items(pattern(&entry))])
}

fn some_of(words: &[&'static str]) -> Json {
    let any = words.join("|");
    let string = pattern(&format!("^\\s*({any})(\\s+({any}))*\\s*$"));
    any_of(vec![string, items(one_of(words))])
}

fn one_of(words: &[&'static str]) -> Json {
    object(vec![("enum", Json::List(words.iter().copied().map(text).collect()))])
}

fn any_of(schemas: Vec<Json>) -> Json {
    object(vec![("anyOf", Json::List(schemas))])
}

fn items(item: Json) -> Json {
    object(vec![("type", text("array")), ("items", item), ("minItems", number(1))])
}

fn required(keys: &[&'static str]) -> Json {
    object(vec![("required", Json::List(keys.iter().copied().map(text).collect()))])
}

fn reference(name: &str) -> Json {
    object(vec![("$ref", Json::Text(["#/$defs/", name].concat()))])
}

fn of_type(name: &'static str) -> Json {
    object(vec![("type", text(name))])
}

fn integer(least: i32, most: i32) -> Json {
    let bounds = vec![("minimum", number(least)), ("maximum", number(most))];
    let mut integer = of_type("integer");
    extend(&mut integer, object(bounds));
    integer
}

fn up_to(most: usize) -> Json {
    object(vec![("type", text("string")), ("maxLength", number(most as i32))])
}

fn pattern(pattern: &str) -> Json {
    with_pattern(of_type("string"), pattern)
}

fn with_pattern(schema: Json, pattern: &str) -> Json {
    let mut schema = schema;
    extend(&mut schema, object(vec![("pattern", text(pattern))]));
    schema
}

fn or_number(pattern: &str, [least, most]: [i32; 2]) -> Json {
    any_of(vec![self::pattern(pattern), integer(least, most)])
}

fn described(schema: Json, about: &str) -> Json {
    let mut described = object(vec![("description", text(about))]);
    extend(&mut described, schema);
    described
}

fn extend(json: &mut Json, more: Json) {
    if let (Json::Object(members), Json::Object(more)) = (json, more) {
        members.extend(more);
    }
}

fn object(members: Vec<(&str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn number(number: i32) -> Json {
    Json::Number(number.into())
}

#[cfg(test)]
mod tests;
