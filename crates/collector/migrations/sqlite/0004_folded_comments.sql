-- Comments are searched without regard to case and accents, as the program folds them: see `store/folding.rs`.
-- NULL where an earlier version stored it, until the program folds it when it opens the file.
ALTER TABLE comment ADD COLUMN folded TEXT;
CREATE INDEX comment_unfolded ON comment (response) WHERE folded IS NULL;
