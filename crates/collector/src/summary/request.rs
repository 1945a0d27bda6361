//! What a summary is asked for.

use crate::Error;
use sondeo_model::Timestamp;

/// The query of a summary.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SummaryQuery {
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// Properties of responses: `device`, `custom.plan`.
    pub(super) dimensions: Vec<String>,
    pub(super) day: bool,
    pub(super) week: bool,
    /// Whether to compare with the period before.
    pub(super) compare: bool,
}

const PROPERTIES: [&str; 4] = ["device", "language", "page", "trigger"];
const BY: &str = "must be one or several, joined by commas, of device, language, page, trigger, day, week and custom.NAME";

impl SummaryQuery {
    pub(super) fn read(query: &str) -> Result<Self, Error> {
        let mut request = Self::default();
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong = |reason: &str| Error::InvalidQuery {
                field: name.clone().into_owned(),
                reason: reason.to_owned(),
            };
            match &*name {
                "from" => request.from = Some(moment(&value).ok_or_else(|| wrong(MOMENT))?),
                "to" => request.to = Some(moment(&value).ok_or_else(|| wrong(MOMENT))?),
                "by" => request.read_by(&value).map_err(wrong)?,
                "compare" if value == "previous" => request.compare = true,
                "compare" => return Err(wrong("must be previous")),
                _ => {
                    return Err(wrong("is not a parameter (there are from, to, by and compare)"));
                }
            }
            // `by` adds up, as other interfaces of this kind have it.
            if name != "by" && seen.contains(&name) {
                return Err(wrong("is given twice"));
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

fn is_custom(word: &str) -> bool {
    word.strip_prefix("custom.").is_some_and(|name| !name.is_empty())
}

pub(super) const MOMENT: &str =
    "must be an RFC 3339 date-time or a date (try \"2026-11-21T00:00:00Z\" or \"2026-11-21\")";

/// A moment, or the start of a day in UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    // A plus sign that was not escaped is a space by now.
    let text = text.replace(' ', "+");
    text.parse().or_else(|_| format!("{text}T00:00:00Z").parse()).ok()
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
