use crate::{ElementKey, FileKey, Input, ReplyKey, ShowingKey, SurveyKey, SurveySettings};
use sondeo_model::{Language, MessageId, Push, Response, ResponseId, StorageKind, Survey, Trigger};
use std::rc::Rc;

/// Something that the driver does for a session. Effects are carried out in their order, none of them while the
/// session handles an input; what they bring about comes back as an [`Input`].
#[derive(Debug, Clone)]
pub enum Effect {
    /// Listen to a trigger until [`Effect::StopListening`]. Gives [`Input::TriggerFired`], also more than once.
    Listen {
        /// The survey that listens.
        survey: SurveyKey,
        /// The trigger's position among the survey's.
        position: usize,
        /// The trigger.
        trigger: Trigger,
        /// How long the visitor has to be here before leaving counts, in milliseconds.
        stay_ms: f64,
        /// Whether the trigger has fired on this page view already: it is to fire at once.
        has_fired: bool,
    },
    /// Listen whether half of the page is scrolled, likewise. Gives [`Input::ScrolledHalfway`].
    ListenHalfway(SurveyKey),
    /// End all listening of a survey.
    StopListening(SurveyKey),
    /// Start a timer, in place of the same one that runs. Gives [`Input::TimerFired`].
    StartTimer {
        /// Which.
        timer: Timer,
        /// After so many milliseconds.
        after_ms: u64,
    },
    /// Stop a timer, if it runs.
    StopTimer(Timer),
    /// Take a snapshot of the page's elements. Gives [`Input::Page`].
    Observe,
    /// Tell the session this, as if it had happened next.
    Post(Input),
    /// Fetch a survey file. Gives [`Input::FileArrived`].
    FetchFile {
        /// Which.
        file: FileKey,
        /// Its absolute address.
        url: String,
    },
    /// Fetch the texts of a language. Gives [`Input::MessagesArrived`].
    FetchMessages {
        /// Which.
        language: Language,
        /// The address.
        url: String,
    },
    /// Show a survey. Gives [`Input::Mounted`] or [`Input::MountRefused`], then [`Input::Revised`] and
    /// [`Input::Closed`].
    Show {
        /// The showing, which the driver keeps until [`Effect::Remove`].
        showing: ShowingKey,
        /// What is asked.
        survey: Rc<Survey>,
        /// Where.
        placement: Placement,
        /// Controls that are chosen before the visitor comes to them, by question.
        chosen: crate::Chosen,
    },
    /// Let a showing stand in another element, which has taken the place of the one that it stood in.
    Move(ShowingKey, ElementKey),
    /// Watch a showing until the visitor sees it. Gives [`Input::Seen`].
    WatchVisibility(ShowingKey, SeenWhen),
    /// Take a showing from the page.
    Remove(ShowingKey),
    /// Tell the visitor what became of the response.
    ShowDeliveryNotice(ShowingKey, MessageId),
    /// Store a value.
    Store {
        /// Where.
        storage: StorageKind,
        /// Under which key.
        key: &'static str,
        /// The value; `None` removes it.
        value: Option<String>,
    },
    /// Remove everything whose key begins with [`STORAGE_PREFIX`](crate::STORAGE_PREFIX), from every storage.
    ClearStorage,
    /// Dispatch an event from a showing's element, or from the document where that has left the page, and push it to
    /// tools of the page.
    Dispatch {
        /// The showing; `None` is the document.
        showing: Option<ShowingKey>,
        /// The event's name, with `sondeo:`.
        name: &'static str,
        /// The event's `detail`, as JSON.
        detail: String,
        /// The tools.
        push: Vec<Push>,
    },
    /// Lead the window to this absolute address.
    Navigate(String),
    /// A line on the console for the page's author.
    Warn(String),
    /// A line on the console for those who look for it.
    Log(String),
    /// Answer a call of `sondeo.explain` with this JSON.
    Reply(ReplyKey, String),
    /// Fetch what the delivery of this survey's responses needs.
    PrepareDelivery(Rc<SurveySettings>),
    /// Deliver a revision of a response. Gives [`Input::Delivery`].
    Deliver {
        /// The showing whose response it is.
        showing: ShowingKey,
        /// Where it goes, and how.
        settings: Rc<SurveySettings>,
        /// The revision.
        response: Box<Response>,
    },
    /// Deliver now what waited for further answers.
    ReleaseDelivery(ResponseId),
    /// Whether responses that earlier pages have left behind may be delivered.
    PermitDelivery(bool),
    /// Forget every response that is not delivered.
    ForgetDeliveries,
    /// Deliver nothing more of what is known here; what is stored belongs to another tab.
    StopDeliveries,
}

/// Which timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// The surveys that are ready get their turn.
    Display,
    /// The time between a survey's trigger and its showing; also, until a modal dialog of the page is looked for again.
    Delay(SurveyKey),
    /// A survey begins to run (`data-from`).
    Start(SurveyKey),
    /// An element that asks for a survey which the visitor has begun to answer has had the time to leave with its page
    /// view.
    PageView(SurveyKey),
    /// The visitor is led to where the end of a showing's survey leads.
    Redirect(ShowingKey),
    /// Calls of `explain` are answered that came before every survey was known.
    Explain,
    /// Files that did not come are asked for again.
    LostFiles,
}

/// Where a survey stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Above the page.
    Floating,
    /// Inside an element of the page.
    Inside(ElementKey),
}

/// When a showing counts as seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenWhen {
    /// When half of it is in view.
    InView,
    /// When the visitor opens what is behind its tab.
    Opened,
}
