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
	for line := range bytes.Lines(c.Request().Header.RawHeaders()) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		trimmed := bytes.TrimRight(name, " \t")
		length = length || bytes.EqualFold(trimmed, []byte(fiber.HeaderContentLength))
		coding = coding || bytes.EqualFold(trimmed, []byte(fiber.HeaderTransferEncoding))
		if len(trimmed) < len(name) && len(bytes.TrimSpace(name)) > 0 || length && coding {
			c.Context().SetConnectionClose()
			return fault.New(fault.BadRequest, "This request can be read in two ways.")
		}
	}
	return nil
}
