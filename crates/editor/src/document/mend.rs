//! What else changes when an id changes or goes: ways, conditions, names of fields, addresses that hold an answer.

use crate::{Locale, Value, pointer};
use sondeo_model::is_name;

/// Something that was changed so that it leads nowhere wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// A way leads elsewhere.
    Way {
        /// The id of the question that it leaves.
        question: String,
        /// The id that it led to.
        from: String,
        /// The id that it leads to now, or `end`.
        to: String,
    },
    /// A condition names something else.
    Condition {
        /// The id of the question that it is about.
        question: String,
        /// What it was.
        before: String,
        /// What it is; empty where it always holds.
        after: String,
    },
    /// A rule that could never hold any more is gone.
    RuleRemoved {
        /// The id of the question that it was about.
        question: String,
        /// Its condition.
        condition: String,
    },
    /// The rules of a question all led to the same place, and are one or none now.
    RulesJoined {
        /// The id of the question.
        question: String,
    },
    /// The endpoint's name for a question belongs to its new id, or is gone with it.
    Field {
        /// The id that it belonged to.
        question: String,
        /// The new id, where there is one.
        to: Option<String>,
    },
    /// The address of an ending held an answer, whose question has a new id or is gone.
    Address {
        /// The id of the ending.
        ending: String,
        /// The id of the question.
        question: String,
        /// The new id, where there is one.
        to: Option<String>,
    },
}

impl Mended {
    /// What was changed, for whoever edits.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::Way { question, from, to } if to == "end" => locale.pick(
                format!("The way from “{question}” to “{from}” leads to the end now."),
                format!("El camino de «{question}» a «{from}» lleva ahora al final."),
            ),
            Self::Way { question, from, to } => locale.pick(
                format!("The way from “{question}” to “{from}” leads to “{to}” now."),
                format!("El camino de «{question}» a «{from}» lleva ahora a «{to}»."),
            ),
            Self::Condition { question, before, after } if after.is_empty() => locale.pick(
                format!("The condition “{before}” of “{question}” is gone: its way is always taken."),
                format!("La condición «{before}» de «{question}» desaparece: su camino se toma siempre."),
            ),
            Self::Condition { question, before, after } => locale.pick(
                format!("The condition “{before}” of “{question}” is “{after}” now."),
                format!("La condición «{before}» de «{question}» es ahora «{after}»."),
            ),
            Self::RuleRemoved { question, condition } => locale.pick(
                format!("The way “{condition}” of “{question}” is gone: nobody could take it any more."),
                format!("El camino «{condition}» de «{question}» desaparece: ya nadie podía tomarlo."),
            ),
            Self::RulesJoined { question } => locale.pick(
                format!("All ways of “{question}” lead to the same place, so it has one."),
                format!("Todos los caminos de «{question}» llevan al mismo sitio, así que queda uno."),
            ),
            Self::Field { question, to: Some(to) } => locale.pick(
                format!("The endpoint’s field for “{question}” belongs to “{to}” now."),
                format!("El campo del destino para «{question}» corresponde ahora a «{to}»."),
            ),
            Self::Field { question, to: None } => locale.pick(
                format!("The endpoint’s field for “{question}” is gone with it."),
                format!("El campo del destino para «{question}» se quita con ella."),
            ),
            Self::Address { ending, question, to: Some(to) } => locale.pick(
                format!("The address of the ending “{ending}” holds the answer to “{to}” now (it was “{question}”)."),
                format!("La dirección del final «{ending}» lleva ahora la respuesta a «{to}» (antes «{question}»)."),
            ),
            Self::Address { ending, question, to: None } => locale.pick(
                format!("The address of the ending “{ending}” holds no answer to “{question}” any more."),
                format!("La dirección del final «{ending}» ya no lleva la respuesta a «{question}»."),
            ),
        }
    }
}

/// What has an id that others name.
enum Thing {
    Question(usize),
    Ending,
    Option(usize),
}

impl Thing {
    fn of(parts: &[String]) -> Option<Self> {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts[..] {
            ["questions", at] => Some(Self::Question(at.parse().ok()?)),
            ["endings", _] => Some(Self::Ending),
            ["questions", at, "options", _] => Some(Self::Option(at.parse().ok()?)),
            _ => None,
        }
    }
}

/// Writes a new id wherever the old one stands, before it is set at `pointer`.
pub(super) fn renamed(root: &mut Value, pointer: &str, new: &str) -> Vec<Mended> {
    let Some((thing_pointer, key)) = pointer::split(pointer) else { return Vec::new() };
    let parts = pointer::parts(thing_pointer);
    let Some(thing) = Thing::of(&parts).filter(|_| key == "id") else { return Vec::new() };
    let Some(old) = root.at(pointer).and_then(Value::as_text).map(str::to_owned) else {
        return Vec::new();
    };
    let Some((list, _)) = pointer::split(thing_pointer) else { return Vec::new() };
    let entries = root.at(list).map_or(&[][..], Value::entries);
    let count = |id: &str| entries.iter().filter(|it| it.text_of("id") == Some(id)).count();
    // Which of two is meant by an id that both have, nobody knows.
    if old == new || !is_name(new) || count(&old) != 1 || count(new) > 0 {
        return Vec::new();
    }
    match thing {
        Thing::Question(_) => {
            let mut mended = lead(root, &old, new);
            mended.extend(fields(root, &old, Some(new)));
            mended.extend(addresses(root, &old, Some(new)));
            mended
        }
        Thing::Ending => lead(root, &old, new),
        Thing::Option(question) => conditions(root, question, &old, Some(new)),
    }
}

/// Mends a survey that something was taken from.
pub(super) fn removed(before: &Value, root: &mut Value, pointer: &str) -> Vec<Mended> {
    let Some(thing) = Thing::of(&pointer::parts(pointer)) else { return Vec::new() };
    let Some(taken) = before.at(pointer) else { return Vec::new() };
    let Some(id) = taken.text_of("id") else { return Vec::new() };
    let Some((list, _)) = pointer::split(pointer) else { return Vec::new() };
    let rest = root.at(list).map_or(&[][..], Value::entries);
    if rest.iter().any(|it| it.text_of("id") == Some(id)) {
        return Vec::new();
    }
    match thing {
        Thing::Question(at) => {
            // On to where it led by itself: no way can become a circle by that.
            let rules = taken.get("next").map_or(&[][..], Value::entries);
            let always = rules.iter().find(|rule| rule.get("if").is_none());
            let following = root.at(&format!("/questions/{at}")).and_then(|it| it.text_of("id"));
            let own = always.and_then(|rule| rule.text_of("go")).filter(|go| *go != id);
            let to = own.or(following).unwrap_or("end").to_owned();
            let mut mended = lead(root, id, &to);
            mended.extend(fields(root, id, None));
            mended.extend(addresses(root, id, None));
            mended.extend(join_rules(root, &mended));
            mended
        }
        Thing::Ending => {
            let mut mended = lead(root, id, "end");
            mended.extend(join_rules(root, &mended));
            mended
        }
        Thing::Option(question) => {
            let mut mended = conditions(root, question, id, None);
            mended.extend(join_rules(root, &mended));
            mended
        }
    }
}

fn questions(root: &mut Value) -> impl Iterator<Item = &mut Value> {
    root.at_mut("/questions").and_then(Value::entries_mut).into_iter().flatten()
}

fn id_of(thing: &Value) -> String {
    thing.text_of("id").unwrap_or_default().to_owned()
}

/// Lets every way to `old` lead to `new`.
fn lead(root: &mut Value, old: &str, new: &str) -> Vec<Mended> {
    let mut mended = Vec::new();
    for question in questions(root) {
        let id = id_of(question);
        let rules = question.at_mut("/next").and_then(Value::entries_mut);
        for rule in rules.into_iter().flatten() {
            if let Some(go) = rule.at_mut("/go").filter(|go| go.as_text() == Some(old)) {
                *go = new.into();
                let (question, from, to) = (id.clone(), old.to_owned(), new.to_owned());
                mended.push(Mended::Way { question, from, to });
            }
        }
    }
    mended
}

fn fields(root: &mut Value, old: &str, new: Option<&str>) -> Vec<Mended> {
    let Some(members) = root.at_mut("/fields").and_then(Value::members_mut) else {
        return Vec::new();
    };
    let Some(at) = members.iter().position(|(name, _)| name == old) else { return Vec::new() };
    match new {
        Some(new) => members[at].0 = new.to_owned(),
        None => {
            members.remove(at);
            if members.is_empty() {
                // It is there: its members were just read.
                let _ = super::take(root, "/fields");
            }
        }
    }
    vec![Mended::Field { question: old.to_owned(), to: new.map(str::to_owned) }]
}

fn addresses(root: &mut Value, old: &str, new: Option<&str>) -> Vec<Mended> {
    let place = format!("{{answer:{old}}}");
    let filled = new.map(|new| format!("{{answer:{new}}}")).unwrap_or_default();
    let endings = root.at_mut("/endings").and_then(Value::entries_mut);
    let mut mended = Vec::new();
    for ending in endings.into_iter().flatten() {
        let id = id_of(ending);
        let Some(redirect) = ending.at_mut("/redirect") else { continue };
        let Some(url) = redirect.as_text().filter(|url| url.contains(&place)) else { continue };
        *redirect = url.replace(&place, &filled).into();
        mended.push(Mended::Address {
            ending: id,
            question: old.to_owned(),
            to: new.map(str::to_owned),
        });
    }
    mended
}

/// Names an option anew in the conditions of its question, or takes it out of them.
fn conditions(root: &mut Value, question: usize, old: &str, new: Option<&str>) -> Vec<Mended> {
    let Some(question) = root.at_mut(&format!("/questions/{question}")) else { return Vec::new() };
    let id = id_of(question);
    let mut mended = Vec::new();
    let Some(rules) = question.at_mut("/next").and_then(Value::entries_mut) else {
        return mended;
    };
    rules.retain_mut(|rule| {
        let Some(before) = rule.text_of("if").map(str::to_owned) else { return true };
        let question = id.clone();
        match rewritten(&before, old, new) {
            Rewritten::Same => true,
            Rewritten::To(after) => {
                if let Some(condition) = rule.at_mut("/if") {
                    *condition = after.as_str().into();
                }
                mended.push(Mended::Condition { question, before, after });
                true
            }
            Rewritten::Never => {
                mended.push(Mended::RuleRemoved { question, condition: before });
                false
            }
            Rewritten::Always => {
                if let Some(members) = rule.members_mut() {
                    members.retain(|(name, _)| name != "if");
                }
                mended.push(Mended::Condition { question, before, after: String::new() });
                true
            }
        }
    });
    if rules.is_empty() {
        let _ = super::take(question, "/next");
    }
    mended
}

enum Rewritten {
    Same,
    To(String),
    Never,
    Always,
}

fn rewritten(condition: &str, old: &str, new: Option<&str>) -> Rewritten {
    let trimmed = condition.trim();
    let (operator, values) = if let Some(values) = trimmed.strip_prefix("in:") {
        ("in:", values)
    } else if let Some(value) = trimmed.strip_prefix("!=") {
        ("!=", value)
    } else if let Some(value) = trimmed.strip_prefix('=') {
        ("=", value)
    } else {
        return Rewritten::Same;
    };
    let values: Vec<&str> = values.split(',').map(str::trim).collect();
    if !values.contains(&old) {
        return Rewritten::Same;
    }
    let values: Vec<&str> =
        values.into_iter().filter_map(|it| if it == old { new } else { Some(it) }).collect();
    match (values.is_empty(), operator) {
        (true, "!=") => Rewritten::Always,
        (true, _) => Rewritten::Never,
        (false, _) => Rewritten::To([operator, &values.join(",")].concat()),
    }
}

/// Makes one rule, or none, of rules that all lead to the same place since they were mended.
fn join_rules(root: &mut Value, mended: &[Mended]) -> Vec<Mended> {
    let ids: Vec<String> =
        root.get("questions").map_or(&[][..], Value::entries).iter().map(id_of).collect();
    let mut joined = Vec::new();
    for (at, question) in questions(root).enumerate() {
        let id = id_of(question);
        let is_mended = mended.iter().any(|it| {
            matches!(it, Mended::Way { question, .. }
                | Mended::Condition { question, .. }
                | Mended::RuleRemoved { question, .. } if *question == id)
        });
        let rules = question.get("next").map_or(&[][..], Value::entries).to_vec();
        if !is_mended || rules.is_empty() {
            continue;
        }
        let usual = ids.get(at + 1).map_or("end", String::as_str);
        let always = rules.iter().position(|rule| rule.get("if").is_none());
        // Rules after one that always holds are never reached.
        let rules = &rules[..always.map_or(rules.len(), |at| at + 1)];
        let goes = |rule: &Value| rule.text_of("go").map(str::to_owned);
        let last =
            if always.is_some() { goes(&rules[rules.len() - 1]) } else { Some(usual.to_owned()) };
        let Some(last) = last.filter(|last| rules.iter().all(|it| goes(it).as_ref() == Some(last)))
        else {
            continue;
        };
        if last == usual {
            let _ = super::take(question, "/next");
        } else if rules.len() > 1 {
            if let Some(next) = question.at_mut("/next") {
                *next = vec![Value::object([("go", last)])].into();
            }
        } else {
            continue;
        }
        joined.push(Mended::RulesJoined { question: id });
    }
    joined
}
