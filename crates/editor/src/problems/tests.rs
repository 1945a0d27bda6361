use super::problems;
use crate::{Document, Locale};

/// Expects these problems of a file, by place, in English and Spanish.
#[track_caller]
fn check(text: &str, expected: &[[&str; 3]]) {
    let document = Document::open(text).expect("JSON");
    for (at, locale) in Locale::ALL.into_iter().enumerate() {
        let found = problems(&document, locale);
        let found: Vec<_> =
            found.iter().map(|it| [it.path.as_str(), it.message.as_str()]).collect();
        let expected: Vec<_> = expected.iter().map(|it| [it[0], it[at + 1]]).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn problems_stand_beside_their_fields() {
    check(
        r#"{"template": "csat", "delay": "5 secs", "trigger": "lod exit", "sample": 7, "max_shows": -1,
            "colour": "red", "custom": {"a.b": []}, "thanks": {"xx_": "a", "es": 3}, "device": []}"#,
        &[
            ["/colour", "is not a key that is known here", "no es una clave conocida aquí"],
            [
                "/thanks/xx_",
                "is not a language tag (try \"en\")",
                "no es una etiqueta de idioma (prueba «en»)",
            ],
            ["/thanks/es", "3 is not a text", "3 no es un texto"],
            [
                "/trigger",
                "\"lod\" is not a trigger (try \"load\")",
                "«lod» no es un desencadenante (prueba «load»)",
            ],
            [
                "/delay",
                "\"5 secs\" is not a time (try \"5s\")",
                "«5 secs» no es un tiempo (prueba «5s»)",
            ],
            ["/device", "is empty", "no contiene nada"],
            ["/sample", "7 is not a share (try \"25%\")", "7 no es un porcentaje (prueba «25%»)"],
            [
                "/max_shows",
                "-1 is not a whole number from 0 to 1000000",
                "-1 no es un número entero de 0 a 1000000",
            ],
            [
                "/custom/a.b",
                "(a list) is not a text of at most 10000 characters under a name of at most 256",
                "(una lista) no es un texto de hasta 10000 caracteres con un nombre de hasta 256",
            ],
        ],
    );
}

#[test]
fn problems_of_questions() {
    check(
        r#"{"id": "a", "questions": [
            {"id": "q", "kind": "likert", "text": "Q", "low": "Bad", "points": 12, "look": "labels", "metric": "nps"},
            {"id": "q", "kind": "choice", "text": "Q", "options": [{"id": "x"}], "next": [{"if": "<=2", "go": "r"}, {"go": "wy"}, {"go": "end"}]},
            {"kind": "texts", "text": {}}]}"#,
        &[
            [
                "/questions/0/points",
                "12 is not a whole number from 2 to 11",
                "12 no es un número entero de 2 a 11",
            ],
            [
                "/questions/0/labels",
                "must be 5 texts, one for each point",
                "debe tener 5 textos, uno por cada punto",
            ],
            [
                "/questions/0/low",
                "needs \"high\" at the other end of the scale",
                "necesita también el texto del extremo alto de la escala",
            ],
            [
                "/questions/0/metric",
                "needs a question of the kind \"nps\"",
                "necesita una pregunta del tipo «nps»",
            ],
            [
                "/questions/1/next/2/go",
                "is never reached: a rule before it always holds",
                "no se alcanza nunca: una regla anterior se cumple siempre",
            ],
            [
                "/questions/1/options/0/text",
                "is missing (try \"The price\")",
                "falta (prueba «The price»)",
            ],
            ["/questions/1/options", "must be 2 to 100 options", "debe tener de 2 a 100 opciones"],
            [
                "/questions/1/id",
                "is the id of an earlier question (ids are unique)",
                "es el id de otra pregunta anterior (cada id es único)",
            ],
            [
                "/questions/2/id",
                "is missing (try \"satisfaction\")",
                "falta (prueba «satisfaction»)",
            ],
            ["/questions/2/text", "is empty", "no contiene nada"],
            [
                "/questions/2/kind",
                "\"texts\" is not a kind of question (try \"text\")",
                "«texts» no es un tipo de pregunta (prueba «text»)",
            ],
        ],
    );
}

#[test]
fn problems_of_ways_and_endings() {
    check(
        r#"{"id": "a", "questions": [
            {"id": "q", "kind": "nps", "text": "Q", "next": [{"if": "=11", "go": "end"}, {"if": "skipped", "go": "r"}, {"go": "end"}]},
            {"id": "r", "kind": "text", "text": "R", "next": [{"go": "z"}]},
            {"id": "s", "kind": "text", "text": "S", "next": [{"go": "r"}]}],
            "endings": [{"id": "e", "text": "See [this](javascript:x)"}]}"#,
        &[[
            "/endings/0/text",
            "has a link to \"javascript:x\" (try \"https://example.com/\")",
            "tiene un enlace a «javascript:x» (prueba «https://example.com/»)",
        ]],
    );
    check(
        r#"{"id": "a", "questions": [
            {"id": "q", "kind": "nps", "text": "Q", "next": [{"if": "=11", "go": "end"}, {"if": "skipped", "go": "r"}, {"go": "end"}]},
            {"id": "r", "kind": "text", "text": "R", "next": [{"go": "z"}]},
            {"id": "s", "kind": "text", "text": "S", "next": [{"go": "r"}]}]}"#,
        &[
            [
                "/questions/0/next/0/if",
                "compares with something that is never answered to this question",
                "compara con algo que nunca se responde a esta pregunta",
            ],
            [
                "/questions/0/next/1/if",
                "never holds: the question is required",
                "no se cumple nunca: la pregunta es obligatoria",
            ],
            [
                "/questions/1/next/0/go",
                "\"z\" is not a question of this survey (try \"q\")",
                "«z» no es una pregunta de esta encuesta (prueba «q»)",
            ],
        ],
    );
    check(
        r#"{"id": "a", "questions": [
            {"id": "q", "kind": "text", "text": "Q", "next": [{"go": "end"}]},
            {"id": "r", "kind": "text", "text": "R"}],
            "endings": [{"id": "q", "text": "E", "redirect": "/x?{answer:z}"}, {"id": "f", "text": "F"}]}"#,
        &[
            [
                "/questions/1",
                "is never asked: no rule leads to it",
                "no se pregunta nunca: ninguna regla lleva hasta ella",
            ],
            [
                "/endings",
                "{answer:z} stands for nothing (try {id}, {answer:QUESTION} or {custom:NAME})",
                "{answer:z} no significa nada (prueba {id}, {answer:PREGUNTA} o {custom:NOMBRE})",
            ],
            [
                "/endings",
                "\"f\" is never reached: no rule leads to it",
                "a «f» no se llega nunca: ninguna regla lleva hasta ahí",
            ],
        ],
    );
}

/// Whatever stands wherever: no problem of a survey file is without Spanish.
#[test]
fn every_problem_has_spanish_words() {
    use sondeo_model::{Definition, Layer, Problems, Reason, json::Json};
    const ODD: &[&str] = &[
        "null",
        "true",
        "7",
        "-1",
        "1.5",
        "\"\"",
        "\"x y!\"",
        "\"end\"",
        "[]",
        "[7, \"a\", {}]",
        "{}",
        "{\"x!\": 1, \"en\": \"\", \"es\": \"[a](b:c)\"}",
        "[{\"id\": \"a\", \"text\": \"A\"}, {\"id\": \"a\", \"text\": \"B\"}]",
        "[{\"if\": \"<3\", \"go\": \"a\"}, {\"go\": \"zz\"}, {\"if\": \"x\"}]",
        "{\"src\": \"data:x\"}",
        "[{\"id\": \"b\", \"text\": \"T\", \"redirect\": \"/x{y}\", \"button\": {\"url\": \"x:y\"}, \"after\": 1.5}]",
    ];
    let kinds = sondeo_model::KindName::KEYWORDS;
    let mut found = Vec::new();
    let mut read = |text: &str| {
        let json: Json = serde_json::from_str(text).expect("JSON");
        let mut problems = Problems::default();
        let _ = Definition::read(vec![Layer::object("", &json)], None, &mut problems);
        for problem in problems.iter() {
            assert_ne!(problem.kind, Reason::OfPage, "{problem} ({text})");
            assert_ne!(super::spanish::reason(&problem.kind), None);
            found.push(std::mem::discriminant(&problem.kind));
        }
    };
    for odd in ODD {
        for key in Definition::KEYS.iter().chain(&["other-key", "tempalte"]) {
            read(&format!(r#"{{"template": "csat", "{key}": {odd}}}"#));
            read(&format!(r#"{{"template": "faq", "low": "L", "{key}": {odd}}}"#));
        }
        for kind in kinds {
            for key in crate::document::question_keys() {
                read(&format!(
                    r#"{{"id": "s", "endings": [{{"id": "a", "text": "E"}}, {{"id": "c", "text": "E"}}], "questions": [
                        {{"id": "a", "text": "A", "kind": "{kind}", "{key}": {odd}}},
                        {{"id": "b", "text": "B", "kind": "text", "next": [{{"go": "a"}}]}}]}}"#
                ));
            }
        }
    }
    // Ways are looked at where all else is in order.
    for next in [
        r#"[{"if": "=11", "go": "end"}, {"if": "skipped", "go": "b"}, {"go": "zz"}]"#,
        r#"[{"go": "end"}, {"go": "b"}]"#,
        r#"[{"go": "a"}]"#,
    ] {
        for endings in [
            "",
            r#""endings": [{"id": "b", "text": "E"}],"#,
            r#""endings": [],"#,
            r#""endings": [{"id": "e", "text": "E"}, {"id": "f", "text": "F"}],"#,
            r#""endings": [{"id": "e", "text": "E", "redirect": "/{answer:zz}"}],"#,
        ] {
            read(&format!(
                r#"{{"id": "s", {endings} "questions": [{{"id": "a", "text": "A", "kind": "nps", "next": {next}}},
                    {{"id": "b", "text": "B", "kind": "text"}}]}}"#
            ));
        }
    }
    let names: Vec<String> = (0..101).map(|it| format!("\"n{it}\": \"x\"")).collect();
    read(&format!(r#"{{"template": "csat", "custom": {{{}}}}}"#, names.join(",")));
    found.sort_by_key(|it| format!("{it:?}"));
    found.dedup();
    // Most of all kinds there are: else this tries too little to mean anything.
    assert!(found.len() >= 24, "{}", found.len());
}
