//! What the store counts about itself, for `/metrics`.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// What the writer did since the start.
#[derive(Debug, Clone)]
pub(crate) struct WriterMetrics {
    pub(super) stored: Counter,
    pub(super) known: Counter,
    pub(super) erased: Counter,
    pub(super) failed: Counter,
    pub(super) refused: Counter,
    pub(super) names_refused: Counter,
    pub(super) names_merged: Counter,
    /// Seconds from the first statement to the end of the commit.
    pub(super) commit: Histogram,
    /// Responses that shared a commit.
    pub(super) batch: Histogram,
}

impl WriterMetrics {
    pub(super) fn new() -> Self {
        Self {
            stored: Counter::default(),
            known: Counter::default(),
            erased: Counter::default(),
            failed: Counter::default(),
            refused: Counter::default(),
            names_refused: Counter::default(),
            names_merged: Counter::default(),
            commit: Histogram::new(exponential_buckets(0.000_5, 2.0, 14)),
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
        }
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        let counters = [
            ("responses_stored", "Revisions that were stored", &self.stored),
            ("responses_known", "Revisions that had been stored before", &self.known),
            ("responses_erased", "Revisions of what was erased, which stay away", &self.erased),
            ("responses_failed", "Revisions that the database did not take", &self.failed),
            (
                "responses_refused",
                "Revisions under another survey than before, or of one survey too many",
                &self.refused,
            ),
            (
                "names_refused",
                "Pages, questions, options … that count as … because there are too many",
                &self.names_refused,
            ),
            ("names_merged", "Those that made room for others", &self.names_merged),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register("commit_seconds", "Time of a transaction", self.commit.clone());
        registry.register("commit_responses", "Revisions of a transaction", self.batch.clone());
    }
}
