//! When, where, whom and how often.

use super::api;
use super::conditions::{Conditions, conditions_of};
use super::field::{FieldKind, Line, Pick, Word, Wrongs, element_id, shown};
use super::texts::texts;
use super::work::{Work, locale};
use crate::words::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_editor::Value;

/// What conditions of a page are about, as a start.
const NAMES: &[&str] =
    &["plan", "user", "referrer", "language", "visit", "query.utm_source", "event.value"];

/// Where the site's tag was seen.
pub(crate) fn seen_pages(work: Work) -> RwSignal<Option<Vec<api::SeenPage>>> {
    let pages = RwSignal::new(None);
    if !work.is_here() {
        let site = work.site.get_value();
        spawn_local(async move {
            if let Ok(found) = api::seen(&site).await {
                let _ = pages.try_set(Some(found));
            }
        });
    }
    pages
}

/// Everything that decides whether somebody is asked.
#[component]
pub(crate) fn When(work: Work) -> impl IntoView {
    let sentences = Memo::new(move |_| {
        let definition = sondeo_editor::definition(&work.whole());
        let Some(definition) = definition else { return Vec::new() };
        let said = sondeo_editor::sentences::sentences(&definition, locale());
        [said.when, said.place, said.whom, said.often].concat()
    });
    view! {
        <section class="panel" aria-labelledby="when-title">
            <h2 id="when-title" class="unseen">{move || texts().when_where}</h2>
            <ul class="in-words">
                {move || {
                    sentences.get().into_iter().map(|it| view! { <li>{it}</li> }).collect::<Vec<_>>()
                }}
            </ul>
            <Moment work/>
            <Where work/>
            <Whom work/>
            <HowOften work/>
        </section>
    }
    .into_any()
}

/// A moment, and what has to be said with it.
fn moments() -> Vec<(String, String)> {
    [
        ("", texts().moment_default),
        ("load", texts().moment_load),
        ("first-visit", texts().moment_first),
        ("visit:", texts().moment_visit),
        ("event:", texts().moment_event),
        ("click:", texts().moment_click),
        ("submit:", texts().moment_submit),
        ("visible:", texts().moment_visible),
        ("scroll:", texts().moment_scroll),
        ("exit", texts().moment_exit),
        ("idle:", texts().moment_idle),
        ("dwell:", texts().moment_dwell),
        ("chat-end", texts().moment_chat),
        ("manual", texts().moment_manual),
    ]
    .map(|(word, text)| (word.to_owned(), text.to_owned()))
    .into()
}

/// The word of a trigger without what is said with it, and that.
fn parted(trigger: &str) -> (String, String) {
    let is_several = trigger.contains(' ') && !trigger.contains('\'');
    match trigger.split_once(':') {
        _ if is_several => ("several".to_owned(), trigger.to_owned()),
        Some((word, rest)) => {
            let rest = rest.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(rest);
            (format!("{word}:"), rest.to_owned())
        }
        None => (trigger.to_owned(), String::new()),
    }
}

/// The trigger of a word and what is said with it.
fn joined(word: &str, detail: &str) -> String {
    match word {
        "several" => detail.to_owned(),
        "idle:" | "dwell:" if detail.bytes().all(|it| it.is_ascii_digit()) => {
            format!("{word}{detail}s")
        }
        "scroll:" if detail.bytes().all(|it| it.is_ascii_digit()) => format!("{word}{detail}%"),
        _ if word.ends_with(':') && detail.contains(' ') => format!("{word}'{detail}'"),
        _ if word.ends_with(':') => format!("{word}{detail}"),
        _ => word.to_owned(),
    }
}

/// What stands in the field where nobody has written yet.
fn usual_detail(word: &str) -> &'static str {
    match word {
        "visit:" => "3",
        "event:" => "purchase",
        "click:" | "submit:" | "visible:" => "#cart",
        "scroll:" => "50",
        "idle:" | "dwell:" => "30",
        _ => "",
    }
}

#[component]
fn Moment(work: Work) -> impl IntoView {
    let parts = Memo::new(move |_| parted(&shown(work.document.read().get("/trigger"))));
    let write = move |word: &str, detail: &str, is_typed: bool| {
        let trigger = joined(word, detail);
        if is_typed { work.set_typing("/trigger", trigger) } else { work.set("/trigger", trigger) }
    };
    let has_template = Memo::new(move |_| work.document.read().get("/template").is_some());
    let options = move || {
        let mut all = moments();
        if !has_template.get() {
            all[0].1 = texts().moment_load.to_owned();
            all.remove(1);
        }
        if parts.read().0 == "several" {
            all.push(("several".to_owned(), texts().moment_own.to_owned()));
        }
        all
    };
    let choose = move |word: String| write(&word, usual_detail(&word), false);
    let label = move || match &*parts.read().0 {
        "visit:" => texts().visit_number,
        "event:" => texts().event_name,
        "scroll:" => texts().share_of_page,
        "idle:" | "dwell:" => texts().seconds,
        "several" => texts().trigger_words,
        _ => texts().selector,
    };
    let has_detail = Memo::new(move |_| {
        let word = &parts.read().0;
        word.ends_with(':') || word == "several"
    });
    let detail = Memo::new(move |_| {
        let (word, detail) = parts.get();
        match &*word {
            "idle:" | "dwell:" => detail.strip_suffix('s').unwrap_or(&detail).to_owned(),
            "scroll:" => detail.strip_suffix('%').unwrap_or(&detail).to_owned(),
            _ => detail,
        }
    });
    // Seconds, where it is so many; anything else as it stands.
    let delay = Memo::new(move |_| {
        let delay = shown(work.document.read().get("/delay"));
        delay.strip_suffix('s').filter(|it| !it.ends_with('m')).map_or(delay.clone(), str::to_owned)
    });
    let write_delay = move |event| {
        let text = event_target_value(&event);
        let text = text.trim();
        let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        work.set_typing("/delay", if is_number { format!("{text}s") } else { text.to_owned() });
    };
    view! {
        <fieldset class="group">
            <legend>{move || texts().when}</legend>
            <div class="side-by-side">
                <Pick
                    id=Signal::stored(element_id("/trigger"))
                    label=Signal::derive(|| texts().moment.to_owned())
                    options
                    value=move || parts.get().0
                    choose
                    pointer=Signal::stored("/trigger".to_owned())
                />
                <div class="field" hidden=move || !has_detail.get()>
                    <label for="trigger-detail">{label}</label>
                    <input
                        id="trigger-detail"
                        type="text"
                        prop:value=detail
                        on:input=move |event| {
                            let word = parts.get_untracked().0;
                            write(&word, &event_target_value(&event), true);
                        }
                    />
                </div>
                <div class="field short">
                    <label for=element_id("/delay")>{move || texts().delay}</label>
                    <input
                        id=element_id("/delay")
                        type="text"
                        inputmode="numeric"
                        aria-describedby="field-delay-wrong"
                        prop:value=delay
                        on:input=write_delay
                    />
                    <Wrongs pointer="/delay".to_owned()/>
                </div>
            </div>
            <div class="side-by-side">
                <Line
                    work
                    pointer=Signal::stored("/from".to_owned())
                    label=Signal::derive(|| texts().runs_from.to_owned())
                    holds=FieldKind::Date
                />
                <Line
                    work
                    pointer=Signal::stored("/until".to_owned())
                    label=Signal::derive(|| texts().runs_until.to_owned())
                    holds=FieldKind::Date
                />
            </div>
        </fieldset>
    }
    .into_any()
}

/// The entries of a list that may also be written as words with spaces between.
fn words_at(work: Work, pointer: &str) -> Vec<String> {
    let document = work.document.read();
    match document.get(pointer) {
        Some(list @ Value::List(_)) => {
            list.entries().iter().filter_map(|it| it.as_text().map(str::to_owned)).collect()
        }
        Some(Value::Text(text)) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[component]
fn Where(work: Work) -> impl IntoView {
    let pages = seen_pages(work);
    let patterns = Memo::new(move |_| words_at(work, "/url"));
    // What is typed has lines that are empty as yet.
    let typed = RwSignal::new(None::<String>);
    let text = Memo::new(move |_| {
        let patterns = patterns.get();
        match typed.get() {
            Some(typed) if typed.split_whitespace().eq(patterns.iter().map(String::as_str)) => {
                typed
            }
            _ => patterns.join("\n"),
        }
    });
    let write = move |event| {
        let text = event_target_value(&event);
        let patterns: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        typed.set(Some(text));
        work.set_typing("/url", patterns);
    };
    let add = move |path: String| {
        let mut patterns = patterns.get_untracked();
        patterns.push(path);
        work.set("/url", patterns);
    };
    let offered = move || {
        let pages = pages.get().unwrap_or_default();
        let known = patterns.get();
        let mut paths: Vec<String> = pages.into_iter().map(|it| it.path).collect();
        paths.sort();
        paths.dedup();
        paths.retain(|path| !known.contains(path) && !path.is_empty());
        paths.truncate(8);
        if paths.is_empty() {
            return None;
        }
        let chip = move |path: String| {
            let label = fill(texts().add_page, &[&path]);
            let text = path.clone();
            view! {
                <button type="button" class="quiet" aria-label=label on:click=move |_| add(path.clone())>
                    "+ " {text}
                </button>
            }
        };
        let chips = paths.into_iter().map(chip).collect::<Vec<_>>();
        Some(view! {
            <p class="soft">{texts().pages_seen}</p>
            <div class="chips">{chips}</div>
        })
    };
    view! {
        <fieldset class="group">
            <legend>{move || texts().where_}</legend>
            <div class="field">
                <label for=element_id("/url")>{move || texts().pages}</label>
                <textarea
                    id=element_id("/url")
                    rows="3"
                    spellcheck="false"
                    dir="ltr"
                    aria-describedby="url-hint field-url-wrong"
                    prop:value=text
                    on:input=write
                ></textarea>
                <span class="hint" id="url-hint">{move || texts().where_hint}</span>
                <Wrongs pointer="/url".to_owned()/>
            </div>
            {offered}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Whom(work: Work) -> impl IntoView {
    let stored = Memo::new(move |_| match work.document.read().get("/when") {
        Some(list @ Value::List(_)) => {
            list.entries().iter().filter_map(|it| it.as_text().map(str::to_owned)).collect()
        }
        other => conditions_of(&shown(other)),
    });
    let write = Callback::new(move |(text, is_typed): (String, bool)| {
        if is_typed { work.set_typing("/when", text) } else { work.set("/when", text) }
    });
    let devices = Memo::new(move |_| words_at(work, "/device"));
    let device = move |word: &'static str, name: fn() -> &'static str| {
        let is_in = move || {
            let devices = devices.read();
            devices.is_empty() || devices.iter().any(|it| it == word)
        };
        let toggle = move |event| {
            const ALL: [&str; 3] = ["mobile", "tablet", "desktop"];
            let chosen = devices.get_untracked();
            let is_on = event_target_checked(&event);
            let wanted = ALL.into_iter().filter(|it| {
                if *it == word {
                    is_on
                } else {
                    chosen.is_empty() || chosen.iter().any(|known| known == it)
                }
            });
            let wanted: Vec<&str> = wanted.collect();
            // All of them is what nobody has to say.
            let all = if wanted.len() == ALL.len() { Vec::new() } else { wanted };
            work.set("/device", all);
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_in on:change=toggle/>
                {move || name()}
            </label>
        }
    };
    view! {
        <fieldset class="group">
            <legend>{move || texts().whom}</legend>
            <p class="hint">{move || texts().whom_hint}</p>
            <Conditions stored write names=NAMES/>
            <Wrongs pointer="/when".to_owned()/>
            <fieldset class="field devices">
                <legend>{move || texts().devices}</legend>
                {device("mobile", || texts().device_mobile)}
                {device("tablet", || texts().device_tablet)}
                {device("desktop", || texts().device_desktop)}
                <Wrongs pointer="/device".to_owned()/>
            </fieldset>
            <Line
                work
                pointer=Signal::stored("/sample".to_owned())
                label=Signal::derive(|| texts().sample.to_owned())
                hint=|| texts().sample_hint
                placeholder="100%"
            />
        </fieldset>
    }
    .into_any()
}

#[component]
fn HowOften(work: Work) -> impl IntoView {
    fn choices(usual: &str, days: &[u32]) -> Vec<(String, String)> {
        let mut all = vec![(
            String::new(),
            fill(texts().often_default, &[&fill(texts().often_days, &[usual])]),
        )];
        for day in days {
            all.push((format!("{day}d"), fill(texts().often_days, &[&day.to_string()])));
        }
        all.push(("always".to_owned(), texts().often_always.to_owned()));
        all.push(("never".to_owned(), texts().often_never.to_owned()));
        all
    }
    view! {
        <fieldset class="group">
            <legend>{move || texts().how_often}</legend>
            <div class="side-by-side">
                <Word
                    work
                    pointer=Signal::stored("/recontact".to_owned())
                    label=Signal::derive(|| texts().recontact.to_owned())
                    options=|| choices("90", &[30, 60, 180, 365])
                />
                <Word
                    work
                    pointer=Signal::stored("/snooze".to_owned())
                    label=Signal::derive(|| texts().snooze.to_owned())
                    options=|| choices("14", &[7, 30, 90])
                />
            </div>
            <p class="hint">{move || texts().often_why}</p>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{joined, parted};

    #[test]
    fn triggers_come_back_as_they_went() {
        for trigger in [
            "",
            "load",
            "first-visit",
            "visit:3",
            "event:purchase",
            "click:'.cart button'",
            "scroll:50%",
            "dwell:30s",
            "load event:x",
        ] {
            let (word, detail) = parted(trigger);
            assert_eq!(joined(&word, &detail), trigger);
        }
        assert_eq!(joined("idle:", "30"), "idle:30s");
        assert_eq!(joined("scroll:", "40"), "scroll:40%");
    }
}
