package router

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/web"
)

// Connection limits, against clients that dribble (security.md, finding 2).
const (
	readTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second
	idleTimeout  = 60 * time.Second
	headSize     = 16 << 10
	answerSize   = 16 << 10 // a page of 25 keys goes out in one write
	connections  = 8192
)

// Light is one door of a light page.
type Light struct {
	Method, Path string
	Serve        fiber.Handler
}

// Map is everything that is mounted.
type Map struct {
	Routes []rest.Route
	Light  []Light
	// Dialects are spoken besides our own; OAuth always is.
	Dialects rest.Dialects
	Site     *web.Site // nil: the front end is not built
	Gate     *rest.Gate
	Ping     func(context.Context) error
	HTTPS    bool
	Version  string // of the program
	Console  string // of the front end, which asks for its update by it
	Log      *slog.Logger
	Door     func(route string) rest.Observer // who is told of a route's answers; nil: nobody
}

// Router is the mounted map.
type Router struct {
	App    *fiber.App
	Routes []rest.Route

	dialects rest.Dialects
	version  string

	stopping, leaving atomic.Bool // see Stop
}

// New mounts the map. A route without a guard, or declared twice, is an error.
func New(m Map) (*Router, error) {
	r := &Router{dialects: append(rest.Dialects{rest.OAuth}, m.Dialects...), version: m.Version}
	m.Gate.Dialects = r.dialects
	r.Routes = append(m.Routes, r.operation(m)...)
	if err := check(r.Routes); err != nil {
		return nil, err
	}
	if m.Door == nil {
		m.Door = func(string) rest.Observer { return func(int, time.Duration) {} }
	}
	journal := rest.Journal{Log: m.Log, Address: m.Gate.Address, Other: m.Door("other")}
	headers := append(web.AnswerHeaders(m.HTTPS), [2]string{"X-App-Version", m.Console}, [2]string{fiber.HeaderCacheControl, "no-store"})
	problem := rest.Problem(m.Log, r.dialects...)
	r.App = fiber.New(fiber.Config{
		AppName: "keystead", DisableStartupMessage: true, ServerHeader: "",
		CaseSensitive: true, StrictRouting: true, Immutable: true, UnescapePath: false,
		BodyLimit: rest.MaxBody, ReadBufferSize: headSize, WriteBufferSize: answerSize, Concurrency: connections,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		DisablePreParseMultipartForm: true, // or a form is taken apart before anyone asked for one
		EnableTrustedProxyCheck:      true, // without it Fiber believes X-Forwarded-Host from anyone
		ErrorHandler: func(c *fiber.Ctx, err error) error {
			setHeaders(c, headers)
			if rest.Began(c) {
				return problem(c, err)
			}
			err = rest.Rates(r.dialects, m.Gate.Limits, func(c *fiber.Ctx) error { return problem(c, err) })(c)
			journal.Unread(c)
			return err
		},
	})
	// One inside the other, as one handler of Fiber's: from one to the next of those it
	// looks through its routes.
	inner := rest.Recover(m.Log, rest.Rates(r.dialects, m.Gate.Limits, (*fiber.Ctx).Next))
	r.App.Use(begin(headers, journal.Around(r.partWith(inner))))
	r.mountThose(rest.Endpoint.Rules, m)
	r.App.Use(rest.Refuse) // what it refuses may be in the copy of a request that a proxy asks about
	r.mountThose(func(do rest.Endpoint) bool { return !do.Rules() }, m)
	for _, light := range m.Light {
		r.App.Add(light.Method, light.Path, rest.Observed(m.Door(light.Method+" "+light.Path), lightPage(light.Serve)))
	}
	r.App.Use(rest.Observed(m.Door("console"), Static(m.Site)))
	receive(r.App)
	linger(r.App)
	return r, nil
}

// Dialects are all that are spoken besides our own.
func (r *Router) Dialects() rest.Dialects { return r.dialects }

func (r *Router) mountThose(wanted func(rest.Endpoint) bool, m Map) {
	for i := range r.Routes {
		if wanted(r.Routes[i].Do) {
			r.mount(&r.Routes[i], m)
		}
	}
}

// mount adds a route. What answers GET answers HEAD; what is lenient answers with a
// slash behind it, too: a redirect would make a GET of a POST.
func (r *Router) mount(route *rest.Route, m Map) {
	paths := []string{route.Path}
	if route.Do.Lenient {
		paths = append(paths, route.Path+"/")
	}
	handler := rest.Observed(m.Door(route.Method+" "+route.Path), m.Gate.Handler(route))
	for _, path := range paths {
		if route.Method == rest.Get {
			r.App.Get(path, handler)
		} else {
			r.App.Add(route.Method, path, handler)
		}
	}
}

// begin gives an answer the headers that all have. It comes first, since the copy takes
// the place of what was set: to set them one by one costs as much as a look-up of a key.
func begin(headers [][2]string, next fiber.Handler) fiber.Handler {
	var all fasthttp.ResponseHeader
	for _, h := range headers {
		all.Set(h[0], h[1])
	}
	return func(c *fiber.Ctx) error {
		all.CopyTo(&c.Response().Header)
		return next(c)
	}
}

// lightPage gives an answer the headers of a light page.
func lightPage(serve fiber.Handler) fiber.Handler {
	headers := append(web.PageHeaders(), web.LightHeaders()...)
	return func(c *fiber.Ctx) error {
		setHeaders(c, headers)
		return serve(c)
	}
}

// setHeaders sets them over those that the answer already has, if it came through begin
// at all.
func setHeaders(c *fiber.Ctx, headers [][2]string) {
	for _, h := range headers {
		c.Set(h[0], h[1])
	}
}

// check refuses routes that nobody decided about.
func check(routes []rest.Route) error {
	seen := map[string]bool{}
	for _, route := range routes {
		name := route.Method + " " + route.Path
		switch {
		case !route.Guard.Declared():
			return fmt.Errorf("%s does not say who may enter", name)
		case seen[name]:
			return fmt.Errorf("%s is declared twice", name)
		case route.Summary == "":
			return fmt.Errorf("%s has no summary", name)
		}
		seen[name] = true
	}
	return nil
}

// operation is what the server says about itself: alive, ready, described.
func (r *Router) operation(m Map) []rest.Route {
	describe := sync.OnceValues(r.OpenAPI)
	return []rest.Route{
		{Method: rest.Get, Path: "/healthz", Guard: rest.Public, Summary: "Is the server alive",
			Do: rest.Do(func(*rest.Request, rest.None) (api.Health, error) { return api.Health{Status: "ok"}, nil })},
		{Method: rest.Get, Path: "/readyz", Guard: rest.Public, Summary: "Does the server take requests",
			Do: rest.Do(func(q *rest.Request, _ rest.None) (api.Health, error) { return r.ready(q.Context(), m) })},
		{Method: rest.Get, Path: "/openapi.json", Guard: rest.Public, Summary: "This document",
			Do: rest.Do(func(*rest.Request, rest.None) (rest.Document, error) { return describe() })},
	}
}

func (r *Router) ready(ctx context.Context, m Map) (api.Health, error) {
	if r.stopping.Load() {
		return api.Health{}, fault.New(fault.NotReady, "The server is stopping.")
	}
	if err := m.Ping(ctx); err != nil {
		m.Log.Error("not ready", "cause", err.Error())
		return api.Health{}, fault.New(fault.NotReady, "The database does not answer.")
	}
	return api.Health{Status: "ready"}, nil
}
