//! What every key of a survey is for.

use super::about::Shape::{Integer, Of, Truth, Word, Words};
use super::about::{About, Usual, about};
use crate::definition::settings::{CONSENTS, MASKS, PRIVACY_SIGNALS, VISITORS};
use crate::definition::{Confirm, Push, Report, RequestFormat, StorageKind};
use crate::{Device, Display, Position, Template, Theme};

pub(super) const SURVEY: &[About] = &[
    about(
        "id",
        Of("name"),
        Usual::Words("the template's name; without a template it is required"),
        "Names the survey on its page and at the endpoint, for instance `checkout`: lower case letters, digits and hyphens, at most 64.",
    ),
    about(
        "template",
        Word(Template::KEYWORDS),
        Usual::Words("none; then `id` and `questions` are required"),
        "The ready survey to start from, for instance `post-purchase`. Every other key changes something of it.",
    ),
    about(
        "questions",
        Of("questions"),
        Usual::Words("the template's questions"),
        "What is asked, in this order: 1 to 100 questions, for instance `[{\"id\": \"why\", \"kind\": \"text\", \"text\": \"Why?\"}]`.",
    ),
    about(
        "endpoint",
        Of("something"),
        Usual::Words("the `data-endpoint` of the script tag"),
        "The address that the answers are posted to, for instance `https://example.com/responses`. A relative one resolves against the page.",
    ),
    about(
        "trigger",
        Of("triggers"),
        Usual::Words("the template's own; without a template `load`"),
        "What makes the survey due, for instance `event:purchase`. Of several, separated by spaces or in an array, any one does.",
    ),
    about(
        "delay",
        Of("time"),
        Usual::Words("the template's own; without a template `0`"),
        "The time between trigger and showing, for instance `2s`.",
    ),
    about(
        "url",
        Of("patterns"),
        Usual::Words("all pages"),
        "The pages that it is asked on, for instance `/checkout/** !/checkout/help`. `*` stops at a slash, `**` does not, `!` excludes.",
    ),
    about(
        "device",
        Words(Device::KEYWORDS),
        Usual::Words("all devices"),
        "The devices that it is asked on, for instance `mobile tablet`.",
    ),
    about(
        "sample",
        Of("share"),
        Usual::Text("100%"),
        "The share of visitors who are ever asked, in per cent, for instance `25%`. Raising it keeps those who are already in.",
    ),
    about(
        "recontact",
        Of("again"),
        Usual::Text("90d"),
        "The time before a visitor who answered is asked this survey again, for instance `30d`; or `always`, or `never`.",
    ),
    about(
        "snooze",
        Of("again"),
        Usual::Text("14d"),
        "The time before a visitor who dismissed it is asked again, for instance `7d`; or `always`, or `never`.",
    ),
    about(
        "quiet",
        Of("time"),
        Usual::Text("1d"),
        "The time after any survey was seen before this one may open by itself, for instance `12h`.",
    ),
    about(
        "max_shows",
        Integer(0, 1_000_000),
        Usual::Number(3),
        "How often it may be shown to a visitor who does not answer, for instance 1.",
    ),
    about(
        "from",
        Of("date"),
        Usual::Words("none, it runs at once"),
        "The date or date-time from which it runs, for instance `2026-12-01` or `2026-12-01T09:00:00Z`.",
    ),
    about(
        "until",
        Of("date"),
        Usual::Words("none, it does not end"),
        "The date or date-time until which it runs, for instance `2026-12-24`.",
    ),
    about(
        "priority",
        Integer(i32::MIN, i32::MAX),
        Usual::Number(0),
        "Of several surveys that are due at once the one with the highest number is shown, for instance 10.",
    ),
    about(
        "question",
        Of("text"),
        Usual::Words("the first question's own text"),
        "Other words for the first question, for instance `How was your visit?`.",
    ),
    about(
        "low",
        Of("text"),
        Usual::Words("the first question's own"),
        "Other words for the low end of the first question's scale, for instance `Very bad`.",
    ),
    about(
        "high",
        Of("text"),
        Usual::Words("the first question's own"),
        "Other words for the high end of the first question's scale, for instance `Very good`.",
    ),
    about(
        "thanks",
        Of("text"),
        Usual::Words("`Thank you!` in the visitor's language"),
        "What the visitor reads at the end, for instance `Thanks, that helps.`.",
    ),
    about(
        "display",
        Word(Display::KEYWORDS),
        Usual::Words("`popover`; in an element of the page `inline`"),
        "How it stands on the page, for instance `bar`.",
    ),
    about(
        "position",
        Word(Position::KEYWORDS),
        Usual::Text("bottom-right"),
        "Where a survey above the page stands, for instance `bottom-left`. Left and right change places on pages that are written from right to left.",
    ),
    about(
        "theme",
        Word(Theme::KEYWORDS),
        Usual::Text("auto"),
        "Its colours, for instance `dark`; `auto` follows the visitor's system.",
    ),
    about(
        "accent",
        Of("something"),
        Usual::Words("the widget's own"),
        "The CSS colour of what is chosen or can be pressed, for instance `#0b7a75`.",
    ),
    about(
        "radius",
        Of("something"),
        Usual::Words("the widget's own"),
        "How round the corners are, as a CSS length, for instance `12px`.",
    ),
    about(
        "font",
        Of("something"),
        Usual::Words("the widget's own"),
        "A CSS font-family, for instance `Georgia, serif`.",
    ),
    about(
        "lang",
        Of("tag"),
        Usual::Words("the page's language, then the browser's"),
        "The tag of the language that it is asked in, for instance `es-MX`.",
    ),
    about(
        "format",
        Word(RequestFormat::KEYWORDS),
        Usual::Words("that of the service that the address is known for, or else `json`"),
        "How the endpoint wants the answers, for instance `form`.",
    ),
    about(
        "headers",
        Of("headers"),
        Usual::Words("none"),
        "Headers of the request, by name, for instance `{\"x-team\": \"web\"}`. Every visitor can read them.",
    ),
    about(
        "fields",
        Of("pairs"),
        Usual::Words("each question's id"),
        "By question, the name of the field that the endpoint expects, for instance `{\"why\": \"entry.123\"}`.",
    ),
    about(
        "report",
        Word(Report::KEYWORDS),
        Usual::Text("answers"),
        "What is sent, for instance `all`: also that it was shown and dismissed, for response rates.",
    ),
    about(
        "push",
        Words(Push::KEYWORDS),
        Usual::Words("none"),
        "Tools on the page that hear of each event too, for instance `datalayer gtag`.",
    ),
    about(
        "user",
        Of("user"),
        Usual::Words("none"),
        "Who the page says the visitor is, passed through in the response, for instance `u-123`: at most 256 characters.",
    ),
    about(
        "custom",
        Of("pairs"),
        Usual::Words("none"),
        "What else is passed through in the response, by name, for instance `{\"plan\": \"pro\"}`: at most 100 names.",
    ),
    about(
        "visitor",
        Word(VISITORS),
        Usual::Text("off"),
        "Whether a random id that this site's storage keeps is sent, for instance `on`.",
    ),
    about(
        "mask",
        Words(MASKS),
        Usual::Text("card"),
        "What is blanked in free text before it leaves the page, for instance `card email`; or `none`.",
    ),
    about(
        "confirm",
        Word(Confirm::KEYWORDS),
        Usual::Text("status"),
        "What acknowledges a response: any status of success, or, for instance, `id`: the answer must repeat the response's id.",
    ),
    about(
        "debug",
        Truth,
        Usual::Truth(false),
        "Whether each decision is a line on the console, for instance `true`.",
    ),
    about(
        "preview",
        Truth,
        Usual::Truth(false),
        "Whether it is only tried out: with `true`, for instance, everybody is asked, and nothing is stored or sent.",
    ),
    about(
        "storage",
        Word(StorageKind::KEYWORDS),
        Usual::Text("local"),
        "Where the visitor's record is kept, for instance `session`, as long as the tab is open.",
    ),
    about(
        "consent",
        Word(CONSENTS),
        Usual::Text("granted"),
        "Whether it waits for the visitor's consent, for instance `required`: nothing is stored, shown or sent before.",
    ),
    about(
        "privacy_signal",
        Word(PRIVACY_SIGNALS),
        Usual::Text("respect"),
        "Whether Global Privacy Control and Do Not Track forbid an id of the visitor, for instance `ignore`.",
    ),
];
