use std::fmt;
use std::str::FromStr;

/// Where a page comes from, as a browser writes it into the `Origin` header: `https://shop.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The origin as browsers write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not what a browser would write, so that no request would ever match it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOrigin {
    text: String,
    /// The nearest text that is one, if there is.
    try_this: String,
}

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, try_this } = self;
        write!(formatter, "{text:?} is not an origin (try {try_this:?})")
    }
}

impl std::error::Error for InvalidOrigin {}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let written = as_browsers_write(text);
        match written {
            Some(origin) if origin == text => Ok(Self(origin)),
            Some(origin) => Err(InvalidOrigin { text: text.to_owned(), try_this: origin }),
            None => Err(InvalidOrigin {
                text: text.to_owned(),
                try_this: "https://shop.example".to_owned(),
            }),
        }
    }
}

/// Lower case, with scheme, without default port, path and user.
fn as_browsers_write(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    let (host, port) = match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse::<u16>().ok()?)),
        _ => (authority, None),
    };
    let host_is_plain =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._[]:".contains(c));
    let scheme_is_plain = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !host_is_plain || !scheme_is_plain {
        return None;
    }
    match (scheme, port) {
        ("http", Some(80)) | ("https", Some(443)) | (_, None) => Some(format!("{scheme}://{host}")),
        (_, Some(port)) => Some(format!("{scheme}://{host}:{port}")),
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn what_browsers_write_is_an_origin() {
        for good in [
            "https://shop.example",
            "http://localhost:8080",
            "http://127.0.0.1:7878",
            "http://[::1]:3000",
            "capacitor://localhost",
            "chrome-extension://abcdefgh",
        ] {
            assert_eq!(good.parse::<Origin>().map(|origin| origin.0), Ok(good.to_owned()));
        }
    }

    #[track_caller]
    fn check_refused(text: &str, try_this: &str) {
        let error = text.parse::<Origin>().expect_err("must be refused").to_string();
        assert_eq!(error, format!("{text:?} is not an origin (try {try_this:?})"));
    }

    #[test]
    fn what_would_never_match_is_refused_with_what_would() {
        check_refused("https://shop.example/", "https://shop.example");
        check_refused("https://Shop.Example/checkout?a#b", "https://shop.example");
        check_refused("shop.example", "https://shop.example");
        check_refused("localhost:8080", "https://localhost:8080");
        check_refused("https://shop.example:443", "https://shop.example");
        check_refused("http://ana@shop.example:80", "http://shop.example");
        check_refused("https://*.shop.example", "https://shop.example");
        check_refused("https://tienda.españa", "https://shop.example");
        check_refused("https://shop.example:99999", "https://shop.example");
        check_refused("null", "https://null");
        check_refused("", "https://shop.example");
    }
}
