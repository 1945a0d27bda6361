//! How the store names a survey: by its id on the site `default`, by `SITE/ID` on every other one.
//!
//! Ids hold no slash, so that no survey has the key of another one. What earlier versions stored has the key that it had.

use sondeo_model::Response;
use std::borrow::Cow;

/// The site of everything that names none.
pub const DEFAULT_SITE: &str = "default";

/// The key of a survey of a site.
#[must_use]
pub fn survey_key<'a>(site: &str, survey: &'a str) -> Cow<'a, str> {
    if site == DEFAULT_SITE { survey.into() } else { format!("{site}/{survey}").into() }
}

/// The site and the id that a key stands for.
#[must_use]
pub fn site_and_survey(key: &str) -> (&str, &str) {
    key.split_once('/').unwrap_or((DEFAULT_SITE, key))
}

/// The key of the survey that a response belongs to.
pub(crate) fn key_of(response: &Response) -> Cow<'_, str> {
    survey_key(response.site.as_deref().unwrap_or(DEFAULT_SITE), &response.survey)
}

/// The site of a response, where that is another one than `default`.
pub(super) fn other_site(response: &Response) -> Option<&str> {
    response.site.as_deref().filter(|site| *site != DEFAULT_SITE)
}

#[cfg(test)]
mod tests {
    use super::{site_and_survey, survey_key};

    #[test]
    fn a_key_is_of_one_survey() {
        for (site, survey, key) in [("default", "nps", "nps"), ("shop", "nps", "shop/nps")] {
            assert_eq!(survey_key(site, survey), key);
            assert_eq!(site_and_survey(key), (site, survey));
        }
    }
}
