//! What is chosen on this page, as its address tells it.

use sondeo::model::{Direction, Display, Language, Messages, Position, Template, Theme};

/// A survey and how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) template: Template,
    pub(crate) look: Look,
}

/// How a survey looks, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) display: Display,
    pub(crate) position: Position,
    pub(crate) theme: Theme,
    pub(crate) language: Language,
    /// A CSS colour; `None` is the widget's own.
    pub(crate) accent: Option<String>,
}

impl Choice {
    const USUAL: Self = Self {
        template: Template::PostPurchase,
        look: Look {
            display: Display::Inline,
            position: Position::BottomRight,
            theme: Theme::Auto,
            language: Language::En,
            accent: None,
        },
    };

    /// Reads the values of an address; what is missing or unknown is the usual.
    pub(crate) fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        fn word<T>(value: Option<String>, parse: fn(&str) -> Option<T>, usual: T) -> T {
            value.and_then(|word| parse(&word)).unwrap_or(usual)
        }
        let usual = Self::USUAL;
        Self {
            template: word(value("template"), Template::parse, usual.template),
            look: Look {
                display: word(value("display"), Display::parse, usual.look.display),
                position: word(value("position"), Position::parse, usual.look.position),
                theme: word(value("theme"), Theme::parse, usual.look.theme),
                language: word(value("lang"), Language::from_tag, usual.look.language),
                accent: value("accent").filter(|accent| is_colour(accent)),
            },
        }
    }

    /// The values of the address, without what is usual.
    pub(crate) fn write(&self) -> Vec<(&'static str, String)> {
        let (look, usual) = (&self.look, &Self::USUAL.look);
        let words = [
            ("template", self.template.as_str(), Self::USUAL.template.as_str()),
            ("display", look.display.as_str(), usual.display.as_str()),
            ("position", look.position.as_str(), usual.position.as_str()),
            ("theme", look.theme.as_str(), usual.theme.as_str()),
            ("lang", look.language.tag(), usual.language.tag()),
            ("accent", look.accent.as_deref().unwrap_or_default(), ""),
        ];
        let chosen = words.into_iter().filter(|(_, word, usual)| word != usual);
        chosen.map(|(key, word, _)| (key, word.to_owned())).collect()
    }
}

impl Look {
    /// The value of `dir` for its language.
    pub(crate) fn direction(&self) -> &'static str {
        Direction::of(self.language.tag()).attribute()
    }

    /// Whether it stands above the page, and has to be asked for.
    pub(crate) fn floats(&self) -> bool {
        self.display != Display::Inline
    }

    /// Where it stands: a bar has an edge to itself.
    pub(crate) fn place(&self) -> Position {
        let is_above = self.position.as_str().starts_with("top");
        match self.display {
            Display::Bar if is_above => Position::Top,
            Display::Bar => Position::Bottom,
            _ => self.position,
        }
    }

    /// Where it may stand; nowhere but in one place is no choice.
    pub(crate) fn places(&self) -> &'static [Position] {
        match self.display {
            Display::Popover | Display::Tab => Position::ALL,
            Display::Bar => &[Position::Top, Position::Bottom],
            _ => &[],
        }
    }

    /// Whether it stands where it would without a word.
    pub(crate) fn is_usual_place(&self) -> bool {
        let usual = Self { position: Position::BottomRight, ..self.clone() };
        self.places().is_empty() || self.place() == usual.place()
    }
}

/// The words of a language. Trunk gives the studio all of them; a plain `cargo build` has English alone.
pub(crate) fn messages(language: Language) -> Messages {
    #[cfg(feature = "languages")]
    return Messages::of(language);
    #[cfg(not(feature = "languages"))]
    return [Messages::ENGLISH]
        .into_iter()
        .find(|it| it.language() == language)
        .unwrap_or(Messages::ENGLISH);
}

/// A colour as `<input type=color>` gives it.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#');
    digits
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[track_caller]
    fn check(address: &[(&'static str, &str)], expected: &[(&'static str, &str)]) {
        let value = |key: &str| {
            let pair = address.iter().find(|(name, _)| *name == key);
            pair.map(|(_, value)| (*value).to_owned())
        };
        let written = Choice::read(&value).write();
        let written: Vec<_> = written.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn an_address_is_written_as_it_is_read() {
        let whole = [
            ("template", "nps"),
            ("display", "bar"),
            ("position", "top"),
            ("theme", "dark"),
            ("lang", "ar"),
            ("accent", "#ffff00"),
        ];
        check(&whole, &whole);
    }

    #[test]
    fn what_is_usual_or_unknown_is_left_out() {
        check(&[], &[]);
        check(&[("template", "post-purchase"), ("display", "inline")], &[]);
        check(&[("template", "npz"), ("accent", "red;}"), ("lang", "xx")], &[]);
        check(&[("lang", "es-MX")], &[("lang", "es")]);
    }
}
