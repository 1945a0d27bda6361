//! The ends of a survey's ways.

use super::*;

/// A survey with these endings, whose one question leads by these rules.
fn with_endings(endings: &str, next: &str) -> (Option<Definition>, Vec<String>) {
    read(&format!(
        r#"{{"id": "a", "endings": {endings}, "questions": [
            {{"id": "q", "kind": "nps", "text": "?", "next": {next}}}]}}"#
    ))
}

#[test]
fn a_rule_leads_to_an_ending() {
    let (definition, problems) = with_endings(
        r#"[{"id": "done", "text": "Done."},
            {"id": "review", "text": {"en": "Great! [More](https://a.example/)"}, "after": "5s",
             "button": {"text": "Review", "url": "/review"}, "redirect": "/r?s={answer:q}&i={id}&p={custom:plan}"}]"#,
        r#"[{"if": ">=9", "go": "review"}]"#,
    );
    assert_eq!(problems, [""; 0]);
    let definition = definition.expect("a definition");
    let redirect = definition.endings[1].redirect.as_ref().expect("a redirect");
    assert_eq!(redirect.after, ms(5_000));
    let button = definition.endings[1].button.as_ref().expect("a button");
    assert_eq!((button.url.as_str(), &button.text), ("/review", &says("Review")));

    let survey: std::rc::Rc<_> = definition.survey("en", crate::Messages::ENGLISH).into();
    for (score, ending) in [(8, "done"), (9, "review")] {
        let mut interview = crate::Interview::new(std::rc::Rc::clone(&survey));
        assert_eq!(interview.ending(), None);
        assert!(interview.answer(Some(crate::Value::Integer(score))));
        assert_eq!(interview.ending().map(|it| &*it.id), Some(ending));
    }
}

#[test]
fn answers_alone_tell_which_ending_was_reached() {
    let (definition, problems) = read(
        r#"{"id": "a", "endings": [{"id": "done", "text": "Done."}, {"id": "review", "text": "Review?"}, {"id": "person", "text": "Sorry."}],
            "questions": [
            {"id": "q", "kind": "nps", "text": "?", "next": [{"if": ">=9", "go": "review"}, {"if": "<=6", "go": "why"}]},
            {"id": "what", "kind": "text", "text": "?", "next": [{"go": "end"}]},
            {"id": "why", "kind": "text", "text": "?", "next": [{"if": "skipped", "go": "end"}, {"go": "person"}]}]}"#,
    );
    assert_eq!(problems, [""; 0]);
    let survey = definition.expect("a definition").survey("en", crate::Messages::ENGLISH);
    let answer = |question: &str, kind, value| crate::Answer {
        question: question.to_owned(),
        text: "?".to_owned(),
        kind,
        points: None,
        metric: None,
        value,
        other: None,
    };
    let score = |score| answer("q", crate::KindName::Nps, crate::Value::Integer(score));
    let words = |id| answer(id, crate::KindName::Text, crate::Value::Text("late".to_owned()));
    for (answers, ending) in [
        (vec![score(10)], Some("review")),
        (vec![score(8)], Some("done")),
        (vec![score(8), words("what")], Some("done")),
        (vec![score(3)], Some("done")),
        (vec![score(3), words("why")], Some("person")),
        // No way through this survey.
        (vec![], None),
        (vec![score(10), words("why")], None),
        (vec![score(3), words("what")], None),
        (vec![score(3), words("where")], None),
        (vec![answer("q", crate::KindName::Likert, crate::Value::Integer(10))], None),
    ] {
        let found = survey.ending_of(&answers).map(|it| &*it.id);
        assert_eq!(found, ending, "{answers:?}");
    }
    let (definition, _) = read(r#"{"id": "a", "template": "nps"}"#);
    let survey = definition.expect("a definition").survey("en", crate::Messages::ENGLISH);
    assert_eq!(survey.ending_of(&[score(10)]), None, "it has none");
}

#[test]
fn what_cannot_be_an_ending_is_refused_with_its_path() {
    const TWO: &str = r#"[{"go": "b"}]"#;
    for (endings, next, line) in [
        ("[]", "[]", r#"surveys.json[0].endings must be 1 to 100 endings"#),
        (r#"[{"text": "A"}]"#, "[]", r#"surveys.json[0].endings[0].id is missing (try "review")"#),
        (
            r#"[{"id": "a", "text": "A"}, {"id": "a", "text": "B"}]"#,
            "[]",
            "surveys.json[0].endings[1].id is the id of an earlier ending (ids are unique)",
        ),
        (
            r#"[{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]"#,
            "[]",
            r#"surveys.json[0].endings "b" is never reached: no rule leads to it"#,
        ),
        (
            r#"[{"id": "q", "text": "A"}]"#,
            "[]",
            r#"surveys.json[0].endings "q" is the id of a question"#,
        ),
        (
            r#"[{"id": "b", "text": "[A](javascript:a)"}]"#,
            TWO,
            r#"surveys.json[0].endings[0].text has a link to "javascript:a" (try "https://example.com/")"#,
        ),
        (
            r#"[{"id": "b", "text": "B", "redirect": "data:text/html,x"}]"#,
            TWO,
            r#"surveys.json[0].endings[0].redirect "data:text/html,x" is not an address of the web (try "https://example.com/review?of={id}")"#,
        ),
        (
            r#"[{"id": "b", "text": "B", "button": {"text": "B", "url": "javascript:a"}}]"#,
            TWO,
            r#"surveys.json[0].endings[0].button.url "javascript:a" is not an address of the web or a mailto: link (try "https://example.com/review")"#,
        ),
        (
            r#"[{"id": "b", "text": "B", "redirect": "/?{answer:why}"}]"#,
            TWO,
            r#"surveys.json[0].endings {answer:why} stands for nothing (try {id}, {answer:QUESTION} or {custom:NAME})"#,
        ),
        (
            r#"[{"id": "b", "text": "B"}]"#,
            r#"[{"go": "c"}]"#,
            r#"surveys.json[0].questions[0].next[0].go "c" is not a question of this survey (try "q")"#,
        ),
    ] {
        let (definition, problems) = with_endings(endings, next);
        assert!(problems.iter().any(|it| it == line), "{endings}: {problems:#?}");
        assert_eq!(definition, None, "{endings}");
    }
}

#[test]
fn a_description_has_links_and_no_other_scheme() {
    let (definition, problems) = read(
        r#"{"id": "a", "questions": [{"id": "q", "kind": "nps", "text": "?",
            "description": "[Privacy](https://a.example/)"}]}"#,
    );
    assert_eq!(problems, [""; 0]);
    let definition = definition.expect("a definition");
    assert_eq!(definition.questions[0].description, Some(says("[Privacy](https://a.example/)")));
    let (definition, problems) = read(
        r#"{"id": "a", "thanks": "[A](data:x)", "questions": [{"id": "q", "kind": "nps", "text": "?",
            "description": {"en": "ok", "es": "[Privacy](/privacy)"}}]}"#,
    );
    assert_eq!(definition, None);
    assert_eq!(
        problems,
        [
            r#"surveys.json[0].questions[0].description has a link to "/privacy" (try "https://example.com/")"#,
            r#"surveys.json[0].thanks has a link to "data:x" (try "https://example.com/")"#,
        ]
    );
}
