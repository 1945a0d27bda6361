use super::{
    EligibilityContext, FAR, Ineligibility, IneligibleReason, asleep_until, check_eligibility,
    held_until,
};
use crate::json::Json;
use crate::targeting::Record;
use crate::{DAY_MS, Definition, Device, Layer, Targeting, Template};
use proptest::prelude::*;

const NOW: i64 = 1_764_000_000_000;
const MINUTE: i64 = 60_000;

/// What the attributes of a tag say of targeting.
fn targeting(attributes: &[(&str, &str)]) -> Targeting {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (format!("data-{name}"), (*value).to_owned()))
        .collect();
    let mut problems = crate::Problems::default();
    let layers = vec![Layer::attributes(&attributes)];
    let definition = Definition::read(layers, Some(Template::Nps), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    definition.expect("a survey").targeting()
}

const MOMENT: EligibilityContext<'_> = EligibilityContext {
    now: NOW,
    began: NOW - MINUTE,
    url: "https://shop.example/checkout/done",
    device: Device::Desktop,
    runs: [None, None],
    opens: true,
    facts: &|_| None,
    others: &[],
};

fn bounded(reason: IneligibleReason, until: Option<i64>) -> Ineligibility {
    Ineligibility { until, ..Ineligibility::of(reason) }
}

fn record(text: &str) -> Record {
    Record::read(text, NOW)
}

/// Checks that this is the only reason, until then, and that it is due at that moment.
#[track_caller]
fn check(attributes: &[(&str, &str)], text: &str, reason: IneligibleReason, until: Option<i64>) {
    let targeting = targeting(attributes);
    let record = record(text);
    let found = check_eligibility("nps", &targeting, &record, &MOMENT);
    assert_eq!(found, [bounded(reason, until)]);
    if let Some(until) = until {
        let at = |now| {
            check_eligibility("nps", &targeting, &record, &EligibilityContext { now, ..MOMENT })
        };
        assert_eq!(at(until - 1), found, "a millisecond before");
        assert_eq!(at(until), [], "the boundary counts as passed");
    }
}

#[track_caller]
fn is_due(attributes: &[(&str, &str)], text: &str, moment: &EligibilityContext<'_>) {
    assert_eq!(check_eligibility("nps", &targeting(attributes), &record(text), moment), []);
}

#[test]
fn a_new_visitor_is_asked() {
    is_due(&[], "", &MOMENT);
    is_due(&[], "1 s42 v9 p1764000000000", &MOMENT);
}

#[test]
fn url() {
    check(&[("url", "/cart/**")], "", IneligibleReason::Url, None);
    check(&[("url", "!/checkout/**")], "", IneligibleReason::Url, None);
    is_due(&[("url", "/checkout/**")], "", &MOMENT);
    is_due(&[("url", "https://shop.example/**")], "", &MOMENT);
}

#[test]
fn device() {
    check(&[("device", "mobile tablet")], "", IneligibleReason::Device, None);
    is_due(&[("device", "tablet desktop")], "", &MOMENT);
}

#[test]
fn from_and_until() {
    let at = |runs| {
        check_eligibility(
            "nps",
            &targeting(&[]),
            &record(""),
            &EligibilityContext { runs, ..MOMENT },
        )
    };
    let before = [bounded(IneligibleReason::From, Some(NOW + 1))];
    assert_eq!(at([Some(NOW + 1), None]), before);
    assert_eq!(at([Some(NOW), None]), []);
    assert_eq!(at([None, Some(NOW)]), [Ineligibility::of(IneligibleReason::Until)]);
    assert_eq!(at([None, Some(NOW + 1)]), []);
}

#[test]
fn sample() {
    let drawn = crate::targeting::sample_bucket(42, "nps");
    let share = |millionths: u32| format!("{}.{:04}%", millionths / 10_000, millionths % 10_000);
    check(&[("sample", &share(drawn))], "1 s42", IneligibleReason::Sample, None);
    is_due(&[("sample", &share(drawn + 1))], "1 s42", &MOMENT);
    check(&[("sample", "0%")], "1 s42", IneligibleReason::Sample, None);
    check(&[("sample", "0%")], "", IneligibleReason::Sample, None);
    is_due(&[("sample", "100%")], "1 s42", &MOMENT);
}

#[test]
fn recontact() {
    let text = format!("1\nnps a{NOW}");
    check(&[], &text, IneligibleReason::Recontact, Some(NOW + 90 * DAY_MS));
    check(&[("recontact", "1d")], &text, IneligibleReason::Recontact, Some(NOW + DAY_MS));
    check(&[("recontact", "never")], &text, IneligibleReason::Recontact, None);
    is_due(&[("recontact", "always")], &text, &MOMENT);
    is_due(&[("recontact", "never")], "1", &MOMENT);
    is_due(&[], &format!("1\nfaq a{}", NOW - DAY_MS), &MOMENT);
}

#[test]
fn snooze() {
    let text = format!("1\nnps d{NOW}");
    check(&[], &text, IneligibleReason::Snooze, Some(NOW + 14 * DAY_MS));
    check(&[("snooze", "1h")], &text, IneligibleReason::Snooze, Some(NOW + 60 * MINUTE));
    check(&[("snooze", "never")], &text, IneligibleReason::Snooze, None);
    is_due(&[("snooze", "always")], &text, &MOMENT);
    is_due(
        &[("recontact", "1d")],
        &format!("1\nnps d{} a{}", NOW - DAY_MS - 1, NOW - DAY_MS),
        &MOMENT,
    );
}

#[test]
fn each_page_counts_for_itself_where_its_author_says_so() {
    let per_page = [("per", "page"), ("quiet", "0")];
    let here = targeting(&per_page).record_name("nps", MOMENT.url);
    for noted in ["a", "d", "n1,2,"] {
        let text = format!("1\n{here} {noted}{}", NOW - MINUTE);
        let found = |attributes: &[(&str, &str)], url| {
            let moment = EligibilityContext { url, began: NOW, ..MOMENT };
            let found = check_eligibility("nps", &targeting(attributes), &record(&text), &moment);
            found.first().map(|it| it.reason)
        };
        let expected = match noted {
            "a" => IneligibleReason::Recontact,
            "d" => IneligibleReason::Snooze,
            _ => IneligibleReason::MaxShows,
        };
        assert_eq!(found(&per_page, MOMENT.url), Some(expected));
        assert_eq!(found(&per_page, "https://shop.example/checkout/other"), None);
        assert_eq!(found(&[("quiet", "0")], MOMENT.url), None, "the site's own record is another");
    }
    // Of any other survey that was seen, the page does not matter.
    let text = format!("1\n{here} n{}", NOW - MINUTE);
    let moment = EligibilityContext { url: "https://shop.example/b", ..MOMENT };
    let found = check_eligibility("csat", &targeting(&[("per", "page")]), &record(&text), &moment);
    assert_eq!(found.iter().map(|it| it.reason).collect::<Vec<_>>(), [IneligibleReason::Quiet]);
}

#[test]
fn max_shows() {
    let seen = |times: i64| {
        let shown: Vec<_> = (1..=times).map(|at| (NOW - at * DAY_MS).to_string()).collect();
        format!("1\nnps n{}", shown.join(","))
    };
    check(&[], &seen(3), IneligibleReason::MaxShows, None);
    is_due(&[], &seen(2), &MOMENT);
    check(&[("max-shows", "1")], &seen(1), IneligibleReason::MaxShows, None);
    check(&[("max-shows", "0")], "", IneligibleReason::MaxShows, None);
    // An answer begins the count anew.
    is_due(&[("recontact", "1h")], &format!("{} a{}", seen(3), NOW - DAY_MS), &MOMENT);
}

#[test]
fn quiet() {
    let other = format!("1\nfaq n{NOW}");
    check(&[], &other, IneligibleReason::Quiet, Some(NOW + DAY_MS));
    check(&[("quiet", "1m")], &other, IneligibleReason::Quiet, Some(NOW + MINUTE));
    is_due(&[("quiet", "0")], &other, &MOMENT);
    is_due(&[], &format!("1\nfaq w{NOW}"), &MOMENT);
    check(&[], &format!("1\nfaq w{NOW} a{NOW}"), IneligibleReason::Quiet, Some(NOW + DAY_MS));
    // What stands in the page does not open, and a survey does not disturb itself.
    is_due(&[], &other, &EligibilityContext { opens: false, ..MOMENT });
    is_due(&[], &format!("1\nnps n{}", NOW - MINUTE), &MOMENT);
}

#[test]
fn another_tab() {
    let seen = |at: i64| format!("1\nnps n{at}");
    check(&[], &seen(MOMENT.began + 1), IneligibleReason::OtherTab, None);
    is_due(&[], &seen(MOMENT.began), &MOMENT);
    // It was this one.
    let moment = EligibilityContext { others: &[IneligibleReason::Over], ..MOMENT };
    let found =
        check_eligibility("nps", &targeting(&[]), &record(&seen(MOMENT.began + 1)), &moment);
    assert_eq!(found, [Ineligibility::of(IneligibleReason::Over)]);
}

#[test]
fn what_only_the_page_knows() {
    for reason in [
        IneligibleReason::Consent,
        IneligibleReason::Trigger,
        IneligibleReason::Over,
        IneligibleReason::Delay,
        IneligibleReason::Occupied,
        IneligibleReason::Priority,
    ] {
        let found = check_eligibility(
            "nps",
            &targeting(&[]),
            &record(""),
            &EligibilityContext { others: &[reason], ..MOMENT },
        );
        assert_eq!(found, [Ineligibility::of(reason)]);
    }
}

#[test]
fn every_reason_is_named_in_the_order_of_checking() {
    let attributes = [
        ("url", "/x"),
        ("device", "mobile"),
        ("sample", "0%"),
        ("max-shows", "1"),
        ("when", "plan=pro"),
    ];
    let text = format!("1 s1\nnps n{NOW} a{} d{}\nfaq n{NOW}", NOW - 2, NOW - 1);
    let others = [
        IneligibleReason::Priority,
        IneligibleReason::Delay,
        IneligibleReason::Consent,
        IneligibleReason::Crawler,
        IneligibleReason::Trigger,
        IneligibleReason::Occupied,
    ];
    let moment = EligibilityContext { others: &others, runs: [Some(NOW + 1), Some(NOW)], ..MOMENT };
    let found = check_eligibility("nps", &targeting(&attributes), &record(&text), &moment);
    let found: Vec<_> = found.iter().map(|it| it.reason).collect();
    let all: Vec<_> = IneligibleReason::ALL
        .iter()
        .copied()
        .filter(|it| !matches!(it, IneligibleReason::Over | IneligibleReason::Unknown))
        .collect();
    assert_eq!(found, all);
}

#[test]
fn a_condition_that_does_not_hold_says_what_is_so_instead() {
    let facts = |name: &str| (name == "plan").then(|| "free".to_owned());
    let moment = EligibilityContext { facts: &facts, ..MOMENT };
    is_due(&[("when", "plan=free !trial visit>=2")], "1 s1 v2", &moment);
    for (condition, reason) in [
        ("plan=pro", "when plan=pro: plan is \"free\""),
        ("plan=free trial", "when trial: trial is not there"),
        ("visit=1", "when visit=1: visit is \"2\""),
    ] {
        let targeting = targeting(&[("when", condition)]);
        let found = check_eligibility("nps", &targeting, &record("1 s1 v2"), &moment);
        let found: Vec<String> = found.iter().map(Ineligibility::to_text).collect();
        assert_eq!(found, [reason]);
    }
}

#[test]
fn a_clock_that_was_set_back_blocks_nobody_for_ever() {
    let text = format!("1\nnps a{}", NOW + 3_650 * DAY_MS);
    check(&[], &text, IneligibleReason::Recontact, Some(NOW + 90 * DAY_MS));
}

#[test]
fn a_tag_sleeps_until_the_first_of_its_surveys_may_be_due() {
    let sleeping = |until| vec![bounded(IneligibleReason::Snooze, until)];
    let elsewhere = vec![Ineligibility::of(IneligibleReason::Url)];
    let until =
        |decisions: &[&Vec<Ineligibility>]| asleep_until(decisions.iter().map(|it| it.as_slice()));
    assert_eq!(until(&[]), None);
    assert_eq!(until(&[&sleeping(Some(5)), &sleeping(Some(3)), &sleeping(None)]), Some(3));
    assert_eq!(until(&[&sleeping(None)]), Some(FAR));
    assert_eq!(until(&[&sleeping(Some(5)), &elsewhere]), None);
    assert_eq!(until(&[&sleeping(Some(5)), &vec![]]), None);
    // One that is against on this page, and asleep as well, is asleep on every page.
    let both = [elsewhere, sleeping(Some(5)), sleeping(Some(9))].concat();
    assert_eq!(until(&[&both]), Some(9));
}

fn text() -> impl Strategy<Value = String> {
    let moment = (-200 * DAY_MS..DAY_MS).prop_map(|it| NOW + it);
    let survey = (0..3_usize, prop::collection::vec((0..3_usize, moment), 0..5));
    prop::collection::vec(survey, 0..5).prop_map(|surveys| {
        let mut text = "1 s42 v1".to_owned();
        for (name, fields) in surveys {
            text.push('\n');
            text.push_str(["nps", "faq", "csat"][name]);
            for (letter, moment) in fields {
                text.push_str(&format!(" {}{moment}", ["n", "a", "d"][letter]));
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn before_it_is_held_until_it_is_never_due(
        text in text(), again in 0..4_usize, quiet in 0..3_usize, later in 0_i64..400 * DAY_MS,
        sample in 0..101, from in prop::option::of(-DAY_MS..9 * DAY_MS),
    ) {
        let again = ["always", "never", "7d", "30d"][again];
        let sample = format!("{sample}%");
        let attributes = [
            ("recontact", again), ("snooze", "14d"), ("quiet", ["0", "1d", "3d"][quiet]),
            ("sample", sample.as_str()), ("url", "/nowhere"),
        ];
        let moment = EligibilityContext { runs: [from.map(|it| NOW + it), None], ..MOMENT };
        let ineligibilities = check_eligibility("nps", &targeting(&attributes), &record(&text), &moment);
        let everywhere = targeting(&attributes[..4]);
        let held = held_until(&ineligibilities);
        let then = EligibilityContext { now: NOW + later, began: NOW + later, ..moment };
        // The record may be read anew by then, and the page be another one.
        let found = check_eligibility("nps", &everywhere, &Record::read(&record(&text).to_text(), then.now), &then);
        match held {
            Some(held) if then.now < held => prop_assert!(!found.is_empty()),
            _ => prop_assert!(found.is_empty(), "{found:?}, held until {held:?}"),
        }
    }
}

#[test]
fn a_pattern_of_no_form_is_one_problem_and_no_page_is_meant() {
    let json = Json::Object(vec![("url".to_owned(), Json::Text("checkout/** /a".to_owned()))]);
    let mut problems = crate::Problems::default();
    let layers = vec![Layer::object("survey", &json)];
    assert_eq!(Definition::read(layers, Some(Template::Nps), &mut problems), None);
    let lines: Vec<_> = problems.iter().map(|it| it.line()).collect();
    assert_eq!(
        lines,
        ["survey.url \"checkout/**\" is not a pattern of pages (try \"/checkout/**\")"]
    );
}
