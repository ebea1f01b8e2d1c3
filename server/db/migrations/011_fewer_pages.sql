-- A key that is added changes a page of each index that it is in, somewhere in the middle
-- where what is indexed is random: the digest, which tells keys apart, and no longer the
-- public id. That is drawn from so many that none comes twice, and is only ever asked of a
-- key that was found. Among older values are keys that have one. The rest is as it was.
CREATE TABLE api_keys_anew (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	org_id          INTEGER REFERENCES organizations (id),
	owner_id        INTEGER NOT NULL REFERENCES users (id),
	owner_sort      TEXT    NOT NULL,
	name            TEXT    NOT NULL,
	name_folded     TEXT    NOT NULL,
	description     TEXT    NOT NULL DEFAULT '',
	search          TEXT    NOT NULL,
	role            TEXT    NOT NULL CHECK (role IN ('ADMIN', 'READONLY')),
	enabled         INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
	expires_at      INTEGER,
	created_at      INTEGER NOT NULL,
	updated_at      INTEGER NOT NULL,
	last_login_at   INTEGER,
	last_login_ip   TEXT,
	public_id       TEXT    NOT NULL,
	hint            TEXT    NOT NULL,
	digest          BLOB,
	pepper_id       INTEGER,
	ciphertext      BLOB,
	previous_hint   TEXT,
	previous_digest BLOB,
	previous_pepper INTEGER,
	previous_until  INTEGER,
	deleted_at      INTEGER,
	CHECK ((deleted_at IS NULL) = (digest IS NOT NULL)),
	CHECK (deleted_at IS NULL OR (ciphertext IS NULL AND previous_digest IS NULL)),
	CHECK ((previous_digest IS NULL) = (previous_until IS NULL))
) STRICT;

-- No id is given a second time.
INSERT INTO sqlite_sequence (name, seq) SELECT 'api_keys_anew', seq FROM sqlite_sequence WHERE name = 'api_keys';
INSERT INTO api_keys_anew (id, org_id, owner_id, owner_sort, name, name_folded, description, search, role, enabled, expires_at, created_at, updated_at,
                           last_login_at, last_login_ip, public_id, hint, digest, pepper_id, ciphertext,
                           previous_hint, previous_digest, previous_pepper, previous_until, deleted_at)
	SELECT id, org_id, owner_id, owner_sort, name, name_folded, description, search, role, enabled, expires_at, created_at, updated_at,
	       last_login_at, last_login_ip, public_id, hint, digest, pepper_id, ciphertext,
	       previous_hint, previous_digest, previous_pepper, previous_until, deleted_at
	  FROM api_keys
	 ORDER BY id;
DROP TABLE api_keys;
ALTER TABLE api_keys_anew RENAME TO api_keys;

CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE UNIQUE INDEX api_keys_previous ON api_keys (previous_digest) WHERE previous_digest IS NOT NULL;
CREATE UNIQUE INDEX api_keys_name ON api_keys (owner_id, COALESCE(org_id, 0), name_folded) WHERE deleted_at IS NULL;
CREATE INDEX api_keys_org ON api_keys (org_id, owner_id) WHERE deleted_at IS NULL;

CREATE TRIGGER api_keys_new_pepper BEFORE INSERT ON api_keys
	WHEN NEW.pepper_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM keyset WHERE id = NEW.pepper_id AND purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
CREATE TRIGGER api_keys_pepper BEFORE UPDATE OF pepper_id ON api_keys
	WHEN NEW.pepper_id NOT IN (SELECT id FROM keyset WHERE purpose = 'pepper')
	BEGIN SELECT RAISE(ABORT, 'there is no such pepper'); END;
