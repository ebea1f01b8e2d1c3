package pages

import (
	"testing"

	"keystead/app/session"
	"keystead/shared/api"
)

func TestWhereAKeyWorks(t *testing.T) {
	ops, labs := api.OrgID(1), api.OrgID(2)
	v := session.View{Known: true, Me: api.Me{User: api.User{ID: rosa}, Organizations: []api.MyOrg{{ID: ops, Name: "Ops"}}}}
	for want, k := range map[string]api.Key{
		"Ops":                               {OrganizationID: &ops},
		"Organization 2":                    {OrganizationID: &labs},
		"All of your organizations":         {User: api.KeyOwner{ID: rosa}},
		"All organizations of Chris Okafor": {User: api.KeyOwner{ID: chris, FirstName: "Chris", LastName: "Okafor"}},
	} {
		if got := worksIn(k, v); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if !belongs(api.Key{}, labs) || !belongs(api.Key{OrganizationID: &ops}, ops) || belongs(api.Key{OrganizationID: &ops}, labs) {
		t.Error("a key belongs to its own organization, a global one to each")
	}
}

func TestWhatAnothersKeyMayDo(t *testing.T) {
	ops := api.OrgID(1)
	k := api.Key{Role: api.Admin, OrganizationID: &ops, User: api.KeyOwner{FirstName: "Chris"}}
	if got := othersMay(k, "Ops").Summary; got != "It does what Chris may do in Ops, and loses what they lose." {
		t.Error(got)
	}
	k.Role, k.OrganizationID = api.ReadOnly, nil
	if got := othersMay(k, "Ops").Summary; got != "It reads what Chris may read in each of their organizations. It changes nothing and never shows a value." {
		t.Error(got)
	}
}

func TestOneKeyOfThoseKept(t *testing.T) {
	kept := []api.Key{{ID: 3}, {ID: 7}}
	if got := onlyKey(kept, 7); len(got) != 1 || got[0].ID != 7 {
		t.Errorf("%v", got)
	}
	if got := onlyKey(kept, 9); got != nil {
		t.Errorf("%v", got)
	}
}
