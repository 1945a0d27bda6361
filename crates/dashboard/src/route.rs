//! Where a reader is: everything that is chosen, as it stands in the address.

use crate::days;
use crate::root::root;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

/// Over which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// So many days up to and with today.
    Last(u16),
    /// All that there are.
    All,
    /// From a day to a day, both included.
    Own(i64, i64),
}

/// The spans that have a button.
pub(crate) const SPANS: [Span; 5] =
    [Span::Last(7), Span::Last(30), Span::Last(90), Span::Last(365), Span::All];

impl Span {
    /// The first day and the last.
    pub(crate) fn days(self, today: i64) -> Option<(i64, i64)> {
        match self {
            Self::Last(count) => Some((today + 1 - i64::from(count), today)),
            Self::All => None,
            Self::Own(from, to) => Some((from, to)),
        }
    }

    /// How it stands in the collector's query.
    pub(crate) fn query(self, today: i64) -> String {
        match self.days(today) {
            Some((from, to)) => {
                format!("from={}&to={}", days::date(from), days::date(to + 1))
            }
            None => String::new(),
        }
    }

    fn write(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Last(90) => vec![],
            Self::Last(count) => vec![("days", count.to_string())],
            Self::All => vec![("days", "all".to_owned())],
            Self::Own(from, to) => {
                vec![("from", days::date(from)), ("to", days::date(to))]
            }
        }
    }
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Which survey; none is the overview.
    pub(crate) survey: Option<String>,
    /// Over which days.
    pub(crate) span: Span,
    /// Which question, where a survey has several that are scored.
    pub(crate) question: Option<String>,
    /// By which property answers are told apart.
    pub(crate) by: String,
    /// Whether the trend is by week, where it is not by day already.
    pub(crate) weeks: Option<bool>,
    /// What comments must hold.
    pub(crate) search: String,
    /// Which comments else.
    pub(crate) comments: CommentFilter,
}

/// Which comments are looked at; an empty text stands for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CommentFilter {
    /// `true` or `false`.
    pub(crate) done: String,
    /// `low`, `middle` or `high`.
    pub(crate) score: String,
    /// A tag that they have.
    pub(crate) tag: String,
    /// What the address of their page holds.
    pub(crate) page: String,
    /// The version of the survey.
    pub(crate) version: String,
}

impl CommentFilter {
    fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let one_of = |name: &str, words: &[&str]| {
            value(name).filter(|word| words.contains(&word.as_str())).unwrap_or_default()
        };
        Self {
            done: one_of("done", &["true", "false"]),
            score: one_of("score", &["low", "middle", "high"]),
            tag: value("tag").unwrap_or_default(),
            page: value("page").unwrap_or_default(),
            version: value("version").filter(|it| it.parse::<u32>().is_ok()).unwrap_or_default(),
        }
    }

    /// What is chosen, as it stands in addresses of the dashboard and of the collector alike.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("done", &self.done),
            ("score", &self.score),
            ("tag", &self.tag),
            ("page", &self.page),
            ("version", &self.version),
        ];
        let chosen = all.into_iter().filter(|(_, value)| !value.is_empty());
        chosen.map(|(name, value)| (name, value.clone())).collect()
    }

    /// The same as a part of a query, each with an `&` before it.
    pub(crate) fn query(&self) -> String {
        let pairs = self.pairs().into_iter();
        pairs.map(|(name, value)| format!("&{name}={}", crate::api::escaped(&value))).collect()
    }
}

impl Route {
    /// The overview, over the usual days.
    pub(crate) fn start() -> Self {
        Self {
            survey: None,
            span: Span::Last(90),
            question: None,
            by: "page".to_owned(),
            weeks: None,
            search: String::new(),
            comments: CommentFilter::default(),
        }
    }

    fn read(path: &str, value: impl Fn(&str) -> Option<String>) -> Self {
        let start = Self::start();
        let survey = path.trim_end_matches('/').strip_prefix("/dashboard/").map(str::to_owned);
        let day = |name: &str| value(name).as_deref().and_then(days::parse);
        let span = match (day("from"), day("to")) {
            (Some(from), Some(to)) if from <= to => Span::Own(from, to),
            _ => match value("days").as_deref() {
                Some("all") => Span::All,
                Some(count) => match count.parse() {
                    Ok(count @ 1..=3_650) => Span::Last(count),
                    _ => start.span,
                },
                None => start.span,
            },
        };
        Self {
            survey: survey.filter(|survey| !survey.is_empty()),
            span,
            question: value("question"),
            by: value("by").unwrap_or(start.by),
            weeks: value("trend").map(|word| word == "week"),
            search: value("search").unwrap_or_default(),
            comments: CommentFilter::read(value),
        }
    }

    /// The address of it, below the root of the collector.
    pub(crate) fn address(&self) -> String {
        let mut pairs = self.span.write();
        if self.survey.is_some() {
            pairs.extend(self.question.clone().map(|question| ("question", question)));
            if self.by != "page" {
                pairs.push(("by", self.by.clone()));
            }
            pairs.extend(
                self.weeks.map(|weeks| ("trend", if weeks { "week" } else { "day" }.to_owned())),
            );
            if !self.search.is_empty() {
                pairs.push(("search", self.search.clone()));
            }
            pairs.extend(self.comments.pairs());
        }
        let mut address = format!("/dashboard/{}", self.survey.as_deref().unwrap_or_default());
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            address.push(if index == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(&crate::api::escaped(&value));
        }
        address
    }
}

/// Where the reader is.
pub(crate) fn current_route() -> Memo<Route> {
    let (location, query) = (use_location(), use_query_map());
    Memo::new(move |_| {
        let query = query.read();
        let path = location.pathname.read();
        let path = path.strip_prefix(&root()).unwrap_or(&path);
        let path: String =
            js_sys::decode_uri_component(path).map_or_else(|_| path.to_owned(), Into::into);
        Route::read(&path, |name| query.get(name))
    })
}

/// Goes there: one more entry of the history, unless it replaces this one.
pub(crate) fn go() -> impl Fn(&Route, bool) + Clone + 'static {
    let navigate = use_navigate();
    move |route, replace| {
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate(&route.address(), options);
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, Span};

    fn read(path: &str, pairs: &[(&str, &str)]) -> Route {
        Route::read(path, |name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn addresses_are_read() {
        assert_eq!(read("/dashboard", &[]), Route::start());
        assert_eq!(read("/dashboard/", &[]), Route::start());
        let route = read("/dashboard/checkout", &[("days", "all"), ("by", "device")]);
        assert_eq!((route.survey.as_deref(), route.span), (Some("checkout"), Span::All));
        let own = read("/dashboard/x", &[("from", "2026-11-01"), ("to", "2026-11-30")]);
        assert_eq!(own.span.query(0), "from=2026-11-01&to=2026-12-01");
    }

    #[test]
    fn filters_of_comments_are_read() {
        let pairs = [("done", "false"), ("score", "low"), ("tag", "price"), ("version", "3")];
        assert_eq!(read("/dashboard/x", &pairs).comments.pairs().len(), 4);
        let pairs = [("done", "maybe"), ("score", "11"), ("version", "new")];
        assert_eq!(read("/dashboard/x", &pairs).comments.pairs(), []);
    }

    #[test]
    fn what_cannot_be_meant_is_the_usual() {
        for pairs in [
            [("days", "0"), ("x", "")],
            [("days", "many"), ("x", "")],
            [("from", "2026-11-30"), ("to", "2026-11-01")],
        ] {
            assert_eq!(read("/dashboard/", &pairs).span, Span::Last(90));
        }
    }

    #[test]
    fn the_last_days_end_with_today() {
        assert_eq!(Span::Last(7).days(100), Some((94, 100)));
    }
}
