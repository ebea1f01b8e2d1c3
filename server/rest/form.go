package rest

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/gofiber/fiber/v2"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Form is [Do] for the doors of OAuth: the body is application/x-www-form-urlencoded,
// and refusals are those of RFC 6749, section 5.2. The members of In are texts and
// secrets, under their JSON names.
func Form[In, Out any](act func(*Request, In) (Out, error)) Endpoint {
	e := Do(act)
	e.Form, e.Status = true, http.StatusOK
	e.call = func(r *Request) (any, error) {
		var in In
		if err := r.decodeForm(&in); err != nil {
			return nil, err
		}
		return act(r, in)
	}
	return e
}

const formType = "application/x-www-form-urlencoded"

func (r *Request) decodeForm(in any) error {
	media, _, err := mime.ParseMediaType(r.Fiber.Get(fiber.HeaderContentType))
	if err != nil || media != formType {
		return fault.New(fault.WrongType, "The body is expected as %s.", formType)
	}
	return DecodeForm(r.Fiber.Request().Body(), in) // not Ctx.Body, which inflates without limit
}

// DecodeForm reads a form into the struct that in points to. As RFC 6749, 3.2, wants
// it, unknown parameters are ignored, those without a value are absent, and none may
// come twice. Its faults are bad_request; they never repeat what was sent.
func DecodeForm(body []byte, in any) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return fault.New(fault.BadRequest, "This is not a valid form.")
	}
	into := reflect.ValueOf(in).Elem()
	for i := range into.NumField() {
		field := into.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		values := form[name]
		switch {
		case len(values) > 1:
			return fault.At(name, fault.BadRequest, "The parameter %s came twice.", name)
		case len(values) == 1 && values[0] != "":
			if field.Type == reflect.TypeFor[api.Secret]() {
				into.Field(i).Set(reflect.ValueOf(api.Hide(values[0])))
			} else {
				into.Field(i).SetString(values[0])
			}
		case field.Tag.Get("required") == "true":
			return fault.At(name, fault.BadRequest, "The parameter %s is missing.", name)
		}
	}
	return nil
}

// oauthProblem is the refusal of RFC 6749, section 5.2.
type oauthProblem struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// oauthCode names a refusal by its status. The last two are those of section 4.1.2.1.
func oauthCode(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "invalid_client"
	case status == http.StatusForbidden:
		return "unauthorized_client"
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return "temporarily_unavailable"
	case status >= http.StatusInternalServerError:
		return "server_error"
	}
	return "invalid_request"
}

// asOAuth answers a refusal in OAuth's words, with the status and headers that it has
// everywhere else.
func asOAuth(c *fiber.Ctx, err error) error {
	problem := faultOf(err)
	if sent := c.App().ErrorHandler(c, err); sent != nil {
		return errors.Join(err, sent)
	}
	body, err := json.Marshal(oauthProblem{oauthCode(Status(problem.Code)), ascii(problem.Detail)})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json")
	return c.Send(body)
}

// ascii keeps to the characters that section 5.2 lets a description have.
func ascii(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return ' '
		}
		return r
	}, text)
}
