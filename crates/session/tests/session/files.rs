//! Survey files: in the page, and fetched.

use crate::support::{play, shown, take};

const TWO: &str = r#"[{"template": "csat", "trigger": "load"}, {"template": "nps", "trigger": "event:a", "quiet": "0"}]"#;

#[test]
fn a_file_in_the_page_is_read_at_once() {
    let file = format!("file {TWO}");
    shown(&["config=#surveys"], &file, "csat");
    shown(&["config=#surveys"], &format!("{file}; hide; track a"), "nps");
    let world = play(&["config=#surveys"], "");
    assert_eq!(world.heard("warn"), [r##"warn: data-config="#surveys" could not be read"##]);
}

#[test]
fn a_file_that_is_fetched_is_waited_for() {
    let come = format!("file {TWO}");
    shown(&["config=/s.json"], "track a", "");
    // A step, since the page is open by now.
    shown(&["config=/s.json"], &format!("wait 1s; {come}"), "csat");
    shown(&["config=/s.json"], &format!("show nps; {come}"), "nps");
    shown(&["config=/s.json"], &format!("track a; {come}; hide csat"), "nps");
    let world = play(&["config=/s.json"], "wait 1s; file");
    assert_eq!(world.heard("warn"), [r#"warn: data-config="/s.json" could not be read"#]);
}

#[test]
fn a_file_that_did_not_come_is_asked_for_again() {
    let asked = &["survey=csat config=/s.json trigger=load", "@1 sondeo=shop trigger=load"];
    let lost = "wait 1s; file";
    // What needs no file does not wait for it.
    shown(asked, lost, "csat");
    let file = r#"file {"id": "shop", "template": "nps", "display": "inline"}"#;
    shown(asked, &format!("{lost}; wait 2s; {file}"), "csat shop");
    let world = play(asked, &format!("{lost}; wait 1s"));
    assert!(world.pending_files.is_empty(), "not at once");
    // Each time later, and not for ever; it is said once.
    let mut world = play(asked, lost);
    for after in ["2s", "8s", "32s"] {
        take(&mut world, &format!("wait {after}"));
        assert_eq!(world.pending_files.len(), 1, "{after}");
        take(&mut world, "file");
    }
    take(&mut world, "wait 1h");
    assert!(world.pending_files.is_empty());
    let line = r#"data-config="/s.json" could not be read"#;
    let said = world.heard("warn");
    assert_eq!(said.iter().filter(|it| it.contains(line)).count(), 1, "{said:?}");
    // What came and is none is not asked for again.
    let world = play(asked, "wait 1s; file {; wait 1h");
    assert!(world.pending_files.is_empty());
}

#[test]
fn an_element_may_name_a_survey_of_the_file() {
    let asked = &["config=/s.json", "@1 sondeo=shop trigger=load"];
    let file = r#"file {"id": "shop", "template": "csat", "display": "inline"}"#;
    shown(asked, "", "");
    shown(asked, &format!("wait 1s; {file}"), "shop");
    let world = play(
        asked,
        "wait 1s; file {\"id\": \"other\", \"template\": \"csat\", \"display\": \"inline\"}",
    );
    let warnings = world.heard("warn");
    assert!(warnings.len() == 1 && warnings[0].contains("shop"), "{warnings:?}");
}

#[test]
fn pictures_of_a_file_are_beside_it() {
    let file = r#"wait 1s; file {"id": "a", "trigger": "load", "logo": {"src": "logo.png", "alt": "Us"},
        "questions": [{"id": "q", "kind": "nps", "text": "?"}]}"#;
    for config in ["https://cdn.example/s/a.json", "/s/a.json?v=1"] {
        let world = play(&[&format!("config={config}")], &file.replace('\n', " "));
        let survey = &world.showings[0].survey;
        assert_eq!(survey.base, config);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_once() {
    for (file, expected) in
        [("file {", "is not JSON"), ("file 7", "is no survey"), ("file [7]", "is no survey")]
    {
        let world = play(&["config=#s", "config=#s"], file);
        assert_eq!(world.heard("warn").len(), 1, "{:?}", world.heard);
        assert!(world.heard("warn")[0].contains(expected), "{:?}", world.heard);
    }
}

#[test]
fn answers_of_explain_wait_for_the_files() {
    let mut world = play(&["config=/s.json"], "");
    assert_eq!(world.explain("nps"), "");
    let file = world.pending_files[0].0;
    let text = Some(TWO.to_owned());
    world.input(sondeo_session::Input::FileArrived { file, text });
    assert_eq!(world.replies[0].1, r#"{"due":false,"reasons":["trigger","occupied"]}"#);
}
