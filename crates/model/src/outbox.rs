//! What waits to be delivered: one entry for each response, each under a key of its own, so that two tabs never
//! write into one another's.
//!
//! Pure: the caller brings the storage, the time and the random bytes. Times are milliseconds since 1970 by a clock
//! that anybody may set; a time in the future counts as now, never as a block for ever.

use crate::schedule::{Disposition, Outcome, RetrySource};
use crate::{DAY_MS, RequestFormat, find_substring, format_int, parse_int};

/// What the keys of all entries begin with; the response's id follows.
pub const PREFIX: &str = "sondeo.out.";
/// Entries, at most.
pub const MOST_ENTRIES: usize = 200;
/// Bytes, at most, of all entries together.
pub const MOST_BYTES: usize = 256 * 1_024;
/// An entry that is older has been tried in vain for long enough.
pub const LONGEST_AGE: i64 = 30 * DAY_MS;
/// How long an entry belongs to the tab that has begun to send it. Longer than any attempt may take.
pub const CLAIM: i64 = 20_000;
/// How long the first answer to an endpoint that takes a response only once waits for the others.
pub const HOLD: i64 = 600_000;

const VERSION: &str = "1";
/// Stands between the fields; in none of them.
const FIELD: char = '\u{1f}';
/// Stands between entries of a list.
const ITEM: char = '\u{1e}';

/// One response on its way.
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
    /// Whether the visitor has answered something: such an entry is the last to be dropped.
    pub is_answered: bool,
    /// How often it was sent, on all page views.
    pub attempts: u32,
    /// When it was first written.
    pub born: i64,
    /// Not to be sent before.
    pub not_before: i64,
    /// Whose wait that is.
    pub wait: RetryAt,
    /// The widget's version that the endpoint has refused it from; empty where it was not refused.
    pub refused_by: String,
    /// The response, as JSON.
    pub body: String,
}

/// Why an entry waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAt {
    /// It failed, and this is our back-off. It ends when the network comes back.
    BackOff,
    /// The endpoint has asked for it.
    RetryAfter,
    /// A tab is sending it, or was when it died.
    Claimed,
    /// For further answers, where an endpoint takes a response only once.
    Held,
    /// As [`Self::BackOff`], and once already it was found older than an entry may get: a clock that has jumped
    /// cannot be told from a month that has passed, so it was given another week.
    Old,
}

const WAITS: [(RetryAt, &str); 5] = [
    (RetryAt::BackOff, "b"),
    (RetryAt::RetryAfter, "a"),
    (RetryAt::Claimed, "c"),
    (RetryAt::Held, "h"),
    (RetryAt::Old, "o"),
];

/// What a stored text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// An entry.
    Entry(Box<QueuedResponse>),
    /// Another version's: none of our business.
    Foreign,
    /// Damaged: nothing can be made of it.
    Corrupt,
}

/// What becomes of an entry after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Delivered: it is to be removed.
    Delivered,
    /// It stays, and is tried again.
    Waits,
    /// It stays, aside, until a newer version tries it once more.
    Aside,
    /// Tried in vain for too long: it is to be removed.
    Expired,
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
            &format_int(self.born),
            &format_int(self.not_before),
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
            Some(entry) => Stored::Entry(Box::new(entry)),
            None => Stored::Corrupt,
        }
    }

    /// The survey's id, for those who hear of it.
    #[must_use]
    pub fn survey(&self) -> &str {
        let mark = "\"survey\":\"";
        let after = find_substring(&self.body, mark).map_or("", |at| &self.body[at + mark.len()..]);
        &after[..after.find('"').unwrap_or(0)]
    }

    /// How long it still has to wait: 0 where it may be sent now, `None` where this version will not send it.
    ///
    /// `is_back` says that the network has come back, which ends our own waits.
    #[must_use]
    pub fn waits(&self, now: i64, version: &str, is_back: bool) -> Option<i64> {
        if self.refused_by == version {
            return None;
        }
        let longest = match self.wait {
            RetryAt::BackOff | RetryAt::Old if is_back => 0,
            RetryAt::BackOff | RetryAt::Old => 300_000,
            RetryAt::RetryAfter => DAY_MS,
            RetryAt::Claimed => CLAIM,
            RetryAt::Held => HOLD,
        };
        let wait = self.not_before.saturating_sub(now);
        // Longer than it can have been meant: the clock was set back.
        Some(if wait > longest { 0 } else { wait.max(0) })
    }

    /// Whether it was refused, and no newer version has come to try it again for as long as entries are kept.
    #[must_use]
    pub fn is_stale(&self, now: i64) -> bool {
        !self.refused_by.is_empty() && now.saturating_sub(self.born) > LONGEST_AGE
    }

    /// Whether what is stored is ahead of this: a later revision, or one that another tab has taken on meanwhile.
    #[must_use]
    pub fn is_behind(&self, stored: &Self) -> bool {
        (stored.revision, stored.attempts) > (self.revision, self.attempts)
    }

    /// Notes that an attempt begins: for a while, it is nobody else's.
    pub fn claim(&mut self, now: i64) {
        self.attempts = self.attempts.saturating_add(1);
        self.not_before = now.saturating_add(CLAIM);
        if self.wait != RetryAt::Old {
            self.wait = RetryAt::Claimed;
        }
        self.born = self.born.min(now);
    }

    /// Notes how an attempt ended. `random` is uniform in 0…255.
    pub fn settle(&mut self, outcome: Outcome, now: i64, random: u8, version: &str) -> Fate {
        let (wait, reason) = match outcome.disposition(self.attempts, random) {
            Disposition::Acknowledged => return Fate::Delivered,
            Disposition::Refused => {
                version.clone_into(&mut self.refused_by);
                return Fate::Aside;
            }
            Disposition::Again(wait, reason) => (wait.as_millis() as i64, reason),
        };
        self.refused_by.clear();
        self.not_before = now.saturating_add(wait);
        let was_old = self.wait == RetryAt::Old;
        self.wait = match reason {
            RetrySource::BackOff if was_old => RetryAt::Old,
            RetrySource::BackOff => RetryAt::BackOff,
            RetrySource::RetryAfter => RetryAt::RetryAfter,
        };
        if now.saturating_sub(self.born) > LONGEST_AGE {
            if was_old {
                return Fate::Expired;
            }
            self.born = now - LONGEST_AGE + 7 * DAY_MS;
            self.wait = RetryAt::Old;
        }
        Fate::Waits
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
        born: parse_int(born)?,
        not_before: parse_int(not_before)?,
        wait: WAITS.iter().find(|(_, word)| *word == wait)?.0,
        refused_by: refused.to_owned(),
        body: body.to_owned(),
    })
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

/// What has to go so that no more is stored than may be: the places in `entries` (bytes, whether it is answered,
/// when it was born). The oldest without an answer go first, the oldest with one last.
#[must_use]
pub fn surplus(entries: &[(usize, bool, i64)]) -> Vec<usize> {
    let mut bytes: usize = entries.iter().map(|it| it.0).sum();
    let mut gone: Vec<usize> = Vec::new();
    while entries.len() - gone.len() > MOST_ENTRIES || bytes > MOST_BYTES {
        let left = (0..entries.len()).filter(|at| !gone.contains(at));
        let Some(next) = left.min_by_key(|at| (entries[*at].1, entries[*at].2)) else { break };
        bytes -= entries[next].0;
        gone.push(next);
    }
    gone
}

#[cfg(test)]
mod tests;
