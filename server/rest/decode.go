package rest

import (
	"bytes"
	"errors"
	"mime"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// decode reads the body into in: one JSON object, no unknown, duplicate or
// wrong-case member, nothing behind it. Where no body is taken, an empty one and
// {} are let pass.
func (r *Request) decode(in any, wanted bool) error {
	body := r.Fiber.Request().Body() // not Ctx.Body, which inflates without limit
	if len(bytes.TrimSpace(body)) == 0 {
		if wanted && !optional(in) {
			return fault.New(fault.BadRequest, "A JSON object is expected.")
		}
		return nil
	}
	if !isJSON(r.Fiber) {
		return fault.New(fault.WrongType, "The body is expected as application/json.")
	}
	if short, ok := in.(interface{ ReadPlain([]byte) bool }); ok && short.ReadPlain(body) {
		return nil
	}
	return Decode(body, in)
}

// optional reports a request of which every member may be absent.
func optional(in any) bool {
	switch in.(type) {
	case *api.Reveal, *api.Rotate, *api.CheckIn:
		return true
	}
	return false
}

func isJSON(c *fiber.Ctx) bool {
	sent := c.Request().Header.ContentType()
	if string(sent) == fiber.MIMEApplicationJSON { // as nearly everyone sends it
		return true
	}
	return IsMedia(string(sent), fiber.MIMEApplicationJSON)
}

// IsMedia reports whether a Content-Type is of a media type and in UTF-8, where it says
// in what. A text that is read in another charset than it was written in is another one.
func IsMedia(contentType, want string) bool {
	media, with, err := mime.ParseMediaType(contentType)
	charset, said := with["charset"]
	return err == nil && media == want && (!said || strings.EqualFold(charset, "utf-8"))
}

// Decode reads one JSON object strictly, but for what the options ease. Its faults are
// bad_request, at the member where one is to blame, and invalid_value at a time that can't
// be read; they never repeat what was sent.
func Decode(body []byte, in any, unless ...json.Options) error {
	err := json.Unmarshal(body, in, append([]json.Options{json.RejectUnknownMembers(true)}, unless...)...)
	if err == nil {
		if bytes.TrimSpace(body)[0] != '{' {
			return fault.New(fault.BadRequest, "A JSON object is expected.")
		}
		return missing(body, in)
	}
	var semantic *json.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, json.ErrUnknownName):
		return fault.New(fault.BadRequest, "There is a member that this does not take. Names are case-sensitive.")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fault.New(fault.BadRequest, "A member came twice.")
	case errors.As(err, &semantic):
		if said, ok := fault.From(err); ok { // by the type of the member
			return fault.At(field(semantic.JSONPointer), said.Code, "%s", said.Detail)
		}
		return fault.At(field(semantic.JSONPointer), fault.BadRequest, "This has the wrong type.")
	case errors.As(err, &syntax):
		return fault.New(fault.BadRequest, "This is not valid JSON.")
	}
	return fault.New(fault.BadRequest, "This is not what is expected.")
}

// field is the first member on the way to a place: "/ids/3" is about "ids".
func field(at jsontext.Pointer) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(string(at), "/"), "/")
	return name
}
