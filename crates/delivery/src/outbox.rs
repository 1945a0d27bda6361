//! How much the outbox holds.

use crate::queued_response::{FIELD, VERSION, survey_in};
use sondeo_model::parse_int;

/// Queued responses, at most.
pub const MOST_ENTRIES: usize = 200;
/// Bytes, at most, of all queued responses together.
pub const MOST_BYTES: usize = 256 * 1_024;

/// What decides whether a queued response may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxItem {
    /// The length of the stored text.
    pub bytes: usize,
    /// Whether the visitor has answered something: such a response is the last to be dropped.
    pub is_answered: bool,
    /// When it was first written, in milliseconds since 1970.
    pub born_ms: i64,
}

impl OutboxItem {
    /// Reads no more of a stored text than decides; `None` where it is damaged, or another version's.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut fields = text.split(FIELD);
        fields.next().filter(|version| *version == VERSION)?;
        let is_answered = !fields.nth(6)?.is_empty();
        let born_ms = parse_int(fields.nth(1)?)?;
        Some(Self { bytes: text.len(), is_answered, born_ms })
    }
}

/// What the console says of a stored text that had to go.
#[must_use]
pub fn loss_line(text: &str) -> String {
    let endpoint = text.split(FIELD).nth(1).unwrap_or_default();
    let what = " is dropped: too many wait to be delivered";
    ["an answer to ", survey_in(text), " for ", endpoint, what].concat()
}

/// What has to go so that no more is stored than may be: positions in `items`. The oldest without an answer go first,
/// the oldest with one last.
#[must_use]
pub fn surplus(items: &[OutboxItem]) -> Vec<usize> {
    let mut bytes: usize = items.iter().map(|it| it.bytes).sum();
    let mut gone: Vec<usize> = Vec::new();
    while items.len() - gone.len() > MOST_ENTRIES || bytes > MOST_BYTES {
        let left = (0..items.len()).filter(|at| !gone.contains(at));
        let oldest = left.min_by_key(|at| items.get(*at).map(|it| (it.is_answered, it.born_ms)));
        let Some(next) = oldest else { break };
        bytes -= items.get(next).map_or(0, |it| it.bytes);
        gone.push(next);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, OutboxItem};

    fn surplus(items: &[(usize, bool, i64)]) -> Vec<usize> {
        let item =
            |it: &(usize, bool, i64)| OutboxItem { bytes: it.0, is_answered: it.1, born_ms: it.2 };
        super::surplus(&items.iter().map(item).collect::<Vec<_>>())
    }

    #[test]
    fn answers_are_the_last_to_go() {
        assert_eq!(surplus(&[(100, true, 1), (100, false, 2)]), [0; 0]);
        let mut entries: Vec<_> = (0..200).map(|at| (100, at % 2 == 0, 1_000 - at)).collect();
        assert_eq!(surplus(&entries), [0; 0]);
        entries.push((100, true, 5_000));
        assert_eq!(surplus(&entries), [199], "the oldest without an answer");
        for (_, is_answered, _) in &mut entries {
            *is_answered = true;
        }
        assert_eq!(surplus(&entries), [199], "the oldest of all");
        let half = MOST_BYTES / 2;
        assert_eq!(surplus(&[(half, true, 1), (half, true, 2)]), [0; 0]);
        assert_eq!(surplus(&[(half, true, 1), (half + 1, true, 2)]), [0]);
        assert_eq!(surplus(&[(half, true, 1), (half, true, 2), (1, false, 3)]), [2]);
        assert_eq!(
            surplus(&[(half, true, 1), (half, true, 2), (half, false, 3), (1, false, 2)]),
            [3, 2]
        );
    }
}
