//! The page's calls.

use crate::support::{play, reasons, shown};
use sondeo_session::{Command, InvalidCall};

const MANUAL: &[&str] = &["survey=csat trigger=manual", "survey=nps trigger=manual"];

#[test]
fn show_shows_whatever_else_is_against_it() {
    shown(MANUAL, "show csat", "csat");
    shown(MANUAL, "stored csat a-1d; show csat", "csat");
    shown(MANUAL, "show csat; hide; show csat", "csat");
    shown(MANUAL, "show csat; show csat", "csat");
    shown(MANUAL, "show csat; show nps", "nps");
}

#[test]
fn a_slip_in_a_name_is_explained() {
    let world = play(MANUAL, "show csta; show csta");
    let expected = r#"warn: show("csta") is not a survey of this page (try "csat")"#;
    assert_eq!(world.heard("warn"), [expected]);
}

#[test]
fn hide_takes_away_one_or_all() {
    shown(MANUAL, "show csat; hide nps", "csat");
    shown(MANUAL, "show csat; hide csat", "");
    shown(MANUAL, "show csat; hide", "");
}

#[test]
fn explain_names_every_reason() {
    reasons(MANUAL, "", "csat", "trigger");
    reasons(MANUAL, "show csat", "csat", "");
    reasons(MANUAL, "show csat", "nps", "trigger quiet occupied");
    reasons(MANUAL, "", "unheard-of", "unknown");
    reasons(&["survey=csat device=mobile url=/b"], "", "csat", "url device");
}

#[test]
fn the_page_hears_of_what_is_not_shown() {
    let world = play(&["survey=csat trigger=event:a debug"], "stored csat a-1d; track a");
    assert_eq!(
        world.heard("sondeo:skipped"),
        [
            r#"sondeo:skipped {"survey":"csat","reasons":["recontact"],"until":"2026-12-19T14:13:20.000Z"}"#
        ]
    );
    let line = "log: csat (event:a) is not shown: recontact until 2026-12-19T14:13:20.000Z";
    assert_eq!(world.heard("log"), [line]);
    // What only waits is not passed over.
    let two = &["survey=csat trigger=event:a quiet=0", "survey=nps trigger=event:b quiet=0"];
    assert_eq!(play(two, "track a; track b").heard("sondeo:skipped"), [""; 0]);
}

#[test]
fn a_call_that_means_nothing_is_explained_once() {
    for (problem, expected) in [
        (InvalidCall::NeedsBoolean, "warn: it() needs true or false"),
        (InvalidCall::NeedsName, "warn: it() needs a name"),
        (InvalidCall::Unknown, "warn: it() has no effect in this version"),
    ] {
        let mut world = play(&[], "");
        for _ in 0..2 {
            world.command(Command::Invalid { name: "it".to_owned(), problem });
        }
        assert_eq!(world.heard("warn"), [expected]);
    }
}

#[test]
fn identify_tells_who_answers() {
    let user = |steps: &str| {
        let world = play(&["survey=csat user=u-1"], steps);
        world.delivered[0].user.clone().unwrap_or_default()
    };
    assert_eq!(user("complete csat"), "u-1");
    let world =
        play(&["survey=csat trigger=event:a user=u-1"], "identify u-2; track a; complete csat");
    assert_eq!(world.delivered[0].user.as_deref(), Some("u-2"));
    let world = play(
        &["survey=csat trigger=event:a user=u-1"],
        "identify u-2; reset; track a; complete csat",
    );
    assert_eq!(world.delivered[0].user.as_deref(), Some("u-1"));
}
