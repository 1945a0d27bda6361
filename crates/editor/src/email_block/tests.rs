use super::{EmailError, Letter, email_block, face, languages, thumb};
use crate::{Locale, Value};

const LETTER: Letter<'_> =
    Letter { collector: "https://surveys.example/", survey: "follow-up", language: "en" };

fn survey(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn html(text: &str, language: &str) -> String {
    email_block(&survey(text), Letter { language, ..LETTER }).expect("a block").html
}

/// The addresses of all links, as a mail program reads them.
fn addresses(html: &str) -> Vec<String> {
    let links = html.split("<a href=\"").skip(1).filter_map(|it| it.split('"').next());
    links.map(|it| html_escape::decode_html_entities(it).into_owned()).collect()
}

#[test]
fn numbers_are_links_that_choose_an_answer() {
    let html = html(r#"{"template": "nps"}"#, "en");
    let addresses = addresses(&html);
    assert_eq!(addresses.len(), 11);
    assert_eq!(
        addresses[10],
        "https://surveys.example/s/follow-up?sondeo=follow-up&sondeo-recommend=10"
    );
    assert!(html.contains("Not at all likely") || html.contains("likely"), "{html}");
}

#[test]
fn every_kind_of_question_has_links() {
    let count = |text: &str| addresses(&html(text, "en")).len();
    assert_eq!(count(r#"{"template": "post-purchase"}"#), 5);
    assert_eq!(count(r#"{"template": "ces"}"#), 7);
    assert_eq!(count(r#"{"template": "faq"}"#), 2);
    assert_eq!(count(r#"{"template": "ttr"}"#), 6);
    let text = r#"{"id": "a", "questions": [{"id": "q", "kind": "text", "text": "Q"}]}"#;
    assert_eq!(
        addresses(&html(text, "en")),
        ["https://surveys.example/s/follow-up?sondeo=follow-up"]
    );
    let choice = r#"{"id": "a", "questions": [{"id": "q", "kind": "choice", "text": "Q", "other": "text",
        "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}]}"#;
    let block = email_block(&survey(choice), LETTER).expect("a block");
    assert_eq!(
        addresses(&block.html)[2],
        "https://surveys.example/s/follow-up?sondeo=follow-up&sondeo-q=other"
    );
    assert_eq!(
        block.text,
        concat!(
            "Q\n\nA: https://surveys.example/s/follow-up?sondeo=follow-up&sondeo-q=a\n",
            "B: https://surveys.example/s/follow-up?sondeo=follow-up&sondeo-q=b\n",
            "Other: https://surveys.example/s/follow-up?sondeo=follow-up&sondeo-q=other\n"
        )
    );
}

/// What a link chooses must be an answer of the question, as the page of the link reads it.
#[test]
fn every_link_chooses_an_answer_of_its_question() {
    for &template in sondeo_model::Template::ALL {
        let definition = template.definition();
        let question = &definition.questions[0];
        for address in
            addresses(&html(&format!(r#"{{"template": "{}"}}"#, template.as_str()), "en"))
        {
            let (_, query) = address.split_once('?').expect("a query");
            let Some(value) = query
                .split('&')
                .find_map(|it| it.strip_prefix(&format!("sondeo-{}=", question.id)))
            else {
                panic!("{template:?}: {address}");
            };
            assert_ne!(question.kind.read(&[value.to_owned()]), None, "{template:?}: {value}");
        }
    }
}

#[test]
fn faces_go_from_sad_to_happy_on_every_scale() {
    for points in 2..=11 {
        assert_eq!((face(1, points), face(points, points)), ("😞", "😀"), "{points}");
        assert_eq!((thumb(1, points), thumb(points, points)), ("👎", "👍"), "{points}");
    }
    let faces: Vec<_> = (1..=5).map(|point| face(point, 5)).collect();
    assert_eq!(faces, ["😞", "🙁", "😐", "🙂", "😀"]);
    // The number stands below: a mail program without a font for faces shows it.
    let html = html(r#"{"template": "post-purchase"}"#, "en");
    assert!(html.contains("😞<br><span") && html.contains(">1</span>"), "{html}");
}

#[test]
fn nothing_of_a_text_is_markup() {
    let evil = r#"<script>alert(1)</script>"onload=\"x`';{}"#;
    let value = Value::object([
        ("id", Value::from("a")),
        ("accent", Value::from("red;background:url(//evil.example)")),
        ("logo", Value::object([("src", "https://a.example/?\"><b>"), ("alt", evil)])),
        (
            "questions",
            vec![Value::object([
                ("id", Value::from("q")),
                ("kind", "choice".into()),
                ("text", evil.into()),
                ("description", format!("{evil} [{evil}](https://x.example/)").into()),
                (
                    "options",
                    vec![
                        Value::object([("id", "a"), ("text", evil)]),
                        Value::object([("id", "b"), ("text", "B")]),
                    ]
                    .into(),
                ),
            ])]
            .into(),
        ),
    ]);
    let html = email_block(&value, LETTER).expect("a block").html;
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(!html.contains("evil.example"), "{html}");
    // Every attribute ends where it should: outside of quotes no tag holds anything of the author's.
    for tag in html.split('<').skip(1).filter_map(|it| it.split_once('>')).map(|(tag, _)| tag) {
        let bare: String = tag.split('"').step_by(2).collect();
        assert!(!bare.contains("onload") && tag.matches('"').count() % 2 == 0, "{tag}");
    }
    let tags: Vec<&str> =
        html.split('<').skip(1).filter_map(|it| it.split([' ', '>']).next()).collect();
    const KNOWN: &[&str] = &[
        "style", "/style", "table", "/table", "tr", "/tr", "td", "/td", "a", "/a", "br", "span",
        "/span", "img",
    ];
    assert!(tags.iter().all(|tag| KNOWN.contains(tag)), "{tags:?}");
}

#[test]
fn it_is_made_for_mail_programs() {
    let file = r##"{"template": "nps", "accent": "#a00", "logo": {"src": "https://a.example/l.png", "alt": "Example Ltd"}}"##;
    let html = html(file, "en");
    for part in [
        "role=\"presentation\"",
        "alt=\"Example Ltd\"",
        "prefers-color-scheme:dark",
        "bgcolor=\"#ffffff\"",
        "border:1px solid #a00",
        "lang=\"en\" dir=\"ltr\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    for part in ["<script", "<form", "<button", "<div", "flex", "grid", "var(", "position:"] {
        assert!(!html.contains(part), "{part}: {html}");
    }
    // A picture of beside the survey's file cannot be found from a letter.
    let near = r#"{"template": "nps", "logo": {"src": "/l.png", "alt": "Example Ltd"}}"#;
    assert!(!self::html(near, "en").contains("<img"));
}

#[test]
fn right_to_left_is_turned_over() {
    let html = html(r#"{"template": "nps"}"#, "ar");
    assert!(html.contains("lang=\"ar\" dir=\"rtl\""), "{html}");
    assert!(html.contains("<td align=\"right\""), "{html}");
    assert!(!html.contains("dir=\"ltr\""), "{html}");
}

#[test]
fn the_words_are_in_the_letters_language() {
    let file = r#"{"template": "nps", "question": {"en": "How?", "es": "¿Cómo?"}}"#;
    assert!(html(file, "es").contains("¿Cómo?"));
    let block = email_block(&survey(file), Letter { language: "en", ..LETTER }).expect("a block");
    assert!(block.text.starts_with("How?\n\n0 ("), "{}", block.text);
    assert_eq!(
        languages(&survey(r#"{"template": "nps"}"#)).len(),
        sondeo_model::Language::ALL.len()
    );
    let own = r#"{"questions": [{"text": {"es": "Q", "fr": "Q"}}]}"#;
    assert_eq!(languages(&survey(own)), ["es", "fr"]);
}

#[test]
fn what_cannot_be_linked_says_so() {
    let nps = survey(r#"{"template": "nps"}"#);
    for bad in [
        "",
        "surveys.example",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b",
        "https://a/?b",
        "https://a\"b",
    ] {
        let error = email_block(&nps, Letter { collector: bad, ..LETTER }).expect_err("no address");
        assert_eq!(error, EmailError::NoAddress(bad.to_owned()));
    }
    assert!(matches!(
        email_block(&nps, Letter { survey: "A b", ..LETTER }),
        Err(EmailError::NoId(_))
    ));
    let error = email_block(&survey(r#"{"id": "a"}"#), LETTER).expect_err("no survey");
    assert_eq!(error, EmailError::Broken);
    for locale in Locale::ALL {
        assert!(!error.sentence(locale).is_empty());
    }
    // Below a prefix of a proxy.
    let block = email_block(&nps, Letter { collector: "https://a.example/surveys", ..LETTER });
    assert!(
        addresses(&block.expect("a block").html)[0]
            .starts_with("https://a.example/surveys/s/follow-up?")
    );
}
