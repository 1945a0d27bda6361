-- What people did about what visitors wrote (issue 16). By response and question, so that a later revision of the response,
-- which writes its comments anew, keeps it.

CREATE TABLE comment_work (
    response TEXT NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    survey TEXT NOT NULL,
    -- 1 when nothing is left to do about it.
    done BIGINT NOT NULL,
    -- Each on a line of its own, with a line break before the first and after the last; empty where there is none.
    tags TEXT NOT NULL,
    -- Who said so last, and when.
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (response, question)
);

CREATE INDEX comment_work_by_survey ON comment_work (survey);
