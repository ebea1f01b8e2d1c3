package automox

import (
	"net/http"
	"reflect"
	"time"

	"keystead/server/devices"
	"keystead/server/keys"
	"keystead/server/orgs"
	"keystead/server/rest"
	"keystead/server/roles"
	"keystead/server/secrets"
	"keystead/server/users"
	"keystead/shared/fault"
)

// Needs are the features that are translated.
type Needs struct {
	Keys    *keys.Keys
	Orgs    *orgs.Orgs
	Users   *users.Users
	Roles   *roles.Roles
	Devices *devices.Devices
	Secrets *secrets.Secrets

	Now           func() time.Time
	ShowAccessKey bool // to callers who may see it
}

// Automox answers in the words of the Automox console API.
type Automox struct{ Needs }

// New is the translation of the features.
func New(n Needs) *Automox { return &Automox{n} }

// Dialect is how refusals are told and which headers every answer has.
var Dialect = rest.Dialect{
	Name: "Automox", Under: []string{"/api"}, Rates: true,
	Problem: reflect.TypeFor[Refusal](), Refuse: refuse,
}

// Refusal holds one sentence.
type Refusal struct {
	Errors []string `json:"errors"`
}

func refuse(f *fault.Error, status int) (int, any) {
	switch {
	case f.Code == fault.ValueErased:
		status = http.StatusForbidden
	case f.Code == fault.NameTaken && f.Field == "email":
	case status == http.StatusConflict, status == http.StatusUnprocessableEntity:
		status = http.StatusBadRequest
	}
	said := f.Detail
	if f.Field != "" {
		said = theirs(f.Field) + ": " + said
	}
	return status, Refusal{[]string{said}}
}

// theirs is a field by the name that it has here.
func theirs(field string) string {
	switch field {
	case "first_name", "last_name":
		return field[:len(field)-len("_name")] + "name"
	case "account_role_id":
		return "account_rbac_role"
	case "memberships":
		return "zone_assignments"
	}
	return field
}
