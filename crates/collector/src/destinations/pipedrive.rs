//! Pipedrive: a note at the person of the visitor's e-mail address.
//!
//! Requires: an API token; a page that says the visitor's address (`data-user`, `data-custom-email`) or a question for it.
//! Limits: by plan, from 20 in two seconds. Says no: 429; 403 to whoever goes on then. Repeats: before a note is written
//! once more, the person's notes are looked at for the delivery's id.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{BASE, DeliveryJob, Facts, Setting, is_line};
use super::message::{email, shortened, text, title};
use super::schedule::{Pace, Verdict};
use crate::clock;
use axum::http::Method;
use serde_json::json;
use sondeo_model::Response;

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "token", is_secret: true, is_required: true, check: is_line },
        BASE,
    ],
    pace: Pace { at_once: 1, every_ms: 400 },
    is_once: true,
};

/// As long as a delivery is in hand: one that is older may have been so before.
const OLD_MS: i64 = 60_000;

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let Some(email) = email(response) else {
        return Ok(AttemptOutcome::refused(
            "the response has no e-mail address, by which a person could be found (data-user or data-custom-email)",
        ));
    };
    let (base, token) = (job.base("https://api.pipedrive.com"), job.text("token"));
    let term: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    let url = format!("{base}/api/v2/persons/search?term={term}&fields=email&exact_match=true");
    let answer = courier.send(Request::get(url).with("x-api-token", token)).await?;
    let items = answer.json()["data"]["items"].clone();
    let verdict = answer.verdict_by(items.is_array());
    if verdict != Verdict::Delivered {
        return Ok(answer.into_outcome(verdict));
    }
    let person = if let Some(person) = items[0]["item"]["id"].as_i64() {
        person
    } else {
        let body = json!({"name": email, "emails": [{"value": email, "primary": true}]});
        let request = Request::json(Method::POST, format!("{base}/api/v2/persons"), &body);
        let answer = courier.send(request.with("x-api-token", token)).await?;
        let Some(person) = answer.json()["data"]["id"].as_i64() else {
            // A page that answers 200 has made nobody.
            let verdict = answer.verdict_by(false);
            return Ok(answer.into_outcome(verdict));
        };
        person
    };
    // One that had it in hand may have died before it wrote that down: then it is old, and was never tried.
    if job.tries > 0 || clock::now().as_millis() - job.at >= OLD_MS {
        let url = format!("{base}/v1/notes?person_id={person}&sort=add_time%20DESC&limit=100");
        let answer = courier.send(Request::get(url).with("x-api-token", token)).await?;
        // Of many long notes only the first part is read, which is no whole JSON: the latest ones stand there.
        let is_list =
            answer.body.trim_start().starts_with('{') && answer.json()["success"] != false;
        let verdict = answer.verdict_by(is_list);
        if verdict != Verdict::Delivered || answer.body.contains(&*job.id) {
            return Ok(answer.into_outcome(verdict));
        }
    }
    let body = json!({"person_id": person, "content": note(response, &job.id)});
    let request = Request::json(Method::POST, format!("{base}/v1/notes"), &body);
    let answer = courier.send(request.with("x-api-token", token)).await?;
    let verdict = answer.verdict_by(answer.json()["data"]["id"].is_i64());
    Ok(answer.into_outcome(verdict))
}

/// Notes are HTML.
fn note(response: &Response, id: &str) -> String {
    let (title, text) = (title(response), text(response));
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = escape(&shortened(&text, 50_000)).replace('\n', "<br>");
    format!("<b>{}</b><br>{text}<br>{id}", escape(&title))
}
