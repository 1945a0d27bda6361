//! The page's surveys: which wait, which is shown, and what the page's calls do to them.

use crate::attributes::{self, PageContext, Settings};
use crate::browser::{self, Command, Placement};
use crate::delivery;
use crate::entry::Entry;
use crate::messages::MessageCatalog;
use crate::trigger::{self, TriggerContext};
use crate::visitor::{Identity, Visitor};
use js_sys::Function;
use sondeo_model::json::Json;
use sondeo_model::{Display, Template, Trigger, format_int, nearest};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Element;

mod decisions;
mod navigation;

/// All surveys of this page view.
#[derive(Default)]
pub(crate) struct Page {
    entries: Vec<Rc<Entry>>,
    /// The attributes of the first script tag, which elements inherit.
    defaults: Vec<(String, String)>,
    /// The surveys of the page's files, each with its path.
    files: Vec<(String, Json)>,
    /// How many files are still on their way.
    coming: usize,
    /// Surveys that were asked for before everything was read.
    wanted: Vec<String>,
    /// Calls of `sondeo.explain` that came before everything was read, and what takes their answers.
    asked: Vec<(String, Function)>,
    /// The survey that a link asks for, and the answers that it chooses.
    link: Option<(String, Vec<(String, String)>)>,
    pub(crate) visitor: Rc<Visitor>,
    pub(crate) messages: Rc<MessageCatalog>,
    /// Problems already on the console; each is said once.
    reported: Vec<String>,
    /// What has happened on this page view so far: a survey may be asked for after its event.
    told: Vec<Trigger>,
    /// The address that this page view began with; none as long as it is told what happened before we came.
    address: String,
    /// Whether the surveys that the page began with are known. An element that comes later was not
    /// there for what happened before.
    is_settled: bool,
}

/// A timer and the wall clock differ by some milliseconds; it must not ring before the moment.
const SLACK: i64 = 100;

const NO_SURVEY: &str = " is no survey (try {\"template\": \"faq\"})";

/// The page, as its listeners hold it. Every change is made in a task of its own, never inside a call
/// of the page: a listener of the page's may call back at any moment.
pub(crate) type Shared = Rc<RefCell<Page>>;

impl Page {
    /// Obeys one call of the page.
    pub(crate) fn obey(shared: &Shared, command: Command) {
        match command {
            Command::Tag(script) => Self::add_script(shared, &script),
            Command::Track(event) => Self::happen(shared, Trigger::Event(event.into())),
            Command::Happened(word) => {
                if let Some(trigger) = Trigger::parse(&word) {
                    Self::happen(shared, trigger);
                }
            }
            Command::Page(back) => Self::navigated(shared, back),
            Command::Show(id) => Self::show(shared, &id),
            Command::SetAssetBase(base) => shared.borrow().messages.set_base_url(base),
            Command::Sender(sender) => browser::set_sender(sender),
            Command::Hide(id) => {
                shared.borrow().hide(id.as_deref());
                Self::turn(&Rc::downgrade(shared));
            }
            Command::Identify(user, custom) => {
                shared.borrow().visitor.identity.replace(Identity::new(user, custom));
            }
            Command::Consent(granted) => Self::consent(shared, granted),
            Command::Reset => shared.borrow().forget(),
            Command::Explain(id, done) => shared.borrow_mut().explain(id, done),
            Command::Unclear(name) => {
                shared.borrow_mut().report([&name, "() needs true or false"].concat());
            }
            Command::Nameless(name) => {
                shared.borrow_mut().report([&name, "() needs a name"].concat());
            }
            Command::Unknown(name) => {
                shared.borrow_mut().report([&name, "() has no effect in this version"].concat());
            }
        }
    }

    fn add_script(shared: &Shared, script: &Element) {
        let own = browser::data_attributes(script);
        if shared.borrow().defaults.is_empty() {
            shared.borrow_mut().defaults.clone_from(&own);
        }
        let config = own.iter().find(|(name, _)| name == "data-config").map(|(_, it)| it.clone());
        let Some(config) = config else { return Self::add_surveys(shared, &own, script) };
        if let Some(id) = config.strip_prefix('#') {
            let text = browser::text_of(id);
            shared.borrow_mut().take_file(&config, text);
            return Self::add_surveys(shared, &own, script);
        }
        shared.borrow_mut().coming += 1;
        let url = browser::resolve(&config).unwrap_or_default();
        let (shared, script) = (Rc::clone(shared), script.clone());
        let came = move |text| {
            {
                let mut page = shared.borrow_mut();
                page.coming -= 1;
                page.take_file(&config, text);
            }
            Self::add_surveys(&shared, &own, &script);
            Self::follow_elements(&shared);
        };
        browser::fetch(&url, Box::new(came));
    }

    /// A file holds one survey, or an array of them.
    fn take_file(&mut self, config: &str, text: Option<String>) {
        let place = ["data-config=\"", config, "\""].concat();
        let Some(text) = text else {
            return self.report([&place, " could not be read"].concat());
        };
        match browser::parse(&text) {
            Ok(Json::List(surveys)) => {
                for (at, survey) in surveys.into_iter().enumerate() {
                    let path = [config, "[", &format_int(at as i64), "]"].concat();
                    match survey {
                        Json::Object(_) => self.files.push((path, survey)),
                        _ => self.report([&path, NO_SURVEY].concat()),
                    }
                }
            }
            Ok(survey @ Json::Object(_)) => self.files.push((config.to_owned(), survey)),
            Ok(_) => self.report([&place, NO_SURVEY].concat()),
            Err(error) => self.report([&place, " is not JSON: ", &error].concat()),
        }
    }

    fn add_surveys(shared: &Shared, own: &[(String, String)], script: &Element) {
        let settings = shared.borrow_mut().read(attributes::AttributeSource::Script, own, script);
        for settings in settings {
            let known = shared
                .borrow()
                .entries
                .iter()
                .any(|entry| entry.origin.is_none() && entry.id() == settings.definition.id);
            if !known {
                Self::add(shared, settings, None, Placement::Floating);
            }
        }
    }

    /// Takes in the elements that ask for a survey now, and lets go of surveys whose element has left.
    pub(crate) fn follow_elements(shared: &Shared) {
        if shared.borrow_mut().follow_removals() {
            Self::turn(&Rc::downgrade(shared));
        }
        for element in browser::places() {
            Self::add_element(shared, &element);
        }
        shared.borrow_mut().settle();
        let is_all_read = shared.borrow().is_all_read();
        if is_all_read {
            let wanted = std::mem::take(&mut shared.borrow_mut().wanted);
            for id in wanted {
                Self::show(shared, &id);
            }
            let asked = std::mem::take(&mut shared.borrow_mut().asked);
            // After what has happened by now.
            let page = Rc::downgrade(shared);
            browser::defer(Box::new(move || {
                for (id, done) in asked {
                    if let Some(page) = page.upgrade() {
                        page.borrow_mut().explain(id, done);
                    }
                }
            }));
            Self::follow_link(shared);
            shared.borrow().permit();
        }
    }

    /// An element that is known is left as it is.
    fn add_element(shared: &Shared, element: &Element) {
        let known =
            shared.borrow().entries.iter().any(|entry| entry.origin.as_ref() == Some(element));
        if known {
            return;
        }
        let own = browser::data_attributes(element);
        let names = attributes::names(attributes::AttributeSource::Element, &own);
        let is_strange = |name: &String| Template::parse(name).is_none();
        if shared.borrow().coming > 0 && names.iter().any(is_strange) {
            // The file that is on its way may know it.
            return;
        }
        let settings =
            shared.borrow_mut().read(attributes::AttributeSource::Element, &own, element);
        for settings in settings {
            let place = match settings.appearance.display {
                Display::Inline | Display::Page => Placement::Inside(element.clone()),
                _ => Placement::Floating,
            };
            Self::add(shared, settings, Some(element.clone()), place);
        }
    }

    fn read(
        &mut self,
        source: attributes::AttributeSource,
        own: &[(String, String)],
        element: &Element,
    ) -> Vec<Settings> {
        let languages = browser::languages(element);
        let context = PageContext {
            languages: &languages,
            resolve: &browser::resolve,
            is_css: &browser::is_css,
            is_selector: &browser::is_selector,
            files: &self.files,
        };
        let (settings, problems) = attributes::read(source, own, &self.defaults, &context);
        for problem in problems.iter() {
            self.report(problem.line());
        }
        settings
    }

    fn add(shared: &Shared, mut settings: Settings, origin: Option<Element>, place: Placement) {
        let (from, until) = (&settings.targeting.from, &settings.targeting.until);
        let day = |date: &Option<String>| {
            let moment = browser::moment(date.as_deref()?);
            if moment.is_none() {
                let date = date.as_deref().unwrap_or_default();
                let problem = ["\"", date, "\" is no day of the calendar (try \"2026-12-01\")"];
                shared.borrow_mut().report(problem.concat());
            }
            moment
        };
        let runs = [day(from), day(until)];
        for pattern in &mut settings.targeting.url {
            *pattern = browser::readable(pattern);
        }
        let entry = Entry::new(settings, origin, runs, place);
        shared.borrow_mut().entries.push(Rc::clone(&entry));
        Self::listen(shared, &entry, |_| true);
    }

    /// Listens to those of an entry's triggers that are meant.
    fn listen(shared: &Shared, entry: &Rc<Entry>, is_meant: fn(&Trigger) -> bool) {
        let visitor = Rc::clone(&shared.borrow().visitor);
        // Notes the page view, too. Without consent nobody knows which visit this is.
        let is_known = visitor.consents(&entry.settings);
        let visit = if is_known { visitor.visit(&entry.settings) } else { 0 };
        let context = TriggerContext { visit, stay: entry.settings.stay() };
        Self::await_begin(shared, entry);
        for trigger in entry.settings.triggers.iter().filter(|it| is_meant(it)) {
            let word = trigger.to_text().into_owned();
            let (page, waiting) = (Rc::downgrade(shared), Rc::downgrade(entry));
            let fire = move || {
                let (page, waiting, word) = (page.clone(), waiting.clone(), word.clone());
                browser::defer(Box::new(move || Entry::fire(&page, &waiting, word)));
            };
            if shared.borrow().was_told(entry, trigger) {
                fire();
            }
            entry.keep(trigger::listen(trigger, context, Rc::new(fire)));
        }
    }

    /// What happened before a survey runs makes it due when it does. A page that is open for weeks has to be
    /// loaded anew: browsers' timers go no further, and ring then.
    fn await_begin(shared: &Shared, entry: &Rc<Entry>) {
        let left = entry.runs[0].map_or(0, |from| from - browser::now().as_millis());
        if left <= 0 {
            return;
        }
        let (page, waiting) = (Rc::downgrade(shared), Rc::downgrade(entry));
        let begin = move || {
            if let Some(entry) = waiting.upgrade().filter(|entry| entry.has_fired()) {
                Entry::fire(&page, &waiting, entry.trigger());
            }
        };
        let timer = browser::after((left + SLACK) as u64, Box::new(begin));
        entry.keep(Some(Box::new(timer)));
    }

    fn settle(&mut self) {
        if !self.is_settled {
            self.address = browser::href();
        }
        self.is_settled = true;
    }

    /// Whether every survey that the page began with is known.
    fn is_all_read(&self) -> bool {
        self.is_settled && self.coming == 0
    }

    fn was_told(&self, entry: &Entry, trigger: &Trigger) -> bool {
        let was_there = entry.origin.is_none() || !self.is_settled;
        was_there && self.told.contains(trigger)
    }

    fn show(shared: &Shared, id: &str) {
        let found = shared.borrow().entries.iter().find(|entry| entry.id() == id).cloned();
        match found {
            Some(entry) => Self::put(shared, &entry, "manual", Vec::new()),
            None => {
                let mut page = shared.borrow_mut();
                if !page.is_all_read() {
                    return page.wanted.push(id.to_owned());
                }
                let ids: Vec<_> = page.entries.iter().map(|entry| entry.id().to_owned()).collect();
                let ids: Vec<_> = ids.iter().map(String::as_str).collect();
                let meant = nearest(id, &ids).or(ids.first().copied()).unwrap_or("faq");
                let problem =
                    ["show(\"", id, "\") is not a survey of this page (try \"", meant, "\")"];
                page.report(problem.concat());
            }
        }
    }

    fn hide(&self, id: Option<&str>) {
        for entry in &self.entries {
            if id.is_none_or(|id| id == entry.id()) {
                entry.end();
            }
        }
    }

    /// Returns whether one that was shown has gone.
    fn follow_removals(&mut self) -> bool {
        let shown = |page: &Self| page.entries.iter().filter(|entry| entry.is_shown()).count();
        let before = shown(self);
        self.entries.retain(|entry| entry.is_asked());
        for entry in &self.entries {
            entry.follow_removal();
        }
        shown(self) < before
    }

    /// What was answered in another tab meanwhile is asked no more. Returns whether one has gone.
    fn follow_answers(&self) -> bool {
        let mut has_ended = false;
        for entry in self.entries.iter().filter(|entry| entry.is_shown()) {
            if self.visitor.is_answered_elsewhere(&entry.settings) {
                entry.end();
                has_ended = true;
            }
        }
        has_ended
    }

    fn make_room(&self, entry: &Entry) {
        if let Some(rival) = self.rival(entry) {
            rival.end();
        }
    }

    fn report(&mut self, problem: String) {
        if !self.reported.contains(&problem) {
            browser::console_warn(&problem);
            self.reported.push(problem);
        }
    }
}

/// A page whose view begins now.
pub(crate) fn start() -> Shared {
    let page = Page { link: browser::link(), ..Page::default() };
    page.visitor.begin_page_view();
    let shared = Rc::new(RefCell::new(page));
    let page = Rc::downgrade(&shared);
    let follow = move |key: Option<String>, value| {
        if let Some(shared) = page.upgrade() {
            let is_forgotten = shared.borrow().visitor.follow(key.as_deref(), value);
            if is_forgotten {
                // By whoever removed it: what is stored now is stored by somebody who may.
                shared.borrow().withdraw();
                return delivery::stop();
            }
            // Tabs write often, and seldom an answer.
            let has_ended = shared.borrow().follow_answers();
            if has_ended {
                Page::turn(&page);
            }
        }
    };
    // Tabs write as long as the page lives.
    std::mem::forget(browser::follow_storage(Box::new(follow)));
    shared
}
