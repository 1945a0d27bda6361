use super::{Document, Mended, OpenError, order};
use crate::{Locale, Value};
use proptest::prelude::*;

/// Not as the editor would write it: four spaces, an odd order, no line end.
const FILE: &str = r#"{
    "questions": [
        {"kind": "nps", "id": "score", "text": {"en": "How likely?", "es": "¿Qué tan probable?"},
         "next": [{"if": "<=6", "go": "why"}, {"if": ">=9", "go": "praise"}, {"go": "end"}]},
        {"id": "why", "kind": "choice", "text": "Why?", "options": [
            {"id": "price", "text": "Price"}, {"id": "slow", "text": "Slow"}, {"id": "old", "text": "Old"}],
         "next": [{"if": "=price", "go": "more"}, {"if": "in:slow, old", "go": "end"}, {"if": "!=old", "go": "more"}]},
        {"id": "more", "kind": "text", "text": "More?"}],
    "id": "mine",
    "fields": {"why": "entry.1"},
    "endings": [{"id": "bye", "text": "Bye"}, {"id": "praise", "text": "Thanks", "redirect": "https://a.example/?s={answer:score}&w={answer:why}"}]
}"#;

fn open() -> Document {
    Document::open(FILE).expect("JSON")
}

/// What stands at a pointer, as JSON in one line.
fn at(document: &Document, pointer: &str) -> String {
    document.get(pointer).map_or_else(String::new, |it| serde_json::to_string(it).expect("JSON"))
}

fn said(mended: &[Mended]) -> Vec<String> {
    mended.iter().map(|it| it.sentence(Locale::English)).collect()
}

#[test]
fn what_is_not_changed_is_the_same_to_the_byte() {
    for text in [FILE, "{}", " {\"a\":1.50,\n\"a\":2}\r\n", "\u{feff}{\"b\": \"\\u00e9\"}"] {
        let mut document = Document::open(text).expect("JSON");
        assert_eq!(document.text(), text);
        document.set("/id", "other").expect("a place");
        assert_ne!(document.text(), text);
        assert!(document.undo() && !document.undo());
        assert_eq!(document.text(), text);
        assert!(!document.is_changed_since_saved());
    }
}

#[test]
fn what_is_set_back_by_hand_is_the_same_file() {
    let mut document = open();
    document.set("/id", "other").expect("a place");
    document.set("/id", "mine").expect("a place");
    assert_eq!(document.text(), FILE);
}

#[test]
fn a_change_is_written_in_the_order_of_the_file() {
    let mut document = Document::open("{\"theme\": \"dark\", \"id\": \"a\"}\n").expect("JSON");
    document.set("/id", "b").expect("a place");
    assert_eq!(document.text(), "{\n  \"theme\": \"dark\",\n  \"id\": \"b\"\n}\n");
}

#[test]
fn new_keys_stand_beside_what_they_belong_to() {
    let mut document =
        Document::open(r#"{"id": "a", "own": 1, "questions": [{"text": "Q"}], "thanks": "T"}"#)
            .expect("JSON");
    for (pointer, value) in [
        ("/delay", "2s"),
        ("/template", "nps"),
        ("/trigger", "load"),
        ("/questions/0/id", "q"),
        ("/questions/0/description", "D"),
        ("/questions/0/kind", "nps"),
        ("/zzz", "z"),
    ] {
        document.set(pointer, value).expect("a place");
    }
    assert_eq!(
        at(&document, ""),
        concat!(
            r#"{"id":"a","template":"nps","own":1,"questions":[{"id":"q","kind":"nps","text":"Q","description":"D"}],"#,
            r#""thanks":"T","trigger":"load","delay":"2s","zzz":"z"}"#
        )
    );
}

#[test]
fn the_order_knows_every_key() {
    use sondeo_model::Definition;
    for key in Definition::KEYS.iter().chain(Definition::KEYS_BESIDE) {
        assert!(order::SURVEY.contains(key), "{key}");
    }
    for key in order::QUESTION {
        assert_ne!(crate::key_name(key, Locale::Spanish), None, "{key}");
    }
}

#[test]
fn empty_means_not_set() {
    let mut document = open();
    document.set("/custom/plan", "pro").expect("a place");
    assert_eq!(at(&document, "/custom"), r#"{"plan":"pro"}"#);
    document.set("/custom/plan", "").expect("a place");
    assert_eq!(document.get("/custom"), None);
    document.set("/questions/0/text/es", " ").expect("a place");
    assert_eq!(at(&document, "/questions/0/text"), r#"{"en":"How likely?"}"#);
    document.set("/delay", "").expect("nothing to take");
    document.set("/device", Vec::<Value>::new()).expect("nothing to take");
    document.set("/thanks", Value::Null).expect("nothing to take");
    assert_eq!(document.get("/device"), None);
    // Without questions it would be another survey, if it has a template.
    document.set("/questions", Vec::<Value>::new()).expect("a place");
    assert_eq!(at(&document, "/questions"), "[]");
    document.remove("/endings/0").expect("an ending");
    document.remove("/endings/0").expect("an ending");
    assert_eq!(document.get("/endings"), None);
}

#[test]
fn beside_words_a_picture_needs_no_text() {
    let mut document = open();
    document.set("/questions/1/options/0/image/src", "a.png").expect("a place");
    document.set("/questions/1/options/0/image/alt", "").expect("a place");
    assert_eq!(at(&document, "/questions/1/options/0/image"), r#"{"src":"a.png","alt":""}"#);
}

#[test]
fn what_is_nowhere_changes_nothing() {
    let mut document = open();
    assert!(document.set("/id/x", "a").is_err());
    assert!(document.set("/questions/9/id", "a").is_err());
    assert!(document.set("/questions/x", "a").is_err());
    assert!(document.set("", "a").is_err());
    assert!(document.remove("/nothing").is_err());
    assert!(document.remove("").is_err());
    assert!(document.insert("/questions", 9, "a").is_err());
    assert!(document.insert("/id", 0, "a").is_err());
    assert!(document.move_item("/questions", 0, 3).is_err());
    assert!(!document.can_undo());
    assert_eq!(document.text(), FILE);
}

#[test]
fn a_field_that_is_typed_in_is_one_step() {
    let mut document = open();
    for text in ["H", "He", "Hell", "Hello"] {
        document.set_typing("/thanks", text).expect("a place");
    }
    document.set_typing("/name", "A").expect("a place");
    document.end_typing();
    document.set_typing("/name", "AB").expect("a place");
    assert!(document.undo());
    assert_eq!(document.text_at("/name"), "A");
    assert!(document.undo());
    assert_eq!((document.text_at("/name"), document.text_at("/thanks")), ("", "Hello"));
    assert!(document.undo() && !document.can_undo());
    assert_eq!(document.text(), FILE);
    assert!(document.redo());
    assert_eq!(document.text_at("/thanks"), "Hello");
    // After a step back, typing goes on as a step of its own.
    document.set_typing("/thanks", "Hello!").expect("a place");
    assert!(!document.can_redo());
    assert!(document.undo());
    assert_eq!(document.text_at("/thanks"), "Hello");
}

#[test]
fn what_is_typed_and_deleted_again_is_no_step() {
    let mut document = open();
    document.set_typing("/thanks", "H").expect("a place");
    document.set_typing("/thanks", "").expect("a place");
    assert!(!document.can_undo());
    assert_eq!(document.text(), FILE);
    document.set_typing("/thanks", "B").expect("a place");
    document.set_typing("/thanks", "Bye").expect("a place");
    assert!(document.undo() && !document.can_undo());
}

#[test]
fn saving_is_no_step_and_no_end_of_one() {
    let mut document = open();
    document.set_typing("/thanks", "A").expect("a place");
    assert!(document.is_changed_since_saved());
    document.mark_saved();
    assert!(!document.is_changed_since_saved());
    document.set_typing("/thanks", "AB").expect("a place");
    assert!(document.is_changed_since_saved());
    assert!(document.undo());
    assert_eq!(document.text(), FILE);
    assert!(document.is_changed_since_saved());
}

#[test]
fn the_text_of_the_json_view_is_kept_as_it_is_written() {
    let mut document = open();
    document.replace("{ \"id\":\"b\" }").expect("JSON");
    assert_eq!(document.text(), "{ \"id\":\"b\" }");
    assert!(matches!(document.replace("{"), Err(OpenError::NotJson { line: 1, .. })));
    for text in ["{ \"id\":\"bc\" }", "{ \"id\":\"bcd\" }"] {
        document.replace_typing(text).expect("JSON");
    }
    assert!(document.undo());
    assert_eq!(document.text(), "{ \"id\":\"b\" }");
    assert!(document.undo());
    assert_eq!(document.text(), FILE);
    // Only spaces differ: the bytes do, so it is a step, and a change.
    let mut document = Document::open("{}").expect("JSON");
    document.replace("{ }").expect("JSON");
    assert!(document.can_undo() && document.is_changed_since_saved());
    document.replace("{ }").expect("JSON");
    assert!(document.undo() && !document.can_undo());
}

#[test]
fn what_cannot_be_opened_says_why() {
    let sentence =
        |text: &str, locale| Document::open(text).expect_err("no survey").sentence(locale);
    assert_eq!(
        sentence("{\n  \"id\": }", Locale::English),
        "This is no JSON: line 2, character 9: expected value."
    );
    assert!(sentence("[{}, {}]", Locale::English).contains("a list of 2 surveys"));
    assert!(sentence("[{}, {}]", Locale::Spanish).contains("una lista de 2 encuestas"));
    assert!(sentence("7", Locale::Spanish).contains("no una encuesta"));
}

#[test]
fn a_question_that_goes_leaves_no_way_behind() {
    let mut document = open();
    let mended = document.remove("/questions/1").expect("a question");
    assert_eq!(
        said(&mended),
        [
            "The way from “score” to “why” leads to “more” now.",
            "The endpoint’s field for “why” is gone with it.",
            "The address of the ending “praise” holds no answer to “why” any more.",
        ]
    );
    assert_eq!(
        at(&document, "/questions/0/next"),
        r#"[{"if":"<=6","go":"more"},{"if":">=9","go":"praise"},{"go":"end"}]"#
    );
    assert_eq!(document.get("/fields"), None);
    assert_eq!(document.text_at("/endings/1/redirect"), "https://a.example/?s={answer:score}&w=");
    assert!(document.undo() && !document.can_undo());
    assert_eq!(document.text(), FILE);
}

#[test]
fn rules_that_lead_to_the_same_place_become_one() {
    let text = r#"{"id": "a", "questions": [
        {"id": "x", "kind": "nps", "text": "X", "next": [{"if": "<=6", "go": "y"}, {"go": "end"}]},
        {"id": "y", "kind": "text", "text": "Y"}]}"#;
    let mut document = Document::open(text).expect("JSON");
    let mended = document.remove("/questions/1").expect("a question");
    assert_eq!(document.get("/questions/0/next"), None);
    assert_eq!(said(&mended)[1..], ["All ways of “x” lead to the same place, so it has one."]);
}

#[test]
fn the_way_of_a_question_that_goes_is_its_own_rule() {
    let text = r#"{"id": "a", "questions": [
        {"id": "x", "kind": "nps", "text": "X", "next": [{"if": "<=6", "go": "y"}]},
        {"id": "z", "kind": "text", "text": "Z", "next": [{"go": "end"}]},
        {"id": "y", "kind": "text", "text": "Y", "next": [{"go": "w"}]},
        {"id": "v", "kind": "text", "text": "V"}, {"id": "w", "kind": "text", "text": "W"}]}"#;
    let mut document = Document::open(text).expect("JSON");
    document.remove("/questions/2").expect("a question");
    assert_eq!(at(&document, "/questions/0/next"), r#"[{"if":"<=6","go":"w"}]"#);
}

#[test]
fn an_ending_that_goes_is_the_end() {
    let mut document = open();
    let mended = document.remove("/endings/1").expect("an ending");
    assert_eq!(said(&mended), ["The way from “score” to “praise” leads to the end now."]);
}

#[test]
fn an_option_that_goes_is_in_no_condition() {
    let mut document = open();
    let mended = document.remove("/questions/1/options/2").expect("an option");
    assert_eq!(
        said(&mended),
        [
            "The condition “in:slow, old” of “why” is “in:slow” now.",
            "The condition “!=old” of “why” is gone: its way is always taken.",
        ]
    );
    let mended = document.remove("/questions/1/options/0").expect("an option");
    assert_eq!(
        said(&mended),
        ["The way “=price” of “why” is gone: nobody could take it any more."]
    );
    assert_eq!(
        at(&document, "/questions/1/next"),
        r#"[{"if":"in:slow","go":"end"},{"go":"more"}]"#
    );
}

#[test]
fn a_new_id_is_written_wherever_the_old_one_stands() {
    let mut document = open();
    let mended = document.set("/questions/1/id", "reason").expect("a place");
    assert_eq!(
        said(&mended),
        [
            "The way from “score” to “why” leads to “reason” now.",
            "The endpoint’s field for “why” belongs to “reason” now.",
            "The address of the ending “praise” holds the answer to “reason” now (it was “why”).",
        ]
    );
    assert_eq!(at(&document, "/fields"), r#"{"reason":"entry.1"}"#);
    assert_eq!(document.set("/endings/1/id", "wow").expect("a place").len(), 1);
    document.set("/questions/1/options/2/id", "aged").expect("a place");
    assert_eq!(at(&document, "/questions/1/next/1"), r#"{"if":"in:slow,aged","go":"end"}"#);
    assert_eq!(crate::problems::of_value(document.value(), Locale::English), []);
    // Nobody knows which of two is meant.
    assert_eq!(document.set("/questions/1/id", "more").expect("a place"), []);
}

#[test]
fn an_id_that_is_typed_mends_from_what_it_was() {
    let mut document = open();
    for id in ["wh", "w", "", "r", "re", "reason", "Reason!", "reason"] {
        document.set_typing("/questions/1/id", id).expect("a place");
    }
    assert_eq!(document.text_at("/questions/0/next/0/go"), "reason");
    assert_eq!(at(&document, "/questions/1").find("\"id\":\"reason\""), Some(1));
    assert!(document.undo() && !document.can_undo());
    assert_eq!(document.text(), FILE);
}

#[test]
fn texts_by_language() {
    let mut document = open();
    document.set_text("/questions/1/text", "es", "¿Por qué?").expect("a place");
    assert_eq!(at(&document, "/questions/1/text"), r#"{"en":"Why?","es":"¿Por qué?"}"#);
    document.set_text("/thanks", "es", "Gracias").expect("a place");
    assert_eq!(at(&document, "/thanks"), r#"{"es":"Gracias"}"#);
    for text in ["T", "Th", "Thanks"] {
        document.set_text_typing("/thanks", "en", text).expect("a place");
    }
    assert_eq!(at(&document, "/thanks"), r#"{"en":"Thanks","es":"Gracias"}"#);
    for text in ["G", "Gr"] {
        document.set_text_typing("/thanks", "es", text).expect("a place");
    }
    assert!(document.undo());
    assert_eq!(document.text_at("/thanks/es"), "Gracias");
    assert_eq!(document.text_at("/thanks/en"), "Thanks");
    let mut alone = Document::open(r#"{"lang": "es"}"#).expect("JSON");
    alone.set_text("/thanks", "es", "Gracias").expect("a place");
    assert_eq!(at(&alone, "/thanks"), r#""Gracias""#);
}

/// Something that somebody does.
#[derive(Debug, Clone)]
enum Deed {
    Set(usize, String),
    Type(usize, String),
    Remove(usize),
    Insert(usize),
    Move(usize, usize),
    Replace(String),
    Undo,
    Redo,
    Save,
}

const PLACES: &[&str] = &[
    "/id",
    "/questions/0/id",
    "/questions/1/id",
    "/questions/1/options/0/id",
    "/questions/0/text/en",
    "/questions/0/text",
    "/custom/a",
    "/endings/1/id",
    "/url",
    "/questions/1",
    "/endings/0",
    "/questions/1/options/1",
    "/nothing/0/here",
];

fn deed() -> impl Strategy<Value = Deed> {
    let text = || "[a-c ]{0,3}";
    let place = || 0..PLACES.len();
    prop_oneof![
        4 => (place(), text()).prop_map(|(at, text)| Deed::Set(at, text)),
        4 => (place(), text()).prop_map(|(at, text)| Deed::Type(at, text)),
        2 => place().prop_map(Deed::Remove),
        1 => (0..4_usize).prop_map(Deed::Insert),
        1 => (0..4_usize, 0..4_usize).prop_map(|(from, to)| Deed::Move(from, to)),
        1 => text().prop_map(|text| Deed::Replace(format!("{{\"id\": \"{text}\"}}"))),
        1 => Just(Deed::Undo),
        1 => Just(Deed::Redo),
        1 => Just(Deed::Save),
    ]
}

fn perform(document: &mut Document, deed: &Deed) {
    // What is refused changes nothing, and that is part of what is tested.
    match deed {
        Deed::Set(at, text) => drop(document.set(PLACES[*at], text.as_str())),
        Deed::Type(at, text) => drop(document.set_typing(PLACES[*at], text.as_str())),
        Deed::Remove(at) => drop(document.remove(PLACES[*at])),
        Deed::Insert(at) => drop(document.insert("/questions", *at, Value::object([("id", "n")]))),
        Deed::Move(from, to) => drop(document.move_item("/questions", *from, *to)),
        Deed::Replace(text) => drop(document.replace(text)),
        Deed::Undo => drop(document.undo()),
        Deed::Redo => drop(document.redo()),
        Deed::Save => document.mark_saved(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_undone_gives_the_first_bytes_and_all_redone_the_last(deeds in proptest::collection::vec(deed(), 0..120)) {
        let mut document = open();
        for deed in &deeds {
            let before = document.text();
            let could_undo = document.can_undo();
            perform(&mut document, deed);
            if document.text() != before && !matches!(deed, Deed::Undo) {
                prop_assert!(document.can_undo() || !could_undo || matches!(deed, Deed::Type(..)));
            }
            // Whatever was done, it is a file that can be opened again.
            let again = Document::open(&document.text()).expect("JSON");
            prop_assert_eq!(again.value(), document.value());
        }
        // Forward to the end first: a step back may have left some.
        while document.redo() {}
        let last = document.text();
        while document.undo() {}
        prop_assert_eq!(document.text(), FILE);
        while document.redo() {}
        prop_assert_eq!(document.text(), last);
    }
}

#[test]
fn five_hundred_steps_back_give_the_first_bytes() {
    let mut document = open();
    for step in 0..500 {
        match step % 5 {
            0 => drop(document.set("/name", format!("name {step}")).expect("a place")),
            1 => drop(
                document
                    .insert("/questions/1/options", 1, Value::object([("id", format!("o{step}"))]))
                    .expect("a place"),
            ),
            2 => drop(document.set("/questions/1/id", format!("q{step}")).expect("a place")),
            3 => drop(document.move_item("/questions/1/options", 0, 1).expect("a place")),
            _ => drop(document.remove("/questions/1/options/1").expect("a place")),
        }
    }
    let last = document.text();
    let steps = std::iter::repeat_with(|| document.undo()).take_while(|undone| *undone).count();
    assert_eq!(steps, 500);
    assert_eq!(document.text(), FILE);
    while document.redo() {}
    assert_eq!(document.text(), last);
}
