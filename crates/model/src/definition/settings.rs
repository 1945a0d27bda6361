//! Whom to ask, how often, and where the answers go: every key of a survey beside its questions.

use super::Definition;
use super::field::{ALWAYS, FieldSpec, FieldType, FieldValue, NEVER, is_date};
use super::reader::{PAIR, Reader, is_text};
use crate::keyword::keyword_enum;
use crate::limits::LONGEST_NAME;
use crate::targeting::is_pattern;
use crate::{Appearance, DAY_MS, Device, Display, Duration, Language, Position, Theme, Trigger};

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
    /// How often it may be shown without an answer.
    pub max_shows: u32,
    /// A date or date-time before which it does not run.
    pub from: Option<String>,
    /// A date or date-time after which it does not run.
    pub until: Option<String>,
    /// Of several that are due at once, the highest is shown.
    pub priority: i32,
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

pub(super) const VISITORS: &[&str] = &["off", "on"];
pub(super) const CONSENTS: &[&str] = &["granted", "required"];
pub(super) const PRIVACY_SIGNALS: &[&str] = &["respect", "ignore"];
pub(super) const MASKS: &[&str] = &["card", "email", "phone", "none"];

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
        self.format.or_else(|| crate::preset::recognise(endpoint)).unwrap_or(RequestFormat::Json)
    }
}

/// Every key of a survey that an attribute may stand for, but those of texts, with its form.
pub(super) const TABLE: &[(&str, FieldSpec)] = &[
    ("endpoint", FieldSpec::text("an address", &["https://example.com/responses"], something)),
    ("trigger", list("a trigger", Trigger::KEYWORDS, |word| Trigger::parse(word).is_some())),
    ("delay", FieldSpec::TIME),
    ("url", list("a pattern of pages", &["/checkout/**"], is_pattern)),
    ("device", list("a device", Device::KEYWORDS, |word| Device::KEYWORDS.contains(&word))),
    ("sample", FieldSpec { what: "a share", examples: &["25%"], shape: FieldType::Share }),
    ("recontact", again(&["90d"])),
    ("snooze", again(&["14d"])),
    ("quiet", FieldSpec::TIME),
    ("max_shows", FieldSpec::integer(0, 1_000_000)),
    ("from", DATE),
    ("until", DATE),
    ("priority", FieldSpec::integer(i32::MIN, i32::MAX)),
    ("display", FieldSpec::word("a display", Display::KEYWORDS)),
    ("position", FieldSpec::word("a position", Position::KEYWORDS)),
    ("theme", FieldSpec::word("a theme", Theme::KEYWORDS)),
    // What the browser makes of these, only the browser knows.
    ("accent", FieldSpec::text("a CSS colour", &["#0b7a75"], something)),
    ("radius", FieldSpec::text("a CSS length", &["12px"], something)),
    ("font", FieldSpec::text("a CSS font-family", &["Georgia, serif"], something)),
    ("lang", FieldSpec::text("a language tag", &["es-MX"], Language::is_tag)),
    ("format", FieldSpec::word("a format of requests", RequestFormat::KEYWORDS)),
    ("headers", pairs("a header of HTTP", is_header)),
    ("fields", pairs(PAIR, |_, _| true)),
    ("report", FieldSpec::word("a report", Report::KEYWORDS)),
    (
        "push",
        list("a tool that events can be pushed to", Push::KEYWORDS, |word| {
            Push::KEYWORDS.contains(&word)
        }),
    ),
    ("user", USER),
    ("custom", pairs(PAIR, |_, _| true)),
    ("visitor", FieldSpec::word("\"on\" or \"off\"", VISITORS)),
    ("mask", list("something to mask", MASKS, |word| MASKS.contains(&word))),
    ("confirm", FieldSpec::word("a way to confirm", Confirm::KEYWORDS)),
    ("debug", FieldSpec::FLAG),
    ("preview", FieldSpec::FLAG),
    ("storage", FieldSpec::word("a storage", StorageKind::KEYWORDS)),
    ("consent", FieldSpec::word("a consent", CONSENTS)),
    ("privacy_signal", FieldSpec::word("\"respect\" or \"ignore\"", PRIVACY_SIGNALS)),
];

const DATE: FieldSpec =
    FieldSpec::text("a date or date-time", &["2026-12-01", "2026-12-01T09:00:00Z"], is_date);

const USER: FieldSpec = FieldSpec {
    what: "a text of at most 256 characters",
    examples: &[],
    // Empty is a placeholder that was not filled.
    shape: FieldType::Free(|text| is_text(text, LONGEST_NAME)),
};

const fn list(
    what: &'static str,
    examples: &'static [&'static str],
    is_usable: fn(&str) -> bool,
) -> FieldSpec {
    FieldSpec { what, examples, shape: FieldType::List(is_usable) }
}

const fn pairs(what: &'static str, is_usable: fn(&str, &str) -> bool) -> FieldSpec {
    FieldSpec { what, examples: &[], shape: FieldType::Pairs(is_usable) }
}

const fn again(examples: &'static [&'static str]) -> FieldSpec {
    FieldSpec { what: "a time, \"always\" or \"never\"", examples, shape: FieldType::Cooldown }
}

/// A text that says something.
fn something(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether browsers take it: they throw at anything else, and no answer would ever leave.
fn is_header(name: &str, value: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    name.bytes().all(is_token)
        && value
            .chars()
            .all(|character| matches!(character, '\t' | ' '..='~' | '\u{80}'..='\u{ff}'))
}

/// The values of all keys of [`TABLE`], in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings(Vec<FieldValue>);

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        Self(TABLE.iter().map(|(key, form)| reader.setting(key, form)).collect())
    }

    fn get(&self, key: &str) -> &FieldValue {
        let at = TABLE.iter().position(|(known, _)| *known == key);
        at.and_then(|at| self.0.get(at)).unwrap_or(&FieldValue::Absent)
    }

    /// The place of a word in its list; the first where there is none.
    fn place(&self, key: &str) -> usize {
        self.get(key).or(0) as usize
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).text().map(str::to_owned)
    }

    fn time(&self, key: &str, usual: i64) -> Duration {
        Duration::from_millis(self.get(key).or(usual).unsigned_abs())
    }

    fn again(&self, key: &str, usual: i64) -> Cooldown {
        match self.get(key).or(usual) {
            ALWAYS => Cooldown::Always,
            NEVER => Cooldown::Never,
            milliseconds => Cooldown::After(Duration::from_millis(milliseconds.unsigned_abs())),
        }
    }
}

/// What the keys mean.
impl Definition {
    /// The language that its author wants, as a tag.
    #[must_use]
    pub fn lang(&self) -> Option<&str> {
        self.settings.get("lang").text()
    }

    /// Any one of them makes it due.
    #[must_use]
    pub fn triggers(&self) -> Vec<Trigger> {
        let words = self.settings.get("trigger").list();
        let triggers: Vec<_> = words.iter().filter_map(|word| Trigger::parse(word)).collect();
        if triggers.is_empty() { vec![Trigger::Load] } else { triggers }
    }

    /// The time between trigger and showing.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.settings.time("delay", 0)
    }

    /// Where the answers go, as the author wrote it; relative addresses resolve against the page.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.settings.get("endpoint").text()
    }

    /// How it stands, where its author says so.
    #[must_use]
    pub fn display(&self) -> Option<Display> {
        Display::ALL.get(self.settings.get("display").or(-1) as usize).copied()
    }

    /// How it looks, and where it stands.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        Appearance {
            display: self.display().unwrap_or(Display::Popover),
            position: Position::ALL[self.settings.place("position")],
            theme: Theme::ALL[self.settings.place("theme")],
            accent: self.settings.text("accent"),
            radius: self.settings.text("radius"),
            font: self.settings.text("font"),
        }
    }

    /// Whether nothing happens before the visitor consents.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.settings.place("consent") == 1
    }

    /// Passed through in the response.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.settings.get("user").text()
    }

    /// Passed through in the response.
    #[must_use]
    pub fn custom(&self) -> &[(String, String)] {
        self.settings.get("custom").pairs()
    }

    /// Whether each decision is a line on the console.
    #[must_use]
    pub fn debug(&self) -> bool {
        self.settings.place("debug") == 1
    }

    /// Whether nothing is stored or sent.
    #[must_use]
    pub fn preview(&self) -> bool {
        self.settings.place("preview") == 1
    }

    /// Who may be asked.
    #[must_use]
    pub fn targeting(&self) -> Targeting {
        let settings = &self.settings;
        Targeting {
            url: settings.get("url").list().to_vec(),
            devices: words(settings.get("device"), Device::parse),
            sample: settings.get("sample").or(1_000_000) as u32,
            recontact: settings.again("recontact", 90 * DAY_MS),
            snooze: settings.again("snooze", 14 * DAY_MS),
            quiet: settings.time("quiet", DAY_MS),
            max_shows: settings.get("max_shows").or(3) as u32,
            from: settings.text("from"),
            until: settings.text("until"),
            priority: settings.get("priority").or(0) as i32,
        }
    }

    /// Where the answers go.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        let settings = &self.settings;
        let mask = match settings.get("mask") {
            FieldValue::Absent => vec![Mask::Card],
            mask => words(mask, Mask::parse),
        };
        Delivery {
            format: RequestFormat::ALL.get(settings.get("format").or(-1) as usize).copied(),
            headers: settings.get("headers").pairs().to_vec(),
            fields: settings.get("fields").pairs().to_vec(),
            report: Report::ALL[settings.place("report")],
            push: words(settings.get("push"), Push::parse),
            mask,
            confirm: Confirm::ALL[settings.place("confirm")],
            visitor: settings.place("visitor") == 1,
            storage: StorageKind::ALL[settings.place("storage")],
            respects_signals: settings.place("privacy_signal") == 0,
        }
    }
}

fn words<T>(setting: &FieldValue, parse: fn(&str) -> Option<T>) -> Vec<T> {
    setting.list().iter().filter_map(|word| parse(word)).collect()
}
