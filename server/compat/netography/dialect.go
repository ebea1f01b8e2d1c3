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
		return status, Problem{status, http.StatusText(status), f.Detail}
	},
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
