use crate::context::Context;
use crate::identity::Identity;
use crate::messages::MessageFiles;
use crate::page::PendingFile;
use crate::response::ActiveResponse;
use crate::rest::Unexplained;
use crate::sites::Site;
use crate::storage_key::VISITOR;
use crate::survey::{PageSurvey, find, find_mut};
use crate::visitor::{PageEvent, Visitor};
use crate::{
    Effect, ElementSnapshot, Environment, Input, Link, ReplyKey, ScriptSnapshot, ShowingKey,
    SurveyFile, SurveyKey, Timer,
};
use sondeo_model::Trigger;

/// The surveys of one page, as long as the page lives.
pub struct Session {
    /// The version of the widget, as responses carry it.
    pub(crate) widget: &'static str,
    pub(crate) surveys: Vec<PageSurvey>,
    pub(crate) responses: Vec<ActiveResponse>,
    pub(crate) visitor: Visitor,
    pub(crate) messages: MessageFiles,
    /// The script tags of the page, as they were read last. Elements inherit from the first that says anything.
    pub(crate) scripts: Vec<ScriptSnapshot>,
    /// The elements of the page that ask for surveys, as they were read last.
    pub(crate) elements: Vec<ElementSnapshot>,
    /// The surveys of the page's files.
    pub(crate) files: Vec<SurveyFile>,
    /// The sites of collectors that the page has named; one that has left may come back.
    pub(crate) sites: Vec<Site>,
    /// The files that are on their way.
    pub(crate) pending_files: Vec<PendingFile>,
    /// Those that did not come, and are asked for again.
    pub(crate) lost_files: Vec<PendingFile>,
    /// Calls of `show` that came before every survey was known.
    pub(crate) pending_shows: Vec<String>,
    /// Calls of `explain` that came before every survey was known.
    pub(crate) pending_explains: Vec<(String, ReplyKey)>,
    /// What a link asks for, until the survey is there.
    pub(crate) link: Option<Link>,
    /// Problems already on the console; each is said once.
    pub(crate) warned: Vec<String>,
    /// What has problems for which there are no words yet.
    pub(crate) unexplained: Vec<Unexplained>,
    /// The triggers of the page's own that fired on this page view: a survey may be asked for after its event.
    pub(crate) fired_triggers: Vec<Trigger>,
    /// What the page said with the last event of each name; the oldest name comes first.
    pub(crate) events: Vec<PageEvent>,
    /// Elements that have left the page, and may come back with what stands in them; the first left first.
    pub(crate) parked: Vec<ElementSnapshot>,
    /// The page that this page view is of: its address without query and fragment; empty until the page's surveys are
    /// known.
    pub(crate) address: String,
    /// The surveys that count as shown on this page view, and whose element has left since, each as often as that. The
    /// next element that asks for one of them is that element mounted again.
    pub(crate) vacated: Vec<String>,
    /// Whether the surveys that the page began with are known. An element that comes later was not there for what
    /// happened before.
    pub(crate) is_settled: bool,
    /// Whether responses that earlier pages have left behind may be delivered.
    pub(crate) is_delivery_permitted: bool,
    /// The next key of a survey, a showing or a file.
    next_key: u32,
}

impl Session {
    /// The session of a page whose first page view begins now. `widget` is the version that responses carry, `link`
    /// what the page's address asks for.
    #[must_use]
    pub fn new(widget: &'static str, link: Option<Link>, environment: &dyn Environment) -> Self {
        Self {
            widget,
            surveys: Vec::new(),
            responses: Vec::new(),
            visitor: Visitor::new(environment.now().as_millis()),
            messages: MessageFiles::default(),
            scripts: Vec::new(),
            elements: Vec::new(),
            vacated: Vec::new(),
            parked: Vec::new(),
            files: Vec::new(),
            sites: Vec::new(),
            pending_files: Vec::new(),
            lost_files: Vec::new(),
            pending_shows: Vec::new(),
            pending_explains: Vec::new(),
            link,
            warned: Vec::new(),
            unexplained: Vec::new(),
            fired_triggers: Vec::new(),
            events: Vec::new(),
            address: String::new(),
            is_settled: false,
            is_delivery_permitted: false,
            next_key: 0,
        }
    }

    /// Takes in what happened, and returns what is to be done.
    pub fn handle(&mut self, input: Input, environment: &dyn Environment) -> Vec<Effect> {
        let mut context = Context::new(environment);
        let cx = &mut context;
        match input {
            Input::Script(script) => self.add_script(script, cx),
            Input::Page(snapshot) => self.follow_page(&snapshot, cx),
            Input::Command(command) => self.handle_command(command, cx),
            Input::TriggerFired { survey, trigger, properties } => {
                self.trigger_fired(survey, trigger, properties, cx);
            }
            Input::ScrolledHalfway(survey) => self.end_delay(survey, cx),
            Input::TimerFired(timer) => match timer {
                Timer::Display => self.display_next(cx),
                Timer::Delay(survey) => self.end_delay(survey, cx),
                Timer::Start(survey) => self.start_running(survey, cx),
                Timer::PageView(survey) => self.rest_begin_anew(survey, cx),
                Timer::Redirect(showing) => self.rest_redirect(showing, cx),
                Timer::Explain => self.rest_answer_explains(cx),
                Timer::LostFiles => self.rest_fetch_lost(cx),
            },
            Input::FileArrived { file, text } => self.rest_file_arrived(file, text, cx),
            Input::MessagesArrived { language, text } => self.messages_arrived(language, text, cx),
            Input::Mounted(showing) => self.mounted(showing, cx),
            Input::MountRefused(showing) => self.mount_refused(showing, cx),
            Input::Seen(showing) => self.seen(showing, cx),
            Input::Touched(showing) => {
                if let Some(survey) = self.shown_as(showing) {
                    survey.is_touched = true;
                }
            }
            Input::Revised { showing, answers, is_completed, redirect } => {
                self.revise(showing, answers, is_completed, cx);
                self.plan_redirect(showing, redirect, cx);
            }
            Input::Closed(showing) => self.close(showing, cx),
            Input::Delivery { showing, status } => self.delivery_status(showing, status, cx),
            Input::StorageChanged { key: Some(key), value } if key == VISITOR => match value {
                Some(value) => self.record_changed(&value, cx),
                None => self.record_removed(cx),
            },
            // A page that clears its whole storage names no key.
            Input::StorageChanged { key: None, .. } => self.visitor.forget_written(),
            // What other keys hold says nothing of the visitor.
            Input::StorageChanged { .. } => {}
            Input::Hidden => self.note_sleep(cx),
            Input::Problems => self.rest_say_problems(cx),
        }
        context.finish()
    }

    pub(crate) fn next_key(&mut self) -> u32 {
        self.next_key += 1;
        self.next_key
    }

    pub(crate) fn find(&self, key: SurveyKey) -> Option<&PageSurvey> {
        find(&self.surveys, key)
    }

    pub(crate) fn find_mut(&mut self, key: SurveyKey) -> Option<&mut PageSurvey> {
        find_mut(&mut self.surveys, key)
    }

    #[inline(never)]
    pub(crate) fn shown_as(&mut self, showing: ShowingKey) -> Option<&mut PageSurvey> {
        self.surveys.iter_mut().find(|survey| survey.showing() == Some(showing))
    }

    #[inline(never)]
    pub(crate) fn keys(&self) -> Vec<SurveyKey> {
        self.surveys.iter().map(|survey| survey.key).collect()
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.visitor.identity
    }

    /// A line on the console, once.
    pub(crate) fn warn_once(&mut self, problem: String, cx: &mut Context<'_>) {
        if !self.warned.contains(&problem) {
            self.warned.push(problem.clone());
            cx.push(Effect::Warn(problem));
        }
    }
}
