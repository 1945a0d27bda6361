//! What a survey can begin with: a moment of the journey, a number, nothing, or a file.

use super::api::{self, Refused};
use super::kinds::{fresh, unused};
use super::place::{HERE, Place, Side};
use super::texts::texts;
use super::work::locale;
use super::{local, read_file, refusal};
use crate::app::Session;
use crate::words::fill;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sondeo_editor::moments::{Group, Moment, file, moments, questions};
use sondeo_editor::{Document, Value};
use sondeo_model::Language;

/// An id that none of the site's surveys has.
pub(crate) fn unused_id(wanted: &str, taken: &[String]) -> String {
    let known: Vec<&str> = taken.iter().map(String::as_str).collect();
    unused(wanted, &known)
}

/// The languages that a new survey has its words in: those of the studio, the author's first.
pub(crate) fn languages() -> [Language; 2] {
    match locale() {
        sondeo_editor::Locale::English => [Language::En, Language::Es],
        sondeo_editor::Locale::Spanish => [Language::Es, Language::En],
    }
}

/// The file of a new survey: the template with its questions as one's own, so that every word can be changed.
fn begun(moment: &Moment, id: &str) -> Document {
    // Two of one name could not be told apart in the list: the second one has the number of its id.
    let number = id.strip_prefix(moment.template.as_str()).and_then(|rest| rest.strip_prefix('-'));
    let name = number.map_or(moment.name.to_owned(), |number| format!("{} {number}", moment.name));
    let mut members = vec![("name".to_owned(), Value::from(name))];
    members.extend(file(moment.template, id).members().to_vec());
    members.push(("questions".to_owned(), questions(moment.template, &languages()).0));
    Document::new(Value::object(members))
}

/// One question and nothing else.
fn blank(id: &str) -> Document {
    let language = locale().tag();
    Document::new(Value::object([
        ("name", Value::from(texts().blank)),
        ("id", id.into()),
        ("questions", vec![fresh("question-1", "likert", language)].into()),
    ]))
}

/// The moments to choose from. Whatever is chosen is a draft, and open in the editor.
#[component]
pub(crate) fn Moments(site: String, taken: Vec<String>) -> impl IntoView {
    let session = expect_context::<Session>();
    let navigate = use_navigate();
    let site = StoredValue::new(site);
    let taken = StoredValue::new(taken);
    let said = RwSignal::new(String::new());
    let is_busy = RwSignal::new(false);
    let begin = StoredValue::new_local(move |id: String, text: String| {
        if is_busy.get_untracked() {
            return;
        }
        let navigate = navigate.clone();
        let site = site.get_value();
        is_busy.set(true);
        said.set(texts().creating.to_owned());
        spawn_local(async move {
            let outcome = match &*site {
                HERE => {
                    local::keep(HERE, &id, None, &text);
                    Ok(String::new())
                }
                site => api::save(site, &id, &text, None).await,
            };
            let _ = is_busy.try_set(false);
            match outcome {
                Ok(_) => {
                    let place = Place::Survey(site, id, Side::Questions);
                    navigate(&place.address(), NavigateOptions::default());
                }
                Err(Refused::SignedOut) => session.end(),
                // One of this id came meanwhile.
                Err(Refused::Changed(_)) => {
                    taken.update_value(|taken| taken.push(id));
                    let _ = said.try_set(texts().creating.to_owned());
                }
                Err(refused) => drop(said.try_set(refusal(&refused))),
            }
        });
    });
    let start = move |id: String, text: String| begin.with_value(|begin| begin(id, text));
    let unused = move |wanted: &str| taken.with_value(|taken| unused_id(wanted, taken));
    let group = move |group: Group| {
        let cards = move || {
            let all = moments(locale()).into_iter().filter(|it| it.group == group);
            all.map(|moment| {
                let when = moment.when.first().cloned().unwrap_or_default();
                let (name, about) = (moment.name, moment.explanation);
                let choose = move |_| {
                    let id = unused(moment.template.as_str());
                    start(id.clone(), begun(&moment, &id).text());
                };
                view! {
                    <li>
                        <button type="button" class="moment" on:click=choose>
                            <strong>{name}</strong>
                            <span>{about}</span>
                            <span class="soft">{when}</span>
                        </button>
                    </li>
                }
            })
            .collect::<Vec<_>>()
        };
        view! {
            <h3>{move || group.name(locale())}</h3>
            <ul class="moments">{cards}</ul>
        }
    };
    let choose_blank = move |_| {
        let id = unused("survey");
        start(id.clone(), blank(&id).text());
    };
    let chosen = NodeRef::<Input>::new();
    let open = move |_| {
        let Some(input) = chosen.get_untracked() else { return };
        spawn_local(async move {
            let Some((name, text)) = read_file(&input).await else { return };
            input.set_value("");
            match Document::open(&text) {
                Ok(document) => {
                    let own = document.text_at("/id");
                    let name = name.split('.').next().unwrap_or_default().to_lowercase();
                    let wanted = if own.is_empty() { &name } else { own };
                    let wanted = if sondeo_model::is_name(wanted) { wanted } else { "survey" };
                    let id = unused(wanted);
                    // A file without an id, or with this one, stays as it is to the byte.
                    let mut document = document.clone();
                    if !document.text_at("/id").is_empty() && document.text_at("/id") != id {
                        let _ = document.set("/id", id.as_str());
                    }
                    start(id, document.text());
                }
                Err(error) => {
                    said.set(fill(texts().not_a_survey, &[&error.sentence(locale())]));
                }
            }
        });
    };
    view! {
        <section class="card beginning" aria-labelledby="beginning-title">
            <h2 id="beginning-title">{move || texts().empty_title}</h2>
            <p class="soft">{move || texts().empty_lead}</p>
            {group(Group::Journey)}
            {group(Group::Metric)}
            <div class="actions">
                <button type="button" on:click=choose_blank>{move || texts().blank}</button>
                <label class="button file-button">
                    {move || texts().open_file}
                    <input type="file" accept=".json,application/json" node_ref=chosen on:change=open/>
                </label>
                <p class="said" role="status">{said}</p>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{begun, moments};
    use sondeo_editor::Locale;

    #[test]
    fn every_moment_begins_as_a_survey_that_can_be_asked() {
        for moment in moments(Locale::English) {
            let document = begun(&moment, "mine");
            assert_eq!(sondeo_editor::problems(&document, Locale::English), [], "{moment:?}");
        }
    }
}
