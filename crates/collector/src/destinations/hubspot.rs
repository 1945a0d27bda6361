//! HubSpot, by a submission of a form that needs a token.
//!
//! Requires: portal, form and the token of a private app with the scope `forms`; the form's fields. Limits: 100 in 10
//! seconds. Says no: 429, and ten of them within a second block the address for a minute, so that we go slowly and wait a
//! minute; 400 with the field that is wrong; 404 where the form is gone. Repeats: the contact is one by its e-mail address,
//! the submission is repeated after a crash or a time-out.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{BASE, DeliveryJob, Facts, Setting, is_fields, is_line};
use super::message::field;
use super::schedule::{Pace, Verdict};
use axum::http::Method;
use serde_json::{Value, json};
use sondeo_model::Response;
use std::time::Duration;

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "portal", is_secret: false, is_required: true, check: is_portal },
        Setting { name: "form", is_secret: false, is_required: true, check: is_form },
        Setting { name: "token", is_secret: true, is_required: true, check: is_line },
        Setting { name: "fields", is_secret: false, is_required: true, check: is_fields },
        BASE,
    ],
    pace: Pace { at_once: 1, every_ms: 150 },
    is_once: true,
};

fn is_portal(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(id) if !id.is_empty() && id.bytes().all(|it| it.is_ascii_digit()) => Ok(()),
        _ => Err("must be the number of the account (try \"12345678\")".to_owned()),
    }
}

fn is_form(value: &Value) -> Result<(), String> {
    let is_id = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    match value.as_str() {
        Some(id) if !id.is_empty() && id.bytes().all(is_id) => Ok(()),
        _ => {
            Err("must be the id of a form (try \"8f2c1b7e-3a4d-4c5e-9f60-1a2b3c4d5e6f\")"
                .to_owned())
        }
    }
}

const BLOCKED: Duration = Duration::from_secs(60);

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let url = format!(
        "{}/submissions/v3/integration/secure/submit/{}/{}",
        job.base("https://api.hsforms.com"),
        job.text("portal"),
        job.text("form")
    );
    let fields = job.settings.get("fields").and_then(Value::as_object);
    let fields: Vec<Value> = fields
        .into_iter()
        .flatten()
        .filter_map(|(name, source)| {
            let value = field(response, source.as_str()?)?;
            Some(json!({"objectTypeId": "0-1", "name": name, "value": value}))
        })
        .collect();
    if fields.is_empty() {
        return Ok(AttemptOutcome::refused(
            "none of the form's fields has a value in this response",
        ));
    }
    let body = json!({
        "submittedAt": response.shown_at.as_millis().min(crate::clock::now().as_millis()),
        "fields": fields,
        "context": {"pageUri": response.page.url, "pageName": response.page.title},
    });
    let answer =
        courier.send(Request::json(Method::POST, url, &body).bearer(job.text("token"))).await?;
    let verdict = match answer.status.as_u16() {
        404 | 410 => Verdict::Gone,
        429 => Verdict::Again(Some(answer.retry_after().unwrap_or_default().max(BLOCKED))),
        _ => answer.verdict_by(answer.json().is_object()),
    };
    Ok(answer.into_outcome(verdict))
}
