//! Where a question leads, by its answer.

use super::field::{Pick, Wrongs, element_id, said_in, shown};
use super::signs::{CLOSE, sign};
use super::texts::texts;
use super::work::{Work, locale};
use crate::words::{fill, words};
use leptos::prelude::*;
use sondeo_editor::Value;
use sondeo_editor::ways::{NodeKind, ways};

/// The rules of a question: if the answer is this, go there; else there.
#[component]
pub(crate) fn Ways(work: Work, pointer: Memo<String>, kind: Memo<String>) -> impl IntoView {
    let list = Memo::new(move |_| format!("{}/next", pointer.get()));
    // Those with a condition; one without stands last and says what else.
    let conditions = Memo::new(move |_| {
        let document = work.document.read();
        let rules = document.get(&list.get()).map(Value::entries).unwrap_or_default();
        rules.iter().take_while(|rule| rule.get("if").is_some()).count()
    });
    let targets = move || targets(work, &pointer.get());
    let otherwise = move || {
        let at = format!("{}/{}/go", list.get(), conditions.get());
        shown(work.document.read().get(&at))
    };
    let set_otherwise = move |target: String| {
        let (list, at) = (list.get_untracked(), conditions.get_untracked());
        let rule = format!("{list}/{at}");
        work.edit(|document| match (&*target, document.get(&rule).is_some()) {
            ("", true) => document.remove(&rule),
            ("", false) => Ok(Vec::new()),
            (target, true) => document.set(&format!("{rule}/go"), target),
            (target, false) => document.insert(&list, at, Value::object([("go", target)])),
        });
    };
    let add = move |_| {
        let (list, at) = (list.get_untracked(), conditions.get_untracked());
        let pointer = pointer.get_untracked();
        let first = untrack(|| answers(work, &pointer, &kind.get_untracked()));
        let first = first.into_iter().next().map(|(word, _)| word).unwrap_or_default();
        work.edit(|document| {
            document.insert(
                &list,
                at,
                Value::object([("if", Value::from(first)), ("go", "end".into())]),
            )
        });
    };
    let row = move |at: usize| {
        let rule = Signal::derive(move || format!("{}/{at}", list.get()));
        let condition = move || shown(work.document.read().get(&format!("{}/if", rule.get())));
        let target = move || shown(work.document.read().get(&format!("{}/go", rule.get())));
        view! {
            <li class="way">
                <Pick
                    id=Signal::derive(move || element_id(&format!("{}/if", rule.get())))
                    label=Signal::derive(|| texts().way_if.to_owned())
                    options=move || answers(work, &pointer.get(), &kind.get())
                    value=condition
                    choose=move |word: String| work.set(&format!("{}/if", rule.get_untracked()), word)
                    pointer=Signal::derive(move || format!("{}/if", rule.get()))
                />
                <Pick
                    id=Signal::derive(move || element_id(&format!("{}/go", rule.get())))
                    label=Signal::derive(|| texts().way_go.to_owned())
                    options=move || {
                        targets().into_iter().filter(|(word, _)| !word.is_empty()).collect()
                    }
                    value=target
                    choose=move |word: String| work.set(&format!("{}/go", rule.get_untracked()), word)
                    pointer=Signal::derive(move || format!("{}/go", rule.get()))
                />
                <button
                    type="button"
                    class="icon"
                    aria-label=move || texts().remove_way
                    on:click=move |_| {
                        let rule = rule.get_untracked();
                        work.edit(|document| document.remove(&rule));
                    }
                >
                    {sign(CLOSE)}
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="ways-edited">
            <legend>{move || texts().then}</legend>
            <ol>
                <For each=move || 0..conditions.get() key=|at| *at let(at)>
                    {row(at)}
                </For>
            </ol>
            <div class="side-by-side">
                <Pick
                    id=Signal::derive(move || format!("{}-else", element_id(&list.get())))
                    label=Signal::derive(move || {
                        let is_rest = conditions.get() > 0;
                        if is_rest { texts().way_otherwise } else { texts().way_go }.to_owned()
                    })
                    options=targets
                    value=otherwise
                    choose=set_otherwise
                />
                <button type="button" class="quiet" on:click=add>{move || texts().add_way}</button>
            </div>
            <Wrongs pointer=list/>
        </fieldset>
    }
    .into_any()
}

/// Where a question can lead: to what follows, to any other question, to the end or one of several.
fn targets(work: Work, pointer: &str) -> Vec<(String, String)> {
    let document = work.document.read();
    let language = work.writing.get();
    let mut found = vec![(String::new(), texts().then_next.to_owned())];
    let questions = document.get("/questions").map(Value::entries).unwrap_or_default();
    for (at, question) in questions.iter().enumerate() {
        let own = format!("/questions/{at}");
        if let Some(id) = question.text_of("id").filter(|_| own != pointer) {
            let words = said_in(work, &format!("{own}/text"), &language);
            let short: String = words.chars().take(40).collect();
            found.push((id.to_owned(), format!("{}. {short}", at + 1)));
        }
    }
    for (at, ending) in
        document.get("/endings").map(Value::entries).unwrap_or_default().iter().enumerate()
    {
        if let Some(id) = ending.text_of("id") {
            found.push((id.to_owned(), fill(texts().ending, &[&(at + 1).to_string()])));
        }
    }
    found.push(("end".to_owned(), texts().then_end.to_owned()));
    found
}

/// The answers that a rule can ask for.
fn answers(work: Work, pointer: &str, kind: &str) -> Vec<(String, String)> {
    let document = work.document.read();
    let mut found = Vec::new();
    let mut scale = |from: i64, to: i64| {
        for point in from..to {
            found.push((format!("<={point}"), fill(texts().at_most, &[&point.to_string()])));
        }
        for point in from + 1..=to {
            found.push((format!(">={point}"), fill(texts().at_least, &[&point.to_string()])));
        }
    };
    match kind {
        "likert" => {
            let points = shown(document.get(&format!("{pointer}/points")));
            scale(1, points.parse().unwrap_or(5));
        }
        "nps" => scale(0, 10),
        "yes-no" => {
            found.push(("=yes".to_owned(), words().yes.to_owned()));
            found.push(("=no".to_owned(), words().no.to_owned()));
        }
        "choice" | "choices" => {
            let language = work.writing.get();
            let list = format!("{pointer}/options");
            let options = document.get(&list).map(Value::entries).unwrap_or_default();
            for (at, option) in options.iter().enumerate() {
                if let Some(id) = option.text_of("id") {
                    let words = said_in(work, &format!("{list}/{at}/text"), &language);
                    let words = if words.is_empty() { id.to_owned() } else { words };
                    found.push((format!("={id}"), words));
                }
            }
            if document.get(&format!("{pointer}/other")).is_some() {
                found.push(("=other".to_owned(), words().other.to_owned()));
            }
        }
        _ => {}
    }
    found.push(("skipped".to_owned(), texts().skipped.to_owned()));
    found
}

/// How far the questions of the drawing stand apart.
const STEP: usize = 34;

/// The ways through the survey: drawn, and in words.
#[component]
pub(crate) fn Drawing(work: Work) -> impl IntoView {
    let found = Memo::new(move |_| ways(work.document.read().value(), locale()));
    let drawing = move || {
        let ways = found.read();
        let y = |at: usize| STEP / 2 + at * STEP;
        let marks = ways.nodes.iter().enumerate().map(|(at, node)| {
            let class = match (node.kind, node.is_reachable) {
                (NodeKind::Nowhere, _) | (_, false) => "lost",
                (NodeKind::Question(_), true) => "asked",
                _ => "last",
            };
            view! {
                <g class=class>
                    <circle cx="24" cy=y(at) r="12"></circle>
                </g>
            }
        });
        let lines = ways.edges.iter().map(|edge| {
            let (from, to) = (y(edge.from), y(edge.to));
            // What follows is a line; what leads further, an arc as wide as it is long.
            let path = if edge.to == edge.from + 1 {
                format!("M24 {} V{}", from + 12, to.saturating_sub(12))
            } else {
                let width = 48 + edge.to.abs_diff(edge.from) * 9;
                format!("M36 {from} C{width} {from} {width} {to} 38 {to}")
            };
            view! { <path d=path></path> }
        });
        let height = ways.nodes.len() * STEP;
        let marks = marks.collect::<Vec<_>>();
        let lines = lines.collect::<Vec<_>>();
        view! {
            <svg
                class="ways-drawn"
                viewBox=format!("0 0 120 {height}")
                width="120"
                height=height
                aria-hidden="true"
            >
                {lines}
                {marks}
            </svg>
        }
    };
    let list = move || {
        let ways = found.read();
        let name = |at: usize| {
            ways.nodes.get(at).map(|node| match node.kind {
                NodeKind::Question(at) => {
                    let short: String = node.text.chars().take(40).collect();
                    format!("{}. {short}", at + 1)
                }
                NodeKind::Nowhere => format!("? {}", node.id),
                _ => format!("✓ {}", node.text),
            })
        };
        let line = |edge: &sondeo_editor::ways::Edge| {
            let label = if edge.label.is_empty() {
                texts().then.to_owned()
            } else {
                format!("{} →", edge.label)
            };
            view! {
                <li dir="auto">
                    <strong>{name(edge.from)}</strong> " " <span class="soft">{label}</span> " "
                    {name(edge.to)}
                </li>
            }
        };
        ways.edges.iter().map(line).collect::<Vec<_>>()
    };
    view! {
        <details class="ways">
            <summary>{move || texts().ways}</summary>
            <div>{drawing} <ul>{list}</ul></div>
        </details>
    }
    .into_any()
}
