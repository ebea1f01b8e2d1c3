package api

// MaxID bounds ids: JavaScript's numbers hold no larger integer exactly.
const MaxID = 1<<53 - 1

// Ids are integers, never reused, and typed so that one can't stand for another.
type (
	// KeyID names an API key.
	KeyID int64
	// OrgID names an organization.
	OrgID int64
	// UserID names a user.
	UserID int64
	// RoleID names a role.
	RoleID int64
	// SessionID names a signed-in browser.
	SessionID int64
)
