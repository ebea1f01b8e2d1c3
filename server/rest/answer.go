package rest

import (
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// unwrap writes the value of a secret where every other encoder writes
// "[secret]": the one place that does.
var unwrap = json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, s api.Secret) error {
	return e.WriteToken(jsontext.String(s.Reveal()))
}))

// holdsSecret reports whether values of a type can hold an [api.Secret]. To look for
// one in each member costs as much as a third of the encoding, so it is done only for
// the answers that have any.
func holdsSecret(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holdsSecret(t.Elem())
	case reflect.Struct:
		if t == reflect.TypeFor[api.Secret]() {
			return true
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && holdsSecret(f.Type) {
				return true
			}
		}
	}
	return t.Kind() == reflect.Interface
}

// send writes an answer. That no cache may keep it is said of every answer, as it begins.
func send(c *fiber.Ctx, do Endpoint, out any) error {
	status := do.Status
	if _, none := out.(None); none || out == nil {
		c.Status(status)
		return nil
	}
	c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
	if document, ok := out.(Document); ok {
		return c.Status(status).Send(document)
	}
	if own, ok := out.(interface{ AppendJSON([]byte) []byte }); ok {
		answer := c.Status(status).Response()
		answer.SwapBody(own.AppendJSON(answer.SwapBody(nil)[:0])) // into the buffer of the connection
		return nil
	}
	var options []json.Options
	if do.secret {
		options = append(options, unwrap)
	}
	c.Status(status)
	// Straight into the answer. After an error the error handler puts its own in place.
	return json.MarshalWrite(c.Response().BodyWriter(), out, options...)
}

// Document is an answer that is JSON already.
type Document []byte

// statuses is the one table from fault to HTTP status.
var statuses = map[fault.Code]int{
	fault.BadRequest:         http.StatusBadRequest,
	fault.SeveralCredentials: http.StatusBadRequest,
	fault.OrgRequired:        http.StatusBadRequest,
	fault.NotSignedIn:        http.StatusUnauthorized,
	fault.BadCredentials:     http.StatusUnauthorized,
	fault.SessionIdle:        http.StatusUnauthorized,
	fault.PermissionRequired: http.StatusForbidden,
	fault.ElevationRequired:  http.StatusForbidden,
	fault.KeyTooWeak:         http.StatusForbidden,
	fault.CrossSite:          http.StatusForbidden,
	fault.RevealNever:        http.StatusForbidden,
	fault.LastAdministrator:  http.StatusConflict,
	fault.NotFound:           http.StatusNotFound,
	fault.NameTaken:          http.StatusConflict,
	fault.KeyLimitReached:    http.StatusConflict,
	fault.SeveralNamed:       http.StatusConflict,
	fault.SecretExists:       http.StatusConflict,
	fault.SetUpDone:          http.StatusConflict,
	fault.SetUpNeeded:        http.StatusServiceUnavailable,
	fault.ValueErased:        http.StatusConflict,
	fault.LinkUsed:           http.StatusGone,
	fault.RoleInUse:          http.StatusConflict,
	fault.RoleBuiltIn:        http.StatusConflict,
	fault.BackupOff:          http.StatusConflict,
	fault.InvalidValue:       http.StatusUnprocessableEntity,
	fault.ExpiresInPast:      http.StatusUnprocessableEntity,
	fault.LifetimeTooLong:    http.StatusUnprocessableEntity,
	fault.MethodNotAllowed:   http.StatusMethodNotAllowed,
	fault.TooLarge:           http.StatusRequestEntityTooLarge,
	fault.WrongType:          http.StatusUnsupportedMediaType,
	fault.TooManyTries:       http.StatusTooManyRequests,
	fault.HeaderTooLarge:     http.StatusRequestHeaderFieldsTooLarge,
	fault.ReadOnlyStorage:    http.StatusServiceUnavailable,
	fault.NotReady:           http.StatusServiceUnavailable,
	fault.Timeout:            http.StatusServiceUnavailable,
	fault.Internal:           http.StatusInternalServerError,
}

// Status is the HTTP status of a fault.
func Status(code fault.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// problem is RFC 9457's document.
type problem struct {
	Type      string     `json:"type"`
	Title     string     `json:"title"`
	Status    int        `json:"status"`
	Detail    string     `json:"detail"`
	Code      fault.Code `json:"code"`
	Field     string     `json:"field,omitempty"`
	RequestID string     `json:"request_id"`
}

// challenge says how to come in (RFC 6750, section 3).
const challenge = `Bearer realm="keystead"`

// Problem answers err: a fault as it is, all else as internal, with the cause in
// the log only. It is Fiber's error handler, so it also answers what never came to
// a route. Where a dialect is spoken, it answers in that.
func Problem(log *slog.Logger, dialects ...Dialect) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		f := faultOf(err)
		if f.Code == fault.Internal || f.Code == fault.ReadOnlyStorage {
			log.Error("request failed", "request_id", RequestID(c), "method", method(c), "cause", err.Error())
		}
		status := Status(f.Code)
		if status == http.StatusUnauthorized {
			c.Set(fiber.HeaderWWWAuthenticate, challenge)
		}
		if f.RetryAfter > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(f.RetryAfter))
		}
		if d := Dialects(dialects).At(c.Path()); d != nil {
			return d.refuse(c, f, status)
		}
		body, err := json.Marshal(problem{
			Type: "about:blank", Title: http.StatusText(status), Status: status,
			Detail: f.Detail, Code: f.Code, Field: f.Field, RequestID: RequestID(c),
		})
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "application/problem+json")
		return c.Status(status).Send(body)
	}
}

// faultOf finds the fault that the person is told.
func faultOf(err error) *fault.Error {
	if f, ok := fault.From(err); ok {
		return f
	}
	var fe *fiber.Error
	if !errors.As(err, &fe) {
		if isTimeout(err) {
			return &fault.Error{Code: fault.Timeout, Detail: "This took too long. Try again.", RetryAfter: 1}
		}
		return fault.New(fault.Internal, "Something went wrong here. The log names the cause by the request id.")
	}
	switch fe.Code {
	case http.StatusNotFound:
		return fault.Missing()
	case http.StatusMethodNotAllowed:
		return fault.New(fault.MethodNotAllowed, "This is not done here by that method.")
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "The body is larger than %d KiB.", MaxBody>>10)
	case http.StatusRequestHeaderFieldsTooLarge:
		return fault.New(fault.HeaderTooLarge, "The headers are too large.")
	case http.StatusRequestTimeout:
		return fault.New(fault.BadRequest, "The request did not arrive in time.")
	}
	return fault.New(fault.BadRequest, "This request can't be read.")
}

// rightsHeader tells the console when to load what it may do again.
const rightsHeader = "X-Keystead-Rights"

func mark(c *fiber.Ctx, who caller.Caller) {
	if who.Rights != "" {
		say(c, rightsHeader, who.Rights)
	}
}
