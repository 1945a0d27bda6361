/// A language of the studio. Visitors read surveys in many more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Locale {
    /// Every language of the studio.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The language that a tag asks for: `es-MX` is Spanish. `None` where the studio does not speak it.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The tag of the language.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// One text in both languages, so that neither can be forgotten.
    pub(crate) fn pick<T>(self, english: T, spanish: T) -> T {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn a_tag_asks_for_its_language() {
        assert_eq!(Locale::of("es-MX"), Some(Locale::Spanish));
        assert_eq!(Locale::of("EN"), Some(Locale::English));
        assert_eq!(Locale::of("de"), None);
    }
}
