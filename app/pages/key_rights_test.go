package pages

import (
	"testing"

	"keystead/shared/api"
	"keystead/shared/perm"
)

const (
	rosa  = api.UserID(1)
	chris = api.UserID(2)
)

func rights(here, account perm.Set) keyRights {
	me := api.Me{User: api.User{ID: rosa}, AccountPermissions: account.List()}
	return rightsOf(me, api.MyOrg{ID: 1, Permissions: here.List()})
}

func keyOfUser(u api.UserID, global bool) api.Key {
	k := api.Key{User: api.KeyOwner{ID: u}}
	if org := api.OrgID(1); !global {
		k.OrganizationID = &org
	}
	return k
}

func TestActsOnKeys(t *testing.T) {
	own := keyActs{Own: true, Show: true, Rotate: true, Edit: true, Switch: true, Delete: true, Read: true}
	modify := keyActs{Edit: true, Switch: true, Read: true}
	for name, c := range map[string]struct {
		r    keyRights
		k    api.Key
		want keyActs
	}{
		"own":                           {rights(0, 0), keyOfUser(rosa, false), own},
		"own global":                    {rights(0, 0), keyOfUser(rosa, true), own},
		"another's, listed only":        {rights(perm.Of(perm.KeysList), 0), keyOfUser(chris, false), keyActs{}},
		"another's, modify":             {rights(perm.Of(perm.KeysModify), 0), keyOfUser(chris, false), modify},
		"another's, delete":             {rights(perm.Of(perm.KeysDelete), 0), keyOfUser(chris, false), keyActs{Delete: true, Read: true}},
		"another's, by account":         {rights(0, perm.All()), keyOfUser(chris, false), keyActs{Edit: true, Switch: true, Delete: true, Read: true}},
		"another's global, by org":      {rights(perm.Of(perm.KeysModify, perm.KeysDelete), 0), keyOfUser(chris, true), keyActs{}},
		"another's global, by account":  {rights(0, perm.Of(perm.KeysModify)), keyOfUser(chris, true), modify},
		"another's, full administrator": {rights(perm.All(), perm.All()), keyOfUser(chris, true), keyActs{Edit: true, Switch: true, Delete: true, Read: true}},
	} {
		if got := c.r.On(c.k); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestNobodySeesAValueThatThePolicyHides(t *testing.T) {
	r := rights(0, 0)
	r.HideValues = true
	if r.On(keyOfUser(rosa, false)).Show || !r.On(keyOfUser(rosa, true)).Show {
		t.Error("the organization's policy is about its keys only")
	}
	r.HideValues, r.HideGlobal = false, true
	if !r.On(keyOfUser(rosa, false)).Show || r.On(keyOfUser(rosa, true)).Show {
		t.Error("global keys follow their own policy")
	}
}
