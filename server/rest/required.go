package rest

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"keystead/shared/fault"
)

// requiredOf caches, by type, the members that carry `required:"true"`, and the lists of
// such.
var requiredOf sync.Map // reflect.Type → []requirement

type requirement struct {
	name  string
	field int
	list  bool // of objects, which may have required members of their own
}

// missing refuses a body that lacks a required member or has it as null. A member that
// has a value after decoding was there. The body is read again only where one has none:
// absent, null, or an empty text, which is let pass here. The fault names the way to it
// through lists: "memberships[0].role_id".
func missing(body []byte, in any) error { return lacking("", body, reflect.ValueOf(in).Elem()) }

func lacking(way string, body jsontext.Value, into reflect.Value) error {
	wanted := required(into.Type())
	if !slices.ContainsFunc(wanted, func(r requirement) bool { return r.list != into.Field(r.field).IsZero() }) {
		return nil
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(body, &members); err != nil {
		return fault.New(fault.BadRequest, "A JSON object is expected.")
	}
	for _, r := range wanted {
		if r.list {
			if err := lackingIn(way+r.name, members[r.name], reflect.Indirect(into.Field(r.field))); err != nil {
				return err
			}
			continue
		}
		if value, ok := members[r.name]; !ok || value.Kind() == 'n' {
			return fault.At(way+r.name, fault.BadRequest, "This is missing.")
		}
	}
	return nil
}

// lackingIn asks each object of a list; an absent one, or null, has none.
func lackingIn(way string, body jsontext.Value, list reflect.Value) error {
	if !list.IsValid() || list.Len() == 0 {
		return nil
	}
	var objects []jsontext.Value
	if err := json.Unmarshal(body, &objects); err != nil {
		return fault.At(way, fault.BadRequest, "A list is expected.")
	}
	for i, object := range objects {
		if err := lacking(way+"["+strconv.Itoa(i)+"].", object, list.Index(i)); err != nil {
			return err
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
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Tag.Get("required") == "true" {
				list = append(list, requirement{name, i, false})
			}
			if hasObjects(f.Type) {
				list = append(list, requirement{name, i, true})
			}
		}
	}
	requiredOf.Store(t, list)
	return list
}

// hasObjects reports a list, or a pointer to one, whose objects have required members.
func hasObjects(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && len(required(t.Elem())) > 0
}
