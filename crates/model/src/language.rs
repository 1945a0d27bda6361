use crate::keyword::keyword_enum;
use crate::limits::LONGEST_NAME;

keyword_enum! {
    /// A language that all wording is shipped in.
    Language {
        /// English, which every other language falls back to.
        En = "en",
        /// Spanish.
        Es = "es",
        /// Portuguese.
        Pt = "pt",
        /// French.
        Fr = "fr",
        /// German.
        De = "de",
        /// Italian.
        It = "it",
        /// Dutch.
        Nl = "nl",
        /// Catalan.
        Ca = "ca",
        /// Japanese.
        Ja = "ja",
        /// Chinese, in simplified characters.
        Zh = "zh",
        /// Arabic.
        Ar = "ar",
        /// Hebrew.
        He = "he",
    }
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The direction of the language that a tag names.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        // Also those that only an author's own texts may be in.
        const RIGHT_TO_LEFT: &[&str] =
            &["ar", "he", "fa", "ur", "ps", "yi", "dv", "sd", "ug", "ckb"];
        match RIGHT_TO_LEFT.contains(&primary(tag).as_str()) {
            true => Self::RightToLeft,
            false => Self::LeftToRight,
        }
    }

    /// The value of HTML's `dir` attribute.
    #[must_use]
    pub fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// The language that a BCP 47 tag asks for, by its primary subtag: `es-MX` gives Spanish.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::parse(&primary(tag))
    }

    /// Whether `tag` has the form of a language tag (letters, then groups of letters and digits).
    #[must_use]
    pub fn is_tag(tag: &str) -> bool {
        tag.len() <= LONGEST_NAME
            && tag.split('-').enumerate().all(|(index, part)| {
                (if index == 0 { 2..=8 } else { 1..=8 }).contains(&part.len())
                    && part.bytes().all(|byte| {
                        byte.is_ascii_alphabetic() || (index > 0 && byte.is_ascii_digit())
                    })
            })
    }

    /// The language's own tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.as_str()
    }
}

/// The first part of a tag, in lower case. Some pages write `es_MX`.
pub(crate) fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Direction, Language};

    #[test]
    fn a_region_falls_back_to_its_language() {
        assert_eq!(Language::from_tag("es-MX"), Some(Language::Es));
        assert_eq!(Language::from_tag("PT_br"), Some(Language::Pt));
        assert_eq!(Language::from_tag("zh-Hant-TW"), Some(Language::Zh));
        assert_eq!(Language::from_tag("sv"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn arabic_and_hebrew_run_to_the_left() {
        for tag in ["ar", "ar-EG", "he", "fa-IR"] {
            assert_eq!(Direction::of(tag), Direction::RightToLeft, "{tag}");
        }
        for tag in ["en", "zh", "", "az"] {
            assert_eq!(Direction::of(tag), Direction::LeftToRight, "{tag}");
        }
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
