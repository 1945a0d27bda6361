use super::verdict::is_better;
use super::{Whisker, limits, part_name, same};
use crate::format::{self, difference};
use crate::route::{Route, current_route, go};
use crate::words::{language, words};
use leptos::prelude::*;
use sondeo_api::summary::{Part, QuestionSummary, Score, Summary};

/// So many parts are shown at once.
const MOST: usize = 25;

/// The score by page, device, language, trigger or what else pages pass along.
#[component]
pub(crate) fn Parts(summary: Summary, question: QuestionSummary) -> impl IntoView {
    let words = words();
    let (route, go) = (current_route(), go());
    let by = route.get().by;
    let mut names: Vec<String> =
        ["page", "device", "language", "trigger"].map(str::to_owned).into();
    let further = summary.dimensions.iter().filter(|name| name.starts_with("custom."));
    names.extend(further.cloned());
    if !names.contains(&by) {
        names.push(by.clone());
    }
    let options = names
        .into_iter()
        .map(|name| {
            let (text, selected) = (words.dimension(&name).to_owned(), name == by);
            view! { <option value=name selected=selected>{text}</option> }
        })
        .collect::<Vec<_>>();
    let choose = move |event| {
        go(&Route { by: event_target_value(&event), ..route.get_untracked() }, true);
    };
    let column = words.dimension(&by).to_owned();
    let rows = summary
        .by
        .get(&by)
        .into_iter()
        .flatten()
        .take(MOST)
        .map(|part| row(part, &question, &by))
        .collect::<Vec<_>>();
    view! {
        <section class="card parts" aria-labelledby="parts-title">
            <header>
                <h2 id="parts-title">{words.parts}</h2>
                <label class="by">
                    <span>{words.by}</span>
                    <select on:change=choose>{options}</select>
                </label>
            </header>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="parts-title">
                <table>
                    <caption class="unseen">{words.parts}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{column}</th>
                            <th scope="col">{words.score}</th>
                            <td class="whiskers" aria-hidden="true"></td>
                            <th scope="col">{words.interval}</th>
                            <th scope="col">{words.answers}</th>
                            <th scope="col" class="against">{words.against_rest}</th>
                            <th scope="col">{words.response_rate}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="soft note">{words.parts_note}</p>
        </section>
    }
}

fn row(part: &Part, question: &QuestionSummary, property: &str) -> impl IntoView + use<> {
    let language = language();
    let found = part.group.questions.iter().find(|other| same(other, question));
    let score = found.and_then(|found| found.metric.clone());
    let name = part_name(language, property, &part.value);
    // Who works with exports looks for the value itself.
    let value =
        (name != part.value && !matches!(property, "page" | "version")).then(|| part.value.clone());
    let rate = part.group.response_rate.map(|rate| format::percent(language, rate.value));
    let few = score.as_ref().is_some_and(|score| !score.enough);
    let n = score.as_ref().map_or(0, |score| score.estimate.n);
    let range = score.as_ref().map(|score| limits(score.name, question.points));
    view! {
        <tr class:few=few>
            <th scope="row" title=value>
                {name}
                // Of a narrow table, its column would lie outside the view.
                <span class="beneath">{score.as_ref().map(against)}</span>
            </th>
            <td>
                {score
                    .as_ref()
                    .map(|score| format::score(language, score.name, score.estimate.value))}
            </td>
            <td class="whiskers" aria-hidden="true">
                {score
                    .as_ref()
                    .zip(range)
                    .map(|(score, range)| {
                        view! { <Whisker estimate=score.estimate range few/> }
                    })}
            </td>
            <td>
                {score
                    .as_ref()
                    .and_then(|score| format::interval(language, score.name, &score.estimate))}
            </td>
            <td>{format::count(language, n)}</td>
            <td class="against">{score.as_ref().map(against)}</td>
            <td>{rate.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

/// Whether a part differs from the rest.
fn against(score: &Score) -> impl IntoView + use<> {
    let (language, words) = (language(), words());
    let (class, text) = match score.rest {
        _ if !score.enough => ("verdict", words.too_few.to_owned()),
        Some(rest) if rest.certain => {
            let by = difference(language, score.name, rest.difference.value, true);
            match is_better(score.name, &rest) {
                true => ("verdict better", format!("{} {by}", words.better)),
                false => ("verdict worse", format!("{} {by}", words.worse)),
            }
        }
        Some(_) => ("verdict", words.same_as_rest.to_owned()),
        None => ("verdict", "–".to_owned()),
    };
    view! { <span class=class>{text}</span> }
}
