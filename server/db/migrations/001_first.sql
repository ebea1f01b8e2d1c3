-- The first schema. Times are Unix milliseconds in UTC, booleans 0 or 1, ids are
-- never reused (AUTOINCREMENT). A deleted row stays for the audit trail, without
-- its digests and ciphertexts.

CREATE TABLE account (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	uuid       TEXT    NOT NULL UNIQUE,
	name       TEXT    NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organizations (
	id                    INTEGER PRIMARY KEY AUTOINCREMENT,
	uuid                  TEXT    NOT NULL UNIQUE,
	name                  TEXT    NOT NULL,
	name_folded           TEXT    NOT NULL,
	short_name            TEXT    NOT NULL,
	reveal                TEXT    NOT NULL DEFAULT 'owner' CHECK (reveal IN ('owner', 'never')),
	default_lifetime_days INTEGER CHECK (default_lifetime_days > 0),
	max_lifetime_days     INTEGER CHECK (max_lifetime_days > 0),
	allow_no_expiry       INTEGER NOT NULL DEFAULT 1 CHECK (allow_no_expiry IN (0, 1)),
	keys_manage_keys      INTEGER NOT NULL DEFAULT 1 CHECK (keys_manage_keys IN (0, 1)),
	created_at            INTEGER NOT NULL,
	deleted_at            INTEGER
) STRICT;
CREATE UNIQUE INDEX organizations_short_name ON organizations (short_name) WHERE deleted_at IS NULL;

-- A role is held on the account or in one organization; org_id null and scope
-- organization: may be given in every organization (the built-in ones).
CREATE TABLE roles (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	name        TEXT    NOT NULL,
	name_folded TEXT    NOT NULL,
	description TEXT    NOT NULL DEFAULT '',
	scope       TEXT    NOT NULL CHECK (scope IN ('account', 'organization')),
	org_id      INTEGER REFERENCES organizations (id),
	built_in    INTEGER NOT NULL DEFAULT 0 CHECK (built_in IN (0, 1)),
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (name_folded);

CREATE TABLE role_permissions (
	role_id    INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
	permission TEXT    NOT NULL,
	PRIMARY KEY (role_id, permission)
) STRICT, WITHOUT ROWID;

-- An account role makes its holder a member of every organization.
CREATE TABLE users (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	uuid            TEXT    NOT NULL UNIQUE,
	email           TEXT    NOT NULL,
	email_folded    TEXT    NOT NULL,
	first_name      TEXT    NOT NULL,
	last_name       TEXT    NOT NULL,
	sort_name       TEXT    NOT NULL,
	state           TEXT    NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
	password_hash   TEXT,
	account_role_id INTEGER REFERENCES roles (id),
	created_at      INTEGER NOT NULL,
	updated_at      INTEGER NOT NULL,
	deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email_folded) WHERE deleted_at IS NULL;
CREATE INDEX users_account_role ON users (account_role_id) WHERE account_role_id IS NOT NULL;

CREATE TABLE memberships (
	user_id INTEGER NOT NULL REFERENCES users (id),
	org_id  INTEGER NOT NULL REFERENCES organizations (id),
	role_id INTEGER NOT NULL REFERENCES roles (id),
	PRIMARY KEY (user_id, org_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_org ON memberships (org_id, user_id);
CREATE INDEX memberships_role ON memberships (role_id);

-- org_id null: global. The previous_ columns hold the older value while a rotation
-- overlaps; it can be verified, never shown. owner_sort repeats users.sort_name, so
-- that a list sorted by owner reads one table. search is what is searched in, folded:
-- name, description, public id and last four, one a line.
CREATE TABLE api_keys (
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
	public_id       TEXT    NOT NULL UNIQUE,
	hint            TEXT    NOT NULL,
	digest          BLOB    UNIQUE,
	pepper_id       INTEGER,
	ciphertext      BLOB,
	previous_hint   TEXT,
	previous_digest BLOB    UNIQUE,
	previous_pepper INTEGER,
	previous_until  INTEGER,
	deleted_at      INTEGER,
	CHECK ((deleted_at IS NULL) = (digest IS NOT NULL)),
	CHECK (deleted_at IS NULL OR (ciphertext IS NULL AND previous_digest IS NULL)),
	CHECK ((previous_digest IS NULL) = (previous_until IS NULL))
) STRICT;
CREATE UNIQUE INDEX api_keys_name ON api_keys (owner_id, COALESCE(org_id, 0), name_folded) WHERE deleted_at IS NULL;
CREATE INDEX api_keys_org ON api_keys (org_id, owner_id) WHERE deleted_at IS NULL;

-- The agent access key and the shared secret of an organization, each version a
-- row: the newest has no valid_until, the one before it may overlap.
CREATE TABLE secrets (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	uuid        TEXT    NOT NULL UNIQUE,
	org_id      INTEGER NOT NULL REFERENCES organizations (id),
	kind        TEXT    NOT NULL CHECK (kind IN ('agent-access-key', 'shared-secret')),
	version     INTEGER NOT NULL CHECK (version > 0),
	hint        TEXT    NOT NULL,
	digest      BLOB    UNIQUE,
	pepper_id   INTEGER,
	ciphertext  BLOB,
	created_at  INTEGER NOT NULL,
	valid_until INTEGER,
	UNIQUE (org_id, kind, version),
	CHECK (valid_until IS NOT NULL OR (digest IS NOT NULL AND ciphertext IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX secrets_current ON secrets (org_id, kind) WHERE valid_until IS NULL;

CREATE TABLE sessions (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	sid            TEXT    NOT NULL UNIQUE,
	user_id        INTEGER NOT NULL REFERENCES users (id),
	created_at     INTEGER NOT NULL,
	elevated_until INTEGER,
	last_active_at INTEGER NOT NULL,
	expires_at     INTEGER NOT NULL,
	ip             TEXT    NOT NULL,
	user_agent     TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, last_active_at);
CREATE INDEX sessions_end ON sessions (expires_at);

-- Set-up token, invitations and resets: the digest only, single use.
CREATE TABLE one_time_tokens (
	digest     BLOB    PRIMARY KEY,
	purpose    TEXT    NOT NULL CHECK (purpose IN ('setup', 'invite', 'reset')),
	user_id    INTEGER REFERENCES users (id),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counted sign-in tries, so that a restart forgives nothing. The bucket is a keyed
-- digest: the table names neither people nor addresses. Tries come back at a steady
-- rate; full_at is when all of them are, and the row can go.
CREATE TABLE throttle (
	bucket  BLOB    PRIMARY KEY,
	full_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_full ON throttle (full_at);

-- Keys that are not people's: for values, digests, sessions, the audit chain. Each is
-- sealed by the master key.
CREATE TABLE keyset (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	purpose    TEXT    NOT NULL CHECK (purpose IN ('values', 'pepper', 'session', 'audit', 'token')),
	sealed     BLOB    NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	at          INTEGER NOT NULL,
	act         TEXT    NOT NULL,
	result      TEXT    NOT NULL CHECK (result IN ('done', 'refused')),
	caller      TEXT    NOT NULL,
	user_id     INTEGER,
	user_email  TEXT,
	key_id      INTEGER,
	session_id  INTEGER,
	org_id      INTEGER,
	target      TEXT    NOT NULL,
	target_id   INTEGER,
	target_name TEXT,
	facts       TEXT    NOT NULL CHECK (json_valid(facts)),
	ip          TEXT    NOT NULL,
	request_id  TEXT    NOT NULL,
	mac         BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_org ON audit (org_id, id);
CREATE INDEX audit_key ON audit (target, target_id, id);
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
