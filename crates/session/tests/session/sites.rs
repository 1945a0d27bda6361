//! Sites of collectors: which surveys of a plan are fetched, asked and let go.

use crate::support::{World, play, shown, take};
use sondeo_model::{Display, Status};

/// A site's own script, without an attribute.
const OWN: &[&str] = &["endpoint= own-site"];
/// Two surveys: one of the checkout, one of everywhere that an event makes due.
const PLAN: &str = r#"{"site": "shop", "version": 7, "surveys": [
    {"id": "checkout", "version": 4, "trigger": "load", "url": "/checkout/**"},
    {"id": "bought", "version": 1, "trigger": "event:purchase", "later": 1}]}"#;

fn plan(surveys: &str) -> String {
    format!(r#"plan {{"site": "shop", "version": 8, "surveys": [{surveys}]}}"#)
}

/// The file of a version, as it comes.
fn file(id: &str, version: u32, more: &str) -> String {
    let trigger = if id == "bought" { "event:purchase" } else { "load" };
    format!(
        r#"come /sites/shop/surveys/{id}.json?v={version} {{"id": "{id}", "template": "csat", "trigger": "{trigger}",
        "quiet": "0", "question": "{id} {version}", {more}
        "published": {{"site": "shop", "version": {version}}}}}"#
    )
}

fn steps(steps: &[&str]) -> String {
    steps.join("; ")
}

fn pending(world: &World) -> Vec<&str> {
    world.pending_files.iter().map(|(_, url)| url.rsplit('/').next().unwrap_or(url)).collect()
}

/// What the first question of the survey says that is shown.
fn question(world: &World, id: &str) -> String {
    let showing = world.showings.iter().find(|it| it.survey.id == id).expect("it is shown");
    showing.survey.text(&showing.survey.questions[0].text).to_owned()
}

#[test]
fn what_may_be_asked_on_the_page_is_fetched_and_nothing_else() {
    let plan = format!("plan {PLAN}");
    assert_eq!(pending(&play(OWN, &plan)), ["bought.json?v=1"]);
    let here = play(OWN, &steps(&["at /checkout/pay", &plan]));
    assert_eq!(pending(&here), ["checkout.json?v=4", "bought.json?v=1"]);
    let world = play(OWN, &steps(&["at /checkout/pay", &plan, &file("checkout", 4, "")]));
    assert_eq!(world.shown(), "checkout");
    assert_eq!(question(&world, "checkout"), "checkout 4");
    let moved = play(OWN, &steps(&[&plan, &file("bought", 1, ""), "go /checkout/pay"]));
    assert_eq!(pending(&moved), ["checkout.json?v=4"], "the page is another one");
    let world = play(OWN, &steps(&[&plan, &file("bought", 1, ""), "track purchase"]));
    assert_eq!(world.shown(), "bought");
    assert_eq!(world.heard("warn"), [""; 0]);
}

#[test]
fn devices_of_a_plan_count_and_all_else_is_up_to_the_file() {
    for (more, expected) in [
        (r#""device": "mobile""#, 0),
        (r#""device": "mobile desktop""#, 1),
        (r#""when": "plan=pro", "consent": "required""#, 1),
        (r#""url": "/** !/""#, 0),
        (r#""url": {}, "trigger": [], "other": {}"#, 1),
    ] {
        let world = play(OWN, &plan(&format!(r#"{{"id": "a", "version": 1, {more}}}"#)));
        assert_eq!(world.pending_files.len(), expected, "{more}");
    }
    let soon = plan(r#"{"id": "a", "version": 1, "from": "2026-12-01T00:00:07"}"#);
    let soon = steps(&[&soon, &file("a", 1, r#""from": "2026-12-01T00:00:07","#)]);
    shown(OWN, &soon, "");
    shown(OWN, &steps(&[&soon, "wait 8s"]), "a");
}

#[test]
fn a_response_says_of_which_site_and_version_the_survey_is() {
    let plan = plan(r#"{"id": "a", "version": 3, "trigger": "load"}"#);
    let world = play(OWN, &steps(&[&plan, &file("a", 3, ""), "complete a"]));
    let (first, last) = (&world.delivered[0], world.delivered.last().expect("an answer"));
    assert_eq!(first.status, Status::Shown, "a site's surveys report all");
    assert_eq!(last.status, Status::Completed);
    for response in [first, last] {
        assert_eq!((response.site.as_deref(), response.survey_version), (Some("shop"), Some(3)));
    }
    let world = play(&["survey=csat trigger=load published=x report=all"], "");
    assert_eq!((&world.delivered[0].site, world.delivered[0].survey_version), (&None, None));
}

#[test]
fn the_collector_takes_the_answers_unless_somebody_says_otherwise() {
    let plan = plan(r#"{"id": "a", "version": 1, "trigger": "load"}"#);
    let endpoint = |tag: &str, more: &str| {
        let world = play(&[tag], &steps(&[&plan, &file("a", 1, more)]));
        assert_eq!(world.shown(), "a");
        world.endpoints.last().cloned().expect("a survey that was prepared")
    };
    let usual = "https://surveys.example/sites/shop/../../v1/responses";
    assert_eq!(endpoint("endpoint= own-site", ""), usual);
    assert_eq!(endpoint("endpoint=/tag own-site", ""), "https://shop.example/tag");
    assert_eq!(
        endpoint("endpoint=/tag own-site", r#""endpoint": "/own","#),
        "https://shop.example/own"
    );
}

#[test]
fn attributes_of_the_tag_are_defaults_for_all_of_the_sites_surveys() {
    let plan = plan(r#"{"id": "a", "version": 1, "trigger": "load"}"#);
    let come = file("a", 1, "");
    shown(&["endpoint= own-site consent=required"], &steps(&[&plan, &come]), "");
    shown(&["endpoint= own-site consent=required"], &steps(&[&plan, &come, "grant"]), "a");
    shown(&["endpoint= own-site url=/b"], &steps(&[&plan, &come]), "");
    shown(&["endpoint= own-site url=/b"], &steps(&[&plan, &come, "go /b"]), "a");
    let world = play(&["endpoint= own-site display=bar"], &steps(&[&plan, &come]));
    assert_eq!(world.showings[0].survey.appearance.display, Display::Bar);
    // What the tag says of a survey of its own is that survey's alone.
    let own = &["endpoint= own-site survey=nps trigger=manual url=/b question=What?"];
    let world = play(own, &steps(&[&plan, &come]));
    assert_eq!(question(&world, "a"), "a 1");
    let mut world = play(OWN, &steps(&[&plan, &file("a", 1, r#""trigger": "manual","#)]));
    take(&mut world, "tag 0 own-site user=ada");
    take(&mut world, "show a");
    take(&mut world, "complete a");
    assert_eq!(world.delivered.last().and_then(|it| it.user.clone()).as_deref(), Some("ada"));
}

#[test]
fn a_tag_that_names_a_site_has_its_plan_fetched() {
    let asked = &["endpoint= site=https://surveys.example/sites/shop/"];
    let world = play(asked, "");
    assert_eq!(world.pending_files[0].1, "https://surveys.example/sites/shop/plan.json");
    let plan = format!("come plan.json {PLAN}");
    shown(asked, &steps(&["at /checkout/pay", &plan, &file("checkout", 4, "")]), "checkout");
    // A call asks without a tag, and its page's attributes count.
    let called = steps(&["site /sites/shop", &plan, &file("bought", 1, ""), "track purchase"]);
    shown(OWN, &called, "bought");
    assert_eq!(play(OWN, "site /sites/shop; site /sites/shop").pending_files.len(), 1);
}

#[test]
fn an_address_that_is_none_is_one_line() {
    let line = |value: &str| {
        format!(
            r#"warn: {value} is not the address of a site (try "https://surveys.example/sites/shop")"#
        )
    };
    let world = play(&["endpoint= site="], "restored");
    assert_eq!(world.heard("warn"), [line(r#"data-site="""#)]);
    let world = play(&["endpoint= site=ftp://surveys.example"], "restored");
    assert_eq!(world.heard("warn"), [line(r#"data-site="ftp://surveys.example""#)]);
    let world = play(OWN, "site ftp://surveys.example; site");
    assert_eq!(
        world.heard("warn"),
        [line(r#"site() "ftp://surveys.example""#), line(r#"site() """#)]
    );
    assert!(world.pending_files.is_empty());
}

#[test]
fn a_plan_that_cannot_be_used_is_one_line_and_the_rest_goes_on() {
    for (text, expected) in [
        ("", "plan.json could not be read (try {"),
        (r#"{"site": "shop", "surv"#, "plan.json is not JSON: "),
        ("<!doctype html>", "plan.json is not JSON: "),
        ("7", "plan.json is no plan (try {"),
        ("[]", "plan.json is no plan (try {"),
        (r#"{"surveys": []}"#, "plan.json is no plan (try {"),
        (r#"{"site": "shop", "surveys": {}}"#, "plan.json is no plan (try {"),
    ] {
        let asked = &["survey=csat trigger=load site=https://surveys.example/sites/shop"];
        let world = play(asked, &steps(&["wait 1s", &format!("come plan.json {text}")]));
        assert_eq!(world.shown(), "csat", "{text}");
        assert!(world.pending_files.is_empty(), "{text}: it is not asked for again at once");
        let warnings = world.heard("warn");
        assert!(warnings.len() == 1 && warnings[0].contains(expected), "{text}: {warnings:?}");
    }
    for broken in ["7", "null", r#"{"id": "b"}"#, r#"{"id": "b", "version": "1"}"#] {
        let plan = plan(&format!(r#"{broken}, {{"id": "a", "version": 1}}"#));
        let world = play(OWN, &steps(&[&plan, &file("a", 1, "")]));
        assert_eq!(world.shown(), "a");
        let warnings = world.heard("warn");
        assert!(
            warnings.len() == 1 && warnings[0].contains("plan.json names what is no survey (try {"),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_version_that_does_not_come_is_one_line_and_others_go_on() {
    let plan = plan(r#"{"id": "b", "version": 9}, {"id": "a", "version": 1}"#);
    for (text, expected) in [
        ("", "b.json?v=9 could not be read (the site's plan names it"),
        ("<html>", "b.json?v=9 is not JSON: "),
        ("[]", "b.json?v=9 is not the survey \"b\" (the site's plan"),
        (
            r#"{"id": "a", "template": "nps"}"#,
            "b.json?v=9 is not the survey \"b\" (the site's plan",
        ),
    ] {
        let come = format!("come b.json?v=9 {text}");
        let world = play(OWN, &steps(&[&plan, &come, &file("a", 1, ""), "go /b", "go /c"]));
        let warnings = world.heard("warn");
        assert!(warnings.len() == 1 && warnings[0].contains(expected), "{warnings:?}");
        assert_eq!(question(&world, "a"), "a 1");
        assert!(world.pending_files.is_empty(), "it is not asked for again");
    }
}

#[test]
fn what_did_not_come_is_asked_for_again() {
    let both = plan(r#"{"id": "b", "version": 9}, {"id": "a", "version": 1, "trigger": "manual"}"#);
    let lost = steps(&[&both, "come b.json?v=9", "come a.json?v=1"]);
    let world = play(OWN, &lost);
    assert!(world.pending_files.is_empty(), "not at once");
    let again = steps(&[&lost, "wait 2s"]);
    assert_eq!(pending(&play(OWN, &again)), ["b.json?v=9", "a.json?v=1"]);
    let world = play(OWN, &steps(&[&again, &file("b", 9, "")]));
    assert_eq!(world.shown(), "b");
    assert_eq!(question(&world, "b"), "b 9");
    // A call does not wait for the time to be over.
    let called = steps(&[&lost, "show a"]);
    assert_eq!(pending(&play(OWN, &called)), ["b.json?v=9", "a.json?v=1"]);
    shown(OWN, &steps(&[&called, "come b.json?v=9", &file("a", 1, "")]), "a");
    // Nor does it ask for ever.
    let mut world = play(OWN, &called);
    for _ in 0..3 {
        take(&mut world, "come b.json?v=9");
        take(&mut world, "come a.json?v=1");
    }
    assert!(world.pending_files.is_empty(), "{:?}", world.pending_files);
    let said = world.heard("warn");
    assert!(said.iter().any(|it| it.contains(r#"show("a") is not a survey"#)), "{said:?}");
    // A plan that came meanwhile says what is asked.
    let newer = steps(&[&lost, &plan(r#"{"id": "b", "version": 10}"#), &file("b", 10, "")]);
    let world = play(OWN, &steps(&[&newer, "wait 2s", &file("b", 9, "")]));
    assert_eq!(question(&world, "b"), "b 10");

    // The plan itself, where nothing is known before it.
    let asked = &["endpoint= site=https://surveys.example/sites/shop"];
    let lost = "wait 1s; come plan.json; wait 2s";
    assert_eq!(pending(&play(asked, lost)), ["plan.json"]);
    let come = plan(r#"{"id": "a", "version": 1}"#).replace("plan ", "come plan.json ");
    shown(asked, &steps(&[lost, &come, &file("a", 1, "")]), "a");
}

#[test]
fn what_a_plan_no_longer_names_is_not_asked() {
    let first = plan(r#"{"id": "a", "version": 1}, {"id": "b", "version": 1}"#);
    let later = plan(r#"{"id": "b", "version": 1}"#);
    let manual = r#""trigger": "manual","#;
    let both = steps(&[&first, &file("a", 1, manual), &file("b", 1, manual)]);
    shown(OWN, &steps(&[&both, "show a"]), "a");
    let mut world = play(OWN, &steps(&[&both, &later, "show a"]));
    assert_eq!(world.shown(), "");
    assert!(world.pending_files.is_empty(), "a version that was read is not read again");
    assert_eq!(world.heard("warn").len(), 1);
    take(&mut world, "show b");
    assert_eq!(world.shown(), "b");
    // What a visitor is about to answer stays on this page view.
    shown(OWN, &steps(&[&both, "show a", &later]), "a");
    shown(OWN, &steps(&[&both, "show a", &later, "hide a", "go /b", "show a"]), "");
}

#[test]
fn a_newer_version_takes_the_place_of_what_is_not_shown() {
    let [first, second] = [1, 2].map(|it| plan(&format!(r#"{{"id": "a", "version": {it}}}"#)));
    let manual = r#""trigger": "manual","#;
    let known = steps(&[&first, &file("a", 1, manual), &second]);
    // Until it has come, the earlier one is asked.
    assert_eq!(question(&play(OWN, &steps(&[&known, "show a"])), "a"), "a 1");
    let mut world = play(OWN, &steps(&[&known, &file("a", 2, manual), "show a", "complete a"]));
    assert_eq!(question(&world, "a"), "a 2");
    assert_eq!(world.delivered.last().and_then(|it| it.survey_version), Some(2));
    // The file of an earlier plan comes late.
    let late = steps(&[&first, &second, &file("a", 2, manual), &file("a", 1, manual), "show a"]);
    assert_eq!(question(&play(OWN, &late), "a"), "a 2");
    // Rolled back, the old text.
    take(&mut world, "hide a");
    take(&mut world, &plan(r#"{"id": "a", "version": 3}"#));
    take(&mut world, &file("a", 3, manual).replace("a 3", "a 1"));
    take(&mut world, "go /b");
    take(&mut world, "show a");
    assert_eq!(question(&world, "a"), "a 1");
    // What is shown keeps its words and its version.
    let mut world = play(OWN, &steps(&[&first, &file("a", 1, ""), &second, &file("a", 2, "")]));
    take(&mut world, "complete a");
    assert_eq!(question(&world, "a"), "a 1");
    assert_eq!(world.delivered.last().and_then(|it| it.survey_version), Some(1));
}

#[test]
fn a_page_view_a_minute_later_reads_the_plan_again() {
    let plan = plan(r#"{"id": "a", "version": 1}"#);
    let known = steps(&[&plan, &file("a", 1, r#""trigger": "event:x","#)]);
    assert!(play(OWN, &steps(&[&known, "wait 59s", "go /b"])).pending_files.is_empty());
    let later = steps(&[&known, "wait 60s", "go /b"]);
    let mut world = play(OWN, &later);
    assert_eq!(pending(&world), ["plan.json"]);
    take(&mut world, r#"come plan.json {"site": "shop", "surveys": []}"#);
    take(&mut world, "track x");
    assert_eq!(world.shown(), "", "it was paused");
    // A collector that is down takes nothing off the page, and nobody need read so.
    let mut world = play(OWN, &steps(&[&later, "come plan.json", "track x"]));
    assert_eq!(world.shown(), "a");
    assert_eq!(world.heard("warn"), [""; 0]);
    take(&mut world, "go /c");
    assert!(world.pending_files.is_empty());
    take(&mut world, "wait 60s");
    take(&mut world, "go /d");
    assert_eq!(pending(&world), ["plan.json"], "it is tried again");
}

#[test]
fn an_element_names_a_survey_of_the_site() {
    let plan = plan(
        r#"{"id": "faq", "version": 2, "url": "/help"}, {"id": "b", "version": 1, "url": "/b"}"#,
    );
    let element = "element 1 endpoint= sondeo=faq";
    let inline = r#""display": "inline","#;
    // By name, wherever the plan would ask it; not the template of that name.
    let world = play(OWN, &steps(&[&plan, element]));
    assert_eq!(pending(&world), ["faq.json?v=2"]);
    let mut world = play(OWN, &steps(&[&plan, element, &file("faq", 2, inline)]));
    assert_eq!(world.shown(), "faq");
    assert_eq!(question(&world, "faq"), "faq 2");
    take(&mut world, "complete faq");
    let last = world.delivered.last().expect("an answer");
    assert_eq!((last.site.as_deref(), last.survey_version), (Some("shop"), Some(2)));
    // It waits for the plan, too, but not for one that does not come.
    let asked = &["endpoint= site=/sites/shop", "@1 sondeo=faq"];
    shown(asked, "wait 1s; come plan.json {", "faq");
    let asked = &["endpoint= site=/sites/shop", "endpoint= @1 sondeo=faq"];
    let come = plan.replace("plan ", "come plan.json ");
    let world = play(asked, &steps(&["wait 1s", &come, &file("faq", 2, inline)]));
    assert_eq!(world.shown(), "faq");
    assert_eq!(world.heard("warn"), [""; 0]);
}

#[test]
fn a_call_or_a_link_is_obeyed_wherever_the_plan_would_ask() {
    let plan = plan(r#"{"id": "a", "version": 1, "url": "/elsewhere", "trigger": "manual"}"#);
    let come = file("a", 1, r#""url": "/elsewhere","#);
    shown(OWN, &steps(&[&plan, "show a", &come]), "a");
    shown(OWN, &steps(&["link a", &plan, &come]), "a");
}

#[test]
fn a_tag_that_has_left_asks_nothing_and_may_come_back() {
    let plan = plan(r#"{"id": "a", "version": 1, "trigger": "load"}"#);
    let known = steps(&[&plan, &file("a", 1, "")]);
    shown(OWN, &steps(&[&known, "remove-tag 0"]), "");
    let elsewhere = steps(&[&plan, &file("a", 1, r#""trigger": "event:x","#), "remove-tag 0"]);
    shown(OWN, &steps(&[&elsewhere, "track x"]), "");
    shown(OWN, &steps(&[&elsewhere, "go /b", "script endpoint= own-site", "track x"]), "a");
}

#[test]
fn explain_says_site_version_and_when_the_plan_was_read() {
    let read = r#""read":"2026-09-21T14:13:20.000Z"}"#;
    let plan = format!("plan {PLAN}");
    let mut world = play(OWN, &steps(&[&plan, &file("bought", 1, "")]));
    for (id, reasons, version) in [
        ("bought", r#"["trigger"]"#, r#""version":1,"#),
        ("checkout", r#"["url"]"#, r#""version":4,"#),
        ("other", r#"["unknown"]"#, ""),
    ] {
        let expected =
            format!(r#"{{"due":false,"reasons":{reasons},"site":"shop",{version}{read}"#);
        assert_eq!(world.explain(id), expected);
    }
    // A survey of nobody's site.
    let mut world = play(&["survey=csat trigger=manual own-site"], &plan);
    assert_eq!(world.explain("csat"), r#"{"due":false,"reasons":["trigger"]}"#);
}

#[test]
fn nothing_sleeps_while_a_survey_may_be_due_elsewhere() {
    let note = |plan: &str, more: &[&str]| {
        let world = play(OWN, &steps(&[&[plan][..], more, &["hidden"]].concat()));
        world.browser.stored.iter().any(|it| it.1 == "sondeo.asleep")
    };
    let here = r#"{"id": "a", "version": 1, "trigger": "load"}"#;
    let come = file("a", 1, "");
    let answered = [come.as_str(), "complete a", "close a"];
    assert!(note(&plan(here), &answered));
    let elsewhere = r#"{"id": "b", "version": 1, "url": "/b"}"#;
    assert!(!note(&plan(&format!("{here}, {elsewhere}")), &answered));
}
