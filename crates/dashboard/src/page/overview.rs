use crate::api::{Summaries, Survey, Surveys, escaped, key};
use crate::components::{
    Empty, Id, Loading, Problem, Spans, Trend, Verdict, Whisker, in_view, limits, main_question,
    survey_name,
};
use crate::days;
use crate::format;
use crate::live::Live;
use crate::loaded::{Loaded, load};
use crate::root::at;
use crate::route::{Route, current_route};
use crate::words::{answers_of, language, words};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::components::A;
use sondeo_api::summary::Summary;

/// Surveys that are asked for, and shown, together.
const BATCH: usize = 12;

/// Every survey at a glance, some at a time: however many there are, only those in view are asked for.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    // Of each batch, what the collector says comes next; the first one begins at the beginning.
    let following = RwSignal::new(vec![None::<String>]);
    let batches = move || (0..following.read().len()).collect::<Vec<_>>();
    let is_more = move || following.read().last().is_some_and(Option::is_some);
    view! {
        <div class="head wide">
            <div>
                <h1>{move || words().surveys}</h1>
                <p class="lead">{move || words().overview_lead}</p>
            </div>
            <Spans/>
        </div>
        <div class="wide batches">
            <For each=batches key=|index| *index let(index)>
                <Batch index following/>
            </For>
            <button
                class="more"
                hidden=move || !is_more()
                on:click=move |_| following.update(|following| following.push(None))
            >
                {move || words().more}
            </button>
        </div>
    }
}

/// Some surveys: one question asks which they are, and one for all of their summaries; again with what is new as long
/// as some of them is in view.
#[component]
fn Batch(index: usize, following: RwSignal<Vec<Option<String>>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let route = current_route();
    let again = RwSignal::new(0_u32);
    let list = NodeRef::<Div>::new();
    let is_in_view = in_view(list);
    let refresh = move || live.ticks.get() + again.get();
    let after = Memo::new(move |_| following.read().get(index.checked_sub(1)?).cloned().flatten());
    let which = move || {
        let after = after.get().map(|after| format!("&cursor={}", escaped(&after)));
        let is_there = index == 0 || after.is_some();
        (is_in_view.get() && is_there)
            .then(|| format!("/v1/surveys?limit={BATCH}{}", after.unwrap_or_default()))
    };
    let found: RwSignal<Loaded<Surveys>> = load(which, refresh);
    let rows = Memo::new(move |_| found.read().value.as_ref().map(|found| found.surveys.clone()));
    Effect::new(move || {
        let Some(next) = found.read().value.as_ref().map(|found| found.next.clone()) else {
            return;
        };
        let known = following.read_untracked().get(index).cloned();
        if known.is_some_and(|known| known != next) {
            following.update(|following| following[index] = next);
        }
    });
    let names = Memo::new(move |_| {
        let rows = rows.get().unwrap_or_default();
        rows.iter().map(Survey::key).collect::<Vec<_>>()
    });
    let address = move || {
        let span = route.get().span;
        let step = if matches!(span, crate::route::Span::Last(..=31)) { "day" } else { "week" };
        let query = span.query(days::today());
        let compare = if span == crate::route::Span::All { "" } else { "&compare=previous" };
        let names = names.read();
        let surveys = names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(",");
        (is_in_view.get() && !surveys.is_empty())
            .then(|| format!("/v1/summaries?surveys={surveys}&by={step}{compare}&{query}"))
    };
    let summaries: RwSignal<Loaded<Summaries>> = load(address, refresh);
    view! {
        <div node_ref=list>
            {move || {
                let failure = found.read().failure.clone().filter(|_| rows.read().is_none());
                match (failure, rows.read().as_ref().map(Vec::len)) {
                    (Some(failure), _) => {
                        view! { <Problem failure retry=move || again.update(|again| *again += 1)/> }
                            .into_any()
                    }
                    (None, None) => view! { <Loading/> }.into_any(),
                    (None, Some(0)) if index == 0 => {
                        let (title, text) = (words().no_surveys_title, words().no_surveys);
                        view! { <Empty title text/> }.into_any()
                    }
                    (None, Some(_)) => {
                        view! {
                            <ul class="surveys">
                                <For each=move || names.get() key=Clone::clone let(name)>
                                    <Card name rows summaries/>
                                </For>
                            </ul>
                        }
                            .into_any()
                    }
                }
            }}
        </div>
    }
}

/// One survey: its score, how sure it is, how it went, and how many answer.
#[component]
fn Card(
    name: String,
    rows: Memo<Option<Vec<Survey>>>,
    summaries: RwSignal<Loaded<Summaries>>,
) -> impl IntoView {
    let route = current_route();
    let survey = StoredValue::new(name.clone());
    let summary = Memo::new(move |_| {
        let summaries = summaries.read();
        let all = summaries.value.as_ref()?;
        let is_it = |it: &&Summary| key(it.site.as_deref(), &it.survey) == survey.get_value();
        all.summaries.iter().find(is_it).cloned()
    });
    let there = move || {
        let route =
            Route { survey: Some(survey.get_value()), span: route.get().span, ..Route::start() };
        at(&route.address())
    };
    let last = move || {
        let rows = rows.read();
        let row = rows.as_ref()?.iter().find(|row| row.key() == survey.get_value())?;
        Some(format::day(language(), &row.last.to_rfc3339()[..10], true))
    };
    let body = move || {
        let Some(summary) = summary.get() else {
            return match &summaries.read().failure {
                Some(_) => view! { <p class="problem">{words().failed}</p> }.into_any(),
                None => view! { <Loading/> }.into_any(),
            };
        };
        let language = language();
        let main = main_question(&summary.whole.questions, None);
        let Some(question) = main else {
            let text = if summary.whole.responses == 0 {
                words().no_answers_title.to_owned()
            } else {
                answers_of(language, summary.whole.responses)
            };
            return view! { <p class="soft">{text}</p> }.into_any();
        };
        let Some(score) = question.metric.clone() else { return ().into_any() };
        let rate = summary.whole.response_rate.map(|rate| format::percent(language, rate.value));
        let range = limits(score.name, question.points);
        let trend = (summary.clone(), question.clone());
        view! {
            <div class="glance">
                <p class="score" class:few=!score.enough>
                    <span class="metric">{words().metric(score.name).short}</span>
                    <strong>{format::score(language, score.name, score.estimate.value)}</strong>
                    <span class="interval">
                        {format::interval(language, score.name, &score.estimate)}
                    </span>
                </p>
                <Trend summary=trend.0 question=trend.1 small=true/>
            </div>
            <Whisker estimate=score.estimate range few=!score.enough/>
            <p class="facts">
                <span>
                    {answers_of(language, score.estimate.n)}
                </span>
                {(!score.enough).then(|| view! { <span class="tag few">{words().too_few}</span> })}
                {rate.map(|rate| view! { <span>{words().response_rate} " " {rate}</span> })}
                // Where there are too few to tell, that is all there is to say of a change.
                {(score.enough || score.change.is_some_and(|change| change.certain))
                    .then(|| view! { <Verdict score=score.clone()/> })}
            </p>
        }
        .into_any()
    };
    let called = Memo::new(move |_| {
        let rows = rows.read();
        let row = rows.iter().flatten().find(|row| row.key() == survey.get_value());
        let name = row.and_then(|row| row.name.as_deref());
        survey_name(language(), name, &survey.read_value())
    });
    view! {
        <li class="card survey" data-survey=name.clone()>
            <h2>
                <A href=there attr:dir="auto">{called}</A>
            </h2>
            {body}
            <p class="soft last">
                <span>{move || last().map(|last| crate::words::fill(words().last_answer, &[&last]))}</span>
                <Id id=name.clone() called/>
            </p>
        </li>
    }
}
