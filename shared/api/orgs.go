package api

import "time"

// Whether owners may see a key's value again.
const (
	RevealOwner = "owner"
	RevealNever = "never"
)

// Policy is an organization's rule for its keys. Null days: no such bound.
type Policy struct {
	Reveal              string `json:"reveal" enum:"owner,never"`
	DefaultLifetimeDays *int   `json:"default_lifetime_days"`
	MaxLifetimeDays     *int   `json:"max_lifetime_days"`
	AllowNoExpiry       bool   `json:"allow_no_expiry"`
	KeysManageKeys      bool   `json:"keys_manage_keys"`
}

// KeyPolicy is the rule that a new key meets: an organization's own, or for a
// global key the strictest of its owner's organizations.
type KeyPolicy = Policy

// Org is an organization.
type Org struct {
	ID        OrgID     `json:"id"`
	UUID      string    `json:"uuid"`
	Name      string    `json:"name"`
	ShortName string    `json:"short_name"`
	Policy    Policy    `json:"policy"`
	CreatedAt time.Time `json:"created_at"`
}

// Member is a user of an organization and their role there.
type Member struct {
	User User   `json:"user"`
	Role string `json:"role"`
}

// SecretKind is one of the two credentials that an organization has besides its
// keys, spelled as in its path.
type SecretKind string

// The kinds of secret.
const (
	AgentKey     SecretKind = "agent-access-key"
	SharedSecret SecretKind = "shared-secret"
)

// OrgSecret is an agent access key or a shared secret without its value.
type OrgSecret struct {
	Hint      string    `json:"hint"`
	CreatedAt time.Time `json:"created_at"`
	Previous  *Previous `json:"previous"`
}

// AddedOrgSecret answers the making and the rotation of a secret. It holds the value.
type AddedOrgSecret struct {
	Secret OrgSecret `json:"secret"`
	Value  Secret    `json:"value"`
}
