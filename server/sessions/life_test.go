package sessions_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keystead/build/promises/size"
	"keystead/server/caller"
	"keystead/server/config"
	"keystead/server/rest"
	"keystead/server/sessions"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// browser is a session in the model: what its holder knows, and what must come of it.
type browser struct {
	user     *somebody
	token    string
	ended    bool
	active   time.Time // the last sign of the person
	expires  time.Time
	elevated time.Time // until
}

type somebody struct {
	id       api.UserID
	password string
	active   bool
}

// verdict is the fault that the session's token meets, "" where it is good.
func (b *browser) verdict(now time.Time) fault.Code {
	switch {
	case b.ended, !now.Before(b.expires):
		return fault.NotSignedIn
	case now.Sub(b.active) >= 30*time.Minute:
		return fault.SessionIdle
	}
	return ""
}

// visits is the model beside the house, with every token that there ever was.
type visits struct {
	*testkit.Kit
	admin  api.UserID
	people []*somebody
	open   []*browser
	spent  []string // tokens that were replaced
	worlds int
}

func (v *visits) begin() {
	v.worlds++
	v.people, v.open, v.spent = nil, nil, nil
	for i := range 2 {
		id := v.Person(fmt.Sprintf("P%d-%d", v.worlds, i))
		v.people = append(v.people, &somebody{id, testkit.Password, true})
	}
}

// came is a browser that was just let in.
func (v *visits) came(u *somebody, token api.Secret) {
	now := v.DB.Now()
	v.open = append(v.open, &browser{user: u, token: token.Reveal(), active: now, expires: now.Add(12 * time.Hour), elevated: now.Add(v.Config.Elevation)})
}

// renewed is a browser whose session goes on under a new name.
func (v *visits) renewed(b *browser, token api.Secret) {
	v.spent = append(v.spent, b.token)
	b.token, b.elevated = token.Reveal(), v.DB.Now().Add(v.Config.Elevation)
}

// leave ends all sessions of a person but one.
func (v *visits) leave(u *somebody, but *browser) {
	for _, b := range v.open {
		b.ended = b.ended || b.user == u && b != but
	}
}

// step is one random act; most take no password, which takes 40 ms to compare.
func (v *visits) step(t *rapid.T) (what string, err error) {
	ctx := v.T.Context()
	u := rapid.SampledFrom(v.people).Draw(t, "person")
	var b *browser
	var who caller.Caller
	if len(v.open) > 0 {
		b = rapid.SampledFrom(v.open).Draw(t, "browser")
		if who, err = v.Sessions.Session(ctx, b.token, rest.Arrival{}); err == nil {
			b.active = v.DB.Now()
		}
	}
	act := rapid.IntRange(0, 23).Draw(t, "act")
	if act >= 10 && act < 16 || b == nil {
		token, err := v.Sessions.Begin(ctx, u.id)
		if err == nil {
			v.came(u, token)
		}
		if (err == nil) != u.active {
			t.Fatalf("begin: active %v, %v", u.active, err)
		}
		return "begin", err
	}
	if err != nil && act < 6 {
		return "be nobody", err // a session that is over does nothing
	}
	switch act {
	case 0, 1:
		if err = v.Sessions.SignOut(ctx, who); err == nil {
			b.ended = true
		}
		return "sign out", err
	case 2:
		if err = v.Sessions.EndOthers(ctx, who); err == nil {
			v.leave(b.user, b)
		}
		return "end the others", err
	case 3:
		opened, err := v.Sessions.Elevate(ctx, who, api.Elevate{Password: api.Hide(b.user.password)})
		if err == nil {
			v.renewed(b, opened.Token)
		}
		return "elevate", err
	case 4:
		fresh := map[string]string{testkit.Password: other, other: testkit.Password}[b.user.password]
		opened, err := v.Sessions.ChangePassword(ctx, who, api.NewPassword{Password: api.Hide(fresh)})
		if err == nil {
			b.user.password = fresh
			v.renewed(b, opened.Token)
			v.leave(b.user, b)
		}
		return "change the password", err
	case 5:
		_, err := v.Sessions.Elevate(ctx, who, api.Elevate{Password: api.Hide("another parade of lanterns")})
		if !fault.Is(err, fault.BadCredentials) && !fault.Is(err, fault.TooManyTries) {
			t.Fatalf("elevated by a wrong password: %v", err)
		}
		return "guess", nil
	case 6:
		mail := v.As(u.id).User.Email
		opened, err := v.Sessions.SignIn(ctx, api.SignIn{Email: mail, Password: api.Hide(u.password)}, sessions.Visit{Address: "192.0.2.7"})
		if err == nil {
			v.came(u, opened.Token)
		}
		if fault.Is(err, fault.BadCredentials) && u.active {
			t.Fatal("the right password is wrong")
		}
		return "sign in", err
	case 7, 8, 9:
		state := map[bool]string{true: api.UserDisabled, false: api.UserActive}[act == 7]
		if _, err = v.Users.Edit(ctx, v.As(v.admin), u.id, api.EditUser{State: &state}); err == nil {
			u.active = state == api.UserActive
		}
		if !u.active {
			v.leave(u, nil)
		}
		return "enable or disable", err
	}
	v.Pass(rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Minute, 29 * time.Minute, 30 * time.Minute, 5 * time.Hour}).Draw(t, "time"))
	return "wait", nil
}

// check presents every token, in the background so that it is no sign of anybody.
func (v *visits) check(t *rapid.T, after string) {
	ctx, background := v.T.Context(), rest.Arrival{Background: true}
	now := v.DB.Now()
	for i, b := range v.open {
		who, err := v.Sessions.Session(ctx, b.token, background)
		want := b.verdict(now)
		if want == "" && err != nil || want != "" && !fault.Is(err, want) {
			t.Fatalf("after %q session %d: %v, want %q", after, i, err, want)
		}
		if err == nil && (who.User.ID != b.user.id || (who.Elevated(now) == nil) != now.Before(b.elevated)) {
			t.Fatalf("after %q session %d is of %d and elevated until %s, want %s", after, i, who.User.ID, who.Session.ElevatedUntil, b.elevated)
		}
	}
	for _, token := range v.spent {
		if _, err := v.Sessions.Session(ctx, token, background); !fault.Is(err, fault.NotSignedIn) {
			t.Fatalf("after %q a token that was replaced: %v", after, err)
		}
	}
}

// TestP10P16TheLifeOfSessions walks through random acts of people and their browsers:
// after each one every token that there ever was is worth what the model says.
func TestP10P16TheLifeOfSessions(t *testing.T) {
	v := &visits{Kit: testkit.New(t, func(cfg *config.Config) { cfg.Elevation = 5 * time.Minute })}
	v.admin = v.Person("Ada")
	v.Join(v.admin, 0, perm.FullAdministrator)
	checks := flag.Lookup("rapid.checks").Value
	before := checks.String()
	if err := checks.Set("25"); err != nil { // more is for more steps below
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Set(before) })
	want := size.Of(t, 300, 20_000, "steps")
	steps := 0
	done := map[string]int{}
	for steps < want && !t.Failed() {
		rapid.Check(t, func(rt *rapid.T) {
			v.begin()
			for range rapid.IntRange(8, 20).Draw(rt, "steps") {
				what, err := v.step(rt)
				if _, known := fault.From(err); err != nil && !known {
					rt.Fatal(err)
				}
				v.check(rt, what)
				steps++
				if err == nil {
					done[what]++
				}
			}
		})
	}
	if !t.Failed() && len(done) < 7 {
		t.Errorf("in %d steps nobody managed to do more than %v", steps, done)
	}
	t.Logf("%d steps: %v", steps, done)
}
