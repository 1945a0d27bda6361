//! What the kinds of destinations have in common: their settings, and a delivery as each is given it.

use super::changes::is_changes;
use super::courier::{AttemptOutcome, Courier};
use super::email::Mailer;
use super::message::Message;
use super::notice::is_notice;
use super::schedule::Pace;
use super::{
    discord, email, google_sheets, hubspot, pipedrive, salesforce, slack, teams, webhook, zendesk,
};
use axum::http::{HeaderName, HeaderValue};
use serde_json::{Map, Value};
use sondeo_model::Response;
use std::borrow::Cow;
use std::str::FromStr;

/// A kind of destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DestinationKind {
    Webhook,
    Slack,
    Teams,
    Discord,
    Email,
    GoogleSheets,
    Hubspot,
    Zendesk,
    Salesforce,
    Pipedrive,
}

/// What is always true of a kind.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) settings: &'static [Setting],
    pub(crate) pace: Pace,
    /// Whether it hears of a response once only: people would read of it twice.
    pub(crate) is_once: bool,
}

/// One thing that its owner has to say.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// Whether it never comes out.
    pub(crate) is_secret: bool,
    pub(crate) is_required: bool,
    /// The message completes a sentence that begins with the name.
    pub(crate) check: fn(&Value) -> Result<(), String>,
}

/// The address, which is a secret where whoever knows it may write.
pub(crate) const URL: Setting =
    Setting { name: "url", is_secret: true, is_required: true, check: is_address };
/// Where the interface is, where it is not at the service's usual address: another region, a gateway.
pub(crate) const BASE: Setting =
    Setting { name: "base", is_secret: false, is_required: false, check: is_address };

/// That it is told of certain changes of scores in place of responses, and over which time.
pub(crate) const CHANGES: Setting =
    Setting { name: "changes", is_secret: false, is_required: false, check: is_changes };

/// What is delivered.
#[derive(Debug)]
pub(crate) enum Content {
    Response(Box<Response>),
    /// A digest, or a notice of a change.
    Notice(Message),
}

impl Content {
    /// From what is stored under the id of a response or of a notice.
    pub(crate) fn read(id: &str, body: &str) -> Option<Self> {
        if is_notice(id) {
            serde_json::from_str(body).ok().map(Self::Notice)
        } else {
            serde_json::from_str(body).ok().map(Self::Response)
        }
    }

    /// What people are sent to read.
    fn message(&self) -> Cow<'_, Message> {
        match self {
            Self::Response(response) => Cow::Owned(Message::of(response)),
            Self::Notice(message) => Cow::Borrowed(message),
        }
    }
}

/// One delivery.
#[derive(Debug)]
pub(crate) struct DeliveryJob<'a> {
    /// Stays the same on every try.
    pub(crate) id: String,
    /// The response or the notice, as it was stored.
    pub(crate) body: &'a str,
    /// When it was written down that it is to be delivered, in milliseconds.
    pub(crate) at: i64,
    /// Before this one.
    pub(crate) tries: i64,
    /// With all secrets.
    pub(crate) settings: &'a Map<String, Value>,
}

impl DeliveryJob<'_> {
    /// A setting that is a text; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.settings.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Where the interface is.
    pub(crate) fn base<'s>(&'s self, usual: &'s str) -> &'s str {
        let own = self.text("base");
        if own.is_empty() { usual } else { own.trim_end_matches('/') }
    }
}

impl DestinationKind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Webhook,
        Self::Slack,
        Self::Teams,
        Self::Discord,
        Self::Email,
        Self::GoogleSheets,
        Self::Hubspot,
        Self::Zendesk,
        Self::Salesforce,
        Self::Pipedrive,
    ];

    /// The word of the contract.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
            Self::Email => "email",
            Self::GoogleSheets => "google-sheets",
            Self::Hubspot => "hubspot",
            Self::Zendesk => "zendesk",
            Self::Salesforce => "salesforce",
            Self::Pipedrive => "pipedrive",
        }
    }

    pub(crate) fn facts(self) -> &'static Facts {
        match self {
            Self::Webhook => &webhook::FACTS,
            Self::Slack => &slack::FACTS,
            Self::Teams => &teams::FACTS,
            Self::Discord => &discord::FACTS,
            Self::Email => &email::FACTS,
            Self::GoogleSheets => &google_sheets::FACTS,
            Self::Hubspot => &hubspot::FACTS,
            Self::Zendesk => &zendesk::FACTS,
            Self::Salesforce => &salesforce::FACTS,
            Self::Pipedrive => &pipedrive::FACTS,
        }
    }

    /// Takes a delivery to the service.
    pub(crate) async fn deliver(
        self,
        content: &Content,
        job: &DeliveryJob<'_>,
        courier: &mut Courier<'_>,
        mailer: Option<&Mailer>,
    ) -> AttemptOutcome {
        let delivered = match (self, content) {
            (Self::Slack, _) => slack::deliver(&content.message(), job, courier).await,
            (Self::Teams, _) => teams::deliver(&content.message(), job, courier).await,
            (Self::Discord, _) => discord::deliver(&content.message(), job, courier).await,
            (Self::Email, _) => Ok(email::deliver(&content.message(), job, mailer, courier).await),
            (_, Content::Notice(_)) => {
                Ok(AttemptOutcome::refused("it takes responses, and no notices"))
            }
            (Self::Webhook, Content::Response(it)) => webhook::deliver(it, job, courier).await,
            (Self::GoogleSheets, Content::Response(it)) => {
                google_sheets::deliver(it, job, courier).await
            }
            (Self::Hubspot, Content::Response(it)) => hubspot::deliver(it, job, courier).await,
            (Self::Zendesk, Content::Response(it)) => zendesk::deliver(it, job, courier).await,
            (Self::Salesforce, Content::Response(it)) => {
                salesforce::deliver(it, job, courier).await
            }
            (Self::Pipedrive, Content::Response(it)) => pipedrive::deliver(it, job, courier).await,
        };
        // Without an answer there is an outcome, too.
        delivered.unwrap_or_else(|outcome| outcome)
    }
}

impl FromStr for DestinationKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str);
            let near = sondeo_model::nearest(word, &words).unwrap_or("webhook");
            format!("{word:?} is not a kind of destination (try {near:?})")
        })
    }
}

const LONGEST_CHARS: usize = 2_000;
const MOST_ENTRIES: usize = 50;

pub(crate) fn is_line(value: &Value) -> Result<(), String> {
    let is_fine = |text: &str| {
        !text.trim().is_empty()
            && text.chars().count() <= LONGEST_CHARS
            && !text.chars().any(char::is_control)
    };
    match value.as_str() {
        Some(text) if is_fine(text) => Ok(()),
        _ => Err(format!("must be a text of 1 to {LONGEST_CHARS} characters in one line")),
    }
}

/// What of an address can be seen without knowing what is allowed.
pub(crate) fn is_address(value: &Value) -> Result<(), String> {
    is_line(value)?;
    let url = value.as_str().and_then(|text| url::Url::parse(text).ok());
    match url.filter(|url| url.host().is_some()) {
        Some(_) => Ok(()),
        None => Err("must be an address (try \"https://hooks.example/sondeo\")".to_owned()),
    }
}

pub(crate) fn is_email(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if sondeo_model::is_email(text) => Ok(()),
        _ => Err("must be an e-mail address (try \"ana@shop.example\")".to_owned()),
    }
}

pub(crate) fn is_addresses(value: &Value) -> Result<(), String> {
    let is_address = |it: &Value| is_email(it).is_ok();
    match value.as_array() {
        Some(list) if (1..=MOST_ENTRIES).contains(&list.len()) && list.iter().all(is_address) => {
            Ok(())
        }
        _ => Err(format!(
            "must be 1 to {MOST_ENTRIES} e-mail addresses (try [\"ana@shop.example\"])"
        )),
    }
}

/// A part of a host's name.
pub(crate) fn is_subdomain(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if sondeo_model::is_name(text) => Ok(()),
        _ => Err(
            "must be the first part of the service's address (try \"shop\" of shop.zendesk.com)"
                .to_owned(),
        ),
    }
}

/// A name in an address of Salesforce.
pub(crate) fn is_api_name(value: &Value) -> Result<(), String> {
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    match value.as_str() {
        Some(text) if is_name(text) => Ok(()),
        _ => {
            Err("must be the API name of an object or a field (try \"Survey_Response__c\")"
                .to_owned())
        }
    }
}

/// Which field is filled with what.
pub(crate) fn is_fields(value: &Value) -> Result<(), String> {
    let is_text = |it: &Value| it.as_str().is_some_and(|text| !text.is_empty());
    match value.as_object() {
        Some(fields)
            if (1..=MOST_ENTRIES).contains(&fields.len()) && fields.values().all(is_text) =>
        {
            Ok(())
        }
        _ => Err(format!(
            "must be an object of 1 to {MOST_ENTRIES} fields and what each is filled with (try {{\"email\": \"email\", \
             \"score\": \"satisfaction\"}})"
        )),
    }
}

pub(crate) fn is_headers(value: &Value) -> Result<(), String> {
    // What belongs to the request itself, or to the signature.
    let is_ours = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("webhook-")
            || ["content-length", "content-type", "host", "transfer-encoding", "connection"]
                .contains(&&*name)
    };
    let is_header = |(name, value): (&String, &Value)| {
        HeaderName::from_str(name).is_ok()
            && !is_ours(name)
            && value.as_str().is_some_and(|it| HeaderValue::from_str(it).is_ok())
    };
    match value.as_object() {
        Some(headers) if headers.len() <= MOST_ENTRIES && headers.iter().all(is_header) => Ok(()),
        _ => Err("must be an object of headers (try {\"x-sondeo-key\": \"key_…\"})".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{DestinationKind, is_headers};
    use serde_json::json;

    #[test]
    fn every_kind_is_known_by_its_word() {
        for kind in DestinationKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        let error = "slak".parse::<DestinationKind>().expect_err("a slip");
        assert!(error.contains("(try \"slack\")"), "{error}");
    }

    #[test]
    fn headers_are_not_those_of_the_request_itself() {
        assert!(is_headers(&json!({"X-Key": "a"})).is_ok());
        for headers in
            [json!({"Host": "a"}), json!({"webhook-id": "1"}), json!({"a": "b\n"}), json!(["a"])]
        {
            assert!(is_headers(&headers).is_err(), "{headers}");
        }
    }
}
