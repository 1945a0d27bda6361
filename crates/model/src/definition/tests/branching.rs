//! Where the rules lead.

use super::*;

/// Expects this about three questions, of which the first two have these rules.
#[track_caller]
fn ways(first: &str, second: &str, is_asked: bool, expected: &[&str]) {
    let text = format!(
        r#"{{"id": "s", "questions": [
            {{"id": "first", "kind": "likert", "text": "?", "next": {first}}},
            {{"id": "second", "kind": "yes-no", "text": "?", "required": false, "next": {second}}},
            {{"id": "third", "kind": "text", "text": "?"}}]}}"#
    );
    let expected: Vec<_> = expected.iter().map(|line| format!(".questions{line}")).collect();
    check(&text, is_asked, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn ways_that_lead_nowhere_or_round_are_refused() {
    ways("[]", "[]", true, &[]);
    ways(r#"[{"if": "<=2", "go": "third"}]"#, r#"[{"if": "skipped", "go": "end"}]"#, true, &[]);
    ways(
        r#"[{"go": "thrid"}]"#,
        "[]",
        false,
        &[r#"[0].next[0].go "thrid" is not a question of this survey (try "third")"#],
    );
    ways(
        r#"[{"if": "=1", "go": "first"}]"#,
        "[]",
        false,
        &["[0].next leads back to this question (no way may be a circle)"],
    );
    // The question whose rule leads back is named, not the one that it leads to.
    ways(
        "[]",
        r#"[{"if": "=no", "go": "first"}]"#,
        false,
        &["[1].next leads back to this question (no way may be a circle)"],
    );
    // Back, and yet no circle.
    let back = r#"{"id": "s", "questions": [
        {"id": "a", "kind": "nps", "text": "?", "next": [{"go": "c"}]},
        {"id": "b", "kind": "nps", "text": "?", "next": [{"go": "end"}]},
        {"id": "c", "kind": "nps", "text": "?", "next": [{"go": "b"}]}]}"#;
    check(back, true, &[]);
}

#[test]
fn ways_that_are_never_gone_are_named_and_the_survey_is_asked() {
    ways(
        r#"[{"go": "end"}, {"if": "=1", "go": "second"}, {"go": "third"}]"#,
        "[]",
        true,
        &[
            "[0].next[1].go is never reached: a rule before it always holds",
            "[0].next[2].go is never reached: a rule before it always holds",
            "[1] is never asked: no rule leads to it",
            "[2] is never asked: no rule leads to it",
        ],
    );
    ways(r#"[{"go": "third"}]"#, "[]", true, &["[1] is never asked: no rule leads to it"]);
    let never = "compares with something that is never answered to this question";
    for comparison in ["=yes", "=6", "in:1,6", ">5", "<=0", "=03"] {
        let rule = format!(r#"[{{"if": "{comparison}", "go": "end"}}]"#);
        ways(&rule, "[]", true, &[&format!("[0].next[0].if {never}")]);
    }
    for comparison in ["=maybe", "<=2", "!=true", "in:yes,2"] {
        let rule = format!(r#"[{{"if": "{comparison}", "go": "end"}}]"#);
        ways("[]", &rule, true, &[&format!("[1].next[0].if {never}")]);
    }
    ways(
        r#"[{"if": "skipped", "go": "end"}]"#,
        "[]",
        true,
        &["[0].next[0].if never holds: the question is required"],
    );
    for comparison in ["<=5", ">=1", "<2", ">4", "=5", "!=1", "in:1,5"] {
        let rule = format!(r#"[{{"if": "{comparison}", "go": "end"}}]"#);
        ways(
            &rule,
            r#"[{"if": "!=yes", "go": "end"}, {"if": "in:yes,no", "go": "third"}]"#,
            true,
            &[],
        );
    }
}

#[test]
fn rules_that_cannot_be_read_are_named() {
    ways("5", "[]", false, &["[0].next 5 is not a list"]);
    ways(r#"["second"]"#, "[]", false, &["[0].next[0] \"second\" is not an object"]);
    ways(
        r#"[{"if": "2", "got": "end"}]"#,
        "[]",
        false,
        &[
            r#"[0].next[0].got is not a key that is known here (try "go")"#,
            r#"[0].next[0].if "2" is not a comparison (try "<=2")"#,
            r#"[0].next[0].go is missing (try "end")"#,
        ],
    );
    ways(
        r#"[{"if": null, "go": "End"}]"#,
        "[]",
        false,
        &[
            r#"[0].next[0].if null is not a comparison (try "<=2")"#,
            r#"[0].next[0].go "End" is not the id of a question or an ending, or "end" (try "end")"#,
        ],
    );
}
