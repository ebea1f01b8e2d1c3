package rest

import (
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gofiber/fiber/v2"

	"keystead/shared/fault"
)

// Dialect is how doors speak that were made for other people's clients. It holds below
// its paths whatever becomes of a request, also where no route was reached.
type Dialect struct {
	Name    string       // in openapi.json, such as "OAuth"
	Under   []string     // "/api/v1" is for /api/v1 and all below it; the longest wins
	Problem reflect.Type // of a refusal's body
	// Refuse says a refusal in the dialect: the status, from the one that it has
	// everywhere else, and the body, which is sent as application/json.
	Refuse func(f *fault.Error, status int) (int, any)
	Rates  bool // every answer says how many requests a second are let through
}

// Dialects are all that are spoken besides our own.
type Dialects []Dialect

// At is the dialect that is spoken at a path, nil where it is our own.
func (all Dialects) At(path string) *Dialect {
	var found *Dialect
	longest := 0
	for i := range all {
		for _, under := range all[i].Under {
			rest, ok := strings.CutPrefix(path, under)
			if ok && (rest == "" || rest[0] == '/') && len(under) > longest {
				found, longest = &all[i], len(under)
			}
		}
	}
	return found
}

// refuse answers f in the dialect.
func (d *Dialect) refuse(c *fiber.Ctx, f *fault.Error, status int) error {
	status, said := d.Refuse(f, status)
	body, err := json.Marshal(said)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json")
	return c.Status(status).Send(body)
}

// The headers of a dialect with rates. Clients read them as a window of one second.
const (
	headerRateLimit     = "x-ratelimit-limit"
	headerRateRemaining = "x-ratelimit-remaining"
	headerRateReset     = "x-ratelimit-reset"
)

// sayRate tells of limit requests a second, of which left may still come.
func sayRate(c *fiber.Ctx, limit int, left float64, now time.Time) {
	set := func(name string, n int64) { // in lower case, as the clients know them
		c.Response().Header.SetCanonical([]byte(name), strconv.AppendInt(nil, n, 10))
	}
	set(headerRateLimit, int64(limit))
	set(headerRateRemaining, int64(math.Max(0, math.Floor(left))))
	set(headerRateReset, now.Unix()+1)
}

// Rates begins the answers of dialects that tell of their rates: for callers that are
// not known yet the whole limit is left.
func Rates(all Dialects, limits *Limits, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if d := all.At(c.Path()); d != nil && d.Rates {
			sayRate(c, limits.PerSecond(), float64(limits.PerSecond()), limits.now())
		}
		return next(c)
	}
}

// Lenient is [Do] for the doors of a dialect: unknown members and parameters are
// ignored, a trailing slash is served too, the Content-Type may be absent, and where
// no body is taken any is let be.
func Lenient[In, Out any](act func(*Request, In) (Out, error)) Endpoint {
	e := Do(act)
	e.Lenient = true
	e.call = func(r *Request) (any, error) {
		var in In
		if err := r.decodeLeniently(&in); err != nil {
			return nil, err
		}
		return act(r, in)
	}
	return e
}

// Answering is the endpoint with another status for what was done.
func (e Endpoint) Answering(status int) Endpoint { e.Status = status; return e }

func (r *Request) decodeLeniently(in any) error {
	if _, none := in.(*None); none {
		return nil
	}
	if len(r.Fiber.Request().Header.ContentType()) > 0 && !isJSON(r.Fiber) {
		return fault.New(fault.WrongType, "The body is expected as application/json.")
	}
	body := r.Fiber.Request().Body() // not Ctx.Body, which inflates without limit
	if len(body) == 0 {
		body = []byte("{}")
	}
	return Decode(body, in, json.RejectUnknownMembers(false))
}

// OAuth is the dialect of RFC 6749, section 5.2.
var OAuth = Dialect{Name: "OAuth", Under: []string{"/v1/oauth"}, Problem: reflect.TypeFor[OAuthProblem](), Refuse: inOAuth}

// OAuthProblem is the refusal of RFC 6749, section 5.2.
type OAuthProblem struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func inOAuth(f *fault.Error, status int) (int, any) {
	return status, OAuthProblem{oauthCode(status), ascii(f.Detail)}
}

// oauthCode names a refusal by its status. The last two are those of section 4.1.2.1.
func oauthCode(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "invalid_client"
	case status == http.StatusForbidden:
		return "unauthorized_client"
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return "temporarily_unavailable"
	case status >= http.StatusInternalServerError:
		return "server_error"
	}
	return "invalid_request"
}

// ascii keeps to the characters that section 5.2 lets a description have.
func ascii(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return ' '
		}
		return r
	}, text)
}
