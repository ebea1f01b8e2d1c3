-- What integrations get for a signed request. A family is all tokens that came of one
-- exchange: they end when its row goes. It rests on a value of a key (key_public_id) and
-- a version of the organization's shared secret, or, where a password was exchanged, on
-- that password: a digest of its hash.
CREATE TABLE token_families (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	uuid           TEXT    NOT NULL UNIQUE,
	org_id         INTEGER NOT NULL REFERENCES organizations (id),
	user_id        INTEGER NOT NULL REFERENCES users (id),
	key_id         INTEGER REFERENCES api_keys (id),
	key_public_id  TEXT,
	secret_version INTEGER,
	password       BLOB,
	created_at     INTEGER NOT NULL,
	expires_at     INTEGER NOT NULL,
	CHECK ((key_id IS NULL) = (key_public_id IS NULL)),
	CHECK ((key_id IS NULL) = (secret_version IS NULL)),
	CHECK ((key_id IS NULL) = (password IS NOT NULL))
) STRICT;
CREATE INDEX token_families_end ON token_families (expires_at);

-- Refresh tokens, spent ones until they would have ended: one that comes back is told
-- from one that never was. retried: its successor was handed out a second time.
CREATE TABLE refresh_tokens (
	digest     BLOB    PRIMARY KEY,
	family_id  INTEGER NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
	expires_at INTEGER NOT NULL,
	spent_at   INTEGER,
	retried    INTEGER NOT NULL DEFAULT 0 CHECK (retried IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_end ON refresh_tokens (expires_at);

-- Token requests that were exchanged, for as long as they could be sent again: a digest
-- of the organization, appname, iat and jti.
CREATE TABLE token_requests (
	digest     BLOB    PRIMARY KEY,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX token_requests_end ON token_requests (expires_at);
