//! E-mail, by the SMTP server that the collector's operator names: an owner of a site chooses who is written to, and not
//! where the collector connects.
//!
//! Requires: `--smtp` and `--mail-from`; addresses. Limits: the server's. Says no: 4xx for a while, 5xx for good. Repeats:
//! have the same `Message-ID`, so that mail programs show one.

use super::courier::{Courier, Outcome};
use super::digest::is_digest;
use super::kind::{Facts, Job, Setting, is_addresses};
use super::message::{shortened, text, title};
use super::schedule::{Pace, Verdict};
use anyhow::Context;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde_json::{Map, Value};
use std::fmt;
use std::time::{Duration, Instant};

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "to", is_secret: false, is_required: true, check: is_addresses },
        Setting { name: "digest", is_secret: false, is_required: false, check: is_digest },
    ],
    pace: Pace { at_once: 4, every_ms: 0 },
    is_once: true,
};

const TIMEOUT: Duration = Duration::from_secs(20);

/// How mail leaves.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
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
        Ok(Self { transport: transport.timeout(Some(TIMEOUT)).build(), from })
    }

    /// A message of this id to whom the settings name.
    pub(super) fn message(
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

    pub(super) async fn send(&self, message: Message) -> Result<(), smtp::Error> {
        self.transport.send(message).await.map(drop)
    }
}

pub(super) async fn deliver(
    job: &Job<'_>,
    mailer: Option<&Mailer>,
    courier: &mut Courier<'_>,
) -> Outcome {
    let begun = Instant::now();
    let Some(mailer) = mailer else {
        return Outcome::again(
            "the collector sends no mail: its operator can name a server with --smtp",
        );
    };
    // In the subject there is nothing that a visitor wrote.
    let (subject, body) = (title(job.response), text(job.response));
    let message = match mailer.message(&job.id, &subject, body, job.settings) {
        Ok(message) => message,
        Err(reason) => return Outcome::refused(reason),
    };
    let shown = String::from_utf8_lossy(&message.formatted()).into_owned();
    let outcome = match mailer.send(message).await {
        Ok(()) => Outcome { verdict: Verdict::Delivered, status: Some(250), answer: String::new() },
        Err(error) => {
            let status = error.status().and_then(|code| code.to_string().parse::<u16>().ok());
            // Of the mailbox or the message. What the server says of our login may be put right.
            let is_final = status.is_some_and(|it| (550..560).contains(&it));
            let verdict = if is_final { Verdict::Refused } else { Verdict::Again(None) };
            Outcome { verdict, status, answer: error.to_string() }
        }
    };
    courier.note(shown, &outcome, begun);
    outcome
}
