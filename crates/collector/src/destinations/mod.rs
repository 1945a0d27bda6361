//! Responses go where people work: each is passed on to the destinations of its site, and none is lost on the way.
//!
//! What is to be delivered is written in the transaction that stores the response (`store/deliveries.rs`). A task for each
//! destination takes it in hand for a while (`worker.rs`), takes it there (`kind.rs`, and a file for each service) and
//! writes down what became of it, by rules that know no clock and no network (`schedule.rs`).

mod address;
mod api;
mod changes;
mod courier;
mod digest;
mod discord;
mod email;
mod google_sheets;
mod hubspot;
mod kind;
mod message;
mod notice;
mod pipedrive;
mod salesforce;
mod schedule;
mod secrets;
mod slack;
mod teams;
mod trial;
mod webhook;
mod when;
mod worker;
mod zendesk;

pub use address::Inside;
pub(crate) use api::routes;
pub(crate) use kind::{DestinationKind, Facts};
pub(crate) use notice::{follow, subject_of};
pub(crate) use schedule::{Admission, Circuit, Next, Pace, Verdict, next};
pub(crate) use secrets::new_key;
pub(crate) use when::When;

use crate::store::{Route, Routes, Store, StoreError, StoredDestination, StoredDestinationState};
use crate::{byte_order_mark, config};
use address::{Allowed, System};
use anyhow::Context;
use courier::Outbound;
use email::Mailer;
use secrets::{Keys, SecretError};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long the last deliveries may take when the collector ends.
const LAST_CALL: Duration = Duration::from_secs(10);

/// Bytes of a part of an address that is taken for a secret by itself.
const SHORTEST_PART: usize = 8;

/// What everything that delivers needs.
#[derive(Debug)]
struct Shared {
    keys: Keys,
    outbound: Outbound,
    mailer: Option<Mailer>,
    /// How long a response that is not completed is waited for, in milliseconds.
    quiet_ms: i64,
}

/// Passes responses on.
#[derive(Debug)]
pub(crate) struct Forwarder {
    shared: Arc<Shared>,
    workers: Mutex<HashMap<i64, JoinHandle<()>>>,
    ending: watch::Sender<bool>,
    /// Up to which change it has looked at everything. Whoever looks holds it.
    seen: tokio::sync::Mutex<i64>,
}

impl Forwarder {
    pub(crate) fn new(config: &config::Serve) -> anyhow::Result<Self> {
        let mut text = config.destination_keys.clone().unwrap_or_default();
        if let Some(file) = &config.destination_keys_file {
            let read = std::fs::read_to_string(file);
            text = read.with_context(|| format!("cannot read the keys {}", file.display()))?;
        }
        let keys = Keys::parse(&text).context("--destination-keys")?;
        let mut smtp = config.smtp.clone();
        if let Some(file) = &config.smtp_file {
            let read = std::fs::read_to_string(file);
            // Not its name: an address that was given in its place holds a password.
            let read = read.context("cannot read the file that --smtp-file names")?;
            smtp = Some(byte_order_mark::without(&read).trim().to_owned());
        }
        let mailer = match (&smtp, &config.mail_from) {
            (Some(url), Some(from)) => Some(Mailer::new(url, from)?),
            (None, None) => None,
            _ => anyhow::bail!("--smtp (or --smtp-file) and --mail-from: mail needs both"),
        };
        let allowed = Allowed::new(&config.allow_destination);
        let outbound = Outbound::new(allowed, Arc::new(System))?;
        let quiet_ms = i64::from(config.quiet) * 1_000;
        let shared = Arc::new(Shared { keys, outbound, mailer, quiet_ms });
        let (ending, seen) = (watch::Sender::new(false), tokio::sync::Mutex::new(-1));
        Ok(Self { shared, workers: Mutex::default(), ending, seen })
    }

    /// Looks at what it has not seen of the changes up to this one, also where that failed before. Of several that look at
    /// once the one with the latest change ends last.
    pub(crate) async fn follow_up(
        &self,
        store: &Store,
        revision: impl Fn() -> i64,
    ) -> Result<(), StoreError> {
        let mut seen = self.seen.lock().await;
        let revision = revision();
        if *seen < revision {
            self.refresh(store).await?;
            *seen = revision;
        }
        Ok(())
    }

    /// Looks which destinations there are, and has a task for each that takes something.
    async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let known = store.destinations(None).await?;
        let known: Vec<_> =
            known.into_iter().filter(|it| it.state != StoredDestinationState::Removed).collect();
        store
            .set_routes(Routes::new(known.iter().filter_map(|it| self.shared.route(it)).collect()));
        self.shared.outbound.keep_tokens(|id| known.iter().any(|it| it.id == id));
        self.reseal(store, &known).await?;
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.retain(|_, worker| !worker.is_finished());
        if *self.ending.borrow() {
            return Ok(());
        }
        for destination in known.iter().filter(|it| it.state == StoredDestinationState::Active) {
            let work = || {
                let (shared, store) = (Arc::clone(&self.shared), store.clone());
                tokio::spawn(worker::work(shared, store, destination.id, self.ending.subscribe()))
            };
            workers.entry(destination.id).or_insert_with(work);
        }
        Ok(())
    }

    /// Seals with the first key what another one has sealed.
    async fn reseal(&self, store: &Store, known: &[StoredDestination]) -> Result<(), StoreError> {
        let keys = &self.shared.keys;
        let Some(current) = keys.current() else { return Ok(()) };
        let others = known.iter().filter(|it| !it.key_id.is_empty() && it.key_id != current);
        for destination in others {
            let opened = keys.open(destination.id, &destination.key_id, &destination.secrets);
            match opened.and_then(|text| keys.seal(destination.id, &text)) {
                Ok((id, sealed)) => store.reseal_destination(destination, (&id, sealed)).await?,
                Err(error) => {
                    tracing::warn!(destination = destination.name, %error, "secrets keep their key")
                }
            }
        }
        Ok(())
    }

    /// Takes nothing more in hand, and waits for what is on its way.
    pub(crate) async fn close(&self) {
        self.ending.send_replace(true);
        let workers =
            std::mem::take(&mut *self.workers.lock().unwrap_or_else(PoisonError::into_inner));
        let ended = futures_util::future::join_all(workers.into_values());
        if tokio::time::timeout(LAST_CALL, ended).await.is_err() {
            tracing::warn!("deliveries that did not end in time are tried again");
        }
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        for (_, worker) in self.workers.get_mut().unwrap_or_else(PoisonError::into_inner).drain() {
            worker.abort();
        }
    }
}

impl Shared {
    /// Which responses go to a destination; none where a later version has stored what this one cannot read.
    fn route(&self, destination: &StoredDestination) -> Option<Route> {
        let kind: DestinationKind = destination.kind.parse().ok()?;
        if notice::Tells::of(destination).is_some() {
            // It is told once a day, and not of each response.
            return None;
        }
        Some(Route {
            destination: destination.id,
            site: destination.site.clone(),
            surveys: destination.surveys.clone(),
            when: When::parse(&destination.when).ok()?,
            passes: destination.passes,
            is_once: kind.facts().is_once,
            quiet_ms: self.quiet_ms,
        })
    }

    /// All settings of a destination, also the secret ones.
    fn settings(&self, destination: &StoredDestination) -> Result<Map<String, Value>, SecretError> {
        let opened = self.keys.open(destination.id, &destination.key_id, &destination.secrets)?;
        let mut settings = destination.settings.clone();
        if let Ok(Value::Object(secrets)) = serde_json::from_str(&opened) {
            settings.extend(secrets);
        }
        Ok(settings)
    }

    /// Everything that must stand in no text that is kept.
    fn secrets(&self, kind: DestinationKind, settings: &Map<String, Value>) -> Vec<String> {
        let mut secrets = Vec::new();
        for (name, value) in settings {
            let setting = kind.facts().settings.iter().find(|it| it.name == name);
            if setting.is_some_and(|it| it.is_secret)
                || webhook::REPLACED_SECRETS.contains(&&**name)
            {
                add_texts(value, &mut secrets);
            }
        }
        // Longer ones first: one may hold another.
        secrets.sort_unstable_by_key(|it| std::cmp::Reverse(it.len()));
        secrets
    }
}

fn add_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            // What a service says of an address is its path.
            if let Ok(url) = url::Url::parse(text) {
                let path = &url[url::Position::BeforePath..];
                texts.extend((path.len() > 1).then(|| path.to_owned()));
                texts.extend((url.path().len() > 1).then(|| url.path().to_owned()));
                // Or a part of it. What is short is hardly a secret, and stands in many an answer.
                let segments = url.path_segments().into_iter().flatten().map(str::to_owned);
                texts.extend(segments.filter(|it| it.len() >= SHORTEST_PART));
                let values = url.query_pairs().map(|(_, value)| value.into_owned());
                texts.extend(values.filter(|it| it.len() >= SHORTEST_PART));
            }
            if let Ok(value @ Value::Object(_)) = serde_json::from_str(text) {
                add_texts(&value["private_key"], texts);
            }
            texts.push(text.clone());
        }
        Value::Object(map) => map.values().for_each(|it| add_texts(it, texts)),
        Value::Array(list) => list.iter().for_each(|it| add_texts(it, texts)),
        _ => {}
    }
}

/// The id of a destination, as people read it.
pub(crate) fn id_text(id: i64) -> String {
    format!("{id:012x}")
}

fn parse_id(text: &str) -> Option<i64> {
    let is_hex = text.len() == 12 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| i64::from_str_radix(text, 16).ok())?
}

/// The id of a delivery, by which a receiver tells a repeat. It holds no full stop, which the signature has between parts.
fn delivery_id(response: &str, revision: i64, destination: i64) -> String {
    format!("{response}-{revision}-{}", id_text(destination))
}
