-- Every wording, not the latest alone: answers to one wording are not shown under another without a word.

CREATE TABLE wording_as_asked (
    id INTEGER NOT NULL PRIMARY KEY,
    scale INTEGER NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The first and the last day (since 1970-01-01, UTC) for which an answer to it counts.
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    UNIQUE (scale, language, text)
) STRICT;

-- Earlier versions forgot them, the responses did not. What those of the first version say is filled in with
-- their counts, when the program opens the file.
INSERT INTO wording_as_asked (scale, language, text, first_day, last_day)
SELECT scale.id,
       json_extract(response.body, '$.language'),
       json_extract(answer.value, '$.text'),
       MIN(response.at) / 86400000,
       MAX(response.at) / 86400000
FROM response
JOIN json_each(response.body, '$.answers') AS answer
JOIN scale ON scale.survey = response.survey
    AND scale.question = json_extract(answer.value, '$.question')
    AND scale.kind = json_extract(answer.value, '$.kind')
    AND scale.points = COALESCE(json_extract(answer.value, '$.points'), 0)
    AND scale.metric = COALESCE(json_extract(answer.value, '$.metric'), '')
WHERE response.facts IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY MIN(response.at), MIN(response.id);

DROP TABLE wording;
ALTER TABLE wording_as_asked RENAME TO wording;
