-- Devices, enrolled with the agent access key of their organization. old_key: the
-- version that was used had been rotated away and only overlapped. search is what is
-- searched in, folded: host name, operating system, agent version, one a line.
CREATE TABLE devices (
	id                INTEGER PRIMARY KEY AUTOINCREMENT,
	uuid              TEXT    NOT NULL UNIQUE,
	org_id            INTEGER NOT NULL REFERENCES organizations (id),
	hostname          TEXT    NOT NULL,
	hostname_folded   TEXT    NOT NULL,
	os                TEXT    NOT NULL,
	agent_version     TEXT    NOT NULL,
	search            TEXT    NOT NULL,
	enrolled_at       INTEGER NOT NULL,
	last_check_in_at  INTEGER,
	last_ip           TEXT    NOT NULL,
	agent_key_version INTEGER NOT NULL CHECK (agent_key_version > 0),
	old_key           INTEGER NOT NULL CHECK (old_key IN (0, 1)),
	digest            BLOB    UNIQUE,
	pepper_id         INTEGER,
	deleted_at        INTEGER,
	CHECK ((deleted_at IS NULL) = (digest IS NOT NULL))
) STRICT;
CREATE INDEX devices_hostname ON devices (org_id, hostname_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX devices_enrolled ON devices (org_id, enrolled_at, id) WHERE deleted_at IS NULL;
CREATE INDEX devices_checked_in ON devices (org_id, last_check_in_at, id) WHERE deleted_at IS NULL;

-- The audit log is read by what was done, who did it and when, too.
CREATE INDEX audit_user ON audit (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_caller_key ON audit (key_id, id) WHERE key_id IS NOT NULL;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_act ON audit (act, id);
