package tokens_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// TestP28TheTimesOfARequest walks over every boundary with the clock.
func TestP28TheTimesOfARequest(t *testing.T) {
	s := newStage(t)
	now := s.DB.Now().Unix()
	at := func(offset int64) string { return fmt.Sprint(now + offset) }
	n := 0
	for _, c := range []struct {
		claim string
		value string
		good  bool
	}{
		{"iat", at(0), true}, {"iat", at(299), true}, {"iat", at(300), true}, {"iat", at(301), false}, {"iat", at(-299), true}, {"iat", at(-300), true}, {"iat", at(-301), false},
		{"iat", at(-86400), false}, {"iat", at(86400), false}, {"iat", at(1 << 40), false}, {"iat", at(0) + ".0", false}, {"iat", at(0) + "e0", false}, {"iat", `"` + at(0) + `"`, false},
		{"exp", at(1), true}, {"exp", at(0), false}, {"exp", at(-1), false}, {"exp", at(1 << 40), true}, {"exp", "9223372036854775807", true}, {"exp", "1e400", false},
		{"nbf", at(0), true}, {"nbf", at(1), false}, {"nbf", at(-1), true},
		{"aud", `"urn:uuid:` + s.account() + `"`, true}, {"aud", `["urn:uuid:` + s.account() + `"]`, false}, {"aud", `"urn:uuid:` + s.account() + `/"`, false},
		{"aud", `"URN:UUID:` + s.account() + `"`, false}, {"aud", `"urn:uuid:"`, false},
		{"jti", "355183158", true}, {"jti", `"22648697"`, true}, {"jti", "0", true}, {"jti", `"x"`, true}, {"jti", `""`, false}, {"jti", "null", false},
		{"shortname", `"OPS-X"`, true}, {"appname", `"MyApp"`, true}, {"appname", `"ＭyApp"`, false}, {"unknown", `{"a":[1,2]}`, true}, {"iss", `"myapp"`, true},
	} {
		n++
		got := s.exchange(testkit.Sign(s.secret, testkit.RequestHeader, s.claims(n, map[string]string{c.claim: c.value})))
		if (got.Status == 200) != c.good || !c.good && got.Body != refusal {
			t.Errorf("%s %s: %d %s", c.claim, c.value, got.Status, got.Body)
		}
	}
}

func (s *stage) account() (uuid string) {
	s.Must(s.DB.Read(s.T.Context()).Get(&uuid, "SELECT uuid FROM account"))
	return uuid
}

// TestP25OneOrganizationsSecretsAreTried: the one that the request names.
func TestP25OneOrganizationsSecretsAreTried(t *testing.T) {
	s := newStage(t)
	both := s.Person("Bo")
	s.Join(both, s.X, "Read Only")
	s.Join(both, s.Y, "Read Only")
	_, inX := s.Key(both, s.X, api.Admin, "app")
	_, inY := s.Key(both, s.Y, api.Admin, "app")
	_, global := s.Key(both, 0, api.Admin, "everywhere")
	_, foreign := s.Key(s.Stranger, 0, api.Admin, "foreign")
	secretOf := map[string]api.Secret{"ops-x": s.secret, "labs-y": s.SharedSecret(s.Y)}
	n := 0
	for _, c := range []struct {
		what, short, signer, app string
		key                      testkit.Credential
		status                   int
	}{
		{"X's own", "ops-x", "ops-x", "app", inX, 200},
		{"Y's own", "labs-y", "labs-y", "app", inY, 200},
		{"Y named, X's secret", "labs-y", "ops-x", "app", inY, 401},
		{"Y's key under X", "ops-x", "ops-x", "app", inY, 401},
		{"a global key in X", "ops-x", "ops-x", "everywhere", global, 200},
		{"a global key in Y", "labs-y", "labs-y", "everywhere", global, 200},
		{"a stranger's global key in X", "ops-x", "ops-x", "foreign", foreign, 401},
		{"another name", "ops-x", "ops-x", "other", inX, 401},
		{"nowhere", "nowhere", "ops-x", "app", inX, 401},
	} {
		n++
		claims := s.claims(n, map[string]string{"shortname": `"` + c.short + `"`, "appname": `"` + c.app + `"`, "appkey": `"` + testkit.Value(c.key) + `"`})
		if got := s.exchange(testkit.Sign(secretOf[c.signer], testkit.RequestHeader, claims)); got.Status != c.status || c.status == 401 && got.Body != refusal {
			t.Errorf("%s: %d %s", c.what, got.Status, got.Body)
		}
	}
}

// TestTheSecretRotatesUnderway: both versions are good while they overlap, for requests
// and for the tokens that came of them; then the older one ends both.
func TestTheSecretRotatesUnderway(t *testing.T) {
	s := newStage(t)
	request := func(n int, secret api.Secret) int {
		return s.exchange(testkit.Sign(secret, testkit.RequestHeader, s.claims(n, nil))).Status
	}
	before, _ := s.good()
	s.RotateSharedSecret(s.X, 3600)
	if got := []int{request(1001, s.secret), request(1002, s.SharedSecret(s.X)), s.status(before)}; !slices.Equal(got, []int{200, 200, 200}) {
		t.Errorf("while they overlap: %d", got)
	}
	after, _ := s.good()
	s.Pass(time.Hour)
	if got := []int{request(1003, s.secret), request(1004, s.SharedSecret(s.X)), s.status(before), s.status(after)}; !slices.Equal(got, []int{401, 200, 401, 200}) {
		t.Errorf("after the overlap: %d", got)
	}
	s.RotateSharedSecret(s.X, 0)
	if got := s.status(after); got != 401 {
		t.Errorf("after a rotation without one: %d", got)
	}
}

// TestP29ARequestIsExchangedOnce in races, in other spellings, and not again when the
// clock is set back.
func TestP29ARequestIsExchangedOnce(t *testing.T) {
	s := newStage(t)
	for round := range 20 {
		request := testkit.Sign(s.secret, testkit.RequestHeader, s.claims(round, nil))
		var good atomic.Int64
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				switch _, err := s.Tokens.Exchange(t.Context(), request, "192.0.2.1", ""); {
				case err == nil:
					good.Add(1)
				case !fault.Is(err, fault.BadCredentials):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if good.Load() != 1 {
			t.Fatalf("exchanged %d times", good.Load())
		}
	}
	same := func(change map[string]string) int {
		return s.exchange(testkit.Sign(s.secret, testkit.RequestHeader, s.claims(7, change))).Status
	}
	for name, c := range map[string]struct {
		change map[string]string
		status int
	}{
		"with an exp": {map[string]string{"exp": "9999999999"}, 401}, "with the name in other case": {map[string]string{"appname": `"MYAPP"`}, 401},
		"with the jti as a number": {map[string]string{"jti": "7"}, 200}, "a second later": {map[string]string{"iat": fmt.Sprint(s.DB.Now().Unix() + 1)}, 200},
	} {
		if got := same(c.change); got != c.status {
			t.Errorf("%s: %d", name, got)
		}
	}
	first := testkit.Sign(s.secret, testkit.RequestHeader, s.claims(7, nil))
	s.Pass(time.Hour)
	s.good() // makes room
	s.Pass(-time.Hour)
	if got := s.exchange(first).Status; got != 401 {
		t.Errorf("after the clock was set back: %d", got)
	}
	s.Pass(3 * time.Hour)
	s.good()
	if rows := s.Number("SELECT count(*) FROM token_requests"); rows != 1 {
		t.Errorf("%d requests are remembered, want the last one", rows)
	}
}

// TestP29JTIsAreOfAnOrganization: two that use the same do not get in each other's way.
func TestP29JTIsAreOfAnOrganization(t *testing.T) {
	s := newStage(t)
	_, other := s.Key(s.Stranger, s.Y, api.Admin, "myapp")
	if got := s.exchange(testkit.Sign(s.secret, testkit.RequestHeader, s.claims(1, nil))).Status; got != 200 {
		t.Fatal(got)
	}
	claims := s.claims(1, map[string]string{"shortname": `"labs-y"`, "appkey": `"` + testkit.Value(other) + `"`})
	if got := s.exchange(testkit.Sign(s.SharedSecret(s.Y), testkit.RequestHeader, claims)).Status; got != 200 {
		t.Errorf("%d", got)
	}
}

// TestP38NoTokenUnaudited: what can't be audited gives none.
func TestP38NoTokenUnaudited(t *testing.T) {
	s := newStage(t)
	_, refresh := s.good()
	s.Exec("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
	request := testkit.Sign(s.secret, testkit.RequestHeader, s.claims(1001, nil))
	if got := s.exchange(request); got.Status < 500 || strings.Contains(got.Body, "token\"") {
		t.Errorf("exchanged unaudited: %d", got.Status)
	}
	if got := s.Refresh(refresh); got.Status < 500 {
		t.Errorf("refreshed unaudited: %d", got.Status)
	}
	s.Exec("DROP TRIGGER no_audit")
	if first, second := s.exchange(request).Status, s.Refresh(refresh).Status; first != 200 || second != 200 {
		t.Errorf("it was spent by the failure: %d, %d", first, second)
	}
	acts := map[string]int64{}
	for _, act := range []string{"token.add", "token.refresh"} {
		acts[act] = s.Number("SELECT count(*) FROM audit WHERE act = ? AND key_id = ? AND org_id = ?", act, s.id, s.X)
	}
	if want := map[string]int64{"token.add": 2, "token.refresh": 1}; !maps.Equal(acts, want) {
		t.Errorf("audited %v, want %v", acts, want)
	}
}

// TestBadRequestsCountAsFailedCredentials: whoever sends too many has to wait.
func TestBadRequestsCountAsFailedCredentials(t *testing.T) {
	s := newStage(t)
	s.Config.FailedPerMinute = 5
	var err error
	s.Router, err = s.House.Router()
	s.Must(err)
	last := 0
	for range 7 {
		last = s.exchange("x").Status
	}
	if last != 429 {
		t.Errorf("the seventh: %d", last)
	}
	if got := s.Send(testkit.Bearer(api.Hide("a.b.c")), "GET /v1/me", "").Status; got != 429 {
		t.Errorf("a bad bearer then: %d", got)
	}
	s.Pass(time.Minute)
	if got := s.exchange(testkit.Sign(s.secret, testkit.RequestHeader, s.claims(1, nil))).Status; got != 200 {
		t.Errorf("a good one after a minute: %d", got)
	}
}
