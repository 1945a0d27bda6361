//! A Google Sheet: a row for each delivery.
//!
//! Requires: a service account, whose key is the secret and whose address the sheet is shared with. Limits: 60 rows a
//! minute for one account. Says no: 429; 404 where the spreadsheet is gone; 401 when the token is over, which is renewed.
//! Repeats: a row has the response's id and revision, by which one can be told. Texts are written as they are: what looks
//! like a formula is none.

use super::courier::{AttemptOutcome, Courier, Request};
use super::kind::{BASE, DeliveryJob, Facts, Setting, is_line};
use super::message::{Said, said};
use super::schedule::{Pace, Verdict};
use crate::clock;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sondeo_model::Response;

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "spreadsheet", is_secret: false, is_required: true, check: is_line },
        Setting { name: "sheet", is_secret: false, is_required: false, check: is_line },
        Setting { name: "account", is_secret: true, is_required: true, check: is_account },
        BASE,
    ],
    pace: Pace { at_once: 1, every_ms: 1_050 },
    is_once: false,
};

/// Characters of a cell, at most.
const LONGEST_CELL_CHARS: usize = 50_000;

/// The key of a service account, as Google gives it out.
struct Account {
    email: String,
    key: RsaKeyPair,
    token_uri: String,
}

impl Account {
    fn parse(value: &Value) -> Option<Self> {
        let parsed: Value;
        let value = match value {
            Value::String(text) => {
                parsed = serde_json::from_str(text).ok()?;
                &parsed
            }
            value => value,
        };
        let pem = value["private_key"].as_str()?;
        let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Some(Self {
            email: value["client_email"].as_str()?.to_owned(),
            key: RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()?,
            token_uri: value["token_uri"].as_str()?.to_owned(),
        })
    }

    /// Asks for a token for an hour (RFC 7523).
    fn assertion(&self) -> Option<String> {
        let now = clock::now().as_millis().div_euclid(1_000);
        let claims = json!({
            "iss": self.email, "scope": "https://www.googleapis.com/auth/spreadsheets",
            "aud": self.token_uri, "iat": now, "exp": now + 3_600,
        });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        self.key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn is_account(value: &Value) -> Result<(), String> {
    match Account::parse(value) {
        Some(_) => Ok(()),
        None => Err("must be the JSON key of a service account, with client_email, private_key and token_uri".to_owned()),
    }
}

pub(super) async fn deliver(
    response: &Response,
    job: &DeliveryJob<'_>,
    courier: &mut Courier<'_>,
) -> Result<AttemptOutcome, AttemptOutcome> {
    let row = row(response);
    let encode = |text: &str| -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let sheet = job.settings.get("sheet").and_then(Value::as_str).unwrap_or("Sheet1");
    let url = format!(
        "{}/v4/spreadsheets/{}/values/{}:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS",
        job.base("https://sheets.googleapis.com"),
        encode(job.text("spreadsheet")),
        encode(&format!("'{}'!A1", sheet.replace('\'', "''"))),
    );
    let body = json!({"majorDimension": "ROWS", "values": [row]});
    let mut answer = None;
    // Once more with a new token, where the one that is known is over.
    for _ in 0..2 {
        let token = match courier.token() {
            Some(token) => token,
            None => token(job, courier).await?,
        };
        let request = Request::json(Method::POST, &*url, &body).bearer(&token);
        let got = courier.send(request).await?;
        let is_over = got.status.as_u16() == 401;
        answer = Some(got);
        if !is_over {
            break;
        }
        courier.drop_token();
    }
    let Some(answer) = answer else { return Ok(AttemptOutcome::again("nothing was sent")) };
    let verdict = match answer.status.as_u16() {
        200 if answer.json()["updates"].is_object() => Verdict::Delivered,
        404 => Verdict::Gone,
        200..=299 => Verdict::Again(None),
        _ => answer.verdict(),
    };
    Ok(answer.into_outcome(verdict))
}

async fn token(job: &DeliveryJob<'_>, courier: &mut Courier<'_>) -> Result<String, AttemptOutcome> {
    let account = job.settings.get("account").and_then(Account::parse);
    let account =
        account.ok_or_else(|| AttemptOutcome::again("the service account's key cannot be read"))?;
    let assertion = account.assertion();
    let assertion =
        assertion.ok_or_else(|| AttemptOutcome::again("the service account's key cannot sign"))?;
    courier.hide(&assertion);
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let pairs = [("grant_type", grant), ("assertion", &*assertion)];
    let answer = courier.send(Request::for_token(&*account.token_uri, &pairs)).await?;
    lent(answer, courier)
}

/// The token in an answer of OAuth.
pub(super) fn lent(
    answer: super::courier::ServiceAnswer,
    courier: &mut Courier<'_>,
) -> Result<String, AttemptOutcome> {
    let said = answer.json();
    let Some(token) = said["access_token"].as_str().filter(|_| answer.status.is_success()) else {
        // Whoever may not come in now may do so when the account is put right.
        return Err(AttemptOutcome {
            verdict: Verdict::Again(answer.retry_after()),
            status: Some(answer.status.as_u16()),
            // What is no refusal may hold what nobody should read.
            answer: if answer.status.is_success() {
                "it lent no token".to_owned()
            } else {
                answer.body
            },
        });
    };
    courier.keep_token(token, said["expires_in"].as_u64().unwrap_or(900));
    Ok(token.to_owned())
}

/// The cells: what is always there, then a question and its answer in two cells each.
fn row(response: &Response) -> Vec<Value> {
    let mut cells = vec![
        response.shown_at.to_rfc3339(),
        response.survey.clone(),
        response.status.as_str().to_owned(),
        response.page.url.clone(),
        response.client.device.as_str().to_owned(),
        response.language.clone(),
        response.user.clone().unwrap_or_default(),
        response.id.to_text(),
        response.revision.to_string(),
    ];
    for Said { question, answer } in said(response) {
        cells.extend([question, answer]);
    }
    let cell = |text: String| Value::from(super::message::shortened(&text, LONGEST_CELL_CHARS));
    cells.into_iter().map(cell).collect()
}
