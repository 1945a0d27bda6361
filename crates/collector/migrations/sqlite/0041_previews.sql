-- Keys by which a draft is read on its author's own page for an hour, known by their SHA-256.

CREATE TABLE preview_key (
    sha256 BLOB NOT NULL PRIMARY KEY,
    site TEXT NOT NULL,
    survey TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX preview_key_of_survey ON preview_key (site, survey, expires_at);

-- Answers that were given to try a draft. They are no responses: nothing that counts, exports or passes on responses meets
-- them here.

CREATE TABLE test_response (
    site TEXT NOT NULL,
    survey TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    visitor TEXT,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, survey, id)
) STRICT;
