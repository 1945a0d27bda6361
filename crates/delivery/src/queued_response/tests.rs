use super::{CLAIM_MS, HOLD_MS, LONGEST_AGE_MS, QueuedResponse, Stored, WaitReason};
use crate::{AttemptOutcome, Disposition, HttpResult, OutboxItem, loss_line};
use proptest::prelude::*;
use sondeo_model::{Confirm, DAY_MS, Duration, RequestFormat};

const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
const NOW: i64 = 1_800_000_000_000;

fn response() -> QueuedResponse {
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
        born_ms: NOW,
        not_before_ms: NOW,
        wait: WaitReason::BackOff,
        refused_by: String::new(),
        body: format!(
            r#"{{"sondeo":1,"id":"{ID}","revision":2,"survey":"checkout","answers":[]}}"#
        ),
    }
}

fn answered(status: u16, asked_ms: Option<u64>) -> AttemptOutcome {
    let retry_after = asked_ms.map(Duration::from_millis);
    let result =
        HttpResult::Answered { status, retry_after, body: String::new(), is_foreign: false };
    AttemptOutcome::of(result, &[], "", Confirm::Status)
}

fn silence() -> AttemptOutcome {
    AttemptOutcome::of(HttpResult::NoAnswer, &[], "", Confirm::Status)
}

/// What the first released version has written into visitors' browsers: every later one has to read it.
#[test]
fn what_an_older_version_has_kept_is_read() {
    let fields = [
        "1",
        "https://example.com/responses",
        "json",
        "x-site\u{1e}a, b\u{1e}x-empty\u{1e}\u{1e}",
        "why\u{1e}entry.7\u{1e}",
        "1",
        "2",
        "1",
        "0",
        "1800000000000",
        "1800000000000",
        "b",
        "",
        r#"{"sondeo":1,"id":"0199a3c2-5f1e-7a3b-8c4d-0123456789ab","revision":2,"survey":"checkout","answers":[]}"#,
    ];
    let text = fields.join("\u{1f}");
    assert_eq!(QueuedResponse::read(ID, &text), Stored::Response(Box::new(response())));
    assert_eq!(response().write(), text);
    let item = OutboxItem { bytes: text.len(), is_answered: true, born_ms: NOW };
    assert_eq!(OutboxItem::read(&text), Some(item));
    let unanswered = QueuedResponse { is_answered: false, ..response() }.write();
    assert!(OutboxItem::read(&unanswered).is_some_and(|it| !it.is_answered));
    for other in ["", "1", "nonsense", &text.replacen('1', "2", 1)] {
        assert_eq!(OutboxItem::read(other), None, "{other}");
    }
    assert_eq!(
        loss_line(&text),
        "an answer to checkout for https://example.com/responses is dropped: too many wait to be delivered"
    );
}

#[test]
fn the_endpoint_may_name_the_wait_up_to_a_day() {
    let mut queued = response();
    for (asked_ms, expected_ms) in [(7_000, 7_000), (u64::MAX, DAY_MS)] {
        assert_eq!(
            queued.settle(&answered(429, Some(asked_ms)), NOW, 255, "1"),
            Disposition::Retry
        );
        assert_eq!(
            (queued.wait, queued.not_before_ms),
            (WaitReason::RetryAfter, NOW + expected_ms)
        );
    }
}

#[test]
fn a_response_is_read_as_it_is_written() {
    let mut queued = response();
    for wait in [
        WaitReason::BackOff,
        WaitReason::RetryAfter,
        WaitReason::Claimed,
        WaitReason::Held,
        WaitReason::Old,
    ] {
        queued.wait = wait;
        assert_eq!(
            QueuedResponse::read(ID, &queued.write()),
            Stored::Response(Box::new(queued.clone()))
        );
    }
    queued.headers.clear();
    queued.fields.clear();
    queued.refused_by = "0.1.0".to_owned();
    assert_eq!(
        QueuedResponse::read(ID, &queued.write()),
        Stored::Response(Box::new(queued.clone()))
    );
    assert_eq!(queued.key(), format!("sondeo.out.{ID}"));
    assert_eq!(queued.survey(), "checkout");
}

#[test]
fn whatever_is_damaged_is_told_apart_from_what_is_newer() {
    let text = response().write();
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
    let mut queued = response();
    queued.fields = vec![("a\u{1e}b".to_owned(), "c\u{1f}d".to_owned())];
    let Stored::Response(read) = QueuedResponse::read(ID, &queued.write()) else {
        panic!("corrupt")
    };
    assert_eq!(read.fields, [("ab".to_owned(), "cd".to_owned())]);
    assert_eq!(read.body, queued.body);
}

#[test]
fn waits_end_and_no_clock_makes_them_eternal() {
    let mut queued = response();
    let waits = |queued: &QueuedResponse, now| queued.waits_ms(now, "0.1.0", false);
    assert_eq!(waits(&queued, NOW), Some(0));
    queued.not_before_ms = NOW + 5_000;
    assert_eq!(waits(&queued, NOW), Some(5_000));
    assert_eq!(waits(&queued, NOW + 5_000), Some(0));
    assert_eq!(queued.waits_ms(NOW, "0.1.0", true), Some(0), "the network is back");
    queued.wait = WaitReason::RetryAfter;
    assert_eq!(queued.waits_ms(NOW, "0.1.0", true), Some(5_000), "the endpoint's wait stands");
    for wait in [
        WaitReason::BackOff,
        WaitReason::RetryAfter,
        WaitReason::Claimed,
        WaitReason::Held,
        WaitReason::Old,
    ] {
        queued.wait = wait;
        // The clock was set back by two days, or by a lifetime.
        for back in [2 * DAY_MS, i64::MAX / 2] {
            assert_eq!(waits(&queued, NOW - back), Some(0), "{wait:?}");
        }
    }
    queued.wait = WaitReason::Held;
    queued.not_before_ms = NOW + HOLD_MS;
    assert_eq!(waits(&queued, NOW), Some(HOLD_MS));
    queued.refused_by = "0.1.0".to_owned();
    assert_eq!(waits(&queued, NOW), None);
    assert!(!queued.is_stale(NOW + LONGEST_AGE_MS) && queued.is_stale(NOW + LONGEST_AGE_MS + 1));
    assert_eq!(
        queued.waits_ms(NOW + HOLD_MS, "0.2.0", false),
        Some(0),
        "a newer version tries once more"
    );
}

#[test]
fn an_attempt_and_its_end() {
    let mut queued = response();
    queued.claim(NOW);
    assert_eq!((queued.attempts, queued.waits_ms(NOW, "0.1.0", true)), (1, Some(CLAIM_MS)));
    let asked = answered(503, Some(9_000));
    assert_eq!(queued.settle(&asked, NOW, 9, "0.1.0"), Disposition::Retry);
    assert_eq!((queued.wait, queued.not_before_ms), (WaitReason::RetryAfter, NOW + 9_000));
    queued.claim(NOW + 9_000);
    assert_eq!(queued.settle(&silence(), NOW, 255, "0.1.0"), Disposition::Retry);
    assert_eq!((queued.wait, queued.not_before_ms), (WaitReason::BackOff, NOW + 2_000));
    let refused = answered(404, None);
    assert_eq!(queued.settle(&refused, NOW, 0, "0.1.0"), Disposition::SetAside);
    assert_eq!(queued.waits_ms(NOW, "0.1.0", true), None);
    let taken = answered(201, None);
    assert_eq!(queued.settle(&taken, NOW, 0, "0.2.0"), Disposition::Delivered);
}

#[test]
fn thirty_days_in_vain_are_enough_and_one_jump_of_the_clock_is_not() {
    let fail = |queued: &mut QueuedResponse, now| {
        queued.claim(now);
        queued.settle(&silence(), now, 0, "0.1.0")
    };
    let mut queued = response();
    let end = NOW + LONGEST_AGE_MS;
    assert_eq!(fail(&mut queued, end), Disposition::Retry);
    assert_eq!(queued.wait, WaitReason::BackOff, "not yet older");
    assert_eq!(fail(&mut queued, end + 1), Disposition::Retry);
    assert_eq!(queued.wait, WaitReason::Old);
    assert_eq!(fail(&mut queued, end + 7 * DAY_MS), Disposition::Retry);
    assert_eq!(fail(&mut queued, end + 7 * DAY_MS + 2), Disposition::Expired);
    // The clock has jumped ahead, and back again.
    let mut queued = response();
    assert_eq!(fail(&mut queued, NOW + 400 * DAY_MS), Disposition::Retry);
    assert_eq!(fail(&mut queued, NOW), Disposition::Retry);
    assert_eq!(queued.born_ms, NOW);
}

proptest! {
    #[test]
    fn no_text_brings_it_down(text: String) {
        prop_assert_eq!(QueuedResponse::read(ID, &text), Stored::Corrupt);
    }

    #[test]
    fn no_time_brings_it_down(now: i64, born_ms: i64, not_before_ms: i64, random: u8) {
        let mut queued = QueuedResponse { born_ms, not_before_ms, ..response() };
        let _ = queued.waits_ms(now, "0.1.0", false);
        queued.claim(now);
        let _ = queued.settle(&silence(), now, random, "0.1.0");
    }
}
