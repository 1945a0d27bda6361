//! Several surveys on one page: one at a time, the one that matters most first.

use crate::support::{reasons, shown};

const QUIET: &str = "quiet=0";

#[test]
fn of_several_that_are_due_the_highest_is_shown() {
    let pair = |one: &str, other: &str| {
        [
            format!("survey=csat trigger=event:a {QUIET} priority={one}"),
            format!("survey=nps trigger=event:a {QUIET} priority={other}"),
        ]
    };
    for (one, other, expected) in
        [("0", "1", "nps"), ("1", "0", "csat"), ("0", "0", "csat"), ("-1", "0", "nps")]
    {
        let tags = pair(one, other);
        shown(&[&tags[0], &tags[1]], "track a", expected);
    }
}

#[test]
fn one_at_a_time_and_the_next_after_it() {
    let two = &["survey=csat trigger=event:a quiet=0", "survey=nps trigger=event:b quiet=0"];
    shown(two, "track a; track b", "csat");
    reasons(two, "track a; track b", "nps", "occupied");
    shown(two, "track a; track b; close csat", "nps");
    shown(two, "track a; track b; hide csat", "nps");
    shown(two, "track a; track b; sweep csat", "nps");
    // It was never due: nothing comes after.
    shown(two, "track a; close csat", "");
}

#[test]
fn what_stands_inside_the_page_is_in_nobodys_way() {
    let two = &["survey=csat trigger=event:a quiet=0", "@1 sondeo=nps trigger=event:b"];
    shown(two, "track a; track b", "csat nps");
    shown(two, "track b; track a", "nps csat");
}

#[test]
fn a_tab_is_in_the_way_once_it_is_open() {
    let two = &["survey=csat trigger=event:a display=tab", "survey=nps trigger=event:b quiet=0"];
    shown(two, "track a; track b", "csat nps");
    shown(two, "track a; see csat; track b", "csat");
    shown(two, "track b; track a", "nps csat");
}

#[test]
fn a_call_makes_room_and_an_event_does_not() {
    let two = &["survey=csat trigger=event:a quiet=0", "survey=nps trigger=event:b quiet=0"];
    shown(two, "track a; show nps", "nps");
    shown(two, "track a; track b", "csat");
    reasons(two, "track a; show nps", "csat", "over occupied");
    // One that may not be shown makes no room.
    let consent =
        &["survey=csat trigger=event:a quiet=0", "survey=nps trigger=manual consent=required"];
    shown(consent, "track a; show nps", "csat");
}

#[test]
fn a_survey_that_waits_for_its_turn_may_be_undue_by_then() {
    let two = &["survey=csat trigger=event:a", "survey=nps trigger=event:a"];
    shown(two, "track a", "csat");
    shown(two, "track a; close csat", "");
    reasons(two, "track a; close csat", "nps", "quiet");
}

#[test]
fn who_matters_less_is_told_so() {
    let two = &[
        "survey=csat trigger=event:a quiet=0 priority=1",
        "survey=nps trigger=event:a quiet=0",
        "survey=ces trigger=event:a quiet=0 priority=2",
    ];
    shown(two, "modal opens; track a", "");
    reasons(two, "modal opens; track a", "ces", "");
    reasons(two, "modal opens; track a", "csat", "priority");
    reasons(two, "modal opens; track a", "nps", "priority");
}
