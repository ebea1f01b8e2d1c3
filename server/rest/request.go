package rest

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Request is one request on its way through a door.
type Request struct {
	Caller caller.Caller
	Fiber  *fiber.Ctx // for the few that set cookies or read headers

	route *Route
	query map[string]string
	lasts lasting
	came  uint64 // the epoch before the caller was judged
}

// Hold has every write of the request judge its caller again, see [caller.Caller.Holds],
// where something was decided since they came.
func (r *Request) Hold(tx *db.Tx) error {
	if tx.Undecided(r.came) {
		return nil
	}
	return r.Caller.Holds(tx, tx.Now())
}

// Context ends with the request's time limit.
func (r *Request) Context() context.Context { return &r.lasts }

// ID reads an id from the path: a positive integer in plain decimal, else
// not_found, the answer for every id that does not exist.
func ID[T ~int64](r *Request, name string) (T, error) {
	text := r.Fiber.Params(name)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != text {
		return 0, fault.Missing()
	}
	return T(n), nil
}

// Path is a text in the path, without its percent-encoding. Fault: not_found, where
// that is broken.
func (r *Request) Path(name string) (string, error) {
	text, err := url.PathUnescape(r.Fiber.Params(name))
	if err != nil {
		return "", fault.Missing()
	}
	return text, nil
}

// Text is a query parameter, "" where it is absent.
func (r *Request) Text(name string) string { return r.query[name] }

// Number is a numeric query parameter, 0 where it is absent.
func (r *Request) Number(name string) int {
	n, _ := strconv.Atoi(r.query[name]) // checked by readQuery
	return n
}

// List reads the parameters that every list has, with their defaults.
func (r *Request) List() api.List {
	l := api.List{Page: 1, Limit: api.DefaultLimit, Sort: r.Text("sort"), Order: r.Text("order"), Q: r.Text("q")}
	if n := r.Number("page"); n > 0 {
		l.Page = n
	}
	if n := r.Number("limit"); n > 0 {
		l.Limit = n
	}
	return l
}

// maxQueryText bounds what is searched for, in bytes.
const maxQueryText = 256

// readQuery takes the query apart by the route's list of parameters. Whatever is
// not on the list, given twice or out of bounds is a bad request; lenient routes
// ignore what is not on it.
func readQuery(c *fiber.Ctx, route *Route) (map[string]string, error) {
	args := c.Context().QueryArgs()
	if args.Len() == 0 {
		return nil, nil
	}
	var bad error
	allowed := route.Query
	query := map[string]string{}
	for k, v := range args.All() {
		name, value := string(k), string(v)
		i := slices.IndexFunc(allowed, func(p Param) bool { return p.Name == name })
		_, twice := query[name]
		switch {
		case bad != nil, i < 0 && route.Do.Lenient:
		case i < 0:
			bad = fault.New(fault.BadRequest, "This takes no such query parameter.")
		case twice:
			bad = fault.At(name, fault.BadRequest, "This query parameter came twice.")
		default:
			query[name] = value
			bad = allowed[i].check(value)
		}
	}
	return query, bad
}

func (p Param) check(value string) error {
	switch {
	case !utf8.ValidString(value):
		return fault.At(p.Name, fault.BadRequest, "This is not valid text.")
	case p.Max > 0:
		n, err := strconv.Atoi(value)
		if err != nil || n < p.Min || n > p.Max || strconv.Itoa(n) != value {
			return fault.At(p.Name, fault.BadRequest, "A whole number from %d to %d is expected.", p.Min, p.Max)
		}
	case p.Enum != nil:
		if !slices.Contains(p.Enum, value) {
			return fault.At(p.Name, fault.BadRequest, "There is no such choice.")
		}
	case len(value) > maxQueryText:
		return fault.At(p.Name, fault.BadRequest, "At most %d bytes are searched for.", maxQueryText)
	}
	return nil
}
