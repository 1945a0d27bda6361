-- Names keep their ids for ever, and go with their last answer; what one response counts for is bounded. Earlier
-- versions gave the id of a name that was erased to the next one, so that counts could stand under names of others:
-- everything is counted anew, by the program, when it opens the file (see `store/backfill.rs`).

DROP TABLE day_answer;
DROP TABLE day_status;
DROP TABLE wording;
DROP TABLE scale_option;
DROP TABLE scale;
DROP TABLE segment;
UPDATE response SET facts = NULL;

-- Whom a number is about: everybody ('', ''), or those of one device, language, page …
CREATE TABLE segment (
    -- Never given twice: a process may still know one that another process erased.
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    survey TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    -- 1 where it made room for others, and is shown as '…'.
    merged INTEGER NOT NULL DEFAULT 0,
    UNIQUE (survey, dimension, value)
) STRICT;

-- A question as it was asked: one that changes its scale gets a further row. '…' stands for all without a place.
CREATE TABLE scale (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- 0 where the kind has none.
    points INTEGER NOT NULL,
    -- Empty where there is none.
    metric TEXT NOT NULL,
    -- Its place among the answers when it was first seen.
    position INTEGER NOT NULL,
    merged INTEGER NOT NULL DEFAULT 0,
    UNIQUE (survey, question, kind, points, metric)
) STRICT;

-- The values of a scale that are counted by name.
CREATE TABLE scale_option (
    scale INTEGER NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    merged INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scale, value)
) STRICT, WITHOUT ROWID;

-- In which words it was asked.
CREATE TABLE wording (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    scale INTEGER NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The first and the last day (since 1970-01-01, UTC) for which an answer to it counts.
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    -- Answers to it.
    n INTEGER NOT NULL,
    UNIQUE (scale, language, text)
) STRICT;

-- Responses of a segment on a day (days since 1970-01-01, UTC), by their latest state; all that were shown are the
-- sum of the four states.
CREATE TABLE day_status (
    segment INTEGER NOT NULL REFERENCES segment (id),
    day INTEGER NOT NULL,
    -- Seen, and nothing else.
    only_shown INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    dismissed INTEGER NOT NULL,
    -- Those with at least one answer.
    responses INTEGER NOT NULL,
    PRIMARY KEY (segment, day)
) STRICT, WITHOUT ROWID;

-- Answers of a segment on a day; see `store/counted.rs` for the values that are none.
CREATE TABLE day_answer (
    segment INTEGER NOT NULL REFERENCES segment (id),
    day INTEGER NOT NULL,
    scale INTEGER NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (segment, day, scale, value)
) STRICT, WITHOUT ROWID;

-- By how much the visitor's clock was ahead, in milliseconds, as far as that was seen: what the visitor answered
-- before the erasure can claim to have been shown so much later.
ALTER TABLE erased_visitor ADD COLUMN ahead_ms INTEGER NOT NULL DEFAULT 0;

-- A line is written before the deed, and closed after it.
ALTER TABLE audit ADD COLUMN finished_at INTEGER;
UPDATE audit SET finished_at = at;
