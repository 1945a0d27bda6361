-- Sites, and the surveys that people publish on them (contract 1.1, section 8). What was stored before belongs to the
-- site `default`.

-- Of another site than `default`: then `survey` is written SITE/SURVEY, here and in every table of counts.
ALTER TABLE response ADD COLUMN site TEXT;

-- Most responses are of the site `default`, and cost nothing here.
CREATE INDEX response_by_site ON response (site, at, id) WHERE site IS NOT NULL;

CREATE TABLE site (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- A JSON array of origins; empty for those of --origin.
    origins TEXT NOT NULL,
    -- An IANA name: whose days the limits per day are.
    time_zone TEXT NOT NULL,
    -- A JSON object of keys of survey files.
    defaults TEXT NOT NULL,
    -- Of the plan: counts every change of what pages read.
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO site (id, name, origins, time_zone, defaults, version, created_at)
VALUES ('default', 'Default', '[]', 'UTC', '{}', 1, 0);

-- A survey that people edit, with its draft.
CREATE TABLE managed_survey (
    site TEXT NOT NULL,
    id TEXT NOT NULL,
    -- draft, running, paused, ended or archived.
    state TEXT NOT NULL,
    -- The latest published version; 0 before the first.
    version INTEGER NOT NULL,
    -- What the draft calls it; empty where it does not say.
    name TEXT NOT NULL,
    draft TEXT NOT NULL,
    draft_etag TEXT NOT NULL,
    draft_at INTEGER NOT NULL,
    draft_by TEXT NOT NULL,
    -- The draft that the latest version was made from.
    published_etag TEXT NOT NULL,
    limit_answers INTEGER,
    limit_per_day INTEGER,
    -- Responses with an answer since it was first published.
    answers INTEGER NOT NULL DEFAULT 0,
    -- Those of the latest day (since 1970-01-01, in the site's time zone) on which there was one.
    day INTEGER NOT NULL DEFAULT 0,
    answers_of_day INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (site, id)
) STRICT;

-- Published versions. None is ever changed.
CREATE TABLE survey_version (
    site TEXT NOT NULL,
    survey TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- As its author wrote it.
    source TEXT NOT NULL,
    -- As pages read it.
    body TEXT NOT NULL,
    -- Its entry of the plan, a JSON object.
    plan TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    -- The version that was published again; 0 for a draft.
    restored INTEGER NOT NULL,
    PRIMARY KEY (site, survey, version)
) STRICT;

-- Counts every change of sites and surveys: by it, other collectors hear of them.
CREATE TABLE publication (
    id INTEGER NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO publication (id, revision) VALUES (1, 1);

-- Where the site's script was last seen; nothing of a visitor.
CREATE TABLE seen_page (
    site TEXT NOT NULL,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- A JSON array of survey ids.
    surveys TEXT NOT NULL,
    -- A JSON array of lines.
    problems TEXT NOT NULL,
    PRIMARY KEY (site, origin, path)
) STRICT;

-- What a person may do on a site; the site '*' stands for all.
CREATE TABLE person_role (
    person TEXT NOT NULL,
    site TEXT NOT NULL,
    -- viewer, editor, publisher or owner.
    role TEXT NOT NULL,
    PRIMARY KEY (person, site)
) STRICT;

-- Whoever could open the dashboard could do everything.
INSERT INTO person_role (person, site, role) SELECT name, '*', 'owner' FROM person;

-- Links by which somebody becomes a person: the SHA-256 of the code.
CREATE TABLE invitation (
    sha256 BLOB NOT NULL PRIMARY KEY,
    site TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- The only site that a token is for; NULL for all.
ALTER TABLE token ADD COLUMN site TEXT;
