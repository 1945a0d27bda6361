//! Patterns of pages: `/checkout/** !/checkout/help`.

use crate::find_substring;

/// Stands between a scheme and the rest of an address.
const SCHEME: &str = "://";

/// Whether a word can be a pattern: after the `!` that excludes, it begins with `/` or has a scheme.
#[must_use]
pub fn is_pattern(word: &str) -> bool {
    let pattern = word.strip_prefix('!').unwrap_or(word);
    let is_scheme = |scheme: &str| !scheme.is_empty() && !scheme.contains('/');
    let is_whole = find_substring(pattern, SCHEME)
        .is_some_and(|at| is_scheme(&pattern[..at]) && at + SCHEME.len() < pattern.len());
    // What stands behind either of them is never compared.
    (pattern.starts_with('/') || is_whole) && !pattern.contains(['?', '#'])
}

/// Whether the patterns mean this page: any of those that do not exclude, or there is none; and none of
/// those that do.
///
/// `url` is the page's address without query and fragment. A pattern that begins with `/` means its path,
/// any other one the whole of it. `*` is any text without a slash, `**` any text.
#[must_use]
pub fn matches(patterns: &[String], url: &str) -> bool {
    let path = find_substring(url, SCHEME).map_or(url, |at| &url[at + SCHEME.len()..]);
    let path = path.find('/').map_or("/", |at| &path[at..]);
    let means = |pattern: &str| fits(pattern, if pattern.starts_with('/') { path } else { url });
    let (mut is_asked, mut is_meant) = (false, false);
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(excluded) if means(excluded) => return false,
            Some(_) => {}
            None => {
                is_asked = true;
                is_meant |= means(pattern);
            }
        }
    }
    is_meant || !is_asked
}

/// Follows every way through the text at once: no pattern and no address makes it slow.
fn fits(pattern: &str, text: &str) -> bool {
    let text = text.as_bytes();
    // Whether the pattern, so far, can end before this byte of the text.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut rest = pattern.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'*' {
            let deep = rest.first() == Some(byte);
            rest = &rest[usize::from(deep)..];
            for at in 0..text.len() {
                reached[at + 1] |= reached[at] && (deep || text[at] != b'/');
            }
        } else {
            for at in (0..text.len()).rev() {
                reached[at + 1] = reached[at] && text[at] == *byte;
            }
            reached[0] = false;
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::{is_pattern, matches};

    #[track_caller]
    fn check(patterns: &str, path: &str, expected: bool) {
        let patterns: Vec<String> = patterns.split_whitespace().map(str::to_owned).collect();
        assert!(patterns.iter().all(|it| is_pattern(it)), "{patterns:?}");
        let url = ["https://shop.example", path].concat();
        assert_eq!(matches(&patterns, &url), expected, "{patterns:?} on {url}");
    }

    #[test]
    fn one_star_stops_at_a_slash_and_two_do_not() {
        check("/checkout/*", "/checkout/done", true);
        check("/checkout/*", "/checkout/", true);
        check("/checkout/*", "/checkout/done/", false);
        check("/checkout/*", "/checkout", false);
        check("/checkout/**", "/checkout/done/now", true);
        check("/checkout/**", "/checkouts", false);
        check("/**/help", "/en/more/help", true);
        check("/*/help", "/en/more/help", false);
        check("/*-*/x", "/en-gb/x", true);
        check("/a*b*c", "/aXbYbZc", true);
        check("/a*b*c", "/aXbYbZ", false);
        check("/", "/", true);
        check("/", "/a", false);
        check("/**", "/", true);
    }

    #[test]
    fn an_exclamation_mark_excludes() {
        check("/checkout/** !/checkout/help", "/checkout/done", true);
        check("/checkout/** !/checkout/help", "/checkout/help", false);
        check("!/checkout/help /checkout/**", "/checkout/help", false);
        check("!/admin/**", "/shop", true);
        check("!/admin/**", "/admin/x", false);
        check("/a /b", "/b", true);
        check("/a /b", "/c", false);
    }

    #[test]
    fn a_scheme_means_the_whole_address() {
        check("https://shop.example/**", "/a/b", true);
        check("https://shop.example/*", "/a/b", false);
        check("https://*.example/a/b", "/a/b", true);
        check("http://shop.example/**", "/a/b", false);
        check("*://shop.example/**", "/a/b", true);
        check("!https://shop.example/a/**", "/a/b", false);
        assert!(matches(&["/x".to_owned()], "http://127.0.0.1:80/x"));
        assert!(matches(&["/".to_owned()], "https://shop.example"));
    }

    #[test]
    fn anything_else_is_no_pattern() {
        for bad in [
            "",
            "!",
            "checkout/**",
            "*",
            "shop.example/**",
            "/a?b",
            "/a#b",
            "://x",
            "a/b://c",
            "https://",
        ] {
            assert!(!is_pattern(bad), "{bad}");
        }
    }
}
