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
        /// Polish.
        Pl = "pl",
        /// Swedish.
        Sv = "sv",
        /// Danish.
        Da = "da",
        /// Norwegian, in bokmål.
        Nb = "nb",
        /// Finnish.
        Fi = "fi",
        /// Czech.
        Cs = "cs",
        /// Turkish.
        Tr = "tr",
        /// Korean.
        Ko = "ko",
        /// Ukrainian.
        Uk = "uk",
    }
}

/// Tags that mean the same as others, by how they begin: old ones, Norwegian's, and the regions of Chinese, which
/// stand for the characters that are written there. Nynorsk is written as a kind of bokmål, so that it is looked for first and bokmål next.
const ALIASES: &[(&str, &str)] = &[
    ("in", "id"),
    ("iw", "he"),
    ("ji", "yi"),
    ("nn", "nb-nn"),
    ("no", "nb"),
    ("zh-cn", "zh-hans-cn"),
    ("zh-hk", "zh-hant-hk"),
    ("zh-mo", "zh-hant-mo"),
    ("zh-sg", "zh-hans-sg"),
    ("zh-tw", "zh-hant-tw"),
];

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
    /// The language that a BCP 47 tag asks for, by its primary subtag: `es-MX` gives Spanish, `no` and `nn` bokmål, and
    /// every Chinese the simplified characters, which its readers know better than English.
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

    /// What the language is called in English, and by those who speak it.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::En => ("English", "English"),
            Self::Es => ("Spanish", "Español"),
            Self::Pt => ("Portuguese", "Português"),
            Self::Fr => ("French", "Français"),
            Self::De => ("German", "Deutsch"),
            Self::It => ("Italian", "Italiano"),
            Self::Nl => ("Dutch", "Nederlands"),
            Self::Ca => ("Catalan", "Català"),
            Self::Ja => ("Japanese", "日本語"),
            Self::Zh => ("Chinese", "中文"),
            Self::Ar => ("Arabic", "العربية"),
            Self::He => ("Hebrew", "עברית"),
            Self::Pl => ("Polish", "Polski"),
            Self::Sv => ("Swedish", "Svenska"),
            Self::Da => ("Danish", "Dansk"),
            Self::Nb => ("Norwegian", "Norsk bokmål"),
            Self::Fi => ("Finnish", "Suomi"),
            Self::Cs => ("Czech", "Čeština"),
            Self::Tr => ("Turkish", "Türkçe"),
            Self::Ko => ("Korean", "한국어"),
            Self::Uk => ("Ukrainian", "Українська"),
        }
    }

    /// The language's own tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.as_str()
    }
}

/// What ends a part of a tag. Some pages write `es_MX`.
pub(crate) const SEPARATORS: [char; 2] = ['-', '_'];

/// A tag in lower case, with the names of today: `iw` gives `he`, `zh-TW` gives `zh-hant-tw`.
pub(crate) fn canonical(tag: &str) -> String {
    let tag = tag.to_ascii_lowercase();
    for (old, new) in ALIASES {
        if let Some(rest) = tail_of(&tag, old) {
            return [new, rest].concat();
        }
    }
    tag
}

/// What follows these first parts of a tag; `None` where it begins otherwise.
pub(crate) fn tail_of<'a>(tag: &'a str, parts: &str) -> Option<&'a str> {
    tag.strip_prefix(parts).filter(|rest| rest.is_empty() || rest.starts_with(SEPARATORS))
}

/// The first part of a tag, in lower case.
pub(crate) fn primary(tag: &str) -> String {
    let mut tag = canonical(tag);
    tag.truncate(tag.find(SEPARATORS).unwrap_or(tag.len()));
    tag
}

#[cfg(test)]
mod tests {
    use super::{Direction, Language};

    #[test]
    fn a_region_falls_back_to_its_language() {
        assert_eq!(Language::from_tag("es-MX"), Some(Language::Es));
        assert_eq!(Language::from_tag("PT_br"), Some(Language::Pt));
        assert_eq!(Language::from_tag("en-GB"), Some(Language::En));
        assert_eq!(Language::from_tag("pt-PT"), Some(Language::Pt));
        assert_eq!(Language::from_tag("sr-Latn"), None);
        assert_eq!(Language::from_tag("nob"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn old_tags_and_other_scripts_lead_to_the_nearest_language() {
        for (tag, language) in [
            ("iw-IL", Some(Language::He)),
            // Indonesian and Yiddish are not shipped.
            ("in", None),
            ("ji", None),
            ("no", Some(Language::Nb)),
            ("nn_NO", Some(Language::Nb)),
            ("NB-no", Some(Language::Nb)),
            ("zh-TW", Some(Language::Zh)),
            ("zh-HK", Some(Language::Zh)),
            ("zh-Hant-TW", Some(Language::Zh)),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn arabic_and_hebrew_run_to_the_left() {
        for tag in ["ar", "ar-EG", "he", "fa-IR", "iw", "ji"] {
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
