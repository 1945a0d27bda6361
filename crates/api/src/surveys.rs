use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;

/// The surveys of which there are responses, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Surveys {
    pub surveys: Vec<Survey>,
    /// The `cursor` of the following page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Survey {
    /// Its site.
    pub site: String,
    /// Its id there.
    pub survey: String,
    /// What people call it in the studio or in its file; not there, where nobody has named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How often it was shown, as far as pages report it.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub shown: u64,
    /// The responses with at least one answer.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub responses: u64,
    /// The start of the first day (UTC) with a response.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub first: Timestamp,
    /// The start of the last day (UTC) with a response.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub last: Timestamp,
    /// What its summary can be divided by.
    pub dimensions: Vec<String>,
}

impl Survey {
    /// What it is called in addresses: see [`survey_key`].
    #[must_use]
    pub fn key(&self) -> String {
        survey_key(Some(&self.site), &self.survey)
    }
}

/// What a survey is called in addresses: those of other sites than `default` by `SITE/ID`.
#[must_use]
pub fn survey_key(site: Option<&str>, survey: &str) -> String {
    match site.filter(|site| *site != "default") {
        Some(site) => [site, "/", survey].concat(),
        None => survey.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::survey_key;

    #[test]
    fn a_survey_of_another_site_is_called_after_it() {
        assert_eq!(survey_key(None, "nps"), "nps");
        assert_eq!(survey_key(Some("default"), "nps"), "nps");
        assert_eq!(survey_key(Some("shop"), "nps"), "shop/nps");
    }
}
