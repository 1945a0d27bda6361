//! From what an author wrote to what pages read: the survey file, and its entry of the site's plan.

use super::duplicate_keys;
use crate::byte_order_mark;
use crate::store::PublishedSurvey;
use serde_json::{Map, Value, json};
use sondeo_api::DraftProblem;
use sondeo_model::json::Json;
use sondeo_model::{Definition, Layer, Problems, Timestamp, is_name};

/// Keys of a draft that are for the people who work on it, and in no public file.
const PRIVATE: [&str; 2] = ["name", "note"];
/// Where a draft says by which schema an editor checks it.
const SCHEMA: &str = "$schema";
/// How much later than in UTC a day begins where it begins last.
const LAST_TIME_ZONE_MS: i64 = 12 * 3_600_000;
/// Where a published file says what it is.
pub(crate) const PUBLISHED: &str = "published";
/// What the plan tells the loader of a survey beside its id, its version and its triggers: enough to know that it cannot
/// be due.
const PLANNED: [&str; 6] = ["url", "device", "from", "until", "consent", "when"];

/// A draft that was read.
#[derive(Debug)]
pub(crate) struct Compiled {
    file: Map<String, Value>,
    pub(crate) definition: Definition,
}

/// Reads the draft of a survey of this id, on a site with these defaults.
pub(crate) fn compile(
    id: &str,
    text: &str,
    defaults: &Map<String, Value>,
) -> Result<Compiled, Vec<DraftProblem>> {
    let value: Value = serde_json::from_str(byte_order_mark::without(text))
        .map_err(|error| vec![DraftProblem::new("", &format!("the file is not JSON: {error}"))])?;
    let Value::Object(mut file) = value else {
        return Err(vec![DraftProblem::new(
            "",
            "the file must be one survey, an object in braces (try {\"template\": \"nps\"})",
        )]);
    };
    let mut found = Vec::new();
    for key in PRIVATE {
        if file.remove(key).is_some_and(|value| !value.is_string()) {
            found.push(DraftProblem::new(key, "must be a text"));
        }
    }
    // A published file that was downloaded comes back as a draft.
    file.remove(PUBLISHED);
    // Where an editor finds the schema, which may be a folder of somebody's.
    file.remove(SCHEMA);
    match file.get("id") {
        None => {
            file.insert("id".to_owned(), id.into());
        }
        Some(Value::String(own)) if own == id => {}
        Some(_) => found.push(DraftProblem::new(
            "id",
            &format!("must be that of the survey (try {id:?}, or leave it out)"),
        )),
    }
    for (key, value) in defaults {
        file.entry(key).or_insert_with(|| value.clone());
    }
    let tree: Json = serde_json::from_value(Value::Object(file.clone()))
        .map_err(|error| vec![DraftProblem::new("", &error.to_string())])?;
    let mut problems = Problems::default();
    let layer = Layer::object(String::new(), &tree);
    let definition = Definition::read(vec![layer], None, &mut problems);
    found.extend(problems.iter().map(|problem| DraftProblem {
        path: problem.path.trim_start_matches('.').to_owned(),
        message: [problem.found.as_str(), " ", &problem.reason].concat().trim().to_owned(),
    }));
    match definition {
        Some(definition) if found.is_empty() => Ok(Compiled { file, definition }),
        Some(_) => Err(found),
        None => {
            if found.is_empty() {
                found.push(DraftProblem::new("", "this survey cannot be asked"));
            }
            Err(found)
        }
    }
}

/// The same, if it can be published now. What was published stays what it is: a version whose time is over still compiles,
/// and none is searched for a key that stands twice.
pub(crate) fn compile_to_publish(
    id: &str,
    text: &str,
    defaults: &Map<String, Value>,
    now: Timestamp,
) -> Result<Compiled, Vec<DraftProblem>> {
    let duplicate = duplicate_keys::find(byte_order_mark::without(text));
    let mut problems: Vec<DraftProblem> = duplicate
        .map(|path| DraftProblem::new(&path, "stands here twice: leave one of the two out"))
        .into_iter()
        .collect();
    match compile(id, text, defaults) {
        Ok(compiled) => {
            problems.extend(compiled.dates_that_ask_nobody(now));
            if problems.is_empty() { Ok(compiled) } else { Err(problems) }
        }
        Err(others) => {
            problems.extend(others);
            Err(problems)
        }
    }
}

impl Compiled {
    fn dates_that_ask_nobody(&self, now: Timestamp) -> Vec<DraftProblem> {
        let targeting = self.definition.targeting();
        let from = super::moment(targeting.from.as_deref());
        let mut found = Vec::new();
        let Some(until) = super::moment(targeting.until.as_deref()) else { return found };
        // A date is one of the visitor's time zone: it is over when it has begun everywhere.
        let is_exact = targeting.until.as_deref().is_some_and(|it| it.parse::<Timestamp>().is_ok());
        let over = until.as_millis() + if is_exact { 0 } else { LAST_TIME_ZONE_MS };
        if from.is_some_and(|from| from >= until) {
            found.push(DraftProblem::new(
                "until",
                "must be later than from: between the two, there is nothing",
            ));
        } else if over <= now.as_millis() {
            found.push(DraftProblem::new(
                "until",
                "is over, and nobody would be asked (name a later day, or leave it out)",
            ));
        }
        found
    }

    /// What pages read of it as this version of a site's survey.
    pub(crate) fn publish(mut self, site: &str, version: i64) -> PublishedSurvey {
        self.file.insert(PUBLISHED.to_owned(), json!({ "site": site, "version": version }));
        let mut plan = Map::new();
        plan.insert("id".to_owned(), self.file.get("id").cloned().unwrap_or_default());
        plan.insert("version".to_owned(), version.into());
        let own = self.file.get("trigger").and_then(words);
        // It waits for an element that names it, which calls the engine by itself: a page without one fetches nothing.
        let is_inline = self.file.get("display").and_then(Value::as_str) == Some("inline");
        let own = if is_inline { Some("manual".to_owned()) } else { own };
        let triggers = || {
            let words: Vec<_> = self.definition.triggers().iter().map(|it| it.to_text()).collect();
            words.join(" ")
        };
        plan.insert("trigger".to_owned(), own.unwrap_or_else(triggers).into());
        for key in PLANNED {
            if let Some(words) = self.file.get(key).and_then(words) {
                plan.insert(key.to_owned(), words.into());
            }
        }
        PublishedSurvey {
            body: Value::Object(self.file).to_string(),
            plan: Value::Object(plan).to_string(),
        }
    }
}

/// A value as an attribute would have it.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            Some(words?.join(" "))
        }
        _ => None,
    }
}

/// What is wrong with the defaults of a site: keys that are none of a survey file, or not for many surveys.
pub(crate) fn check_defaults(defaults: &Map<String, Value>) -> Result<(), DraftProblem> {
    const OF_ONE: [&str; 5] = ["id", "template", "questions", "endings", PUBLISHED];
    for key in defaults.keys() {
        if OF_ONE.contains(&key.as_str()) || !Definition::KEYS.contains(&key.as_str()) {
            return Err(DraftProblem::new(
                &format!("defaults.{key}"),
                "is no key that many surveys can share (try \"accent\" or \"recontact\")",
            ));
        }
    }
    // They must be usable with a survey that has nothing to say of them.
    let draft = json!({ "template": "nps" }).to_string();
    compile("nps", &draft, defaults).map(drop).map_err(|problems| {
        let first = problems.into_iter().next();
        let first = first.unwrap_or_else(|| DraftProblem::new("", "cannot be used"));
        DraftProblem { path: format!("defaults.{}", first.path), ..first }
    })
}

/// Whether this can be the id of a site or a survey.
pub(crate) fn check_id(field: &str, id: &str) -> Result<(), DraftProblem> {
    if is_name(id) {
        return Ok(());
    }
    Err(DraftProblem::new(
        field,
        "must be 1 to 64 lower case letters, digits and hyphens (try \"shop\")",
    ))
}

#[cfg(test)]
mod tests {
    use super::{DraftProblem, check_defaults, compile, compile_to_publish};
    use serde_json::{Map, Value, json};
    use sondeo_model::Timestamp;

    fn defaults(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_pages_read_holds_no_word_for_the_people_who_work_on_it() {
        let draft = json!({"$schema": "file:///Secret/survey.json", "name": "Secret name", "note": "Secret note", "template": "post-purchase",
                           "url": ["/checkout/**", "!/checkout/help"], "accent": "#123456"});
        let site = defaults(json!({"accent": "#0b7a75", "theme": "dark"}));
        let compiled = compile("checkout", &draft.to_string(), &site).expect("it can be asked");
        let published = compiled.publish("shop", 4);
        assert!(!published.body.contains("Secret") && !published.plan.contains("Secret"));
        let body: Value = serde_json::from_str(&published.body).expect("JSON");
        assert_eq!(body["published"], json!({"site": "shop", "version": 4}));
        assert_eq!((&body["id"], &body["theme"]), (&json!("checkout"), &json!("dark")));
        assert_eq!(body["accent"], "#123456", "the survey's own word comes before the site's");
        let plan: Value = serde_json::from_str(&published.plan).expect("JSON");
        let expected = json!({"id": "checkout", "version": 4, "url": "/checkout/** !/checkout/help",
                              "trigger": "event:purchase event:order-completed"});
        assert_eq!(plan, expected);
        let inline = json!({"template": "faq", "display": "inline"}).to_string();
        let inline = compile("faq", &inline, &Map::new()).expect("it can be asked");
        assert!(inline.publish("shop", 1).plan.contains(r#""trigger":"manual""#));
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let told = |draft: &str| compile("x", draft, &Map::new()).expect_err(draft);
        assert!(told("{")[0].message.starts_with("the file is not JSON"));
        assert!(told("[]")[0].message.contains("must be one survey"));
        assert_eq!(told(r#"{"id": "y", "template": "nps"}"#)[0].path, "id");
        let wrong =
            r#"{"questions": [{"id": "q", "kind": "smell", "text": "?"}], "delay": "5 secs"}"#;
        let paths: Vec<String> = told(wrong).into_iter().map(|it| it.path).collect();
        assert_eq!(paths, ["questions[0].kind", "delay"]);
        let unknown = told(r#"{"template": "nps", "colour": "red"}"#);
        assert!(matches!(&unknown[..], [DraftProblem { path, .. }] if path == "colour"));
    }

    #[test]
    fn what_asks_nobody_cannot_be_published() {
        let now: Timestamp = "2026-12-01T11:00:00Z".parse().expect("a moment");
        let told = |dates: &str| {
            let draft = format!(r#"{{"template": "nps", {dates}}}"#);
            let compiled = compile_to_publish("nps", &draft, &Map::new(), now);
            compiled.err().map(|problems| format!("{} {}", problems[0].path, problems[0].message))
        };
        // Somewhere it is still the day before.
        for good in [
            r#""until": "2026-12-01""#,
            r#""until": "2026-12-01T11:00:01Z""#,
            r#""from": "2026-12-03", "until": "2026-12-04""#,
            r#""from": "2020-01-01""#,
        ] {
            assert_eq!(told(good), None, "{good}");
        }
        for (bad, message) in [
            (r#""until": "2026-11-30""#, "until is over"),
            (r#""until": "2026-12-01T11:00:00Z""#, "until is over"),
            (r#""until": "2026-12-01T12:59:00+02:00""#, "until is over"),
            (r#""from": "2026-12-04", "until": "2026-12-04""#, "until must be later than from"),
            (r#""from": "2026-02-30""#, "from \"2026-02-30\" is not a date"),
        ] {
            let found = told(bad).unwrap_or_default();
            assert!(found.starts_with(message), "{bad}: {found}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_told() {
        let draft = r#"{"template": "nps", "delay": "1s", "delay": "2s"}"#;
        let now = Timestamp::from_millis(0);
        let problems = compile_to_publish("nps", draft, &Map::new(), now).expect_err("two");
        assert_eq!(problems[0].path, "delay");
    }

    #[test]
    fn defaults_are_keys_that_many_surveys_can_share() {
        assert_eq!(
            check_defaults(&defaults(json!({"accent": "#0b7a75", "recontact": "30d"}))),
            Ok(())
        );
        for (value, path) in [
            (json!({"questions": []}), "defaults.questions"),
            (json!({"colour": "red"}), "defaults.colour"),
            (json!({"recontact": "soon"}), "defaults.recontact"),
        ] {
            assert_eq!(check_defaults(&defaults(value)).expect_err(path).path, path);
        }
    }
}
