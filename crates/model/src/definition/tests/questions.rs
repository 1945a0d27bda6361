//! Questions of every kind.

use super::*;

/// A question that is read without a problem.
#[track_caller]
fn asked(members: &str) -> Question {
    let text = format!(r#"{{"id": "a", "questions": [{{"id": "q", "text": "How?", {members}}}]}}"#);
    let (definition, problems) = read(&text);
    assert_eq!(problems, [] as [String; 0], "{text}");
    definition.expect("a definition").questions[0].clone()
}

#[test]
fn a_question_needs_id_kind_and_text() {
    question(
        "",
        false,
        &[
            r#".id is missing (try "satisfaction")"#,
            r#".text is missing (try "How satisfied are you?")"#,
            r#".kind is missing (try "likert")"#,
        ],
    );
    question(
        r#""id": "a_b", "kind": "nps", "text": "?""#,
        false,
        &[
            r#".id "a_b" is not a name (lower case letters, digits and hyphens) (try "satisfaction")"#,
        ],
    );
    question(
        r#""id": "a", "kind": "Likert", "text": "?""#,
        false,
        &[r#".kind "Likert" is not a kind of question (try "likert")"#],
    );
    question(
        r#""id": "a", "kind": "nps", "text": {"en": ""}"#,
        false,
        &[".text.en \"\" is not a text"],
    );
    question(r#""id": "a", "kind": "nps", "text": {}"#, false, &[".text is empty"]);
    question(
        r#""id": "a", "kind": "nps", "text": "?", "$schema": "x""#,
        true,
        &[".$schema is not a key that is known here"],
    );
    question(
        r#""id": "a", "kind": "nps", "text": "?", "point": 5, "labels": []"#,
        true,
        &[".point is not a key that is known here", ".labels is not a key that is known here"],
    );
    question(
        r#""id": "a", "kind": "likert", "text": "?", "point": 5"#,
        true,
        &[r#".point is not a key that is known here (try "points")"#],
    );
    question(
        r#""id": "a", "kind": "nps", "text": "?", "required": "no""#,
        true,
        &[r#".required "no" is not true or false"#],
    );
    check(
        r#"{"id": "a", "questions": [{"id": "q", "kind": "nps", "text": "?"}, {"id": "q", "kind": "nps", "text": "?"}]}"#,
        false,
        &[".questions[1].id is the id of an earlier question (ids are unique)"],
    );
}

#[test]
fn every_kind_has_its_defaults_and_its_options() {
    let labels = |texts: &[&str]| texts.iter().map(|text| says(text)).collect::<Vec<_>>();
    let likert = |points, look, texts: &[&str], ends| Kind::Likert {
        points,
        look,
        labels: labels(texts).into(),
        ends,
    };
    let kind = |members| asked(members).kind;
    assert_eq!(kind(r#""kind": "likert""#), likert(5, Look::Numbers, &[], None));
    assert_eq!(
        kind(r#""kind": "likert", "points": 11, "look": "stars""#),
        likert(11, Look::Stars, &[], None)
    );
    let three = likert(3, Look::Labels, &["a", "b", "c"], None);
    assert_eq!(kind(r#""kind": "likert", "labels": ["a", "b", "c"]"#), three);
    let faces = likert(2, Look::Faces, &["a", "b"], Some([says("l"), says("h")]));
    let both =
        r#""kind": "likert", "labels": ["a", "b"], "look": "faces", "low": "l", "high": "h""#;
    assert_eq!(kind(both), faces);

    let words = [LocalizedText::Shipped(MessageId::YES), LocalizedText::Shipped(MessageId::NO)];
    assert_eq!(
        kind(r#""kind": "yes-no""#),
        Kind::YesNo { look: Look::Labels, words: words.clone() }
    );
    assert_eq!(
        kind(r#""kind": "yes-no", "look": "thumbs""#),
        Kind::YesNo { look: Look::Thumbs, words }
    );

    let ends =
        [LocalizedText::Shipped(MessageId::UNLIKELY), LocalizedText::Shipped(MessageId::LIKELY)];
    assert_eq!(kind(r#""kind": "nps""#), Kind::Nps { ends: Some(ends) });
    assert_eq!(
        kind(r#""kind": "nps", "low": "l", "high": "h""#),
        Kind::Nps { ends: Some([says("l"), says("h")]) }
    );

    let text = |lines, max_length, placeholder, format| Kind::Text {
        lines,
        max_length,
        placeholder,
        format,
    };
    assert_eq!(kind(r#""kind": "text""#), text(3, 1_000, None, Format::Plain));
    assert_eq!(
        kind(
            r#""kind": "text", "lines": 1, "max_length": 10000, "placeholder": "a@b", "format": "email""#
        ),
        text(1, 10_000, Some(says("a@b")), Format::Email)
    );

    const TWO: &str =
        r#""options": [{"id": "a", "text": "A", "minutes": 60}, {"id": "b", "text": {"en": "B"}}]"#;
    let ids = |members: &str| match asked(&format!("{members}, {TWO}")).kind {
        Kind::Choice(options) => (options, 0, 0),
        Kind::Choices { options, min, max } => (options, min, max),
        other => panic!("{other:?}"),
    };
    let (options, ..) = ids(r#""kind": "choice""#);
    assert_eq!((options.list[0].minutes, options.list[1].minutes), (Some(60), None));
    assert_eq!((options.list.len(), options.shuffle), (2, false));
    let (options, ..) = ids(r#""kind": "choice", "other": true, "shuffle": true"#);
    assert_eq!(
        (&*options.list[2].id, &options.list[2].text),
        ("other", &LocalizedText::Shipped(MessageId::OTHER))
    );
    assert!(options.shuffle);
    let (options, ..) = ids(r#""kind": "choice", "other": "Else""#);
    assert_eq!(options.list[2].text, says("Else"));
    let (options, ..) = ids(r#""kind": "choice", "other": "text""#);
    assert_eq!(
        (&options.list[2].text, options.has_other_text),
        (&LocalizedText::Shipped(MessageId::OTHER), true)
    );
    assert!(!ids(r#""kind": "choice", "other": "Else""#).0.has_other_text);
    assert_eq!(ids(r#""kind": "choice", "other": false"#).0.list.len(), 2);
    assert_eq!((ids(r#""kind": "choices""#).1, ids(r#""kind": "choices""#).2), (1, 2));
    assert_eq!(ids(r#""kind": "choices", "min": 2, "max": 3, "other": true"#).1, 2);

    let required = |members| asked(members).required;
    assert!(required(r#""kind": "nps""#) && !required(r#""kind": "text""#));
    assert!(!required(r#""kind": "nps", "required": false"#));
    assert!(required(r#""kind": "text", "required": true"#));
}

/// Expects these lines about a question of this kind, which is asked all the same.
#[track_caller]
fn members(members: &str, expected: &[&str]) {
    question(&format!(r#""id": "q", "text": "?", {members}"#), true, expected);
}

#[test]
fn a_scale_that_cannot_be_is_named() {
    members(r#""kind": "likert", "points": 1"#, &[".points 1 is not a whole number from 2 to 11"]);
    members(
        r#""kind": "likert", "points": "5""#,
        &[r#".points "5" is not a whole number from 2 to 11"#],
    );
    members(
        r#""kind": "likert", "points": 3, "labels": ["a", "b"]"#,
        &[".labels must be 3 texts, one for each point"],
    );
    members(
        r#""kind": "likert", "look": "labels""#,
        &[".labels must be 5 texts, one for each point"],
    );
    members(r#""kind": "likert", "labels": []"#, &[".labels must be 5 texts, one for each point"]);
    members(r#""kind": "likert", "labels": "a b""#, &[r#".labels "a b" is not a list"#]);
    members(r#""kind": "likert", "labels": ["a", 5]"#, &[".labels[1] 5 is not a text"]);
    members(
        r#""kind": "likert", "look": "smileys""#,
        &[r#".look "smileys" is not a look of this kind of question (try "numbers")"#],
    );
    members(
        r#""kind": "yes-no", "look": "faces""#,
        &[r#".look "faces" is not a look of this kind of question (try "labels")"#],
    );
    members(
        r#""kind": "likert", "low": "a""#,
        &[r#".low needs "high" at the other end of the scale"#],
    );
    members(
        r#""kind": "nps", "high": "a""#,
        &[r#".high needs "low" at the other end of the scale"#],
    );
    members(
        r#""kind": "text", "lines": 0, "max_length": 10001, "format": "mail""#,
        &[
            r#".format "mail" is not a format of text (try "email")"#,
            ".lines 0 is not a whole number from 1 to 20",
            ".max_length 10001 is not a whole number from 1 to 10000",
        ],
    );
}

#[test]
fn labels_that_cannot_be_used_leave_the_scale_as_it_is() {
    let (definition, _) = read(
        r#"{"id": "a", "questions": [{"id": "q", "kind": "likert", "text": "?", "labels": ["a", "b", 5]}]}"#,
    );
    let kind = &definition.expect("a definition").questions[0].kind;
    let expected =
        Kind::Likert { points: 3, look: Look::Numbers, labels: (&[][..]).into(), ends: None };
    assert_eq!(*kind, expected);
}

#[test]
fn a_metric_fits_its_question() {
    let metric = |members| asked(members).metric;
    assert_eq!(metric(r#""kind": "likert", "metric": "csat""#), Some(Metric::Csat));
    assert_eq!(metric(r#""kind": "likert", "metric": "ces", "points": 7"#), Some(Metric::Ces));
    assert_eq!(metric(r#""kind": "nps""#), Some(Metric::Nps));
    assert_eq!(metric(r#""kind": "yes-no", "metric": "helpful""#), Some(Metric::Helpful));
    assert_eq!(metric(r#""kind": "likert""#), None);
    members(
        r#""kind": "likert", "metric": "cast""#,
        &[r#".metric "cast" is not a metric (try "csat")"#],
    );
    members(
        r#""kind": "yes-no", "metric": "csat""#,
        &[r#".metric needs a question of the kind "likert""#],
    );
    members(
        r#""kind": "likert", "metric": "ces""#,
        &[r#".metric needs a question of the kind "likert" with 7 points"#],
    );
    members(
        r#""kind": "likert", "metric": "nps""#,
        &[r#".metric needs a question of the kind "nps""#],
    );
    members(
        r#""kind": "nps", "metric": "helpful""#,
        &[r#".metric needs a question of the kind "yes-no""#],
    );
    const TWO: &str = r#""options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]"#;
    members(
        &format!(r#""kind": "choice", "metric": "ttr", {TWO}"#),
        &[r#".metric needs a question of the kind "choice" whose options have minutes"#],
    );
}

#[test]
fn options_that_cannot_be_are_named() {
    let options = |kind: &str, options: &str, is_asked, expected: &[&str]| {
        let members = format!(r#""id": "q", "text": "?", "kind": "{kind}", "options": {options}"#);
        question(&members, is_asked, expected);
    };
    question(
        r#""id": "q", "text": "?", "kind": "choice""#,
        false,
        &[r#".options is missing (try "[{"id": "price", "text": "The price"}]")"#],
    );
    options("choice", "[]", false, &[".options must be 2 to 100 options"]);
    options("choice", "{}", false, &[".options (an object) is not a list"]);
    options(
        "choice",
        r#"["a", "b"]"#,
        false,
        &[".options[0] \"a\" is not an object", ".options[1] \"b\" is not an object"],
    );
    options(
        "choice",
        r#"[{"id": "a", "text": "A"}]"#,
        false,
        &[".options must be 2 to 100 options"],
    );
    options("choice", r#"[{"id": "a", "text": "A"}], "other": true"#, true, &[]);
    options(
        "choice",
        r#"[{"id": "a"}, {"text": "B", "value": 1}]"#,
        false,
        &[
            r#".options[0].text is missing (try "The price")"#,
            ".options[1].value is not a key that is known here",
            r#".options[1].id is missing (try "price")"#,
        ],
    );
    options(
        "choice",
        r#"[{"id": "a", "text": "A"}, {"id": "a", "text": "B"}]"#,
        false,
        &[".options[1].id is the id of an earlier option (ids are unique)"],
    );
    const TWO: &str = r#"[{"id": "a", "text": "A", "minutes": -1}, {"id": "b", "text": "B"}]"#;
    options(
        "choice",
        TWO,
        true,
        &[".options[0].minutes -1 is not a whole number from 0 to 5256000"],
    );
    const GOOD: &str = r#"[{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]"#;
    options("choice", &format!(r#"{GOOD}, "other": 5"#), true, &[".other 5 is not a text"]);
    options(
        "choice",
        &format!(r#"{GOOD}, "max": 1"#),
        true,
        &[".max is not a key that is known here"],
    );
    options(
        "choices",
        &format!(r#"{GOOD}, "max": 3"#),
        true,
        &[".max 3 is not a whole number from 1 to 2"],
    );
    options(
        "choices",
        &format!(r#"{GOOD}, "min": 2, "max": 1"#),
        true,
        &[".min 2 is not a whole number from 1 to 1"],
    );
    options(
        "choices",
        &format!(r#"{GOOD}, "min": 0"#),
        true,
        &[".min 0 is not a whole number from 1 to 2"],
    );
    let many: Vec<_> = (0..100).map(|at| format!(r#"{{"id": "o{at}", "text": "?"}}"#)).collect();
    options("choice", &format!("[{}]", many.join(",")), true, &[]);
    options(
        "choice",
        &format!(r#"[{}], "other": true"#, many.join(",")),
        false,
        &[".options must be 2 to 100 options"],
    );
}
