-- One row for each response: its highest revision.
CREATE TABLE response (
    -- UUID of version 7, hyphenated, in lower case: sorts by the time of showing.
    id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    survey TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Milliseconds since 1970-01-01T00:00:00Z, by the visitor's clock.
    shown_at INTEGER NOT NULL,
    -- Milliseconds since 1970-01-01T00:00:00Z, by ours, when this revision came.
    received_at INTEGER NOT NULL,
    -- The payload of the contract, as the model writes it.
    body TEXT NOT NULL
) STRICT;

CREATE INDEX response_by_survey ON response (survey, id);

-- Who may read. The token itself is nowhere.
CREATE TABLE read_token (
    label TEXT NOT NULL PRIMARY KEY,
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
