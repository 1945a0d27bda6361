use crate::rich_text::is_address;
use crate::{Answer, Duration, LocalizedText, Response, Text, Value};

/// What the visitor meets at the end of one way through a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Names the ending; rules lead to it by this.
    pub id: Text,
    /// What the visitor reads. It may hold links.
    pub text: LocalizedText,
    /// A link that looks like a button.
    pub button: Option<EndingButton>,
    /// Where the visitor is led by itself.
    pub redirect: Option<Redirect>,
}

/// The button of an ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingButton {
    /// What the visitor reads.
    pub text: LocalizedText,
    /// Where the button leads; relative addresses resolve against the page.
    pub url: String,
}

/// Where a visitor is led once the response is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The address, with places to be filled: [`Redirect::fill`].
    pub url: String,
    /// The time between that and the end of the survey.
    pub after: Duration,
}

impl Redirect {
    /// The address with its places filled: `{id}` with the response's id, `{answer:QUESTION}` with the answer to a
    /// question, `{custom:NAME}` with what the page passes through; each encoded by `encode`, and empty where there is
    /// nothing.
    pub fn fill(&self, response: &Response, encode: &dyn Fn(&str) -> String) -> String {
        let mut filled = String::new();
        for (at, piece) in self.url.split(['{', '}']).enumerate() {
            match piece.split_once(':') {
                _ if at % 2 == 0 => filled.push_str(piece),
                Some(("answer", question)) => {
                    let answer = response.answers.iter().find(|it| it.question == question);
                    filled.push_str(&encode(&answer.map(words).unwrap_or_default()));
                }
                Some((_, name)) => {
                    let custom = response.custom.iter().find(|(known, _)| known == name);
                    filled.push_str(&encode(custom.map_or("", |(_, value)| value)));
                }
                None => filled.push_str(&response.id.to_text()),
            }
        }
        filled
    }
}

/// An answer as authors write it: a number, `yes` or `no`, the id of an option, or of several with commas.
fn words(answer: &Answer) -> String {
    match &answer.value {
        Value::Boolean(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Value::Integer(number) => crate::format_int(*number),
        Value::Text(text) => text.clone(),
        Value::Options(options) => options.join(","),
    }
}

/// The places of an address: `answer:QUESTION`, `id`, `custom:NAME`; `None` where a brace stands alone.
pub(crate) fn places(url: &str) -> Option<Vec<&str>> {
    let mut places = Vec::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}')?;
        if before.contains('}') || place.contains('{') {
            return None;
        }
        places.push(place);
        rest = after;
    }
    (!rest.contains('}')).then_some(places)
}

/// Whether a page may lead there: an absolute address of the web, or one that is relative to the page. No place may
/// stand where its value could become the scheme.
pub(crate) fn is_destination(url: &str) -> bool {
    let scheme_ends = url.bytes().position(|byte| b":/?#{".contains(&byte));
    match scheme_ends.map(|at| url.as_bytes()[at]) {
        Some(b':') => is_address(url) && !url.starts_with(['m', 'M']),
        Some(b'{') => false,
        _ => !url.trim().is_empty() && url.trim() == url,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_destination, places};

    #[test]
    fn only_the_web_is_a_destination() {
        for good in [
            "https://a.example/r?id={id}",
            "HTTP://a.example",
            "/review",
            "review?x=a:b",
            "?a",
            "#a",
            "a/b:c",
        ] {
            assert!(is_destination(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "javascript:alert(1)",
            "data:text/html,a",
            "mailto:a@b.example",
            "{id}",
            "java{id}:x",
            "https:a",
            " /a",
            "\tjavascript:x",
            "ftp://a.example",
        ] {
            assert!(!is_destination(bad), "{bad}");
        }
    }

    #[test]
    fn places_stand_in_braces() {
        assert_eq!(places("/a?x={id}&y={answer:q}"), Some(vec!["id", "answer:q"]));
        assert_eq!(places("/a"), Some(vec![]));
        for bad in ["/a{", "/a}", "/{a{b}}", "/}{"] {
            assert_eq!(places(bad), None, "{bad}");
        }
    }
}
