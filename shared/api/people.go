package api

import (
	"time"

	"keystead/shared/perm"
)

// Setup makes the account, its first organization and its first Full
// Administrator, and signs in. It is answered once.
type Setup struct {
	Token        Secret `json:"token" required:"true"`
	Email        string `json:"email" required:"true"`
	Password     Secret `json:"password" required:"true"`
	FirstName    string `json:"first_name" required:"true"`
	LastName     string `json:"last_name" required:"true"`
	Organization string `json:"organization" required:"true"`
	ShortName    string `json:"short_name,omitempty"`
	Account      string `json:"account,omitempty"` // default: the organization's name
}

// SignIn asks for a session.
type SignIn struct {
	Email    string `json:"email" required:"true"`
	Password Secret `json:"password" required:"true"`
}

// Elevate proves the identity of a signed-in user again.
type Elevate struct {
	Password Secret `json:"password" required:"true"`
}

// User is a person.
type User struct {
	ID        UserID `json:"id"`
	UUID      string `json:"uuid"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	State     string `json:"state" enum:"invited,active,disabled"`
}

// States of a user.
const (
	UserInvited  = "invited"
	UserActive   = "active"
	UserDisabled = "disabled"
)

// Session answers sign-in and GET /v1/session: who is signed in and until when.
type Session struct {
	ID            SessionID  `json:"id"`
	User          User       `json:"user"`
	ElevatedUntil *time.Time `json:"elevated_until"`
	IdleAt        time.Time  `json:"idle_at"`
	ExpiresAt     time.Time  `json:"expires_at"`
}

// SessionRow is one of the caller's sessions in the list.
type SessionRow struct {
	ID           SessionID `json:"id"`
	Current      bool      `json:"current"`
	CreatedAt    time.Time `json:"created_at"`
	LastActiveAt time.Time `json:"last_active_at"`
	ExpiresAt    time.Time `json:"expires_at"`
	IP           string    `json:"ip"`
	UserAgent    string    `json:"user_agent"`
}

// CallerKind says by which credential the caller came.
type CallerKind string

// The kinds of caller.
const (
	CallerSession CallerKind = "session"
	CallerKey     CallerKind = "api_key"
	CallerToken   CallerKind = "access_token"
	CallerAgent   CallerKind = "agent"
)

// Me says who the caller is and what they may do, where.
type Me struct {
	Caller             CallerKind        `json:"caller"`
	User               User              `json:"user"`
	AccountRole        *string           `json:"account_role"`
	AccountPermissions []perm.Permission `json:"account_permissions"`
	Organizations      []MyOrg           `json:"organizations"`
	Key                *Key              `json:"key"`         // where an API key asks: its own record
	GlobalKeys         KeyCount          `json:"global_keys"` // the caller's own global keys
	KeyPolicy          KeyPolicy         `json:"key_policy"`  // of the caller's global keys
	Rights             string            `json:"rights"`      // the version that X-Keystead-Rights carries
	Limits             Limits            `json:"limits"`
}

// MyOrg is an organization that the caller belongs to.
type MyOrg struct {
	ID          OrgID             `json:"id"`
	UUID        string            `json:"uuid"`
	Name        string            `json:"name"`
	ShortName   string            `json:"short_name"`
	Role        string            `json:"role"`
	Permissions []perm.Permission `json:"permissions"`
	Policy      Policy            `json:"policy"`
	Keys        KeyCount          `json:"keys"` // the caller's own keys here
}

// KeyCount says how many keys the caller holds of how many allowed.
type KeyCount struct {
	Held int `json:"held"`
	Max  int `json:"max"`
}

// Limits are what the server was started with and the console shows.
type Limits struct {
	Elevation int64  `json:"elevation_seconds"`
	PublicURL string `json:"public_url"`
	Version   string `json:"version"`
}

// EditMe changes what is set of the caller's own name.
type EditMe struct {
	FirstName *string `json:"first_name,omitempty"`
	LastName  *string `json:"last_name,omitempty"`
}

// NewPassword changes the caller's own password.
type NewPassword struct {
	Password Secret `json:"password" required:"true"`
}

// Account is the installation.
type Account struct {
	ID   string `json:"id"` // a UUID
	Name string `json:"name"`
}

// EditAccount renames the installation.
type EditAccount struct {
	Name *string `json:"name,omitempty"`
}
