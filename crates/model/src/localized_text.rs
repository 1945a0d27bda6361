use crate::language::{SEPARATORS, canonical, primary, tail_of};
use crate::{MessageId, Messages};

/// A text before a language is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalizedText {
    /// One that is shipped.
    Shipped(MessageId),
    /// An author's: by language tag; under an empty tag, for all languages.
    Given(Vec<(String, String)>),
}

impl Default for LocalizedText {
    fn default() -> Self {
        Self::Given(Vec::new())
    }
}

impl LocalizedText {
    /// An author's text that stands for all languages.
    #[must_use]
    pub fn always(text: impl Into<String>) -> Self {
        Self::Given(vec![(String::new(), text.into())])
    }

    /// The text to read in the language `tag`, with `wording` for what is shipped.
    ///
    /// An author's text falls back `es-MX` → `es` → any other Spanish → the text without a language →
    /// English → the first there is. Between a tag and its language stand its scripts: `zh-TW` → `zh-Hant` → `zh`.
    #[must_use]
    pub fn text(&self, tag: &str, messages: Messages) -> &str {
        match self {
            Self::Shipped(line) => messages.text(*line),
            Self::Given(texts) if texts.len() < 2 => texts.first().map_or("", |(_, text)| text),
            Self::Given(texts) => {
                let tags: Vec<&str> = texts.iter().map(|(tag, _)| tag.as_str()).collect();
                let at = rest_best(&tags, tag);
                texts.get(at).map_or("", |(_, text)| text)
            }
        }
    }
}

/// Which of `tags` serves a reader of `wanted` best.
#[inline(never)]
pub(crate) fn rest_best(tags: &[&str], wanted: &str) -> usize {
    crate::rest::gate();
    let tags: Vec<String> = tags.iter().map(|tag| canonical(tag)).collect();
    let find = |fits: &dyn Fn(&str) -> bool| tags.iter().position(|tag| fits(tag));
    let mut nearest = canonical(wanted);
    loop {
        let found =
            find(&|tag| tag == nearest).or_else(|| find(&|tag| tail_of(tag, &nearest).is_some()));
        match (found, nearest.rfind(SEPARATORS)) {
            (None, Some(end)) => nearest.truncate(end),
            (None, None) => break,
            (Some(at), _) => return at,
        }
    }
    find(&str::is_empty).or_else(|| find(&|tag| primary(tag) == "en")).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::LocalizedText;
    use crate::{MessageId, Messages};

    #[track_caller]
    fn check(tags: &[&str], wanted: &str, expected: &str) {
        let texts = tags.iter().map(|tag| ((*tag).to_owned(), format!("in {tag}"))).collect();
        assert_eq!(LocalizedText::Given(texts).text(wanted, Messages::ENGLISH), expected);
    }

    #[test]
    fn the_nearest_language_is_read() {
        check(&["en", "es", "es-MX"], "es-MX", "in es-MX");
        check(&["en", "es"], "ES-mx", "in es");
        check(&["en", "es-AR"], "es", "in es-AR");
        check(&["fr", "en"], "de", "in en");
        check(&["fr", "pt"], "de", "in fr");
        check(&["fr", ""], "de", "in ");
        check(&["fr", ""], "", "in ");
    }

    #[test]
    fn a_script_or_an_old_tag_is_nearer_than_another_language() {
        check(&["zh-Hans", "zh-Hant"], "zh-TW", "in zh-Hant");
        check(&["zh-CN", "zh-TW"], "zh-HK", "in zh-TW");
        check(&["zh-CN", "zh-TW"], "zh-Hant", "in zh-TW");
        check(&["zh-TW", "zh"], "zh-CN", "in zh");
        check(&["zh-TW", "zh-Hans"], "zh-CN", "in zh-Hans");
        check(&["sr", "sr-Latn"], "sr-Latn-RS", "in sr-Latn");
        check(&["en", "id"], "in-ID", "in id");
        check(&["en", "iw"], "he", "in iw");
        check(&["en", "no"], "nb-NO", "in no");
        check(&["en", "nb", "nn"], "nn-NO", "in nn");
        check(&["en", "nb"], "nn", "in nb");
        check(&["en", "nob"], "nb", "in en");
    }

    #[test]
    fn a_shipped_text_is_the_wordings() {
        assert_eq!(LocalizedText::Shipped(MessageId::NEXT).text("xx", Messages::ENGLISH), "Next");
    }
}
