//! Whom to ask, how often, and where the answers go: every key of a survey beside its questions.

use super::Definition;
use super::field::{FieldSpec, FieldType, FieldValue};
use super::key::Key;
use super::reader::Reader;
use crate::keyword::keyword_enum;
use crate::template::Behaviour;
use crate::{Appearance, Device, Display, Duration, Position, Template, Theme, Trigger};

/// Who may be asked, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targeting {
    /// Globs of pages; `!` excludes. Empty is every page.
    pub url: Vec<String>,
    /// Devices; empty is every one.
    pub devices: Vec<Device>,
    /// The share of visitors ever asked, in millionths.
    pub sample: u32,
    /// When a visitor who answered is asked again.
    pub recontact: Cooldown,
    /// When a visitor who dismissed it is asked again.
    pub snooze: Cooldown,
    /// The time after any survey was seen before this one may open by itself.
    pub quiet: Duration,
    /// What `recontact`, `snooze` and `max_shows` count for.
    pub per: Per,
    /// How often it may be shown without an answer.
    pub max_shows: u32,
    /// A date or date-time before which it does not run.
    pub from: Option<String>,
    /// A date or date-time after which it does not run.
    pub until: Option<String>,
    /// Conditions that must all hold; each is a [`WhenClause`](crate::targeting::WhenClause).
    pub when: Vec<String>,
    /// Of several that are due at once, the highest is shown.
    pub priority: i32,
}

impl Targeting {
    /// What the visitor's record calls this survey on the page at `url`: an address without query and fragment. Per
    /// page, each page of the site has its own.
    #[must_use]
    pub fn record_name(&self, survey: &str, url: &str) -> String {
        match self.per {
            Per::Visitor => survey.to_owned(),
            // A number is shorter than an address, and tells nobody where the visitor was.
            Per::Page => {
                let page = crate::targeting::sample_bucket(0, url);
                [survey, "/", &crate::format_int(page.into())].concat()
            }
        }
    }
}

keyword_enum! {
    /// What is counted together of whom was asked.
    Per {
        /// All pages of the site.
        Visitor = "visitor",
        /// Each page, by its address without query and fragment.
        Page = "page",
    }
}

/// When a visitor is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cooldown {
    /// At every occasion.
    Always,
    /// Not at all.
    Never,
    /// Once this time is over.
    After(Duration),
}

impl Cooldown {
    /// Reads `always`, `never` or a length of time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "always" => Self::Always,
            "never" => Self::Never,
            _ => Self::After(Duration::parse(text)?),
        })
    }
}

keyword_enum! {
    /// Which states of a response are sent.
    Report {
        /// Those that hold an answer.
        Answers = "answers",
        /// Also that it was shown or dismissed, for response rates.
        All = "all",
    }
}

keyword_enum! {
    /// Where the visitor's record is kept.
    StorageKind {
        /// As long as the browser keeps it.
        Local = "local",
        /// As long as the tab is open.
        Session = "session",
        /// Nowhere.
        None = "none",
    }
}

keyword_enum! {
    /// What acknowledges a response.
    Confirm {
        /// Any status that says success.
        Status = "status",
        /// The response's id in the answer.
        Id = "id",
    }
}

keyword_enum! {
    /// What is blanked in free text before it leaves the page.
    Mask {
        /// E-mail addresses.
        Email = "email",
        /// Telephone numbers.
        Phone = "phone",
        /// Card numbers.
        Card = "card",
    }
}

keyword_enum! {
    /// A tool on the page that events are pushed to as well.
    Push {
        /// `window.dataLayer`
        DataLayer = "datalayer",
        /// Google's tag.
        Gtag = "gtag",
        /// PostHog.
        Posthog = "posthog",
        /// Segment.
        Segment = "segment",
        /// Adobe.
        Adobe = "adobe",
    }
}

keyword_enum! {
    /// How an endpoint wants a response.
    RequestFormat {
        /// JSON.
        Json = "json",
        /// The same as plain text, which needs no preflight.
        Text = "text",
        /// One field for each answer.
        Form = "form",
        /// A form of Google's.
        GoogleForms = "google-forms",
        /// A web app of Google's Apps Script.
        AppsScript = "apps-script",
        /// A form of HubSpot's.
        Hubspot = "hubspot",
        /// A request for Zendesk's agents.
        Zendesk = "zendesk",
        /// Salesforce's Web-to-Case.
        Salesforce = "salesforce",
        /// A webhook of Zapier's.
        Zapier = "zapier",
        /// A webhook of Make's.
        Make = "make",
        /// A webhook of n8n's.
        N8n = "n8n",
        /// A form of Formspree's.
        Formspree = "formspree",
        /// A form of Basin's.
        Basin = "basin",
        /// A form of Web3Forms'.
        Web3forms = "web3forms",
        /// A form of the site's own, hosted by Netlify.
        Netlify = "netlify",
        /// A table of Supabase's.
        Supabase = "supabase",
        /// A table of Baserow's.
        Baserow = "baserow",
        /// PostHog's survey events.
        Posthog = "posthog",
        /// A source of Segment's.
        Segment = "segment",
        /// Refused: its address is a secret.
        Slack = "slack",
        /// Refused: its address is a secret.
        Discord = "discord",
        /// Refused: its address is a secret.
        Teams = "teams",
    }
}

/// Where a response goes, and what it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How the endpoint wants it, where the author says so.
    pub format: Option<RequestFormat>,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// By question, the names that the endpoint expects.
    pub fields: Vec<(String, String)>,
    /// Which states are sent.
    pub report: Report,
    /// Tools on the page that hear of each event.
    pub push: Vec<Push>,
    /// What is blanked in free text.
    pub mask: Vec<Mask>,
    /// What acknowledges a response.
    pub confirm: Confirm,
    /// Whether a random id of the visitor is sent.
    pub visitor: bool,
    /// Where the visitor's record is kept.
    pub storage: StorageKind,
    /// Whether a privacy signal of the browser counts.
    pub respects_signals: bool,
}

impl Delivery {
    /// How this endpoint wants a response: as the author says, or as the service is known to want it.
    #[must_use]
    pub fn format(&self, endpoint: &str) -> RequestFormat {
        self.format.or_else(|| crate::recognise(endpoint)).unwrap_or(RequestFormat::Json)
    }
}

/// What the keys of a survey mean, beside its questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    triggers: Vec<Trigger>,
    delay: Duration,
    /// Whether the delay is the template's, and no word of the author's is in the way of it.
    is_templates_delay: bool,
    /// Whether the triggers are the author's.
    is_own_trigger: bool,
    endpoint: Option<String>,
    lang: Option<String>,
    user: Option<String>,
    custom: Vec<(String, String)>,
    /// How it stands, where its author says so.
    display: Option<Display>,
    appearance: Appearance,
    needs_consent: bool,
    debug: bool,
    preview: bool,
    targeting: Targeting,
    delivery: Delivery,
}

/// The values of all keys that have no reader of their own, in the order of [`Key`].
struct Values(Vec<FieldValue>);

impl Values {
    /// What the author says.
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let read = |(name, spec): (&str, &FieldSpec)| match spec.shape {
            FieldType::Structure | FieldType::Localized => FieldValue::Absent,
            _ if spec.is_only_in_json => FieldValue::Absent,
            _ => reader.setting(name, spec),
        };
        Self(Key::all().map(read).collect())
    }

    fn has(&self, key: Key) -> bool {
        self.0.get(key as usize).is_some_and(|value| *value != FieldValue::Absent)
    }

    /// Lets this stand where the author says nothing.
    fn fall_back(&mut self, key: Key, usual: &str) {
        if !self.has(key)
            && let Some(value) = self.0.get_mut(key as usize)
        {
            *value = key.spec().usual(usual);
        }
    }

    /// The value of the key, which stands once.
    fn take(&mut self, key: Key) -> FieldValue {
        self.fall_back(key, key.spec().default);
        self.0.get_mut(key as usize).map(std::mem::take).unwrap_or_default()
    }

    /// The place of a word in its list; the first where there is none.
    fn place(&mut self, key: Key) -> usize {
        self.take(key).or(0) as usize
    }

    fn words<T>(&mut self, key: Key, parse: fn(&str) -> Option<T>) -> Vec<T> {
        self.take(key).into_list().iter().filter_map(|word| parse(word)).collect()
    }

    fn text(&mut self, key: Key) -> Option<String> {
        self.take(key).into_text()
    }
}

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_, '_>, template: Option<Template>) -> Self {
        let mut values = Values::read(reader);
        let is_own_trigger = values.has(Key::Trigger);
        let mut is_templates_delay = false;
        for (key, value) in template.map_or(&[][..], Template::settings) {
            // A template's delay belongs to its own trigger, and goes with it.
            if *key == Key::Delay {
                is_templates_delay = !is_own_trigger && !values.has(Key::Delay);
                if is_own_trigger {
                    continue;
                }
            }
            values.fall_back(*key, value);
        }
        let display = Display::ALL.get(values.take(Key::Display).or(-1) as usize).copied();
        Self {
            triggers: values.words(Key::Trigger, Trigger::parse),
            delay: values.take(Key::Delay).time(),
            is_templates_delay,
            is_own_trigger,
            endpoint: values.text(Key::Endpoint),
            lang: values.text(Key::Lang),
            user: values.text(Key::User),
            custom: values.take(Key::Custom).into_pairs(),
            display,
            appearance: Appearance {
                display: display.unwrap_or(Display::Popover),
                position: Position::ALL[values.place(Key::Position)],
                theme: Theme::ALL[values.place(Key::Theme)],
                accent: values.text(Key::Accent),
                radius: values.text(Key::Radius),
                font: values.text(Key::Font),
            },
            needs_consent: values.place(Key::Consent) == 1,
            debug: values.place(Key::Debug) == 1,
            preview: values.place(Key::Preview) == 1,
            targeting: Targeting {
                url: values.take(Key::Url).into_list(),
                devices: values.words(Key::Device, Device::parse),
                sample: values.place(Key::Sample) as u32,
                recontact: values.take(Key::Recontact).cooldown(),
                snooze: values.take(Key::Snooze).cooldown(),
                quiet: values.take(Key::Quiet).time(),
                per: Per::ALL[values.place(Key::Per)],
                max_shows: values.place(Key::MaxShows) as u32,
                from: values.text(Key::From),
                until: values.text(Key::Until),
                when: values.take(Key::When).into_list(),
                priority: values.take(Key::Priority).or(0) as i32,
            },
            delivery: Delivery {
                format: RequestFormat::ALL.get(values.take(Key::Format).or(-1) as usize).copied(),
                headers: values.take(Key::Headers).into_pairs(),
                fields: values.take(Key::Fields).into_pairs(),
                report: Report::ALL[values.place(Key::Report)],
                push: values.words(Key::Push, Push::parse),
                mask: values.words(Key::Mask, Mask::parse),
                confirm: Confirm::ALL[values.place(Key::Confirm)],
                visitor: values.place(Key::Visitor) == 1,
                storage: StorageKind::ALL[values.place(Key::Storage)],
                respects_signals: values.place(Key::PrivacySignal) == 0,
            },
        }
    }
}

/// What the keys mean.
impl Definition {
    /// The language that its author wants, as a tag.
    #[must_use]
    pub fn lang(&self) -> Option<&str> {
        self.settings.lang.as_deref()
    }

    /// Any one of them makes it due.
    #[must_use]
    pub fn triggers(&self) -> Vec<Trigger> {
        self.settings.triggers.clone()
    }

    /// The triggers of a survey that stands in an element of the page: its template may have one of its own for that,
    /// for authors who name none.
    #[must_use]
    pub fn triggers_in_element(&self) -> Vec<Trigger> {
        let own = self.behaviour().and_then(|behaviour| behaviour.trigger_in_element.clone());
        match own {
            Some(trigger) if !self.settings.is_own_trigger => vec![trigger],
            _ => self.triggers(),
        }
    }

    /// The time between trigger and showing.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.settings.delay
    }

    /// How far a visitor has to scroll for the delay to be over at once, in per cent of the page, where the template
    /// says so and the delay is its own.
    #[must_use]
    pub fn delay_ends_at_scroll(&self) -> Option<u8> {
        self.behaviour().filter(|_| self.settings.is_templates_delay)?.delay_ends_at_scroll
    }

    /// How long a visitor has to be on the page before leaving it counts.
    #[must_use]
    pub fn shortest_stay(&self) -> Duration {
        self.behaviour().map_or(Duration::default(), |behaviour| behaviour.shortest_stay)
    }

    fn behaviour(&self) -> Option<&'static Behaviour> {
        self.template.map(Template::behaviour)
    }

    /// Where the answers go, as the author wrote it; relative addresses resolve against the page.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.settings.endpoint.as_deref()
    }

    /// How it stands, where its author says so.
    #[must_use]
    pub fn display(&self) -> Option<Display> {
        self.settings.display
    }

    /// How it looks, and where it stands.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        self.settings.appearance.clone()
    }

    /// Whether nothing happens before the visitor consents.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.settings.needs_consent
    }

    /// Passed through in the response.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.settings.user.as_deref()
    }

    /// Passed through in the response.
    #[must_use]
    pub fn custom(&self) -> &[(String, String)] {
        &self.settings.custom
    }

    /// Whether each decision is a line on the console.
    #[must_use]
    pub fn debug(&self) -> bool {
        self.settings.debug
    }

    /// Whether nothing is stored or sent.
    #[must_use]
    pub fn preview(&self) -> bool {
        self.settings.preview
    }

    /// Who may be asked.
    #[must_use]
    pub fn targeting(&self) -> Targeting {
        self.settings.targeting.clone()
    }

    /// Where the answers go.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.settings.delivery.clone()
    }
}
