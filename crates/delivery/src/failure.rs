//! Why an endpoint does not take responses: a word for programs, and a sentence that somebody can act on.

/// Why a response was not delivered. The words are those of the event `sondeo:failed` (section 7 of the contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureReason {
    /// The page's content security policy forbids the endpoint.
    Policy,
    /// The page came by `https`, and the endpoint is `http`.
    MixedContent,
    /// The endpoint redirects.
    Redirect,
    /// The endpoint answers, but refuses the browser's preflight.
    Preflight,
    /// The endpoint does not let this page read its answer.
    Cors,
    /// Something answered that does not know the response.
    Unconfirmed,
    /// Nothing answers.
    Unreachable,
    /// The browser has no network.
    Offline,
    /// The endpoint says that it cannot take the response now.
    Unavailable,
    /// The endpoint says that it will never take the response.
    Refused,
    /// The response was tried in vain for thirty days, and is lost.
    Expired,
}

/// Each reason in the order of the enum, with its word.
const WORDS: [(FailureReason, &str); 11] = [
    (FailureReason::Policy, "policy"),
    (FailureReason::MixedContent, "mixed-content"),
    (FailureReason::Redirect, "redirect"),
    (FailureReason::Preflight, "preflight"),
    (FailureReason::Cors, "cors"),
    (FailureReason::Unconfirmed, "unconfirmed"),
    (FailureReason::Unreachable, "unreachable"),
    (FailureReason::Offline, "offline"),
    (FailureReason::Unavailable, "unavailable"),
    (FailureReason::Refused, "refused"),
    (FailureReason::Expired, "expired"),
];

/// What to do about each, in the same order; where there is no advice, the console shows the endpoint's own words. The engine
/// knows the words alone, so they stand apart.
const ADVICE: [&str; 11] = [
    "the page's content security policy forbids it (add the endpoint's origin to connect-src)",
    "a page on https may not post to http (give the endpoint an https address)",
    "it redirects, and a browser would lose the answer on the way (name the address that it leads to)",
    "it answers, but refuses the browser's preflight, or breaks off (answer OPTIONS with access-control-allow-origin and access-control-allow-headers, or try data-format=\"text\")",
    "it answers without access-control-allow-origin for this page (let it name the page's origin, to OPTIONS as well, or try data-format=\"text\")",
    "what answers is a page (text/html), comes from another address, or does not repeat the response's id, as data-confirm=\"id\" asks for",
    "nothing answers there (is the address right, and the server up? A blocker in the visitor's browser looks the same)",
    "this browser is offline",
    "",
    "",
    "",
];

impl FailureReason {
    /// Every reason, in the order of the table in the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(reason, _)| *reason)
    }

    /// The word of the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        WORDS.get(self as usize).map_or("", |it| it.1)
    }

    /// The reason that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|it| it.1 == word).map(|it| it.0)
    }

    /// What is wrong and what would mend it, for the console; empty where the endpoint's own words say it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        ADVICE.get(self as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{ADVICE, FailureReason, WORDS};

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (at, (reason, word)) in WORDS.iter().enumerate() {
            assert_eq!(*reason as usize, at, "{word}");
            assert_eq!(reason.as_str(), *word);
            assert_eq!(FailureReason::parse(word), Some(*reason));
        }
        assert_eq!(FailureReason::parse("nonsense"), None);
    }

    /// What endpoints' authors look up.
    #[test]
    fn the_table_is_in_the_documentation() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/endpoints.md");
        let text = std::fs::read_to_string(file).expect("the documentation");
        for ((_, word), advice) in WORDS.iter().zip(ADVICE) {
            let row = format!("| `{word}` | {advice}");
            assert!(text.contains(&row), "docs/endpoints.md has no row: {row}");
        }
    }

    /// What pages in TypeScript may compare with.
    #[test]
    fn the_words_are_those_of_the_type_declarations() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../loader/sondeo.d.ts");
        let text = std::fs::read_to_string(file).expect("the loader's types");
        let (_, after) = text.split_once("export type FailureReason =").expect("the union");
        let (union, _) = after.split_once(';').expect("its end");
        let words: Vec<&str> = union.split('"').skip(1).step_by(2).collect();
        let known: Vec<&str> = FailureReason::all().map(FailureReason::as_str).collect();
        // The loader's own word stands at the end.
        assert_eq!(words, [known, vec!["engine"]].concat());
    }
}
