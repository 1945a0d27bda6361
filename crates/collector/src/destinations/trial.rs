//! Tries a destination while somebody looks on.

use super::courier::Courier;
use super::kind::{Content, DeliveryJob, DestinationKind};
use super::schedule::Verdict;
use super::{Forwarder, SecretError};
use crate::clock;
use crate::store::StoredDestination;
use sondeo_api::Trial;
use sondeo_model::Response;
use std::time::Duration;

/// A response that nobody gave.
const SAMPLE: &str = r#"{"sondeo":1,"id":"0199a3c2-5f1e-7a3b-8c4d-000000000000","revision":1,"status":"completed",
"survey":"sample","template":null,"trigger":"load","language":"en","answers":[
{"question":"satisfaction","text":"How satisfied are you with your purchase?","kind":"likert","points":5,"metric":"csat","value":2},
{"question":"why","text":"What went wrong?","kind":"text","value":"This is a sample, and nobody said it: <!channel> @everyone =1+1"}],
"shown_at":"2026-11-21T18:40:13.123Z","sent_at":"2026-11-21T18:40:20.001Z","elapsed_ms":6878,
"page":{"url":"https://shop.example/checkout/done","title":"Thanks","referrer":"https://shop.example/cart"},
"client":{"language":"en","time_zone":null,"device":"mobile","viewport":[390,844]},"visit":1,"visitor":null,
"user":"sample@shop.example","custom":{},"widget":"0.1.0"}"#;

const TIMEOUT: Duration = Duration::from_secs(40);

/// The sample, as one of this site.
pub(crate) fn sample(site: &str) -> Option<Response> {
    let mut response: Response = serde_json::from_str(SAMPLE).ok()?;
    response.site = Some(site.to_owned());
    Some(response)
}

impl Forwarder {
    /// Takes a response or a notice to a destination at once, whatever the destination wants.
    pub(crate) async fn try_out(
        &self,
        destination: &StoredDestination,
        kind: DestinationKind,
        content: &Content,
    ) -> Result<Trial, SecretError> {
        let settings = self.shared.settings(destination)?;
        let now = clock::now().as_millis();
        let body = match content {
            Content::Response(response) => response.to_json(),
            // Nobody takes its body as it is.
            Content::Notice(_) => String::new(),
        };
        let job = DeliveryJob {
            // Of its own: it is no repeat of what was sent.
            id: format!("test-{now}-{}", super::id_text(destination.id)),
            body: &body,
            at: now,
            tries: 0,
            settings: &settings,
        };
        let secrets = self.shared.secrets(kind, &settings);
        let mut courier = Courier::new(&self.shared.outbound, (destination.id, &settings), secrets);
        courier.exchanges = Some(Vec::new());
        let delivering = kind.deliver(content, &job, &mut courier, self.shared.mailer.as_ref());
        let delivered = tokio::time::timeout(TIMEOUT, delivering).await;
        let (verdict, answer) = match delivered {
            Ok(outcome) => (outcome.verdict, outcome.answer),
            Err(_) => (Verdict::Again(None), "it did not answer in time".to_owned()),
        };
        let outcome = match verdict {
            Verdict::Delivered => "delivered",
            Verdict::Again(_) => "again",
            Verdict::Refused => "refused",
            Verdict::Gone => "gone",
        };
        let is_delivered = verdict == Verdict::Delivered;
        Ok(Trial {
            delivered: is_delivered,
            outcome: outcome.to_owned(),
            reason: (!is_delivered).then(|| courier.without_secrets(&answer)),
            exchanges: courier.exchanges.take().unwrap_or_default(),
        })
    }
}
