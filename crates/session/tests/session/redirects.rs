//! Where an end leads the visitor, and when.

use crate::support::{World, play};
use sondeo_session::DeliveryStatus;

const FILE: &str = r##"file {"id": "s", "trigger": "load", "custom": {"plan": "a&b"}, "questions": [
    {"id": "q", "kind": "likert", "text": "?", "next": [{"if": ">=4", "go": "review"}]}],
    "endings": [{"id": "done", "text": "Done."},
        {"id": "review", "text": "Great!", "redirect": "/r?s={answer:q}&p={custom:plan}&x={custom:none}"}]}"##;

#[track_caller]
fn answered(steps: &str, status: DeliveryStatus) -> World {
    let mut world = play(&["config=#f survey=s"], &format!("{FILE}; complete s"));
    world.delivery("s", status);
    for step in steps.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        crate::support::take(&mut world, step);
    }
    world
}

#[test]
fn the_visitor_is_led_once_the_response_is_safe() {
    let kept = DeliveryStatus::Waiting { is_kept: true };
    for status in [DeliveryStatus::Delivered, kept] {
        let world = answered("wait 2999ms", status);
        assert_eq!(world.heard("navigate"), [""; 0]);
        let world = answered("wait 3s", status);
        assert_eq!(world.heard("navigate"), ["navigate https://shop.example/r?s=5&p=a%26b&x="]);
    }
    let lost = DeliveryStatus::Waiting { is_kept: false };
    assert_eq!(answered("wait 1m", lost).heard("navigate"), [""; 0]);
    // Once, whatever becomes of the response.
    let mut world = answered("wait 1s", kept);
    world.delivery("s", DeliveryStatus::Delivered);
    world.wait_ms(60_000);
    assert_eq!(world.heard("navigate").len(), 1);
}

#[test]
fn who_closes_the_survey_stays() {
    assert_eq!(answered("close s; wait 1m", DeliveryStatus::Delivered).heard("navigate"), [""; 0]);
    assert_eq!(answered("hide s; wait 1m", DeliveryStatus::Delivered).heard("navigate"), [""; 0]);
}
