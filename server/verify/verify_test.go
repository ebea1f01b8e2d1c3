package verify_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/server/verify"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// stage is the cast with a key of everyone who can have one in X.
type stage struct {
	*testkit.Cast
	asker testkit.Credential // may verify in X
}

func newStage(t *testing.T) *stage {
	c := testkit.NewCast(testkit.New(t, nil))
	_, asker := c.Key(c.Verifier, c.X, api.ReadOnly, "asker")
	return &stage{c, asker}
}

func value(c testkit.Credential) string { return strings.TrimPrefix(c[0], "Authorization: Bearer ") }

func (s *stage) verify(as, key testkit.Credential, more string) api.Verdict {
	s.T.Helper()
	return testkit.Read[api.Verdict](s.Kit, s.Send(as, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q%s}`, value(key), more)), 200)
}

func (s *stage) edit(owner api.UserID, id api.KeyID, edit api.EditKey) {
	s.T.Helper()
	_, err := s.Keys.Edit(s.T.Context(), s.As(owner), id, edit)
	s.Must(err)
}

// TestVerdicts brings a key into every state and asks who may know and who may not.
func TestVerdicts(t *testing.T) {
	off := false
	for name, row := range map[string]struct {
		more string
		do   func(s *stage, id api.KeyID)
		want api.VerdictCode
	}{
		"good":                 {"", func(*stage, api.KeyID) {}, api.Valid},
		"with what it may":     {`,"permission":"devices:read"`, func(*stage, api.KeyID) {}, api.Valid},
		"with what it may not": {`,"permission":"devices:manage"`, func(*stage, api.KeyID) {}, api.Forbidden},
		"disabled":             {"", func(s *stage, id api.KeyID) { s.edit(s.Member, id, api.EditKey{Enabled: &off}) }, api.Disabled},
		"deleted":              {"", func(s *stage, id api.KeyID) { s.Must(s.Keys.Delete(s.T.Context(), s.As(s.Member), id)) }, api.NotFound},
		"of a deleted owner":   {"", func(s *stage, _ api.KeyID) { s.Exec("UPDATE users SET deleted_at = 1 WHERE id = ?", s.Member) }, api.NotFound},
		"of a disabled owner":  {"", func(s *stage, _ api.KeyID) { s.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", s.Member) }, api.OwnerDisabled},
		"of one who left":      {"", func(s *stage, _ api.KeyID) { s.Exec("DELETE FROM memberships WHERE user_id = ?", s.Member) }, api.OwnerNotMember},
		"in its organization":  {`,"organization":"ops-x"`, func(*stage, api.KeyID) {}, api.Valid},
		"expired": {"", func(s *stage, id api.KeyID) {
			s.edit(s.Member, id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Hour))})
			s.Pass(time.Hour)
		}, api.Expired},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			id, key := s.Key(s.Member, s.X, api.Admin, "k")
			if before := s.verify(s.asker, key, ""); !before.Valid {
				t.Fatalf("it was %s to begin with", before.Code)
			}
			row.do(s, id)
			got := s.verify(s.asker, key, row.more)
			if got.Code != row.want || got.Valid != (row.want == api.Valid) {
				t.Errorf("%s, want %s", got.Code, row.want)
			}
			if !got.Valid && (got.KeyID != nil || got.Owner != nil || got.Name != nil) {
				t.Errorf("a bad key is described: %+v", got)
			}
		})
	}
}

func TestAValidVerdictSaysAllThatItNames(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Operator, s.X, api.ReadOnly, "reader")
	got := s.verify(s.asker, key, "")
	if *got.KeyID != id || *got.Name != "reader" || got.Owner.ID != s.Operator || got.Organization.ShortName != "ops-x" || *got.Role != api.ReadOnly || got.ExpiresAt != nil {
		t.Errorf("%+v", got)
	}
	if want := perm.Of(perm.OrgsRead, perm.DevicesRead, perm.UsersRead).String(); fmt.Sprint(got.Permissions) != "["+want+"]" {
		t.Errorf("%v, want %s", got.Permissions, want)
	}
}

// An administrator's key of an organization is no key to the account.
func TestAnOrganizationsKeyHoldsNothingOfTheAccount(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Admin, s.X, api.Admin, "k")
	got, err := s.Verify.Check(t.Context(), value(key), verify.Target{})
	s.Must(err)
	if !got.Permissions.Has(perm.DevicesManage) || got.Permissions.Has(perm.UsersManage) || got.Permissions.Has(perm.AccountRead) {
		t.Errorf("it may %s", got.Permissions)
	}
}

// TestP23ForeignKeysAnswerLikeNone compares what an asker of Y learns of a key of X
// with what they learn of no key at all, byte for byte.
func TestP23ForeignKeysAnswerLikeNone(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	verifierOfY := s.Person("Yan")
	s.Join(verifierOfY, s.Y, perm.Verifier)
	_, foreign := s.Key(verifierOfY, s.Y, api.Admin, "asker")
	none := strings.Replace(value(key), value(key)[3:13], "0000000000", 1) // wrong checksum
	ask := func(body string) string { return s.Send(foreign, "POST /v1/keys/verify", body).Body }
	unknown := ask(fmt.Sprintf(`{"key":%q}`, value(testkit.Bearer(api.Hide(fresh())))))
	if got := ask(fmt.Sprintf(`{"key":%q}`, value(key))); got != unknown {
		t.Errorf("a foreign key: %s, no key: %s", got, unknown)
	}
	off := false
	s.edit(s.Member, id, api.EditKey{Enabled: &off})
	if got := ask(fmt.Sprintf(`{"key":%q}`, value(key))); got != unknown {
		t.Errorf("a foreign disabled key: %s", got)
	}
	if got := ask(fmt.Sprintf(`{"key":%q}`, none)); !strings.Contains(got, "MALFORMED") {
		t.Errorf("a damaged key: %s", got)
	}
	cut := func(text string) string { before, _, _ := strings.Cut(text, `"request_id"`); return before }
	theirs, nobodys := ask(fmt.Sprintf(`{"key":%q,"organization":"ops-x"}`, value(key))), ask(fmt.Sprintf(`{"key":%q,"organization":"nowhere"}`, value(key)))
	if cut(theirs) != cut(nobodys) || !strings.Contains(theirs, "not_found") {
		t.Errorf("a foreign organization: %s, none: %s", theirs, nobodys)
	}
}

// fresh is a well-formed value that was never given out.
func fresh() string {
	return keyfmt.Parts{Kind: keyfmt.APIKey, PublicID: "0000000000", Secret: strings.Repeat("0", keyfmt.SecretLen)}.Value()
}

func TestWrongOrganizationIsSaidToWhoSeesBoth(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	_, everywhere := s.Key(s.Admin, 0, api.Admin, "asker")
	if got := s.verify(everywhere, key, `,"organization":"labs-y"`); got.Code != api.WrongOrganization {
		t.Errorf("%s", got.Code)
	}
}

func TestGlobalKeysAreJudgedInAnOrganization(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Operator, 0, api.Admin, "global")
	if got := s.verify(s.asker, key, ""); !got.Valid || got.Organization != nil || len(got.Permissions) != 0 {
		t.Errorf("%+v", got)
	}
	if got := s.verify(s.asker, key, `,"organization":"ops-x","permission":"devices:manage"`); !got.Valid {
		t.Errorf("%s", got.Code)
	}
	answer := s.Send(s.asker, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q,"permission":"devices:manage"}`, value(key)))
	if answer.Status != 400 || answer.Code() != "organization_required" {
		t.Errorf("%d %s", answer.Status, answer.Body)
	}
}

// An unset variable in a script is not "any": that would let everybody in.
func TestVerifyTakesNullForAnyAndNothingElse(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	if got := s.verify(s.asker, key, `,"permission":null,"organization":null,"ip":null`); !got.Valid {
		t.Errorf("null: %s", got.Code)
	}
	for _, name := range []string{"permission", "organization", "ip"} {
		got := s.Send(s.asker, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q,%q:""}`, value(key), name))
		if got.Status != 422 || got.Code() != "invalid_value" || !strings.Contains(got.Body, `"field":"`+name+`"`) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestShortNamesAreComparedFolded(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	for _, short := range []string{"ops-x", "Ops-X", "OPS-X", "ＯＰＳ-x"} {
		want := short[0] < 0x80 // full width is another letter
		got := s.Send(s.asker, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q,"organization":%q}`, value(key), short))
		if (got.Status == 200 && strings.Contains(got.Body, `"valid":true`) && strings.Contains(got.Body, `"short_name":"ops-x"`)) != want {
			t.Errorf("%s: %d %s", short, got.Status, got.Body)
		}
		if said := s.judge(proxied(s.asker, key), "?organization="+url.QueryEscape(short)); (said.Status == 200 && says(said) == text(id)+" mia@northwind.example ops-x ADMIN") != want {
			t.Errorf("forward-auth, %s: %d %q", short, said.Status, says(said))
		}
	}
}

func TestVerifyRefusesNonsense(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	for more, want := range map[string]string{
		`,"permission":"keys:everything"`: "422 invalid_value",
		`,"permission":""`:                "422 invalid_value",
		`,"organization":""`:              "422 invalid_value",
		`,"organization":" "`:             "404 not_found",
		`,"ip":""`:                        "422 invalid_value",
		`,"ip":"300.1.1.1"`:               "422 invalid_value",
		`,"ip":"fe80::1%eth0"`:            "422 invalid_value",
		`,"key":"twice"`:                  "400 bad_request",
		`,"unknown":1`:                    "400 bad_request",
	} {
		got := s.Send(s.asker, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q%s}`, value(key), more))
		if fmt.Sprint(got.Status, " ", got.Code()) != want {
			t.Errorf("%s: %d %s", more, got.Status, got.Body)
		}
	}
}

// TestP59RevocationIsSeenByTheNextRequest disables and enables while others ask: who
// asks after the act was answered hears the new state.
func TestP59RevocationIsSeenByTheNextRequest(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	stop := make(chan struct{})
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if _, err := s.Verify.Check(s.T.Context(), value(key), verify.Target{}); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for i := range 300 {
		on := i%2 == 1
		s.edit(s.Member, id, api.EditKey{Enabled: &on})
		got, err := s.Verify.Check(s.T.Context(), value(key), verify.Target{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Valid() != on {
			t.Fatalf("after change %d: %s", i, got.Code)
		}
	}
	close(stop)
	others.Wait()
}

func TestP59RotationEndsTheOlderValue(t *testing.T) {
	s := newStage(t)
	id, first := s.Key(s.Member, s.X, api.Admin, "k")
	rotate := func(overlap time.Duration) testkit.Credential {
		added, err := s.Keys.Rotate(t.Context(), s.As(s.Member), id, api.Rotate{OverlapSeconds: int64(overlap.Seconds())})
		s.Must(err)
		return testkit.Bearer(added.Value)
	}
	expect := func(when string, key testkit.Credential, want api.VerdictCode) {
		t.Helper()
		if got := s.verify(s.asker, key, ""); got.Code != want {
			t.Errorf("%s: %s, want %s", when, got.Code, want)
		}
	}
	expiry := s.DB.Now().Add(30 * 24 * time.Hour)
	s.edit(s.Member, id, api.EditKey{ExpiresAt: api.Just(expiry)})
	second := rotate(time.Hour)
	expect("the older one in the overlap", first, api.Valid)
	expect("the newer one in the overlap", second, api.Valid)
	// Whoever keeps an answer until it ends keeps none beyond the value.
	for key, end := range map[string]time.Time{value(first): s.DB.Now().Add(time.Hour), value(second): expiry} {
		as := testkit.Bearer(api.Hide(key))
		if got := s.verify(s.asker, as, ""); got.ExpiresAt == nil || !got.ExpiresAt.Equal(end) {
			t.Errorf("%s: it ends at %v, want %v", got.Code, got.ExpiresAt, end)
		}
		if got := s.introspect(s.asker, as); !strings.Contains(got, fmt.Sprintf(`"exp":%d,`, end.Unix())) {
			t.Errorf("introspected it ends in %s, want %d", got, end.Unix())
		}
	}
	s.Pass(time.Hour - time.Millisecond)
	expect("just before its end", first, api.Valid)
	s.Pass(time.Millisecond)
	expect("at its end", first, api.NotFound)
	third := rotate(time.Hour)
	fourth := rotate(0)
	expect("after a second rotation", second, api.NotFound)
	expect("after a rotation without overlap", third, api.NotFound)
	expect("the newest", fourth, api.Valid)
}

// TestP60TheCacheDecidesNothing asks about random keys for random targets twice, and
// compares with a fresh evaluator that has an empty cache.
func TestP60TheCacheDecidesNothing(t *testing.T) {
	s := newStage(t)
	var keys []string
	for i, owner := range []api.UserID{s.Admin, s.Operator, s.Member, s.Verifier} {
		for j, org := range []api.OrgID{s.X, 0} {
			for k, role := range api.KeyRoles {
				_, key := s.Key(owner, org, role, fmt.Sprint(i, j, k))
				keys = append(keys, value(key))
			}
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 4_000 {
		key := keys[r.IntN(len(keys))]
		want := verify.Target{Org: api.OrgID(r.IntN(4)), Permission: perm.Table[r.IntN(len(perm.Table))].Permission}
		if r.IntN(3) == 0 {
			want.Permission = ""
		}
		cached, err := s.Verify.Check(t.Context(), key, want)
		s.Must(err)
		cold := verify.New(verify.Needs{DB: s.DB, Seal: s.Seal})
		uncached, err := cold.Check(t.Context(), key, want)
		s.Must(err)
		s.Must(cold.Close(t.Context()))
		if cached.Code != uncached.Code || cached.Permissions != uncached.Permissions || cached.Org != uncached.Org {
			t.Fatalf("%+v: cached %s %s, uncached %s %s", want, cached.Code, cached.Permissions, uncached.Code, uncached.Permissions)
		}
	}
}

func TestP61LastLoginsAreWrittenOnceAMinute(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	last := func() api.Key {
		got, err := s.Keys.Get(t.Context(), s.As(s.Member), id)
		s.Must(err)
		return got
	}
	s.verify(s.asker, key, `,"ip":"::ffff:203.0.113.9"`)
	s.Must(s.Verify.Flush(t.Context()))
	first := last()
	if first.LastLoginAt == nil || !first.LastLoginAt.Equal(s.DB.Now()) || *first.LastLoginIP != "203.0.113.9" {
		t.Fatalf("%+v", first)
	}
	before := s.DB.Commits()
	for range 200 {
		s.verify(s.asker, key, "")
	}
	if writes := s.DB.Commits() - before; writes > 2 { // the asker's own, and none other
		t.Errorf("%d writes for 200 verifications", writes)
	}
	s.Verify.Note(id, s.DB.Now().Add(-time.Hour), "198.51.100.1")
	s.Must(s.Verify.Flush(t.Context()))
	if again := last(); !again.LastLoginAt.Equal(*first.LastLoginAt) || *again.LastLoginIP != "203.0.113.9" {
		t.Errorf("it went back: %+v", again)
	}
}

func TestARefusedKeyIsNoLogin(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	off := false
	s.edit(s.Member, id, api.EditKey{Enabled: &off})
	s.verify(s.asker, key, "")
	s.Send(key, "GET /v1/me", "")
	s.Must(s.Verify.Flush(t.Context()))
	if got, err := s.Keys.Get(t.Context(), s.As(s.Member), id); err != nil || got.LastLoginAt != nil {
		t.Errorf("%+v, %v", got.LastLoginAt, err)
	}
}

func BenchmarkCheckOfAKnownKey(b *testing.B) {
	c := testkit.NewCast(testkit.New(b, nil))
	_, key := c.Key(c.Member, c.X, api.Admin, "k")
	text := value(key)
	b.ReportAllocs()
	for b.Loop() {
		if got, err := c.Verify.Check(b.Context(), text, verify.Target{Permission: perm.DevicesRead}); err != nil || !got.Valid() {
			b.Fatal(got.Code, err)
		}
	}
}
