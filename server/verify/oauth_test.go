package verify_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

const inactive = `{"active":false}`

func (s *stage) form(as testkit.Credential, path, body string) testkit.Answer {
	s.T.Helper()
	return s.Send(append(testkit.Credential{testkit.FormType}, as...), "POST "+path, body)
}

func token(key testkit.Credential) string { return "token=" + url.QueryEscape(value(key)) }

func (s *stage) introspect(as, key testkit.Credential) string {
	s.T.Helper()
	got := s.form(as, api.PathIntrospect, token(key)+"&token_type_hint=access_token")
	if got.Status != 200 || got.Header.Get("Cache-Control") != "no-store" {
		s.T.Fatalf("%d %v %s", got.Status, got.Header, got.Body)
	}
	return got.Body
}

// TestP31WhatIsNotGoodIsInactiveAndNothingElse compares byte for byte.
func TestP31WhatIsNotGoodIsInactiveAndNothingElse(t *testing.T) {
	s := newStage(t)
	off := false
	bad := map[string]testkit.Credential{
		"unknown":   testkit.Bearer(api.Hide(fresh())),
		"malformed": testkit.Bearer(api.Hide("ks_nonsense")),
		"of a kind": s.AgentKey(s.X),
	}
	add := func(name string, owner api.UserID, org api.OrgID) api.KeyID {
		id, key := s.Key(owner, org, api.Admin, name)
		if name != "foreign" && !strings.Contains(s.introspect(s.asker, key), `"active":true`) {
			t.Fatalf("the key to be %s was not active to begin with", name)
		}
		bad[name] = key
		return id
	}
	s.edit(s.Member, add("disabled", s.Member, s.X), api.EditKey{Enabled: &off})
	s.Must(s.Keys.Delete(t.Context(), s.As(s.Member), add("deleted", s.Member, s.X)))
	s.edit(s.Member, add("expired", s.Member, s.X), api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Hour))})
	add("foreign", s.Stranger, s.Y)
	_, bad["foreign and global"] = s.Key(s.Stranger, 0, api.Admin, "g")
	add("of a disabled owner", s.Operator, s.X)
	s.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", s.Operator)
	s.Pass(time.Hour)
	for name, key := range bad {
		if got := s.introspect(s.asker, key); got != inactive {
			t.Errorf("a key that is %s: %s", name, got)
		}
	}
	// A global key asks for no organization, and sees no more than its owner verifies.
	_, everywhere := s.Key(s.Verifier, 0, api.ReadOnly, "asks everywhere")
	for _, name := range []string{"foreign", "foreign and global"} {
		if got := s.introspect(everywhere, bad[name]); got != inactive {
			t.Errorf("a key that is %s, to a global key: %s", name, got)
		}
	}
}

func TestAnActiveKeyIsDescribed(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.ReadOnly, "k")
	s.edit(s.Member, id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Hour))})
	got := testkit.Read[map[string]any](s.Kit, s.form(s.asker, api.PathIntrospect, token(key)), 200)
	me := s.As(s.Member).User
	want := map[string]any{
		"active": true, "scope": perm.Of(perm.OrgsRead, perm.DevicesRead).String(), "client_id": text(id), "username": me.Email, "sub": me.UUID,
		"exp": float64(s.DB.Now().Add(time.Hour).Unix()), "token_type": "api_key", "organization": "ops-x",
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s is %v, want %v", name, got[name], want[name])
		}
	}
	s.Must(s.Verify.Flush(t.Context()))
	if key, err := s.Keys.Get(t.Context(), s.As(s.Member), id); err != nil || key.LastLoginAt == nil {
		t.Errorf("no login was noted: %v", err)
	}
	_, global := s.Key(s.Operator, 0, api.Admin, "g")
	if got := s.introspect(s.asker, global); !strings.Contains(got, `"organization":"ops-x"`) || !strings.Contains(got, "devices:manage") || strings.Contains(got, "exp") {
		t.Errorf("a global key, asked about in X: %s", got)
	}
	_, everywhere := s.Key(s.Admin, 0, api.Admin, "asker")
	if got := s.introspect(everywhere, global); !strings.Contains(got, `"scope":""`) || strings.Contains(got, "organization\"") {
		t.Errorf("a global key, asked about nowhere: %s", got)
	}
}

func TestP31RefusalsAreOAuths(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	session := s.Session(s.Admin)
	for name, row := range map[string]struct {
		as     testkit.Credential
		body   string
		status int
		code   string
	}{
		"no caller":      {nil, token(key), 401, "invalid_client"},
		"a bad caller":   {testkit.Bearer(api.Hide(fresh())), token(key), 401, "invalid_client"},
		"lacks it":       {key, token(key), 403, "unauthorized_client"},
		"a browser":      {session, token(key), 403, "unauthorized_client"},
		"no token":       {s.asker, "token_type_hint=x", 400, "invalid_request"},
		"empty":          {s.asker, "token=", 400, "invalid_request"},
		"twice":          {s.asker, "token=a&token=b", 400, "invalid_request"},
		"bad encoding":   {s.asker, "token=%zz", 400, "invalid_request"},
		"JSON":           {append(testkit.Credential{"Content-Type: application/json"}, s.asker...), `{"token":"x"}`, 415, "invalid_request"},
		"two credential": {append(testkit.Credential{"X-API-Key: x"}, s.asker...), token(key), 400, "invalid_request"},
	} {
		got := s.form(row.as, api.PathIntrospect, row.body)
		said := testkit.Read[map[string]string](s.Kit, got, row.status)
		if len(said) != 2 || said["error"] != row.code || said["error_description"] == "" || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s", name, got.Body)
		}
		if (got.Header.Get("WWW-Authenticate") != "") != (row.status == 401) {
			t.Errorf("%s: challenged by %q", name, got.Header.Get("WWW-Authenticate"))
		}
	}
	if got := s.form(s.asker, api.PathIntrospect, "unknown=1&"+token(key)); got.Status != 200 {
		t.Errorf("an unknown parameter: %d %s", got.Status, got.Body)
	}
	if got := s.Send(s.asker, "GET "+api.PathIntrospect, ""); got.Status < 400 {
		t.Errorf("GET: %d", got.Status)
	}
}

// TestP32AKeyEndsItselfAndNoOther revokes by the key alone, by the key with itself, and
// by another's.
func TestP32AKeyEndsItselfAndNoOther(t *testing.T) {
	s := newStage(t)
	enabled := func(id api.KeyID) int64 { return s.Number("SELECT enabled FROM api_keys WHERE id = ?", id) }
	acts := func(id api.KeyID) int64 {
		return s.Number("SELECT count(*) FROM audit WHERE act = 'api_key.disable' AND target_id = ? AND key_id = ?", id, id)
	}
	revoke := func(as testkit.Credential, body string) {
		t.Helper()
		if got := s.form(as, api.PathRevoke, body); got.Status != 200 || got.Body != "" {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	}
	id, key := s.Key(s.Member, s.X, api.ReadOnly, "k") // may change nothing, but end itself
	revoke(s.asker, token(key))
	_, admin := s.Key(s.Admin, 0, api.Admin, "admin")
	revoke(admin, token(key))
	if enabled(id) != 1 {
		t.Fatal("another's key ended it")
	}
	before := s.DB.Commits()
	for _, unknown := range []string{fresh(), "ks_nonsense", "x"} {
		revoke(nil, "token="+unknown)
	}
	if s.DB.Commits() != before {
		t.Error("an unknown value was written about")
	}
	revoke(nil, token(key))
	if enabled(id) != 0 || acts(id) != 1 {
		t.Fatalf("enabled %d, audited %d times", enabled(id), acts(id))
	}
	if got := s.Send(key, "GET /v1/me", ""); got.Status != 401 {
		t.Errorf("it is still good: %d", got.Status)
	}
	revoke(nil, token(key))
	revoke(key, token(key))
	if acts(id) != 1 {
		t.Errorf("audited %d times", acts(id))
	}
	id, key = s.Key(s.Member, 0, api.Admin, "with itself")
	revoke(key, token(key))
	if enabled(id) != 0 || acts(id) != 1 {
		t.Errorf("enabled %d, audited %d times", enabled(id), acts(id))
	}
	if got := s.form(nil, api.PathRevoke, "nothing=1"); got.Status != 400 || !strings.Contains(got.Body, "invalid_request") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
