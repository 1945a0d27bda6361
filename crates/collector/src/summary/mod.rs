//! `/v1/surveys/{id}/summary`: what the answers say, and how surely.
//!
//! The store counts, the model computes; between them, here, is which answers belong together.

mod calendar;
pub(crate) mod comments;
mod defined_survey;
mod group;
mod measure;
mod request;
mod rounded;
mod tally;

use crate::access::Reader;
use crate::segment::PathSegment;
use crate::store::{
    AskedScale, CRAWLERS, Counts, CountsOf, DEFAULT_SITE, Period, Store, site_and_survey,
};
use crate::{Collector, Error, clock};
use axum::Json;
use axum::extract::{RawQuery, State};
use defined_survey::DefinedSurvey;
use group::{PeriodDays, Questions, group};
use request::SummaryQuery;
use sondeo_api::summary::{Part, Previous, QuestionSummary, Summaries, Summary};
use sondeo_model::{OTHER, Timestamp, metric};
use std::collections::BTreeMap;
use std::sync::Arc;
use tally::{Tally, tallies};

/// Of what visitors wrote beside the option `other` of a question, at most so many.
const MOST_OTHERS: usize = 20;

/// The scores of a survey within a period, each with its interval and its n.
///
/// `from` and `to` (exclusive) are RFC 3339 or days in UTC, by default everything there is; `by` adds
/// the same numbers by `device`, `language`, `page`, `trigger`, `custom.NAME`, `day` and `week`;
/// `compare=previous` compares with the period before, of the same length.
#[utoipa::path(get, path = "/v1/surveys/{id}/summary", tag = "reading", security(("token" = ["read"])),
    params(
        ("id" = String, Path, description = "the survey"),
        ("site" = Option<String>, Query, description = "the site of the survey; may be left out where only one has it"),
        ("from" = Option<String>, Query, description = "the first moment: a date, or a date-time"),
        ("to" = Option<String>, Query, description = "the first moment after it"),
        ("by" = Option<String>, Query, description = "device, language, page, trigger, version, custom.NAME, day, week; joined by commas"),
        ("compare" = Option<String>, Query, description = "`previous`"),
    ), responses(
    (status = 200, description = "numbers, scores and their intervals; null where nothing was answered", body = Summary),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn show(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    PathSegment(survey): PathSegment,
    RawQuery(query): RawQuery,
) -> Result<Json<Summary>, Error> {
    let request = SummaryQuery::read(&query.unwrap_or_default())?;
    let key = collector.key_of(&principal, request.site.as_deref(), &survey).await?;
    Ok(Json(summary_of(&collector, &key, &request).await?))
}

/// Adds what visitors wrote beside the option `other`.
async fn add_others(store: &Store, key: &str, summary: &mut Summary) -> Result<(), Error> {
    let questions = &mut summary.whole.questions;
    let has_other = |it: &&mut QuestionSummary| it.counts.contains_key(OTHER);
    let ids: Vec<String> =
        questions.iter_mut().filter(has_other).map(|it| it.question.clone()).collect();
    let (Some(from), Some(to), false) = (summary.from, summary.to, ids.is_empty()) else {
        return Ok(());
    };
    let texts = store.latest_texts(key, Period { from, to }, &ids).await?;
    for question in questions.iter_mut().filter(has_other) {
        let texts = texts.get(&question.question).into_iter().flatten();
        question.other = texts.take(MOST_OTHERS).cloned().collect();
    }
    Ok(())
}

/// The same of up to 24 surveys at once, in the order in which `surveys` names them: what an overview shows.
#[utoipa::path(get, path = "/v1/summaries", tag = "reading", security(("token" = ["read"])),
    params(
        ("surveys" = String, Query, description = "the ids of 1 to 24 surveys, joined by commas"),
        ("site" = Option<String>, Query, description = "the site of the survey; may be left out where only one has it"),
        ("from" = Option<String>, Query, description = "the first moment: a date, or a date-time"),
        ("to" = Option<String>, Query, description = "the first moment after it"),
        ("by" = Option<String>, Query, description = "device, language, page, trigger, version, custom.NAME, day, week; joined by commas"),
        ("compare" = Option<String>, Query, description = "`previous`"),
    ), responses(
    (status = 200, description = "a summary of each", body = Summaries),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn show_several(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    RawQuery(query): RawQuery,
) -> Result<Json<Summaries>, Error> {
    let mut request = SummaryQuery::read_several(&query.unwrap_or_default())?;
    let mut summaries = Vec::with_capacity(request.surveys.len());
    // One after the other: an overview takes no more connections than a summary.
    for survey in std::mem::take(&mut request.surveys) {
        let key = collector.key_of(&principal, request.site.as_deref(), &survey).await?;
        summaries.push(summary_of(&collector, &key, &request).await?);
    }
    Ok(Json(Summaries { summaries }))
}

/// What the answers of a period said, beside those of the period before.
pub(crate) async fn compared(
    collector: &Collector,
    key: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Summary, Error> {
    let request =
        SummaryQuery { from: Some(from), to: Some(to), compare: true, ..SummaryQuery::default() };
    summary_of(collector, key, &request).await
}

async fn summary_of(
    collector: &Collector,
    key: &str,
    request: &SummaryQuery,
) -> Result<Summary, Error> {
    let store = &collector.store;
    let period = period(store, key, request.from, request.to).await?;
    let counted = count(store, key, period, request).await?;
    let defined = DefinedSurvey::of(collector.definition(key));
    let (site, survey) = site_and_survey(key);
    let mut summary = summary(survey.to_owned(), Some(&period), request, &counted, &defined);
    summary.site = Some(site.to_owned()).filter(|site| site != DEFAULT_SITE);
    summary.name = collector.survey_names(&[key.to_owned()]).await?.remove(key);
    summary.dimensions = store.dimensions(key).await?;
    summary.crowded = store.crowded(key).await?;
    add_others(store, key, &mut summary).await?;
    Ok(summary)
}

/// From what was asked for to a period; what is open reaches as far as there are responses.
async fn period(
    store: &Store,
    survey: &str,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Period, Error> {
    let now = clock::now();
    let to = to.unwrap_or_else(|| Timestamp::from_millis(now.as_millis() + 1));
    let from = match from {
        Some(from) => from,
        None => store.first_day(survey).await?.unwrap_or(to).min(to),
    };
    Ok(Period { from, to })
}

async fn count(
    store: &Store,
    survey: &str,
    period: Period,
    request: &SummaryQuery,
) -> Result<SummaryCounts, Error> {
    let dimensions: Vec<&str> =
        ["", CRAWLERS].into_iter().chain(request.dimensions.iter().map(String::as_str)).collect();
    let of = |period, dimensions, by_day| CountsOf { survey, period, dimensions, by_day };
    let mut counted = period;
    if request.to.is_none() {
        // Nothing counts for a later moment than now, which is another one with each query: the sums of today hold it all.
        let today = period.to.as_millis().div_euclid(clock::DAY_MS);
        counted.to = Timestamp::from_millis((today + 1) * clock::DAY_MS);
    }
    let whole = store.counts(&of(counted, &dimensions, false)).await?;
    let days = match request.day || request.week {
        true => Some(store.counts(&of(counted, &[""], true)).await?),
        false => None,
    };
    let earlier = match request.compare && period.from < period.to {
        true => {
            let before = before(&period);
            Some((before, store.counts(&of(before, &[""], false)).await?))
        }
        false => None,
    };
    Ok(SummaryCounts { whole, days, earlier })
}

/// The parts of a property; the largest first.
fn parts(
    asked: Questions<'_>,
    counts: &Counts,
    days: PeriodDays,
    dimension: &str,
    whole: &Tally,
) -> Vec<Part> {
    let of = |found: &str, value: &str, _| (found == dimension).then(|| value.to_owned());
    let found = tallies(counts, of);
    // A part alone has no rest, and of two that are each other's rest there is one comparison. What is
    // too small to be called a score is nobody's pick of the worst.
    let large = found.values().filter(|tally| tally.responses >= metric::ENOUGH).count();
    let comparisons = if large == 2 { 1 } else { u32::try_from(large).unwrap_or(u32::MAX) };
    let mut parts: Vec<Part> = found
        .into_iter()
        .map(|(value, tally)| {
            let rest = whole.without(&tally);
            Part { value, group: group(asked, &tally, days, None, Some((&rest, comparisons))) }
        })
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse((part.group.responses, part.group.shown)));
    parts
}

/// The days, or spans of so many days, that have responses; the earliest first.
fn spans(
    asked: Questions<'_>,
    counts: &Counts,
    length: i64,
    start: impl Fn(i64) -> i64,
) -> Vec<Part> {
    let of = |dimension: &str, _: &str, day: Option<i64>| {
        day.filter(|_| dimension.is_empty()).map(&start)
    };
    tallies(counts, of)
        .into_iter()
        .map(|(day, tally)| Part {
            value: calendar::date(day),
            group: group(asked, &tally, (day, day + length - 1), None, None),
        })
        .collect()
}

/// Everybody.
fn whole(counts: &Counts) -> Tally {
    let of = |dimension: &str, _: &str, _| dimension.is_empty().then_some(());
    tallies(counts, of).remove(&()).unwrap_or_default()
}

/// How many responses are those of crawlers and monitors.
fn crawlers(counts: &Counts) -> u64 {
    let of = |dimension: &str, _: &str, _| (dimension == CRAWLERS).then_some(());
    tallies(counts, of).remove(&()).unwrap_or_default().shown
}

/// The period before, of the same length.
fn before(period: &Period) -> Period {
    let (from, to) = (period.from.as_millis(), period.to.as_millis());
    Period { from: Timestamp::from_millis(from - (to - from)), to: period.from }
}

/// The first and the last day of which a period has a part.
fn days(period: &Period) -> PeriodDays {
    let day = |moment: i64| moment.div_euclid(clock::DAY_MS);
    (day(period.from.as_millis()), day(period.to.as_millis() - 1))
}

/// What was counted for one summary.
struct SummaryCounts {
    whole: Counts,
    days: Option<Counts>,
    earlier: Option<(Period, Counts)>,
}

fn summary(
    survey: String,
    period: Option<&Period>,
    request: &SummaryQuery,
    counted: &SummaryCounts,
    defined: &DefinedSurvey,
) -> Summary {
    let asked = Questions { scales: &scales(counted), defined };
    let everybody = whole(&counted.whole);
    let earlier = counted.earlier.as_ref().map(|(period, counts)| (period, whole(counts)));
    let days = period.map_or((i64::MIN, i64::MAX), days);
    let mut by = BTreeMap::new();
    for dimension in &request.dimensions {
        by.insert(dimension.clone(), parts(asked, &counted.whole, days, dimension, &everybody));
    }
    if let Some(counts) = &counted.days {
        if request.day {
            by.insert("day".to_owned(), spans(asked, counts, 1, |day| day));
        }
        if request.week {
            by.insert("week".to_owned(), spans(asked, counts, 7, calendar::monday));
        }
    }
    let mut summary = Summary {
        site: None,
        survey,
        name: None,
        from: period.map(|period| period.from),
        to: period.map(|period| period.to),
        whole: group(asked, &everybody, days, earlier.as_ref().map(|(_, tally)| tally), None),
        dimensions: Vec::new(),
        crowded: Vec::new(),
        by,
        crawlers: crawlers(&counted.whole),
        previous: earlier.map(|(period, tally)| Previous {
            from: period.from,
            to: period.to,
            whole: group(asked, &tally, self::days(period), None, None),
            response_rate_change: (everybody.silent > 0 && tally.silent > 0)
                .then(|| {
                    let rate = |of: &Tally| metric::Share::new(of.responses, of.shown);
                    metric::difference_of_shares(rate(&everybody), rate(&tally), 1)
                })
                .flatten()
                .map(measure::compared),
        }),
    };
    rounded::summary(&mut summary);
    summary
}

/// Every scale of these counts, in the order asked.
fn scales(counted: &SummaryCounts) -> Vec<AskedScale> {
    let all = [Some(&counted.whole), counted.days.as_ref()];
    let earlier = counted.earlier.as_ref().map(|(_, counts)| counts);
    let mut scales: Vec<AskedScale> = Vec::new();
    for scale in all.into_iter().chain([earlier]).flatten().flat_map(|counts| &counts.scales) {
        if !scales.iter().any(|known| known.id == scale.id) {
            scales.push(scale.clone());
        }
    }
    scales.sort_by_key(|scale| (scale.position, scale.id));
    scales
}

#[cfg(test)]
mod tests;
