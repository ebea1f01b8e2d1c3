-- What adds a key asks for its pepper by itself. Beside a trigger SQLite keeps a copy of each
-- page that the new row changes, in case that it has to undo one half of the statement.
DROP TRIGGER api_keys_new_pepper;
