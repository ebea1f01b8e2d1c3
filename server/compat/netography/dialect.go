package netography

import (
	"net/http"
	"reflect"

	"keystead/server/rest"
	"keystead/shared/fault"
)

// Problem is a refusal in the dialect.
type Problem struct {
	Status  int    `json:"status"`
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Dialect is spoken below the vendor's paths.
var Dialect = rest.Dialect{
	Name: "Netography", Under: []string{"/api/v1", "/api/auth"}, Problem: reflect.TypeFor[Problem](),
	Refuse: func(f *fault.Error, status int) (int, any) {
		if status == http.StatusUnprocessableEntity {
			status = http.StatusBadRequest // their clients know no other word for a bad body
		}
		said := f.Detail
		if f.Field != "" {
			said = theirs(f.Field) + ": " + said
		}
		return status, Problem{status, http.StatusText(status), said}
	},
}

// theirs is a field by the name that it has here.
func theirs(field string) string {
	switch field {
	case "name":
		return "appname"
	case "role":
		return "roles"
	}
	return field
}

// Answer is one key in the envelope of all answers.
type Answer struct {
	Meta Meta   `json:"meta"`
	Data Record `json:"data"`
}

// List is all keys in it.
type List struct {
	Meta Meta     `json:"meta"`
	Data []Record `json:"data"`
}

// Meta is the envelope.
type Meta struct {
	Code  int `json:"code"`
	Count int `json:"count"`
}
