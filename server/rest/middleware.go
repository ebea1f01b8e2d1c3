package rest

import (
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// Recover turns a panic into an internal fault, so that one bad request does not
// end everyone's server. The stack goes to the log.
func Recover(log *slog.Logger, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				log.Error("panic", "request_id", RequestID(c), "cause", keyfmt.Redact(fmt.Sprint(p)), "stack", string(debug.Stack()))
				err = fault.New(fault.Internal, "Something went wrong here. The log names the cause by the request id.")
			}
		}()
		return next(c)
	}
}

// Refuse answers what no route may see: requests that can be read in two ways;
// compressed bodies, which Fiber would inflate without limit; and credentials in the
// URL, which end up in logs and histories.
func Refuse(c *fiber.Ctx) error {
	if err := refuseAmbiguous(c); err != nil {
		return err
	}
	if len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return fault.New(fault.WrongType, "A body is expected as it is, without Content-Encoding.")
	}
	if CarriesSecret(plain(c.Path())) || queryCarriesSecret(c) {
		return fault.New(fault.BadRequest, "A credential never goes into a URL: send it in a header.")
	}
	return c.Next()
}

func queryCarriesSecret(c *fiber.Ctx) bool {
	args := c.Context().QueryArgs()
	if args.Len() == 0 {
		return false
	}
	for k, v := range args.All() {
		if secretName(string(k)) || CarriesSecret(string(v)) {
			return true
		}
	}
	return false
}

func secretName(name string) bool {
	switch strings.ToLower(name) {
	case "api_key", "apikey", "appkey", "key", "token", "access_token", "refresh_token", "id_token", "jwt", "secret", "password":
		return true
	}
	return false
}

// CarriesSecret reports whether a text holds something in the form of one of our
// credentials.
func CarriesSecret(text string) bool { return keyfmt.Redact(text) != text }

// redactPath is a path for the log: as it came, but for a credential in it.
func redactPath(path string) string {
	if decoded := plain(path); CarriesSecret(decoded) {
		return keyfmt.Redact(decoded)
	}
	return path
}

// plain is a path without its percent-encoding, which would hide a credential; not
// even where it was encoded twice.
func plain(path string) string {
	for range 3 {
		if !strings.Contains(path, "%") {
			break
		}
		decoded, err := url.PathUnescape(path)
		if err != nil {
			break
		}
		path = decoded
	}
	return path
}
