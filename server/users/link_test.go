package users_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/config"
	"keystead/server/sessions"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// token is the token of a link's URL.
func token(link api.Link) api.Secret {
	_, text, _ := strings.Cut(link.URL.Reveal(), "#token=")
	return api.Hide(text)
}

func use(c *testkit.Cast, token api.Secret) error {
	_, err := c.Sessions.UseLink(ctx, api.Redeem{Token: token, Password: api.Hide(other)}, sessions.Visit{Address: "192.0.2.9"})
	return err
}

// A reset ends sessions and other links, and erases what the keys could be shown
// from: whoever made the link may be the one who used it.
func TestP17ResetLink(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) { cfg.PublicURL = "https://keys.example.com" }))
	admin := c.As(c.Admin)
	id, key := c.Key(c.Member, c.X, api.Admin, "mine")
	cookie := c.Session(c.Member)
	first, err := c.Users.Link(ctx, admin, c.Member, api.AddLink{Purpose: api.LinkReset})
	c.Must(err)
	link, err := c.Users.Link(ctx, admin, c.Member, api.AddLink{Purpose: api.LinkReset})
	c.Must(err)
	if !strings.HasPrefix(link.URL.Reveal(), "https://keys.example.com/invite?for=reset#token=") || !link.ExpiresAt.Equal(c.DB.Now().Add(30*time.Minute)) {
		t.Errorf("the link is %s until %s", link.URL.Reveal(), link.ExpiresAt)
	}
	if a := c.Send(cookie, "GET /v1/me", ""); a.Status != 200 {
		t.Errorf("a link that nobody used changed something: %d", a.Status)
	}
	if n := c.Number("SELECT COUNT(*) FROM one_time_tokens WHERE instr(digest, ?) > 0", token(link).Reveal()); n != 0 {
		t.Error("the token is kept as it is")
	}
	refused(t, "the link before", use(c, token(first)), fault.LinkUsed)
	_, err = c.Sessions.UseLink(ctx, api.Redeem{Token: token(link), Password: api.Hide("short")}, sessions.Visit{})
	refused(t, "a short password", err, fault.InvalidValue)
	refused(t, "once", use(c, token(link)), "")
	refused(t, "twice", use(c, token(link)), fault.LinkUsed)
	if a := c.Send(cookie, "GET /v1/me", ""); a.Status != 401 {
		t.Errorf("the old session goes on: %d", a.Status)
	}
	if a := c.Send(key, "GET /v1/me", ""); a.Status != 200 {
		t.Errorf("the key stopped: %d", a.Status)
	}
	_, err = c.Keys.Reveal(ctx, c.As(c.Member), id, api.Reveal{})
	refused(t, "reveal", err, fault.ValueErased)
	if n := c.Number("SELECT COUNT(*) FROM audit WHERE act = 'user.password' AND user_id = ? AND json_extract(facts, '$.purpose') = 'reset' AND json_extract(facts, '$.values_erased') = 1", c.Member); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

// TestP17WhatEndsALink: each of these, and the link is worth nothing.
func TestP17WhatEndsALink(t *testing.T) {
	for what, act := range map[string]func(c *testkit.Cast, maker api.UserID) error{
		"time": func(c *testkit.Cast, _ api.UserID) error { c.Pass(api.ResetLifetime); return nil },
		"disabled": func(c *testkit.Cast, _ api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), c.Member, api.EditUser{State: ptr(api.UserDisabled)})
			return err
		},
		"disabled and enabled": func(c *testkit.Cast, _ api.UserID) error {
			for _, state := range []string{api.UserDisabled, api.UserActive} {
				if _, err := c.Users.Edit(ctx, c.As(c.Admin), c.Member, api.EditUser{State: &state}); err != nil {
					return err
				}
			}
			return nil
		},
		"deleted": func(c *testkit.Cast, _ api.UserID) error { return c.Users.Delete(ctx, c.As(c.Admin), c.Member) },
		"another address": func(c *testkit.Cast, _ api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), c.Member, api.EditUser{Email: ptr("x@northwind.example")})
			return err
		},
		"another password": func(c *testkit.Cast, maker api.UserID) error {
			return c.Users.ResetPassword(ctx, c.As(c.Admin), "mia@northwind.example", api.Hide(testkit.Password))
		},
		"the user rose above the maker": func(c *testkit.Cast, _ api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), c.Member, api.EditUser{AccountRoleID: api.Just(roleID(c.Kit, perm.FullAdministrator))})
			return err
		},
		"the maker was demoted": func(c *testkit.Cast, maker api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), maker, api.EditUser{AccountRoleID: api.Null[api.RoleID]()})
			return err
		},
		"the maker was disabled": func(c *testkit.Cast, maker api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), maker, api.EditUser{State: ptr(api.UserDisabled)})
			return err
		},
		"the maker was deleted": func(c *testkit.Cast, maker api.UserID) error { return c.Users.Delete(ctx, c.As(c.Admin), maker) },
	} {
		t.Run(what, func(t *testing.T) {
			c := testkit.NewCast(testkit.New(t, nil))
			maker := holder(c.Kit, "Max", 0, perm.UsersManage, perm.OrgsRead, perm.DevicesRead)
			link, err := c.Users.Link(ctx, c.As(maker), c.Member, api.AddLink{Purpose: api.LinkReset})
			c.Must(err)
			c.Must(act(c, maker))
			refused(t, what, use(c, token(link)), fault.LinkUsed)
		})
	}
}

func TestP17WhoMakesLinks(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	link := func(who, id api.UserID, purpose api.LinkPurpose) error {
		_, err := c.Users.Link(ctx, c.As(who), id, api.AddLink{Purpose: purpose})
		return err
	}
	weak := holder(c.Kit, "Max", 0, perm.UsersManage)
	refused(t, "for who holds more", link(weak, c.Member, api.LinkReset), fault.PermissionRequired)
	refused(t, "for the administrator", link(weak, c.Admin, api.LinkReset), fault.PermissionRequired)
	refused(t, "without users:manage", link(c.Operator, c.Member, api.LinkReset), fault.PermissionRequired)
	refused(t, "for a stranger", link(c.Stranger, c.Member, api.LinkReset), fault.NotFound)
	refused(t, "an invitation of who is in", link(c.Admin, c.Member, api.LinkInvite), fault.InvalidValue)
	refused(t, "another purpose", link(c.Admin, c.Member, "setup"), fault.InvalidValue)
	refused(t, "a reset", link(c.Admin, c.Member, api.LinkReset), "")
	byKey := c.As(c.Admin)
	byKey.Kind, byKey.Key = api.CallerKey, &caller.Key{Role: api.Admin}
	_, err := c.Users.Link(ctx, byKey, c.Admin, api.AddLink{Purpose: api.LinkReset})
	refused(t, "a key, for its own owner", err, fault.KeyTooWeak)
	_, err = c.Users.Link(ctx, byKey, c.Member, api.AddLink{Purpose: api.LinkReset})
	refused(t, "a key, for another", err, "")
	soon := c.DB.Now().Add(time.Hour)
	byKey.Key.ExpiresAt = &soon
	_, err = c.Users.Link(ctx, byKey, c.Member, api.AddLink{Purpose: api.LinkReset})
	refused(t, "a key that expires, for another", err, fault.KeyTooWeak)
	_, err = c.Users.Add(ctx, byKey, api.AddUser{Email: "outlives@northwind.example"})
	refused(t, "a key that expires, for somebody new", err, fault.KeyTooWeak)
}

// The host of a link is that of the settings, whatever a request says.
func TestP17ForgedHost(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	as := append(c.Session(c.Admin), "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Forwarded-Proto: https")
	a := c.Send(as, "POST /v1/users", `{"email":"new@northwind.example"}`)
	if a.Status != 201 || strings.Contains(a.Body, "evil") || !strings.Contains(a.Body, `"url":"/invite#token=`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestP17OneOfMany: a link that a hundred use at once lets one in.
func TestP17OneOfMany(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	link, err := c.Users.Link(ctx, c.As(c.Admin), c.Member, api.AddLink{Purpose: api.LinkReset})
	c.Must(err)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			switch err := use(c, token(link)); {
			case err == nil:
				in.Add(1)
			case !fault.Is(err, fault.LinkUsed) && !fault.Is(err, fault.TooManyTries):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d came in", in.Load())
	}
	if n := c.Number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", c.Member); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// The plain form works without script.
func TestInvitationAsAForm(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	added, err := c.Users.Add(ctx, c.As(c.Admin), api.AddUser{Email: "new@northwind.example"})
	c.Must(err)
	post := func(site string) int {
		form := url.Values{"token": {token(added.Link).Reveal()}, "password": {other}, "first_name": {"Nora"}, "last_name": {""}}
		req := httptest.NewRequest("POST", "/invite", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", site)
		res, err := c.Router.App.Test(req, -1)
		c.Must(err)
		defer func() { _ = res.Body.Close() }()
		if site == "same-origin" && (res.Header.Get("Location") != "/" || len(res.Cookies()) != 2) {
			t.Errorf("to %q with %d cookies", res.Header.Get("Location"), len(res.Cookies()))
		}
		return res.StatusCode
	}
	if got := post("cross-site"); got == 303 {
		t.Error("another site used the link")
	}
	if got := post("same-origin"); got != 303 {
		t.Errorf("%d", got)
	}
	if n := c.Number("SELECT COUNT(*) FROM users WHERE first_name = 'Nora' AND state = 'active'"); n != 1 {
		t.Error("nobody came in")
	}
}
