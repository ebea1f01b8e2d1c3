package sessions

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// Routes are the doors of set-up, session and sessions.
func (s *Sessions) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Post, Path: api.PathSetup, Guard: rest.Public, Do: rest.Make(s.postSetup), Summary: "Make the account, its first organization and its first Full Administrator"},
		{Method: rest.Post, Path: api.PathSession, Guard: rest.Public, Do: rest.Do(s.postSession), Summary: "Sign in"},
		{Method: rest.Post, Path: api.PathInvitation, Guard: rest.Public, Do: rest.Do(s.postInvitation), Summary: "Use a link: set the password and sign in"},
		{Method: rest.Get, Path: api.PathSession, Guard: rest.Sessions, Do: rest.Do(s.getSession), Summary: "Say who is signed in and until when"},
		{Method: rest.Delete, Path: api.PathSession, Guard: rest.Sessions, Do: rest.Do(s.deleteSession), Summary: "Sign out"},
		{Method: rest.Post, Path: api.PathElevate, Guard: rest.Sessions, Do: rest.Do(s.postElevate), Summary: "Prove with the password who is there"},
		{Method: rest.Get, Path: api.PathSessions, Guard: rest.Sessions, Do: rest.Do(s.getSessions), Summary: "List the caller's sessions", Query: rest.Pages()},
		{Method: rest.Delete, Path: api.PathSessions, Guard: rest.Sessions, Do: rest.Do(s.deleteSessions), Summary: "End the caller's sessions but this one"},
		{Method: rest.Delete, Path: api.PathSessions + "/:id", Guard: rest.Sessions, Do: rest.Do(s.deleteOne), Summary: "End one of the caller's sessions"},
		{Method: rest.Post, Path: api.PathMyPassword, Guard: rest.Sessions.Elevated(), Do: rest.Do(s.postPassword), Summary: "Change the caller's password and end their other sessions"},
	}
}

func (s *Sessions) postSetup(r *rest.Request, in api.Setup) (api.Session, error) {
	o, err := s.SetUp(r.Context(), in, s.visit(r.Fiber, r.Caller.Address))
	return s.hand(r.Fiber, o, err)
}

func (s *Sessions) postSession(r *rest.Request, in api.SignIn) (api.Session, error) {
	o, err := s.SignIn(r.Context(), in, s.visit(r.Fiber, r.Caller.Address))
	return s.hand(r.Fiber, o, err)
}

func (s *Sessions) postInvitation(r *rest.Request, in api.Redeem) (api.Session, error) {
	o, err := s.UseLink(r.Context(), in, s.visit(r.Fiber, r.Caller.Address))
	return s.hand(r.Fiber, o, err)
}

func (s *Sessions) getSession(r *rest.Request, _ rest.None) (api.Session, error) {
	return s.Get(r.Context(), r.Caller)
}

func (s *Sessions) deleteSession(r *rest.Request, _ rest.None) (rest.None, error) {
	err := s.SignOut(r.Context(), r.Caller)
	if err == nil {
		s.setCookie(r.Fiber, s.Cookie, "", -1)
	}
	return rest.None{}, err
}

func (s *Sessions) postElevate(r *rest.Request, in api.Elevate) (api.Session, error) {
	o, err := s.Elevate(r.Context(), r.Caller, in)
	return s.hand(r.Fiber, o, err)
}

func (s *Sessions) postPassword(r *rest.Request, in api.NewPassword) (api.Session, error) {
	o, err := s.ChangePassword(r.Context(), r.Caller, in)
	return s.hand(r.Fiber, o, err)
}

func (s *Sessions) getSessions(r *rest.Request, _ rest.None) (api.Page[api.SessionRow], error) {
	return s.List(r.Context(), r.Caller, r.List())
}

func (s *Sessions) deleteSessions(r *rest.Request, _ rest.None) (rest.None, error) {
	return rest.None{}, s.EndOthers(r.Context(), r.Caller)
}

func (s *Sessions) deleteOne(r *rest.Request, _ rest.None) (rest.None, error) {
	id, err := rest.ID[api.SessionID](r, "id")
	if err != nil {
		return rest.None{}, err
	}
	return rest.None{}, s.End(r.Context(), r.Caller, id)
}

// visit is what the browser brings. Its session cookie is not among it: one that
// someone planted is never taken up.
func (s *Sessions) visit(c *fiber.Ctx, address string) Visit {
	return Visit{
		Address: address, RequestID: rest.RequestID(c),
		UserAgent: short(keyfmt.Redact(c.Get(fiber.HeaderUserAgent))), Device: c.Cookies(s.deviceCookie()),
	}
}

// short is a line of at most 200 characters that can be shown.
func short(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > 200 {
		return string(runes[:200])
	}
	return text
}

// hand gives the browser its cookies and answers the session without them.
func (s *Sessions) hand(c *fiber.Ctx, o Opened, err error) (api.Session, error) {
	if err != nil {
		return api.Session{}, err
	}
	s.setCookie(c, s.Cookie, o.Token.Reveal(), o.Session.ExpiresAt.Sub(s.DB.Now()))
	if !o.Device.Empty() {
		s.setCookie(c, s.deviceCookie(), o.Device.Reveal(), deviceLifetime)
	}
	return o.Session, nil
}

// HandName gives the browser the cookie of a session that got another name.
func (s *Sessions) HandName(c *fiber.Ctx, session *caller.Session) {
	s.setCookie(c, s.Cookie, session.Renamed.Reveal(), session.ExpiresAt.Sub(s.DB.Now()))
}

// deviceCookie has the prefix and the port that the session cookie has.
func (s *Sessions) deviceCookie() string { return s.Cookie + "_device" }

// setCookie sets a cookie that no script reads and no other site makes the browser
// send; a negative age takes it away.
func (s *Sessions) setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	cookie := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: s.HTTPS, SameSite: http.SameSiteStrictMode,
	}
	if age < 0 {
		cookie.MaxAge = -1
	}
	c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
}

// LightRoute is a door of a light page.
type LightRoute struct {
	Method, Path string
	Serve        fiber.Handler
}

// Light are the doors of sign-in, set-up and invitation as plain pages, for people without
// script and before the console is there.
func (s *Sessions) Light(render Render, address func(*fiber.Ctx) string) []LightRoute {
	l := light{s, render, address}
	return []LightRoute{
		{rest.Get, pathSignIn, l.show(pathSignIn)},
		{http.MethodHead, pathSignIn, l.show(pathSignIn)},
		{rest.Post, pathSignIn, l.submit(pathSignIn, func(c *fiber.Ctx, f form) (Opened, error) {
			return s.SignIn(c.UserContext(), f.signIn(), s.visit(c, address(c)))
		})},
		{rest.Get, pathSetup, l.show(pathSetup)},
		{http.MethodHead, pathSetup, l.show(pathSetup)},
		{rest.Post, pathSetup, l.submit(pathSetup, func(c *fiber.Ctx, f form) (Opened, error) {
			return s.SetUp(c.UserContext(), f.setup(), s.visit(c, address(c)))
		})},
		{rest.Get, pathInvite, l.show(pathInvite)},
		{http.MethodHead, pathInvite, l.show(pathInvite)},
		{rest.Post, pathInvite, l.submit(pathInvite, func(c *fiber.Ctx, f form) (Opened, error) {
			return s.UseLink(c.UserContext(), f.redeem(), s.visit(c, address(c)))
		})},
	}
}

// formLimit ends what a form does, its wait for the hash included.
const formLimit = 10 * time.Second

// light serves the light pages.
type light struct {
	*Sessions
	render  Render
	address func(*fiber.Ctx) string
}

// show draws an empty form. Before set-up there is nobody to sign in, after it
// nothing to set up: then the other page is shown.
func (l light) show(path string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		needed, err := l.NeedsSetUp(c.UserContext())
		switch {
		case err != nil:
			return err
		case needed && path != pathSetup:
			return c.Redirect(pathSetup, http.StatusSeeOther)
		case !needed && path == pathSetup:
			return c.Redirect(signInAfterSetup, http.StatusSeeOther)
		}
		return l.page(c, path, http.StatusOK, Page{Next: SafeNext(c.Query("next")), Reset: resets(c), SetUp: c.OriginalURL() == signInAfterSetup})
	}
}

// submit does what the form asks for, then goes on to the page that was wanted, or
// shows the form again with the refusal.
func (l light) submit(path string, act func(*fiber.Ctx, form) (Opened, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), formLimit)
		defer cancel()
		c.SetUserContext(ctx)
		typed := form(func(field string) string { return string(c.Request().PostArgs().Peek(field)) }) // never the query
		err := l.acceptable(c)
		if err == nil {
			var o Opened
			if o, err = act(c, typed); err == nil {
				_, _ = l.hand(c, o, nil)
				return c.Redirect(SafeNext(typed("next")), http.StatusSeeOther)
			}
		}
		page, refusal, ours := typed.refused(err)
		if ours {
			l.Log.Error("request failed", "request_id", rest.RequestID(c), "method", c.Method(), "cause", err.Error())
		}
		if refusal.RetryAfter > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(refusal.RetryAfter))
		}
		page.Next, page.Reset = SafeNext(page.Next), resets(c)
		return l.page(c, path, rest.Status(refusal.Code), page)
	}
}

func resets(c *fiber.Ctx) bool { return c.Query("for") == forReset }

// acceptable refuses forms of other sites and what is no form.
func (l light) acceptable(c *fiber.Ctx) error {
	if err := rest.SameOrigin(c, l.Origin); err != nil {
		return err
	}
	if !rest.IsMedia(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm) {
		return fault.New(fault.WrongType, "A form is expected.")
	}
	return nil
}

func (l light) page(c *fiber.Ctx, path string, status int, page Page) error {
	var body bytes.Buffer
	if err := l.render(&body, path, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	return c.Status(status).Send(body.Bytes())
}
