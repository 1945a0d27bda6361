-- Roll-ups, erasures, tokens, users: the same tables as SQLite has, in PostgreSQL's words.

-- One row for each response: its highest revision.
CREATE TABLE response (
    -- UUID of version 7, hyphenated, in lower case.
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    survey TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Milliseconds since 1970-01-01T00:00:00Z, by the visitor's clock.
    shown_at BIGINT NOT NULL,
    -- Milliseconds since 1970-01-01T00:00:00Z, by ours, when this revision came.
    received_at BIGINT NOT NULL,
    -- The payload of the contract, as the model writes it.
    body TEXT NOT NULL,
    -- The time that it counts for: when it was shown, but never later than it came.
    at BIGINT NOT NULL,
    visitor TEXT,
    -- What it counts for, as JSON; NULL until it is counted.
    facts TEXT
);

CREATE INDEX response_by_time ON response (at, id);
CREATE INDEX response_by_survey ON response (survey, at, id);
CREATE INDEX response_by_visitor ON response (visitor) WHERE visitor IS NOT NULL;
CREATE INDEX response_uncounted ON response (id) WHERE facts IS NULL;

-- Whom a number is about: everybody ('', ''), or those of one device, language, page …
CREATE TABLE segment (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    survey TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (survey, dimension, value)
);

-- A question as it was asked: one that changes its scale gets a further row.
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
    UNIQUE (survey, question, kind, points, metric)
);

-- The values of a scale that are counted by name.
CREATE TABLE scale_option (
    scale BIGINT NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    PRIMARY KEY (scale, value)
);

-- The latest wording in each language.
CREATE TABLE wording (
    scale BIGINT NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (scale, language)
);

-- Responses of a segment on a day (days since 1970-01-01, UTC), by their latest state.
CREATE TABLE day_status (
    segment BIGINT NOT NULL REFERENCES segment (id),
    day BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    partial BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    dismissed BIGINT NOT NULL,
    -- Those with at least one answer.
    answered BIGINT NOT NULL,
    PRIMARY KEY (segment, day)
);

-- Answers of a segment on a day; the value '' counts those who answered at all.
CREATE TABLE day_answer (
    segment BIGINT NOT NULL REFERENCES segment (id),
    day BIGINT NOT NULL,
    scale BIGINT NOT NULL REFERENCES scale (id),
    value TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (segment, day, scale, value)
);

-- What visitors wrote.
CREATE TABLE comment (
    response TEXT COLLATE "C" NOT NULL REFERENCES response (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    survey TEXT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (response, question)
);

CREATE INDEX comment_by_time ON comment (survey, at, response, question);

-- Responses that were erased: one that comes again stays away.
CREATE TABLE erased_response (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Visitors who were erased, as the SHA-256 of their id: what they answered before stays away.
CREATE TABLE erased_visitor (
    sha256 BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Who may do what by token. The token itself is nowhere.
CREATE TABLE token (
    label TEXT NOT NULL PRIMARY KEY,
    sha256 BYTEA NOT NULL,
    -- Words of 'read', 'export', 'erase', separated by spaces.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Who may open the dashboard.
CREATE TABLE person (
    name TEXT NOT NULL PRIMARY KEY,
    -- Argon2id, in the PHC string format.
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who is logged in: the SHA-256 of the cookie.
CREATE TABLE session (
    sha256 BYTEA NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Keys without which a survey takes no responses.
CREATE TABLE write_key (
    survey TEXT NOT NULL PRIMARY KEY,
    sha256 BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who erased, exported or changed what. It holds no answer, and no visitor's id.
CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    n BIGINT NOT NULL
);
