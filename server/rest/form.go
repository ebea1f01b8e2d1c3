package rest

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Form is [Do] for doors in the manner of OAuth: the body is
// application/x-www-form-urlencoded. The members of In are texts and secrets, under
// their JSON names.
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
	if !IsMedia(r.Fiber.Get(fiber.HeaderContentType), formType) {
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
