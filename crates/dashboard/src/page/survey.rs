use crate::api::escaped;
use crate::components::{
    Actions, Comments, Distribution, Empty, Endings, Id, Loading, Participation, Parts, Problem,
    Questions, ScoreCard, Shown, Spans, TrendCard, WorstPage, main_question, survey_name,
};
use crate::days;
use crate::format;
use crate::live::Live;
use crate::loaded::{Loaded, load};
use crate::root::at;
use crate::route::{Route, Span, current_route, go};
use crate::words::{fill, language, words};
use leptos::prelude::*;
use leptos_router::components::A;
use sondeo_api::summary::{QuestionSummary, Summary};

/// Everything about one survey.
#[component]
pub(crate) fn Survey() -> impl IntoView {
    let live = expect_context::<Live>();
    let route = current_route();
    let again = RwSignal::new(0_u32);
    let refresh = move || live.ticks.get() + again.get();
    let asked = Memo::new(move |_| {
        let route = route.get();
        (route.survey, route.span, route.by, route.weeks)
    });
    let address = move || {
        let (survey, span, by, weeks) = asked.get();
        // Days of a year are many, and none of them has much to say.
        let steps = match (span.days(days::today()), weeks) {
            (_, Some(false)) => "day",
            (_, Some(true)) => "week",
            (Some((from, to)), None) if to - from <= 45 => "day,week",
            _ => "week",
        };
        let compare = if span == Span::All { "" } else { "&compare=previous" };
        let also = if by == "page" { String::new() } else { format!(",{}", escaped(&by)) };
        let survey = escaped(&survey?);
        let query = span.query(days::today());
        Some(format!("/v1/surveys/{survey}/summary?by={steps},page{also}{compare}&{query}"))
    };
    let found: RwSignal<Loaded<Summary>> = load(address, refresh);
    let updated = Memo::new(move |_| {
        found.read().value.as_ref()?;
        Some(fill(words().updated, &[&format::now(language())]))
    });
    let key = Memo::new(move |_| route.get().survey.unwrap_or_default());
    let known = Memo::new(move |before: Option<&Option<(String, Option<String>)>>| {
        let (key, found) = (key.get(), found.read());
        let is_it = |it: &&Summary| crate::api::key(it.site.as_deref(), &it.survey) == key;
        match found.value.as_ref().filter(is_it) {
            Some(summary) => Some((key, summary.name.clone())),
            // Over another period, it is called the same.
            None => match before.cloned().flatten().filter(|(known, _)| *known == key) {
                None => found.failure.is_some().then_some((key, None)),
                before => before,
            },
        }
    });
    // Until it is known, no other name stands there, which would change under the reader's eyes.
    let called = Memo::new(move |_| match &*known.read() {
        Some((key, name)) => survey_name(language(), name.as_deref(), key),
        None => "\u{a0}".to_owned(),
    });
    let shown = expect_context::<Shown>().0;
    Effect::new(move || {
        let key = known.read().as_ref().map(|(key, _)| key.clone());
        shown.set(key.map(|key| (key, called.get())));
    });
    let question = Memo::new(move |_| route.get().question);
    let body = move || {
        // What components read of these while they are made is not followed.
        let _ = (language(), question.get());
        let found = found.read();
        let Some(summary) = found.value.clone() else {
            return match found.failure.clone() {
                Some(failure) => {
                    let retry = move || again.update(|again| *again += 1);
                    view! { <Problem failure retry/> }.into_any()
                }
                None => view! { <Loading/> }.into_any(),
            };
        };
        if summary.whole.shown == 0 {
            return view! {
                <Empty title=words().no_answers_title text=words().no_answers>
                    <AllTime/>
                </Empty>
            }
            .into_any();
        }
        view! { <Body summary/> }.into_any()
    };
    view! {
        <div class="head wide">
            <div>
                <p class="crumbs">
                    <A href=move || {
                        at(&Route { span: route.get().span, ..Route::start() }.address())
                    }>{move || words().surveys}</A>
                    <Id id=key called/>
                </p>
                <h1 dir="auto">{called}</h1>
                <p class="live" class:off=move || !live.connected.get()>
                    <span class="dot" aria-hidden="true"></span>
                    {move || if live.connected.get() { words().live } else { words().live_off }}
                    <span class="soft">{updated}</span>
                </p>
            </div>
            <Spans/>
            <Actions/>
        </div>
        <div class="wide">{body}</div>
        <div class="wide"><Comments again=refresh/></div>
    }
}

#[component]
fn AllTime() -> impl IntoView {
    let (route, go) = (current_route(), go());
    let show = move |_| go(&Route { span: Span::All, ..route.get_untracked() }, false);
    // Who sees all of it already needs no way there.
    let more = move || route.get().span != Span::All;
    view! { <button hidden=move || !more() on:click=show>{move || words().show_all_time}</button> }
}

/// Says where some values are not told apart.
fn crowded(summary: &Summary) -> Option<impl IntoView + use<>> {
    let words = words();
    let name = |property: &String| match property.as_str() {
        "question" => words.questions_of.to_owned(),
        "custom" => words.custom_fields.to_owned(),
        "option" => words.options_of.to_owned(),
        "wording" => words.wordings_of.to_owned(),
        property => words.dimension(property).to_owned(),
    };
    let names: Vec<String> = summary.crowded.iter().map(name).collect();
    let text = fill(words.crowded, &[&names.join(", ")]);
    (!names.is_empty()).then(|| view! { <p class="warning" data-crowded="">{text}</p> })
}

#[component]
fn Body(summary: Summary) -> impl IntoView {
    let route = current_route();
    let chosen = main_question(&summary.whole.questions, route.get().question.as_deref()).cloned();
    let scored: Vec<QuestionSummary> = summary
        .whole
        .questions
        .iter()
        .filter(|question| question.metric.is_some())
        .cloned()
        .collect();
    let several = scored.len() > 1;
    let first = chosen.clone().map(|question| {
        view! {
            {several.then(|| view! { <Choose scored=scored.clone() chosen=question.clone()/> })}
            <div class="first">
                <ScoreCard summary=summary.clone() question=question.clone()/>
                <TrendCard summary=summary.clone() question=question.clone()/>
                <WorstPage summary=summary.clone() question=question.clone()/>
                <Distribution question=question.clone()/>
                <Participation summary=summary.clone()/>
            </div>
            <Parts summary=summary.clone() question=question/>
        }
    });
    let without = chosen.is_none().then(|| view! { <Participation summary=summary.clone()/> });
    let crowded = crowded(&summary);
    view! {
        {first}
        {without}
        {crowded}
        <Endings whole=summary.whole.clone()/>
        <Questions summary=summary.clone() chosen/>
    }
}

/// Which of several scored questions.
#[component]
fn Choose(scored: Vec<QuestionSummary>, chosen: QuestionSummary) -> impl IntoView {
    let (route, go) = (current_route(), go());
    let language = language();
    let options = scored
        .into_iter()
        .map(|question| {
            let key = crate::components::key(&question);
            let selected = key == crate::components::key(&chosen);
            let text = crate::components::asked(&question, language);
            let points = question.points.map(|points| format!(" (1–{points})"));
            view! { <option value=key selected=selected>{text}{points}</option> }
        })
        .collect::<Vec<_>>();
    let choose = move |event| {
        let question = Some(event_target_value(&event));
        go(&Route { question, ..route.get_untracked() }, true);
    };
    view! {
        <label class="choose">
            <span>{words().choose_question}</span>
            <select on:change=choose>{options}</select>
        </label>
    }
}
