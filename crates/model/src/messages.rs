use crate::Language;

/// One of the texts that are shipped, whatever the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageId(u8);

/// All shipped texts in one language: the widget's own words and those of the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Messages {
    language: Language,
    texts: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

impl Messages {
    /// English, which travels with the engine.
    pub const ENGLISH: Self = Self { language: Language::En, texts: ENGLISH };

    /// Reads a language file as `cargo xtask dist` writes it: the texts in their order, one a line.
    ///
    /// The texts stay for as long as the program runs. `None` where it is not such a file, which may be
    /// an older or newer widget's, or a page that says that there is none.
    #[must_use]
    pub fn read(language: Language, file: &str) -> Option<Self> {
        let file: &'static str = Box::leak(file.into());
        let texts: Vec<&'static str> = file.split('\n').collect();
        (texts.len() == ENGLISH.len()).then(|| Self { language, texts: texts.leak() })
    }

    /// A language's file, as [`Self::read`] takes it.
    #[cfg(feature = "languages")]
    #[must_use]
    pub fn file(self) -> String {
        self.texts.join("\n")
    }

    /// The words in `language`.
    #[cfg(feature = "languages")]
    #[must_use]
    pub fn of(language: Language) -> Self {
        let texts = OTHERS.iter().find(|(other, _)| *other == language);
        Self { language, texts: texts.map_or(ENGLISH, |(_, texts)| texts) }
    }

    /// The language of the words.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// A text; the English one where this language has none.
    #[must_use]
    pub fn text(self, line: MessageId) -> &'static str {
        let at = usize::from(line.0);
        match self.texts.get(at) {
            Some(text) if !text.is_empty() => text,
            _ => ENGLISH[at],
        }
    }

    /// A text that holds numbers, which come as the language writes them, each with its name in the text.
    ///
    /// `category` is the plural category of the number that is counted, as Unicode's CLDR names them
    /// (`one`, `few`, …); a text without that form has the form `other`.
    #[must_use]
    pub fn counted(self, line: MessageId, category: &str, numbers: &[(&str, &str)]) -> String {
        let forms = self.text(line);
        let form = |wanted: &str| {
            forms.split('|').find_map(|form| form.strip_prefix(wanted)?.strip_prefix('='))
        };
        let text = form(category).or_else(|| form("other")).unwrap_or(forms);
        let mut filled = String::new();
        for (index, piece) in text.split(['{', '}']).enumerate() {
            let number = numbers.iter().find(|(name, _)| index % 2 == 1 && *name == piece);
            filled.push_str(number.map_or(piece, |(_, number)| number));
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, KEYS, MessageId, Messages};
    use crate::Language;

    #[test]
    fn a_missing_text_falls_back_to_english() {
        let file = vec![""; ENGLISH.len()].join("\n");
        let empty = Messages::read(Language::Fr, &file).expect("a language file");
        assert_eq!(empty.text(MessageId::CLOSE), "Close");
        assert_eq!(Messages::read(Language::Fr, "<!doctype html>\n404"), None);
    }

    #[test]
    fn numbers_take_their_places_and_their_plural() {
        let counted =
            |category, n| Messages::ENGLISH.counted(MessageId::LEFT, category, &[("n", n)]);
        assert_eq!(counted("one", "1"), "1 character left");
        assert_eq!(counted("other", "7"), "7 characters left");
        assert_eq!(counted("few", "7"), "7 characters left");
        let progress = [("n", "1"), ("total", "2")];
        let progress = Messages::ENGLISH.counted(MessageId::PROGRESS, "one", &progress);
        assert_eq!(progress, "Question 1 of 2");
    }

    #[cfg(feature = "languages")]
    #[test]
    fn every_language_is_whole() {
        for &language in Language::ALL {
            let messages = Messages::of(language);
            assert_eq!(Messages::read(language, &messages.file()), Some(messages));
            for (at, (key, english)) in KEYS.iter().zip(ENGLISH).enumerate() {
                let text = messages.texts[at];
                assert!(!text.is_empty() && text.trim() == text, "{language:?} {key}");
                for place in ["{n}", "{total}"] {
                    let other = text.rsplit('|').next().unwrap_or_default();
                    assert_eq!(
                        other.contains(place),
                        english.contains(place),
                        "{language:?} {key}"
                    );
                }
                assert_eq!(
                    text.contains('|') || text.contains('='),
                    english.contains('|'),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn keys_are_the_names_of_the_lines() {
        assert_eq!(KEYS[usize::from(MessageId::THANKS.0)], "thanks");
        assert_eq!(ENGLISH[usize::from(MessageId::THANKS.0)], "Thank you!");
    }
}
