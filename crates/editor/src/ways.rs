//! The ways of a survey, to be drawn: questions and ends, and what leads from one to another.

use crate::words::{any_of, quoted};
use crate::{Locale, Value, moments, texts};
use sondeo_model::{Condition, Language, Template};

/// What a drawing of the ways holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The questions in their order, then the ends.
    pub nodes: Vec<Node>,
    /// What leads from where to where, in the order in which the rules are tried.
    pub edges: Vec<Edge>,
}

/// A question or an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id; `end` for the thanks.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// What visitors read there, in the survey's main language.
    pub text: String,
    /// Whether some way leads there.
    pub is_reachable: bool,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// The question of this place, from 0.
    Question(usize),
    /// The ending of this place, from 0.
    Ending(usize),
    /// The thanks, where there are no endings.
    Thanks,
    /// Nothing: a rule leads there, and there is no such question or ending.
    Nowhere,
}

/// What leads from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The place of the node that it leaves, in [`Ways::nodes`].
    pub from: usize,
    /// The place of the node that it leads to.
    pub to: usize,
    /// When it is taken: `after 1 or 2`, `otherwise`; empty where it always is.
    pub label: String,
    /// The place of its rule in the question's `next`; `None` where it is what follows by itself.
    pub rule: Option<usize>,
}

/// The ways of a survey, also of one that cannot be asked yet.
#[must_use]
pub fn ways(survey: &Value, locale: Locale) -> Ways {
    let template = survey.text_of("template").and_then(Template::parse);
    let own = survey.get("questions");
    let language = Language::from_tag(locale.tag()).unwrap_or(Language::En);
    let templates =
        template.filter(|_| own.is_none()).map(|it| moments::questions(it, &[language]).0);
    let main = match templates {
        Some(_) => language.tag().to_owned(),
        None => texts::main_language(survey),
    };
    let questions = templates.as_ref().or(own).map_or(&[][..], Value::entries);
    let endings = survey.get("endings").map_or(&[][..], Value::entries);
    let mut nodes = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        nodes.push(node(question, NodeKind::Question(at), &main));
    }
    for (at, ending) in endings.iter().enumerate() {
        nodes.push(node(ending, NodeKind::Ending(at), &main));
    }
    if endings.is_empty() {
        let thanks = survey.get("thanks").and_then(|it| texts::said_in(it, &main, &main));
        let text = thanks.unwrap_or(locale.pick("Thank you!", "¡Gracias!")).to_owned();
        nodes.push(Node {
            id: "end".to_owned(),
            kind: NodeKind::Thanks,
            text,
            is_reachable: false,
        });
    }
    let end = questions.len();
    let mut edges = Vec::new();
    for (from, question) in questions.iter().enumerate() {
        let rules = question.get("next").map_or(&[][..], Value::entries);
        let mut is_decided = false;
        for (rule, place) in rules.iter().zip(0..) {
            let go = rule.text_of("go").unwrap_or_default();
            let to = match go {
                "end" => end,
                id => match nodes.iter().position(|node| node.id == id) {
                    Some(to) => to,
                    None => {
                        let (kind, text) = (NodeKind::Nowhere, String::new());
                        nodes.push(Node { id: id.to_owned(), kind, text, is_reachable: false });
                        nodes.len() - 1
                    }
                },
            };
            let condition = rule.text_of("if");
            let label = match condition {
                Some(condition) => label(condition, question, &main, locale),
                None if place > 0 => otherwise(locale),
                None => String::new(),
            };
            edges.push(Edge { from, to, label, rule: Some(place) });
            if condition.is_none() {
                is_decided = true;
                break;
            }
        }
        if !is_decided {
            let label = if rules.is_empty() { String::new() } else { otherwise(locale) };
            // The end stands behind the last question.
            edges.push(Edge { from, to: from + 1, label, rule: None });
        }
    }
    let mut open: Vec<usize> = vec![0];
    while let Some(at) = open.pop() {
        let Some(node) = nodes.get_mut(at).filter(|node| !node.is_reachable) else { continue };
        node.is_reachable = true;
        open.extend(edges.iter().filter(|edge| edge.from == at).map(|edge| edge.to));
    }
    Ways { nodes, edges }
}

fn node(thing: &Value, kind: NodeKind, main: &str) -> Node {
    let text = thing.get("text").and_then(|text| {
        let first = || texts::said(text).first().map(|(_, text)| *text);
        texts::said_in(text, main, main).or_else(first)
    });
    Node {
        id: thing.text_of("id").unwrap_or_default().to_owned(),
        kind,
        text: text.unwrap_or_default().to_owned(),
        is_reachable: false,
    }
}

fn otherwise(locale: Locale) -> String {
    locale.pick("otherwise", "en otro caso").to_owned()
}

/// A condition in words; one that cannot be read as it stands.
#[must_use]
pub fn label(condition: &str, question: &Value, main: &str, locale: Locale) -> String {
    let Some(parsed) = Condition::parse(condition) else { return condition.to_owned() };
    let name = |value: &str| answer(value, question, main, locale);
    match parsed {
        Condition::Always => String::new(),
        Condition::Skipped => locale.pick("without an answer", "sin respuesta").to_owned(),
        Condition::Between(low, high) => {
            let (least, most) = scale(question);
            let (low, high) = (low.max(least), high.min(most));
            let numbers: Vec<String> = (low..=high).map(|it| it.to_string()).collect();
            let numbers = match &numbers[..] {
                // Nobody can answer that; the problem of it stands beside the rule.
                [] => return condition.to_owned(),
                [first, .., last] if numbers.len() > 2 => {
                    locale.pick(format!("{first} to {last}"), format!("{first} a {last}"))
                }
                few => any_of(few, locale),
            };
            locale.pick(format!("after {numbers}"), format!("tras {numbers}"))
        }
        Condition::In(values) => {
            let names: Vec<String> = values.iter().map(|it| name(it)).collect();
            let names = any_of(&names, locale);
            locale.pick(format!("after {names}"), format!("tras {names}"))
        }
        Condition::NotIn(values) => {
            let names: Vec<String> = values.iter().map(|it| name(it)).collect();
            let names = any_of(&names, locale);
            locale.pick(
                format!("after anything but {names}"),
                format!("tras cualquier cosa menos {names}"),
            )
        }
    }
}

/// The lowest and the highest number that a question can be answered with.
fn scale(question: &Value) -> (i64, i64) {
    if question.text_of("kind") == Some("nps") {
        return (0, 10);
    }
    let points = match question.get("points") {
        Some(Value::Number(points)) => points.as_i64(),
        _ => question.get("labels").map(|labels| labels.entries().len() as i64),
    };
    (1, points.filter(|points| (2..=11).contains(points)).unwrap_or(5))
}

/// An answer as visitors know it.
fn answer(value: &str, question: &Value, main: &str, locale: Locale) -> String {
    let options = question.get("options").map_or(&[][..], Value::entries);
    let option = options.iter().find(|option| option.text_of("id") == Some(value));
    let text = option.and_then(|option| option.get("text"));
    if let Some(text) = text.and_then(|text| texts::said_in(text, main, main)) {
        return quoted(text, locale);
    }
    match (question.text_of("kind"), value) {
        (Some("yes-no"), "yes") => locale.pick("“Yes”", "«Sí»").to_owned(),
        (Some("yes-no"), "no") => locale.pick("“No”", "«No»").to_owned(),
        (Some("choice" | "choices"), "other") => locale.pick("“Other”", "«Otro»").to_owned(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeKind, ways};
    use crate::{Locale, Value};

    /// Expects these edges, each as `from > to: label`, and these questions that nobody reaches.
    #[track_caller]
    fn check(text: &str, locale: Locale, edges: &[&str], unreachable: &[&str]) {
        let survey: Value = serde_json::from_str(text).expect("JSON");
        let ways = ways(&survey, locale);
        let name = |at: usize| ways.nodes[at].id.as_str();
        let found: Vec<_> = ways
            .edges
            .iter()
            .map(|edge| format!("{} > {}: {}", name(edge.from), name(edge.to), edge.label))
            .collect();
        assert_eq!(found, edges);
        let lost = ways.nodes.iter().filter(|node| !node.is_reachable);
        assert_eq!(lost.map(|node| node.id.as_str()).collect::<Vec<_>>(), unreachable);
    }

    const SURVEY: &str = r#"{"questions": [
        {"id": "a", "kind": "likert", "text": "A?", "points": 7, "next": [
            {"if": "<=2", "go": "c"}, {"if": ">=5", "go": "praise"}, {"if": "=3", "go": "gone"}]},
        {"id": "b", "kind": "choice", "text": "B?", "other": true,
            "options": [{"id": "x", "text": "Price"}, {"id": "y", "text": "Speed"}],
            "next": [{"if": "in:x,other", "go": "end"}, {"if": "!=y", "go": "c"}, {"go": "e"}]},
        {"id": "c", "kind": "yes-no", "text": "C?", "next": [{"if": "=no", "go": "e"}, {"go": "end"}]},
        {"id": "d", "kind": "text", "text": "D?"},
        {"id": "e", "kind": "text", "text": "E?", "next": [{"if": "skipped", "go": "praise"}]}],
        "endings": [{"id": "bye", "text": "Bye"}, {"id": "praise", "text": "Praise"}]}"#;

    #[test]
    fn ways_in_words() {
        check(
            SURVEY,
            Locale::English,
            &[
                "a > c: after 1 or 2",
                "a > praise: after 5 to 7",
                "a > gone: after 3",
                "a > b: otherwise",
                "b > bye: after “Price” or “Other”",
                "b > c: after anything but “Speed”",
                "b > e: otherwise",
                "c > e: after “No”",
                "c > bye: otherwise",
                "d > e: ",
                "e > praise: without an answer",
                "e > bye: otherwise",
            ],
            &["d"],
        );
        check(
            r#"{"template": "post-purchase"}"#,
            Locale::Spanish,
            &["satisfaction > why: tras 1 o 2", "satisfaction > end: en otro caso", "why > end: "],
            &[],
        );
        check(r#"{"id": "a"}"#, Locale::English, &[], &[]);
    }

    #[test]
    fn what_is_not_there_is_a_node_of_its_own() {
        let survey: Value = serde_json::from_str(SURVEY).expect("JSON");
        let ways = ways(&survey, Locale::English);
        let gone = ways.nodes.iter().find(|node| node.id == "gone").expect("a node");
        assert_eq!(gone.kind, NodeKind::Nowhere);
    }
}
