//! What waits to be delivered: each response under a key of its own, so that two tabs never write into one another's.
//!
//! Times are milliseconds since 1970 by a clock that anybody may set; a time in the future counts as now, never as a
//! block for ever. The stored text is read by every later version of the widget: its fields may never change.

use crate::retry::{LONGEST_BACKOFF_MS, LONGEST_RETRY_AFTER_MS, backoff_ms};
use crate::{AttemptOutcome, Disposition};
use sondeo_model::{DAY_MS, RequestFormat, find_substring, format_int, parse_int};

/// What the keys of all entries begin with; the response's id follows.
pub const PREFIX: &str = "sondeo.out.";
/// A response that is older, in milliseconds, has been tried in vain for long enough.
pub const LONGEST_AGE_MS: i64 = 30 * DAY_MS;
/// How many milliseconds a queued response belongs to the tab that has begun to send it: longer than any attempt may
/// take.
pub const CLAIM_MS: i64 = 20_000;
/// How many milliseconds the first answer to an endpoint that takes a response only once waits for the others.
pub const HOLD_MS: i64 = 600_000;

pub(crate) const VERSION: &str = "1";
/// Stands between the fields; in none of them.
pub(crate) const FIELD: char = '\u{1f}';
/// Stands between the entries of a list.
const ITEM: char = '\u{1e}';

/// One response on its way, as the outbox holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedResponse {
    /// The response's id, which its key ends with.
    pub id: String,
    /// An absolute address.
    pub endpoint: String,
    /// How the endpoint wants it.
    pub format: RequestFormat,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// By question, the names that the endpoint expects.
    pub fields: Vec<(String, String)>,
    /// Whether the answer must repeat the id.
    pub confirms_id: bool,
    /// Of the response in `body`.
    pub revision: u32,
    /// Whether the visitor has answered something: such a response is the last to be dropped.
    pub is_answered: bool,
    /// How often it was sent, on all page views.
    pub attempts: u32,
    /// When it was first written, in milliseconds since 1970.
    pub born_ms: i64,
    /// Not to be sent before this time, in milliseconds since 1970.
    pub not_before_ms: i64,
    /// Why it waits until then.
    pub wait: WaitReason,
    /// The widget's version that the endpoint has refused it from; empty where it was not refused.
    pub refused_by: String,
    /// The response, as JSON.
    pub body: String,
}

/// Why a queued response waits. The letters that stand for it in storage are in `WAITS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// It failed, and this is our back-off. It ends when the network comes back.
    BackOff,
    /// The endpoint has asked for it, by `Retry-After`.
    RetryAfter,
    /// A tab is sending it, or was when it died.
    Claimed,
    /// For further answers, where an endpoint takes a response only once.
    Held,
    /// As [`Self::BackOff`], and once already it was found older than a response may get: a clock that has jumped
    /// cannot be told from a month that has passed, so it was given another week.
    Old,
}

const WAITS: [(WaitReason, &str); 5] = [
    (WaitReason::BackOff, "b"),
    (WaitReason::RetryAfter, "a"),
    (WaitReason::Claimed, "c"),
    (WaitReason::Held, "h"),
    (WaitReason::Old, "o"),
];

/// What a stored text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// A response that waits.
    Response(Box<QueuedResponse>),
    /// Another version's: none of our business.
    Foreign,
    /// Damaged: nothing can be made of it.
    Corrupt,
}

impl QueuedResponse {
    /// The key that it is stored under.
    #[must_use]
    pub fn key(&self) -> String {
        [PREFIX, &self.id].concat()
    }

    /// The text that is stored.
    #[must_use]
    pub fn write(&self) -> String {
        let wait = WAITS.iter().find(|(wait, _)| *wait == self.wait).map_or("b", |it| it.1);
        let fields = [
            VERSION,
            &self.endpoint,
            self.format.as_str(),
            &pairs(&self.headers),
            &pairs(&self.fields),
            if self.confirms_id { "1" } else { "" },
            &format_int(self.revision.into()),
            if self.is_answered { "1" } else { "" },
            &format_int(self.attempts.into()),
            &format_int(self.born_ms),
            &format_int(self.not_before_ms),
            wait,
            &self.refused_by,
            &self.body,
        ];
        let mut text = String::new();
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                text.push(FIELD);
            }
            text.push_str(field);
        }
        text
    }

    /// Reads what stands under the key of the response with this id.
    #[must_use]
    pub fn read(id: &str, text: &str) -> Stored {
        let mut fields = [""; FIELDS];
        let mut rest = text;
        for field in &mut fields[..FIELDS - 1] {
            let Some(end) = rest.find(FIELD) else { return Stored::Corrupt };
            *field = &rest[..end];
            rest = &rest[end + 1..];
        }
        fields[FIELDS - 1] = rest;
        if fields[0] != VERSION && parse_int(fields[0]).is_some() {
            return Stored::Foreign;
        }
        match read(id, fields) {
            Some(response) => Stored::Response(Box::new(response)),
            None => Stored::Corrupt,
        }
    }

    /// The survey's id, for those who hear of it.
    #[must_use]
    pub fn survey(&self) -> &str {
        survey_in(&self.body)
    }

    /// How long it still has to wait: 0 where it may be sent now, `None` where this version will not send it.
    ///
    /// `is_back` says that the network has come back, which ends our own waits.
    #[must_use]
    pub fn waits_ms(&self, now_ms: i64, version: &str, is_back: bool) -> Option<i64> {
        if self.refused_by == version {
            return None;
        }
        let longest = match self.wait {
            WaitReason::BackOff | WaitReason::Old if is_back => 0,
            WaitReason::BackOff | WaitReason::Old => LONGEST_BACKOFF_MS as i64,
            WaitReason::RetryAfter => LONGEST_RETRY_AFTER_MS as i64,
            WaitReason::Claimed => CLAIM_MS,
            WaitReason::Held => HOLD_MS,
        };
        let wait = self.not_before_ms.saturating_sub(now_ms);
        // Longer than it can have been meant: the clock was set back.
        Some(if wait > longest { 0 } else { wait.max(0) })
    }

    /// Whether it was refused, and no newer version has come to try it again for as long as responses are kept.
    #[must_use]
    pub fn is_stale(&self, now_ms: i64) -> bool {
        !self.refused_by.is_empty() && self.is_too_old(now_ms)
    }

    fn is_too_old(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.born_ms) > LONGEST_AGE_MS
    }

    /// Gives what is too old another week, once; returns whether it has had that before.
    pub fn has_had_another_week(&mut self, now_ms: i64) -> bool {
        let was_old = self.wait == WaitReason::Old;
        if !was_old {
            self.born_ms = now_ms - LONGEST_AGE_MS + 7 * DAY_MS;
            self.wait = WaitReason::Old;
        }
        was_old
    }

    /// Whether what is stored is ahead of this: a later revision, or one that another tab has taken on meanwhile.
    #[must_use]
    pub fn is_behind(&self, stored: &Self) -> bool {
        (stored.revision, stored.attempts) > (self.revision, self.attempts)
    }

    /// Notes that an attempt begins: for a while, it is nobody else's.
    pub fn claim(&mut self, now_ms: i64) {
        self.attempts = self.attempts.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(CLAIM_MS);
        if self.wait != WaitReason::Old {
            self.wait = WaitReason::Claimed;
        }
        self.born_ms = self.born_ms.min(now_ms);
    }

    /// Notes how an attempt ended. `random` is uniform in 0…255.
    pub fn settle(
        &mut self,
        outcome: &AttemptOutcome,
        now_ms: i64,
        random: u8,
        version: &str,
    ) -> Disposition {
        let retry_after = match outcome {
            AttemptOutcome::Acknowledged => return Disposition::Delivered,
            AttemptOutcome::Refused(_) => {
                version.clone_into(&mut self.refused_by);
                return Disposition::SetAside;
            }
            AttemptOutcome::Retry { retry_after, .. } => *retry_after,
        };
        self.refused_by.clear();
        let was_old = self.wait == WaitReason::Old;
        let wait_ms = match retry_after {
            Some(asked) => {
                self.wait = WaitReason::RetryAfter;
                asked.as_millis().min(LONGEST_RETRY_AFTER_MS)
            }
            None => {
                self.wait = if was_old { WaitReason::Old } else { WaitReason::BackOff };
                backoff_ms(self.attempts, random)
            }
        };
        self.not_before_ms = now_ms.saturating_add(wait_ms as i64);
        if self.is_too_old(now_ms) && (was_old || self.has_had_another_week(now_ms)) {
            return Disposition::Expired;
        }
        Disposition::Retry
    }
}

const FIELDS: usize = 14;

fn read(id: &str, fields: [&str; FIELDS]) -> Option<QueuedResponse> {
    let [
        version,
        endpoint,
        format,
        headers,
        questions,
        confirms,
        revision,
        answered,
        attempts,
        born,
        not_before,
        wait,
        refused,
        body,
    ] = fields;
    // A body that was cut or mixed up is no response.
    let begins = ["{\"sondeo\":1,\"id\":\"", id, "\","].concat();
    if version != VERSION || !body.starts_with(&begins) || !body.ends_with('}') {
        return None;
    }
    let count = |text| u32::try_from(parse_int(text)?).ok();
    Some(QueuedResponse {
        id: id.to_owned(),
        endpoint: endpoint.to_owned(),
        format: RequestFormat::parse(format)?,
        headers: read_pairs(headers),
        fields: read_pairs(questions),
        confirms_id: !confirms.is_empty(),
        revision: count(revision)?,
        is_answered: !answered.is_empty(),
        attempts: count(attempts)?,
        born_ms: parse_int(born)?,
        not_before_ms: parse_int(not_before)?,
        wait: WAITS.iter().find(|(_, word)| *word == wait)?.0,
        refused_by: refused.to_owned(),
        body: body.to_owned(),
    })
}

/// The survey's id in a response's JSON, whatever stands before it.
pub(crate) fn survey_in(body: &str) -> &str {
    let mark = "\"survey\":\"";
    let after = find_substring(body, mark).map_or("", |at| &body[at + mark.len()..]);
    &after[..after.find('"').unwrap_or(0)]
}

/// Names and values in turn. What separates them cannot be part of a header, and is left out of anything else.
fn pairs(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        for piece in [name, value] {
            text.extend(piece.chars().filter(|it| *it != FIELD && *it != ITEM));
            text.push(ITEM);
        }
    }
    text
}

fn read_pairs(text: &str) -> Vec<(String, String)> {
    let mut items = text.split(ITEM);
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    pairs
}

#[cfg(test)]
mod tests;
