package api

import "time"

// KeyRole limits what an API key may do with its owner's permissions.
type KeyRole string

// The key roles. READONLY keeps only the reading permissions, see [perm.ReadOnlyKeys].
const (
	Admin    KeyRole = "ADMIN"
	ReadOnly KeyRole = "READONLY"
)

// KeyRoles lists the key roles, the smaller one first.
var KeyRoles = []KeyRole{ReadOnly, Admin}

// Key is an API key as lists and answers show it, without its value.
type Key struct {
	ID             KeyID      `json:"id"`
	Name           string     `json:"name"`
	Description    string     `json:"description"`
	Role           KeyRole    `json:"role"`
	Enabled        bool       `json:"enabled"`
	Hint           string     `json:"hint"`
	OrganizationID *OrgID     `json:"organization_id"` // null: global
	User           KeyOwner   `json:"user"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	ExpiresAt      *time.Time `json:"expires_at"`
	LastLoginAt    *time.Time `json:"last_login_at"`
	LastLoginIP    *string    `json:"last_login_ip"`
	Previous       *Previous  `json:"previous"` // the older value while a rotation overlaps
}

// Global reports whether the key acts in all of its owner's organizations.
func (k Key) Global() bool { return k.OrganizationID == nil }

// Expired reports whether the key's time is over at now.
func (k Key) Expired(now time.Time) bool { return k.ExpiresAt != nil && !now.Before(*k.ExpiresAt) }

// KeyOwner is the user to whom a key belongs.
type KeyOwner struct {
	ID        UserID `json:"id"`
	UUID      string `json:"uuid"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
}

// Previous is the value before the last rotation, valid until its overlap ends.
type Previous struct {
	Hint       string    `json:"hint"`
	ValidUntil time.Time `json:"valid_until"`
}

// AddKey asks for a new API key of the caller's own. An absent ExpiresAt takes the
// default lifetime of the organization's policy, and where a key is the caller no later
// end than its own; null asks for none.
type AddKey struct {
	Name        string           `json:"name" required:"true"`
	Description string           `json:"description,omitempty"`
	Role        KeyRole          `json:"role" required:"true" enum:"ADMIN,READONLY"`
	ExpiresAt   Maybe[time.Time] `json:"expires_at,omitzero"`
}

// EditKey changes what is set and leaves the rest.
type EditKey struct {
	Name        *string          `json:"name,omitempty"`
	Description *string          `json:"description,omitempty"`
	Role        *KeyRole         `json:"role,omitempty" enum:"ADMIN,READONLY"`
	Enabled     *bool            `json:"enabled,omitempty"`
	ExpiresAt   Maybe[time.Time] `json:"expires_at,omitzero"`
}

// AddedKey answers add and rotate. It holds the value.
type AddedKey struct {
	Key   Key    `json:"key"`
	Value Secret `json:"value"`
}

// Purpose says in the audit log why a value was revealed.
type Purpose string

// The purposes of a reveal. Show is the default.
const (
	PurposeShow   Purpose = "show"
	PurposeCopy   Purpose = "copy"
	PurposeBundle Purpose = "bundle"
)

// Reveal asks for a value.
type Reveal struct {
	Purpose Purpose `json:"purpose,omitempty" enum:"show,copy,bundle"`
}

// Revealed answers a reveal. It holds the value.
type Revealed struct {
	Value Secret `json:"value"`
}

// Rotate asks for a new value; the older one stays valid for OverlapSeconds,
// 0 (the default) to 30 days.
type Rotate struct {
	OverlapSeconds int64 `json:"overlap_seconds,omitempty" minimum:"0" maximum:"2592000"`
}

// MaxOverlap is the longest overlap of a rotation.
const MaxOverlap = 30 * 24 * time.Hour

// BulkAction is what is done to many keys at once.
type BulkAction string

// The bulk actions.
const (
	BulkEnable  BulkAction = "enable"
	BulkDisable BulkAction = "disable"
	BulkDelete  BulkAction = "delete"
)

// MaxBulk is the most keys that one bulk request names.
const MaxBulk = 100

// Bulk asks for one action on up to [MaxBulk] keys. Each key is done or refused by itself.
type Bulk struct {
	IDs    []KeyID    `json:"ids" required:"true" minItems:"1" maxItems:"100"`
	Action BulkAction `json:"action" required:"true" enum:"enable,disable,delete"`
}

// BulkDone answers [Bulk]: which keys were changed, and which were refused and why.
type BulkDone struct {
	Done    []KeyID   `json:"done"`
	Refused []Refusal `json:"refused"`
}

// Refusal is one key of a bulk request that was left as it was.
type Refusal struct {
	ID     KeyID  `json:"id"`
	Code   string `json:"code"` // a fault code
	Detail string `json:"detail"`
}

// The filter "use" of the key list.
const (
	UseNever   = "never"
	UseIdle30  = "idle_30"
	UseIdle90  = "idle_90"
	UseIdle365 = "idle_365"
)

// The filter "state" of the key list.
const (
	StateEnabled  = "enabled"
	StateDisabled = "disabled"
	StateExpired  = "expired"
)

// The filter "scope" of the key list.
const (
	ScopeOrganization = "organization"
	ScopeGlobal       = "global"
	ScopeAll          = "all"
)

// ReviewIdle, ReviewUnused and ReviewExpiring say which keys deserve a look: idle for
// longer than the first, or ADMIN, never used and older than the second, or
// expiring within the third.
const (
	ReviewIdle     = 90 * 24 * time.Hour
	ReviewUnused   = 7 * 24 * time.Hour
	ReviewExpiring = 7 * 24 * time.Hour
)

// RecentUse is how lately a key must have been used for its deletion to ask for
// its name.
const RecentUse = 7 * 24 * time.Hour
