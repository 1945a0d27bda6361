/// A language whose wording travels with the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English, which every other language falls back to.
    English,
    /// Spanish.
    Spanish,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    #[must_use]
    pub fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
        }
    }
}

impl Language {
    /// The language that a BCP 47 tag asks for, by its primary subtag: `es-MX` gives Spanish.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else if primary.eq_ignore_ascii_case("es") {
            Some(Self::Spanish)
        } else {
            None
        }
    }

    /// The first of `tags` that has wording, else English.
    #[must_use]
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter().find_map(Self::from_tag).unwrap_or(Self::English)
    }

    /// Whether `tag` has the form of a language tag (letters, then groups of letters and digits).
    #[must_use]
    pub fn is_tag(tag: &str) -> bool {
        tag.split('-').enumerate().all(|(index, part)| {
            (if index == 0 { 2..=8 } else { 1..=8 }).contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || (index > 0 && byte.is_ascii_digit()))
        })
    }

    /// The language's own tag, as the response and the `lang` attribute carry it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Which way it is written.
    #[must_use]
    pub fn direction(self) -> Direction {
        Direction::LeftToRight
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_first_tag_with_wording_wins_and_english_is_the_last_resort() {
        let best = |tags: &[&str]| Language::best(tags.iter().copied()).tag();
        assert_eq!(best(&["es-MX", "en"]), "es");
        assert_eq!(best(&["", "ES"]), "es");
        assert_eq!(best(&["xx", "es"]), "es");
        assert_eq!(best(&["xx"]), "en");
        assert_eq!(best(&[]), "en");
    }

    #[test]
    fn the_form_of_a_tag() {
        for good in ["en", "es-MX", "zh-Hant-TW", "es-419"] {
            assert!(Language::is_tag(good), "{good}");
        }
        for bad in ["", "e", "es_MX", "español", "-", "es-"] {
            assert!(!Language::is_tag(bad), "{bad}");
        }
    }
}
