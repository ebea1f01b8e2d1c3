package sessions_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func setup(token api.Secret) api.Setup {
	return api.Setup{
		Token: token, Email: "Ada@Example.com", Password: api.Hide(password),
		FirstName: "Ada", LastName: "Lovelace", Organization: "Northwind Ops",
	}
}

func TestSetUp(t *testing.T) {
	p := open(t)
	if needed, err := p.NeedsSetUp(t.Context()); err != nil || !needed {
		t.Fatal(needed, err)
	}
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	o, err := p.SetUp(t.Context(), setup(token), here)
	p.must(err)
	who, err := p.who(o.Token)
	p.must(err)
	if who.Account != perm.All() || !who.EveryOrg || who.User.Email != "Ada@Example.com" || who.User.FirstName != "Ada" {
		t.Errorf("signed in as %+v", who)
	}
	if n := p.count("SELECT COUNT(*) FROM account WHERE name = 'Northwind Ops'"); n != 1 {
		t.Error("the account is not named like the organization")
	}
	if n := p.count("SELECT COUNT(*) FROM organizations WHERE name = 'Northwind Ops' AND short_name = 'northwind-ops'"); n != 1 {
		t.Error("the organization is missing")
	}
	for _, act := range []string{"account.set_up", "user.add", "session.add"} {
		if n := p.count("SELECT COUNT(*) FROM audit WHERE act = ? AND user_id = ?", act, who.User.ID); n != 1 {
			t.Errorf("%d rows of %s", n, act)
		}
	}
	if needed, err := p.NeedsSetUp(t.Context()); err != nil || needed {
		t.Error("set-up is still needed")
	}
	_, err = p.SetUp(t.Context(), setup(token), here)
	p.wantFault(err, fault.SetUpDone)
	_, err = p.NewSetupToken(t.Context())
	p.wantFault(err, fault.SetUpDone)
	if _, err := p.signIn("ada@example.com", password, here); err != nil {
		t.Errorf("signing in: %v", err)
	}
}

func TestSetUpThroughTheDoor(t *testing.T) {
	p := open(t)
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	ask := func(change map[string]any) (int, map[string]any) {
		t.Helper()
		body := map[string]any{
			"token": token.Reveal(), "email": "ada@example.com", "password": password,
			"first_name": "Ada", "last_name": "Lovelace", "organization": "Northwind Ops",
		}
		for k, v := range change {
			body[k] = v
		}
		text, err := json.Marshal(body)
		p.must(err)
		res := p.request("POST", "/v1/setup", string(text))
		var answer map[string]any
		p.must(json.NewDecoder(res.Body).Decode(&answer))
		return res.StatusCode, answer
	}
	for _, c := range []struct {
		field  string
		value  any
		status int
		code   fault.Code
	}{
		{"token", "wrong", 401, fault.BadCredentials},
		{"email", "nobody", 422, fault.InvalidValue},
		{"password", "short", 422, fault.InvalidValue},
		{"password", "northwindnorthwind", 422, fault.InvalidValue},
		{"first_name", " ", 422, fault.InvalidValue},
		{"last_name", "a/b", 422, fault.InvalidValue},
		{"organization", "", 422, fault.InvalidValue},
		{"short_name", "Not Short", 422, fault.InvalidValue},
		{"account", "a\u200bb", 422, fault.InvalidValue},
		{"email", nil, 400, fault.BadRequest},
	} {
		status, answer := ask(map[string]any{c.field: c.value})
		if status != c.status || answer["code"] != string(c.code) || answer["field"] != c.field {
			t.Errorf("%s %v: %d %v", c.field, c.value, status, answer)
		}
	}
	status, answer := ask(map[string]any{"short_name": "nw", "account": "Northwind"})
	if status != 201 || answer["user"].(map[string]any)["email"] != "ada@example.com" {
		t.Fatalf("%d %v", status, answer)
	}
	if status, answer := ask(nil); status != 409 || answer["code"] != string(fault.SetUpDone) {
		t.Errorf("again: %d %v", status, answer)
	}
	if n := p.count("SELECT COUNT(*) FROM organizations WHERE short_name = 'nw'"); n != 1 {
		t.Error("the short name is not the one that was asked for")
	}
}

func TestP17SetupToken(t *testing.T) {
	p := open(t)
	first, err := p.NewSetupToken(t.Context())
	p.must(err)
	second, err := p.NewSetupToken(t.Context())
	p.must(err)
	_, err = p.SetUp(t.Context(), setup(first), here) // voided
	p.wantFault(err, fault.BadCredentials)
	if f, _ := fault.From(err); f.Field != "token" || strings.Contains(f.Detail, first.Reveal()) {
		t.Error(err)
	}
	var digests []string
	p.must(p.db.Read(t.Context()).Select(&digests, "SELECT CAST(digest AS TEXT) FROM one_time_tokens"))
	if len(digests) != 1 || strings.Contains(digests[0], second.Reveal()) || len(second.Reveal()) < 32 {
		t.Errorf("%d tokens are kept", len(digests))
	}
	p.clock.pass(24 * time.Hour)
	_, err = p.SetUp(t.Context(), setup(second), here)
	p.wantFault(err, fault.BadCredentials)
	third, err := p.NewSetupToken(t.Context())
	p.must(err)
	p.clock.pass(24*time.Hour - time.Millisecond)
	_, err = p.SetUp(t.Context(), setup(third), here)
	p.must(err)
	if n := p.count("SELECT COUNT(*) FROM one_time_tokens"); n != 0 {
		t.Error("the token is kept after its use")
	}
}

// Before set-up nobody can sign in, with no name and no password; of 200 who set up
// at once, one does.
func TestP69SetUpOnce(t *testing.T) {
	p := open(t)
	for _, guess := range []string{"admin", "password", "keystead", ""} {
		_, err := p.signIn("admin@example.com", guess, here)
		p.wantFault(err, fault.BadCredentials)
		_, err = p.SetUp(t.Context(), setup(api.Hide(guess)), here)
		p.wantFault(err, fault.BadCredentials)
	}
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 200 {
		wg.Go(func() {
			_, err := p.SetUp(t.Context(), setup(token), here)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case !fault.Is(err, fault.SetUpDone) && !fault.Is(err, fault.TooManyTries) && !fault.Is(err, fault.BadCredentials):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done != 1 {
		t.Errorf("%d came through", done)
	}
	for table, want := range map[string]int{"account": 1, "users": 1, "organizations": 1, "sessions": 1} {
		if n := p.count("SELECT COUNT(*) FROM " + table); n != want {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

// Set-up happens whole or not at all.
func TestSetUpRollsBack(t *testing.T) {
	p := open(t)
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER fails BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'no'); END")
		return err
	}))
	if _, err := p.SetUp(t.Context(), setup(token), here); err == nil {
		t.Fatal("set up without a session")
	}
	for _, table := range []string{"account", "users", "organizations"} {
		if n := p.count("SELECT COUNT(*) FROM " + table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("DROP TRIGGER fails")
		return err
	}))
	_, err = p.SetUp(t.Context(), setup(token), here) // the token is still good
	p.must(err)
}
