//! Other tabs of the same site.

use crate::support::{play, reasons, shown};

const CSAT: &[&str] = &["survey=csat trigger=event:a"];

#[test]
fn what_is_answered_in_another_tab_is_asked_no_more() {
    // Moments are so long ago that this page was not open: another tab's clock counts from the page's beginning.
    shown(CSAT, "track a; wait 1s; other-tab csat a-1h", "csat");
    let mut world = play(CSAT, "track a; wait 2s");
    let answered = format!("1 s1 v1\ncsat a{}", world.browser.now - 500);
    world.other_tab_writes(Some(&answered));
    assert_eq!(world.shown(), "");
    let mut world = play(CSAT, "track a; wait 2s");
    let written = format!("1 s1 v1\nnps a{}", world.browser.now - 500);
    world.other_tab_writes(Some(&written));
    assert_eq!(world.shown(), "csat", "another survey was answered there");
}

#[test]
fn what_another_tab_shows_does_not_open_here() {
    let mut world = play(CSAT, "wait 2s");
    let seen = format!("1 s1 v1\ncsat n{}", world.browser.now - 500);
    world.other_tab_writes(Some(&seen));
    assert!(world.explain("csat").contains("other-tab"));
    // On the next page view nobody asks which tab it was.
    reasons(CSAT, "stored csat n-1h; track a", "csat", "");
}

#[test]
fn consent_withdrawn_in_another_tab_is_withdrawn_here() {
    shown(CSAT, "track a; other-tab forgets", "");
    let world = play(CSAT, "track a; other-tab forgets");
    assert_eq!(world.heard("stop"), ["stop"]);
    assert_eq!(world.heard("forget"), [""; 0], "what is stored now is another tab's");
    reasons(CSAT, "track a; other-tab forgets; go /b; track a", "csat", "consent");
}

#[test]
fn a_page_that_clears_its_storage_has_said_nothing() {
    let mut world = play(CSAT, "track a");
    world.browser.stored.clear();
    world.input(sondeo_session::Input::StorageChanged { key: None, value: None });
    assert_eq!(world.shown(), "csat");
}

#[test]
fn what_two_tabs_write_at_once_counts_both() {
    let mut world = play(CSAT, "track a; complete csat");
    assert!(world.record().contains("csat"));
    // What other keys hold changes nothing.
    let key = Some("sondeo.asleep".to_owned());
    world.input(sondeo_session::Input::StorageChanged { key, value: Some("[]".to_owned()) });
    world.other_tab_writes(Some("1 s1 v1\nnps a1780000000000"));
    let record = world.record();
    assert!(record.contains("csat") && record.contains("nps a1780000000000"), "{record}");
}
