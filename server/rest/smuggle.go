package rest

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"keystead/shared/fault"
)

// refuseAmbiguous refuses requests that a proxy in front of us may have read
// otherwise than we do (RFC 9112, 5.1 and 6.3): a blank between a header's name and
// its colon, and a length beside a transfer coding. What follows on the connection
// may be a request that nobody made, so it ends.
func refuseAmbiguous(c *fiber.Ctx) error {
	var length, coding bool
	for left := c.Request().Header.RawHeaders(); len(left) > 0; {
		var line []byte
		line, left, _ = bytes.Cut(left, newline)
		name, _, _ := bytes.Cut(line, colon)
		blank := len(name) > 0 && isBlank(name[len(name)-1])
		if blank {
			name = bytes.TrimSpace(name)
		}
		length = length || bytes.EqualFold(name, headerLength)
		coding = coding || bytes.EqualFold(name, headerCoding)
		if blank && len(name) > 0 || length && coding {
			c.Context().SetConnectionClose()
			return fault.New(fault.BadRequest, "This request can be read in two ways.")
		}
	}
	return nil
}

var (
	newline, colon = []byte("\n"), []byte(":")
	headerLength   = []byte(fiber.HeaderContentLength)
	headerCoding   = []byte(fiber.HeaderTransferEncoding)
)

func isBlank(b byte) bool { return b == ' ' || b == '\t' }
