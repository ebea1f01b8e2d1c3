package pages

import (
	"strings"
	"testing"

	"keystead/shared/api"
)

func TestTheFormOfAUser(t *testing.T) {
	for email, good := range map[string]bool{
		"sam@example.com": true, " sam@example.com ": true,
		"": false, "sam": false, "@example.com": false, "sam@": false, "a@b, c@d": false,
	} {
		f := userForm{Email: email}
		if got := f.check(); got != good && strings.TrimSpace(email) == email {
			t.Errorf("%q: got %v, %s", email, got, f.EmailError)
		}
	}
	f := userFormOf(api.User{Email: "sam@example.com", FirstName: "Sam"})
	if _, differs := f.edits(); differs || f.moved() {
		t.Error("an untouched form changes something")
	}
	f.SetFirst("")
	f.SetLast(" Reed ")
	edit, _ := f.edits()
	if edit.Email != nil || edit.FirstName == nil || *edit.FirstName != "" || *edit.LastName != "Reed" {
		t.Errorf("%+v", edit)
	}
	f.SetLast("a/b")
	if f.check() || f.LastError == "" {
		t.Error("a slash in a name was taken")
	}
}

func TestWhatHappensToAUsersKeysIsSaid(t *testing.T) {
	keys := &api.PersonKeys{Held: 3, Showable: 2}
	for _, c := range []struct{ got, want string }{
		{shutOutWords(keys), "They are signed out everywhere, and the values of 2 keys of theirs can’t be shown any more. The keys keep working."},
		{shutOutWords(&api.PersonKeys{}), "They are signed out everywhere. No key is affected: they have none."},
		{shutOutWords(&api.PersonKeys{Held: 1}), "They are signed out everywhere. Their 1 key keeps working; none could be shown anyway."},
		{disableWords(keys), "They are signed out everywhere and can’t sign in, and their 3 keys are refused at once. Enabled again, they and their keys work as before."},
		{disableWords(nil), "They are signed out everywhere and can’t sign in, until they are enabled again."},
		{deleteWords(keys), "Their 3 keys are deleted with them: whatever uses one will be rejected at once. This can’t be undone."},
		{deleteWords(&api.PersonKeys{}), "They hold no keys. This can’t be undone."},
		{latelyWords(&api.PersonKeys{UsedLately: 1}), "1 key was used within the last 7 days."},
		{linkURL("/invite#x", "https://keys.example.com"), "https://keys.example.com/invite#x"},
		{linkURL("https://a.example/invite#x", "https://b.example"), "https://a.example/invite#x"},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}

func TestActsOnAUser(t *testing.T) {
	theirs := api.Person{User: api.User{ID: 2, State: api.UserActive}, Manageable: true}
	if may := actsOn(theirs, 1, true); !may.Manage || may.Off != "" || may.Self || may.Link != api.LinkReset {
		t.Errorf("%+v", may)
	}
	if may := actsOn(theirs, 2, true); !may.Self {
		t.Errorf("oneself: %+v", may)
	}
	if may := actsOn(theirs, 1, false); may.Manage || may.Off != "" {
		t.Errorf("who only reads: %+v", may)
	}
	theirs.Manageable, theirs.State = false, api.UserDisabled
	if may := actsOn(theirs, 1, true); may.Manage || may.Off == "" || may.Link != "" {
		t.Errorf("one who holds more: %+v", may)
	}
}

func TestWhereARoleIsHeld(t *testing.T) {
	member := func(orgs ...api.OrgID) (p api.Person) {
		for _, id := range orgs {
			p.Memberships = append(p.Memberships, api.Membership{Organization: api.OrgName{ID: id}, Role: api.RoleName{Name: "Read Only"}})
		}
		return p
	}
	for _, c := range []struct {
		p           api.Person
		here, other string
	}{
		{member(), "", ""},
		{member(1), "Read Only", ""},
		{member(1, 2), "Read Only", "and in 1 other"},
		{member(2, 3), "", "in 2 organizations"},
	} {
		if here, other := roleHere(c.p, 1), elsewhere(c.p, 1); here != c.here || other != c.other {
			t.Errorf("%v: got %q and %q", c.p.Memberships, here, other)
		}
	}
}
