//! A response from its showing to its last revision, and what the page and the visitor hear of it.

use crate::support::play;
use sondeo_model::{MessageId, Status, Value};
use sondeo_session::DeliveryStatus;

const CSAT: &[&str] = &["survey=csat push=datalayer"];
const ALL: &[&str] = &["survey=csat report=all"];

/// The revisions and states that were handed to the delivery.
#[track_caller]
fn check(asked: &[&str], steps: &str, expected: &[(u32, Status)]) {
    let world = play(asked, steps);
    let found: Vec<_> = world.delivered.iter().map(|it| (it.revision, it.status)).collect();
    assert_eq!(found, expected, "{steps}");
    assert!(world.delivered.iter().all(|it| it.id == world.delivered[0].id), "one response");
    assert!(world.delivered.iter().all(|it| it.client.time_zone.is_some()));
}

#[test]
fn each_state_is_delivered_that_the_author_wants() {
    check(CSAT, "", &[]);
    check(CSAT, "close csat", &[]);
    check(CSAT, "answer csat", &[(2, Status::Partial)]);
    check(CSAT, "answer csat; close csat", &[(2, Status::Partial)]);
    check(CSAT, "complete csat; close csat", &[(2, Status::Completed)]);
    check(CSAT, "answer csat; complete csat", &[(2, Status::Partial), (3, Status::Completed)]);
    check(ALL, "", &[(1, Status::Shown)]);
    check(ALL, "close csat", &[(1, Status::Shown), (2, Status::Dismissed)]);
    check(ALL, "complete csat; close csat", &[(1, Status::Shown), (2, Status::Completed)]);
    check(ALL, "hide", &[(1, Status::Shown)]);
    check(&["survey=csat report=all preview"], "complete csat", &[]);
}

#[test]
fn the_page_hears_of_each_step() {
    let names = |steps: &str| -> Vec<String> {
        let world = play(CSAT, steps);
        let heard = world.heard("sondeo:").into_iter().filter(|it| !it.contains("ready"));
        heard.map(|it| it.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(""), ["sondeo:shown"]);
    assert_eq!(names("close csat"), ["sondeo:shown", "sondeo:dismissed"]);
    assert_eq!(
        names("answer csat; close csat"),
        ["sondeo:shown", "sondeo:answered", "sondeo:dismissed"]
    );
    assert_eq!(
        names("complete csat; close csat"),
        ["sondeo:shown", "sondeo:answered", "sondeo:completed"]
    );
    assert_eq!(names("answer csat; answer csat"), ["sondeo:shown", "sondeo:answered"]);
    let world = play(CSAT, "complete csat");
    assert!(
        world.heard("sondeo:answered")[0].ends_with("\"value\":5} datalayer"),
        "{:?}",
        world.heard
    );
    let world = play(&["survey=csat push=datalayer preview"], "complete csat");
    assert!(world.heard("sondeo:answered")[0].ends_with('}'), "no figures of what was only tried");
}

#[test]
fn an_answer_without_its_end_waits_no_longer_when_the_survey_closes() {
    assert_eq!(play(CSAT, "answer csat").heard("release"), [""; 0]);
    assert_eq!(play(CSAT, "answer csat; close csat").heard("release"), ["release"]);
    assert_eq!(play(CSAT, "complete csat; close csat").heard("release"), [""; 0]);
}

#[test]
fn what_is_typed_is_masked_before_it_leaves() {
    let mut world = play(&["survey=cancellation trigger=load"], "");
    let questions = world.showing("cancellation").survey.questions.clone();
    let text = questions.iter().find(|it| it.kind.name().as_str() == "text").expect("a text");
    let key = world.showing("cancellation").key;
    let answer = sondeo_model::Answer {
        question: text.id.clone().into_owned(),
        value: Value::Text("4111 1111 1111 1111".to_owned()),
        other: Some("4111 1111 1111 1111".to_owned()),
        ..template_answer()
    };
    let input = sondeo_session::Input::Revised {
        showing: key,
        answers: vec![answer],
        is_completed: false,
        redirect: None,
    };
    world.input(input);
    let Value::Text(sent) = &world.delivered[0].answers[0].value else { panic!("a text") };
    assert!(!sent.contains("4111"), "{sent}");
    let other = world.delivered[0].answers[0].other.as_deref().expect("a text");
    assert!(!other.contains("4111"), "{other}");
}

fn template_answer() -> sondeo_model::Answer {
    let world = play(&["survey=csat"], "complete csat");
    world.delivered[0].answers[0].clone()
}

#[test]
fn a_response_tells_when_and_where() {
    let world = play(&["survey=csat visitor=on custom-order=7"], "at /b; wait 2s; complete csat");
    let response = &world.delivered[0];
    assert_eq!(response.elapsed_ms, 2000);
    assert_eq!(response.sent_at.as_millis() - response.shown_at.as_millis(), 2000);
    assert_eq!(response.page.url, "https://shop.example/b");
    assert_eq!(response.trigger, "load");
    assert_eq!(response.custom, [("order".to_owned(), "7".to_owned())]);
    assert_eq!((response.visit, response.widget.as_str()), (1, "0.0.0"));
    assert!(world.record().contains(response.visitor.as_deref().expect("an id")));
    assert_eq!(play(CSAT, "complete csat").delivered[0].visitor, None);
}

/// What the visitor reads, and whether the page hears of it.
#[track_caller]
fn check_status(status: DeliveryStatus, notice: MessageId, event: Option<&str>) {
    let mut world = play(&["survey=csat"], "complete csat");
    world.delivery("csat", status);
    assert_eq!(world.notices, [notice], "{status:?}");
    let heard = world.heard.last().map(String::as_str).unwrap_or_default();
    match event {
        Some(event) => assert!(heard.starts_with(event), "{heard}"),
        None => assert!(heard.starts_with("sondeo:completed"), "{heard}"),
    }
}

#[test]
fn the_visitor_reads_what_became_of_the_answer() {
    let failed = |reason, is_retried| DeliveryStatus::Failed { reason, status: None, is_retried };
    check_status(DeliveryStatus::Delivered, MessageId::SENT, Some("sondeo:delivered"));
    check_status(DeliveryStatus::Waiting { is_kept: true }, MessageId::KEPT, None);
    check_status(DeliveryStatus::Waiting { is_kept: false }, MessageId::UNSAVED, None);
    check_status(failed("cors", true), MessageId::KEPT, Some("sondeo:failed"));
    check_status(failed("refused", false), MessageId::UNSAVED, Some("sondeo:failed"));
}
