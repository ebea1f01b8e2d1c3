package pages

import (
	"reflect"
	"testing"

	"keystead/shared/api"
)

func TestAShortNameFollowsTheNameUntilItIsTyped(t *testing.T) {
	var f orgForm
	f.SetName("Northwind Labs")
	if f.Short != "northwind-labs" || f.adds().ShortName != "" {
		t.Errorf("%+v", f)
	}
	f.SetShort("NW")
	f.SetName("Northwind Research")
	if f.Short != "nw" || f.adds() != (api.AddOrg{Name: "Northwind Research", ShortName: "nw"}) {
		t.Errorf("%+v", f)
	}
	f.SetShort("")
	f.SetName("Labs")
	if f.Short != "labs" || !f.check() {
		t.Errorf("%+v", f)
	}
	f.SetShort("-x")
	if f.check() || f.ShortError == "" {
		t.Error("a bad short name was taken")
	}
}

func TestRenamingAnOrganization(t *testing.T) {
	f := orgFormOf(api.Org{ID: 1, Name: "Ops", ShortName: "ops"})
	f.SetName("Operations")
	if f.Short != "ops" || f.renamed() {
		t.Error("the short name followed: integrations use it")
	}
	f.SetShort("operations")
	edit, differs := f.edits()
	if !differs || !f.renamed() || *edit.Name != "Operations" || *edit.ShortName != "operations" {
		t.Errorf("%+v", edit)
	}
}

func TestAPolicyAsItIsTyped(t *testing.T) {
	ninety := 90
	was := api.Policy{Reveal: api.RevealOwner, MaxLifetimeDays: &ninety, AllowNoExpiry: true, KeysManageKeys: true}
	f := policyFormOf(was)
	if _, differs := f.edits(); differs || f.Max != "90" || f.erasing() {
		t.Errorf("%+v", f)
	}
	for _, bad := range []string{"0", "-1", "1.5", "x", "36501"} {
		if f.Default = bad; f.check() || f.DefaultError == "" {
			t.Errorf("%s days were taken", bad)
		}
	}
	if f.Default = "91"; f.check() {
		t.Error("a default beyond the longest was taken")
	}
	f.Default, f.Max, f.Reveal, f.AllowNoExpiry = "30", "", api.RevealNever, false
	if !f.check() || !f.erasing() {
		t.Errorf("%+v", f)
	}
	edit, _ := f.edits()
	if *edit.DefaultLifetimeDays.Value != 30 || !edit.MaxLifetimeDays.Set || edit.MaxLifetimeDays.Value != nil ||
		*edit.Reveal != api.RevealNever || *edit.AllowNoExpiry || edit.KeysManageKeys != nil {
		t.Errorf("%+v", edit)
	}
}

func TestWordsOfAnOrganization(t *testing.T) {
	thirty := 30
	if words := policyWords(api.Policy{Reveal: api.RevealOwner, AllowNoExpiry: true, KeysManageKeys: true}); words != nil {
		t.Errorf("the default policy says %v", words)
	}
	got := policyWords(api.Policy{Reveal: api.RevealNever, MaxLifetimeDays: &thirty})
	if want := []string{"Values never shown again", "At most 30 days", "Expiry required", "Keys manage no keys"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	along := goesAlong(api.OrgContents{Keys: 12, KeysUsedLately: 3, Members: 1, SharedSecret: true})
	if want := []string{"12 API keys, 3 of them used within the last 7 days", "its agent access key",
		"its API shared secret: every integration stops", "1 membership; the people stay users"}; !reflect.DeepEqual(along, want) {
		t.Errorf("got %q", along)
	}
}
