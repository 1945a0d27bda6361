-- Every wording, not the latest alone: answers to one wording are not shown under another without a word.

CREATE TABLE wording_as_asked (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scale BIGINT NOT NULL REFERENCES scale (id),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The first and the last day (since 1970-01-01, UTC) for which an answer to it counts.
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL
);

-- Earlier versions forgot them, the responses did not. JSON and not JSONB: the latter refuses what a text
-- may hold.
INSERT INTO wording_as_asked (scale, language, text, first_day, last_day)
SELECT scale.id,
       CAST(response.body AS JSON) ->> 'language',
       answer ->> 'text',
       MIN(response.at) / 86400000,
       MAX(response.at) / 86400000
FROM response
CROSS JOIN LATERAL json_array_elements(CAST(response.body AS JSON) -> 'answers') AS answer
JOIN scale ON scale.survey = response.survey
    AND scale.question = answer ->> 'question'
    AND scale.kind = answer ->> 'kind'
    AND scale.points = COALESCE(CAST(answer ->> 'points' AS BIGINT), 0)
    AND scale.metric = COALESCE(answer ->> 'metric', '')
WHERE response.facts IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY MIN(response.at), MIN(response.id);

-- An index holds no long text; two texts of one digest would cost no more than a wording.
CREATE UNIQUE INDEX wording_once ON wording_as_asked (scale, language, md5(text));

DROP TABLE wording;
ALTER TABLE wording_as_asked RENAME TO wording;
