//! Pictures of surveys, questions and options.

use super::*;
use crate::Image;

/// A survey with this logo, and this image of its question and of an option.
fn with_images(logo: &str, question: &str, option: &str) -> (Option<Definition>, Vec<String>) {
    read(&format!(
        r#"{{"id": "a", "logo": {logo}, "questions": [
            {{"id": "q", "kind": "choice", "text": {{"en": "?", "es": "¿?"}}, "image": {question}, "options": [
                {{"id": "blue", "text": "Blue", "image": {option}}}, {{"id": "red", "text": "Red"}}]}}]}}"#
    ))
}

#[test]
fn surveys_questions_and_options_have_pictures() {
    let (definition, problems) = with_images(
        r#"{"src": "/logo.svg", "alt": {"en": "Example", "es": "Ejemplo"}}"#,
        r#"{"src": "https://cdn.example/a.jpg?v=1", "alt": "A jacket"}"#,
        r#"{"src": "blue.jpg", "alt": ""}"#,
    );
    assert_eq!(problems, [""; 0]);
    let definition = definition.expect("a definition");
    let Kind::Choice(options) = &definition.questions[0].kind else { panic!("{definition:?}") };
    let [blue, red] = &*options.list else { panic!("{options:?}") };
    let image = |src: &str, alt| Image { src: src.to_owned(), alt };
    assert_eq!(blue.image.as_deref(), Some(&image("blue.jpg", LocalizedText::default())));
    assert_eq!(red.image, None);
    let shown = definition.questions[0].image.as_deref();
    assert_eq!(shown, Some(&image("https://cdn.example/a.jpg?v=1", says("A jacket"))));

    let survey = definition.survey("es", crate::Messages::ENGLISH);
    let logo = survey.logo.as_deref().expect("a logo");
    assert_eq!((logo.src.as_str(), survey.text(&logo.alt)), ("/logo.svg", "Ejemplo"));
    assert_eq!(survey.base, "surveys.json[0]");
}

#[test]
fn what_cannot_be_a_picture_is_refused_with_its_path() {
    const GOOD: &str = r#"{"src": "a.png", "alt": "A"}"#;
    let source = |path: &str, src: &str| {
        format!(
            "surveys.json[0].{path}.src \"{src}\" is not a relative address, or one that begins with https: (try \"https://example.com/picture.png\")"
        )
    };
    for src in
        ["javascript:alert(1)", "data:image/png,x", "http://a.example/a.png", "//a.example/a"]
    {
        let bad = format!(r#"{{"src": "{src}", "alt": "A"}}"#);
        for (logo, question, option, path) in [
            (bad.as_str(), GOOD, GOOD, "logo"),
            (GOOD, bad.as_str(), GOOD, "questions[0].image"),
            (GOOD, GOOD, bad.as_str(), "questions[0].options[0].image"),
        ] {
            let (definition, problems) = with_images(logo, question, option);
            assert_eq!(problems, [source(path, src)]);
            assert_eq!(definition, None, "{path}");
        }
    }
    for (logo, question, option, line) in [
        (r#"{"src": "a"}"#, GOOD, GOOD, r#"logo.alt is missing (try "A blue jacket")"#),
        (r#"{"src": "a", "alt": ""}"#, GOOD, GOOD, r#"logo.alt "" is not a text"#),
        (GOOD, r#"{"src": "a", "alt": " "}"#, GOOD, r#"questions[0].image.alt " " is not a text"#),
        (
            GOOD,
            GOOD,
            r#"{"src": "a"}"#,
            r#"questions[0].options[0].image.alt is missing (try "A blue jacket")"#,
        ),
        (
            GOOD,
            r#"{"alt": "a"}"#,
            GOOD,
            r#"questions[0].image.src is missing (try "https://example.com/picture.png")"#,
        ),
        (r#""logo.png""#, GOOD, GOOD, r#"logo "logo.png" is not an object"#),
        (GOOD, "[]", GOOD, "questions[0].image (a list) is not an object"),
    ] {
        let (definition, problems) = with_images(logo, question, option);
        assert_eq!(problems, [format!("surveys.json[0].{line}")]);
        assert_eq!(definition, None, "{line}");
    }
    let (_, problems) = with_images(r#"{"src": "a", "alt": "A", "height": 1}"#, GOOD, GOOD);
    assert_eq!(problems, ["surveys.json[0].logo.height is not a key that is known here"]);
}
