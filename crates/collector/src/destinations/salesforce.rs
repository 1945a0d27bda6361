//! Salesforce: a record, by an external id.
//!
//! Requires: the address of the organisation ("My Domain"), a connected app with client credentials, an object with a field
//! that is an external id, and which of its fields are filled with what. Limits: requests a day, by licence. Says no: 401
//! when the token is over, which is renewed; 403 `REQUEST_LIMIT_EXCEEDED`; 400 with what is wrong. Repeats: put the same
//! record in its own place, so that there is one for each response.

use super::courier::{AttemptOutcome, Courier, Request};
use super::google_sheets::lent;
use super::kind::{DeliveryJob, Facts, Setting, is_address, is_api_name, is_fields, is_line};
use super::message::field;
use super::schedule::{Pace, Verdict};
use axum::http::Method;
use serde_json::{Map, Value};
use sondeo_model::Response;
use std::time::Duration;

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "base", is_secret: false, is_required: true, check: is_address },
        Setting { name: "client_id", is_secret: true, is_required: true, check: is_line },
        Setting { name: "client_secret", is_secret: true, is_required: true, check: is_line },
        Setting { name: "object", is_secret: false, is_required: true, check: is_api_name },
        Setting { name: "external_id", is_secret: false, is_required: true, check: is_api_name },
        Setting { name: "fields", is_secret: false, is_required: true, check: is_fields },
    ],
    pace: Pace { at_once: 4, every_ms: 0 },
    is_once: false,
};

const VERSION: &str = "v62.0";
/// The day's requests are used up.
const NO_MORE_TODAY: Duration = Duration::from_secs(3_600);

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let base = job.text("base").trim_end_matches('/');
    let url = format!(
        "{base}/services/data/{VERSION}/sobjects/{}/{}/{}",
        job.text("object"),
        job.text("external_id"),
        response.id.to_text()
    );
    let mut record = Map::new();
    for (name, source) in
        job.settings.get("fields").and_then(Value::as_object).into_iter().flatten()
    {
        if let Some(value) = source.as_str().and_then(|source| field(response, source)) {
            // The service turns texts into what the field is.
            record.insert(name.clone(), Value::from(value));
        }
    }
    let record = Value::Object(record);
    let mut answer = None;
    for _ in 0..2 {
        let token = match courier.token() {
            Some(token) => token,
            None => {
                let pairs = [
                    ("grant_type", "client_credentials"),
                    ("client_id", job.text("client_id")),
                    ("client_secret", job.text("client_secret")),
                ];
                let asked = Request::for_token(format!("{base}/services/oauth2/token"), &pairs);
                lent(courier.send(asked).await?, courier)?
            }
        };
        let request = Request::json(Method::PATCH, &*url, &record).bearer(&token);
        let got = courier.send(request).await?;
        let is_over = got.status.as_u16() == 401;
        answer = Some(got);
        if !is_over {
            break;
        }
        courier.drop_token();
    }
    let Some(answer) = answer else { return Ok(AttemptOutcome::again("nothing was sent")) };
    let verdict = if answer.status.as_u16() == 403 && answer.body.contains("REQUEST_LIMIT_EXCEEDED")
    {
        Verdict::Again(Some(NO_MORE_TODAY))
    } else {
        answer.verdict_by(answer.status.as_u16() == 204 || answer.json()["success"] == true)
    };
    Ok(answer.into_outcome(verdict))
}
