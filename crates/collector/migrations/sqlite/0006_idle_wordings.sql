-- A wording that nobody answered lately takes no place among those that are counted (`store/catalog/merging.rs`). It
-- keeps its id and its answers.
ALTER TABLE wording ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
