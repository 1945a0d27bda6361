//! The rim: carries out what the session decides, and tells it what happens.
//!
//! Everything that happens is put into a queue and handled in a task of its own, so nothing of the page, and nothing
//! of a view, is on the stack while the session decides or an effect is carried out. What an effect brings about goes
//! into the queue as well; [`Driver::post`] touches nothing else. So no call can come back into a change that is half
//! made.

use crate::browser::{self, Call, ElementSearch, Listener, Visibility};
use crate::delivery;
use crate::mount::Mounted;
use crate::trigger::{self, ListenerGuard};
use crate::view::{self, DeliveryNotice, SurveyEvent};
use js_sys::Function;
use sondeo_delivery::{DeliveryStatus, FailureReason};
use sondeo_model::StorageKind;
use sondeo_session::{
    Command, Effect, ElementKey, ElementSnapshot, Input, PageSnapshot, Placement, ReplyKey,
    STORAGE_PREFIX, ScriptKey, ScriptSnapshot, SeenWhen, Session, ShowingKey, SurveyKey, Timer,
};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::{Element, EventTarget};

mod environment;

use environment::Browser;

/// What waits to be told to the session. Snapshots are taken when it is told.
enum Pending {
    Input(Input),
    /// Decided, and to be carried out once the rest of the engine is there.
    Effect(Effect),
    Script(Element),
    /// The page is looked at: these have come.
    Page(Vec<Element>),
    /// The page is to be looked at now, before it is told what has come.
    Observe,
    /// The timer of this number is over.
    Timer(u32),
    /// A call of `sondeo.explain`, and the function that takes the answer.
    Explain(String, Function),
}

/// Lives as long as the page.
pub(crate) struct Driver {
    queue: RefCell<Vec<Pending>>,
    /// Whether the queue is being emptied, or will be.
    is_scheduled: Cell<bool>,
    /// Whether the rest of the engine is on its way.
    is_rest_coming: Cell<bool>,
    /// Borrowed by [`Self::drain`] alone.
    machine: RefCell<Machine>,
}

/// The session, and what stands for its decisions in the browser.
struct Machine {
    session: Session,
    /// The script tags of the loader that have run.
    scripts: Vec<(ScriptKey, Element)>,
    /// The elements that ask for surveys.
    elements: Vec<(ElementKey, Element)>,
    /// Elements that did, and may come back. The first left first.
    former_elements: Vec<(ElementKey, Element)>,
    listeners: Vec<(SurveyKey, ListenerGuard)>,
    timers: Vec<RunningTimer>,
    showings: Vec<MountedShowing>,
    /// The functions of the page that wait for an answer of `explain`.
    replies: Vec<(ReplyKey, Function)>,
    next_number: u32,
}

struct RunningTimer {
    timer: Timer,
    number: u32,
    /// Dropping it stops the clock.
    _clock: browser::Timer,
}

struct MountedShowing {
    key: ShowingKey,
    mounted: Mounted,
    notice: Rc<DeliveryNotice>,
    /// Dropping it ends the look-out for the visitor's eyes.
    watch: Option<Box<dyn Any>>,
    /// Hears that the visitor begins to answer.
    _touch: Listener,
}

/// What asks for surveys on a page, and the surveys on it.
const SOUGHT: &str = "[data-sondeo]:not(script),script[data-survey],script[data-config],script[data-endpoint],script[data-site],script[src*=\"/sondeo.js\"],sondeo-widget";

/// How many elements that have left are known again; as many as the session keeps surveys of, and some more.
const MOST_FORMER: usize = 16;

/// Starts the session of this page.
pub(crate) fn start() {
    let machine = Machine {
        session: Session::new(crate::VERSION, browser::link(), &Browser),
        scripts: Vec::new(),
        elements: Vec::new(),
        former_elements: Vec::new(),
        listeners: Vec::new(),
        timers: Vec::new(),
        showings: Vec::new(),
        replies: Vec::new(),
        next_number: 0,
    };
    let driver: &'static Driver = Box::leak(Box::new(Driver {
        queue: RefCell::default(),
        is_scheduled: Cell::new(false),
        is_rest_coming: Cell::new(false),
        machine: RefCell::new(machine),
    }));
    browser::take_over(Box::new(|call| driver.call(call)));
    // After the calls that waited: elements inherit from the script tags among them.
    let came = |elements| driver.post(Pending::Page(elements));
    let hidden = |_: &_| driver.input(Input::Hidden);
    let stored = |key, value| driver.input(Input::StorageChanged { key, value });
    // They listen as long as the page lives.
    std::mem::forget((
        ElementSearch::follow(SOUGHT, Box::new(came)),
        browser::listen_capturing("pagehide visibilitychange", Box::new(hidden)),
        browser::follow_storage(Box::new(stored)),
    ));
}

impl Driver {
    fn post(&'static self, pending: Pending) {
        self.queue.borrow_mut().push(pending);
        if !self.is_scheduled.replace(true) {
            browser::defer(Box::new(|| self.drain()));
        }
    }

    fn input(&'static self, input: Input) {
        self.post(Pending::Input(input));
    }

    fn call(&'static self, call: Call) {
        match call {
            Call::Tag(script) => self.post(Pending::Script(script)),
            Call::Sender(sender) => browser::set_sender(sender),
            Call::Watch(watch) => browser::set_watch(watch),
            Call::Properties(read) => browser::set_properties(read),
            Call::Crawler(is_crawler) => browser::set_crawler(is_crawler),
            Call::Rest(coming) => browser::set_rest(coming),
            Call::Command(command) => self.input(Input::Command(command)),
            Call::Explain(id, function) => {
                self.post(Pending::Explain(id, function));
            }
        }
    }

    fn drain(&'static self) {
        let mut machine = self.machine.borrow_mut();
        // What waits for the rest of the engine, and all that came after it: order counts.
        let mut kept = Vec::new();
        loop {
            let waiting = self.queue.take();
            if waiting.is_empty() {
                break;
            }
            for pending in waiting {
                if !kept.is_empty() && !is_urgent(&pending) {
                    kept.push(pending);
                } else {
                    machine.take(pending, &mut kept, self);
                }
            }
        }
        drop(machine);
        let is_kept = !kept.is_empty();
        self.queue.replace(kept);
        self.is_scheduled.set(false);
        if is_kept {
            self.fetch_rest();
        }
    }

    /// Has the rest of the engine come, and goes on with what waits for it.
    fn fetch_rest(&'static self) {
        if browser::has_rest() || self.is_rest_coming.replace(true) {
            return;
        }
        browser::fetch_rest(Box::new(|is_there| {
            self.is_rest_coming.set(false);
            if !is_there {
                // What waits for it goes without; what came after that need not.
                let lost = self.queue.borrow_mut().remove(0);
                if let Pending::Effect(Effect::Show { showing, .. }) = lost {
                    self.input(Input::MountRefused(showing));
                }
            }
            // Meanwhile the page may have changed.
            self.post(Pending::Observe);
        }));
    }
}

impl Machine {
    fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number
    }

    /// Tells the session, and carries out what it wants; keeps what has to wait for the rest of the engine.
    fn take(&mut self, pending: Pending, kept: &mut Vec<Pending>, driver: &'static Driver) {
        let is_whole = browser::has_rest();
        let is_look = matches!(pending, Pending::Page(_) | Pending::Observe);
        let effects = match pending {
            Pending::Effect(effect) => vec![effect],
            pending => match self.input(pending) {
                Some(input) if !is_whole && self.session.needs_rest(&input) => {
                    // A router may be in the middle of its work: by then, the page is looked at again.
                    return kept.push(if is_look {
                        Pending::Observe
                    } else {
                        Pending::Input(input)
                    });
                }
                Some(input) => self.session.handle(input, &Browser),
                None => return,
            },
        };
        for effect in effects {
            if is_whole || !needs_rest(&effect) {
                self.carry_out(effect, driver);
            } else {
                kept.push(Pending::Effect(effect));
            }
        }
    }

    /// What the session is told; `None` where it is out of date.
    fn input(&mut self, pending: Pending) -> Option<Input> {
        Some(match pending {
            Pending::Input(input) => input,
            Pending::Effect(_) => return None,
            Pending::Script(script) => {
                if self.scripts.iter().any(|(_, known)| *known == script) {
                    return None;
                }
                let key = ScriptKey(self.number());
                let snapshot = script_snapshot(key, &script);
                self.scripts.push((key, script));
                Input::Script(snapshot)
            }
            Pending::Page(came) => Input::Page(self.snapshot(came)),
            Pending::Observe => Input::Page(self.snapshot(browser::elements(SOUGHT))),
            Pending::Timer(number) => {
                let position = self.timers.iter().position(|it| it.number == number)?;
                Input::TimerFired(self.timers.swap_remove(position).timer)
            }
            Pending::Explain(id, function) => {
                let reply = ReplyKey(self.number());
                self.replies.push((reply, function));
                Input::Command(Command::Explain { id, reply })
            }
        })
    }

    /// What asks for surveys now, and the showings that the page has taken away for good.
    fn snapshot(&mut self, came: Vec<Element>) -> PageSnapshot {
        for element in came {
            if element.local_name() == "sondeo-widget" {
                // A copy of a survey, from a cache or a clone of the page: it has no life, and nothing can be seen.
                if element.shadow_root().is_none() {
                    element.remove();
                }
            } else if element.local_name() == "script" {
                // Routers that swap the head put a tag in the place of one, which never runs; Astro marks it so.
                if self.scripts.iter().any(|(_, known)| *known == element) {
                    continue;
                }
                let is_same = |name, other: &Element| {
                    other.get_attribute(name) == element.get_attribute(name)
                };
                let is_replaced = |(_, it): &&mut (ScriptKey, Element)| {
                    !it.is_connected() && is_same("src", it) && is_same("data-survey", it)
                };
                if let Some(script) = self.scripts.iter_mut().find(is_replaced) {
                    script.1 = element;
                }
            } else {
                let mut known = self.elements.iter().chain(&self.former_elements);
                if !known.any(|(_, known)| *known == element) {
                    let key = ElementKey(self.number());
                    self.elements.push((key, element));
                }
            }
        }
        let gone = self.showings.iter().filter(|it| it.mounted.is_swept());
        let removed = gone.filter(|it| !it.mounted.put_back()).map(|it| it.key).collect();
        let known = std::mem::take(&mut self.elements).into_iter();
        let known = std::mem::take(&mut self.former_elements).into_iter().chain(known);
        let asks = |(_, element): &(_, Element)| {
            element.is_connected() && element.has_attribute("data-sondeo")
        };
        (self.elements, self.former_elements) = known.partition(asks);
        let excess = self.former_elements.len().saturating_sub(MOST_FORMER);
        self.former_elements.drain(..excess);
        let scripts = self.scripts.iter().filter(|(_, script)| script.is_connected());
        let elements = self.elements.iter();
        PageSnapshot {
            scripts: scripts.map(|(key, script)| script_snapshot(*key, script)).collect(),
            elements: elements
                .map(|(key, element)| ElementSnapshot {
                    key: *key,
                    attributes: browser::data_attributes(element),
                    languages: browser::languages(element),
                })
                .collect(),
            removed,
        }
    }

    fn carry_out(&mut self, effect: Effect, driver: &'static Driver) {
        match effect {
            Effect::Listen { survey, position, trigger, stay_ms, has_fired } => {
                let fire = move |properties| {
                    driver.input(Input::TriggerFired { survey, trigger: position, properties });
                };
                if has_fired {
                    fire(None);
                }
                let guard = trigger::listen(&trigger, stay_ms, Rc::new(fire));
                self.listeners.extend(guard.map(|guard| (survey, guard)));
            }
            Effect::StopListening(survey) => self.listeners.retain(|it| it.0 != survey),
            Effect::StartTimer { timer, after_ms } => {
                self.timers.retain(|it| it.timer != timer);
                let number = self.number();
                let over = move || driver.post(Pending::Timer(number));
                let clock = browser::after(after_ms, Box::new(over));
                self.timers.push(RunningTimer { timer, number, _clock: clock });
            }
            Effect::StopTimer(timer) => self.timers.retain(|it| it.timer != timer),
            Effect::Observe => driver.post(Pending::Observe),
            Effect::Post(input) => driver.input(input),
            Effect::FetchMessages { language, url } => browser::fetch(
                &url,
                Box::new(move |text| driver.input(Input::MessagesArrived { language, text })),
            ),
            Effect::Show { showing, survey, placement, chosen } => {
                let placement = match placement {
                    Placement::Floating => Some(browser::Placement::Floating),
                    Placement::Inside(key) => {
                        let element = self.elements.iter().find(|(known, _)| *known == key);
                        element.map(|(_, it)| browser::Placement::Inside(it.clone()))
                    }
                };
                let notice: Rc<DeliveryNotice> = Rc::default();
                let hear = move |event| {
                    driver.input(match event {
                        SurveyEvent::Revised { answers, is_completed, redirect } => {
                            Input::Revised { showing, answers, is_completed, redirect }
                        }
                        SurveyEvent::Closed => Input::Closed(showing),
                    });
                };
                let mounted = placement.and_then(|placement| {
                    let parts = (Rc::clone(&notice), chosen);
                    Mounted::new(&survey, &placement, parts, Box::new(hear))
                });
                driver.input(match mounted {
                    Some(mounted) => {
                        let touch = move |_: &_| driver.input(Input::Touched(showing));
                        let touch = browser::listen(&mounted.root(), "input", Box::new(touch));
                        self.showings.push(MountedShowing {
                            key: showing,
                            mounted,
                            notice,
                            watch: None,
                            _touch: touch,
                        });
                        Input::Mounted(showing)
                    }
                    None => Input::MountRefused(showing),
                });
            }
            Effect::WatchVisibility(showing, when) => {
                if let Some(shown) = self.showings.iter_mut().find(|it| it.key == showing) {
                    let seen = move || driver.input(Input::Seen(showing));
                    let element = shown.mounted.element();
                    shown.watch = Some(match when {
                        SeenWhen::InView => Box::new(Visibility::new(element, Box::new(seen))),
                        SeenWhen::Opened => {
                            let open: Listener =
                                browser::listen(element, "click", Box::new(move |_| seen()));
                            Box::new(open)
                        }
                    });
                }
            }
            Effect::Remove(showing) => self.showings.retain(|it| it.key != showing),
            Effect::ShowDeliveryNotice(showing, line) => {
                if let Some(shown) = self.showings.iter().find(|it| it.key == showing) {
                    shown.notice.tell(line);
                }
            }
            Effect::Store { storage, key, value } => {
                let storage = browser::Storage::of(storage);
                match value {
                    Some(value) => {
                        storage.set(key, &value);
                    }
                    None => storage.remove(key),
                }
            }
            Effect::Dispatch { showing, name, detail, push } => {
                let shown = self.showings.iter().find(|it| Some(it.key) == showing);
                let element = shown.filter(|it| it.mounted.is_connected());
                let document = browser::document();
                let target: &EventTarget = match element {
                    Some(shown) => shown.mounted.element(),
                    None => &document,
                };
                browser::dispatch(target, name, &detail);
                for tool in push {
                    // Colons mean something to some of them.
                    browser::push(tool, &name.replace(':', "_"), &detail);
                }
            }
            Effect::Warn(line) => browser::console_warn(&line),
            Effect::Log(line) => browser::console_log(&line),
            Effect::PrepareDelivery(settings) => {
                delivery::prepare(settings.delivery.format(&settings.endpoint));
            }
            Effect::Deliver { showing, settings, response } => {
                let hear = move |status| {
                    let status = delivery_status(status);
                    driver.input(Input::Delivery { showing, status });
                };
                let hear: delivery::OnStatus = Rc::new(hear);
                delivery::deliver(&settings.endpoint, &settings.delivery, &response, Some(hear));
            }
            Effect::ReleaseDelivery(id) => delivery::release(Some(&id.to_text())),
            Effect::PermitDelivery(is_permitted) => delivery::permit(is_permitted),
            Effect::ClearStorage => {
                for kind in StorageKind::ALL {
                    let storage = browser::Storage::of(*kind);
                    for key in storage.keys(STORAGE_PREFIX) {
                        storage.remove(&key);
                    }
                }
            }
            Effect::ForgetDeliveries => delivery::forget(),
            Effect::StopDeliveries => delivery::stop(),
            effect => self.rest_carry_out(effect, driver),
        }
    }

    /// What is seldom wanted before a survey stands there.
    #[inline(never)]
    fn rest_carry_out(&mut self, effect: Effect, driver: &'static Driver) {
        match effect {
            Effect::ListenHalfway(survey) => {
                let fire = move |_| driver.input(Input::ScrolledHalfway(survey));
                self.listeners.push((survey, trigger::halfway(Rc::new(fire))));
            }
            Effect::FetchFile { file, url } => browser::fetch(
                &url,
                Box::new(move |text| driver.input(Input::FileArrived { file, text })),
            ),
            Effect::Move(showing, key) => {
                let shown = self.showings.iter().find(|it| it.key == showing);
                let place = self.elements.iter().find(|(known, _)| *known == key);
                if let (Some(shown), Some((_, place))) = (shown, place) {
                    shown.mounted.move_to(place);
                }
            }
            Effect::Navigate(url) => browser::navigate(&url),
            Effect::Reply(reply, json) => {
                if let Some(position) = self.replies.iter().position(|it| it.0 == reply) {
                    browser::call(&self.replies.swap_remove(position).1, &json);
                }
            }
            _ => {}
        }
    }
}

/// Whether this waits for nothing: what the visitor does with what stands there, and wants of what is stored.
fn is_urgent(pending: &Pending) -> bool {
    let Pending::Input(input) = pending else { return false };
    matches!(
        input,
        Input::Revised { .. }
            | Input::Closed(_)
            | Input::Mounted(_)
            | Input::Seen(_)
            | Input::Touched(_)
            | Input::Delivery { .. }
            | Input::Hidden
            // What two tabs have written is merged before either writes again.
            | Input::StorageChanged { .. }
            | Input::Command(
                Command::Hide(_) | Command::Consent(_) | Command::Reset | Command::Identify { .. }
            )
    )
}

/// Whether what carries this out comes with the rest of the engine.
fn needs_rest(effect: &Effect) -> bool {
    match effect {
        Effect::Listen { trigger, .. } => trigger::needs_rest(trigger),
        Effect::Show { survey, .. } => view::needs_rest(survey),
        Effect::ListenHalfway(_)
        | Effect::FetchFile { .. }
        | Effect::Move(..)
        | Effect::Navigate(_)
        | Effect::Reply(..) => true,
        _ => false,
    }
}

fn script_snapshot(key: ScriptKey, script: &Element) -> ScriptSnapshot {
    ScriptSnapshot {
        key,
        src: script.get_attribute("src").unwrap_or_default(),
        attributes: browser::data_attributes(script),
        languages: browser::languages(script),
    }
}

/// What the delivery tells, as far as it matters to the session.
fn delivery_status(status: DeliveryStatus) -> sondeo_session::DeliveryStatus {
    match status {
        DeliveryStatus::Delivered => sondeo_session::DeliveryStatus::Delivered,
        DeliveryStatus::Waiting { is_kept } => sondeo_session::DeliveryStatus::Waiting { is_kept },
        // What was refused is kept for a newer version to try, which is not much to promise.
        DeliveryStatus::Failed { reason, status, is_kept } => {
            sondeo_session::DeliveryStatus::Failed {
                reason: reason.as_str(),
                status,
                is_retried: is_kept && reason != FailureReason::Refused,
            }
        }
    }
}
