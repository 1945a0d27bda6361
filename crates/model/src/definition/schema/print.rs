//! JSON for people: two spaces further in for each level, and what is short in one line.

use crate::json::{Json, Writer};

const WIDTH: usize = 100;

/// The document, with a line end.
pub(super) fn pretty(json: &Json) -> String {
    let mut out = String::new();
    lines(json, 0, &mut out);
    out.push('\n');
    out
}

fn lines(json: &Json, level: usize, out: &mut String) {
    let line = flat(json);
    let before = out.rfind('\n').map_or(out.len(), |end| out.len() - end - 1);
    let (open, close, entries): (_, _, Vec<_>) = match json {
        Json::Object(members) if before + line.len() > WIDTH => {
            ('{', '}', members.iter().map(|(key, value)| (string(key) + ": ", value)).collect())
        }
        Json::List(list) if before + line.len() > WIDTH => {
            ('[', ']', list.iter().map(|value| (String::new(), value)).collect())
        }
        _ => return out.push_str(&line),
    };
    let indent = |level| "  ".repeat(level);
    out.push(open);
    for (at, (key, value)) in entries.iter().enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        out.push_str(&indent(level + 1));
        out.push_str(key);
        lines(value, level + 1, out);
    }
    out.push('\n');
    out.push_str(&indent(level));
    out.push(close);
}

fn flat(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Boolean(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        Json::Text(text) => string(text),
        Json::List(list) => {
            let entries: Vec<_> = list.iter().map(flat).collect();
            format!("[{}]", entries.join(", "))
        }
        Json::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| string(key) + ": " + &flat(value)).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

fn string(text: &str) -> String {
    let mut writer = Writer::default();
    writer.string(text);
    writer.finish()
}
