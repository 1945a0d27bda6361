use super::browser::FakeBrowser;
use sondeo_model::{Answer, MessageId, Response, StorageKind, Survey, Value, rest};
use sondeo_session::{
    Chosen, Command, DeliveryStatus, Effect, ElementKey, ElementSnapshot, FileKey, Input, Link,
    PageSnapshot, Placement, ReplyKey, STORAGE_PREFIX, ScriptKey, ScriptSnapshot, SeenWhen,
    Session, ShowingKey, SurveyKey, Timer,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// A page, its visitor and its session.
pub(crate) struct World {
    session: Session,
    pub(crate) browser: FakeBrowser,
    queue: VecDeque<Input>,
    timers: Vec<(Timer, i64)>,
    listening: Vec<(SurveyKey, usize, String)>,
    halfway: Vec<SurveyKey>,
    pub(crate) scripts: Vec<ScriptSnapshot>,
    pub(crate) elements: Vec<ElementSnapshot>,
    pub(crate) showings: Vec<Showing>,
    pub(crate) pending_files: Vec<(FileKey, String)>,
    pub(crate) pending_messages: Vec<sondeo_model::Language>,
    pub(crate) replies: Vec<(ReplyKey, String)>,
    /// Whether the page lets no survey be put on it.
    pub(crate) refuses: bool,
    /// What was delivered, each revision.
    pub(crate) delivered: Vec<Response>,
    /// Everything that page, author and delivery heard, a line each.
    pub(crate) heard: Vec<String>,
    pub(crate) notices: Vec<MessageId>,
    /// Where the answers of each survey go, in the order in which they were prepared for.
    pub(crate) endpoints: Vec<String>,
}

/// A survey on the page.
pub(crate) struct Showing {
    pub(crate) key: ShowingKey,
    pub(crate) survey: Rc<Survey>,
    pub(crate) chosen: Chosen,
    pub(crate) placement: Placement,
}

impl World {
    /// A page that has just been opened, with what the visitor's browser remembers.
    pub(crate) fn new(browser: FakeBrowser, link: Option<Link>) -> Self {
        Self {
            session: Session::new("0.0.0", link, &browser),
            browser,
            queue: VecDeque::new(),
            timers: Vec::new(),
            listening: Vec::new(),
            halfway: Vec::new(),
            scripts: Vec::new(),
            elements: Vec::new(),
            showings: Vec::new(),
            pending_files: Vec::new(),
            pending_messages: Vec::new(),
            replies: Vec::new(),
            refuses: false,
            delivered: Vec::new(),
            heard: Vec::new(),
            notices: Vec::new(),
            endpoints: Vec::new(),
        }
    }

    /// Tells the session of this, and of everything that comes of it at once.
    pub(crate) fn input(&mut self, input: Input) {
        self.queue.push_back(input);
        self.handle_all();
        self.wait_ms(0);
    }

    /// As the driver does it: the rest of the engine comes when an input needs it, and no gate is reached before.
    fn handle_all(&mut self) {
        while let Some(input) = self.queue.pop_front() {
            self.browser.has_rest |= self.session.needs_rest(&input);
            rest::set_away(!self.browser.has_rest);
            let effects = self.session.handle(input, &self.browser);
            rest::set_away(false);
            for effect in effects {
                self.carry_out(effect);
            }
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// The page's elements are looked at.
    pub(crate) fn observe(&mut self) {
        self.input(Input::Page(self.page(Vec::new())));
    }

    /// The page as it is now.
    fn page(&self, removed: Vec<ShowingKey>) -> PageSnapshot {
        PageSnapshot { scripts: self.scripts.clone(), elements: self.elements.clone(), removed }
    }

    /// Time passes.
    pub(crate) fn wait_ms(&mut self, milliseconds: i64) {
        let end = self.browser.now + milliseconds;
        while let Some(at) = self.timers.iter().map(|it| it.1).min().filter(|at| *at <= end) {
            let Some(first) = self.timers.iter().position(|it| it.1 == at) else { break };
            let (timer, _) = self.timers.remove(first);
            self.browser.now = at;
            self.queue.push_back(Input::TimerFired(timer));
            self.handle_all();
        }
        self.browser.now = end;
    }

    /// This trigger fires for whoever listens.
    pub(crate) fn fire(&mut self, trigger: &str) {
        let fired: Vec<_> = self.listening.iter().filter(|it| it.2 == trigger).cloned().collect();
        for (survey, trigger, _) in fired {
            self.input(Input::TriggerFired { survey, trigger, properties: None });
        }
    }

    pub(crate) fn scroll_halfway(&mut self) {
        for survey in std::mem::take(&mut self.halfway) {
            self.input(Input::ScrolledHalfway(survey));
        }
    }

    /// The triggers that are listened to, each as often as it is.
    pub(crate) fn listening(&self) -> Vec<&str> {
        self.listening.iter().map(|it| it.2.as_str()).collect()
    }

    pub(crate) fn script(&mut self, attributes: &str) {
        let key = ScriptKey(self.scripts.len() as u32);
        let (src, attributes) = (src(attributes), pairs(attributes));
        let script = ScriptSnapshot { key, src, attributes, languages: languages() };
        self.scripts.push(script.clone());
        self.input(Input::Script(script));
    }

    /// The script tag of this number has these attributes from now on, wherever it was; none of them: it has left.
    pub(crate) fn change_script(&mut self, number: usize, attributes: Option<&str>) {
        let key = ScriptKey(number as u32);
        let position = self.scripts.iter().position(|script| script.key == key);
        match (attributes.map(pairs), position) {
            (Some(attributes), Some(at)) => self.scripts[at].attributes = attributes,
            (Some(attributes), None) => {
                let src = "/sondeo.js".to_owned();
                self.scripts.push(ScriptSnapshot { key, src, attributes, languages: languages() });
            }
            (None, _) => self.scripts.retain(|script| script.key != key),
        }
    }

    /// An element has these attributes from now on; none of them: it has left.
    pub(crate) fn element(&mut self, number: u32, attributes: Option<&str>) {
        let key = ElementKey(number);
        self.elements.retain(|element| element.key != key);
        self.elements.extend(attributes.map(|attributes| ElementSnapshot {
            key,
            attributes: pairs(attributes),
            languages: languages(),
        }));
    }

    /// The ids of the surveys on the page, in the order in which they came.
    pub(crate) fn shown(&self) -> String {
        let stands = |showing: &&Showing| match showing.placement {
            Placement::Floating => true,
            Placement::Inside(key) => self.elements.iter().any(|element| element.key == key),
        };
        let ids: Vec<&str> =
            self.showings.iter().filter(stands).map(|it| it.survey.id.as_ref()).collect();
        ids.join(" ")
    }

    #[track_caller]
    pub(crate) fn showing(&self, id: &str) -> &Showing {
        let found = self.showings.iter().find(|it| it.survey.id == id);
        found.unwrap_or_else(|| panic!("{id} is not shown; heard: {:#?}", self.heard))
    }

    /// The visitor answers the first question, and with it all of the survey or not.
    #[track_caller]
    pub(crate) fn answer(&mut self, id: &str, value: Value, is_completed: bool) {
        let showing = self.showing(id);
        let key = showing.key;
        let mut interview = sondeo_model::Interview::new(Rc::clone(&showing.survey));
        assert!(interview.answer(Some(value)), "{id} takes this answer");
        let answers: Vec<Answer> = interview.answers();
        let redirect = interview.ending().and_then(|ending| ending.redirect.clone());
        self.input(Input::Revised { showing: key, answers, is_completed, redirect });
    }

    #[track_caller]
    pub(crate) fn close(&mut self, id: &str) {
        let key = self.showing(id).key;
        self.input(Input::Closed(key));
    }

    #[track_caller]
    pub(crate) fn see(&mut self, id: &str) {
        let key = self.showing(id).key;
        self.input(Input::Seen(key));
    }

    #[track_caller]
    pub(crate) fn touch(&mut self, id: &str) {
        let key = self.showing(id).key;
        self.input(Input::Touched(key));
    }

    #[track_caller]
    pub(crate) fn sweep_away(&mut self, id: &str) {
        let removed = vec![self.showing(id).key];
        self.input(Input::Page(self.page(removed)));
    }

    #[track_caller]
    pub(crate) fn delivery(&mut self, id: &str, status: DeliveryStatus) {
        let showing = self.showing(id).key;
        self.input(Input::Delivery { showing, status });
    }

    /// What `explain` answers.
    pub(crate) fn explain(&mut self, id: &str) -> String {
        let reply = ReplyKey(self.replies.len() as u32);
        self.command(Command::Explain { id: id.to_owned(), reply });
        let found = self.replies.iter().find(|it| it.0 == reply);
        found.map(|it| it.1.clone()).unwrap_or_default()
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Listen { survey, position, trigger, has_fired, .. } => {
                if has_fired {
                    self.queue.push_back(Input::TriggerFired {
                        survey,
                        trigger: position,
                        properties: None,
                    });
                }
                let word = trigger.to_text().into_owned();
                // The page has loaded, and is in sight.
                if word == "load" || word.contains("visit") {
                    self.queue.push_back(Input::TriggerFired {
                        survey,
                        trigger: position,
                        properties: None,
                    });
                }
                self.listening.push((survey, position, word));
            }
            Effect::ListenHalfway(survey) => self.halfway.push(survey),
            Effect::StopListening(survey) => {
                self.listening.retain(|it| it.0 != survey);
                self.halfway.retain(|it| *it != survey);
            }
            Effect::StartTimer { timer, after_ms } => {
                self.timers.retain(|it| it.0 != timer);
                self.timers.push((timer, self.browser.now + after_ms as i64));
            }
            Effect::StopTimer(timer) => self.timers.retain(|it| it.0 != timer),
            Effect::Post(input) => self.queue.push_back(input),
            Effect::Observe => {
                self.queue.push_back(Input::Page(self.page(Vec::new())));
            }
            Effect::FetchFile { file, url } => self.pending_files.push((file, url)),
            Effect::FetchMessages { language, .. } => self.pending_messages.push(language),
            Effect::Show { showing, survey, chosen, placement } => {
                if self.refuses {
                    return self.queue.push_back(Input::MountRefused(showing));
                }
                self.showings.push(Showing { key: showing, survey, chosen, placement });
                self.queue.push_back(Input::Mounted(showing));
            }
            // What floats is in view at once.
            Effect::WatchVisibility(key, SeenWhen::InView) => {
                let showing = self.showings.iter().find(|it| it.key == key);
                if showing.is_some_and(|it| it.placement == Placement::Floating) {
                    self.queue.push_back(Input::Seen(key));
                }
            }
            Effect::WatchVisibility(..) => {}
            Effect::Move(key, element) => {
                if let Some(showing) = self.showings.iter_mut().find(|it| it.key == key) {
                    showing.placement = Placement::Inside(element);
                }
            }
            Effect::Remove(showing) => self.showings.retain(|it| it.key != showing),
            Effect::ShowDeliveryNotice(_, line) => self.notices.push(line),
            Effect::Store { storage, key, value } => {
                self.browser.set(storage, key, value.as_deref());
            }
            Effect::ClearStorage => {
                self.browser.stored.retain(|it| !it.1.starts_with(STORAGE_PREFIX));
            }
            Effect::Dispatch { name, detail, push, .. } => {
                let tools: Vec<_> = push.iter().map(|tool| tool.as_str()).collect();
                self.hear(&[name, &detail, &tools.join(" ")]);
            }
            Effect::Navigate(url) => self.hear(&["navigate", &url]),
            Effect::Warn(line) => self.hear(&["warn:", &line]),
            Effect::Log(line) => self.hear(&["log:", &line]),
            Effect::Reply(reply, json) => self.replies.push((reply, json)),
            Effect::PrepareDelivery(settings) => self.endpoints.push(settings.endpoint.clone()),
            Effect::Deliver { response, .. } => self.delivered.push(*response),
            Effect::ReleaseDelivery(_) => self.hear(&["release"]),
            Effect::PermitDelivery(is_permitted) => {
                self.hear(&["permit", if is_permitted { "yes" } else { "no" }]);
            }
            Effect::ForgetDeliveries => self.hear(&["forget"]),
            Effect::StopDeliveries => self.hear(&["stop"]),
        }
    }

    fn hear(&mut self, words: &[&str]) {
        self.heard.push(words.join(" ").trim_end().to_owned());
    }

    /// The lines that begin so.
    pub(crate) fn heard(&self, beginning: &str) -> Vec<&str> {
        self.heard.iter().filter(|it| it.starts_with(beginning)).map(String::as_str).collect()
    }

    /// Another tab of the site writes this to the storage that tabs share.
    pub(crate) fn other_tab_writes(&mut self, record: Option<&str>) {
        let key = "sondeo.visitor";
        self.browser.set(StorageKind::Local, key, record);
        let value = record.map(str::to_owned);
        self.input(Input::StorageChanged { key: Some(key.to_owned()), value });
    }

    /// The visitor's record in the storage that tabs share.
    pub(crate) fn record(&self) -> String {
        use sondeo_session::Environment as _;
        self.browser.stored(StorageKind::Local, "sondeo.visitor").unwrap_or_default()
    }
}

/// Attributes without `data-`, and with `+` for a space: `survey=csat url=/a+/b`.
fn pairs(attributes: &str) -> Vec<(String, String)> {
    attributes
        .split_whitespace()
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (format!("data-{name}"), value.replace('+', " "))
        })
        .collect()
}

/// The address of the script: a site's own, where the attributes begin with `own-site`.
fn src(attributes: &str) -> String {
    let site = attributes.contains("own-site").then_some("https://surveys.example/sites/shop");
    [site.unwrap_or_default(), "/sondeo.js"].concat()
}

fn languages() -> Vec<String> {
    vec![String::new(), "en".to_owned()]
}
