use super::{MOST_SHOWINGS, Record, VISIT_ENDS};
use proptest::prelude::*;

const NOW: i64 = 1_764_000_000_000;

fn read(text: &str) -> Record {
    Record::read(text, NOW)
}

#[test]
fn a_record_is_written_as_it_is_read() {
    let mut record = Record::default();
    record.set_seed(42);
    record.view(NOW);
    record.seen("faq", NOW);
    record.seen("nps", NOW + 1);
    record.answered("faq", NOW + 2);
    record.dismissed("nps", NOW + 3);
    let text = "1 s42 v1 p1764000000000\nfaq n1764000000000 a1764000000002\n\
                nps n1764000000001 d1764000000003";
    assert_eq!(record.to_text(), text);
    let again = Record::read(text, NOW + 10);
    assert_eq!(again, record);
    assert_eq!((again.seed(), again.visits(), again.id()), (Some(42), 1, None));
    assert_eq!(again.last_answer("faq"), Some(NOW + 2));
    assert_eq!(again.last_dismissal("nps"), Some(NOW + 3));
    assert_eq!((again.shows("faq"), again.shows("nps"), again.shows("other")), (0, 1, 0));
    assert_eq!((again.last_seen("nps"), again.last_other("nps")), (Some(NOW + 1), Some(NOW + 2)));
}

#[test]
fn what_is_unknown_is_kept() {
    let newer =
        "2 s42 v1 p1764000000000 zsomething\nfaq n1763999999999 xnew,words\nnew-kind-of-line";
    let mut record = read(newer);
    assert_eq!(record.to_text(), newer);
    record.answered("faq", NOW);
    record.view(NOW);
    assert_eq!(
        record.to_text(),
        "2 s42 v1 p1764000000000 zsomething\nfaq n1763999999999 xnew,words a1764000000000\nnew-kind-of-line"
    );
    // A version that comes without what this one writes.
    let older = read("1 s42");
    assert_eq!((older.seed(), older.visits(), older.shows("faq")), (Some(42), 1, 0));
}

#[test]
fn what_is_foreign_is_a_new_visitor() {
    for text in
        ["", " ", "\n", "null", "{\"a\":1}", "undefined", "-1 s1", "0 s1", "a b\nc", "\u{0}"]
    {
        assert_eq!(read(text), Record::default(), "{text:?}");
    }
}

#[test]
fn a_survey_may_be_called_as_a_version_is() {
    let mut record = read("1 s42");
    record.answered("1", NOW);
    assert_eq!(read(&record.to_text()).last_answer("1"), Some(NOW));
}

#[test]
fn a_moment_that_is_corrupt_or_to_come_counts_as_now() {
    for value in ["1764000000001", "9999999999999999", "soon", "", "1e9", "-"] {
        let record = read(&format!("1 p{value}\nfaq n{value} a{value} d{value}"));
        assert_eq!(record.last_answer("faq"), Some(NOW), "{value}");
        assert_eq!(record.last_seen("faq"), Some(NOW), "{value}");
        // And stays at that moment, once it is written.
        let later = Record::read(&record.to_text(), NOW + 1_000);
        assert_eq!(later.last_answer("faq"), Some(NOW), "{value}");
    }
    assert_eq!(read("1\nfaq a1763999999999").last_answer("faq"), Some(NOW - 1));
    assert_eq!(read("1 vmany sx").visits(), 1);
    assert_eq!(read("1 sx").seed(), None);
}

#[test]
fn a_visit_ends_after_thirty_minutes_without_a_page_view() {
    let mut record = Record::default();
    assert_eq!(record.visits(), 1);
    record.view(NOW);
    assert_eq!(record.visits(), 1);
    record.view(NOW + VISIT_ENDS - 1);
    assert_eq!(record.visits(), 1);
    record.view(NOW + 2 * VISIT_ENDS - 2);
    assert_eq!(record.visits(), 1);
    record.view(NOW + 3 * VISIT_ENDS - 2);
    assert_eq!(record.visits(), 2);
}

#[test]
fn showings_are_counted_from_the_answer_on() {
    let mut record = Record::default();
    for at in 0..3 {
        record.seen("faq", NOW + at);
    }
    assert_eq!(record.shows("faq"), 3);
    record.answered("faq", NOW + 3);
    assert_eq!(record.shows("faq"), 0);
    record.seen("faq", NOW + 4);
    assert_eq!(record.shows("faq"), 1);
    for at in 0..200 {
        record.seen("faq", NOW + 5 + at);
    }
    assert_eq!(record.shows("faq") as usize, MOST_SHOWINGS);
}

#[test]
fn what_stands_within_its_page_disturbs_nobody_until_the_visitor_deals_with_it() {
    let mut record = Record::default();
    record.came_by("faq", NOW);
    assert_eq!((record.shows("faq"), record.last_seen("faq")), (1, None));
    assert_eq!(record.last_other("nps"), None);
    record.dismissed("faq", NOW + 1);
    assert_eq!(record.last_other("nps"), Some(NOW + 1));
}

#[test]
fn an_answer_outweighs_an_earlier_dismissal() {
    let mut record = Record::default();
    record.dismissed("faq", NOW);
    record.answered("faq", NOW + 1);
    assert_eq!(record.last_dismissal("faq"), None);
    record.dismissed("faq", NOW + 2);
    assert_eq!(record.last_dismissal("faq"), Some(NOW + 2));
}

#[test]
fn of_two_tabs_no_update_is_lost() {
    let mut one = read("1 s42 v2 p1763990000000\nfaq n1763990000000");
    let mut other = one.clone();
    one.seen("faq", NOW);
    one.answered("faq", NOW + 5);
    one.view(NOW);
    other.seen("faq", NOW + 1);
    other.dismissed("nps", NOW + 2);
    other.set_id(Some("x"));
    let mut merged = one.clone();
    merged.merge(&other);
    assert_eq!(merged.last_answer("faq"), Some(NOW + 5));
    assert_eq!(merged.last_dismissal("nps"), Some(NOW + 2));
    assert_eq!((merged.visits(), merged.id(), merged.seed()), (3, Some("x"), Some(42)));
    let text = merged.to_text();
    assert!(text.contains("n1763990000000,1764000000000,1764000000001"), "{text}");
}

#[test]
fn an_id_is_given_and_taken() {
    let mut record = Record::default();
    record.set_id(Some("abc"));
    assert_eq!(record.id(), Some("abc"));
    record.set_id(None);
    assert_eq!(record.id(), None);
}

/// One thing that happens in a tab.
fn happen(record: &mut Record, (what, survey, at): (u8, u8, i64)) {
    let survey = ["faq", "nps", "csat"][usize::from(survey)];
    let at = NOW + at;
    match what {
        0 => record.seen(survey, at),
        1 => record.answered(survey, at),
        2 => record.dismissed(survey, at),
        _ => record.view(at),
    }
}

/// How often it was shown, then when it was answered, dismissed and seen.
type Facts = (u32, Option<i64>, Option<i64>, Option<i64>);

fn facts(record: &Record) -> Vec<Facts> {
    ["faq", "nps", "csat"]
        .map(|it| {
            (
                record.shows(it),
                record.last_answer(it),
                record.last_dismissal(it),
                record.last_seen(it),
            )
        })
        .to_vec()
}

#[test]
fn the_pages_of_a_survey_are_bounded() {
    let mut record = Record::default();
    record.seen("nps", 1);
    for page in 0..500 {
        record.answered(&format!("faq/{page}"), page);
        record.answered("nps/7", page);
    }
    let text = record.to_text();
    assert_eq!(text.lines().filter(|line| line.starts_with("faq/")).count(), 100);
    assert_eq!(record.last_answer("faq/399"), None);
    assert_eq!(record.last_answer("faq/400"), Some(400));
    assert_eq!((record.last_answer("nps/7"), record.last_seen("nps")), (Some(499), Some(1)));
    // What is known already makes room for nobody.
    record.answered("faq/400", 999);
    assert_eq!(record.last_answer("faq/401"), Some(401));
}

proptest! {
    #[test]
    fn no_text_is_trouble(text: String) {
        let record = read(&text);
        let again = read(&record.to_text());
        prop_assert_eq!(again.to_text(), record.to_text());
        for survey in ["faq", ""] {
            prop_assert!(record.last_answer(survey) <= Some(NOW));
            prop_assert!(record.last_other(survey) <= Some(NOW) && record.shows(survey) < 1_000);
        }
    }

    #[test]
    fn no_mutilated_record_is_trouble(cut in 0_usize..80, letter in "[ -~\n]") {
        let text = "1 s42 v1 p1764000000000\nfaq n1764000000000 a1764000000002\nnps d1764000000003";
        let mut text = text.to_owned();
        text.insert_str(cut.min(text.len()), &letter);
        let record = read(&text);
        prop_assert!(record.last_answer("faq") <= Some(NOW));
        prop_assert_eq!(read(&record.to_text()), record);
    }

    #[test]
    fn merging_has_no_order_and_no_repetition(
        one in prop::collection::vec((0_u8..4, 0_u8..3, 0_i64..9_999), 0..12),
        other in prop::collection::vec((0_u8..4, 0_u8..3, 0_i64..9_999), 0..12),
    ) {
        let mut base = Record::default();
        base.set_seed(7);
        let mut tabs = [base.clone(), base];
        for (tab, events) in tabs.iter_mut().zip([&one, &other]) {
            for event in events {
                happen(tab, *event);
            }
        }
        let [a, b] = tabs;
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.merge(&b);
        ba.merge(&a);
        prop_assert_eq!(facts(&ab), facts(&ba));
        let before = ab.to_text();
        ab.merge(&b);
        ab.merge(&a);
        prop_assert_eq!(ab.to_text(), before);
        // What either tab knows, the merged one knows.
        for survey in ["faq", "nps", "csat"] {
            prop_assert_eq!(ab.last_answer(survey), a.last_answer(survey).max(b.last_answer(survey)));
            prop_assert_eq!(ab.last_seen(survey), a.last_seen(survey).max(b.last_seen(survey)));
        }
    }
}
