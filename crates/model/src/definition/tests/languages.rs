//! In which language it is asked.

use super::*;

/// Expects the language of a survey with these texts and this setting, and of the words around them.
#[track_caller]
fn language(texts: [&str; 2], setting: &str, wanted: &str, expected: (&str, Language)) {
    let [first, second] = texts;
    let text = format!(
        r#"{{"id": "a", {setting} "questions": [{{"id": "a", "kind": "nps", "text": {first}}},
            {{"id": "b", "kind": "nps", "text": {second}}}]}}"#
    );
    let (definition, problems) = read(&text);
    assert_eq!(problems, [] as [String; 0]);
    let definition = definition.expect("a definition");
    let words = definition.language(wanted);
    let survey = definition.survey(wanted, Messages::of(words));
    assert_eq!((&*survey.language, words), expected, "{texts:?} {setting} for {wanted}");
}

#[test]
fn a_survey_is_asked_in_one_language() {
    const TWO: &str = r#"{"en": "How?", "es": "¿Cómo?"}"#;
    const PLAIN: &str = r#""How?""#;
    language([TWO, TWO], "", "es", ("es", Language::Es));
    language([TWO, TWO], "", "es-MX", ("es", Language::Es));
    language([TWO, TWO], "", "EN-us", ("en", Language::En));
    language([TWO, TWO], "", "fr", ("en", Language::En));
    language([TWO, TWO], "", "", ("en", Language::En));
    language([r#"{"fa": "؟", "es-AR": "¿?"}"#, TWO], "", "es", ("es-AR", Language::Es));
    language([r#"{"fa": "؟", "es-AR": "¿?"}"#, TWO], "", "fr", ("fa", Language::En));
    // Texts that name no language go with any.
    language([PLAIN, TWO], "", "es", ("es", Language::Es));
    language([PLAIN, PLAIN], "", "fr-CA", ("fr", Language::Fr));
    language([PLAIN, PLAIN], "", "no", ("nb", Language::Nb));
    language([PLAIN, PLAIN], "", "zh-TW", ("zh", Language::Zh));
    language([r#"{"en": "?", "no": "?"}"#, PLAIN], "", "nn-NO", ("no", Language::Nb));
    language([r#"{"en": "?", "iw": "?"}"#, PLAIN], "", "he", ("iw", Language::He));
    language([PLAIN, PLAIN], "", "hu", ("en", Language::En));
    // What the author says goes first.
    language([TWO, TWO], r#""lang": "es","#, "en", ("es", Language::Es));
    language([TWO, TWO], r#""lang": "fr","#, "es", ("en", Language::En));
    language([PLAIN, PLAIN], r#""lang": "fa","#, "es", ("fa", Language::En));
    language([PLAIN, PLAIN], r#""lang": "es-MX","#, "en", ("es-MX", Language::Es));

    let (definition, _) = read(r#"{"template": "csat", "lang": "fa"}"#);
    let survey = definition.expect("a definition").survey("es", Messages::ENGLISH);
    assert_eq!(survey.language, "en", "a shipped text is in a language that is shipped");
}

#[test]
fn a_text_in_the_language_that_is_asked() {
    let (definition, _) = read(
        r#"{"id": "a", "thanks": {"es": "¡Gracias!"}, "questions": [
            {"id": "a", "kind": "nps", "text": {"en": "How?", "es": "¿Cómo?"}},
            {"id": "b", "kind": "text", "text": {"en": "Why?"}, "placeholder": "x"}]}"#,
    );
    let survey = definition.expect("a definition").survey("es", Messages::of(Language::Es));
    let texts: Vec<&str> = survey.questions.iter().map(|it| survey.text(&it.text)).collect();
    assert_eq!(texts, ["¿Cómo?", "Why?"]);
    assert_eq!(survey.text(&survey.thanks), "¡Gracias!");
    let Kind::Nps { ends: Some([low, _]) } = &survey.questions[0].kind else { panic!() };
    assert_eq!(survey.text(low), Messages::of(Language::Es).text(MessageId::UNLIKELY));
}
