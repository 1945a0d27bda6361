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
    let is_plain = src.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("http:"));
    // Browsers leave out what cannot be seen, and read a backslash as a slash.
    let is_odd = |it: char| it == '\\' || it < ' ' || it.is_whitespace();
    is_destination(src) && !is_plain && !src.starts_with("//") && !src.contains(is_odd)
}

/// The address that `src` means in a file at `base`, which is absolute, or empty for the page itself.
pub(crate) fn located(base: &str, src: &str) -> String {
    let end_of = |text: &str, ends: &[char]| text.find(ends).unwrap_or(text.len());
    let is_relative = !base.is_empty() && !src[..end_of(src, &['/', '?', '#'])].contains(':');
    let file = &base[..end_of(base, &['?', '#'])];
    // After `https://`.
    let host = file.find("//").map_or(0, |at| at + 2);
    let root = host + end_of(&file[host..], &['/']);
    let folder = match src.as_bytes().first() {
        _ if !is_relative => "",
        Some(b'/') => &file[..root],
        Some(b'?' | b'#') => file,
        _ => &file[..file.rfind('/').filter(|at| *at >= root).map_or(root, |at| at + 1)],
    };
    [folder, src].concat()
}

#[cfg(test)]
mod tests {
    use super::{is_source, located};

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

    #[test]
    fn a_relative_address_is_beside_its_file() {
        const FILE: &str = "https://cdn.example/s/surveys.json?v=a/b#c";
        for (base, src, address) in [
            (FILE, "x.png", "https://cdn.example/s/x.png"),
            (FILE, "../x.png", "https://cdn.example/s/../x.png"),
            (FILE, "/x.png", "https://cdn.example/x.png"),
            (FILE, "?x", "https://cdn.example/s/surveys.json?x"),
            (FILE, "https://a.example/x.png", "https://a.example/x.png"),
            (FILE, "x/a:b.png", "https://cdn.example/s/x/a:b.png"),
            ("https://cdn.example", "/x.png", "https://cdn.example/x.png"),
            ("", "x.png", "x.png"),
            ("", "/x.png", "/x.png"),
        ] {
            assert_eq!(located(base, src), address);
        }
    }
}
