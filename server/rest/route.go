package rest

import (
	"net/http"
	"reflect"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// Methods, in short.
const (
	Get    = http.MethodGet
	Post   = http.MethodPost
	Put    = http.MethodPut
	Patch  = http.MethodPatch
	Delete = http.MethodDelete
)

// Route is one door of the API: where it is, who may enter, what is behind it.
// Routes are data: the router mounts them, openapi.json lists them, the
// authorization matrix walks them.
type Route struct {
	Method  string
	Path    string // in Fiber's form, ids as :org and :id
	Guard   Guard
	Do      Endpoint
	Summary string
	Query   []Param // the query parameters it takes; any other is refused
}

// Guard says who may enter. A route without one stops the start.
type Guard struct {
	declared   bool
	kinds      []api.CallerKind // empty: anyone, without a look at credentials
	elevated   bool
	unlimited  bool
	guessed    bool
	permission perm.Permission // shown in the documents; checked by the act, which knows the target
}

// The guards.
var (
	// Public lets everyone in and ignores credentials that come along.
	Public = Guard{declared: true}
	// Callers lets in sessions, API keys and access tokens.
	Callers = Guard{declared: true, kinds: []api.CallerKind{api.CallerSession, api.CallerKey, api.CallerToken}}
	// Sessions lets in signed-in browsers only.
	Sessions = Guard{declared: true, kinds: []api.CallerKind{api.CallerSession}}
	// Keepers lets in sessions and API keys: access tokens never add, reveal or rotate.
	Keepers = Guard{declared: true, kinds: []api.CallerKind{api.CallerSession, api.CallerKey}}
	// Programs lets in API keys and access tokens: forms never come with a cookie, which
	// any page could send along.
	Programs = Guard{declared: true, kinds: []api.CallerKind{api.CallerKey, api.CallerToken}}
	// APIKeys lets in API keys only: what access tokens never do, at doors without browsers.
	APIKeys = Guard{declared: true, kinds: []api.CallerKind{api.CallerKey}}
	// Agents lets in who holds an agent access key or a device token, and nobody else.
	Agents = Guard{declared: true, kinds: []api.CallerKind{api.CallerAgent}}
)

// Elevated asks a session for a fresh proof of identity besides.
func (g Guard) Elevated() Guard { g.elevated = true; return g }

// Unlimited frees the door from the limit of known callers: other services stop
// when verification does.
func (g Guard) Unlimited() Guard { g.unlimited = true; return g }

// Guessed says that a public door takes credentials in its body: bad ones count like
// those in headers.
func (g Guard) Guessed() Guard { g.guessed = true; return g }

// With names the permission that the act behind the door asks for. The act checks
// it, since only the act knows on what.
func (g Guard) With(p perm.Permission) Guard { g.permission = p; return g }

// Kinds are the kinds of caller that may enter; none where the door is public.
func (g Guard) Kinds() []api.CallerKind { return g.kinds }

// Public reports whether credentials are not looked at.
func (g Guard) Public() bool { return len(g.kinds) == 0 }

// AsksElevation reports whether a session needs a fresh proof of identity.
func (g Guard) AsksElevation() bool { return g.elevated }

// Permission is what the act asks for, "" where it is about the caller's own things.
func (g Guard) Permission() perm.Permission { return g.permission }

// Declared reports whether someone decided who may enter.
func (g Guard) Declared() bool { return g.declared }

// Endpoint is an act with the types of its request and answer.
type Endpoint struct {
	In, Out reflect.Type // [None] where there is no body
	Status  int
	Streams []string // media types that it also answers; see [Endpoint.Streaming]
	Form    bool     // see [Form]
	Lenient bool     // see [Lenient]
	Says    []string // headers of every answer; see [Ruling]
	secret  bool     // the answer may hold one
	call    func(*Request) (any, error)
	rules   func(*Request) int // see [Ruling]
}

// None is the body of a request or answer that has none.
type None struct{}

// Do makes an endpoint of an act. The body is decoded into In strictly; Out is
// sent as JSON with 200, or 204 where it is [None].
func Do[In, Out any](act func(*Request, In) (Out, error)) Endpoint {
	e := Endpoint{In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](), Status: http.StatusOK}
	if e.Out.Kind() == reflect.Pointer {
		e.Out = e.Out.Elem()
	}
	e.secret = holdsSecret(e.Out)
	if e.Out == reflect.TypeFor[None]() {
		e.Status = http.StatusNoContent
	}
	e.call = func(r *Request) (any, error) {
		var in In
		if err := r.decode(&in, e.In != reflect.TypeFor[None]()); err != nil {
			return nil, err
		}
		return act(r, in)
	}
	return e
}

// Make is [Do] for acts that make something: it answers 201.
func Make[In, Out any](act func(*Request, In) (Out, error)) Endpoint {
	e := Do(act)
	e.Status = http.StatusCreated
	return e
}

// Accept is [Do] for acts that go on after the answer, which is 202.
func Accept[In, Out any](act func(*Request, In) (Out, error)) Endpoint {
	e := Do(act)
	e.Status = http.StatusAccepted
	return e
}

// Param is a query parameter: a number in bounds where Max is set, else one of
// Enum, else free text.
type Param struct {
	Name     string
	Means    string
	Min, Max int
	Enum     []string
}

// Pages are the parameters of a list that is in one order only.
func Pages(more ...Param) []Param {
	return append([]Param{
		{Name: "page", Means: "which page, from 1", Min: 1, Max: 1 << 31},
		{Name: "limit", Means: "rows a page", Min: 1, Max: api.MaxLimit},
	}, more...)
}

// Paged are the parameters of every other list.
func Paged(sorts []string, more ...Param) []Param {
	return Pages(append([]Param{
		{Name: "sort", Means: "the column to sort by", Enum: sorts},
		{Name: "order", Means: "which way", Enum: []string{api.Ascending, api.Descending}},
		{Name: "q", Means: "words to search for"},
	}, more...)...)
}
