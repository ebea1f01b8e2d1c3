package sessions_test

import (
	"cmp"
	"io"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/audit"
	"keystead/server/db"
	"keystead/shared/api"
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
