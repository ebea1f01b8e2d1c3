package devices

import (
	"fmt"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// row is a device as it is stored. Its digest is written and never read here.
type row struct {
	ID            api.DeviceID `db:"id"`
	UUID          string       `db:"uuid"`
	OrgID         api.OrgID    `db:"org_id"`
	Hostname      string       `db:"hostname"`
	OS            string       `db:"os"`
	AgentVersion  string       `db:"agent_version"`
	EnrolledAt    db.Stamp     `db:"enrolled_at"`
	LastCheckInAt *db.Stamp    `db:"last_check_in_at"`
	LastIP        string       `db:"last_ip"`
	KeyVersion    int          `db:"agent_key_version"`
	OldKey        bool         `db:"old_key"`
}

const columns = `
	d.id, d.uuid, d.org_id, d.hostname, d.os, d.agent_version, d.enrolled_at,
	d.last_check_in_at, d.last_ip, d.agent_key_version, d.old_key`

func (r row) shown() api.Device {
	return api.Device{
		ID: r.ID, UUID: r.UUID, OrganizationID: r.OrgID, Hostname: r.Hostname, OS: r.OS, AgentVersion: r.AgentVersion,
		EnrolledAt: r.EnrolledAt.Time, LastCheckInAt: r.LastCheckInAt.Or(), LastIP: r.LastIP,
		AgentKeyVersion: r.KeyVersion, OldKey: r.OldKey,
	}
}

// search is what searches of the list look into.
func (r row) search() string { return r.Hostname + "\n" + r.OS + "\n" + r.AgentVersion }

// one reads a device of an organization that is still there. Fault: not_found.
func one(r db.Reader, id api.DeviceID) (device row, err error) {
	err = r.Get(&device, `
		SELECT `+columns+`
		  FROM devices d
		  JOIN organizations o ON o.id = d.org_id AND o.deleted_at IS NULL
		 WHERE d.id = ?
		   AND d.deleted_at IS NULL`, id)
	switch {
	case db.IsNone(err):
		return row{}, fault.Missing()
	case err != nil:
		return row{}, fmt.Errorf("read a device: %w", err)
	}
	return device, nil
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// insert stores a new device and learns its id.
func insert(tx *db.Tx, r *row, digest seal.Digest) error {
	err := tx.Get(&r.ID, `
		INSERT INTO devices (uuid, org_id, hostname, hostname_folded, os, agent_version, search, enrolled_at,
		                     last_ip, agent_key_version, old_key, digest, pepper_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`,
		r.UUID, r.OrgID, r.Hostname, fold.Text(r.Hostname), r.OS, r.AgentVersion, fold.Text(r.search()), r.EnrolledAt,
		r.LastIP, r.KeyVersion, r.OldKey, digest.Sum, digest.Pepper)
	if err != nil {
		return fmt.Errorf("store a device: %w", err)
	}
	return nil
}

const deletion = `
	UPDATE devices
	   SET deleted_at = ?,
	       digest = NULL, pepper_id = NULL`

// markDeleted keeps the row and erases what could find it by its token.
func markDeleted(tx *db.Tx, id api.DeviceID) error {
	_, err := tx.Exec(deletion+`
		 WHERE id = ?
		   AND deleted_at IS NULL`, db.At(tx.Now()), id)
	if err != nil {
		return fmt.Errorf("delete a device: %w", err)
	}
	return nil
}

// deviceBy finds the device whose token has the digest, nil where there is none.
func deviceBy(r db.Reader, digest seal.Digest) (*caller.Agent, error) {
	var found row
	err := r.Get(&found, `
		SELECT d.id, d.org_id, d.agent_key_version
		  FROM devices d
		  JOIN organizations o ON o.id = d.org_id AND o.deleted_at IS NULL
		 WHERE d.digest = ?
		   AND d.pepper_id = ?
		   AND d.deleted_at IS NULL`, digest.Sum, digest.Pepper)
	switch {
	case db.IsNone(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("find a device: %w", err)
	}
	return &caller.Agent{Org: found.OrgID, Device: found.ID, KeyVersion: found.KeyVersion}, nil
}

// key is a version of an agent access key.
type key struct {
	ID         int64     `db:"id"`
	OrgID      api.OrgID `db:"org_id"`
	Version    int       `db:"version"`
	ValidUntil *db.Stamp `db:"valid_until"` // null: the current one
}

const keyColumns = `
	SELECT s.id, s.org_id, s.version, s.valid_until
	  FROM secrets s
	  JOIN organizations o ON o.id = s.org_id AND o.deleted_at IS NULL
	 WHERE s.kind = 'agent-access-key'
	   AND s.digest IS NOT NULL`

// agentKey reads a version again, where it is written by it. Fault: bad_credentials.
func agentKey(r db.Reader, id int64) (k key, err error) {
	err = r.Get(&k, keyColumns+`
	   AND s.id = ?`, id)
	switch {
	case db.IsNone(err):
		return key{}, badCredentials()
	case err != nil:
		return key{}, fmt.Errorf("read the agent access key: %w", err)
	}
	return k, nil
}

// agentKeyBy finds the version that has the digest, nil where there is none.
func agentKeyBy(r db.Reader, digest seal.Digest) (*key, error) {
	var k key
	err := r.Get(&k, keyColumns+`
	   AND s.digest = ?
	   AND s.pepper_id = ?`, digest.Sum, digest.Pepper)
	switch {
	case db.IsNone(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("find the agent access key: %w", err)
	}
	return &k, nil
}
