//! Surveys as authors write them: all kinds, options, looks, ways, languages and settings.

use crate::dice::Dice;
use serde_json::{Map, Value, json};

pub(crate) fn survey(dice: &mut Dice) -> Value {
    let mut survey = Map::new();
    if dice.once_in(4) {
        survey.insert("template".into(), dice.pick(TEMPLATES).into());
    }
    if survey.is_empty() || dice.once_in(3) {
        survey.insert("id".into(), dice.pick(&["checkout", "a", "2026", "-"]).into());
        survey.insert("questions".into(), questions(dice));
    }
    for _ in 0..dice.roll(6) {
        let (key, value) = setting(dice);
        survey.insert(key.into(), value);
    }
    Value::Object(survey)
}

const TEMPLATES: &[&str] = &["csat", "post-purchase", "faq", "support", "nps", "welcome"];

fn setting(dice: &mut Dice) -> (&'static str, Value) {
    let key = dice.pick(&[
        "endpoint",
        "trigger",
        "delay",
        "url",
        "device",
        "sample",
        "recontact",
        "snooze",
        "quiet",
        "max_shows",
        "from",
        "until",
        "priority",
        "question",
        "thanks",
        "display",
        "position",
        "theme",
        "accent",
        "radius",
        "font",
        "lang",
        "format",
        "headers",
        "fields",
        "report",
        "push",
        "user",
        "custom",
        "visitor",
        "mask",
        "confirm",
        "debug",
        "preview",
        "storage",
        "consent",
        "privacy_signal",
        "$schema",
    ]);
    let word = |dice: &mut Dice, words: &[&'static str]| Value::from(dice.pick(words));
    let value = match key {
        "endpoint" => word(dice, &["/responses", "https://example.com/r?a=b"]),
        "trigger" => triggers(dice),
        "delay" | "quiet" => {
            [json!(0), json!("0"), json!("500ms"), json!("5s"), json!("90d")][dice.roll(5)].clone()
        }
        "url" => some(dice, &["/checkout/**", "!/help", "https://*.example.com/**"]),
        "device" => some(dice, &["mobile", "tablet", "desktop"]),
        "sample" => word(dice, &["25%", "0%", "100%", "0.5%"]),
        "recontact" | "snooze" => word(dice, &["30d", "always", "never", "0"]),
        "max_shows" => dice.roll(5).into(),
        "priority" => json!(dice.roll(20) as i32 - 10),
        "from" | "until" => word(dice, &["2026-12-01", "2026-12-01T09:00:00Z"]),
        "question" | "thanks" => text(dice),
        "display" => word(dice, &["popover", "dialog", "bar", "tab", "inline", "page"]),
        "position" => word(dice, &["bottom-right", "top-left", "center"]),
        "theme" => word(dice, &["auto", "light", "dark"]),
        "accent" | "radius" | "font" => word(dice, &["#0b7a75", "12px", "Georgia, serif"]),
        "lang" => word(dice, &["en", "es-MX", "fa", "zh-Hant"]),
        "format" => word(dice, &["json", "text", "form"]),
        "headers" => json!({ "X-Team": "web", "x-number": dice.roll(9) }),
        "fields" => json!({ "why": "entry.123" }),
        "report" => word(dice, &["answers", "all"]),
        "push" => some(dice, &["datalayer", "gtag", "posthog", "segment", "adobe"]),
        "user" => [json!("u-123"), json!(5_678_901_234_567_u64), json!("")][dice.roll(3)].clone(),
        "custom" => json!({ "order-id": dice.roll(9), "plan": "pro ✓", "new": true }),
        "visitor" => word(dice, &["on", "off"]),
        "mask" => some(dice, &["card", "email", "phone", "none"]),
        "confirm" => word(dice, &["status", "id"]),
        "debug" | "preview" => dice.once_in(2).into(),
        "storage" => word(dice, &["local", "session", "none"]),
        "consent" => word(dice, &["granted", "required"]),
        "privacy_signal" => word(dice, &["respect", "ignore"]),
        _ => word(dice, &["https://example.com/survey.schema.json"]),
    };
    (key, value)
}

/// Words in a string, or in an array.
fn some(dice: &mut Dice, words: &[&'static str]) -> Value {
    let words: Vec<_> = (0..=dice.roll(2)).map(|_| dice.pick(words)).collect();
    if dice.once_in(2) { words.into() } else { words.join(" ").into() }
}

fn triggers(dice: &mut Dice) -> Value {
    let plain = &[
        "load",
        "manual",
        "first-visit",
        "visit:3",
        "event:purchase",
        "click:.cancel",
        "scroll:50%",
        "exit",
        "idle:30s",
        "dwell:0",
        "chat-end",
        "visible:[data-x=\"y\"]",
    ];
    match dice.roll(4) {
        0 => "exit click:'.cart button' 'submit:form .x'".into(),
        1 => json!(["click:.cart button", dice.pick(plain)]),
        _ => some(dice, plain),
    }
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
                set("other", [json!(true), json!(false), text(dice)][dice.roll(3)].clone());
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
