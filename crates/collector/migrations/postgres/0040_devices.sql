-- Browsers in which somebody has logged in, known by the SHA-256 of a cookie: strangers do not use up the logins that are
-- tried from them.

CREATE TABLE device (
    sha256 BYTEA NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX device_of_person ON device (person, expires_at);
