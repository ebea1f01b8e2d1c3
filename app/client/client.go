package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/fault"
)

// Patience is how long a request may take, FilePatience how long one for a file.
const (
	Patience     = 15 * time.Second
	FilePatience = 10 * time.Minute
)

// Cancelled is the code of a request that the person gave up: they left the page or
// did not confirm who they are. Pages say nothing about it.
const Cancelled fault.Code = "cancelled"

// GivenUp reports whether err only says that nobody wants the answer any more.
func GivenUp(err error) bool { return fault.Is(err, Cancelled) }

// Request is what a [Transport] carries to the server.
type Request struct {
	Method     string
	Path       string // with its query
	Body       []byte // JSON, nil for none
	Background bool   // made by the console by itself: no sign that a person is there
	AtOnce     bool   // wanted only where the page has its answer already
	File       string // asks for a file of this media type; "" for JSON
}

// Answer is what it brings back.
type Answer struct {
	Status     int
	Body       []byte
	File       app.Value // the body of what was asked for as a file: a Blob
	Problem    bool      // the body is application/problem+json
	RetryAfter string    // the header, as it came
	Rights     string    // X-Keystead-Rights: changes when the caller's permissions do
	Version    string    // X-App-Version: of the console that the server would send now
	Date       time.Time // the server's clock; zero if it did not say
}

// Transport carries one request. It fails with a [*fault.Error].
type Transport func(context.Context, Request) (Answer, error)

// Hooks are what the console does about answers, whichever call they answer. Each
// may be nil, and is called on the caller's goroutine.
type Hooks struct {
	// Answered hears of every answer, also of refusals.
	Answered func(Answer)
	// Unreachable hears that the server was not reached.
	Unreachable func()
	// SignedOut hears that the session is over and why: session_idle or another code.
	SignedOut func(fault.Code)
	// Elevate has the person confirm who they are. An error gives the request up.
	Elevate func(context.Context) error
}

// Client asks one server. Its methods may be called by many goroutines at once.
type Client struct {
	Hooks Hooks
	carry Transport
}

// New makes a client. Tests give a transport of their own.
func New(carry Transport) *Client { return &Client{carry: carry} }

// API is the server that this console came from.
var API = New(fetch)

type background struct{}

// Background marks the requests made with ctx as made by the console by itself, so
// that they do not keep an abandoned session alive.
func Background(ctx context.Context) context.Context {
	return context.WithValue(ctx, background{}, true)
}

type atOnce struct{}

// AtOnce marks the requests made with ctx as wanted only where the page has asked ahead
// and has the answer: they never block, and are [Cancelled] where there is none.
func AtOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, atOnce{}, true)
}

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	if encoded := query.Encode(); encoded != "" {
		path += "?" + encoded
	}
	return c.call(ctx, Request{Method: "GET", Path: path}, into)
}

// send makes a request with a body; nil sends none, as into nil reads none.
func (c *Client) send(ctx context.Context, method, path string, body, into any) error {
	r := Request{Method: method, Path: path}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fault.New(fault.Internal, "The console could not write this request.")
		}
		r.Body = encoded
	}
	return c.call(ctx, r, into)
}

func (c *Client) call(ctx context.Context, r Request, into any) error {
	r.Background, _ = ctx.Value(background{}).(bool)
	r.AtOnce, _ = ctx.Value(atOnce{}).(bool)
	answer, err := c.once(ctx, r)
	if fault.Is(err, fault.ElevationRequired) && c.Hooks.Elevate != nil {
		if err := c.Hooks.Elevate(ctx); err != nil {
			return gone(err)
		}
		answer, err = c.once(ctx, r)
	}
	if err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return fault.New(fault.Internal, "The server’s answer could not be read.")
	}
	return nil
}

// once carries one request and tells the hooks what came of it.
func (c *Client) once(ctx context.Context, r Request) (Answer, error) {
	patience := Patience
	if r.File != "" {
		patience = FilePatience
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := c.carry(ctx, r)
	if err == nil && overtaken(answer) {
		answer, err = c.carry(ctx, r)
	}
	if err != nil {
		err = gone(err)
		if fault.Is(err, fault.Offline) && c.Hooks.Unreachable != nil {
			c.Hooks.Unreachable()
		}
		return Answer{}, err
	}
	if c.Hooks.Answered != nil {
		c.Hooks.Answered(answer)
	}
	refused := problem(answer)
	if refused == nil {
		return answer, nil
	}
	if endsSession(answer.Status, refused.Code) && c.Hooks.SignedOut != nil {
		c.Hooks.SignedOut(refused.Code)
	}
	return answer, refused
}

// overtaken reports a request that may have been on its way while the session took a
// new name, as it does when the person confirms who they are. It was refused at the
// door, so it can be sent again, with the cookie that the browser has by then; if the
// session is over, so says the second answer.
func overtaken(a Answer) bool {
	refused := problem(a)
	return refused != nil && refused.Code == fault.NotSignedIn
}

// endsSession tells a session that is over from a wrong password, which is a 401 as
// well where the person confirms who they are.
func endsSession(status int, code fault.Code) bool {
	return status == 401 && code != fault.BadCredentials
}

// gone turns whatever else stops a request into a fault.
func gone(err error) error {
	switch _, known := fault.From(err); {
	case known:
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Timeout, "The server took too long to answer.")
	case errors.Is(err, context.Canceled):
		return fault.New(Cancelled, "Given up.")
	default:
		return fault.New(fault.Offline, "The server could not be reached.")
	}
}
