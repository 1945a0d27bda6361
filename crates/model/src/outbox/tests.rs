use super::{Fate, HOLD, LONGEST_AGE, MOST_BYTES, QueuedResponse, RetryAt, Stored, surplus};
use crate::{DAY_MS, Duration, Outcome, RequestFormat};
use proptest::prelude::*;

const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
const NOW: i64 = 1_800_000_000_000;

fn entry() -> QueuedResponse {
    QueuedResponse {
        id: ID.to_owned(),
        endpoint: "https://example.com/responses".to_owned(),
        format: RequestFormat::Json,
        headers: vec![
            ("x-site".to_owned(), "a, b".to_owned()),
            ("x-empty".to_owned(), String::new()),
        ],
        fields: vec![("why".to_owned(), "entry.7".to_owned())],
        confirms_id: true,
        revision: 2,
        is_answered: true,
        attempts: 0,
        born: NOW,
        not_before: NOW,
        wait: RetryAt::BackOff,
        refused_by: String::new(),
        body: format!(
            r#"{{"sondeo":1,"id":"{ID}","revision":2,"survey":"checkout","answers":[]}}"#
        ),
    }
}

#[test]
fn an_entry_is_read_as_it_is_written() {
    let mut entry = entry();
    for wait in
        [RetryAt::BackOff, RetryAt::RetryAfter, RetryAt::Claimed, RetryAt::Held, RetryAt::Old]
    {
        entry.wait = wait;
        assert_eq!(
            QueuedResponse::read(ID, &entry.write()),
            Stored::Entry(Box::new(entry.clone()))
        );
    }
    entry.headers.clear();
    entry.fields.clear();
    entry.refused_by = "0.1.0".to_owned();
    assert_eq!(QueuedResponse::read(ID, &entry.write()), Stored::Entry(Box::new(entry.clone())));
    assert_eq!(entry.key(), format!("sondeo.out.{ID}"));
    assert_eq!(entry.survey(), "checkout");
}

#[test]
fn whatever_is_damaged_is_told_apart_from_what_is_newer() {
    let text = entry().write();
    assert_eq!(QueuedResponse::read(ID, &text.replacen('1', "2", 1)), Stored::Foreign);
    assert_eq!(QueuedResponse::read("another", &text), Stored::Corrupt);
    for cut in 0..text.len() {
        assert_eq!(QueuedResponse::read(ID, &text[..cut]), Stored::Corrupt, "{cut}");
    }
    for bad in ["", "null", "[object Object]", "1", "{}"] {
        assert_eq!(QueuedResponse::read(ID, bad), Stored::Corrupt, "{bad}");
    }
}

#[test]
fn what_separates_fields_cannot_be_smuggled_in() {
    let mut entry = entry();
    entry.fields = vec![("a\u{1e}b".to_owned(), "c\u{1f}d".to_owned())];
    let Stored::Entry(read) = QueuedResponse::read(ID, &entry.write()) else { panic!("corrupt") };
    assert_eq!(read.fields, [("ab".to_owned(), "cd".to_owned())]);
    assert_eq!(read.body, entry.body);
}

#[test]
fn waits_end_and_no_clock_makes_them_eternal() {
    let mut entry = entry();
    let waits = |entry: &QueuedResponse, now| entry.waits(now, "0.1.0", false);
    assert_eq!(waits(&entry, NOW), Some(0));
    entry.not_before = NOW + 5_000;
    assert_eq!(waits(&entry, NOW), Some(5_000));
    assert_eq!(waits(&entry, NOW + 5_000), Some(0));
    assert_eq!(entry.waits(NOW, "0.1.0", true), Some(0), "the network is back");
    entry.wait = RetryAt::RetryAfter;
    assert_eq!(entry.waits(NOW, "0.1.0", true), Some(5_000), "the endpoint's wait stands");
    for wait in
        [RetryAt::BackOff, RetryAt::RetryAfter, RetryAt::Claimed, RetryAt::Held, RetryAt::Old]
    {
        entry.wait = wait;
        // The clock was set back by two days, or by a lifetime.
        for back in [2 * DAY_MS, i64::MAX / 2] {
            assert_eq!(waits(&entry, NOW - back), Some(0), "{wait:?}");
        }
    }
    entry.wait = RetryAt::Held;
    entry.not_before = NOW + HOLD;
    assert_eq!(waits(&entry, NOW), Some(HOLD));
    entry.refused_by = "0.1.0".to_owned();
    assert_eq!(waits(&entry, NOW), None);
    assert!(!entry.is_stale(NOW + LONGEST_AGE) && entry.is_stale(NOW + LONGEST_AGE + 1));
    assert_eq!(entry.waits(NOW + HOLD, "0.2.0", false), Some(0), "a newer version tries once more");
}

#[test]
fn an_attempt_and_its_end() {
    let mut entry = entry();
    entry.claim(NOW);
    assert_eq!((entry.attempts, entry.waits(NOW, "0.1.0", true)), (1, Some(super::CLAIM)));
    let asked = Outcome::Answered { status: 503, retry_after: Some(Duration::from_millis(9_000)) };
    assert_eq!(entry.settle(asked, NOW, 9, "0.1.0"), Fate::Waits);
    assert_eq!((entry.wait, entry.not_before), (RetryAt::RetryAfter, NOW + 9_000));
    entry.claim(NOW + 9_000);
    assert_eq!(entry.settle(Outcome::Unreachable, NOW, 255, "0.1.0"), Fate::Waits);
    assert_eq!((entry.wait, entry.not_before), (RetryAt::BackOff, NOW + 2_000));
    let refused = Outcome::Answered { status: 404, retry_after: None };
    assert_eq!(entry.settle(refused, NOW, 0, "0.1.0"), Fate::Aside);
    assert_eq!(entry.waits(NOW, "0.1.0", true), None);
    let taken = Outcome::Answered { status: 201, retry_after: None };
    assert_eq!(entry.settle(taken, NOW, 0, "0.2.0"), Fate::Delivered);
}

#[test]
fn thirty_days_in_vain_are_enough_and_one_jump_of_the_clock_is_not() {
    let fail = |entry: &mut QueuedResponse, now| {
        entry.claim(now);
        entry.settle(Outcome::Unreachable, now, 0, "0.1.0")
    };
    let mut entry = entry();
    let end = NOW + LONGEST_AGE;
    assert_eq!(fail(&mut entry, end), Fate::Waits);
    assert_eq!(entry.wait, RetryAt::BackOff, "not yet older");
    assert_eq!(fail(&mut entry, end + 1), Fate::Waits);
    assert_eq!(entry.wait, RetryAt::Old);
    assert_eq!(fail(&mut entry, end + 7 * DAY_MS), Fate::Waits);
    assert_eq!(fail(&mut entry, end + 7 * DAY_MS + 2), Fate::Expired);
    // The clock has jumped ahead, and back again.
    let mut entry = super::tests::entry();
    assert_eq!(fail(&mut entry, NOW + 400 * DAY_MS), Fate::Waits);
    assert_eq!(fail(&mut entry, NOW), Fate::Waits);
    assert_eq!(entry.born, NOW);
}

#[test]
fn answers_are_the_last_to_go() {
    assert_eq!(surplus(&[(100, true, 1), (100, false, 2)]), [0; 0]);
    let mut entries: Vec<_> = (0..200).map(|at| (100, at % 2 == 0, 1_000 - at)).collect();
    assert_eq!(surplus(&entries), [0; 0]);
    entries.push((100, true, 5_000));
    assert_eq!(surplus(&entries), [199], "the oldest without an answer");
    for (_, is_answered, _) in &mut entries {
        *is_answered = true;
    }
    assert_eq!(surplus(&entries), [199], "the oldest of all");
    let half = MOST_BYTES / 2;
    assert_eq!(surplus(&[(half, true, 1), (half, true, 2)]), [0; 0]);
    assert_eq!(surplus(&[(half, true, 1), (half + 1, true, 2)]), [0]);
    assert_eq!(surplus(&[(half, true, 1), (half, true, 2), (1, false, 3)]), [2]);
    assert_eq!(
        surplus(&[(half, true, 1), (half, true, 2), (half, false, 3), (1, false, 2)]),
        [3, 2]
    );
}

proptest! {
    #[test]
    fn no_text_brings_it_down(text: String) {
        prop_assert_eq!(QueuedResponse::read(ID, &text), Stored::Corrupt);
    }

    #[test]
    fn no_time_brings_it_down(now: i64, born: i64, not_before: i64, random: u8) {
        let mut entry = QueuedResponse { born, not_before, ..entry() };
        let _ = entry.waits(now, "0.1.0", false);
        entry.claim(now);
        let _ = entry.settle(Outcome::Unreachable, now, random, "0.1.0");
    }
}
