package sessions_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func TestP09SessionCookie(t *testing.T) {
	for _, https := range []bool{false, true} {
		p := &place{t: t, dir: t.TempDir(), clock: &clock{at: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}, https: https}
		p.start()
		t.Cleanup(p.stop)
		p.add("ada@example.com", perm.FullAdministrator)
		res := p.request("POST", "/v1/session", signInBody)
		p.wantStatus(res, 200)
		names := map[string]int{"keystead_8080": 12 * 3600, "keystead_8080_device": 180 * 24 * 3600}
		if https {
			names = map[string]int{"__Host-keystead": 12 * 3600, "__Host-keystead_device": 180 * 24 * 3600}
		}
		if len(res.Cookies()) != len(names) {
			t.Fatalf("cookies %v", res.Cookies())
		}
		for _, c := range res.Cookies() {
			age, known := names[c.Name]
			if !known || c.MaxAge != age || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteStrictMode || c.Secure != https {
				t.Errorf("https %v: %s", https, c.Raw)
			}
		}
		if https {
			out := p.request("DELETE", "/v1/session", "", "Cookie", "__Host-keystead="+cookie(res, "__Host-keystead").Value, "Sec-Fetch-Site", "same-origin")
			p.wantStatus(out, 204)
			if c := cookie(out, "__Host-keystead"); c == nil || c.MaxAge >= 0 || !c.Secure || c.Path != "/" || c.Value != "" {
				t.Errorf("sign-out leaves %v", out.Cookies())
			}
		}
	}
}

// A cookie that someone planted, or that was good before, is never taken up.
func TestP10SessionIDChanges(t *testing.T) {
	p := withAda(t)
	planted := p.ada().Token.Reveal()
	res := p.request("POST", "/v1/session", signInBody, "Cookie", "keystead_8080="+planted)
	p.wantStatus(res, 200)
	fresh := cookie(res, "keystead_8080").Value
	if fresh == planted {
		t.Fatal("sign-in took up the cookie that was there")
	}
	step := func(name, method, path, body string) {
		t.Helper()
		res := p.request(method, path, body, "Cookie", "keystead_8080="+fresh, "Sec-Fetch-Site", "same-origin")
		p.wantStatus(res, 200)
		next := cookie(res, "keystead_8080")
		if next == nil || next.Value == fresh {
			t.Fatalf("%s: the session keeps its name", name)
		}
		if cookie(res, "keystead_8080_device") != nil {
			t.Errorf("%s: another device cookie", name)
		}
		p.wantStatus(p.request("GET", "/v1/session", "", "Cookie", "keystead_8080="+fresh), 401)
		p.wantStatus(p.request("GET", "/v1/session", "", "Cookie", "keystead_8080="+next.Value), 200)
		fresh = next.Value
	}
	step("elevate", "POST", "/v1/session/elevate", `{"password":"`+password+`"}`)
	step("password", "POST", "/v1/me/password", `{"password":"`+other+`"}`)
	p.wantStatus(p.request("GET", "/v1/session", "", "Cookie", "keystead_8080="+planted), 401)
}

// Whoever may do more or less than before goes by another name from the next request on:
// the former is good for what is on its way, and then for nothing.
func TestP10SessionIDChangesWithTheRights(t *testing.T) {
	p := withAda(t)
	p.add("bob@example.com", perm.FullAdministrator)
	first := p.ada()
	old := first.Token.Reveal()
	ask := func(value string) *http.Response {
		return p.request("GET", "/v1/session", "", "Cookie", "keystead_8080="+value)
	}
	give := func(role string) {
		p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE users SET account_role_id = (SELECT id FROM roles WHERE name = ?) WHERE email = 'ada@example.com'", role)
			return err
		}))
	}
	if res := ask(old); res.StatusCode != 200 || cookie(res, "keystead_8080") != nil {
		t.Fatalf("with the rights as they were: %d %v", res.StatusCode, res.Cookies())
	}
	for _, role := range []string{perm.OrganizationOperator, perm.FullAdministrator} {
		give(role)
		answers := make([]*http.Response, 20)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = ask(old) })
		}
		wg.Wait()
		var fresh string
		for _, res := range answers {
			session := read[api.Session](p, p.wantStatus(res, 200))
			if session.ID != first.Session.ID || !session.ElevatedUntil.Equal(*first.Session.ElevatedUntil) {
				t.Errorf("the session became another: %+v", session)
			}
			switch c := cookie(res, "keystead_8080"); {
			case c == nil:
			case fresh != "":
				t.Errorf("two names were given at once")
			case !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge <= 0:
				t.Errorf("the cookie is %s", c.Raw)
			default:
				fresh = c.Value
			}
		}
		if fresh == "" || fresh == old {
			t.Fatalf("as %s the session keeps its name", role)
		}
		p.wantStatus(ask(old), 200)
		p.clock.pass(11 * time.Second)
		p.wantStatus(ask(old), 401)
		if res := ask(fresh); res.StatusCode != 200 || cookie(res, "keystead_8080") != nil {
			t.Errorf("by its new name: %d %v", res.StatusCode, res.Cookies())
		}
		old = fresh
	}
	// A proof of identity ends the moment at once.
	give(perm.OrganizationOperator)
	fresh := cookie(ask(old), "keystead_8080").Value
	p.wantStatus(p.request("POST", "/v1/session/elevate", `{"password":"`+password+`"}`, "Cookie", "keystead_8080="+fresh, "Sec-Fetch-Site", "same-origin"), 200)
	p.wantStatus(ask(old), 401)
	p.wantStatus(ask(fresh), 401)
}

// A disk that takes no writes signs nobody out whose rights changed.
func TestASessionOutlivesAFailedRenaming(t *testing.T) {
	p := withAda(t)
	p.add("bob@example.com", perm.FullAdministrator)
	o := p.ada()
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE users SET account_role_id = NULL WHERE email = 'ada@example.com'")
		if err == nil {
			_, err = tx.Exec("CREATE TEMP TRIGGER broken BEFORE UPDATE ON main.sessions BEGIN SELECT RAISE(ABORT, 'broken'); END")
		}
		return err
	}))
	for range 3 {
		who, err := p.who(o.Token)
		if err != nil || who.Account != 0 || !who.Session.Renamed.Empty() {
			t.Fatalf("%+v %v", who, err)
		}
	}
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("DROP TRIGGER broken")
		return err
	}))
}

func TestP10ForgedTokens(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	good := o.Token.Reveal()
	parts := strings.Split(good, ".")
	for name, token := range map[string]string{
		"empty":            "",
		"no JWT":           "session",
		"two parts":        parts[0] + "." + parts[1],
		"no signature":     parts[0] + "." + parts[1] + ".",
		"changed":          parts[0] + "." + parts[1] + "." + strings.ToUpper(parts[2]),
		"alg none":         "eyJhbGciOiJub25lIiwidHlwIjoia3Mtc2Vzc2lvbitqd3QifQ." + parts[1] + ".",
		"another kind":     o.Device.Reveal(),
		"blank in front":   " " + good,
		"more behind":      good + ".x",
		"padded":           good + "=",
		"other's claims":   parts[0] + "." + strings.Split(o.Device.Reveal(), ".")[1] + "." + parts[2],
		"header's case":    strings.ToLower(parts[0]) + "." + parts[1] + "." + parts[2],
		"JSON, not base64": `{"alg":"HS256"}.` + parts[1] + "." + parts[2],
	} {
		if _, err := p.who(api.Hide(token)); !fault.Is(err, fault.NotSignedIn) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.who(o.Token); err != nil {
		t.Fatal(err)
	}
}

// A header that is not the one of this kind is refused even under the right signature.
func TestP10P27AnotherHeaderIsAnotherKind(t *testing.T) {
	p := withAda(t)
	claims := strings.Split(p.ada().Token.Reveal(), ".")[1]
	for header, good := range map[string]bool{
		`{"alg":"HS256","typ":"ks-session+jwt"}`:                      true,
		`{"alg":"HS256","typ":"ks-device+jwt"}`:                       false,
		`{"alg":"HS256","typ":"JWT"}`:                                 false,
		`{"alg":"HS256"}`:                                             false,
		`{"alg":"HS256","typ":"ks-session+jwt","crit":["b64"]}`:       false,
		`{"alg":"HS256","typ":"ks-session+jwt","kid":"../../dev"}`:    false,
		`{"typ":"ks-session+jwt","alg":"HS256"}`:                      false,
		`{"alg":"HS256","typ":"ks-session+jwt","zip":"DEF","jwk":{}}`: false,
	} {
		signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + claims
		mac := hmac.New(sha256.New, p.Seal.SessionKey())
		mac.Write([]byte(signed))
		if _, err := p.who(api.Hide(signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))); (err == nil) != good {
			t.Errorf("%s: %v", header, err)
		}
	}
}
