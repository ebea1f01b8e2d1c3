-- Backups that were made and proven, and tries that failed: those have a fault, in a
-- sentence, and no file. at is when the data was copied.
CREATE TABLE backups (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	at        INTEGER NOT NULL,
	origin    TEXT    NOT NULL CHECK (origin IN ('schedule', 'console', 'command_line')),
	file      TEXT,
	size      INTEGER,
	encrypted INTEGER CHECK (encrypted IN (0, 1)),
	fault     TEXT,
	CHECK ((fault IS NULL) = (file IS NOT NULL AND size IS NOT NULL AND encrypted IS NOT NULL))
) STRICT;
