use super::{Place, Settings, Surroundings, read};
use sondeo_model::{Display, Duration, Kind, Trigger};

fn pairs(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
    attributes.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn resolve(reference: &str) -> Option<String> {
    match reference.split_once("://") {
        Some(("http" | "https", _)) => Some(reference.to_owned()),
        Some(_) => None,
        None => Some(format!("https://shop.example{reference}")),
    }
}

fn read_with(
    place: Place,
    own: &[(&str, &str)],
    inherited: &[(&str, &str)],
    languages: &[&str],
) -> (Vec<Settings>, Vec<String>) {
    let languages: Vec<_> = languages.iter().map(|&tag| tag.to_owned()).collect();
    let around = Surroundings { languages: &languages, resolve: &resolve };
    read(place, &pairs(own), &pairs(inherited), &around)
}

/// Reads a script tag that asks `post-purchase`, with one attribute more, and expects one problem.
#[track_caller]
fn check_problem(name: &str, value: &str, expected: &str) {
    let mut own = vec![("data-survey", "post-purchase"), ("data-endpoint", "/r")];
    own.retain(|(known, _)| *known != name);
    own.push((name, value));
    let (_, problems) = read_with(Place::Script, &own, &[], &["en"]);
    assert_eq!(problems, [expected]);
}

#[track_caller]
fn only(result: (Vec<Settings>, Vec<String>)) -> Settings {
    let (mut settings, problems) = result;
    assert_eq!(problems, [""; 0]);
    assert_eq!(settings.len(), 1);
    settings.remove(0)
}

#[test]
fn two_attributes_are_enough() {
    let own = [("data-survey", "post-purchase"), ("data-endpoint", "/responses")];
    let settings = only(read_with(Place::Script, &own, &[], &["en-GB"]));
    assert_eq!(settings.endpoint, "https://shop.example/responses");
    assert_eq!(settings.survey.id, "post-purchase");
    assert_eq!(settings.survey.display, Display::Popover);
    assert_eq!(settings.survey.delay, Duration::from_millis(2_000));
    assert_eq!(settings.survey.triggers[0], Trigger::Event("purchase".into()));
}

#[test]
fn several_surveys_once_each() {
    let own = [("data-survey", " faq post-purchase  faq"), ("data-endpoint", "/r")];
    let (settings, problems) = read_with(Place::Script, &own, &[], &[]);
    let ids: Vec<_> = settings.iter().map(|settings| settings.survey.id.as_ref()).collect();
    assert_eq!((ids, problems), (vec!["faq", "post-purchase"], vec![]));
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
    check_problem("data-sample", "25%", "data-sample has no effect in this version");
}

#[test]
fn strangers_attributes_are_left_alone() {
    let own = [
        ("data-survey", "faq"),
        ("data-endpoint", "/r"),
        ("data-cfasync", "false"),
        ("data-n-head", "1"),
    ];
    only(read_with(Place::Script, &own, &[], &[]));
}

#[test]
fn one_bad_survey_does_not_take_down_the_other() {
    let own = [("data-survey", "nonsense faq"), ("data-endpoint", "/r")];
    let (settings, problems) = read_with(Place::Script, &own, &[], &[]);
    assert_eq!((settings.len(), problems.len()), (1, 1));
}

#[test]
fn a_script_tag_without_surveys_is_a_place_for_defaults() {
    let (settings, problems) = read_with(Place::Script, &[("data-endpoint", "/r")], &[], &[]);
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
    let settings = only(read_with(Place::Element, &own, &script, &["en"]));
    assert_eq!(settings.survey.id, "faq");
    assert_eq!(settings.survey.language.tag(), "es");
    assert_eq!(settings.survey.display, Display::Inline);
    assert_eq!(settings.custom, pairs(&[("plan", "pro")]));
}

#[test]
fn an_element_must_name_its_survey() {
    let (settings, problems) = read_with(Place::Element, &[("data-sondeo", "")], &[], &[]);
    assert!(settings.is_empty());
    assert_eq!(problems, [r#"data-sondeo is missing (try "faq")"#]);
}

#[test]
fn the_language_is_the_authors_then_the_pages_then_the_browsers_then_english() {
    let language = |lang: Option<&str>, languages: &[&str]| {
        let mut own = vec![("data-survey", "faq"), ("data-endpoint", "/r")];
        own.extend(lang.map(|lang| ("data-lang", lang)));
        only(read_with(Place::Script, &own, &[], languages)).survey.language.tag()
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
    let survey = only(read_with(Place::Script, &own, &[], &["en"])).survey;
    assert_eq!(
        (survey.questions[0].text.as_ref(), survey.thanks.as_ref()),
        ("How was it?", "Cheers")
    );
    let Kind::Likert { low, high, .. } = &survey.questions[0].kind else { panic!("a scale") };
    assert_eq!((low.as_ref(), high.as_ref()), ("Bad", "Very satisfied"));
}

#[test]
fn where_consent_is_required_nothing_is_asked() {
    let own = [("data-survey", "faq"), ("data-endpoint", "/r"), ("data-consent", "required")];
    let (settings, problems) = read_with(Place::Script, &own, &[], &[]);
    assert!(settings.is_empty());
    assert!(
        problems.contains(
            &r#"data-consent="required" is not known yet, so nothing is asked"#.to_owned()
        )
    );
}

#[test]
fn what_is_passed_through_is_what_an_endpoint_takes() {
    let long = "x".repeat(257);
    let read = |name: &str, value: &str| {
        let own = [("data-survey", "faq"), ("data-endpoint", "/r"), (name, value)];
        let (settings, problems) = read_with(Place::Script, &own, &[], &[]);
        (settings[0].user.clone(), settings[0].custom.clone(), problems.len())
    };
    // What a template engine makes of `{{user.id}}` for a visitor who is not signed in.
    assert_eq!(read("data-user", ""), (None, vec![], 0));
    assert_eq!(read("data-user", &long[1..]), (Some(long[1..].to_owned()), vec![], 0));
    assert_eq!(read("data-user", &long), (None, vec![], 1));
    assert_eq!(read("data-custom-", "x"), (None, vec![], 0));
    assert_eq!(read("data-custom-plan", ""), (None, vec![], 0));
    assert_eq!(read("data-custom-plan", &"x".repeat(10_001)), (None, vec![], 1));
}

#[test]
fn an_empty_text_is_no_text() {
    let own = [("data-survey", "faq"), ("data-endpoint", "/r"), ("data-question", " ")];
    let survey = only(read_with(Place::Script, &own, &[], &["en"])).survey;
    assert_eq!(survey.questions[0].text, "How useful did you find this page?");
}

#[test]
fn a_script_tag_that_asks_for_nothing_says_so() {
    let (_, problems) = read_with(Place::Script, &[("data-survey", "")], &[], &[]);
    assert_eq!(problems, [r#"data-survey is missing (try "faq")"#]);
    let (_, problems) = read_with(Place::Script, &[("data-sondeo", "faq")], &[], &[]);
    assert_eq!(problems, [r#"data-sondeo is not an attribute of this tag (try "data-survey")"#]);
}
