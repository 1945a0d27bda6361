//! The one task that writes responses. Those that wait share a transaction, and so a sync of the disk;
//! each sender hears of his own after the commit.

use super::incoming::{Incoming, Submission};
use super::survey_key::DEFAULT_SITE;
use super::{Inner, Store, StoreError, batch, failure};
use serde::Serialize;
use sondeo_model::{ResponseId, Status, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// What became of a revision that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// It is the highest of its response so far, and stored now.
    Inserted,
    /// This one or a higher one had been stored before.
    Duplicate,
    /// The response, or its visitor, was erased: it stays away.
    Erased,
    /// An earlier revision belongs to another survey, and the response stays there.
    OtherSurvey,
    /// There are as many surveys as the store takes, and this would be one more: not stored.
    TooManySurveys,
}

/// A revision that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteReport {
    /// What became of it.
    pub outcome: WriteOutcome,
    /// How many names (pages, questions, options, wordings …) it brought that were not known before, whether they
    /// found a place or not. Names cost more than counts: a sender's share of them can be limited by this.
    pub new_names: u32,
}

/// How long a response waits for a slot of the queue, while others are written.
const RESERVE_TIMEOUT: Duration = Duration::from_secs(2);
/// Responses that may wait for a slot, for each slot that there is.
const WAITING_PER_SLOT: usize = 3;

/// How a store works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Responses that may wait to be written, at most.
    pub queue: usize,
    /// Responses that share a commit, at most.
    pub batch: usize,
    /// Connections that read.
    pub readers: u32,
    /// Pages that a SQLite file may have, at most; 0 for no limit.
    pub max_pages: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { queue: 1_024, batch: 512, readers: 4, max_pages: 0 }
    }
}

/// A response that was stored just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// Which one.
    pub id: ResponseId,
    /// Its survey.
    pub survey: String,
    /// The site of the survey.
    pub site: String,
    /// How far the visitor came.
    pub status: Status,
    /// Its revision.
    pub revision: u32,
    /// When it came.
    pub at: Timestamp,
}

struct WriteJob {
    incoming: Incoming,
    reply: oneshot::Sender<Result<WriteReport, Arc<StoreError>>>,
}

/// The way to the writer.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: Mutex<Option<mpsc::Sender<WriteJob>>>,
    /// Where those wait who have no place. Who is kept waiting for a moment sends nothing meanwhile; who is
    /// sent away at once is back at once, and a crowd of those leaves no time for those who have a place.
    room: Semaphore,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

/// A reserved slot of the write queue.
#[derive(Debug)]
pub struct QueueSlot(mpsc::OwnedPermit<WriteJob>);

impl Queue {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            jobs: Mutex::default(),
            room: Semaphore::new(
                settings.queue.saturating_mul(WAITING_PER_SLOT).min(Semaphore::MAX_PERMITS),
            ),
            task: tokio::sync::Mutex::default(),
        }
    }

    fn sender(&self) -> Option<mpsc::Sender<WriteJob>> {
        self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Takes nothing more, and waits until what was taken is written.
    pub(super) async fn close(&self) {
        self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl Store {
    /// Starts the writer.
    pub(super) async fn start_writer(&self, settings: Settings) {
        let (sender, receiver) = mpsc::channel(settings.queue.max(1));
        *self.0.queue.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(sender);
        // The task must not hold the store itself, which would never be dropped.
        let inner = Arc::downgrade(&self.0);
        let task = tokio::spawn(async move {
            let mut receiver = receiver;
            let mut jobs = Vec::with_capacity(settings.batch);
            while receiver.recv_many(&mut jobs, settings.batch.max(1)).await > 0 {
                let Some(inner) = inner.upgrade() else { break };
                inner.write(&mut jobs).await;
            }
        });
        *self.0.queue.task.lock().await = Some(task);
    }

    /// Reserves a slot of the queue; none where all are taken.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when nothing is taken any more.
    pub fn try_reserve(&self) -> Result<Option<QueueSlot>, StoreError> {
        let sender = self.0.queue.sender().ok_or(StoreError::Closed)?;
        match sender.try_reserve_owned() {
            Ok(permit) => Ok(Some(QueueSlot(permit))),
            Err(mpsc::error::TrySendError::Full(_)) => Ok(None),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(StoreError::Closed),
        }
    }

    /// Reserves a slot of the queue, and waits up to [`RESERVE_TIMEOUT`] for one.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait already, or there is none in time.
    pub async fn reserve(&self) -> Result<QueueSlot, StoreError> {
        if let Some(slot) = self.try_reserve()? {
            return Ok(slot);
        }
        let sender = self.0.queue.sender().ok_or(StoreError::Closed)?;
        let _waiting = self.0.queue.room.try_acquire().map_err(|_| StoreError::Busy)?;
        match tokio::time::timeout(RESERVE_TIMEOUT, sender.reserve_owned()).await {
            Ok(Ok(permit)) => Ok(QueueSlot(permit)),
            Ok(Err(_)) => Err(StoreError::Closed),
            Err(_) => Err(StoreError::Busy),
        }
    }

    /// Stores the response, unless this revision or a higher one is stored. When it returns, what is
    /// stored survives a power cut.
    ///
    /// # Errors
    /// When too many wait, or the database does not answer in time or cannot write.
    pub async fn keep(
        &self,
        submission: impl Into<Submission>,
    ) -> Result<WriteOutcome, Arc<StoreError>> {
        Ok(self.write(submission.into()).await?.outcome)
    }

    /// The same, and says what it brought.
    ///
    /// # Errors
    /// As [`Store::keep`].
    pub async fn write(&self, submission: Submission) -> Result<WriteReport, Arc<StoreError>> {
        self.reserve().await?.keep(submission).await
    }

    /// Stores many, as they were exported: their times are believed. In their order.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write; then none of them is stored.
    pub async fn import(
        &self,
        submissions: Vec<impl Into<Submission>>,
    ) -> Result<Vec<WriteOutcome>, StoreError> {
        let incoming: Vec<_> =
            submissions.into_iter().map(|it| Incoming::imported(it.into())).collect();
        let written = self.0.write_batch(&incoming).await?;
        Ok(written.into_iter().map(|written| written.outcome).collect())
    }

    /// Whether there is neither a place in the queue nor one to wait for it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.queue.room.available_permits() == 0
    }

    /// How many responses wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.queue.sender().map_or(0, |sender| sender.max_capacity() - sender.capacity())
    }
}

impl QueueSlot {
    /// See [`Store::keep`]. The response is on its way at once: who does not wait for the outcome takes nothing
    /// back.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub fn keep(
        self,
        submission: Submission,
    ) -> impl Future<Output = Result<WriteReport, Arc<StoreError>>> + use<> + Send {
        let (reply, answer) = oneshot::channel();
        self.0.send(WriteJob { incoming: Incoming::now(submission), reply });
        async move { answer.await.map_err(|_| Arc::new(StoreError::Closed))? }
    }
}

impl Inner {
    /// Writes what waits, and tells each sender.
    async fn write(&self, jobs: &mut Vec<WriteJob>) {
        let (batch, replies): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.incoming, job.reply)).unzip();
        match self.write_batch(&batch).await {
            Ok(written) => {
                for (reply, written) in replies.into_iter().zip(written) {
                    // Who has left is not told.
                    let _ = reply.send(Ok(written));
                }
            }
            Err(error) if batch.len() > 1 && failure::is_about_a_row(&error) => {
                tracing::warn!(%error, "a batch was refused; its responses are written one by one");
                let mut is_any_written = false;
                let mut refused = None;
                for (incoming, reply) in batch.iter().zip(replies) {
                    let written = self.write_batch(std::slice::from_ref(incoming)).await;
                    let written =
                        written.and_then(|it| it.into_iter().next().ok_or(StoreError::Closed));
                    match &written {
                        Ok(report) => is_any_written |= report.outcome == WriteOutcome::Inserted,
                        Err(_) => refused = refused.or(Some(incoming)),
                    }
                    let _ = reply.send(written.map_err(Arc::new));
                }
                // What is about a row is about that row alone. What is stored already proves nothing.
                if !is_any_written && let Some(incoming) = refused {
                    self.doubt(incoming, &error).await;
                }
            }
            Err(error) => {
                if failure::is_about_a_row(&error)
                    && let Some(incoming) = batch.first()
                {
                    self.doubt(incoming, &error).await;
                }
                let error = Arc::new(error);
                for reply in replies {
                    let _ = reply.send(Err(Arc::clone(&error)));
                }
            }
        }
    }

    async fn write_batch(&self, incoming: &[Incoming]) -> Result<Vec<WriteReport>, StoreError> {
        let begun = Instant::now();
        let mut catalog = self.catalog.lock().await;
        let routes = self.routes();
        let known = (&mut *catalog, &*routes);
        let mut result = batch::write(&self.writer, self.dialect, known, incoming).await;
        if matches!(&result, Err(error) if failure::is_stale_catalog(error)) {
            catalog.reload(&mut self.writer.acquire().await?).await?;
            let known = (&mut *catalog, &*routes);
            result = batch::write(&self.writer, self.dialect, known, incoming).await;
        }
        drop(catalog);
        // What was written into a file without a name is not stored.
        let result = result.and_then(|written| self.check_file().map(|()| written));
        match &result {
            Err(error) | Ok(batch::BatchReport { failed: Some(error), .. }) => {
                self.health.note_commit(Some(error));
            }
            // A transaction that wrote nothing succeeds on a full disk as well.
            Ok(written) if written.outcomes.contains(&WriteOutcome::Inserted) => {
                self.health.note_commit(None);
            }
            Ok(_) => {}
        }
        let batch::BatchReport { outcomes, names, is_to_deliver, .. } =
            result.inspect_err(|_| {
                self.metrics.failed.inc_by(incoming.len() as u64);
            })?;
        self.metrics.commit.observe(begun.elapsed().as_secs_f64());
        self.metrics.batch.observe(incoming.len() as f64);
        self.metrics.names_refused.inc_by(names.refused);
        self.metrics.names_merged.inc_by(names.merged);
        for outcome in &outcomes {
            let counter = match outcome {
                WriteOutcome::Inserted => &self.metrics.stored,
                WriteOutcome::Duplicate => &self.metrics.known,
                WriteOutcome::Erased => &self.metrics.erased,
                WriteOutcome::OtherSurvey | WriteOutcome::TooManySurveys => &self.metrics.refused,
            };
            counter.inc();
        }
        self.tell(incoming, &outcomes);
        if is_to_deliver {
            self.deliveries.notify_waiters();
        }
        let brought = names.brought.into_iter().chain(std::iter::repeat(0));
        let written = outcomes.into_iter().zip(brought);
        Ok(written.map(|(outcome, new_names)| WriteReport { outcome, new_names }).collect())
    }

    /// Tells whoever listens.
    fn tell(&self, incoming: &[Incoming], outcomes: &[WriteOutcome]) {
        if self.events.receiver_count() == 0 {
            return;
        }
        for (incoming, outcome) in incoming.iter().zip(outcomes) {
            if *outcome == WriteOutcome::Inserted {
                let response = &incoming.response;
                // Nobody may be listening.
                let _ = self.events.send(Stored {
                    id: response.id,
                    survey: response.survey.clone(),
                    site: response.site.clone().unwrap_or_else(|| DEFAULT_SITE.to_owned()),
                    status: response.status,
                    revision: response.revision,
                    at: incoming.received_at,
                });
            }
        }
    }
}
