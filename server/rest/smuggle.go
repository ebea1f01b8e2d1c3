package rest

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"keystead/shared/fault"
)

// refuseAmbiguous refuses requests that a proxy in front of us may have read
// otherwise than we do (RFC 9112, 2.3, 5.1, 5.2 and 6.3): of a version that is neither
// HTTP/1.1 nor 1.0, with a blank between a header's name and its colon, with a line that
// begins with one and so may go on the line before, and with a length beside a transfer
// coding. What follows on the connection may be a request that nobody made, so it ends.
// Two media types are refused by [fault.WrongType]: Fiber shows the last one only.
func refuseAmbiguous(c *fiber.Ctx) error {
	if version := c.Request().Header.Protocol(); string(version) != "HTTP/1.1" && string(version) != "HTTP/1.0" {
		return ambiguous(c)
	}
	var length, coding, media bool
	for left := c.Request().Header.RawHeaders(); len(left) > 0; {
		var line []byte
		line, left, _ = bytes.Cut(left, newline)
		name := line
		if i := bytes.IndexByte(line, ':'); i >= 0 {
			name = line[:i]
		}
		blank := len(name) > 0 && isBlank(name[len(name)-1])
		if blank {
			name = bytes.TrimSpace(name)
		}
		folded := len(line) > 0 && isBlank(line[0])
		length = length || isNamed(name, headerLength)
		coding = coding || isNamed(name, headerCoding)
		if folded || blank && len(name) > 0 || length && coding {
			return ambiguous(c)
		}
		if isNamed(name, headerMedia) {
			if media {
				return fault.New(fault.WrongType, "A body is expected with one Content-Type.")
			}
			media = true
		}
	}
	return nil
}

func ambiguous(c *fiber.Ctx) error {
	c.Context().SetConnectionClose()
	return fault.New(fault.BadRequest, "This request can be read in two ways.")
}

var (
	newline      = []byte("\n")
	headerLength = []byte(fiber.HeaderContentLength)
	headerCoding = []byte(fiber.HeaderTransferEncoding)
	headerMedia  = []byte(fiber.HeaderContentType)
)

// isNamed compares names of headers, which have no case.
func isNamed(name, other []byte) bool {
	return len(name) == len(other) && bytes.EqualFold(name, other)
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }
