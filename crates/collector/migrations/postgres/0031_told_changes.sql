-- What a destination was told of the scores that changed for certain, while they last: a JSON object from survey, question
-- and metric to `higher` or `lower`.
ALTER TABLE destination ADD COLUMN told TEXT NOT NULL DEFAULT '{}';
