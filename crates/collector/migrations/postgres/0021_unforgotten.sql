-- Surveys of which responses were erased, and whose names are still to be looked through: what a page said of the one
-- visitor that is gone goes, too. Written in the transaction that erases, so that one that is broken off is finished later.

CREATE TABLE unforgotten (survey TEXT NOT NULL PRIMARY KEY);
