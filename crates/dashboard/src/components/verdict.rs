//! What a comparison says.

use super::lower_is_better;
use crate::format::difference;
use crate::words::{Language, fill, words};
use leptos::prelude::*;
use sondeo_api::summary::{Compared, Score};
use sondeo_model::Metric;

/// In one word: better, worse, or nothing certain.
#[component]
pub(crate) fn Verdict(score: Score) -> impl IntoView {
    let language = crate::words::language();
    score.change.map(|change| {
        let by = difference(language, score.name, change.difference.value, true);
        let text = match (change.certain, is_better(score.name, &change)) {
            (false, _) => words().no_certain_change.to_owned(),
            (true, true) => format!("{} {by}", words().better),
            (true, false) => format!("{} {by}", words().worse),
        };
        let class = match (change.certain, is_better(score.name, &change)) {
            (false, _) => "verdict",
            (true, true) => "verdict better",
            (true, false) => "verdict worse",
        };
        view! { <span class=class>{text}</span> }
    })
}

/// Whether what came after is better than what was before.
pub(crate) fn is_better(metric: Metric, change: &Compared) -> bool {
    (change.difference.value > 0.0) != lower_is_better(metric)
}

/// The change against the period before, in a sentence.
pub(crate) fn change_in_words(language: Language, score: &Score) -> String {
    let words = language.words();
    let Some(change) = score.change else { return words.change_none.to_owned() };
    let found = change.difference;
    let say = |value, signed| difference(language, score.name, value, signed);
    let ends = [say(found.low, true), say(found.high, true)];
    let (form, value) = match (change.certain, found.value > 0.0) {
        (true, true) => (words.change_up, say(found.value, false)),
        (true, false) => (words.change_down, say(found.value, false)),
        (false, _) => (words.change_unsure, say(found.value, true)),
    };
    fill(form, &[&value, &ends[0], &ends[1]])
}
