use crate::LocalizedText;
use crate::ending::is_destination;

/// A picture of a survey's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it is: an address that begins with `https:`, or one that is relative to the survey's file or page.
    pub src: String,
    /// What a visitor reads who does not see it. Empty where the words beside it say the same.
    pub alt: LocalizedText,
}

/// Whether a picture may come from there: no page shows less of itself for it, and nothing in it is a script.
pub(crate) fn is_source(src: &str) -> bool {
    // Browsers leave out what cannot be seen, and read a backslash as a slash.
    is_destination(src)
        && !matches!(src.as_bytes(), [b'/', b'/', ..] | [_, _, _, b'p' | b'P', b':', ..])
        && src.bytes().all(|byte| byte > b' ' && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_source;

    #[test]
    fn pictures_come_from_https_or_from_beside_the_survey() {
        for good in [
            "https://a.example/x.png",
            "HTTPS://a.example/x",
            "/x.png",
            "x.png",
            "../a/x.png?v=1:2",
        ] {
            assert!(is_source(good), "{good}");
        }
        for bad in [
            "",
            "http://a.example/x.png",
            "HTTP://a.example/x.png",
            "//a.example/x.png",
            "/\\a.example/x.png",
            "\\x.png",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:image/png;base64,AA",
            "blob:https://a.example/1",
            "https:x.png",
            " x.png",
            "a b.png",
            "/\t/a.example/x.png",
        ] {
            assert!(!is_source(bad), "{bad}");
        }
    }
}
