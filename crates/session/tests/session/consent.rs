//! Nothing is stored, shown or sent without the consent that a survey asks for.

use crate::support::{play, reasons, shown};

const CSAT: &[&str] = &["survey=csat trigger=event:a consent=required"];

#[test]
fn a_survey_waits_for_consent() {
    shown(CSAT, "track a", "");
    reasons(CSAT, "track a", "csat", "consent");
    shown(CSAT, "track a; grant", "csat");
    shown(CSAT, "grant; track a", "csat");
    shown(CSAT, "grant", "");
    shown(CSAT, "show csat; grant", "csat");
    // What the old page waited for is over.
    shown(CSAT, "track a; go /b; grant", "");
    shown(&["survey=csat trigger=event:a"], "track a", "csat");
}

#[test]
fn nothing_is_stored_before_consent() {
    assert_eq!(play(CSAT, "track a; wait 1s").browser.stored, []);
    assert!(play(CSAT, "track a; grant").record().contains("csat n"));
}

#[test]
fn consent_withdrawn_takes_away_and_forgets() {
    shown(CSAT, "grant; track a; withdraw", "");
    let world = play(CSAT, "grant; track a; withdraw");
    assert_eq!(world.browser.stored, []);
    assert!(world.heard.contains(&"forget".to_owned()));
    // All of the page's surveys are meant.
    shown(&["survey=csat trigger=event:a"], "track a; withdraw", "");
    shown(&["survey=csat trigger=event:a"], "withdraw; track a", "");
    // What was about to come waits, and comes when consent is given again.
    let late = &["survey=csat trigger=event:a delay=1s"];
    shown(late, "track a; withdraw; wait 2s", "");
    shown(late, "track a; withdraw; grant; wait 999ms", "");
    shown(late, "track a; withdraw; grant; wait 1s", "csat");
}

#[test]
fn a_visit_is_known_once_there_is_consent() {
    let visit = &["survey=csat trigger=first-visit consent=required"];
    shown(visit, "", "");
    shown(visit, "grant", "csat");
}

#[test]
fn what_was_left_behind_goes_only_with_everybodys_consent() {
    assert_eq!(play(&["survey=csat"], "").heard("permit"), ["permit yes"]);
    assert_eq!(play(CSAT, "").heard("permit"), [""; 0]);
    assert_eq!(play(CSAT, "grant").heard("permit"), ["permit yes"]);
    assert_eq!(play(CSAT, "grant; withdraw").heard("permit"), ["permit yes", "permit no"]);
    let two = &["survey=csat", "survey=nps consent=required"];
    assert_eq!(play(two, "").heard("permit"), [""; 0]);
    assert_eq!(play(two, "grant").heard("permit"), ["permit yes"]);
}

#[test]
fn reset_forgets_and_goes_on() {
    let csat = &["survey=csat trigger=event:a"];
    let world = play(csat, "track a; complete csat; reset");
    assert_eq!(world.browser.stored, []);
    assert_eq!(world.shown(), "csat");
    shown(csat, "track a; complete csat; close csat; reset; go /b; track a", "csat");
}
