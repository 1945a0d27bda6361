-- Names go with their last answer; what one response counts for is bounded. Everything is counted anew, by the
-- program, when it opens the database (see `store/backfill.rs`).

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
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    survey TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    -- 1 where it made room for others, and is shown as '…'.
    merged BIGINT NOT NULL DEFAULT 0,
    UNIQUE (survey, dimension, value)
);

-- A question as it was asked: one that changes its scale gets a further row. '…' stands for all without a place.
CREATE TABLE scale (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- 0 where the kind has none.
    points BIGINT NOT NULL,
    -- Empty where there is none.
    metric TEXT NOT NULL,
    -- Its place among the answers when it was first seen.
    position BIGINT NOT NULL,
    merged BIGINT NOT NULL DEFAULT 0,
    UNIQUE (survey, question, kind, points, metric)
);

-- The values of a scale that are counted by name.
CREATE TABLE scale_option (
    scale BIGINT NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    merged BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (scale, value)
);

-- In which words it was asked.
CREATE TABLE wording (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scale BIGINT NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The first and the last day (since 1970-01-01, UTC) for which an answer to it counts.
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    -- Answers to it.
    n BIGINT NOT NULL
);

-- An index holds no long text; two texts of one digest would cost no more than a wording.
CREATE UNIQUE INDEX wording_once ON wording (scale, language, md5(text));

-- Responses of a segment on a day (days since 1970-01-01, UTC), by their latest state; all that were shown are the
-- sum of the four states.
CREATE TABLE day_status (
    segment BIGINT NOT NULL REFERENCES segment (id),
    day BIGINT NOT NULL,
    -- Seen, and nothing else.
    only_shown BIGINT NOT NULL,
    partial BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    dismissed BIGINT NOT NULL,
    -- Those with at least one answer.
    responses BIGINT NOT NULL,
    PRIMARY KEY (segment, day)
);

-- Answers of a segment on a day; see `store/counted.rs` for the values that are none.
CREATE TABLE day_answer (
    segment BIGINT NOT NULL REFERENCES segment (id),
    day BIGINT NOT NULL,
    scale BIGINT NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (segment, day, scale, value)
);

-- By how much the visitor's clock was ahead, in milliseconds, as far as that was seen: what the visitor answered
-- before the erasure can claim to have been shown so much later.
ALTER TABLE erased_visitor ADD COLUMN ahead_ms BIGINT NOT NULL DEFAULT 0;

-- A line is written before the deed, and closed after it.
ALTER TABLE audit ADD COLUMN finished_at BIGINT;
UPDATE audit SET finished_at = at;
