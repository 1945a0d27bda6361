use super::{Verdict, Whisker, asked, change_in_words, limits};
use crate::words::{answers_of, fill, language, words};
use crate::{days, format};
use leptos::prelude::*;
use sondeo_api::summary::{QuestionSummary, Summary};
use sondeo_model::Timestamp;

/// The score, how sure it is, and whether it changed.
#[component]
pub(crate) fn ScoreCard(summary: Summary, question: QuestionSummary) -> impl IntoView {
    let (language, words) = (language(), words());
    let score = question.metric.clone()?;
    let metric = words.metric(score.name);
    let n = answers_of(language, score.estimate.n);
    let ends = score.estimate.low.zip(score.estimate.high).map(|(low, high)| {
        let [low, high] = [low, high].map(|end| format::score(language, score.name, end));
        fill(words.interval_long, &[&low, &high])
    });
    let before = summary.previous.as_ref().and_then(|previous| {
        let before = previous.whole.questions.iter().find(|other| super::same(other, &question))?;
        let before = before.metric.as_ref()?;
        let value = format::score(language, before.name, before.estimate.value);
        let interval = format::interval(language, before.name, &before.estimate);
        let interval = interval.map(|interval| format!(" ({interval})")).unwrap_or_default();
        let n = format::count(language, before.estimate.n);
        // Which days those were: "last week" is somebody's Monday to Sunday.
        let last = Timestamp::from_millis(previous.to.as_millis() - 1);
        let day = |at: Timestamp| format::day(language, &days::date(days::of(at)), false);
        let [from, to] = [previous.from, last].map(day);
        let spell = format!("{from} – {to}");
        Some(fill(words.before, &[&spell, &format!("{value}{interval}, n = {n}")]))
    });
    let compared = summary.previous.is_some().then(|| {
        view! {
            <div class="compared">
                <Verdict score=score.clone()/>
                <p>{change_in_words(language, &score)}</p>
                {before.map(|before| view! { <p class="soft">{before}</p> })}
            </div>
        }
    });
    let beside = score
        .agreement
        .map(|agreement| fill(words.agreement, &[&format::rate(language, &agreement)]))
        .or_else(|| score.p90.map(|p90| fill(words.p90, &[&format::minutes(language, p90.value)])));
    let help = format!("{}: {}", metric.long, metric.means);
    Some(view! {
        <section class="card main-score" aria-labelledby="score-title">
            <h2 id="score-title">{metric.long} " " <abbr title=help>{metric.short}</abbr></h2>
            <p class="asked">{asked(&question, language)}</p>
            <p class="score" class:few=!score.enough>
                <strong data-score="">{format::score(language, score.name, score.estimate.value)}</strong>
                <span class="n" data-n="">{n.clone()}</span>
            </p>
            <Whisker
                estimate=score.estimate
                range=limits(score.name, question.points)
                few=!score.enough
            />
            <p class="interval" data-interval="">
                {ends.unwrap_or_else(|| words.interval_open.to_owned())}
            </p>
            {(!score.enough)
                .then(|| view! { <p class="warning">{fill(words.too_few_long, &[&n])}</p> })}
            {beside.map(|beside| view! { <p>{beside}</p> })}
            {compared}
            <details>
                <summary>{words.explain}</summary>
                <p>{metric.means}</p>
            </details>
        </section>
    })
}
