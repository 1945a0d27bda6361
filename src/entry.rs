//! One survey of the page, from waiting for its trigger until it is over.

use crate::attributes::Settings;
use crate::browser::{self, Placement, Timer};
use crate::page::Page;
use crate::showing::Showing;
use crate::trigger::{self, ListenerGuard};
use sondeo_model::targeting::Record;
use sondeo_model::{Display, Language, Messages, Text};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::Element;

/// How often it is looked whether a dialog of the page has closed.
pub(crate) const MODAL_MS: u64 = 500;

/// One survey of the page.
pub(crate) struct Entry {
    pub(crate) settings: Rc<Settings>,
    /// The element that asks for it; `None` where a script tag does.
    pub(crate) origin: Option<Element>,
    /// What that element asked for.
    asked: Option<String>,
    /// From when on it runs, and until when.
    pub(crate) runs: [Option<i64>; 2],
    place: Placement,
    status: RefCell<Status>,
    /// What has made it due on this page view, whether it is shown or not.
    fired: RefCell<Option<String>>,
    /// What consent keeps from happening: the trigger, and what to choose where the page or a link calls for
    /// it.
    held: RefCell<Option<(String, Option<Chosen>)>>,
    /// Whether the visitor has seen what is shown: of a tab, what is behind it.
    is_seen: Cell<bool>,
    listeners: RefCell<Vec<ListenerGuard>>,
}

/// Controls that are chosen before the visitor comes to them, by question.
pub(crate) type Chosen = Vec<(Text, Vec<String>)>;

enum Status {
    /// For its trigger.
    Waiting,
    /// For the time between trigger and showing.
    Due(#[allow(dead_code, reason = "dropping it stops the clock")] Timer),
    /// For its turn.
    Ready(String, Messages),
    Shown(
        Showing,
        #[allow(dead_code, reason = "dropping it ends the look-out for the visitor's eyes")]
        Option<Box<dyn Any>>,
    ),
    /// Answered or dismissed on this page view.
    Over,
}

/// What an entry is at, for who decides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Waiting,
    Due,
    Ready,
    Shown,
    Over,
}

impl Entry {
    /// An entry that waits for the triggers it is yet to be given.
    pub(crate) fn new(
        settings: Settings,
        origin: Option<Element>,
        runs: [Option<i64>; 2],
        place: Placement,
    ) -> Rc<Self> {
        Rc::new(Self {
            settings: Rc::new(settings),
            asked: origin.as_ref().and_then(browser::asked_by),
            origin,
            runs,
            place,
            status: RefCell::new(Status::Waiting),
            fired: RefCell::default(),
            held: RefCell::default(),
            is_seen: Cell::new(false),
            listeners: RefCell::default(),
        })
    }

    /// Whether its element is still there and asks for the same.
    pub(crate) fn is_asked(&self) -> bool {
        self.origin
            .as_ref()
            .is_none_or(|origin| origin.is_connected() && browser::asked_by(origin) == self.asked)
    }

    /// A page view begins. What is about to be shown is forgotten with what made it due; what is shown stays.
    pub(crate) fn begin_anew(&self) {
        self.listeners.take();
        self.held.take();
        if self.stage() != Stage::Shown {
            self.fired.take();
            self.set(Status::Waiting);
        }
    }

    /// Keeps a trigger's listener as long as the entry lives.
    pub(crate) fn keep(&self, listener: Option<ListenerGuard>) {
        self.listeners.borrow_mut().extend(listener);
    }

    pub(crate) fn id(&self) -> &str {
        &self.settings.definition.id
    }

    pub(crate) fn stage(&self) -> Stage {
        match &*self.status.borrow() {
            Status::Waiting => Stage::Waiting,
            Status::Due(_) => Stage::Due,
            Status::Ready(..) => Stage::Ready,
            Status::Shown(..) => Stage::Shown,
            Status::Over => Stage::Over,
        }
    }

    pub(crate) fn is_shown(&self) -> bool {
        self.stage() == Stage::Shown
    }

    /// Whether one of its triggers has happened on this page view.
    pub(crate) fn has_fired(&self) -> bool {
        self.fired.borrow().is_some()
    }

    /// What made it due.
    pub(crate) fn trigger(&self) -> String {
        self.fired.borrow().clone().unwrap_or_default()
    }

    /// Whether it is or would be shown above the page, where there is room for one.
    pub(crate) fn floats(&self) -> bool {
        matches!(self.place, Placement::Floating)
    }

    fn is_tab(&self) -> bool {
        self.floats() && self.settings.appearance.display == Display::Tab
    }

    /// Whether it opens by itself above the page. A tab waits for the visitor to open it, and what stands
    /// inside the page is a part of it.
    pub(crate) fn opens(&self) -> bool {
        self.floats() && !self.is_tab()
    }

    /// Whether it covers a part of the page now.
    pub(crate) fn covers(&self) -> bool {
        self.is_shown() && (self.opens() || self.is_tab() && self.is_seen.get())
    }

    /// Ends it on this page view, if it is shown or about to be.
    pub(crate) fn end(&self) {
        self.held.take();
        if self.stage() != Stage::Waiting {
            self.set(Status::Over);
        }
    }

    /// Ends it if the page has taken its element away.
    pub(crate) fn follow_removal(&self) {
        let is_gone = match &*self.status.borrow() {
            Status::Shown(it, _) => !(it.is_connected() || it.put_back()),
            _ => false,
        };
        if is_gone {
            self.set(Status::Over);
        }
    }

    /// Consent is withdrawn: what is shown goes at once, what is about to come waits for consent.
    pub(crate) fn withdraw(&self) {
        match self.stage() {
            Stage::Shown => self.set(Status::Over),
            Stage::Due | Stage::Ready => {
                self.held.replace(Some((self.trigger(), None)));
                self.set(Status::Waiting);
            }
            _ => {}
        }
    }

    /// Consent is given: what only waited for it goes on.
    pub(crate) fn go_on(page: &Weak<RefCell<Page>>, entry: &Rc<Self>) {
        match entry.held.take() {
            Some((trigger, Some(chosen))) => Self::show(page, entry, trigger, chosen),
            Some((trigger, None)) => Self::fire(page, &Rc::downgrade(entry), trigger),
            None => {}
        }
    }

    /// The old status is dropped after the new one stands, since dropping a showing tells the page.
    fn set(&self, status: Status) {
        let old = self.status.replace(status);
        drop(old);
    }

    /// Its trigger happened: the survey is due after its delay, if nothing is against it.
    pub(crate) fn fire(page: &Weak<RefCell<Page>>, entry: &Weak<Self>, trigger: String) {
        let (Some(shared), Some(strong)) = (page.upgrade(), entry.upgrade()) else { return };
        if strong.stage() != Stage::Waiting {
            return;
        }
        strong.fired.replace(Some(trigger.clone()));
        if !shared.borrow().visitor.consents(&strong.settings) {
            strong.held.replace(Some((trigger, None)));
        }
        if !shared.borrow().is_due(&strong) {
            return;
        }
        let delay = strong.settings.definition.delay().as_millis();
        if delay == 0 {
            return Self::ready(&shared, &strong);
        }
        // Its words come during the delay, rather than after it.
        let words = Rc::clone(&shared.borrow().messages);
        words.get(strong.language(), Box::new(|_| ()));
        let (page, weak) = (page.clone(), entry.clone());
        let due = weak.clone();
        let over = move || {
            if let (Some(page), Some(entry)) = (page.upgrade(), due.upgrade()) {
                entry.set(Status::Waiting);
                Self::ready(&page, &entry);
            }
        };
        if strong.settings.ends_halfway() {
            let over = over.clone();
            let halfway = move || {
                let (over, weak) = (over.clone(), weak.clone());
                let end = move || {
                    if weak.upgrade().is_some_and(|entry| entry.stage() == Stage::Due) {
                        over();
                    }
                };
                browser::defer(Box::new(end));
            };
            strong.keep(Some(trigger::halfway(Rc::new(halfway))));
        }
        strong.set(Status::Due(browser::after(delay, Box::new(over))));
    }

    fn language(&self) -> Language {
        self.settings.definition.language(&self.settings.wanted)
    }

    /// As soon as its words are there, it is shown, or, above the page, waits for its turn.
    fn ready(shared: &Rc<RefCell<Page>>, entry: &Rc<Self>) {
        let words = Rc::clone(&shared.borrow().messages);
        let (page, weak) = (Rc::downgrade(shared), Rc::downgrade(entry));
        let came = move |messages| {
            let Some(entry) = weak.upgrade() else { return };
            if entry.stage() == Stage::Waiting {
                entry.set(Status::Ready(entry.trigger(), messages));
                Page::turn(&page);
            }
        };
        words.get(entry.language(), Box::new(came));
    }

    /// It is its turn: shows it, unless something is against it by now.
    pub(crate) fn take_turn(page: &Weak<RefCell<Page>>, entry: &Rc<Self>) {
        let Some(shared) = page.upgrade() else { return };
        let status = entry.status.replace(Status::Waiting);
        if let Status::Ready(trigger, messages) = status
            && shared.borrow().is_due(entry)
        {
            Self::show_in(messages, page, entry, trigger, Vec::new());
        }
    }

    /// Shows it as soon as its words are there, unless it is already, with these controls chosen.
    pub(crate) fn show(
        page: &Weak<RefCell<Page>>,
        entry: &Rc<Self>,
        trigger: String,
        chosen: Chosen,
    ) {
        let Some(shared) = page.upgrade() else { return };
        entry.fired.replace(Some(trigger.clone()));
        if !shared.borrow().visitor.consents(&entry.settings) {
            entry.held.replace(Some((trigger, Some(chosen))));
            shared.borrow().is_due(entry);
            return;
        }
        let words = Rc::clone(&shared.borrow().messages);
        let (page, weak) = (page.clone(), Rc::downgrade(entry));
        let show = move |messages| {
            if let Some(entry) = weak.upgrade() {
                Self::show_in(messages, &page, &entry, trigger, chosen);
            }
        };
        words.get(entry.language(), Box::new(show));
    }

    fn show_in(
        messages: Messages,
        page: &Weak<RefCell<Page>>,
        entry: &Rc<Self>,
        trigger: String,
        chosen: Chosen,
    ) {
        let Some(shared) = page.upgrade() else { return };
        if entry.is_shown() || shared.borrow().rival(entry).is_some() {
            return;
        }
        if entry.floats() && browser::is_modal_open() {
            let (page, weak) = (page.clone(), Rc::downgrade(entry));
            let again = move || {
                if let Some(entry) = weak.upgrade() {
                    entry.set(Status::Waiting);
                    Self::show_in(messages, &page, &entry, trigger, chosen);
                }
            };
            return entry.set(Status::Due(browser::after(MODAL_MS, Box::new(again))));
        }
        let (weak, ended) = (Rc::downgrade(entry), page.clone());
        let over = move || {
            // Called from inside the view, which must not be dropped under its own feet.
            let (weak, ended) = (weak.clone(), ended.clone());
            browser::defer(Box::new(move || {
                if let Some(entry) = weak.upgrade() {
                    entry.set(Status::Over);
                    Page::turn(&ended);
                }
            }));
        };
        let mut survey = entry.settings.definition.survey(&entry.settings.wanted, messages);
        survey.appearance.clone_from(&entry.settings.appearance);
        let settings = Rc::clone(&entry.settings);
        let visitor = Rc::clone(&shared.borrow().visitor);
        let showing = Showing::new(
            (settings, Rc::clone(&visitor)),
            survey.into(),
            &entry.place,
            trigger,
            chosen,
            Box::new(over),
        );
        let Some(showing) = showing else {
            return browser::console_warn(
                &["the page lets no survey be shown: ", entry.id()].concat(),
            );
        };
        entry.is_seen.set(false);
        let watched = entry.watch(&showing, page);
        entry.set(Status::Shown(showing, watched));
    }

    /// Notes that the visitor sees it: at once, or when the visitor opens the tab or scrolls to the element that
    /// it stands in.
    fn watch(
        self: &Rc<Self>,
        showing: &Showing,
        page: &Weak<RefCell<Page>>,
    ) -> Option<Box<dyn Any>> {
        let (page, weak) = (page.clone(), Rc::downgrade(self));
        let seen = move || {
            let (Some(page), Some(entry)) = (page.upgrade(), weak.upgrade()) else { return };
            if !entry.is_seen.replace(true) {
                let what = if entry.floats() { Record::seen } else { Record::came_by };
                page.borrow().visitor.note(&entry.settings, what);
            }
        };
        if self.is_tab() {
            let open = browser::listen(showing.element(), "click", Box::new(move |_| seen()));
            return Some(Box::new(open));
        }
        if self.floats() {
            seen();
            return None;
        }
        Some(Box::new(browser::Visibility::new(showing.element(), Box::new(seen))))
    }
}
