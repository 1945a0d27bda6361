//! One survey of the page, from waiting for its trigger until it is over.

use crate::attributes::Settings;
use crate::browser::{self, Place, Timer};
use crate::page::Page;
use crate::showing::Showing;
use crate::trigger::Kept;
use sondeo_model::{Language, Wording};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use web_sys::Element;

/// How often it is looked whether a dialog of the page has closed.
const MODAL_MS: u64 = 500;

/// One survey of the page.
pub(crate) struct Entry {
    pub(crate) settings: Rc<Settings>,
    /// The element that asks for it; `None` where a script tag does.
    pub(crate) origin: Option<Element>,
    place: Place,
    status: RefCell<Status>,
    listeners: RefCell<Vec<Kept>>,
}

enum Status {
    /// For its trigger.
    Waiting,
    /// For the time between trigger and showing.
    Due(#[allow(dead_code, reason = "dropping it stops the clock")] Timer),
    Shown(Showing),
    /// Answered or dismissed on this page view.
    Over,
}

impl Entry {
    /// An entry that waits for the triggers it is yet to be given.
    pub(crate) fn new(settings: Settings, origin: Option<Element>, place: Place) -> Rc<Self> {
        Rc::new(Self {
            settings: Rc::new(settings),
            origin,
            place,
            status: RefCell::new(Status::Waiting),
            listeners: RefCell::default(),
        })
    }

    /// Keeps a trigger's listener as long as the entry lives.
    pub(crate) fn keep(&self, listener: Option<Kept>) {
        self.listeners.borrow_mut().extend(listener);
    }

    pub(crate) fn id(&self) -> &str {
        &self.settings.definition.id
    }

    pub(crate) fn is_shown(&self) -> bool {
        matches!(&*self.status.borrow(), Status::Shown(_))
    }

    /// Whether it is or would be shown above the page, where there is room for one.
    pub(crate) fn floats(&self) -> bool {
        matches!(self.place, Place::Floating)
    }

    /// Ends it on this page view, if it is shown or about to be.
    pub(crate) fn end(&self) {
        if !matches!(&*self.status.borrow(), Status::Waiting) {
            self.set(Status::Over);
        }
    }

    /// Ends it if the page has taken its element away.
    pub(crate) fn follow_removal(&self) {
        let is_gone = matches!(&*self.status.borrow(), Status::Shown(it) if !it.is_connected());
        if is_gone {
            self.set(Status::Over);
        }
    }

    /// The old status is dropped after the new one stands, since dropping a showing tells the page.
    fn set(&self, status: Status) {
        let old = self.status.replace(status);
        drop(old);
    }

    /// Its trigger happened: the survey is due after its delay.
    pub(crate) fn fire(page: &Weak<RefCell<Page>>, entry: &Weak<Self>, trigger: String) {
        let Some(strong) = entry.upgrade() else { return };
        if !matches!(&*strong.status.borrow(), Status::Waiting) {
            return;
        }
        let delay = strong.settings.definition.delay().as_millis();
        if delay == 0 {
            return Self::show(page, &strong, trigger);
        }
        if let Some(page) = page.upgrade() {
            // Its words come during the delay, rather than after it.
            let language = strong.language();
            let words = Rc::clone(&page.borrow().words);
            words.get(language, Box::new(|_| ()));
        }
        Self::due(page, &strong, delay, trigger);
    }

    fn language(&self) -> Language {
        self.settings.definition.language(&self.settings.wanted)
    }

    fn due(page: &Weak<RefCell<Page>>, entry: &Rc<Self>, delay: u64, trigger: String) {
        let (page, weak) = (page.clone(), Rc::downgrade(entry));
        entry.set(Status::Due(browser::after(
            delay,
            Box::new(move || {
                if let Some(entry) = weak.upgrade() {
                    entry.set(Status::Waiting);
                    Self::show(&page, &entry, trigger);
                }
            }),
        )));
    }

    /// Shows it as soon as its words are there, unless it is, or another one floats where it would.
    pub(crate) fn show(page: &Weak<RefCell<Page>>, entry: &Rc<Self>, trigger: String) {
        let Some(shared) = page.upgrade() else { return };
        let words = Rc::clone(&shared.borrow().words);
        let (page, weak) = (page.clone(), Rc::downgrade(entry));
        let show = move |wording| {
            if let Some(entry) = weak.upgrade() {
                Self::show_in(wording, &page, &entry, trigger);
            }
        };
        words.get(entry.language(), Box::new(show));
    }

    fn show_in(wording: Wording, page: &Weak<RefCell<Page>>, entry: &Rc<Self>, trigger: String) {
        let Some(shared) = page.upgrade() else { return };
        if entry.is_shown() || shared.borrow().rival(entry).is_some() {
            return;
        }
        if entry.floats() && browser::is_modal_open() {
            return Self::due(page, entry, MODAL_MS, trigger);
        }
        let weak = Rc::downgrade(entry);
        let over = move || {
            // Called from inside the view, which must not be dropped under its own feet.
            let weak = weak.clone();
            browser::soon(Box::new(move || {
                if let Some(entry) = weak.upgrade() {
                    entry.set(Status::Over);
                }
            }));
        };
        let mut survey = entry.settings.definition.survey(&entry.settings.wanted, wording);
        survey.appearance.clone_from(&entry.settings.appearance);
        let settings = Rc::clone(&entry.settings);
        let showing = Showing::new(settings, survey.into(), &entry.place, trigger, Box::new(over));
        match showing {
            Some(showing) => entry.set(Status::Shown(showing)),
            None => browser::report(&["the page lets no survey be shown: ", entry.id()].concat()),
        }
    }
}
