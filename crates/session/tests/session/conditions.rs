//! `data-when`: what the page knows of visitor, event and address decides.

use crate::support::{reasons, shown};

#[test]
fn what_the_page_says_of_the_visitor_decides() {
    let survey = &["survey=csat trigger=load when=plan=pro|team custom-plan=team"];
    shown(survey, "", "csat");
    let survey = &["survey=csat trigger=load when=plan=pro custom-plan=free"];
    shown(survey, "", "");
    reasons(survey, "", "csat", "when plan=pro: plan is \"free\"");
    // A call is asked for, whoever the visitor is.
    shown(survey, "show csat", "csat");
    shown(&["survey=csat trigger=load when=plan=pro preview"], "", "csat");
    shown(&["survey=csat trigger=load when=user=u-1 user=u-1"], "", "csat");
    shown(&["survey=csat trigger=load when=language=en"], "", "csat");
    shown(&["survey=csat trigger=load when=language=es lang=es-MX"], "messages come", "csat");
    shown(&["survey=csat trigger=load when=visit>=2"], "stored csat", "csat");
    shown(&["survey=csat trigger=load when=visit>=3"], "stored csat", "");
}

#[test]
fn what_becomes_known_later_counts() {
    let survey = &["survey=csat trigger=load when=plan=pro"];
    shown(survey, "identify u-1 plan=pro", "csat");
    shown(survey, "identify u-1 plan=free", "");
    shown(survey, "tag 0 survey=csat trigger=load when=plan=pro custom-plan=pro", "csat");
    // Nothing has made it due yet.
    shown(&["survey=csat trigger=event:a when=plan=pro"], "identify u-1 plan=pro", "");
    shown(&["survey=csat trigger=event:a when=plan=pro"], "track a; identify u-1 plan=pro", "csat");
}

#[test]
fn the_address_and_the_event_decide() {
    let survey = &["survey=csat trigger=load when=query.utm_source=news"];
    shown(survey, "at /?utm_source=news", "csat");
    shown(survey, "at /?utm_source=ads", "");
    let survey =
        &["survey=csat trigger=event:purchase+event:other when=event.ecommerce.value>=100"];
    shown(survey, "track purchase ecommerce.value=100", "csat");
    shown(survey, "heard-by-loader event:purchase ecommerce.value=150", "csat");
    shown(survey, "track purchase ecommerce.value=99.99", "");
    shown(survey, "track purchase", "");
    // The event that makes it due is asked, and no other one.
    shown(survey, "track purchase ecommerce.value=99; track purchase ecommerce.value=101", "csat");
    shown(survey, "track other ecommerce.value=500; track purchase ecommerce.value=1", "csat");
    let survey = &["survey=csat trigger=event:purchase when=event.value>=100"];
    shown(survey, "track other value=500; track purchase value=1", "");
    let delayed = &["survey=csat trigger=event:purchase when=event.value>=100 delay=5s"];
    shown(delayed, "track purchase value=100; go /thanks; wait 5s", "csat");
    // A survey that comes after its event.
    shown(
        &["survey=nps trigger=manual"],
        "track purchase value=100; \
        script survey=csat trigger=event:purchase when=event.value>=100",
        "csat",
    );
}

#[test]
fn a_condition_that_cannot_be_read_asks_nobody() {
    shown(&["survey=csat trigger=load when=plan=="], "", "");
    shown(&["survey=csat trigger=load when=plan=a+amount>=much custom-plan=a"], "", "");
    shown(&["survey=csat trigger=load when="], "", "csat");
}
