package router_test

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keystead/build/promises/size"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// internal are members that rows have and requests have not, or not all.
var internal = []string{
	"id", "uuid", "org_id", "organization_id", "owner_id", "user_id", "made_by", "created_by", "created_at", "updated_at", "deleted_at", "digest", "hash",
	"password_hash", "pepper_id", "sealed", "value", "state", "account_role_id", "built_in", "version", "permissions", "is_admin", "admin", "role_id", "__proto__", "",
}

// members are those of a request.
func members(t reflect.Type) (names []string, fields map[string]reflect.StructField) {
	fields = map[string]reflect.StructField{}
	if t.Kind() != reflect.Struct {
		return nil, nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names, fields[name] = append(names, name), f
		}
	}
	return names, fields
}

// strict are the routes that take a JSON object of ours, each with who may send it.
func strict(s *stage, do func(route rest.Route, as testkit.Credential, what string)) {
	admin, agent, key := s.Session(s.Admin), s.AgentKey(s.X), s.keys["global"]
	own, _ := s.Key(s.Admin, s.X, api.Admin, "of its own")
	_, device := s.Device(s.X, "strict-1")
	ids := strings.NewReplacer(":org", strconv.FormatInt(int64(s.X), 10), ":id", strconv.FormatInt(int64(own), 10))
	for _, route := range s.Router.Routes {
		if route.Do.In == reflect.TypeFor[rest.None]() || route.Do.Lenient || route.Do.Form || route.Do.Rules() {
			continue
		}
		as := admin
		kinds := route.Guard.Kinds()
		switch {
		case route.Guard.Public():
			as = nil
		case route.Path == api.PathAgentEnroll:
			as = agent
		case slices.Contains(kinds, api.CallerAgent):
			as = device
		case !slices.Contains(kinds, api.CallerSession):
			as = key
		}
		do(route, as, route.Method+" "+ids.Replace(route.Path))
	}
}

// Of every door: a member that it does not know, one that came twice, in whatever
// spelling, and one in another case are refused, and nothing is changed.
func TestP44EveryBodyIsReadStrictly(t *testing.T) {
	s := newStage(t)
	sent, doors := 0, 0
	strict(s, func(route rest.Route, as testkit.Credential, what string) {
		doors++
		names, _ := members(route.Do.In)
		if len(names) == 0 {
			t.Errorf("%s takes %v", what, route.Do.In)
		}
		refused := func(body string) {
			t.Helper()
			sent++
			before := s.DB.Epoch()
			if got := s.Send(as, what, body); got.Status != 400 || got.Code() != "bad_request" {
				t.Errorf("%s %s: %d %s", what, body, got.Status, got.Body)
			}
			if s.DB.Epoch() != before {
				t.Errorf("%s %s changed something", what, body)
			}
		}
		whole := strings.TrimSuffix(strings.ReplaceAll(bodies[route.Method+" "+route.Path], "NAME", "strict"), "}")
		if whole == "" {
			whole = "{"
		}
		for _, name := range internal {
			if slices.Contains(names, name) {
				continue
			}
			comma := ","
			if whole == "{" {
				comma = ""
			}
			refused(whole + comma + `"` + name + `":1}`)
			refused(strings.Replace(whole, "{", `{"`+name+`":null`+comma, 1) + "}")
		}
		for _, name := range names {
			refused(`{"` + name + `":null,"` + name + `":null}`)
			refused(fmt.Sprintf(`{"%s":null,"\u%04x%s":null}`, name, name[0], name[1:]))
			refused(`{"` + strings.ToUpper(name) + `":null}`)
			refused(`{"` + strings.ToUpper(name[:1]) + name[1:] + `":null}`)
			refused(`{"` + name + ` ":null}`)
		}
	})
	if doors < 20 {
		t.Errorf("only %d doors take a body", doors)
	}
	size.Ran(t, sent, "bodies")
}

// Doors for other people's clients ignore members that they do not know; what can be read
// in two ways they refuse like all others.
func TestP44LenientDoorsRefuseTwoReadings(t *testing.T) {
	s := newStage(t)
	sent := 0
	for _, route := range s.Router.Routes {
		if !route.Do.Lenient || route.Do.Form || route.Do.In == reflect.TypeFor[rest.None]() {
			continue
		}
		names, _ := members(route.Do.In)
		what := route.Method + " " + s.path(route.Path)
		for _, name := range names {
			for _, body := range []string{
				`{"` + name + `":null,"` + name + `":null}`,
				fmt.Sprintf(`{"%s":null,"\u%04x%s":null}`, name, name[0], name[1:]),
				`{"id":1,"id":2}`, `[]`, `null`, `{"` + name + `":`,
			} {
				sent++
				before := s.DB.Epoch()
				if got := s.Send(s.keys["global"], what, body); got.Status != 400 || s.DB.Epoch() != before {
					t.Errorf("%s %s: %d %s", what, body, got.Status, got.Body)
				}
			}
		}
	}
	size.Ran(t, sent, "bodies")
}

// Of every door: numbers at and beyond the edges, in bodies, paths and queries, are
// refused or bounded, and never an error of ours.
func TestP47NumbersAreBounded(t *testing.T) {
	s := newStage(t)
	beyond := []string{"9223372036854775807", "-9223372036854775808", "9223372036854775808", "-1", "1e309", "9007199254740993", "1.5", `"12"`, `"１２"`, "１２", "0x10", "NaN", "true"}
	sent := 0
	strict(s, func(route rest.Route, as testkit.Credential, what string) {
		names, fields := members(route.Do.In)
		for _, name := range names {
			kind := fields[name].Type
			for kind.Kind() == reflect.Pointer {
				kind = kind.Elem()
			}
			if !kind.ConvertibleTo(reflect.TypeFor[int64]()) {
				continue
			}
			for _, number := range append(beyond, "-0") {
				sent++
				got := s.Send(as, what, `{"`+name+`":`+number+`}`)
				if got.Status >= 500 || got.Status < 400 && number != "-0" {
					t.Errorf("%s %s=%s: %d %s", what, name, number, got.Status, got.Body)
				}
			}
		}
		for _, name := range names {
			if fields[name].Type == reflect.TypeFor[api.Secret]() || route.Method == rest.Delete {
				continue // a date is a password like any other, and a name, by which X would be deleted
			}
			for _, value := range []string{"9223372036854775808", "-9223372036854775808", "1e309", "[9223372036854775807]", "[-1]", "[1e309]", `"9999-12-31T23:59:60Z"`, `"0000-00-00T00:00:00Z"`, `"+292277026596-12-04T15:30:08Z"`} {
				sent++
				if got := s.Send(as, what, `{"`+name+`":`+value+`}`); got.Status >= 500 {
					t.Errorf("%s %s=%s: %d %s", what, name, value, got.Status, got.Body)
				}
			}
		}
	})
	words := []string{"-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-0", "1e309", "9007199254740993", "%EF%BC%91%EF%BC%92", "0x10", "1_0", "NaN", "%2B1", "1%00"}
	admin := s.Session(s.Admin)
	for _, route := range s.Router.Routes {
		as := admin
		if !slices.Contains(route.Guard.Kinds(), api.CallerSession) {
			as = s.keys["global"]
		}
		for _, p := range route.Query {
			for _, word := range words {
				if p.Max == 0 || route.Do.Lenient {
					continue
				}
				sent++
				if got := s.Send(as, route.Method+" "+s.path(route.Path)+"?"+p.Name+"="+word, ""); got.Status != 400 {
					t.Errorf("%s %s?%s=%s: %d %s", route.Method, route.Path, p.Name, word, got.Status, got.Body)
				}
			}
		}
		if !strings.Contains(route.Path, ":") || route.Do.In != reflect.TypeFor[rest.None]() {
			continue
		}
		for _, word := range words {
			path := route.Path
			for part := range strings.SplitSeq(route.Path, "/") {
				if strings.HasPrefix(part, ":") {
					path = strings.Replace(path, part, word, 1)
				}
			}
			sent++
			if got := s.Send(as, route.Method+" "+path, ""); got.Status >= 500 || got.Status < 400 && !route.Do.Lenient {
				t.Errorf("%s %s: %d %s", route.Method, path, got.Status, got.Body)
			}
		}
	}
	size.Ran(t, sent, "numbers")
}

// Bombs of every kind at every door that takes a body: a small refusal, for memory in
// proportion to what was sent.
func TestP49BombsAreRefusedCheaply(t *testing.T) {
	s := newStage(t)
	const long = rest.MaxBody - 1024
	bombs := map[string]func(name string) string{
		"deep arrays": func(name string) string { return `{"` + name + `":` + strings.Repeat("[", long) },
		"deep and whole": func(name string) string {
			return `{"` + name + `":` + strings.Repeat("[", long/2) + strings.Repeat("]", long/2) + "}"
		},
		"deep objects": func(name string) string { return `{"` + name + `":` + strings.Repeat(`{"":`, long/4) },
		"many members": func(string) string {
			var b strings.Builder
			for i := 0; b.Len() < long; i++ {
				fmt.Fprintf(&b, `,"m%d":0`, i)
			}
			return "{" + b.String()[1:] + "}"
		},
		"one long text":   func(name string) string { return `{"` + name + `":"` + strings.Repeat("x", long) + `"}` },
		"one long number": func(name string) string { return `{"` + name + `":` + strings.Repeat("9", long) + `}` },
		"escapes":         func(name string) string { return `{"` + name + `":"` + strings.Repeat(`\u0041`, long/6) + `"}` },
		"blanks":          func(string) string { return strings.Repeat(" ", long) },
		"broken text":     func(name string) string { return `{"` + name + `":"` + strings.Repeat("\xed\xa0\x80", long/3) + `"}` },
	}
	sent := 0
	strict(s, func(route rest.Route, as testkit.Credential, what string) {
		names, _ := members(route.Do.In)
		if !size.Full() {
			names = names[:1]
		}
		for _, name := range names {
			for kind, bomb := range bombs {
				body := bomb(name)
				sent++
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				got := s.Send(as, what, body)
				runtime.ReadMemStats(&after)
				verdict := route.Path == api.PathVerify && got.Status == 200 // on a key that is none
				if got.Status < 400 && kind != "blanks" && !verdict || got.Status >= 500 || len(got.Body) > 4096 {
					t.Errorf("%s, %s in %s: %d with %d bytes: %.300s", what, kind, name, got.Status, len(got.Body), got.Body)
				}
				// A password that is too long is hashed like any other, in 19 MiB of its own.
				if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20+100*uint64(len(body)) {
					t.Errorf("%s, %s in %s: %d bytes took %d", what, kind, name, len(body), used)
				}
			}
		}
		if got := s.Send(append(slices.Clone(as), "Content-Encoding: gzip"), what, "{}"); got.Status != 415 {
			t.Errorf("%s compressed: %d %s", what, got.Status, got.Body)
		}
	})
	size.Ran(t, sent, "bombs")
}
