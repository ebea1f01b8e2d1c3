-- While the master key before the present one still opens the database: the present
-- one, sealed by it. ours: Keystead itself writes the file of the master key.
CREATE TABLE master_bridge (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	sealed     BLOB    NOT NULL,
	ours       INTEGER NOT NULL CHECK (ours IN (0, 1)),
	created_at INTEGER NOT NULL
) STRICT;

-- Under which pepper a token was digested; those of before know it from the times
-- when there was one only.
ALTER TABLE one_time_tokens ADD COLUMN pepper_id INTEGER;
UPDATE one_time_tokens SET pepper_id = (SELECT min(id) FROM keyset WHERE purpose = 'pepper');

-- A digest under a pepper that is gone could never be found again.
CREATE TRIGGER api_keys_new_pepper BEFORE INSERT ON api_keys
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER api_keys_pepper BEFORE UPDATE OF pepper_id ON api_keys
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER secrets_new_pepper BEFORE INSERT ON secrets
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER secrets_pepper BEFORE UPDATE OF pepper_id ON secrets
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER devices_pepper BEFORE UPDATE OF pepper_id ON devices
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER devices_new_pepper BEFORE INSERT ON devices
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
