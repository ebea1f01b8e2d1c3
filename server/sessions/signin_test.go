package sessions_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/sessions"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

const signInBody = `{"email":"ada@example.com","password":"` + password + `"}`

func TestSignIn(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	who, err := p.who(o.Token)
	p.must(err)
	if who.Kind != api.CallerSession || who.User.Email != "ada@example.com" || who.Account != perm.All() || !who.EveryOrg || who.Rights == "" {
		t.Errorf("the session is of %+v", who)
	}
	if want := p.clock.now().Add(12 * time.Hour); !o.Session.ExpiresAt.Equal(want) || !who.Session.ExpiresAt.Equal(want) {
		t.Errorf("it expires at %s, want %s", o.Session.ExpiresAt, want)
	}
	if want := p.clock.now().Add(2 * time.Hour); !who.Session.ElevatedUntil.Equal(want) || !o.Session.ElevatedUntil.Equal(want) {
		t.Errorf("it is elevated until %s, want %s", who.Session.ElevatedUntil, want)
	}
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'session.add' AND result = 'done' AND session_id = ?", o.Session.ID); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

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

// Whoever can't sign in gets the same answer, for the same work. The work is what the
// processor did for it: unlike the time on the clock it does not depend on what else the
// machine is busy with.
func TestP12NobodyCanBeToldApart(t *testing.T) {
	p := withAda(t)
	p.failedPerMinute = 1_000_000
	p.restart()
	p.add("disabled@example.com", perm.FullAdministrator)
	p.must(p.users.Disable(t.Context(), audit.Console(), "disabled@example.com"))
	p.add("invited@example.com", perm.FullAdministrator)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE users SET password_hash = NULL WHERE email = 'invited@example.com'")
		return err
	}))
	classes := []string{
		`{"email":"ada@example.com","password":"wrong wrong wrong"}`,
		`{"email":"nobody@example.com","password":"wrong wrong wrong"}`,
		`{"email":"disabled@example.com","password":"` + password + `"}`,
		`{"email":"invited@example.com","password":"wrong wrong wrong"}`,
		`{"email":"","password":""}`,
		`{"email":"not an address","password":"` + strings.Repeat("x", 5000) + `"}`,
	}
	rounds := size.Of(t, 8, 400, "requests of each kind")
	var body string
	commits, took := make([]uint64, len(classes)), make([][]time.Duration, len(classes))
	for round := range rounds {
		p.clock.pass(time.Hour) // nobody is held back
		// In any order: each second hash or so pays for collecting the garbage of two.
		for _, i := range rand.Perm(len(classes)) {
			before, start := p.db.Commits(), worked(t)
			res := p.request("POST", "/v1/session", classes[i])
			work, wrote := worked(t)-start, p.db.Commits()-before
			got := withoutRequestID(string(p.wantStatus(res, 401)))
			body = cmp.Or(body, got)
			if got != body || res.Header.Get("Retry-After") != "" || len(res.Cookies()) != 0 {
				t.Errorf("class %d answers %s", i, got)
			}
			if round == 0 || wrote < commits[i] { // each minute something else is written, too
				commits[i] = wrote
			}
			took[i] = append(took[i], work)
		}
	}
	// A hash takes tens of milliseconds: who skips it takes a fraction of that.
	within := 3.0
	if size.Full() {
		within = 1.1
	}
	medians := make([]time.Duration, len(classes))
	for i, all := range took {
		slices.Sort(all)
		medians[i] = all[len(all)/2]
	}
	if float64(slices.Max(medians)) > within*float64(slices.Min(medians)) {
		t.Errorf("the work tells them apart: %v", medians)
	}
	if slices.Min(commits) != slices.Max(commits) {
		t.Errorf("they commit %v times", commits)
	}
	t.Logf("the processor's work for each: %v", medians)
}

// worked is what the processor did for this process so far.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func withoutRequestID(body string) string {
	before, rest, _ := strings.Cut(body, `"request_id":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

// One identity is counted once, whatever spelling, address or parallelism.
func TestP13GuessesAreCounted(t *testing.T) {
	p := withAda(t)
	var spellings []string
	for _, address := range []string{"ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.Com", "ａｄａ@example.com", "ada＠example.com", "ada@example．com"} {
		spellings = append(spellings, address, " "+address+"\t", "\ufeff"+address, strings.Replace(address, "a", "a\u200b", 1), address+"\u2060\u00a0", "\u00ad"+address+"\n")
	}
	guess := func(n int) {
		var wg sync.WaitGroup
		gate := make(chan struct{}, 200)
		for i := range n {
			gate <- struct{}{}
			wg.Go(func() {
				defer func() { <-gate }()
				from := sessions.Visit{Address: fmt.Sprintf("198.51.%d.%d", i/250%250, i%250), Device: "forged"}
				_, err := p.signIn(spellings[i%len(spellings)], "a wrong password", from)
				if !fault.Is(err, fault.BadCredentials) && !fault.Is(err, fault.TooManyTries) {
					t.Errorf("a guess: %v", err)
				}
			})
		}
		wg.Wait()
	}
	evaluated := func() int { return p.count("SELECT COUNT(*) FROM audit WHERE act = 'session.refuse'") }
	for evaluated() < 20 {
		guess(50)
	}
	guess(size.Of(t, 200, 10_000, "guesses at once"))
	if n := evaluated(); n != 20 {
		t.Fatalf("%d guesses were evaluated at once", n)
	}
	p.restart()
	guess(50)
	if n := evaluated(); n != 20 {
		t.Fatalf("after a restart %d guesses were evaluated", n)
	}
	for range 11 {
		p.clock.pass(5 * time.Minute)
		for before := evaluated(); evaluated() < before+5; {
			guess(20)
		}
	}
	guess(20)
	if n := evaluated(); n > 100 || n < 60 {
		t.Fatalf("in an hour %d guesses were evaluated", n)
	}
	if n := p.count("SELECT COUNT(*) FROM throttle"); n > 20 {
		t.Errorf("the throttle keeps %d rows", n)
	}
}

// A flood on the owner's name does not lock out a browser that they signed in with.
func TestP14KnownDevice(t *testing.T) {
	p := withAda(t)
	known := here
	known.Device = p.ada().Device.Reveal()
	for {
		_, err := p.signIn("ada@example.com", "a wrong password", sessions.Visit{Address: "203.0.113.5"})
		if fault.Is(err, fault.TooManyTries) {
			break
		}
		p.wantFault(err, fault.BadCredentials)
	}
	_, err := p.signIn("ada@example.com", password, here)
	p.wantFault(err, fault.TooManyTries)
	f, _ := fault.From(err)
	if f.RetryAfter < 1 || f.RetryAfter > 60 {
		t.Errorf("retry after %d s", f.RetryAfter)
	}
	for range 3 {
		o, err := p.signIn("ada@example.com", password, known)
		p.must(err)
		if !o.Device.Empty() {
			t.Error("a known browser was given another device cookie")
		}
	}
	// Somebody else's device cookie opens nothing here, nor does one that is too old.
	p.add("eve@example.com", perm.FullAdministrator)
	eve, err := p.signIn("eve@example.com", password, sessions.Visit{Address: "192.0.2.99"})
	p.must(err)
	_, err = p.signIn("ada@example.com", password, sessions.Visit{Address: "192.0.2.99", Device: eve.Device.Reveal()})
	p.wantFault(err, fault.TooManyTries)
	// A known device has no endless guesses either.
	evaluated := 0
	for {
		_, err := p.signIn("ada@example.com", "a wrong password", known)
		if fault.Is(err, fault.TooManyTries) {
			break
		}
		if evaluated++; evaluated > 20 {
			t.Fatal("a known browser may guess for ever")
		}
	}
	p.clock.pass(181 * 24 * time.Hour)
	o, err := p.signIn("ada@example.com", password, known)
	p.must(err)
	if o.Device.Empty() {
		t.Error("an expired device cookie is not replaced")
	}
}

// While strangers fill the line and are turned away from its end, a known browser
// comes through each time.
func TestP14FullLine(t *testing.T) {
	p := withAda(t)
	known := here
	known.Device = p.ada().Device.Reveal()
	stop, full := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				email := "someone" + string(rune('a'+i%26)) + "@example.com"
				_, err := p.signIn(email, "a wrong password", sessions.Visit{Address: "2001:db8:0:" + string(rune('a'+i%6)) + "::1"})
				if fault.Is(err, fault.TooManyTries) {
					once.Do(func() { close(full) })
				}
			}
		})
	}
	<-full
	for range 5 {
		_, err := p.signIn("ada@example.com", password, known)
		p.must(err)
	}
	close(stop)
	wg.Wait()
}

func TestThrottleByAddress(t *testing.T) {
	p := withAda(t)
	// One customer's IPv6 addresses are one address.
	for i := range 30 {
		_, err := p.signIn("x"+string(rune('a'+i))+"@example.com", "a wrong password", sessions.Visit{Address: "2001:db8::" + string(rune('1'+i%9))})
		p.wantFault(err, fault.BadCredentials)
	}
	_, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8::ffff"})
	p.wantFault(err, fault.TooManyTries)
	if _, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8:0:1::1"}); err != nil {
		t.Errorf("another customer: %v", err)
	}
	p.clock.pass(2 * time.Second)
	if _, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8::ffff"}); err != nil {
		t.Errorf("after a while: %v", err)
	}
}

func TestRightPasswordsAreNotCounted(t *testing.T) {
	p := withAda(t)
	for range 25 {
		p.ada()
	}
	if n := p.count("SELECT COUNT(*) FROM throttle WHERE full_at > ?", p.clock.now().UnixMilli()); n != 0 {
		t.Errorf("%d buckets are not full", n)
	}
}

func TestAnonymousRefusalsAreCounted(t *testing.T) {
	p := withAda(t)
	for range 3 {
		_, err := p.signIn("nobody@example.com", "a wrong password", here)
		p.wantFault(err, fault.BadCredentials)
	}
	for range 300 {
		p.CountRefusal("bearer")
	}
	p.must(p.Flush(t.Context()))
	if n := p.count("SELECT json_extract(facts, '$.count') FROM audit WHERE act = 'anonymous.refuse' AND ip = ?", here.Address); n != 3 {
		t.Errorf("%d counted", n)
	}
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'anonymous.refuse'"); n != 2 {
		t.Errorf("%d rows", n)
	}
	commits := p.db.Commits()
	p.must(p.Flush(t.Context()))
	if p.db.Commits() != commits {
		t.Error("nothing was written, at the price of a commit")
	}
	for i := range 1000 {
		p.CountRefusal(strings.Repeat("x", i))
	}
	p.must(p.Flush(t.Context()))
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'anonymous.refuse'"); n > 2+101 {
		t.Errorf("%d rows: the log can be filled by addresses", n)
	}
	if _, err := p.audit.Verify(t.Context(), p.db); err != nil {
		t.Error(err)
	}
}

func TestP55SignInIsSameOrigin(t *testing.T) {
	p := withAda(t)
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		res := p.request("POST", "/v1/session", signInBody, header, value)
		p.wantStatus(res, 403)
		if len(res.Cookies()) != 0 {
			t.Errorf("%s: %v", header, res.Cookies())
		}
	}
	form := url.Values{"email": {"ada@example.com"}, "password": {password}}.Encode()
	res := p.request("POST", "/v1/session", form, "Content-Type", "application/x-www-form-urlencoded")
	p.wantStatus(res, 415)
	_, _ = io.Copy(io.Discard, res.Body)
}
