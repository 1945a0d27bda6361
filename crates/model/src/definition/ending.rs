//! The ends of a survey's ways, as an author writes them in JSON.

use super::field::FieldSpec;
use super::key::Key;
use super::reader::Reader;
use super::reason::{Reason, What};
use crate::ending::{is_destination, places};
use crate::limits::MOST_ENTRIES;
use crate::{Destination, Ending, EndingButton, Question, Redirect};

/// The keys of an ending.
pub(super) const ENDING: &[&str] = &["id", "text", "button", "redirect", "after"];
/// The keys of an ending's button.
pub(super) const BUTTON: &[&str] = &["text", "url"];

const REDIRECT: FieldSpec =
    FieldSpec::text(What::WEB_ADDRESS, &["https://example.com/review?of={id}"], |url| {
        is_destination(url) && places(url).is_some()
    });
const URL: FieldSpec =
    FieldSpec::text(What::LINK_ADDRESS, &["https://example.com/review"], |url| {
        is_destination(url) || crate::rich_text::is_address(url)
    });

/// Reads all endings, and notes every problem of all of them.
#[inline(never)]
pub(super) fn rest_read(reader: &mut Reader<'_, '_>) -> Vec<Ending> {
    crate::rest::gate();
    let name = Key::Endings.name();
    let mut endings: Vec<Ending> = Vec::new();
    let objects = reader.objects(name);
    let (objects, count) = reader.needed(objects);
    if !(1..=MOST_ENTRIES).contains(&count) {
        reader.note(name, || "must be 1 to 100 endings".to_owned(), || Reason::EndingCount);
        reader.broken.set(true);
    }
    for layer in &objects {
        let mut reader = reader.inside(layer);
        reader.strangers(ENDING);
        reader.require("id", "review");
        reader.require("text", "Thank you!");
        let id = reader.name(&["review"]);
        reader.unique(&id, endings.iter().map(|known| &known.id), "ending");
        let text = reader.rich("text");
        let text = reader.needed(text);
        let button = button(&mut reader);
        let redirect = redirect(&mut reader);
        endings.push(Ending { id, text, button, redirect });
    }
    if endings.len() < count {
        reader.broken.set(true);
    }
    endings
}

fn button(reader: &mut Reader<'_, '_>) -> Option<EndingButton> {
    let layer = reader.object("button")?;
    let mut reader = reader.inside(&layer);
    reader.strangers(BUTTON);
    reader.require("text", "Write a review");
    reader.require("url", "https://example.com/review");
    let text = reader.say("text");
    let url = reader.setting("url", &URL).into_text();
    let (text, url) = (reader.needed(text), reader.needed(url));
    Some(EndingButton { text, url })
}

fn redirect(reader: &mut Reader<'_, '_>) -> Option<Redirect> {
    const AFTER: FieldSpec = FieldSpec::TIME.or("3s");
    let after = match reader.has("after") {
        true => reader.setting("after", &AFTER),
        false => AFTER.usual(AFTER.default),
    };
    if !reader.has("redirect") {
        return None;
    }
    let url = reader.setting("redirect", &REDIRECT).into_text();
    let url = reader.needed(url);
    Some(Redirect { url, after: after.time() })
}

/// Notes what is wrong between endings and questions.
#[inline(never)]
pub(super) fn rest_check(reader: &mut Reader<'_, '_>, endings: &[Ending], questions: &[Question]) {
    crate::rest::gate();
    // A question or a rule that could not be read is told of already.
    if reader.broken.get() {
        return;
    }
    let is_question = |id: &str| questions.iter().any(|question| question.id == id);
    let leads = |id: &str| {
        let mut rules = questions.iter().flat_map(|question| question.next.iter());
        rules.any(|rule| matches!(&rule.goto, Destination::Named(named) if named == id))
    };
    for (at, ending) in endings.iter().enumerate() {
        let mut problem = None;
        #[cfg(feature = "reasons")]
        let mut kind = Reason::Empty;
        if is_question(&ending.id) {
            problem = Some(["\"", &ending.id, "\" is the id of a question"].concat());
            #[cfg(feature = "reasons")]
            {
                kind = Reason::IsQuestion(ending.id.clone().into_owned());
            }
        } else if at > 0 && !leads(&ending.id) {
            problem = Some(["\"", &ending.id, "\" is never reached: no rule leads to it"].concat());
            #[cfg(feature = "reasons")]
            {
                kind = Reason::EndingNeverReached(ending.id.clone().into_owned());
            }
        }
        let url = ending.redirect.as_ref().map_or("", |redirect| &redirect.url);
        for place in places(url).unwrap_or_default() {
            let is_known = match place.split_once(':') {
                Some(("answer", question)) => is_question(question),
                Some(("custom", name)) => !name.is_empty(),
                _ => place == "id",
            };
            if !is_known {
                let try_these =
                    "} stands for nothing (try {id}, {answer:QUESTION} or {custom:NAME})";
                problem = Some(["{", place, try_these].concat());
                #[cfg(feature = "reasons")]
                {
                    kind = Reason::NoPlace(place.to_owned());
                }
            }
        }
        if let Some(problem) = problem {
            reader.broken.set(true);
            #[cfg(not(feature = "reasons"))]
            let kind = Reason::Empty;
            reader.note(Key::Endings.name(), || problem, || kind);
        }
    }
}
