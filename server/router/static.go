package router

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"keystead/shared/api"
	"keystead/web"
)

// Static serves the console's files, and its page for every path that is neither a
// file nor the server's own. It stands last in the chain: what it does not serve it
// passes on, so that Fiber answers 404 or 405 as the routes before it demand.
//
// A nil site is a binary without the front end: it says so, with 503, where the console
// would be.
func Static(site *web.Site) fiber.Handler {
	files := map[string]*file{}
	if site != nil {
		for _, listed := range site.Files {
			files[listed.Path] = newFile(site, listed)
		}
	}
	headers := web.PageHeaders()
	return func(c *fiber.Ctx) error {
		asked := c.Path()
		known, ok := files[asked]
		if !ok {
			if api.ServerOwned(asked) {
				return c.Next()
			}
			if path.Ext(asked) != "" || path.Clean(asked) == metrics {
				return fiber.ErrNotFound
			}
			known = files["/"]
		}
		if method := c.Method(); method != fiber.MethodGet && method != fiber.MethodHead {
			c.Set(fiber.HeaderAllow, "GET, HEAD")
			return fiber.ErrMethodNotAllowed
		}
		if known == nil {
			return c.Status(fiber.StatusServiceUnavailable).SendString("The front end is not built into this binary. Run make build.\n")
		}
		return known.serve(c, headers)
	}
}

// metrics is where numbers are, on a listener of their own. Who looks for them here is
// told that there are none, rather than given a page that no collector can read.
const metrics = "/metrics"

// file is one file with its forms. Each form is read at its first request and then
// kept: a start reads none, and an idle server keeps only what is used.
type file struct {
	web.File
	raw, brotli, gzip form
}

// form reads one encoding of a file; nil where there is none.
type form func() ([]byte, error)

func newFile(site *web.Site, listed web.File) *file {
	read := func(name string) form {
		if name == "" {
			return nil
		}
		return sync.OnceValues(func() ([]byte, error) { return site.Read(name) })
	}
	return &file{File: listed, raw: read(listed.File), brotli: read(listed.Brotli), gzip: read(listed.Gzip)}
}

func (f *file) serve(c *fiber.Ctx, headers [][2]string) error {
	setHeaders(c, headers)
	c.Set(fiber.HeaderETag, f.ETag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, f.caching())
	if matches(c.Get(fiber.HeaderIfNoneMatch), f.ETag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.Type)
	return f.send(c)
}

// caching lets what has a hash in its name stay for ever and has everything else
// asked for again, which costs a 304.
func (f *file) caching() string {
	if f.Immutable {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// send picks the smallest form that the client takes.
func (f *file) send(c *fiber.Ctx) error {
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	choose, encoding := f.raw, ""
	switch {
	case f.brotli != nil && accepts(accepted, "br"):
		choose, encoding = f.brotli, "br"
	case f.gzip != nil && accepts(accepted, "gzip"):
		choose, encoding = f.gzip, "gzip"
	case f.raw == nil:
		return f.unpack(c)
	}
	content, err := choose()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Path, err)
	}
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(content)
}

// unpack is for the rare client that takes no encoding of a file that is only kept
// compressed: it streams, so that it costs no memory.
func (f *file) unpack(c *fiber.Ctx) error {
	content, err := f.gzip()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Path, err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", f.Path, err)
	}
	return c.SendStream(plain, f.Size)
}

// matches compares weakly, as RFC 9110 section 13.1.2 has it.
func matches(ifNoneMatch, etag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// accepts reads Accept-Encoding (RFC 9110 section 12.5.3): named or *, and not with
// the weight 0.
func accepts(header, encoding string) bool {
	any := false
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		wanted := true
		if q, weighed := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); weighed {
			weight, err := strconv.ParseFloat(q, 64)
			wanted = err == nil && weight > 0
		}
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, encoding):
			return wanted
		case name == "*":
			any = wanted
		}
	}
	return any
}
