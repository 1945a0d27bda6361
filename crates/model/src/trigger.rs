use crate::Text;

/// What happens on the page that makes a survey due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// The page has loaded and is visible.
    Load,
    /// The page reports the event of this name: by `sondeo.track`, as a DOM event that reaches
    /// `document`, or through `window.dataLayer`.
    Event(Text),
    /// Nothing on the page; only `sondeo.show` or a link.
    Manual,
}

impl Trigger {
    /// Example words for messages about a trigger that could not be read.
    pub const WORDS: &[&str] = &["load", "manual", "event:purchase"];

    /// The trigger that one word of `data-trigger` names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "load" => Some(Self::Load),
            "manual" => Some(Self::Manual),
            _ => match word.strip_prefix("event:") {
                Some(name) if !name.is_empty() => Some(Self::Event(name.to_owned().into())),
                _ => None,
            },
        }
    }

    /// The word as authors write it, which is also how the response names it.
    #[must_use]
    pub fn word(&self) -> Text {
        match self {
            Self::Load => "load".into(),
            Self::Manual => "manual".into(),
            Self::Event(name) => ["event:", name].concat().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Trigger;

    #[test]
    fn a_trigger_is_written_as_it_is_read() {
        for word in ["load", "manual", "event:order-completed", "event:a:b"] {
            assert_eq!(Trigger::parse(word).map(|trigger| trigger.word()), Some(word.into()));
        }
    }

    #[test]
    fn an_event_has_a_name() {
        for word in ["", "event", "event:", "lod", "Load"] {
            assert_eq!(Trigger::parse(word), None, "{word}");
        }
    }
}
