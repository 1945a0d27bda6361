//! A channel of Discord, by a webhook.
//!
//! Requires: the webhook's address, which is the secret. Limits: 30 messages a minute for a channel; 25 fields of 1024
//! characters, 6000 in all. Says no: 429 with `retry_after` in its body, which is seconds, or milliseconds; 404 where the
//! webhook is gone. Repeats: cannot be told apart.

use super::courier::{AttemptOutcome, Courier, Request, ServiceAnswer};
use super::kind::{CHANGES, DeliveryJob, Facts, URL};
use super::message::{Message, Said, shortened};
use super::schedule::{Pace, Verdict};
use axum::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const FACTS: Facts =
    Facts { settings: &[URL, CHANGES], pace: Pace { at_once: 1, every_ms: 2_100 }, is_once: true };

/// Characters of all fields together; the service counts title and footer, too.
const MOST_CHARS: usize = 5_000;
/// A longer wait in seconds is one in milliseconds.
const LONGEST_SECONDS: f64 = 600.0;

pub(super) async fn deliver(
    message: &Message,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let url = job.text("url");
    let separator = if url.contains('?') { '&' } else { '?' };
    // The message itself is answered, so that a page that answers everything is no receipt.
    let url = format!("{url}{separator}wait=true");
    let answer = courier.send(Request::json(Method::POST, url, &body(message))).await?;
    let said = answer.json();
    let verdict = match answer.status.as_u16() {
        204 => Verdict::Delivered,
        200 if said["id"].is_string() => Verdict::Delivered,
        404 | 410 => Verdict::Gone,
        // The token of the webhook is no longer one.
        401 if said["code"] == 50_027 => Verdict::Gone,
        429 => Verdict::Again(wait(&answer, &said)),
        200..=299 => Verdict::Again(None),
        _ => answer.verdict(),
    };
    Ok(answer.into_outcome(verdict))
}

fn wait(answer: &ServiceAnswer, said: &Value) -> Option<Duration> {
    let body = said["retry_after"].as_f64().filter(|it| it.is_finite() && *it >= 0.0);
    let seconds = body.map(|it| if it > LONGEST_SECONDS { it / 1_000.0 } else { it });
    let seconds = seconds.map(|it| Duration::from_secs_f64(it.min(86_400.0)));
    seconds.into_iter().chain(answer.retry_after()).max()
}

fn body(message: &Message) -> Value {
    let mut room = MOST_CHARS;
    let mut fields = Vec::new();
    for Said { question, answer } in message.said.iter().take(25) {
        // A field without a name is refused with the whole message.
        let question = if question.trim().is_empty() { "…" } else { question };
        let name = escaped(question, 256);
        let left = room.saturating_sub(name.chars().count());
        let value = escaped(answer, left.min(1_024));
        if value.trim().is_empty() {
            continue;
        }
        room = left.saturating_sub(value.chars().count());
        fields.push(json!({"name": name, "value": value}));
    }
    json!({
        "embeds": [{
            "title": shortened(&message.title, 256),
            "fields": fields,
            "footer": {"text": shortened(&message.context, 500)},
        }],
        // Nobody is called, whatever a visitor writes.
        "allowed_mentions": {"parse": []},
    })
}

/// In at most so many characters, of which none is cut off from its escape; so that nothing that a visitor writes is a
/// format or a hidden link.
fn escaped(text: &str, most: usize) -> String {
    let is_format = |it: char| "\\*_~`|>[]()#@<".contains(it);
    let width = |it: char| if is_format(it) { 2 } else { 1 };
    let is_whole = text.chars().map(width).sum::<usize>() <= most;
    let mut room = if is_whole { most } else { most.saturating_sub(1) };
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let Some(left) = room.checked_sub(width(character)) else { break };
        room = left;
        if is_format(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    if !is_whole && most > 0 {
        escaped.push('…');
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_is_escaped_is_cut_between_characters() {
        assert_eq!(escaped("a*b", 4), "a\\*b");
        assert_eq!(escaped("a*b", 3), "a…");
        assert_eq!(escaped("***", 5), "\\*\\*…");
        assert_eq!(escaped("a", 0), "");
    }
}
