//! What is said about a survey and its settings.

use super::*;

#[test]
fn settings_that_cannot_be_used_are_named() {
    setting(r#""delay": "5 secs""#, &[r#".delay "5 secs" is not a time (try "5s")"#]);
    setting(r#""delay": 5"#, &[r#".delay 5 is not a time (try "5s")"#]);
    setting(r#""delay": 0.5"#, &[r#".delay (a number) is not a time (try "5s")"#]);
    setting(r#""delay": null"#, &[r#".delay null is not a time (try "5s")"#]);
    setting(r#""delay": ["5s"]"#, &[r#".delay (a list) is not a time (try "5s")"#]);
    setting(r#""delay": {}"#, &[r#".delay (an object) is not a time (try "5s")"#]);
    setting(r#""dealy": "5s""#, &[r#".dealy is not a key that is known here (try "delay")"#]);
    setting(
        r#""max-shows": 1"#,
        &[r#".max-shows is not a key that is known here (try "max_shows")"#],
    );
    setting(r#""colour": "red""#, &[".colour is not a key that is known here"]);
    setting(r#""$schema": "survey.schema.json""#, &[]);
    // For people in the studio, and from a collector.
    setting(r#""name": "Checkout", "note": "Asked by Ada", "published": {}"#, &[]);
    setting(r#""display": "Bar""#, &[r#".display "Bar" is not a display (try "bar")"#]);
    setting(r#""display": "sidebar""#, &[r#".display "sidebar" is not a display (try "popover")"#]);
    targeting(r#""sample": 0.25"#, &[r#".sample (a number) is not a share (try "25%")"#]);
    targeting(r#""sample": "250%""#, &[r#".sample "250%" is not a share (try "25%")"#]);
    setting(r#""max_shows": "3""#, &[r#".max_shows "3" is not a whole number from 0 to 1000000"#]);
    setting(r#""max_shows": -1"#, &[".max_shows -1 is not a whole number from 0 to 1000000"]);
    setting(r#""debug": "true""#, &[r#".debug "true" is not true or false"#]);
    setting(r#""preview": 1"#, &[".preview 1 is not true or false"]);
    setting(r#""lang": "en_US""#, &[r#".lang "en_US" is not a language tag (try "es-MX")"#]);
    setting(r#""lang": true"#, &[r#".lang true is not a language tag (try "es-MX")"#]);
    targeting(
        r#""from": "1.12.2026""#,
        &[r#".from "1.12.2026" is not a date or date-time (try "2026-12-01")"#],
    );
    setting(
        r#""recontact": "nevr""#,
        &[r#".recontact "nevr" is not a time, "always" or "never" (try "90d")"#],
    );
    setting(r#""visitor": "yes""#, &[r#".visitor "yes" is not "on" or "off" (try "off")"#]);
    setting(
        r#""endpoint": """#,
        &[r#".endpoint "" is not an address (try "https://example.com/responses")"#],
    );
    setting(r#""thanks": """#, &[r#".thanks "" is not a text"#]);
    setting(r#""thanks": 5"#, &[".thanks 5 is not a text"]);
    setting(r#""thanks": {}"#, &[".thanks is empty"]);
    setting(
        r#""thanks": {"en": "Hi", "es_MX": "Hola", "fr": null}"#,
        &[r#".thanks.es_MX is not a language tag (try "en")"#, ".thanks.fr null is not a text"],
    );
    setting(r#""thanks": "a\u0000b""#, &[".thanks \"a\0b\" is not a text"]);
}

#[test]
fn words_of_a_list_are_named_one_by_one() {
    setting(r#""trigger": "lod exit""#, &[r#".trigger "lod" is not a trigger (try "load")"#]);
    setting(
        r#""trigger": ["scroll:50", 5]"#,
        &[
            r#".trigger "scroll:50" is not a trigger (try "scroll:50%")"#,
            r#".trigger 5 is not a trigger (try "load")"#,
        ],
    );
    setting(r#""trigger": []"#, &[".trigger is empty"]);
    targeting(
        r#""url": {}"#,
        &[r#".url (an object) is not a pattern of pages (try "/checkout/**")"#],
    );
    targeting(
        r#""url": ["/a", null]"#,
        &[r#".url null is not a pattern of pages (try "/checkout/**")"#],
    );
    targeting(r#""device": "moblie""#, &[r#".device "moblie" is not a device (try "mobile")"#]);
    setting(
        r#""push": "segmnt""#,
        &[r#".push "segmnt" is not a tool that events can be pushed to (try "segment")"#],
    );
    setting(r#""mask": "cards""#, &[r#".mask "cards" is not something to mask (try "card")"#]);
}

#[test]
fn what_a_response_cannot_hold_is_named_here() {
    let long = "x".repeat(LONGEST_NAME + 1);
    setting(&format!(r#""user": "{}""#, &long[1..]), &[]);
    let clipped = &long[..80];
    setting(
        &format!(r#""user": "{long}""#),
        &[&format!(".user \"{clipped}\" is not a text of at most 256 characters")],
    );
    let pair = "is not a text of at most 10000 characters under a name of at most 256";
    setting(r#""custom": {"a": null}"#, &[&format!(".custom.a null {pair}")]);
    setting(r#""custom": {"": "x"}"#, &[&format!(".custom. \"x\" {pair}")]);
    setting(r#""custom": {"a": 1e300}"#, &[&format!(".custom.a (a number) {pair}")]);
    setting(&format!(r#""custom": {{"{long}": "x"}}"#), &[&format!(".custom.{long} \"x\" {pair}")]);
    setting(r#""custom": "x""#, &[r#".custom "x" is not an object of names and texts"#]);
    let many: Vec<_> = (0..101).map(|at| format!(r#""n{at}": "x""#)).collect();
    let many = format!(r#""custom": {{{}}}"#, many.join(","));
    setting(&many, &[".custom holds more than 100 names"]);
    let huge = "é".repeat(10_001);
    let clipped = "é".repeat(80);
    attribute("data-custom-note", &huge, &[&format!("data-custom-note=\"{clipped}\" {pair}")]);
    setting(r#""headers": {"x y": "1"}"#, &[r#".headers.x y "1" is not a header of HTTP"#]);
    setting(r#""headers": {"x": "1\n"}"#, &[".headers.x \"1\n\" is not a header of HTTP"]);
    attribute("data-header-x", "✓", &["data-header-x=\"✓\" is not a header of HTTP"]);
}

#[test]
fn attributes_are_named_as_they_stand_on_the_page() {
    attribute("data-delay", "5 secs", &[r#"data-delay="5 secs" is not a time (try "5s")"#]);
    attribute(
        "data-max-shows",
        "many",
        &[r#"data-max-shows="many" is not a whole number from 0 to 1000000"#],
    );
    attribute(
        "data-privacy-signal",
        "ignored",
        &[r#"data-privacy-signal="ignored" is not "respect" or "ignore" (try "ignore")"#],
    );
    attribute("data-debug", "yes", &[r#"data-debug="yes" is not true or false"#]);
    attribute("data-trigger", "lod", &[r#"data-trigger="lod" is not a trigger (try "load")"#]);
    // Strangers' attributes are none of our business.
    attribute("data-delaay", "5s", &[]);
}

#[test]
fn every_problem_is_named_at_once() {
    check(
        r#"{"id": "Check out", "delay": "soon", "colour": 1, "questions": [
            {"id": "a", "kind": "likert", "text": "?", "points": 12, "low": "Bad"},
            {"id": "b", "kind": "liket", "text": "?"},
            {"kind": "nps", "text": "", "metric": "csat", "next": [{"if": "2", "go": "a"}]},
            "why?"], "thanks": null, "trigger": "lod"}"#,
        false,
        &[
            ".colour is not a key that is known here",
            r#".id "Check out" is not a name (lower case letters, digits and hyphens) (try "checkout")"#,
            ".questions[3] \"why?\" is not an object",
            ".questions[0].points 12 is not a whole number from 2 to 11",
            r#".questions[0].low needs "high" at the other end of the scale"#,
            r#".questions[1].kind "liket" is not a kind of question (try "likert")"#,
            r#".questions[2].id is missing (try "satisfaction")"#,
            ".questions[2].text \"\" is not a text",
            r#".questions[2].next[0].if "2" is not a comparison (try "<=2")"#,
            r#".questions[2].metric needs a question of the kind "likert""#,
            ".thanks null is not a text",
            r#".trigger "lod" is not a trigger (try "load")"#,
            r#".delay "soon" is not a time (try "5s")"#,
        ],
    );
}

#[test]
fn a_survey_needs_an_id_and_questions_or_a_template() {
    let questions =
        r#".questions is missing (try "[{"id": "why", "kind": "text", "text": "Why?"}]")"#;
    check("{}", false, &[r#".id is missing (try "checkout")"#, questions]);
    check("5", false, &[r#".id is missing (try "checkout")"#, questions]);
    check(r#"{"id": "a"}"#, false, &[questions]);
    check(r#"{"template": "faq"}"#, true, &[]);
    check(r#"{"template": "fax"}"#, false, &[r#".template "fax" is not a template (try "faq")"#]);
    check(
        r#"{"template": "faq", "id": "FAQ"}"#,
        false,
        &[r#".id "FAQ" is not a name (lower case letters, digits and hyphens) (try "checkout")"#],
    );
    check(
        r#"{"id": 5, "template": "faq"}"#,
        false,
        &[r#".id 5 is not a name (lower case letters, digits and hyphens) (try "checkout")"#],
    );
    check(r#"{"id": "a", "questions": []}"#, false, &[".questions must be 1 to 100 questions"]);
    check(r#"{"id": "a", "questions": {}}"#, false, &[".questions (an object) is not a list"]);
    check(r#"{"id": "a", "questions": ["b"]}"#, false, &[".questions[0] \"b\" is not an object"]);
    let error = serde_json::from_str::<Definition>("[]").expect_err("no survey");
    assert_eq!(error.to_string(), "survey (a list) is not an object");
    let error = serde_json::from_str::<Definition>(r#"{"id": "a"}"#).expect_err("no questions");
    assert_eq!(error.to_string(), format!("survey{questions}"));
}
