package sessions_test

import (
	"context"
	"encoding/base64"
	"testing"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/rest"
	"keystead/server/sessions"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func b64(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// asks is a request of a session, in the background or not.
func (p *place) asks(o sessions.Opened, background bool) error {
	_, err := p.Session(p.t.Context(), o.Token.Reveal(), rest.Arrival{Background: background})
	return err
}

func TestSessionEndsIdle(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	for range 3 { // a sign of the person each 29 minutes keeps it
		p.clock.pass(29 * time.Minute)
		p.must(p.asks(o, false))
	}
	p.clock.pass(29 * time.Minute)
	p.must(p.asks(o, true)) // the console by itself does not
	who, err := p.Session(t.Context(), o.Token.Reveal(), rest.Arrival{Background: true})
	p.must(err)
	got, err := p.Get(t.Context(), who)
	p.must(err)
	if want := p.clock.now().Add(time.Minute); !got.IdleAt.Equal(want) {
		t.Errorf("idle at %s, want %s", got.IdleAt, want)
	}
	p.clock.pass(time.Minute)
	p.wantFault(p.asks(o, false), fault.SessionIdle)
	p.wantFault(p.asks(o, false), fault.SessionIdle) // asking does not revive it
	another := p.ada()
	who, err = p.who(another.Token)
	p.must(err)
	if list, _ := p.List(t.Context(), who, api.List{Page: 1, Limit: 25}); list.Total != 1 {
		t.Errorf("the list shows %d", list.Total)
	}
}

func TestSessionEndsAfterTwelveHours(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	for range 12 * 3 {
		p.must(p.asks(o, false))
		p.clock.pass(20 * time.Minute)
	}
	p.wantFault(p.asks(o, false), fault.NotSignedIn)
	p.ada()
	if n := p.count("SELECT COUNT(*) FROM sessions"); n != 1 {
		t.Errorf("%d rows are kept", n)
	}
}

func TestActivityIsWrittenInTime(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	epoch, commits := p.db.Epoch(), p.db.Commits()
	p.clock.pass(20 * time.Minute)
	for range 100 {
		p.must(p.asks(o, false))
	}
	if p.db.Commits() != commits {
		t.Error("requests write")
	}
	p.must(p.Flush(t.Context()))
	p.must(p.Flush(t.Context()))
	if n := p.db.Commits() - commits; n != 1 {
		t.Errorf("%d commits", n)
	}
	if p.db.Epoch() != epoch {
		t.Error("activity makes the caches stale")
	}
	p.clock.pass(5 * time.Minute)
	p.must(p.asks(o, false)) // written when the server stops
	p.restart()
	p.clock.pass(29 * time.Minute)
	p.must(p.asks(o, false))
	if n := p.count("SELECT COUNT(*) FROM sessions WHERE last_active_at = ?", p.clock.now().Add(-29*time.Minute).UnixMilli()); n != 1 {
		t.Error("the row does not say when the person was last there")
	}
}

// The next request after any of these is refused, also where the session was cached.
func TestP16EffectIsImmediate(t *testing.T) {
	for name, act := range map[string]func(*place, sessions.Opened) error{
		"sign out": func(p *place, o sessions.Opened) error { return p.SignOut(p.t.Context(), p.caller(o)) },
		"end":      func(p *place, o sessions.Opened) error { return p.End(p.t.Context(), p.caller(p.ada()), o.Session.ID) },
		"end others": func(p *place, o sessions.Opened) error {
			return p.EndOthers(p.t.Context(), p.caller(p.ada()))
		},
		"own new password": func(p *place, o sessions.Opened) error {
			_, err := p.ChangePassword(p.t.Context(), p.caller(p.ada()), api.NewPassword{Password: api.Hide(other)})
			return err
		},
		"reset password": func(p *place, o sessions.Opened) error {
			return p.users.ResetPassword(p.t.Context(), audit.Console(), "ada@example.com", api.Hide(other))
		},
		"disable": func(p *place, o sessions.Opened) error {
			p.add("bob@example.com", perm.FullAdministrator)
			return p.users.Disable(p.t.Context(), audit.Console(), "ada@example.com")
		},
		"delete": func(p *place, o sessions.Opened) error {
			return p.db.Write(p.t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("UPDATE users SET deleted_at = 1")
				return err
			})
		},
		"disabled by its row only": func(p *place, o sessions.Opened) error {
			return p.db.Write(p.t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("UPDATE users SET state = 'disabled'")
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := withAda(t)
			o := p.ada()
			p.must(p.asks(o, false))
			p.must(act(p, o))
			p.wantFault(p.asks(o, false), fault.NotSignedIn)
		})
	}
}

func (p *place) caller(o sessions.Opened) caller.Caller {
	p.t.Helper()
	who, err := p.who(o.Token)
	p.must(err)
	return who
}

func TestP16DemotionIsImmediate(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	before := p.caller(o)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE users SET account_role_id = NULL")
		return err
	}))
	after := p.caller(o)
	if after.Account != 0 || after.EveryOrg || after.Rights == before.Rights {
		t.Errorf("still %+v", after)
	}
}

// A request of a recognized session reads nothing.
func TestRecognizedSessionsAreKept(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	p.must(p.asks(o, false))
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // every read fails from here on
	if _, err := p.Session(ctx, o.Token.Reveal(), rest.Arrival{}); err != nil {
		t.Errorf("the second request read the database: %v", err)
	}
}

func TestListAndEnd(t *testing.T) {
	p := withAda(t)
	first := p.ada()
	p.clock.pass(time.Minute)
	second := p.ada()
	p.add("bob@example.com", perm.FullAdministrator)
	bob, err := p.signIn("bob@example.com", password, here)
	p.must(err)
	header := []string{"Cookie", "keystead_8080=" + second.Token.Reveal(), "Sec-Fetch-Site", "same-origin"}
	list := read[api.Page[api.SessionRow]](p, p.wantStatus(p.request("GET", "/v1/sessions?limit=1", "", header...), 200))
	if list.Total != 2 || len(list.Items) != 1 || !list.Items[0].Current || list.Items[0].ID != second.Session.ID || list.Items[0].UserAgent != "Browser" || list.Items[0].IP != here.Address {
		t.Errorf("page 1: %+v", list)
	}
	list = read[api.Page[api.SessionRow]](p, p.wantStatus(p.request("GET", "/v1/sessions?limit=1&page=2", "", header...), 200))
	if len(list.Items) != 1 || list.Items[0].Current || list.Items[0].ID != first.Session.ID {
		t.Errorf("page 2: %+v", list)
	}
	list = read[api.Page[api.SessionRow]](p, p.wantStatus(p.request("GET", "/v1/sessions?page=9", "", header...), 200))
	if list.Total != 2 || len(list.Items) != 0 {
		t.Errorf("page 9: %+v", list)
	}
	p.wantStatus(p.request("DELETE", api.PathOneSession(bob.Session.ID), "", header...), 404)
	p.wantStatus(p.request("DELETE", api.PathOneSession(9999), "", header...), 404)
	p.wantStatus(p.request("DELETE", api.PathOneSession(first.Session.ID), "", header...), 204)
	p.wantStatus(p.request("DELETE", api.PathOneSession(first.Session.ID), "", header...), 404)
	p.must(p.asks(bob, false))
	p.wantFault(p.asks(first, false), fault.NotSignedIn)
	p.wantStatus(p.request("DELETE", "/v1/sessions", "", header...), 204)
	p.wantStatus(p.request("GET", "/v1/session", "", header...), 200)
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'session.end'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

func TestSessionsOfAUserAreBounded(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
			INSERT INTO sessions (sid, user_id, created_at, last_active_at, expires_at, ip, user_agent)
			SELECT 'sid' || i, 1, 0, 0, ?, '', '' FROM n`, p.clock.now().Add(time.Hour).UnixMilli())
		return err
	}))
	p.ada()
	if n := p.count("SELECT COUNT(*) FROM sessions"); n != 100 {
		t.Errorf("%d sessions", n)
	}
	p.must(p.asks(o, false))
}

func TestElevate(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	for range 5 { // stay there for two hours
		p.clock.pass(24 * time.Minute)
		p.must(p.asks(o, false))
	}
	ask := func(token, body string) int {
		t.Helper()
		res := p.request("POST", "/v1/me/password", body, "Cookie", "keystead_8080="+token, "Sec-Fetch-Site", "same-origin")
		return res.StatusCode
	}
	if got := ask(o.Token.Reveal(), `{"password":"`+other+`"}`); got != 403 {
		t.Fatalf("after two hours a password is changed: %d", got)
	}
	_, err := p.Elevate(t.Context(), p.caller(o), api.Elevate{Password: api.Hide("a wrong password")})
	p.wantFault(err, fault.BadCredentials)
	if f, _ := fault.From(err); f.Field != "password" {
		t.Errorf("the fault is at %q", f.Field)
	}
	p.must(p.asks(o, false)) // a slip ends nothing
	elevated, err := p.Elevate(t.Context(), p.caller(o), api.Elevate{Password: api.Hide(password)})
	p.must(err)
	if want := p.clock.now().Add(2 * time.Hour); elevated.Session.ElevatedUntil == nil || !elevated.Session.ElevatedUntil.Equal(want) {
		t.Errorf("elevated until %v", elevated.Session.ElevatedUntil)
	}
	if !elevated.Session.ExpiresAt.Equal(o.Session.ExpiresAt) || elevated.Session.ID != o.Session.ID {
		t.Error("elevation made another session")
	}
	p.wantFault(p.asks(o, false), fault.NotSignedIn)
	if got := ask(elevated.Token.Reveal(), `{"password":"short"}`); got != 422 {
		t.Errorf("a short password: %d", got)
	}
	if got := ask(elevated.Token.Reveal(), `{"password":"`+other+`"}`); got != 200 {
		t.Errorf("elevated: %d", got)
	}
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'session.elevate' AND result = 'refused'"); n != 1 {
		t.Errorf("%d refusals in the audit log", n)
	}
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act IN ('session.elevate', 'user.password') AND result = 'done'"); n != 2 {
		t.Errorf("%d acts in the audit log", n)
	}
	if _, err := p.audit.Verify(t.Context(), p.db); err != nil {
		t.Error(err)
	}
}

// Who sits at an unlocked browser does not guess without end; who floods the sign-in
// page does not keep the owner from proving who they are.
func TestP13ElevationIsThrottled(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	for {
		if _, err := p.signIn("ada@example.com", "a wrong password", here); fault.Is(err, fault.TooManyTries) {
			break
		}
	}
	for i := range 25 {
		_, err := p.Elevate(t.Context(), p.caller(o), api.Elevate{Password: api.Hide("a wrong password")})
		want := fault.BadCredentials
		if i >= 20 {
			want = fault.TooManyTries
		}
		p.wantFault(err, want)
	}
}

// If it can't be audited it does not happen.
func TestP38NoAuditNoSession(t *testing.T) {
	p := withAda(t)
	o := p.ada()
	who := p.caller(o)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER audit_fails BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
		return err
	}))
	before := p.count("SELECT COUNT(*) FROM sessions")
	if _, err := p.signIn("ada@example.com", password, here); err == nil {
		t.Error("signed in")
	}
	if _, err := p.Elevate(t.Context(), who, api.Elevate{Password: api.Hide(password)}); err == nil {
		t.Error("elevated")
	}
	if _, err := p.ChangePassword(t.Context(), who, api.NewPassword{Password: api.Hide(other)}); err == nil {
		t.Error("changed the password")
	}
	if err := p.SignOut(t.Context(), who); err == nil {
		t.Error("signed out")
	}
	if n := p.count("SELECT COUNT(*) FROM sessions"); n != before {
		t.Errorf("%d sessions, were %d", n, before)
	}
	p.must(p.asks(o, false))
}
