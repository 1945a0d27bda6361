use super::width::width;
use super::{limits, same};
use crate::chart::{Point, Size, axis, trend};
use crate::days;
use crate::format;
use crate::route::{Route, Span, current_route, go};
use crate::words::{Language, fill, language, words};
use leptos::html::Div;
use leptos::prelude::*;
use sondeo_api::summary::{QuestionSummary, Score, Summary};
use sondeo_model::Metric;
use sondeo_model::metric::Estimate;

/// The score of each day or week that has answers.
fn scores(summary: &Summary, question: &QuestionSummary, by: &str) -> Vec<(String, Score)> {
    let parts = summary.by.get(by).into_iter().flatten();
    parts
        .filter_map(|part| {
            let found = part.group.questions.iter().find(|other| same(other, question))?;
            Some((part.value.clone(), found.metric.clone()?))
        })
        .collect()
}

/// Whether days or weeks are shown: days, unless most of them have too few answers to say anything.
fn by_weeks(summary: &Summary, question: &QuestionSummary, chosen: Option<bool>) -> bool {
    let Some(days) = summary.by.get("day") else { return true };
    if !summary.by.contains_key("week") {
        return false;
    }
    let thin = days.len() > 14 && question.n / 10 < days.len() as u64;
    chosen.unwrap_or(days.len() > 45 || thin)
}

/// Whether days of this day or week are missing: it is not over, or the span leaves some of them out.
fn is_partial(day: i64, step: i64, span: Span, today: i64) -> bool {
    let (first, last) = span.days(today).unwrap_or((i64::MIN, i64::MAX));
    day < first || day + step > last.saturating_add(1).min(today)
}

/// A day or the first of a week, and that it is not whole where that is so.
fn named(language: Language, date: &str, is_partial: bool) -> String {
    let day = format::day(language, date, true);
    if is_partial { format!("{day} ({})", language.words().partial) } else { day }
}

fn points(language: Language, scores: &[(String, Score)], step: i64, span: Span) -> Vec<Point> {
    let point = |(date, score): &(String, Score)| {
        let Estimate { value, low, high, n } = score.estimate;
        let interval = format::interval(language, score.name, &score.estimate);
        let day = days::parse(date)?;
        let is_partial = is_partial(day, step, span, days::today());
        let title = format!(
            "{}: {}{}, n = {}",
            named(language, date, is_partial),
            format::score(language, score.name, value),
            interval.map(|interval| format!(" ({interval})")).unwrap_or_default(),
            format::count(language, n)
        );
        let ends = low.zip(high).map(|(low, high)| [low, high]);
        Some(Point { day, value, ends, is_partial, title })
    };
    scores.iter().filter_map(point).collect()
}

/// The drawing alone; what it shows is in a table beside it, or said by the number that it stands by.
#[component]
pub(crate) fn Trend(summary: Summary, question: QuestionSummary, small: bool) -> impl IntoView {
    let language = language();
    let route = current_route();
    let element = NodeRef::<Div>::new();
    let width = width(element);
    let weeks =
        by_weeks(&summary, &question, if small { None } else { route.get_untracked().weeks });
    let scores = scores(&summary, &question, if weeks { "week" } else { "day" });
    let points = points(language, &scores, step(weeks), route.get_untracked().span);
    let metric = question.metric.as_ref().map(|score| score.name);
    let drawing = move || {
        let (width, metric) = (width.get(), metric?);
        if width < 40 || points.is_empty() {
            return None;
        }
        let values = points.iter().flat_map(|point| match (small, point.ends) {
            (false, Some(ends)) => vec![point.value, ends[0], ends[1]],
            _ => vec![point.value],
        });
        let mut limits = limits(metric, question.points);
        if small {
            // Beside its number, a wobble that means nothing must not look like a fall.
            let middle = question.metric.as_ref().map_or(0.0, |score| score.estimate.value);
            let room = if limits[1].is_finite() { (limits[1] - limits[0]) / 4.0 } else { middle };
            let values = values.chain([middle - room, middle + room]);
            limits = [f64::NEG_INFINITY, f64::INFINITY];
            let axis = axis(values, limits, 2);
            let size = Size { width, height: 44, small, left: 0 };
            return Some(trend(&points, step(weeks), &axis, size, &|_| String::new(), &|_| {
                String::new()
            }));
        }
        // Lines stand at whole hours or days, not at round numbers of minutes.
        let values: Vec<f64> = values.collect();
        let most = values.iter().copied().fold(0.0, f64::max);
        let unit = if metric == Metric::Ttr { format::unit(most) } else { 1.0 };
        let limits = limits.map(|limit| limit / unit);
        let axis = axis(values.into_iter().map(|value| value / unit), limits, 6).times(unit);
        let height = if width < 480 { 200 } else { 250 };
        let size = Size { width, height, small, left: if unit > 1.0 { 64 } else { 52 } };
        let y = move |value: f64| match metric {
            Metric::Ttr => format::minutes_in(language, value, unit),
            _ => format::score(language, metric, value),
        };
        let x = move |day: i64| format::day(language, &days::date(day), false);
        Some(trend(&points, step(weeks), &axis, size, &y, &x))
    };
    view! {
        <div class="chart" class:small=small node_ref=element aria-hidden="true" inner_html=drawing></div>
    }
}

fn step(weeks: bool) -> i64 {
    if weeks { 7 } else { 1 }
}

/// The trend with its words and its table.
#[component]
pub(crate) fn TrendCard(summary: Summary, question: QuestionSummary) -> impl IntoView {
    let (language, words) = (language(), words());
    let (route, go) = (current_route(), go());
    let weeks = by_weeks(&summary, &question, route.get().weeks);
    let scores = scores(&summary, &question, if weeks { "week" } else { "day" });
    let few = scores.len() < 2;
    let choice = move |week: bool| {
        let go = go.clone();
        let choose = move |_| go(&Route { weeks: Some(week), ..route.get_untracked() }, true);
        let text = if week { words.by_week } else { words.by_day };
        view! {
            <label class="chip">
                <input type="radio" name="trend" prop:checked=weeks == week on:change=choose/>
                {text}
            </label>
        }
    };
    let span = route.get().span;
    let is_partial = |date: &str| {
        days::parse(date).is_some_and(|day| is_partial(day, step(weeks), span, days::today()))
    };
    let has_partial = scores.iter().any(|(date, _)| is_partial(date));
    let rows = scores
        .iter()
        .rev()
        .map(|(date, score)| {
            view! {
                <tr class:few=!score.enough>
                    <th scope="row">{named(language, date, is_partial(date))}</th>
                    <td>{format::score(language, score.name, score.estimate.value)}</td>
                    <td>{format::interval(language, score.name, &score.estimate)}</td>
                    <td>{format::count(language, score.estimate.n)}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="card trend" aria-labelledby="trend-title">
            <header>
                <h2 id="trend-title">{words.trend}</h2>
                <fieldset class="chips">
                    <legend class="unseen">{words.trend}</legend>
                    {[false, true].map(choice)}
                </fieldset>
            </header>
            <Trend summary=summary.clone() question=question.clone() small=false/>
            <p class="soft note">
                {if few { words.trend_few } else { words.trend_note }} " "
                {(has_partial && !few).then(|| format!("{} ", words.trend_partial))} {words.utc}
            </p>
            <details>
                <summary>{words.as_table}</summary>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="trend-title">
                    <table>
                        <caption class="unseen">{words.trend}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{if weeks { words.week_of } else { words.day }}</th>
                                <th scope="col">{words.score}</th>
                                <th scope="col">{fill(words.interval, &[])}</th>
                                <th scope="col">{words.answers}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_over_is_partial() {
        let check = |day, step, span, expected| {
            assert_eq!(is_partial(day, step, span, 100), expected, "{day} {step} {span:?}");
        };
        check(99, 1, Span::Last(7), false);
        check(100, 1, Span::Last(7), true);
        check(93, 7, Span::All, false);
        check(94, 7, Span::All, true);
        // Of a week that began before the span, some days are missing.
        check(90, 7, Span::Own(91, 97), true);
        check(91, 7, Span::Own(91, 97), false);
        check(91, 7, Span::Own(91, 96), true);
    }
}
