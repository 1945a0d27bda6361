//! A link shows a survey and chooses answers.

use crate::support::{play, shown};

#[test]
fn a_link_shows_a_survey_whatever_its_trigger() {
    shown(&["survey=csat trigger=manual"], "link csat", "csat");
    shown(&["survey=csat trigger=manual"], "link nps", "");
    shown(&["survey=csat trigger=manual url=/other"], "link csat", "csat");
    shown(&["survey=csat trigger=manual"], "stored csat a-1d; link csat", "csat");
    shown(&["survey=csat trigger=manual consent=required"], "link csat", "");
    shown(&["survey=csat trigger=manual consent=required"], "link csat; grant", "csat");
    // It is followed once, also where the survey comes later.
    shown(&[], "link csat; element 1 sondeo=csat trigger=manual", "csat");
    shown(&["survey=csat trigger=manual"], "link csat; hide; go /b", "");
}

#[test]
fn a_link_chooses_an_answer_and_sends_nothing() {
    let tag = &["survey=csat trigger=manual report=all"];
    let world = play(tag, "link csat satisfaction=4");
    assert_eq!(world.showing("csat").chosen, [("satisfaction".into(), vec!["4".to_owned()])]);
    assert!(world.delivered.is_empty(), "a scanner of mails is no visitor");
    let world = play(tag, "link csat satisfaction=9");
    assert!(world.showing("csat").chosen.is_empty());
    let expected = r#"warn: the link's sondeo-satisfaction="9" is no answer of this survey"#;
    assert_eq!(world.heard("warn"), [expected]);
    assert_eq!(play(tag, "link csat; complete csat").delivered[0].trigger, "link");
}

#[test]
fn consent_given_later_keeps_what_was_chosen() {
    let tag = &["survey=csat trigger=manual consent=required"];
    let world = play(tag, "link csat satisfaction=4; grant");
    assert_eq!(world.showing("csat").chosen.len(), 1);
}
