//! Zendesk: a ticket.
//!
//! Requires: the subdomain, the address of an agent and an API token of theirs. Limits: by plan, from 200 a minute. Says
//! no: 429 with `Retry-After`; 422 with what is wrong. Repeats: told apart by `Idempotency-Key`, which is the delivery's
//! id, for some hours; and by the ticket's `external_id`, which is the response's.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{BASE, DeliveryJob, Facts, Setting, is_email, is_line, is_subdomain};
use super::message::{email, shortened, text, title};
use super::schedule::Pace;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sondeo_model::Response;

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "subdomain", is_secret: false, is_required: true, check: is_subdomain },
        Setting { name: "email", is_secret: false, is_required: true, check: is_email },
        Setting { name: "token", is_secret: true, is_required: true, check: is_line },
        BASE,
    ],
    pace: Pace { at_once: 1, every_ms: 310 },
    is_once: true,
};

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let own = format!("https://{}.zendesk.com", job.text("subdomain"));
    let url = format!("{}/api/v2/tickets.json", job.base(&own));
    let mut ticket = json!({
        "subject": shortened(&title(response), 150),
        // For agents: the visitor gets no message of what the visitor has written.
        "comment": {"body": shortened(&text(response), 60_000), "public": false},
        "external_id": response.id.to_text(),
        "tags": ["sondeo", response.survey],
    });
    if let Some(email) = email(response) {
        ticket["requester"] = json!({"name": email, "email": email});
    }
    let login = STANDARD.encode(format!("{}/token:{}", job.text("email"), job.text("token")));
    courier.hide(&login);
    let request = Request::json(Method::POST, url, &json!({"ticket": ticket}))
        .with("authorization", format!("Basic {login}"))
        .with("idempotency-key", &*job.id);
    let answer = courier.send(request).await?;
    let verdict = answer.verdict_by(answer.json()["ticket"]["id"].is_number());
    Ok(answer.into_outcome(verdict))
}
