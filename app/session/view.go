package session

import (
	"net/url"
	"strings"
	"time"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// View is who is signed in, and where they stand, at one moment. It is a value:
// copy it, never change what it points to.
type View struct {
	Me      api.Me
	Known   bool       // Me is filled
	Problem error      // why it is not
	Org     *api.MyOrg // the organization of the page; nil: see Asked
	Asked   string     // short name in the address that is no organization of theirs
	Offline bool       // the server was not reached at the last try
	AsOf    time.Time  // when the server last said anything
	Prefs   Prefs
	Warning Warning // that the session is about to end
	// Outdated: the server has another version of the console than this one.
	Outdated bool
}

// May reports whether the person holds p in the organization of the page.
func (v View) May(p perm.Permission) bool {
	return v.Org != nil && v.in(v.Org).Has(p)
}

// MayOnAccount reports whether the person holds p on the account.
func (v View) MayOnAccount(p perm.Permission) bool {
	return perm.OfKnown(v.Me.AccountPermissions...).Has(p)
}

// Mine reports whether something of that owner is the person's own.
func (v View) Mine(owner api.UserID) bool { return v.Known && owner == v.Me.User.ID }

// Role is what the person is called here: their role on the account, else in the organization.
func (v View) Role() string {
	switch {
	case v.Me.AccountRole != nil:
		return *v.Me.AccountRole
	case v.Org != nil:
		return v.Org.Role
	default:
		return ""
	}
}

// Name is the person's name, or their e-mail where they gave none.
func (v View) Name() string {
	if name := strings.TrimSpace(v.Me.User.FirstName + " " + v.Me.User.LastName); name != "" {
		return name
	}
	return v.Me.User.Email
}

// Link is the address of a page in the organization of this one.
func (v View) Link(path string) string {
	if v.Org == nil {
		return path
	}
	return LinkIn(path, v.Org.ShortName)
}

// LinkIn is the address of a page in the organization of that short name.
func LinkIn(path, org string) string {
	return path + "?" + url.Values{"org": {org}}.Encode()
}

func (v View) in(org *api.MyOrg) perm.Set {
	return perm.OfKnown(org.Permissions...).Or(perm.OfKnown(v.Me.AccountPermissions...))
}

// choose finds the organization that the address asks for, else the one last
// visited, else the first. Where the address asks for one that is not theirs there
// is none: showing another instead would be a lie.
func choose(orgs []api.MyOrg, asked, last string) *api.MyOrg {
	find := func(short string) *api.MyOrg {
		for i := range orgs {
			if strings.EqualFold(orgs[i].ShortName, short) {
				return &orgs[i]
			}
		}
		return nil
	}
	if asked != "" {
		return find(asked)
	}
	if org := find(last); org != nil {
		return org
	}
	if len(orgs) > 0 {
		return &orgs[0]
	}
	return nil
}
