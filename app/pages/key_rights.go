package pages

import (
	"keystead/shared/api"
	"keystead/shared/perm"
)

// keyRights is what the signed-in person may do with keys in one organization:
// product.md section 3 as far as the console shows or hides by it. The server decides.
type keyRights struct {
	User          api.UserID
	Org           api.OrgID
	Here          perm.Set // in the organization, the account's role included
	Account       perm.Set
	HideValues    bool // the organization's policy: nobody sees a value again
	HideGlobal    bool // the same for one's global keys
	KeysMayManage bool // keys manage keys in the organization
}

// rightsOf reads them from what the server says about the caller.
func rightsOf(me api.Me, org api.MyOrg) keyRights {
	account := perm.OfKnown(me.AccountPermissions...)
	return keyRights{
		User: me.User.ID, Org: org.ID,
		Here: perm.OfKnown(org.Permissions...).Or(account), Account: account,
		HideValues:    org.Policy.Reveal == api.RevealNever,
		HideGlobal:    me.KeyPolicy.Reveal == api.RevealNever,
		KeysMayManage: org.Policy.KeysManageKeys,
	}
}

// keyActs is what may be done with one key. Edit of another's key is bounded, see [keyActs.Own].
type keyActs struct {
	Own    bool // everything goes; else earlier expiry and ADMIN to READONLY only
	Show   bool // and copy
	Rotate bool
	Edit   bool
	Switch bool // enable and disable
	Delete bool
	Read   bool // its page, with its history
}

// On says which acts are open for k.
func (r keyRights) On(k api.Key) keyActs {
	if k.User.ID == r.User {
		hidden := r.HideValues
		if k.Global() {
			hidden = r.HideGlobal
		}
		return keyActs{Own: true, Show: !hidden, Rotate: true, Edit: true, Switch: true, Delete: true, Read: true}
	}
	set := r.Here
	if k.Global() {
		set = r.Account
	}
	modify := set.Has(perm.KeysModify)
	return keyActs{Edit: modify, Switch: modify, Delete: set.Has(perm.KeysDelete), Read: set.Has(perm.KeysRead)}
}

// Any reports whether anything may be done that the Manage column offers.
func (a keyActs) Any() bool { return a.Show || a.Rotate || a.Edit || a.Switch || a.Delete }

// SeesOthers reports whether lists hold other people's keys.
func (r keyRights) SeesOthers() bool { return r.Here.Has(perm.KeysList) }

// SeesOthersGlobal reports whether lists can hold other people's global keys.
func (r keyRights) SeesOthersGlobal() bool { return r.Account.Has(perm.KeysList) }
