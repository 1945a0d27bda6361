//! Every key of a survey, written once.
//!
//! The readers of attributes and of JSON, the schema, the tables of the documentation and the values that tests try
//! all come from this table. A key is an index, so no key is looked up by its name after reading.

use super::field::FieldSpec;
use super::reader::is_text;
use super::reason::What;
#[cfg(feature = "schema")]
use super::schema::about::{About, Group::*, Shape::*, SurveyKey, Usual};
use crate::Language;
use crate::limits::LONGEST_NAME;
use crate::targeting::{WhenClause, is_pattern};

macro_rules! keys {
    ($($key:ident = $name:literal ($spec:expr) {
        $group:ident, $shape:expr, $usual:expr, $text:literal, $examples:literal
    })+) => {
        /// A key of a survey.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Key { $($key),+ }

        impl Key {
            /// The names of all keys, in the order of the table.
            pub(super) const NAMES: &'static [&'static str] = &[$($name),+];

            /// How the values of all keys are written, in the order of the table.
            pub(super) const SPECS: &'static [FieldSpec] = &[$($spec),+];
        }

        /// What is said of each key: its place in the documentation, what it holds, what stands where it is not
        /// given, what it is for, and values that tests try.
        #[cfg(feature = "schema")]
        pub(super) static SURVEY: &[SurveyKey] = &[$(SurveyKey {
            group: $group,
            about: About { key: $name, shape: $shape, usual: $usual, text: $text },
            examples: $examples,
        }),+];
    };
}

keys! {
    Id = "id" (FieldSpec::STRUCTURE) {
        Asked, Of("name"), Usual::Words("the template's name; without a template it is required"),
        "Names the survey on its page and at the endpoint, for instance `checkout`: lower case letters, digits and hyphens, at most 64.",
        r#"["checkout", "a", "2026", "-"]"#
    }
    Template = "template" (FieldSpec::word(What::TEMPLATE, crate::Template::KEYWORDS).only_in_json()) {
        Asked, Derived, Usual::Words("none; then `id` and `questions` are required"),
        "The ready survey to start from, for instance `post-purchase`. Every other key changes something of it.",
        r#"["csat", "post-purchase", "faq", "support", "nps", "welcome"]"#
    }
    Questions = "questions" (FieldSpec::STRUCTURE) {
        Asked, Of("questions"), Usual::Words("the template's questions"),
        "What is asked, in this order: 1 to 100 questions, for instance `[{\"id\": \"why\", \"kind\": \"text\", \"text\": \"Why?\"}]`.",
        r#"[[{"id": "why", "kind": "text", "text": "Why?"}]]"#
    }
    Endpoint = "endpoint" (FieldSpec::text(What::ADDRESS, &["https://example.com/responses"], says_something)) {
        Sent, Of("something"), Usual::Words("the `data-endpoint` of the script tag"),
        "The address that the answers are posted to, for instance `https://example.com/responses`. A relative one resolves against the page.",
        r#"["/responses", "https://example.com/r?a=b"]"#
    }
    Trigger = "trigger" (FieldSpec::list(What::TRIGGER, crate::Trigger::KEYWORDS, is_trigger).or("load")) {
        When, Of("triggers"), Usual::Words("the template's own; without a template `load`"),
        "What makes the survey due, for instance `event:purchase`. Of several, separated by spaces or in an array, any one does.",
        r#"["load", "manual first-visit", "visit:3", "event:purchase", "scroll:50% exit", "idle:30s", "dwell:0", "chat-end", "visible:[data-x=\"y\"]", "exit click:'.cart button' 'submit:form .x'", ["click:.cart button", "exit"]]"#
    }
    Delay = "delay" (FieldSpec::TIME) {
        When, Derived, Usual::Words("the template's own, with its own trigger alone; else `0`"),
        "The time between trigger and showing, for instance `2s`.",
        r#"[0, "0", "500ms", "5s", "90d"]"#
    }
    Url = "url" (FieldSpec::list(What::PATTERN, &["/checkout/**"], is_pattern)) {
        Who, Of("patterns"), Usual::Words("all pages"),
        "The pages that it is asked on, for instance `/checkout/** !/checkout/help`. `*` stops at a slash, `**` does not, `!` excludes.",
        r#"["/checkout/**", "/** !/help", "https://*.example.com/**", ["/checkout/**", "!/help"]]"#
    }
    Device = "device" (FieldSpec::words(What::DEVICE, crate::Device::KEYWORDS)) {
        Who, Derived, Usual::Words("all devices"),
        "The devices that it is asked on, for instance `mobile tablet`.",
        r#"["mobile", "tablet desktop", ["mobile", "desktop"]]"#
    }
    Sample = "sample" (FieldSpec::SHARE.or("100%")) {
        Who, Derived, Usual::Default,
        "The share of visitors who are ever asked, in per cent, for instance `25%`. Raising it keeps those who are already in.",
        r#"["25%", "0%", "100%", "0.5%"]"#
    }
    Recontact = "recontact" (FieldSpec::cooldown(&["90d"])) {
        Who, Derived, Usual::Default,
        "The time before a visitor who answered is asked this survey again, for instance `30d`; or `always`, or `never`.",
        r#"["30d", "always", "never", "0"]"#
    }
    Snooze = "snooze" (FieldSpec::cooldown(&["14d"])) {
        Who, Derived, Usual::Default,
        "The time before a visitor who dismissed it is asked again, for instance `7d`; or `always`, or `never`.",
        r#"["30d", "always", "never", "0"]"#
    }
    Quiet = "quiet" (FieldSpec::TIME.or("1d")) {
        Who, Derived, Usual::Default,
        "The time after any survey was seen before this one may open by itself, for instance `12h`.",
        r#"[0, "0", "500ms", "5s", "90d"]"#
    }
    Per = "per" (FieldSpec::word(What::PER, crate::Per::KEYWORDS)) {
        Who, Derived, Usual::Words("`visitor`; the template `faq` has `page`"),
        "What `recontact`, `snooze` and `max_shows` count for: the whole site, or, for instance with `page`, each page, by its path.",
        r#"["visitor", "page"]"#
    }
    MaxShows = "max_shows" (FieldSpec::integer(0, 1_000_000).or("3")) {
        Who, Derived, Usual::Default,
        "How often it may be shown to a visitor who does not answer, for instance 1; at most 100.",
        r#"[0, 1, 4, 1000000]"#
    }
    From = "from" (DATE) {
        When, Of("date"), Usual::Words("none, it runs at once"),
        "The date or date-time from which it runs, for instance `2026-12-01` or `2026-12-01T09:00:00Z`. A date is its first moment where the visitor is.",
        r#"["2026-12-01", "2026-12-01T09:00:00Z"]"#
    }
    Until = "until" (DATE) {
        When, Of("date"), Usual::Words("none, it does not end"),
        "The date or date-time until which it runs, for instance `2026-12-24`.",
        r#"["2026-12-01", "2026-12-01T09:00:00Z"]"#
    }
    When = "when" (FieldSpec::list(What::CONDITION, &["plan=pro", "amount>=100", "!trial"], rest_is_condition)) {
        Who, Of("conditions"), Usual::Words("everybody"),
        "Conditions that must all hold, for instance `plan=pro amount>=100 !trial`: over `custom` and `identify` by name, and over `event.NAME`, `query.NAME`, `user`, `referrer`, `language` and `visit`.",
        r#"["plan=pro", "amount>=100 !trial event.items.0.price<5.50", "plan='big team|pro'", ["plan=big team", "query.utm_source*=news"]]"#
    }
    Priority = "priority" (FieldSpec::integer(i32::MIN, i32::MAX).or("0")) {
        When, Derived, Usual::Default,
        "Of several surveys that are due at once the one with the highest number is shown, for instance 10.",
        r#"[-10, 0, 9]"#
    }
    Question = "question" (FieldSpec::LOCALIZED) {
        Asked, Of("text"), Usual::Words("the first question's own text"),
        "Other words for the first question, for instance `How was your visit?`.",
        r#"["How was it?", "  ¿Qué tal? ✓", "0", {"en": "How was it?", "es": "¿Qué tal?", "pt-BR": "Como foi?"}]"#
    }
    Low = "low" (FieldSpec::LOCALIZED) {
        Asked, Of("text"), Usual::Words("the first question's own"),
        "Other words for the low end of the first question's scale, for instance `Very bad`.",
        r#"["Bad"]"#
    }
    High = "high" (FieldSpec::LOCALIZED) {
        Asked, Of("text"), Usual::Words("the first question's own"),
        "Other words for the high end of the first question's scale, for instance `Very good`.",
        r#"["Good"]"#
    }
    Thanks = "thanks" (FieldSpec::LOCALIZED) {
        Asked, Of("text"), Usual::Words("`Thank you!` in the visitor's language"),
        "What the visitor reads at the end, for instance `Thanks, that helps.`.",
        r#"["Thanks!", {"fa": "چطور بود؟"}]"#
    }
    Endings = "endings" (FieldSpec::STRUCTURE) {
        Asked, Of("endings"), Usual::Words("none; `thanks` is read at the end"),
        "The ends of its ways, for instance `[{\"id\": \"review\", \"text\": \"Thank you!\"}]`: a rule's `go` names one, and a way that names none ends with the first.",
        r#"[[{"id": "done", "text": "Done: [more](https://example.com/)."}]]"#
    }
    Logo = "logo" (FieldSpec::STRUCTURE) {
        Looks, Of("image"), Usual::Words("none"),
        "Whose survey it is, above every question and the end, for instance `{\"src\": \"logo.png\", \"alt\": \"Example Ltd\"}`: an [image](#images).",
        r#"[{"src": "/logo.png", "alt": "Example"}, {"src": "https://example.com/a.svg?v=1", "alt": {"en": "Us", "es": "Nosotros"}}]"#
    }
    Display = "display" (FieldSpec::word(What::DISPLAY, crate::Display::KEYWORDS)) {
        Looks, Derived, Usual::Words("`popover`; in an element of the page `inline`"),
        "How it stands on the page, for instance `bar`.",
        r#"["popover", "dialog", "bar", "tab", "inline", "page"]"#
    }
    Position = "position" (FieldSpec::word(What::POSITION, crate::Position::KEYWORDS)) {
        Looks, Derived, Usual::Default,
        "Where a survey above the page stands, for instance `bottom-left`. Left and right change places on pages that are written from right to left.",
        r#"["bottom-right", "top-left", "center"]"#
    }
    Theme = "theme" (FieldSpec::word(What::THEME, crate::Theme::KEYWORDS)) {
        Looks, Derived, Usual::Default,
        "Its colours, for instance `dark`; `auto` follows the visitor's system.",
        r#"["auto", "light", "dark"]"#
    }
    Accent = "accent" (FieldSpec::text(What::COLOUR, &["#0b7a75"], says_something)) {
        Looks, Of("something"), Usual::Words("the widget's own"),
        "The CSS colour of what is chosen or can be pressed, for instance `#0b7a75`; text and edges get a shade of it that can be read.",
        r##"["#0b7a75", "rebeccapurple"]"##
    }
    Radius = "radius" (FieldSpec::text(What::LENGTH, &["12px"], says_something)) {
        Looks, Of("something"), Usual::Words("the widget's own"),
        "How round the corners are, as a CSS length, for instance `12px`.",
        r#"["12px", "0"]"#
    }
    Font = "font" (FieldSpec::text(What::FONT, &["Georgia, serif"], says_something)) {
        Looks, Of("something"), Usual::Words("the widget's own"),
        "A CSS font-family, for instance `Georgia, serif`.",
        r#"["Georgia, serif"]"#
    }
    Lang = "lang" (FieldSpec::text(What::TAG, &["es-MX"], Language::is_tag)) {
        Asked, Of("tag"), Usual::Words("the page's language, then the browser's"),
        "The tag of the language that it is asked in, for instance `es-MX`; English where there are no words in it.",
        r#"["en", "es-MX", "fa", "zh-Hant"]"#
    }
    Format = "format" (FieldSpec::word(What::REQUEST_FORMAT, crate::RequestFormat::KEYWORDS)) {
        Sent, Derived, Usual::Words("that of the service that the address is known for, or else `json`"),
        "How the endpoint wants the answers, for instance `form`. `slack`, `discord` and `teams` are refused, since their addresses are secrets.",
        r#"["json", "text", "form"]"#
    }
    Headers = "headers" (FieldSpec::pairs("header-", What::HEADER, rest_is_header)) {
        Sent, Of("headers"), Usual::Words("none"),
        "Headers of the request, by name, for instance `{\"x-team\": \"web\"}`. Every visitor can read them.",
        r#"[{"X-Team": "web", "x-number": 7}]"#
    }
    Fields = "fields" (FieldSpec::pairs("field-", What::PAIR, |_, _| true)) {
        Sent, Of("pairs"), Usual::Words("each question's id"),
        "By question, the name of the field that the endpoint expects, for instance `{\"why\": \"entry.123\"}`.",
        r#"[{"why": "entry.123"}]"#
    }
    Report = "report" (FieldSpec::word(What::REPORT, crate::Report::KEYWORDS)) {
        Sent, Derived, Usual::Default,
        "What is sent, for instance `all`: also that it was shown and dismissed, for response rates.",
        r#"["answers", "all"]"#
    }
    Push = "push" (FieldSpec::words(What::PUSH, crate::Push::KEYWORDS)) {
        Sent, Derived, Usual::Words("none"),
        "Tools on the page that hear of each event too, for instance `datalayer gtag`.",
        r#"["datalayer", "gtag posthog", ["segment", "adobe"]]"#
    }
    User = "user" (USER) {
        Sent, Of("user"), Usual::Words("none"),
        "Who the page says the visitor is, passed through in the response, for instance `u-123`: at most 256 characters.",
        r#"["u-123", 5678901234567, ""]"#
    }
    Custom = "custom" (FieldSpec::pairs("custom-", What::PAIR, |_, _| true)) {
        Sent, Of("pairs"), Usual::Words("none"),
        "What else is passed through in the response, by name, for instance `{\"plan\": \"pro\"}`: at most 100 names.",
        r#"[{"order-id": 4, "plan": "pro ✓", "new": true}]"#
    }
    Visitor = "visitor" (FieldSpec::word(What::ON_OFF, &["off", "on"])) {
        Privacy, Derived, Usual::Default,
        "Whether a random id that this site's storage keeps is sent, for instance `on`.",
        r#"["on", "off"]"#
    }
    Mask = "mask" (FieldSpec::words(What::MASK, &["card", "email", "phone", "none"]).or("card")) {
        Privacy, Derived, Usual::Default,
        "What is blanked in free text before it leaves the page, for instance `card email`; or `none`.",
        r#"["card", "email phone", ["none"]]"#
    }
    Confirm = "confirm" (FieldSpec::word(What::CONFIRM, crate::Confirm::KEYWORDS)) {
        Sent, Derived, Usual::Default,
        "What acknowledges a response: any status of success, or, for instance, `id`: the answer must repeat the response's id.",
        r#"["status", "id"]"#
    }
    Debug = "debug" (FieldSpec::FLAG) {
        Privacy, Derived, Usual::Default,
        "Whether each decision is a line on the console, for instance `true`.",
        r#"[true, false]"#
    }
    Preview = "preview" (FieldSpec::FLAG) {
        Privacy, Derived, Usual::Default,
        "Whether it is only tried out: with `true`, for instance, everybody is asked, and nothing is stored or sent.",
        r#"[true, false]"#
    }
    Storage = "storage" (FieldSpec::word(What::STORAGE, crate::StorageKind::KEYWORDS)) {
        Privacy, Derived, Usual::Default,
        "Where the visitor's record is kept, for instance `session`, as long as the tab is open.",
        r#"["local", "session", "none"]"#
    }
    Consent = "consent" (FieldSpec::word(What::CONSENT, &["granted", "required"])) {
        Privacy, Derived, Usual::Default,
        "Whether it waits for the visitor's consent, for instance `required`: nothing is stored, shown or sent before.",
        r#"["granted", "required"]"#
    }
    PrivacySignal = "privacy_signal" (FieldSpec::word(What::SIGNAL, &["respect", "ignore"])) {
        Privacy, Derived, Usual::Default,
        "Whether Global Privacy Control and Do Not Track forbid an id of the visitor, for instance `ignore`.",
        r#"["respect", "ignore"]"#
    }
}

impl Key {
    pub(super) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub(super) fn spec(self) -> &'static FieldSpec {
        &Self::SPECS[self as usize]
    }

    /// Names and specifications of all keys.
    pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
        Self::NAMES.iter().copied().zip(Self::SPECS)
    }
}

const DATE: FieldSpec = FieldSpec::text(
    What::DATE,
    &["2026-12-01", "2026-12-01T09:00:00Z"],
    super::field::rest_is_date,
);

/// Empty is a placeholder that was not filled.
const USER: FieldSpec = FieldSpec::free(What::SHORT_TEXT, |text| is_text(text, LONGEST_NAME));

fn says_something(text: &str) -> bool {
    !text.trim().is_empty()
}

#[inline(never)]
fn rest_is_condition(word: &str) -> bool {
    crate::rest::gate();
    WhenClause::parse(word).is_some()
}

fn is_trigger(word: &str) -> bool {
    crate::Trigger::parse(word).is_some()
}

/// Whether browsers take this header: they throw at anything else, and no answer would ever leave.
#[inline(never)]
fn rest_is_header(name: &str, value: &str) -> bool {
    crate::rest::gate();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    name.bytes().all(is_token)
        && value
            .chars()
            .all(|character| matches!(character, '\t' | ' '..='~' | '\u{80}'..='\u{ff}'))
}
