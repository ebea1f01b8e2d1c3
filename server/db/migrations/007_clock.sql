-- The latest time that was known, so that a clock that is set back over a restart makes
-- nothing good again that had expired. One row.
CREATE TABLE clock (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	latest INTEGER NOT NULL
) STRICT;
