package router

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keystead/server/rest"
	"keystead/shared/fault"
)

// receive stands before Fiber. It answers methods that Fiber has no number for, which
// Fiber would refuse before any handler, without our headers and not as a problem; and
// it settles what a request is about, so that every form of a target is matched, and
// guarded, as the one form that routes are written in.
func receive(app *fiber.App) {
	known := app.Server().Handler
	app.Server().Handler = func(request *fasthttp.RequestCtx) {
		var err error
		if !slices.Contains(fiber.DefaultMethods, string(request.Method())) {
			err = fiber.ErrMethodNotAllowed
		} else {
			err = settleTarget(request)
		}
		if err == nil {
			known(request)
			return
		}
		c := app.AcquireCtx(request)
		defer app.ReleaseCtx(c)
		_ = app.ErrorHandler(c, err)
	}
}

// settleTarget takes origin form and absolute form (RFC 9112, 3.2.1 and 3.2.2), and
// refuses the rest: other schemes, names and passwords before the host (RFC 9110,
// 4.2.4), fragments, and what fasthttp would read as another path than is written.
func settleTarget(request *fasthttp.RequestCtx) error {
	target := request.Request.Header.RequestURI()
	if request.IsConnect() || request.IsOptions() && string(target) == "*" {
		return fiber.ErrMethodNotAllowed // authority and asterisk form are for nothing here
	}
	path, ok := pathOf(target)
	uri := request.URI()
	if ok && len(path) == 0 {
		path = []byte("/")
		uri.SetPath("/") // else it is "" where a query follows
	}
	if !ok || bytes.IndexByte(target, '#') >= 0 || !bytes.Equal(uri.PathOriginal(), path) {
		return fault.New(fault.BadRequest, "This request can't be read.")
	}
	if rest.CarriesSecret(string(uri.Host())) {
		return fault.New(fault.BadRequest, "A credential never goes into a URL: send it in a header.")
	}
	return nil
}

// pathOf is the path that is written in a target.
func pathOf(target []byte) (path []byte, ok bool) {
	path, _, _ = bytes.Cut(target, []byte("?"))
	if bytes.HasPrefix(path, []byte("/")) {
		return path, true
	}
	scheme, rest, ok := bytes.Cut(path, []byte("://"))
	if !ok || !bytes.EqualFold(scheme, []byte("http")) && !bytes.EqualFold(scheme, []byte("https")) {
		return nil, false
	}
	authority := rest
	if i := bytes.IndexByte(rest, '/'); i >= 0 {
		authority, path = rest[:i], rest[i:]
	} else {
		path = nil
	}
	return path, len(authority) > 0 && authority[0] != ':' && bytes.IndexByte(authority, '@') < 0
}
