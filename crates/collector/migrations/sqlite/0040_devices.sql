-- Browsers in which somebody has logged in, known by the SHA-256 of a cookie: strangers do not use up the logins that are
-- tried from them.

CREATE TABLE device (
    sha256 BLOB NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX device_of_person ON device (person, expires_at);
