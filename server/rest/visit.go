package rest

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"

	"github.com/gofiber/fiber/v2"
)

// requestIDHeader tells the client how the request is called.
const requestIDHeader = "X-Request-Id"

// say sets a header whose name is spelled as it is sent: to spell it so takes as long as
// to set it.
func say(c *fiber.Ctx, name, value string) {
	c.Response().Header.SetCanonical([]byte(name), []byte(value))
}

// visit is what a request is known by on its way, found out once.
type visit struct {
	id       string
	address  string   // see from
	observer Observer // of the matched door; nil: none was yet
	request  Request  // at that door
}

// visitKey is where it lies in Fiber's locals.
type visitKey struct{}

func visitOf(c *fiber.Ctx) *visit {
	if v, ok := c.Locals(visitKey{}).(*visit); ok {
		return v
	}
	var number [8]byte
	var id [2 * len(number)]byte
	binary.BigEndian.PutUint64(number[:], rand.Uint64()) // #nosec G404 -- it is no secret
	hex.Encode(id[:], number[:])
	v := &visit{id: string(id[:])}
	c.Locals(visitKey{}, v)
	return v
}

// from is the address of who sent the request, as find finds it.
func (v *visit) from(c *fiber.Ctx, find func(*fiber.Ctx) string) string {
	if v.address == "" {
		v.address = find(c)
	}
	return v.address
}

// Began reports whether the request came to the journal's handler.
func Began(c *fiber.Ctx) bool { return c.Locals(visitKey{}) != nil }

// RequestID is 16 hex digits that name this request in its answer and the log.
func RequestID(c *fiber.Ctx) string { return visitOf(c).id }
