package rest

import (
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"keystead/shared/fault"
)

// requiredOf caches, by type, the members that carry `required:"true"`.
var requiredOf sync.Map // reflect.Type → []string

// missing refuses a body that lacks a required member or has it as null.
func missing(body []byte, in any) error {
	names := required(reflect.TypeOf(in).Elem())
	if len(names) == 0 {
		return nil
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(body, &members); err != nil {
		return fault.New(fault.BadRequest, "A JSON object is expected.")
	}
	for _, name := range names {
		if value, ok := members[name]; !ok || value.Kind() == 'n' {
			return fault.At(name, fault.BadRequest, "This is missing.")
		}
	}
	return nil
}

func required(t reflect.Type) []string {
	if cached, ok := requiredOf.Load(t); ok {
		return cached.([]string)
	}
	var names []string
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("required") == "true" {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				names = append(names, name)
			}
		}
	}
	requiredOf.Store(t, names)
	return names
}
