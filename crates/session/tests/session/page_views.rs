//! One page view after another in the same document.

use crate::support::{FakeBrowser, World, play, shown};
use sondeo_session::Command;

const CSAT: &[&str] = &["survey=csat trigger=event:a delay=1s"];

#[test]
fn what_the_old_page_waited_for_is_over() {
    let click = &["survey=csat trigger=click:.a delay=1s"];
    shown(click, "fire click:.a; go /b; wait 1s", "");
    shown(click, "fire click:.a; go /; wait 1s", "csat");
    shown(click, "fire click:.a; restored; wait 1s", "");
    shown(click, "go /b; fire click:.a; wait 1s", "csat");
}

#[test]
fn the_delay_of_an_event_goes_on() {
    shown(CSAT, "track a; go /b; wait 999ms", "");
    shown(CSAT, "track a; go /b; wait 1s", "csat");
    shown(CSAT, "track a; restored; wait 1s", "csat");
    // Who may be asked is asked again when the delay is over.
    let there = &["survey=csat trigger=event:a delay=1s url=/thanks"];
    shown(there, "at /cart; track a; go /thanks; wait 1s", "csat");
    shown(there, "at /cart; track a; wait 1s", "");
    shown(there, "at /thanks; track a; go /cart; wait 1s", "");
    shown(&["survey=csat trigger=event:a"], "track a; go /b", "csat");
    // The page's surveys are not known yet, since the engine has only come.
    let mut world = World::new(FakeBrowser::default(), None);
    world.command(Command::Track("a".to_owned(), Vec::new()));
    world.browser.path = "/done".to_owned();
    world.element(1, Some("sondeo=csat trigger=event:a delay=1s endpoint=/responses"));
    world.command(Command::PageView { is_restored: false });
    world.wait_ms(1_000);
    assert_eq!(world.shown(), "csat");
    // Its tag has left with the page.
    shown(CSAT, "track a; go /b; remove-tag 0; wait 1s", "");
}

#[test]
fn another_fragment_or_query_is_no_other_page() {
    let click = &["survey=csat trigger=click:.a delay=1s"];
    shown(click, "fire click:.a; go /#b; wait 1s", "csat");
    shown(click, "fire click:.a; go /?page=2; wait 1s", "csat");
    shown(&["survey=csat trigger=load"], "hide; go /#b", "");
}

const FAQ: &[&str] = &["@1 sondeo=faq recontact=always custom-article=a"];

fn pages(steps: &str) -> Vec<(String, String)> {
    let world = play(FAQ, steps);
    let path = |url: &str| url.replace("https://shop.example", "");
    let told = world.delivered.iter();
    told.map(|it| (path(&it.page.url), it.custom[0].1.clone())).collect()
}

#[test]
fn an_inline_survey_is_about_its_page() {
    let pair = |page: &str, article: &str| vec![(page.to_owned(), article.to_owned())];
    assert_eq!(pages("at /a; complete faq"), pair("/a", "a"));
    // The element stays, as in a layout.
    assert_eq!(pages("at /a; go /b; complete faq"), pair("/b", "a"));
    // The element is used again for another page, whatever changes first.
    let other = "element 1 sondeo=faq recontact=always custom-article=b";
    assert_eq!(pages(&format!("at /a; {other}; go /b; complete faq")), pair("/b", "b"));
    assert_eq!(pages(&format!("at /a; go /b; {other}; complete faq")), pair("/b", "b"));
    assert_eq!(pages(&format!("at /a; {other}; complete faq")), pair("/a", "b"));
    // What has begun is about the page that it began on.
    assert_eq!(pages(&format!("at /a; answer faq; {other}")), pair("/a", "a"));
    let both = pages(&format!("at /a; answer faq; go /b; {other}; wait 300ms; complete faq"));
    assert_eq!(both, [pair("/a", "a"), pair("/b", "b")].concat());
}

#[test]
fn an_inline_survey_is_asked_anew_on_another_page() {
    let shows = |steps: &str| play(FAQ, steps).heard("sondeo:shown").len();
    assert_eq!(shows("go /b"), 2);
    assert_eq!(shows("go /#b"), 1);
    assert_eq!(shows("complete faq; go /b"), 2, "rather than thanks for another page");
    shown(&["@1 sondeo=faq"], "complete faq; go /b", "faq");
    shown(&["@1 sondeo=faq per=visitor"], "complete faq; go /b", "");
    shown(&["@1 sondeo=faq url=/a"], "at /a; go /b", "");
}

#[test]
fn what_a_visitor_has_begun_waits_for_its_element_to_leave() {
    // Routers change the address first, then the document.
    let typed = "at /a; touch faq; go /b; wait 299ms";
    let shows = |steps: &str| play(FAQ, steps).heard("sondeo:shown").len();
    assert_eq!(shows(typed), 1);
    assert_eq!(shows(&format!("{typed}; wait 1ms")), 2);
    // The element is kept for the way back, as it was.
    let back = "remove 1; go /a; element 1 sondeo=faq recontact=always custom-article=a";
    let kept = format!("{typed}; {back}; wait 1s");
    assert_eq!(shows(&kept), 1);
    shown(FAQ, &kept, "faq");
    assert_eq!(pages(&format!("{kept}; complete faq")), [("/a".to_owned(), "a".to_owned())]);
    // On another page, the same element is another question.
    let elsewhere = back.replace("/a", "/c");
    assert_eq!(shows(&format!("{typed}; {elsewhere}")), 2);
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
