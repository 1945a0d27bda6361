use sondeo_model::{Answer, Language, Redirect};

/// An element that the driver knows, for as long as the element stays on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementKey(pub u32);

/// A script tag of the loader, as long as the page lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptKey(pub u32);

/// One survey of the page, as long as the page lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurveyKey(pub(crate) u32);

/// One showing of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShowingKey(pub(crate) u32);

/// A survey file that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKey(pub(crate) u32);

/// A function of the page that waits for the answer of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyKey(pub u32);

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Input {
    /// A script tag of the loader, as it is now.
    Script(ScriptSnapshot),
    /// The page, as it is now.
    Page(PageSnapshot),
    /// A call of the page.
    Command(Command),
    /// A trigger of a survey fired, by its position among the survey's triggers.
    TriggerFired {
        /// The survey that listens.
        survey: SurveyKey,
        /// The position in [`SurveySettings::triggers`](crate::SurveySettings::triggers).
        trigger: usize,
        /// Of an event that is heard now, what the page says with it.
        properties: Option<Properties>,
    },
    /// Half of the page is scrolled, after [`Effect::ListenHalfway`](crate::Effect::ListenHalfway).
    ScrolledHalfway(SurveyKey),
    /// A timer is over that was started and not stopped since.
    TimerFired(crate::Timer),
    /// A survey file came, or did not.
    FileArrived {
        /// The file.
        file: FileKey,
        /// Its text; `None` where it did not come.
        text: Option<String>,
    },
    /// The texts of a language came, or did not.
    MessagesArrived {
        /// The language.
        language: Language,
        /// The file; `None` where it did not come.
        text: Option<String>,
    },
    /// A survey stands on the page.
    Mounted(ShowingKey),
    /// The page lets no survey be put there.
    MountRefused(ShowingKey),
    /// The visitor sees what is shown, after [`Effect::WatchVisibility`](crate::Effect::WatchVisibility).
    Seen(ShowingKey),
    /// The visitor has begun to answer: what is typed or chosen is not known yet.
    Touched(ShowingKey),
    /// An answer was given, or the end was reached.
    Revised {
        /// The showing.
        showing: ShowingKey,
        /// All answers so far.
        answers: Vec<Answer>,
        /// Whether the survey is at its end.
        is_completed: bool,
        /// Where this end leads the visitor.
        redirect: Option<Redirect>,
    },
    /// A showing may be taken away: closed by the visitor, or done with thanking.
    Closed(ShowingKey),
    /// What became of a response.
    Delivery {
        /// The showing whose response it is.
        showing: ShowingKey,
        /// What became of it.
        status: DeliveryStatus,
    },
    /// Another tab has written to the storage that all tabs share.
    StorageChanged {
        /// The key; `None` where everything is gone.
        key: Option<String>,
        /// The value now.
        value: Option<String>,
    },
    /// The page goes out of sight.
    Hidden,
    /// There are words by now for what is wrong with the page's attributes.
    Problems,
}

/// What a page says with an event: names and texts, those of inner objects with dots between (`items.0.price`).
pub type Properties = Vec<(String, String)>;

/// A call of the page, or of the loader on the page's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `sondeo.track(event, properties?)`
    Track(String, Properties),
    /// A trigger that the loader has heard, as authors write it. Of an event, what the page says with it.
    Happened(String, Properties),
    /// Another page view of the same document may have begun.
    PageView {
        /// Whether the browser has brought the page back from its cache, which is a page view in any case.
        is_restored: bool,
    },
    /// `sondeo.show(id)`
    Show(String),
    /// `sondeo.add(survey | surveys)`: a survey file as JSON.
    Add(String),
    /// A site of a collector.
    Site {
        /// Its address, or that of its own script.
        url: String,
        /// Its plan as JSON, where the site's script has brought it along.
        plan: Option<String>,
    },
    /// `sondeo.hide(id?)`
    Hide(Option<String>),
    /// What the addresses of the engine's further files begin with.
    SetAssetBase(String),
    /// `sondeo.identify(user, custom?)`
    Identify {
        /// The user.
        user: Option<String>,
        /// Further properties, by name.
        custom: Vec<(String, String)>,
    },
    /// `sondeo.consent(granted)`
    Consent(bool),
    /// `sondeo.reset()`
    Reset,
    /// `sondeo.explain(id)`
    Explain {
        /// The id of the survey.
        id: String,
        /// The function that takes the answer.
        reply: ReplyKey,
    },
    /// A call that cannot be obeyed.
    Invalid {
        /// The name of the call.
        name: String,
        /// What is wrong with the call.
        problem: InvalidCall,
    },
}

/// Why a call of the page cannot be obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidCall {
    /// The call lacks `true` or `false`.
    NeedsBoolean,
    /// The call lacks the name of what it is about.
    NeedsName,
    /// The call lacks an object of a survey file.
    NeedsSurvey,
    /// This version does not know the call.
    Unknown,
}

/// What asks for surveys on the page at one moment, and what has become of those that are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSnapshot {
    /// The script tags of the loader that stand in the document.
    pub scripts: Vec<ScriptSnapshot>,
    /// The elements with `data-sondeo` that stand in the document or in an open shadow root of it.
    pub elements: Vec<ElementSnapshot>,
    /// The showings that the page has taken away for good, while what asks for them stands.
    pub removed: Vec<ShowingKey>,
}

/// A script tag as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptSnapshot {
    /// Which script tag.
    pub key: ScriptKey,
    /// Its `src`, as it stands there.
    pub src: String,
    /// Its `data-*` attributes: names with `data-`, and values.
    pub attributes: Vec<(String, String)>,
    /// The page's language there, then the browser's; the first that is not empty decides.
    pub languages: Vec<String>,
}

/// An element with `data-sondeo` as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementSnapshot {
    /// Which element.
    pub key: ElementKey,
    /// Its `data-*` attributes: names with `data-`, and values.
    pub attributes: Vec<(String, String)>,
    /// The page's language there, then the browser's; the first that is not empty decides.
    pub languages: Vec<String>,
}

/// What became of a response, as the delivery tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// The endpoint has it, as far as it says so.
    Delivered,
    /// Not yet delivered; it will be tried again.
    Waiting {
        /// Whether it outlives the page until then.
        is_kept: bool,
    },
    /// Something is wrong that somebody has to see to.
    Failed {
        /// The reason, in the words of `sondeo:failed`.
        reason: &'static str,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
        /// Whether it outlives the page until that is mended, and will be tried again then.
        is_retried: bool,
    },
}
