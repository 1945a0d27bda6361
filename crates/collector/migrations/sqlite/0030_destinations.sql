-- Where responses are passed on to, and what is on its way there (contract 1.1, section 8).

CREATE TABLE destination (
    -- Drawn at random, below 2^48; people read it in hexadecimal.
    id INTEGER NOT NULL PRIMARY KEY,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- A JSON array of survey ids; empty for all of the site.
    surveys TEXT NOT NULL,
    -- Conditions over the response, as they were written.
    condition TEXT NOT NULL,
    -- completed or each.
    passes TEXT NOT NULL,
    -- A JSON object, without anything secret.
    settings TEXT NOT NULL,
    -- Which key the secrets are sealed with; empty where there are none.
    key_id TEXT NOT NULL,
    -- A JSON object, sealed.
    secrets BLOB NOT NULL,
    -- active, paused, off (it said that it is gone, or failed for days) or removed.
    state TEXT NOT NULL,
    -- Why it is off, or what it said last while it fails.
    reason TEXT NOT NULL,
    -- Since the last success.
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    -- Nothing is sent before.
    blocked_until INTEGER NOT NULL DEFAULT 0,
    -- Of the latest digest, in days since 1970-01-01.
    digest_day INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX destination_by_site ON destination (site);

-- A revision of a response on its way to a destination. Written in the transaction that stores the revision.
CREATE TABLE delivery (
    response TEXT NOT NULL,
    destination INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- waiting, delivered or failed.
    state TEXT NOT NULL,
    -- When it is tried; while a collector has it in hand, when another one may take it.
    due INTEGER NOT NULL,
    -- When it was written.
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    -- The lease of the collector that has it in hand; 0 for none.
    holder INTEGER NOT NULL DEFAULT 0,
    done_at INTEGER,
    -- Of the last answer.
    status INTEGER,
    answer TEXT,
    -- The revision, where a later one has taken its place in `response`.
    body TEXT,
    PRIMARY KEY (response, destination, revision)
) STRICT, WITHOUT ROWID;

-- By state, so that each is as small as what it finds.
CREATE INDEX delivery_waiting ON delivery (destination, due, response, revision, at) WHERE state = 'waiting';
CREATE INDEX delivery_failed ON delivery (destination, done_at, response, revision) WHERE state = 'failed';
CREATE INDEX delivery_delivered ON delivery (destination, done_at, response, revision) WHERE state = 'delivered';
