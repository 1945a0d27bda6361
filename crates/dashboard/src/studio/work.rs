//! The draft that is being edited: what it says, and whether that is safe somewhere.

use super::api::{self, Refused, SiteSurvey, StandingDraft};
use super::local;
use super::place::HERE;
use crate::components::survey_name;
use crate::words::{Language, language};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_editor::{Document, EditError, Locale, Mended, OpenError, Value};
use std::cell::RefCell;
use std::time::Duration;

/// How long after the last key a draft is saved.
const PAUSE: Duration = Duration::from_millis(700);
/// How long until a collector that does not answer is asked again, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whether what is written is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saving {
    /// The collector has it; or this browser, where there is no account.
    Saved,
    /// It will be sent in a moment.
    Waiting,
    /// It is under way.
    Busy,
    /// The collector does not answer; it is kept here and tried again.
    Offline,
    /// The session has ended; it is kept here until somebody signs in.
    SignedOut,
    /// The collector does not take it.
    Refused(Refused),
    /// Somebody else saved another one meanwhile.
    Conflict(Box<StandingDraft>),
}

/// How many drafts keep what can be undone after they were left.
const LEFT_AT_MOST: usize = 8;

thread_local! {
    /// Drafts that were left, by site and survey, the last one first.
    static LEFT: RefCell<Vec<(String, String, Document)>> = const { RefCell::new(Vec::new()) };
}

/// The draft with all that can be undone, where it was left in this tab as it is now.
fn left_behind(site: &str, survey: &str, text: &str) -> Option<Document> {
    LEFT.with_borrow(|left| {
        let found = left.iter().find(|it| (&*it.0, &*it.1) == (site, survey))?;
        let mut document = found.2.clone();
        if document.text() != text {
            return None;
        }
        document.mark_saved();
        Some(document)
    })
}

/// The draft of one survey.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    pub(crate) site: StoredValue<String>,
    pub(crate) survey: StoredValue<String>,
    pub(crate) document: RwSignal<Document>,
    pub(crate) saving: RwSignal<Saving>,
    /// What an edit has changed beside what was meant.
    pub(crate) mended: RwSignal<Vec<Mended>>,
    /// The language whose words are written.
    pub(crate) writing: RwSignal<String>,
    /// What the preview begins with: a question, as the author looks at it.
    pub(crate) looked_at: RwSignal<usize>,
    /// What the list of the site says of it.
    pub(crate) row: RwSignal<Option<SiteSurvey>>,
    /// The name of the draft's state at the collector.
    pub(crate) etag: RwSignal<Option<String>>,
    /// What is typed into the file while it is no survey.
    pub(crate) typed: RwSignal<Option<String>>,
    /// What was published last, where that is known.
    published: StoredValue<Option<String>>,
    sent: StoredValue<Sent>,
    /// Whether the collector is being asked: the next one is sent when it has answered.
    in_flight: StoredValue<bool>,
    /// Counts what was edited, so that of several timers the last one counts.
    turn: StoredValue<u32>,
    wait: StoredValue<Duration>,
}

/// What was sent since the collector last said what it has: an answer that was lost is no colleague.
#[derive(Debug, Clone, Default)]
struct Sent(Vec<String>);

impl Sent {
    fn add(&mut self, text: &str) {
        if !self.is_ours(text) {
            self.0.push(text.to_owned());
        }
    }

    /// Whether what the collector has came from here.
    fn is_ours(&self, text: &str) -> bool {
        self.0.iter().any(|sent| sent == text)
    }

    /// Whether the collector may have another one than this: what was undone while it was under way, for instance.
    fn may_differ(&self, text: &str) -> bool {
        self.0.iter().any(|sent| sent != text)
    }
}

/// The language of the editor's sentences.
pub(crate) fn locale() -> Locale {
    match language() {
        Language::En => Locale::English,
        Language::Es => Locale::Spanish,
    }
}

/// What there is to work on.
#[derive(Debug, Clone)]
pub(crate) enum Opened {
    Work(Work),
    /// It cannot be edited as a form: the text, and why.
    Broken(String, OpenError),
}

impl Work {
    /// Fetches the draft, and goes on with what this browser kept of it.
    pub(crate) async fn open(site: &str, survey: &str) -> Result<Opened, Refused> {
        let kept = local::kept(site, survey);
        let (text, etag) = if site == HERE {
            (kept.clone().ok_or(Refused::NotFound)?.text, None)
        } else {
            let (text, etag) = api::draft(site, survey).await?;
            (text, Some(etag))
        };
        let document = match Document::open(&text) {
            Ok(document) => left_behind(site, survey, &text).unwrap_or(document),
            Err(error) => return Ok(Opened::Broken(text, error)),
        };
        let writing = sondeo_editor::texts::main_language(document.value());
        let work = Self {
            site: StoredValue::new(site.to_owned()),
            survey: StoredValue::new(survey.to_owned()),
            document: RwSignal::new(document),
            saving: RwSignal::new(Saving::Saved),
            mended: RwSignal::new(Vec::new()),
            writing: RwSignal::new(writing),
            looked_at: RwSignal::new(0),
            row: RwSignal::new(None),
            etag: RwSignal::new(etag.clone()),
            typed: RwSignal::new(None),
            published: StoredValue::new(None),
            sent: StoredValue::new(Sent::default()),
            in_flight: StoredValue::new(false),
            turn: StoredValue::new(0),
            wait: StoredValue::new(FIRST_WAIT),
        };
        if let Some(kept) = kept.filter(|kept| site != HERE && kept.text != text) {
            // What was not saved goes on; where the collector's is another one by now, the author chooses.
            let is_readable =
                work.document.try_update(|it| it.replace(&kept.text).is_ok()) == Some(true);
            if is_readable && kept.etag == etag {
                work.save_soon();
            } else if is_readable {
                // What is kept meanwhile still goes on from there: the choice is not made by closing the tab.
                work.etag.set(kept.etag);
                let standing = StandingDraft {
                    etag: etag.unwrap_or_default(),
                    text,
                    at: sondeo_model::Timestamp::from_millis(js_sys::Date::now() as i64),
                    by: String::new(),
                };
                work.saving.set(Saving::Conflict(Box::new(standing)));
            }
        }
        Ok(Opened::Work(work))
    }

    pub(crate) fn is_here(self) -> bool {
        self.site.with_value(|site| site == HERE)
    }

    /// Asks what the survey is doing.
    pub(crate) fn look_up(self) {
        if self.is_here() {
            return;
        }
        let (site, survey) = (self.site.get_value(), self.survey.get_value());
        spawn_local(async move {
            if let Ok(rows) = api::surveys(&site).await {
                let row = rows.into_iter().find(|row| row.id == survey);
                let is_published = row.as_ref().is_some_and(|it| it.version.is_some() && !it.draft);
                if is_published && self.saving.try_get_untracked() == Some(Saving::Saved) {
                    let text = self.document.try_with_untracked(Document::text);
                    self.published.try_set_value(text);
                }
                let _ = self.row.try_set(row);
            }
        });
    }

    /// Keeps what can be undone for whoever comes back to it.
    pub(crate) fn leave_behind(self) {
        let Some(document) = self.document.try_with_untracked(Document::clone) else { return };
        let (site, survey) = (self.site.get_value(), self.survey.get_value());
        LEFT.with_borrow_mut(|left| {
            left.retain(|it| (&it.0, &it.1) != (&site, &survey));
            left.insert(0, (site, survey, document));
            left.truncate(LEFT_AT_MOST);
        });
    }

    /// What people call it.
    pub(crate) fn name(self) -> String {
        let document = self.document.read();
        match document.text_at("/name") {
            "" => survey_name(language(), None, &self.survey.get_value()),
            name => name.to_owned(),
        }
    }

    /// The survey as the collector reads it: a file need not say the id that its address has.
    pub(crate) fn whole(self) -> Value {
        let document = self.document.read();
        let value = document.value();
        if value.get("id").is_some() {
            return value.clone();
        }
        let id = ("id".to_owned(), self.survey.get_value().into());
        Value::object(std::iter::once(id).chain(value.members().iter().cloned()))
    }

    /// Changes the file.
    pub(crate) fn edit(self, change: impl FnOnce(&mut Document) -> Result<Vec<Mended>, EditError>) {
        let mended = self.document.try_update(change);
        match mended {
            Some(Ok(mended)) => {
                if !mended.is_empty() {
                    self.mended.set(mended);
                }
            }
            // The field stands for a place that is gone: nothing was changed.
            Some(Err(error)) => leptos::logging::warn!("{error}"),
            None => return,
        }
        self.save_soon();
    }

    /// Sets what stands at a place.
    pub(crate) fn set(self, pointer: &str, value: impl Into<Value>) {
        self.edit(|document| document.set(pointer, value));
    }

    /// The same, key by key.
    pub(crate) fn set_typing(self, pointer: &str, value: impl Into<Value>) {
        self.edit(|document| document.set_typing(pointer, value));
    }

    /// Takes a text as the whole file, while it is typed; one that is no survey waits beside it.
    pub(crate) fn replace(self, text: &str, is_typed: bool) {
        let mut outcome = Ok(());
        self.document.update(|document| {
            outcome = if is_typed { document.replace_typing(text) } else { document.replace(text) };
        });
        self.typed.set(outcome.is_err().then(|| text.to_owned()));
        if outcome.is_ok() {
            self.save_soon();
        }
    }

    pub(crate) fn undo(self) {
        if self.document.try_update(Document::undo) == Some(true) {
            self.save_soon();
        }
    }

    pub(crate) fn redo(self) {
        if self.document.try_update(Document::redo) == Some(true) {
            self.save_soon();
        }
    }

    /// Whether what is meant may be another one than what the collector has.
    pub(crate) fn is_unsaved(self) -> bool {
        let is_unsaved = self.document.try_with_untracked(|document| {
            document.is_changed_since_saved()
                || self.sent.with_value(|sent| sent.may_differ(&document.text()))
        });
        is_unsaved == Some(true)
    }

    /// Saves when the author pauses.
    fn save_soon(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        if matches!(self.saving.get_untracked(), Saving::Conflict(_)) {
            return self.keep();
        }
        if !self.is_unsaved() {
            if self.saving.get_untracked() == Saving::Waiting {
                self.saving.set(Saving::Saved);
                self.forget();
            }
            return;
        }
        if self.saving.get_untracked() == Saving::Saved {
            self.saving.set(Saving::Waiting);
        }
        self.save_after(PAUSE);
    }

    fn save_after(self, pause: Duration) {
        let Some(turn) = self.turn.try_get_value() else { return };
        set_timeout(
            move || {
                if self.turn.try_get_value() == Some(turn) {
                    self.save();
                }
            },
            pause,
        );
    }

    /// Keeps it in this browser.
    pub(crate) fn keep(self) {
        let _ = self.document.try_with_untracked(|document| {
            let etag = self.etag.get_untracked();
            local::keep(
                &self.site.get_value(),
                &self.survey.get_value(),
                etag.as_deref(),
                &document.text(),
            )
        });
    }

    fn forget(self) {
        if !self.is_here() {
            local::forget(&self.site.get_value(), &self.survey.get_value());
        }
    }

    /// Saves what there is now.
    pub(crate) fn save(self) {
        let Some(text) = self.document.try_with_untracked(Document::text) else { return };
        if !self.is_unsaved() {
            return;
        }
        // Whatever becomes of the tab, the session and the collector.
        self.keep();
        let now = self.saving.get_untracked();
        if self.in_flight.get_value() || matches!(now, Saving::Busy | Saving::Conflict(_)) {
            return;
        }
        if self.is_here() {
            self.document.update(Document::mark_saved);
            self.saving.set(Saving::Saved);
            return;
        }
        if now != Saving::Offline {
            self.saving.set(Saving::Busy);
        }
        self.sent.update_value(|sent| sent.add(&text));
        self.in_flight.set_value(true);
        let (site, survey) = (self.site.get_value(), self.survey.get_value());
        let etag = self.etag.get_untracked();
        spawn_local(async move {
            let outcome = api::save(&site, &survey, &text, etag.as_deref()).await;
            if self.saving.try_get_untracked().is_none() {
                // The editor is gone; the collector has it all the same, and what was typed after it goes on from there.
                match (outcome, local::kept(&site, &survey)) {
                    (Ok(_), Some(kept)) if kept.text == text => local::forget(&site, &survey),
                    (Ok(new), Some(kept)) if kept.etag == etag => {
                        local::keep(&site, &survey, Some(&new), &kept.text);
                    }
                    _ => {}
                }
                return;
            }
            self.settle(text, outcome);
        });
    }

    fn settle(self, text: String, outcome: Result<String, Refused>) {
        self.in_flight.set_value(false);
        match outcome {
            Ok(etag) => {
                self.etag.set(Some(etag));
                self.sent.set_value(Sent(vec![text.clone()]));
                self.wait.set_value(FIRST_WAIT);
                self.row.update(|row| {
                    if let Some(row) = row {
                        // Who takes changes back has none that are not published.
                        row.draft =
                            self.published.with_value(|known| known.as_ref() != Some(&text));
                    }
                });
                if self.document.with_untracked(|it| it.text() == text) {
                    self.document.update(Document::mark_saved);
                    self.saving.set(Saving::Saved);
                    self.forget();
                } else {
                    self.saving.set(Saving::Waiting);
                    // What is kept goes on from what the collector has now.
                    self.keep();
                    self.save_after(PAUSE);
                }
            }
            Err(Refused::Changed(standing))
                if self.sent.with_value(|sent| sent.is_ours(&standing.text)) =>
            {
                // Ours, of which the answer was lost.
                self.settle(standing.text, Ok(standing.etag));
            }
            Err(Refused::Changed(standing)) => self.saving.set(Saving::Conflict(standing)),
            Err(Refused::Network) => {
                self.saving.set(Saving::Offline);
                let wait = self.wait.get_value();
                self.wait.set_value((wait * 2).min(LONGEST_WAIT));
                self.save_after(wait);
            }
            Err(Refused::SignedOut) => self.saving.set(Saving::SignedOut),
            Err(refused) => {
                self.saving.set(Saving::Refused(refused));
                // What was typed meanwhile may be taken.
                if self.document.with_untracked(|it| it.text() != text) {
                    self.save_after(PAUSE);
                }
            }
        }
    }

    /// Goes on after a conflict: with this text, in the place of what stands there.
    pub(crate) fn resolve(self, standing: &StandingDraft, takes_theirs: bool) {
        self.etag.set(Some(standing.etag.clone()));
        if takes_theirs {
            self.sent.set_value(Sent::default());
            self.document.update(|document| {
                // One more step, so that one's own comes back by undo.
                let _ = document.replace(&standing.text);
                document.mark_saved();
            });
            self.saving.set(Saving::Saved);
            self.forget();
        } else {
            // Theirs is what the collector has, also where one's own is what was saved before it.
            self.sent.set_value(Sent(vec![standing.text.clone()]));
            self.saving.set(Saving::Waiting);
            self.save_soon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sent;

    #[test]
    fn no_text_whose_answer_was_lost_is_a_colleagues() {
        let mut sent = Sent::default();
        assert!(!sent.is_ours("a"));
        for text in ["b", "c", "b"] {
            sent.add(text);
        }
        assert!(sent.is_ours("b") && sent.is_ours("c"), "each of them may have arrived");
        assert!(!sent.is_ours("theirs"));
    }

    #[test]
    fn what_was_undone_after_it_was_sent_is_not_saved() {
        let mut sent = Sent::default();
        assert!(!sent.may_differ("a"), "nothing was sent");
        sent.add("b");
        assert!(sent.may_differ("a"));
        sent.add("a");
        assert!(sent.may_differ("a"), "which of the two arrived nobody knows");
        assert!(!Sent(vec!["a".to_owned()]).may_differ("a"));
    }
}
