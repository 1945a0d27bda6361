-- Roll-ups, erasures, scoped tokens, users. What a response counts for is filled in by the program
-- when it opens the file: see `store/backfill.rs`.

DROP INDEX response_by_survey;

-- The time that it counts for: when it was shown, but never later than it came.
ALTER TABLE response ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE response SET at = min(shown_at, received_at);
ALTER TABLE response ADD COLUMN visitor TEXT;
UPDATE response SET visitor = json_extract(body, '$.visitor');
-- What it counts for, as JSON; NULL until it is counted.
ALTER TABLE response ADD COLUMN facts TEXT;

CREATE INDEX response_by_time ON response (at, id);
CREATE INDEX response_by_survey ON response (survey, at, id);
CREATE INDEX response_by_visitor ON response (visitor) WHERE visitor IS NOT NULL;
CREATE INDEX response_uncounted ON response (id) WHERE facts IS NULL;

-- Whom a number is about: everybody ('', ''), or those of one device, language, page …
CREATE TABLE segment (
    id INTEGER NOT NULL PRIMARY KEY,
    survey TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (survey, dimension, value)
) STRICT;

-- A question as it was asked: one that changes its scale gets a further row.
CREATE TABLE scale (
    id INTEGER NOT NULL PRIMARY KEY,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- 0 where the kind has none.
    points INTEGER NOT NULL,
    -- Empty where there is none.
    metric TEXT NOT NULL,
    -- Its place among the answers when it was first seen.
    position INTEGER NOT NULL,
    UNIQUE (survey, question, kind, points, metric)
) STRICT;

-- The values of a scale that are counted by name.
CREATE TABLE scale_option (
    scale INTEGER NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    PRIMARY KEY (scale, value)
) STRICT, WITHOUT ROWID;

-- The latest wording in each language.
CREATE TABLE wording (
    scale INTEGER NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (scale, language)
) STRICT, WITHOUT ROWID;

-- Responses of a segment on a day (days since 1970-01-01, UTC), by their latest state.
CREATE TABLE day_status (
    segment INTEGER NOT NULL REFERENCES segment (id),
    day INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    dismissed INTEGER NOT NULL,
    -- Those with at least one answer.
    answered INTEGER NOT NULL,
    PRIMARY KEY (segment, day)
) STRICT, WITHOUT ROWID;

-- Answers of a segment on a day; the value '' counts those who answered at all.
CREATE TABLE day_answer (
    segment INTEGER NOT NULL REFERENCES segment (id),
    day INTEGER NOT NULL,
    scale INTEGER NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (segment, day, scale, value)
) STRICT, WITHOUT ROWID;

-- What visitors wrote.
CREATE TABLE comment (
    response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    survey TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (response, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX comment_by_time ON comment (survey, at, response, question);

-- Responses that were erased: one that comes again stays away.
CREATE TABLE erased_response (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Visitors who were erased, as the SHA-256 of their id: what they answered before stays away.
CREATE TABLE erased_visitor (
    sha256 BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may do what by token. The token itself is nowhere.
CREATE TABLE token (
    label TEXT NOT NULL PRIMARY KEY,
    sha256 BLOB NOT NULL,
    -- Words of 'read', 'export', 'erase', separated by spaces.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

INSERT INTO token (label, sha256, scopes, created_at)
SELECT label, sha256, 'read export', created_at FROM read_token;

DROP TABLE read_token;

-- Who may open the dashboard.
CREATE TABLE person (
    name TEXT NOT NULL PRIMARY KEY,
    -- Argon2id, in the PHC string format.
    password TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Who is logged in: the SHA-256 of the cookie.
CREATE TABLE session (
    sha256 BLOB NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys without which a survey takes no responses.
CREATE TABLE write_key (
    survey TEXT NOT NULL PRIMARY KEY,
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Who erased, exported or changed what. It holds no answer, and no visitor's id.
CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT;
