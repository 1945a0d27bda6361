//! A channel of Microsoft Teams, by a workflow ("When a Teams webhook request is received").
//!
//! Requires: the workflow's address, which is the secret. Limits: about four messages a second, and 21 kB a message. Says
//! no: 429; 404 where the workflow is gone. Repeats: cannot be told apart. 202 is said before the workflow has run: it
//! means that it was taken, not that it stands in the channel.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{CHANGES, DeliveryJob, Facts, URL};
use super::message::{Message, Said, shortened};
use super::schedule::{Pace, Verdict};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const FACTS: Facts =
    Facts { settings: &[URL, CHANGES], pace: Pace { at_once: 1, every_ms: 300 }, is_once: true };

/// Characters of all answers together, where they are as long as their bytes are few.
const MOST_CHARS: usize = 4_000;
/// Bytes of a message: some are six as they stand in JSON.
const MOST_BYTES: usize = 20_000;

pub(super) async fn deliver(
    message: &Message,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let card = fitting(message);
    let answer = courier.send(Request::json(Method::POST, job.text("url"), &card)).await?;
    let verdict = match answer.status.as_u16() {
        200..=202 => Verdict::Delivered,
        404 | 410 => Verdict::Gone,
        _ => answer.verdict(),
    };
    Ok(answer.into_outcome(verdict))
}

/// As much of it as Teams takes.
fn fitting(message: &Message) -> Value {
    let mut room = MOST_CHARS;
    let mut card = body(message, room);
    while card.to_string().len() > MOST_BYTES && room > 1 {
        room /= 2;
        card = body(message, room);
    }
    card
}

fn body(message: &Message, mut room: usize) -> Value {
    // Runs of text are not read as Markdown, as blocks of text are.
    let line = |text: &str, style: Value| {
        let mut run = json!({"type": "TextRun", "text": text});
        if let (Some(run), Some(style)) = (run.as_object_mut(), style.as_object()) {
            run.extend(style.clone());
        }
        json!({"type": "RichTextBlock", "inlines": [run]})
    };
    let mut lines =
        vec![line(&shortened(&message.title, 200), json!({"size": "Large", "weight": "Bolder"}))];
    for Said { question, answer } in &message.said {
        if room == 0 {
            break;
        }
        let question = shortened(question, 300.min(room));
        room = room.saturating_sub(question.chars().count());
        let answer = shortened(answer, room.max(1));
        room = room.saturating_sub(answer.chars().count());
        lines.push(line(&question, json!({"weight": "Bolder"})));
        lines.push(line(&answer, json!({})));
    }
    lines.push(line(&shortened(&message.context, 500), json!({"isSubtle": true, "size": "Small"})));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard", "version": "1.4", "body": lines,
    });
    let kind = "application/vnd.microsoft.card.adaptive";
    json!({"type": "message", "attachments": [{"contentType": kind, "content": card}]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_small_however_its_text_is_written() {
        for text in ["\u{1}".repeat(3_900), "😀".repeat(3_900), "a".repeat(50_000)] {
            let said = vec![Said { question: "Why?".to_owned(), answer: text }];
            let card = fitting(&Message { said, ..Message::default() });
            assert!(card.to_string().len() <= MOST_BYTES);
        }
    }
}
