//! A channel of Slack, by an incoming webhook.
//!
//! Requires: the webhook's address, which is the secret. Limits: a message a second; 3000 characters in a block, 50 blocks.
//! Says no: 429 with `Retry-After`; 4xx with a word, of which some mean that the channel or the webhook is gone. Repeats:
//! cannot be told apart, so that one is possible after a crash or a time-out.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{CHANGES, DeliveryJob, Facts, URL};
use super::message::{Message, Said, shortened};
use super::schedule::{Pace, Verdict};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const FACTS: Facts =
    Facts { settings: &[URL, CHANGES], pace: Pace { at_once: 1, every_ms: 1_100 }, is_once: true };

/// Questions that have room beside title and context.
const MOST_ANSWERS: usize = 20;

pub(super) async fn deliver(
    message: &Message,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let answer = courier.send(Request::json(Method::POST, job.text("url"), &body(message))).await?;
    let word = answer.body.trim();
    let verdict = match (answer.status.as_u16(), word) {
        (200, "ok") => Verdict::Delivered,
        (
            _,
            "no_service"
            | "no_service_id"
            | "no_active_hooks"
            | "no_team"
            | "team_disabled"
            | "channel_not_found"
            | "channel_is_archived"
            | "user_not_found",
        )
        | (410, _) => Verdict::Gone,
        (
            _,
            "invalid_payload"
            | "invalid_blocks"
            | "invalid_blocks_format"
            | "no_text"
            | "too_many_attachments",
        ) => Verdict::Refused,
        // A page that answers 200 is not Slack.
        (200..=399, _) => Verdict::Again(None),
        _ => answer.verdict(),
    };
    Ok(answer.into_outcome(verdict))
}

fn body(message: &Message) -> Value {
    let title = &*message.title;
    let plain = |text: &str, most: usize| json!({"type": "plain_text", "text": shortened(text, most), "emoji": false});
    let mut blocks = vec![json!({"type": "header", "text": plain(title, 150)})];
    for Said { question, answer } in message.said.iter().take(MOST_ANSWERS) {
        // Escapes make a text longer, so that it is cut before.
        let question = escaped(&shortened(question, 400));
        blocks.push(
            json!({"type": "section", "text": {"type": "mrkdwn", "text": format!("*{question}*")}}),
        );
        if !answer.trim().is_empty() {
            // As it was written: in plain text nothing is a mention, a link or a format.
            blocks.push(json!({"type": "section", "text": plain(answer, 3_000)}));
        }
    }
    blocks.push(json!({"type": "context", "elements": [plain(&message.context, 2_000)]}));
    json!({"text": escaped(title), "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

/// So that `<!channel>` is text, and not a call to everybody.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('*', "∗")
}
