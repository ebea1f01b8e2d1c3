package audit

import (
	"encoding/json"
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
)

// row is a row as it is stored.
type row struct {
	ID        int64    `db:"id"`
	At        db.Stamp `db:"at"`
	Act       Act      `db:"act"`
	Result    string   `db:"result"`
	Caller    string   `db:"caller"`
	UserID    *int64   `db:"user_id"`
	UserEmail *string  `db:"user_email"`
	KeyID     *int64   `db:"key_id"`
	KeyName   *string  `db:"key_name"`
	SessionID *int64   `db:"session_id"`
	OrgID     *int64   `db:"org_id"`
	Target    string   `db:"target"`
	TargetID  *int64   `db:"target_id"`
	Name      *string  `db:"target_name"`
	Facts     string   `db:"facts"`
	IP        string   `db:"ip"`
	RequestID string   `db:"request_id"`
	MAC       []byte   `db:"mac"`
}

// columns are those of a row but for its MAC, which says nothing to readers.
const columns = `
	id, at, act, result, caller, user_id, user_email, key_id, key_name, session_id, org_id,
	target, target_id, target_name, facts, ip, request_id`

// shown is the row as answers show it.
func (r row) shown() (api.AuditRow, error) {
	out := api.AuditRow{
		ID: api.AuditID(r.ID), At: r.At.Time, Act: string(r.Act), Result: r.Result, Caller: r.Caller,
		UserID: (*api.UserID)(r.UserID), UserEmail: r.UserEmail, KeyID: (*api.KeyID)(r.KeyID), KeyName: r.KeyName,
		SessionID: (*api.SessionID)(r.SessionID), OrganizationID: (*api.OrgID)(r.OrgID),
		Target: r.Target, TargetID: r.TargetID, TargetName: r.Name, IP: r.IP, RequestID: r.RequestID,
	}
	if err := json.Unmarshal([]byte(r.Facts), &out.Facts); err != nil {
		return out, fmt.Errorf("read the facts of audit row %d: %w", r.ID, err)
	}
	return out, nil
}
