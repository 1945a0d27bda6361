//! Names that content blockers' public lists do not block. The rules are of the kind that EasyPrivacy, EasyList and
//! the annoyance lists hold, as far as they are about scripts, surveys and answers: broad ones, which name no site.

#![cfg(not(target_arch = "wasm32"))]

use adblock::Engine;
use adblock::lists::{FilterSet, ParseOptions};
use adblock::request::Request;
use std::collections::HashSet;

const RULES: &[&str] = &[
    "/beacon.js",
    "/beacon?",
    "/api/collect",
    "/collect?",
    "/collect/*",
    "/metrics/survey/*",
    "/tracking/*",
    "/tracker.js",
    "/analytics.js",
    "/telemetry/*",
    "/pixel.gif?",
    "/survey-popup.",
    "/surveyinvite.js",
    "/feedback-widget.",
    "-survey-widget/",
    "/event/track?",
    "||survicate.com^$third-party",
    "||sprig.com^$third-party",
    "||qualaroo.com^$third-party",
    "||mopinion.com^$third-party",
    "||usabilla.com^$third-party",
    "###feedback-tab",
    "###survey_overlay",
    "###survey-popup",
    "##.survey_overlay",
    "##.survey-popup",
    "##.feedback-tab",
    "##.feedback_tab",
    "##.popover-survey",
    "##.nps-widget",
    "##.modal-survey",
];

fn engine() -> Engine {
    let mut rules = FilterSet::new(true);
    rules.add_filter_list(RULES.join("\n"), ParseOptions::default());
    Engine::new_with_filter_set(rules)
}

fn is_blocked(engine: &Engine, path: &str, kind: &str) -> bool {
    ["https://shop.example", "https://cdn.example.com"].iter().any(|origin| {
        let request =
            Request::new(&format!("{origin}{path}"), "https://shop.example/", kind, "GET");
        engine.check_network_request(&request.expect("an address")).filter.is_some()
    })
}

#[test]
fn no_default_address_is_blocked() {
    let engine = engine();
    for (path, kind) in [
        ("/sondeo.js", "script"),
        ("/embed/sondeo.js", "script"),
        ("/sondeo-0123456789abcdef.js", "script"),
        ("/sondeo-0123456789abcdef.translated.js", "script"),
        ("/sondeo-0123456789abcdef.preview.js", "script"),
        ("/sondeo-0123456789abcdef.wasm", "fetch"),
        ("/sites/shop/previews/0f1e2d3c4b5a69788796a5b4c3d2e1f0.json", "fetch"),
        ("/sondeo-0123456789abcdef.es.txt", "fetch"),
        ("/sondeo-0123456789abcdef.google-forms.json", "fetch"),
        ("/surveys.json", "fetch"),
        ("/sites/shop/sondeo.js", "script"),
        ("/sites/shop/plan.json", "fetch"),
        ("/sites/shop/surveys/checkout.json?v=4", "fetch"),
        ("/surveys/sites/shop/surveys/post-purchase.json?v=12", "fetch"),
        ("/responses", "fetch"),
        ("/api/responses", "fetch"),
        ("/v1/responses", "fetch"),
        ("/s/post-purchase", "document"),
        ("/?sondeo=post-purchase", "document"),
    ] {
        assert!(!is_blocked(&engine, path, kind), "{path}");
    }
    // Or the rules would prove nothing.
    for path in ["/beacon.js", "/api/collect", "/collect?id=1", "/metrics/survey/1", "/tracking/x"]
    {
        assert!(is_blocked(&engine, path, "fetch"), "{path}");
    }
}

#[test]
fn nothing_of_ours_is_hidden() {
    let engine = engine();
    let style = include_str!("../style/widget.css");
    let words = style.split(|it: char| !(it.is_ascii_alphanumeric() || ".-_".contains(it)));
    let classes: HashSet<&str> = words
        .filter_map(|word| word.strip_prefix('.'))
        .filter(|word| word.starts_with(|it: char| it.is_ascii_lowercase()))
        .collect();
    assert!(classes.contains("thanks") && classes.contains("card"), "{classes:?}");
    let none: HashSet<String> = HashSet::new();
    let hidden = engine.hidden_class_id_selectors(classes, ["sondeo", "surveys"], &none);
    assert_eq!(hidden, Vec::<String>::new());
    let hidden = engine.hidden_class_id_selectors(["survey_overlay"], ["feedback-tab"], &none);
    assert_eq!(hidden.len(), 2, "the rules prove something: {hidden:?}");
}
