package caller

import (
	"time"

	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Caller is who asks. The zero value is nobody.
type Caller struct {
	Kind    api.CallerKind
	User    User
	Session *Session // where Kind is CallerSession
	Key     *Key     // where Kind is CallerKey, or the key behind an access token, bound to its organization
	Agent   *Agent   // where Kind is CallerAgent: then there is no User, and no permission

	Account  perm.Set               // effective on the account
	EveryOrg bool                   // an account role: a member of every organization
	Orgs     map[api.OrgID]perm.Set // effective in each organization they are named in
	Rights   string                 // version of all of the above

	Address   string
	RequestID string
}

// User is the person behind the credential.
type User struct {
	ID        api.UserID `db:"id"`
	UUID      string     `db:"uuid"`
	Email     string     `db:"email"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
}

// Session is a signed-in browser.
type Session struct {
	ID            api.SessionID
	ElevatedUntil time.Time // zero: not elevated
	ExpiresAt     time.Time
	Renamed       api.Secret // what its browser shall send from now on; empty: as before
}

// Key is the API key that a caller came with.
type Key struct {
	ID        api.KeyID
	Name      string
	Org       *api.OrgID // nil: global
	Hint      string     // of the value that they came with
	Role      api.KeyRole
	ExpiresAt *time.Time
}

// Agent is what a machine came with: the agent access key of an organization, or the
// token of a device that was enrolled with one.
type Agent struct {
	Org        api.OrgID
	Device     api.DeviceID // 0: the agent access key itself
	Key        int64        // the agent access key's row; 0 where a device asks
	KeyVersion int
}

// ByPassword reports an access token without a key behind it: it reads, in one
// organization.
func (c Caller) ByPassword() bool { return c.Kind == api.CallerToken && c.Key == nil }

// Nobody reports whether no credential was good.
func (c Caller) Nobody() bool { return c.Kind == "" }

// Member reports whether the caller belongs to the organization and reaches it. For
// holders of an account role it can't know whether the organization exists.
func (c Caller) Member(org api.OrgID) bool {
	if c.Key != nil && c.Key.Org != nil && *c.Key.Org != org {
		return false
	}
	if c.EveryOrg {
		return true
	}
	_, ok := c.Orgs[org]
	return ok
}

// In is what the caller may do in an organization.
func (c Caller) In(org api.OrgID) perm.Set {
	if !c.Member(org) {
		return 0
	}
	if c.Key != nil && c.Key.Org != nil {
		return c.Orgs[org]
	}
	return c.Orgs[org].Or(c.Account)
}

// May refuses who lacks p in an organization: not_found to strangers,
// permission_required to members.
func (c Caller) May(p perm.Permission, org api.OrgID) error {
	switch {
	case !c.Member(org):
		return fault.Missing()
	case !c.In(org).Has(p):
		return Lacks(p)
	}
	return nil
}

// MayOnAccount refuses who lacks p on the account.
func (c Caller) MayOnAccount(p perm.Permission) error {
	if !c.Account.Has(p) {
		return Lacks(p)
	}
	return nil
}

// Lacks is the refusal that names the missing permission.
func Lacks(p perm.Permission) error {
	return fault.New(fault.PermissionRequired, "This takes the permission %s.", p)
}

// Elevated refuses a session whose proof of identity is too old at now. Other
// callers prove theirs with each request.
func (c Caller) Elevated(now time.Time) error {
	if c.Session != nil && !now.Before(c.Session.ElevatedUntil) {
		return fault.New(fault.ElevationRequired, "Confirm your password first.")
	}
	return nil
}

// Changes refuses READONLY keys, and who came by password for a token: they read and
// nothing else.
func (c Caller) Changes() error {
	if c.ByPassword() {
		return fault.New(fault.KeyTooWeak, "A token that a password was exchanged for changes and reveals nothing.")
	}
	if c.Key != nil && c.Key.Role != api.Admin {
		return fault.New(fault.KeyTooWeak, "A READONLY key changes and reveals nothing.")
	}
	return nil
}
