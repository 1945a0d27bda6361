//! E-mail, by the SMTP server that the collector's operator names: an owner of a site chooses who is written to, and not
//! where the collector connects.
//!
//! Requires: `--smtp` and `--mail-from`; addresses. Limits: the server's. Says no: 4xx for a while, 5xx for good. Repeats:
//! have the same `Message-ID`, so that mail programs show one.

use super::courier::{AttemptOutcome, Courier};
use super::digest::is_digest;
use super::kind::{CHANGES, DeliveryJob, Facts, Setting, is_addresses};
use super::message::{self, shortened};
use super::schedule::{Pace, Verdict};
use anyhow::Context;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "to", is_secret: false, is_required: true, check: is_addresses },
        Setting { name: "digest", is_secret: false, is_required: false, check: is_digest },
        CHANGES,
    ],
    pace: Pace { at_once: 4, every_ms: 0 },
    is_once: true,
};

const TIMEOUT: Duration = Duration::from_secs(20);
/// Messages of which it is remembered whom they reached, at most.
const MOST_REACHED: usize = 1_000;

/// How mail leaves.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Whom a message has reached that is sent once more for the sake of others, by its id.
    reached: Mutex<HashMap<String, Vec<Address>>>,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// From `smtp://…` or `smtps://…`. No message repeats it: it holds a password.
    pub(crate) fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok().context(
            "--smtp is not the address of a server (try \"smtps://user:password@mail.example\" or \
             \"smtp://mail.example:587?tls=required\")",
        )?;
        let from = from.parse().map_err(|_| {
            anyhow::anyhow!(
                "--mail-from {from:?} is not an e-mail address (try \"surveys@shop.example\")"
            )
        })?;
        let transport = transport.timeout(Some(TIMEOUT)).build();
        Ok(Self { transport, from, reached: Mutex::default() })
    }

    /// A message of this id to whom the settings name.
    fn message(
        &self,
        id: &str,
        subject: &str,
        text: String,
        settings: &Map<String, Value>,
    ) -> Result<Message, String> {
        let domain = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .message_id(Some(format!("<{id}@{domain}>")))
            .subject(shortened(&subject.replace(char::is_control, " "), 150));
        for to in settings.get("to").and_then(Value::as_array).into_iter().flatten() {
            let to = to.as_str().and_then(|it| it.parse::<Mailbox>().ok());
            builder = builder.to(to.ok_or("an address is none")?);
        }
        let message = builder.header(ContentType::TEXT_PLAIN).body(text);
        let mut message = message.map_err(|error| error.to_string())?;
        let unsubscribe = format!("<mailto:{}?subject=unsubscribe>", self.from.email);
        for (name, value) in
            [("Auto-Submitted", "auto-generated"), ("List-Unsubscribe", &*unsubscribe)]
        {
            let name = HeaderName::new_from_ascii_str(name);
            message.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
        }
        Ok(message)
    }

    /// Sends a message of this id to everybody together. Where the server takes it for some of them only, to each alone:
    /// a mailbox that is gone keeps nobody else's.
    async fn send(&self, id: &str, message: &Message) -> AttemptOutcome {
        let (from, text) = (message.envelope().from(), message.formatted());
        let mut left = message.envelope().to().to_vec();
        if let Some(reached) = self.reached().get(id) {
            left.retain(|to| !reached.contains(to));
        }
        let outcome = match self.send_to(from, &left, &text).await {
            // Without a status, no server answered: it would answer nobody else.
            Err(outcome) if outcome.status.is_some_and(is_of_a_mailbox) && left.len() > 1 => {
                self.send_to_each(id, from, &left, &text).await
            }
            Ok(outcome) | Err(outcome) => outcome,
        };
        if !matches!(outcome.verdict, Verdict::Again(_)) {
            self.reached().remove(id);
        }
        outcome
    }

    /// It is there when it is for one of them, and refused when it is for all.
    async fn send_to_each(
        &self,
        id: &str,
        from: Option<&Address>,
        to: &[Address],
        text: &[u8],
    ) -> AttemptOutcome {
        let (mut delivered, mut refused, mut again) = (None, None, None);
        let mut words = Vec::new();
        for to in to {
            match self.send_to(from, std::slice::from_ref(to), text).await {
                Ok(outcome) => {
                    let mut reached = self.reached();
                    if reached.len() >= MOST_REACHED && !reached.contains_key(id) {
                        reached.clear();
                    }
                    reached.entry(id.to_owned()).or_default().push(to.clone());
                    delivered = Some(outcome);
                }
                Err(outcome) if outcome.verdict == Verdict::Refused => {
                    words.push(format!("{to}: {}", outcome.answer));
                    refused = Some(outcome);
                }
                Err(outcome) => {
                    // Without an answer the others would wait as long, each in its turn.
                    let is_silent = outcome.status.is_none();
                    again = Some(outcome);
                    if is_silent {
                        break;
                    }
                }
            }
        }
        match (again, delivered.or(refused)) {
            (Some(outcome), _) => outcome,
            (None, Some(outcome)) => AttemptOutcome { answer: words.join("; "), ..outcome },
            (None, None) => AttemptOutcome::refused("there is no address"),
        }
    }

    async fn send_to(
        &self,
        from: Option<&Address>,
        to: &[Address],
        text: &[u8],
    ) -> Result<AttemptOutcome, AttemptOutcome> {
        if !to.is_empty() {
            let envelope = Envelope::new(from.cloned(), to.to_vec());
            let envelope = envelope.map_err(|error| AttemptOutcome::refused(error.to_string()))?;
            self.transport.send_raw(&envelope, text).await.map_err(|error| failure(&error))?;
        }
        Ok(AttemptOutcome { verdict: Verdict::Delivered, status: Some(250), answer: String::new() })
    }

    fn reached(&self) -> MutexGuard<'_, HashMap<String, Vec<Address>>> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a status may be about one address of several (RFC 5321, section 4.2.3): a mailbox that is full or busy, or gone.
fn is_of_a_mailbox(status: u16) -> bool {
    (450..=452).contains(&status) || (550..560).contains(&status)
}

fn failure(error: &smtp::Error) -> AttemptOutcome {
    let status = error.status().and_then(|code| code.to_string().parse::<u16>().ok());
    // Of the mailbox or the message. What the server says of our login may be put right.
    let is_final = status.is_some_and(|it| (550..560).contains(&it));
    let verdict = if is_final { Verdict::Refused } else { Verdict::Again(None) };
    AttemptOutcome { verdict, status, answer: error.to_string() }
}

pub(super) async fn deliver(
    message: &message::Message,
    job: &DeliveryJob<'_>,
    mailer: Option<&Mailer>,
    courier: &mut Courier<'_>,
) -> AttemptOutcome {
    let begun = Instant::now();
    let Some(mailer) = mailer else {
        return AttemptOutcome::again(
            "the collector sends no mail: its operator can name a server with --smtp",
        );
    };
    // In the subject there is nothing that a visitor wrote.
    let (subject, body) = (&message.title, message.text.clone());
    let message = match mailer.message(&job.id, subject, body, job.settings) {
        Ok(message) => message,
        Err(reason) => return AttemptOutcome::refused(reason),
    };
    let shown = String::from_utf8_lossy(&message.formatted()).into_owned();
    let outcome = mailer.send(&job.id, &message).await;
    courier.note(shown, &outcome, begun);
    outcome
}
