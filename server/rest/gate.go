package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/caller"
	"keystead/shared/fault"
)

// MaxBody is the longest body taken, in bytes.
const MaxBody = 64 << 10

// timeLimit ends what a request does in the database.
const timeLimit = 10 * time.Second

// Arrival is what a request says besides its credential.
type Arrival struct {
	Address    string
	RequestID  string
	Background bool // a poll of the console: no sign of a person
}

// Gate finds out who asks. Session and Bearer answer a Caller, or a fault of
// status 401.
type Gate struct {
	Cookie  string // the session cookie's name
	Origin  string // the public URL's origin, "" where the Host counts
	Session func(ctx context.Context, token string, at Arrival) (caller.Caller, error)
	Bearer  func(ctx context.Context, credential string, at Arrival) (caller.Caller, error)
	// HandName gives the browser the cookie of a session that got another name.
	HandName func(c *fiber.Ctx, session *caller.Session)
	// Refused hears of known callers who were refused at a door that changes
	// something, Stranger of each bad credential. Both answer at once; nil: nobody asks.
	Refused  func(Refusal)
	Stranger func(address string)

	Dialects Dialects

	Epoch   func() uint64 // see [db.DB.Epoch]; nil: before each write the caller is judged again
	Limits  *Limits
	Address func(*fiber.Ctx) string
	Now     func() time.Time
	Log     *slog.Logger
}

// Handler is the whole way of a request through a route.
func (g *Gate) Handler(route *Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v := visitOf(c)
		r := &v.request
		r.Fiber, r.route, r.lasts.until = c, route, time.Now().Add(timeLimit)
		defer r.lasts.end()
		r.Caller.Address, r.Caller.RequestID = v.from(c, g.Address), v.id
		if route.Do.Rules() {
			return g.rule(c, r)
		}
		out, err := g.through(r)
		if err != nil {
			g.refused(r, err)
			return err
		}
		if stream, ok := out.(Stream); ok {
			stream.send(c, g.Log)
			return nil
		}
		return send(c, route.Do, out)
	}
}

// through lets a request in and has it done.
func (g *Gate) through(r *Request) (out any, err error) {
	if err := g.enter(r); err != nil {
		return nil, err
	}
	if r.query, err = readQuery(r.Fiber, r.route); err != nil {
		return nil, err
	}
	out, err = r.route.Do.call(r)
	if r.route.Guard.guessed {
		err = g.count(err, r.Caller.Address)
	}
	return out, err
}

// enter finds the caller and checks the route's guard.
func (g *Gate) enter(r *Request) error {
	guard := r.route.Guard
	if guard.Public() {
		return sameOrigin(r.Fiber, g.Origin, false)
	}
	if g.Epoch != nil {
		r.came = g.Epoch()
	}
	who, err := g.authenticate(r)
	if err != nil {
		return err
	}
	r.Caller, r.lasts.guard = who, r
	mark(r.Fiber, who)
	if !guard.unlimited {
		left, wait := g.Limits.Known(who)
		if d := g.Dialects.At(r.route.Path); d != nil && d.Rates {
			sayRate(r.Fiber, g.Limits.PerSecond(), left, g.Now())
		}
		if wait > 0 {
			return tooMany(wait)
		}
	}
	if !slices.Contains(guard.kinds, who.Kind) {
		return fault.New(fault.PermissionRequired, "This is for %s only.", kindsText(guard.kinds))
	}
	if guard.elevated {
		return who.Elevated(g.Now())
	}
	return nil
}

func kindsText[T ~string](kinds []T) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = strings.NewReplacer("_", " ", "api", "API").Replace(string(k)) + "s"
	}
	return strings.Join(names, " and ")
}

// authenticate reads exactly one credential: the session cookie, a bearer, or
// X-API-Key.
func (g *Gate) authenticate(r *Request) (caller.Caller, error) {
	c := r.Fiber
	at := Arrival{Address: r.Caller.Address, RequestID: r.Caller.RequestID}
	cookie, err := g.cookieOf(c)
	if err != nil {
		return caller.Caller{}, err
	}
	bearer, err := bearerOf(c)
	if err != nil {
		return caller.Caller{}, err
	}
	var who caller.Caller
	switch {
	case cookie != "" && bearer != "":
		return who, severalCredentials()
	case cookie != "":
		if err := sameOrigin(c, g.Origin, true); err != nil {
			return who, err
		}
		at.Background = c.Get("X-Keystead-Background") != ""
		who, err = g.Session(r.Context(), cookie, at)
		if err == nil && !who.Session.Renamed.Empty() {
			g.HandName(c, who.Session)
		}
	case bearer != "":
		who, err = g.Bearer(r.Context(), bearer, at)
		err = g.count(err, at.Address)
	default:
		return who, fault.New(fault.NotSignedIn, "Sign in, or send an API key.")
	}
	if err != nil {
		return who, err
	}
	who.Address, who.RequestID = at.Address, at.RequestID
	return who, nil
}

// count remembers a bad credential, and refuses it by [fault.TooManyTries] where its
// address sent too many. A good one is let in even then: one client with an old key is
// not to shut out all others behind the same address.
func (g *Gate) count(err error, address string) error {
	if !fault.Is(err, fault.BadCredentials) {
		return err
	}
	if wait := g.Limits.Failing(address); wait > 0 {
		return tooMany(wait)
	}
	g.Limits.Failed(address)
	if g.Stranger != nil {
		g.Stranger(address)
	}
	return err
}

func severalCredentials() error {
	return fault.New(fault.SeveralCredentials, "Send exactly one credential.")
}

// cookieOf is the session cookie of a request. Where two come, one was planted, and
// nobody knows which.
func (g *Gate) cookieOf(c *fiber.Ctx) (string, error) {
	if len(c.Request().Header.Peek(fiber.HeaderCookie)) == 0 { // as with every key: to look through none costs four allocations
		return "", nil
	}
	return g.oneCookie(c)
}

func (g *Gate) oneCookie(c *fiber.Ctx) (found string, err error) {
	times := 0
	for name, value := range c.Request().Header.Cookies() {
		if string(name) == g.Cookie {
			found = string(value)
			times++
		}
	}
	if times > 1 {
		return "", severalCredentials()
	}
	return found, nil
}

// bearerOf is the API key or access token of a request, however it is sent.
func bearerOf(c *fiber.Ctx) (string, error) {
	var found string
	times := 0
	for _, value := range c.Request().Header.PeekAll(fiber.HeaderAuthorization) {
		scheme, token, _ := strings.Cut(string(value), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", fault.New(fault.BadCredentials, "This credential is not good here.")
		}
		found = strings.TrimSpace(token)
		times++
	}
	for _, value := range c.Request().Header.PeekAll("X-API-Key") {
		found = strings.TrimSpace(string(value))
		times++
	}
	switch {
	case times > 1:
		return "", severalCredentials()
	case times == 1 && found == "":
		return "", fault.New(fault.BadCredentials, "This credential is not good here.")
	}
	return found, nil
}

// sameOrigin refuses unsafe requests that another site made the browser send: by
// Sec-Fetch-Site, else by Origin; neither means no browser sent it, and then only
// a request without a cookie is taken. Of several headers each has to be ours. The rules
// are those of net/http's CrossOriginProtection.
func sameOrigin(c *fiber.Ctx, origin string, cookie bool) error {
	switch c.Method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	cross := fault.New(fault.CrossSite, "This request came from another site.")
	same := false
	for _, site := range c.Request().Header.PeekAll("Sec-Fetch-Site") {
		switch string(site) {
		case "same-origin", "none":
			same = true
		case "":
		default:
			return cross
		}
	}
	if same {
		return nil
	}
	for _, sent := range c.Request().Header.PeekAll(fiber.HeaderOrigin) {
		if !isOrigin(c, string(sent), origin) {
			return cross
		}
		same = true
	}
	if cookie && !same {
		return cross
	}
	return nil
}

// isOrigin reports whether what a browser sent is our origin, by the Host where we know
// of none. An empty one says nothing.
func isOrigin(c *fiber.Ctx, sent, origin string) bool {
	if origin != "" {
		return sent == origin
	}
	u, err := url.Parse(sent)
	return err == nil && u.Host != "" && u.Host == string(c.Request().Host())
}

func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
