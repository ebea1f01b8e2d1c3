-- A new key asks for its pepper alone. Whether it is among all of them SQLite answers
-- from a table that it makes for each row, which costs more than the rest of the trigger.
DROP TRIGGER api_keys_new_pepper;
CREATE TRIGGER api_keys_new_pepper BEFORE INSERT ON api_keys
	WHEN NEW.pepper_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM keyset WHERE id = NEW.pepper_id AND purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
