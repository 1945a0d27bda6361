//! Attributes and survey files in, settings and clear problems out.

use crate::support::FakeBrowser;
use sondeo_model::json::Json;
use sondeo_model::{Display, Duration, Kind, Language, Messages, Problem, Survey, Trigger};
use sondeo_session::authoring::{AttributeSource, PageContext, names, read};
use sondeo_session::{SurveyFile, SurveySettings};

fn pairs(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
    attributes.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn read_with(
    source: AttributeSource,
    own: &[(&str, &str)],
    inherited: &[(&str, &str)],
    languages: &[&str],
) -> (Vec<SurveySettings>, Vec<String>) {
    read_beside(&[], source, own, inherited, languages)
}

/// The same on a page whose file `surveys.json` holds these surveys.
fn read_beside(
    surveys: &[&str],
    source: AttributeSource,
    own: &[(&str, &str)],
    inherited: &[(&str, &str)],
    languages: &[&str],
) -> (Vec<SurveySettings>, Vec<String>) {
    let languages: Vec<_> = languages.iter().map(|&tag| tag.to_owned()).collect();
    let file = |(at, survey): (usize, &&str)| {
        let json: Json = serde_json::from_str(survey).expect("JSON");
        SurveyFile { path: format!("surveys.json[{at}]"), json, site: None }
    };
    let files: Vec<_> = surveys.iter().enumerate().map(file).collect();
    let context =
        PageContext { languages: &languages, environment: &FakeBrowser::default(), files: &files };
    let (settings, problems) = read(source, &pairs(own), &pairs(inherited), &context);
    (settings, problems.iter().map(Problem::line).collect())
}

trait Read {
    fn survey(&self) -> Survey;
    fn question(&self) -> String;
}

impl Read for SurveySettings {
    /// What an English visitor meets.
    fn survey(&self) -> Survey {
        self.definition.survey(&self.wanted, Messages::ENGLISH)
    }

    fn question(&self) -> String {
        let survey = self.survey();
        survey.text(&survey.questions[0].text).to_owned()
    }
}

fn ids(settings: &[SurveySettings]) -> Vec<&str> {
    settings.iter().map(|settings| settings.definition.id.as_ref()).collect()
}

/// Reads a script tag that asks `post-purchase`, with one attribute more, and expects one problem.
#[track_caller]
fn check_problem(name: &str, value: &str, expected: &str) {
    let mut own = vec![("data-survey", "post-purchase"), ("data-endpoint", "/r")];
    own.retain(|(known, _)| *known != name);
    own.push((name, value));
    let (_, problems) = read_with(AttributeSource::Script, &own, &[], &["en"]);
    assert_eq!(problems, [expected]);
}

#[track_caller]
fn only(result: (Vec<SurveySettings>, Vec<String>)) -> SurveySettings {
    let (mut settings, problems) = result;
    assert_eq!(problems, [""; 0]);
    assert_eq!(settings.len(), 1);
    settings.remove(0)
}

#[test]
fn two_attributes_are_enough() {
    let own = [("data-survey", "post-purchase"), ("data-endpoint", "/responses")];
    let settings = only(read_with(AttributeSource::Script, &own, &[], &["en-GB"]));
    assert_eq!(settings.endpoint, "https://shop.example/responses");
    let definition = &settings.definition;
    assert_eq!(definition.id, "post-purchase");
    assert_eq!(settings.appearance.display, Display::Popover);
    assert_eq!(definition.delay(), Duration::from_millis(2_000));
    assert_eq!(settings.triggers[0], Trigger::Event("purchase".into()));
}

#[test]
fn several_surveys_once_each() {
    let own = [("data-survey", " faq post-purchase  faq"), ("data-endpoint", "/r")];
    let (settings, problems) = read_with(AttributeSource::Script, &own, &[], &[]);
    assert_eq!((ids(&settings), problems), (vec!["faq", "post-purchase"], vec![]));
}

#[test]
fn problems_are_one_line_that_names_attribute_value_and_remedy() {
    check_problem("data-delay", "5 secs", r#"data-delay="5 secs" is not a time (try "5s")"#);
    check_problem(
        "data-survey",
        "post-purchse",
        r#"data-survey="post-purchse" is not a survey (try "post-purchase")"#,
    );
    check_problem("data-survey", "fax", r#"data-survey="fax" is not a survey (try "faq")"#);
    check_problem("data-trigger", "lod", r#"data-trigger="lod" is not a trigger (try "load")"#);
    check_problem(
        "data-trigger",
        "event:",
        r#"data-trigger="event:" is not a trigger (try "load")"#,
    );
    check_problem(
        "data-trigger",
        "click:[ load",
        r#"data-trigger="click:[" is not a trigger with a CSS selector (try "click:.cancel")"#,
    );
    check_problem(
        "data-endpoint",
        "ftp://example.com",
        r#"data-endpoint="ftp://example.com" is not an http(s) address (try "https://example.com/responses")"#,
    );
    check_problem(
        "data-endpoint",
        " ",
        r#"data-endpoint is missing (try "https://example.com/responses")"#,
    );
    check_problem(
        "data-lang",
        "español",
        r#"data-lang="español" is not a language tag (try "es-MX")"#,
    );
    check_problem(
        "data-display",
        "popup",
        r#"data-display="popup" is not a display (try "popover")"#,
    );
    check_problem(
        "data-display",
        "inline",
        r#"data-display="inline" is not a display of a script tag (try "popover")"#,
    );
    check_problem(
        "data-tigger",
        "load",
        r#"data-tigger is not an attribute of this tag (try "data-trigger")"#,
    );
}

#[test]
fn strangers_attributes_are_left_alone() {
    let own = [
        ("data-survey", "faq"),
        ("data-endpoint", "/r"),
        ("data-cfasync", "false"),
        ("data-n-head", "1"),
    ];
    only(read_with(AttributeSource::Script, &own, &[], &[]));
}

#[test]
fn one_bad_survey_does_not_take_down_the_other() {
    let own = [("data-survey", "nonsense faq"), ("data-endpoint", "/r")];
    let (settings, problems) = read_with(AttributeSource::Script, &own, &[], &[]);
    assert_eq!((settings.len(), problems.len()), (1, 1));
}

#[test]
fn a_script_tag_without_surveys_is_a_place_for_defaults() {
    let (settings, problems) =
        read_with(AttributeSource::Script, &[("data-endpoint", "/r")], &[], &[]);
    assert_eq!((settings, problems), (vec![], vec![]));
}

#[test]
fn an_element_inherits_what_the_script_tag_says_but_not_what_it_asks() {
    let script = [
        ("data-survey", "post-purchase"),
        ("data-endpoint", "/r"),
        ("data-lang", "es"),
        ("data-display", "popover"),
        ("data-custom-plan", "free"),
    ];
    let own = [("data-sondeo", "faq"), ("data-custom-plan", "pro")];
    let settings = only(read_with(AttributeSource::Element, &own, &script, &["en"]));
    let definition = &settings.definition;
    assert_eq!(definition.id, "faq");
    assert_eq!(definition.language(&settings.wanted), Language::Es);
    assert_eq!(settings.appearance.display, Display::Inline);
    assert_eq!(definition.custom(), pairs(&[("plan", "pro")]));
}

#[test]
fn an_element_must_name_its_survey() {
    let (settings, problems) =
        read_with(AttributeSource::Element, &[("data-sondeo", "")], &[], &[]);
    assert!(settings.is_empty());
    assert_eq!(problems, [r#"data-sondeo is missing (try "faq")"#]);
}

#[test]
fn the_language_is_the_authors_then_the_pages_then_the_browsers_then_english() {
    let language = |lang: Option<&str>, languages: &[&str]| {
        let mut own = vec![("data-survey", "faq"), ("data-endpoint", "/r")];
        own.extend(lang.map(|lang| ("data-lang", lang)));
        let settings = only(read_with(AttributeSource::Script, &own, &[], languages));
        settings.definition.language(&settings.wanted).tag()
    };
    assert_eq!(language(Some("es-MX"), &["en", "en"]), "es");
    assert_eq!(language(None, &["es", "en"]), "es");
    assert_eq!(language(None, &["", "es-AR"]), "es");
    assert_eq!(language(Some("xx"), &["es", "es"]), "en");
    assert_eq!(language(None, &[]), "en");
}

#[test]
fn texts_are_overridden() {
    let own = [
        ("data-survey", "post-purchase"),
        ("data-endpoint", "/r"),
        ("data-question", "How was it?"),
        ("data-low", "Bad"),
        ("data-thanks", "Cheers"),
    ];
    let survey = only(read_with(AttributeSource::Script, &own, &[], &["en"])).survey();
    let texts = [&survey.questions[0].text, &survey.thanks].map(|text| survey.text(text));
    assert_eq!(texts, ["How was it?", "Cheers"]);
    let Kind::Likert { ends: Some(ends), .. } = &survey.questions[0].kind else {
        panic!("a scale with ends")
    };
    let ends = ends.each_ref().map(|end| survey.text(end));
    assert_eq!(ends, ["Bad", "Very satisfied"]);
}

#[test]
fn consent_is_a_survey_s_own_affair() {
    let own = [("data-survey", "faq"), ("data-endpoint", "/r"), ("data-consent", "required")];
    let settings = only(read_with(AttributeSource::Script, &own, &[], &[]));
    assert!(settings.definition.needs_consent());
}

#[test]
fn what_is_passed_through_is_what_an_endpoint_takes() {
    let long = "x".repeat(257);
    let read = |name: &str, value: &str| {
        let own = [("data-survey", "faq"), ("data-endpoint", "/r"), (name, value)];
        let (settings, problems) = read_with(AttributeSource::Script, &own, &[], &[]);
        let definition = &settings[0].definition;
        (definition.user().map(str::to_owned), definition.custom().to_vec(), problems.len())
    };
    // What a template engine makes of `{{user.id}}` for a visitor who is not signed in.
    assert_eq!(read("data-user", ""), (None, vec![], 0));
    assert_eq!(read("data-user", &long[1..]), (Some(long[1..].to_owned()), vec![], 0));
    assert_eq!(read("data-user", &long), (None, vec![], 1));
    assert_eq!(read("data-custom-", "x").1, [], "without a name it passes nothing");
    assert_eq!(read("data-custom-plan", ""), (None, vec![], 0));
    assert_eq!(read("data-custom-plan", &"x".repeat(10_001)), (None, vec![], 1));
}

#[test]
fn an_empty_text_is_no_text() {
    let own = [("data-survey", "faq"), ("data-endpoint", "/r"), ("data-question", " ")];
    let settings = only(read_with(AttributeSource::Script, &own, &[], &["en"]));
    assert_eq!(settings.question(), "How useful did you find this page?");
}

#[test]
fn a_script_tag_that_asks_for_nothing_says_so() {
    let (_, problems) = read_with(AttributeSource::Script, &[("data-survey", "")], &[], &[]);
    assert_eq!(problems, [r#"data-survey is missing (try "faq")"#]);
    let (_, problems) = read_with(AttributeSource::Script, &[("data-sondeo", "faq")], &[], &[]);
    assert_eq!(problems, [r#"data-sondeo is not an attribute of this tag (try "data-survey")"#]);
}

const CHECKOUT: &str = r#"{"id": "checkout", "template": "post-purchase", "endpoint": "/file",
    "delay": "3s", "questions": [{"id": "why", "kind": "text", "text": "Why?"}]}"#;
const SIDEBAR: &str = r#"{"id": "sidebar", "template": "faq", "display": "inline"}"#;
const TAG: [(&str, &str); 2] = [("data-config", "surveys.json"), ("data-endpoint", "/r")];

#[test]
fn every_survey_of_a_file_is_asked_but_those_that_wait_for_their_element() {
    let files = [CHECKOUT, SIDEBAR, r#"{"template": "csat"}"#];
    let (settings, problems) = read_beside(&files, AttributeSource::Script, &TAG, &[], &[]);
    assert_eq!((ids(&settings), problems), (vec!["checkout", "csat"], vec![]));
    // What a file says is the survey's own; what a script tag says is for the page.
    let endpoints: Vec<_> = settings.iter().map(|it| it.endpoint.as_str()).collect();
    assert_eq!(endpoints, ["https://shop.example/file", "https://shop.example/r"]);
    let own = [("data-sondeo", "sidebar")];
    let settings = only(read_beside(&files, AttributeSource::Element, &own, &TAG, &[]));
    assert_eq!(settings.appearance.display, Display::Inline);
}

#[test]
fn a_name_of_a_file_stands_beside_the_names_of_templates() {
    let own = [&TAG[..], &[("data-survey", "nps checkout faq")]].concat();
    let files = [CHECKOUT, r#"{"template": "faq", "question": "Clear?"}"#];
    let (settings, problems) = read_beside(&files, AttributeSource::Script, &own, &[], &[]);
    assert_eq!((ids(&settings), problems), (vec!["nps", "checkout", "faq"], vec![]));
    let questions: Vec<_> = settings.iter().map(SurveySettings::question).collect();
    // The file's survey of a template's name is the one that is meant.
    assert_eq!(questions[1..], ["Why?", "Clear?"]);
    assert!(settings[0].definition.template.is_some());

    let own = [&TAG[..], &[("data-survey", "checkuot")]].concat();
    let (_, problems) = read_beside(&files, AttributeSource::Script, &own, &[], &[]);
    assert_eq!(problems, [r#"data-survey="checkuot" is not a survey (try "checkout")"#]);
}

#[test]
fn an_element_has_the_last_word_then_the_file_then_the_script_tag() {
    let script = [&TAG[..], &[("data-delay", "9s"), ("data-theme", "dark")]].concat();
    let own = [("data-sondeo", "checkout"), ("data-question", "Really why?")];
    let settings = only(read_beside(&[CHECKOUT], AttributeSource::Element, &own, &script, &[]));
    assert_eq!(settings.question(), "Really why?");
    assert_eq!(settings.definition.delay(), Duration::from_millis(3_000));
    assert_eq!(settings.appearance.theme.as_str(), "dark");
    assert_eq!(settings.endpoint, "https://shop.example/file");
    let own = [("data-sondeo", "checkout"), ("data-delay", "1s"), ("data-endpoint", "/own")];
    let settings = only(read_beside(&[CHECKOUT], AttributeSource::Element, &own, &script, &[]));
    assert_eq!(settings.definition.delay(), Duration::from_millis(1_000));
    assert_eq!(settings.endpoint, "https://shop.example/own");
}

#[test]
fn a_display_that_an_element_or_its_file_gives_stands() {
    let display = |file: &str, own: &[(&str, &str)]| {
        let own = [&[("data-sondeo", "bar"), ("data-endpoint", "/r")], own].concat();
        let settings = only(read_beside(&[file], AttributeSource::Element, &own, &[], &[]));
        settings.appearance.display
    };
    let file = r#"{"id": "bar", "template": "faq", "display": "bar"}"#;
    assert_eq!(display(file, &[]), Display::Bar);
    assert_eq!(display(file, &[("data-display", "page")]), Display::Page);
    assert_eq!(display(r#"{"id": "bar", "template": "faq"}"#, &[]), Display::Inline);
}

#[test]
fn where_faq_stands_in_the_page_it_does_not_wait_for_the_end() {
    let triggers = |own: &[(&str, &str)]| {
        let own = [&[("data-sondeo", "faq"), ("data-endpoint", "/r")], own].concat();
        let (settings, _) = read_with(AttributeSource::Element, &own, &[], &[]);
        settings[0].triggers.clone()
    };
    assert_eq!(triggers(&[]), [Trigger::Load]);
    assert_eq!(triggers(&[("data-trigger", "manual")]), [Trigger::Manual]);
    let floating = triggers(&[("data-display", "popover")]);
    assert!(matches!(floating[..], [Trigger::Visible(_)]), "{floating:?}");
}

#[test]
fn what_css_does_not_know_is_said_and_left_out() {
    check_problem(
        "data-accent",
        "teal-ish",
        r##"data-accent="teal-ish" is not a CSS colour (try "#0b7a75")"##,
    );
    check_problem(
        "data-radius",
        "round",
        r#"data-radius="round" is not a CSS length (try "12px")"#,
    );
    check_problem(
        "data-font",
        "Georgia;",
        r#"data-font="Georgia;" is not a CSS font-family (try "Georgia, serif")"#,
    );
    let file = r##"{"template": "faq", "accent": "teal-ish", "radius": "8px"}"##;
    let (settings, problems) = read_beside(&[file], AttributeSource::Script, &TAG, &[], &[]);
    let appearance = &settings[0].appearance;
    assert_eq!((&appearance.accent, appearance.radius.as_deref()), (&None, Some("8px")));
    assert_eq!(
        problems,
        [r##"surveys.json[0].accent "teal-ish" is not a CSS colour (try "#0b7a75")"##]
    );
}

#[test]
fn problems_of_a_file_name_their_place_in_it() {
    let bad = r#"{"id": "bad", "delay": "5 secs", "questions": [
        {"id": "a", "kind": "likrt", "text": "A?"}, {"id": "b", "kind": "nps", "txt": "B?"}]}"#;
    let (settings, problems) =
        read_beside(&[CHECKOUT, bad], AttributeSource::Script, &TAG, &[], &[]);
    assert_eq!(ids(&settings), ["checkout"], "a bad survey takes no other down");
    for expected in [
        r#"surveys.json[1].delay "5 secs" is not a time (try "5s")"#,
        r#"surveys.json[1].questions[0].kind "likrt" is not a kind of question (try "likert")"#,
        "surveys.json[1].questions[1].text is missing",
        "surveys.json[1].questions[1].txt ",
    ] {
        assert!(problems.iter().any(|it| it.starts_with(expected)), "{expected}: {problems:#?}");
    }
    assert!(problems.iter().all(|it| it.starts_with("surveys.json[1].")), "{problems:#?}");
}

#[test]
fn a_preview_needs_no_endpoint() {
    let own = [("data-survey", "faq"), ("data-preview", "")];
    let settings = only(read_with(AttributeSource::Script, &own, &[], &[]));
    assert!(settings.definition.preview() && settings.endpoint.is_empty());
}

#[test]
fn the_names_that_are_asked_for() {
    let own = pairs(&[("data-survey", "a  b"), ("data-sondeo", "c")]);
    assert_eq!(names(AttributeSource::Script, &own), ["a", "b"]);
    assert_eq!(names(AttributeSource::Element, &own), ["c"]);
    assert_eq!(names(AttributeSource::Element, &[]), [""; 0]);
}
