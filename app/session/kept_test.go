package session

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/shared/api"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func some(n int) []api.Key {
	keys := make([]api.Key, n)
	for i := range keys {
		keys[i] = api.Key{ID: api.KeyID(i + 1), Name: fmt.Sprintf("key-%04d", i), Role: api.Admin}
	}
	return keys
}

func TestNothingPreciousIsKept(t *testing.T) {
	ip, org := "10.2.0.7", api.OrgID(1)
	key := api.Key{ID: 1, Name: "ci", Description: "CANARY-description", Hint: "CANARY-hint", OrganizationID: &org,
		User: api.KeyOwner{ID: 2, UUID: "CANARY-uuid", Email: "CANARY-mail", FirstName: "Rosa"}, LastLoginIP: &ip,
		Previous: &api.Previous{Hint: "CANARY-previous"}}
	me := api.Me{User: api.User{ID: 2, Email: "CANARY-mine"}, Key: &key, Limits: api.Limits{PublicURL: "CANARY-url"}}
	var s shelf
	s.put(me, org, []api.Key{key}, noon)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"CANARY", ip} {
		if strings.Contains(string(text), word) {
			t.Errorf("%s is kept: %s", word, text)
		}
	}
	if !strings.Contains(string(text), "Rosa") {
		t.Errorf("the owner's name is not kept: %s", text)
	}
}

func TestKeptKeysComeBack(t *testing.T) {
	expires, login := noon.Add(time.Hour), noon.Add(-time.Hour)
	org := api.OrgID(4)
	want := api.Key{ID: 3, Name: "ci", Role: api.Admin, Enabled: true, OrganizationID: &org,
		User: api.KeyOwner{ID: 2, FirstName: "Rosa", LastName: "Harman"}, ExpiresAt: &expires, LastLoginAt: &login}
	var s, back shelf
	s.put(api.Me{}, org, []api.Key{want}, noon)
	text, _ := json.Marshal(s)
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	keys, at := back.keys(org)
	if len(keys) != 1 || !at.Equal(noon) {
		t.Fatalf("got %v at %v", keys, at)
	}
	got, _ := json.Marshal(keys[0])
	expected, _ := json.Marshal(want)
	if string(got) != string(expected) {
		t.Errorf("got  %s\nwant %s", got, expected)
	}
}

func TestBoundsOfWhatIsKept(t *testing.T) {
	var s shelf
	rows := func(org api.OrgID) int { return len(s.Lists[org].Rows) }

	s.put(api.Me{}, 1, some(600), noon)
	if rows(1) != MaxKept {
		t.Errorf("one list: %d rows", rows(1))
	}
	s.put(api.Me{}, 1, some(200), noon)
	s.put(api.Me{}, 2, some(200), noon.Add(time.Minute))
	if rows(1) != 200 || rows(2) != 200 {
		t.Errorf("two that fit: %d and %d rows", rows(1), rows(2))
	}
	s.put(api.Me{}, 3, some(200), noon.Add(2*time.Minute))
	if rows(1) != 0 || rows(2) != 200 || rows(3) != 200 {
		t.Errorf("the oldest makes room: %d, %d and %d rows", rows(1), rows(2), rows(3))
	}
}

func TestNothingOfAnotherPersonStays(t *testing.T) {
	var s shelf
	s.put(api.Me{User: api.User{ID: 1}}, 1, some(3), noon)
	s.put(api.Me{User: api.User{ID: 2}}, 2, some(1), noon)
	if _, there := s.Lists[1]; there || s.Me.User.ID != 2 {
		t.Errorf("kept for person %d: %v", s.Me.User.ID, s.Lists)
	}
}

func TestWhatIsKeptGrowsOld(t *testing.T) {
	var s shelf
	s.put(api.Me{User: api.User{ID: 1}}, 1, some(1), noon)
	s.put(api.Me{User: api.User{ID: 1}}, 2, some(1), noon.Add(24*time.Hour))

	s.fresh(noon.Add(KeepFor))
	if len(s.Lists) != 2 {
		t.Errorf("after seven days to the second: %d lists", len(s.Lists))
	}
	s.fresh(noon.Add(KeepFor + time.Second))
	if _, there := s.Lists[1]; there || len(s.Lists) != 1 {
		t.Errorf("a second later: %v", s.Lists)
	}
	s.fresh(noon.Add(24*time.Hour + KeepFor + time.Second))
	if s.Me.User.ID != 0 || len(s.Lists) != 0 {
		t.Errorf("a day later the person is still known: %+v", s)
	}
}
