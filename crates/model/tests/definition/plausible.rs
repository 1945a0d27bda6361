//! Surveys as authors write them: all kinds, options, looks, ways, languages and settings.

use super::dice::Dice;
use serde_json::{Map, Value, json};
use sondeo_model::plausible_values;

pub(crate) fn survey(dice: &mut Dice) -> Value {
    let mut survey = Map::new();
    if dice.once_in(4) {
        survey.insert("template".into(), value_of(dice, "template"));
    }
    if survey.is_empty() || dice.once_in(3) {
        survey.insert("id".into(), value_of(dice, "id"));
        survey.insert("questions".into(), questions(dice));
    }
    for _ in 0..dice.roll(6) {
        let (key, value) = setting(dice);
        survey.insert(key.into(), value);
    }
    if dice.once_in(3) {
        let ends = endings(dice, survey.get_mut("questions"));
        survey.insert("endings".into(), ends);
    }
    Value::Object(survey)
}

/// Ends of ways; rules that led to the end lead to them. Seldom there is one that nothing leads to.
fn endings(dice: &mut Dice, questions: Option<&mut Value>) -> Value {
    let ids = ["done", "review", "person"];
    let mut named = vec![false; ids.len()];
    let questions = questions.and_then(Value::as_array_mut).into_iter().flatten();
    let rules = questions.filter_map(|it| it.get_mut("next")?.as_array_mut()).flatten();
    for rule in rules.filter(|rule| rule["go"] == "end") {
        let at = dice.roll(ids.len() + 1);
        if let Some(id) = ids.get(at) {
            rule["go"] = (*id).into();
            named[at] = true;
        }
    }
    let stays = |at: &usize, dice: &mut Dice| *at == 0 || named[*at] || dice.once_in(12);
    let ids: Vec<_> = (0..ids.len()).filter(|at| stays(at, dice)).map(|at| ids[at]).collect();
    let ending = |id: &str, dice: &mut Dice| {
        let mut ending = json!({ "id": id, "text": text(dice) });
        if dice.once_in(2) {
            ending["text"] = "Thank you! [More](https://a.example/).".into();
        }
        if dice.once_in(3) {
            ending["button"] =
                json!({ "text": text(dice), "url": dice.pick(&["/a", "mailto:a@a.example"]) });
        }
        ending
    };
    ids.into_iter().map(|id| ending(id, dice)).collect()
}

/// Keys that are no settings, or that fit some first questions alone.
const APART: &[&str] = &["id", "template", "questions", "low", "high"];

/// A key with a value that the table of keys gives for it.
fn setting(dice: &mut Dice) -> (&'static str, Value) {
    let mut keys = plausible_values();
    keys.retain(|(key, _)| !APART.contains(key));
    keys.push(("$schema", r#"["https://example.com/survey.schema.json"]"#));
    keys.push(("name", r#"["Checkout", ""]"#));
    keys.push(("note", r#"["Asked by Ada"]"#));
    keys.push(("published", r#"[{"site": "shop", "version": 4}]"#));
    let (key, values) = keys[dice.roll(keys.len())];
    (key, one_of(dice, values))
}

/// One of the values that the table gives for this key.
fn value_of(dice: &mut Dice, key: &str) -> Value {
    let values = plausible_values();
    let (_, values) = values.iter().find(|(known, _)| *known == key).expect("a key");
    one_of(dice, values)
}

fn one_of(dice: &mut Dice, values: &str) -> Value {
    let values: Vec<Value> = serde_json::from_str(values).expect("an array of values");
    values[dice.roll(values.len())].clone()
}

pub(crate) fn text(dice: &mut Dice) -> Value {
    match dice.roll(4) {
        0 => json!({ "en": "How was it?", "es": "¿Qué tal?", "pt-BR": "Como foi?" }),
        1 => json!({ "fa": "چطور بود؟" }),
        _ => dice.pick(&["How was it?", "  ¿Qué tal? ✓", "0"]).into(),
    }
}

fn questions(dice: &mut Dice) -> Value {
    let mut ids = vec!["satisfaction", "why", "q-3", "4", "reason", "other"];
    let count = 1 + dice.roll(5);
    let ids: Vec<_> = (0..count).map(|_| dice.take(&mut ids)).collect();
    ids.iter().enumerate().map(|(at, id)| question(dice, id, &ids[at..], &ids)).collect()
}

/// A picture; beside words, one that needs none of its own.
fn image(dice: &mut Dice, is_beside_words: bool) -> Value {
    let src = dice.pick(&["/a.png", "../a.svg?v=1:2", "https://a.example/a.webp", "a"]);
    let alt = if is_beside_words && dice.once_in(2) { "".into() } else { text(dice) };
    json!({ "src": src, "alt": alt })
}

/// A question that leads mostly to `later` ones, seldom back, and very seldom nowhere.
fn question(dice: &mut Dice, id: &str, later: &[&str], all: &[&str]) -> Value {
    let kind = dice.pick(&["likert", "yes-no", "nps", "choice", "choices", "text"]);
    let mut question = json!({ "id": id, "kind": kind, "text": text(dice) });
    let mut set = |key: &str, value: Value| question[key] = value;
    let mut comparisons = vec![None, Some("skipped")];
    match kind {
        "likert" => {
            comparisons.extend([
                Some("<=2"),
                Some("> 1"),
                Some("=2"),
                Some("in:1, 2"),
                Some("!=1"),
            ]);
            let points = [5, 7, 2, 11][dice.roll(4)];
            let is_labelled = dice.once_in(3);
            if is_labelled {
                set("labels", (0..points).map(|_| text(dice)).collect());
            }
            if !is_labelled || dice.once_in(2) {
                set("points", points.into());
            }
            if dice.once_in(2) {
                set("look", dice.pick(&["numbers", "faces", "stars", "thumbs"]).into());
            } else if is_labelled {
                set("look", "labels".into());
            }
            if dice.once_in(2) {
                set("low", text(dice));
                set("high", text(dice));
            }
            if dice.once_in(3) && !(is_labelled && points == 5) {
                set("metric", if points == 7 { "ces" } else { "csat" }.into());
            }
        }
        "yes-no" => {
            comparisons.extend([Some("=yes"), Some("!=yes"), Some("in:yes,no"), Some(" = no ")]);
            if dice.once_in(2) {
                set("look", dice.pick(&["labels", "thumbs"]).into());
                set("metric", "helpful".into());
            }
        }
        "nps" => {
            comparisons.extend([Some("<=6"), Some(">=9"), Some("=0"), Some("in:7,8"), Some("<10")]);
            if dice.once_in(2) {
                set("low", text(dice));
                set("high", text(dice));
                set("metric", "nps".into());
            }
        }
        "choice" | "choices" => {
            comparisons.extend([Some("=a"), Some("!=b-2"), Some("in:a,b-2")]);
            let mut options = vec![
                json!({ "id": "a", "text": text(dice) }),
                json!({ "id": "b-2", "text": text(dice) }),
            ];
            if dice.once_in(3) {
                options[1]["image"] = image(dice, true);
            }
            for extra in 0..dice.roll(3) {
                options.push(json!({ "id": format!("c{extra}"), "text": text(dice) }));
            }
            if kind == "choice" && dice.once_in(2) {
                options[0]["minutes"] = dice.roll(2_000).into();
                set("metric", "ttr".into());
            }
            if kind == "choices" && dice.once_in(2) {
                set("max", (1 + dice.roll(options.len())).into());
            } else if kind == "choices" && dice.once_in(2) {
                set("min", (1 + dice.roll(options.len())).into());
            }
            set("options", options.into());
            if dice.once_in(2) {
                let other = [json!(true), json!(false), json!("text"), text(dice)];
                set("other", other[dice.roll(4)].clone());
                set("shuffle", dice.once_in(2).into());
            }
        }
        _ => {
            comparisons.push(Some("=yes"));
            if dice.once_in(2) {
                set("lines", (1 + dice.roll(20)).into());
                set("max_length", (20 + dice.roll(9_000)).into());
                set("placeholder", text(dice));
            }
            if dice.once_in(3) {
                set("format", "email".into());
                comparisons.pop();
            } else if dice.once_in(3) {
                set("format", "plain".into());
            }
        }
    }
    if dice.once_in(4) {
        question["image"] = image(dice, false);
    }
    if dice.once_in(4) {
        question["description"] = "Private: [how](https://a.example/).".into();
    }
    if dice.once_in(2) {
        question["required"] = dice.once_in(2).into();
    }
    let is_required = question["required"].as_bool().unwrap_or(kind != "text");
    comparisons.retain(|comparison| !(is_required && *comparison == Some("skipped")));
    if dice.once_in(2) {
        let rules = 1 + dice.roll(2);
        let rule = |dice: &mut Dice| {
            let mut rule = match dice.roll(12) {
                0 => json!({ "go": dice.pick(all) }),
                1 if dice.once_in(4) => json!({ "go": "nowhere" }),
                2..=5 => json!({ "go": "end" }),
                _ if later.len() > 1 => json!({ "go": dice.pick(&later[1..]) }),
                _ => json!({ "go": "end" }),
            };
            if let Some(comparison) = comparisons[dice.roll(comparisons.len())] {
                rule["if"] = comparison.into();
            }
            rule
        };
        question["next"] = (0..rules).map(|_| rule(dice)).collect();
    }
    question
}
