//! `sondeo.d.ts` is what pages in TypeScript need: README's lines and a script that uses everything compile, what is wrong
//! does not, and a survey has the keys and words of the schema.

#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value as Json;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

const OPTIONS: &str = r#"{ "compilerOptions": { "strict": true, "noEmit": true, "target": "es2022", "types": [],
    "lib": ["es2022", "dom", "dom.iterable"], "module": "esnext", "moduleResolution": "bundler",
    "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true }, "include": ["*.ts"] }"#;

/// Compiles these files beside the types that ship; what the compiler has against them.
fn compile(files: &[(&str, &str)]) -> Option<Result<(), String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiler = root.join("loader/node_modules/.bin/tsc");
    if !compiler.exists() {
        let _ = writeln!(std::io::stderr(), "not run: `cargo xtask setup` installs TypeScript");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let types = include_str!("../loader/sondeo.d.ts");
    for (name, text) in [("sondeo.d.ts", types), ("tsconfig.json", OPTIONS)].iter().chain(files) {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let output = Command::new(compiler).current_dir(folder.path()).output().expect("tsc");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

#[track_caller]
fn compiles(files: &[(&str, &str)]) {
    if let Some(Err(said)) = compile(files) {
        panic!("{said}{files:?}");
    }
}

/// All that stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

#[test]
fn the_lines_of_the_documentation_compile() {
    let page = include_str!("../docs/page.md");
    let scripts = between(page, "\n<script>\n", "</script>");
    assert!(scripts.iter().any(|it| it.contains("sondeo.q.push")), "{scripts:?}");
    // Each is a script of its own, and none a module.
    for script in scripts {
        compiles(&[("page.ts", script)]);
    }
    let row = page.lines().find(|line| line.starts_with("| from JavaScript |")).expect("its row");
    let calls: Vec<_> = row.split('`').skip(1).step_by(2).collect();
    assert!(calls.len() > 4, "{calls:?}");
    let lines: String =
        calls.iter().map(|call| call.replace('…', "console.log(it)") + ";\n").collect();
    compiles(&[("page.ts", &format!("{lines}export {{}};\n"))]);
}

#[test]
fn a_script_that_uses_everything_compiles() {
    compiles(&[("everything.ts", include_str!("types/everything.ts"))]);
}

#[test]
fn what_is_wrong_does_not_compile() {
    compiles(&[("refused.ts", include_str!("types/refused.ts"))]);
    // It is the file that knows, and not something else on the way.
    let Some(said) = compile(&[("page.ts", "sondeo.show(7);")]) else { return };
    assert!(said.is_err_and(|it| it.contains("page.ts(1,13)")), "a number is no survey");
}

#[test]
fn a_survey_has_the_keys_and_words_of_the_schema() {
    let schema: Json =
        serde_json::from_str(include_str!("../docs/survey.schema.json")).expect("JSON");
    let mut lines = String::from(
        "import type { ChoiceOption, Question, Rule, Survey, SurveyImage } from \"./sondeo\";\n\
         type Keys<T> = T extends unknown ? keyof T : never;\n\
         type Member<T, K extends PropertyKey> = T extends { [_ in K]?: infer V } ? NonNullable<V> : never;\n\
         type Words<T> = Extract<T, unknown[]> extends never ? T : Extract<T, unknown[]>[number];\n\
         type All<T extends PropertyKey> = Record<T, 1>;\n",
    );
    let mut known = Vec::new();
    let mut check = |of: &str, properties: &Json| {
        let properties = properties.as_object().expect("keys");
        let keys: String = properties.keys().map(|key| format!("\"{key}\": 1, ")).collect();
        let _ = writeln!(lines, "({{ {keys}}}) satisfies All<Keys<{of}>>;");
        for (key, value) in properties {
            known.push(format!("{of}.{key}"));
            let of_list = value["anyOf"][1]["items"]["enum"].as_array();
            let Some(words) = value["enum"].as_array().or(of_list) else { continue };
            let words: String = words.iter().map(|word| format!("{word}: 1, ")).collect();
            let _ =
                writeln!(lines, "({{ {words}}}) satisfies All<Words<Member<{of}, \"{key}\">>>;");
        }
    };
    let defs = &schema["$defs"];
    check("Survey", &defs["survey"]["properties"]);
    for variant in defs["question"]["allOf"].as_array().expect("kinds") {
        let kind = &variant["if"]["properties"]["kind"]["const"];
        // What is `true` there is common to all kinds.
        let mut properties = variant["then"]["properties"].clone();
        let own = properties.as_object_mut().expect("keys");
        own.insert("kind".to_owned(), serde_json::json!({"enum": [kind]}));
        // What this kind may not have.
        own.retain(|_, value| *value != Json::Bool(false));
        check(&format!("Extract<Question, {{ kind: {kind} }}>"), &properties);
    }
    check("ChoiceOption", &defs["option"]["properties"]);
    check("SurveyImage", &defs["image"]["properties"]);
    check("Rule", &defs["rule"]["properties"]);
    compiles(&[("schema.ts", &lines)]);
    assert!(known.iter().any(|it| it == "Survey.display") && known.len() > 80, "{known:?}");
}

/// A survey file is what `sondeo.add` takes.
#[test]
fn the_surveys_of_the_documentation_compile() {
    let text = include_str!("../docs/surveys.md");
    let files = between(text, "\n```json\n", "\n```");
    assert!(files.len() > 5, "{files:?}");
    let lines: String = files.iter().map(|file| format!("sondeo.add({file});\n")).collect();
    compiles(&[("page.ts", &lines)]);
}
