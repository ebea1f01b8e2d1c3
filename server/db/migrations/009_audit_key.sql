-- What the API key that somebody came with was called then, as the person's e-mail
-- address beside it. Rows from before do not say.
ALTER TABLE audit ADD COLUMN key_name TEXT;
