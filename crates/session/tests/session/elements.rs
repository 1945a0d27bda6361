//! Elements that ask for surveys: they come, go, and ask for others.

use crate::support::{play, shown};

#[test]
fn an_element_is_followed() {
    shown(&["@1 sondeo=csat trigger=load"], "", "csat");
    shown(&[], "element 1 sondeo=csat trigger=load", "csat");
    shown(&["@1 sondeo=csat trigger=load"], "remove 1", "");
    shown(&["@1 sondeo=csat trigger=load"], "element 1 sondeo=nps trigger=load", "nps");
    shown(&["@1 sondeo=csat trigger=load"], "remove 1; element 2 sondeo=csat trigger=load", "csat");
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
