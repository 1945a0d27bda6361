//! `/metrics`: what Prometheus scrapes.

use crate::access::Reader;
use crate::{Collector, Error};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use prometheus_client::collector::Collector as Gauges;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::clock;
use crate::store::{Scope, Store, StoreError, StoredDestinationState};

/// What is counted of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    status: u16,
}

/// Everything that is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    destinations: OfDestinations,
}

/// Of which destination.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DestinationLabels {
    site: String,
    destination: String,
    kind: String,
}

/// What waits for destinations, as it was when somebody asked last.
#[derive(Debug, Clone, Default)]
struct OfDestinations {
    waiting: Family<DestinationLabels, Gauge>,
    oldest: Family<DestinationLabels, Gauge>,
    failed: Family<DestinationLabels, Gauge>,
    /// 1 where it takes what comes.
    is_active: Family<DestinationLabels, Gauge>,
}

impl OfDestinations {
    fn register(&self, registry: &mut Registry) {
        let gauges = [
            ("deliveries_waiting", "Responses that wait for a destination", &self.waiting),
            ("deliveries_oldest_seconds", "How long the oldest of them waits", &self.oldest),
            ("deliveries_failed", "Responses that were given up", &self.failed),
            ("destination_active", "Whether a destination is switched on", &self.is_active),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
    }

    async fn look(&self, store: &Store) -> Result<(), StoreError> {
        let known = store.destinations(None).await?;
        let backlogs = if known.is_empty() { BTreeMap::new() } else { store.backlogs().await? };
        let now = clock::now().as_millis();
        for family in [&self.waiting, &self.oldest, &self.failed, &self.is_active] {
            family.clear();
        }
        for it in known.into_iter().filter(|it| it.state != StoredDestinationState::Removed) {
            let backlog = backlogs.get(&it.id).copied().unwrap_or_default();
            let destination = crate::destinations::id_text(it.id);
            let labels = DestinationLabels { site: it.site, destination, kind: it.kind };
            let age = backlog.oldest.map_or(0, |at| (now - at).max(0) / 1_000);
            self.waiting.get_or_create(&labels).set(backlog.waiting);
            self.oldest.get_or_create(&labels).set(age);
            self.failed.get_or_create(&labels).set(backlog.failed);
            let is_active = it.state == StoredDestinationState::Active;
            self.is_active.get_or_create(&labels).set(is_active.into());
        }
        Ok(())
    }
}

impl Metrics {
    pub(crate) fn new(store: &Store) -> Self {
        let mut registry = Registry::with_prefix("sondeo");
        let requests = Family::<RequestLabels, Counter>::default();
        registry.register("http_requests", "Requests by method and status", requests.clone());
        store.metrics().register(&mut registry);
        registry.register_collector(Box::new(Waiting(store.clone())));
        let destinations = OfDestinations::default();
        destinations.register(&mut registry);
        Self { registry, requests, destinations }
    }

    /// Counts a request by the status of its response.
    pub(crate) fn count(&self, method: &'static str, status: StatusCode) {
        self.requests.get_or_create(&RequestLabels { method, status: status.as_u16() }).inc();
    }
}

/// Responses that wait, as they are when somebody asks.
#[derive(Debug)]
struct Waiting(Store);

impl Gauges for Waiting {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let gauge = ConstGauge::new(i64::try_from(self.0.waiting()).unwrap_or(i64::MAX));
        let help = "Responses that wait to be written";
        let metric = encoder.encode_descriptor("queue", help, None, gauge.metric_type())?;
        gauge.encode(metric)
    }
}

/// The method of a request, of those that are counted by name.
pub(crate) fn method(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What is counted, in Prometheus' words.
#[utoipa::path(get, path = "/metrics", tag = "operation", security(("token" = ["read"])), responses(
    (status = 200, description = "in the text format of OpenMetrics", body = String),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
))]
pub(crate) async fn show(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    // What is counted here is counted for all sites together.
    principal.check_everywhere(Scope::Read)?;
    collector.metrics.destinations.look(&collector.store).await?;
    let mut body = String::new();
    text::encode(&mut body, &collector.metrics.registry).map_err(|_| Error::Internal)?;
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, content_type)], body))
}
