package api

import (
	"net/url"
	"time"
)

// Paths of users, and of the links by which they come in.
const (
	PathUsers      = "/v1/users"
	PathInvitation = "/v1/invitation" // redeems a link
)

// PathUser is one user.
func PathUser(id UserID) string { return PathUsers + "/" + number(id) }

// PathUserLink makes a link for a user.
func PathUserLink(id UserID) string { return PathUser(id) + "/link" }

// RoleName names a role where it is held.
type RoleName struct {
	ID   RoleID `json:"id"`
	Name string `json:"name"`
}

// OrgName names an organization where someone belongs to it.
type OrgName struct {
	ID        OrgID  `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
}

// Membership is a role that a user holds in an organization.
type Membership struct {
	Organization OrgName  `json:"organization"`
	Role         RoleName `json:"role"`
}

// Person is a user as the list of users shows them. Memberships are those in
// organizations whose members the caller may see.
type Person struct {
	User
	AccountRole  *RoleName    `json:"account_role"`
	Memberships  []Membership `json:"memberships"`
	CreatedAt    time.Time    `json:"created_at"`
	LastActiveAt *time.Time   `json:"last_active_at"`
	KeysHeld     *int         `json:"api_keys"`   // null unless the caller may manage this user
	Manageable   bool         `json:"manageable"` // the caller holds users:manage and every permission that this user holds
}

// PersonDetail is one user, with what disabling or deleting them does.
type PersonDetail struct {
	Person
	Keys *PersonKeys `json:"keys"` // null unless the caller may manage this user
	Link *OpenLink   `json:"link"` // the link that is still open; null unless the caller may manage this user
}

// PersonKeys says what happens to a user's API keys: a disabled owner's are refused
// at once, a deleted owner's are deleted.
type PersonKeys struct {
	Held       int      `json:"held"`        // all, the disabled and expired ones too
	Global     int      `json:"global"`      // of these
	Showable   int      `json:"showable"`    // whose value can still be shown, until another changes password or e-mail
	UsedLately int      `json:"used_lately"` // within [RecentUse]
	Lately     []KeyUse `json:"lately"`      // of these, those that the caller may see, the latest first
}

// KeyUse is an API key and when it was used.
type KeyUse struct {
	ID             KeyID     `json:"id"`
	Name           string    `json:"name"`
	OrganizationID *OrgID    `json:"organization_id"` // null: global
	LastLoginAt    time.Time `json:"last_login_at"`
}

// Grant gives a role in an organization.
type Grant struct {
	OrganizationID OrgID  `json:"organization_id" required:"true"`
	RoleID         RoleID `json:"role_id" required:"true"`
}

// AddUser invites a user with a role on the account, roles in organizations, or both.
type AddUser struct {
	Email         string  `json:"email" required:"true"`
	FirstName     string  `json:"first_name,omitempty"` // default: the e-mail address up to its @
	LastName      string  `json:"last_name,omitempty"`
	AccountRoleID *RoleID `json:"account_role_id,omitempty"`
	Memberships   []Grant `json:"memberships,omitempty"`
}

// EditUser changes what is set and leaves the rest. Memberships are all that the
// user is to have: who is not in it leaves. An address changed by another ends the
// user's sessions, and their keys can't be shown any more.
type EditUser struct {
	Email         *string       `json:"email,omitempty"`
	FirstName     *string       `json:"first_name,omitempty"`
	LastName      *string       `json:"last_name,omitempty"`
	State         *string       `json:"state,omitempty" enum:"active,disabled"`
	AccountRoleID Maybe[RoleID] `json:"account_role_id,omitzero"`
	Memberships   *[]Grant      `json:"memberships,omitempty"`
}

// AddedUser answers the invitation of a user. It holds the link, here only.
type AddedUser struct {
	User PersonDetail `json:"user"`
	Link Link         `json:"link"`
}

// LinkPurpose says what a link is for.
type LinkPurpose string

// The purposes of a link: to come in for the first time, and to set a new password.
const (
	LinkInvite LinkPurpose = "invite"
	LinkReset  LinkPurpose = "reset"
)

// How long a link is good.
const (
	InviteLifetime = 24 * time.Hour
	ResetLifetime  = 30 * time.Minute
)

// AddLink asks for a link: invite for an invited user, reset for an active one. It
// ends the one before.
type AddLink struct {
	Purpose LinkPurpose `json:"purpose" required:"true" enum:"invite,reset"`
}

// Link is a single-use link. Its URL holds the token in the fragment, so whoever has
// it can come in as that user; where the server knows no public URL, it begins with
// the path, and the console puts its own origin before it.
type Link struct {
	URL       Secret      `json:"url"`
	Purpose   LinkPurpose `json:"purpose"`
	ExpiresAt time.Time   `json:"expires_at"`
}

// OpenLink is a link that was not used yet, without its URL.
type OpenLink struct {
	Purpose   LinkPurpose `json:"purpose"`
	ExpiresAt time.Time   `json:"expires_at"`
}

// Redeem uses a link: it sets the password, and the name where one is given, and
// signs in.
type Redeem struct {
	Token     Secret `json:"token" required:"true"`
	Password  Secret `json:"password" required:"true"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
}

// Columns by which users are sorted, besides [SortName], [SortRole] and [SortCreated].
const (
	SortEmail      = "email"
	SortState      = "state"
	SortLastActive = "last_active_at"
)

// UserList asks for a page of users.
type UserList struct {
	List
	State string // see UserActive
	Org   OrgID  // only members of it; 0: of any
	Role  RoleID // only who holds it, on the account or in an organization; 0: any
}

// Query is the request in the form of a URL's query.
func (l UserList) Query() url.Values {
	v := url.Values{}
	l.List.put(v)
	text(v, "state", l.State)
	if l.Org != 0 {
		v.Set("org", number(l.Org))
	}
	if l.Role != 0 {
		v.Set("role", number(l.Role))
	}
	return v
}
