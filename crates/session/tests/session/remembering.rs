//! What the visitor's record keeps from being asked again. The table of every bound is in the model's tests; here is
//! what the session writes, and whether it obeys.

use crate::support::{play, reasons, shown};

const CSAT: &[&str] = &["survey=csat trigger=event:a"];

#[test]
fn an_answer_is_remembered() {
    reasons(CSAT, "stored csat a-90d; track a", "csat", "");
    reasons(CSAT, "stored csat a-89d; track a", "csat", "recontact");
    shown(CSAT, "stored csat a-90d; track a", "csat");
    shown(CSAT, "stored csat a-89d; track a", "");
    reasons(CSAT, "track a; complete csat; close csat", "csat", "recontact over");
    shown(CSAT, "track a; complete csat; close csat; go /b; track a", "");
}

#[test]
fn a_dismissal_is_remembered_unless_something_was_answered() {
    shown(CSAT, "stored csat d-14d; track a", "csat");
    reasons(CSAT, "stored csat d-13d; track a", "csat", "snooze");
    reasons(CSAT, "track a; close csat", "csat", "snooze over");
    reasons(CSAT, "track a; answer csat; close csat", "csat", "recontact over");
    // The page hides it: the visitor has dismissed nothing.
    reasons(CSAT, "track a; hide csat", "csat", "over");
}

#[test]
fn a_survey_is_shown_only_so_often() {
    let twice = &["survey=csat trigger=event:a max-shows=2 quiet=0"];
    shown(twice, "track a; hide; go /b; track a", "csat");
    shown(twice, "track a; hide; wait 1s; go /b; track a; hide; go /c; track a", "");
    reasons(
        twice,
        "track a; hide; wait 1s; go /b; track a; hide; go /c; track a",
        "csat",
        "max-shows",
    );
}

#[test]
fn other_surveys_keep_quiet_after_one_was_seen() {
    shown(CSAT, "stored nps n-24h; track a", "csat");
    reasons(CSAT, "stored nps n-23h; track a", "csat", "quiet");
    // What stands inside the page disturbs nobody, and is disturbed by nobody.
    shown(&["@1 sondeo=csat trigger=event:a"], "stored nps n-1h; track a", "csat");
    let element = &["@1 sondeo=nps trigger=load", "survey=csat trigger=event:a"];
    shown(element, "see nps; track a", "nps csat");
    // A tab waits for the visitor.
    shown(&["survey=csat trigger=event:a display=tab"], "stored nps n-1h; track a", "csat");
}

#[test]
fn a_showing_is_noted_when_it_is_seen() {
    assert!(play(CSAT, "track a").record().contains("csat n"));
    let element = &["@1 sondeo=csat trigger=load"];
    assert!(!play(element, "").record().contains("csat"));
    assert!(play(element, "see csat").record().contains("csat w"));
    let tab = &["survey=csat trigger=load display=tab"];
    assert!(!play(tab, "").record().contains("csat"));
    assert!(play(tab, "see csat").record().contains("csat n"));
    // Once, however often it comes into view.
    let record = play(element, "see csat; wait 1s; see csat").record();
    assert!(!record.contains(','), "{record}");
}

#[test]
fn a_preview_remembers_nothing_and_needs_nothing() {
    let preview = &["survey=csat trigger=event:a preview"];
    let world = play(preview, "stored csat a-1d; track a; complete csat");
    assert_eq!(world.shown(), "csat");
    assert!(!world.record().contains("p1"), "{}", world.record());
    assert!(world.delivered.is_empty());
}

#[test]
fn the_loader_is_told_how_long_nothing_can_be_due() {
    let asleep = |asked: &[&str], steps: &str| {
        let world = play(asked, steps);
        let found = world.browser.stored.iter().find(|it| it.1 == "sondeo.asleep");
        found.map(|it| it.2.clone())
    };
    let now = 1_790_000_000_000_i64;
    let day = 86_400_000;
    let expected = format!("[{now},{},\"[{{}}]\"]", now + 89 * day);
    assert_eq!(asleep(CSAT, "stored csat a-24h; hidden"), Some(expected));
    assert_eq!(asleep(CSAT, "hidden"), None, "it could be due");
    assert_eq!(asleep(&["survey=csat trigger=visit:3"], "stored csat a-1d; hidden"), None);
    assert_eq!(asleep(&["survey=csat consent=required"], "stored csat a-1d; hidden"), None);
    assert_eq!(asleep(&["survey=csat storage=session"], "stored csat a-1d; hidden"), None);
}

#[test]
fn a_question_about_the_page_is_asked_on_each_page() {
    let faq = &["@1 sondeo=faq"];
    let answered = "see faq; complete faq; close faq";
    reasons(faq, answered, "faq", "recontact over");
    shown(faq, &format!("{answered}; go /b"), "faq");
    shown(faq, &format!("{answered}; go /b; {answered}; go /c"), "faq");
    reasons(faq, &format!("{answered}; go /b; {answered}; go /"), "faq", "recontact");
    // Its author may want one answer of the whole site.
    reasons(&["@1 sondeo=faq per=visitor"], &format!("{answered}; go /b"), "faq", "recontact");
    reasons(&["@1 sondeo=csat"], "complete csat; close csat; go /b", "csat", "recontact");
    let per_page = &["survey=csat trigger=event:a per=page quiet=0"];
    shown(per_page, "track a; close csat; go /b; track a", "csat");
    reasons(per_page, "track a; close csat; go /b; go /; track a", "csat", "snooze");
}

#[test]
fn a_question_about_the_page_does_not_sleep_on_other_pages() {
    let sleep = |asked: &str| {
        let world = play(&[asked], "see faq; complete faq; close faq; hidden");
        world.browser.stored.iter().any(|it| it.1 == "sondeo.asleep")
    };
    assert!(!sleep("@1 sondeo=faq"));
    assert!(sleep("@1 sondeo=faq per=visitor"));
}
