//! One page view after another in the same document.

use crate::support::{play, shown};

const CSAT: &[&str] = &["survey=csat trigger=event:a delay=1s"];

#[test]
fn what_the_old_page_waited_for_is_over() {
    shown(CSAT, "track a; go /b; wait 1s", "");
    shown(CSAT, "track a; go /; wait 1s", "csat");
    shown(CSAT, "track a; restored; wait 1s", "");
    shown(CSAT, "go /b; track a; wait 1s", "csat");
}

#[test]
fn what_is_shown_stays_with_the_visitor() {
    shown(&["survey=csat"], "go /b", "csat");
    shown(&["survey=csat"], "restored", "csat");
}

#[test]
fn triggers_begin_anew() {
    let often = &["survey=csat trigger=load quiet=0"];
    shown(often, "hide; go /b", "csat");
    shown(often, "hide; go /", "");
    shown(often, "hide; restored", "csat");
    let twice = &["survey=csat trigger=event:a+click:.b"];
    let world = play(twice, "go /b; go /c");
    assert_eq!(world.listening(), ["event:a", "click:.b"], "once each");
}

#[test]
fn an_event_belongs_to_its_page_view() {
    // A survey that is asked for later may have waited for its event.
    shown(&[], "track a; script survey=csat trigger=event:a", "csat");
    shown(&[], "track a; go /b; script survey=csat trigger=event:a", "");
    // An element that comes later was not there for it.
    shown(&[], "track a; element 1 sondeo=csat trigger=event:a", "");
}

#[test]
fn each_page_has_its_own_surveys() {
    let here = &["survey=csat trigger=load url=/b"];
    shown(here, "", "");
    shown(here, "go /b", "csat");
    shown(here, "at /b", "csat");
    shown(here, "at /b?x=1", "csat");
    shown(here, "at /b/c", "");
}

#[test]
fn a_page_view_begins_another_visit_after_half_an_hour() {
    let visit = |steps: &str| {
        let record = play(&["survey=csat trigger=manual"], steps).record();
        let visits = record.split_whitespace().find_map(|it| it.strip_prefix('v'));
        visits.unwrap_or_default().to_owned()
    };
    assert_eq!(visit(""), "1");
    assert_eq!(visit("wait 29m; go /b"), "1");
    assert_eq!(visit("wait 30m; go /b"), "2");
    assert_eq!(visit("wait 30m; go /"), "1");
}
