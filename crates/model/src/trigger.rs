use crate::limits::{LONGEST_NAME, clip};
use crate::{Duration, Text};

/// What happens on the page that makes a survey due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// The page has loaded and is visible.
    Load,
    /// It is the visitor's visit of this number, from 1.
    Visit(u32),
    /// The page reports the event of this name: by `sondeo.track`, as a DOM event that reaches
    /// `document`, or through `window.dataLayer`.
    Event(Text),
    /// An element that this selector means is clicked.
    Click(Text),
    /// A form that this selector means is submitted.
    Submit(Text),
    /// An element that this selector means is half in view.
    Visible(Text),
    /// The page is scrolled to this share of its height, in per cent.
    Scroll(u8),
    /// The visitor is about to leave.
    Exit,
    /// Nothing was done on the page for this time.
    Idle(Duration),
    /// The page was visible for this time.
    Dwell(Duration),
    /// A conversation ends in a chat on the page.
    ChatEnd,
    /// Nothing on the page; only `sondeo.show` or a link.
    Manual,
}

impl Trigger {
    /// Example words for messages about a trigger that could not be read.
    pub const KEYWORDS: &[&str] = &[
        "load",
        "manual",
        "first-visit",
        "visit:3",
        "event:purchase",
        "click:.cancel",
        "submit:.contact",
        "visible:footer",
        "scroll:50%",
        "exit",
        "idle:30s",
        "dwell:30s",
        "chat-end",
    ];

    /// The trigger that one word of `data-trigger` names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let (name, about) = match word.split_once(':') {
            Some((name, about)) if !about.is_empty() => (name, about),
            Some(_) => return None,
            None => (word, ""),
        };
        let text = || Text::from(about.to_owned());
        Some(match (name, about) {
            ("load", "") => Self::Load,
            ("first-visit", "") => Self::Visit(1),
            ("exit", "") => Self::Exit,
            ("chat-end", "") => Self::ChatEnd,
            ("manual", "") => Self::Manual,
            (_, "") => return None,
            ("visit", _) => Self::Visit(
                crate::parse_int(about).filter(|number| (1..=9_999).contains(number))? as u32,
            ),
            ("event", _) => Self::Event(text()),
            ("click", _) => Self::Click(text()),
            ("submit", _) => Self::Submit(text()),
            ("visible", _) => Self::Visible(text()),
            ("scroll", _) => {
                let share = crate::parse_int(about.strip_suffix('%')?)?;
                Self::Scroll(Some(share).filter(|share| (0..=100).contains(share))? as u8)
            }
            ("idle", _) => Self::Idle(Duration::parse(about)?),
            ("dwell", _) => Self::Dwell(Duration::parse(about)?),
            _ => return None,
        })
    }

    /// The CSS selector that it is about.
    #[must_use]
    pub fn selector(&self) -> Option<&str> {
        match self {
            Self::Click(css) | Self::Submit(css) | Self::Visible(css) => Some(css),
            _ => None,
        }
    }

    /// The word as authors write it, which is also how the response names it; of a long one, the beginning
    /// that a response may hold.
    #[must_use]
    pub fn to_text(&self) -> Text {
        let about =
            |name: &str, about: &str| clip(&[name, about].concat(), LONGEST_NAME).to_owned().into();
        match self {
            Self::Load => "load".into(),
            Self::Visit(1) => "first-visit".into(),
            Self::Visit(number) => about("visit:", &crate::format_int((*number).into())),
            Self::Event(name) => about("event:", name),
            Self::Click(selector) => about("click:", selector),
            Self::Submit(selector) => about("submit:", selector),
            Self::Visible(selector) => about("visible:", selector),
            Self::Scroll(share) => {
                ["scroll:", &crate::format_int((*share).into()), "%"].concat().into()
            }
            Self::Exit => "exit".into(),
            Self::Idle(time) => about("idle:", &time.to_text()),
            Self::Dwell(time) => about("dwell:", &time.to_text()),
            Self::ChatEnd => "chat-end".into(),
            Self::Manual => "manual".into(),
        }
    }
}

/// The words of a list, separated by spaces. One that holds a space stands in single quotes, which may
/// begin after its name: `click:'.cart button'`. Quotes inside a word are its own: `click:[name='size']`.
/// A name ends with the first of these characters.
#[must_use]
pub(crate) fn split(list: &str, name_ends: &[char]) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut characters = list.chars().peekable();
    while let Some(character) = characters.next() {
        let ends = characters.peek().is_none_or(char::is_ascii_whitespace);
        let begins = words.last().is_some_and(|word| {
            let name = word.trim_end_matches(name_ends);
            word.is_empty() || name.len() < word.len() && !name.contains(name_ends)
        });
        if character == '\'' && if quoted { ends } else { begins } {
            quoted = !quoted;
        } else if character.is_ascii_whitespace() && !quoted {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Trigger, split};

    #[test]
    fn a_trigger_is_written_as_it_is_read() {
        for word in [
            "load",
            "manual",
            "first-visit",
            "visit:3",
            "event:order-completed",
            "event:a:b",
            "click:a:hover",
            "submit:[data-x]",
            "visible:#end",
            "scroll:50%",
            "exit",
            "idle:30s",
            "dwell:500ms",
            "chat-end",
        ] {
            assert_eq!(Trigger::parse(word).map(|trigger| trigger.to_text()), Some(word.into()));
        }
    }

    #[test]
    fn every_example_is_a_trigger() {
        for word in Trigger::KEYWORDS {
            assert!(Trigger::parse(word).is_some(), "{word}");
        }
    }

    #[test]
    fn what_a_trigger_needs_is_there() {
        for word in [
            "",
            "event",
            "event:",
            "lod",
            "Load",
            "load:1",
            "visit",
            "visit:0",
            "scroll:50",
            "scroll:101%",
            "idle",
            "idle:soon",
            "exit:now",
        ] {
            assert_eq!(Trigger::parse(word), None, "{word}");
        }
    }

    #[test]
    fn quotes_hold_a_selector_together() {
        let expected = ["load", "click:.cart button", "event:a"];
        assert_eq!(split(" load click:'.cart button'\n event:a ", &[':']), expected);
        assert_eq!(split("", &[':']), Vec::<String>::new());
        assert_eq!(split("'a b", &[':']), ["a b"]);
        assert_eq!(split("click:[x='1'] exit", &[':']), ["click:[x='1']", "exit"]);
        assert_eq!(split("click:'[x='1'] b' exit", &[':']), ["click:[x='1'] b", "exit"]);
        let ends = &['=', '<', '>'];
        assert_eq!(
            split("plan='big team|pro' a!='b c' !x", ends),
            ["plan=big team|pro", "a!=b c", "!x"]
        );
    }
}
