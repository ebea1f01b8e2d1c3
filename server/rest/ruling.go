package rest

import (
	"net/http"
	"reflect"

	"github.com/gofiber/fiber/v2"
)

// Ruling makes an endpoint for proxies, which look at the status and at headers only.
// What they send along is a copy of somebody else's request, so nothing of it counts
// but what serve reads: no cookie, no origin, no Content-Encoding. Answers have no
// body; says names the headers that every answer carries, empty where they say nothing.
// The way through the gate must not be counted on: serve decides who asks.
func Ruling(serve func(*Request) (status int), says ...string) Endpoint {
	none := reflect.TypeFor[None]()
	return Endpoint{In: none, Out: none, Status: http.StatusOK, Says: says, rules: serve}
}

// Rules reports an endpoint that was made by [Ruling].
func (e Endpoint) Rules() bool { return e.rules != nil }

func (g *Gate) rule(c *fiber.Ctx, r *Request) error {
	for _, name := range r.route.Do.Says {
		c.Set(name, "")
	}
	status := http.StatusForbidden
	if refuseAmbiguous(c) == nil {
		status = r.route.Do.rules(r)
	}
	if status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, challenge)
	}
	c.Status(status)
	return nil
}

// Presented is the API key or access token that the request carries, "" where none
// does. Faults: bad_credentials, several_credentials.
func (r *Request) Presented() (string, error) { return bearerOf(r.Fiber) }

// Query reads the query by the parameters that the route takes; any other, or one that
// came twice, is bad_request. Endpoints made by [Do] find it read.
func (r *Request) Query() (err error) {
	r.query, err = readQuery(r.Fiber, r.route)
	return err
}
