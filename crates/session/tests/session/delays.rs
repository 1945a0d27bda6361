//! From a trigger to the showing: delays, texts of other languages, modal dialogs, periods.

use crate::support::{play, reasons, shown};

#[test]
fn a_survey_is_shown_when_its_trigger_fires() {
    shown(&["survey=csat trigger=load"], "", "csat");
    shown(&["survey=csat trigger=event:a"], "", "");
    shown(&["survey=csat trigger=event:a"], "track a", "csat");
    shown(&["survey=csat trigger=event:a"], "track b", "");
    shown(&["survey=csat trigger=event:a+click:.b"], "fire click:.b", "csat");
    shown(&["survey=csat trigger=click:.b"], "heard-by-loader click:.b", "csat");
    shown(&["survey=csat trigger=manual"], "", "");
    shown(&["survey=csat trigger=first-visit"], "", "csat");
    shown(&["survey=csat trigger=visit:2"], "", "");
    shown(&["survey=csat trigger=visit:2"], "stored csat", "csat");
}

#[test]
fn a_delay_runs_to_its_end() {
    let survey = &["survey=csat trigger=event:a delay=10s"];
    shown(survey, "track a; wait 9999ms", "");
    shown(survey, "track a; wait 10s", "csat");
    reasons(survey, "track a; wait 9999ms", "csat", "delay");
    // A second event starts nothing anew.
    shown(survey, "track a; wait 9s; track a; wait 1s", "csat");
    shown(survey, "track a; wait 9s; hide csat; wait 1s", "");
    reasons(survey, "track a; wait 9s; hide; wait 1s", "csat", "over");
}

#[test]
fn the_first_visits_delay_ends_halfway_through_the_page() {
    shown(&["survey=first-visit"], "wait 29999ms", "");
    shown(&["survey=first-visit"], "wait 30s", "first-visit");
    shown(&["survey=first-visit"], "wait 1s; halfway", "first-visit");
    shown(&["survey=first-visit delay=20s"], "wait 1s; halfway", "");
    shown(&["survey=first-visit"], "wait 1s; hide; halfway", "");
}

#[test]
fn words_of_another_language_are_waited_for() {
    let survey = &["survey=csat trigger=event:a lang=es"];
    shown(survey, "base; track a", "");
    shown(survey, "base; track a; messages come", "csat");
    shown(survey, "base; track a; messages fail", "csat");
    shown(survey, "base; track a; hide; messages come", "");
    let click = &["survey=csat trigger=click:.a lang=es"];
    shown(click, "base; fire click:.a; go /b; messages come", "");
    shown(survey, "base; track a; withdraw; messages come", "");
    shown(survey, "base; show csat; withdraw; messages come", "");
    // Nobody has said where the files are.
    shown(survey, "track a", "csat");
    let language = |steps: &str| {
        let world = play(survey, steps);
        world.showing("csat").survey.messages.language().tag()
    };
    assert_eq!(language("base; track a; messages come"), "es");
    assert_eq!(language("base; track a; messages fail"), "en");
    let world = play(survey, "base; track a; messages fail");
    assert_eq!(world.heard("warn"), ["warn: the words of the language es did not come"]);
}

#[test]
fn words_come_during_the_delay() {
    let world = play(&["survey=csat trigger=event:a delay=1s lang=es"], "base; track a");
    assert_eq!(world.pending_messages.len(), 1);
    let survey = &["survey=csat trigger=event:a delay=1s lang=es"];
    shown(survey, "base; track a; messages come; wait 999ms", "");
    shown(survey, "base; track a; messages come; wait 1s", "csat");
    shown(survey, "base; track a; wait 1s; messages come", "csat");
}

#[test]
fn a_modal_dialog_of_the_page_comes_first() {
    let survey = &["survey=csat trigger=event:a"];
    shown(survey, "modal opens; track a; wait 10s", "");
    shown(survey, "modal opens; track a; wait 10s; modal closes; wait 499ms", "");
    shown(survey, "modal opens; track a; wait 10s; modal closes; wait 500ms", "csat");
    shown(survey, "modal opens; show csat; wait 10s", "");
    shown(survey, "modal opens; show csat; modal closes; wait 499ms", "");
    shown(survey, "modal opens; show csat; modal closes; wait 500ms", "csat");
    shown(survey, "modal opens; show csat; hide; modal closes; wait 500ms", "");
    // What stands inside the page is a part of it.
    shown(&["@1 sondeo=csat trigger=event:a"], "modal opens; track a", "csat");
}

#[test]
fn a_survey_runs_from_one_moment_to_another() {
    let from = &["survey=csat trigger=load from=2026-09-21T00:00:10"];
    shown(from, "wait 9999ms", "");
    reasons(from, "wait 9999ms", "csat", "from");
    // A timer and the wall clock differ a little.
    shown(from, "wait 10100ms", "csat");
    let event = &["survey=csat trigger=event:a from=2026-09-21T00:00:10"];
    shown(event, "wait 20s", "");
    shown(event, "track a; wait 20s", "csat");
    let until = &["survey=csat trigger=event:a until=2026-09-21T00:00:10"];
    shown(until, "wait 9999ms; track a", "csat");
    shown(until, "wait 10s; track a", "");
    reasons(until, "wait 10s; track a", "csat", "until");
}

#[test]
fn a_page_that_lets_nothing_be_shown_is_told_once_a_try() {
    let world = play(&["survey=csat trigger=event:a"], "refuses; track a; track a");
    assert_eq!(world.heard("warn"), ["warn: the page lets no survey be shown: csat"; 2]);
    assert_eq!(world.shown(), "");
    assert!(!world.record().contains("csat"), "nobody has seen it");
}
