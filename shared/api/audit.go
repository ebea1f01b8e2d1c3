package api

import (
	"net/url"
	"time"
)

// AuditID numbers the rows of the audit log, without a gap.
type AuditID int64

// AuditRow is one row of the audit log: who did what to what, when, from where. It
// never holds a secret.
type AuditRow struct {
	ID             AuditID        `json:"id"`
	At             time.Time      `json:"at"`
	Act            string         `json:"act"` // "noun.verb", such as api_key.reveal
	Result         string         `json:"result" enum:"done,refused"`
	Caller         string         `json:"caller"` // a CallerKind, anonymous, command_line or keystead
	UserID         *UserID        `json:"user_id"`
	UserEmail      *string        `json:"user_email"` // as it was then
	KeyID          *KeyID         `json:"key_id"`     // the API key that the caller came with
	KeyName        *string        `json:"key_name"`   // as it was then; null also in rows of older versions
	SessionID      *SessionID     `json:"session_id"`
	OrganizationID *OrgID         `json:"organization_id"` // null: of the account
	Target         string         `json:"target"`          // the noun of what it was done to
	TargetID       *int64         `json:"target_id"`
	TargetName     *string        `json:"target_name"` // as it was then
	Facts          map[string]any `json:"facts"`       // what else is worth knowing: a purpose, a count
	IP             string         `json:"ip"`
	RequestID      string         `json:"request_id"`
}

// The results of an act.
const (
	AuditDone    = "done"
	AuditRefused = "refused"
)

// Callers of the audit log that are no [CallerKind].
const (
	AuditAnonymous   = "anonymous"
	AuditCommandLine = "command_line"
	AuditItself      = "keystead"
)

// AuditNouns are the first words of acts, which the filter Act takes too.
var AuditNouns = []string{
	"api_key", "agent_access_key", "shared_secret", "device", "user", "membership", "role", "organization",
	"account", "session", "token", "setup_token", "master_key", "data_key", "pepper", "signing_key", "backup", "clock",
	"request", "anonymous",
}

// AuditList asks for a page of the audit log, the newest row first. Zero values do
// not filter. Sort and Order are not for this list.
type AuditList struct {
	List
	Act          string // one act, or its noun for all of that noun
	User         UserID // who did it, or to whom it was done
	Key          KeyID  // the API key that it was done to, or done with
	Organization OrgID
	Result       string // see AuditDone
	Since, Until time.Time
}

// Query is the request in the form of a URL's query. The page and its limit are of no
// use to an export. The API key travels as key_id: "key" is refused in every URL.
func (l AuditList) Query() url.Values {
	v := url.Values{}
	l.List.put(v)
	text(v, "act", l.Act)
	for name, id := range map[string]int64{"user": int64(l.User), "key_id": int64(l.Key), "organization": int64(l.Organization)} {
		if id != 0 {
			v.Set(name, number(AuditID(id)))
		}
	}
	text(v, "result", l.Result)
	for name, at := range map[string]time.Time{"since": l.Since, "until": l.Until} {
		if !at.IsZero() {
			v.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	return v
}

// The types in which the audit log is exported, asked for by the header Accept.
const (
	TypeCSV   = "text/csv"
	TypeJSONL = "application/jsonl"
)

// PathAudit is the audit log.
const PathAudit = "/v1/audit"

// PathKeyHistory lists what was done to one API key, the newest first.
func PathKeyHistory(id KeyID) string { return PathKey(id) + "/history" }
