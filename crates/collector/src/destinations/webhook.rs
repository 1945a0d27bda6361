//! Any address, signed as Standard Webhooks has it. Another collector is a valid one: its `/v1/responses` takes the body.
//!
//! Requires: an address, and a secret that both sides know. Limits: the receiver's. Says no: by any status that is not
//! 2xx, and by 410 for good. Repeats: told apart by `webhook-id`.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{DeliveryJob, Facts, Setting, URL, is_headers};
use super::schedule::{Pace, Verdict};
use crate::clock;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Map, Value, json};
use sondeo_model::{Response, Timestamp};

/// How long a secret that was replaced still signs beside the new one.
const ROTATION_MS: i64 = 24 * 3_600_000;
/// Secrets that were replaced within that time and still sign, the latest: a header holds only so much.
const MOST_REPLACED: usize = 8;
/// What settings call them. They are secret as well.
pub(super) const REPLACED_SECRETS: [&str; 2] = ["previous_secrets", "previous_secret"];

pub(super) const FACTS: Facts = Facts {
    settings: &[
        URL,
        Setting { name: "secret", is_secret: true, is_required: true, check: is_secret },
        Setting { name: "headers", is_secret: true, is_required: false, check: is_headers },
    ],
    pace: Pace { at_once: 128, every_ms: 0 },
    is_once: false,
};

fn is_secret(value: &Value) -> Result<(), String> {
    match value.as_str().and_then(key) {
        Some(_) => Ok(()),
        None => {
            let mut drawn = [0; 32];
            let drawn = getrandom::fill(&mut drawn).map(|()| STANDARD.encode(drawn));
            let drawn = drawn.unwrap_or_else(|_| "…".to_owned());
            Err(format!(
                "must be whsec_ and the Base64 of 24 to 64 random bytes (try \"whsec_{drawn}\")"
            ))
        }
    }
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

/// Puts a secret that was replaced now beside those before it.
pub(super) fn replace_secret(settings: &mut Map<String, Value>, secret: Value, now: Timestamp) {
    let mut replaced: Vec<Value> =
        replaced_secrets(settings, now).into_iter().map(|it| json!(it)).collect();
    let until = now.as_millis() + ROTATION_MS;
    replaced.push(json!([secret, until]));
    let surplus = replaced.len().saturating_sub(MOST_REPLACED);
    settings.remove("previous_secret");
    settings.insert("previous_secrets".to_owned(), replaced.split_off(surplus).into());
    settings.insert("previous_until".to_owned(), until.into());
}

/// The secrets that were replaced and still sign, each with the moment, in milliseconds, at which that ends.
fn replaced_secrets(settings: &Map<String, Value>, now: Timestamp) -> Vec<(String, i64)> {
    // The first versions kept one.
    let pair = |name: &str| settings.get(name).cloned().unwrap_or_default();
    let one = json!([pair("previous_secret"), pair("previous_until")]);
    let several = settings.get("previous_secrets").and_then(Value::as_array);
    let all = several.into_iter().flatten().chain([&one]);
    let known = all.filter_map(|it| serde_json::from_value::<(String, i64)>(it.clone()).ok());
    known.filter(|(_, until)| now.as_millis() < *until).collect()
}

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let now = clock::now();
    let body = envelope(response, job);
    let seconds = now.as_millis().div_euclid(1_000);
    let signed = format!("{}.{seconds}.{body}", job.id);
    let mut secrets = vec![job.text("secret")];
    let replaced = replaced_secrets(job.settings, now);
    secrets.extend(replaced.iter().map(|(secret, _)| &**secret));
    let signatures: Vec<String> = secrets.into_iter().filter_map(|it| sign(it, &signed)).collect();
    let mut request = Request {
        method: Method::POST,
        url: job.text("url").to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
        is_private: false,
    }
    .with("webhook-id", &*job.id)
    .with("webhook-timestamp", seconds.to_string())
    .with("webhook-signature", signatures.join(" "));
    for (name, value) in
        job.settings.get("headers").and_then(Value::as_object).into_iter().flatten()
    {
        request = request.with(name, value.as_str().unwrap_or_default());
    }
    let answer = courier.send(request).await?;
    let verdict = match answer.status.as_u16() {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        _ => Verdict::Again(answer.retry_after()),
    };
    Ok(answer.into_outcome(verdict))
}

/// The body. The response stands in it as it was stored.
fn envelope(response: &Response, job: &DeliveryJob<'_>) -> String {
    let kind = response.status.as_str();
    let at = Timestamp::from_millis(job.at).to_rfc3339();
    format!(r#"{{"type":"response.{kind}","timestamp":"{at}","data":{}}}"#, job.body)
}

fn sign(secret: &str, text: &str) -> Option<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key(secret)?);
    Some(format!("v1,{}", STANDARD.encode(hmac::sign(&key, text.as_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::{key, sign};

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // From the specification's own example.
        let text = r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
        let signature = sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", text);
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_secret_is_long_enough() {
        assert!(key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_some());
        for secret in ["", "whsec_", "whsec_MfKQ9r8G", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(key(secret).is_none(), "{secret}");
        }
    }
}
