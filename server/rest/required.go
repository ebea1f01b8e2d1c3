package rest

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"keystead/shared/fault"
)

// requiredOf caches, by type, the members that carry `required:"true"`.
var requiredOf sync.Map // reflect.Type → []requirement

type requirement struct {
	name  string
	field int
}

// missing refuses a body that lacks a required member or has it as null. A member that
// has a value after decoding was there. The body is read again only where one has none:
// absent, null, or an empty text, which is let pass here.
func missing(body []byte, in any) error {
	into := reflect.ValueOf(in).Elem()
	wanted := required(into.Type())
	if !slices.ContainsFunc(wanted, func(r requirement) bool { return into.Field(r.field).IsZero() }) {
		return nil
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(body, &members); err != nil {
		return fault.New(fault.BadRequest, "A JSON object is expected.")
	}
	for _, r := range wanted {
		if value, ok := members[r.name]; !ok || value.Kind() == 'n' {
			return fault.At(r.name, fault.BadRequest, "This is missing.")
		}
	}
	return nil
}

func required(t reflect.Type) []requirement {
	if cached, ok := requiredOf.Load(t); ok {
		return cached.([]requirement)
	}
	var list []requirement
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("required") == "true" {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				list = append(list, requirement{name, i})
			}
		}
	}
	requiredOf.Store(t, list)
	return list
}
