package router

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"keystead/server/rest"
	"keystead/shared/api"
)

// object is a JSON object under construction.
type object = map[string]any

// OpenAPI describes the routes in OpenAPI 3.1, made from the same list and the same
// types that serve them, so that it can't say anything else.
func (r *Router) OpenAPI() ([]byte, error) {
	s := &schemas{found: object{}}
	s.found["Problem"] = problemSchema()
	responses := object{"Problem": refused("application/problem+json", ref("Problem"))}
	for _, d := range r.dialects {
		responses[d.Name] = refused("application/json", s.of(d.Problem, true))
	}
	paths := map[string]object{}
	for _, route := range r.Routes {
		path := openPath(route.Path)
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(route.Method)] = operation(s, route, r.dialects.At(route.Path))
	}
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Keystead", "version": r.version,
			"description": "API keys and shared secrets: add, show, rotate, switch off, verify. Exactly one credential a request. Errors are RFC 9457 problem documents with a stable code.",
			"license":     object{"name": "See the project", "identifier": "LicenseRef-Keystead"},
		},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas": s.found,
			"securitySchemes": object{
				"session": object{"type": "apiKey", "in": "cookie", "name": "__Host-keystead", "description": "A signed-in browser. Unsafe requests must be same-origin."},
				"bearer":  object{"type": "http", "scheme": "bearer", "description": "An API key or an access token."},
				"key":     object{"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
				"agent":   object{"type": "http", "scheme": "bearer", "description": "An agent access key or a device token."},
			},
			"responses": responses,
		},
	})
}

func refused(media string, schema object) object {
	return object{"description": "Refused, and why.", "content": object{media: object{"schema": schema}}}
}

// openPath writes Fiber's :id as {id}.
func openPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func operation(s *schemas, route rest.Route, dialect *rest.Dialect) object {
	answer := object{"description": route.Summary + "."}
	if route.Do.Out != reflect.TypeFor[rest.None]() {
		content := object{"application/json": object{"schema": s.of(route.Do.Out, true)}}
		for _, media := range route.Do.Streams {
			content[media] = object{"schema": object{"type": "string"}}
		}
		answer["content"] = content
	}
	if len(route.Do.Says) > 0 {
		headers := object{}
		for _, name := range route.Do.Says {
			headers[name] = object{"schema": object{"type": "string"}}
		}
		answer["headers"] = headers
	}
	media, refusal := "application/json", "Problem"
	if route.Do.Form {
		media = "application/x-www-form-urlencoded"
	}
	if dialect != nil {
		refusal = dialect.Name
	}
	responses := object{strconv.Itoa(route.Do.Status): answer}
	if route.Do.Rules() { // its refusals are statuses and headers, with nothing to read
		for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
			responses[strconv.Itoa(status)] = object{"description": "Refused: " + http.StatusText(status) + ".", "headers": answer["headers"]}
		}
	} else {
		responses["default"] = object{"$ref": "#/components/responses/" + refusal}
	}
	op := object{
		"operationId": operationID(route),
		"summary":     route.Summary,
		"tags":        []string{tag(route.Path)},
		"parameters":  parameters(route),
		"responses":   responses,
		"security":    security(route.Guard),
	}
	if text := entry(route.Guard); text != "" {
		op["description"] = text
	}
	if route.Do.In != reflect.TypeFor[rest.None]() {
		op["requestBody"] = object{
			"required": true,
			"content":  object{media: object{"schema": s.of(route.Do.In, false)}},
		}
	}
	return op
}

// operationID is the method and the path's words: "post_v1_api-keys_id_reveal".
func operationID(route rest.Route) string {
	words := strings.FieldsFunc(route.Path, func(r rune) bool { return r == '/' || r == ':' || r == '.' })
	return strings.ToLower(route.Method) + "_" + strings.Join(words, "_")
}

// tag is the first word of the path that says what it is about.
func tag(path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	words = slices.DeleteFunc(words, func(w string) bool { return w == "v1" || strings.HasPrefix(w, ":") })
	if len(words) == 0 {
		return "operation"
	}
	return words[0]
}

func parameters(route rest.Route) []object {
	list := []object{}
	for part := range strings.SplitSeq(route.Path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			schema := object{"type": "string"}
			if slices.Contains([]string{"id", "org", "user"}, name) {
				schema = object{"type": "integer", "minimum": 1}
			}
			list = append(list, object{"name": name, "in": "path", "required": true, "schema": schema})
		}
	}
	for _, p := range route.Query {
		schema := object{"type": "string"}
		switch {
		case p.Max > 0:
			schema = object{"type": "integer", "minimum": p.Min, "maximum": p.Max}
		case p.Enum != nil:
			schema["enum"] = p.Enum
		}
		list = append(list, object{"name": p.Name, "in": "query", "description": p.Means, "schema": schema})
	}
	return list
}

func security(g rest.Guard) []object {
	list := []object{}
	if slices.Contains(g.Kinds(), api.CallerSession) {
		list = append(list, object{"session": []string{}})
	}
	if slices.Contains(g.Kinds(), api.CallerKey) || slices.Contains(g.Kinds(), api.CallerToken) {
		list = append(list, object{"bearer": []string{}}, object{"key": []string{}})
	}
	if slices.Contains(g.Kinds(), api.CallerAgent) {
		list = append(list, object{"agent": []string{}})
	}
	return list
}

// entry says in words who may enter.
func entry(g rest.Guard) string {
	var says []string
	if p := g.Permission(); p != "" {
		says = append(says, fmt.Sprintf("Takes the permission %s.", p))
	}
	if g.AsksElevation() {
		says = append(says, "A session needs a fresh proof of identity (403 elevation_required).")
	}
	return strings.Join(says, " ")
}

// schemas collects the named types on the way.
type schemas struct{ found object }

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// of is the schema of a type. In an answer every member is there; in a request only
// those marked required.
func (s *schemas) of(t reflect.Type, answer bool) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[rest.Document]():
		return object{"type": "object"}
	case t == reflect.TypeFor[api.Secret]():
		return object{"type": "string"}
	case strings.HasPrefix(t.Name(), "Maybe["):
		return orNull(s.of(t.Field(1).Type.Elem(), answer))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNull(s.of(t.Elem(), answer))
	case reflect.Map: // of whatever the one who wrote it had to say
		return object{"type": "object"}
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem(), answer)}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Struct:
		return s.named(t, answer)
	}
	panic(fmt.Sprintf("openapi: %s has no schema", t))
}

func orNull(schema object) object {
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []string{kind, "null"}
		return schema
	}
	return object{"anyOf": []object{schema, {"type": "null"}}}
}

func (s *schemas) named(t reflect.Type, answer bool) object {
	name := typeName(t)
	if _, ok := s.found[name]; ok {
		return ref(name)
	}
	schema := object{"type": "object", "additionalProperties": false}
	s.found[name] = schema // before its members: a type may hold itself
	properties, required := object{}, []string{}
	for _, field := range reflect.VisibleFields(t) {
		if field.Anonymous || !field.IsExported() {
			continue // its members are ours; nobody is told
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := s.of(field.Type, answer)
		bounds(property, field.Tag)
		properties[name] = property
		if field.Tag.Get("required") == "true" || answer && options == "" {
			required = append(required, name)
		}
	}
	schema["properties"] = properties
	if len(required) > 0 {
		schema["required"] = required
	}
	return ref(name)
}

// typeName is the type's name, "PageOfKey" for Page[Key]. Other people's shapes carry
// the name of whose they are: "AutomoxKey".
func typeName(t reflect.Type) string {
	name, inner, generic := strings.Cut(t.Name(), "[")
	if _, whose, ok := strings.Cut(t.PkgPath(), "/compat/"); ok {
		name = strings.ToUpper(whose[:1]) + whose[1:] + name
	}
	if !generic {
		return name
	}
	inner = strings.TrimSuffix(inner, "]")
	return name + "Of" + inner[strings.LastIndexByte(inner, '.')+1:]
}

// bounds takes enum and number bounds over from the tags.
func bounds(schema object, tag reflect.StructTag) {
	if list := tag.Get("enum"); list != "" {
		values := []any{}
		for v := range strings.SplitSeq(list, ",") {
			values = append(values, v)
		}
		if _, nullable := schema["type"].([]string); nullable {
			values = append(values, nil)
		}
		schema["enum"] = values
	}
	for _, bound := range []string{"minimum", "maximum", "minItems", "maxItems"} {
		if n, err := strconv.Atoi(tag.Get(bound)); err == nil {
			schema[bound] = n
		}
	}
}

func problemSchema() object {
	text := object{"type": "string"}
	return object{
		"type": "object", "additionalProperties": false,
		"properties": object{
			"type": text, "title": text, "detail": text, "code": text, "field": text, "request_id": text,
			"status": object{"type": "integer", "minimum": http.StatusBadRequest},
		},
		"required": []string{"type", "title", "status", "detail", "code", "request_id"},
	}
}
