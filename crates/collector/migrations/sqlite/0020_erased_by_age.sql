-- What was erased for its age stays away, too: a copy of it can still wait in a browser. Such a line is needed no longer
-- than a browser may keep the copy, and goes at this moment (milliseconds since 1970-01-01T00:00:00Z); NULL: never.
ALTER TABLE erased_response ADD COLUMN until INTEGER;
CREATE INDEX erased_response_until ON erased_response (until) WHERE until IS NOT NULL;
