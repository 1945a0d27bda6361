//! What a summary is asked for.

use crate::Error;
use crate::query::{Moment, given_twice, unknown_parameter};
use sondeo_model::Timestamp;

/// The query of a summary, or of several. It is read by hand, since `by` may be given more than once.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SummaryQuery {
    /// Of which surveys, where the address does not say.
    pub(super) surveys: Vec<String>,
    /// The site of the surveys.
    pub(super) site: Option<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// Properties of responses: `device`, `custom.plan`.
    pub(super) dimensions: Vec<String>,
    pub(super) day: bool,
    pub(super) week: bool,
    /// Whether to compare with the period before.
    pub(super) compare: bool,
}

const PROPERTIES: [&str; 5] = ["device", "language", "page", "trigger", "version"];
/// Surveys, at most, of which one request reads the summaries: as many as an overview shows at once.
const MOST_SURVEYS: usize = 24;
const SURVEYS: &str = "must be the ids of 1 to 24 surveys, joined by commas";
const BY: &str = "must be one or several, joined by commas, of device, language, page, trigger, version, day, week and custom.NAME";

impl SummaryQuery {
    /// The query of one summary, whose survey the address names.
    pub(super) fn read(query: &str) -> Result<Self, Error> {
        Self::read_parameters(query, &["site", "from", "to", "by", "compare"])
    }

    /// The query of several.
    pub(super) fn read_several(query: &str) -> Result<Self, Error> {
        let request =
            Self::read_parameters(query, &["surveys", "site", "from", "to", "by", "compare"])?;
        if request.surveys.is_empty() {
            let reason = SURVEYS.to_owned();
            return Err(Error::InvalidQuery { field: "surveys".to_owned(), reason });
        }
        Ok(request)
    }

    fn read_parameters(query: &str, known: &[&str]) -> Result<Self, Error> {
        let mut request = Self::default();
        let moment = |text: &str| text.parse().map(|Moment(at)| at);
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong = |reason: &str| Error::InvalidQuery {
                field: name.clone().into_owned(),
                reason: reason.to_owned(),
            };
            if !known.contains(&&*name) {
                return Err(unknown_parameter(&name, known));
            }
            match &*name {
                "surveys" => request.surveys = surveys(&value).ok_or_else(|| wrong(SURVEYS))?,
                "site" => request.site = Some(value.clone().into_owned()),
                "from" => request.from = Some(moment(&value).map_err(wrong)?),
                "to" => request.to = Some(moment(&value).map_err(wrong)?),
                "by" => request.read_by(&value).map_err(wrong)?,
                "compare" if value == "previous" => request.compare = true,
                _ => return Err(wrong("must be previous")),
            }
            // `by` adds up, as other interfaces of this kind have it.
            if name != "by" && seen.contains(&name) {
                return Err(given_twice(&name));
            }
            seen.push(name);
        }
        if let (Some(from), Some(to)) = (request.from, request.to)
            && from >= to
        {
            let reason = "must be later than from".to_owned();
            return Err(Error::InvalidQuery { field: "to".to_owned(), reason });
        }
        Ok(request)
    }

    fn read_by(&mut self, value: &str) -> Result<(), &'static str> {
        for word in value.split(',') {
            match word {
                "day" => self.day = true,
                "week" => self.week = true,
                _ if PROPERTIES.contains(&word) || is_custom(word) => {
                    if !self.dimensions.iter().any(|known| known == word) {
                        self.dimensions.push(word.to_owned());
                    }
                }
                _ => return Err(BY),
            }
        }
        Ok(())
    }
}

/// One to [`MOST_SURVEYS`], each once.
fn surveys(text: &str) -> Option<Vec<String>> {
    let mut surveys: Vec<String> = Vec::new();
    for survey in text.split(',').filter(|survey| !survey.is_empty()) {
        if !surveys.iter().any(|known| known == survey) {
            surveys.push(survey.to_owned());
        }
    }
    (1..=MOST_SURVEYS).contains(&surveys.len()).then_some(surveys)
}

fn is_custom(word: &str) -> bool {
    word.strip_prefix("custom.").is_some_and(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::SummaryQuery;

    #[test]
    fn every_parameter() {
        let query = "from=2026-11-01&to=2026-12-01T00:00:00%2B01:00&by=device,day&by=custom.plan&compare=previous";
        let request = SummaryQuery::read(query).expect("a request");
        assert_eq!(request.dimensions, ["device", "custom.plan"]);
        assert!(request.day && !request.week && request.compare);
        let written = [request.from, request.to].map(|at| at.expect("a moment").to_rfc3339());
        assert_eq!(written, ["2026-11-01T00:00:00.000Z", "2026-11-30T23:00:00.000Z"]);
        assert_eq!(SummaryQuery::read("").expect("a request"), SummaryQuery::default());
    }

    #[test]
    fn several_surveys_are_asked_for_at_once() {
        let request = SummaryQuery::read_several("surveys=a,b,,a&by=day").expect("a request");
        assert_eq!(request.surveys, ["a", "b"]);
        let many = (0..25).map(|number| format!("s{number}")).collect::<Vec<_>>().join(",");
        for query in ["by=day", "surveys=", "surveys=,", &format!("surveys={many}")] {
            let error = SummaryQuery::read_several(query).expect_err(query).to_string();
            assert_eq!(error, "surveys must be the ids of 1 to 24 surveys, joined by commas");
        }
        let error = SummaryQuery::read("surveys=a").expect_err("one is named").to_string();
        assert_eq!(error, "surveys is not a parameter (there are site, from, to, by and compare)");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (query, start) in [
            ("from=yesterday", "from must be an RFC 3339"),
            ("to=2026-13-01", "to must be an RFC 3339"),
            ("by=colour", "by must be one or several"),
            ("by=custom.", "by must be one or several"),
            ("compare=year", "compare must be previous"),
            ("until=2026-11-01", "until is not a parameter"),
            ("from=2026-11-01&from=2026-11-02", "from is given twice"),
            ("from=2026-11-02&to=2026-11-01", "to must be later than from"),
        ] {
            let error = SummaryQuery::read(query).expect_err(query).to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }
}
