//! Elements that ask for surveys: they come, go, and ask for others.

use crate::support::{play, reasons, shown};

#[test]
fn an_element_is_followed() {
    shown(&["@1 sondeo=csat trigger=load"], "", "csat");
    shown(&[], "element 1 sondeo=csat trigger=load", "csat");
    shown(&["@1 sondeo=csat trigger=load"], "remove 1", "");
    shown(&["@1 sondeo=csat trigger=load"], "element 1 sondeo=nps trigger=load", "nps");
    shown(&["@1 sondeo=csat trigger=load"], "remove 1; element 2 sondeo=csat trigger=load", "csat");
    shown(&["@1 sondeo=csat trigger=load"], "remove 1; go /b; element 2 sondeo=csat", "csat");
    // It asks for the same: it is left as it is.
    shown(&["@1 sondeo=csat trigger=load"], "hide; element 1 sondeo=csat trigger=load", "");
    shown(
        &["@1 sondeo=csat trigger=event:a", "@2 sondeo=csat trigger=event:a"],
        "track a",
        "csat csat",
    );
}

#[test]
fn an_element_inherits_from_the_first_tag() {
    let inherits = &["trigger=event:a", "@1 sondeo=csat"];
    shown(inherits, "", "");
    shown(inherits, "track a", "csat");
    // The tag says something else now.
    shown(inherits, "tag 0 trigger=event:b; track a", "");
    shown(inherits, "tag 0 trigger=event:b; track b", "csat");
}

#[test]
fn what_a_tag_says_of_its_own_survey_is_for_that_survey() {
    for own in ["trigger=event:a", "url=/cart", "delay=1h", "from=2026-09-22T00:00:59"] {
        let tag = format!("survey=nps {own}");
        shown(&[&tag, "@1 sondeo=faq"], "", "faq");
        shown(&[own, "@1 sondeo=faq"], "", "");
    }
    let asked = |tag: &str| {
        let world = play(&[tag, "@1 sondeo=faq"], "");
        let asked = &world.showing("faq").survey;
        asked.text(&asked.questions[0].text).to_owned()
    };
    assert_eq!(asked("question=Mine?"), "Mine?");
    assert_ne!(asked("survey=nps trigger=manual question=Mine?"), "Mine?");
    // The rest is for the page.
    let world =
        play(&["survey=nps trigger=manual custom-plan=pro", "@1 sondeo=faq"], "complete faq");
    assert_eq!(world.delivered[0].custom, [("plan".to_owned(), "pro".to_owned())]);
}

#[test]
fn a_tag_that_has_left_asks_nothing() {
    shown(&["survey=csat trigger=event:a"], "remove-tag 0; track a", "");
    shown(&["survey=csat"], "remove-tag 0", "");
    shown(&["survey=csat", "survey=csat"], "remove-tag 0", "csat");
    shown(&["survey=csat trigger=event:a"], "tag 0 survey=nps trigger=event:a; track a", "nps");
}

#[test]
fn a_tag_that_is_back_asks_again() {
    let tag = &["survey=csat trigger=event:a"];
    shown(tag, "remove-tag 0; tag 0 survey=csat trigger=event:a; track a", "csat");
    shown(tag, "remove-tag 0; tag 0 survey=nps trigger=event:a; track a", "nps");
    let inherits = &["trigger=event:a", "@1 sondeo=csat"];
    shown(inherits, "remove-tag 0; tag 0 trigger=event:b; track b", "csat");
}

#[test]
fn two_tags_with_different_endpoints_are_reported() {
    let world = play(&["survey=csat endpoint=/one", "survey=csat endpoint=/two"], "");
    assert_eq!(world.shown(), "csat");
    let warned = world.heard("warn:");
    assert_eq!(
        warned,
        ["warn: two tags ask for \"csat\" with different endpoints \
          (https://shop.example/one is used)"]
    );
}

#[test]
fn an_element_that_is_mounted_again_has_its_survey_as_it_was() {
    let one = &["@1 sondeo=faq max-shows=1"];
    let again = "remove 1; element 2 sondeo=faq max-shows=1";
    let world = play(one, &format!("see faq; touch faq; {again}; see faq"));
    assert_eq!(world.heard("sondeo:shown").len(), 1);
    assert_eq!(world.shown(), "faq");
    assert_eq!(world.record().matches(" w").count(), 1);
    assert!(!world.record().contains(','), "one showing: {}", world.record());
    // Whoever has closed it is not asked again for that.
    shown(&["@1 sondeo=faq snooze=always"], "close faq; remove 1; element 2 sondeo=faq", "");
    // A floating one is shown anew, and counts once.
    let tag = &["@1 sondeo=csat trigger=load display=popover quiet=0 max-shows=9"];
    let again =
        "remove 1; wait 1s; element 1 sondeo=csat trigger=load display=popover quiet=0 max-shows=9";
    let world = play(tag, &format!("{again}; {again}"));
    assert_eq!(world.shown(), "csat");
    assert!(!world.record().contains(','), "one showing: {}", world.record());
}

#[test]
fn only_so_many_elements_are_waited_for() {
    let mut steps = String::new();
    for at in 1..=9 {
        steps.push_str(&format!("element {at} sondeo=faq custom-n={at}; remove {at}; "));
    }
    let world = play(&[], &steps);
    assert_eq!(world.showings.len(), 8, "the first is forgotten");
}

#[test]
fn other_words_are_asked_at_once() {
    let element = &["@1 sondeo=faq question=One?"];
    let two = "element 1 sondeo=faq question=Two?";
    let asked = |steps: &str| {
        let world = play(element, steps);
        let asked = &world.showing("faq").survey;
        assert_eq!(world.shown(), "faq");
        asked.text(&asked.questions[0].text).to_owned()
    };
    assert_eq!(asked(two), "Two?");
    assert_eq!(asked(&format!("answer faq; {two}")), "Two?");
    assert_eq!(asked(&format!("complete faq; {two}")), "One?", "its thanks stay");
    let world = play(element, &format!("see faq; {two}; see faq"));
    assert!(!world.record().contains(','), "one showing: {}", world.record());
}

#[test]
fn surveys_are_added_by_a_call() {
    let lunch = |trigger: &str| {
        format!(
            r#"add {{"id":"lunch","endpoint":"/r","trigger":"{trigger}","questions":[{{"id":"q","kind":"yes-no","text":"Good?"}}]}}"#
        )
    };
    shown(&[], &lunch("load"), "lunch");
    shown(&[], &format!("{}; {}", lunch("manual"), lunch("load")), "lunch");
    shown(&[], &format!("{}; {}", lunch("load"), lunch("load")), "lunch");
    shown(
        &["trigger=manual"],
        &format!("element 1 sondeo=lunch; {}", lunch("load")),
        "lunch lunch",
    );
    let list = r#"add [{"template":"csat","endpoint":"/r","trigger":"load"},7]"#;
    let world = play(&[], list);
    assert_eq!(world.shown(), "csat");
    assert_eq!(world.heard("warn"), ["warn: add()[1] is no survey (try {\"template\": \"faq\"})"]);
    assert_eq!(play(&[], "add {").heard("warn").len(), 1);
    let nameless = r#"add [{"id":[],"template":"csat"},{"id":"Two Words","template":"csat"}]"#;
    let warnings = play(&[], nameless).heard("warn").join("\n");
    assert!(warnings.contains("add()[0].id (a list)"), "{warnings}");
    assert!(warnings.contains("add()[1].id \"Two Words\""), "{warnings}");
}

#[test]
fn crawlers_are_not_asked() {
    shown(&["survey=csat"], "by crawler", "");
    reasons(&["survey=csat trigger=load"], "by crawler", "csat", "crawler");
    shown(&["survey=csat"], "by crawler; show csat", "");
    shown(&["survey=csat preview"], "by crawler", "csat");
}

#[test]
fn nothing_floats_in_a_window_without_room() {
    shown(&["survey=csat trigger=load"], "in pixel", "");
    shown(&["survey=csat trigger=load"], "in pixel; frame grows; wait 500ms", "csat");
    shown(&["survey=csat trigger=load"], "in pixel; show csat", "");
}

#[test]
fn what_left_listens_no_more() {
    let world = play(&["@1 sondeo=csat trigger=event:a delay=1s"], "track a; remove 1; wait 2s");
    assert_eq!((world.listening().len(), world.shown().as_str()), (0, ""));
}

#[test]
fn what_the_page_sweeps_away_is_over() {
    shown(&["survey=csat"], "sweep csat", "");
    shown(&["survey=csat trigger=event:a"], "track a; sweep csat; track a", "");
    shown(&["survey=csat trigger=event:a quiet=0"], "track a; sweep csat; go /b; track a", "csat");
}

#[test]
fn a_tag_that_is_loaded_twice_counts_once() {
    shown(&["survey=csat", "survey=csat"], "", "csat");
    shown(&["survey=csat"], "script survey=csat; hide", "");
}

#[test]
fn the_page_hears_that_it_is_ready_once() {
    let world = play(&["survey=csat trigger=manual"], "element 1 sondeo=nps trigger=load");
    assert_eq!(world.heard("sondeo:ready"), ["sondeo:ready {}"]);
}
